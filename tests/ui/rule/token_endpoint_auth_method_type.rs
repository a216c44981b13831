include!("../base.rs");

#[derive(OAuth2Client)]
struct OwnClient {
    client_id: ClientId,
    client_secret: Option<SecretHash>,
    scope: ScopeSet<Access>,
    token_endpoint_auth_method: u8,
}

fn main() {}
