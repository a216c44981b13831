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
        const SPEC: __rt::ServerSpec<Self> = __rt::ServerSpec {
            scopes: __rt::Probe::<Access>::SCOPES,
            token: __rt::Probe::<AppToken>::CAPABILITIES,
            profile: __rt::Profile::OAuth21,
            relaxed: &[],
            sign_in: __rt::SignInBy::Password,
            schema: __rt::Schema::Managed,
            purge: true,
            endpoints: &[
                __rt::Mount::<Self>::of::<A>(),
                __rt::Mount::<Self>::of::<B>(),
                __rt::Mount::<Self>::of::<C>(),
                __rt::Mount::<Self>::of::<D>(),
                __rt::Mount::<Self>::of::<E>(),
                __rt::Mount::<Self>::of::<F>(),
                __rt::Mount::<Self>::of::<G>(),
                __rt::Mount::<Self>::of::<H>(),
            ],
        };
    }
    const FACTS: __rt::Facts = <Auth as __rt::DeclaredServer>::SPEC.facts();
    const GRANTS: [usize; 3] = __rt::rules::in_grants(&FACTS);
    const fn grants<G: __rt::Grant, const OK0: bool, const OK1: bool, const OK2: bool>()
    where
        G::Declared: __rt::rules::RefreshTokensIssued<G, Auth, OK0>,
        G::Declared: __rt::rules::RefreshTokensRedeemed<G, Auth, OK1>,
        G::Declared: __rt::rules::GrantScopes<G, Auth, OK2>,
    {}
    const PEOPLE: [usize; 3] = __rt::rules::in_people(&FACTS);
    const fn people<G: __rt::Grant, const OK0: bool, const OK1: bool, const OK2: bool>()
    where
        G::Declared: __rt::rules::SignIn<G, Auth, OK0>,
        G::Declared: __rt::rules::Pkce<G, Auth, OK1>,
        G::Declared: __rt::rules::PasswordsChecked<G, Auth, OK2>,
    {}
    const PROFILE: [usize; 2] = __rt::rules::in_profile(&FACTS);
    const fn profile<G: __rt::Grant, const OK0: bool, const OK1: bool>()
    where
        G::Declared: __rt::rules::ImplicitGrant<G, Auth, OK0>,
        G::Declared: __rt::rules::PasswordGrant<G, Auth, OK1>,
    {}
    const CLIENT_AUTH: [usize; 1] = __rt::rules::in_client_auth(&FACTS);
    const fn client_auth<G: __rt::Grant, const OK0: bool>()
    where
        G::Declared: __rt::rules::RefreshTokenRotation<G, Auth, OK0>,
    {}
    const TOKEN_MODEL: [usize; 2] = __rt::rules::in_token_model(&FACTS);
    const fn token_model<G: __rt::Grant, const OK0: bool, const OK1: bool>()
    where
        G::Declared: __rt::rules::RefreshTokenColumn<
            G,
            <Auth as __rt::Models>::Token,
            OK0,
        >,
        G::Declared: __rt::rules::GrantIdColumn<G, <Auth as __rt::Models>::Token, OK1>,
    {}
    const ENDPOINTS: [usize; 3] = __rt::rules::in_endpoints::<Auth>();
    const fn endpoints<const OK0: bool, const OK1: bool, const OK2: bool>()
    where
        Auth: __rt::rules::DistinctPaths<Auth, OK0>,
        Auth: __rt::rules::EndpointInUse<Auth, OK1>,
        Auth: __rt::rules::RevocationCascade<Auth, OK2>,
    {}
    const PAIRS: usize = __rt::rules::distinct_grant_types::violated(&FACTS);
    const fn already_answered_by_WebSignIn<G: __rt::Grant, const OK0: bool>()
    where
        G::Declared: __rt::rules::DistinctGrantTypes<G, WebSignIn, OK0>,
    {}
    const fn already_answered_by_StaySignedIn<G: __rt::Grant, const OK0: bool>()
    where
        G::Declared: __rt::rules::DistinctGrantTypes<G, StaySignedIn, OK0>,
    {}
    const fn already_answered_by_Robots<G: __rt::Grant, const OK0: bool>()
    where
        G::Declared: __rt::rules::DistinctGrantTypes<G, Robots, OK0>,
    {}
    const fn already_answered_by_SmsCode<G: __rt::Grant, const OK0: bool>()
    where
        G::Declared: __rt::rules::DistinctGrantTypes<G, SmsCode, OK0>,
    {}
    grants::<WebSignIn, { GRANTS[0] != 0 }, { GRANTS[1] != 0 }, { GRANTS[2] != 0 }>();
    grants::<StaySignedIn, { GRANTS[0] != 1 }, { GRANTS[1] != 1 }, { GRANTS[2] != 1 }>();
    grants::<Robots, { GRANTS[0] != 2 }, { GRANTS[1] != 2 }, { GRANTS[2] != 2 }>();
    grants::<SmsCode, { GRANTS[0] != 3 }, { GRANTS[1] != 3 }, { GRANTS[2] != 3 }>();
    grants::<Exchange, { GRANTS[0] != 4 }, { GRANTS[1] != 4 }, { GRANTS[2] != 4 }>();
    people::<WebSignIn, { PEOPLE[0] != 0 }, { PEOPLE[1] != 0 }, { PEOPLE[2] != 0 }>();
    people::<StaySignedIn, { PEOPLE[0] != 1 }, { PEOPLE[1] != 1 }, { PEOPLE[2] != 1 }>();
    people::<Robots, { PEOPLE[0] != 2 }, { PEOPLE[1] != 2 }, { PEOPLE[2] != 2 }>();
    people::<SmsCode, { PEOPLE[0] != 3 }, { PEOPLE[1] != 3 }, { PEOPLE[2] != 3 }>();
    people::<Exchange, { PEOPLE[0] != 4 }, { PEOPLE[1] != 4 }, { PEOPLE[2] != 4 }>();
    profile::<WebSignIn, { PROFILE[0] != 0 }, { PROFILE[1] != 0 }>();
    profile::<StaySignedIn, { PROFILE[0] != 1 }, { PROFILE[1] != 1 }>();
    profile::<Robots, { PROFILE[0] != 2 }, { PROFILE[1] != 2 }>();
    profile::<SmsCode, { PROFILE[0] != 3 }, { PROFILE[1] != 3 }>();
    profile::<Exchange, { PROFILE[0] != 4 }, { PROFILE[1] != 4 }>();
    client_auth::<WebSignIn, { CLIENT_AUTH[0] != 0 }>();
    client_auth::<StaySignedIn, { CLIENT_AUTH[0] != 1 }>();
    client_auth::<Robots, { CLIENT_AUTH[0] != 2 }>();
    client_auth::<SmsCode, { CLIENT_AUTH[0] != 3 }>();
    client_auth::<Exchange, { CLIENT_AUTH[0] != 4 }>();
    token_model::<WebSignIn, { TOKEN_MODEL[0] != 0 }, { TOKEN_MODEL[1] != 0 }>();
    token_model::<StaySignedIn, { TOKEN_MODEL[0] != 1 }, { TOKEN_MODEL[1] != 1 }>();
    token_model::<Robots, { TOKEN_MODEL[0] != 2 }, { TOKEN_MODEL[1] != 2 }>();
    token_model::<SmsCode, { TOKEN_MODEL[0] != 3 }, { TOKEN_MODEL[1] != 3 }>();
    token_model::<Exchange, { TOKEN_MODEL[0] != 4 }, { TOKEN_MODEL[1] != 4 }>();
    endpoints::<{ ENDPOINTS[0] != 0 }, { ENDPOINTS[1] != 0 }, { ENDPOINTS[2] != 0 }>();
    endpoints::<{ ENDPOINTS[0] != 1 }, { ENDPOINTS[1] != 1 }, { ENDPOINTS[2] != 1 }>();
    endpoints::<{ ENDPOINTS[0] != 2 }, { ENDPOINTS[1] != 2 }, { ENDPOINTS[2] != 2 }>();
    endpoints::<{ ENDPOINTS[0] != 3 }, { ENDPOINTS[1] != 3 }, { ENDPOINTS[2] != 3 }>();
    endpoints::<{ ENDPOINTS[0] != 4 }, { ENDPOINTS[1] != 4 }, { ENDPOINTS[2] != 4 }>();
    endpoints::<{ ENDPOINTS[0] != 5 }, { ENDPOINTS[1] != 5 }, { ENDPOINTS[2] != 5 }>();
    endpoints::<{ ENDPOINTS[0] != 6 }, { ENDPOINTS[1] != 6 }, { ENDPOINTS[2] != 6 }>();
    endpoints::<{ ENDPOINTS[0] != 7 }, { ENDPOINTS[1] != 7 }, { ENDPOINTS[2] != 7 }>();
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
};
