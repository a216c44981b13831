//! The clock: one that is behind lets tokens live on after their end.

use std::time::Duration;

use super::Finding;
use crate::error::Error;
use crate::router::DeclaredServer;
use crate::server::Environment;
use crate::store::Store;
use crate::types::Timestamp;

/// Clocks of machines that share a database may differ by so much.
const TOLERANCE: Duration = Duration::from_mins(5);

/// 2026-01-01T00:00:00Z: no clock that is right is before it.
const EARLIEST: Timestamp = Timestamp::from_unix_seconds(1_767_225_600);

pub(super) async fn check<S: DeclaredServer>(
    server: &S,
    environment: &Environment,
) -> Result<Vec<Finding>, Error> {
    let now = environment.clock.now();
    let seconds = now.unix_seconds();
    if now < EARLIEST {
        return Ok(vec![Finding::warning(format!(
            "the clock says {seconds} s after 1970, which is before 2026: set the clock of this machine, or tokens will \
             be over at once when it is set later"
        ))]);
    }
    let newest = server.store().newest_token().await?;
    let behind = newest.into_iter().filter(|newest| now.after(TOLERANCE) < *newest);
    let finding = |newest: Timestamp| {
        let behind = newest.unix_seconds().saturating_sub(seconds);
        Finding::warning(format!(
            "the clock is {behind} s behind a token in the database, so that tokens outlive their end by as much: set \
             the clock of this machine"
        ))
    };
    Ok(behind.map(finding).collect())
}
