use std::fmt;
use std::marker::PhantomData;

use super::Requirement;

/// The scopes of a server, one variant each: implemented by `#[derive(Scope)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a set of scopes",
    label = "not a scope enum",
    note = "put `#[derive(Scope)]` on an enum whose variants carry `#[scope(\"name\")]` (RFC 6749 section 3.3)"
)]
pub trait Scope: Sized + Send + Sync + 'static {
    /// The scopes' names in the order of the variants, at most 128.
    const NAMES: &'static [&'static str];
    /// What the consent screen says of each scope, in the same order: the variants' doc comments.
    const TEXTS: &'static [&'static str];

    /// Every scope, in the same order.
    const ALL: &'static [Self];

    /// The position of this scope in [`Scope::NAMES`].
    fn index(&self) -> usize;

    /// The name of this scope as it goes over the wire.
    fn name(&self) -> &'static str {
        Self::NAMES.get(self.index()).copied().unwrap_or_default()
    }
}

/// A set of a server's scopes. Stored and sent as names separated by spaces (RFC 6749 section 3.3).
pub struct ScopeSet<S> {
    bits: u128,
    scopes: PhantomData<fn() -> S>,
}

/// A requested name that the server does not declare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownScope;

impl<S: Scope> ScopeSet<S> {
    /// No scope at all.
    pub const EMPTY: Self = Self::from_bits(0);

    const fn from_bits(bits: u128) -> Self {
        Self { bits, scopes: PhantomData }
    }

    /// Every scope the server declares.
    #[must_use]
    pub fn all() -> Self {
        (0..S::NAMES.len()).fold(Self::EMPTY, |set, index| Self::from_bits(set.bits | (1 << index)))
    }

    /// Reads names separated by single spaces, as clients send them. Repeating one changes nothing.
    ///
    /// # Errors
    ///
    /// [`UnknownScope`] when a name is not declared, or the text is not names separated by spaces.
    pub fn parse(text: &str) -> Result<Self, UnknownScope> {
        text.split(' ').try_fold(Self::EMPTY, |set, name| {
            let one = Self::named(name).ok_or(UnknownScope)?;
            Ok(set.union(&one))
        })
    }

    /// Reads stored names. A name the server no longer declares grants nothing.
    #[must_use]
    pub fn from_stored(text: &str) -> Self {
        text.split_ascii_whitespace().filter_map(Self::named).fold(Self::EMPTY, |set, one| set.union(&one))
    }

    /// The stored names that the server does not declare.
    pub fn undeclared(text: &str) -> impl Iterator<Item = &str> {
        text.split_ascii_whitespace().filter(|name| Self::named(name).is_none())
    }

    /// The set of the declared scopes among `names`.
    #[must_use]
    pub fn from_names(names: &[&str]) -> Self {
        names.iter().filter_map(|name| Self::named(name)).fold(Self::EMPTY, |set, one| set.union(&one))
    }

    fn named(name: &str) -> Option<Self> {
        let index = S::NAMES.iter().position(|declared| *declared == name)?;
        Some(Self::from_bits(1 << index))
    }

    /// Whether `scope` is in the set.
    #[must_use]
    pub fn contains(&self, scope: &S) -> bool {
        self.bits & (1 << scope.index()) != 0
    }

    /// The names in declaration order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        let bits = self.bits;
        S::NAMES.iter().enumerate().filter(move |(index, _)| bits & (1 << index) != 0).map(|(_, name)| *name)
    }
}

impl<S> ScopeSet<S> {
    /// The scopes in both sets.
    #[must_use]
    pub const fn intersection(&self, other: &Self) -> Self {
        Self { bits: self.bits & other.bits, scopes: PhantomData }
    }

    /// The scopes in either set.
    #[must_use]
    pub const fn union(&self, other: &Self) -> Self {
        Self { bits: self.bits | other.bits, scopes: PhantomData }
    }

    /// Whether every scope of this set is in `other`.
    #[must_use]
    pub const fn is_subset(&self, other: &Self) -> bool {
        self.bits & !other.bits == 0
    }

    /// Whether the set holds no scope.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.bits == 0
    }

    /// Whether the set holds what `requirement` asks for.
    #[must_use]
    pub fn satisfies(&self, requirement: &Requirement<S>) -> bool
    where
        S: Scope,
    {
        requirement.is_met_by(self)
    }
}

/// The names in declaration order, separated by single spaces.
impl<S: Scope> fmt::Display for ScopeSet<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, name) in self.names().enumerate() {
            if position > 0 {
                f.write_str(" ")?;
            }
            f.write_str(name)?;
        }
        Ok(())
    }
}

impl<S: Scope> fmt::Debug for ScopeSet<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

impl<S> Clone for ScopeSet<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for ScopeSet<S> {}

impl<S> PartialEq for ScopeSet<S> {
    fn eq(&self, other: &Self) -> bool {
        self.bits == other.bits
    }
}

impl<S> Eq for ScopeSet<S> {}

impl<S: Scope> Default for ScopeSet<S> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<S: Scope> FromIterator<S> for ScopeSet<S> {
    fn from_iter<I: IntoIterator<Item = S>>(scopes: I) -> Self {
        scopes.into_iter().fold(Self::EMPTY, |set, scope| Self::from_bits(set.bits | (1 << scope.index())))
    }
}

/// A field's type, seen as the scopes it stores: how a derive learns its model's scope enum.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot hold a model's scopes",
    label = "expected `ScopeSet<_>`",
    note = "scopes are stored as names separated by spaces (RFC 6749 section 3.3)",
    note = "a row without scopes has an empty `ScopeSet`"
)]
pub trait ScopeColumn: Sized {
    /// The scope enum.
    type Scopes: Scope;

    /// The stored scopes.
    fn get(&self) -> ScopeSet<Self::Scopes>;

    /// The scopes to store.
    fn put(scopes: ScopeSet<Self::Scopes>) -> Self;
}

#[diagnostic::do_not_recommend]
impl<S: Scope> ScopeColumn for ScopeSet<S> {
    type Scopes = S;

    fn get(&self) -> Self {
        *self
    }

    fn put(scopes: Self) -> Self {
        scopes
    }
}
