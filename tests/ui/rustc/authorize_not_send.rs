include!("../base.rs");

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(Pin),
    client_auth(client_secret_basic),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[grant(extension = "urn:example:pin")]
struct Pin {
    pin: String,
}

impl ExtensionGrant<Auth> for Pin {
    async fn authorize(self, _: &GrantContext<'_, Auth>) -> Result<Authorized, OAuthError> {
        let local = std::rc::Rc::new(self.pin);
        std::future::ready(()).await;
        Ok(Authorized::subject(local.as_str()))
    }
}

fn main() {}
