//! Who is calling: client authentication (RFC 6749 section 2.3), one registered method a file.

pub mod client_secret_basic;
pub mod client_secret_post;
pub mod none;

pub use client_secret_basic::client_secret_basic;
pub use client_secret_post::client_secret_post;
pub use none::none;

use std::fmt;
use std::future::Future;

use futures_util::future::BoxFuture;
use http::request::Parts;

use crate::error::OAuthError;
use crate::form::Form;
use crate::model::{Models, OAuth2Client};
use crate::server::{OAuth2Server, Ready};
use crate::signal::{ClientAuthenticated, Event};
use crate::store::Store;
use crate::types::Timestamp;

/// A request whose sender is not known yet.
#[non_exhaustive]
pub struct Unauthenticated<'a> {
    /// The request without its body: headers, and extensions such as a client certificate.
    pub parts: &'a Parts,
    /// The parameters of its body.
    pub form: &'a Form,
    /// Now.
    pub now: Timestamp,
}

/// What a client authentication method proves a client by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Proof {
    /// Nothing: the client only names itself.
    Nothing,
    /// The client secret of its row: a client without one is public.
    Secret,
    /// Something else, such as a key or a certificate: a client without a secret need not be public.
    Other,
}

/// A client authentication method.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a client authentication method",
    label = "not a method",
    note = "use `none`, `client_secret_basic` or `client_secret_post`, or implement `ClientAuthMethod<{S}>`"
)]
pub trait ClientAuthMethod<S: OAuth2Server>: 'static {
    /// The method's registered name (RFC 7591 section 2, `token_endpoint_auth_method`).
    const NAME: &'static str;
    /// What it proves the client by.
    const PROOF: Proof = Proof::Other;

    /// The client identifier of the method's credentials in the request; `None` when there are none.
    ///
    /// # Errors
    ///
    /// When the credentials are malformed.
    fn presented(request: &Unauthenticated<'_>) -> Result<Option<String>, OAuthError>;

    /// Whether the credentials are this client's. Asked only after [`ClientAuthMethod::presented`] named it.
    fn verify(
        server: &Ready<S>,
        client: &S::Client,
        request: &Unauthenticated<'_>,
    ) -> impl Future<Output = Result<bool, OAuthError>> + Send;
}

/// One entry of `client_auth(..)`.
pub struct Method<S: OAuth2Server> {
    /// The method's registered name.
    pub name: &'static str,
    proof: Proof,
    presented: fn(&Unauthenticated<'_>) -> Result<Option<String>, OAuthError>,
    verify: Verify<S>,
}

type Verify<S> = for<'a> fn(
    &'a Ready<S>,
    &'a <S as Models>::Client,
    &'a Unauthenticated<'a>,
) -> BoxFuture<'a, Result<bool, OAuthError>>;

fn boxed<'a, S: OAuth2Server, M: ClientAuthMethod<S>>(
    server: &'a Ready<S>,
    client: &'a S::Client,
    request: &'a Unauthenticated<'a>,
) -> BoxFuture<'a, Result<bool, OAuthError>> {
    Box::pin(M::verify(server, client, request))
}

impl<S: OAuth2Server> fmt::Debug for Method<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Method").field(&self.name).finish()
    }
}

impl<S: OAuth2Server> Method<S> {
    /// The entry of the method `M`.
    #[must_use]
    pub const fn of<M: ClientAuthMethod<S>>() -> Self {
        Self { name: M::NAME, proof: M::PROOF, presented: M::presented, verify: boxed::<S, M> }
    }

    /// Whether a client proves itself by something else than a secret.
    pub(crate) fn is_keyed(&self) -> bool {
        self.proof == Proof::Other
    }

    /// Whether a client proves anything by it.
    #[must_use]
    pub const fn authenticates(&self) -> bool {
        !matches!(self.proof, Proof::Nothing)
    }
}

/// The methods a server accepts, in the order of `client_auth(..)`.
pub trait ClientAuthentication: OAuth2Server {
    /// One entry a method.
    const METHODS: &'static [Method<Self>];
}

/// A client whose identity is established. Only the framework makes one.
#[derive(Debug, Clone)]
pub struct AuthenticatedClient<C> {
    client: C,
    confidential: bool,
}

impl<C> AuthenticatedClient<C> {
    /// The client's row.
    pub const fn client(&self) -> &C {
        &self.client
    }

    /// Whether it proved its identity; a public client has only named itself (RFC 6749 section 2.1).
    pub const fn is_confidential(&self) -> bool {
        self.confidential
    }
}

/// A request whose client is known.
pub struct ClientRequest<'a, S: OAuth2Server> {
    server: &'a Ready<S>,
    client: AuthenticatedClient<S::Client>,
    parts: &'a Parts,
    form: &'a Form,
    now: Timestamp,
}

impl<'a, S: OAuth2Server> ClientRequest<'a, S> {
    /// Establishes which client sent the request, by one of `methods`. One database statement.
    ///
    /// # Errors
    ///
    /// `invalid_client`, in the same words for every reason.
    pub(crate) async fn authenticate(
        server: &'a Ready<S>,
        methods: &'static [Method<S>],
        parts: &'a Parts,
        form: &'a Form,
    ) -> Result<Self, OAuthError> {
        let now = server.now();
        let client = authenticate(server, methods, &Unauthenticated { parts, form, now }).await?;
        tracing::Span::current().record("client_id", client.client().client_id().as_str());
        Ok(Self { server, client, parts, form, now })
    }

    /// The server; dereferences to your struct.
    #[must_use]
    pub const fn server(&self) -> &'a Ready<S> {
        self.server
    }

    /// The client that sent the request.
    #[must_use]
    pub const fn client(&self) -> &S::Client {
        self.client.client()
    }

    /// Whether the client proved its identity; a public client has only named itself.
    #[must_use]
    pub const fn client_is_confidential(&self) -> bool {
        self.client.is_confidential()
    }

    /// The request without its body.
    #[must_use]
    pub const fn parts(&self) -> &'a Parts {
        self.parts
    }

    /// The parameters of the request's body.
    #[must_use]
    pub const fn form(&self) -> &'a Form {
        self.form
    }

    /// When the request arrived.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }
}

async fn authenticate<S: OAuth2Server>(
    server: &Ready<S>,
    methods: &'static [Method<S>],
    request: &Unauthenticated<'_>,
) -> Result<AuthenticatedClient<S::Client>, OAuthError> {
    let (method, client_id) = choose(methods, request)?;
    let named = request.form.get("client_id")?;
    if named.is_some_and(|named| named != client_id) {
        return Err(refused("`client_id` in the body is not the client of the credentials"));
    }
    let client =
        server.store().client(&client_id).await?.ok_or_else(|| refused("there is no such client"))?;
    if !uses(server, method, client.fields().token_endpoint_auth_method) {
        return Err(refused(&format!("`{}` does not use `{}`", client.client_id(), method.name)));
    }
    if !(method.verify)(server, &client, request).await? {
        return Err(refused(&format!("`{}` did not prove that it is `{}`", method.name, client.client_id())));
    }
    let event =
        ClientAuthenticated { client_id: client.client_id().clone(), method: method.name, at: request.now };
    server.emit(Event::client_authenticated(&event)).await;
    Ok(AuthenticatedClient { client, confidential: method.authenticates() })
}

/// Whether the client uses this method. One that has registered none may use those its row has a secret for; where a
/// client may prove itself by something else than a secret, at whichever endpoint, having none does not make it public, so it
/// must say so.
fn uses<S: OAuth2Server>(server: &Ready<S>, method: &Method<S>, registered: Option<&str>) -> bool {
    match registered {
        Some(registered) => registered == method.name,
        None => method.authenticates() || !server.has_keyed_clients(),
    }
}

/// The one method whose credentials are in the request. A client that only names itself is looked for last: the other
/// methods name it too.
fn choose<S: OAuth2Server>(
    methods: &'static [Method<S>],
    request: &Unauthenticated<'_>,
) -> Result<(&'static Method<S>, String), OAuthError> {
    let mut chosen = None;
    for method in methods.iter().filter(|method| method.authenticates()) {
        let Some(client_id) = (method.presented)(request)? else { continue };
        if chosen.replace((method, client_id)).is_some() {
            return Err(OAuthError::invalid_request("the client authenticates in more than one way"));
        }
    }
    if let Some(chosen) = chosen {
        return Ok(chosen);
    }
    for method in methods.iter().filter(|method| !method.authenticates()) {
        if let Some(client_id) = (method.presented)(request)? {
            return Ok((method, client_id));
        }
    }
    Err(refused("the request has no credentials of a method of this server"))
}

/// The same words whether the client is unknown, its method wrong or its secret: a caller learns nothing. The operator
/// does, by the field `because` of the request's span; nothing in it comes from the request.
fn refused(because: &str) -> OAuthError {
    tracing::Span::current().record("because", because);
    OAuthError::invalid_client("client authentication failed")
}

/// Whether `presented` is the client's secret. An unknown client is refused without the work that one with an imported
/// secret costs: identifiers of clients are public (RFC 6749 section 2.2), and made-up ones must not fill the queue.
pub(crate) async fn secret_is_right<C: OAuth2Client>(
    client: &C,
    presented: &str,
    now: Timestamp,
) -> Result<bool, OAuthError> {
    match client.fields().client_secret {
        Some(secret) => Ok(secret.verify(presented, now).await?),
        None => Ok(false),
    }
}
