//! S95: who has an account is nobody's business.

use oauth2_tests::browser::hidden_fields;
use oauth2_tests::http::Response;
use oauth2_tests::portal::{RunningPortal, WEB_CALLBACK, request};

/// The answer without what differs from one form to the next.
fn comparable(mut answer: Response, name: &str) -> Response {
    for (_, value) in hidden_fields(&answer.body) {
        answer.body = answer.body.replace(&value, "form-token");
    }
    let field = format!("value=\"{name}\"");
    assert_eq!(answer.body.matches(name).count(), 1, "{}", answer.body);
    answer.body = answer.body.replace(&field, "value=\"name\"");
    for (header, value) in &mut answer.headers {
        if header == "set-cookie" {
            *value = value.split(';').skip(1).collect();
        }
    }
    answer
}

/// Known with a wrong password, unknown, disabled with the right password and with a wrong one: names of one length, so that
/// lengths can be compared too.
#[tokio::test]
async fn four_failures_are_one_answer() {
    let running = RunningPortal::start().await;
    running.portal.journal.disable("u-david");
    for target in ["/login".to_owned(), format!("/login?{}", request("web", WEB_CALLBACK, "&scope=read"))] {
        let mut answers = Vec::new();
        for (name, password) in [
            ("alice", "wrong"),
            ("nobod", "wrong"),
            ("david", "david-password"),
            ("david", "wrong"),
            ("nobod", ""),
        ] {
            let mut browser = running.browser();
            let page = browser.get(&target).await;
            let answer = browser.sign_in(&page, &target, name, password).await;
            assert_eq!((answer.status, answer.header("set-cookie")), (403, None));
            answers.push(comparable(answer, name));
            // And once more: nothing is remembered that could tell.
            let page = browser.get(&target).await;
            let again = browser.sign_in(&page, &target, name, password).await;
            answers.push(comparable(again, name));
        }
        for answer in &answers {
            assert_eq!(*answer, answers[0]);
        }
    }
    assert_eq!(running.database.number("SELECT COUNT(*) FROM oauth2_session").await, 0);
    assert!(running.portal.journal.signals().is_empty());
}

/// The page itself is the same for every name a client hints at.
#[tokio::test]
async fn a_hint_finds_nobody_out() {
    let running = RunningPortal::start().await;
    running.portal.journal.disable("u-david");
    let mut answers = Vec::new();
    for name in ["alice", "nobod", "david"] {
        let query = request("web", WEB_CALLBACK, &format!("&login_hint={name}"));
        answers.push(comparable(running.browser().get(&format!("/login?{query}")).await, name));
        let silent = running.browser().get(&format!("/oauth/authorize?{query}&prompt=none")).await;
        let location = silent.header("location").unwrap();
        assert!(location.starts_with("https://web.example/cb?error=login_required&"), "{location}");
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
}
