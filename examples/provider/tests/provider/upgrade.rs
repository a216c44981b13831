//! A database that an older version of the program has left.

use oauth2_runtime::prelude::ClientSecret;
use oauth2_tests::http::Request;
use oauth2_tests::running::{Database, Tokens};

use crate::site::Site;

/// Columns and tables that came later are added at start, and what people and clients had stays theirs.
#[tokio::test]
async fn it_is_brought_up_to_date_at_start() {
    let generated = ClientSecret::generate().unwrap();
    let site = Site::start_over(Database::default(), &generated, &[]);
    let tokens = site.tokens("photos:read").await;
    let (_, database) = site.stop();
    database
        .execute(
            "ALTER TABLE oauth2_client DROP COLUMN access_token_ttl; ALTER TABLE oauth2_client DROP COLUMN client_name; \
             DROP TABLE oauth2_consent; DROP TABLE oauth2_session",
        )
        .await;

    let site = Site::start_over(database, &generated, &[]);
    let columns = "SELECT name FROM pragma_table_info('oauth2_client') WHERE name IN ('access_token_ttl', 'client_name') \
                   ORDER BY name";
    assert_eq!(site.database.texts(columns).await, ["access_token_ttl", "client_name"]);
    let me = site.send(Request::get("/api/me").bearer(&tokens.access)).await;
    assert_eq!(me.body, r#"{"sub":"u-alice","client_id":"web","scope":"photos:read"}"#);
    let renewed = Tokens::of(&site.refresh(&tokens.refresh).await);
    assert_ne!(renewed.refresh, tokens.refresh);
    // Sessions and consents are new tables, which this fills.
    site.tokens("photos:read").await;
    assert_eq!(site.database.number("SELECT COUNT(*) FROM oauth2_consent").await, 1);
}
