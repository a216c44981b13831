use std::fmt;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::TokenInfo;
use crate::error::Error;
use crate::types::{ClientId, Scope, ScopeSet, Subject, Timestamp};

/// What an authorization server says of a live token (RFC 7662 section 2.2).
pub struct Introspected<S: Scope>(Arc<Claims<S>>);

struct Claims<S: Scope> {
    scope: ScopeSet<S>,
    subject: Option<Subject>,
    client_id: Option<ClientId>,
    expires_at: Timestamp,
}

/// What an answer must agree with.
#[derive(Debug, Clone, Default)]
pub(super) struct Expected {
    pub(super) issuer: Option<String>,
    pub(super) audience: Option<String>,
    pub(super) token_type_may_be_missing: bool,
}

/// The answer. Members of other types, and members that are there twice, make it unreadable.
#[derive(Deserialize)]
struct Document {
    active: bool,
    scope: Option<String>,
    client_id: Option<String>,
    sub: Option<String>,
    token_type: Option<String>,
    exp: Option<i64>,
    nbf: Option<i64>,
    iss: Option<String>,
    aud: Option<Audience>,
    cnf: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    fn names(&self, audience: &str) -> bool {
        match self {
            Self::One(only) => only == audience,
            Self::Several(all) => all.iter().any(|one| one == audience),
        }
    }
}

impl Expected {
    /// The token of an answer; `None` when it is not active or not to be accepted here.
    pub(super) fn read<S: Scope>(
        &self,
        answer: &[u8],
        now: Timestamp,
    ) -> Result<Option<Introspected<S>>, Error> {
        let document: Document = serde_json::from_slice(answer).map_err(|source| {
            // The text of the error may have a value of the answer in it.
            let (line, column) = (source.line(), source.column());
            Error::new(format!(
                "the introspection endpoint's answer is not one of RFC 7662 section 2.2 (line {line} column {column})"
            ))
        })?;
        if !document.active {
            return Ok(None);
        }
        let expires_at = document.exp.map(Timestamp::from_unix_seconds);
        match (self.objection(&document, now), expires_at) {
            (None, Some(expires_at)) => Ok(Some(Introspected::new(document, expires_at))),
            (objection, _) => {
                let reason = objection.unwrap_or("its answer has no `exp`");
                tracing::warn!(reason, "a token that is active is refused");
                Ok(None)
            }
        }
    }

    fn objection(&self, document: &Document, now: Timestamp) -> Option<&'static str> {
        let later = |moment: Option<i64>| moment.is_some_and(|at| Timestamp::from_unix_seconds(at) > now);
        let is_bearer = document.token_type.as_ref().map(|kind| kind.eq_ignore_ascii_case("Bearer"));
        if !is_bearer.unwrap_or(self.token_type_may_be_missing) {
            return Some("its `token_type` is not `Bearer`");
        }
        if document.exp.is_some() && !later(document.exp) {
            return Some("its `exp` is over");
        }
        if later(document.nbf) {
            return Some("its `nbf` is to come");
        }
        if let (Some(issuer), Some(named)) = (&self.issuer, &document.iss)
            && issuer != named
        {
            return Some("its `iss` is another issuer");
        }
        if let Some(audience) = &self.audience
            && !document.aud.as_ref().is_some_and(|named| named.names(audience))
        {
            return Some("its `aud` is somebody else");
        }
        document.cnf.is_some().then_some("it is bound to a key (`cnf`)")
    }
}

impl<S: Scope> Introspected<S> {
    fn new(document: Document, expires_at: Timestamp) -> Self {
        let subject = document.sub.filter(|sub| document.client_id.as_ref() != Some(sub));
        Self(Arc::new(Claims {
            scope: ScopeSet::from_stored(&document.scope.unwrap_or_default()),
            subject: subject.map(Subject::from),
            client_id: document.client_id.map(ClientId::from),
            expires_at,
        }))
    }
}

#[diagnostic::do_not_recommend]
impl<S: Scope> TokenInfo for Introspected<S> {
    type Scopes = S;

    fn scope(&self) -> ScopeSet<S> {
        self.0.scope
    }

    fn subject(&self) -> Option<&Subject> {
        self.0.subject.as_ref()
    }

    fn client_id(&self) -> Option<&ClientId> {
        self.0.client_id.as_ref()
    }

    fn expires_at(&self) -> Timestamp {
        self.0.expires_at
    }
}

impl<S: Scope> Clone for Introspected<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: Scope> fmt::Debug for Introspected<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Introspected").field("client_id", &self.0.client_id).finish_non_exhaustive()
    }
}
