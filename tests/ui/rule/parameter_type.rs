include!("../base.rs");

#[grant(extension = "urn:example:pin")]
struct Pin {
    pin: u8,
}

fn main() {}
