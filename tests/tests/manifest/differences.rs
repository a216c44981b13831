//! Two servers that differ in one key differ in the lines about that key, and in no other.
#![allow(deprecated, reason = "what is declared without revocation is a warning, and no matter here")]

use oauth2_runtime::manifest::Manifest;
use oauth2_runtime::prelude::*;
use oauth2_tests::provider::Access;

#[grant(authorization_code, refresh_token)]
struct SignIn;

#[grant(refresh_token)]
struct Renewal;

#[grant(client_credentials)]
struct Machine;

async fn check_password<S: Sync>(_: &S, _: &Credentials) -> Result<Option<Subject>, Error> {
    Ok(None)
}

async fn employed<S: Sync>(_: &S, _: &Subject) -> Result<SubjectState, Error> {
    Ok(SubjectState::Active)
}

/// Values of tokens that are not the framework's.
struct Labelled;

impl<S: OAuth2Server> TokenGenerator<S> for Labelled {
    async fn access_token(_: &GeneratorContext<'_, S>) -> Result<Secret<String>, Error> {
        Ok(Secret::new("labelled".to_owned()))
    }
}

/// It does nothing, and is there.
struct Watch;

impl<S: OAuth2Server> Extension<S> for Watch {
    type Reach = TokenRequests;
}

#[derive(OAuth2Client)]
#[oauth2(table = "app")]
struct App {
    client_id: ClientId,
    client_secret: Option<SecretHash>,
    redirect_uris: RedirectUris,
    scope: ScopeSet<Access>,
    team: String,
}

#[derive(OAuth2Client)]
#[oauth2(table = "app")]
struct AppWithOptionalTeam {
    client_id: ClientId,
    client_secret: Option<SecretHash>,
    redirect_uris: RedirectUris,
    scope: ScopeSet<Access>,
    team: Option<String>,
}

/// The manifest of a server with these grants and, besides what all of them have, these keys.
macro_rules! manifest {
    ([$($grant:tt)*] $($key:tt)*) => {{
        #[oauth2_server(
            issuer = "https://id.example",
            scopes = Access,
            grants($($grant)*),
            client_auth(client_secret_basic),
            sign_in = password(check_password),
            $($key)*
        )]
        struct Auth {
            #[oauth2(store)]
            db: SqlStore<Sqlite>,
        }
        Auth::MANIFEST
    }};
    ($($key:tt)*) => {
        manifest!([SignIn, Renewal, Machine] $($key)*)
    };
}

/// The lines of a text, each with the one that it is below.
fn facts(manifest: &Manifest) -> Vec<String> {
    let (text, mut heading) = (manifest.to_string(), String::new());
    let mut facts = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        if let Some(fact) = line.strip_prefix("  ") {
            facts.push(format!("{heading}: {fact}"));
        } else {
            line.clone_into(&mut heading);
            facts.push(line.to_owned());
        }
    }
    facts
}

/// What is in the first and not in the second, then what is in the second only.
#[track_caller]
fn assert_differ(before: &Manifest, after: &Manifest, gone: &[&str], new: &[&str]) {
    let (before, after) = (facts(before), facts(after));
    let missing = |from: &[String], of: &[String]| -> Vec<String> {
        of.iter().filter(|fact| !from.contains(fact)).cloned().collect()
    };
    assert_eq!((missing(&after, &before), missing(&before, &after)), (owned(gone), owned(new)));
}

fn owned(facts: &[&str]) -> Vec<String> {
    facts.iter().map(|fact| (*fact).to_owned()).collect()
}

#[test]
fn the_same_declaration_has_the_same_manifest() {
    assert_eq!(manifest!().to_string(), manifest!().to_string());
    assert_eq!(manifest!().to_string().matches("grant ").count(), 3);
}

#[test]
fn keys_of_the_server() {
    let plain = manifest!();
    let subjects = ["server: subjects always active: nobody is asked"];
    assert_differ(
        &plain,
        &manifest!(subjects = employed),
        &subjects,
        &["server: subjects asked before every token"],
    );
    assert_differ(&plain, &manifest!(purge = off), &["server: purge on"], &["server: purge off"]);
    assert_differ(
        &plain,
        &manifest!(schema = external),
        &["server: schema managed"],
        &["server: schema external"],
    );
    let own = ["server: tokens of generators of the application"];
    assert_differ(&plain, &manifest!(tokens(default = Labelled)), &["server: tokens opaque"], &own);
    assert_differ(
        &plain,
        &manifest!(profile = "rfc6749"),
        &["server: profile oauth2.1"],
        &["server: profile rfc6749"],
    );
    // Written over two lines, it is still one fact.
    assert_differ(
        &plain,
        &manifest!(allow(pkce, reason = "scanners that are\n older than RFC 7636")),
        &[],
        &["server: allow pkce because scanners that are older than RFC 7636"],
    );
    assert_differ(
        &plain,
        &manifest!(extensions(Watch)),
        &[
            "grant authorization_code: extensions -",
            "grant refresh_token: extensions -",
            "grant client_credentials: extensions -",
        ],
        &[
            "grant authorization_code: extensions Watch",
            "grant refresh_token: extensions Watch",
            "grant client_credentials: extensions Watch",
        ],
    );
}

// Each differs from one above in one key.

#[grant(client_credentials, access_token_ttl = 10m)]
struct Brief;

#[grant(client_credentials, scopes(Access::Read))]
struct Reader;

#[grant(client_credentials, default_scopes(Access::Read, Access::Write))]
struct Modest;

#[grant(client_credentials, extensions(Watch))]
struct Watched;

#[grant(authorization_code, code_ttl = 30s, refresh_token)]
struct Hasty;

#[grant(refresh_token, ttl = 7d)]
struct Weekly;

#[grant(refresh_token, rotate = false)]
struct Kept;

#[grant(authorization_code, pkce = false, refresh_token)]
struct Lax;

#[test]
fn keys_of_grants() {
    let plain = manifest!();
    assert_differ(
        &plain,
        &manifest!([SignIn, Renewal, Brief]),
        &["grant client_credentials: access_token_ttl 3600 s"],
        &["grant client_credentials: access_token_ttl 600 s"],
    );
    assert_differ(
        &plain,
        &manifest!([SignIn, Renewal, Reader]),
        &["grant client_credentials: scopes all"],
        &["grant client_credentials: scopes read"],
    );
    assert_differ(
        &plain,
        &manifest!([SignIn, Renewal, Modest]),
        &["grant client_credentials: default_scopes all that the client may have"],
        &["grant client_credentials: default_scopes read, write"],
    );
    assert_differ(
        &plain,
        &manifest!([SignIn, Renewal, Watched]),
        &["grant client_credentials: extensions -"],
        &["grant client_credentials: extensions Watch"],
    );
    assert_differ(
        &plain,
        &manifest!([Hasty, Renewal, Machine]),
        &["grant authorization_code: code_ttl 60 s"],
        &["grant authorization_code: code_ttl 30 s"],
    );
    assert_differ(
        &plain,
        &manifest!([SignIn, Weekly, Machine]),
        &["grant refresh_token: refresh_token_ttl 2592000 s"],
        &["grant refresh_token: refresh_token_ttl 604800 s"],
    );
    assert_differ(
        &plain,
        &manifest!([SignIn, Kept, Machine]),
        &["grant refresh_token: rotates_refresh_tokens yes"],
        &["grant refresh_token: rotates_refresh_tokens no"],
    );
    let relaxed = manifest!([Lax, Renewal, Machine] allow(pkce, reason = "old"));
    assert_differ(
        &manifest!(allow(pkce, reason = "old")),
        &relaxed,
        &["grant authorization_code: requires_pkce yes"],
        &["grant authorization_code: requires_pkce no"],
    );
}

#[test]
fn keys_of_endpoints() {
    let plain = manifest!(endpoints(revocation));
    assert_differ(
        &plain,
        &manifest!(endpoints(revocation(path = "/revoke"))),
        &["endpoint revocation: path /oauth/revoke"],
        &["endpoint revocation: path /revoke"],
    );
    assert_differ(
        &plain,
        &manifest!(endpoints(revocation(client_auth(none, client_secret_post)))),
        &["endpoint revocation: client_auth client_secret_basic"],
        &["endpoint revocation: client_auth none, client_secret_post"],
    );
    assert_differ(
        &plain,
        &manifest!(endpoints(revocation(layer = tower::limit::GlobalConcurrencyLimitLayer::new(64)))),
        &["endpoint revocation: layer no"],
        &["endpoint revocation: layer yes"],
    );
    assert_differ(
        &plain,
        &manifest!(endpoints(revocation(cascade = Cascade::Token))),
        &["endpoint revocation: answered_by RevocationEndpoint"],
        &["endpoint revocation: answered_by RevocationEndpoint<TokenAlone>"],
    );
    // An entry that is there for its keys only does not move the endpoint.
    let moved = manifest!(endpoints(revocation, token(path = "/token")));
    assert_differ(&plain, &moved, &["endpoint token: path /oauth/token"], &["endpoint token: path /token"]);
    let (before, after) = (facts(&plain), facts(&moved));
    assert_eq!(before.iter().zip(&after).filter(|(before, after)| before != after).count(), 1);
}

#[test]
fn columns() {
    assert_differ(
        &manifest!(models(client = App)),
        &manifest!(models(client = AppWithOptionalTeam)),
        &["table app: team TEXT NOT NULL, own"],
        &["table app: team TEXT NULL, own"],
    );
}

/// The pages are the application's, and so is the route of the endpoint.
#[test]
fn own_pages() {
    #[oauth2_server(
        issuer = "https://id.example",
        scopes = Access,
        grants(SignIn, Renewal, Machine),
        client_auth(client_secret_basic),
        sign_in = own_pages
    )]
    struct Auth {
        #[oauth2(store)]
        db: SqlStore<Sqlite>,
    }
    let gone = facts(&manifest!());
    let gone: Vec<_> = gone
        .iter()
        .map(String::as_str)
        .filter(|fact| {
            fact.starts_with("endpoint consent")
                || fact.starts_with("endpoint sign_in")
                || fact.starts_with("server: session ")
                || *fact == "server: sign_in password"
                || *fact == "endpoint authorization: answered_by AuthorizationEndpoint"
        })
        .collect();
    assert_eq!(gone.len(), 17, "{gone:?}");
    assert_differ(
        &manifest!(),
        &Auth::MANIFEST,
        &gone,
        &["server: sign_in own_pages", "endpoint authorization: answered_by the application"],
    );
}
