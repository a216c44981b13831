//! The warnings of M007 and M008: a grant that nobody should use any more, under the profile that still has it.

use crate::spec::Facts;
use crate::types::Legacy;

/// What there is to say of a grant; the number is one of [`of`].
#[derive(Debug)]
pub enum Warning<const WHICH: u8> {}

impl Warning<0> {
    /// Nothing.
    pub const fn declared() {}
}

impl Warning<1> {
    /// The implicit grant.
    #[deprecated(
        note = "the implicit grant puts tokens into URLs, where others read them (RFC 9700 section 2.1.2); use \
                         `authorization_code`, or write `allow(implicit, reason = \"..\")`"
    )]
    pub const fn declared() {}
}

impl Warning<2> {
    /// The password grant.
    #[deprecated(
        note = "with the password grant people tell their password to an application (RFC 9700 section 2.4); use \
                         `authorization_code`, or write `allow(password, reason = \"..\")`"
    )]
    pub const fn declared() {}
}

/// The number of the warning for the grant at `index`.
#[must_use]
pub const fn of(facts: &Facts, index: usize) -> u8 {
    let (mut rest, mut at) = (facts.grants, 0);
    while let [grant, others @ ..] = rest {
        if at == index {
            return match grant.legacy {
                Some(Legacy::Implicit) if facts.keeps("implicit") => 1,
                Some(Legacy::Password) if facts.keeps("password") => 2,
                _ => 0,
            };
        }
        rest = others;
        at += 1;
    }
    0
}
