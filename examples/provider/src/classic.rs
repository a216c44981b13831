//! The server `classic`: RFC 6749 as the older frameworks still run it, for people who migrate.

use axum::Router;
use oauth2_runtime::client_auth::ClientAuthentication;
use oauth2_runtime::grant::Grant;
use oauth2_runtime::prelude::*;

use crate::access::Access;
use crate::api;
use crate::seed::Offer;
use crate::server::{House, Machines, Server, StaySignedIn, check_password, record, subject_state};

/// People sign in with a browser, and apps act for them, also those that know nothing of PKCE.
#[grant(authorization_code, pkce = false, refresh_token)]
struct SignIn;

/// Scripts in a browser are sent the token itself.
#[grant(implicit)]
struct Scripts;

/// People tell an app their password.
#[grant(password, refresh_token)]
struct Passwords;

/// The server.
#[oauth2_server(
    scopes = Access,
    grants(SignIn, Scripts, Passwords, StaySignedIn, Machines),
    endpoints(revocation, introspection),
    client_auth(none, client_secret_basic, client_secret_post),
    sign_in = password(check_password),
    subjects = subject_state,
    signals(
        client_authenticated = record,
        token_issued = record,
        token_authenticated = record,
        token_revoked = record,
        refresh_token_reused = record,
        code_replayed = record,
        consent_granted = record,
        consent_denied = record,
    ),
    profile = "rfc6749",
    allow(implicit_grant, reason = "scripts that were written before browsers could ask other sites"),
    allow(password_grant, reason = "apps that have never opened a browser"),
)]
pub(crate) struct Classic {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
    #[oauth2(issuer)]
    issuer: String,
    house: House,
}

impl Server for Classic {
    fn new(db: SqlStore<Sqlite>, issuer: String, house: House) -> Self {
        Self { db, issuer, house }
    }

    fn house(&self) -> &House {
        &self.house
    }

    fn offer() -> Offer {
        Offer {
            grant_types: vec![
                SignIn::GRANT_TYPE,
                Scripts::GRANT_TYPE,
                Passwords::GRANT_TYPE,
                StaySignedIn::GRANT_TYPE,
                Machines::GRANT_TYPE,
            ],
            response_types: vec!["code", "token"],
            auth_methods: Self::METHODS.iter().map(|method| method.name).collect(),
        }
    }

    fn api() -> Router<Ready<Self>> {
        api::classic::routes()
    }
}
