//! What a server declares, as one constant.

use crate::client_auth::Method;
use crate::endpoint::token::TokenEndpoint;
use crate::endpoint::{Endpoint, Mount};
use crate::grant::Dispatch;
use crate::model::OAuth2Token;
use crate::server::OAuth2Server;
use crate::store::Schema;
use crate::types::{GrantProperties, Scope};

/// A named set of rules a server must keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Profile {
    /// OAuth 2.1 with the best current practice of RFC 9700: the default.
    OAuth21,
    /// RFC 6749 as it was published in 2012; must be asked for by name.
    Rfc6749,
}

/// A rule of the profile that the server does not keep, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relaxation {
    /// The rule.
    pub rule: &'static str,
    /// The reason given in the declaration.
    pub reason: &'static str,
}

/// What a token model can store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// Refresh tokens.
    pub refresh_tokens: bool,
    /// Which authorization a token came from.
    pub grant_ids: bool,
}

/// Asks a type what it is: `Probe::<T>::CAPABILITIES`, `Probe::<T>::SCOPES`.
///
/// Where `T` is a token model or a scope enum the inherent constant is found, otherwise the one of [`Unknown`]. A missing derive is then
/// one error of the compiler, and no rule adds to it.
#[doc(hidden)]
#[derive(Debug)]
pub struct Probe<T>(std::marker::PhantomData<T>);

impl<T: OAuth2Token> Probe<T> {
    /// Those of the token model `T`.
    pub const CAPABILITIES: Capabilities =
        Capabilities { refresh_tokens: T::HAS_REFRESH_TOKEN, grant_ids: T::HAS_GRANT_ID };
}

impl<T: Scope> Probe<T> {
    /// The names of the scope enum `T`.
    pub const SCOPES: Option<&'static [&'static str]> = Some(T::NAMES);
}

/// The answers for a type that is no token model or no scope enum: such that no rule complains.
#[doc(hidden)]
pub trait Unknown {
    /// All.
    const CAPABILITIES: Capabilities = Capabilities { refresh_tokens: true, grant_ids: true };
    /// Unknown.
    const SCOPES: Option<&'static [&'static str]> = None;
}

impl<T> Unknown for Probe<T> {}

/// What the rules read: facts about one server.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// The names of the declared scopes; `None` when the type is no scope enum, which has an error of its own.
    pub scopes: Option<&'static [&'static str]>,
    /// The grants in declaration order.
    pub grants: &'static [GrantProperties],
    /// Whether clients that prove nothing are accepted at the token endpoint.
    pub public_clients: bool,
    /// What the token model can store.
    pub token: Capabilities,
    /// How people sign in.
    pub sign_in: SignInBy,
    /// The rules to keep.
    pub profile: Profile,
    /// Exceptions from them.
    pub relaxed: &'static [Relaxation],
}

/// How people sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignInBy {
    /// They do not.
    Nothing,
    /// `sign_in = password(..)`: on the built-in page.
    Password,
    /// `sign_in = own_pages`: on pages of the application, which ask for consent too.
    OwnPages,
}

/// One server, as its declaration says.
#[derive(Debug)]
pub struct ServerSpec<S: Dispatch> {
    /// The names of the declared scopes.
    pub scopes: Option<&'static [&'static str]>,
    /// What the token model can store.
    pub token: Capabilities,
    /// The rules to keep.
    pub profile: Profile,
    /// Exceptions from them.
    pub relaxed: &'static [Relaxation],
    /// How people sign in.
    pub sign_in: SignInBy,
    /// What is done about the tables.
    pub schema: Schema,
    /// Whether rows that nobody can need again are deleted from time to time.
    pub purge: bool,
    /// Optional endpoints, and those every server has if they have keys.
    pub endpoints: &'static [Mount<S>],
}

impl<S: Dispatch> ServerSpec<S> {
    /// What the rules read of it.
    #[must_use]
    pub const fn facts(&self) -> Facts {
        Facts {
            scopes: self.scopes,
            grants: S::GRANTS,
            public_clients: accepts_public_clients(self.token_endpoint_methods()),
            token: self.token,
            sign_in: self.sign_in,
            profile: self.profile,
            relaxed: self.relaxed,
        }
    }

    /// The client authentication methods of the token endpoint.
    const fn token_endpoint_methods(&self) -> &'static [Method<S>] {
        let mut rest = self.endpoints;
        while let [mount, others @ ..] = rest {
            if same(mount.known_as, <TokenEndpoint as Endpoint<S>>::PATH)
                && let Some(methods) = mount.client_auth
            {
                return methods;
            }
            rest = others;
        }
        S::METHODS
    }
}

impl Facts {
    /// Whether the rule is kept: it is not relaxed.
    pub(crate) const fn keeps(&self, rule: &str) -> bool {
        let mut rest = self.relaxed;
        while let [relaxation, others @ ..] = rest {
            if same(relaxation.rule, rule) {
                return false;
            }
            rest = others;
        }
        true
    }
}

const fn accepts_public_clients<S: OAuth2Server>(methods: &[Method<S>]) -> bool {
    let mut rest = methods;
    while let [method, others @ ..] = rest {
        if !method.authenticates() {
            return true;
        }
        rest = others;
    }
    false
}

/// Whether two texts are equal, at compile time.
pub(crate) const fn same(a: &str, b: &str) -> bool {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    while let ([x, rest_of_a @ ..], [y, rest_of_b @ ..]) = (a, b) {
        if *x != *y {
            return false;
        }
        (a, b) = (rest_of_a, rest_of_b);
    }
    a.is_empty() && b.is_empty()
}
