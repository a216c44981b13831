include!("../base.rs");

#[derive(Scope)]
enum Half {
    #[scope("photos:read")]
    Read,
    #[scope("photos:write")]
}

fn main() {
    let _ = Half::Read;
}
