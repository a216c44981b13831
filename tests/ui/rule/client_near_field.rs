include!("../base.rs");

#[derive(OAuth2Client)]
struct OwnClient {
    client_id: ClientId,
    client_sercet: Option<SecretHash>,
    scope: ScopeSet<Access>,
}

fn main() {}
