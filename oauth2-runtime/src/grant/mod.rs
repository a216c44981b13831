//! Grants: how a client obtains a token (RFC 6749 section 4). One grant type a file.
//!
//! A kind is a module with three items: `Kind`, the type that handles it; `Spec`, its configuration, whose const
//! methods are the keys of `#[grant(kind, key = ..)]`; and `grant()`, the spec without any key. A kind of your own
//! is used the same way: `#[grant(crate::my_kind, key = ..)]`.

mod authorization;
pub mod authorization_code;
pub mod client_credentials;
pub mod extension;
pub mod implicit;
pub mod password;
pub mod refresh_token;
mod refused;

pub use authorization::AuthorizationHandler;
pub(crate) use authorization::{AuthorizationGrant, Granted};

use std::future::Future;
use std::ops::Deref;

use futures_util::future::BoxFuture;

use crate::client_auth::{ClientAuthentication, ClientRequest};
use crate::error::OAuthError;
use crate::extension::{Extensions, Steps, TokenContext, Verdict};
use crate::form::Form;
use crate::gate::{Application, Requested, admit};
use crate::issue::{Minted, Refresh, issue, mint};
use crate::server::OAuth2Server;
use crate::types::{GrantId, GrantProperties, ScopeSet, Subject, TokenResponse};

pub use crate::gate::Admission;
#[doc(hidden)]
pub use refused::{PkceWithoutCode, RefreshTokensForMachines, RefreshTokensInUrls};

/// A grant: implemented by `#[grant]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a grant",
    label = "not a grant",
    note = "RFC 6749 section 4: a grant is a way to obtain a token",
    note = "put `#[grant(kind)]` on `{Self}`, such as `#[grant(authorization_code)]`, or remove it from the list"
)]
pub trait Grant: Sized + Send + 'static {
    /// What handles it.
    type Kind: Send;
    /// How it is configured.
    type Spec: 'static;
    /// A hidden type whose definition is the kind's name in the attribute, so that the compiler can point at it.
    #[doc(hidden)]
    type Declared;

    /// Its extensions, `(First, (Second, ()))`.
    type Extensions: 'static;

    /// Its configuration.
    const SPEC: Self::Spec;
    /// The facts that rules and the gate read.
    const PROPERTIES: GrantProperties;
    /// The `grant_type` it answers.
    const GRANT_TYPE: &'static str = Self::PROPERTIES.grant_type;

    /// Takes its own parameters from a token request.
    ///
    /// # Errors
    ///
    /// `invalid_request` when one is missing or repeated.
    fn parse(form: &Form) -> Result<Self, OAuthError>;
}

/// A kind of grant: what a token request of it leads to.
///
/// A kind whose grants may be extended with steps at the token endpoint:
///
/// ```
/// use oauth2_runtime::extension::{Steps, TokenExtensions};
/// use oauth2_runtime::grant::{Grant, GrantContext, KindHandler};
/// use oauth2_runtime::prelude::*;
/// use oauth2_runtime::types::TokenResponse;
///
/// enum Kind {}
///
/// impl<S: OAuth2Server, G: Grant<Kind = Self>> KindHandler<S, G> for Kind
/// where
///     G::Extensions: TokenExtensions<S>,
/// {
///     const STEPS: Steps<S> = Steps::of::<G::Extensions>();
///
///     async fn handle(_: G, cx: &GrantContext<'_, S>) -> Result<TokenResponse, OAuthError> {
///         cx.issue(cx.admit::<G>()?, None).await
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "the grant `{G}` cannot be used by `{S}`",
    label = "`{S}` has no handler for this grant",
    note = "an extension grant needs `impl ExtensionGrant<{S}> for {G}` (RFC 6749 section 4.5)"
)]
pub trait KindHandler<S: OAuth2Server, G: Grant<Kind = Self>>: Sized {
    /// The steps of the grant's extensions.
    const STEPS: Steps<S>;
    /// What the kind itself checks of a token request, before the steps of any extension.
    #[doc(hidden)]
    const CHECK: Option<Check<S>> = None;

    /// Answers a token request.
    fn handle(
        grant: G,
        cx: &GrantContext<'_, S>,
    ) -> impl Future<Output = Result<TokenResponse, OAuthError>> + Send;

    /// What the authorization endpoint does, for a grant that starts there.
    #[doc(hidden)]
    #[must_use]
    fn authorization() -> Option<AuthorizationHandler<S>>
    where
        S: Dispatch,
    {
        None
    }
}

/// One check of a token request.
type Check<S> = for<'a> fn(&'a TokenContext<'a, S>) -> Verdict<'a>;

/// A token request whose client is known. It dereferences to the [`ClientRequest`].
pub struct GrantContext<'a, S: OAuth2Server> {
    request: &'a ClientRequest<'a, S>,
    check: Option<Check<S>>,
    steps: [&'a Steps<S>; 2],
}

impl<'a, S: OAuth2Server> Deref for GrantContext<'a, S> {
    type Target = ClientRequest<'a, S>;

    fn deref(&self) -> &Self::Target {
        self.request
    }
}

impl<S: OAuth2Server> GrantContext<'_, S> {
    /// Asks the gate whether this client may use the grant `G` with the requested scope. Ask it first: it costs
    /// nothing, and what the request presents is then looked at for clients with the right only.
    ///
    /// # Errors
    ///
    /// `unauthorized_client` or `invalid_scope`.
    pub fn admit<G: Grant>(&self) -> Result<Admission<S>, OAuthError> {
        self.admit_to::<G>(Requested::Anew(self.form().get("scope")?), ScopeSet::all())
    }

    /// As [`GrantContext::admit`], with no more than was granted before.
    fn admit_within<G: Grant>(&self, ceiling: ScopeSet<S::Scopes>) -> Result<Admission<S>, OAuthError> {
        self.admit_to::<G>(Requested::Again(self.form().get("scope")?), ceiling)
    }

    fn admit_to<G: Grant>(
        &self,
        requested: Requested<'_>,
        ceiling: ScopeSet<S::Scopes>,
    ) -> Result<Admission<S>, OAuthError> {
        admit(&Application {
            client: self.client(),
            confidential: self.client_is_confidential(),
            grant: G::PROPERTIES,
            requested,
            ceiling,
        })
    }

    /// Asks the gate about the subject, then makes, stores and hands out a token. A refresh token comes with it when the
    /// grant issues them and the token speaks for a person.
    ///
    /// # Errors
    ///
    /// `invalid_grant` when the subject is not active; `temporarily_unavailable` when the database cannot answer.
    pub async fn issue(
        &self,
        admission: Admission<S>,
        subject: Option<Subject>,
    ) -> Result<TokenResponse, OAuthError> {
        let minted = self.prepare(admission, subject, Origin::default()).await?;
        issue(self.server(), minted, None).await
    }

    /// Makes a token that is not stored yet, with all steps of extensions.
    async fn prepare(
        &self,
        admission: Admission<S>,
        subject: Option<Subject>,
        origin: Origin<'_, S>,
    ) -> Result<Minted<S::Token>, OAuthError> {
        let cx = TokenContext {
            server: self.server(),
            client: self.client(),
            form: self.form(),
            now: self.now(),
            request: Some(self.request),
            grant: *admission.grant(),
            subject: subject.as_ref(),
            scope: admission.scope(),
            code: origin.code,
            refreshed: origin.refreshed,
        };
        if let Some(check) = self.check {
            check(&cx).await?;
        }
        let permit = admission.permit(self.server(), subject.clone()).await?;
        for steps in self.steps {
            steps.token_request(&cx).await?;
        }
        let mut minted = mint(self.server(), self.client(), permit, origin.grant_id, &origin.refresh).await?;
        for steps in self.steps {
            minted.extend(steps, &cx).await?;
        }
        Ok(minted)
    }
}

/// What a token is issued for.
struct Origin<'a, S: OAuth2Server> {
    code: Option<&'a S::Code>,
    refreshed: Option<&'a S::Token>,
    grant_id: Option<GrantId>,
    refresh: Refresh<S>,
}

impl<S: OAuth2Server> Default for Origin<'_, S> {
    fn default() -> Self {
        Self { code: None, refreshed: None, grant_id: None, refresh: Refresh::IfPermitted }
    }
}

/// The answer when nothing may be stored for an authorization request.
const WITHDRAWN: &str = "the client does not exist any more, or the person has taken back their consent";

/// What a server does with one of its grants.
pub struct Handler<S: Dispatch> {
    run: for<'a> fn(&'a GrantContext<'a, S>) -> Answer<'a>,
    check: Option<Check<S>>,
    steps: Steps<S>,
    authorization: Option<AuthorizationHandler<S>>,
}

/// What a token request becomes.
type Answer<'a> = BoxFuture<'a, Result<TokenResponse, OAuthError>>;

impl<S: Dispatch> Handler<S> {
    /// That of the grant `G`.
    #[must_use]
    pub fn of<G: Grant>() -> Option<Self>
    where
        G::Kind: KindHandler<S, G>,
    {
        let authorization = G::Kind::authorization();
        let (check, steps) = (G::Kind::CHECK, G::Kind::STEPS);
        Some(Self { run: run::<S, G>, check, steps, authorization })
    }

    /// Answers a token request.
    pub(crate) async fn run(&self, request: &ClientRequest<'_, S>) -> Result<TokenResponse, OAuthError> {
        let for_all = Steps::of::<S::Extensions>();
        let (check, steps) = (self.check, [&for_all, &self.steps]);
        (self.run)(&GrantContext { request, check, steps }).await
    }

    /// The names of the types of all extensions with steps in it, in the order of their steps.
    pub(crate) fn extensions(&self) -> Vec<&'static str> {
        let for_all = Steps::of::<S::Extensions>().names();
        for_all.into_iter().chain(self.steps.names()).collect()
    }

    /// What the authorization endpoint does, for a grant that starts there.
    pub(crate) fn authorization(self) -> Option<AuthorizationHandler<S>> {
        self.authorization
    }
}

/// Runs a token request as one of the grant `G`.
fn run<'a, S, G>(cx: &'a GrantContext<'a, S>) -> Answer<'a>
where
    S: OAuth2Server,
    G: Grant,
    G::Kind: KindHandler<S, G>,
{
    Box::pin(async move { G::Kind::handle(G::parse(cx.form())?, cx).await })
}

/// From a `grant_type` to its grant: the generated match.
pub trait Dispatch: ClientAuthentication {
    /// The grants in declaration order.
    const GRANTS: &'static [GrantProperties];
    /// The extensions of all grants.
    type Extensions: Extensions<Self>;

    /// The grant that answers `grant_type`.
    fn handler(grant_type: &str) -> Option<Handler<Self>>;
}
