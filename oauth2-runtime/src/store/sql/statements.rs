//! The SQL of a model, composed once from its columns. Values are always bound, never part of a text.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use super::{ColumnSpec, Dialect, SqlModel, describe};

/// Every statement of a server with the client model `C` and the token model `T`.
#[derive(Debug)]
pub(super) struct Statements {
    pub(super) insert_client: String,
    pub(super) replace_client: String,
    pub(super) replace_client_but_secret: String,
    pub(super) set_client_secret: String,
    pub(super) client: String,
    pub(super) clients: String,
    pub(super) client_scopes: String,
    pub(super) delete_client: String,
    pub(super) insert_token: String,
    pub(super) insert_token_kept: String,
    pub(super) by_access_token: String,
    pub(super) by_refresh_token: String,
    pub(super) consume_refresh_token: String,
    pub(super) revoke_grant: String,
    pub(super) revoke_client: String,
}

impl Statements {
    /// Those of the two models, composed once.
    pub(super) fn of<DB: Dialect, C: SqlModel<DB>, T: SqlModel<DB>>() -> &'static Self {
        static COMPOSED: RwLock<BTreeMap<TypeId, &'static Statements>> = RwLock::new(BTreeMap::new());
        let key = TypeId::of::<(DB, C, T)>();
        let known = COMPOSED.read().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
        known.unwrap_or_else(|| {
            let mut composed = COMPOSED.write().unwrap_or_else(PoisonError::into_inner);
            // Lives as long as the process, once for each pair of models that the program declares.
            composed.entry(key).or_insert_with(|| Box::leak(Box::new(Self::compose::<DB, C, T>())))
        })
    }

    /// Statements over a column that a model lacks are never run: the server that would need them does not compile.
    fn compose<DB: Dialect, C: SqlModel<DB>, T: SqlModel<DB>>() -> Self {
        let (clients, tokens) = (Texts::of::<DB, C>(), Texts::of::<DB, T>());
        let (client_table, select_client) = (&clients.table, &clients.select);
        let [id, secret, scope] = ["client_id", "client_secret", "scope"].map(|role| clients.role(role));
        let (token_table, select_token) = (&tokens.table, &tokens.select);
        let [access, refresh, client, revoked, issued, grant] =
            ["access_token", "refresh_token", "client_id", "revoked_at", "issued_at", "grant_id"]
                .map(|role| tokens.role(role));
        let assign = |name: &str, number| format!("{name} = ${number}");
        let assignments = clients.numbered(assign);
        // Every value is bound all the same; the secret's is not used.
        let but_secret =
            clients.numbered(
                |name, number| if name == secret { format!("{name} = {name}") } else { assign(name, number) },
            );
        let client_key = clients.columns.len() + 1;
        let revoke = format!("UPDATE {token_table} SET {revoked} = $1 WHERE {revoked} IS NULL AND");
        // A client that was deleted while its request was under way gets nothing.
        let insert_token = format!(
            "INSERT INTO {token_table} ({}) SELECT {} WHERE EXISTS (SELECT 1 FROM {client_table} WHERE {id} = ${})",
            tokens.names(),
            tokens.placeholders(),
            tokens.number("client_id"),
        );
        let kept = format!(
            "EXISTS (SELECT 1 FROM {token_table} WHERE {refresh} = ${} AND {revoked} IS NULL)",
            tokens.columns.len() + 1
        );
        Self {
            insert_client: format!(
                "INSERT INTO {client_table} ({}) VALUES ({})",
                clients.names(),
                clients.placeholders()
            ),
            replace_client: format!("UPDATE {client_table} SET {assignments} WHERE {id} = ${client_key}"),
            replace_client_but_secret: format!(
                "UPDATE {client_table} SET {but_secret} WHERE {id} = ${client_key}"
            ),
            set_client_secret: format!(
                "UPDATE {client_table} SET {secret} = $1 WHERE {id} = $2 AND COALESCE({secret}, '') = $3"
            ),
            client: format!("{select_client} WHERE {id} = $1"),
            clients: format!("{select_client} WHERE {id} > $1 ORDER BY {id} LIMIT $2"),
            client_scopes: format!("SELECT DISTINCT {scope} FROM {client_table}"),
            delete_client: format!("DELETE FROM {client_table} WHERE {id} = $1"),
            insert_token_kept: format!("{insert_token} AND {kept}"),
            insert_token,
            by_access_token: format!("{select_token} WHERE {access} = $1"),
            by_refresh_token: format!("{select_token} WHERE {refresh} = $1"),
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
        texts.select = format!("SELECT {} FROM {}", texts.names(), texts.table);
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

    fn names(&self) -> String {
        self.numbered(|name, _| name.to_owned())
    }

    fn placeholders(&self) -> String {
        self.numbered(|_, number| format!("${number}"))
    }

    /// The number of the placeholder of the column that plays `role`.
    fn number(&self, role: &str) -> usize {
        self.columns.iter().position(|column| column.role == role).map_or(0, |index| index + 1)
    }
}
