include!("../base.rs");

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(Robots),
    client_auth(client_secret_basic),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

#[protect(Auth, Access::ReadPhotos)]
async fn photos(_token: Bearer<Auth>) -> &'static str {
    "photos"
}

async fn run(auth: Ready<Auth>) -> Result<(), Error> {
    let app = Router::new().route("/photos", get(photos)).merge(auth.router());
    serve(app, "127.0.0.1:8080").await
}

fn main() {}
