//! The server `modern`: OAuth 2.1 with every grant and endpoint of the runtime that is not legacy.

use axum::Router;
use oauth2_runtime::client_auth::ClientAuthentication;
use oauth2_runtime::grant::Grant;
use oauth2_runtime::prelude::*;

use crate::access::Access;
use crate::api;
use crate::seed::Offer;
use crate::server::{House, Machines, Server, StaySignedIn, check_password, record, subject_state};

/// People sign in with a browser, and apps act for them.
#[grant(authorization_code, refresh_token)]
struct SignIn;

/// The server.
#[oauth2_server(
    scopes = Access,
    grants(SignIn, StaySignedIn, Machines),
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
)]
pub(crate) struct Modern {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
    #[oauth2(issuer)]
    issuer: String,
    house: House,
}

impl Server for Modern {
    fn new(db: SqlStore<Sqlite>, issuer: String, house: House) -> Self {
        Self { db, issuer, house }
    }

    fn house(&self) -> &House {
        &self.house
    }

    fn offer() -> Offer {
        Offer {
            grant_types: vec![SignIn::GRANT_TYPE, StaySignedIn::GRANT_TYPE, Machines::GRANT_TYPE],
            response_types: vec!["code"],
            auth_methods: Self::METHODS.iter().map(|method| method.name).collect(),
        }
    }

    fn api() -> Router<Ready<Self>> {
        api::modern::routes()
    }
}
