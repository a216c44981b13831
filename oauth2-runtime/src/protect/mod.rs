//! Protected resources: who may pass with which token (RFC 6750).

mod bearer;
mod challenge;
mod handler;
mod layer;

pub use bearer::Bearer;
pub use challenge::Challenge;
pub use handler::{Outcome, Protected, Protection, TokenArgument, Unchecked};
pub use layer::{Require, RequireLayer};
