include!("../base.rs");

use oauth2_runtime::models::Client;

fn other() -> String {
    "https://printer.example/other".to_owned()
}

fn printer() -> Client<Access> {
    Client {
        redirect_uris: redirect_uris!["https://printer.example/cb", other()],
        ..Client::new("printer", ScopeSet::all())
    }
}

fn main() {
    let _ = printer();
}
