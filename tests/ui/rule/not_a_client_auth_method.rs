include!("../base.rs");

struct Pin;

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(Robots),
    client_auth(Pin),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

fn main() {}
