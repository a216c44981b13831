struct WebSignIn;
#[allow(nonstandard_style, unused, unreachable_pub, clippy::all, clippy::pedantic)]
const _: () = {
    use ::oauth2_runtime::__private::{self as __rt, Unknown as _};
    use ::oauth2_runtime::grant::authorization_code as __kind;
    pub struct authorization_code;
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __rt::Grant for WebSignIn {
        type Kind = __kind::Kind;
        type Spec = __kind::Spec;
        type Declared = authorization_code;
        type Extensions = ();
        const SPEC: __kind::Spec = __kind::Spec::pkce(
            __kind::Spec::refresh_token(
                __kind::Spec::access_token_ttl(
                    __kind::Spec::code_ttl(
                        __kind::grant(),
                        ::core::time::Duration::from_secs(60u64),
                    ),
                    ::core::time::Duration::from_secs(600u64),
                ),
            ),
            false,
        );
        const PROPERTIES: __rt::GrantProperties = __kind::Spec::properties(Self::SPEC)
            .scopes(&[Access::ReadPhotos.__scope(), Access::WritePhotos.__scope()])
            .default_scopes(&[Access::ReadPhotos.__scope()]);
        fn parse(_: &__rt::Form) -> __rt::OAuthResult<Self> {
            ::core::result::Result::Ok(Self {})
        }
    }
    const GRANT: __rt::GrantProperties = <WebSignIn as __rt::Grant>::PROPERTIES;
    const fn redeems_refresh_tokens<
        G: __rt::rules::DefaultScopesAtRefresh<OK>,
        const OK: bool,
    >() {}
    redeems_refresh_tokens::<
        WebSignIn,
        { __rt::rules::default_scopes_at_refresh::kept(&GRANT) },
    >();
    const fn scopes<G: __rt::rules::DefaultScopes<OK>, const OK: bool>() {}
    scopes::<WebSignIn, { __rt::rules::default_scopes::kept(&GRANT, 0) }>();
};
