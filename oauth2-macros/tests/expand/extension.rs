struct SmsCode {
    phone: String,
    code: Secret<String>,
}
#[allow(nonstandard_style, unused, unreachable_pub, clippy::all, clippy::pedantic)]
const _: () = {
    use ::oauth2_runtime::__private::{self as __rt, Unknown as _};
    use ::oauth2_runtime::grant::extension as __kind;
    pub struct extension;
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __rt::Grant for SmsCode {
        type Kind = __kind::Kind;
        type Spec = __kind::Spec;
        type Declared = extension;
        type Extensions = ();
        const SPEC: __kind::Spec = __kind::Spec::refresh_token(
            __kind::grant("urn:example:grant-type:sms-code"),
        );
        const PROPERTIES: __rt::GrantProperties = __kind::Spec::properties(Self::SPEC);
        fn parse(form: &__rt::Form) -> __rt::OAuthResult<Self> {
            ::core::result::Result::Ok(Self {
                phone: <String as __rt::Param>::from_form(form, "phone")?,
                code: <Secret<String> as __rt::Param>::from_form(form, "code")?,
            })
        }
    }
};
