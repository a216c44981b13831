include!("../base.rs");

#[grant(client_credentials, default_scopes = Access::ReadPhotos)]
struct Quick;

fn main() {}
