//! S74: nothing of one person's sign-in gets into another's, however their requests mix.

use std::sync::Arc;

use oauth2_tests::http::Request;
use oauth2_tests::portal::{RunningPortal, WEB_CALLBACK, parameters, redemption, request, value};
use oauth2_tests::running::Tokens;

const FLOWS: usize = 1_000;
const TASKS: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_get_two_thousand_tokens_of_their_own() {
    let running = Arc::new(RunningPortal::start().await);
    let query = request("web", WEB_CALLBACK, "&scope=read");
    let mut tasks = Vec::new();
    for name in ["alice", "bobby"] {
        let mut browser = running.signed_in(name).await;
        // Agreed once, so that each flow is a request, a code and a token.
        running.authorize(&mut browser, &query).await;
        for task in 0..TASKS {
            let (running, mut browser, query) = (Arc::clone(&running), browser.clone(), query.clone());
            tasks.push(tokio::spawn(async move {
                for number in 0..FLOWS / TASKS {
                    let state = format!("{name}-{task}-{number}");
                    let answer = browser.get(&format!("/oauth/authorize?{query}&state={state}")).await;
                    let answered = parameters(answer.header("location").unwrap());
                    assert_eq!(value(&answered, "state"), state);
                    let code = value(&answered, "code");
                    let tokens = Tokens::of(&running.token(&running.web, &redemption(&code)).await);
                    let whoami = running.send(Request::get("/whoami").bearer(&tokens.access)).await;
                    assert_eq!(whoami.body, format!("u-{name}"));
                }
            }));
        }
    }
    for task in tasks {
        task.await.unwrap();
    }
    let rows = "SELECT subject || ' ' || COUNT(*) || ' ' || COUNT(DISTINCT grant_id) || ' ' || COUNT(DISTINCT \
                access_token) FROM oauth2_token GROUP BY subject ORDER BY subject";
    let expected = ["alice", "bobby"].map(|name| format!("u-{name} {FLOWS} {FLOWS} {FLOWS}"));
    assert_eq!(running.database.texts(rows).await, expected);
    // Each token is of the person whose code it was exchanged for.
    let crossed = "SELECT COUNT(*) FROM oauth2_token t JOIN portal_code c USING (grant_id) WHERE t.subject <> c.subject";
    assert_eq!(running.database.number(crossed).await, 0);
    let matched =
        "SELECT COUNT(*) FROM oauth2_token t JOIN portal_code c USING (grant_id) WHERE t.subject = c.subject";
    assert_eq!(running.database.number(matched).await, 2 * i64::try_from(FLOWS).unwrap());
}
