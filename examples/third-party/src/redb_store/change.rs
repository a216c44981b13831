use oauth2_runtime::prelude::*;
use redb::{Key, ReadableMultimapTable, ReadableTable, WriteTransaction};

use super::{
    CLIENTS, CODES, CODES_OF_CLIENT, CONSENTS, Failure, Hash, Index, REFRESH_TOKENS, Row, Rows, SESSIONS,
    SESSIONS_OF_SUBJECT, TOKENS, TOKENS_OF_CLIENT, TOKENS_OF_GRANT,
};

/// A writing transaction. There is one at a time, so what is read in it stays so until its end.
pub(super) struct Change(WriteTransaction);

impl Change {
    pub(super) const fn new(transaction: WriteTransaction) -> Self {
        Self(transaction)
    }

    pub(super) fn commit(self) -> Result<(), Failure> {
        Ok(self.0.commit()?)
    }

    pub(super) fn abort(self) -> Result<(), Failure> {
        Ok(self.0.abort()?)
    }

    pub(super) fn create_tables(&self) -> Result<(), Failure> {
        self.0.open_table(CLIENTS)?;
        self.0.open_table(CONSENTS)?;
        self.0.open_table(REFRESH_TOKENS)?;
        for table in [TOKENS, CODES, SESSIONS] {
            self.0.open_table(table)?;
        }
        for index in [TOKENS_OF_CLIENT, TOKENS_OF_GRANT, CODES_OF_CLIENT, SESSIONS_OF_SUBJECT] {
            self.0.open_multimap_table(index)?;
        }
        Ok(())
    }
}

/// Rows.
impl Change {
    pub(super) fn find<K: Key>(&self, table: Rows<K>, key: K::SelfType<'_>) -> Result<Option<Row>, Failure> {
        let table = self.0.open_table(table)?;
        let found = table.get(key)?;
        Ok(found.map(|stored| Row::parse(stored.value())).transpose()?)
    }

    /// Puts a row in the place of the one with the same key.
    pub(super) fn put<K: Key>(&self, table: Rows<K>, key: K::SelfType<'_>, row: &Row) -> Result<(), Failure> {
        self.0.open_table(table)?.insert(key, row.to_bytes()?.as_slice())?;
        Ok(())
    }

    /// Inserts a row whose key nobody has.
    fn insert(&self, table: Rows<&'static Hash>, key: &Hash, row: &Row) -> Result<(), Failure> {
        let taken = self.0.open_table(table)?.insert(key, row.to_bytes()?.as_slice())?.is_some();
        if taken { Err("a row with this key is there already".into()) } else { Ok(()) }
    }

    pub(super) fn remove<K: Key>(&self, table: Rows<K>, key: K::SelfType<'_>) -> Result<bool, Failure> {
        Ok(self.0.open_table(table)?.remove(key)?.is_some())
    }

    fn link(&self, index: Index, owner: &str, key: &Hash) -> Result<(), Failure> {
        self.0.open_multimap_table(index)?.insert(owner, key)?;
        Ok(())
    }

    fn unlink(&self, index: Index, owner: &str, key: &Hash) -> Result<(), Failure> {
        self.0.open_multimap_table(index)?.remove(owner, key)?;
        Ok(())
    }

    pub(super) fn keys_of(&self, index: Index, owner: &str) -> Result<Vec<Hash>, Failure> {
        let index = self.0.open_multimap_table(index)?;
        let keys = index.get(owner)?.map(|key| Ok(*key?.value()));
        keys.collect()
    }

    /// The keys of at most `limit` rows that `wanted` chooses.
    pub(super) fn choose(
        &self,
        table: Rows<&'static Hash>,
        limit: usize,
        wanted: impl Fn(&Row) -> Result<bool, Failure>,
    ) -> Result<Vec<Hash>, Failure> {
        let (table, mut chosen) = (self.0.open_table(table)?, Vec::new());
        for entry in table.iter()? {
            if chosen.len() == limit {
                break;
            }
            let (key, row) = entry?;
            if wanted(&Row::parse(row.value())?)? {
                chosen.push(*key.value());
            }
        }
        Ok(chosen)
    }
}

/// Tokens.
impl Change {
    /// Inserts the row of a token; `false` when its client is gone.
    pub(super) fn insert_token(&self, row: &Row) -> Result<bool, Failure> {
        let access = digest::<AccessToken>(row, "access_token")?;
        let client_id: String = row.get("client_id")?;
        if self.find(CLIENTS, &client_id)?.is_none() {
            return Ok(false);
        }
        self.insert(TOKENS, &access, row)?;
        self.link(TOKENS_OF_CLIENT, &client_id, &access)?;
        if let Some(grant_id) = row.get::<Option<String>>("grant_id")? {
            self.link(TOKENS_OF_GRANT, &grant_id, &access)?;
        }
        let refresh: Option<Digest<RefreshToken>> = row.get("refresh_token")?;
        if let Some(refresh) = refresh {
            let taken = self.0.open_table(REFRESH_TOKENS)?.insert(refresh.as_bytes(), &access)?.is_some();
            if taken {
                return Err("a row with this refresh token is there already".into());
            }
        }
        Ok(true)
    }

    /// Inserts all or says `false`: the transaction is then no good.
    pub(super) fn insert_tokens(&self, rows: &[Row]) -> Result<bool, Failure> {
        for row in rows {
            if !self.insert_token(row)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The row of a refresh token, with its key.
    pub(super) fn refresh_token(
        &self,
        refresh: &Digest<RefreshToken>,
    ) -> Result<Option<(Hash, Row)>, Failure> {
        let key = self.0.open_table(REFRESH_TOKENS)?.get(refresh.as_bytes())?.map(|key| *key.value());
        let Some(key) = key else { return Ok(None) };
        Ok(self.find(TOKENS, &key)?.map(|row| (key, row)))
    }

    /// Revokes those of the tokens that are live and that `wanted` chooses; how many there were.
    pub(super) fn revoke(
        &self,
        tokens: &[Hash],
        at: Timestamp,
        wanted: impl Fn(&Row) -> Result<bool, Failure>,
    ) -> Result<u64, Failure> {
        let mut revoked = 0;
        for key in tokens {
            let Some(mut row) = self.find(TOKENS, key)? else { continue };
            if is_null(&row, "revoked_at")? && wanted(&row)? {
                row.put("revoked_at", &at);
                self.put(TOKENS, key, &row)?;
                revoked += 1;
            }
        }
        Ok(revoked)
    }

    pub(super) fn delete_token(&self, key: &Hash) -> Result<(), Failure> {
        let Some(row) = self.find(TOKENS, key)? else { return Ok(()) };
        self.remove(TOKENS, key)?;
        self.unlink(TOKENS_OF_CLIENT, &row.get::<String>("client_id")?, key)?;
        if let Some(grant_id) = row.get::<Option<String>>("grant_id")? {
            self.unlink(TOKENS_OF_GRANT, &grant_id, key)?;
        }
        if let Some(refresh) = row.get::<Option<Digest<RefreshToken>>>("refresh_token")? {
            self.0.open_table(REFRESH_TOKENS)?.remove(refresh.as_bytes())?;
        }
        Ok(())
    }
}

/// Codes, consents and sessions.
impl Change {
    /// Inserts the row of a code; `false` when its client is gone.
    pub(super) fn insert_code(&self, row: &Row) -> Result<bool, Failure> {
        let (code, client_id) = (digest::<AuthorizationCode>(row, "code")?, row.get::<String>("client_id")?);
        if self.find(CLIENTS, &client_id)?.is_none() {
            return Ok(false);
        }
        self.insert(CODES, &code, row)?;
        self.link(CODES_OF_CLIENT, &client_id, &code)?;
        Ok(true)
    }

    pub(super) fn delete_code(&self, key: &Hash) -> Result<(), Failure> {
        let Some(row) = self.find(CODES, key)? else { return Ok(()) };
        self.remove(CODES, key)?;
        self.unlink(CODES_OF_CLIENT, &row.get::<String>("client_id")?, key)
    }

    pub(super) fn put_consent(&self, row: &Row) -> Result<(), Failure> {
        let (client_id, subject): (String, String) = (row.get("client_id")?, row.get("subject")?);
        self.put(CONSENTS, (&client_id, &subject), row)
    }

    /// Whether there is a consent for the code or token in `row`.
    pub(super) fn is_agreed(&self, row: &Row) -> Result<bool, Failure> {
        let (client_id, subject): (String, Option<String>) = (row.get("client_id")?, row.get("subject")?);
        let Some(subject) = subject else { return Ok(false) };
        Ok(self.find(CONSENTS, (&client_id, &subject))?.is_some())
    }

    pub(super) fn delete_consents(&self, client_id: &str) -> Result<(), Failure> {
        let mut table = self.0.open_table(CONSENTS)?;
        table.retain(|(client, _), _| client != client_id)?;
        Ok(())
    }

    pub(super) fn insert_session(&self, key: &Hash, row: &Row) -> Result<(), Failure> {
        self.insert(SESSIONS, key, row)?;
        self.link(SESSIONS_OF_SUBJECT, &row.get::<String>("subject")?, key)
    }

    /// Whether there was one.
    pub(super) fn delete_session(&self, key: &Hash) -> Result<bool, Failure> {
        let Some(row) = self.find(SESSIONS, key)? else { return Ok(false) };
        self.unlink(SESSIONS_OF_SUBJECT, &row.get::<String>("subject")?, key)?;
        self.remove(SESSIONS, key)
    }
}

fn digest<K>(row: &Row, column: &'static str) -> Result<Hash, Failure> {
    Ok(*row.get::<Digest<K>>(column)?.as_bytes())
}

/// Whether a moment has not come.
pub(super) fn is_null(row: &Row, column: &'static str) -> Result<bool, Failure> {
    Ok(row.get::<Option<Timestamp>>(column)?.is_none())
}
