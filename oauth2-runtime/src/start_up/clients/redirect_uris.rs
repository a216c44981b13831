//! A grant that ends at a redirect URI, for a client without one (RFC 6749 section 3.1.2.2).

use super::Row;
use crate::gate::may_use;
use crate::router::DeclaredServer;

pub(super) fn missing<S: DeclaredServer>(row: &Row<'_, S>) -> Vec<String> {
    if row.fields.redirect_uris.is_some_and(|uris| !uris.is_empty()) {
        return Vec::new();
    }
    let at_browsers = S::GRANTS.iter().filter(|grant| grant.response_type.is_some());
    at_browsers
        .filter(|grant| may_use(row.client, grant))
        .map(|grant| {
            format!(
                "may use `{}` and has no redirect URI, so that it is always refused: add one to its `redirect_uris`, or \
                 remove the grant type",
                grant.grant_type
            )
        })
        .collect()
}
