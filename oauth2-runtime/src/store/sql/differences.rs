//! What a stored table lacks for its model, or has too much.

use super::{ColumnSpec, Dialect, Schema, StoredColumn, Table};

/// Every difference, in words. With `schema = managed` a missing column is none: it is added.
pub(super) fn of<DB: Dialect>(schema: Schema, table: &Table<DB>, stored: &[StoredColumn]) -> Vec<String> {
    let place = |column: &str| format!("`{}`.`{column}`", table.name);
    let mut differences = Vec::new();
    for column in &table.columns {
        let place = place(column.name);
        match stored.iter().find(|stored| stored.name == column.name) {
            Some(stored) => {
                let wrong = of_column::<DB>(column, stored);
                differences.extend(wrong.into_iter().map(|wrong| format!("{place} {wrong}")));
            }
            None if schema == Schema::External => differences.push(format!("{place} is missing")),
            None => {}
        }
    }
    // The framework names its columns in every insert, so one it does not know must fill itself.
    let unknown = |stored: &&StoredColumn| !table.columns.iter().any(|column| column.name == stored.name);
    for stored in stored.iter().filter(unknown).filter(|stored| !stored.nullable && !stored.default) {
        let place = place(&stored.name);
        differences.push(format!("{place} is not in the model, refuses NULL and has no default"));
    }
    differences
}

fn of_column<DB: Dialect>(column: &ColumnSpec, stored: &StoredColumn) -> Vec<String> {
    let mut wrong = Vec::new();
    if !DB::keeps(&stored.sql_type, &column.sql_type) {
        wrong.push(format!("is of type {} and must be {}", stored.sql_type, column.sql_type));
    }
    if stored.nullable && !column.nullable {
        wrong.push("accepts NULL and must not".to_owned());
    }
    if !stored.nullable && column.nullable {
        wrong.push("refuses NULL and must accept it".to_owned());
    }
    wrong
}
