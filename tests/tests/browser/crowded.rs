//! A server with much to say on its pages: many scopes with long texts, and a client with the longest name there can be, which
//! is an application on the device.

use oauth2_runtime::http::serve_until;
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_tests::portal::request;
use oauth2_tests::running::Database;
use tokio::net::TcpListener;

/// Characters without a place to break the line, as many as are shown of a name.
pub(crate) const NAME: &str =
    "PhotoPrinterPhotoPrinterPhotoPrinterPhotoPrinterPhotoPrinterPhotoPrinterPhotoPrinterPhotoPrinterPhot";

const CALLBACK: &str = "com.example.photoprinter:/signed-in";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Scope)]
enum Access {
    /// See your name, your picture, and the language and the time zone you have chosen
    #[scope("profile")]
    Profile,
    /// See your email address
    #[scope("email")]
    Email,
    /// Keep this access while you are away, until you take it back in the settings of your account
    #[scope("offline_access")]
    Offline,
    /// See all photos and albums, those that others share with you included
    #[scope("photos:read")]
    ReadPhotos,
    /// Upload, change and delete photos
    #[scope("photos:write")]
    WritePhotos,
    /// See where and when your photos were taken, which tells where you live, work and spend your holidays
    #[scope("places:read")]
    Places,
    /// Invite people to your albums, and remove them
    #[scope("people:write")]
    People,
    /// Order prints, which are charged to the payment method of your account without asking again
    #[scope("orders:write")]
    Orders,
}

/// People sign in with a browser.
#[grant(authorization_code)]
struct WebSignIn;

#[oauth2_server(
    scopes = Access,
    grants(WebSignIn),
    client_auth(none),
    sign_in = password(check_password),
)]
struct Crowded {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
    #[oauth2(issuer)]
    issuer: String,
}

async fn check_password(_: &Crowded, credentials: &Credentials) -> Result<Option<Subject>, Error> {
    Ok(Some(Subject::from(credentials.username().to_owned())))
}

/// Starts it; the address of an authorization request for all scopes.
pub(crate) async fn start() -> (String, Database) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let database = Database::default();
    let server = Crowded { db: database.store().await, issuer: issuer.clone() }.ready().await.unwrap();
    let client = Client {
        client_name: Some(NAME.into()),
        redirect_uris: [CALLBACK].into_iter().collect(),
        ..Client::new("printer", ScopeSet::all())
    };
    server.clients().ensure(client).await.unwrap();
    tokio::spawn(serve_until(server.router().with_state(server), listener, std::future::pending()));
    (format!("{issuer}/oauth/authorize?{}", request("printer", CALLBACK, "&state=s")), database)
}
