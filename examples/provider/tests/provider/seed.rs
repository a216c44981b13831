//! What becomes of the seed file in the database.

use oauth2_runtime::prelude::ClientSecret;
use oauth2_tests::http::Request;
use oauth2_tests::running::{Credentials, Database};
use serde_json::{Value, json};

use crate::process::{Process, refused};
use crate::site::{PASSWORD, Site, location, seed, write_seed};

/// Every row of every table.
async fn dump(database: &Database) -> Vec<String> {
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
    let mut dumped = Vec::new();
    for table in database.texts(tables).await {
        let columns = format!("SELECT 'quote(\"' || name || '\")' FROM pragma_table_info('{table}')");
        let columns = database.texts(&columns).await.join(" || ' ' || ");
        let rows = format!("SELECT '{table}: ' || {columns} FROM \"{table}\" ORDER BY 1");
        dumped.extend(database.texts(&rows).await);
    }
    dumped
}

fn seeded(database: &Database) -> Process {
    let flags = ["--bind", "127.0.0.1:0", "--database", "sqlite://test.db", "--seed", "seed.json"];
    let mut process = Process::start(database.folder(), &flags, &[]);
    process.address();
    process
}

#[tokio::test]
async fn loading_it_twice_changes_nothing() {
    let generated = ClientSecret::generate().unwrap();
    let (ended, database) = Site::start_over(Database::default(), &generated, &[]).stop();
    assert_eq!(ended.code, Some(0));
    let first = dump(&database).await;
    let rows = |table: &str| first.iter().filter(|row| row.starts_with(&format!("{table}: "))).count();
    assert_eq!((rows("provider_user"), rows("oauth2_client")), (2, 4), "{first:#?}");
    let (_, database) = Site::start_over(database, &generated, &[]).stop();
    assert_eq!(dump(&database).await, first);
}

#[tokio::test]
async fn secrets_and_passwords_are_stored_as_hashes_and_work() {
    let site = Site::start();
    let secret = async |id: &str| {
        let sql = format!("SELECT client_secret FROM oauth2_client WHERE client_id = '{id}'");
        site.database.texts(&sql).await.remove(0)
    };
    assert!(secret("robot").await.starts_with("sha256:"));
    for id in ["web", "resource"] {
        assert!(secret(id).await.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{id}");
    }
    let passwords = site.database.texts("SELECT password FROM provider_user").await;
    assert!(
        passwords.len() == 2 && passwords.iter().all(|hash| hash.starts_with("$argon2id$")),
        "{passwords:?}"
    );
    let claims = site.database.texts("SELECT claims FROM provider_user ORDER BY sub").await;
    assert_eq!(claims, [r#"{"email":"alice@example.test","email_verified":true,"name":"Alice"}"#, "{}"]);
    site.robot_token("photos:read").await;
    for wrong in ["from another serve", "from another server "] {
        let client = Credentials { secret: wrong.to_owned(), ..site.web.clone() };
        let answer = site.token(&client, "grant_type=client_credentials").await;
        answer.assert_error(401, "invalid_client", "client authentication failed");
    }
    // The right one is accepted: what is refused then is the grant.
    let answer = site.token(&site.web, "grant_type=client_credentials").await;
    answer.assert_error(400, "unauthorized_client", "this client may not use this grant type");
    let file = std::fs::read(site.database.path()).unwrap();
    for clear in [PASSWORD, "from another server", "behind the API", site.robot.secret.as_str()] {
        assert!(!file.windows(clear.len()).any(|bytes| bytes == clear.as_bytes()), "{clear}");
    }
}

#[tokio::test]
async fn what_the_seed_says_now_replaces_what_it_said() {
    let generated = ClientSecret::generate().unwrap();
    let (_, database) = Site::start_over(Database::default(), &generated, &[]).stop();
    let before = dump(&database).await;
    let mut changed = seed(&generated);
    changed["users"][0]["password"] = json!("looking-glass");
    changed["clients"][0]["client_secret"] = json!("a new secret");
    changed["clients"][0]["scope"] = json!("profile");
    // What the seed does not name any more stays.
    changed["users"].as_array_mut().unwrap().pop();
    changed["clients"].as_array_mut().unwrap().pop();
    write_seed(&database, &changed);
    drop(seeded(&database));
    let after = dump(&database).await;
    let changed: Vec<_> = after.iter().filter(|row| !before.contains(row)).collect();
    assert_eq!((before.len(), after.len(), changed.len()), (after.len(), before.len(), 2), "{changed:#?}");
    assert!(
        changed.iter().any(|row| row.starts_with("oauth2_client: 'web' ") && row.contains(" 'profile' "))
    );
    assert!(changed.iter().any(|row| row.starts_with("provider_user: 'u-alice' ")));
}

#[tokio::test]
async fn openid_is_left_out_with_one_warning() {
    let database = Database::default();
    let client =
        |id: &str, scope: &str| json!({ "client_id": id, "client_secret": "secret", "scope": scope });
    let clients =
        [client("one", "openid profile"), client("two", "photos:read openid"), client("three", "email")];
    write_seed(&database, &json!({ "clients": clients }));
    let flags = ["--bind", "127.0.0.1:0", "--database", "sqlite://test.db", "--seed", "seed.json"];
    let mut process = Process::start(database.folder(), &flags, &[]);
    let address = process.address();
    let token = async |scope: &str| {
        let request = Request::form("/oauth/token", format!("grant_type=client_credentials{scope}"));
        request.basic("one", "secret").send(address).await
    };
    assert_eq!(token("").await.json()["scope"], "profile");
    let reason = "the scope is unknown or more than this client may be granted";
    token("&scope=openid").await.assert_error(400, "invalid_scope", reason);
    process.signal("TERM");
    let log = process.end().log;
    let warnings: Vec<_> = log.lines().filter(|line| line.contains("WARN")).collect();
    assert_eq!(warnings.len(), 1, "{log}");
    assert!(warnings[0].contains("scope=\"openid\""), "{log}");
    let scopes = database.texts("SELECT scope FROM oauth2_client ORDER BY client_id").await;
    assert_eq!(scopes, ["profile", "email", "photos:read"]);
}

#[tokio::test]
async fn a_person_who_is_no_longer_stored_is_not_served() {
    let site = Site::start();
    let tokens = site.tokens("profile").await;
    site.database.execute("DELETE FROM provider_user WHERE sub = 'u-alice'").await;
    site.refresh(&tokens.refresh).await.assert_error(400, "invalid_grant", "the grant is no longer valid");
    let mut browser = site.browser();
    let page = browser.get("/login").await;
    assert_eq!(browser.sign_in(&page, "/login", "alice", PASSWORD).await.status, 403);
    let page = browser.get("/login").await;
    assert_eq!(location(&browser.sign_in(&page, "/login", "bob", "builder").await), "/login");
}

/// The seed of the repository, and the one that the README shows.
#[tokio::test]
async fn the_documented_seeds_load() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(folder.join("README.md")).unwrap();
    let shown = readme.split("## Seed\n\n```json\n").nth(1).unwrap().split("```").next().unwrap();
    let kept = std::fs::read_to_string(folder.join("seed.json")).unwrap();
    for (seed, users, clients) in [(shown, 1, 1), (&kept, 1, 4)] {
        let database = Database::default();
        std::fs::write(database.folder().join("seed.json"), seed).unwrap();
        drop(seeded(&database));
        assert_eq!(database.number("SELECT COUNT(*) FROM provider_user").await, users);
        assert_eq!(database.number("SELECT COUNT(*) FROM oauth2_client").await, clients);
    }
}

/// The line with which a seed is refused before there is a database.
fn refuse(seed: &[u8]) -> String {
    let database = Database::default();
    std::fs::write(database.folder().join("seed.json"), seed).unwrap();
    let flags = ["--bind", "127.0.0.1:0", "--database", "sqlite://test.db", "--seed", "seed.json"];
    let line = refused(database.folder(), &flags, &[("RUST_LOG", "error")]);
    assert!(!database.path().exists(), "{line}");
    line
}

#[test]
fn a_file_that_is_no_seed_is_one_line() {
    let folder = Database::default();
    let flags = ["--bind", "127.0.0.1:0", "--seed", "missing.json"];
    let line = refused(folder.folder(), &flags, &[]);
    assert!(line.starts_with("cannot read the seed `missing.json` ("), "{line}");
    for (text, reason) in [
        (&b""[..], "EOF while parsing"),
        (b"{", "EOF while parsing"),
        (b"[]", "invalid type: sequence, expected a map"),
        (b"{\"clients\": {}}", "invalid type: map, expected a sequence"),
        (b"{\"clients\": [\"web\"]}", "invalid type: string \"web\", expected a map"),
        (b"{\"client\": []}", "unknown field `client`"),
        (b"{\"clients\": []} x", "trailing characters"),
        (b"\xff", "expected value"),
    ] {
        let line = refuse(text);
        let start = "the seed `seed.json` is not usable (";
        assert!(line.starts_with(start) && line.contains(reason), "{line}");
    }
}

#[test]
fn a_user_that_cannot_be_one_is_refused_by_name() {
    let user = |changed: &Value| {
        let mut user = json!({ "sub": "u-alice", "username": "alice", "password": "wonderland" });
        user.as_object_mut().unwrap().extend(changed.as_object().unwrap().clone());
        json!({ "users": [user] }).to_string()
    };
    for (changed, reason) in [
        (json!({ "sub": "" }), "`sub` is empty"),
        (json!({ "password": "" }), "`password` is empty"),
        (json!({ "password": 7 }), "`password` is not a string"),
        (json!({ "claims": [] }), "invalid type: sequence, expected a map"),
        (
            json!({ "role": "admin" }),
            "unknown field `role`, expected one of `sub`, `username`, `password`, `claims`",
        ),
    ] {
        let line = refuse(user(&changed).as_bytes());
        assert_eq!(line, format!("the seed's user `alice` is not usable: {reason}"));
    }
    let one = json!({ "sub": "u-1", "username": "ann", "password": "p" });
    let other = json!({ "sub": "u-2", "username": "ann", "password": "p" });
    let twice = |users: [&Value; 2]| refuse(json!({ "users": users }).to_string().as_bytes());
    assert_eq!(twice([&one, &one]), "the seed has the user `u-1` twice");
    assert_eq!(twice([&one, &other]), "the seed has the user name `ann` twice");
}

#[tokio::test]
async fn a_user_name_that_is_anothers_is_refused_and_nothing_is_stored() {
    let (_, database) = Site::start().stop();
    let before = dump(&database).await;
    let new = json!({ "sub": "u-new", "username": "new", "password": "p" });
    let other = json!({ "sub": "u-other", "username": "bob", "password": "p" });
    write_seed(&database, &json!({ "users": [new, other] }));
    let flags = ["--bind", "127.0.0.1:0", "--database", "sqlite://test.db", "--seed", "seed.json"];
    let line = refused(database.folder(), &flags, &[]);
    assert_eq!(line, "the user `u-other` cannot have the name `bob`: it is another's");
    assert_eq!(dump(&database).await, before);
}

/// S97, S98: a secret that is no string is not repeated, in whatever it is.
#[tokio::test]
async fn a_secret_of_another_type_is_refused_without_being_shown() {
    let (_, database) = Site::start().stop();
    let before = dump(&database).await;
    let flags = ["--bind", "127.0.0.1:0", "--database", "sqlite://test.db", "--seed", "seed.json"];
    let refuse = |user: &Value, client: &Value| {
        write_seed(&database, &json!({ "users": [user], "clients": [client] }));
        let ended = Process::start(database.folder(), &flags, &[]).end();
        assert_eq!((ended.code, ended.lines.len()), (Some(1), 0), "{ended:?}");
        assert!(!ended.log.contains("8642097531"), "{}", ended.log);
        ended.log
    };
    let user = |password: &Value| json!({ "sub": "u-new", "username": "new", "password": password });
    let client = |secret: &Value| json!({ "client_id": "new", "client_secret": secret, "scope": "profile" });
    let right = json!("right");
    for wrong in [
        json!(8_642_097_531_u64),
        json!(8_642_097_531.5),
        json!(["8642097531"]),
        json!({ "8642097531": "8642097531" }),
        json!(true),
    ] {
        let log = refuse(&user(&wrong), &client(&right));
        assert!(
            log.ends_with("Error: the seed's user `new` is not usable: `password` is not a string\n"),
            "{log}"
        );
        let log = refuse(&user(&right), &client(&wrong));
        assert!(
            log.ends_with("Error: the seed's client `new` is refused: `client_secret` is not a string\n"),
            "{log}"
        );
    }
    let log = refuse(&user(&Value::Null), &client(&right));
    assert!(log.ends_with("`password` is not a string\n"), "{log}");
    assert_eq!(dump(&database).await, before);
}

/// A client is asked for more redirect URIs than one may have, after others that are in order.
#[tokio::test]
async fn a_client_with_too_many_redirect_uris_is_refused_and_nothing_is_stored() {
    let (_, database) = Site::start().stop();
    let before = dump(&database).await;
    let uris: Vec<_> = (0..=50).map(|number| format!("https://client.example/{number}")).collect();
    let good = json!({ "client_id": "good", "redirect_uris": uris[..50], "scope": "profile" });
    let many = json!({ "client_id": "many", "redirect_uris": uris, "scope": "profile" });
    write_seed(&database, &json!({ "clients": [good, many] }));
    let flags = ["--bind", "127.0.0.1:0", "--database", "sqlite://test.db", "--seed", "seed.json"];
    let line = refused(database.folder(), &flags, &[("RUST_LOG", "error")]);
    assert_eq!(line, "the client `many` cannot have 51 redirect URIs: there are at most 50");
    assert_eq!(dump(&database).await, before);
    write_seed(&database, &json!({ "clients": [good] }));
    drop(seeded(&database));
    let stored = "SELECT redirect_uris FROM oauth2_client WHERE client_id = 'good'";
    assert_eq!(database.texts(stored).await, [uris[..50].join(" ")]);
}

#[tokio::test]
async fn people_can_have_each_others_names() {
    let (_, database) = Site::start().stop();
    let user = |sub: &str, name: &str| json!({ "sub": sub, "username": name, "password": PASSWORD });
    write_seed(&database, &json!({ "users": [user("u-alice", "bob"), user("u-bob", "alice")] }));
    drop(seeded(&database));
    let names = database.texts("SELECT sub || ' ' || username FROM provider_user ORDER BY sub").await;
    assert_eq!(names, ["u-alice bob", "u-bob alice"]);
}
