use oauth2_runtime::prelude::*;

#[grant(implicit, refresh_token)]
struct Wrong;

fn main() {}
