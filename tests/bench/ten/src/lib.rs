//! A server with ten grants, for the question what its rules cost the compiler: `rules.sh` measures it.

use oauth2_runtime::prelude::*;

/// What a client may ask for.
#[derive(Debug, Scope)]
pub enum Access {
    /// See your photos
    #[scope("photos:read")]
    ReadPhotos,
    /// Upload and delete photos
    #[scope("photos:write")]
    WritePhotos,
}

#[grant(authorization_code, code_ttl = 60s, refresh_token)]
struct WebSignIn;

#[grant(refresh_token, ttl = 30d)]
struct StaySignedIn;

#[grant(client_credentials, scopes(Access::ReadPhotos))]
struct Robots;

#[grant(extension = "urn:example:badge", refresh_token)]
struct Badge;

#[grant(extension = "urn:example:kiosk", refresh_token)]
struct Kiosk;

#[grant(extension = "urn:example:scanner", refresh_token)]
struct Scanner;

#[grant(extension = "urn:example:printer", refresh_token)]
struct Printer;

#[grant(extension = "urn:example:sensor", refresh_token)]
struct Sensor;

#[grant(extension = "urn:example:tablet", refresh_token)]
struct Tablet;

#[grant(extension = "urn:example:terminal", refresh_token)]
struct Terminal;

macro_rules! authorize {
    ($($grant:ident)*) => {
        $(
            impl ExtensionGrant<Auth> for $grant {
                async fn authorize(self, _: &GrantContext<'_, Auth>) -> Result<Authorized, OAuthError> {
                    Ok(Authorized::subject(stringify!($grant)))
                }
            }
        )*
    };
}

authorize! { Badge Kiosk Scanner Printer Sensor Tablet Terminal }

/// The server.
#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(
        WebSignIn, StaySignedIn, Robots, Badge, Kiosk, Scanner, Printer, Sensor, Tablet, Terminal
    ),
    endpoints(revocation, introspection),
    client_auth(none, client_secret_basic),
    sign_in = password(nobody),
    signals(token_issued = log, code_replayed = alarm),
)]
pub struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

async fn nobody(_: &Auth, _: &Credentials) -> Result<Option<Subject>, Error> {
    Ok(None)
}

async fn log(_: &Auth, _: &TokenIssued) {}

async fn alarm(_: &Auth, _: &CodeReplayed) {}
