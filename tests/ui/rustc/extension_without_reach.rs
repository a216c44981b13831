include!("../base.rs");

struct Audience;

impl<S: OAuth2Server> Extension<S> for Audience {
    type Reach = TokenRequests;
}

impl<S: OAuth2Server> AuthorizationExtension<S> for Audience {}

fn main() {}
