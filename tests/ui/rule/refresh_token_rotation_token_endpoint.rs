include!("../base.rs");

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(SmsCode, StaySignedIn),
    endpoints(token(client_auth(none)), revocation),
    client_auth(client_secret_basic),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[grant(extension = "urn:example:sms", refresh_token)]
struct SmsCode;

impl ExtensionGrant<Auth> for SmsCode {
    async fn authorize(self, _: &GrantContext<'_, Auth>) -> Result<Authorized, OAuthError> {
        Ok(Authorized::subject("u-1"))
    }
}

#[grant(refresh_token, rotate = false)]
struct StaySignedIn;

fn main() {}
