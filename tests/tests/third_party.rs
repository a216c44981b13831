//! A grant kind with a key of its own, an endpoint and a client authentication method, in a crate that is neither of
//! ours. Neither crate knows of them.

use axum::body::Body;
use axum::response::Response;
use axum::routing::MethodFilter;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use oauth2_runtime::client_auth::{ClientAuthMethod, Unauthenticated};
use oauth2_runtime::endpoint::{Endpoint, Mount, Mounted};
use oauth2_runtime::grant::Dispatch;
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use oauth2_runtime::types::ServerMetadata;
use tower::ServiceExt;

#[derive(Scope)]
enum Access {
    #[scope("read")]
    Read,
}

/// A kind: a number is enough, if it is below the grant's limit.
mod lucky_number {
    use oauth2_runtime::extension::{Steps, TokenExtensions};
    use oauth2_runtime::grant::{Grant, GrantContext, KindHandler};
    use oauth2_runtime::prelude::*;
    use oauth2_runtime::types::{GrantProperties, TokenResponse};

    pub(crate) enum Kind {}

    #[derive(Clone, Copy)]
    pub(crate) struct Spec {
        limit: u32,
    }

    pub(crate) const fn grant() -> Spec {
        Spec { limit: 10 }
    }

    impl Spec {
        pub(crate) const fn limit(self, limit: u32) -> Self {
            let _ = self;
            Self { limit }
        }

        pub(crate) const fn properties(self) -> GrantProperties {
            let _ = self;
            GrantProperties::new("urn:example:lucky-number")
        }
    }

    impl<S: OAuth2Server, G: Grant<Kind = Self, Spec = Spec>> KindHandler<S, G> for Kind
    where
        G::Extensions: TokenExtensions<S>,
    {
        const STEPS: Steps<S> = Steps::of::<G::Extensions>();

        async fn handle(_: G, cx: &GrantContext<'_, S>) -> Result<TokenResponse, OAuthError> {
            let admission = cx.admit::<G>()?;
            let number = cx.form().require("number")?.parse::<u32>();
            if number.is_ok_and(|number| number < G::SPEC.limit) {
                return cx.issue(admission, Some("somebody lucky".into())).await;
            }
            Err(OAuthError::invalid_grant("not a lucky number"))
        }
    }
}

#[grant(self::lucky_number, limit = 7)]
struct Lucky;

/// A client proves itself by a header with its identifier backwards.
struct Backwards;

impl<S: OAuth2Server> ClientAuthMethod<S> for Backwards {
    const NAME: &'static str = "urn:example:backwards";

    fn presented(request: &Unauthenticated<'_>) -> Result<Option<String>, OAuthError> {
        let Some(header) = request.parts.headers.get("client-backwards") else { return Ok(None) };
        let text = header.to_str().map_err(|_| OAuthError::invalid_client("the header is not text"))?;
        Ok(Some(text.chars().rev().collect()))
    }

    async fn verify(_: &Ready<S>, _: &S::Client, _: &Unauthenticated<'_>) -> Result<bool, OAuthError> {
        Ok(true)
    }
}

struct Status;

impl<S: Dispatch> Endpoint<S> for Status {
    const PATH: &'static str = "/status";
    const METHODS: MethodFilter = MethodFilter::GET;

    fn describe(_: &Mount<S>, metadata: &mut ServerMetadata, url: String) {
        metadata.additional.insert("status_endpoint", url.into());
    }

    async fn call(at: Mounted<S>, _: axum::extract::Request) -> Response {
        Response::new(Body::from(format!("{} is well", at.issuer())))
    }
}

#[oauth2_server(
    issuer = "https://id.example",
    scopes = Access,
    grants(Lucky),
    endpoints(Status),
    client_auth(Backwards),
)]
struct Auth {
    #[oauth2(store)]
    db: SqlStore<Sqlite>,
}

async fn router() -> Router {
    let auth = Auth { db: SqlStore::open("sqlite::memory:").await.unwrap() }.ready().await.unwrap();
    let mut client = Client::new("robot", ScopeSet::all());
    client.grant_types = Some(["urn:example:lucky-number"].into_iter().collect());
    auth.clients().ensure(client).await.unwrap();
    auth.router()
}

async fn answer(router: &Router, request: Request<Body>) -> (StatusCode, String) {
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn token(body: &str) -> Request<Body> {
    Request::post("/oauth/token")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("client-backwards", "tobor")
        .body(Body::from(body.to_owned()))
        .unwrap()
}

#[tokio::test]
async fn a_foreign_kind_and_method_issue_a_token() {
    let router = router().await;
    let (status, body) = answer(&router, token("grant_type=urn:example:lucky-number&number=6")).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert!(body.contains(r#""token_type":"Bearer","expires_in":3600,"scope":"read""#), "{body}");

    let (status, body) = answer(&router, token("grant_type=urn:example:lucky-number&number=7")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(body, r#"{"error":"invalid_grant","error_description":"not a lucky number"}"#);
}

#[tokio::test]
async fn a_foreign_endpoint_is_mounted_and_described() {
    let router = router().await;
    let get = |path: &str| Request::get(path).body(Body::empty()).unwrap();
    assert_eq!(answer(&router, get("/status")).await, (StatusCode::OK, "https://id.example is well".into()));
    let (_, metadata) = answer(&router, get("/.well-known/oauth-authorization-server")).await;
    assert!(metadata.contains(r#""status_endpoint":"https://id.example/status""#), "{metadata}");
    assert!(
        metadata.contains(r#""token_endpoint_auth_methods_supported":["urn:example:backwards"]"#),
        "{metadata}"
    );
}
