//! Response types that the authorization endpoint does not know (RFC 7591 section 2).

use super::Row;
use crate::router::DeclaredServer;
use crate::types::ResponseTypes;

pub(super) fn unanswered<S: DeclaredServer>(row: &Row<'_, S>) -> Vec<String> {
    let listed = row.fields.response_types.into_iter().flat_map(ResponseTypes::iter);
    let unanswered = listed.filter(|name| !S::GRANTS.iter().any(|grant| grant.response_type == Some(*name)));
    unanswered
        .map(|name| {
            format!(
                "has the response type `{}`, which no grant of the server answers: remove it from its `response_types`, \
                 or add the grant",
                name.escape_debug()
            )
        })
        .collect()
}
