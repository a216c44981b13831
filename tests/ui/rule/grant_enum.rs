include!("../base.rs");

#[grant(client_credentials)]
enum Quick {
    Now,
}

fn main() {}
