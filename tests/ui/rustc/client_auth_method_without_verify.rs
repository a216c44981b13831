include!("../base.rs");

use oauth2_runtime::client_auth::{ClientAuthMethod, Unauthenticated};

enum Certificate {}

impl ClientAuthMethod<Auth> for Certificate {
    const NAME: &'static str = "tls_client_auth";

    fn presented(_: &Unauthenticated<'_>) -> Result<Option<String>, OAuthError> {
        Ok(None)
    }
}

#[grant(authorization_code, refresh_token)]
struct WebSignIn;

#[grant(refresh_token)]
struct StaySignedIn;

#[oauth2_server(
    issuer = "https://id.example",
    models(client = App, token = AppToken),
    scopes = Access,
    grants(Robots, WebSignIn, StaySignedIn),
    endpoints(revocation),
    client_auth(Certificate, client_secret_basic),
    sign_in = password(check),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

async fn check(_: &Auth, _: &Credentials) -> Result<Option<Subject>, Error> {
    Ok(None)
}

fn main() {}
