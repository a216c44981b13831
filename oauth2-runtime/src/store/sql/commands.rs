//! The store's commands as SQL.

use sqlx::Transaction;

use super::{
    Dialect, Issuance, Redemption, Rotation, Schema, SqlModel, SqlStore, Statements, Store, bind, schema,
};
use crate::error::Error;
use crate::model::{OAuth2Client, OAuth2Token};
use crate::types::{AccessToken, ClientId, Digest, GrantId, RefreshToken, SecretHash, Timestamp};

/// One bound value.
enum Value<'a> {
    Text(&'a str),
    Integer(i64),
    Bytes(&'a [u8]),
}

fn values<DB: Dialect>(values: &[Value<'_>]) -> Result<DB::Arguments, sqlx::Error> {
    append::<DB>(DB::Arguments::default(), values)
}

fn append<DB: Dialect>(
    mut arguments: DB::Arguments,
    values: &[Value<'_>],
) -> Result<DB::Arguments, sqlx::Error> {
    for value in values {
        match value {
            Value::Text(text) => DB::text(&mut arguments, text)?,
            Value::Integer(integer) => DB::integer(&mut arguments, *integer)?,
            Value::Bytes(bytes) => DB::bytes(&mut arguments, bytes)?,
        }
    }
    Ok(arguments)
}

impl<DB: Dialect> SqlStore<DB> {
    async fn find<M: SqlModel<DB>>(&self, sql: &'static str, value: Value<'_>) -> Result<Option<M>, Error> {
        let row = DB::row(&self.readers, sql, values::<DB>(&[value])?).await?;
        Ok(row.map(|row| M::decode(&row)).transpose()?)
    }

    async fn change(&self, sql: &'static str, bound: &[Value<'_>]) -> Result<u64, Error> {
        Ok(DB::execute(&self.writer, sql, values::<DB>(bound)?).await?)
    }
}

impl<DB, C, T> Store<C, T> for SqlStore<DB>
where
    DB: Dialect,
    C: OAuth2Client + SqlModel<DB>,
    T: OAuth2Token + SqlModel<DB>,
{
    async fn prepare(&self, schema: Schema) -> Result<(), Error> {
        schema::prepare::<DB, C, T>(&self.writer, schema).await
    }

    fn schema_sql() -> String {
        schema::definition::<DB, C, T>().join("\n")
    }

    async fn client_scopes(&self) -> Result<Vec<String>, Error> {
        Ok(DB::texts(&self.readers, &Statements::of::<DB, C, T>().client_scopes).await?)
    }

    async fn client(&self, client_id: &str) -> Result<Option<C>, Error> {
        self.find(&Statements::of::<DB, C, T>().client, Value::Text(client_id)).await
    }

    async fn clients(&self, after: Option<&ClientId>, limit: u32) -> Result<Vec<C>, Error> {
        let after = after.map_or("", ClientId::as_str);
        let bound = values::<DB>(&[Value::Text(after), Value::Integer(limit.into())])?;
        let rows = DB::rows(&self.readers, &Statements::of::<DB, C, T>().clients, bound).await?;
        Ok(rows.iter().map(C::decode).collect::<Result<_, _>>()?)
    }

    async fn insert_client(&self, client: &C) -> Result<bool, Error> {
        let sql = &Statements::of::<DB, C, T>().insert_client;
        match DB::execute(&self.writer, sql, bind::<DB, C>(client)?).await {
            Ok(_) => Ok(true),
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    async fn replace_client(&self, client: &C, secret: bool) -> Result<bool, Error> {
        let sql = Statements::of::<DB, C, T>();
        let sql = if secret { &sql.replace_client } else { &sql.replace_client_but_secret };
        let key = [Value::Text(client.client_id().as_str())];
        let bound = append::<DB>(bind::<DB, C>(client)?, &key)?;
        Ok(DB::execute(&self.writer, sql, bound).await? > 0)
    }

    async fn set_client_secret(
        &self,
        client_id: &ClientId,
        current: Option<&SecretHash>,
        next: &SecretHash,
    ) -> Result<bool, Error> {
        let (current, next) = (current.map(String::from).unwrap_or_default(), String::from(next));
        let bound = [Value::Text(&next), Value::Text(client_id.as_str()), Value::Text(&current)];
        Ok(self.change(&Statements::of::<DB, C, T>().set_client_secret, &bound).await? > 0)
    }

    async fn delete_client(&self, client_id: &ClientId, at: Timestamp) -> Result<Option<u64>, Error> {
        let sql = Statements::of::<DB, C, T>();
        let id = Value::Text(client_id.as_str());
        let revoke = values::<DB>(&[Value::Integer(at.unix_seconds()), Value::Text(client_id.as_str())])?;
        let mut transaction = DB::begin(&self.writer).await?;
        let deleted = DB::execute_in(&mut transaction, &sql.delete_client, values::<DB>(&[id])?).await?;
        let revoked = DB::execute_in(&mut transaction, &sql.revoke_client, revoke).await?;
        transaction.commit().await?;
        Ok((deleted > 0).then_some(revoked))
    }

    async fn issue(&self, issuance: Issuance<'_, T>) -> Result<bool, Error> {
        let sql = Statements::of::<DB, C, T>();
        if let ([row], None) = (issuance.rows, issuance.kept) {
            return Ok(DB::execute(&self.writer, &sql.insert_token, bind::<DB, T>(row)?).await? > 0);
        }
        let mut transaction = DB::begin(&self.writer).await?;
        if insert_all::<DB, T>(&mut transaction, sql, &issuance).await? {
            transaction.commit().await?;
            return Ok(true);
        }
        transaction.rollback().await?;
        Ok(false)
    }

    async fn access_token(&self, digest: &Digest<AccessToken>) -> Result<Option<T>, Error> {
        self.find(&Statements::of::<DB, C, T>().by_access_token, Value::Bytes(digest.as_bytes())).await
    }

    async fn refresh_token(&self, digest: &Digest<RefreshToken>) -> Result<Option<T>, Error> {
        self.find(&Statements::of::<DB, C, T>().by_refresh_token, Value::Bytes(digest.as_bytes())).await
    }

    async fn rotate(&self, rotation: Rotation<'_, T>) -> Result<Redemption, Error> {
        let sql = Statements::of::<DB, C, T>();
        let consume = values::<DB>(&[
            Value::Integer(rotation.at.unix_seconds()),
            Value::Bytes(rotation.refresh_token.as_bytes()),
            Value::Text(rotation.client_id.as_str()),
            Value::Integer(rotation.issued_after.unix_seconds()),
        ])?;
        let successors = Issuance { rows: rotation.successors, kept: None };
        let mut transaction = DB::begin(&self.writer).await?;
        if DB::execute_in(&mut transaction, &sql.consume_refresh_token, consume).await? == 0 {
            transaction.rollback().await?;
            let row: Option<T> = Store::<C, T>::refresh_token(self, &rotation.refresh_token).await?;
            return Ok(row.map_or(Redemption::Absent, |row| not_consumed(&row)));
        }
        if insert_all::<DB, T>(&mut transaction, sql, &successors).await? {
            transaction.commit().await?;
            return Ok(Redemption::Consumed);
        }
        transaction.rollback().await?;
        Ok(Redemption::Absent)
    }

    async fn revoke_grant(&self, grant_id: &GrantId, at: Timestamp) -> Result<u64, Error> {
        let bound = [Value::Integer(at.unix_seconds()), Value::Text(grant_id.as_str())];
        self.change(&Statements::of::<DB, C, T>().revoke_grant, &bound).await
    }
}

/// Whether every row was inserted: none is when its client is gone, or the refresh token it depends on.
async fn insert_all<DB: Dialect, T: SqlModel<DB>>(
    transaction: &mut Transaction<'static, DB>,
    sql: &'static Statements,
    issuance: &Issuance<'_, T>,
) -> Result<bool, Error> {
    for row in issuance.rows {
        let bound = bind::<DB, T>(row)?;
        let inserted = match &issuance.kept {
            None => DB::execute_in(transaction, &sql.insert_token, bound).await?,
            Some(kept) => {
                let bound = append::<DB>(bound, &[Value::Bytes(kept.as_bytes())])?;
                DB::execute_in(transaction, &sql.insert_token_kept, bound).await?
            }
        };
        if inserted == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

fn not_consumed<T: OAuth2Token>(row: &T) -> Redemption {
    let fields = row.fields();
    match fields.revoked_at {
        Some(at) => Redemption::AlreadyConsumed {
            at,
            client_id: fields.client_id.clone(),
            grant_id: fields.grant_id.cloned(),
        },
        None => Redemption::Absent,
    }
}
