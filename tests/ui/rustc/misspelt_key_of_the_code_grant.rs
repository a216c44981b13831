include!("../base.rs");

#[grant(authorization_code, code_tll = 30s)]
struct WebSignIn;

fn main() {}
