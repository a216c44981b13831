//! S74: nothing of one person's sign-in gets into another's, however their requests mix.

use std::sync::Arc;

use oauth2_tests::http::{Request, Response};
use oauth2_tests::portal::{RunningPortal, WEB_CALLBACK, parameters, redemption, request, value};
use oauth2_tests::running::Tokens;

const FLOWS: usize = 1_000;
const TASKS: usize = 8;

fn location(answer: &Response) -> String {
    assert_eq!(answer.status, 303, "{answer:?}");
    answer.header("location").unwrap().to_owned()
}

/// The code that `name` gets in a browser nobody has used yet: sent to sign in, back, and on to the page that asks.
async fn code(running: &RunningPortal, name: &str, state: &str) -> String {
    let mut browser = running.browser();
    let query = request("web", WEB_CALLBACK, &format!("&scope=read&prompt=consent&state={state}"));
    let sign_in = location(&browser.get(&format!("/oauth/authorize?{query}")).await);
    let page = browser.get(&sign_in).await;
    let back = browser.sign_in(&page, &sign_in, name, &format!("{name}-password")).await;
    let consent = location(&browser.get(&location(&back)).await);
    let page = browser.get(&consent).await;
    assert!(page.body.contains(&format!("<bdi>{name}</bdi>")), "{}", page.body);
    let answered = parameters(&location(&browser.decide(&page, &consent, "allow").await));
    assert_eq!(value(&answered, "state"), state);
    value(&answered, "code")
}

async fn assert_owner(running: &RunningPortal, name: &str, tokens: &Tokens) {
    let whoami = running.send(Request::get("/whoami").bearer(&tokens.access)).await;
    assert_eq!(whoami.body, format!("u-{name}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_sign_in_a_thousand_times_each_and_get_what_is_theirs() {
    let running = Arc::new(RunningPortal::start().await);
    let mut tasks = Vec::new();
    for name in ["alice", "bobby"] {
        for task in 0..TASKS {
            let running = Arc::clone(&running);
            tasks.push(tokio::spawn(async move {
                for number in 0..FLOWS / TASKS {
                    let code = code(&running, name, &format!("{name}-{task}-{number}")).await;
                    let tokens = Tokens::of(&running.token(&running.web, &redemption(&code)).await);
                    assert_owner(&running, name, &tokens).await;
                    let renewed = Tokens::of(&running.refresh(&tokens.refresh).await);
                    assert_owner(&running, name, &renewed).await;
                }
            }));
        }
    }
    for task in tasks {
        task.await.unwrap();
    }
    let each = |counts: &str| ["alice", "bobby"].map(|name| format!("u-{name} {counts}"));
    // A token of each code, and one of each refresh.
    let tokens = "SELECT subject || ' ' || COUNT(*) || ' ' || COUNT(DISTINCT grant_id) || ' ' || COUNT(DISTINCT \
                  access_token) FROM oauth2_token GROUP BY subject ORDER BY subject";
    assert_eq!(running.database.texts(tokens).await, each(&format!("{0} {FLOWS} {0}", 2 * FLOWS)));
    let sessions = "SELECT subject || ' ' || username || ' ' || COUNT(DISTINCT session) FROM oauth2_session \
                    GROUP BY subject, username ORDER BY subject";
    let known = ["alice", "bobby"].map(|name| format!("u-{name} {name} {FLOWS}"));
    assert_eq!(running.database.texts(sessions).await, known);
    // Each token is of the person whose code it goes back to.
    let crossed = "SELECT COUNT(*) FROM oauth2_token t JOIN portal_code c USING (grant_id) WHERE t.subject <> c.subject";
    assert_eq!(running.database.number(crossed).await, 0);
    let matched =
        "SELECT COUNT(*) FROM oauth2_token t JOIN portal_code c USING (grant_id) WHERE t.subject = c.subject";
    assert_eq!(running.database.number(matched).await, 4 * i64::try_from(FLOWS).unwrap());
}
