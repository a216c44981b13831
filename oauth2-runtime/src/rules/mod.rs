//! Rules that the compiler checks across items: one a file.
//!
//! A rule is a trait with the words of the error on it, and a const function that looks for a violation in the facts of a
//! server. `#[oauth2_server]` emits one call for each grant, with the number of the rule that the grant breaks as a const
//! parameter. Every rule holds for every number but its own; so the compiler reports that one, with the rule's words, at the
//! user's own tokens.
//!
//! Each module has a trait of its own name, with the grant `G` and what the rule is about in `S`, and `violated`, which gives
//! the index of the first grant that breaks the rule, or [`NONE`]. One cause gives one error. Rules about one thing alone, such as a
//! scope, hold where their const parameter is `true`, and have `kept` in the place of `violated`.
//!
//! What is no mistake but should be meant is a warning of the compiler at the grant, which
//! `allow(rule, reason = "..")` answers.
//!
//! [`Profile`](crate::spec::Profile) says which rules a profile adds. `docs/rules.md` in the repository shows every rule with its error.

use crate::router::DeclaredServer;
use crate::spec::{ClientAuthFacts, Facts, same};
use crate::types::{GrantProperties, Legacy};

/// The index of the first grant for which `broken` holds, or [`NONE`].
macro_rules! first {
    ($facts:expr, $grant:ident => $broken:expr) => {{
        let (mut rest, mut index) = ($facts.grants, 0);
        loop {
            let [$grant, others @ ..] = rest else { break NONE };
            if $broken {
                break index;
            }
            rest = others;
            index += 1;
        }
    }};
}

macro_rules! rules {
    ($($module:ident: $rule:ident;)*) => {
        $(
            pub mod $module;
            pub use $module::$rule;
        )*
    };
}

rules! {
    access_token_outlives_refresh_token: AccessTokenOutlivesRefreshToken;
    confidential_clients: ConfidentialClients;
    default_scopes: DefaultScopes;
    default_scopes_at_refresh: DefaultScopesAtRefresh;
    distinct_grant_types: DistinctGrantTypes;
    distinct_paths: DistinctPaths;
    endpoint_in_use: EndpointInUse;
    grant_id_column: GrantIdColumn;
    grant_scopes: GrantScopes;
    grant_types_column: GrantTypesColumn;
    id_tokens: IdTokens;
    implicit_grant: ImplicitGrant;
    introspection_authentication: IntrospectionAuthentication;
    password_grant: PasswordGrant;
    passwords_checked: PasswordsChecked;
    pkce: Pkce;
    pkce_of_public_clients: PkceOfPublicClients;
    redirect_uris_column: RedirectUrisColumn;
    refresh_token_column: RefreshTokenColumn;
    refresh_token_retry_window: RefreshTokenRetryWindow;
    refresh_token_rotation: RefreshTokenRotation;
    refresh_tokens_issued: RefreshTokensIssued;
    refresh_tokens_redeemed: RefreshTokensRedeemed;
    revocation_cascade: RevocationCascade;
    rule_of_profile: RuleOfProfile;
    sign_in: SignIn;
    signal_can_occur: SignalCanOccur;
}

pub mod long_access_token_ttl;
pub mod long_code_ttl;
pub mod long_refresh_token_ttl;
pub mod no_revocation_endpoint;
pub mod relaxable;

/// What the rules read of a server.
#[must_use]
pub const fn facts<S: DeclaredServer>() -> Facts {
    Facts::of(&S::SPEC, S::GRANTS)
}

/// `name` gives the number of the rule that each item breaks, the first where there are several, or 0. A rule holds for every
/// number but its own.
macro_rules! numbered {
    ($(#[$doc:meta])* $name:ident($facts:ident, $server:ident) about $about:tt { $($number:literal $rule:ident: $violated:expr;)* }) => {
        $(#[$doc])*
        #[must_use]
        pub const fn $name<$server: DeclaredServer, const ITEMS: usize>($facts: &Facts) -> [u8; ITEMS] {
            numbers(&[$(($number, $violated)),*])
        }
        hold!($about [0] $($number $rule)*);
    };
}

macro_rules! hold {
    ($about:tt $before:tt) => {};
    ($about:tt [$($before:tt)*] $number:tt $rule:ident $($later:tt $others:ident)*) => {
        $(holds!($rule $about $before);)*
        $(holds!($rule $about $later);)*
        hold!($about [$($before)* $number] $($later $others)*);
    };
}

macro_rules! holds {
    ($rule:ident [$($about:ident),*] $number:tt) => {
        #[diagnostic::do_not_recommend]
        impl<T: ?Sized, $($about),*> $rule<$($about,)* $number> for T {}
    };
}

numbered! {
    /// Over the grants.
    over_grants(facts, S) about [G, On] {
        1 RefreshTokensIssued: refresh_tokens_issued::violated(facts);
        2 RefreshTokensRedeemed: refresh_tokens_redeemed::violated(facts);
        3 GrantScopes: grant_scopes::violated(facts);
        4 SignIn: sign_in::violated(facts);
        5 PasswordsChecked: passwords_checked::violated(facts);
        6 AccessTokenOutlivesRefreshToken: access_token_outlives_refresh_token::violated(facts);
        7 RefreshTokenRetryWindow: refresh_token_retry_window::violated(facts);
        8 ImplicitGrant: implicit_grant::violated(facts);
        9 PasswordGrant: password_grant::violated(facts);
        10 Pkce: pkce::violated(facts);
        11 RedirectUrisColumn: redirect_uris_column::violated(facts);
        12 GrantTypesColumn: grant_types_column::violated(facts);
        13 RefreshTokenColumn: refresh_token_column::violated(facts);
        14 GrantIdColumn: grant_id_column::violated(facts);
    }
}

numbered! {
    /// Over the grants, where it matters how clients authenticate.
    over_client_methods(facts, S) about [G, On] {
        1 RefreshTokenRotation: refresh_token_rotation::violated(facts, clients::<S>());
        2 PkceOfPublicClients: pkce_of_public_clients::violated(facts, clients::<S>());
        3 ConfidentialClients: confidential_clients::violated(facts, clients::<S>());
    }
}

numbered! {
    /// Over the entries of `endpoints(..)`.
    over_endpoints(_facts, S) about [On] {
        1 DistinctPaths: distinct_paths::violated::<S>();
        2 EndpointInUse: endpoint_in_use::violated::<S>();
        3 RevocationCascade: revocation_cascade::violated::<S>();
        4 IntrospectionAuthentication: introspection_authentication::violated::<S>();
    }
}

const fn clients<S: DeclaredServer>() -> ClientAuthFacts {
    ClientAuthFacts::of::<S>(S::METHODS, S::ENDPOINTS)
}

/// The number of the first rule that each item breaks.
const fn numbers<const ITEMS: usize>(rules: &[(u8, usize)]) -> [u8; ITEMS] {
    let mut numbers = [0; ITEMS];
    let (mut left, mut item) = (numbers.as_mut_slice(), 0);
    while let [number, others @ ..] = left {
        let mut rest = rules;
        while let [(rule, broken_by), more @ ..] = rest {
            if *number == 0 && *broken_by == item {
                *number = *rule;
            }
            rest = more;
        }
        left = others;
        item += 1;
    }
    numbers
}

/// What there is to say of a grant although it is no mistake, by its number, which is one of [`over_warnings`].
pub type Warning<const NUMBER: u8> = <Numbered<NUMBER> as Said>::Warning;

/// A number of [`over_warnings`].
#[derive(Debug)]
pub enum Numbered<const NUMBER: u8> {}

/// What is said for a number: a type whose `declared` is deprecated, with the words of the warning.
pub trait Said {
    /// That type.
    type Warning;
}

/// Nothing is said.
#[derive(Debug)]
pub enum Silence {}

impl Silence {
    /// Nothing.
    pub const fn declared() {}
}

impl Said for Numbered<0> {
    type Warning = Silence;
}

/// The gravest first.
macro_rules! warnings {
    ($($number:literal $rule:ident $(::<$server:ident>)?;)*) => {
        $(
            impl Said for Numbered<$number> {
                type Warning = $rule::Warning;
            }
        )*

        const fn warning<S: DeclaredServer>(facts: &Facts, grant: &GrantProperties) -> u8 {
            $(if $rule::given$(::<$server>)?(facts, grant) { return $number; })*
            0
        }
    };
}

warnings! {
    1 implicit_grant;
    2 password_grant;
    3 long_code_ttl;
    4 long_access_token_ttl;
    5 long_refresh_token_ttl;
    6 no_revocation_endpoint::<S>;
}

/// The number of each grant's warning, the gravest where there are several.
#[must_use]
pub const fn over_warnings<S: DeclaredServer, const GRANTS: usize>(facts: &Facts) -> [u8; GRANTS] {
    let mut numbers = [0; GRANTS];
    let (mut rest, mut left) = (facts.grants, numbers.as_mut_slice());
    while let ([grant, others @ ..], [number, numbers @ ..]) = (rest, left) {
        *number = warning::<S>(facts, grant);
        (rest, left) = (others, numbers);
    }
    numbers
}

/// The index that no grant has.
pub const NONE: usize = usize::MAX;

/// The first grant that issues refresh tokens.
const fn issues(facts: &Facts) -> usize {
    first!(facts, grant => grant.issues_refresh_tokens)
}

/// The first grant that redeems refresh tokens.
const fn redeems(facts: &Facts) -> usize {
    first!(facts, grant => grant.redeems_refresh_tokens)
}

/// The first grant that issues refresh tokens or redeems them for new ones.
const fn handles_refresh_tokens(facts: &Facts) -> usize {
    first!(facts, grant => grant.issues_refresh_tokens || grant.redeems_refresh_tokens)
}

/// Whether the grant is of a kind that nobody should use any more.
const fn is_legacy(grant: &GrantProperties, legacy: Legacy) -> bool {
    matches!(grant.legacy, Some(found) if found as u8 == legacy as u8)
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
