include!("../base.rs");

fn printer() -> App {
    App {
        client_id: "printer".into(),
        client_secret: None,
        redirect_uris: RedirectUris::default(),
        grant_types: None,
        scope: [Access::ReadPhoto].into_iter().collect(),
    }
}

fn main() {}
