include!("../base.rs");

#[derive(OAuth2Client)]
struct OwnClient {
    client_id: ClientId,
    client_secret: String,
    scope: ScopeSet<Access>,
}

fn main() {}
