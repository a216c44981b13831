include!("../base.rs");

#[derive(OAuth2Client)]
struct OwnClient {
    #[oauth2(clientid)]
    name: ClientId,
    client_secret: Option<SecretHash>,
    scope: ScopeSet<Access>,
}

fn main() {}
