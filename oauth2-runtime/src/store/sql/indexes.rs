//! The indexes that a stored table lacks: unique ones, which the commands rely on, and those that only make them fast.

use super::{Coverage, Dialect, Finding, Index, Schema, StoredColumn, StoredIndex, Table, quoted};
use crate::error::Error;

/// Every index that is missing, with the statement that makes it. With `schema = managed` the start makes those it can.
pub(super) async fn missing<DB: Dialect>(
    connection: &mut DB::Connection,
    schema: Schema,
    table: &Table<DB>,
    columns: &[StoredColumn],
) -> Result<Vec<Finding>, Error> {
    let stored = DB::indexes(connection, table.name).await?;
    let exists = |name: &&str| columns.iter().any(|column| column.name == *name);
    let mut findings = Vec::new();
    // That a column is missing is said already.
    for index in table.indexes().filter(|index| index.columns.iter().all(exists)) {
        if is_there(&index, columns, &stored) {
            continue;
        }
        let taken = stored.iter().any(|stored| stored.name == index.name);
        let shared = index.unique && has_shared_values::<DB>(connection, table.name, &index).await?;
        findings.push(match (schema, taken || shared) {
            (Schema::Managed, false) => {
                Finding::notice(format!("the index `{}` is missing: the start creates it", index.name))
            }
            _ => lacking(table.name, &index, taken, shared),
        });
    }
    Ok(findings)
}

fn is_there(index: &Index, columns: &[StoredColumn], stored: &[StoredIndex]) -> bool {
    let unique = |name: &str| columns.iter().any(|column| column.name == name && column.unique);
    match (index.unique, index.columns.as_slice()) {
        (true, [name]) => unique(name),
        (false, [name]) => {
            // Rows are found by the first column of an index as well as by its only one.
            let finds = |index: &StoredIndex| index.columns.first().is_some_and(|first| first == name);
            unique(name) || stored.iter().any(|index| finds(index) && index.coverage != Coverage::Part)
        }
        (_, names) => stored.iter().any(|index| {
            let same = index.columns.len() == names.len()
                && names.iter().all(|name| index.columns.iter().any(|column| column == name));
            same && index.unique && index.coverage == Coverage::Everything
        }),
    }
}

/// Whether rows share what the index would keep apart. NULL is shared with nobody.
async fn has_shared_values<DB: Dialect>(
    connection: &mut DB::Connection,
    table: &str,
    index: &Index,
) -> Result<bool, Error> {
    let names: Vec<_> = index.columns.iter().map(|name| quoted(name)).collect();
    let present: Vec<_> = names.iter().map(|name| format!("{name} IS NOT NULL")).collect();
    let sql = format!(
        "SELECT 1 FROM {} WHERE {} GROUP BY {} HAVING COUNT(*) > 1 LIMIT 1",
        quoted(table),
        present.join(" AND "),
        names.join(", ")
    );
    Ok(DB::any(connection, sql).await?)
}

fn lacking(table: &str, index: &Index, taken: bool, shared: bool) -> Finding {
    let place = match index.columns.as_slice() {
        [name] => format!("`{table}`.`{name}`"),
        names => format!("`{table}` (`{}`)", names.join("`, `")),
    };
    let drop = if taken { format!("DROP INDEX {}; ", quoted(&index.name)) } else { String::new() };
    let run = format!("run `{drop}{}`", index.create());
    match (index.unique, shared) {
        (true, true) => Finding::error(format!(
            "{place} has no unique index, and rows share a value, so that either may be found: delete all but one of \
             each, then {run}"
        )),
        (true, false) => Finding::error(format!(
            "{place} has no unique index, so that two rows could share a value and either be found: {run}"
        )),
        (false, _) => Finding::warning(format!(
            "{place} has no index, so that the whole table is read to find a row by it: {run}"
        )),
    }
}
