//! Client authentication that cannot succeed: a method nobody accepts, one without its secret, a secret without a method
//! (RFC 6749 section 2.3, RFC 7591 section 2).

use super::Row;
use crate::client_auth::Method;
use crate::router::{DeclaredServer, has_keyed_clients, methods};

pub(super) fn contradictory<S: DeclaredServer>(row: &Row<'_, S>) -> Vec<String> {
    let has_secret = row.fields.client_secret.is_some();
    let found = match row.fields.token_endpoint_auth_method {
        Some(name) => of_registered::<S>(name, has_secret),
        None => of_unregistered::<S>(has_secret),
    };
    found.into_iter().collect()
}

fn takes_secret<S: DeclaredServer>(method: &Method<S>) -> bool {
    method.authenticates() && !method.is_keyed()
}

fn of_registered<S: DeclaredServer>(name: &str, has_secret: bool) -> Option<String> {
    let Some(method) = methods::<S>().find(|method| method.name == name) else {
        return Some(format!(
            "uses `{}`, which no endpoint accepts: change its `token_endpoint_auth_method`, or add the method to \
             `client_auth(..)`",
            name.escape_debug()
        ));
    };
    if takes_secret(method) && !has_secret {
        return Some(format!(
            "uses `{name}` and has no secret, so that it is always refused: give it one with `rotate_secret`, or change \
             its `token_endpoint_auth_method`"
        ));
    }
    (!method.authenticates() && has_secret).then(|| {
        format!(
            "uses `{name}` and has a secret, so that it is always refused: remove the secret, or change its \
             `token_endpoint_auth_method`"
        )
    })
}

/// Where a method asks for something else than a secret, nobody knows what the client has.
fn of_unregistered<S: DeclaredServer>(has_secret: bool) -> Option<String> {
    let fits = |method: &Method<S>| method.authenticates() == has_secret;
    if has_keyed_clients::<S>() || methods::<S>().any(fits) {
        return None;
    }
    Some(if has_secret {
        "has a secret, which no endpoint asks for: remove it, or add `client_secret_basic` to `client_auth(..)`".to_owned()
    } else {
        "has no secret, which every endpoint asks for: give it one with `rotate_secret`, or add `none` to `client_auth(..)`"
            .to_owned()
    })
}
