include!("../base.rs");

#[derive(Scope)]
enum Rights {
    #[scope()]
    Read,
}

fn main() {}
