use std::time::Duration;

use serde::{Serialize, Serializer};

use crate::grant::{authorization_code, refresh_token};
use crate::purge::CODE_MEMORY;
use crate::session::SESSION_TTL;
use crate::spec::SignInBy;
use crate::types::GrantProperties;

/// How long things last that the framework decides. What a server has not is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Lifetimes {
    /// How long a person stays signed in on the built-in pages: [`SESSION_TTL`].
    #[serde(serialize_with = "seconds")]
    pub session: Option<Duration>,
    /// How long after its use a code may come back without ending what it was exchanged for:
    /// [`authorization_code::RETRY_WINDOW`].
    #[serde(serialize_with = "seconds")]
    pub code_retry_window: Option<Duration>,
    /// How long a used code is remembered after its end: [`CODE_MEMORY`].
    #[serde(serialize_with = "seconds")]
    pub code_memory: Option<Duration>,
    /// How long after its use a refresh token may come back without ending the authorization:
    /// [`refresh_token::RETRY_WINDOW`].
    #[serde(serialize_with = "seconds")]
    pub refresh_token_retry_window: Option<Duration>,
}

#[expect(clippy::ref_option, reason = "serde passes a field by reference")]
fn seconds<S: Serializer>(lifetime: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    lifetime.map(|lifetime| lifetime.as_secs()).serialize(serializer)
}

impl Lifetimes {
    /// Those of a server with these grants.
    pub(super) const fn of(grants: &[GrantProperties], sign_in: SignInBy) -> Self {
        let (mut pages, mut codes, mut refresh_tokens) = (false, false, false);
        let mut rest = grants;
        while let [grant, others @ ..] = rest {
            pages |= grant.response_type.is_some() && !matches!(sign_in, SignInBy::OwnPages);
            codes |= grant.code_ttl.is_some();
            refresh_tokens |= grant.redeems_refresh_tokens;
            rest = others;
        }
        Self {
            session: if pages { Some(SESSION_TTL) } else { None },
            code_retry_window: if codes { Some(authorization_code::RETRY_WINDOW) } else { None },
            code_memory: if codes { Some(CODE_MEMORY) } else { None },
            refresh_token_retry_window: if refresh_tokens { Some(refresh_token::RETRY_WINDOW) } else { None },
        }
    }

    /// Each with its name.
    pub(super) fn named(&self) -> [(&'static str, Option<Duration>); 4] {
        [
            ("session", self.session),
            ("code_retry_window", self.code_retry_window),
            ("code_memory", self.code_memory),
            ("refresh_token_retry_window", self.refresh_token_retry_window),
        ]
    }
}
