//! A declared authorization server in one file: scopes, models, grants, a protected route.

use oauth2_runtime::prelude::*;

/// What a client may ask for.
enum Access {
    /// See your photos
    ReadPhotos,

    /// Upload and delete photos
    WritePhotos,
}
#[allow(non_camel_case_types, non_snake_case, unreachable_pub, clippy::all, clippy::pedantic)]
const _: () = {
    #[automatically_derived]
    impl ::oauth2_runtime::__private::Scope for Access {
        const NAMES: &'static [&'static str] = &["photos:read", "photos:write"];
        const TEXTS: &'static [&'static str] = &["See your photos", "Upload and delete photos"];
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
    impl<__R: ::core::convert::Into<::oauth2_runtime::__private::Requirement<Access>>>
        ::core::ops::BitAnd<__R> for Access
    {
        type Output = ::oauth2_runtime::__private::Requirement<Access>;
        fn bitand(self, other: __R) -> Self::Output {
            ::oauth2_runtime::__private::Requirement::One(self).and(other)
        }
    }
    impl<__R: ::core::convert::Into<::oauth2_runtime::__private::Requirement<Access>>> ::core::ops::BitOr<__R>
        for Access
    {
        type Output = ::oauth2_runtime::__private::Requirement<Access>;
        fn bitor(self, other: __R) -> Self::Output {
            ::oauth2_runtime::__private::Requirement::One(self).or(other)
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
#[allow(non_camel_case_types, non_snake_case, unreachable_pub, clippy::all, clippy::pedantic)]
const _: () = {
    #[automatically_derived]
    impl ::oauth2_runtime::__private::OAuth2Client for App {
        type Scopes = <ScopeSet<Access> as ::oauth2_runtime::__private::ScopeColumn>::Scopes;
        fn fields(&self) -> ::oauth2_runtime::__private::ClientFields<'_, Self::Scopes> {
            ::oauth2_runtime::__private::ClientFields {
                client_id: <ClientId as ::oauth2_runtime::__private::ClientIdColumn>::get(&self.client_id),
                client_secret: <Option<SecretHash> as ::oauth2_runtime::__private::ClientSecretColumn>::get(
                    &self.client_secret,
                ),
                scope: self.scope,
                redirect_uris: <RedirectUris as ::oauth2_runtime::__private::RedirectUrisColumn>::get(
                    &self.redirect_uris,
                ),
                grant_types: ::core::option::Option::None,
                token_endpoint_auth_method: ::core::option::Option::None,
            }
        }
        fn set_client_secret(&mut self, secret: ::oauth2_runtime::__private::SecretHash) {
            <Option<SecretHash> as ::oauth2_runtime::__private::ClientSecretColumn>::set(
                &mut self.client_secret,
                secret,
            )
        }
    }
    #[automatically_derived]
    impl<__DB: ::oauth2_runtime::__private::Dialect> ::oauth2_runtime::__private::SqlModel<__DB> for App
    where
        ClientId: ::oauth2_runtime::__private::Column<__DB>,
        Option<SecretHash>: ::oauth2_runtime::__private::Column<__DB>,
        RedirectUris: ::oauth2_runtime::__private::Column<__DB>,
        ScopeSet<Access>: ::oauth2_runtime::__private::Column<__DB>,
        String: ::oauth2_runtime::__private::Column<__DB>,
    {
        const TABLE: &'static str = "app";
        type Statements = ::oauth2_runtime::__private::ClientStatements;
        fn statements() -> &'static ::oauth2_runtime::__private::ClientStatements {
            static STATEMENTS: ::oauth2_runtime::__private::OnceLock<
                ::oauth2_runtime::__private::ClientStatements,
            > = ::oauth2_runtime::__private::OnceLock::new();
            STATEMENTS.get_or_init(::oauth2_runtime::__private::ClientStatements::of::<__DB, Self>)
        }
        fn decode(row: &__DB::Row) -> ::core::result::Result<Self, ::oauth2_runtime::__private::SqlError> {
            ::core::result::Result::Ok(Self {
                client_id: __DB::get(row, 0)?,
                client_secret: __DB::get(row, 1)?,
                redirect_uris: __DB::get(row, 2)?,
                scope: __DB::get(row, 3)?,
                team: __DB::get(row, 4)?,
            })
        }
        fn columns<__V: ::oauth2_runtime::__private::Visit<__DB, Self>>(
            visit: &mut __V,
        ) -> ::core::result::Result<(), ::oauth2_runtime::__private::SqlError> {
            visit.required("client_id", "client_id", |row| &row.client_id)?;
            visit.nullable("client_secret", "client_secret", |row| &row.client_secret)?;
            visit.required("redirect_uris", "redirect_uris", |row| &row.redirect_uris)?;
            visit.required("scope", "scope", |row| &row.scope)?;
            visit.required("team", "", |row| &row.team)?;
            ::core::result::Result::Ok(())
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
#[allow(non_camel_case_types, non_snake_case, unreachable_pub, clippy::all, clippy::pedantic)]
const _: () = {
    #[automatically_derived]
    impl ::oauth2_runtime::__private::OAuth2Token for AppToken {
        type Scopes = <ScopeSet<Access> as ::oauth2_runtime::__private::ScopeColumn>::Scopes;
        const HAS_REFRESH_TOKEN: bool = true;
        const HAS_GRANT_ID: bool = true;
        fn issued(token: ::oauth2_runtime::__private::NewToken<Self::Scopes>) -> Self {
            Self {
                access_token: <Digest<AccessToken> as ::oauth2_runtime::__private::AccessTokenColumn>::put(
                    token.access_token,
                ),
                refresh_token:
                    <Option<Digest<RefreshToken>> as ::oauth2_runtime::__private::RefreshTokenColumn>::put(
                        token.refresh_token,
                    ),
                grant_id: <GrantId as ::oauth2_runtime::__private::GrantIdColumn>::put(token.grant_id),
                client_id: <ClientId as ::oauth2_runtime::__private::TokenClientIdColumn>::put(
                    token.client_id,
                ),
                subject: <Option<Subject> as ::oauth2_runtime::__private::SubjectColumn>::put(token.subject),
                scope: token.scope,
                issued_at: <Timestamp as ::oauth2_runtime::__private::IssuedAtColumn>::put(token.issued_at),
                expires_at: <Timestamp as ::oauth2_runtime::__private::ExpiresAtColumn>::put(
                    token.expires_at,
                ),
                revoked_at: <Option<Timestamp> as ::oauth2_runtime::__private::RevokedAtColumn>::put(
                    ::core::option::Option::None,
                ),
            }
        }
        fn fields(&self) -> ::oauth2_runtime::__private::TokenFields<'_, Self::Scopes> {
            ::oauth2_runtime::__private::TokenFields {
                client_id: <ClientId as ::oauth2_runtime::__private::TokenClientIdColumn>::get(
                    &self.client_id,
                ),
                subject: <Option<Subject> as ::oauth2_runtime::__private::SubjectColumn>::get(&self.subject)
                    .as_ref(),
                scope: self.scope,
                issued_at: *<Timestamp as ::oauth2_runtime::__private::IssuedAtColumn>::get(&self.issued_at),
                expires_at: *<Timestamp as ::oauth2_runtime::__private::ExpiresAtColumn>::get(
                    &self.expires_at,
                ),
                revoked_at: *<Option<Timestamp> as ::oauth2_runtime::__private::RevokedAtColumn>::get(
                    &self.revoked_at,
                ),
                grant_id: ::core::option::Option::Some(
                    <GrantId as ::oauth2_runtime::__private::GrantIdColumn>::get(&self.grant_id),
                ),
            }
        }
    }
    #[automatically_derived]
    impl<__DB: ::oauth2_runtime::__private::Dialect> ::oauth2_runtime::__private::SqlModel<__DB> for AppToken
    where
        Digest<AccessToken>: ::oauth2_runtime::__private::Column<__DB>,
        Option<Digest<RefreshToken>>: ::oauth2_runtime::__private::Column<__DB>,
        GrantId: ::oauth2_runtime::__private::Column<__DB>,
        ClientId: ::oauth2_runtime::__private::Column<__DB>,
        Option<Subject>: ::oauth2_runtime::__private::Column<__DB>,
        ScopeSet<Access>: ::oauth2_runtime::__private::Column<__DB>,
        Timestamp: ::oauth2_runtime::__private::Column<__DB>,
        Option<Timestamp>: ::oauth2_runtime::__private::Column<__DB>,
    {
        const TABLE: &'static str = "app_token";
        type Statements = ::oauth2_runtime::__private::TokenStatements;
        fn statements() -> &'static ::oauth2_runtime::__private::TokenStatements {
            static STATEMENTS: ::oauth2_runtime::__private::OnceLock<
                ::oauth2_runtime::__private::TokenStatements,
            > = ::oauth2_runtime::__private::OnceLock::new();
            STATEMENTS.get_or_init(::oauth2_runtime::__private::TokenStatements::of::<__DB, Self>)
        }
        fn decode(row: &__DB::Row) -> ::core::result::Result<Self, ::oauth2_runtime::__private::SqlError> {
            ::core::result::Result::Ok(Self {
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
        fn columns<__V: ::oauth2_runtime::__private::Visit<__DB, Self>>(
            visit: &mut __V,
        ) -> ::core::result::Result<(), ::oauth2_runtime::__private::SqlError> {
            visit.required("access_token", "access_token", |row| &row.access_token)?;
            visit.nullable("refresh_token", "refresh_token", |row| &row.refresh_token)?;
            visit.required("grant_id", "grant_id", |row| &row.grant_id)?;
            visit.required("client_id", "client_id", |row| &row.client_id)?;
            visit.nullable("subject", "subject", |row| &row.subject)?;
            visit.required("scope", "scope", |row| &row.scope)?;
            visit.required("issued_at", "issued_at", |row| &row.issued_at)?;
            visit.required("expires_at", "expires_at", |row| &row.expires_at)?;
            visit.nullable("revoked_at", "revoked_at", |row| &row.revoked_at)?;
            ::core::result::Result::Ok(())
        }
    }
};

/// Machines talk to machines.
struct Robots;
#[allow(non_camel_case_types, non_snake_case, unreachable_pub, clippy::all, clippy::pedantic)]
const _: () = {
    use ::oauth2_runtime::grant::client_credentials as __kind;
    pub struct client_credentials;
    #[automatically_derived]
    impl ::oauth2_runtime::__private::Grant for Robots {
        type Kind = __kind::Kind;
        type Spec = __kind::Spec;
        type Declared = client_credentials;
        const SPEC: __kind::Spec = __kind::grant();
        const PROPERTIES: ::oauth2_runtime::__private::GrantProperties =
            __kind::Spec::properties(&Self::SPEC);
        const SCOPES: &'static [&'static str] = &[(Access::ReadPhotos).__scope()];
        fn parse(
            _: &::oauth2_runtime::__private::Form,
        ) -> ::core::result::Result<Self, ::oauth2_runtime::__private::OAuthError> {
            ::core::result::Result::Ok(Self {})
        }
    }
};

/// A grant of our own: the struct's fields are the token request's parameters.
struct SmsCode {
    phone: String,
    code: Secret<String>,
}
#[allow(non_camel_case_types, non_snake_case, unreachable_pub, clippy::all, clippy::pedantic)]
const _: () = {
    use ::oauth2_runtime::grant::extension as __kind;
    pub struct extension;
    #[automatically_derived]
    impl ::oauth2_runtime::__private::Grant for SmsCode {
        type Kind = __kind::Kind;
        type Spec = __kind::Spec;
        type Declared = extension;
        const SPEC: __kind::Spec = __kind::grant("urn:example:grant-type:sms-code");
        const PROPERTIES: ::oauth2_runtime::__private::GrantProperties =
            __kind::Spec::properties(&Self::SPEC);
        const SCOPES: &'static [&'static str] = &[];
        fn parse(
            form: &::oauth2_runtime::__private::Form,
        ) -> ::core::result::Result<Self, ::oauth2_runtime::__private::OAuthError> {
            ::core::result::Result::Ok(Self {
                phone: <String as ::oauth2_runtime::__private::Param>::from_form(form, "phone")?,
                code: <Secret<String> as ::oauth2_runtime::__private::Param>::from_form(form, "code")?,
            })
        }
    }
};

impl ExtensionGrant<Auth> for SmsCode {
    async fn authorize(self, cx: &GrantContext<'_, Auth>) -> Result<Authorized, OAuthError> {
        if self.code.expose() != "123456" {
            return Err(OAuthError::invalid_grant("the code is wrong"));
        }

        println!("{0} signs in at a client of the team {1}", self.phone, cx.client().team);
        Ok(Authorized::subject(self.phone))
    }
}
struct Auth {
    db: SqlStore<Sqlite>,
}
#[allow(non_camel_case_types, non_snake_case, unreachable_pub, clippy::all, clippy::pedantic)]
const _: () = {
    #[automatically_derived]
    impl ::oauth2_runtime::__private::OAuth2Server for Auth {
        type Scopes = Access;
        type Client = App;
        type Token = AppToken;
        type Store = SqlStore<Sqlite>;
        fn store(&self) -> &Self::Store {
            &self.db
        }
        fn issuer(
            &self,
        ) -> ::core::result::Result<::oauth2_runtime::__private::String, ::oauth2_runtime::__private::Error>
        {
            ::core::result::Result::Ok(::oauth2_runtime::__private::text("http://127.0.0.1:8080"))
        }
        fn signal<'a>(
            &'a self,
            event: ::oauth2_runtime::__private::Event<'a>,
        ) -> ::oauth2_runtime::__private::BoxFuture<'a, ()> {
            match event {
                ::oauth2_runtime::__private::Event::token_issued(event) => {
                    ::oauth2_runtime::__private::emit(audit, self, event)
                }
                _ => ::oauth2_runtime::__private::silent(),
            }
        }
    }
    #[automatically_derived]
    impl ::oauth2_runtime::__private::ClientAuthentication for Auth {
        const METHODS: &'static [::oauth2_runtime::__private::Method<Self>] = &[
            ::oauth2_runtime::__private::Method::of::<::oauth2_runtime::client_auth::none::Method>(),
            ::oauth2_runtime::__private::Method::of::<
                ::oauth2_runtime::client_auth::client_secret_basic::Method,
            >(),
        ];
    }
    #[automatically_derived]
    #[allow(unreachable_patterns)]
    impl ::oauth2_runtime::__private::Dispatch for Auth {
        const GRANT_TYPES: &'static [&'static str] = &[
            <Robots as ::oauth2_runtime::__private::Grant>::GRANT_TYPE,
            <SmsCode as ::oauth2_runtime::__private::Grant>::GRANT_TYPE,
        ];
        fn dispatch<'a>(
            grant_type: &'a str,
            cx: &'a ::oauth2_runtime::__private::GrantContext<'a, Self>,
        ) -> ::oauth2_runtime::__private::TokenFuture<'a> {
            match grant_type {
                <Robots as ::oauth2_runtime::__private::Grant>::GRANT_TYPE => {
                    ::oauth2_runtime::__private::run::<Self, Robots>(cx)
                }
                <SmsCode as ::oauth2_runtime::__private::Grant>::GRANT_TYPE => {
                    ::oauth2_runtime::__private::run::<Self, SmsCode>(cx)
                }
                _ => ::oauth2_runtime::__private::unsupported(),
            }
        }
    }
    #[automatically_derived]
    impl ::oauth2_runtime::__private::DeclaredServer for Auth {
        const SPEC: ::oauth2_runtime::__private::ServerSpec<Self> = ::oauth2_runtime::__private::ServerSpec {
            facts: ::oauth2_runtime::__private::Facts::of::<Self>(
                &[
                    <Robots as ::oauth2_runtime::__private::Grant>::PROPERTIES,
                    <SmsCode as ::oauth2_runtime::__private::Grant>::PROPERTIES,
                ],
                <Self as ::oauth2_runtime::__private::ClientAuthentication>::METHODS,
                ::oauth2_runtime::__private::Profile::OAuth21,
                &[],
            ),
            schema: ::oauth2_runtime::__private::Schema::Managed,
            endpoints: &[],
        };
    }
    const _: () = {
        const VIOLATED: usize = ::oauth2_runtime::__private::rules::refresh_tokens_issued::violated(
            &<Auth as ::oauth2_runtime::__private::DeclaredServer>::SPEC.facts,
        );
        const fn grants<
            D: ::oauth2_runtime::__private::rules::refresh_tokens_issued::Rule<G, S, OK>,
            G,
            S,
            const OK: bool,
        >() {
        }
        grants::<
            <Robots as ::oauth2_runtime::__private::Grant>::Declared,
            Robots,
            Auth,
            { VIOLATED != 0usize },
        >();
        grants::<
            <SmsCode as ::oauth2_runtime::__private::Grant>::Declared,
            SmsCode,
            Auth,
            { VIOLATED != 1usize },
        >();
    };
    const _: () = {
        const VIOLATED: usize = ::oauth2_runtime::__private::rules::refresh_tokens_redeemed::violated(
            &<Auth as ::oauth2_runtime::__private::DeclaredServer>::SPEC.facts,
        );
        const fn grants<
            D: ::oauth2_runtime::__private::rules::refresh_tokens_redeemed::Rule<G, S, OK>,
            G,
            S,
            const OK: bool,
        >() {
        }
        grants::<
            <Robots as ::oauth2_runtime::__private::Grant>::Declared,
            Robots,
            Auth,
            { VIOLATED != 0usize },
        >();
        grants::<
            <SmsCode as ::oauth2_runtime::__private::Grant>::Declared,
            SmsCode,
            Auth,
            { VIOLATED != 1usize },
        >();
    };
    const _: () = {
        const VIOLATED: usize = ::oauth2_runtime::__private::rules::refresh_token_rotation::violated(
            &<Auth as ::oauth2_runtime::__private::DeclaredServer>::SPEC.facts,
        );
        const fn client_auth<
            D: ::oauth2_runtime::__private::rules::refresh_token_rotation::Rule<G, S, OK>,
            G,
            S,
            const OK: bool,
        >() {
        }
        client_auth::<
            <Robots as ::oauth2_runtime::__private::Grant>::Declared,
            Robots,
            Auth,
            { VIOLATED != 0usize },
        >();
        client_auth::<
            <SmsCode as ::oauth2_runtime::__private::Grant>::Declared,
            SmsCode,
            Auth,
            { VIOLATED != 1usize },
        >();
    };
    const _: () = {
        const VIOLATED: usize = ::oauth2_runtime::__private::rules::refresh_token_column::violated(
            &<Auth as ::oauth2_runtime::__private::DeclaredServer>::SPEC.facts,
        );
        const fn token_model<
            D: ::oauth2_runtime::__private::rules::refresh_token_column::Rule<G, S, OK>,
            G,
            S,
            const OK: bool,
        >() {
        }
        token_model::<
            <Robots as ::oauth2_runtime::__private::Grant>::Declared,
            Robots,
            <Auth as ::oauth2_runtime::__private::OAuth2Server>::Token,
            { VIOLATED != 0usize },
        >();
        token_model::<
            <SmsCode as ::oauth2_runtime::__private::Grant>::Declared,
            SmsCode,
            <Auth as ::oauth2_runtime::__private::OAuth2Server>::Token,
            { VIOLATED != 1usize },
        >();
    };
    const _: () = {
        const VIOLATED: usize = ::oauth2_runtime::__private::rules::grant_id_column::violated(
            &<Auth as ::oauth2_runtime::__private::DeclaredServer>::SPEC.facts,
        );
        const fn token_model<
            D: ::oauth2_runtime::__private::rules::grant_id_column::Rule<G, S, OK>,
            G,
            S,
            const OK: bool,
        >() {
        }
        token_model::<
            <Robots as ::oauth2_runtime::__private::Grant>::Declared,
            Robots,
            <Auth as ::oauth2_runtime::__private::OAuth2Server>::Token,
            { VIOLATED != 0usize },
        >();
        token_model::<
            <SmsCode as ::oauth2_runtime::__private::Grant>::Declared,
            SmsCode,
            <Auth as ::oauth2_runtime::__private::OAuth2Server>::Token,
            { VIOLATED != 1usize },
        >();
    };
    const _: () = {
        const VIOLATED: (usize, usize) = ::oauth2_runtime::__private::rules::distinct_grant_types::violated(
            &<Auth as ::oauth2_runtime::__private::DeclaredServer>::SPEC.facts,
        );
        const fn already_answered_by_Robots<
            D: ::oauth2_runtime::__private::rules::distinct_grant_types::Rule<G, S, OK>,
            G,
            S,
            const OK: bool,
        >() {
        }
        already_answered_by_Robots::<
            <SmsCode as ::oauth2_runtime::__private::Grant>::Declared,
            SmsCode,
            Robots,
            { VIOLATED.0 != 0usize || VIOLATED.1 != 1usize },
        >();
    };
};
async fn audit(_: &Auth, event: &TokenIssued) {
    println!("{0} received a token for `{1}`", event.client_id, event.scope);
}
async fn photos(
    ::oauth2_runtime::__private::Protected(token, _): ::oauth2_runtime::__private::Protected<
        Auth,
        Bearer<Auth>,
        __photos_protection,
    >,
) -> Json<Vec<String>> {
    Json(vec![format!("a photo for {0}", token.client_id)])
}
#[doc(hidden)]
#[allow(non_camel_case_types, unreachable_pub)]
struct __photos_protection;
#[allow(non_camel_case_types, non_snake_case, unreachable_pub, clippy::all, clippy::pedantic)]
const _: () = {
    #[automatically_derived]
    impl ::oauth2_runtime::__private::Protection<Auth, Bearer<Auth>> for __photos_protection {
        const REQUIREMENT: ::oauth2_runtime::__private::Requirement<
            <Auth as ::oauth2_runtime::__private::OAuth2Server>::Scopes,
        > = ::oauth2_runtime::__private::Requirement::One(Access::ReadPhotos);
        fn argument(
            outcome: ::oauth2_runtime::__private::Outcome<Auth>,
        ) -> ::core::result::Result<Bearer<Auth>, ::oauth2_runtime::__private::Challenge> {
            <Bearer<Auth> as ::oauth2_runtime::__private::TokenArgument<Auth>>::from_outcome(outcome)
        }
    }
};
#[tokio::main]
async fn main() -> Result<(), Error> {
    let auth = Auth { db: SqlStore::open("sqlite://quickstart.db").await? }.ready().await?;
    let secret = ClientSecret::generate()?;
    auth.clients()
        .ensure(App {
            client_id: "robot".into(),
            client_secret: Some(secret.hash()),
            redirect_uris: RedirectUris::default(),
            scope: [Access::ReadPhotos, Access::WritePhotos].into_iter().collect(),
            team: "night shift".into(),
        })
        .await?;
    let token = format!("curl -s -u robot:{} http://127.0.0.1:8080/oauth/token", secret.expose());
    println!("{token} -d grant_type=client_credentials");
    println!("{token} -d grant_type=urn:example:grant-type:sms-code -d phone=5550100 -d code=123456");
    println!("curl -i http://127.0.0.1:8080/photos -H \"Authorization: Bearer $ACCESS_TOKEN\"");
    let app = Router::new().route("/photos", get(photos)).merge(auth.router()).with_state(auth);
    serve(app, "127.0.0.1:8080").await
}
