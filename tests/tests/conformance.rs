//! What every store promises: kept by the one that is shipped, and by no store that is wrong.

use std::str::FromStr;

use oauth2_runtime::model::{Extent, Models};
use oauth2_runtime::models::{Client, Code, Token};
use oauth2_runtime::prelude::*;
use oauth2_runtime::store::Store;
use oauth2_runtime::testing::{Report, conformance};
use oauth2_tests::portal::Portal;
use oauth2_tests::provider::{Access, Auth, app};
use oauth2_tests::running::Database;
use oauth2_tests::wrong_store::{Fault, WrongStore};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

/// The shipped models.
struct Shipped;

impl Models for Shipped {
    type Scopes = Access;
    type Client = Client<Access>;
    type Token = Token<Access>;
    type Code = Code<Access>;
    const EXTENT: Extent = Extent::SignIn;
}

/// The least that a token needs.
#[derive(Debug, OAuth2Token)]
struct AccessOnly {
    access_token: Digest<AccessToken>,
    client_id: ClientId,
    subject: Option<Subject>,
    scope: ScopeSet<Access>,
    issued_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
}

/// A server of machines only.
struct Machines;

impl Models for Machines {
    type Scopes = Access;
    type Client = Client<Access>;
    type Token = AccessOnly;
    type Code = Code<Access>;
    const EXTENT: Extent = Extent::Tokens;
}

fn public(client_id: &str) -> Client<Access> {
    Client::new(client_id, ScopeSet::all())
}

/// Every other one has a secret.
fn confidential(client_id: &str) -> Client<Access> {
    let secret = ClientSecret::generate().unwrap().hash();
    Client {
        client_secret: client_id.ends_with(['0', '2', '4', '6', '8']).then_some(secret),
        ..public(client_id)
    }
}

async fn sql<M: Models>(client: impl Fn(&str) -> M::Client + Sync) -> Report
where
    SqlStore<Sqlite>: Store<M>,
{
    let database = Database::default();
    let handles = [database.store().await, database.store().await];
    conformance::<M, _>(handles.each_ref(), client).await
}

#[tokio::test]
async fn sqlite_keeps_all_promises_with_the_shipped_models() {
    for report in [sql::<Shipped>(public).await, sql::<Shipped>(confidential).await] {
        assert_eq!(report.broken(), []);
        assert_eq!(report.kept().len(), 54, "{:#?}", report.kept());
    }
}

#[tokio::test]
async fn sqlite_keeps_all_promises_with_models_of_ones_own() {
    let portal = sql::<Portal>(confidential).await;
    assert_eq!((portal.broken(), portal.kept().len()), (&[][..], 54));
    let auth = sql::<Auth>(app).await;
    assert_eq!((auth.broken(), auth.kept().len()), (&[][..], 29));
    let machines = sql::<Machines>(public).await;
    assert_eq!((machines.broken(), machines.kept().len()), (&[][..], 16));
}

/// In memory, and with a pool of the application, one connection is all there is.
#[tokio::test]
async fn sqlite_keeps_all_promises_with_one_connection() {
    let only = SqlStore::<Sqlite>::open("sqlite::memory:").await.unwrap();
    let report = conformance::<Portal, _>([&only, &only], public).await;
    assert_eq!((report.broken(), report.kept().len()), (&[][..], 54));
}

/// The application's own pool.
async fn pool(database: &Database) -> SqlitePool {
    let options = SqliteConnectOptions::from_str(&database.url()).unwrap().create_if_missing(true);
    let options = options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
    SqlitePoolOptions::new().max_connections(4).connect_with(options).await.unwrap()
}

/// The promises that a store with this fault breaks.
async fn broken(fault: Fault) -> Vec<&'static str> {
    let database = Database::default();
    let handles = [pool(&database).await, pool(&database).await];
    let handles = handles.map(|pool| WrongStore::new(SqlStore::from_pool(pool), fault));
    let report = conformance::<Portal, _>(handles.each_ref(), public).await;
    for violation in report.broken() {
        let line = violation.to_string();
        assert!(line.starts_with(&format!("{}: ", violation.promise)) && !line.contains('\n'), "{line}");
    }
    report.broken().iter().map(|violation| violation.promise).collect()
}

/// A store with the fault breaks these promises, always, and besides them at most those it `also` may: some only if a race goes
/// wrong for it, some since something else went wrong before.
macro_rules! breaks {
    ($($name:ident: $fault:ident => [$($promise:literal,)+] $(also [$($also:literal,)+])?;)*) => {
        $(#[tokio::test]
        async fn $name() {
            let (broken, always) = (broken(Fault::$fault).await, [$($promise),+]);
            for promise in always {
                assert!(broken.contains(&promise), "{promise}: {broken:#?}");
            }
            let known = [&always[..], &[$($($also),+)?]].concat();
            assert!(broken.iter().all(|promise| known.contains(promise)), "{broken:#?}");
        })*

        /// What is broken by one of them, always.
        const BROKEN: &[&str] = &[$($($promise),+),*];
    };
}

/// A promise that no wrong store breaks might as well be an empty one.
#[tokio::test]
async fn every_promise_is_broken_by_a_wrong_store() {
    let report = sql::<Portal>(public).await;
    let unbroken: Vec<_> = report.kept().iter().filter(|promise| !BROKEN.contains(promise)).collect();
    assert_eq!(unbroken, Vec::<&&str>::new());
    let unknown: Vec<_> = BROKEN.iter().filter(|promise| !report.kept().contains(promise)).collect();
    assert_eq!(unknown, Vec::<&&str>::new());
}

#[tokio::test]
async fn the_wrapper_itself_breaks_none() {
    assert_eq!(broken(Fault::None).await, Vec::<&str>::new());
}

breaks! {
    codes_are_read_first: ReadsCodesFirst => [
        "of concurrent uses of a code exactly one succeeds",
    ] also [
        "a code whose token cannot be stored is not used",
        "a code's tokens do not outlive a withdrawn consent",
        "a code's tokens do not outlive their client",
    ];
    refresh_tokens_are_read_first: ReadsRefreshTokensFirst => [
        "of concurrent uses of a refresh token exactly one succeeds",
    ] also [
        "a refresh token whose successor cannot be stored is not used",
        "a rotation does not outlive the end of its authorization",
    ];
    the_client_of_codes_is_forgotten: ForgetsTheClientOfCodes => [
        "another client's use of a code is none",
    ];
    the_client_of_refresh_tokens_is_forgotten: ForgetsTheClientOfRefreshTokens => [
        "another client's use of a refresh token is none",
    ];
    codes_live_a_second_longer: LetsCodesLiveASecondLonger => [
        "a code ends at exactly its `expires_at`",
    ] also [
        "of concurrent uses of a code exactly one succeeds",
        "a used code says when, and whose it was",
    ];
    refresh_tokens_live_a_second_longer: LetsRefreshTokensLiveASecondLonger => [
        "a refresh token ends at exactly its lifetime",
    ];
    codes_are_used_by_themselves: UsesCodesByThemselves => [
        "a code whose token cannot be stored is not used",
    ] also [
        "a code's tokens do not outlive a withdrawn consent",
    ];
    refresh_tokens_are_used_by_themselves: UsesRefreshTokensByThemselves => [
        "a refresh token whose successor cannot be stored is not used",
    ] also [
        "a rotation does not outlive the end of its authorization",
        "of concurrent uses of a refresh token exactly one succeeds",
    ];
    used_codes_are_forgotten: ForgetsUsedCodes => [
        "a used code says when, and whose it was",
    ] also [
        "of concurrent uses of a code exactly one succeeds",
    ];
    kept_refresh_tokens_are_ignored: IgnoresKeptRefreshTokens => [
        "a kept refresh token issues while it is live",
    ] also [
        "a kept refresh token issues nothing that outlives it",
    ];
    successors_are_ignored: IgnoresSuccessors => [
        "an authorization ends if the successor was used as well",
    ];
    anybody_ends_access_tokens: EndsForAnybody => [
        "an access token is ended by its own client, once, and nothing else with it",
    ];
    refresh_tokens_end_too: EndsRefreshTokensToo => [
        "an ended access token leaves its refresh token",
    ] also [
        "an access token is ended by its own client, once, and nothing else with it",
    ];
    nothing_is_revoked: RevokesNothing => [
        "an authorization is revoked as a whole, and nothing else",
        "a rotation does not outlive the end of its authorization",
        "a kept refresh token issues nothing that outlives it",
    ] also [
        "a kept refresh token issues while it is live",
    ];
    every_insert_is_claimed: ClaimsEveryInsert => [
        "of concurrent inserts of a client exactly one succeeds",
    ];
    pages_overlap: ListsTheLastAgain => [
        "clients are listed in the order of their identifiers, each once",
    ] also [
        "a check before a start is told of the same clients",
    ];
    pages_are_not_turned: ChecksTheFirstPageAgain => [
        "a check before a start is told of the same clients",
    ];
    rows_are_issued_one_by_one: IssuesRowByRow => [
        "all rows of a token are issued or none",
    ];
    secrets_are_read_first: ReadsSecretsFirst => [
        "of concurrent changes of a secret exactly one succeeds",
    ];
    secrets_are_always_replaced: ReplacesSecrets => [
        "a client's secret is replaced only if told",
    ];
    consents_are_forgotten: ForgetsConsents => [
        "a consent is stored with its code and replaces the one before",
        "concurrent consents are one in the end, with all their codes",
    ] also [
        "a withdrawn consent ends the codes and tokens that came from it",
        "a withdrawn consent is only this person's for this client",
        "deleting a client forgets what people agreed to for it",
        "no code is stored when the consent it rests on was withdrawn",
        "no token is stored when the consent it rests on was withdrawn",
    ];
    consents_are_a_second_step: AgreesInTwoSteps => [
        "a consent and its code are stored both or not at all",
    ];
    consents_come_before_their_token: AgreesBeforeItIssues => [
        "a consent and its token are stored both or not at all",
    ];
    consents_of_tokens_are_ignored: IgnoresConsentsOfTokens => [
        "no token is stored when the consent it rests on was withdrawn",
    ];
    only_consents_are_withdrawn: WithdrawsConsentsOnly => [
        "a withdrawn consent ends the codes and tokens that came from it",
        "a code's tokens do not outlive a withdrawn consent",
    ] also [
        "no token is stored when the consent it rests on was withdrawn",
    ];
    sessions_start_in_two_steps: StartsSessionsInTwoSteps => [
        "a session that cannot be stored leaves the previous one",
    ];
    previous_sessions_stay: KeepsPreviousSessions => [
        "a new session replaces the browser's previous one",
        "concurrent sign-ins in one browser all succeed",
    ];
    no_session_ends: EndsNoSessions => [
        "a person's sessions end together, and nobody else's",
    ];
    used_refresh_tokens_are_purged: PurgesUsedRefreshTokens => [
        "refresh tokens are purged at exactly their end, used or not",
        "a refresh token that was purged around is as good as before",
    ];
    the_purge_is_too_early: PurgesTooEarly => [
        "access tokens are purged at exactly their end",
        "refresh tokens are purged at exactly their end, used or not",
        "sessions are purged at exactly their end",
    ];
    codes_are_purged_at_their_end: PurgesCodesThatAreRemembered => [
        "codes are purged at exactly the end of their memory, used or not",
    ];
    the_limit_is_ignored: IgnoresTheLimit => [
        "no more rows are purged at once than told",
    ];
    tables_are_prepared_once: PreparesOnce => [
        "the tables can be prepared again",
    ];
    clients_are_found_in_any_case: FindsClientsInAnyCase => [
        "a client is found by its exact identifier only",
    ];
    secrets_are_set_anyway: SetsSecretsAnyway => [
        "a secret is set only in place of the one that was read",
        "of concurrent changes of a secret exactly one succeeds",
    ];
    used_refresh_tokens_are_forgotten: ForgetsUsedRefreshTokens => [
        "a used refresh token says when, and whose it was",
    ] also [
        "of concurrent uses of a refresh token exactly one succeeds",
        "a refresh token that was purged around is as good as before",
    ];
    tokens_are_narrowed: NarrowsTokens => [
        "a token is issued as it was made",
    ];
    redirect_uris_are_forgotten: ForgetsRedirectUris => [
        "a code is stored as it was made",
    ];
    tokens_are_issued_to_anybody: IssuesToAnybody => [
        "no token is issued for a client that does not exist",
    ] also [
        "a consent and its token are stored both or not at all",
        "nothing outlives the deletion of its client",
    ];
    anybody_is_authorized: AuthorizesAnybody => [
        "no code and no consent are stored for a client that does not exist",
    ];
    only_clients_are_deleted: DeletesClientsOnly => [
        "deleting a client revokes its tokens and no others",
        "deleting a client ends its codes and no others",
        "deleting a client forgets what people agreed to for it",
    ] also [
        "nothing outlives the deletion of its client",
        "a code's tokens do not outlive their client",
    ];
    deletions_are_forgotten: ForgetsDeletions => [
        "nothing outlives the deletion of its client",
        "a code's tokens do not outlive their client",
    ] also [
        "no token is issued for a client that does not exist",
        "deleting a client revokes its tokens and no others",
        "deleting a client ends its codes and no others",
        "deleting a client forgets what people agreed to for it",
    ];
    consents_of_codes_are_ignored: IgnoresConsentsOfCodes => [
        "no code is stored when the consent it rests on was withdrawn",
    ] also [
        "no code and no consent are stored for a client that does not exist",
    ];
    consents_of_everybody_are_withdrawn: WithdrawsForEverybody => [
        "a withdrawn consent is only this person's for this client",
    ];
}
