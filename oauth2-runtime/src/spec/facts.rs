use super::{ClientCapabilities, Profile, Relaxation, ServerSpec, SignInBy, TokenCapabilities, same};
use crate::client_auth::Method;
use crate::endpoint::token::TokenEndpoint;
use crate::endpoint::{Endpoint, Mount};
use crate::grant::Dispatch;
use crate::types::GrantProperties;

/// What the rules read: facts about one server, without the parts of it that somebody else may have written.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// The names of the declared scopes; `None` when the type is no scope enum, which has an error of its own.
    pub scopes: Option<&'static [&'static str]>,
    /// The grants in declaration order.
    pub grants: &'static [GrantProperties],
    /// What the client model can store.
    pub client: ClientCapabilities,
    /// What the token model can store.
    pub token: TokenCapabilities,
    /// How people sign in.
    pub sign_in: SignInBy,
    /// The rules to keep beyond those of every server.
    pub profile: Profile,
    /// Exceptions from them.
    pub relaxed: &'static [Relaxation],
}

impl Facts {
    /// Those of `spec`, for a server with `grants`.
    #[must_use]
    pub const fn of(spec: &ServerSpec, grants: &'static [GrantProperties]) -> Self {
        Self {
            scopes: spec.scopes,
            grants,
            client: spec.client,
            token: spec.token,
            sign_in: spec.sign_in,
            profile: spec.profile,
            relaxed: spec.relaxed,
        }
    }

    /// Whether the rule is one of the profile's, and not relaxed.
    pub(crate) const fn requires(&self, rule: &str) -> bool {
        self.profile.has(rule) && !self.relaxes(rule)
    }

    /// Whether `allow(rule, ..)` is there.
    pub(crate) const fn relaxes(&self, rule: &str) -> bool {
        let mut rest = self.relaxed;
        while let [relaxation, others @ ..] = rest {
            if same(relaxation.rule, rule) {
                return true;
            }
            rest = others;
        }
        false
    }
}

/// Which clients the token endpoint knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAuthFacts {
    /// Those that prove nothing.
    pub public: bool,
    /// Those that prove who they are.
    pub confidential: bool,
}

impl ClientAuthFacts {
    /// Those of a server with these client authentication methods and entries of `endpoints(..)`.
    #[must_use]
    pub const fn of<S: Dispatch>(methods: &[Method<S>], endpoints: &[Mount<S>]) -> Self {
        let mut rest = endpoints;
        while let [mount, others @ ..] = rest {
            if same(mount.known_as, <TokenEndpoint as Endpoint<S>>::PATH)
                && let Some(methods) = mount.client_auth
            {
                return Self::by(methods);
            }
            rest = others;
        }
        Self::by(methods)
    }

    /// Those that authenticate by `methods`.
    pub(crate) const fn by<S: Dispatch>(methods: &[Method<S>]) -> Self {
        let mut facts = Self { public: false, confidential: false };
        let mut rest = methods;
        while let [method, others @ ..] = rest {
            if method.authenticates() {
                facts.confidential = true;
            } else {
                facts.public = true;
            }
            rest = others;
        }
        facts
    }
}
