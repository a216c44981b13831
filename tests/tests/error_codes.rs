//! Four errors, exactly where RFC 6749 has them (sections 4.1.2.1, 4.2.2.1 and 5.2), in every grant.

use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::ScopeSet;
use oauth2_tests::answer::Answer;
use oauth2_tests::browser::Browser;
use oauth2_tests::classic::{BADGE, PASSWORD, RunningClassic, fragment, register, using};
use oauth2_tests::portal::{WEB_CALLBACK, client, encoded, value};
use oauth2_tests::provider::Access;
use oauth2_tests::running::{Credentials, Tokens};

/// Every grant with a token request, as a body that is right, but for what a test changes. A code and a refresh token are put in.
const TOKEN_REQUESTS: [(&str, &str); 5] = [
    ("authorization_code", "&code=CODE&redirect_uri=https%3A%2F%2Fweb.example%2Fcb"),
    ("refresh_token", "&refresh_token=REFRESH"),
    ("password", "&username=alice&password=wonderland"),
    ("client_credentials", ""),
    (BADGE, ""),
];

/// Every grant with an authorization request, by its response type.
const AUTHORIZATION_REQUESTS: [(&str, &str); 2] = [("authorization_code", "code"), ("implicit", "token")];

const NO_GRANT_TYPE: (&str, &str) = ("unsupported_grant_type", "this server has no such grant type");
const NOT_THIS_GRANT: (&str, &str) = ("unauthorized_client", "this client may not use this grant type");
const SCOPE: (&str, &str) = ("invalid_scope", "the scope is unknown or more than this client may be granted");
const NO_SCOPE: (&str, &str) = ("invalid_scope", "there is no scope that this client may be granted");

/// A server, a client with every right, and a code and a refresh token of it.
struct Site {
    running: RunningClassic,
    all: Credentials,
    code: String,
    refresh: String,
}

impl Site {
    async fn start() -> Self {
        assert_eq!(PASSWORD, "wonderland");
        let running = RunningClassic::start().await;
        let all = register(&running.server, every_right("all")).await;
        let (code, refresh) = artefacts(&running, &all).await;
        Self { running, all, code, refresh }
    }

    /// The right request of a grant.
    fn body(&self, grant_type: &str, parameters: &str) -> String {
        let parameters = parameters.replace("CODE", &self.code).replace("REFRESH", &self.refresh);
        format!("grant_type={grant_type}{parameters}")
    }

    async fn assert_refused(&self, client: &Credentials, body: &str, (code, reason): (&str, &str)) {
        self.running.token(client, body).await.assert_error(400, code, reason);
    }

    /// What the client is told of an authorization request, wherever its response type has the answer.
    async fn told(&self, query: &str) -> (String, String) {
        let answer = Browser::new(self.running.address).get(&format!("/oauth/authorize?{query}")).await;
        let location = answer.header("location").unwrap_or_else(|| panic!("{answer:?}")).to_owned();
        assert_eq!(answer.status, 303, "{answer:?}");
        let told = if query.contains("response_type=token&") {
            assert!(location.starts_with(&format!("{WEB_CALLBACK}#error=")), "{location}");
            fragment(&location)
        } else {
            assert!(location.starts_with(&format!("{WEB_CALLBACK}?error=")), "{location}");
            oauth2_tests::portal::parameters(&location)
        };
        (value(&told, "error"), value(&told, "error_description"))
    }
}

/// A code and a refresh token for this client.
async fn artefacts(running: &RunningClassic, client: &Credentials) -> (String, String) {
    let mut alice = running.signed_in().await;
    let answer = running.authorize(&mut alice, &query(&client.id, "code", "&scope=read")).await;
    let body = format!("grant_type=password&username=alice&password={PASSWORD}&scope=read");
    let tokens = Tokens::of(&running.token(client, &body).await);
    (Answer::of(&answer).value("code"), tokens.refresh)
}

/// A client with every grant type the server has.
fn every_right(client_id: &str) -> Client<Access> {
    let types = TOKEN_REQUESTS.map(|(grant_type, _)| grant_type);
    using(client(client_id, &[WEB_CALLBACK]), &[&types[..], &["implicit"]].concat())
}

/// The same without one of them.
fn without(grant_type: &str) -> Client<Access> {
    let types = TOKEN_REQUESTS.map(|(grant_type, _)| grant_type);
    let types: Vec<_> = types.into_iter().chain(["implicit"]).filter(|other| *other != grant_type).collect();
    using(client("without", &[WEB_CALLBACK]), &types)
}

fn query(client_id: &str, response_type: &str, more: &str) -> String {
    let redirect_uri = encoded(WEB_CALLBACK);
    format!("response_type={response_type}&client_id={client_id}&redirect_uri={redirect_uri}{more}")
}

fn owned((code, reason): (&str, &str)) -> (String, String) {
    (code.to_owned(), reason.to_owned())
}

/// What the tables rest on: nothing is wrong with their requests.
#[tokio::test]
async fn the_requests_are_right() {
    let site = Site::start().await;
    for (grant_type, parameters) in TOKEN_REQUESTS {
        let answer = site.running.token(&site.all, &site.body(grant_type, parameters)).await;
        assert_eq!(answer.status, 200, "{grant_type}: {answer:?}");
    }
    for (grant_type, response_type) in AUTHORIZATION_REQUESTS {
        let mut alice = site.running.signed_in().await;
        let answer = site.running.authorize(&mut alice, &query("all", response_type, "&scope=read")).await;
        assert!(!answer.header("location").unwrap().contains("error"), "{grant_type}: {answer:?}");
    }
}

#[tokio::test]
async fn unsupported_grant_type_is_for_grant_types_that_the_token_endpoint_has_not() {
    let site = Site::start().await;
    let unknown =
        ["implicit", "token", "code", "Password", "PASSWORD", "password%20", "urn:test:badge2", "saml"];
    for grant_type in unknown {
        for (_, parameters) in TOKEN_REQUESTS {
            site.assert_refused(&site.all, &site.body(grant_type, parameters), NO_GRANT_TYPE).await;
        }
    }
    let missing = ("invalid_request", "`grant_type` is missing");
    site.assert_refused(&site.all, "grant_type=", missing).await;
    site.assert_refused(&site.all, "scope=read", missing).await;
}

#[tokio::test]
async fn unsupported_response_type_is_for_response_types_that_the_server_has_not() {
    let site = Site::start().await;
    let unsupported = owned(("unsupported_response_type", "this server has no such response type"));
    for response_type in
        ["Code", "TOKEN", "id_token", "none", "token+code", "code+token", "password", "implicit"]
    {
        let told = site.told(&query("all", response_type, "&scope=read")).await;
        assert_eq!(told, unsupported, "{response_type}");
    }
    let missing = owned(("invalid_request", "`response_type` is missing"));
    assert_eq!(site.told(&query("all", "", "&scope=read")).await, missing);
}

#[tokio::test]
async fn unauthorized_client_is_for_grants_that_the_client_has_not() {
    let mut site = Site::start().await;
    // Its code and its refresh token are from before the right was taken from it.
    let before = register(&site.running.server, every_right("without")).await;
    (site.code, site.refresh) = artefacts(&site.running, &before).await;
    for (grant_type, parameters) in TOKEN_REQUESTS {
        let client = register(&site.running.server, without(grant_type)).await;
        site.assert_refused(&client, &site.body(grant_type, parameters), NOT_THIS_GRANT).await;
        // Whatever else is wrong with the request.
        let more = format!("{parameters}&scope=nope");
        if grant_type != "authorization_code" && grant_type != "refresh_token" {
            site.assert_refused(&client, &site.body(grant_type, &more), NOT_THIS_GRANT).await;
        }
    }
    for (grant_type, response_type) in AUTHORIZATION_REQUESTS {
        register(&site.running.server, without(grant_type)).await;
        let told = site.told(&query("without", response_type, "&scope=read")).await;
        assert_eq!(told, owned(NOT_THIS_GRANT), "{grant_type}");
        // The response type by itself.
        let other =
            AUTHORIZATION_REQUESTS.into_iter().map(|(_, other)| other).filter(|o| *o != response_type);
        let client = Client { response_types: Some(other.collect()), ..every_right("without") };
        register(&site.running.server, client).await;
        let told = site.told(&query("without", response_type, "&scope=read")).await;
        let reason = "this client may not use this response type";
        assert_eq!(told, owned(("unauthorized_client", reason)), "{response_type}");
    }
    // What a client may not do without a secret is not its to ask for.
    let public = using(client("public", &[WEB_CALLBACK]), &["client_credentials"]);
    site.running.server.clients().ensure(public).await.unwrap();
    let answer = site.running.bare_token("grant_type=client_credentials&client_id=public").await;
    answer.assert_error(400, "unauthorized_client", "this grant type is for clients that authenticate");
}

#[tokio::test]
async fn invalid_scope_is_for_scopes_that_the_client_cannot_have() {
    let site = Site::start().await;
    let reader = Client { scope: ScopeSet::parse("read").unwrap(), ..every_right("reader") };
    let reader = register(&site.running.server, reader).await;
    let scopes = ["nope", "READ", "read%20nope", "write", "read%20%20read", "%22"];
    for (grant_type, parameters) in TOKEN_REQUESTS {
        // A code has its scope already: a token request for one has no such parameter (RFC 6749 section 4.1.3).
        if grant_type == "authorization_code" || grant_type == "refresh_token" {
            continue;
        }
        for scope in scopes {
            let body = format!("{}&scope={scope}", site.body(grant_type, parameters));
            site.assert_refused(&reader, &body, SCOPE).await;
        }
    }
    for (grant_type, response_type) in AUTHORIZATION_REQUESTS {
        for scope in scopes {
            let told = site.told(&query("reader", response_type, &format!("&scope={scope}"))).await;
            assert_eq!(told, owned(SCOPE), "{grant_type}: {scope}");
        }
    }
    // More than the refresh token is good for (RFC 6749 section 6).
    let body = format!("{}&scope=read%20write", site.body("refresh_token", TOKEN_REQUESTS[1].1));
    site.assert_refused(&site.all, &body, SCOPE).await;
    // And where there is nothing to grant, whatever is asked for.
    let none = Client { scope: ScopeSet::default(), ..every_right("none") };
    let none = register(&site.running.server, none).await;
    for grant_type in ["password", "client_credentials", BADGE] {
        let parameters = TOKEN_REQUESTS.iter().find(|(name, _)| *name == grant_type).unwrap().1;
        site.assert_refused(&none, &site.body(grant_type, parameters), NO_SCOPE).await;
    }
    for (_, response_type) in AUTHORIZATION_REQUESTS {
        assert_eq!(site.told(&query("none", response_type, "")).await, owned(NO_SCOPE));
    }
}
