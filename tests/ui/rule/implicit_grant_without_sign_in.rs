include!("../base.rs");

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(Robots, Spa),
    client_auth(client_secret_basic),
    profile = "rfc6749",
    allow(implicit_grant, reason = "the portal is from 2013"),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[grant(implicit)]
struct Spa;

fn main() {}
