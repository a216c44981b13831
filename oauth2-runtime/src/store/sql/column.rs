//! How the framework's types are columns, once for every database.

use sqlx::database::Database;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Decode, Encode, Type};

use crate::password::PasswordHash;
use crate::types::{
    ClientId, CodeChallenge, Digest, GrantId, GrantTypes, Lifetime, RedirectUris, ResponseTypes, Scope,
    ScopeSet, SecretHash, Subject, Timestamp,
};

/// A type that can be a column of the database `DB`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a column of `{DB}`",
    label = "not a column type",
    note = "implement `sqlx::Type`, `sqlx::Encode` and `sqlx::Decode` for `{Self}`"
)]
pub trait Column<DB: Database>: Type<DB> + for<'r> Decode<'r, DB> + for<'q> Encode<'q, DB> + Send {}

#[diagnostic::do_not_recommend]
impl<DB: Database, T> Column<DB> for T where
    T: Type<DB> + for<'r> Decode<'r, DB> + for<'q> Encode<'q, DB> + Send
{
}

macro_rules! column {
    ([$($generics:tt)*] $type:ty as $stored:ty, $encode:expr, $decode:expr) => {
        impl<DB: Database, $($generics)*> Type<DB> for $type where $stored: Type<DB> {
            fn type_info() -> DB::TypeInfo {
                <$stored as Type<DB>>::type_info()
            }

            fn compatible(info: &DB::TypeInfo) -> bool {
                <$stored as Type<DB>>::compatible(info)
            }
        }

        impl<'q, DB: Database, $($generics)*> Encode<'q, DB> for $type where $stored: Encode<'q, DB> {
            fn encode_by_ref(&self, buffer: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                let encode: fn(&Self) -> $stored = $encode;
                encode(self).encode(buffer)
            }
        }

        impl<'r, DB: Database, $($generics)*> Decode<'r, DB> for $type where $stored: Decode<'r, DB> {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
                let decode: fn($stored) -> Result<Self, BoxDynError> = $decode;
                decode(<$stored as Decode<'r, DB>>::decode(value)?)
            }
        }
    };
}

column!([] ClientId as String, |id| id.as_str().to_owned(), |text| Ok(
    text.into()
));
column!([] Subject as String, |id| id.as_str().to_owned(), |text| Ok(
    text.into()
));
column!([] GrantId as String, |id| id.as_str().to_owned(), |text| Ok(
    text.into()
));
column!([] RedirectUris as String, |uris| uris.into(), |text| Ok(text
    .as_str()
    .into()));
column!([] GrantTypes as String, |types| types.into(), |text| Ok(text
    .as_str()
    .into()));
column!([] ResponseTypes as String, |types| types.into(), |text| Ok(text
    .as_str()
    .into()));
column!([] CodeChallenge as String, ToString::to_string, |text| Ok(
    Self::parse(&text)?
));
column!([] SecretHash as String, |hash| hash.into(), |text| Ok(
    text.parse()?
));
column!([] PasswordHash as String, |hash| hash.into(), |text| Ok(
    text.parse()?
));
column!([] Timestamp as i64, |at| at.unix_seconds(), |seconds| Ok(
    Self::from_unix_seconds(seconds)
));
column!([] Lifetime as i64, |lifetime| lifetime.as_seconds().into(), |seconds| Ok(
    Self::from_stored(seconds)?
));
column!([S: Scope] ScopeSet<S> as String, ToString::to_string, |text| Ok(Self::from_stored(&text)));
column!([K] Digest<K> as Vec<u8>, |digest| digest.as_bytes().to_vec(), |bytes| Ok(Self::from_bytes(&bytes)?));
