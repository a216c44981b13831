use axum::response::Response;
use http::StatusCode;

use super::{Prompt, VerifiedRedirect};
use crate::error::{ErrorCode, OAuthError};
use crate::extension::AuthorizationContext;
use crate::form::Form;
use crate::gate::{Admission, Application, Requested, admit};
use crate::grant::{AuthorizationHandler, Dispatch, Handler};
use crate::model::OAuth2Client;
use crate::pages::{Refused, Unavailable, client_name};
use crate::server::Ready;
use crate::store::Store;
use crate::types::{GrantProperties, Scope, ScopeSet};

/// An authorization request that may be answered: the client is known, its redirect URI verified, the gate admits it, and no
/// extension refuses it.
pub(crate) struct AuthorizationRequest<S: Dispatch> {
    pub(crate) form: Form,
    pub(crate) client: S::Client,
    pub(crate) redirect: VerifiedRedirect,
    pub(crate) admission: Admission<S>,
    pub(crate) handler: AuthorizationHandler<S>,
    pub(crate) prompt: Prompt,
    /// What the client thinks the person's user name is.
    pub(crate) login_hint: Option<String>,
}

/// A request that is not answered with a code.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// It is not known where to send the answer, so the person is told.
    Here(OAuthError),
    /// The client is told.
    There(Box<VerifiedRedirect>, OAuthError),
}

impl Refusal {
    pub(crate) fn response<S: Dispatch>(&self, server: &Ready<S>) -> Response {
        match self {
            Self::There(redirect, error) => redirect.error(server.issuer(), error),
            Self::Here(error) => refused(error),
        }
    }
}

/// The page for a request that must not be redirected: 400, whatever the status of the code elsewhere. A body that was not
/// read keeps the status that says why, such as 413: what is at fault is then not the application's request.
pub(crate) fn refused(error: &OAuthError) -> Response {
    error.log();
    if error.code() == ErrorCode::TemporarilyUnavailable {
        return Unavailable.response();
    }
    // Parameters' names are marked for developers, who read them as text.
    Refused { code: error.code().as_str(), description: &error.description().replace('`', "") }
        .response(error.own_status().unwrap_or(StatusCode::BAD_REQUEST))
}

impl<S: Dispatch> AuthorizationRequest<S> {
    /// Reads and checks the parameters. One database statement.
    pub(crate) async fn read(server: &Ready<S>, form: Form) -> Result<Self, Refusal> {
        let (client, mut redirect) = recipient(server, &form).await.map_err(Refusal::Here)?;
        let (admission, handler, prompt) = match admission(&client, &form, &mut redirect) {
            Ok(admitted) => admitted,
            Err(error) => return Err(Refusal::There(Box::new(redirect), error)),
        };
        let mut request = Self { form, client, redirect, admission, handler, prompt, login_hint: None };
        match request.check(server).await {
            Ok(login_hint) => {
                request.login_hint = login_hint;
                Ok(request)
            }
            Err(error) => Err(Refusal::There(Box::new(request.redirect), error)),
        }
    }

    /// What extensions say, and what is left to read after them.
    async fn check(&self, server: &Ready<S>) -> Result<Option<String>, OAuthError> {
        self.handler.check(&self.context(server)).await?;
        Ok(self.form.get("login_hint")?.map(str::to_owned))
    }

    /// What the steps of extensions are told.
    pub(crate) fn context<'a>(&'a self, server: &'a Ready<S>) -> AuthorizationContext<'a, S> {
        AuthorizationContext {
            server,
            client: &self.client,
            form: &self.form,
            now: server.now(),
            grant: *self.admission.grant(),
            scope: self.admission.scope(),
            redirect_uri: self.redirect.uri(),
            named_redirect_uri: self.redirect.named(),
        }
    }

    /// The scopes that are asked for, by their names, with the texts for people.
    pub(crate) fn scopes(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let scope = self.admission.scope();
        let granted: Vec<_> = scope.names().collect();
        let texts = S::Scopes::NAMES.iter().zip(S::Scopes::TEXTS);
        // A scope without a doc comment is shown by its name.
        let shown = texts.map(|(name, text)| (*name, if text.is_empty() { *name } else { *text }));
        shown.filter(move |(name, _)| granted.contains(name))
    }

    /// What a page says of it that is not in the query. A request may leave it to the client's row, which can be changed while
    /// a person reads the page.
    pub(crate) fn shown(&self) -> [String; 3] {
        let scope = self.admission.scope().to_string();
        [scope, self.redirect.uri().to_owned(), self.client_name()]
    }

    /// What to call the client on a page.
    pub(crate) fn client_name(&self) -> String {
        let fields = self.client.fields();
        client_name(fields.client_name.unwrap_or_default(), fields.client_id.as_str())
    }
}

/// To whom every answer goes. Until this is known nothing is sent anywhere.
async fn recipient<S: Dispatch>(
    server: &Ready<S>,
    form: &Form,
) -> Result<(S::Client, VerifiedRedirect), OAuthError> {
    let client_id = form.require("client_id")?;
    let client = server.store().client(client_id).await?;
    let client = client.ok_or_else(|| OAuthError::invalid_client("there is no such client"))?;
    let redirect = VerifiedRedirect::verify(client.fields().redirect_uris, form.get("redirect_uri")?)?;
    Ok((client, redirect))
}

/// What is asked for. Sets the state and the mode of `redirect` first: an error after that is answered with both.
fn admission<S: Dispatch>(
    client: &S::Client,
    form: &Form,
    redirect: &mut VerifiedRedirect,
) -> Result<(Admission<S>, AuthorizationHandler<S>, Prompt), OAuthError> {
    redirect.set_state(form.get("state")?);
    let grant = form.get("response_type")?.and_then(declared::<S>);
    redirect.set_mode(form.get("response_mode")?, grant.is_some_and(|grant| !grant.token_request))?;
    refuse_unsupported(form)?;
    let response_type = form.require("response_type")?;
    let unsupported =
        || OAuthError::new(ErrorCode::UnsupportedResponseType, "this server has no such response type");
    let grant = grant.ok_or_else(unsupported)?;
    let handler = S::handler(grant.grant_type).and_then(Handler::authorization);
    let handler = handler.ok_or_else(unsupported)?;
    if client.fields().response_types.is_some_and(|types| !types.contains(response_type)) {
        return Err(OAuthError::unauthorized_client("this client may not use this response type"));
    }
    let prompt = Prompt::parse(form.get("prompt")?)?;
    let admission = admit(&Application {
        client,
        confidential: client.fields().client_secret.is_some(),
        grant: *grant,
        requested: Requested::Anew(form.get("scope")?),
        ceiling: ScopeSet::all(),
    })?;
    Ok((admission, handler, prompt))
}

/// The declared grant that answers `response_type`.
fn declared<S: Dispatch>(response_type: &str) -> Option<&'static GrantProperties> {
    S::GRANTS.iter().find(|grant| grant.response_type == Some(response_type))
}

/// Parameters that would change the meaning of all others must not be ignored (OpenID Connect Core 1.0 section 6.1).
fn refuse_unsupported(form: &Form) -> Result<(), OAuthError> {
    let unsupported =
        [("request", ErrorCode::RequestNotSupported), ("request_uri", ErrorCode::RequestUriNotSupported)];
    for (name, code) in unsupported {
        if form.get(name)?.is_some() {
            return Err(OAuthError::new(code, format!("`{name}` is not supported")));
        }
    }
    Ok(())
}
