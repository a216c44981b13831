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
        const SPEC: __rt::ServerSpec = __rt::ServerSpec {
            scopes: __rt::Probe::<Access>::SCOPES,
            client: __rt::Probe::<<Self as __rt::Models>::Client>::CLIENT,
            token: __rt::Probe::<<Self as __rt::Models>::Token>::TOKEN,
            profile: __rt::Profile::OAuth21,
            relaxed: &[],
            sign_in: __rt::SignInBy::Nothing,
            schema: __rt::Schema::Managed,
            purge: true,
        };
        const ENDPOINTS: &'static [__rt::Mount<Self>] = &[];
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
    const FACTS: __rt::Facts = __rt::rules::facts::<Auth>();
    const GRANTS: [u8; 1] = __rt::rules::over_grants::<Auth, 1>(&FACTS);
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
    const CLIENT_METHODS: [u8; 1] = __rt::rules::over_client_methods::<Auth, 1>(&FACTS);
    const fn client_methods<G: __rt::Grant, const BROKEN: u8>()
    where
        G::Declared: __rt::rules::RefreshTokenRotation<G, Auth, BROKEN>
            + __rt::rules::PkceOfPublicClients<G, Auth, BROKEN>
            + __rt::rules::ConfidentialClients<G, Auth, BROKEN>,
    {}
    const fn scopes<S: __rt::rules::IdTokens<OK>, const OK: bool>() {}
    const PAIRS: usize = __rt::rules::distinct_grant_types::violated(&FACTS);
    grants::<Robots, { GRANTS[0] }>();
    client_methods::<Robots, { CLIENT_METHODS[0] }>();
    scopes::<Auth, { __rt::rules::id_tokens::kept(&FACTS) }>();
    const WARNINGS: [u8; 1] = __rt::rules::over_warnings::<Auth, 1>(&FACTS);
    __rt::rules::Warning::<{ WARNINGS[0] }>::declared();
};
