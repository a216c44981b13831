include!("../base.rs");

#[derive(Scope)]
struct Rights;

fn main() {}
