include!("../base.rs");

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(WebSignIn),
    client_auth(client_secret_basic),
    sign_in = own_page,
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[grant(authorization_code)]
struct WebSignIn;

fn main() {}
