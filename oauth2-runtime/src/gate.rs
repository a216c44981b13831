//! The one check before every token, in every grant: may this client, for this subject, with this scope, still be
//! issued a token now?
//!
//! It has two steps, because a grant learns the subject last: [`admit`] asks about the client and the scope, and
//! [`Admission::permit`] about the subject. Only the second gives a [`Permit`], and nothing is minted without one.

use crate::error::OAuthError;
use crate::model::OAuth2Client;
use crate::server::{OAuth2Server, Ready, SubjectState};
use crate::types::{ClientId, DefaultRight, GrantProperties, ScopeSet, Subject};

/// What a client asks the gate for.
pub(crate) struct Application<'a, S: OAuth2Server> {
    pub(crate) client: &'a S::Client,
    /// Whether it has proved its identity.
    pub(crate) confidential: bool,
    pub(crate) grant: GrantProperties,
    pub(crate) requested: Requested<'a>,
    /// The most that this request may be granted, whoever asks.
    pub(crate) ceiling: ScopeSet<S::Scopes>,
}

/// The `scope` parameter, and what it means to leave it out.
#[derive(Clone, Copy)]
pub(crate) enum Requested<'a> {
    /// Of a request that starts an authorization: the default scopes of the grant (RFC 6749 section 3.3).
    Anew(Option<&'a str>),
    /// Of a request that continues one: what was granted before (RFC 6749 section 6).
    Again(Option<&'a str>),
}

/// The client and the scope are allowed; the subject was not asked about yet.
pub struct Admission<S: OAuth2Server> {
    client_id: ClientId,
    grant: GrantProperties,
    scope: ScopeSet<S::Scopes>,
    refresh: Result<(), Withheld>,
}

/// Which switch withholds the refresh token; the words are for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Withheld {
    /// The grant has no `refresh_token` flag.
    ByGrant,
    /// The client's `grant_types` lack `refresh_token`.
    ByClient,
    /// The client acts for itself (RFC 6749 section 4.4.3).
    WithoutSubject,
    /// The answer is to a refresh token that is kept.
    Kept,
}

impl Withheld {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::ByGrant => "withheld: the grant has no `refresh_token`",
            Self::ByClient => "withheld: the client's `grant_types` lack `refresh_token`",
            Self::WithoutSubject => "withheld: the token speaks for nobody",
            Self::Kept => "withheld: the presented one is kept",
        }
    }
}

/// Leave to mint one token. Nothing but this module makes one.
pub(crate) struct Permit<S: OAuth2Server> {
    client_id: ClientId,
    grant: GrantProperties,
    scope: ScopeSet<S::Scopes>,
    refresh: Result<(), Withheld>,
    subject: Option<Subject>,
}

pub(crate) fn admit<S: OAuth2Server>(application: &Application<'_, S>) -> Result<Admission<S>, OAuthError> {
    let client = application.client;
    if !may_use(client, &application.grant) {
        return Err(OAuthError::unauthorized_client("this client may not use this grant type"));
    }
    if application.grant.confidential_only && !application.confidential {
        return Err(OAuthError::unauthorized_client("this grant type is for clients that authenticate"));
    }
    let offered = application.grant.scopes.map_or_else(ScopeSet::all, ScopeSet::from_names);
    let allowed = application.ceiling.intersection(&offered).intersection(&client.fields().scope);
    let scope = match application.requested {
        Requested::Again(None) => allowed,
        Requested::Anew(None) => match application.grant.default_scopes {
            Some(names) => allowed.intersection(&ScopeSet::from_names(names)),
            None => allowed,
        },
        Requested::Anew(Some(names)) | Requested::Again(Some(names)) => {
            ScopeSet::parse(names).ok().filter(|requested| requested.is_subset(&allowed)).ok_or_else(
                || OAuthError::invalid_scope("the scope is unknown or more than this client may be granted"),
            )?
        }
    };
    if scope.is_empty() {
        return Err(nothing_left());
    }
    let refresh = match (application.grant.issues_refresh_tokens, may_refresh(client)) {
        (false, _) => Err(Withheld::ByGrant),
        (true, false) => Err(Withheld::ByClient),
        (true, true) => Ok(()),
    };
    let grant = match client.fields().access_token_ttl {
        Some(ttl) => application.grant.access_token_ttl(ttl.as_duration()),
        None => application.grant,
    };
    Ok(Admission { client_id: client.client_id().clone(), grant, scope, refresh })
}

fn nothing_left() -> OAuthError {
    OAuthError::invalid_scope("there is no scope that this client may be granted")
}

/// Whether the client's rights have the grant among them.
pub(crate) fn may_use<C: OAuth2Client>(client: &C, grant: &GrantProperties) -> bool {
    let client = client.fields();
    if let Some(types) = client.grant_types {
        return types.contains(grant.grant_type);
    }
    let redirects = client.redirect_uris.is_some_and(|uris| !uris.is_empty());
    let secret = client.client_secret.is_some();
    match grant.default_right {
        DefaultRight::Secret => secret,
        DefaultRight::RedirectUris => redirects,
        DefaultRight::SecretOrRedirectUris => secret || redirects,
        DefaultRight::Nobody => false,
    }
}

/// Whether the client could use a refresh token if it had one.
fn may_refresh<C: OAuth2Client>(client: &C) -> bool {
    client.fields().grant_types.is_none_or(|types| types.contains("refresh_token"))
}

impl<S: OAuth2Server> Admission<S> {
    /// By which grant.
    pub(crate) const fn grant(&self) -> &GrantProperties {
        &self.grant
    }

    /// What is granted so far.
    pub(crate) const fn scope(&self) -> ScopeSet<S::Scopes> {
        self.scope
    }

    /// The same with no more than `approved`, for instance what a person has agreed to.
    ///
    /// # Errors
    ///
    /// `invalid_scope` when nothing is left.
    pub fn limited_to(self, approved: ScopeSet<S::Scopes>) -> Result<Self, OAuthError> {
        let scope = self.scope.intersection(&approved);
        if scope.is_empty() {
            return Err(nothing_left());
        }
        Ok(Self { scope, ..self })
    }

    pub(crate) async fn permit(
        &self,
        server: &Ready<S>,
        subject: Option<Subject>,
    ) -> Result<Permit<S>, OAuthError> {
        if let Some(subject) = &subject
            && server.subject_state(subject).await? != SubjectState::Active
        {
            return Err(OAuthError::invalid_grant("the grant is no longer valid"));
        }
        let Self { client_id, grant, scope, refresh } = self;
        Ok(Permit { client_id: client_id.clone(), grant: *grant, scope: *scope, refresh: *refresh, subject })
    }
}

impl<S: OAuth2Server> Permit<S> {
    pub(crate) const fn grant(&self) -> &GrantProperties {
        &self.grant
    }

    pub(crate) const fn scope(&self) -> ScopeSet<S::Scopes> {
        self.scope
    }

    /// Whether a refresh token is issued: the token speaks for a person, the grant gives them, and the client can use them.
    pub(crate) const fn refresh_token(&self) -> Result<(), Withheld> {
        match self.subject {
            Some(_) => self.refresh,
            None => Err(Withheld::WithoutSubject),
        }
    }

    pub(crate) fn into_parties(self) -> (ClientId, Option<Subject>) {
        (self.client_id, self.subject)
    }
}
