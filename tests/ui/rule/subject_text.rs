include!("../base.rs");

#[derive(OAuth2Token)]
struct OwnToken {
    access_token: Digest<AccessToken>,
    refresh_token: Option<Digest<RefreshToken>>,
    grant_id: GrantId,
    client_id: ClientId,
    subject: String,
    scope: ScopeSet<Access>,
    issued_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
}

fn main() {}
