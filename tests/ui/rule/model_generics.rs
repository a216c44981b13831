include!("../base.rs");

#[derive(OAuth2Client)]
struct OwnClient<const N: usize> {
    client_id: ClientId,
    client_secret: Option<SecretHash>,
    scope: ScopeSet<Access>,
}

fn main() {}
