include!("../base.rs");

#[derive(Scope)]
enum Rights {
    Read,
}

fn main() {}
