//! The people of this server: a table of the application's own, in the same database.

use oauth2_runtime::prelude::*;
use sqlx::SqlitePool;
use sqlx::sqlite::SqlitePoolOptions;

const CREATE: &str = "CREATE TABLE IF NOT EXISTS provider_user (\
                      sub TEXT PRIMARY KEY NOT NULL, username TEXT NOT NULL UNIQUE, \
                      password TEXT NOT NULL, claims TEXT NOT NULL)";
const FORGET: &str = "DELETE FROM provider_user WHERE sub = $1";
const STORE: &str = "INSERT INTO provider_user (sub, username, password, claims) VALUES ($1, $2, $3, $4)";

/// A person as the seed has them.
pub(crate) struct User {
    /// Who they are to clients.
    pub(crate) sub: String,
    /// What they type to sign in.
    pub(crate) username: String,
    /// Likewise.
    pub(crate) password: Secret<String>,
    /// What else is known of them: a JSON object.
    pub(crate) claims: String,
}

/// The table of people.
pub(crate) struct Users {
    readers: SqlitePool,
    writer: SqlitePool,
}

impl Users {
    /// Creates the table if it is not there.
    pub(crate) async fn open(url: &str, db: &SqlStore<Sqlite>) -> Result<Self, Error> {
        let readers = db.pool().clone();
        // A database in memory has only the connection it lives in. The store's connections to a file only read.
        let writer = if is_in_memory(url) {
            readers.clone()
        } else {
            SqlitePoolOptions::new().max_connections(1).connect(url).await?
        };
        sqlx::query(CREATE).execute(&writer).await?;
        Ok(Self { readers, writer })
    }

    /// The table as it is, by connections that only read.
    pub(crate) fn look_at(db: &SqlStore<Sqlite>) -> Self {
        Self { readers: db.pool().clone(), writer: db.pool().clone() }
    }

    /// Makes the stored people be these, all of them or none. Doing it twice changes nothing.
    pub(crate) async fn ensure(&self, users: &[User]) -> Result<(), Error> {
        let mut passwords = Vec::new();
        for user in users {
            passwords.push(self.password(user).await?);
        }
        let mut transaction = self.writer.begin().await?;
        // First, so that people can have each other's names.
        for user in users {
            sqlx::query(FORGET).bind(&user.sub).execute(&mut *transaction).await?;
        }
        for (User { sub, username, claims, .. }, password) in users.iter().zip(passwords) {
            let stored = sqlx::query(STORE).bind(sub).bind(username).bind(password).bind(claims);
            stored.execute(&mut *transaction).await.map_err(|error| match error {
                sqlx::Error::Database(error) if error.is_unique_violation() => {
                    let (sub, username) = (sub.escape_debug(), username.escape_debug());
                    Error::new(format!("the user `{sub}` cannot have the name `{username}`: it is another's"))
                }
                error => error.into(),
            })?;
        }
        Ok(transaction.commit().await?)
    }

    /// What to store of a password: what is stored already, if that is of the same password. A hash is another one each
    /// time it is made.
    async fn password(&self, user: &User) -> Result<PasswordHash, Error> {
        let stored: Option<(PasswordHash,)> =
            sqlx::query_as("SELECT password FROM provider_user WHERE sub = $1")
                .bind(&user.sub)
                .fetch_optional(&self.readers)
                .await?;
        match stored {
            Some((stored,)) if stored.verify(&user.password).await? => Ok(stored),
            _ => PasswordHash::generate(&user.password).await,
        }
    }

    /// Whose credentials these are.
    pub(crate) async fn check(&self, credentials: &Credentials) -> Result<Option<Subject>, Error> {
        let known: Option<(String, PasswordHash)> =
            sqlx::query_as("SELECT sub, password FROM provider_user WHERE username = $1")
                .bind(credentials.username())
                .fetch_optional(&self.readers)
                .await?;
        credentials.verify(known).await
    }

    /// Whether tokens may be issued for this person: as long as they are in the table.
    pub(crate) async fn state(&self, subject: &Subject) -> Result<SubjectState, Error> {
        let known = sqlx::query("SELECT 1 FROM provider_user WHERE sub = $1")
            .bind(subject.as_str())
            .fetch_optional(&self.readers)
            .await?;
        Ok(if known.is_some() { SubjectState::Active } else { SubjectState::Disabled })
    }
}

fn is_in_memory(url: &str) -> bool {
    url.contains(":memory:") || url.contains("mode=memory")
}
