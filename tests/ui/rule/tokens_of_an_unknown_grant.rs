include!("../base.rs");

struct Labelled;

impl TokenGenerator<Auth> for Labelled {}

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(Robots),
    client_auth(client_secret_basic),
    tokens(Robot = Labelled),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

fn main() {}
