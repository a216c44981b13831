include!("../base.rs");

#[grant(client_credentials, scopes(Access::ReadPhoto))]
struct Quick;

fn main() {}
