// What every case declares the same way. Included, so that a case shows only what it is about.
use oauth2_runtime::prelude::*;

#[derive(Scope)]
pub enum Access {
    #[scope("photos:read")]
    ReadPhotos,
    #[scope("photos:write")]
    WritePhotos,
}

#[derive(OAuth2Client)]
pub struct App {
    client_id: ClientId,
    client_secret: Option<SecretHash>,
    redirect_uris: RedirectUris,
    grant_types: Option<GrantTypes>,
    scope: ScopeSet<Access>,
}

#[derive(OAuth2Token)]
pub struct AppToken {
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

#[grant(client_credentials)]
struct Robots;
