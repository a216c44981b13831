//! Rules that the compiler checks across items: one a file.
//!
//! A rule is a trait that holds only where its const parameter is `true`, with the words of the error on it, and a
//! const function that looks for a violation in the facts of a server. `#[oauth2_server]` emits one call for each
//! grant; where the function found a violation the call asks for a trait that is not implemented, and the compiler
//! reports it with the rule's own words at the user's own tokens.
//!
//! Each module has `Rule<G, S, OK>`, with the grant `G` and what the rule is about in `S`, and `violated`, which gives
//! the index of the first grant that breaks the rule, or [`NONE`]. One cause gives one error.

pub mod distinct_grant_types;
pub mod grant_id_column;
pub mod refresh_token_column;
pub mod refresh_token_rotation;
pub mod refresh_tokens_issued;
pub mod refresh_tokens_redeemed;
pub mod relaxable;

use crate::spec::Facts;
use crate::types::GrantProperties;

/// The index that no grant has.
pub const NONE: usize = usize::MAX;

/// Whether any grant issues refresh tokens.
const fn issued(facts: &Facts) -> bool {
    let mut index = 0;
    while index < facts.grants.len() {
        if facts.grants[index].issues_refresh_tokens {
            return true;
        }
        index += 1;
    }
    false
}

/// The first grant that redeems refresh tokens.
const fn redeems(facts: &Facts) -> usize {
    let mut index = 0;
    while index < facts.grants.len() {
        if facts.grants[index].redeems_refresh_tokens {
            return index;
        }
        index += 1;
    }
    NONE
}

/// The first grant that issues refresh tokens or redeems them for new ones.
const fn handles_refresh_tokens(facts: &Facts) -> usize {
    let mut index = 0;
    while index < facts.grants.len() {
        let grant: &GrantProperties = &facts.grants[index];
        if grant.issues_refresh_tokens || grant.redeems_refresh_tokens {
            return index;
        }
        index += 1;
    }
    NONE
}
