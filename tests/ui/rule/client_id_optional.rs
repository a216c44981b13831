include!("../base.rs");

#[derive(OAuth2Client)]
struct OwnClient {
    client_id: Option<ClientId>,
    client_secret: Option<SecretHash>,
    scope: ScopeSet<Access>,
}

fn main() {}
