include!("../base.rs");

#[derive(OAuth2Client)]
struct OwnClient {
    #[oauth2(client_id, scope)]
    name: ClientId,
    client_secret: Option<SecretHash>,
    scope: ScopeSet<Access>,
}

fn main() {}
