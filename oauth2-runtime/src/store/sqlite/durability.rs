//! Whether what was committed is still there after a crash.

use sqlx::Row;
use sqlx::sqlite::SqlitePool;

use super::{Finding, Sql};

pub(super) async fn durability(pool: &SqlitePool) -> Sql<Vec<Finding>> {
    let file =
        sqlx::query("SELECT file FROM pragma_database_list WHERE name = 'main'").fetch_one(pool).await?;
    if file.try_get::<Option<String>, _>(0)?.unwrap_or_default().is_empty() {
        return Ok(vec![Finding::warning(
            "the database is in memory: its clients, tokens and sessions are gone when the process ends; open a file, \
             such as `sqlite://auth.db`",
        )]);
    }
    let mut findings = Vec::new();
    let synchronous: i64 = sqlx::query("PRAGMA synchronous").fetch_one(pool).await?.try_get(0)?;
    if synchronous < 2 {
        findings.push(Finding::error(format!(
            "SQLite runs with `synchronous = {synchronous}`, so a power cut could undo a token that was handed out: \
             set `PRAGMA synchronous = FULL` on the pool's connections"
        )));
    }
    let journal: String = sqlx::query("PRAGMA journal_mode").fetch_one(pool).await?.try_get(0)?;
    if matches!(journal.as_str(), "off" | "memory") {
        findings.push(Finding::error(format!(
            "SQLite runs with `journal_mode = {journal}`, so a crash could leave half a command and destroy the \
             database: set `PRAGMA journal_mode = WAL` on the pool's connections"
        )));
    }
    Ok(findings)
}
