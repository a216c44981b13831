#![deny(deprecated)]
include!("../base.rs");

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(Robots, Sensors),
    client_auth(client_secret_basic),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[grant(extension = "urn:example:sensor", access_token_ttl = 7d)]
struct Sensors;

impl ExtensionGrant<Auth> for Sensors {
    async fn authorize(self, _: &GrantContext<'_, Auth>) -> Result<Authorized, OAuthError> {
        Ok(Authorized::client())
    }
}

fn main() {}
