//! Authorization codes, put into the servers' databases as rows: what the load measures is their redemption.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth2_bench::digest::{AUTHORIZATION_CODE, grant_id};
use oauth2_bench::{Failure, REDIRECT_URI};
use sha2::{Digest, Sha256};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

/// The code verifier of every code.
pub(crate) const VERIFIER: &str = "one-verifier-for-all-codes-of-all-lanes-and-rounds";

/// Codes that are stored nowhere yet.
pub(crate) struct Codes(Vec<Code>);

/// The value that the client has, and the authorization it stands for.
struct Code {
    value: String,
    grant_id: String,
}

impl Codes {
    pub(crate) fn generate(count: usize) -> Result<Self, Failure> {
        let code = |_| Ok(Code { value: AUTHORIZATION_CODE.generate()?, grant_id: grant_id()? });
        (0..count).map(code).collect::<Result<_, _>>().map(Self)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|code| code.value.as_str())
    }

    /// Stores them in the database of a server that runs, as codes of its client for a person each.
    pub(crate) async fn store(&self, database: &Path, client_id: &str) -> Result<(), Failure> {
        let mut connection = SqliteConnectOptions::new().filename(database).connect().await?;
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        for (number, code) in self.0.iter().enumerate() {
            insert(&mut transaction, code, client_id, &format!("person-{number}")).await?;
        }
        transaction.commit().await?;
        connection.close().await?;
        Ok(())
    }
}

async fn insert(
    connection: &mut SqliteConnection,
    code: &Code,
    client_id: &str,
    subject: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO oauth2_code (code, grant_id, client_id, subject, scope, redirect_uri, code_challenge, \
         expires_at) VALUES ($1, $2, $3, $4, 'photos:read photos:write', $5, $6, unixepoch() + 3600)",
    )
    .bind(AUTHORIZATION_CODE.digest(&code.value).as_slice())
    .bind(&code.grant_id)
    .bind(client_id)
    .bind(subject)
    .bind(REDIRECT_URI)
    .bind(URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER)))
    .execute(connection)
    .await?;
    Ok(())
}
