//! Pairing: an app in which somebody is signed in signs in another app of theirs, without a browser.
//!
//! The first app, say on a phone, asks the endpoint [`PairingEndpoint`] for a code and shows it, usually as a picture. The other one,
//! say on a watch, exchanges it by the grant type [`GRANT_TYPE`]: it gets what the first one has, for the same person. The code
//! is for the client that it was made for, good once, and has 256 bits, so nobody guesses one.
//!
//! A client either gets codes or exchanges them: the grant type is for clients whose `grant_types` lists it, and those get no
//! codes. So a token that came from a code gets no other one, and a stolen token does not renew itself for ever.
//!
//! This module is the grant kind: `#[grant(third_party::pairing, ttl = 2m)]`.

mod endpoint;
mod pairings;

use std::time::Duration;

use oauth2_runtime::extension::{Steps, TokenExtensions};
use oauth2_runtime::grant::{Grant, GrantContext, KindHandler};
use oauth2_runtime::prelude::*;
use oauth2_runtime::types::{DefaultRight, GrantProperties, TokenResponse};

pub use endpoint::PairingEndpoint;
pub use pairings::{Pairing, PairingCode, Pairings, Pairs};

/// The grant type that exchanges a pairing code: a token request has it in `pairing_code`.
pub const GRANT_TYPE: &str = "urn:example:pairing";

// grant: begin
/// Handles [`GRANT_TYPE`].
pub enum Kind {}

/// The keys of `#[grant(third_party::pairing, ..)]`.
#[derive(Clone, Copy)]
pub struct Spec(GrantProperties, Duration);

/// The grant without any key: codes live two minutes, access tokens one hour. For clients whose `grant_types` lists it.
#[must_use]
pub const fn grant() -> Spec {
    Spec(GrantProperties::new(GRANT_TYPE).default_right(DefaultRight::Nobody), Duration::from_mins(2))
}

impl Spec {
    /// How long a code lives.
    #[must_use]
    pub const fn ttl(self, ttl: Duration) -> Self {
        Self(self.0, ttl)
    }

    /// The facts that rules and the gate read.
    #[must_use]
    pub const fn properties(self) -> GrantProperties {
        self.0
    }
}

impl<S: Pairs, G: Grant<Kind = Self, Spec = Spec>> KindHandler<S, G> for Kind
where
    G::Extensions: TokenExtensions<S>,
{
    const STEPS: Steps<S> = Steps::of::<G::Extensions>();

    async fn handle(_: G, cx: &GrantContext<'_, S>) -> Result<TokenResponse, OAuthError> {
        let admission = cx.admit::<G>()?;
        let code = Digest::of(cx.form().require("pairing_code")?);
        let (client_id, made_after) = (cx.client().client_id(), cx.now().before(G::SPEC.1));
        let pairing = code.and_then(|code| cx.server().pairings().take(&code, client_id, made_after));
        let pairing = pairing.ok_or_else(|| OAuthError::invalid_grant("the code is not valid"))?;
        let admission = admission.limited_to(ScopeSet::from_stored(&pairing.scope))?;
        cx.issue(admission, Some(pairing.subject)).await
    }
}
// grant: end
