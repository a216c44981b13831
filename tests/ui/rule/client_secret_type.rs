include!("../base.rs");

#[derive(OAuth2Client)]
struct OwnClient {
    client_id: ClientId,
    client_secret: Option<u64>,
    scope: ScopeSet<Access>,
}

fn main() {}
