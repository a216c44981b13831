use axum::response::Response;
use http::StatusCode;

use super::{Prompt, VerifiedRedirect};
use crate::error::{ErrorCode, OAuthError};
use crate::form::Form;
use crate::gate::{Admission, Application, admit};
use crate::grant::Dispatch;
use crate::model::OAuth2Client;
use crate::pages::{Refused, Unavailable, client_name};
use crate::server::Ready;
use crate::store::Store;
use crate::types::{CodeChallenge, GrantProperties, ScopeSet};

/// An authorization request that may be answered: the client is known, its redirect URI verified, and the gate admits it.
pub(crate) struct AuthorizationRequest<S: Dispatch> {
    pub(crate) client: S::Client,
    pub(crate) redirect: VerifiedRedirect,
    pub(crate) admission: Admission<S>,
    pub(crate) challenge: Option<CodeChallenge>,
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
fn refused(error: &OAuthError) -> Response {
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
    pub(crate) async fn read(server: &Ready<S>, form: &Form) -> Result<Self, Refusal> {
        let (client, mut redirect) = recipient(server, form).await.map_err(Refusal::Here)?;
        match Parameters::read(&client, form, &mut redirect) {
            Ok(Parameters { admission, challenge, prompt, login_hint }) => {
                Ok(Self { client, redirect, admission, challenge, prompt, login_hint })
            }
            Err(error) => Err(Refusal::There(Box::new(redirect), error)),
        }
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

/// The rest of the request.
struct Parameters<S: Dispatch> {
    admission: Admission<S>,
    challenge: Option<CodeChallenge>,
    prompt: Prompt,
    login_hint: Option<String>,
}

impl<S: Dispatch> Parameters<S> {
    /// Sets the state and the mode of `redirect` first: an error after that is answered with both.
    fn read(client: &S::Client, form: &Form, redirect: &mut VerifiedRedirect) -> Result<Self, OAuthError> {
        redirect.set_state(form.get("state")?);
        redirect.set_mode(form.get("response_mode")?)?;
        refuse_unsupported(form)?;
        let grant = code_grant::<S>(client, form.require("response_type")?)?;
        let challenge = challenge(form, &grant)?;
        let prompt = Prompt::parse(form.get("prompt")?)?;
        let admission = admit(&Application {
            client,
            confidential: client.fields().client_secret.is_some(),
            grant,
            requested: form.get("scope")?,
            ceiling: ScopeSet::all(),
        })?;
        let login_hint = form.get("login_hint")?.map(str::to_owned);
        Ok(Self { admission, challenge, prompt, login_hint })
    }
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

fn code_grant<S: Dispatch>(client: &S::Client, response_type: &str) -> Result<GrantProperties, OAuthError> {
    let grant = S::GRANTS.iter().find(|grant| grant.code_ttl.is_some()).filter(|_| response_type == "code");
    let unsupported =
        || OAuthError::new(ErrorCode::UnsupportedResponseType, "this server has no such response type");
    let grant = grant.ok_or_else(unsupported)?;
    if client.fields().response_types.is_some_and(|types| !types.contains(response_type)) {
        return Err(OAuthError::unauthorized_client("this client may not use this response type"));
    }
    Ok(*grant)
}

/// The code challenge (RFC 7636 section 4.3). A method that is left out means `plain` there, which is not supported here.
fn challenge(form: &Form, grant: &GrantProperties) -> Result<Option<CodeChallenge>, OAuthError> {
    let (challenge, method) = (form.get("code_challenge")?, form.get("code_challenge_method")?);
    let Some(challenge) = challenge else {
        return if grant.requires_pkce || method.is_some() {
            Err(OAuthError::invalid_request("`code_challenge` is missing: this server requires PKCE"))
        } else {
            Ok(None)
        };
    };
    if method != Some(CodeChallenge::METHOD) {
        return Err(OAuthError::invalid_request("`code_challenge_method` must be `S256`"));
    }
    let challenge = CodeChallenge::parse(challenge)
        .map_err(|_| OAuthError::invalid_request("`code_challenge` is not the base64url of a SHA-256"))?;
    Ok(Some(challenge))
}
