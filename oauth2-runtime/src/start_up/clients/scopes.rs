//! Scopes that are not declared any more, and clients that are left without any.

use super::Row;
use crate::gate::may_use;
use crate::router::DeclaredServer;
use crate::types::ScopeSet;

pub(super) fn undeclared<S: DeclaredServer>(row: &Row<'_, S>) -> Vec<String> {
    ScopeSet::<S::Scopes>::undeclared(row.scope)
        .map(|name| {
            let name = name.escape_debug();
            format!(
                "has the scope `{name}`, which is not declared and grants nothing: remove it from its `scope`"
            )
        })
        .collect()
}

/// A client that only introspects, or may use no grant, needs none.
pub(super) fn none<S: DeclaredServer>(row: &Row<'_, S>) -> Vec<String> {
    let asks = S::GRANTS.iter().any(|grant| may_use(row.client, grant));
    if row.scope.trim().is_empty() && row.fields.scope.is_empty() && asks && !row.fields.introspect {
        return vec![
            "has no scope, so that it is issued no token: give it one, or leave its `grant_types` empty"
                .to_owned(),
        ];
    }
    Vec::new()
}
