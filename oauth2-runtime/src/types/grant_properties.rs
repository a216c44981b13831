use std::time::Duration;

use serde::{Serialize, Serializer};

/// What a grant type does, as constants that rules and the gate read. A kind's `Spec` makes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each read by another rule")]
#[non_exhaustive]
pub struct GrantProperties {
    /// The `grant_type` it answers (RFC 6749 section 4).
    pub grant_type: &'static str,
    /// How long its access tokens live, in whole seconds.
    #[serde(serialize_with = "seconds")]
    pub access_token_ttl: Duration,
    /// Whether it is only for clients that prove their identity (RFC 6749 section 4.4).
    pub confidential_only: bool,
    /// Which clients may use it by default.
    pub default_right: DefaultRight,
    /// Whether it issues refresh tokens (RFC 6749 section 1.5).
    pub issues_refresh_tokens: bool,
    /// Whether it exchanges refresh tokens (RFC 6749 section 6).
    pub redeems_refresh_tokens: bool,
    /// Whether it exchanges them for new ones; says nothing of a grant that exchanges none.
    pub rotates_refresh_tokens: bool,
    /// How long the refresh tokens that it exchanges live, in whole seconds.
    #[serde(serialize_with = "optional_seconds")]
    pub refresh_token_ttl: Option<Duration>,
    /// The names of the only scopes it can grant; `None` for all.
    pub scopes: Option<&'static [&'static str]>,
    /// The names of the scopes that a request without `scope` asks for (RFC 6749 section 3.3); `None` for all that the client
    /// may have.
    pub default_scopes: Option<&'static [&'static str]>,
    /// How long the codes that it exchanges live, in whole seconds (RFC 6749 section 4.1.2).
    #[serde(serialize_with = "optional_seconds")]
    pub code_ttl: Option<Duration>,
    /// Whether it refuses requests without a code challenge (RFC 7636 section 4.4.1); says nothing of a grant without codes.
    pub requires_pkce: bool,
    /// The `response_type` that it answers at the authorization endpoint (RFC 6749 section 3.1.1).
    pub response_type: Option<&'static str>,
    /// Whether it answers requests at the token endpoint: all do but the implicit grant.
    pub token_request: bool,
    /// Which of the grants that nobody should use any more it is.
    pub legacy: Option<Legacy>,
}

fn seconds<S: Serializer>(ttl: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(ttl.as_secs())
}

#[expect(clippy::ref_option, reason = "serde passes a field by reference")]
fn optional_seconds<S: Serializer>(ttl: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    ttl.map(|ttl| ttl.as_secs()).serialize(serializer)
}

/// A grant of RFC 6749 that nobody should use any more (RFC 9700).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Legacy {
    /// The implicit grant (RFC 9700 section 2.1.2).
    Implicit,
    /// The resource owner password credentials grant (RFC 9700 section 2.4).
    Password,
}

/// Which clients may use a grant when their model has no `grant_types`, or the column is NULL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DefaultRight {
    /// Those that have a secret.
    Secret,
    /// Those that have a redirect URI.
    RedirectUris,
    /// Those that have a secret or a redirect URI.
    SecretOrRedirectUris,
    /// None: only a client whose `grant_types` lists the grant.
    Nobody,
}

impl GrantProperties {
    /// A grant that answers `grant_type`, for clients with a secret, with access tokens of one hour and no
    /// refresh tokens.
    #[must_use]
    pub const fn new(grant_type: &'static str) -> Self {
        Self {
            grant_type,
            access_token_ttl: Duration::from_hours(1),
            confidential_only: false,
            default_right: DefaultRight::Secret,
            issues_refresh_tokens: false,
            redeems_refresh_tokens: false,
            rotates_refresh_tokens: true,
            refresh_token_ttl: None,
            scopes: None,
            default_scopes: None,
            code_ttl: None,
            requires_pkce: true,
            response_type: None,
            token_request: true,
            legacy: None,
        }
    }

    /// How long its access tokens live, in whole seconds.
    #[must_use]
    pub const fn access_token_ttl(self, ttl: Duration) -> Self {
        Self { access_token_ttl: ttl, ..self }
    }

    /// Only for clients that prove their identity (RFC 6749 section 4.4).
    #[must_use]
    pub const fn confidential_only(self) -> Self {
        Self { confidential_only: true, ..self }
    }

    /// The names of the only scopes it can grant. The attribute's `scopes(..)` sets them.
    #[must_use]
    pub const fn scopes(self, scopes: &'static [&'static str]) -> Self {
        Self { scopes: Some(scopes), ..self }
    }

    /// The names of the scopes that a request without `scope` asks for (RFC 6749 section 3.3). The attribute's
    /// `default_scopes(..)` sets them; without them it asks for everything the client may have.
    #[must_use]
    pub const fn default_scopes(self, scopes: &'static [&'static str]) -> Self {
        Self { default_scopes: Some(scopes), ..self }
    }

    /// Which clients may use it by default.
    #[must_use]
    pub const fn default_right(self, right: DefaultRight) -> Self {
        Self { default_right: right, ..self }
    }

    /// Whether it issues refresh tokens (RFC 6749 section 1.5).
    #[must_use]
    pub const fn issues_refresh_tokens(self, issues: bool) -> Self {
        Self { issues_refresh_tokens: issues, ..self }
    }

    /// It exchanges refresh tokens that live for `ttl`, in whole seconds, for new ones when `rotates` (RFC 6749 section 6).
    #[must_use]
    pub const fn redeems_refresh_tokens(self, ttl: Duration, rotates: bool) -> Self {
        Self {
            redeems_refresh_tokens: true,
            rotates_refresh_tokens: rotates,
            refresh_token_ttl: Some(ttl),
            ..self
        }
    }

    /// It starts in a browser, at the authorization endpoint, and exchanges codes that live for `ttl`, in whole seconds
    /// (RFC 6749 section 4.1). `requires_pkce` refuses requests without a code challenge (RFC 7636 section 4.4.1).
    #[must_use]
    pub const fn exchanges_codes(self, ttl: Duration, requires_pkce: bool) -> Self {
        Self { code_ttl: Some(ttl), requires_pkce, response_type: Some("code"), ..self }
    }

    /// It starts in a browser and ends there: the authorization endpoint answers with the token, and there is no token request
    /// (RFC 6749 section 4.2).
    #[must_use]
    pub const fn answers_with_tokens(self) -> Self {
        Self { response_type: Some("token"), token_request: false, ..self }
    }

    /// It is one of those that nobody should use any more.
    #[must_use]
    pub const fn legacy(self, legacy: Legacy) -> Self {
        Self { legacy: Some(legacy), ..self }
    }
}
