include!("../base.rs");

#[derive(Scope)]
enum Rights {
    #[scope("read")]
    Read(u8),
}

fn main() {}
