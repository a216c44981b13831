use oauth2_runtime::model::{Consent, Models, Session};
use oauth2_runtime::prelude::*;
use oauth2_runtime::store::{
    Agreed, Authorization, CodeRedemption, Expired, Issuance, Redemption, Rotation, Schema, Store,
    StoredClient, Superseded,
};
use oauth2_runtime::types::SessionId;
use redb::ReadTransaction;

use super::{
    CLIENTS, CODES, CODES_OF_CLIENT, CONSENTS, Change, Document, Failure, Outcome, REFRESH_TOKENS, RedbStore,
    Row, SESSIONS, SESSIONS_OF_SUBJECT, TOKENS, TOKENS_OF_CLIENT, TOKENS_OF_GRANT, check_tables, find,
    is_null,
};

impl<M> Store<M> for RedbStore
where
    M: Models,
    M::Client: Document,
    M::Token: Document,
    M::Code: Document,
{
    /// redb has no commits that could be lost, unless they are asked for, which this store does not.
    async fn prepare(&self, schema: Schema) -> Result<(), Error> {
        if schema == Schema::Managed {
            return self.write(|change| change.create_tables().map(Outcome::Commit)).await;
        }
        self.read(check_tables).await
    }

    fn schema_sql() -> String {
        "-- This store has no SQL: it makes its tables with `schema = managed`.".to_owned()
    }

    async fn client(&self, client_id: &str) -> Result<Option<M::Client>, Error> {
        let client_id = client_id.to_owned();
        self.one(move |transaction| find(transaction, CLIENTS, &client_id)).await
    }

    async fn clients(&self, after: Option<&ClientId>, limit: u32) -> Result<Vec<M::Client>, Error> {
        self.client_rows(after, limit).await?.iter().map(model).collect()
    }

    async fn stored_clients(
        &self,
        after: Option<&ClientId>,
        limit: u32,
    ) -> Result<Vec<StoredClient<M::Client>>, Error> {
        let stored = |row: &Row| {
            let text = |name| row.get::<String>(name).unwrap_or_default();
            StoredClient { client_id: text("client_id").into(), scope: text("scope"), client: model(row) }
        };
        Ok(self.client_rows(after, limit).await?.iter().map(stored).collect())
    }

    async fn insert_client(&self, client: &M::Client) -> Result<bool, Error> {
        let (client_id, row) = (client.client_id().to_string(), client.to_row());
        self.write(move |change| {
            if change.find(CLIENTS, &client_id)?.is_some() {
                return Ok(Outcome::Abort(false));
            }
            change.put(CLIENTS, &client_id, &row)?;
            Ok(Outcome::Commit(true))
        })
        .await
    }

    async fn replace_client(&self, client: &M::Client, secret: bool) -> Result<bool, Error> {
        let (client_id, mut row) = (client.client_id().to_string(), client.to_row());
        self.write(move |change| {
            let Some(before) = change.find(CLIENTS, &client_id)? else { return Ok(Outcome::Abort(false)) };
            if !secret {
                row.copy("client_secret", &before);
            }
            change.put(CLIENTS, &client_id, &row)?;
            Ok(Outcome::Commit(true))
        })
        .await
    }

    async fn set_client_secret(
        &self,
        client_id: &ClientId,
        current: Option<&SecretHash>,
        next: &SecretHash,
    ) -> Result<bool, Error> {
        let (client_id, current, next) = (client_id.to_string(), current.cloned(), next.clone());
        self.write(move |change| {
            let Some(mut row) = change.find(CLIENTS, &client_id)? else { return Ok(Outcome::Abort(false)) };
            if row.get::<Option<SecretHash>>("client_secret")? != current {
                return Ok(Outcome::Abort(false));
            }
            row.put("client_secret", &next);
            change.put(CLIENTS, &client_id, &row)?;
            Ok(Outcome::Commit(true))
        })
        .await
    }

    async fn delete_client(&self, client_id: &ClientId, at: Timestamp) -> Result<Option<u64>, Error> {
        let client_id = client_id.to_string();
        self.write(move |change| {
            if !change.remove(CLIENTS, &client_id)? {
                return Ok(Outcome::Abort(None));
            }
            for code in change.keys_of(CODES_OF_CLIENT, &client_id)? {
                change.delete_code(&code)?;
            }
            change.delete_consents(&client_id)?;
            let tokens = change.keys_of(TOKENS_OF_CLIENT, &client_id)?;
            Ok(Outcome::Commit(Some(change.revoke(&tokens, at, |_| Ok(true))?)))
        })
        .await
    }

    async fn issue(&self, issuance: Issuance<'_, M::Token>) -> Result<bool, Error> {
        let (rows, kept) = (rows(issuance.rows), issuance.kept);
        let agreed = Agreement::of(issuance.agreed);
        self.write(move |change| {
            if let Some(kept) = kept {
                let live =
                    change.refresh_token(&kept)?.map(|(_, row)| is_null(&row, "revoked_at")).transpose()?;
                if live != Some(true) {
                    return Ok(Outcome::Abort(false));
                }
            }
            let done = agreed.holds(change, &rows)? && change.insert_tokens(&rows)?;
            Ok(if done { Outcome::Commit(true) } else { Outcome::Abort(false) })
        })
        .await
    }

    async fn access_token(&self, digest: &Digest<AccessToken>) -> Result<Option<M::Token>, Error> {
        let key = *digest.as_bytes();
        self.one(move |transaction| find(transaction, TOKENS, &key)).await
    }

    async fn refresh_token(&self, digest: &Digest<RefreshToken>) -> Result<Option<M::Token>, Error> {
        let key = *digest.as_bytes();
        self.one(move |transaction| {
            let access = transaction.open_table(REFRESH_TOKENS)?.get(&key)?.map(|access| *access.value());
            access.map_or(Ok(None), |access| find(transaction, TOKENS, &access))
        })
        .await
    }

    async fn rotate(&self, rotation: Rotation<'_, M::Token>) -> Result<Redemption, Error> {
        let Rotation { refresh_token, at, issued_after, successors, .. } = rotation;
        let (client_id, successors) = (rotation.client_id.clone(), rows(successors));
        self.write(move |change| {
            let Some((key, mut row)) = change.refresh_token(&refresh_token)? else {
                return Ok(Outcome::Abort(Redemption::Absent));
            };
            let own = row.get::<ClientId>("client_id")? == client_id;
            let live = row.get::<Timestamp>("issued_at")? > issued_after;
            if !is_null(&row, "revoked_at")? || !own || !live {
                return used(&row, "revoked_at").map(Outcome::Abort);
            }
            row.put("revoked_at", &at);
            change.put(TOKENS, &key, &row)?;
            redeemed(change.insert_tokens(&successors)?)
        })
        .await
    }

    async fn end_access_token(
        &self,
        digest: &Digest<AccessToken>,
        client_id: &ClientId,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let (key, client_id) = (*digest.as_bytes(), client_id.clone());
        self.write(move |change| {
            let Some(mut row) = change.find(TOKENS, &key)? else { return Ok(Outcome::Abort(false)) };
            let live = is_null(&row, "revoked_at")? && row.get::<Timestamp>("expires_at")? > at;
            if !live || row.get::<ClientId>("client_id")? != client_id {
                return Ok(Outcome::Abort(false));
            }
            row.put("expires_at", &at);
            change.put(TOKENS, &key, &row)?;
            Ok(Outcome::Commit(true))
        })
        .await
    }

    async fn revoke_grant(&self, grant_id: &GrantId, at: Timestamp) -> Result<u64, Error> {
        let grant_id = grant_id.to_string();
        self.write(move |change| {
            let tokens = change.keys_of(TOKENS_OF_GRANT, &grant_id)?;
            change.revoke(&tokens, at, |_| Ok(true)).map(Outcome::Commit)
        })
        .await
    }

    async fn revoke_superseded(&self, superseded: Superseded<'_>) -> Result<u64, Error> {
        let Superseded { refresh_token, used_at, at, .. } = superseded;
        let grant_id = superseded.grant_id.to_string();
        self.write(move |change| {
            let tokens = change.keys_of(TOKENS_OF_GRANT, &grant_id)?;
            for key in &tokens {
                let Some(row) = change.find(TOKENS, key)? else { continue };
                let refresh: Option<Digest<RefreshToken>> = row.get("refresh_token")?;
                // A successor is issued at the very moment its predecessor is used.
                let later = row.get::<Timestamp>("issued_at")? >= used_at;
                if later
                    && refresh.is_some_and(|other| other != refresh_token)
                    && !is_null(&row, "revoked_at")?
                {
                    return change.revoke(&tokens, at, |_| Ok(true)).map(Outcome::Commit);
                }
            }
            Ok(Outcome::Abort(0))
        })
        .await
    }

    async fn authorize(&self, authorization: Authorization<'_, M>) -> Result<bool, Error> {
        let (code, agreed) = (authorization.code.to_row(), Agreement::of(authorization.agreed));
        self.write(move |change| {
            let done = agreed.holds(change, std::slice::from_ref(&code))? && change.insert_code(&code)?;
            Ok(if done { Outcome::Commit(true) } else { Outcome::Abort(false) })
        })
        .await
    }

    async fn code(&self, digest: &Digest<AuthorizationCode>) -> Result<Option<M::Code>, Error> {
        let key = *digest.as_bytes();
        self.one(move |transaction| find(transaction, CODES, &key)).await
    }

    async fn redeem_code(&self, redemption: CodeRedemption<'_, M::Token>) -> Result<Redemption, Error> {
        let (key, at) = (*redemption.code.as_bytes(), redemption.at);
        let (client_id, tokens) = (redemption.client_id.clone(), rows(redemption.tokens));
        self.write(move |change| {
            let Some(mut row) = change.find(CODES, &key)? else {
                return Ok(Outcome::Abort(Redemption::Absent));
            };
            let own = row.get::<ClientId>("client_id")? == client_id;
            let live = row.get::<Timestamp>("expires_at")? > at;
            if !is_null(&row, "consumed_at")? || !own || !live {
                return used(&row, "consumed_at").map(Outcome::Abort);
            }
            row.put("consumed_at", &at);
            change.put(CODES, &key, &row)?;
            redeemed(change.insert_tokens(&tokens)?)
        })
        .await
    }

    async fn consent(
        &self,
        subject: &Subject,
        client_id: &ClientId,
    ) -> Result<Option<Consent<M::Scopes>>, Error> {
        let (subject, client_id) = (subject.to_string(), client_id.to_string());
        self.one(move |transaction| find(transaction, CONSENTS, (&client_id, &subject))).await
    }

    async fn withdraw_consent(
        &self,
        subject: &Subject,
        client_id: &ClientId,
        at: Timestamp,
    ) -> Result<u64, Error> {
        let (subject, client_id) = (subject.clone(), client_id.to_string());
        self.write(move |change| {
            change.remove(CONSENTS, (&client_id, subject.as_str()))?;
            for code in change.keys_of(CODES_OF_CLIENT, &client_id)? {
                let Some(row) = change.find(CODES, &code)? else { continue };
                // Used ones stay, so that they are recognised.
                if row.get::<Subject>("subject")? == subject && is_null(&row, "consumed_at")? {
                    change.delete_code(&code)?;
                }
            }
            let tokens = change.keys_of(TOKENS_OF_CLIENT, &client_id)?;
            let theirs = |row: &Row| Ok(row.get::<Option<Subject>>("subject")?.as_ref() == Some(&subject));
            change.revoke(&tokens, at, theirs).map(Outcome::Commit)
        })
        .await
    }

    async fn session(&self, digest: &Digest<SessionId>) -> Result<Option<Session>, Error> {
        let key = *digest.as_bytes();
        self.one(move |transaction| find(transaction, SESSIONS, &key)).await
    }

    async fn start_session(
        &self,
        session: &Session,
        previous: Option<&Digest<SessionId>>,
    ) -> Result<(), Error> {
        let (key, row) = (*session.session.as_bytes(), session.to_row());
        let previous = previous.copied();
        self.write(move |change| {
            if let Some(previous) = previous {
                change.delete_session(previous.as_bytes())?;
            }
            change.insert_session(&key, &row).map(Outcome::Commit)
        })
        .await
    }

    async fn end_sessions(&self, subject: &Subject) -> Result<u64, Error> {
        let subject = subject.to_string();
        self.write(move |change| {
            let sessions = change.keys_of(SESSIONS_OF_SUBJECT, &subject)?;
            for session in &sessions {
                change.delete_session(session)?;
            }
            Ok(Outcome::Commit(u64::try_from(sessions.len())?))
        })
        .await
    }

    async fn purge(&self, expired: Expired) -> Result<u64, Error> {
        let Expired { ended_by, issued_by, codes_ended_by, limit } = expired;
        self.write(move |change| {
            let limit = usize::try_from(limit)?;
            let ended = |row: &Row, by| Ok(row.get::<Timestamp>("expires_at")? <= by);
            let tokens = change.choose(TOKENS, limit, |row| {
                let refreshable = row.get::<Option<Digest<RefreshToken>>>("refresh_token")?.is_some();
                let over = !refreshable || row.get::<Timestamp>("issued_at")? <= issued_by;
                Ok(over && ended(row, ended_by)?)
            })?;
            let codes = change.choose(CODES, limit, |row| ended(row, codes_ended_by))?;
            let sessions = change.choose(SESSIONS, limit, |row| ended(row, ended_by))?;
            tokens.iter().try_for_each(|key| change.delete_token(key))?;
            codes.iter().try_for_each(|key| change.delete_code(key))?;
            sessions.iter().try_for_each(|key| change.delete_session(key).map(drop))?;
            Ok(Outcome::Commit(u64::try_from(tokens.len() + codes.len() + sessions.len())?))
        })
        .await
    }
}

impl RedbStore {
    async fn one<T: Document>(
        &self,
        work: impl FnOnce(&ReadTransaction) -> Result<Option<Row>, Failure> + Send + 'static,
    ) -> Result<Option<T>, Error> {
        self.read(work).await?.as_ref().map(model).transpose()
    }
}

impl RedbStore {
    /// The rows of at most `limit` clients in order of their identifiers, from the first one after `after`.
    async fn client_rows(&self, after: Option<&ClientId>, limit: u32) -> Result<Vec<Row>, Error> {
        let after = after.map_or_else(String::new, ToString::to_string);
        self.read(move |transaction| {
            let table = transaction.open_table(CLIENTS)?;
            let later = table.range(after.as_str()..)?.filter(|entry| {
                entry.as_ref().map_or(true, |(client_id, _)| client_id.value() > after.as_str())
            });
            let rows = later.take(usize::try_from(limit)?).map(|entry| Ok(Row::parse(entry?.1.value())?));
            rows.collect::<Result<Vec<_>, Failure>>()
        })
        .await
    }
}

fn model<T: Document>(row: &Row) -> Result<T, Error> {
    T::from_row(row).map_err(|source| Error::new("the database has what it cannot have").caused_by(source))
}

fn rows<T: Document>(models: &[T]) -> Vec<Row> {
    models.iter().map(T::to_row).collect()
}

/// How a person has agreed, as a row.
enum Agreement {
    Now(Row),
    Before,
    Elsewhere,
}

impl Agreement {
    fn of<S: Scope>(agreed: Agreed<'_, S>) -> Self {
        match agreed {
            Agreed::Now(consent) => Self::Now(consent.to_row()),
            Agreed::Before => Self::Before,
            Agreed::Elsewhere => Self::Elsewhere,
        }
    }

    /// Stores what was agreed to just now; whether what was agreed to before is still there.
    fn holds(&self, change: &Change, rows: &[Row]) -> Result<bool, Failure> {
        match self {
            Self::Now(consent) => change.put_consent(consent).map(|()| true),
            Self::Before => {
                for row in rows {
                    if !change.is_agreed(row)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Self::Elsewhere => Ok(true),
        }
    }
}

/// What is exchanged is used up if what it is exchanged for could be stored, and only then.
#[expect(clippy::unnecessary_wraps, reason = "the end of a transaction")]
const fn redeemed(stored: bool) -> Result<Outcome<Redemption>, Failure> {
    Ok(if stored { Outcome::Commit(Redemption::Consumed) } else { Outcome::Abort(Redemption::Absent) })
}

/// Why an artefact cannot be used: it was, at the moment in this column, or there is none such for this client.
fn used(row: &Row, at: &'static str) -> Result<Redemption, Failure> {
    let Some(at) = row.get::<Option<Timestamp>>(at)? else { return Ok(Redemption::Absent) };
    Ok(Redemption::AlreadyConsumed { at, client_id: row.get("client_id")?, grant_id: row.get("grant_id")? })
}
