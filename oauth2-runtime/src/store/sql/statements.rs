//! The SQL of a model, composed once from its columns. Values are always bound, never part of a text.

use super::{ColumnSpec, Dialect, SqlModel, describe};

/// The statements over a client model.
#[derive(Debug)]
pub struct ClientStatements {
    pub(super) insert: String,
    pub(super) replace: String,
    pub(super) select: String,
    pub(super) page: String,
    pub(super) delete: String,
    pub(super) scopes: String,
}

/// The statements over a token model.
#[derive(Debug)]
pub struct TokenStatements {
    pub(super) insert: String,
    pub(super) by_access_token: String,
    pub(super) by_refresh_token: String,
    pub(super) consume_refresh_token: String,
    pub(super) revoke_grant: String,
    pub(super) revoke_client: String,
}

impl ClientStatements {
    /// Composes the statements of `C`.
    #[must_use]
    pub fn of<DB: Dialect, C: SqlModel<DB>>() -> Self {
        let model = Texts::of::<DB, C>();
        let (table, select, id) = (&model.table, &model.select, model.role("client_id"));
        let assignments = model.numbered(|name, number| format!("{name} = ${number}"));
        let key = model.columns.len() + 1;
        Self {
            insert: model.insert(),
            replace: format!("UPDATE {table} SET {assignments} WHERE {id} = ${key}"),
            select: format!("{select} WHERE {id} = $1"),
            page: format!("{select} WHERE {id} > $1 ORDER BY {id} LIMIT $2"),
            delete: format!("DELETE FROM {table} WHERE {id} = $1"),
            scopes: format!("SELECT DISTINCT {} FROM {table}", model.role("scope")),
        }
    }
}

impl TokenStatements {
    /// Composes the statements of `T`. Those over a column the model lacks are never run: the server that
    /// would need them does not compile.
    #[must_use]
    pub fn of<DB: Dialect, T: SqlModel<DB>>() -> Self {
        let model = Texts::of::<DB, T>();
        let (table, select) = (&model.table, &model.select);
        let [access, refresh, client, revoked, issued, grant] =
            ["access_token", "refresh_token", "client_id", "revoked_at", "issued_at", "grant_id"]
                .map(|role| model.role(role));
        let revoke = format!("UPDATE {table} SET {revoked} = $1 WHERE {revoked} IS NULL AND");
        Self {
            insert: model.insert(),
            by_access_token: format!("{select} WHERE {access} = $1"),
            by_refresh_token: format!("{select} WHERE {refresh} = $1"),
            consume_refresh_token: format!("{revoke} {refresh} = $2 AND {client} = $3 AND {issued} > $4"),
            revoke_grant: format!("{revoke} {grant} = $2"),
            revoke_client: format!("{revoke} {client} = $2"),
        }
    }
}

/// An identifier as every database reads it literally.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// What the statements of one model are made of.
struct Texts {
    table: String,
    columns: Vec<ColumnSpec>,
    select: String,
}

impl Texts {
    fn of<DB: Dialect, M: SqlModel<DB>>() -> Self {
        let (table, columns) = (quoted(M::TABLE), describe::<DB, M>());
        let mut texts = Self { table, columns, select: String::new() };
        texts.select = format!("SELECT {} FROM {}", texts.numbered(|name, _| name.to_owned()), texts.table);
        texts
    }

    fn role(&self, role: &str) -> String {
        self.columns
            .iter()
            .find(|column| column.role == role)
            .map(|column| quoted(column.name))
            .unwrap_or_default()
    }

    fn numbered(&self, each: impl Fn(&str, usize) -> String) -> String {
        let columns = self.columns.iter().enumerate();
        columns.map(|(index, column)| each(&quoted(column.name), index + 1)).collect::<Vec<_>>().join(", ")
    }

    fn insert(&self) -> String {
        let names = self.numbered(|name, _| name.to_owned());
        let values = self.numbered(|_, number| format!("${number}"));
        format!("INSERT INTO {} ({names}) VALUES ({values})", self.table)
    }
}
