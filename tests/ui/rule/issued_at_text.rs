include!("../base.rs");

#[derive(OAuth2Token)]
struct OwnToken {
    access_token: Digest<AccessToken>,
    refresh_token: Option<Digest<RefreshToken>>,
    grant_id: GrantId,
    client_id: ClientId,
    subject: Option<Subject>,
    scope: ScopeSet<Access>,
    issued_at: String,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
}

fn main() {}
