//! What `allow(rule, reason = "..")` can relax, by name, so that the compiler suggests the right one.

use crate::spec::Relaxation;

/// Admits the [implicit grant](super::implicit_grant), without a warning.
#[must_use]
pub const fn implicit_grant(reason: &'static str) -> Relaxation {
    Relaxation { rule: "implicit_grant", reason }
}

/// Silences the warning about access tokens that live longer than a day.
#[must_use]
pub const fn long_access_token_ttl(reason: &'static str) -> Relaxation {
    Relaxation { rule: "long_access_token_ttl", reason }
}

/// Silences the warning about codes that live longer than ten minutes.
#[must_use]
pub const fn long_code_ttl(reason: &'static str) -> Relaxation {
    Relaxation { rule: "long_code_ttl", reason }
}

/// Silences the warning about refresh tokens that live longer than a year.
#[must_use]
pub const fn long_refresh_token_ttl(reason: &'static str) -> Relaxation {
    Relaxation { rule: "long_refresh_token_ttl", reason }
}

/// Silences the warning about refresh tokens that cannot be revoked.
#[must_use]
pub const fn no_revocation_endpoint(reason: &'static str) -> Relaxation {
    Relaxation { rule: "no_revocation_endpoint", reason }
}

/// Admits the [password grant](super::password_grant), without a warning.
#[must_use]
pub const fn password_grant(reason: &'static str) -> Relaxation {
    Relaxation { rule: "password_grant", reason }
}

/// Relaxes [`pkce`](super::pkce).
#[must_use]
pub const fn pkce(reason: &'static str) -> Relaxation {
    Relaxation { rule: "pkce", reason }
}

/// Relaxes [`pkce_of_public_clients`](super::pkce_of_public_clients).
#[must_use]
pub const fn pkce_of_public_clients(reason: &'static str) -> Relaxation {
    Relaxation { rule: "pkce_of_public_clients", reason }
}

/// Relaxes [`refresh_token_rotation`](super::refresh_token_rotation).
#[must_use]
pub const fn refresh_token_rotation(reason: &'static str) -> Relaxation {
    Relaxation { rule: "refresh_token_rotation", reason }
}
