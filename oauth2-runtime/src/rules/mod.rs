//! Rules that the compiler checks across items: one a file.
//!
//! A rule is a trait that holds only where its const parameter is `true`, with the words of the error on it, and a
//! const function that looks for a violation in the facts of a server. `#[oauth2_server]` emits one call for each
//! grant; where the function found a violation the call asks for a trait that is not implemented, and the compiler
//! reports it with the rule's own words at the user's own tokens.
//!
//! Each module has a trait of its own name, with the grant `G` and what the rule is about in `S`, and `violated`, which gives
//! the index of the first grant that breaks the rule, or [`NONE`]. One cause gives one error.
//!
//! The two rules about default scopes are about one grant alone: `#[grant]` emits their calls, and they have `kept`.

use crate::router::DeclaredServer;
use crate::spec::{Facts, same};
use crate::types::Legacy;

macro_rules! rules {
    ($($module:ident: $rule:ident;)*) => {
        $(
            pub mod $module;
            pub use $module::$rule;
        )*
    };
}

rules! {
    default_scopes: DefaultScopes;
    default_scopes_at_refresh: DefaultScopesAtRefresh;
    distinct_grant_types: DistinctGrantTypes;
    distinct_paths: DistinctPaths;
    endpoint_in_use: EndpointInUse;
    grant_id_column: GrantIdColumn;
    grant_scopes: GrantScopes;
    implicit_grant: ImplicitGrant;
    password_grant: PasswordGrant;
    passwords_checked: PasswordsChecked;
    pkce: Pkce;
    refresh_token_column: RefreshTokenColumn;
    refresh_token_rotation: RefreshTokenRotation;
    refresh_tokens_issued: RefreshTokensIssued;
    refresh_tokens_redeemed: RefreshTokensRedeemed;
    revocation_cascade: RevocationCascade;
    sign_in: SignIn;
}

pub mod legacy;
pub mod relaxable;

macro_rules! groups {
    ($($group:ident: [$($rule:ident),*];)*) => {
        $(
            /// For each rule of the group the first grant that breaks it, or [`NONE`].
            #[must_use]
            pub const fn $group(facts: &Facts) -> [usize; [$(stringify!($rule)),*].len()] {
                [$($rule::violated(facts)),*]
            }
        )*
    };
}

// As the macro groups them, by what their errors point at. Its own functions have the names without `in_`, alone, or the compiler
// would show them with a path.
groups! {
    in_grants: [refresh_tokens_issued, refresh_tokens_redeemed, grant_scopes];
    in_people: [sign_in, pkce, passwords_checked];
    in_profile: [implicit_grant, password_grant];
    in_client_auth: [refresh_token_rotation];
    in_token_model: [refresh_token_column, grant_id_column];
}

/// As the groups of rules over grants, over the entries of `endpoints(..)`.
#[must_use]
pub const fn in_endpoints<S: DeclaredServer>() -> [usize; 3] {
    [distinct_paths::violated::<S>(), endpoint_in_use::violated::<S>(), revocation_cascade::violated::<S>()]
}

/// The index that no grant has.
pub const NONE: usize = usize::MAX;

/// The first grant that issues refresh tokens.
const fn issues(facts: &Facts) -> usize {
    first(facts, true, false)
}

/// The first grant that redeems refresh tokens.
const fn redeems(facts: &Facts) -> usize {
    first(facts, false, true)
}

/// The first grant that issues refresh tokens or redeems them for new ones.
const fn handles_refresh_tokens(facts: &Facts) -> usize {
    first(facts, true, true)
}

const fn contains(names: &[&str], wanted: &str) -> bool {
    let mut rest = names;
    while let [name, others @ ..] = rest {
        if same(name, wanted) {
            return true;
        }
        rest = others;
    }
    false
}

/// The first grant of a kind that nobody should use any more.
const fn first_legacy(facts: &Facts, legacy: Legacy) -> usize {
    let (mut rest, mut index) = (facts.grants, 0);
    while let [grant, others @ ..] = rest {
        if let Some(found) = grant.legacy
            && found as u8 == legacy as u8
        {
            return index;
        }
        rest = others;
        index += 1;
    }
    NONE
}

const fn first(facts: &Facts, issuing: bool, redeeming: bool) -> usize {
    let (mut rest, mut index) = (facts.grants, 0);
    while let [grant, others @ ..] = rest {
        if issuing && grant.issues_refresh_tokens || redeeming && grant.redeems_refresh_tokens {
            return index;
        }
        rest = others;
        index += 1;
    }
    NONE
}
