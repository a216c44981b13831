include!("../base.rs");

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(Robots, Legacy),
    client_auth(client_secret_basic),
    sign_in = own_pages,
    profile = "rfc6749",
    allow(password_grant, reason = "the till cannot open a browser"),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[grant(password)]
struct Legacy;

fn main() {}
