use redb::{Key, MultimapTableDefinition, ReadTransaction, TableDefinition};

use super::{Failure, Row};

/// A table of rows, by their key.
pub(super) type Rows<K> = TableDefinition<'static, K, &'static [u8]>;
/// Which rows belong to whom.
pub(super) type Index = MultimapTableDefinition<'static, &'static str, &'static Hash>;
/// The bytes of a digest.
pub(super) type Hash = [u8; 32];

pub(super) const CLIENTS: Rows<&str> = TableDefinition::new("client");
pub(super) const TOKENS: Rows<&Hash> = TableDefinition::new("token");
/// The access token issued with a refresh token, whose row is that of both.
pub(super) const REFRESH_TOKENS: TableDefinition<&Hash, &Hash> = TableDefinition::new("refresh_token");
pub(super) const TOKENS_OF_CLIENT: Index = MultimapTableDefinition::new("token_of_client");
pub(super) const TOKENS_OF_GRANT: Index = MultimapTableDefinition::new("token_of_grant");
pub(super) const CODES: Rows<&Hash> = TableDefinition::new("code");
pub(super) const CODES_OF_CLIENT: Index = MultimapTableDefinition::new("code_of_client");
pub(super) const SESSIONS: Rows<&Hash> = TableDefinition::new("session");
pub(super) const SESSIONS_OF_SUBJECT: Index = MultimapTableDefinition::new("session_of_subject");
/// By client and subject.
pub(super) const CONSENTS: Rows<(&str, &str)> = TableDefinition::new("consent");

/// The row with this key.
pub(super) fn find<K: Key + 'static>(
    transaction: &ReadTransaction,
    table: Rows<K>,
    key: K::SelfType<'_>,
) -> Result<Option<Row>, Failure> {
    let table = transaction.open_table(table)?;
    let found = table.get(key)?;
    Ok(found.map(|stored| Row::parse(stored.value())).transpose()?)
}

/// Fails if a table is not there.
pub(super) fn check_tables(transaction: &ReadTransaction) -> Result<(), Failure> {
    transaction.open_table(CLIENTS)?;
    transaction.open_table(CONSENTS)?;
    transaction.open_table(REFRESH_TOKENS)?;
    for table in [TOKENS, CODES, SESSIONS] {
        transaction.open_table(table)?;
    }
    for index in [TOKENS_OF_CLIENT, TOKENS_OF_GRANT, CODES_OF_CLIENT, SESSIONS_OF_SUBJECT] {
        transaction.open_multimap_table(index)?;
    }
    Ok(())
}
