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
    fn column<T: Column<DB>>(
        &mut self,
        spec: ColumnSpec,
        get: fn(&M) -> &T,
        default: Option<fn() -> T>,
    ) -> Result<(), sqlx::Error>;

    /// A column that is never NULL. `role` is empty for a column of your own.
    ///
    /// # Errors
    ///
    /// As [`Visit::column`].
    fn required<T: Column<DB>>(
        &mut self,
        name: &'static str,
        role: &'static str,
        get: fn(&M) -> &T,
    ) -> Result<(), sqlx::Error> {
        self.column(ColumnSpec::new(name, role, false), get, None)
    }

    /// A column that may be NULL.
    ///
    /// # Errors
    ///
    /// As [`Visit::column`].
    fn nullable<T: Column<DB>>(
        &mut self,
        name: &'static str,
        role: &'static str,
        get: fn(&M) -> &T,
    ) -> Result<(), sqlx::Error> {
        self.column(ColumnSpec::new(name, role, true), get, None)
    }

    /// A column of your own that is never NULL and has a default.
    ///
    /// # Errors
    ///
    /// As [`Visit::column`].
    fn defaulted<T: Column<DB>>(
        &mut self,
        name: &'static str,
        default: fn() -> T,
        get: fn(&M) -> &T,
    ) -> Result<(), sqlx::Error> {
        self.column(ColumnSpec::new(name, "", false), get, Some(default))
    }
}

/// One column as the model declares it.
#[derive(Debug, Clone)]
pub struct ColumnSpec {
    pub(super) name: &'static str,
    pub(super) role: &'static str,
    pub(super) nullable: bool,
    pub(super) sql_type: String,
}

impl ColumnSpec {
    const fn new(name: &'static str, role: &'static str, nullable: bool) -> Self {
        Self { name, role, nullable, sql_type: String::new() }
    }
}

struct Bind<'a, DB: Dialect, M> {
    model: &'a M,
    arguments: DB::Arguments,
}

impl<DB: Dialect, M> Visit<DB, M> for Bind<'_, DB, M> {
    fn column<T: Column<DB>>(
        &mut self,
        _: ColumnSpec,
        get: fn(&M) -> &T,
        _: Option<fn() -> T>,
    ) -> Result<(), sqlx::Error> {
        sqlx::Arguments::add(&mut self.arguments, get(self.model)).map_err(sqlx::Error::Encode)
    }
}

/// The values of a row, in the order of its columns.
pub(super) fn bind<DB: Dialect, M: SqlModel<DB>>(model: &M) -> Result<DB::Arguments, sqlx::Error> {
    let mut bind = Bind { model, arguments: DB::Arguments::default() };
    M::columns(&mut bind)?;
    Ok(bind.arguments)
}

struct Describe(Vec<ColumnSpec>);

impl<DB: Dialect, M> Visit<DB, M> for Describe {
    fn column<T: Column<DB>>(
        &mut self,
        spec: ColumnSpec,
        _: fn(&M) -> &T,
        _: Option<fn() -> T>,
    ) -> Result<(), sqlx::Error> {
        self.0.push(ColumnSpec { sql_type: T::type_info().name().to_owned(), ..spec });
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
    fn column<T: Column<DB>>(
        &mut self,
        spec: ColumnSpec,
        _: fn(&M) -> &T,
        default: Option<fn() -> T>,
    ) -> Result<(), sqlx::Error> {
        let Some(default) = default.filter(|_| spec.name == self.wanted) else { return Ok(()) };
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
