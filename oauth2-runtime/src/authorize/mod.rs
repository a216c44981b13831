//! What happens between a client's authorization request and its answer (RFC 6749 section 4.1.1): who is the client, is it
//! known where to send the answer, who has signed in, have they agreed.
//!
//! Nothing is remembered on the way. The request travels in the URL of every page, each step reads and checks it anew,
//! and what a page's form sends back is bound to that very URL. So there is no unfinished request that somebody else could
//! take over, and none that would have to be deleted.

mod answer;
mod by_hand;
mod decision;
mod prompt;
mod redirect;
mod request;

pub(crate) use answer::{Agreement, allow, answer, deny};
pub use by_hand::{AuthorizationRefused, ConsentRequest, Next};
use decision::remembered;
pub(crate) use decision::{Decision, decide};
use prompt::Prompt;
use redirect::VerifiedRedirect;
pub(crate) use request::{AuthorizationRequest, Refusal, refused};
