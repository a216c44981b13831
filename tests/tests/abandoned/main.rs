//! F05: a command whose caller goes away, at every step of it, has happened or not: nothing half, and the next one works.

mod issue;

use std::future::{Future, poll_fn};
use std::ops::Range;
use std::task::Poll;

use oauth2_runtime::model::{Consent, NewCode, NewToken, OAuth2Code, OAuth2Token, Session};
use oauth2_runtime::models::Token;
use oauth2_runtime::prelude::*;
use oauth2_runtime::store::{Agreed, Authorization, CodeRedemption, Issuance, Redemption, Rotation, Store};
use oauth2_runtime::time::Clock;
use oauth2_runtime::types::SessionId;
use oauth2_tests::clock::{START, SteppingClock};
use oauth2_tests::portal::{Portal, PortalCode, WEB_CALLBACK, client, ready};
use oauth2_tests::provider::Access;
use oauth2_tests::running::Database;
use oauth2_tests::storm::{artefact, codes, refresh_tokens};

/// How often each command is given up at each of its steps: where they are is up to the database's thread.
const SWEEPS: usize = 4;
const MOST_SWEEPS: usize = 200;

/// When a caller goes away.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// Right after the last step it takes, while the database works.
    AtOnce,
    /// When the database has answered, which nobody hears.
    WhenAnswered,
}

/// How many steps a caller waits for.
#[derive(Debug, Clone, Copy)]
struct Patience {
    steps: usize,
    moment: Moment,
}

impl Patience {
    /// What `command` answers, unless it takes too long and is dropped.
    async fn with<T>(self, command: impl Future<Output = T>) -> Option<T> {
        let mut command = Box::pin(command);
        let mut steps = 0;
        let answer = poll_fn(|context| {
            if steps == self.steps {
                return Poll::Ready(None);
            }
            steps += 1;
            match command.as_mut().poll(context) {
                Poll::Ready(answer) => Poll::Ready(Some(answer)),
                Poll::Pending if steps == self.steps && matches!(self.moment, Moment::AtOnce) => {
                    Poll::Ready(None)
                }
                Poll::Pending => Poll::Pending,
            }
        });
        let answer = answer.await;
        drop(command);
        answer
    }
}

/// Tries a command with ever more patience until it completes, over and over. Each try has a number of its own, and says
/// whether it completed. The command waits for the database at least once for each of its `statements`, those that begin and
/// end the transaction included, unless an answer is there before it is asked for: then there is another sweep.
async fn at_every_step(statements: usize, attempt: impl AsyncFn(Patience, usize) -> bool) {
    let (mut number, mut most, mut sweeps) = (0, 0, 0);
    while sweeps < SWEEPS || most <= statements {
        assert!(sweeps < MOST_SWEEPS, "it was not given up at each of its statements: {most} steps");
        for moment in [Moment::AtOnce, Moment::WhenAnswered] {
            let mut steps = 0;
            while !attempt(Patience { steps, moment }, number).await {
                steps += 1;
                number += 1;
                assert!(steps < 100, "it never completes");
            }
            most = steps.max(most);
            number += 1;
        }
        sweeps += 1;
    }
}

struct Bench {
    database: Database,
    portal: Ready<Portal>,
    now: Timestamp,
}

impl Bench {
    async fn start() -> Self {
        let (database, clock) = (Database::default(), SteppingClock::default());
        let portal = ready(&database, &clock, "http://127.0.0.1").await;
        portal.clients().ensure(client("web", &[WEB_CALLBACK])).await.unwrap();
        Self { database, portal, now: clock.now() }
    }

    fn store(&self) -> &SqlStore<Sqlite> {
        &self.portal.db
    }

    /// Two counts at one moment, as the tens and the ones.
    async fn counts(&self, tens: &str, ones: &str) -> i64 {
        let count = |rows: &str| format!("(SELECT COUNT(*) FROM {rows})");
        self.database.number(&format!("SELECT {} * 10 + {}", count(tens), count(ones))).await
    }

    async fn code(&self, number: usize) -> Digest<AuthorizationCode> {
        codes(self.store(), one(number), self.now).await;
        artefact(number).1
    }
}

const fn one(number: usize) -> Range<usize> {
    number..number + 1
}

/// Two rows, as a narrowed refresh has.
fn rows(grant_id: &str, number: usize) -> [Token<Access>; 2] {
    [2 * number, 2 * number + 1].map(|number| {
        Token::issued(NewToken {
            access_token: artefact(1_000_000 + number).1,
            refresh_token: None,
            grant_id: grant_id.into(),
            client_id: "web".into(),
            subject: Some("u".into()),
            scope: ScopeSet::all(),
            issued_at: Timestamp::from_unix_seconds(START),
            expires_at: Timestamp::from_unix_seconds(START + 600),
        })
    })
}

async fn is_stored(bench: &Bench, number: usize) -> bool {
    let row = Store::<Portal>::access_token(bench.store(), &artefact(1_000_000 + 2 * number).1).await;
    row.unwrap().is_some()
}

/// What a later caller is told fits what is there: the rows of exactly one of the two.
async fn assert_one_of(bench: &Bench, later: &Redemption, first: usize, second: usize) {
    let won = match later {
        Redemption::Consumed => [false, true],
        Redemption::AlreadyConsumed { at, .. } if *at == bench.now => [true, false],
        _ => panic!("{later:?}"),
    };
    assert_eq!([is_stored(bench, first).await, is_stored(bench, second).await], won, "{later:?}");
}

#[tokio::test]
async fn redeem_code() {
    let bench = Bench::start().await;
    at_every_step(4, async |patience, number| {
        let (code, grant_id) = (bench.code(number).await, format!("g-code-{number}"));
        let redeem = async |number| {
            let (client_id, tokens) = ("web".into(), rows(&grant_id, number));
            let redemption = CodeRedemption { code, client_id: &client_id, at: bench.now, tokens: &tokens };
            Store::<Portal>::redeem_code(bench.store(), redemption).await.unwrap()
        };
        let first = patience.with(redeem(2 * number)).await;
        let used = format!("portal_code WHERE grant_id = '{grant_id}' AND consumed_at IS NOT NULL");
        let tokens = format!("oauth2_token WHERE grant_id = '{grant_id}'");
        let whole = bench.counts(&used, &tokens).await;
        assert!([0, 12].contains(&whole), "{patience:?}: {whole}");
        let later = redeem(2 * number + 1).await;
        assert_one_of(&bench, &later, 2 * number, 2 * number + 1).await;
        assert_eq!(bench.counts(&used, &tokens).await, 12, "{patience:?}");
        assert!(first.as_ref().is_none_or(|first| *first == Redemption::Consumed && later != *first));
        first.is_some()
    })
    .await;
}

#[tokio::test]
async fn rotate() {
    let bench = Bench::start().await;
    at_every_step(4, async |patience, number| {
        refresh_tokens(bench.store(), one(number), bench.now).await;
        let grant_id = format!("g-{number}");
        let rotate = async |successor| {
            let (client_id, successors) = ("web".into(), rows(&grant_id, successor));
            let rotation = Rotation {
                refresh_token: artefact(number).1,
                client_id: &client_id,
                at: bench.now,
                issued_after: Timestamp::from_unix_seconds(START - 1),
                successors: &successors,
            };
            Store::<Portal>::rotate(bench.store(), rotation).await.unwrap()
        };
        let first = patience.with(rotate(2 * number)).await;
        let used = format!("oauth2_token WHERE grant_id = '{grant_id}' AND revoked_at IS NOT NULL");
        let live = format!("oauth2_token WHERE grant_id = '{grant_id}' AND revoked_at IS NULL");
        let whole = bench.counts(&used, &live).await;
        assert!([1, 12].contains(&whole), "{patience:?}: {whole}");
        let later = rotate(2 * number + 1).await;
        assert_one_of(&bench, &later, 2 * number, 2 * number + 1).await;
        assert_eq!(bench.counts(&used, &live).await, 12, "{patience:?}");
        assert!(first.as_ref().is_none_or(|first| *first == Redemption::Consumed && later != *first));
        first.is_some()
    })
    .await;
}

/// No row.
const NONE: &str = "(SELECT 1 WHERE 0)";

fn consent(client_id: &str, number: usize) -> Consent<Access> {
    Consent {
        subject: format!("u-{number}").into(),
        client_id: client_id.into(),
        scope: ScopeSet::all(),
        granted_at: Timestamp::from_unix_seconds(START),
    }
}

/// A consent of the person `u-` and this number, and a code with it.
async fn agree(bench: &Bench, client_id: &str, number: usize) -> bool {
    let consent = consent(client_id, number);
    let code = PortalCode::issued(NewCode {
        code: artefact(number).1,
        grant_id: format!("g-{number}").into(),
        client_id: consent.client_id.clone(),
        subject: consent.subject.clone(),
        scope: ScopeSet::all(),
        redirect_uri: None,
        code_challenge: None,
        expires_at: Timestamp::from_unix_seconds(START + 60),
    });
    let authorization = Authorization { code: &code, agreed: Agreed::Now(&consent) };
    Store::<Portal>::authorize(bench.store(), authorization).await.unwrap()
}

#[tokio::test]
async fn authorize() {
    let bench = Bench::start().await;
    at_every_step(4, async |patience, number| {
        let number = 2 * number;
        let first = patience.with(agree(&bench, "web", number)).await;
        let code = format!("portal_code WHERE grant_id = 'g-{number}'");
        let consent = format!("oauth2_consent WHERE subject = 'u-{number}'");
        let whole = bench.counts(&code, &consent).await;
        assert!([0, 11].contains(&whole), "{patience:?}: {whole}");
        assert!(agree(&bench, "web", number + 1).await);
        let settled = bench.counts(&code, &consent).await;
        assert!(settled == 11 || (settled, whole, first) == (0, 0, None), "{patience:?}: {settled}");
        first.is_some()
    })
    .await;
}

#[tokio::test]
async fn withdraw_consent() {
    let bench = Bench::start().await;
    at_every_step(5, async |patience, number| {
        agree(&bench, "web", number).await;
        refresh_tokens(bench.store(), one(number), bench.now).await;
        let (subject, client_id) = (format!("u-{number}").into(), "web".into());
        let withdraw =
            async || Store::<Portal>::withdraw_consent(bench.store(), &subject, &client_id, bench.now).await.unwrap();
        let first = patience.with(withdraw()).await;
        let rest = format!(
            "(SELECT subject FROM portal_code UNION ALL SELECT subject FROM oauth2_consent \
             UNION ALL SELECT subject FROM oauth2_token WHERE revoked_at IS NULL) WHERE subject = 'u-{number}'"
        );
        let whole = bench.counts(NONE, &rest).await;
        assert!([0, 3].contains(&whole), "{patience:?}: {whole}");
        let later = withdraw().await;
        assert!(matches!((first, later), (None | Some(1), 0) | (None, 1)), "{first:?} {later}");
        assert_eq!(bench.counts(NONE, &rest).await, 0);
        first.is_some()
    })
    .await;
}

#[tokio::test]
async fn delete_client() {
    let bench = Bench::start().await;
    at_every_step(6, async |patience, number| {
        let id = format!("client-{number}");
        bench.portal.clients().register(client(&id, &[WEB_CALLBACK])).await.unwrap();
        assert!(agree(&bench, &id, number).await);
        let [row, _] = rows("g", number);
        let row = Token { client_id: id.as_str().into(), ..row };
        assert!(Store::<Portal>::issue(bench.store(), Issuance::of(&[row])).await.unwrap());
        let delete =
            async || Store::<Portal>::delete_client(bench.store(), &id.as_str().into(), bench.now).await.unwrap();
        let first = patience.with(delete()).await;
        let rest = format!(
            "(SELECT client_id FROM portal_code UNION ALL SELECT client_id FROM oauth2_consent UNION ALL \
             SELECT client_id FROM oauth2_client UNION ALL SELECT client_id FROM oauth2_token WHERE revoked_at IS NULL) \
             WHERE client_id = '{id}'"
        );
        let whole = bench.counts(NONE, &rest).await;
        assert!([0, 4].contains(&whole), "{patience:?}: {whole}");
        let later = delete().await;
        assert!(matches!((first, later), (None | Some(Some(1)), None) | (None, Some(1))), "{first:?} {later:?}");
        assert_eq!(bench.counts(NONE, &rest).await, 0);
        first.is_some()
    })
    .await;
}

#[tokio::test]
async fn start_session() {
    let bench = Bench::start().await;
    let start = async |number: usize, previous: Option<usize>| {
        let session = Session {
            session: artefact::<SessionId>(number).1,
            subject: format!("u-{number}").into(),
            username: "somebody".to_owned(),
            signed_in_at: bench.now,
            expires_at: bench.now,
        };
        let previous = previous.map(|number| artefact(number).1);
        Store::<Portal>::start_session(bench.store(), &session, previous.as_ref()).await.unwrap();
    };
    at_every_step(4, async |patience, number| {
        let [before, next, later] = [3 * number, 3 * number + 1, 3 * number + 2];
        start(before, None).await;
        let first = patience.with(start(next, Some(before))).await;
        let of = |number| format!("oauth2_session WHERE subject = 'u-{number}'");
        let whole = bench.counts(&of(before), &of(next)).await;
        assert!([10, 1].contains(&whole), "{patience:?}: {whole}");
        start(later, Some(next)).await;
        let settled = bench.counts(&of(before), &of(next)).await;
        assert!(settled == 0 || (settled, whole, first) == (10, 10, None), "{patience:?}: {settled}");
        assert_eq!(bench.counts(NONE, &of(later)).await, 1);
        first.is_some()
    })
    .await;
}
