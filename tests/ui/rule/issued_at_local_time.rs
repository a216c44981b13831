include!("../base.rs");

/// A date and a time of day, of nobody knows where.
struct NaiveDateTime;

#[derive(OAuth2Token)]
struct OwnToken {
    access_token: Digest<AccessToken>,
    refresh_token: Option<Digest<RefreshToken>>,
    grant_id: GrantId,
    client_id: ClientId,
    subject: Option<Subject>,
    scope: ScopeSet<Access>,
    issued_at: NaiveDateTime,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
}

fn main() {}
