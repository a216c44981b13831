include!("../base.rs");

use oauth2_runtime::protect::RemoteIntrospection;

fn tokens() -> Result<RemoteIntrospection<Access>, Error> {
    RemoteIntrospection::new("https://id.example/oauth/introspect")
}

fn main() {}
