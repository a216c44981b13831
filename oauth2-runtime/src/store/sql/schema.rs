//! Tables from models: created, extended or only compared.

use sqlx::{Pool, Transaction};

use super::{ColumnSpec, Dialect, SqlModel, StoredColumn, default_of, describe, differences, quoted};
use crate::error::Error;
use crate::model::{OAuth2Client, OAuth2Token};

/// What `ready()` does about the tables.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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

/// A model's table: which of its columns are unique, and which are searched.
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: Vec<ColumnSpec>,
    unique: &'static [&'static str],
    searched: &'static [&'static str],
}

fn table<DB: Dialect, M: SqlModel<DB>>(
    unique: &'static [&'static str],
    searched: &'static [&'static str],
) -> Table {
    Table { name: M::TABLE, columns: describe::<DB, M>(), unique, searched }
}

fn clients<DB: Dialect, C: SqlModel<DB>>() -> Table {
    table::<DB, C>(&["client_id"], &[])
}

fn tokens<DB: Dialect, T: SqlModel<DB>>() -> Table {
    table::<DB, T>(&["access_token", "refresh_token"], &["grant_id", "client_id"])
}

impl ColumnSpec {
    fn definition(&self) -> String {
        let null = if self.nullable { "" } else { " NOT NULL" };
        format!("{} {}{null}", quoted(self.name), self.sql_type)
    }
}

impl Table {
    pub(super) fn is_unique(&self, column: &ColumnSpec) -> bool {
        self.unique.contains(&column.role)
    }

    fn create(&self) -> String {
        let columns: Vec<_> = self.columns.iter().map(ColumnSpec::definition).collect();
        format!("CREATE TABLE IF NOT EXISTS {} (\n    {}\n);", quoted(self.name), columns.join(",\n    "))
    }

    fn indexes(&self) -> impl Iterator<Item = String> {
        let indexed = |column: &&ColumnSpec| self.is_unique(column) || self.searched.contains(&column.role);
        self.columns.iter().filter(indexed).map(|column| {
            let unique = if self.is_unique(column) { "UNIQUE " } else { "" };
            let index = quoted(&format!("{}_{}", self.name, column.name));
            let (table, name) = (quoted(self.name), quoted(column.name));
            let present = if column.nullable { format!(" WHERE {name} IS NOT NULL") } else { String::new() };
            format!("CREATE {unique}INDEX IF NOT EXISTS {index} ON {table} ({name}){present};")
        })
    }
}

/// The statements that create the models' tables.
pub(super) fn definition<DB: Dialect, C: SqlModel<DB>, T: SqlModel<DB>>() -> Vec<String> {
    let tables = [clients::<DB, C>(), tokens::<DB, T>()];
    tables.iter().flat_map(|table| std::iter::once(table.create()).chain(table.indexes())).collect()
}

/// Creates the tables if that is wanted, compares them with the models, and asks whether commits are durable.
pub(super) async fn prepare<DB, C, T>(pool: &Pool<DB>, schema: Schema) -> Result<(), Error>
where
    DB: Dialect,
    C: OAuth2Client + SqlModel<DB>,
    T: OAuth2Token + SqlModel<DB>,
{
    if schema == Schema::Managed {
        manage::<DB, C, T>(pool).await?;
    }
    let mut connection = pool.acquire().await?;
    known_version(DB::schema_version(&mut connection).await?)?;
    let mut differences = Vec::new();
    for table in [clients::<DB, C>(), tokens::<DB, T>()] {
        let stored = DB::columns(&mut connection, table.name).await?;
        differences.extend(differences::of::<DB>(&table, &stored));
    }
    drop(connection);
    if !differences.is_empty() {
        return Err(Error::new(format!(
            "the database's tables differ from the models: {}; `schema_sql()` has the statements that create them",
            differences.join("; ")
        )));
    }
    DB::durability(pool).await?.map_err(Error::new)
}

/// An older program must not write into what a newer one has arranged.
fn known_version(stored: Option<i64>) -> Result<(), Error> {
    match stored.filter(|version| *version > VERSION) {
        None => Ok(()),
        Some(version) => Err(Error::new(format!(
            "the database's `{VERSION_TABLE}` is at version {version}, this program knows up to {VERSION}: run the \
             newer program"
        ))),
    }
}

async fn manage<DB, C, T>(pool: &Pool<DB>) -> Result<(), Error>
where
    DB: Dialect,
    C: OAuth2Client + SqlModel<DB>,
    T: OAuth2Token + SqlModel<DB>,
{
    // Looked at only once nobody else can change it: several processes may start at the same time.
    let mut transaction = DB::begin(pool).await?;
    let stored = DB::schema_version(&mut transaction).await?;
    known_version(stored)?;
    let have_clients = DB::columns(&mut transaction, C::TABLE).await?;
    let have_tokens = DB::columns(&mut transaction, T::TABLE).await?;
    let has = |columns: &[StoredColumn], name: &str| columns.iter().any(|column| column.name == name);
    if !have_clients.is_empty() {
        add_columns::<DB, C>(&mut transaction, &clients::<DB, C>(), |name| has(&have_clients, name)).await?;
    }
    if !have_tokens.is_empty() {
        add_columns::<DB, T>(&mut transaction, &tokens::<DB, T>(), |name| has(&have_tokens, name)).await?;
    }
    let version = format!("CREATE TABLE IF NOT EXISTS {VERSION_TABLE} (version BIGINT NOT NULL)");
    for sql in definition::<DB, C, T>().into_iter().chain([version]) {
        DB::define(&mut transaction, sql, DB::Arguments::default()).await?;
    }
    if stored.is_none() {
        let sql = format!("INSERT INTO {VERSION_TABLE} (version) VALUES ({VERSION})");
        DB::define(&mut transaction, sql, DB::Arguments::default()).await?;
    }
    transaction.commit().await?;
    Ok(())
}

async fn add_columns<DB: Dialect, M: SqlModel<DB>>(
    transaction: &mut Transaction<'static, DB>,
    table: &Table,
    exists: impl Fn(&str) -> bool,
) -> Result<(), Error> {
    for column in table.columns.iter().filter(|column| !exists(column.name)) {
        let (name, definition) = (quoted(table.name), column.definition());
        if column.nullable {
            let sql = format!("ALTER TABLE {name} ADD COLUMN {definition}");
            DB::define(transaction, sql, DB::Arguments::default()).await?;
            continue;
        }
        let default = default_of::<DB, M>(column.name)?.ok_or_else(|| {
            Error::new(format!(
                "the table `{0}` has no column `{1}`: add it with `ALTER TABLE {0} ADD COLUMN {1} ..`, make the field \
                 an `Option`, or give it a default with `#[oauth2(default = ..)]`",
                table.name, column.name
            ))
        })?;
        let zero = DB::zero(&column.sql_type);
        let sql = format!("ALTER TABLE {name} ADD COLUMN {definition} DEFAULT {zero}");
        DB::define(transaction, sql, DB::Arguments::default()).await?;
        let sql = format!("UPDATE {name} SET {} = $1", quoted(column.name));
        DB::define(transaction, sql, default).await?;
    }
    Ok(())
}
