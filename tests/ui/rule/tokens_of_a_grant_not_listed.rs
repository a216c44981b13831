include!("../base.rs");

#[grant(client_credentials)]
struct Machines;

struct Labelled;

impl TokenGenerator<Auth> for Labelled {}

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(Robots),
    client_auth(client_secret_basic),
    tokens(default = Labelled, Machines = Labelled),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

fn main() {}
