use oauth2_runtime::prelude::*;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::users::User;

/// An entry of `users`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    sub: String,
    username: String,
    password: String,
    #[serde(default)]
    claims: Map<String, Value>,
}

/// Reads an entry.
pub(super) fn read(entry: Map<String, Value>) -> Result<User, Error> {
    let name = entry.get("username").or_else(|| entry.get("sub")).and_then(Value::as_str).unwrap_or_default();
    let name = name.escape_debug().to_string();
    let refused = |reason: &dyn std::fmt::Display| {
        Error::new(format!("the seed's user `{name}` is not usable: {reason}"))
    };
    // Before it is read: what is read in vain is repeated in the error.
    if entry.get("password").is_some_and(|password| !password.is_string()) {
        return Err(refused(&"`password` is not a string"));
    }
    let Entry { sub, username, password, claims } =
        serde_json::from_value(Value::Object(entry)).map_err(|error| refused(&error))?;
    for (key, value) in [("sub", &sub), ("username", &username), ("password", &password)] {
        if value.is_empty() {
            return Err(refused(&format_args!("`{key}` is empty")));
        }
    }
    let claims = serde_json::to_string(&claims).map_err(|error| refused(&error))?;
    Ok(User { sub, username, password: Secret::new(password), claims })
}
