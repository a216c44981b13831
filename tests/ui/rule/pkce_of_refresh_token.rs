use oauth2_runtime::prelude::*;

#[grant(refresh_token, pkce = true)]
struct Wrong;

fn main() {}
