include!("../base.rs");

#[derive(OAuth2Client)]
enum OwnClient {
    Only,
}

fn main() {}
