//! What happens between a client's authorization request and its answer (RFC 6749 section 4.1.1): who is the client, is it
//! known where to send the answer, who has signed in, have they agreed.
//!
//! Nothing is remembered on the way. The request travels in the URL of every page, each step reads and checks it anew,
//! and what a page's form sends back is bound to that very URL. So there is no unfinished request that somebody else could
//! take over, and none that would have to be deleted.

mod code;
mod decision;
mod prompt;
mod redirect;
mod request;

pub(crate) use code::{Agreement, send_code};
pub(crate) use decision::{Decision, decide};
use prompt::Prompt;
use redirect::VerifiedRedirect;
pub(crate) use request::{AuthorizationRequest, Refusal};

/// Where people sign in, below the issuer's path.
pub(crate) const SIGN_IN_PATH: &str = "/login";
/// Where people are asked for their consent, below the issuer's path.
pub(crate) const CONSENT_PATH: &str = "/consent";
/// The authorization endpoint, below the issuer's path.
pub(crate) const AUTHORIZATION_PATH: &str = "/oauth/authorize";
