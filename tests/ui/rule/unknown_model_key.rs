include!("../base.rs");

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken, codes = OwnCode),
    scopes = Access,
    grants(Robots),
    client_auth(client_secret_basic),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[derive(OAuth2Code)]
struct OwnCode {
    code: Digest<AuthorizationCode>,
    grant_id: GrantId,
    client_id: ClientId,
    subject: Subject,
    scope: ScopeSet<Access>,
    redirect_uri: Option<String>,
    code_challenge: Option<CodeChallenge>,
    expires_at: Timestamp,
    consumed_at: Option<Timestamp>,
}

fn main() {}
