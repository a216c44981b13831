include!("../base.rs");

#[grant(client_credentials, acces_token_ttl = 5m)]
struct Quick;

fn main() {}
