include!("../base.rs");

#[derive(Scope)]
enum Rights {
    #[scope("read")]
    #[scope("lesen")]
    Read,
}

fn main() {}
