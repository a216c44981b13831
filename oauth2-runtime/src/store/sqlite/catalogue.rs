//! What SQLite knows of a table: its columns, their types, its indexes.

use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::{Coverage, Sql, StoredColumn, StoredIndex};

/// What an index leaves out, by the statement that made it.
fn coverage(sql: Option<String>, columns: &[String]) -> Coverage {
    match (sql, columns) {
        (None, _) => Coverage::Everything,
        (Some(sql), [column]) if leaves_out_only_null(&sql, column) => Coverage::Values,
        (Some(_), _) => Coverage::Part,
    }
}

/// Whether what follows the list of columns is `WHERE column IS NOT NULL`.
fn leaves_out_only_null(sql: &str, column: &str) -> bool {
    let sql = sql.to_ascii_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let condition = sql.split_once(')').and_then(|(_, rest)| rest.trim_start().strip_prefix("where"));
    let bare = |text: &str| text.trim_matches(['(', ')', '"', '`', '[', ']', ' ']).to_owned();
    let named = condition.map(bare).and_then(|condition| condition.strip_suffix("is not null").map(bare));
    named.is_some_and(|named| named == column.to_ascii_lowercase())
}

/// The indexes of `table` in their order, those of its keys included.
pub(super) async fn indexes(connection: &mut SqliteConnection, table: &str) -> Sql<Vec<StoredIndex>> {
    let sql = "SELECT l.name, l.\"unique\", l.origin = 'pk', CASE WHEN l.partial THEN COALESCE(s.sql, '') END, \
               COALESCE(i.name, '') \
               FROM pragma_index_list($1) AS l JOIN pragma_index_info(l.name) AS i \
               LEFT JOIN sqlite_master AS s ON s.type = 'index' AND s.name = l.name ORDER BY l.seq, i.seqno";
    let mut found: Vec<(StoredIndex, Option<String>)> = Vec::new();
    for row in sqlx::query(sql).bind(table).fetch_all(connection).await? {
        let (name, column): (String, String) = (row.try_get(0)?, row.try_get(4)?);
        match found.last_mut() {
            Some((index, _)) if index.name == name => index.columns.push(column),
            _ => {
                let (unique, primary, columns) = (row.try_get(1)?, row.try_get(2)?, vec![column]);
                let coverage = Coverage::Everything;
                found.push((StoredIndex { name, columns, unique, primary, coverage }, row.try_get(3)?));
            }
        }
    }
    let covered = |(index, sql): (StoredIndex, Option<String>)| {
        let coverage = coverage(sql, &index.columns);
        StoredIndex { coverage, ..index }
    };
    Ok(found.into_iter().map(covered).collect())
}

/// Whether no two rows can have the same value in `column`.
fn makes_unique(index: &StoredIndex, column: &str) -> bool {
    index.unique && index.columns == [column] && index.coverage != Coverage::Part
}

/// The columns of `table`; none when there is no such table.
pub(super) async fn columns(connection: &mut SqliteConnection, table: &str) -> Sql<Vec<StoredColumn>> {
    let indexes = indexes(connection, table).await?;
    let sql = "SELECT name, type, \"notnull\", pk, dflt_value IS NOT NULL, COUNT(*) FILTER (WHERE pk > 0) OVER () \
               FROM pragma_table_info($1)";
    let column = |row: &SqliteRow| {
        let (name, sql_type): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let (refuses_null, key): (bool, bool) = (row.try_get(2)?, row.try_get::<i64, _>(3)? > 0);
        let only_key = key && row.try_get::<i64, _>(5)? == 1;
        // Without an index of its own such a key is the row's number, which SQLite gives.
        let numbered =
            only_key && !indexes.iter().any(|index| index.primary && index.columns == [name.as_str()]);
        Ok(StoredColumn {
            nullable: !refuses_null && !key,
            unique: only_key || indexes.iter().any(|index| makes_unique(index, &name)),
            default: row.try_get(4)? || numbered,
            name,
            sql_type,
        })
    };
    sqlx::query(sql).bind(table).fetch_all(connection).await?.iter().map(column).collect()
}

/// What SQLite makes of the values of a column, by its rules for the declared type
/// (<https://www.sqlite.org/datatype3.html>, section 3.1).
#[derive(PartialEq, Eq)]
enum Affinity {
    /// Two of SQLite's own that differ only in casts.
    IntegerOrNumeric,
    Text,
    Blob,
    Real,
}

impl Affinity {
    fn of(declared: &str) -> Self {
        // The first that fits, in SQLite's order: `CHARINT` is an integer.
        let rules = [
            ("INT", Self::IntegerOrNumeric),
            ("CHAR", Self::Text),
            ("CLOB", Self::Text),
            ("TEXT", Self::Text),
            ("BLOB", Self::Blob),
            ("REAL", Self::Real),
            ("FLOA", Self::Real),
            ("DOUB", Self::Real),
        ];
        let declared = declared.to_ascii_uppercase();
        let rule = rules.into_iter().find(|(part, _)| declared.contains(part));
        rule.map_or(Self::IntegerOrNumeric, |(_, affinity)| affinity)
    }
}

/// SQLite turns what it is given into the column's affinity where it can: a `TEXT` column makes `'1'` of 1, and any
/// number makes 7 of `'007'`. A column without a type changes nothing.
pub(super) fn keeps(declared: &str, name: &str) -> bool {
    let (stored, wanted) = (Affinity::of(declared), Affinity::of(name));
    // `INTEGER` and `NUMERIC` keep whole numbers alike, and the driver writes dates as text.
    let date = stored == Affinity::Text && matches!(name, "DATE" | "TIME" | "DATETIME");
    declared.is_empty() || stored == wanted || date
}
