//! Stores that break their promises, each in one way, as somebody might write them.

mod fault;

use oauth2_runtime::model::{Consent, Models, OAuth2Code, OAuth2Token, Session};
use oauth2_runtime::prelude::*;
use oauth2_runtime::start_up::Finding;
use oauth2_runtime::store::{
    Agreed, Authorization, CodeRedemption, Expired, Issuance, Redemption, Rotation, Schema, Store,
    StoredClient, Superseded,
};
use oauth2_runtime::types::SessionId;

pub use fault::Fault;

/// A store that is right but for its fault.
#[derive(Debug, Clone)]
pub struct WrongStore {
    inner: SqlStore<Sqlite>,
    fault: Fault,
}

impl WrongStore {
    /// One over `inner`, whose pool can write.
    #[must_use]
    pub const fn new(inner: SqlStore<Sqlite>, fault: Fault) -> Self {
        Self { inner, fault }
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == fault
    }

    /// Runs a statement that no right store would; how many rows it changed.
    async fn wrongly(&self, sql: &'static str, bound: &[&str]) -> Result<u64, Error> {
        let query = bound.iter().fold(sqlx::query(sql), |query, value| query.bind(*value));
        Ok(query.execute(self.inner.pool()).await?.rows_affected())
    }

    /// Has the command happen as if its client were there.
    async fn to_anybody(
        &self,
        client_id: &ClientId,
        command: impl Future<Output = Result<bool, Error>>,
    ) -> Result<bool, Error> {
        let insert = "INSERT INTO oauth2_client (client_id, redirect_uris, scope, introspect) VALUES ($1, '', '', 0) \
                      ON CONFLICT (client_id) DO NOTHING";
        let absent = self.wrongly(insert, &[client_id.as_str()]).await? > 0;
        let done = command.await;
        if absent {
            self.wrongly("DELETE FROM oauth2_client WHERE client_id = $1", &[client_id.as_str()]).await?;
        }
        done
    }

    /// Stores a consent with a code of its own, which stands for a statement by itself.
    async fn agree<M: Models>(&self, consent: &Consent<M::Scopes>) -> Result<(), Error>
    where
        SqlStore<Sqlite>: Store<M>,
    {
        let code = M::Code::issued(oauth2_runtime::model::NewCode {
            code: another(),
            grant_id: "g-another".into(),
            client_id: consent.client_id.clone(),
            subject: consent.subject.clone(),
            scope: consent.scope,
            redirect_uri: None,
            code_challenge: None,
            expires_at: Timestamp::from_unix_seconds(i64::MAX),
        });
        let agreed = Agreed::Now(consent);
        Store::<M>::authorize(&self.inner, Authorization { code: &code, agreed }).await?;
        Ok(())
    }
}

/// The commands that are right in every store here.
macro_rules! right {
    ($($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {
        $(async fn $name(&self, $($argument: $type),*) -> Result<$answer, Error> {
            Store::<M>::$name(&self.inner, $($argument),*).await
        })*
    };
}

impl<M: Models> Store<M> for WrongStore
where
    SqlStore<Sqlite>: Store<M>,
{
    right! {
        check(schema: Schema) -> Vec<Finding>;
        newest_token() -> Option<Timestamp>;
        access_token(digest: &Digest<AccessToken>) -> Option<M::Token>;
        refresh_token(digest: &Digest<RefreshToken>) -> Option<M::Token>;
        code(digest: &Digest<AuthorizationCode>) -> Option<M::Code>;
        consent(subject: &Subject, client_id: &ClientId) -> Option<Consent<M::Scopes>>;
        session(digest: &Digest<SessionId>) -> Option<Session>;
    }

    fn schema_sql() -> String {
        <SqlStore<Sqlite> as Store<M>>::schema_sql()
    }

    async fn prepare(&self, schema: Schema) -> Result<(), Error> {
        Store::<M>::prepare(&self.inner, schema).await?;
        if self.has(Fault::PreparesOnce) {
            self.wrongly("CREATE TABLE prepared (once INTEGER)", &[]).await?;
        }
        Ok(())
    }

    async fn client(&self, client_id: &str) -> Result<Option<M::Client>, Error> {
        let lower = client_id.to_lowercase();
        let client_id = if self.has(Fault::FindsClientsInAnyCase) { &lower } else { client_id };
        Store::<M>::client(&self.inner, client_id).await
    }

    async fn delete_client(&self, client_id: &ClientId, at: Timestamp) -> Result<Option<u64>, Error> {
        if self.has(Fault::ForgetsDeletions) {
            return Ok(Some(2));
        }
        if self.has(Fault::DeletesClientsOnly) {
            self.wrongly("DELETE FROM oauth2_client WHERE client_id = $1", &[client_id.as_str()]).await?;
            return Ok(Some(2));
        }
        Store::<M>::delete_client(&self.inner, client_id, at).await
    }

    async fn stored_clients(
        &self,
        after: Option<&ClientId>,
        limit: u32,
    ) -> Result<Vec<StoredClient<M::Client>>, Error> {
        let after = after.filter(|_| !self.has(Fault::ChecksTheFirstPageAgain));
        Store::<M>::stored_clients(&self.inner, after, limit).await
    }

    async fn clients(&self, after: Option<&ClientId>, limit: u32) -> Result<Vec<M::Client>, Error> {
        let mut page = Store::<M>::clients(&self.inner, after, limit).await?;
        if let Some(after) = after.filter(|_| self.has(Fault::ListsTheLastAgain)) {
            let last = Store::<M>::client(&self.inner, after.as_str()).await?;
            page = last.into_iter().chain(page).take(usize::try_from(limit).unwrap()).collect();
        }
        Ok(page)
    }

    async fn insert_client(&self, client: &M::Client) -> Result<bool, Error> {
        let inserted = Store::<M>::insert_client(&self.inner, client).await?;
        Ok(inserted || self.has(Fault::ClaimsEveryInsert))
    }

    async fn replace_client(&self, client: &M::Client, secret: bool) -> Result<bool, Error> {
        let secret = secret || self.has(Fault::ReplacesSecrets);
        Store::<M>::replace_client(&self.inner, client, secret).await
    }

    async fn set_client_secret(
        &self,
        client_id: &ClientId,
        current: Option<&SecretHash>,
        next: &SecretHash,
    ) -> Result<bool, Error> {
        if !self.has(Fault::ReadsSecretsFirst) && !self.has(Fault::SetsSecretsAnyway) {
            return Store::<M>::set_client_secret(&self.inner, client_id, current, next).await;
        }
        let mut first = self.has(Fault::ReadsSecretsFirst);
        while let Some(client) = Store::<M>::client(&self.inner, client_id.as_str()).await? {
            let stored = client.fields().client_secret.cloned();
            if std::mem::take(&mut first) && stored.as_ref() != current {
                return Ok(false);
            }
            if Store::<M>::set_client_secret(&self.inner, client_id, stored.as_ref(), next).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn issue(&self, issuance: Issuance<'_, M::Token>) -> Result<bool, Error> {
        let kept = issuance.kept.filter(|_| !self.has(Fault::IgnoresKeptRefreshTokens));
        let mut agreed = issuance.agreed;
        if let (Agreed::Now(consent), true) = (agreed, self.has(Fault::AgreesBeforeItIssues)) {
            self.agree::<M>(consent).await?;
            agreed = Agreed::Elsewhere;
        }
        if let (Agreed::Before, true) = (agreed, self.has(Fault::IgnoresConsentsOfTokens)) {
            agreed = Agreed::Elsewhere;
        }
        if self.has(Fault::IssuesRowByRow) {
            let mut issued = true;
            for row in issuance.rows {
                let rows = std::slice::from_ref(row);
                issued &= Store::<M>::issue(&self.inner, Issuance { rows, kept, agreed }).await?;
            }
            return Ok(issued);
        }
        let issue = Store::<M>::issue(&self.inner, Issuance { kept, agreed, ..issuance });
        if let (Some(row), true) = (issuance.rows.first(), self.has(Fault::IssuesToAnybody)) {
            return self.to_anybody(row.fields().client_id, issue).await;
        }
        let issued = issue.await?;
        if self.has(Fault::NarrowsTokens) {
            self.wrongly("UPDATE oauth2_token SET scope = 'read'", &[]).await?;
        }
        Ok(issued)
    }

    async fn rotate(&self, rotation: Rotation<'_, M::Token>) -> Result<Redemption, Error> {
        let (token, rows) = (rotation.refresh_token, rotation.successors);
        let (at, client_id, issued_after) = (rotation.at, rotation.client_id, rotation.issued_after);
        let row = Store::<M>::refresh_token(&self.inner, &token).await?;
        let owner = row.as_ref().map_or(client_id, |row| row.fields().client_id);
        let rotate = async |rotation| Store::<M>::rotate(&self.inner, rotation).await;
        let by_itself = Rotation { refresh_token: token, client_id, at, issued_after, successors: &[] };
        match self.fault {
            Fault::ReadsRefreshTokensFirst => {
                let live = row.as_ref().is_some_and(|row| {
                    let row = row.fields();
                    row.revoked_at.is_none() && row.client_id == client_id && row.issued_at > issued_after
                });
                if !live || !Store::<M>::issue(&self.inner, Issuance::of(rows)).await? {
                    return rotate(by_itself).await;
                }
                rotate(by_itself).await?;
                Ok(Redemption::Consumed)
            }
            Fault::UsesRefreshTokensByThemselves => {
                let answer = rotate(by_itself).await?;
                let issue = Store::<M>::issue(&self.inner, Issuance::of(rows));
                let issued = answer == Redemption::Consumed && issue.await?;
                Ok(if answer == Redemption::Consumed && !issued { Redemption::Absent } else { answer })
            }
            Fault::ForgetsTheClientOfRefreshTokens => rotate(Rotation { client_id: owner, ..rotation }).await,
            Fault::LetsRefreshTokensLiveASecondLonger => {
                let issued_after = Timestamp::from_unix_seconds(issued_after.unix_seconds() - 1);
                rotate(Rotation { issued_after, ..rotation }).await
            }
            Fault::ForgetsUsedRefreshTokens => Ok(match rotate(rotation).await? {
                Redemption::AlreadyConsumed { .. } => Redemption::Absent,
                answer => answer,
            }),
            _ => rotate(rotation).await,
        }
    }

    async fn end_access_token(
        &self,
        digest: &Digest<AccessToken>,
        client_id: &ClientId,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let row = Store::<M>::access_token(&self.inner, digest).await?;
        let owner = row.as_ref().filter(|_| self.has(Fault::EndsForAnybody));
        let client_id = owner.map_or(client_id, |row| row.fields().client_id);
        if let Some(row) = row.as_ref().filter(|_| self.has(Fault::EndsRefreshTokensToo)) {
            let grant_id = row.fields().grant_id.unwrap();
            return Ok(Store::<M>::revoke_grant(&self.inner, grant_id, at).await? > 0);
        }
        Store::<M>::end_access_token(&self.inner, digest, client_id, at).await
    }

    async fn revoke_grant(&self, grant_id: &GrantId, at: Timestamp) -> Result<u64, Error> {
        if self.has(Fault::RevokesNothing) {
            return Ok(2);
        }
        Store::<M>::revoke_grant(&self.inner, grant_id, at).await
    }

    async fn revoke_superseded(&self, superseded: Superseded<'_>) -> Result<u64, Error> {
        if self.has(Fault::IgnoresSuccessors) {
            return Store::<M>::revoke_grant(&self.inner, superseded.grant_id, superseded.at).await;
        }
        Store::<M>::revoke_superseded(&self.inner, superseded).await
    }

    async fn authorize(&self, authorization: Authorization<'_, M>) -> Result<bool, Error> {
        let Authorization { code, agreed } = authorization;
        if let (Agreed::Now(consent), true) = (agreed, self.has(Fault::AgreesInTwoSteps)) {
            self.agree::<M>(consent).await?;
            let agreed = Agreed::Elsewhere;
            return Store::<M>::authorize(&self.inner, Authorization { code, agreed }).await;
        }
        let before = matches!(agreed, Agreed::Before) && self.has(Fault::IgnoresConsentsOfCodes);
        let agreed = if before || self.has(Fault::ForgetsConsents) { Agreed::Elsewhere } else { agreed };
        let authorize = Store::<M>::authorize(&self.inner, Authorization { code, agreed });
        if self.has(Fault::AuthorizesAnybody) {
            return self.to_anybody(code.fields().client_id, authorize).await;
        }
        let authorized = authorize.await?;
        if self.has(Fault::ForgetsRedirectUris) {
            self.wrongly("UPDATE portal_code SET redirect_uri = NULL", &[]).await?;
        }
        Ok(authorized)
    }

    async fn redeem_code(&self, redemption: CodeRedemption<'_, M::Token>) -> Result<Redemption, Error> {
        let CodeRedemption { code, client_id, at, tokens: rows } = redemption;
        let row = Store::<M>::code(&self.inner, &code).await?;
        let owner = row.as_ref().map_or(client_id, |row| row.fields().client_id);
        let redeem = async |redemption| Store::<M>::redeem_code(&self.inner, redemption).await;
        let by_itself = CodeRedemption { code, client_id, at, tokens: &[] };
        match self.fault {
            Fault::ReadsCodesFirst => {
                let live = row.as_ref().is_some_and(|row| {
                    let row = row.fields();
                    row.consumed_at.is_none() && row.client_id == client_id && row.expires_at > at
                });
                if !live || !Store::<M>::issue(&self.inner, Issuance::of(rows)).await? {
                    return redeem(by_itself).await;
                }
                redeem(by_itself).await?;
                Ok(Redemption::Consumed)
            }
            Fault::UsesCodesByThemselves => {
                let answer = redeem(by_itself).await?;
                let issue = Store::<M>::issue(&self.inner, Issuance::of(rows));
                let issued = answer == Redemption::Consumed && issue.await?;
                Ok(if answer == Redemption::Consumed && !issued { Redemption::Absent } else { answer })
            }
            Fault::ForgetsTheClientOfCodes => redeem(CodeRedemption { client_id: owner, ..redemption }).await,
            Fault::LetsCodesLiveASecondLonger => {
                let at = Timestamp::from_unix_seconds(at.unix_seconds() - 1);
                redeem(CodeRedemption { at, ..redemption }).await
            }
            Fault::ForgetsUsedCodes => Ok(match redeem(redemption).await? {
                Redemption::AlreadyConsumed { .. } => Redemption::Absent,
                answer => answer,
            }),
            _ => redeem(redemption).await,
        }
    }

    async fn withdraw_consent(
        &self,
        subject: &Subject,
        client_id: &ClientId,
        at: Timestamp,
    ) -> Result<u64, Error> {
        if self.has(Fault::WithdrawsConsentsOnly) {
            let sql = "DELETE FROM oauth2_consent WHERE client_id = $1 AND subject = $2";
            return self.wrongly(sql, &[client_id.as_str(), subject.as_str()]).await;
        }
        if self.has(Fault::WithdrawsForEverybody) {
            let sql = "DELETE FROM oauth2_consent WHERE client_id = $1";
            self.wrongly(sql, &[client_id.as_str()]).await?;
        }
        Store::<M>::withdraw_consent(&self.inner, subject, client_id, at).await
    }

    async fn start_session(
        &self,
        session: &Session,
        previous: Option<&Digest<SessionId>>,
    ) -> Result<(), Error> {
        let previous = previous.filter(|_| !self.has(Fault::KeepsPreviousSessions));
        if let Some(previous) = previous.filter(|_| self.has(Fault::StartsSessionsInTwoSteps)) {
            let between = Session { session: another(), subject: "u-another".into(), ..session.clone() };
            Store::<M>::start_session(&self.inner, &between, Some(previous)).await?;
            return Store::<M>::start_session(&self.inner, session, Some(&between.session)).await;
        }
        Store::<M>::start_session(&self.inner, session, previous).await
    }

    async fn end_sessions(&self, subject: &Subject) -> Result<u64, Error> {
        if self.has(Fault::EndsNoSessions) {
            return Ok(2);
        }
        Store::<M>::end_sessions(&self.inner, subject).await
    }

    async fn purge(&self, expired: Expired) -> Result<u64, Error> {
        let expired = match self.fault {
            Fault::PurgesTooEarly => Expired {
                ended_by: Timestamp::from_unix_seconds(expired.ended_by.unix_seconds() + 1),
                ..expired
            },
            Fault::PurgesCodesThatAreRemembered => Expired { codes_ended_by: expired.ended_by, ..expired },
            Fault::IgnoresTheLimit => Expired { limit: u32::MAX, ..expired },
            _ => expired,
        };
        let mut deleted = Store::<M>::purge(&self.inner, expired).await?;
        if self.has(Fault::PurgesUsedRefreshTokens) {
            let sql = "DELETE FROM oauth2_token WHERE revoked_at IS NOT NULL AND expires_at <= $1";
            let bound = sqlx::query(sql).bind(expired.ended_by.unix_seconds());
            deleted += bound.execute(self.inner.pool()).await?.rows_affected();
        }
        Ok(deleted)
    }
}

/// A digest that nothing else has.
fn another<K: oauth2_runtime::types::Artefact>() -> Digest<K> {
    let mut bytes = [0; 32];
    oauth2_runtime::random::Random::fill(&oauth2_runtime::random::SystemRandom, &mut bytes).unwrap();
    Digest::from_bytes(&bytes).unwrap()
}
