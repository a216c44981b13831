include!("../base.rs");

#[derive(OAuth2Token)]
struct OwnToken {
    access_token: Digest<AccessToken>,
    client_id: ClientId,
}

fn main() {}
