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
        const ASKS_SUBJECTS: bool = true;
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
        const SPEC: __rt::ServerSpec = __rt::ServerSpec {
            scopes: __rt::Probe::<Access>::SCOPES,
            client: __rt::Probe::<<Self as __rt::Models>::Client>::CLIENT,
            token: __rt::Probe::<<Self as __rt::Models>::Token>::TOKEN,
            profile: __rt::Profile::OAuth21,
            relaxed: &[
                __rt::relaxable::refresh_token_rotation(
                    "kiosks cannot store what is new",
                ),
            ],
            sign_in: __rt::SignInBy::Password,
            schema: __rt::Schema::External,
            purge: false,
        };
        const ENDPOINTS: &'static [__rt::Mount<Self>] = &[];
    }
    const FACTS: __rt::Facts = __rt::rules::facts::<Auth>();
    const GRANTS: [u8; 2] = __rt::rules::over_grants::<Auth, 2>(&FACTS);
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
    const CLIENT_METHODS: [u8; 2] = __rt::rules::over_client_methods::<Auth, 2>(&FACTS);
    const fn client_methods<G: __rt::Grant, const BROKEN: u8>()
    where
        G::Declared: __rt::rules::RefreshTokenRotation<G, Auth, BROKEN>
            + __rt::rules::PkceOfPublicClients<G, Auth, BROKEN>
            + __rt::rules::ConfidentialClients<G, Auth, BROKEN>,
    {}
    const fn signals<S: __rt::rules::SignalCanOccur<OK>, const OK: bool>() {}
    const fn profile<S: __rt::rules::RuleOfProfile<OK>, const OK: bool>() {}
    const fn scopes<S: __rt::rules::IdTokens<OK>, const OK: bool>() {}
    const PAIRS: usize = __rt::rules::distinct_grant_types::violated(&FACTS);
    const fn already_answered_by_Robots<G: __rt::Grant, const OK: bool>()
    where
        G::Declared: __rt::rules::DistinctGrantTypes<G, Robots, OK>,
    {}
    grants::<Robots, { GRANTS[0] }>();
    grants::<partner::Exchange, { GRANTS[1] }>();
    client_methods::<Robots, { CLIENT_METHODS[0] }>();
    client_methods::<partner::Exchange, { CLIENT_METHODS[1] }>();
    signals::<Auth, { __rt::rules::signal_can_occur::kept(&FACTS, "token_issued") }>();
    signals::<Auth, { __rt::rules::signal_can_occur::kept(&FACTS, "token_issued") }>();
    profile::<
        Auth,
        { __rt::rules::rule_of_profile::kept(&FACTS, "refresh_token_rotation") },
    >();
    scopes::<Auth, { __rt::rules::id_tokens::kept(&FACTS) }>();
    already_answered_by_Robots::<partner::Exchange, { PAIRS != 0 }>();
    const WARNINGS: [u8; 2] = __rt::rules::over_warnings::<Auth, 2>(&FACTS);
    __rt::rules::Warning::<{ WARNINGS[0] }>::declared();
    __rt::rules::Warning::<{ WARNINGS[1] }>::declared();
};
