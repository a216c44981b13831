include!("../base.rs");

#[grant(client_credentials)]
struct Quick<const N: usize>;

fn main() {}
