use std::borrow::Borrow;

use super::PasswordHash;
use crate::error::Error;
use crate::types::{Secret, Subject};

/// What a person typed into a sign-in form: a user name and a password.
///
/// It is checked against your own table of people:
///
/// ```no_run
/// use oauth2_runtime::prelude::*;
///
/// # struct Auth { db: SqlStore<Sqlite> }
/// async fn check_password(auth: &Auth, credentials: &Credentials) -> Result<Option<Subject>, Error> {
///     let known: Option<(String, PasswordHash)> =
///         sqlx::query_as("SELECT id, password FROM person WHERE name = $1")
///             .bind(credentials.username())
///             .fetch_optional(auth.db.pool())
///             .await?;
///     credentials.verify(known).await
/// }
/// ```
///
/// It has no `Debug`, `Clone` or `Serialize`, so that a password is not logged, kept or sent by accident.
///
/// ```compile_fail
/// # use oauth2_runtime::prelude::*;
/// fn log(credentials: &Credentials) {
///     println!("{credentials:?}");
/// }
/// ```
pub struct Credentials {
    username: String,
    password: Secret<String>,
}

impl Credentials {
    /// Credentials from elsewhere than the framework's form, for instance in a test of your own check.
    #[must_use]
    pub const fn new(username: String, password: Secret<String>) -> Self {
        Self { username, password }
    }

    /// The user name as it was typed.
    #[must_use]
    pub fn username(&self) -> &str {
        &self.username
    }

    /// The password as it was typed, to verify it in another way than [`Credentials::verify`].
    #[must_use]
    pub const fn password(&self) -> &Secret<String> {
        &self.password
    }

    /// Who this is: the subject of `known` when the password is right, else nobody.
    ///
    /// `known` is what you have stored under the user name, `None` when there is no such person. That takes as long as
    /// a wrong password, so that nobody can find out who has an account; a hash made elsewhere with other costs than
    /// [`PasswordHash::generate`]'s takes another time.
    ///
    /// # Errors
    ///
    /// When too many passwords are being checked at once, or the system's memory gives out. It is no wrong password:
    /// the person may try again.
    pub async fn verify<S, H>(&self, known: Option<(S, H)>) -> Result<Option<Subject>, Error>
    where
        S: Into<Subject>,
        H: Borrow<PasswordHash>,
    {
        let Some((subject, hash)) = known else {
            PasswordHash::verify_unknown(&self.password).await?;
            return Ok(None);
        };
        Ok(hash.borrow().verify(&self.password).await?.then(|| subject.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of `password`.
    const STORED: &str =
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

    fn typed(password: &str) -> Credentials {
        Credentials::new("ann".into(), Secret::new(password.into()))
    }

    #[tokio::test]
    async fn the_right_password_gives_the_subject() {
        let hash: PasswordHash = STORED.parse().unwrap();
        let known = Some((String::from("42"), hash.clone()));
        assert_eq!(typed("password").verify(known).await.unwrap(), Some(Subject::from("42")));
        assert_eq!(typed("password").verify(Some(("42", &hash))).await.unwrap(), Some(Subject::from("42")));
    }

    #[tokio::test]
    async fn a_wrong_password_and_an_unknown_person_give_nobody() {
        let known = Some(("42", STORED.parse::<PasswordHash>().unwrap()));
        assert_eq!(typed("Password").verify(known).await.unwrap(), None);
        assert_eq!(typed("password").verify(None::<(Subject, PasswordHash)>).await.unwrap(), None);
    }
}
