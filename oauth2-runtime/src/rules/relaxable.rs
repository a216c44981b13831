//! The rules that `allow(rule, reason = "..")` can relax, by name, so that the compiler suggests the right one.

use crate::spec::Relaxation;

/// Relaxes [`refresh_token_rotation`](super::refresh_token_rotation).
#[must_use]
pub const fn refresh_token_rotation(reason: &'static str) -> Relaxation {
    Relaxation { rule: "refresh_token_rotation", reason }
}

/// Silences the warning of [`legacy`](super::legacy) about the implicit grant.
#[must_use]
pub const fn implicit(reason: &'static str) -> Relaxation {
    Relaxation { rule: "implicit", reason }
}

/// Silences the warning of [`legacy`](super::legacy) about the password grant.
#[must_use]
pub const fn password(reason: &'static str) -> Relaxation {
    Relaxation { rule: "password", reason }
}

/// Relaxes [`pkce`](super::pkce).
#[must_use]
pub const fn pkce(reason: &'static str) -> Relaxation {
    Relaxation { rule: "pkce", reason }
}
