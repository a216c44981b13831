//! The application's table of people. Their passwords are argon2id hashes.

use oauth2_runtime::prelude::*;
use sqlx::SqlitePool;

use crate::Auth;

/// A person.
pub(crate) struct User {
    pub(crate) id: Subject,
    pub(crate) name: String,
}

pub(crate) async fn prepare(pool: &SqlitePool) -> Result<(), Error> {
    let table = "CREATE TABLE IF NOT EXISTS users (
        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, password TEXT NOT NULL,
        disabled BOOLEAN NOT NULL DEFAULT FALSE)";
    sqlx::query(table).execute(pool).await?;
    Ok(())
}

impl Auth {
    /// Adds a person, if nobody has the name.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn add_user(&self, name: &str, password: &Secret<&str>) -> Result<(), Error> {
        let insert = "INSERT INTO users (name, password) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        let password = PasswordHash::generate(password).await?;
        sqlx::query(insert).bind(name).bind(password).execute(&self.pool).await?;
        Ok(())
    }

    /// Whose credentials these are. Somebody who is disabled is told no more than somebody with a wrong password.
    pub(crate) async fn check_password(&self, typed: &Credentials) -> Result<Option<Subject>, Error> {
        let query = "SELECT CAST(id AS TEXT), password FROM users WHERE name = $1 AND NOT disabled";
        let found = sqlx::query_as::<_, (String, PasswordHash)>(query).bind(typed.username());
        typed.verify(found.fetch_optional(&self.pool).await?).await
    }

    /// The person, unless they have gone or are disabled.
    pub(crate) async fn user(&self, id: &str) -> Result<Option<User>, Error> {
        let query = "SELECT name FROM users WHERE id = $1 AND NOT disabled";
        let name = sqlx::query_scalar(query).bind(id).fetch_optional(&self.pool).await?;
        Ok(name.map(|name| User { id: id.into(), name }))
    }
}

/// May tokens be issued for them? Asked before every one.
pub(crate) async fn state(auth: &Auth, subject: &Subject) -> Result<SubjectState, Error> {
    let user = auth.user(subject.as_str()).await?;
    Ok(if user.is_some() { SubjectState::Active } else { SubjectState::Disabled })
}
