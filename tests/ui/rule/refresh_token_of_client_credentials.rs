use oauth2_runtime::prelude::*;

#[grant(client_credentials, refresh_token)]
struct Wrong;

fn main() {}
