include!("../base.rs");

#[grant(client_credentials, default_scopes(Access::ReadPhotos), default_scopes(Access::WritePhotos))]
struct Quick;

fn main() {}
