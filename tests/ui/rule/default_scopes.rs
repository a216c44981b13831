include!("../base.rs");

#[grant(client_credentials, scopes(Access::ReadPhotos), default_scopes(Access::ReadPhotos, Access::WritePhotos))]
struct Quick;

fn main() {}
