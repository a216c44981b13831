struct Auth {
    db: SqlStore<Sqlite>,
    #[serde(skip)]
    other: u8,
}
::core::compile_error! {
    "expected `sign_in = password(function)`\n\nhelp: the function is an async one with the server and the `Credentials`; where people sign in on pages of the application write `sign_in = own_pages`"
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
            sign_in: __rt::SignInBy::Nothing,
            schema: __rt::Schema::External,
            purge: false,
            endpoints: &[],
        };
    }
};
