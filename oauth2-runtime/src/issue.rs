//! From a permit to a token: make the values, build the rows, and after they are stored tell the handlers.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use crate::error::{Error, OAuthError};
use crate::extension::{Steps, TokenContext};
use crate::gate::{Permit, Withheld};
use crate::model::{NewCode, NewToken, OAuth2Code, OAuth2Token};
use crate::server::{OAuth2Server, Ready};
use crate::signal::{Event, TokenIssued};
use crate::store::{Issuance, Store};
use crate::token::{GeneratedToken, GeneratorContext, opaque};
use crate::types::{
    AccessToken, Artefact, CodeChallenge, Digest, GrantId, RefreshToken, ScopeSet, Secret, Subject,
    TokenResponse,
};

/// Whether a refresh token is issued with the access token.
pub(crate) enum Refresh<S: OAuth2Server> {
    /// No: the presented one stays in use.
    Kept,
    /// No: the grant has no place for one (RFC 6749 section 4.2.2).
    Never,
    /// If the permit says so, good for the same scopes.
    IfPermitted,
    /// Yes, good for these scopes, which may be more than the access token's (RFC 6749 section 6).
    Yes(ScopeSet<S::Scopes>),
}

/// A token that exists but is not stored yet, so nobody has been given it.
pub(crate) struct Minted<T> {
    rows: Vec<T>,
    response: TokenResponse,
    issued: TokenIssued,
    /// Whether a refresh token comes with it, or why not.
    refresh_token: &'static str,
}

/// Makes the token that `permit` allows to `client`. `grant_id` is the authorization it continues, or none for a new one.
pub(crate) async fn mint<S: OAuth2Server>(
    server: &Ready<S>,
    client: &S::Client,
    permit: Permit<S>,
    grant_id: Option<GrantId>,
    refresh: &Refresh<S>,
) -> Result<Minted<S::Token>, OAuthError> {
    let (random, now) = (server.random(), server.now());
    let refresh = match refresh {
        Refresh::IfPermitted => permit.refresh_token().map(|()| permit.scope()),
        Refresh::Yes(scope) => Ok(*scope),
        Refresh::Kept => Err(Withheld::Kept),
        Refresh::Never => Err(Withheld::ByGrant),
    };
    let grant_id = grant_id.map_or_else(|| opaque::grant_id(random), Ok)?;
    let (scope, grant) = (permit.scope(), *permit.grant());
    let (client_id, subject) = permit.into_parties();
    let GeneratedToken { access_token, refresh_token, lifetime } = generated::<S>(&GeneratorContext {
        server,
        client,
        subject: subject.as_ref(),
        grant_type: grant.grant_type,
        grant_id: &grant_id,
        scope,
        lifetime: grant.access_token_ttl,
        refresh_token: refresh.is_ok(),
        now,
        random,
    })
    .await?;
    let row = |access_token, refresh_token, scope, ttl: Duration| {
        S::Token::issued(NewToken {
            access_token,
            refresh_token,
            grant_id: grant_id.clone(),
            client_id: client_id.clone(),
            subject: subject.clone(),
            scope,
            issued_at: now,
            expires_at: now.after(ttl),
        })
    };
    let access_digest = stored::<S, AccessToken>(&access_token)?;
    let refresh_digest = refresh_token.as_ref().map(stored::<S, RefreshToken>).transpose()?;
    let mut rows = Vec::with_capacity(1);
    match refresh {
        // A narrowed access token must not narrow the refresh token: that one gets a row of its own, whose access token
        // nobody ever sees and which has already ended.
        Ok(refresh_scope) if refresh_scope != scope => {
            let (_, unseen) = opaque::generate(random)?;
            rows.push(row(access_digest, None, scope, lifetime));
            rows.push(row(unseen, refresh_digest, refresh_scope, Duration::ZERO));
        }
        _ => rows.push(row(access_digest, refresh_digest, scope, lifetime)),
    }
    let scope = scope.to_string();
    let issued = TokenIssued {
        client_id: client_id.clone(),
        subject: subject.clone(),
        grant_type: grant.grant_type,
        grant_id: grant_id.clone(),
        scope: scope.clone(),
        refresh_token: refresh_token.is_some(),
        at: now,
    };
    let (expires_in, additional) = (lifetime, BTreeMap::new());
    let response = TokenResponse { access_token, expires_in, refresh_token, scope, additional };
    let refresh_token = refresh.map_or_else(Withheld::as_str, |_| "issued");
    Ok(Minted { rows, response, issued, refresh_token })
}

/// What the server's generator makes, if it can be used.
async fn generated<S: OAuth2Server>(cx: &GeneratorContext<'_, S>) -> Result<GeneratedToken, OAuthError> {
    let token = S::generate_token(cx).await?;
    token.check(cx.lifetime).map_err(OAuthError::server_fault)?;
    Ok(token)
}

/// What to store of a value: exactly that by which it will be found.
fn stored<S: OAuth2Server, K: Artefact>(value: &Secret<String>) -> Result<Digest<K>, OAuthError> {
    Digest::presented(value.expose(), S::OWN_TOKENS)
        .ok_or_else(|| OAuthError::server_fault("the token generator is not declared in `tokens(..)`"))
}

impl<T: OAuth2Token> Minted<T> {
    /// What the steps of extensions have added to the answer.
    pub(crate) fn additional(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.response.additional.iter().map(|(name, value)| (*name, value))
    }

    /// The rows to store before the token is handed out.
    pub(crate) fn rows(&self) -> &[T] {
        &self.rows
    }

    /// Lets the steps of extensions fill in their columns and add to the answer.
    pub(crate) async fn extend<S>(
        &mut self,
        steps: &Steps<S>,
        cx: &TokenContext<'_, S>,
    ) -> Result<(), OAuthError>
    where
        S: OAuth2Server<Token = T>,
    {
        for row in &mut self.rows {
            steps.before_issue(cx, row).await?;
        }
        steps.token_response(cx, &mut self.response).await
    }

    /// Hands the token out. Call it only after the rows are committed.
    pub(crate) async fn hand_out<S: OAuth2Server<Token = T>>(self, server: &Ready<S>) -> TokenResponse {
        let Self { issued, refresh_token, .. } = &self;
        tracing::info!(client_id = %issued.client_id, grant_type = issued.grant_type, scope = issued.scope, refresh_token, "token issued");
        server.emit(Event::token_issued(&self.issued)).await;
        self.response
    }
}

/// Stores a freshly minted token and hands it out. `kept` is the refresh token it is issued for, if that one stays.
pub(crate) async fn issue<S: OAuth2Server>(
    server: &Ready<S>,
    minted: Minted<S::Token>,
    kept: Option<Digest<RefreshToken>>,
) -> Result<TokenResponse, OAuthError> {
    let issuance = Issuance { kept, ..Issuance::of(minted.rows()) };
    if !server.store().issue(issuance).await? {
        return Err(OAuthError::invalid_grant("the grant is no longer valid"));
    }
    Ok(minted.hand_out(server).await)
}

/// What the token request must have in common with the authorization request.
pub(crate) struct Binding {
    pub(crate) redirect_uri: Option<String>,
    pub(crate) code_challenge: Option<CodeChallenge>,
}

/// Makes the authorization code that `permit` allows: the value for the client, and the row to store first.
pub(crate) fn mint_code<S: OAuth2Server>(
    server: &Ready<S>,
    permit: Permit<S>,
    subject: &Subject,
    binding: Binding,
) -> Result<(Secret<String>, S::Code), Error> {
    let (value, code) = opaque::generate(server.random())?;
    let grant_id = opaque::grant_id(server.random())?;
    let (scope, ttl) = (permit.scope(), permit.grant().code_ttl.unwrap_or_default());
    let (client_id, _) = permit.into_parties();
    let Binding { redirect_uri, code_challenge } = binding;
    let (subject, expires_at) = (subject.clone(), server.now().after(ttl));
    let code =
        NewCode { code, grant_id, client_id, subject, scope, redirect_uri, code_challenge, expires_at };
    Ok((value, S::Code::issued(code)))
}
