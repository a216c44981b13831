//! What holds for every page.

use axum::response::Response;
use futures_util::FutureExt;
use http::StatusCode;

use super::*;

const MARKUP: &str = "\"><img src=x onerror=alert(1)>'";
const EXPRESSIONS: &str = "${7*7} {{7*7}} #{7*7} {%7*7%}";

fn body(response: Response) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).now_or_never().unwrap().unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn client() -> FormTarget {
    FormTarget::of("https://client.example/cb")
}

/// Every page, with `text` wherever it takes one, and what its policy says after the style.
fn pages(text: &str) -> Vec<(Response, &'static str)> {
    let own = "form-action 'self'; ";
    let to_client = "form-action 'self' https:; ";
    let none = "form-action 'none'; ";
    let ok = StatusCode::OK;
    let sign_in = |client| SignIn {
        client_name: Some(text),
        username: text,
        form_token: text,
        notice: Some(text),
        client,
    };
    let consent = Consent {
        client_name: text,
        redirect_host: text,
        username: text,
        scopes: &[text, text],
        sign_in_url: "/login?client_id=web",
        form_token: text,
        client: client(),
    };
    let form_post = FormPost { action: text, fields: &[(text, text), ("state", text)], client: client() };
    vec![
        (sign_in(None).response(ok), own),
        (sign_in(Some(client())).response(ok), to_client),
        (consent.response(ok), to_client),
        (form_post.response(ok), to_client),
        (Refused { code: text, description: text }.response(StatusCode::BAD_REQUEST), none),
        (SignedIn { username: text }.response(ok), none),
        (Unavailable.response(), none),
    ]
}

/// The text between the first `<name>` and its end tag.
fn element<'a>(page: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = page.split_once(&format!("<{name}>"))?;
    Some(rest.split_once(&format!("</{name}>"))?.0)
}

#[test]
fn headers_are_exactly_these() {
    for (response, form_action) in pages("text") {
        let mut headers: Vec<_> = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        headers.sort();
        let unavailable = response.status() == StatusCode::SERVICE_UNAVAILABLE;
        let page = body(response);
        let style = hash_source(element(&page, "style").unwrap());
        let script = element(&page, "script").map(|text| format!("script-src {}; ", hash_source(text)));
        let policy = format!(
            "default-src 'none'; style-src {style}; {}{form_action}frame-ancestors 'none'; base-uri 'none'",
            script.unwrap_or_default()
        );
        let mut expected = vec![
            ("cache-control", "no-store"),
            ("content-security-policy", policy.as_str()),
            ("content-type", "text/html; charset=utf-8"),
            ("pragma", "no-cache"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
        ];
        if unavailable {
            expected.insert(5, ("retry-after", "2"));
        }
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(headers, expected);
    }
}

#[test]
fn markup_is_text() {
    let (plain, marked) = (pages("text"), pages(MARKUP));
    for ((plain, _), (marked, _)) in plain.into_iter().zip(marked) {
        let (plain, marked) = (body(plain), body(marked));
        assert!(!marked.contains("<img"), "{marked}");
        // The text brings no character that could begin a tag or end an attribute.
        for special in ['<', '>', '"', '\''] {
            assert_eq!(
                marked.matches(special).count(),
                plain.matches(special).count(),
                "{special} in {marked}"
            );
        }
    }
}

#[test]
fn expressions_are_text() {
    for (response, _) in pages(EXPRESSIONS) {
        if response.status() != StatusCode::SERVICE_UNAVAILABLE {
            let page = body(response);
            assert!(page.contains(EXPRESSIONS), "{page}");
            assert!(!page.contains("49"), "{page}");
        }
    }
}

#[test]
fn documents_are_accessible() {
    for (response, _) in pages("text") {
        let page = body(response);
        for once in ["<html lang=\"en\">", "<main>", "<h1>", "<title>", "<meta name=\"viewport\""] {
            assert_eq!(page.matches(once).count(), 1, "{once} in {page}");
        }
        for input in page.split("<input type=\"").skip(1).filter(|input| !input.starts_with("hidden")) {
            let id = input.split("id=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
            assert!(page.contains(&format!("<label for=\"{id}\">")), "{id} in {page}");
        }
    }
}

#[test]
fn nothing_is_loaded() {
    for (response, _) in pages("text") {
        // A link to a page of our own loads nothing.
        let page = body(response).replace(" href=\"/login?", "");
        for word in ["src=", "href=", "style=", "<link", "http:", "https:"] {
            assert!(!page.contains(word), "{word} in {page}");
        }
    }
}

#[test]
fn sign_in_describes_its_fields_by_the_notice() {
    let sign_in = SignIn { client_name: None, username: "", form_token: "t", notice: None, client: None };
    let page = body(sign_in.response(StatusCode::OK));
    assert!(!page.contains("role=\"alert\"") && !page.contains("aria-describedby"), "{page}");
    assert!(!page.contains("to continue to"), "{page}");
    assert!(page.contains("<form method=\"post\">"), "{page}");
    assert!(page.contains("required autofocus>\n<label for=\"password\">"), "{page}");

    let page = body(SignIn { username: "alice", notice: Some("Wrong."), ..sign_in }.response(StatusCode::OK));
    assert!(page.contains("id=\"notice\" role=\"alert\">Wrong.</p>"), "{page}");
    assert_eq!(page.matches("aria-describedby=\"notice\"").count(), 2);
    assert!(page.contains("value=\"alice\""), "{page}");
    assert!(page.contains("autofocus>\n<div class=\"buttons\">"), "{page}");
}

#[test]
fn consent_offers_both_decisions() {
    let consent = Consent {
        client_name: "Photo Printer",
        redirect_host: "client.example",
        username: "alice",
        scopes: &[],
        sign_in_url: "/login?client_id=web",
        form_token: "t",
        client: client(),
    };
    let page = body(consent.response(StatusCode::OK));
    assert!(page.contains("id=\"consent-allow\" name=\"decision\" value=\"allow\""), "{page}");
    assert!(page.contains("id=\"consent-deny\" name=\"decision\" value=\"deny\""), "{page}");
    assert!(page.contains("client.example") && page.contains("alice"), "{page}");
    assert!(!page.contains("<ul"), "{page}");

    let page = body(Consent { scopes: &["See your photos", "Print"], ..consent }.response(StatusCode::OK));
    assert!(page.contains("<li>See your photos</li>\n<li>Print</li>"), "{page}");
}

#[test]
fn form_post_sends_exactly_its_fields() {
    let fields = [("code", "c&\"1"), ("state", "s"), ("submit", "x")];
    let page = FormPost { action: "https://client.example/cb?a=1&b=2", fields: &fields, client: client() };
    let page = body(page.response(StatusCode::OK));
    assert!(page.contains("action=\"https://client.example/cb?a=1&#38;b=2\""), "{page}");
    assert_eq!(page.matches(" name=\"").count(), 2 + fields.len(), "the metas and the fields: {page}");
    assert!(page.contains("name=\"code\" value=\"c&#38;&#34;1\""), "{page}");
}
