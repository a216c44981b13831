//! From the declaration to a running server: its endpoints and their routes, from one table.

use std::future::{Future, ready};

use axum::Router;
use axum::extract::{OriginalUri, Request};
use axum::middleware::from_fn;
use axum::response::Response;
use axum::routing::{MethodRouter, on};
use http::StatusCode;

use crate::client_auth::Method;
use crate::endpoint::authorization::{AuthorizationEndpoint, posted_request};
use crate::endpoint::consent::ConsentPage;
use crate::endpoint::metadata::MetadataEndpoint;
use crate::endpoint::sign_in::SignInPage;
use crate::endpoint::token::TokenEndpoint;
use crate::endpoint::{Endpoint, Mount};
use crate::error::Error;
use crate::grant::Dispatch;
use crate::http::{WithoutCors, method_not_allowed};
use crate::manifest::Manifest;
use crate::model::Extent;
use crate::responses::allowed;
use crate::server::{Environment, Pages, Ready};
use crate::spec::{ServerSpec, SignInBy};
use crate::start_up::{self, Findings};
use crate::store::Store;
use crate::types::{Issuer, ServerMetadata};

/// A declared server: implemented by `#[oauth2_server]`.
pub trait DeclaredServer: Dispatch {
    /// What it declares.
    const SPEC: ServerSpec;

    /// Its optional endpoints, and those that every server has if they have keys.
    const ENDPOINTS: &'static [Mount<Self>] = &[];

    /// What clients, people and the database can notice of the declaration, as data. One line of a test
    /// [keeps it in a file](crate::manifest#pinned-to-a-file).
    const MANIFEST: Manifest = Manifest::of::<Self>();

    /// What `metadata(..)` adds to the metadata document (RFC 8414), asked once, by [`DeclaredServer::ready`].
    fn describe(&self, metadata: &mut ServerMetadata) {
        let _ = metadata;
    }

    /// Runs the [start-up checks](start_up), creates or extends the tables with `schema = managed`, and starts the server.
    /// What does not keep it from starting is logged.
    ///
    /// # Errors
    ///
    /// Everything that keeps it from starting: a line for each with what is wrong, where, and how to mend it.
    fn ready(self) -> impl Future<Output = Result<Ready<Self>, Error>> + Send {
        self.ready_in(Environment::default())
    }

    /// As [`DeclaredServer::ready`], with a clock and a source of randomness of your own, for tests.
    ///
    /// # Errors
    ///
    /// As [`DeclaredServer::ready`].
    fn ready_in(self, environment: Environment) -> impl Future<Output = Result<Ready<Self>, Error>> + Send {
        start_up::ready(self, environment)
    }

    /// Runs the start-up checks and answers everything they find, each with its fix, without starting anything: no table is
    /// created and nothing is changed. With `schema = managed` what the start would create is a notice.
    ///
    /// All clients are read, where [`DeclaredServer::ready`] reads the first [`CLIENTS_READ`](start_up::CLIENTS_READ).
    ///
    /// ```no_run
    /// use oauth2_runtime::prelude::*;
    ///
    /// async fn check<S: DeclaredServer>(auth: &S) {
    ///     let findings = auth.check().await;
    ///     println!("{findings}");
    ///     std::process::exit(i32::from(!findings.allow_start()));
    /// }
    /// ```
    fn check(&self) -> impl Future<Output = Findings> + Send {
        self.check_in(Environment::default())
    }

    /// As [`DeclaredServer::check`], with a clock of your own, for tests.
    fn check_in(&self, environment: Environment) -> impl Future<Output = Findings> + Send {
        async move { start_up::check(self, &environment).await }
    }

    /// The statements that create the tables, for `schema = external`.
    #[must_use]
    fn schema_sql() -> String {
        Self::Store::schema_sql()
    }
}

/// The endpoints that the grants and the pages need, whether or not `endpoints(..)` has an entry for them.
pub(crate) const fn implied<S: DeclaredServer>() -> [Option<Mount<S>>; 5] {
    let browser = matches!(S::EXTENT, Extent::SignIn);
    let pages = browser && !matches!(S::SPEC.sign_in, SignInBy::OwnPages);
    [
        if browser { Some(Mount::of::<AuthorizationEndpoint>()) } else { None },
        if pages { Some(Mount::of::<SignInPage>()) } else { None },
        if pages { Some(Mount::of::<ConsentPage>()) } else { None },
        Some(Mount::of::<TokenEndpoint>()),
        Some(Mount::of::<MetadataEndpoint>()),
    ]
}

/// Whether some endpoint has a method by which clients prove themselves without a secret.
pub(crate) fn has_keyed_clients<S: DeclaredServer>() -> bool {
    methods::<S>().any(Method::is_keyed)
}

/// The client authentication methods of the server and of its endpoints; one may be there several times.
pub(crate) fn methods<S: DeclaredServer>() -> impl Iterator<Item = &'static Method<S>> {
    mounts::<S>().flat_map(|mount| mount.client_auth_methods()).chain(S::METHODS)
}

/// Every endpoint, as its entry in `endpoints(..)` says if it has one.
pub(crate) fn mounts<S: DeclaredServer>() -> impl Iterator<Item = Mount<S>> {
    let declared = S::ENDPOINTS;
    let listed = |known_as: &str| declared.iter().any(|mount| mount.known_as == known_as);
    let implied = implied::<S>().into_iter().flatten().filter(move |mount| !listed(mount.known_as));
    implied.chain(declared.iter().copied())
}

/// The authorization endpoint of a server with pages of its own is served by those.
pub(crate) fn is_own_page<S: DeclaredServer>(mount: &Mount<S>) -> bool {
    let authorization = <AuthorizationEndpoint as Endpoint<S>>::PATH;
    S::SPEC.sign_in == SignInBy::OwnPages && mount.known_as == authorization
}

/// Whether people's browsers are sent there, and nobody else asks.
pub(crate) fn is_for_browsers<S: DeclaredServer>(mount: &Mount<S>) -> bool {
    let pages = [
        <AuthorizationEndpoint as Endpoint<S>>::PATH,
        <SignInPage as Endpoint<S>>::PATH,
        <ConsentPage as Endpoint<S>>::PATH,
    ];
    pages.contains(&mount.known_as)
}

/// Where the pages are.
pub(crate) fn pages<S: DeclaredServer>(issuer: &Issuer) -> Pages {
    let place = |known_as: &str| {
        let mount = mounts::<S>().find(|mount| mount.known_as == known_as);
        mount.map(|mount| mount.place(issuer)).unwrap_or_default()
    };
    Pages {
        authorization: place(<AuthorizationEndpoint as Endpoint<S>>::PATH),
        sign_in: place(<SignInPage as Endpoint<S>>::PATH),
        consent: place(<ConsentPage as Endpoint<S>>::PATH),
    }
}

impl<S: DeclaredServer> Ready<S> {
    /// The routes of every endpoint, under the issuer's path. Merge it into your router; it fits one with any state. With
    /// `sign_in = own_pages` the authorization endpoint is not among them: see [`Ready::authorization_page`].
    ///
    /// An endpoint answers every other method itself, with 405 and `Allow`. The `method_not_allowed_fallback` of your router has
    /// no effect there, and a route of your own at the same path that has a fallback too cannot be merged: axum panics.
    pub fn router<St: Clone + Send + Sync + 'static>(&self) -> Router<St> {
        // An issuer's path may have segments that an older syntax of axum gave a meaning to.
        let mut router = Router::new().without_v07_checks();
        let without_cors = WithoutCors::default();
        for mount in mounts::<S>().filter(|mount| !is_own_page(mount)) {
            let (here, methods) = (mount.place(self.issuer()), mount.methods);
            let (path, server) = (here.clone(), self.clone());
            let handler = move |OriginalUri(uri): OriginalUri, request: Request| async move {
                if uri.path() == here {
                    mount.call(server, request).await
                } else {
                    misplaced(&here, uri.path())
                }
            };
            let allowed = allowed(&mount);
            let route = on(methods, handler).fallback(move || ready(method_not_allowed(&allowed)));
            let mut route = mount.layered(route);
            if is_for_browsers(&mount) {
                let without_cors = without_cors.clone();
                // Outside of its layer.
                route = route.layer(from_fn(move |request, next| without_cors.clone().around(request, next)));
            }
            router = router.route(&path, route);
        }
        router.with_state(())
    }

    /// Your own page at the authorization endpoint, for `sign_in = own_pages`: usually `get(show).post(decide)`, with
    /// [`Ready::validate_consent_request`] and [`Ready::create_authorization_response`] inside. Merge it into your router.
    ///
    /// An authorization request that a client posts (OpenID Connect Core 1.0 section 3.1.2.1) reaches your page as a GET. Other
    /// methods do not reach it. A CORS layer around your page has no effect: see [`Mount::layer`].
    pub fn authorization_page<St: Clone + Send + Sync + 'static>(
        &self,
        page: MethodRouter<St>,
    ) -> Router<St> {
        let without_cors = WithoutCors::default();
        let page = page.layer(from_fn(posted_request));
        let page = page.layer(from_fn(move |request, next| without_cors.clone().around(request, next)));
        Router::new().without_v07_checks().route(&self.pages().authorization, page)
    }
}

/// The router was nested under a prefix the issuer does not have: every address in the metadata would be wrong.
fn misplaced(here: &str, asked: &str) -> Response {
    tracing::error!(
        mounted = asked,
        declared = here,
        "the router is nested under a path that the issuer lacks: merge it, and put the path into the issuer"
    );
    let mut response = Response::default();
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}
