use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::Error;
use crate::model::{Models, NewCode, NewToken, OAuth2Code, OAuth2Token};
use crate::store::{Agreed, Authorization, CodeRedemption, Issuance, Redemption, Rotation, Store};
use crate::types::{
    AccessToken, Artefact, AuthorizationCode, ClientId, CodeChallenge, Digest, GrantId, RefreshToken,
    ScopeSet, Subject, Timestamp,
};

/// How many commands run against each other.
pub(super) const RIVALS: u64 = 8;
/// How often they do.
pub(super) const ROUNDS: u64 = 4;

/// When everything happens, unless a promise says otherwise. Later than all that is purged.
const NOW: i64 = 1_000_000_000;

/// A second of the suite's present.
pub(super) const fn present(second: i64) -> Timestamp {
    Timestamp::from_unix_seconds(NOW + second)
}

/// RFC 7636 appendix B.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Two handles to one database, and rows that no other promise has.
pub(super) struct Bench<'a, M: Models, S> {
    handles: [&'a S; 2],
    client: &'a (dyn Fn(&str) -> M::Client + Sync),
    made: AtomicU64,
}

/// One person's authorization of one client.
#[derive(Clone)]
pub(super) struct Party {
    pub(super) client_id: ClientId,
    pub(super) subject: Subject,
    pub(super) grant_id: GrantId,
}

/// A row to insert and what to find it by.
pub(super) struct Issued<T> {
    pub(super) row: T,
    pub(super) access: Digest<AccessToken>,
    /// In the row only if it is refreshable.
    pub(super) refresh: Digest<RefreshToken>,
}

impl<'a, M: Models, S: Store<M>> Bench<'a, M, S> {
    pub(super) fn new(handles: [&'a S; 2], client: &'a (dyn Fn(&str) -> M::Client + Sync)) -> Self {
        Self { handles, client, made: AtomicU64::new(0) }
    }

    /// One handle for even numbers, the other for odd ones.
    pub(super) const fn store(&self, number: u64) -> &'a S {
        let [even, odd] = self.handles;
        if number.is_multiple_of(2) { even } else { odd }
    }

    pub(super) fn number(&self) -> u64 {
        self.made.fetch_add(1, Ordering::Relaxed)
    }

    pub(super) fn digest<K: Artefact>(&self) -> Digest<K> {
        let mut entropy = [0; 32];
        for (byte, of_number) in entropy.iter_mut().zip(self.number().to_be_bytes()) {
            *byte = of_number;
        }
        Digest::generate(&entropy).1
    }

    pub(super) fn client(&self, client_id: &ClientId) -> M::Client {
        (self.client)(client_id.as_str())
    }

    /// A client's identifier that nobody has yet.
    pub(super) fn client_id(&self) -> ClientId {
        format!("client-{:06}", self.number()).into()
    }

    /// A stored client and a person.
    pub(super) async fn party(&self) -> Result<Party, Error> {
        let client_id = self.client_id();
        self.store(0).insert_client(&self.client(&client_id)).await?;
        Ok(self.of_client(client_id))
    }

    /// Another person and the same client.
    pub(super) fn of_client(&self, client_id: ClientId) -> Party {
        let number = self.number();
        Party { client_id, subject: format!("u-{number}").into(), grant_id: format!("g-{number}").into() }
    }

    /// Another authorization by the same person for the same client.
    pub(super) fn again(&self, party: &Party) -> Party {
        Party { grant_id: format!("g-{}", self.number()).into(), ..party.clone() }
    }

    /// An access token, with a refresh token if `refreshable`, issued at `issued` and over at `expires`.
    pub(super) fn token(
        &self,
        party: &Party,
        refreshable: bool,
        issued: Timestamp,
        expires: Timestamp,
    ) -> Issued<M::Token> {
        let (access, refresh) = (self.digest(), self.digest());
        let row = M::Token::issued(NewToken {
            access_token: access,
            refresh_token: refreshable.then_some(refresh),
            grant_id: party.grant_id.clone(),
            client_id: party.client_id.clone(),
            subject: Some(party.subject.clone()),
            scope: ScopeSet::all(),
            issued_at: issued,
            expires_at: expires,
        });
        Issued { row, access, refresh }
    }

    /// One that is issued now and lives for an hour.
    pub(super) fn fresh(&self, party: &Party) -> Issued<M::Token> {
        let refreshable = M::Token::HAS_REFRESH_TOKEN && M::Token::HAS_GRANT_ID;
        self.token(party, refreshable, present(0), present(3_600))
    }

    /// Issues one.
    pub(super) async fn issue(&self, issued: &Issued<M::Token>) -> Result<bool, Error> {
        let rows = std::slice::from_ref(&issued.row);
        self.store(1).issue(Issuance::of(rows)).await
    }

    /// A fresh one that is stored.
    pub(super) async fn stored(&self, party: &Party) -> Result<Issued<M::Token>, Error> {
        let token = self.fresh(party);
        self.issue(&token).await?;
        Ok(token)
    }

    pub(super) fn code(&self, party: &Party, expires_at: Timestamp) -> (Digest<AuthorizationCode>, M::Code) {
        let code = self.digest();
        let row = M::Code::issued(NewCode {
            code,
            grant_id: party.grant_id.clone(),
            client_id: party.client_id.clone(),
            subject: party.subject.clone(),
            scope: ScopeSet::all(),
            redirect_uri: Some("https://client.example/cb?from='%22".to_owned()),
            code_challenge: CodeChallenge::parse(CHALLENGE).ok(),
            expires_at,
        });
        (code, row)
    }

    /// A stored code that lives for a minute.
    pub(super) async fn stored_code(&self, party: &Party) -> Result<Digest<AuthorizationCode>, Error> {
        let (code, row) = self.code(party, present(60));
        self.store(0).authorize(Authorization { code: &row, agreed: Agreed::Elsewhere }).await?;
        Ok(code)
    }

    /// Redeems a code through the handle `number` for these rows.
    pub(super) async fn redeem(
        &self,
        number: u64,
        (code, client_id): (Digest<AuthorizationCode>, &ClientId),
        at: Timestamp,
        tokens: &[M::Token],
    ) -> Result<Redemption, Error> {
        self.store(number).redeem_code(CodeRedemption { code, client_id, at, tokens }).await
    }

    /// Rotates a refresh token that lives long, through the handle `number`, into these rows.
    pub(super) async fn rotate(
        &self,
        number: u64,
        (refresh_token, client_id): (Digest<RefreshToken>, &ClientId),
        at: Timestamp,
        successors: &[M::Token],
    ) -> Result<Redemption, Error> {
        let issued_after = present(-3_600);
        self.store(number).rotate(Rotation { refresh_token, client_id, at, issued_after, successors }).await
    }

    pub(super) async fn is_stored(&self, access: &Digest<AccessToken>) -> Result<bool, Error> {
        Ok(self.store(0).access_token(access).await?.is_some())
    }

    /// Whether the token is there and neither revoked nor used.
    pub(super) async fn is_live(&self, access: &Digest<AccessToken>) -> Result<bool, Error> {
        let row = self.store(0).access_token(access).await?;
        Ok(row.is_some_and(|row| row.fields().revoked_at.is_none()))
    }
}

impl Party {
    /// That their artefact was used at `at`.
    pub(super) fn already(&self, at: Timestamp) -> Redemption {
        let (client_id, grant_id) = (self.client_id.clone(), Some(self.grant_id.clone()));
        Redemption::AlreadyConsumed { at, client_id, grant_id }
    }
}
