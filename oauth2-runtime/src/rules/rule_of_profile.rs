//! An exception from a rule that the server's profile does not have, so that it would say nothing.

use super::contains;
use crate::spec::Facts;

/// The rule.
#[diagnostic::on_unimplemented(
    message = "the profile of `{Self}` has no such rule",
    label = "there is nothing to relax",
    note = "an exception is read by whoever asks what this server does not keep: it says so of a rule that holds",
    note = "remove it, or write the `profile` that has the rule"
)]
pub trait RuleOfProfile<const OK: bool> {}

#[diagnostic::do_not_recommend]
impl<S: ?Sized> RuleOfProfile<true> for S {}

/// Whether the profile has the rule, or it is one of the warnings.
#[must_use]
pub const fn kept(facts: &Facts, rule: &str) -> bool {
    facts.profile.has(rule) || contains(WARNINGS, rule)
}

/// What is a warning under every profile, or under those that do not refuse it.
const WARNINGS: &[&str] = &[
    "implicit_grant",
    "long_access_token_ttl",
    "long_code_ttl",
    "long_refresh_token_ttl",
    "no_revocation_endpoint",
    "password_grant",
];
