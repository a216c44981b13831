include!("../base.rs");

#[grant(client_credentials, default_scopes("photos:read"))]
struct Quick;

fn main() {}
