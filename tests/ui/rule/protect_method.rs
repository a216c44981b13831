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

struct Shelf;

impl Shelf {
    #[protect(Auth, Access::ReadPhotos)]
    async fn photos(&self, _token: Bearer<Auth>) -> &'static str {
        "photos"
    }
}

fn main() {}
