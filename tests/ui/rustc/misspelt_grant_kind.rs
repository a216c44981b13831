include!("../base.rs");

#[grant(client_credential)]
struct Quick;

fn main() {}
