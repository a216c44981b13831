//! Generated code in a crate whose own names are as unhelpful as they can be. That it compiles is the test; that it
//! runs shows that the names meant were ours.

#![forbid(unsafe_code)]
#![deny(warnings, clippy::pedantic)]
#![allow(clippy::allow_attributes, reason = "which of the names warn depends on the compiler")]
#![allow(missing_docs, reason = "nobody reads the documentation of these names")]

/// Modules called like the crates that generated code needs.
pub mod declared {
    pub mod core {}
    pub mod std {}
    pub mod sqlx {}
    pub mod axum {}
    pub mod grant {}
    pub mod oauth2_runtime {}

    use ::oauth2_runtime as runtime;
    use runtime::prelude::{
        AccessToken, Authorized, Bearer, ClientId, CodeChallenge, Credentials, Digest, Error, ExtensionGrant,
        GrantContext, GrantId, OAuth2Client, OAuth2Code, OAuth2Token, OAuthError, RedirectUris, RefreshToken,
        Scope, ScopeSet, Secret, SecretHash, SqlStore, Sqlite, Subject, Timestamp, TokenIssued,
    };
    use runtime::prelude::{grant, oauth2_server, protect};
    use runtime::types::AuthorizationCode as IssuedCode;

    type Text = ::std::string::String;
    type Fallible<T, E> = ::core::result::Result<T, E>;
    type Maybe<T> = ::core::option::Option<T>;

    macro_rules! shadows {
        ($($name:ident),*) => { $(#[allow(dead_code, reason = "it only has to be in scope")] pub struct $name;)* };
    }

    // Type and value names of the prelude of Rust, of ours, and of generated code's neighbourhood.
    shadows!(
        AuthorizationCode,
        Result,
        String,
        Option,
        Box,
        Vec,
        Ok,
        Err,
        Some,
        None,
        Kind,
        Spec,
        Grant,
        Send,
        Sync,
        Clone,
        From,
        Into,
        Method,
        Form,
        Duration,
        Facts,
        Event,
        Code,
        Models,
        Extent,
        SignedIn,
        NewCode,
        CodeFields
    );

    /// Unit structs called like grant kinds and client authentication methods.
    #[allow(non_camel_case_types, dead_code, reason = "they only have to be in scope")]
    pub mod lower {
        pub struct authorization_code;
        pub struct client_credentials;
        pub struct client_secret_basic;
        pub struct none;
        pub struct password;
        pub struct pkce;
        pub struct revocation;
        pub struct sign_in;
    }
    #[allow(unused_imports, reason = "they only have to be in scope")]
    use lower::{
        authorization_code, client_credentials, client_secret_basic, none, password, pkce, revocation,
        sign_in,
    };

    #[derive(Debug, ::core::clone::Clone, Copy, PartialEq, Eq, Scope)]
    pub enum Access {
        /// Read
        #[scope("read")]
        Read,
        /// Write
        #[scope("write")]
        Write,
    }

    impl Access {
        #[must_use]
        pub fn as_str(self) -> &'static str {
            if self == Self::Read { "read" } else { "write" }
        }
    }

    #[derive(OAuth2Client)]
    pub struct App {
        #[oauth2(client_id)]
        pub r#type: ClientId,
        pub client_secret: Maybe<SecretHash>,
        pub redirect_uris: RedirectUris,
        pub scope: ScopeSet<Access>,
        pub order: Text,
    }

    #[derive(OAuth2Token)]
    pub struct AppToken {
        pub access_token: Digest<AccessToken>,
        pub refresh_token: ::core::option::Option<Digest<RefreshToken>>,
        pub grant_id: GrantId,
        pub client_id: ClientId,
        pub subject: ::core::option::Option<Subject>,
        pub scope: ScopeSet<Access>,
        pub issued_at: Timestamp,
        pub expires_at: Timestamp,
        pub revoked_at: ::core::option::Option<Timestamp>,
        #[oauth2(default = 7)]
        pub group: i64,
        pub select: Text,
    }

    #[derive(OAuth2Code)]
    pub struct AppCode {
        pub code: Digest<IssuedCode>,
        pub grant_id: GrantId,
        #[oauth2(client_id)]
        pub r#struct: ClientId,
        pub subject: Subject,
        pub scope: ScopeSet<Access>,
        pub redirect_uri: Maybe<Text>,
        pub code_challenge: Maybe<CodeChallenge>,
        pub expires_at: Timestamp,
        pub consumed_at: Maybe<Timestamp>,
        #[oauth2(default = 7)]
        pub values: i64,
        pub from: Text,
    }

    #[grant(authorization_code, code_ttl = 30s, pkce = true, refresh_token, scopes(Access::Read))]
    pub struct WebSignIn;

    #[grant(client_credentials, scopes(Access::Read))]
    pub struct Robots;

    #[grant(extension = "urn:example:pin", refresh_token, access_token_ttl = 5m)]
    pub struct Pin {
        r#type: Text,
        form: Maybe<Secret<Text>>,
    }

    #[grant(refresh_token, ttl = 1d)]
    pub struct StaySignedIn;

    impl ExtensionGrant<Auth> for Pin {
        async fn authorize(
            self,
            _: &GrantContext<'_, Auth>,
        ) -> ::core::result::Result<Authorized, OAuthError> {
            drop(self.form);
            ::core::result::Result::Ok(Authorized::subject(self.r#type))
        }
    }

    #[oauth2_server(
        issuer = "https://id.example",
        models(client = App, token = AppToken, code = AppCode),
        scopes = Access,
        grants(WebSignIn, Robots, Pin, StaySignedIn),
        endpoints(revocation, introspection),
        client_auth(none, client_secret_basic, client_secret_post),
        sign_in = password(credentials),
        purge = on,
        signals(token_issued = audit),
        metadata(
            service_documentation = "https://id.example/docs",
            ui_locales_supported("en"),
            extra(metadata = metadata(self)),
        ),
    )]
    pub struct Auth {
        #[oauth2(store)]
        pub db: SqlStore<Sqlite>,
    }

    const fn metadata(_: &Auth) -> bool {
        true
    }

    #[allow(clippy::unused_async, reason = "a handler is async")]
    async fn audit(_: &Auth, event: &TokenIssued) {
        assert_eq!(event.client_id.as_str(), "robot");
    }

    #[allow(clippy::unused_async, reason = "a check is async")]
    async fn credentials(_: &Auth, _: &Credentials) -> Fallible<Maybe<Subject>, Error> {
        ::core::result::Result::Ok(::core::option::Option::None)
    }

    #[protect(Auth, Access::Read | (Access::Write & Access::Read), when = in_the_office)]
    #[allow(clippy::unused_async, reason = "a handler is async")]
    pub async fn read(token: Bearer<Auth>) -> Text {
        token.select.clone()
    }

    fn in_the_office(_: &Bearer<Auth>, parts: &::http::request::Parts) -> bool {
        parts.uri.path() == "/read"
    }
}

#[tokio::test]
async fn a_hostile_neighbourhood_changes_nothing() {
    use oauth2_runtime::prelude::*;

    let db = SqlStore::open("sqlite::memory:").await.expect("a database in memory");
    let auth = declared::Auth { db }.ready().await.expect("the server is ready");
    let client = declared::App {
        r#type: "robot".into(),
        client_secret: None,
        redirect_uris: RedirectUris::default(),
        scope: ScopeSet::all(),
        order: "first".into(),
    };
    auth.clients().ensure(client).await.expect("the client is stored");
    let client = auth
        .clients()
        .get(&"robot".into())
        .await
        .expect("the database answers")
        .expect("the client is there");
    assert_eq!((client.r#type.as_str(), client.order.as_str()), ("robot", "first"));
    assert_eq!(client.scope.to_string(), "read write");
    let _: Router<()> =
        Router::new().route("/read", get(declared::read)).merge(auth.router()).with_state(auth);
}

/// Names that generated code uses for its own locals, raw names, one name in two modules, and a server whose parts come
/// through `macro_rules!`.
#[allow(
    unreachable_pub,
    clippy::unused_async,
    clippy::empty_structs_with_brackets,
    dead_code,
    reason = "the names only have to compile"
)]
mod awkward {
    use oauth2_runtime::prelude::*;

    #[derive(Scope)]
    pub enum Access {
        #[scope("read")]
        Read,
    }

    mod partner {
        use oauth2_runtime::prelude::*;

        #[grant(client_credentials)]
        pub struct Robots;
    }

    #[grant(extension = "urn:example:robots")]
    struct Robots {}

    #[grant(extension = "urn:example:match")]
    struct r#Match {}

    #[derive(OAuth2Code)]
    pub struct Issued {
        code: Digest<AuthorizationCode>,
        grant_id: GrantId,
        client_id: ClientId,
        subject: Subject,
        scope: ScopeSet<Access>,
        redirect_uri: Option<String>,
        code_challenge: Option<CodeChallenge>,
        expires_at: Timestamp,
        consumed_at: Option<Timestamp>,
        row: String,
        new: String,
    }

    #[grant(authorization_code)]
    struct Code {}

    async fn server(_: &Auth, _: &Credentials) -> Result<Option<Subject>, Error> {
        Ok(None)
    }

    impl ExtensionGrant<Auth> for Robots {
        async fn authorize(self, _: &GrantContext<'_, Auth>) -> Result<Authorized, OAuthError> {
            Ok(Authorized::client())
        }
    }

    impl ExtensionGrant<Auth> for r#Match {
        async fn authorize(self, _: &GrantContext<'_, Auth>) -> Result<Authorized, OAuthError> {
            Ok(Authorized::client())
        }
    }

    async fn event(_: &Auth, _: &TokenIssued) {}

    async fn subject(_: &Auth, _: &Subject) -> Result<SubjectState, Error> {
        Ok(SubjectState::Active)
    }

    fn token(_: &Bearer<Auth>, _: &http::request::Parts) -> bool {
        true
    }

    // The formatter moves an attribute in a macro further to the right each time.
    #[rustfmt::skip]
    macro_rules! declared {
        ($grant:path, $scopes:ty, $code:ty, $check:path, $handler:path) => {
            #[oauth2_server(
                issuer = "https://id.example",
                models(code = $code),
                scopes = $scopes,
                grants(Robots, $grant, r#Match, Code),
                client_auth(client_secret_basic),
                sign_in = password($check),
                subjects = subject,
                signals(token_issued = $handler),
            )]
            pub struct Auth {
                #[oauth2(store)]
                pub db: SqlStore<Sqlite>,
            }
        };
    }

    declared!(partner::Robots, Access, Issued, server, event);

    #[protect(Auth, Access::Read, when = token)]
    async fn read(token: Bearer<Auth>) -> String {
        token.client_id.to_string()
    }

    #[test]
    fn every_grant_has_its_arm() {
        use oauth2_runtime::grant::Dispatch;
        assert_eq!(<Auth as Dispatch>::GRANTS.len(), 4);
    }
}
