include!("../base.rs");

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(old::Readers),
    client_auth(client_secret_basic),
    tokens(old::Readers = oauth2_runtime::token::OpaqueTokens),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

fn main() {}
