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
        type Client = __rt::Client<Access>;
        type Token = __rt::Token<Access>;
        type Code = AppCode;
        const EXTENT: __rt::Extent = __rt::Extent::of(<Self as __rt::Dispatch>::GRANTS);
    }
    impl __rt::OAuth2Server for Auth {
        type Store = SqlStore<Sqlite>;
        fn store(&self) -> &Self::Store {
            &self.db
        }
        fn issuer(&self) -> __rt::Issuer {
            __rt::issuer_from_environment("ISSUER")
        }
        fn signal<'a>(&'a self, event: __rt::Event<'a>) -> __rt::BoxFuture<'a, ()> {
            match event {
                __rt::Event::token_issued(event) => {
                    __rt::in_order([
                        __rt::emit(audit, self, event),
                        __rt::emit(count, self, event),
                    ])
                }
                _ => __rt::silent(),
            }
        }
        const OWN_TOKENS: bool = true;
        fn generate_token<'a>(
            cx: &'a __rt::GeneratorContext<'a, Self>,
        ) -> __rt::Generated<'a> {
            let generate: fn(
                &'a __rt::GeneratorContext<'a, Self>,
            ) -> __rt::Generated<'a> = match cx.grant_type() {
                <partner::Exchange as __rt::Grant>::GRANT_TYPE => {
                    __rt::generate::<Self, partner::Signed>
                }
                _ => __rt::generate::<Self, Labelled>,
            };
            generate(cx)
        }
        fn subject_state<'a>(&'a self, subject: &'a __rt::Subject) -> __rt::State<'a> {
            __rt::subject_state(still_employed, self, subject)
        }
        fn sign_in<'a>(
            &'a self,
            credentials: &'a __rt::Credentials,
        ) -> __rt::SignedIn<'a> {
            partner::directory(ask, self, credentials)
        }
    }
    impl __rt::ClientAuthentication for Auth {
        const METHODS: &'static [__rt::Method<Self>] = &[
            ::oauth2_runtime::client_auth::client_secret_post(),
            __rt::Method::<Self>::of::<partner::Certificate>(),
        ];
    }
    impl __rt::Dispatch for Auth {
        const GRANTS: &'static [__rt::GrantProperties] = &[
            <Robots as __rt::Grant>::PROPERTIES,
            <partner::Exchange as __rt::Grant>::PROPERTIES,
        ];
        type Extensions = ();
        fn handler(grant_type: &str) -> __rt::Found<Self> {
            match grant_type {
                <Robots as __rt::Grant>::GRANT_TYPE => {
                    __rt::Handler::<Self>::of::<Robots>()
                }
                <partner::Exchange as __rt::Grant>::GRANT_TYPE => {
                    __rt::Handler::<Self>::of::<partner::Exchange>()
                }
                _ => __rt::None,
            }
        }
    }
    impl __rt::DeclaredServer for Auth {
        const SPEC: __rt::ServerSpec<Self> = __rt::ServerSpec {
            scopes: __rt::Probe::<Access>::SCOPES,
            token: __rt::Probe::<<Self as __rt::Models>::Token>::CAPABILITIES,
            profile: __rt::Profile::OAuth21,
            relaxed: &[
                __rt::relaxable::refresh_token_rotation(
                    "kiosks cannot store what is new",
                ),
            ],
            sign_in: __rt::SignInBy::Password,
            schema: __rt::Schema::External,
            purge: false,
            endpoints: &[],
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
    const PAIRS: usize = __rt::rules::distinct_grant_types::violated(&FACTS);
    const fn already_answered_by_Robots<G: __rt::Grant, const OK0: bool>()
    where
        G::Declared: __rt::rules::DistinctGrantTypes<G, Robots, OK0>,
    {}
    grants::<Robots, { GRANTS[0] != 0 }, { GRANTS[1] != 0 }, { GRANTS[2] != 0 }>();
    grants::<
        partner::Exchange,
        { GRANTS[0] != 1 },
        { GRANTS[1] != 1 },
        { GRANTS[2] != 1 },
    >();
    people::<Robots, { PEOPLE[0] != 0 }, { PEOPLE[1] != 0 }, { PEOPLE[2] != 0 }>();
    people::<
        partner::Exchange,
        { PEOPLE[0] != 1 },
        { PEOPLE[1] != 1 },
        { PEOPLE[2] != 1 },
    >();
    profile::<Robots, { PROFILE[0] != 0 }, { PROFILE[1] != 0 }>();
    profile::<partner::Exchange, { PROFILE[0] != 1 }, { PROFILE[1] != 1 }>();
    client_auth::<Robots, { CLIENT_AUTH[0] != 0 }>();
    client_auth::<partner::Exchange, { CLIENT_AUTH[0] != 1 }>();
    token_model::<Robots, { TOKEN_MODEL[0] != 0 }, { TOKEN_MODEL[1] != 0 }>();
    token_model::<partner::Exchange, { TOKEN_MODEL[0] != 1 }, { TOKEN_MODEL[1] != 1 }>();
    already_answered_by_Robots::<partner::Exchange, { PAIRS != 0 }>();
};
