include!("../base.rs");

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(Robots),
    client_auth(client_secret_basic),
    signals(token_issued = log, code_replayed = alarm),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

async fn log(_: &Auth, _: &TokenIssued) {}

async fn alarm(_: &Auth, _: &CodeReplayed) {}

fn main() {}
