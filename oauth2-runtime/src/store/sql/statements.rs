//! The SQL of a server's models, composed once from their columns. Values are always bound, never part of a text.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use super::{ColumnSpec, Dialect, SqlModel, describe};
use crate::model::{Consent, Models, Session};

/// Every statement of a server. Those over a column that a model lacks are never run: the server that would need them
/// does not compile.
#[derive(Debug)]
pub(super) struct Statements {
    pub(super) clients: ClientStatements,
    pub(super) tokens: TokenStatements,
    pub(super) codes: CodeStatements,
    pub(super) sessions: SessionStatements,
    pub(super) consents: ConsentStatements,
}

#[derive(Debug)]
pub(super) struct ClientStatements {
    pub(super) insert: String,
    pub(super) replace: String,
    pub(super) replace_but_secret: String,
    pub(super) set_secret: String,
    pub(super) one: String,
    pub(super) page: String,
    pub(super) delete: String,
}

/// An insert of one row, and one of two at once.
#[derive(Debug)]
pub(super) struct Inserts {
    pub(super) one: String,
    pub(super) two: String,
}

#[derive(Debug)]
pub(super) struct TokenStatements {
    pub(super) insert: Inserts,
    pub(super) insert_kept: Inserts,
    pub(super) insert_agreed: Inserts,
    pub(super) by_access_token: String,
    pub(super) by_refresh_token: String,
    pub(super) latest: String,
    pub(super) consume: String,
    pub(super) end: String,
    pub(super) revoke_grant: String,
    pub(super) revoke_superseded: String,
    pub(super) revoke_client: String,
    pub(super) revoke_consent: String,
    pub(super) purge: String,
}

#[derive(Debug)]
pub(super) struct CodeStatements {
    pub(super) insert: String,
    pub(super) insert_agreed: String,
    pub(super) one: String,
    pub(super) consume: String,
    pub(super) delete_client: String,
    pub(super) delete_consent: String,
    pub(super) purge: String,
}

#[derive(Debug)]
pub(super) struct SessionStatements {
    pub(super) insert: String,
    pub(super) one: String,
    pub(super) delete: String,
    pub(super) delete_subject: String,
    pub(super) purge: String,
}

#[derive(Debug)]
pub(super) struct ConsentStatements {
    pub(super) upsert: String,
    pub(super) one: String,
    pub(super) delete: String,
    pub(super) delete_client: String,
}

impl Statements {
    /// Those of a server with these models, composed once.
    pub(super) fn of<DB: Dialect, M: Models>() -> &'static Self
    where
        M::Client: SqlModel<DB>,
        M::Token: SqlModel<DB>,
        M::Code: SqlModel<DB>,
        Session: SqlModel<DB>,
        Consent<M::Scopes>: SqlModel<DB>,
    {
        static COMPOSED: RwLock<BTreeMap<TypeId, &'static Statements>> = RwLock::new(BTreeMap::new());
        let key = TypeId::of::<(DB, M)>();
        let known = COMPOSED.read().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
        known.unwrap_or_else(|| {
            let clients = Texts::of::<DB, M::Client>();
            let consents = Texts::of::<DB, Consent<M::Scopes>>();
            let composed = Self {
                tokens: tokens(&Texts::of::<DB, M::Token>(), &clients, &consents),
                codes: codes(&Texts::of::<DB, M::Code>(), &clients, &consents),
                sessions: sessions(&Texts::of::<DB, Session>()),
                consents: self::consents(&consents),
                clients: self::clients(&clients),
            };
            let mut all = COMPOSED.write().unwrap_or_else(PoisonError::into_inner);
            // Lives as long as the process, once for each server that the program declares.
            all.entry(key).or_insert_with(|| Box::leak(Box::new(composed)))
        })
    }
}

fn clients(clients: &Texts) -> ClientStatements {
    let (table, select) = (&clients.table, &clients.select);
    let [id, secret] = ["client_id", "client_secret"].map(|role| clients.role(role));
    let assign = |name: &str, number| format!("{name} = ${number}");
    let assignments = clients.numbered(assign);
    // Every value is bound all the same; the secret's is not used.
    let but_secret =
        clients.numbered(
            |name, number| {
                if name == secret { format!("{name} = {name}") } else { assign(name, number) }
            },
        );
    let key = clients.columns.len() + 1;
    ClientStatements {
        insert: clients.insert(),
        replace: format!("UPDATE {table} SET {assignments} WHERE {id} = ${key}"),
        replace_but_secret: format!("UPDATE {table} SET {but_secret} WHERE {id} = ${key}"),
        set_secret: format!(
            "UPDATE {table} SET {secret} = $1 WHERE {id} = $2 AND COALESCE({secret}, '') = $3"
        ),
        one: format!("{select} WHERE {id} = $1"),
        page: format!("{select} WHERE {id} > $1 ORDER BY {id} LIMIT $2"),
        delete: format!("DELETE FROM {table} WHERE {id} = $1"),
    }
}

fn tokens(tokens: &Texts, clients: &Texts, consents: &Texts) -> TokenStatements {
    let (table, select) = (&tokens.table, &tokens.select);
    let [access, refresh, client, subject, revoked, issued, expires, grant] = [
        "access_token",
        "refresh_token",
        "client_id",
        "subject",
        "revoked_at",
        "issued_at",
        "expires_at",
        "grant_id",
    ]
    .map(|role| tokens.role(role));
    let revoke = format!("UPDATE {table} SET {revoked} = $1 WHERE {revoked} IS NULL AND");
    let width = tokens.columns.len();
    let inserts = |condition: &dyn Fn(usize, usize) -> String| {
        let [one, two] = [1, 2].map(|rows| tokens.insert_for(clients, rows, |first| condition(rows, first)));
        Inserts { one, two }
    };
    // The token that is kept is bound once, after all rows.
    let kept = |rows: usize, _| {
        let number = rows * width + 1;
        format!(" AND EXISTS (SELECT 1 FROM {table} WHERE {refresh} = ${number} AND {revoked} IS NULL)")
    };
    let over = format!("{expires} <= $1");
    let purge = if refresh.is_empty() {
        tokens.purge(&access, &over, 2)
    } else {
        tokens.purge(&access, &format!("{over} AND ({refresh} IS NULL OR {issued} <= $3)"), 2)
    };
    TokenStatements {
        insert: inserts(&|_, _| String::new()),
        insert_kept: inserts(&kept),
        insert_agreed: inserts(&|_, first| agreed(tokens, consents, first)),
        by_access_token: format!("{select} WHERE {access} = $1"),
        by_refresh_token: format!("{select} WHERE {refresh} = $1"),
        // By the column that has an index.
        latest: format!("{select} ORDER BY {expires} DESC LIMIT 100"),
        consume: format!("{revoke} {refresh} = $2 AND {client} = $3 AND {issued} > $4"),
        end: format!(
            "UPDATE {table} SET {expires} = $1 WHERE {revoked} IS NULL AND {access} = $2 AND {client} = $3 AND {expires} > $1"
        ),
        revoke_grant: format!("{revoke} {grant} = $2"),
        // A successor is issued at the very moment its predecessor is used.
        revoke_superseded: format!(
            "{revoke} {grant} = $2 AND EXISTS (SELECT 1 FROM {table} AS later WHERE later.{grant} = $2 \
             AND later.{refresh} <> $3 AND later.{revoked} IS NOT NULL AND later.{issued} >= $4)"
        ),
        revoke_client: format!("{revoke} {client} = $2"),
        revoke_consent: format!("{revoke} {client} = $2 AND {subject} = $3"),
        purge,
    }
}

/// That there is a consent for the row that is inserted, whose placeholders follow `first`.
fn agreed(inserted: &Texts, consents: &Texts, first: usize) -> String {
    format!(
        " AND EXISTS (SELECT 1 FROM {} WHERE {} = ${} AND {} = ${})",
        consents.table,
        consents.role("subject"),
        first + inserted.number("subject"),
        consents.role("client_id"),
        first + inserted.number("client_id")
    )
}

fn codes(codes: &Texts, clients: &Texts, consents: &Texts) -> CodeStatements {
    let (table, select) = (&codes.table, &codes.select);
    let [code, client, subject, expires, consumed] =
        ["code", "client_id", "subject", "expires_at", "consumed_at"].map(|role| codes.role(role));
    CodeStatements {
        insert: codes.insert_for(clients, 1, |_| String::new()),
        insert_agreed: codes.insert_for(clients, 1, |first| agreed(codes, consents, first)),
        one: format!("{select} WHERE {code} = $1"),
        consume: format!(
            "UPDATE {table} SET {consumed} = $1 \
             WHERE {consumed} IS NULL AND {code} = $2 AND {client} = $3 AND {expires} > $1"
        ),
        delete_client: format!("DELETE FROM {table} WHERE {client} = $1"),
        // Used ones stay, so that they are recognised.
        delete_consent: format!(
            "DELETE FROM {table} WHERE {client} = $1 AND {subject} = $2 AND {consumed} IS NULL"
        ),
        purge: codes.purge(&code, &format!("{expires} <= $1"), 2),
    }
}

fn sessions(sessions: &Texts) -> SessionStatements {
    let (table, select) = (&sessions.table, &sessions.select);
    let [session, subject, expires] = ["session", "subject", "expires_at"].map(|role| sessions.role(role));
    SessionStatements {
        insert: sessions.insert(),
        one: format!("{select} WHERE {session} = $1"),
        delete: format!("DELETE FROM {table} WHERE {session} = $1"),
        delete_subject: format!("DELETE FROM {table} WHERE {subject} = $1"),
        purge: sessions.purge(&session, &format!("{expires} <= $1"), 2),
    }
}

fn consents(consents: &Texts) -> ConsentStatements {
    let (table, select, insert) = (&consents.table, &consents.select, consents.insert());
    let [subject, client, scope, granted] =
        ["subject", "client_id", "scope", "granted_at"].map(|role| consents.role(role));
    ConsentStatements {
        upsert: format!(
            "{insert} ON CONFLICT ({subject}, {client}) DO UPDATE SET {scope} = excluded.{scope}, \
             {granted} = excluded.{granted}"
        ),
        one: format!("{select} WHERE {subject} = $1 AND {client} = $2"),
        delete: format!("DELETE FROM {table} WHERE {client} = $1 AND {subject} = $2"),
        delete_client: format!("DELETE FROM {table} WHERE {client} = $1"),
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
        // With the table's name, since SQLite takes a quoted name by itself for a text where there is no such column.
        let columns = texts.numbered(|name, _| format!("{}.{name}", texts.table));
        texts.select = format!("SELECT {columns} FROM {}", texts.table);
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

    fn insert(&self) -> String {
        format!("INSERT INTO {} ({}) VALUES ({})", self.table, self.names(), self.placeholders())
    }

    /// An insert of so many rows, each for an existing client: one that was deleted while its request was under way gets
    /// nothing. `condition` is what else must hold for the row whose placeholders follow a number.
    fn insert_for(&self, clients: &Self, rows: usize, condition: impl Fn(usize) -> String) -> String {
        let (client_table, id) = (&clients.table, clients.role("client_id"));
        let row = |first: usize| {
            let values = self.numbered(|_, number| format!("${}", first + number));
            let (client, condition) = (first + self.number("client_id"), condition(first));
            format!(
                "SELECT {values} WHERE EXISTS (SELECT 1 FROM {client_table} WHERE {id} = ${client}){condition}"
            )
        };
        let rows: Vec<_> = (0..rows).map(|number| row(number * self.columns.len())).collect();
        format!("INSERT INTO {} ({}) {}", self.table, self.names(), rows.join(" UNION ALL "))
    }

    /// Deletes at most as many rows as the placeholder `limit` says.
    fn purge(&self, key: &str, condition: &str, limit: usize) -> String {
        let table = &self.table;
        format!(
            "DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE {condition} LIMIT ${limit})"
        )
    }
}
