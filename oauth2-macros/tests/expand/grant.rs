struct Robots;
#[allow(nonstandard_style, unused, unreachable_pub, clippy::all, clippy::pedantic)]
const _: () = {
    use ::oauth2_runtime::__private::{self as __rt, Unknown as _};
    use ::oauth2_runtime::grant::client_credentials as __kind;
    pub struct client_credentials;
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __rt::Grant for Robots {
        type Kind = __kind::Kind;
        type Spec = __kind::Spec;
        type Declared = client_credentials;
        type Extensions = ();
        const SPEC: __kind::Spec = __kind::Spec::access_token_ttl(
            __kind::grant(),
            ::core::time::Duration::from_secs(600u64),
        );
        const PROPERTIES: __rt::GrantProperties = __kind::Spec::properties(Self::SPEC)
            .scopes(&[Access::ReadPhotos.__scope()]);
        fn parse(_: &__rt::Form) -> __rt::OAuthResult<Self> {
            ::core::result::Result::Ok(Self {})
        }
    }
};
