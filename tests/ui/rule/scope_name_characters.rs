include!("../base.rs");

#[derive(Scope)]
enum Rights {
    #[scope("read all")]
    Read,
}

fn main() {}
