include!("../base.rs");

use oauth2_runtime::models::Client;

fn printer() -> Client<Access> {
    Client {
        redirect_uris: redirect_uris!["https://printer.example/cb", "https://printer.example/café"],
        ..Client::new("printer", ScopeSet::all())
    }
}

fn main() {
    let _ = printer();
}
