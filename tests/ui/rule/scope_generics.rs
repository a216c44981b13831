include!("../base.rs");

#[derive(Scope)]
enum Rights<const N: usize> {
    #[scope("read")]
    Read,
}

fn main() {}
