//! What a stored table lacks for its model, or has too much.

use super::{StoredColumn, Table};

/// Every difference, in words.
pub(super) fn of(table: &Table, stored: &[StoredColumn]) -> Vec<String> {
    if stored.is_empty() {
        return vec![format!("the table `{}` is missing", table.name)];
    }
    let place = |column: &str| format!("`{}`.`{column}`", table.name);
    let mut differences = Vec::new();
    for column in &table.columns {
        let place = place(column.name);
        let Some(stored) = stored.iter().find(|stored| stored.name == column.name) else {
            differences.push(format!("{place} is missing"));
            continue;
        };
        if stored.nullable && !column.nullable {
            differences.push(format!("{place} accepts NULL and must not"));
        }
        if !stored.nullable && column.nullable {
            differences.push(format!("{place} refuses NULL and must accept it"));
        }
        if table.is_unique(column) && !stored.unique {
            differences.push(format!("{place} has no unique index"));
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
