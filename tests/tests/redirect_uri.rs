//! Redirect URIs: nothing is ever sent to one that the client has not registered, byte for byte.

use oauth2_runtime::prelude::*;
use oauth2_tests::answer::{Answer, MODES};
use oauth2_tests::http::Response;
use oauth2_tests::portal::{NATIVE_CALLBACK, RunningPortal, WEB_CALLBACK, client, request};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

/// A registered URI whose query has an order.
const TENANT: &str = "https://web.example/tenant?b=2&a=1";

async fn start() -> RunningPortal {
    let running = RunningPortal::start().await;
    running.portal.clients().ensure(client("tenant", &[TENANT, WEB_CALLBACK])).await.unwrap();
    running.portal.clients().ensure(client("by_name", &["http://localhost/cb"])).await.unwrap();
    running.portal.clients().ensure(client("ipv6", &["http://[::1]/cb"])).await.unwrap();
    running
}

/// A request that is answered at once, and so to the URI that was accepted: with the error `login_required`.
async fn present(running: &RunningPortal, client_id: &str, uri: &str, mode: &str) -> Response {
    let query = request(client_id, uri, &format!("&state=s&prompt=none{mode}"));
    running.browser().get(&format!("/oauth/authorize?{query}")).await
}

async fn assert_refused(client_id: &str, uris: &[&str]) {
    let running = start().await;
    for uri in uris {
        for mode in MODES {
            let answer = present(&running, client_id, uri, mode).await;
            answer.assert_refused_page("invalid_request");
            assert!(!answer.body.contains("evil"), "{uri}: {answer:?}");
        }
    }
}

async fn assert_accepted(client_id: &str, uris: &[&str]) {
    let running = start().await;
    for uri in uris {
        for mode in MODES {
            let answer = Answer::in_mode(mode, &present(&running, client_id, uri, mode).await);
            answer.assert_error(uri, "login_required", "s");
        }
    }
}

/// S01: neither case nor a slash, a query or its order may differ. S17: whatever the response mode.
#[tokio::test]
async fn s01_only_the_same_bytes_are_the_same_uri() {
    let web = [
        "https://web.example/CB",
        "https://web.example/cb/",
        "https://web.example/cb?x=1",
        "https://web.example/cb?",
        "https://web.example/cb#",
        "https://web.example/cb#x",
        "HTTPS://WEB.EXAMPLE/cb",
        "https://WEB.example/cb",
        "https://web.example:443/cb",
        "https://web.example//cb",
        "https://web.example./cb",
        "http://web.example/cb",
        "//web.example/cb",
        "/cb",
        " https://web.example/cb",
        "https://web.example/cb ",
        "https://web.example/cb https://evil.test/",
        "https://web.example/c%62",
    ];
    assert_refused("web", &web).await;
    let tenant = [
        "https://web.example/tenant?a=1&b=2",
        "https://web.example/tenant?b=2",
        "https://web.example/tenant",
        "https://web.example/tenant?b=2&a=1&a=1",
        "https://web.example/tenant?b=2&a=%31",
    ];
    assert_refused("tenant", &tenant).await;
    assert_accepted("web", &[WEB_CALLBACK]).await;
    assert_accepted("tenant", &[TENANT, WEB_CALLBACK]).await;
}

/// S02: a loopback address may have another port, and nothing else (RFC 8252 section 7.3); nobody else may.
#[tokio::test]
async fn s02_a_loopback_address_may_have_another_port_only() {
    let ports = [NATIVE_CALLBACK, "http://127.0.0.1:5/cb", "http://127.0.0.1:65535/cb"];
    assert_accepted("native", &ports).await;
    let native = [
        "http://127.0.0.1:5/other",
        "http://127.0.0.1:5/cb?x",
        "http://127.0.0.1:5/cb/",
        "http://127.0.0.1:5/cb#x",
        "http://127.0.0.1:5/../cb",
        "http://localhost:5/cb",
        "http://[::1]:5/cb",
        "http://127.0.0.2:5/cb",
        "http://127.1:5/cb",
        "http://2130706433:5/cb",
        "http://attacker@127.0.0.1:5/cb",
        "http://127.0.0.1:5@evil.test/cb",
        "http://127.0.0.1.evil.test:5/cb",
        "http://127.0.0.1:5.evil.test/cb",
        "http://127.0.0.1:/cb",
        "http://127.0.0.1:0/cb",
        "http://127.0.0.1:065/cb",
        "http://127.0.0.1:65536/cb",
        "http://127.0.0.1:+5/cb",
        "https://127.0.0.1:5/cb",
    ];
    assert_refused("native", &native).await;
    let web = ["http://127.0.0.1:1/cb", NATIVE_CALLBACK, "http://localhost/cb", "https://web.example:1/cb"];
    assert_refused("web", &web).await;
}

/// S02: a name is no address: what it leads to is for the device to say, and the port is part of it (RFC 8252 sections 7.3 and
/// 8.3).
#[tokio::test]
async fn s02_a_name_has_its_own_port_only() {
    assert_accepted("by_name", &["http://localhost/cb"]).await;
    let others = [
        "http://localhost:5/cb",
        "http://localhost:80/cb",
        "http://localhost:/cb",
        "http://LOCALHOST/cb",
        "http://localhost./cb",
        "http://a.localhost/cb",
        "http://localhost.evil.test/cb",
        "http://127.0.0.1/cb",
        "http://127.0.0.1:5/cb",
        "http://[::1]/cb",
        "http://[::1]:5/cb",
    ];
    assert_refused("by_name", &others).await;
}

/// S02: the other address that the rule is for.
#[tokio::test]
async fn s02_the_ipv6_address_may_have_another_port_too() {
    assert_accepted("ipv6", &["http://[::1]/cb", "http://[::1]:5/cb", "http://[::1]:65535/cb"]).await;
    let others = [
        "http://[::1]:5/other",
        "http://[::1]:5/cb/",
        "http://[::1]:0/cb",
        "http://[::1]:05/cb",
        "http://[::1]:/cb",
        "http://[::1]:5@evil.test/cb",
        "http://[0:0:0:0:0:0:0:1]:5/cb",
        "http://[::2]:5/cb",
        "http://[::ffff:127.0.0.1]:5/cb",
        "http://[::1%25lo]:5/cb",
        "http://127.0.0.1:5/cb",
        "http://localhost:5/cb",
        "https://[::1]:5/cb",
    ];
    assert_refused("ipv6", &others).await;
}

/// S03: what two parsers may disagree about.
#[tokio::test]
async fn s03_user_names_and_hosts_are_not_confused() {
    let uris = [
        "https://web.example@evil.test/cb",
        "https://a@b@evil.test/cb",
        "https://web.example:443@evil.test/",
        "https://web.example:443@evil.test/cb",
        "https://evil.test\\@web.example/cb",
        "https://evil.test#@web.example/cb",
        "https://evil.test?@web.example/cb",
        "https://evil@web.example/cb",
        "https://:@web.example/cb",
        "https:web.example/cb",
        "https:///web.example/cb",
        "https://web.example%2f@evil.test/cb",
        "https://web.example%00.evil.test/cb",
    ];
    assert_refused("web", &uris).await;
}

/// S04: dot segments in every disguise, and bytes that mean something to somebody.
#[tokio::test]
async fn s04_dot_segments_and_odd_bytes_are_refused() {
    let uris = [
        "https://web.example/cb/..;/x",
        "https://web.example/cb/../x",
        "https://web.example/x/../cb",
        "https://web.example/./cb",
        "https://web.example/cb/%2e%2e/x",
        "https://web.example/x/%2e%2e/cb",
        "https://web.example/cb%2f..",
        "https://web.example/cb%00",
        "https://web.example/cb%0d%0aset-cookie:x=evil",
        "https://web.example/cb\\",
        "https://web.example\\cb",
        "https://web.example/cb\t",
        "https://web.example/\tcb",
        "https://web.example/cb\r",
        "https://web.example/cb\n",
        "https://web.example/cb\r\nlocation: https://evil.test/",
        "https://web.example/c\u{184}",
        "https://w\u{435}b.example/cb",
        "https://web.example/cb\u{200b}",
        "https://web\u{3002}example/cb",
    ];
    assert_refused("web", &uris).await;
}

/// S04: a NUL, or bytes that are no UTF-8, make no request at all.
#[tokio::test]
async fn s04_requests_that_are_no_text_are_refused() {
    let running = start().await;
    for bytes in ["%00", "%ff", "%c0%af", "%zz", "%"] {
        for mode in MODES {
            let uri = format!("https%3A%2F%2Fweb.example%2Fcb{bytes}");
            let target = format!(
                "/oauth/authorize?response_type=code&client_id=web&redirect_uri={uri}&prompt=none{mode}"
            );
            running.browser().get(&target).await.assert_refused_page("invalid_request");
        }
    }
}

/// S05: a host goes on where it seems to end, and a dot is a dot. S06: the path counts.
#[tokio::test]
async fn s05_s06_other_hosts_and_other_paths_are_refused() {
    let uris = [
        "https://web.example.evil.test/cb",
        "https://webXexample/cb",
        "https://evil-web.example/cb",
        "https://sub.web.example/cb",
        "https://example/cb",
        "https://web.exampl/cb",
        "https://web.example/evil",
        "https://web.example/",
        "https://web.example",
        "https://web.example/cb/evil",
        "https://web.example/cbevil",
    ];
    assert_refused("web", &uris).await;
}

/// S05, S09, S10: what cannot be registered; here clients are registered by the typed API.
#[tokio::test]
async fn s05_wildcards_fragments_and_scripts_cannot_be_registered() {
    let running = start().await;
    for uri in [
        "https://*.web.example/cb",
        "https://web.example/*",
        "https://web.example/cb*",
        "https://web.example/cb#x",
        "https://web.example/cb#",
        "https://web.example@evil.test/cb",
        "https://web.example:443@evil.test/",
        "https://a@b@evil.test/cb",
        "http://web.example/cb",
        "JaVaScRiPt:x",
        "javascript://web.example/%0aalert(1)",
        " data:x",
        "vbscript:x",
        "https://web.example/../cb",
        "https://web.example/%2e%2e/cb",
        "https://web.example/c b",
        "https://web.example/cb\n",
        "",
    ] {
        let refused = running.portal.clients().register(client("fresh", &[WEB_CALLBACK, uri])).await;
        let message = refused.unwrap_err().to_string();
        assert!(message.starts_with("the client `fresh` cannot have the redirect URI"), "{message}");
        assert!(running.portal.clients().ensure(client("web", &[uri])).await.is_err(), "{uri}");
    }
    let stored = running.portal.clients().get(&"web".into()).await.unwrap().unwrap();
    assert_eq!(stored.redirect_uris.iter().collect::<Vec<_>>(), [WEB_CALLBACK]);
}

/// S07: the URIs of other clients and of nobody; a client without any; and one of several must be named.
#[tokio::test]
async fn s07_unregistered_uris_lead_nowhere() {
    let other = ["https://evil.test/cb", "https://other.example/cb", "evil:x", "javascript:alert('evil')"];
    assert_refused("web", &other).await;
    assert_refused("other", &[WEB_CALLBACK]).await;
    let running = start().await;
    running.portal.clients().ensure(client("bare", &[])).await.unwrap();
    for mode in MODES {
        present(&running, "bare", WEB_CALLBACK, mode).await.assert_refused_page("invalid_request");
        present(&running, "nobody", WEB_CALLBACK, mode).await.assert_refused_page("invalid_client");
        present(&running, "WEB", WEB_CALLBACK, mode).await.assert_refused_page("invalid_client");
        present(&running, "", WEB_CALLBACK, mode).await.assert_refused_page("invalid_request");
        present(&running, "tenant", "", mode).await.assert_refused_page("invalid_request");
        let twice = format!("&redirect_uri=https%3A%2F%2Fweb.example%2Fcb{mode}");
        present(&running, "web", WEB_CALLBACK, &twice).await.assert_refused_page("invalid_request");
        let twice = format!("&client_id=web{mode}");
        present(&running, "web", WEB_CALLBACK, &twice).await.assert_refused_page("invalid_request");
    }
}

/// The pages do not trust their query either: they would show whose request it is, and lead there.
#[tokio::test]
async fn the_pages_refuse_unregistered_uris_too() {
    let running = start().await;
    let mut browser = running.signed_in("alice").await;
    for uri in ["https://evil.test/cb", "https://web.example/cb/", "https://web.example@evil.test/cb"] {
        for mode in MODES {
            let query = request("web", uri, &format!("&scope=read{mode}"));
            for page in ["/login", "/consent"] {
                let target = format!("{page}?{query}");
                browser.get(&target).await.assert_refused_page("invalid_request");
                let fields = [("username", "alice"), ("password", "alice-password"), ("decision", "allow")];
                browser.post(&target, &fields).await.assert_refused_page("invalid_request");
            }
        }
    }
    assert_eq!(running.database.number("SELECT COUNT(*) FROM portal_code").await, 0);
}

/// What the comparison ought to answer, told without looking at how it does.
fn is_registered(uri: &str) -> bool {
    let port = uri.strip_prefix("http://127.0.0.1").and_then(|rest| rest.strip_suffix("/cb"));
    let is_port = |text: &str| text.parse::<u16>().is_ok_and(|port| port > 0 && port.to_string() == text);
    uri == TENANT
        || uri == WEB_CALLBACK
        || port.is_some_and(|port| port.is_empty() || port.strip_prefix(':').is_some_and(is_port))
}

/// A few small changes of a registered URI.
fn mutated() -> impl Strategy<Value = String> {
    let pieces =
        "[a-zA-Z0-9:/?#@%.&=;+ \\\\\\t_*-]|:[0-9]{1,5}|%2[eEfF]|\\.\\.?/|@evil\\.test|\\.evil\\.test";
    let change = (0_u8..5, any::<prop::sample::Index>(), pieces);
    let changes = proptest::collection::vec(change, 1..4);
    (prop::sample::select(vec![TENANT, WEB_CALLBACK, NATIVE_CALLBACK]), changes).prop_map(|(uri, changes)| {
        let mut text: Vec<char> = uri.chars().collect();
        for (kind, index, piece) in changes {
            let at = index.index(text.len().max(1));
            let end = (at + usize::from(kind != 0)).min(text.len());
            let replacement: Vec<char> = match (kind, text.get(at)) {
                (0 | 1, _) => piece.chars().collect(),
                (2, Some(char)) if char.is_ascii_lowercase() => vec![char.to_ascii_uppercase()],
                (2, Some(char)) => vec![char.to_ascii_lowercase()],
                (3, Some(char)) => vec![*char, *char],
                _ => Vec::new(),
            };
            text.splice(at..end, replacement);
        }
        text.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(Config::with_cases(10_000))]

    /// S01, S02: of ten thousand changed URIs only one with the same bytes is accepted, or a loopback one with another
    /// port.
    #[test]
    fn s01_a_changed_uri_is_another_uri(uri in mutated()) {
        let registered: RedirectUris = [TENANT, WEB_CALLBACK, NATIVE_CALLBACK].into_iter().collect();
        prop_assert_eq!(registered.contain(&uri), is_registered(&uri), "{}", uri);
    }
}

/// S01, S17: a sample of the same over sockets, in every response mode.
#[tokio::test]
async fn s01_changed_uris_lead_nowhere() {
    let running = start().await;
    running.portal.clients().ensure(client("all", &[TENANT, WEB_CALLBACK, NATIVE_CALLBACK])).await.unwrap();
    let mut runner = TestRunner::deterministic();
    let mut refused = 0;
    for number in 0..300 {
        let uri = mutated().new_tree(&mut runner).unwrap().current();
        let mode = MODES[number % 3];
        let answer = present(&running, "all", &uri, mode).await;
        if is_registered(&uri) {
            Answer::in_mode(mode, &answer).assert_error(&uri, "login_required", "s");
        } else {
            answer.assert_refused_page("invalid_request");
            refused += 1;
        }
    }
    assert!((200..300).contains(&refused), "{refused} of 300");
}
