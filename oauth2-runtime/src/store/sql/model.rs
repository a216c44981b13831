use super::{Dialect, Visit};

/// A model's columns in the database `DB`: emitted by the derives, once for all databases.
pub trait SqlModel<DB: Dialect>: Sized + Send + Sync + 'static {
    /// The table's name.
    const TABLE: &'static str;
    /// Reads a row that has the model's columns in their order.
    ///
    /// # Errors
    ///
    /// When a stored value is not of its field's type.
    fn decode(row: &DB::Row) -> Result<Self, sqlx::Error>;

    /// Visits every column in the order of the fields.
    ///
    /// # Errors
    ///
    /// When a value cannot be encoded.
    fn columns<V: Visit<DB, Self>>(visit: &mut V) -> Result<(), sqlx::Error>;
}

/// [`SqlModel`] for a struct of the framework's own: its columns in order, each with its role.
macro_rules! sql_model {
    ($model:ident $(<$scope:ident>)? in $table:literal {
        $($field:ident: $type:ty = $role:literal,)*
    }) => {
        impl<$($scope: $crate::types::Scope,)? DB: $crate::store::Dialect> $crate::store::SqlModel<DB>
            for $model $(<$scope>)?
        where
            $($type: $crate::store::Column<DB>,)*
        {
            const TABLE: &'static str = $table;

            fn decode(row: &DB::Row) -> Result<Self, sqlx::Error> {
                let mut columns = 0..;
                let mut next = || columns.next().unwrap_or_default();
                Ok(Self { $($field: DB::get(row, next())?,)* })
            }

            fn columns<V: $crate::store::Visit<DB, Self>>(visit: &mut V) -> Result<(), sqlx::Error> {
                $(visit.column(stringify!($field), $role, |row| &row.$field)?;)*
                Ok(())
            }
        }
    };
}

pub(crate) use sql_model;
