use std::fmt;

use super::{Scope, ScopeSet};

/// Which scopes a protected resource asks for (RFC 6750 section 3.1).
///
/// Built from the scope enum itself: `Access::Read & Access::Write` asks for both, `|` for either, and the
/// operators nest with Rust's precedence.
pub enum Requirement<S: 'static> {
    /// This one scope.
    One(S),
    /// Everything in the list; nothing when the list is empty, so any live token will do.
    All(&'static [Self]),
    /// At least one of the list.
    Any(&'static [Self]),
    #[doc(hidden)]
    Both(Box<[Self; 2]>),
    #[doc(hidden)]
    Either(Box<[Self; 2]>),
}

impl<S: Scope> Requirement<S> {
    /// Any live token, whatever its scopes.
    pub const ANY_TOKEN: Self = Self::All(&[]);

    /// Whether `scopes` is enough.
    #[must_use]
    pub fn is_met_by(&self, scopes: &ScopeSet<S>) -> bool {
        match self {
            Self::One(scope) => scopes.contains(scope),
            Self::All(parts) => parts.iter().all(|part| part.is_met_by(scopes)),
            Self::Any(parts) => parts.iter().any(|part| part.is_met_by(scopes)),
            Self::Both(parts) => parts.iter().all(|part| part.is_met_by(scopes)),
            Self::Either(parts) => parts.iter().any(|part| part.is_met_by(scopes)),
        }
    }

    /// Every scope the requirement names, for the `scope` attribute of a challenge.
    #[must_use]
    pub fn named(&self) -> ScopeSet<S> {
        let of = |parts: &[Self]| {
            parts.iter().fold(ScopeSet::EMPTY, |set: ScopeSet<S>, part| set.union(&part.named()))
        };
        match self {
            Self::One(scope) => ScopeSet::from_names(&[scope.name()]),
            Self::All(parts) | Self::Any(parts) => of(parts),
            Self::Both(parts) | Self::Either(parts) => of(&parts[..]),
        }
    }

    /// Both this and `other`.
    #[must_use]
    pub fn and(self, other: impl Into<Self>) -> Self {
        Self::Both(Box::new([self, other.into()]))
    }

    /// This or `other`.
    #[must_use]
    pub fn or(self, other: impl Into<Self>) -> Self {
        Self::Either(Box::new([self, other.into()]))
    }
}

impl<S: Scope> From<S> for Requirement<S> {
    fn from(scope: S) -> Self {
        Self::One(scope)
    }
}

impl<S: Scope, R: Into<Self>> std::ops::BitAnd<R> for Requirement<S> {
    type Output = Self;

    fn bitand(self, other: R) -> Self {
        self.and(other)
    }
}

impl<S: Scope, R: Into<Self>> std::ops::BitOr<R> for Requirement<S> {
    type Output = Self;

    fn bitor(self, other: R) -> Self {
        self.or(other)
    }
}

impl<S: Scope> fmt::Debug for Requirement<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(scope) => f.write_str(scope.name()),
            Self::All(parts) => f.debug_tuple("All").field(parts).finish(),
            Self::Any(parts) => f.debug_tuple("Any").field(parts).finish(),
            Self::Both(parts) => f.debug_tuple("All").field(parts).finish(),
            Self::Either(parts) => f.debug_tuple("Any").field(parts).finish(),
        }
    }
}
