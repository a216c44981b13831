include!("../base.rs");

#[grant(extension = "urn:example:pin")]
struct Pin(String);

fn main() {}
