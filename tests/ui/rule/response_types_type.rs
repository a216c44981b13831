include!("../base.rs");

#[derive(OAuth2Client)]
struct OwnClient {
    client_id: ClientId,
    client_secret: Option<SecretHash>,
    scope: ScopeSet<Access>,
    response_types: Vec<String>,
}

fn main() {}
