//! The server most tests talk to, declared as a user would declare it.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard};

use oauth2_runtime::prelude::*;

/// Scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Scope)]
pub enum Access {
    /// See your photos and albums
    #[scope("read")]
    Read,
    /// Upload, change and delete photos
    #[scope("write")]
    Write,
    /// Decide who else may see them
    #[scope("admin")]
    Admin,
}

/// A client with every role and a column of its own.
#[derive(Debug, OAuth2Client)]
#[oauth2(table = "app")]
#[expect(missing_docs, reason = "the fields are the roles")]
pub struct App {
    pub client_id: ClientId,
    pub client_secret: Option<SecretHash>,
    pub redirect_uris: RedirectUris,
    pub scope: ScopeSet<Access>,
    pub grant_types: Option<GrantTypes>,
    pub token_endpoint_auth_method: Option<String>,
    pub team: String,
}

/// A public client that may ask for everything, and by default may use no grant.
#[must_use]
pub fn app(client_id: &str) -> App {
    App {
        client_id: client_id.into(),
        client_secret: None,
        redirect_uris: RedirectUris::default(),
        scope: ScopeSet::all(),
        grant_types: None,
        token_endpoint_auth_method: None,
        team: "night shift".into(),
    }
}

/// A token with every role and a column of its own.
#[derive(Debug, OAuth2Token)]
#[oauth2(table = "app_token")]
#[expect(missing_docs, reason = "the fields are the roles")]
pub struct AppToken {
    pub access_token: Digest<AccessToken>,
    pub refresh_token: Option<Digest<RefreshToken>>,
    pub grant_id: GrantId,
    pub client_id: ClientId,
    pub subject: Option<Subject>,
    pub scope: ScopeSet<Access>,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
    #[oauth2(default = "api".to_owned())]
    pub origin: String,
}

/// Clients for themselves; never with `admin`.
#[grant(client_credentials, access_token_ttl = 10m, scopes(Access::Read, Access::Write))]
pub struct Machine;

/// The grant type of [`SmsCode`].
pub const SMS_CODE: &str = "urn:test:sms-code";

/// A person by a code.
#[grant(extension = "urn:test:sms-code", access_token_ttl = 20m, refresh_token)]
pub struct SmsCode {
    phone: String,
    code: Secret<String>,
    nickname: Option<String>,
}

impl ExtensionGrant<Auth> for SmsCode {
    async fn authorize(self, cx: &GrantContext<'_, Auth>) -> Result<Authorized, OAuthError> {
        let nickname = self.nickname.as_deref().unwrap_or("-");
        let who = format!("{} {nickname} {}", self.phone, cx.client().team);
        cx.server().journal.lock().authorized.push(who);
        match self.code.expose().as_str() {
            "123456" => Ok(Authorized::subject(self.phone)),
            "itself" => Ok(Authorized::client()),
            _ => Err(OAuthError::invalid_grant("the code is wrong")),
        }
    }
}

/// Seconds a refresh token lives.
pub const REFRESH_TTL: i64 = 3_600;

/// Refresh tokens.
#[grant(refresh_token, ttl = 1h, access_token_ttl = 5m)]
pub struct Renewal;

/// The server.
#[oauth2_server(
    models(client = App, token = AppToken),
    scopes = Access,
    grants(Machine, SmsCode, Renewal),
    client_auth(none, client_secret_basic, client_secret_post),
    subjects = subject_state,
    allow(no_revocation_endpoint, reason = "a server without one is tested too"),
    signals(
        client_authenticated = client_authenticated,
        token_issued = token_issued,
        token_authenticated = token_authenticated,
        token_revoked = token_revoked,
        refresh_token_reused = refresh_token_reused,
    ),
)]
pub struct Auth {
    /// The database.
    #[oauth2(store)]
    pub db: SqlStore<Sqlite>,
    /// The issuer.
    #[oauth2(issuer)]
    pub issuer: String,
    /// What happened.
    pub journal: Journal,
}

/// What the server's own functions were told, and what they answer.
#[derive(Debug, Clone, Default)]
pub struct Journal(Arc<Mutex<Entries>>);

/// The contents of a [`Journal`].
#[derive(Debug, Default)]
pub struct Entries {
    /// One line a signal.
    pub signals: Vec<String>,
    /// One line a call of `authorize`.
    pub authorized: Vec<String>,
    /// Subjects that are disabled.
    pub disabled: BTreeSet<String>,
}

impl Journal {
    /// Opens it.
    pub fn lock(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap()
    }

    /// Forgets the signals so far.
    pub fn forget(&self) {
        self.lock().signals.clear();
    }

    /// The signals since the last call.
    #[must_use]
    pub fn signals(&self) -> Vec<String> {
        std::mem::take(&mut self.lock().signals)
    }
}

impl Auth {
    fn record(&self, line: String) {
        self.journal.lock().signals.push(line);
    }
}

async fn subject_state(auth: &Auth, subject: &Subject) -> Result<SubjectState, Error> {
    let disabled = auth.journal.lock().disabled.contains(subject.as_str());
    Ok(if disabled { SubjectState::Disabled } else { SubjectState::Active })
}

async fn client_authenticated(auth: &Auth, event: &ClientAuthenticated) {
    auth.record(format!("client_authenticated {} by {}", event.client_id, event.method));
}

async fn token_issued(auth: &Auth, event: &TokenIssued) {
    let subject = event.subject.as_ref().map_or("-", Subject::as_str);
    let refresh = if event.refresh_token { "refreshable" } else { "final" };
    auth.record(format!(
        "token_issued {} {subject} {} `{}` {refresh}",
        event.client_id, event.grant_type, event.scope
    ));
}

async fn token_authenticated(auth: &Auth, event: &TokenAuthenticated) {
    let subject = event.subject.as_ref().map_or("-", Subject::as_str);
    auth.record(format!("token_authenticated {} {subject}", event.client_id));
}

async fn token_revoked(auth: &Auth, event: &TokenRevoked) {
    auth.record(format!("token_revoked {} {}", event.client_id, event.tokens));
}

async fn refresh_token_reused(auth: &Auth, event: &RefreshTokenReused) {
    auth.record(format!("refresh_token_reused {} revoked={}", event.client_id, event.revoked));
}

/// Says whose token it is.
#[protect(Auth, any)]
pub async fn whoami(token: Bearer<Auth>) -> String {
    let subject = token.subject().map_or("-", Subject::as_str);
    format!("{} {subject} `{}` {}", token.client_id, token.scope(), token.origin)
}
