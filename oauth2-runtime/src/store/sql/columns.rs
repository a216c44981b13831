//! A model's columns, visited one by one: to bind a row, to describe the table, to fill a new column.

use sqlx::TypeInfo;

use super::{Column, Dialect, SqlModel};

/// What is done with each column of the model `M`, in the order of its fields.
pub trait Visit<DB: Dialect, M>: Sized {
    /// Visits one column.
    ///
    /// # Errors
    ///
    /// When a value cannot be encoded.
    fn visit<T: Column<DB>>(&mut self, visited: Visited<M, T>) -> Result<(), sqlx::Error>;

    /// A column. `role` is empty for one of your own.
    ///
    /// # Errors
    ///
    /// As [`Visit::visit`].
    fn column<T: Column<DB>>(
        &mut self,
        name: &'static str,
        role: &'static str,
        get: fn(&M) -> &T,
    ) -> Result<(), sqlx::Error> {
        self.visit(Visited { name, role, get, default: None })
    }

    /// A column of your own that has a default.
    ///
    /// # Errors
    ///
    /// As [`Visit::visit`].
    fn defaulted<T: Column<DB>>(
        &mut self,
        name: &'static str,
        default: fn() -> T,
        get: fn(&M) -> &T,
    ) -> Result<(), sqlx::Error> {
        self.visit(Visited { name, role: "", get, default: Some(default) })
    }
}

/// One column of the model `M`, of type `T`.
#[derive(Debug)]
pub struct Visited<M, T> {
    name: &'static str,
    role: &'static str,
    get: fn(&M) -> &T,
    default: Option<fn() -> T>,
}

/// One column as its table has it.
#[derive(Debug, Clone)]
pub struct ColumnSpec {
    pub(super) name: &'static str,
    pub(super) role: &'static str,
    pub(super) nullable: bool,
    pub(super) sql_type: String,
}

/// Whether the type is an `Option`, under whatever name the user's code knows it.
fn accepts_null<T>() -> bool {
    let option = std::any::type_name::<Option<()>>().trim_end_matches("<()>");
    std::any::type_name::<T>().strip_prefix(option).is_some_and(|rest| rest.starts_with('<'))
}

struct Bind<'a, DB: Dialect, M> {
    model: &'a M,
    arguments: DB::Arguments,
}

impl<DB: Dialect, M> Visit<DB, M> for Bind<'_, DB, M> {
    fn visit<T: Column<DB>>(&mut self, visited: Visited<M, T>) -> Result<(), sqlx::Error> {
        sqlx::Arguments::add(&mut self.arguments, (visited.get)(self.model)).map_err(sqlx::Error::Encode)
    }
}

/// The values of a row, in the order of its columns.
pub(super) fn bind<DB: Dialect, M: SqlModel<DB>>(model: &M) -> Result<DB::Arguments, sqlx::Error> {
    bind_all::<DB, M>(std::slice::from_ref(model))
}

/// The values of one row after the other.
pub(super) fn bind_all<DB: Dialect, M: SqlModel<DB>>(models: &[M]) -> Result<DB::Arguments, sqlx::Error> {
    let mut arguments = DB::Arguments::default();
    for model in models {
        let mut bind = Bind { model, arguments };
        M::columns(&mut bind)?;
        arguments = bind.arguments;
    }
    Ok(arguments)
}

struct Describe(Vec<ColumnSpec>);

impl<DB: Dialect, M> Visit<DB, M> for Describe {
    fn visit<T: Column<DB>>(&mut self, visited: Visited<M, T>) -> Result<(), sqlx::Error> {
        let Visited { name, role, .. } = visited;
        let sql_type = T::type_info().name().to_owned();
        self.0.push(ColumnSpec { name, role, nullable: accepts_null::<T>(), sql_type });
        Ok(())
    }
}

/// The columns of a model.
pub(super) fn describe<DB: Dialect, M: SqlModel<DB>>() -> Vec<ColumnSpec> {
    let mut describe = Describe(Vec::new());
    // Describing encodes nothing, so it cannot fail.
    let _ = M::columns(&mut describe);
    describe.0
}

struct Default<DB: Dialect> {
    wanted: &'static str,
    found: Option<DB::Arguments>,
}

impl<DB: Dialect, M> Visit<DB, M> for Default<DB> {
    fn visit<T: Column<DB>>(&mut self, visited: Visited<M, T>) -> Result<(), sqlx::Error> {
        let wanted = visited.name == self.wanted;
        let Some(default) = visited.default.filter(|_| wanted) else { return Ok(()) };
        let mut arguments = DB::Arguments::default();
        sqlx::Arguments::add(&mut arguments, default()).map_err(sqlx::Error::Encode)?;
        self.found = Some(arguments);
        Ok(())
    }
}

/// The default of the column `wanted` as the only argument; `None` when it has none.
pub(super) fn default_of<DB: Dialect, M: SqlModel<DB>>(
    wanted: &'static str,
) -> Result<Option<DB::Arguments>, sqlx::Error> {
    let mut default = Default::<DB> { wanted, found: None };
    M::columns(&mut default)?;
    Ok(default.found)
}

#[cfg(test)]
mod tests {
    use super::accepts_null;

    #[test]
    fn an_option_is_seen_through_its_alias() {
        type Maybe<T> = Option<T>;
        assert!(accepts_null::<Maybe<String>>());
        assert!(accepts_null::<Option<Option<u8>>>());
        assert!(!accepts_null::<String>());
        assert!(!accepts_null::<Vec<Option<String>>>());
    }
}
