//! A sign-in that is bound to the device it was made on: what somebody has copied from it is worth nothing elsewhere.
//!
//! The app makes a secret once and keeps it in the key store of the device. The authorization request has the secret's SHA-256,
//! the token request and every refresh the secret itself. Two extensions check that they belong together, and a third one
//! notes which program has asked for a token, whatever the grant.

mod demo;

#[cfg(test)]
mod tests;

use oauth2_runtime::prelude::*;
use oauth2_runtime::types::TokenResponse;

/// What an app may ask for.
#[derive(Scope)]
enum Access {
    /// See your messages
    #[scope("messages:read")]
    ReadMessages,
}

/// A code that remembers the device it was made for.
#[derive(OAuth2Code)]
#[oauth2(table = "app_code")]
struct AppCode {
    code: Digest<AuthorizationCode>,
    grant_id: GrantId,
    client_id: ClientId,
    subject: Subject,
    scope: ScopeSet<Access>,
    redirect_uri: Option<String>,
    code_challenge: Option<CodeChallenge>,
    expires_at: Timestamp,
    consumed_at: Option<Timestamp>,
    /// Of a device secret it keeps what PKCE keeps of a code verifier: the SHA-256, compared in constant time.
    device_key: Option<CodeChallenge>,
}

/// A token that knows its device, and which program has asked for it.
#[derive(OAuth2Token)]
#[oauth2(table = "app_token")]
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
    /// None for a machine.
    device: Option<CodeChallenge>,
    asked_by: String,
}

// extension: begin
type Checked = Result<(), OAuthError>;

/// In the authorization request the app shows the key of its device, and the code keeps it.
struct DeviceKey;

impl Extension<Auth> for DeviceKey {
    type Reach = AuthorizationRequests;
}

impl AuthorizationExtension<Auth> for DeviceKey {
    async fn authorization_request(cx: &AuthorizationContext<'_, Auth>) -> Checked {
        device_key(cx).map(drop)
    }

    async fn before_code(cx: &AuthorizationContext<'_, Auth>, code: &mut AppCode) -> Checked {
        code.device_key = Some(device_key(cx)?);
        Ok(())
    }
}

fn device_key(cx: &AuthorizationContext<'_, Auth>) -> Result<CodeChallenge, OAuthError> {
    CodeChallenge::parse(cx.form().require("device_key")?)
        .map_err(|_| OAuthError::invalid_request("`device_key` is not the base64url of a SHA-256"))
}

/// In the token request the app proves that it runs on that device. The token keeps the key, for when it is refreshed.
struct SameDevice;

impl Extension<Auth> for SameDevice {
    type Reach = TokenRequests;

    async fn token_request(cx: &TokenContext<'_, Auth>) -> Checked {
        match (bound_to(cx), cx.form().require("device_secret")?) {
            (Some(device), secret) if device.verify(secret) => Ok(()),
            _ => Err(OAuthError::invalid_grant("this is another device")),
        }
    }

    async fn before_issue(cx: &TokenContext<'_, Auth>, token: &mut AppToken) -> Checked {
        token.device = bound_to(cx);
        Ok(())
    }

    async fn token_response(cx: &TokenContext<'_, Auth>, response: &mut TokenResponse) -> Checked {
        response.insert("device", bound_to(cx).map(|device| device.to_string()))
    }
}

fn bound_to(cx: &TokenContext<'_, Auth>) -> Option<CodeChallenge> {
    let refreshed = cx.refreshed().and_then(|token| token.device);
    cx.code().map_or(refreshed, |code| code.device_key)
}
// extension: end

/// Notes which program has asked for a token, for whoever looks into the table later.
struct Audit;

impl Extension<Auth> for Audit {
    type Reach = TokenRequests;

    async fn before_issue(cx: &TokenContext<'_, Auth>, token: &mut AppToken) -> Checked {
        let agent = cx.parts().and_then(|parts| parts.headers.get("user-agent"));
        let agent = agent.and_then(|agent| agent.to_str().ok()).unwrap_or("unknown");
        token.asked_by = agent.chars().take(100).collect();
        Ok(())
    }
}

/// People sign in on their device ..
#[grant(authorization_code, refresh_token, extensions(DeviceKey, SameDevice))]
struct SignIn;

/// .. and stay signed in there.
#[grant(refresh_token, extensions(SameDevice))]
struct StaySignedIn;

/// Machines have no device to speak of.
#[grant(client_credentials)]
struct Machines;

#[oauth2_server(
    issuer = "http://127.0.0.1:8080",
    models(token = AppToken, code = AppCode),
    scopes = Access,
    grants(SignIn, StaySignedIn, Machines),
    endpoints(revocation),
    extensions(Audit),
    client_auth(none, client_secret_basic),
    sign_in = password(check_password),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
    alice: PasswordHash,
}

async fn check_password(auth: &Auth, typed: &Credentials) -> Result<Option<Subject>, Error> {
    let known = (typed.username() == "alice").then_some(("alice", &auth.alice));
    typed.verify(known).await
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let db = SqlStore::open("sqlite://extensions.db").await?;
    let alice = PasswordHash::generate(&Secret::new("wonderland")).await?;
    let auth = Auth { db, alice }.ready().await?;
    demo::register(&auth).await?;
    demo::explain()?;
    serve(auth.router::<()>(), "127.0.0.1:8080").await
}
