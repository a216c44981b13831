use super::Dialect;
use crate::types::{Digest, Timestamp};

/// One bound value that is not a column of a model.
#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    Text(&'a str),
    Integer(i64),
    Bytes(&'a [u8]),
}

impl From<Timestamp> for Value<'_> {
    fn from(at: Timestamp) -> Self {
        Self::Integer(at.unix_seconds())
    }
}

impl<'a, K> From<&'a Digest<K>> for Value<'a> {
    fn from(digest: &'a Digest<K>) -> Self {
        Self::Bytes(digest.as_bytes())
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

pub(super) fn values<DB: Dialect>(values: &[Value<'_>]) -> Result<DB::Arguments, sqlx::Error> {
    append::<DB>(DB::Arguments::default(), values)
}

pub(super) fn append<DB: Dialect>(
    mut arguments: DB::Arguments,
    values: &[Value<'_>],
) -> Result<DB::Arguments, sqlx::Error> {
    for value in values {
        match value {
            Value::Text(text) => DB::text(&mut arguments, text)?,
            Value::Integer(integer) => DB::integer(&mut arguments, *integer)?,
            Value::Bytes(bytes) => DB::bytes(&mut arguments, bytes)?,
        }
    }
    Ok(arguments)
}
