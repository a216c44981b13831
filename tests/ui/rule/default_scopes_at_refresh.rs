include!("../base.rs");

#[grant(refresh_token, ttl = 30d, default_scopes(Access::ReadPhotos))]
struct Quick;

fn main() {}
