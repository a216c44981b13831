include!("../base.rs");

#[derive(OAuth2Token)]
struct OwnToken {
    access_token: Digest<AccessToken>,
    refresh_token: Option<Digest<RefreshToken>>,
    grant_id: GrantId,
    client_id: ClientId,
    subject: Option<Subject>,
    scope: ScopeSet<Access>,
    issued_at: Timestamp,
    expires_at: Timestamp,
}

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = OwnToken),
    scopes = Access,
    grants(Robots),
    client_auth(client_secret_basic),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

fn main() {}
