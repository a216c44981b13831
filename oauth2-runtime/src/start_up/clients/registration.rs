//! M053 to M058 among others: what registration would refuse today, such as a redirect URI with a fragment.

use super::Row;
use crate::clients::refusals;
use crate::router::DeclaredServer;

pub(super) fn refused<S: DeclaredServer>(row: &Row<'_, S>) -> Vec<String> {
    refusals(row.client).into_iter().map(|refusal| format!("{refusal}; correct its row")).collect()
}
