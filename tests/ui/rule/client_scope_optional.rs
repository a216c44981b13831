include!("../base.rs");

#[derive(OAuth2Client)]
struct OwnClient {
    client_id: ClientId,
    client_secret: Option<SecretHash>,
    scope: Option<ScopeSet<Access>>,
}

fn main() {}
