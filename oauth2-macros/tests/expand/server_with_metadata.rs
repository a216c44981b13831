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
                _ => __rt::silent(),
            }
        }
    }
    impl __rt::ClientAuthentication for Auth {
        const METHODS: &'static [__rt::Method<Self>] = &[
            ::oauth2_runtime::client_auth::client_secret_basic(),
        ];
    }
    impl __rt::Dispatch for Auth {
        const GRANTS: &'static [__rt::GrantProperties] = &[
            <Robots as __rt::Grant>::PROPERTIES,
        ];
        type Extensions = ();
        fn handler(grant_type: &str) -> __rt::Found<Self> {
            match grant_type {
                <Robots as __rt::Grant>::GRANT_TYPE => {
                    __rt::Handler::<Self>::of::<Robots>()
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
            relaxed: &[],
            sign_in: __rt::SignInBy::Nothing,
            schema: __rt::Schema::Managed,
            purge: true,
            endpoints: &[],
        };
        fn describe(&self, metadata: &mut __rt::ServerMetadata) {
            metadata.service_documentation = __rt::Some(
                __rt::text("https://id.example/docs"),
            );
            metadata.op_policy_uri = __rt::Some(__rt::text("https://id.example/policy"));
            metadata.op_tos_uri = __rt::Some(__rt::text("https://id.example/terms"));
            metadata.ui_locales_supported = ["en", "de-AT"].to_vec();
            metadata.add("acme_region", { self.region.clone() });
            metadata.add("acme_tiers", { ["a", "b"] });
        }
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
    grants::<Robots, { GRANTS[0] != 0 }, { GRANTS[1] != 0 }, { GRANTS[2] != 0 }>();
    people::<Robots, { PEOPLE[0] != 0 }, { PEOPLE[1] != 0 }, { PEOPLE[2] != 0 }>();
    profile::<Robots, { PROFILE[0] != 0 }, { PROFILE[1] != 0 }>();
    client_auth::<Robots, { CLIENT_AUTH[0] != 0 }>();
    token_model::<Robots, { TOKEN_MODEL[0] != 0 }, { TOKEN_MODEL[1] != 0 }>();
};
