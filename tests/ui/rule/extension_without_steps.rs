include!("../base.rs");

struct Audience;

impl<S: OAuth2Server> Extension<S> for Audience {
    type Reach = AuthorizationRequests;
}

fn main() {}
