//! Tables from models: created, extended or only compared.

use serde::Serialize;
use sqlx::{Pool, Transaction};

use super::{
    ColumnSpec, Dialect, SqlModel, StoredColumn, TableColumn, TableSpec, default_of, describe, inspection,
    quoted,
};
use crate::error::Error;
use crate::finding::Findings;
use crate::model::{Consent, Extent, Models, Session};

/// What `ready()` does about the tables.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Schema {
    /// Creates missing tables and adds missing columns that are nullable or have a default.
    #[default]
    Managed,
    /// Touches nothing; `ready()` fails with every difference it finds.
    External,
}

/// The version of the framework's own tables. A binary refuses a database with a later one.
const VERSION: i64 = 1;
const VERSION_TABLE: &str = "oauth2_schema";

/// A model's table: which of its columns are unique, by themselves or together, and which are searched.
pub(super) struct Table<DB: Dialect> {
    pub(super) name: &'static str,
    pub(super) columns: Vec<ColumnSpec>,
    unique: &'static [&'static str],
    together: &'static [&'static str],
    searched: &'static [&'static str],
    default: fn(&'static str) -> Result<Option<DB::Arguments>, sqlx::Error>,
}

fn table<DB: Dialect, M: SqlModel<DB>>(
    unique: &'static [&'static str],
    searched: &'static [&'static str],
) -> Table<DB> {
    let (columns, default) = (describe::<DB, M>(), default_of::<DB, M>);
    Table { name: M::TABLE, columns, unique, together: &[], searched, default }
}

/// The tables of a server with these models.
pub(super) fn tables<DB: Dialect, M: Models>() -> Vec<Table<DB>>
where
    M::Client: SqlModel<DB>,
    M::Token: SqlModel<DB>,
    M::Code: SqlModel<DB>,
    Session: SqlModel<DB>,
    Consent<M::Scopes>: SqlModel<DB>,
{
    let mut tables = vec![
        table::<DB, M::Client>(&["client_id"], &[]),
        table::<DB, M::Token>(&["access_token", "refresh_token"], &["grant_id", "client_id", "expires_at"]),
    ];
    if M::EXTENT == Extent::SignIn {
        tables.push(table::<DB, M::Code>(&["code"], &["client_id", "expires_at"]));
        tables.push(table::<DB, Session>(&["session"], &["subject", "expires_at"]));
        let consents = table::<DB, Consent<M::Scopes>>(&[], &["client_id"]);
        tables.push(Table { together: &["subject", "client_id"], ..consents });
    }
    tables
}

impl ColumnSpec {
    fn definition(&self) -> String {
        let null = if self.nullable { "" } else { " NOT NULL" };
        format!("{} {}{null}", quoted(self.name), self.sql_type)
    }
}

impl<DB: Dialect> Table<DB> {
    pub(super) fn is_unique(&self, column: &ColumnSpec) -> bool {
        self.unique.contains(&column.role)
    }

    fn is_indexed(&self, column: &ColumnSpec) -> bool {
        self.is_unique(column) || self.searched.contains(&column.role)
    }

    /// What the manifest shows of it.
    pub(super) fn outline(&self) -> TableSpec {
        let columns = self.columns.iter().map(|column| TableColumn {
            name: column.name,
            role: Some(column.role).filter(|role| !role.is_empty()),
            sql_type: column.sql_type.clone(),
            nullable: column.nullable,
            unique: self.is_unique(column),
            indexed: self.is_indexed(column),
        });
        TableSpec { name: self.name, columns: columns.collect(), unique_together: self.together.to_vec() }
    }

    fn create(&self) -> String {
        let columns: Vec<_> = self.columns.iter().map(ColumnSpec::definition).collect();
        format!("CREATE TABLE IF NOT EXISTS {} (\n    {}\n);", quoted(self.name), columns.join(",\n    "))
    }

    /// The indexes it is to have.
    pub(super) fn indexes(&self) -> impl Iterator<Item = Index> {
        let single = self.columns.iter().filter(|column| self.is_indexed(column)).map(|column| {
            let name = quoted(column.name);
            let present = if column.nullable { format!(" WHERE {name} IS NOT NULL") } else { String::new() };
            let over = format!("({name}){present}");
            self.index(self.is_unique(column), column.name, vec![column.name], &over)
        });
        let names: Vec<_> = self.together.iter().map(|name| quoted(name)).collect();
        let key = (!names.is_empty())
            .then(|| self.index(true, "key", self.together.to_vec(), &format!("({})", names.join(", "))));
        single.chain(key)
    }

    fn index(&self, unique: bool, suffix: &str, columns: Vec<&'static str>, over: &str) -> Index {
        let name = format!("{}_{suffix}", self.name);
        let over = format!("{} ON {} {over}", quoted(&name), quoted(self.name));
        Index { name, columns, unique, over }
    }

    /// What a column is filled with that is added to a table with rows; `None` when it needs nothing.
    pub(super) fn filling(&self, column: &ColumnSpec) -> Result<Option<DB::Arguments>, Error> {
        if column.nullable {
            return Ok(None);
        }
        let default = (self.default)(column.name)?.ok_or_else(|| {
            Error::new(format!(
                "the table `{0}` has no column `{1}`: add it with `ALTER TABLE {0} ADD COLUMN {1} ..`, make the field \
                 an `Option`, or give it a default with `#[oauth2(default = ..)]`",
                self.name, column.name
            ))
        })?;
        Ok(Some(default))
    }
}

/// An index that a table is to have.
pub(super) struct Index {
    pub(super) name: String,
    pub(super) columns: Vec<&'static str>,
    /// Whether the commands rely on it, and not only their speed.
    pub(super) unique: bool,
    /// What follows the words `CREATE INDEX`.
    over: String,
}

impl Index {
    /// The statement that makes it where there is none.
    fn ensure(&self) -> String {
        self.statement("IF NOT EXISTS ")
    }

    /// The statement that makes it.
    pub(super) fn create(&self) -> String {
        self.statement("")
    }

    fn statement(&self, condition: &str) -> String {
        let unique = if self.unique { "UNIQUE " } else { "" };
        format!("CREATE {unique}INDEX {condition}{};", self.over)
    }
}

/// The statements that create the tables.
pub(super) fn definition<DB: Dialect>(tables: &[Table<DB>]) -> Vec<String> {
    tables
        .iter()
        .flat_map(|table| std::iter::once(table.create()).chain(table.indexes().map(|index| index.ensure())))
        .collect()
}

/// Creates the tables if that is wanted, compares them with the models, and asks whether commits are durable.
pub(super) async fn prepare<DB: Dialect>(
    pool: &Pool<DB>,
    schema: Schema,
    tables: &[Table<DB>],
) -> Result<(), Error> {
    if schema == Schema::Managed {
        manage(pool, tables).await?;
    }
    let mut findings = Findings::default();
    // Nothing is left to be made: what is still missing is not there to be had.
    findings.extend(inspection::inspect::<DB>(pool, Schema::External, tables).await?);
    findings.extend(DB::durability(pool).await?);
    findings.into_result().map(drop)
}

/// An older program must not write into what a newer one has arranged.
pub(super) fn known_version(stored: Option<i64>) -> Result<(), Error> {
    match stored.filter(|version| *version > VERSION) {
        None => Ok(()),
        Some(version) => Err(Error::new(format!(
            "the database's `{VERSION_TABLE}` is at version {version}, this program knows up to {VERSION}: run the \
             newer program"
        ))),
    }
}

async fn manage<DB: Dialect>(pool: &Pool<DB>, tables: &[Table<DB>]) -> Result<(), Error> {
    // Looked at only once nobody else can change it: several processes may start at the same time.
    let mut transaction = DB::begin(pool).await?;
    let stored = DB::schema_version(&mut transaction).await?;
    known_version(stored)?;
    for table in tables {
        let columns = DB::columns(&mut transaction, table.name).await?;
        if !columns.is_empty() {
            add_columns(&mut transaction, table, &columns).await?;
        }
    }
    let version = format!("CREATE TABLE IF NOT EXISTS {VERSION_TABLE} (version BIGINT NOT NULL)");
    for sql in definition(tables).into_iter().chain([version]) {
        DB::define(&mut transaction, sql, DB::Arguments::default()).await?;
    }
    if stored.is_none() {
        let sql = format!("INSERT INTO {VERSION_TABLE} (version) VALUES ({VERSION})");
        DB::define(&mut transaction, sql, DB::Arguments::default()).await?;
    }
    transaction.commit().await?;
    Ok(())
}

async fn add_columns<DB: Dialect>(
    transaction: &mut Transaction<'static, DB>,
    table: &Table<DB>,
    stored: &[StoredColumn],
) -> Result<(), Error> {
    let exists = |name: &str| stored.iter().any(|column| column.name == name);
    for column in table.columns.iter().filter(|column| !exists(column.name)) {
        let (name, definition) = (quoted(table.name), column.definition());
        let Some(filling) = table.filling(column)? else {
            let sql = format!("ALTER TABLE {name} ADD COLUMN {definition}");
            DB::define(transaction, sql, DB::Arguments::default()).await?;
            continue;
        };
        let zero = DB::zero(&column.sql_type);
        let sql = format!("ALTER TABLE {name} ADD COLUMN {definition} DEFAULT {zero}");
        DB::define(transaction, sql, DB::Arguments::default()).await?;
        let sql = format!("UPDATE {name} SET {} = $1", quoted(column.name));
        DB::define(transaction, sql, filling).await?;
    }
    Ok(())
}
