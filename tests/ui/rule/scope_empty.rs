include!("../base.rs");

#[derive(Scope)]
enum Rights {
}

fn main() {}
