include!("../base.rs");

#[grant(extension = "urn:example:pin")]
struct Pin {
    pin: String,
}

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

fn main() {}
