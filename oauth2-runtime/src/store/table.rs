use serde::Serialize;

/// A table of a store, as the manifest shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableSpec {
    /// Its name.
    pub name: &'static str,
    /// Its columns in their order.
    pub columns: Vec<TableColumn>,
    /// The columns that no two rows have all in common, where it takes several to tell rows apart.
    pub unique_together: Vec<&'static str>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableColumn {
    /// Its name.
    pub name: &'static str,
    /// Which part it plays in the protocol; `None` for a column of your own.
    pub role: Option<&'static str>,
    /// Its type in the words of the database.
    pub sql_type: String,
    /// Whether it accepts NULL.
    pub nullable: bool,
    /// Whether no two rows have the same value.
    pub unique: bool,
    /// Whether there is an index over it.
    pub indexed: bool,
}
