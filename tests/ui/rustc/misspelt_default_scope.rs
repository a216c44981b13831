include!("../base.rs");

#[grant(client_credentials, scopes(Access::ReadPhotos), default_scopes(Access::ReadPhoto))]
struct Quick;

fn main() {}
