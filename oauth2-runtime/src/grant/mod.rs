//! Grants: how a client obtains a token (RFC 6749 section 4). One grant type a file.
//!
//! A kind is a module with three items: `Kind`, the type that handles it; `Spec`, its configuration, whose const
//! methods are the keys of `#[grant(kind, key = ..)]`; and `grant()`, the spec without any key. A kind of your own
//! is used the same way: `#[grant(crate::my_kind, key = ..)]`.

pub mod authorization_code;
pub mod client_credentials;
pub mod extension;
pub mod refresh_token;

use std::future::Future;

use futures_util::future::BoxFuture;

use crate::client_auth::{AuthenticatedClient, ClientAuthentication};
use crate::error::OAuthError;
use crate::form::Form;
use crate::gate::{Application, admit};
use crate::issue::{Refresh, issue, mint};
use crate::server::{OAuth2Server, Ready};
use crate::types::{GrantProperties, ScopeSet, Subject, Timestamp, TokenResponse};

pub use crate::gate::Admission;

/// A grant: implemented by `#[grant]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a grant",
    label = "not a grant",
    note = "put `#[grant(..)]` on the struct, for instance `#[grant(client_credentials)]` (RFC 6749 section 4)"
)]
pub trait Grant: Sized + Send + 'static {
    /// What handles it.
    type Kind: Send;
    /// How it is configured.
    type Spec: 'static;
    /// A hidden type whose definition is the kind's name in the attribute, so that the compiler can point at it.
    #[doc(hidden)]
    type Declared;

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
#[diagnostic::on_unimplemented(
    message = "the grant `{G}` cannot be used by `{S}`",
    label = "`{S}` has no handler for this grant",
    note = "an extension grant needs `impl ExtensionGrant<{S}> for {G}` (RFC 6749 section 4.5)"
)]
pub trait KindHandler<S: OAuth2Server, G: Grant<Kind = Self>>: Sized {
    /// Answers a token request.
    fn handle(
        grant: G,
        cx: &GrantContext<'_, S>,
    ) -> impl Future<Output = Result<TokenResponse, OAuthError>> + Send;
}

/// A token request whose client is known.
pub struct GrantContext<'a, S: OAuth2Server> {
    server: &'a Ready<S>,
    client: &'a AuthenticatedClient<S::Client>,
    form: &'a Form,
    now: Timestamp,
}

impl<'a, S: OAuth2Server> GrantContext<'a, S> {
    pub(crate) const fn new(
        server: &'a Ready<S>,
        client: &'a AuthenticatedClient<S::Client>,
        form: &'a Form,
        now: Timestamp,
    ) -> Self {
        Self { server, client, form, now }
    }

    /// The server; dereferences to your struct.
    #[must_use]
    pub const fn server(&self) -> &'a Ready<S> {
        self.server
    }

    /// The client that sent the request.
    #[must_use]
    pub const fn client(&self) -> &'a S::Client {
        self.client.client()
    }

    /// Whether the client proved its identity; a public client has only named itself.
    #[must_use]
    pub const fn client_is_confidential(&self) -> bool {
        self.client.is_confidential()
    }

    /// The parameters of the request.
    #[must_use]
    pub const fn form(&self) -> &'a Form {
        self.form
    }

    /// When the request arrived.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Asks the gate whether this client may use the grant `G` with the requested scope. Ask it first: it costs
    /// nothing, and what the request presents is then looked at for clients with the right only.
    ///
    /// # Errors
    ///
    /// `unauthorized_client` or `invalid_scope`.
    pub fn admit<G: Grant>(&self) -> Result<Admission<S>, OAuthError> {
        self.admit_within::<G>(ScopeSet::all())
    }

    /// As [`GrantContext::admit`], with the most that this request may be granted.
    fn admit_within<G: Grant>(&self, ceiling: ScopeSet<S::Scopes>) -> Result<Admission<S>, OAuthError> {
        self.admit_to::<G>(self.form.get("scope")?, ceiling)
    }

    fn admit_to<G: Grant>(
        &self,
        requested: Option<&str>,
        ceiling: ScopeSet<S::Scopes>,
    ) -> Result<Admission<S>, OAuthError> {
        admit(&Application {
            client: self.client(),
            confidential: self.client.is_confidential(),
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
        let permit = admission.permit(self.server, subject).await?;
        issue(self.server, mint(self.server, permit, None, &Refresh::IfPermitted)?, None).await
    }
}

/// Runs a token request as one of the grant `G`.
// `'a: 'a` makes the lifetime part of the function's type, so that several of them fit one match.
#[must_use]
pub fn run<'a: 'a, S, G>(cx: &'a GrantContext<'a, S>) -> BoxFuture<'a, Result<TokenResponse, OAuthError>>
where
    S: OAuth2Server,
    G: Grant,
    G::Kind: KindHandler<S, G>,
{
    Box::pin(async move { G::Kind::handle(G::parse(cx.form)?, cx).await })
}

/// From a `grant_type` to its grant: the generated match.
pub trait Dispatch: ClientAuthentication {
    /// The grants in declaration order.
    const GRANTS: &'static [GrantProperties];

    /// Runs the grant that answers `grant_type`.
    fn dispatch<'a>(
        grant_type: &str,
        cx: &'a GrantContext<'a, Self>,
    ) -> BoxFuture<'a, Result<TokenResponse, OAuthError>>;
}

/// The answer to a grant type the server does not have.
#[must_use]
pub fn unsupported<'a>() -> BoxFuture<'a, Result<TokenResponse, OAuthError>> {
    Box::pin(std::future::ready(Err(no_such_grant_type())))
}

pub(crate) fn no_such_grant_type() -> OAuthError {
    OAuthError::unsupported_grant_type("this server has no such grant type")
}
