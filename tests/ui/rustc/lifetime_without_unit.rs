include!("../base.rs");

#[grant(client_credentials, access_token_ttl = 300)]
struct Quick;

fn main() {}
