use oauth2_runtime::prelude::*;

#[grant(client_credentials, pkce = true)]
struct Wrong;

fn main() {}
