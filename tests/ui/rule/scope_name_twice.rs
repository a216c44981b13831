include!("../base.rs");

#[derive(Scope)]
enum Rights {
    #[scope("read")]
    Read,
    #[scope("read")]
    Write,
}

fn main() {}
