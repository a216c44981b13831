include!("../base.rs");

#[derive(Scope)]
enum Rights {
    #[scope("files:read")]
    Read,
    Write,
}

#[grant(client_credentials, scopes(Rights::Read))]
struct Machines;

#[oauth2_server(
    issuer = "https://id.example",
    scopes = Rights,
    grants(Machines),
    client_auth(client_secret_basic),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

fn main() {}
