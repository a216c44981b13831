use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth2_runtime::model::{Consent, Session};
use oauth2_runtime::models::{Client, Code, Token};
use oauth2_runtime::prelude::*;
use serde_json::{Map, Value};

/// A row as it is stored: a JSON object with a member for each column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row(Map<String, Value>);

/// What is stored is not what the model has.
#[derive(Debug)]
pub struct Corrupt(&'static str);

impl fmt::Display for Corrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a stored row has no usable `{}`", self.0)
    }
}

impl std::error::Error for Corrupt {}

impl Row {
    /// The value of a column.
    ///
    /// # Errors
    ///
    /// When it is not of this type. A column that is not there, since it is younger than the row, is `None` of an `Option`.
    pub fn get<T: Column>(&self, name: &'static str) -> Result<T, Corrupt> {
        T::read(self.0.get(name).unwrap_or(&Value::Null)).ok_or(Corrupt(name))
    }

    /// Sets the value of a column.
    pub fn put<T: Column>(&mut self, name: &'static str, value: &T) {
        self.0.insert(name.to_owned(), value.write());
    }

    pub(super) fn copy(&mut self, name: &'static str, from: &Self) {
        self.0.insert(name.to_owned(), from.0.get(name).cloned().unwrap_or_default());
    }

    pub(super) fn parse(stored: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(stored).map(Self)
    }

    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(&self.0)
    }
}

/// A model that can be a row. Its columns have the names of their roles.
pub trait Document: Sized {
    /// Its row.
    fn to_row(&self) -> Row;

    /// The model of a row.
    ///
    /// # Errors
    ///
    /// When a column is not of its type.
    fn from_row(row: &Row) -> Result<Self, Corrupt>;
}

/// Implements [`Document`](crate::redb_store::Document) for a struct, with all of its fields:
/// `document!(AppToken { access_token, client_id, subject, scope, issued_at, expires_at, revoked_at })`.
#[macro_export]
macro_rules! document {
    ($model:ident $(<$scope:ident>)? { $($column:ident),* $(,)? }) => {
        impl $(<$scope: ::oauth2_runtime::types::Scope>)? $crate::redb_store::Document for $model $(<$scope>)? {
            fn to_row(&self) -> $crate::redb_store::Row {
                let mut row = $crate::redb_store::Row::default();
                $(row.put(stringify!($column), &self.$column);)*
                row
            }

            fn from_row(
                row: &$crate::redb_store::Row,
            ) -> ::core::result::Result<Self, $crate::redb_store::Corrupt> {
                ::core::result::Result::Ok(Self { $($column: row.get(stringify!($column))?,)* })
            }
        }
    };
}

document!(Client<S> {
    client_id, client_secret, client_name, redirect_uris, scope, grant_types, response_types,
    token_endpoint_auth_method, introspect, access_token_ttl,
});
document!(Token<S> {
    access_token, refresh_token, grant_id, client_id, subject, scope, issued_at, expires_at, revoked_at,
});
document!(Code<S> {
    code, grant_id, client_id, subject, scope, redirect_uri, code_challenge, expires_at, consumed_at,
});
document!(Session { session, subject, username, signed_in_at, expires_at });
document!(Consent<S> { subject, client_id, scope, granted_at });

/// A type that a column can have. Implement it for types of your own.
pub trait Column: Sized {
    /// As it is stored.
    fn write(&self) -> Value;
    /// What was stored; `None` when it is not of this type.
    fn read(value: &Value) -> Option<Self>;
}

impl<T: Column> Column for Option<T> {
    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::write)
    }

    fn read(value: &Value) -> Option<Self> {
        if value.is_null() { Some(None) } else { T::read(value).map(Some) }
    }
}

impl Column for Lifetime {
    fn write(&self) -> Value {
        self.as_seconds().into()
    }

    fn read(value: &Value) -> Option<Self> {
        value.as_u64().and_then(|seconds| u32::try_from(seconds).ok()).map(Self::seconds)
    }
}

impl<K> Column for Digest<K> {
    fn write(&self) -> Value {
        URL_SAFE_NO_PAD.encode(self.as_bytes()).into()
    }

    fn read(value: &Value) -> Option<Self> {
        Self::from_bytes(&URL_SAFE_NO_PAD.decode(value.as_str()?).ok()?).ok()
    }
}

impl<S: Scope> Column for ScopeSet<S> {
    fn write(&self) -> Value {
        self.to_string().into()
    }

    fn read(value: &Value) -> Option<Self> {
        value.as_str().map(Self::from_stored)
    }
}

macro_rules! columns {
    ($($type:ty: $write:expr, $read:expr;)*) => {
        $(impl Column for $type {
            fn write(&self) -> Value {
                let write: fn(&Self) -> Value = $write;
                write(self)
            }

            fn read(value: &Value) -> Option<Self> {
                let read: fn(&Value) -> Option<Self> = $read;
                read(value)
            }
        })*
    };
}

columns! {
    String: |text| text.as_str().into(), |value| value.as_str().map(str::to_owned);
    bool: |flag| (*flag).into(), Value::as_bool;
    i64: |number| (*number).into(), Value::as_i64;
    Timestamp: |at| at.unix_seconds().into(), |value| value.as_i64().map(Self::from_unix_seconds);
    ClientId: |id| id.as_str().into(), |value| value.as_str().map(Self::from);
    GrantId: |id| id.as_str().into(), |value| value.as_str().map(Self::from);
    Subject: |id| id.as_str().into(), |value| value.as_str().map(Self::from);
    RedirectUris: |uris| String::from(uris).into(), |value| value.as_str().map(Self::from);
    GrantTypes: |types| String::from(types).into(), |value| value.as_str().map(Self::from);
    ResponseTypes: |types| String::from(types).into(), |value| value.as_str().map(Self::from);
    SecretHash: |hash| String::from(hash).into(), |value| value.as_str()?.parse().ok();
    CodeChallenge: |hash| hash.to_string().into(), |value| Self::parse(value.as_str()?).ok();
}
