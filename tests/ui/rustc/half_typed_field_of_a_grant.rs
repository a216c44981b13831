include!("../base.rs");

#[grant(extension = "urn:example:sms-code")]
struct SmsCode {
    phone: String,
    code:
}

impl ExtensionGrant<Auth> for SmsCode {
    async fn authorize(self, _: &GrantContext<'_, Auth>) -> Result<Authorized, OAuthError> {
        Ok(Authorized::subject(self.phone))
    }
}

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(Robots, SmsCode),
    client_auth(client_secret_basic),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

async fn known(auth: Ready<Auth>, id: &ClientId) -> Result<Router, Error> {
    auth.clients().get(id).await?;
    Ok(Router::new().merge(auth.router()).with_state(auth))
}

fn main() {}
