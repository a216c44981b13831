//! What there is to say of the tables before the start. Nothing is changed.

use sqlx::Pool;

use super::{Dialect, Finding, Schema, StoredColumn, Table, differences, indexes, known_version};
use crate::error::Error;

/// Compares the tables with the models, as they are at one moment: another process may start meanwhile and create them, and half
/// of what it does would look like a mistake.
pub(super) async fn inspect<DB: Dialect>(
    pool: &Pool<DB>,
    schema: Schema,
    tables: &[Table<DB>],
) -> Result<Vec<Finding>, Error> {
    let mut moment = pool.begin().await?;
    let findings = compare::<DB>(&mut *moment, schema, tables).await?;
    moment.rollback().await?;
    Ok(findings)
}

async fn compare<DB: Dialect>(
    connection: &mut DB::Connection,
    schema: Schema,
    tables: &[Table<DB>],
) -> Result<Vec<Finding>, Error> {
    if let Err(newer) = known_version(DB::schema_version(connection).await?) {
        return Ok(vec![newer.into()]);
    }
    let (mut differences, mut findings) = (Vec::new(), Vec::new());
    for table in tables {
        let stored = DB::columns(connection, table.name).await?;
        match (stored.is_empty(), schema) {
            (true, Schema::External) => differences.push(format!("the table `{}` is missing", table.name)),
            (true, Schema::Managed) => {
                let missing = format!("the table `{}` is missing: the start creates it", table.name);
                findings.push(Finding::notice(missing).hiding_rows());
            }
            (false, _) => {
                differences.extend(differences::of(schema, table, &stored));
                if schema == Schema::Managed {
                    findings.extend(additions(table, &stored));
                }
                findings.extend(indexes::missing(connection, schema, table, &stored).await?);
            }
        }
    }
    if !differences.is_empty() {
        let differ = Finding::error(format!(
            "the database's tables differ from the models: {}; `schema_sql()` has the statements that create them",
            differences.join("; ")
        ));
        findings.insert(0, differ);
    }
    Ok(findings)
}

/// The columns that the start adds, and those that it cannot add.
fn additions<DB: Dialect>(table: &Table<DB>, stored: &[StoredColumn]) -> impl Iterator<Item = Finding> {
    let missing =
        table.columns.iter().filter(|column| !stored.iter().any(|stored| stored.name == column.name));
    missing.map(|column| match table.filling(column) {
        Ok(_) => {
            let (table, column) = (table.name, column.name);
            Finding::notice(format!("`{table}`.`{column}` is missing: the start adds it")).hiding_rows()
        }
        Err(error) => error.into(),
    })
}
