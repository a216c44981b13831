include!("../base.rs");

#[derive(OAuth2Client)]
#[oauth2(tabel = "app")]
struct OwnClient {
    client_id: ClientId,
    client_secret: Option<SecretHash>,
    scope: ScopeSet<Access>,
}

fn main() {}
