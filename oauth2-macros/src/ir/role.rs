//! The roles that the fields of a model can play.

use super::column::Holds;

/// Which model.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Client,
    Token,
    Code,
}

/// A role a field can play. Its name is the standard one, and the field's unless an attribute says otherwise.
#[derive(Clone, Copy)]
pub(crate) struct Role {
    pub(crate) name: &'static str,
    /// What the traits of the runtime that a field of this role goes through are called after.
    pub(super) column: &'static str,
    /// The name of the type of its value.
    pub(super) value: &'static str,
    pub(crate) holds: Holds,
    /// Whether its value must not be stored as it is.
    pub(crate) hashed: bool,
    pub(crate) required: bool,
    /// Why it is required.
    pub(crate) note: &'static str,
    /// The field to write.
    pub(crate) field: &'static str,
}

const fn always(name: &'static str, column: &'static str, value: &'static str) -> Role {
    Role { name, column, value, holds: Holds::Always, hashed: false, required: false, note: "", field: "" }
}

const fn sometimes(name: &'static str, column: &'static str, value: &'static str) -> Role {
    Role { holds: Holds::Sometimes, ..always(name, column, value) }
}

const fn either(name: &'static str, column: &'static str, value: &'static str) -> Role {
    Role { holds: Holds::Either, ..always(name, column, value) }
}

impl Role {
    const fn hashed(self) -> Self {
        Self { hashed: true, ..self }
    }

    /// A model without it is told to add `field`, and why.
    const fn required(self, field: &'static str, note: &'static str) -> Self {
        Self { required: true, field, note, ..self }
    }
}

const CLIENT: &[Role] = &[
    always("client_id", "ClientId", "ClientId").required("client_id: ClientId", "RFC 6749 section 2.2"),
    either("client_secret", "ClientSecret", "SecretHash")
        .hashed()
        .required("client_secret: Option<SecretHash>", "RFC 6749 section 2.3"),
    SCOPE.required(
        "scope: ScopeSet<..>",
        "RFC 7591 section 2: what a client may ask for is decided per client",
    ),
    either("redirect_uris", "RedirectUris", "RedirectUris"),
    either("grant_types", "GrantTypes", "GrantTypes"),
    either("response_types", "ResponseTypes", "ResponseTypes"),
    either("token_endpoint_auth_method", "TokenEndpointAuthMethod", "String"),
    either("client_name", "ClientName", "String"),
    either("access_token_ttl", "AccessTokenTtl", "Lifetime"),
    either("introspect", "Introspect", "bool"),
];

/// Its own words say that it is never NULL.
const SCOPE: Role = either("scope", "Scope", "ScopeSet");
const GRANT_ID: Role = always("grant_id", "GrantId", "GrantId");
const OF_CLIENT: Role = always("client_id", "TokenClientId", "ClientId");
const EXPIRES_AT: Role = always("expires_at", "ExpiresAt", "Timestamp");

const TOKEN: &[Role] = &[
    always("access_token", "AccessToken", "Digest")
        .hashed()
        .required("access_token: Digest<AccessToken>", "RFC 6749 section 1.4"),
    OF_CLIENT.required("client_id: ClientId", "RFC 7662 section 2.2"),
    sometimes("subject", "Subject", "Subject")
        .required("subject: Option<Subject>", "RFC 7662 section 2.2: `sub` cannot be answered without it"),
    SCOPE.required("scope: ScopeSet<..>", "RFC 6749 section 3.3"),
    always("issued_at", "IssuedAt", "Timestamp")
        .required("issued_at: Timestamp", "RFC 7662 section 2.2: `iat` cannot be answered without it"),
    EXPIRES_AT.required(
        "expires_at: Timestamp",
        "RFC 6749 section 5.1: `expires_in` cannot be answered without it",
    ),
    sometimes("revoked_at", "RevokedAt", "Timestamp")
        .required("revoked_at: Option<Timestamp>", "RFC 7009 section 2: a token that is revoked must say so"),
    sometimes("refresh_token", "RefreshToken", "Digest").hashed(),
    GRANT_ID,
];

const CODE: &[Role] = &[
    always("code", "Code", "Digest")
        .hashed()
        .required("code: Digest<AuthorizationCode>", "RFC 6749 section 4.1.2"),
    GRANT_ID.required(
        "grant_id: GrantId",
        "RFC 6749 section 4.1.2: when a code is used twice, the tokens that came from it must end",
    ),
    OF_CLIENT.required(
        "client_id: ClientId",
        "RFC 6749 section 4.1.3: a code is for the client it was issued to",
    ),
    always("subject", "CodeSubject", "Subject").required("subject: Subject", "RFC 6749 section 4.1"),
    SCOPE.required("scope: ScopeSet<..>", "RFC 6749 section 3.3"),
    sometimes("redirect_uri", "CodeRedirectUri", "String").required(
        "redirect_uri: Option<String>",
        "RFC 6749 section 4.1.3: a redirect URI in the authorization request must come again in the token request",
    ),
    sometimes("code_challenge", "CodeChallenge", "CodeChallenge").required(
        "code_challenge: Option<CodeChallenge>",
        "RFC 7636 section 4.4: the code is bound to the challenge of its request",
    ),
    EXPIRES_AT.required(
        "expires_at: Timestamp",
        "RFC 6749 section 4.1.2: a code lives for minutes at most",
    ),
    sometimes("consumed_at", "ConsumedAt", "Timestamp").required(
        "consumed_at: Option<Timestamp>",
        "RFC 6749 section 4.1.2: a code that was used must say so",
    ),
];

impl Kind {
    pub(crate) const fn roles(self) -> &'static [Role] {
        match self {
            Self::Client => CLIENT,
            Self::Token => TOKEN,
            Self::Code => CODE,
        }
    }

    pub(crate) const fn noun(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Token => "token",
            Self::Code => "code",
        }
    }
}
