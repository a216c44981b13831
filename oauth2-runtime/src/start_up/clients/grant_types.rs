//! Grant types that the server has no grant for (RFC 7591 section 2).

use super::Row;
use crate::router::DeclaredServer;
use crate::types::GrantTypes;

pub(super) fn unanswered<S: DeclaredServer>(row: &Row<'_, S>) -> Vec<String> {
    let listed = row.fields.grant_types.into_iter().flat_map(GrantTypes::iter);
    let unanswered = listed.filter(|name| !S::GRANTS.iter().any(|grant| grant.grant_type == *name));
    unanswered
        .map(|name| {
            format!(
                "has the grant type `{}`, which no grant of the server answers: remove it from its `grant_types`, or add \
                 the grant",
                name.escape_debug()
            )
        })
        .collect()
}
