include!("../base.rs");

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
}

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken, code = OwnCode),
    scopes = Access,
    grants(WebSignIn),
    client_auth(client_secret_basic),
    sign_in = password(check),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[grant(authorization_code)]
struct WebSignIn;

async fn check(_: &Auth, _: &Credentials) -> Result<Option<Subject>, Error> {
    Ok(None)
}

fn main() {}
