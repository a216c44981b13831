//! The store's commands as SQL.

use sqlx::Transaction;

use super::{
    Agreed, Authorization, CodeRedemption, ColumnSpec, Dialect, Expired, Finding, Issuance, Redemption,
    Rotation, Schema, SqlModel, SqlStore, Statements, Store, StoredClient, Superseded, TableSpec,
    TokenStatements, Value, append, bind, bind_all, describe, inspection, schema, values,
};
use crate::error::Error;
use crate::model::{Consent, Extent, Models, OAuth2Client, OAuth2Code, OAuth2Token, Session};
use crate::types::{
    AccessToken, AuthorizationCode, ClientId, Digest, GrantId, RefreshToken, SecretHash, SessionId, Subject,
    Timestamp,
};

impl<DB: Dialect> SqlStore<DB> {
    async fn find<M: SqlModel<DB>>(&self, sql: &'static str, key: &[Value<'_>]) -> Result<Option<M>, Error> {
        let row = DB::row(&self.readers, sql, values::<DB>(key)?).await?;
        Ok(row.map(|row| M::decode(&row)).transpose()?)
    }

    async fn change(&self, sql: &'static str, bound: &[Value<'_>]) -> Result<u64, Error> {
        Ok(DB::execute(&self.writer, sql, values::<DB>(bound)?).await?)
    }

    async fn begin(&self) -> Result<Transaction<'static, DB>, Error> {
        Ok(DB::begin(&self.writer).await?)
    }
}

/// A change inside a transaction; how many rows it was.
async fn change<DB: Dialect>(
    transaction: &mut Transaction<'static, DB>,
    sql: &'static str,
    bound: &[Value<'_>],
) -> Result<u64, Error> {
    Ok(DB::execute_in(transaction, sql, values::<DB>(bound)?).await?)
}

impl<DB, M> Store<M> for SqlStore<DB>
where
    DB: Dialect,
    M: Models,
    M::Client: SqlModel<DB>,
    M::Token: SqlModel<DB>,
    M::Code: SqlModel<DB>,
    Session: SqlModel<DB>,
    Consent<M::Scopes>: SqlModel<DB>,
{
    async fn check(&self, schema: Schema) -> Result<Vec<Finding>, Error> {
        let tables = schema::tables::<DB, M>();
        let mut findings = inspection::inspect::<DB>(&self.readers, schema, &tables).await?;
        if !self.absent {
            findings.extend(DB::durability(&self.writer).await?);
        }
        Ok(findings)
    }

    async fn prepare(&self, schema: Schema) -> Result<(), Error> {
        schema::prepare(&self.writer, schema, &schema::tables::<DB, M>()).await
    }

    fn schema_sql() -> String {
        schema::definition(&schema::tables::<DB, M>()).join("\n")
    }

    fn tables() -> Vec<TableSpec> {
        schema::tables::<DB, M>().iter().map(schema::Table::outline).collect()
    }

    async fn client(&self, client_id: &str) -> Result<Option<M::Client>, Error> {
        self.find(&Statements::of::<DB, M>().clients.one, &[client_id.into()]).await
    }

    async fn clients(&self, after: Option<&ClientId>, limit: u32) -> Result<Vec<M::Client>, Error> {
        let after = after.map_or("", ClientId::as_str);
        let bound = values::<DB>(&[after.into(), Value::Integer(limit.into())])?;
        let rows = DB::rows(&self.readers, &Statements::of::<DB, M>().clients.page, bound).await?;
        Ok(rows.iter().map(M::Client::decode).collect::<Result<_, _>>()?)
    }

    async fn stored_clients(
        &self,
        after: Option<&ClientId>,
        limit: u32,
    ) -> Result<Vec<StoredClient<M::Client>>, Error> {
        let after = after.map_or("", ClientId::as_str);
        let bound = values::<DB>(&[after.into(), Value::Integer(limit.into())])?;
        let rows = DB::rows(&self.readers, &Statements::of::<DB, M>().clients.page, bound).await?;
        let columns = describe::<DB, M::Client>();
        rows.iter().map(|row| stored_client(row, &columns)).collect()
    }

    async fn insert_client(&self, client: &M::Client) -> Result<bool, Error> {
        let sql = &Statements::of::<DB, M>().clients.insert;
        match DB::execute(&self.writer, sql, bind::<DB, _>(client)?).await {
            Ok(_) => Ok(true),
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    async fn replace_client(&self, client: &M::Client, secret: bool) -> Result<bool, Error> {
        let sql = &Statements::of::<DB, M>().clients;
        let sql = if secret { &sql.replace } else { &sql.replace_but_secret };
        let bound = append::<DB>(bind::<DB, _>(client)?, &[client.client_id().as_str().into()])?;
        Ok(DB::execute(&self.writer, sql, bound).await? > 0)
    }

    async fn set_client_secret(
        &self,
        client_id: &ClientId,
        current: Option<&SecretHash>,
        next: &SecretHash,
    ) -> Result<bool, Error> {
        let (current, next) = (current.map(String::from).unwrap_or_default(), String::from(next));
        let bound = [next.as_str().into(), client_id.as_str().into(), current.as_str().into()];
        Ok(self.change(&Statements::of::<DB, M>().clients.set_secret, &bound).await? > 0)
    }

    async fn delete_client(&self, client_id: &ClientId, at: Timestamp) -> Result<Option<u64>, Error> {
        let sql = Statements::of::<DB, M>();
        let id = client_id.as_str().into();
        let mut transaction = self.begin().await?;
        let deleted = change(&mut transaction, &sql.clients.delete, &[id]).await?;
        let revoked = change(&mut transaction, &sql.tokens.revoke_client, &[at.into(), id]).await?;
        if M::EXTENT == Extent::SignIn {
            change(&mut transaction, &sql.codes.delete_client, &[id]).await?;
            change(&mut transaction, &sql.consents.delete_client, &[id]).await?;
        }
        transaction.commit().await?;
        Ok((deleted > 0).then_some(revoked))
    }

    async fn issue(&self, issuance: Issuance<'_, M::Token>) -> Result<bool, Error> {
        let sql = &Statements::of::<DB, M>().tokens;
        if let ([row], None, Agreed::Elsewhere) = (issuance.rows, issuance.kept, issuance.agreed) {
            return Ok(DB::execute(&self.writer, &sql.insert.one, bind::<DB, _>(row)?).await? > 0);
        }
        let mut transaction = self.begin().await?;
        let mut inserted = insert_all(&mut transaction, sql, &issuance).await?;
        if let (true, Agreed::Now(consent)) = (inserted, issuance.agreed) {
            let upsert = &Statements::of::<DB, M>().consents.upsert;
            inserted = DB::execute_in(&mut transaction, upsert, bind::<DB, _>(consent)?).await? > 0;
        }
        finish(transaction, inserted).await?;
        Ok(inserted)
    }

    async fn access_token(&self, digest: &Digest<AccessToken>) -> Result<Option<M::Token>, Error> {
        self.find(&Statements::of::<DB, M>().tokens.by_access_token, &[digest.into()]).await
    }

    async fn refresh_token(&self, digest: &Digest<RefreshToken>) -> Result<Option<M::Token>, Error> {
        self.find(&Statements::of::<DB, M>().tokens.by_refresh_token, &[digest.into()]).await
    }

    async fn newest_token(&self) -> Result<Option<Timestamp>, Error> {
        let latest = &Statements::of::<DB, M>().tokens.latest;
        let rows = DB::rows(&self.readers, latest, DB::Arguments::default()).await?;
        let tokens = rows.iter().filter_map(|row| M::Token::decode(row).ok());
        Ok(tokens.map(|token| token.fields().issued_at).max())
    }

    async fn rotate(&self, rotation: Rotation<'_, M::Token>) -> Result<Redemption, Error> {
        let sql = &Statements::of::<DB, M>().tokens;
        let (token, client) = (&rotation.refresh_token, rotation.client_id.as_str());
        let consume = [rotation.at.into(), token.into(), client.into(), rotation.issued_after.into()];
        let successors = Issuance::of(rotation.successors);
        let mut transaction = self.begin().await?;
        if change(&mut transaction, &sql.consume, &consume).await? == 0 {
            transaction.rollback().await?;
            let row: Option<M::Token> = Store::<M>::refresh_token(self, token).await?;
            return Ok(row.map_or(Redemption::Absent, |row| used_token(&row)));
        }
        let inserted = insert_all(&mut transaction, sql, &successors).await?;
        finish(transaction, inserted).await
    }

    async fn end_access_token(
        &self,
        digest: &Digest<AccessToken>,
        client_id: &ClientId,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let bound = [at.into(), digest.into(), client_id.as_str().into()];
        Ok(self.change(&Statements::of::<DB, M>().tokens.end, &bound).await? > 0)
    }

    async fn revoke_grant(&self, grant_id: &GrantId, at: Timestamp) -> Result<u64, Error> {
        let sql = &Statements::of::<DB, M>().tokens.revoke_grant;
        self.change(sql, &[at.into(), grant_id.as_str().into()]).await
    }

    async fn revoke_superseded(&self, superseded: Superseded<'_>) -> Result<u64, Error> {
        let Superseded { refresh_token, grant_id, used_at, at } = &superseded;
        let bound = [(*at).into(), grant_id.as_str().into(), refresh_token.into(), (*used_at).into()];
        self.change(&Statements::of::<DB, M>().tokens.revoke_superseded, &bound).await
    }

    async fn authorize(&self, authorization: Authorization<'_, M>) -> Result<bool, Error> {
        let sql = Statements::of::<DB, M>();
        let code = bind::<DB, _>(authorization.code)?;
        let consent = match authorization.agreed {
            Agreed::Now(consent) => consent,
            Agreed::Before => return Ok(DB::execute(&self.writer, &sql.codes.insert_agreed, code).await? > 0),
            Agreed::Elsewhere => return Ok(DB::execute(&self.writer, &sql.codes.insert, code).await? > 0),
        };
        let consent = bind::<DB, _>(consent)?;
        let mut transaction = self.begin().await?;
        let inserted = DB::execute_in(&mut transaction, &sql.codes.insert, code).await? > 0
            && DB::execute_in(&mut transaction, &sql.consents.upsert, consent).await? > 0;
        finish(transaction, inserted).await?;
        Ok(inserted)
    }

    async fn code(&self, digest: &Digest<AuthorizationCode>) -> Result<Option<M::Code>, Error> {
        self.find(&Statements::of::<DB, M>().codes.one, &[digest.into()]).await
    }

    async fn redeem_code(&self, redemption: CodeRedemption<'_, M::Token>) -> Result<Redemption, Error> {
        let sql = Statements::of::<DB, M>();
        let consume = [redemption.at.into(), (&redemption.code).into(), redemption.client_id.as_str().into()];
        let tokens = Issuance::of(redemption.tokens);
        let mut transaction = self.begin().await?;
        if change(&mut transaction, &sql.codes.consume, &consume).await? == 0 {
            transaction.rollback().await?;
            let row: Option<M::Code> = Store::<M>::code(self, &redemption.code).await?;
            return Ok(row.map_or(Redemption::Absent, |row| used_code(&row)));
        }
        let inserted = insert_all(&mut transaction, &sql.tokens, &tokens).await?;
        finish(transaction, inserted).await
    }

    async fn consent(
        &self,
        subject: &Subject,
        client_id: &ClientId,
    ) -> Result<Option<Consent<M::Scopes>>, Error> {
        let key = [subject.as_str().into(), client_id.as_str().into()];
        self.find(&Statements::of::<DB, M>().consents.one, &key).await
    }

    async fn withdraw_consent(
        &self,
        subject: &Subject,
        client_id: &ClientId,
        at: Timestamp,
    ) -> Result<u64, Error> {
        let sql = Statements::of::<DB, M>();
        let (client, subject) = (client_id.as_str().into(), subject.as_str().into());
        let mut transaction = self.begin().await?;
        change(&mut transaction, &sql.consents.delete, &[client, subject]).await?;
        change(&mut transaction, &sql.codes.delete_consent, &[client, subject]).await?;
        let revoke = [at.into(), client, subject];
        let revoked = change(&mut transaction, &sql.tokens.revoke_consent, &revoke).await?;
        transaction.commit().await?;
        Ok(revoked)
    }

    async fn session(&self, digest: &Digest<SessionId>) -> Result<Option<Session>, Error> {
        self.find(&Statements::of::<DB, M>().sessions.one, &[digest.into()]).await
    }

    async fn start_session(
        &self,
        session: &Session,
        previous: Option<&Digest<SessionId>>,
    ) -> Result<(), Error> {
        let sql = &Statements::of::<DB, M>().sessions;
        let insert = bind::<DB, _>(session)?;
        let mut transaction = self.begin().await?;
        if let Some(previous) = previous {
            change(&mut transaction, &sql.delete, &[previous.into()]).await?;
        }
        DB::execute_in(&mut transaction, &sql.insert, insert).await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn end_sessions(&self, subject: &Subject) -> Result<u64, Error> {
        let sql = &Statements::of::<DB, M>().sessions.delete_subject;
        self.change(sql, &[subject.as_str().into()]).await
    }

    async fn purge(&self, expired: Expired) -> Result<u64, Error> {
        let sql = Statements::of::<DB, M>();
        let (ended, limit) = (expired.ended_by.into(), Value::Integer(expired.limit.into()));
        let bound = [ended, limit, expired.issued_by.into()];
        let tokens: &[_] = if M::Token::HAS_REFRESH_TOKEN { &bound } else { &[ended, limit] };
        let mut deleted = self.change(&sql.tokens.purge, tokens).await?;
        if M::EXTENT == Extent::SignIn {
            let codes = [expired.codes_ended_by.into(), limit];
            deleted += self.change(&sql.codes.purge, &codes).await?;
            deleted += self.change(&sql.sessions.purge, &[ended, limit]).await?;
        }
        Ok(deleted)
    }
}

fn stored_client<DB: Dialect, C: SqlModel<DB>>(
    row: &DB::Row,
    columns: &[ColumnSpec],
) -> Result<StoredClient<C>, Error> {
    let text = |role: &str| {
        let index = columns.iter().position(|column| column.role == role).unwrap_or_default();
        DB::text_at(row, index)
    };
    let client = C::decode(row).map_err(|error| unreadable(columns, error));
    Ok(StoredClient {
        client_id: text("client_id")?.into(),
        scope: text("scope").unwrap_or_default(),
        client,
    })
}

/// Why a row cannot be read, with the column by its name. What the type of an own column says of a value may repeat it.
fn unreadable(columns: &[ColumnSpec], error: sqlx::Error) -> Error {
    let sqlx::Error::ColumnDecode { index, source } = error else { return error.into() };
    let column = index.parse().ok().and_then(|index: usize| columns.get(index));
    let name = column.map_or(index.as_str(), |column| column.name);
    let line = Error::new(format!("`{name}` has a value that is none"));
    if column.is_some_and(|column| !column.role.is_empty()) { line.caused_by(source) } else { line }
}

/// Commits what was done, or undoes it when the client turned out to be gone.
async fn finish<DB: Dialect>(transaction: Transaction<'static, DB>, done: bool) -> Result<Redemption, Error> {
    if done {
        transaction.commit().await?;
        return Ok(Redemption::Consumed);
    }
    transaction.rollback().await?;
    Ok(Redemption::Absent)
}

/// Whether every row was inserted: none is when its client is gone, or the refresh token it depends on. Two rows, which is what
/// a narrowed refresh has, are one statement.
async fn insert_all<DB: Dialect, T: SqlModel<DB> + OAuth2Token>(
    transaction: &mut Transaction<'static, DB>,
    sql: &'static TokenStatements,
    issuance: &Issuance<'_, T>,
) -> Result<bool, Error> {
    let inserts = match (&issuance.kept, issuance.agreed) {
        (None, Agreed::Before) => &sql.insert_agreed,
        (None, _) => &sql.insert,
        (Some(_), _) => &sql.insert_kept,
    };
    for rows in issuance.rows.chunks(2) {
        let mut bound = bind_all::<DB, T>(rows)?;
        if let Some(kept) = &issuance.kept {
            bound = append::<DB>(bound, &[kept.into()])?;
        }
        let (insert, count) = if let [_] = rows { (&inserts.one, 1) } else { (&inserts.two, 2) };
        if DB::execute_in(transaction, insert, bound).await? < count {
            return Ok(false);
        }
    }
    Ok(true)
}

fn used_token<T: OAuth2Token>(row: &T) -> Redemption {
    let fields = row.fields();
    used(fields.revoked_at, fields.client_id, fields.grant_id)
}

fn used_code<C: OAuth2Code>(row: &C) -> Redemption {
    let fields = row.fields();
    used(fields.consumed_at, fields.client_id, Some(fields.grant_id))
}

fn used(at: Option<Timestamp>, client_id: &ClientId, grant_id: Option<&GrantId>) -> Redemption {
    at.map_or(Redemption::Absent, |at| Redemption::AlreadyConsumed {
        at,
        client_id: client_id.clone(),
        grant_id: grant_id.cloned(),
    })
}
