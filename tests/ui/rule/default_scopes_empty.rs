include!("../base.rs");

#[grant(client_credentials, default_scopes())]
struct Quick;

fn main() {}
