//! From the declaration to a running server: the start-up checks, the routes and the metadata document, all from
//! one table.

use std::collections::BTreeSet;
use std::future::Future;

use axum::Router;
use axum::extract::{OriginalUri, Request, State};
use axum::response::Response;
use axum::routing::on;
use bytes::Bytes;
use http::StatusCode;

use crate::endpoint::Mount;
use crate::endpoint::authorization::AuthorizationEndpoint;
use crate::endpoint::consent::ConsentPage;
use crate::endpoint::metadata::MetadataEndpoint;
use crate::endpoint::sign_in::SignInPage;
use crate::endpoint::token::TokenEndpoint;
use crate::error::Error;
use crate::grant::Dispatch;
use crate::model::Extent;
use crate::server::{Environment, Ready};
use crate::spec::ServerSpec;
use crate::store::Store;
use crate::types::{Issuer, Scope, ScopeSet, ServerMetadata};

/// A declared server: implemented by `#[oauth2_server]`.
pub trait DeclaredServer: Dispatch {
    /// Everything it declares.
    const SPEC: ServerSpec<Self>;

    /// Runs the start-up checks: the issuer, the tables, the durability of commits.
    ///
    /// # Errors
    ///
    /// One line with what is wrong, where, and how to mend it.
    fn ready(self) -> impl Future<Output = Result<Ready<Self>, Error>> + Send {
        self.ready_in(Environment::default())
    }

    /// As [`DeclaredServer::ready`], with a clock and a source of randomness of your own, for tests.
    ///
    /// # Errors
    ///
    /// As [`DeclaredServer::ready`].
    fn ready_in(self, environment: Environment) -> impl Future<Output = Result<Ready<Self>, Error>> + Send {
        async move {
            let text = self.issuer()?;
            let issuer = Issuer::parse(&text).map_err(|reason| {
                let text = text.escape_debug();
                Error::new(format!("the issuer `{text}` is not usable: {reason} (RFC 8414 section 2)"))
            })?;
            check_paths::<Self>(&issuer)?;
            self.store().prepare(Self::SPEC.schema).await?;
            report_undeclared_scopes(&self).await?;
            let metadata = document::<Self>(&issuer)?;
            let ready = Ready::new(self, issuer, metadata, environment);
            if Self::SPEC.purge {
                ready.keep_purged();
            }
            Ok(ready)
        }
    }

    /// The statements that create the tables, for `schema = external`.
    #[must_use]
    fn schema_sql() -> String {
        Self::Store::schema_sql()
    }
}

async fn report_undeclared_scopes<S: Dispatch>(server: &S) -> Result<(), Error> {
    for stored in server.store().client_scopes().await? {
        for scope in ScopeSet::<S::Scopes>::undeclared(&stored) {
            tracing::warn!(scope, "a client has a scope that is no longer declared; it grants nothing");
        }
    }
    Ok(())
}

/// Endpoints of one's own may have any path, as long as it is one and nobody else's.
fn check_paths<S: DeclaredServer>(issuer: &Issuer) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    for mount in mounts::<S>() {
        let plain = mount.plain_path;
        if !plain.starts_with('/') || plain.contains(['{', '}', '*', ':', '?', '#']) {
            return Err(Error::new(format!(
                "an endpoint's path `{plain}` is not a plain path: begin it with `/` and leave out parameters and \
                 queries"
            )));
        }
        let path = (mount.path)(issuer);
        if !seen.insert(path.clone()) {
            return Err(Error::new(format!("two endpoints are at `{path}`: give one of them another path")));
        }
    }
    Ok(())
}

/// The endpoints that the grants need, and those of the declaration.
fn mounts<S: DeclaredServer>() -> impl Iterator<Item = Mount<S>> {
    let browser =
        [Mount::of::<AuthorizationEndpoint>(), Mount::of::<SignInPage>(), Mount::of::<ConsentPage>()];
    let browser = browser.into_iter().filter(|_| S::EXTENT == Extent::SignIn);
    let always = [Mount::of::<TokenEndpoint>(), Mount::of::<MetadataEndpoint>()];
    browser.chain(always).chain(S::SPEC.endpoints.iter().copied())
}

fn document<S: DeclaredServer>(issuer: &Issuer) -> Result<Bytes, Error> {
    let mut metadata = ServerMetadata {
        issuer: issuer.as_str().to_owned(),
        scopes_supported: S::Scopes::NAMES.to_vec(),
        ..ServerMetadata::default()
    };
    let origin = issuer.origin();
    for mount in mounts::<S>() {
        (mount.describe)(&mut metadata, format!("{origin}{}", (mount.path)(issuer)));
    }
    let json = serde_json::to_vec(&metadata);
    Ok(json.map_err(|source| Error::new("cannot write the metadata document").caused_by(source))?.into())
}

impl<S: DeclaredServer> Ready<S> {
    /// The routes of every endpoint, under the issuer's path. Merge it into your router; it fits one with any state.
    pub fn router<St: Clone + Send + Sync + 'static>(&self) -> Router<St> {
        // An issuer's path may have segments that an older syntax of axum gave a meaning to.
        let mut router = Router::new().without_v07_checks();
        for mount in mounts::<S>() {
            let path = (mount.path)(self.issuer());
            let (here, call) = (path.clone(), mount.call);
            let handler = move |State(server): State<Self>,
                                OriginalUri(uri): OriginalUri,
                                request: Request| async move {
                if uri.path() == here { call(server, request).await } else { misplaced(&here, uri.path()) }
            };
            router = router.route(&path, on(mount.methods, handler));
        }
        router.with_state(self.clone())
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
