include!("../base.rs");

#[derive(OAuth2Client)]
struct OwnClient {
    client_id: u64,
    client_secret: Option<SecretHash>,
    scope: ScopeSet<Access>,
}

fn main() {}
