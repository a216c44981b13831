struct Auth {
    db: SqlStore<Sqlite>,
    #[serde(skip)]
    other: u8,
}
#[allow(nonstandard_style, unused, unreachable_pub, clippy::all, clippy::pedantic)]
const _: () = {
    use ::oauth2_runtime::__private::{self as __rt, Unknown as _};
    impl __rt::Models for Auth {
        type Scopes = Access;
        type Client = App;
        type Token = AppToken;
        type Code = __rt::Code<Access>;
        const EXTENT: __rt::Extent = __rt::Extent::of(<Self as __rt::Dispatch>::GRANTS);
    }
    impl __rt::OAuth2Server for Auth {
        type Store = SqlStore<Sqlite>;
        fn store(&self) -> &Self::Store {
            &self.db
        }
        fn issuer(&self) -> __rt::Issuer {
            __rt::Ok(__rt::text("https://id.example"))
        }
        fn signal<'a>(&'a self, event: __rt::Event<'a>) -> __rt::BoxFuture<'a, ()> {
            match event {
                __rt::Event::token_issued(event) => __rt::emit(audit, self, event),
                __rt::Event::token_revoked(event) => __rt::emit(audit, self, event),
                _ => __rt::silent(),
            }
        }
        fn sign_in<'a>(
            &'a self,
            credentials: &'a __rt::Credentials,
        ) -> __rt::SignedIn<'a> {
            ::oauth2_runtime::sign_in::password(check_password, self, credentials)
        }
    }
    impl __rt::ClientAuthentication for Auth {
        const METHODS: &'static [__rt::Method<Self>] = &[
            ::oauth2_runtime::client_auth::none(),
            ::oauth2_runtime::client_auth::client_secret_basic(),
        ];
    }
    impl __rt::Dispatch for Auth {
        const GRANTS: &'static [__rt::GrantProperties] = &[
            <WebSignIn as __rt::Grant>::PROPERTIES,
            <StaySignedIn as __rt::Grant>::PROPERTIES,
            <Robots as __rt::Grant>::PROPERTIES,
            <SmsCode as __rt::Grant>::PROPERTIES,
            <Exchange as __rt::Grant>::PROPERTIES,
        ];
        type Extensions = ();
        fn handler(grant_type: &str) -> __rt::Found<Self> {
            match grant_type {
                <WebSignIn as __rt::Grant>::GRANT_TYPE => {
                    __rt::Handler::<Self>::of::<WebSignIn>()
                }
                <StaySignedIn as __rt::Grant>::GRANT_TYPE => {
                    __rt::Handler::<Self>::of::<StaySignedIn>()
                }
                <Robots as __rt::Grant>::GRANT_TYPE => {
                    __rt::Handler::<Self>::of::<Robots>()
                }
                <SmsCode as __rt::Grant>::GRANT_TYPE => {
                    __rt::Handler::<Self>::of::<SmsCode>()
                }
                <Exchange as __rt::Grant>::GRANT_TYPE => {
                    __rt::Handler::<Self>::of::<Exchange>()
                }
                _ => __rt::None,
            }
        }
    }
    impl __rt::DeclaredServer for Auth {
        const SPEC: __rt::ServerSpec = __rt::ServerSpec {
            scopes: __rt::Probe::<Access>::SCOPES,
            client: __rt::Probe::<App>::CLIENT,
            token: __rt::Probe::<AppToken>::TOKEN,
            profile: __rt::Profile::OAuth21,
            relaxed: &[],
            sign_in: __rt::SignInBy::Password,
            schema: __rt::Schema::Managed,
            purge: true,
        };
        const ENDPOINTS: &'static [__rt::Mount<Self>] = &[
            __rt::Mount::<Self>::of::<A>(),
            __rt::Mount::<Self>::of::<B>(),
            __rt::Mount::<Self>::of::<C>(),
            __rt::Mount::<Self>::of::<D>(),
            __rt::Mount::<Self>::of::<E>(),
            __rt::Mount::<Self>::of::<F>(),
            __rt::Mount::<Self>::of::<G>(),
            __rt::Mount::<Self>::of::<H>(),
        ];
    }
    const FACTS: __rt::Facts = __rt::rules::facts::<Auth>();
    const GRANTS: [u8; 5] = __rt::rules::over_grants::<Auth, 5>(&FACTS);
    const fn grants<G: __rt::Grant, const BROKEN: u8>()
    where
        G::Declared: __rt::rules::RefreshTokensIssued<G, Auth, BROKEN>
            + __rt::rules::RefreshTokensRedeemed<G, Auth, BROKEN>
            + __rt::rules::GrantScopes<G, Auth, BROKEN>
            + __rt::rules::SignIn<G, Auth, BROKEN>
            + __rt::rules::PasswordsChecked<G, Auth, BROKEN>
            + __rt::rules::AccessTokenOutlivesRefreshToken<G, Auth, BROKEN>
            + __rt::rules::RefreshTokenRetryWindow<G, Auth, BROKEN>,
        G::Declared: __rt::rules::ImplicitGrant<G, Auth, BROKEN>
            + __rt::rules::PasswordGrant<G, Auth, BROKEN>
            + __rt::rules::Pkce<G, Auth, BROKEN>,
        G::Declared: __rt::rules::RedirectUrisColumn<
                G,
                <Auth as __rt::Models>::Client,
                BROKEN,
            > + __rt::rules::GrantTypesColumn<G, <Auth as __rt::Models>::Client, BROKEN>,
        G::Declared: __rt::rules::RefreshTokenColumn<
                G,
                <Auth as __rt::Models>::Token,
                BROKEN,
            > + __rt::rules::GrantIdColumn<G, <Auth as __rt::Models>::Token, BROKEN>,
    {}
    const CLIENT_METHODS: [u8; 5] = __rt::rules::over_client_methods::<Auth, 5>(&FACTS);
    const fn client_methods<G: __rt::Grant, const BROKEN: u8>()
    where
        G::Declared: __rt::rules::RefreshTokenRotation<G, Auth, BROKEN>
            + __rt::rules::PkceOfPublicClients<G, Auth, BROKEN>
            + __rt::rules::ConfidentialClients<G, Auth, BROKEN>,
    {}
    const ENDPOINTS: [u8; 8] = __rt::rules::over_endpoints::<Auth, 8>(&FACTS);
    const fn endpoints<const BROKEN: u8>()
    where
        Auth: __rt::rules::DistinctPaths<Auth, BROKEN>
            + __rt::rules::EndpointInUse<Auth, BROKEN>
            + __rt::rules::RevocationCascade<Auth, BROKEN>
            + __rt::rules::IntrospectionAuthentication<Auth, BROKEN>,
    {}
    const fn signals<S: __rt::rules::SignalCanOccur<OK>, const OK: bool>() {}
    const fn scopes<S: __rt::rules::IdTokens<OK>, const OK: bool>() {}
    const PAIRS: usize = __rt::rules::distinct_grant_types::violated(&FACTS);
    const fn already_answered_by_WebSignIn<G: __rt::Grant, const OK: bool>()
    where
        G::Declared: __rt::rules::DistinctGrantTypes<G, WebSignIn, OK>,
    {}
    const fn already_answered_by_StaySignedIn<G: __rt::Grant, const OK: bool>()
    where
        G::Declared: __rt::rules::DistinctGrantTypes<G, StaySignedIn, OK>,
    {}
    const fn already_answered_by_Robots<G: __rt::Grant, const OK: bool>()
    where
        G::Declared: __rt::rules::DistinctGrantTypes<G, Robots, OK>,
    {}
    const fn already_answered_by_SmsCode<G: __rt::Grant, const OK: bool>()
    where
        G::Declared: __rt::rules::DistinctGrantTypes<G, SmsCode, OK>,
    {}
    grants::<WebSignIn, { GRANTS[0] }>();
    grants::<StaySignedIn, { GRANTS[1] }>();
    grants::<Robots, { GRANTS[2] }>();
    grants::<SmsCode, { GRANTS[3] }>();
    grants::<Exchange, { GRANTS[4] }>();
    client_methods::<WebSignIn, { CLIENT_METHODS[0] }>();
    client_methods::<StaySignedIn, { CLIENT_METHODS[1] }>();
    client_methods::<Robots, { CLIENT_METHODS[2] }>();
    client_methods::<SmsCode, { CLIENT_METHODS[3] }>();
    client_methods::<Exchange, { CLIENT_METHODS[4] }>();
    endpoints::<{ ENDPOINTS[0] }>();
    endpoints::<{ ENDPOINTS[1] }>();
    endpoints::<{ ENDPOINTS[2] }>();
    endpoints::<{ ENDPOINTS[3] }>();
    endpoints::<{ ENDPOINTS[4] }>();
    endpoints::<{ ENDPOINTS[5] }>();
    endpoints::<{ ENDPOINTS[6] }>();
    endpoints::<{ ENDPOINTS[7] }>();
    signals::<Auth, { __rt::rules::signal_can_occur::kept(&FACTS, "token_issued") }>();
    signals::<Auth, { __rt::rules::signal_can_occur::kept(&FACTS, "token_revoked") }>();
    scopes::<Auth, { __rt::rules::id_tokens::kept(&FACTS) }>();
    already_answered_by_WebSignIn::<StaySignedIn, { PAIRS != 0 }>();
    already_answered_by_WebSignIn::<Robots, { PAIRS != 1 }>();
    already_answered_by_WebSignIn::<SmsCode, { PAIRS != 2 }>();
    already_answered_by_WebSignIn::<Exchange, { PAIRS != 3 }>();
    already_answered_by_StaySignedIn::<Robots, { PAIRS != 4 }>();
    already_answered_by_StaySignedIn::<SmsCode, { PAIRS != 5 }>();
    already_answered_by_StaySignedIn::<Exchange, { PAIRS != 6 }>();
    already_answered_by_Robots::<SmsCode, { PAIRS != 7 }>();
    already_answered_by_Robots::<Exchange, { PAIRS != 8 }>();
    already_answered_by_SmsCode::<Exchange, { PAIRS != 9 }>();
    const WARNINGS: [u8; 5] = __rt::rules::over_warnings::<Auth, 5>(&FACTS);
    __rt::rules::Warning::<{ WARNINGS[0] }>::declared();
    __rt::rules::Warning::<{ WARNINGS[1] }>::declared();
    __rt::rules::Warning::<{ WARNINGS[2] }>::declared();
    __rt::rules::Warning::<{ WARNINGS[3] }>::declared();
    __rt::rules::Warning::<{ WARNINGS[4] }>::declared();
};
