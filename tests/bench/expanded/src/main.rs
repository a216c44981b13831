//! A declared authorization server in one file: scopes, models, grants, people who sign in, a protected route.

use std::collections::BTreeMap;

use oauth2_runtime::prelude::*;

/// What a client may ask for. People read the comments when they are asked to agree.
enum Access {
    /// See your photos
    ReadPhotos,

    /// Upload and delete photos
    WritePhotos,
}
#[allow(nonstandard_style, unused, unreachable_pub, clippy::all, clippy::pedantic)]
const _: () = {
    use ::oauth2_runtime::__private::{self as __rt, Unknown as _};
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __rt::Scope for Access {
        const NAMES: &'static [&'static str] = &["photos:read", "photos:write"];
        const TEXTS: &'static [&'static str] = &["See your photos", "Upload and delete photos"];
        const ALL: &'static [Self] = &[Self::ReadPhotos, Self::WritePhotos];
        fn index(&self) -> usize {
            match self {
                Self::ReadPhotos => 0,
                Self::WritePhotos => 1,
            }
        }
    }
    impl Access {
        #[doc(hidden)]
        pub const fn __scope(&self) -> &'static str {
            match self {
                Self::ReadPhotos => "photos:read",
                Self::WritePhotos => "photos:write",
            }
        }
    }
    impl<__R: ::core::convert::Into<__rt::Requirement<Access>>> ::core::ops::BitAnd<__R> for Access {
        type Output = __rt::Requirement<Access>;
        fn bitand(self, other: __R) -> Self::Output {
            __rt::Requirement::One(self).and(other)
        }
    }
    impl<__R: ::core::convert::Into<__rt::Requirement<Access>>> ::core::ops::BitOr<__R> for Access {
        type Output = __rt::Requirement<Access>;
        fn bitor(self, other: __R) -> Self::Output {
            __rt::Requirement::One(self).or(other)
        }
    }
};
struct App {
    client_id: ClientId,
    client_secret: Option<SecretHash>,
    redirect_uris: RedirectUris,
    scope: ScopeSet<Access>,
    team: String,
}
#[allow(nonstandard_style, unused, unreachable_pub, clippy::all, clippy::pedantic)]
const _: () = {
    use ::oauth2_runtime::__private::{self as __rt, Unknown as _};
    #[automatically_derived]
    impl __rt::OAuth2Client for App {
        type Scopes = <ScopeSet<Access> as __rt::ScopeColumn>::Scopes;
        fn fields(&self) -> __rt::ClientFields<'_, Self::Scopes> {
            __rt::ClientFields {
                client_id: __rt::ClientIdColumn::get(&self.client_id),
                client_secret: __rt::ClientSecretColumn::get(&self.client_secret),
                redirect_uris: __rt::RedirectUrisColumn::get(&self.redirect_uris),
                grant_types: __rt::None,
                response_types: __rt::None,
                token_endpoint_auth_method: __rt::None,
                client_name: __rt::None,
                access_token_ttl: __rt::None,
                introspect: false,
                scope: __rt::ScopeColumn::get(&self.scope),
            }
        }
        const HAS_REDIRECT_URIS: bool = true;
        const HAS_GRANT_TYPES: bool = false;
    }
    #[automatically_derived]
    impl<__DB: __rt::Dialect> __rt::SqlModel<__DB> for App
    where
        ClientId: __rt::Column<__DB>,
        Option<SecretHash>: __rt::Column<__DB>,
        RedirectUris: __rt::Column<__DB>,
        ScopeSet<Access>: __rt::Column<__DB>,
        String: __rt::Column<__DB>,
    {
        const TABLE: &'static str = "app";
        fn decode(row: &__DB::Row) -> __rt::SqlResult<Self> {
            __rt::Ok(Self {
                client_id: __DB::get(row, 0)?,
                client_secret: __DB::get(row, 1)?,
                redirect_uris: __DB::get(row, 2)?,
                scope: __DB::get(row, 3)?,
                team: __DB::get(row, 4)?,
            })
        }
        fn columns<__V: __rt::Visit<__DB, Self>>(__visit: &mut __V) -> __rt::SqlResult {
            __visit.column("client_id", "client_id", |row| &row.client_id)?;
            __visit.column("client_secret", "client_secret", |row| &row.client_secret)?;
            __visit.column("redirect_uris", "redirect_uris", |row| &row.redirect_uris)?;
            __visit.column("scope", "scope", |row| &row.scope)?;
            __visit.column("team", "", |row| &row.team)?;
            __rt::Ok(())
        }
    }
};
struct AppToken {
    access_token: Digest<AccessToken>,
    refresh_token: Option<Digest<RefreshToken>>,
    grant_id: GrantId,
    client_id: ClientId,
    subject: Option<Subject>,
    scope: ScopeSet<Access>,
    issued_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
}
#[allow(nonstandard_style, unused, unreachable_pub, clippy::all, clippy::pedantic)]
const _: () = {
    use ::oauth2_runtime::__private::{self as __rt, Unknown as _};
    #[automatically_derived]
    impl __rt::OAuth2Token for AppToken {
        type Scopes = <ScopeSet<Access> as __rt::ScopeColumn>::Scopes;
        fn fields(&self) -> __rt::TokenFields<'_, Self::Scopes> {
            __rt::TokenFields {
                client_id: __rt::TokenClientIdColumn::get(&self.client_id),
                subject: __rt::SubjectColumn::get(&self.subject).as_ref(),
                issued_at: *__rt::IssuedAtColumn::get(&self.issued_at),
                expires_at: *__rt::ExpiresAtColumn::get(&self.expires_at),
                revoked_at: *__rt::RevokedAtColumn::get(&self.revoked_at),
                grant_id: __rt::Some(__rt::GrantIdColumn::get(&self.grant_id)),
                scope: __rt::ScopeColumn::get(&self.scope),
            }
        }
        const HAS_REFRESH_TOKEN: bool = true;
        const HAS_GRANT_ID: bool = true;
        fn issued(__new: __rt::NewToken<Self::Scopes>) -> Self {
            Self {
                access_token: __rt::AccessTokenColumn::put(__new.access_token),
                refresh_token: __rt::RefreshTokenColumn::put(__new.refresh_token),
                grant_id: __rt::GrantIdColumn::put(__new.grant_id),
                client_id: __rt::TokenClientIdColumn::put(__new.client_id),
                subject: __rt::SubjectColumn::put(__new.subject),
                scope: __rt::ScopeColumn::put(__new.scope),
                issued_at: __rt::IssuedAtColumn::put(__new.issued_at),
                expires_at: __rt::ExpiresAtColumn::put(__new.expires_at),
                revoked_at: __rt::RevokedAtColumn::put(__rt::None),
            }
        }
    }
    #[automatically_derived]
    impl<__DB: __rt::Dialect> __rt::SqlModel<__DB> for AppToken
    where
        Digest<AccessToken>: __rt::Column<__DB>,
        Option<Digest<RefreshToken>>: __rt::Column<__DB>,
        GrantId: __rt::Column<__DB>,
        ClientId: __rt::Column<__DB>,
        Option<Subject>: __rt::Column<__DB>,
        ScopeSet<Access>: __rt::Column<__DB>,
        Timestamp: __rt::Column<__DB>,
        Option<Timestamp>: __rt::Column<__DB>,
    {
        const TABLE: &'static str = "app_token";
        fn decode(row: &__DB::Row) -> __rt::SqlResult<Self> {
            __rt::Ok(Self {
                access_token: __DB::get(row, 0)?,
                refresh_token: __DB::get(row, 1)?,
                grant_id: __DB::get(row, 2)?,
                client_id: __DB::get(row, 3)?,
                subject: __DB::get(row, 4)?,
                scope: __DB::get(row, 5)?,
                issued_at: __DB::get(row, 6)?,
                expires_at: __DB::get(row, 7)?,
                revoked_at: __DB::get(row, 8)?,
            })
        }
        fn columns<__V: __rt::Visit<__DB, Self>>(__visit: &mut __V) -> __rt::SqlResult {
            __visit.column("access_token", "access_token", |row| &row.access_token)?;
            __visit.column("refresh_token", "refresh_token", |row| &row.refresh_token)?;
            __visit.column("grant_id", "grant_id", |row| &row.grant_id)?;
            __visit.column("client_id", "client_id", |row| &row.client_id)?;
            __visit.column("subject", "subject", |row| &row.subject)?;
            __visit.column("scope", "scope", |row| &row.scope)?;
            __visit.column("issued_at", "issued_at", |row| &row.issued_at)?;
            __visit.column("expires_at", "expires_at", |row| &row.expires_at)?;
            __visit.column("revoked_at", "revoked_at", |row| &row.revoked_at)?;
            __rt::Ok(())
        }
    }
};

/// People sign in with a browser and allow an application to act for them ..
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
        const SPEC: __kind::Spec = __kind::Spec::refresh_token(__kind::Spec::code_ttl(
            __kind::grant(),
            ::core::time::Duration::from_secs(60u64),
        ));
        const PROPERTIES: __rt::GrantProperties = __kind::Spec::properties(Self::SPEC);
        fn parse(_: &__rt::Form) -> __rt::OAuthResult<Self> {
            ::core::result::Result::Ok(Self {})
        }
    }
};

/// .. until it has not been used for a month.
struct StaySignedIn;
#[allow(nonstandard_style, unused, unreachable_pub, clippy::all, clippy::pedantic)]
const _: () = {
    use ::oauth2_runtime::__private::{self as __rt, Unknown as _};
    use ::oauth2_runtime::grant::refresh_token as __kind;
    pub struct refresh_token;
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __rt::Grant for StaySignedIn {
        type Kind = __kind::Kind;
        type Spec = __kind::Spec;
        type Declared = refresh_token;
        type Extensions = ();
        const SPEC: __kind::Spec =
            __kind::Spec::ttl(__kind::grant(), ::core::time::Duration::from_secs(2592000u64));
        const PROPERTIES: __rt::GrantProperties = __kind::Spec::properties(Self::SPEC);
        fn parse(_: &__rt::Form) -> __rt::OAuthResult<Self> {
            ::core::result::Result::Ok(Self {})
        }
    }
};

/// Machines talk to machines.
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
        const SPEC: __kind::Spec = __kind::grant();
        const PROPERTIES: __rt::GrantProperties =
            __kind::Spec::properties(Self::SPEC).scopes(&[Access::ReadPhotos.__scope()]);
        fn parse(_: &__rt::Form) -> __rt::OAuthResult<Self> {
            ::core::result::Result::Ok(Self {})
        }
    }
};

/// A grant of our own: the struct's fields are the token request's parameters.
struct SmsCode {
    phone: String,
    code: Secret<String>,
}
#[allow(nonstandard_style, unused, unreachable_pub, clippy::all, clippy::pedantic)]
const _: () = {
    use ::oauth2_runtime::__private::{self as __rt, Unknown as _};
    use ::oauth2_runtime::grant::extension as __kind;
    pub struct extension;
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl __rt::Grant for SmsCode {
        type Kind = __kind::Kind;
        type Spec = __kind::Spec;
        type Declared = extension;
        type Extensions = ();
        const SPEC: __kind::Spec = __kind::grant("urn:example:sms-code");
        const PROPERTIES: __rt::GrantProperties = __kind::Spec::properties(Self::SPEC);
        fn parse(form: &__rt::Form) -> __rt::OAuthResult<Self> {
            ::core::result::Result::Ok(Self {
                phone: <String as __rt::Param>::from_form(form, "phone")?,
                code: <Secret<String> as __rt::Param>::from_form(form, "code")?,
            })
        }
    }
};

impl ExtensionGrant<Auth> for SmsCode {
    async fn authorize(self, _: &GrantContext<'_, Auth>) -> Result<Authorized, OAuthError> {
        if self.code.expose() != "123456" {
            return Err(OAuthError::invalid_grant("the code is wrong"));
        }
        Ok(Authorized::subject(self.phone))
    }
}

struct Auth {
    db: SqlStore<Sqlite>,
    alice: PasswordHash,
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
            __rt::Ok(__rt::text("http://127.0.0.1:8080"))
        }
        fn signal<'a>(&'a self, event: __rt::Event<'a>) -> __rt::BoxFuture<'a, ()> {
            match event {
                __rt::Event::token_issued(event) => __rt::emit(audit, self, event),
                _ => __rt::silent(),
            }
        }
        fn sign_in<'a>(&'a self, credentials: &'a __rt::Credentials) -> __rt::SignedIn<'a> {
            ::oauth2_runtime::sign_in::password(check_password, self, credentials)
        }
    }
    impl __rt::ClientAuthentication for Auth {
        const METHODS: &'static [__rt::Method<Self>] =
            &[::oauth2_runtime::client_auth::none(), ::oauth2_runtime::client_auth::client_secret_basic()];
    }
    impl __rt::Dispatch for Auth {
        const GRANTS: &'static [__rt::GrantProperties] = &[
            <WebSignIn as __rt::Grant>::PROPERTIES,
            <StaySignedIn as __rt::Grant>::PROPERTIES,
            <Robots as __rt::Grant>::PROPERTIES,
            <SmsCode as __rt::Grant>::PROPERTIES,
        ];
        type Extensions = ();
        fn handler(grant_type: &str) -> __rt::Found<Self> {
            match grant_type {
                <WebSignIn as __rt::Grant>::GRANT_TYPE => __rt::Handler::<Self>::of::<WebSignIn>(),
                <StaySignedIn as __rt::Grant>::GRANT_TYPE => __rt::Handler::<Self>::of::<StaySignedIn>(),
                <Robots as __rt::Grant>::GRANT_TYPE => __rt::Handler::<Self>::of::<Robots>(),
                <SmsCode as __rt::Grant>::GRANT_TYPE => __rt::Handler::<Self>::of::<SmsCode>(),
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
        const ENDPOINTS: &'static [__rt::Mount<Self>] =
            &[::oauth2_runtime::endpoint::revocation(), ::oauth2_runtime::endpoint::introspection()];
    }
    const FACTS: __rt::Facts = __rt::rules::facts::<Auth>();
    const GRANTS: [u8; 4] = __rt::rules::over_grants::<Auth, 4>(&FACTS);
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
        G::Declared: __rt::rules::RedirectUrisColumn<G, <Auth as __rt::Models>::Client, BROKEN>
            + __rt::rules::GrantTypesColumn<G, <Auth as __rt::Models>::Client, BROKEN>,
        G::Declared: __rt::rules::RefreshTokenColumn<G, <Auth as __rt::Models>::Token, BROKEN>
            + __rt::rules::GrantIdColumn<G, <Auth as __rt::Models>::Token, BROKEN>,
    {
    }
    const CLIENT_METHODS: [u8; 4] = __rt::rules::over_client_methods::<Auth, 4>(&FACTS);
    const fn client_methods<G: __rt::Grant, const BROKEN: u8>()
    where
        G::Declared: __rt::rules::RefreshTokenRotation<G, Auth, BROKEN>
            + __rt::rules::PkceOfPublicClients<G, Auth, BROKEN>
            + __rt::rules::ConfidentialClients<G, Auth, BROKEN>,
    {
    }
    const ENDPOINTS: [u8; 2] = __rt::rules::over_endpoints::<Auth, 2>(&FACTS);
    const fn endpoints<const BROKEN: u8>()
    where
        Auth: __rt::rules::DistinctPaths<Auth, BROKEN>
            + __rt::rules::EndpointInUse<Auth, BROKEN>
            + __rt::rules::RevocationCascade<Auth, BROKEN>
            + __rt::rules::IntrospectionAuthentication<Auth, BROKEN>,
    {
    }
    const fn signals<S: __rt::rules::SignalCanOccur<OK>, const OK: bool>() {}
    const fn scopes<S: __rt::rules::IdTokens<OK>, const OK: bool>() {}
    const PAIRS: usize = __rt::rules::distinct_grant_types::violated(&FACTS);
    const fn already_answered_by_WebSignIn<G: __rt::Grant, const OK: bool>()
    where
        G::Declared: __rt::rules::DistinctGrantTypes<G, WebSignIn, OK>,
    {
    }
    const fn already_answered_by_StaySignedIn<G: __rt::Grant, const OK: bool>()
    where
        G::Declared: __rt::rules::DistinctGrantTypes<G, StaySignedIn, OK>,
    {
    }
    const fn already_answered_by_Robots<G: __rt::Grant, const OK: bool>()
    where
        G::Declared: __rt::rules::DistinctGrantTypes<G, Robots, OK>,
    {
    }
    grants::<WebSignIn, { GRANTS[0] }>();
    grants::<StaySignedIn, { GRANTS[1] }>();
    grants::<Robots, { GRANTS[2] }>();
    grants::<SmsCode, { GRANTS[3] }>();
    client_methods::<WebSignIn, { CLIENT_METHODS[0] }>();
    client_methods::<StaySignedIn, { CLIENT_METHODS[1] }>();
    client_methods::<Robots, { CLIENT_METHODS[2] }>();
    client_methods::<SmsCode, { CLIENT_METHODS[3] }>();
    endpoints::<{ ENDPOINTS[0] }>();
    endpoints::<{ ENDPOINTS[1] }>();
    signals::<Auth, { __rt::rules::signal_can_occur::kept(&FACTS, "token_issued") }>();
    scopes::<Auth, { __rt::rules::id_tokens::kept(&FACTS) }>();
    already_answered_by_WebSignIn::<StaySignedIn, { PAIRS != 0 }>();
    already_answered_by_WebSignIn::<Robots, { PAIRS != 1 }>();
    already_answered_by_WebSignIn::<SmsCode, { PAIRS != 2 }>();
    already_answered_by_StaySignedIn::<Robots, { PAIRS != 3 }>();
    already_answered_by_StaySignedIn::<SmsCode, { PAIRS != 4 }>();
    already_answered_by_Robots::<SmsCode, { PAIRS != 5 }>();
    const WARNINGS: [u8; 4] = __rt::rules::over_warnings::<Auth, 4>(&FACTS);
    __rt::rules::Warning::<{ WARNINGS[0] }>::declared();
    __rt::rules::Warning::<{ WARNINGS[1] }>::declared();
    __rt::rules::Warning::<{ WARNINGS[2] }>::declared();
    __rt::rules::Warning::<{ WARNINGS[3] }>::declared();
};

/// Here you ask your own table of people.
async fn check_password(auth: &Auth, typed: &Credentials) -> Result<Option<Subject>, Error> {
    let known = (typed.username() == "alice").then_some(("alice", &auth.alice));
    typed.verify(known).await
}

async fn audit(_: &Auth, event: &TokenIssued) {
    let client = &event.client_id;

    println!("{1} received a token for `{0}`", event.scope, client);
}
#[doc = " A person\'s token shows their photos, a machine\'s everybody\'s."]
async fn photos(
    ::oauth2_runtime::__private::Protected(token, _): ::oauth2_runtime::__private::Protected<
        Auth,
        Bearer<Auth>,
        __photos_protection,
    >,
) -> Json<BTreeMap<String, [&'static str; 2]>> {
    let owner = token.subject().map_or("everybody", Subject::as_str);
    let photos = ["The sea at six", "An old door"];
    Json(BTreeMap::from([(owner.into(), photos)]))
}
#[allow(non_camel_case_types, unreachable_pub)]
struct __photos_protection;
#[allow(nonstandard_style, unused, unreachable_pub, clippy::all, clippy::pedantic)]
const _: () = {
    use ::oauth2_runtime::__private::{self as __rt, Unknown as _};
    impl __rt::Protection<Auth, Bearer<Auth>> for __photos_protection
    where
        Auth: __rt::OAuth2Server,
    {
        const REQUIREMENT: __rt::Requirement<<Auth as __rt::Models>::Scopes> =
            __rt::Requirement::One(Access::ReadPhotos);
        fn argument(outcome: __rt::Outcome<Auth>) -> __rt::Guarded<Bearer<Auth>> {
            <Bearer<Auth> as __rt::TokenArgument<Auth>>::from_outcome(outcome)
        }
    }
};
/// A row of our own model. A client without a secret is public: it has PKCE instead.
fn app(client_id: &str, client_secret: Option<SecretHash>, redirect_uris: RedirectUris) -> App {
    App {
        client_id: client_id.into(),
        client_secret,
        redirect_uris,
        scope: ScopeSet::all(),
        team: "night shift".into(),
    }
}
#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let db = SqlStore::open("sqlite://quickstart.db").await?;
    let alice = PasswordHash::generate(&Secret::new("wonderland")).await?;
    let auth = Auth { db, alice }.ready().await?;
    let secret = ClientSecret::generate()?;
    let robot = app("robot", Some(secret.hash()), RedirectUris::default());
    auth.clients().ensure(robot).await?;
    let album = app("photo-album", None, redirect_uris!["http://127.0.0.1:8081/callback"]);
    auth.clients().ensure(album).await?;
    let secret = secret.expose();
    let token = format!("curl -s -u robot:{secret} http://127.0.0.1:8080/oauth/token");
    println!("{token} -d grant_type=client_credentials");
    println!("{token} -d grant_type=urn:example:sms-code -d phone=5550100 -d code=123456");
    let value = format!("$({token} -d grant_type=client_credentials | cut -d '\"' -f 4)");
    println!("curl -i http://127.0.0.1:8080/photos -H \"Authorization: Bearer {value}\"");
    println!("cargo run -p demo-client   # in another terminal; then open http://127.0.0.1:8081");
    println!("The user name is alice, the password is wonderland.");
    let app = Router::new().route("/photos", get(photos)).merge(auth.router()).with_state(auth);
    serve(app, "127.0.0.1:8080").await
}
