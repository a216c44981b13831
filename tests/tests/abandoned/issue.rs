//! Storing issued tokens.

use oauth2_runtime::models::Token;
use oauth2_runtime::store::{Agreed, Issuance, Store};
use oauth2_tests::portal::Portal;
use oauth2_tests::provider::Access;
use oauth2_tests::storm::{artefact, refresh_tokens};

use crate::{Bench, NONE, Patience, agree, at_every_step, consent, one, rows};

/// Issues rows, and after that others. Either all of the first and what comes with them are there, as `tens` and `ones` count
/// them, or none.
async fn issue_at_every_step(
    bench: &Bench,
    patience: Patience,
    issuances: [Issuance<'_, Token<Access>>; 2],
    (tens, ones, whole): (&str, &str, i64),
) -> bool {
    let issue = async |issuance| Store::<Portal>::issue(bench.store(), issuance).await.unwrap();
    let [first, later] = issuances;
    let first = patience.with(issue(first)).await;
    assert_ne!(first, Some(false));
    let seen = bench.counts(tens, ones).await;
    assert!([0, whole].contains(&seen), "{patience:?}: {seen}");
    assert!(issue(later).await);
    let settled = bench.counts(tens, ones).await;
    assert!(settled == whole || (settled, seen, first) == (0, 0, None), "{patience:?}: {settled}");
    first.is_some()
}

/// More rows than are inserted at once, so that there is a step between them.
#[tokio::test]
async fn issue() {
    let bench = Bench::start().await;
    at_every_step(4, async |patience, number| {
        let grant_id = format!("g-{number}");
        let [[first, second], [third, later]] =
            [(&*grant_id, 0), (&*grant_id, 1)].map(|(grant_id, half)| rows(grant_id, 2 * number + half));
        let (rows, later) = ([first, second, third], [Token { grant_id: "g".into(), ..later }]);
        let tokens = format!("oauth2_token WHERE grant_id = '{grant_id}'");
        let issuances = [Issuance::of(&rows), Issuance::of(&later)];
        issue_at_every_step(&bench, patience, issuances, (NONE, &tokens, 3)).await
    })
    .await;
}

#[tokio::test]
async fn issue_for_a_refresh_token_that_is_kept() {
    let bench = Bench::start().await;
    refresh_tokens(bench.store(), one(0), bench.now).await;
    at_every_step(3, async |patience, number| {
        let grant_id = format!("kept-{number}");
        let (first, later) = (rows(&grant_id, 2 * number), rows("later", 2 * number + 1));
        let tokens = format!("oauth2_token WHERE grant_id = '{grant_id}'");
        let issuances =
            [&first, &later].map(|rows| Issuance { kept: Some(artefact(0).1), ..Issuance::of(rows) });
        issue_at_every_step(&bench, patience, issuances, (NONE, &tokens, 2)).await
    })
    .await;
    let rows = rows("unknown", 1_000_000);
    let unknown = Issuance { kept: Some(artefact(1).1), ..Issuance::of(&rows) };
    assert!(!Store::<Portal>::issue(bench.store(), unknown).await.unwrap());
    assert_eq!(bench.counts(NONE, "oauth2_token WHERE grant_id = 'unknown'").await, 0);
}

#[tokio::test]
async fn issue_with_a_consent() {
    let bench = Bench::start().await;
    at_every_step(4, async |patience, number| {
        let grant_id = format!("g-{number}");
        let (first, later) = (rows(&grant_id, 2 * number), rows("later", 2 * number + 1));
        let (agreed, agreed_later) = (consent("web", 2 * number), consent("web", 2 * number + 1));
        let consents = format!("oauth2_consent WHERE subject = 'u-{}'", 2 * number);
        let tokens = format!("oauth2_token WHERE grant_id = '{grant_id}'");
        let issuances = [(&first, &agreed), (&later, &agreed_later)]
            .map(|(rows, consent)| Issuance { agreed: Agreed::Now(consent), ..Issuance::of(rows) });
        issue_at_every_step(&bench, patience, issuances, (&consents, &tokens, 12)).await
    })
    .await;
    // Two rows that rest on one: it must be that of their person.
    for (number, agreed) in [(1_000_000, false), (1_000_001, true)] {
        let rows =
            rows("before", number).map(|row| Token { subject: Some(format!("u-{number}").into()), ..row });
        if agreed {
            assert!(agree(&bench, "web", number).await);
        }
        let before = Issuance { agreed: Agreed::Before, ..Issuance::of(&rows) };
        assert_eq!(Store::<Portal>::issue(bench.store(), before).await.unwrap(), agreed);
        assert_eq!(
            bench.counts(NONE, "oauth2_token WHERE grant_id = 'before'").await,
            if agreed { 2 } else { 0 }
        );
    }
}
