//! From the declaration to a running server: the start-up checks, the routes and the metadata document, all from
//! one table.

use std::collections::BTreeSet;
use std::future::Future;

use axum::Router;
use axum::extract::{OriginalUri, Request};
use axum::middleware::from_fn;
use axum::response::Response;
use axum::routing::{MethodRouter, on};
use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;

use crate::client_auth::Method;
use crate::endpoint::authorization::{AuthorizationEndpoint, posted_request};
use crate::endpoint::consent::ConsentPage;
use crate::endpoint::metadata::MetadataEndpoint;
use crate::endpoint::sign_in::SignInPage;
use crate::endpoint::token::TokenEndpoint;
use crate::endpoint::{Endpoint, Mount};
use crate::error::Error;
use crate::grant::Dispatch;
use crate::model::Extent;
use crate::server::{Environment, Pages, Ready};
use crate::spec::{ServerSpec, SignInBy};
use crate::store::Store;
use crate::types::{Issuer, Scope, ScopeSet, ServerMetadata};

/// A declared server: implemented by `#[oauth2_server]`.
pub trait DeclaredServer: Dispatch {
    /// Everything it declares.
    const SPEC: ServerSpec<Self>;

    /// What `metadata(..)` adds to the metadata document (RFC 8414), asked once, by [`DeclaredServer::ready`].
    fn describe(&self, metadata: &mut ServerMetadata) {
        let _ = metadata;
    }

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
            check_keys::<Self>()?;
            let metadata = document(&self, &issuer)?;
            self.store().prepare(Self::SPEC.schema).await?;
            report_undeclared_scopes(&self).await?;
            let pages = pages::<Self>(&issuer);
            let ready = Ready::new(self, issuer, has_keyed_clients::<Self>(), pages, metadata, environment);
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

/// Endpoints of one's own may have any path, as long as it is one and nobody else's. What the rules see at compile time are
/// the paths; here are the places, which the issuer's path has a part in.
fn check_paths<S: DeclaredServer>(issuer: &Issuer) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    for mount in mounts::<S>() {
        let plain = mount.path;
        if !plain.starts_with('/') || plain.contains(['{', '}', '*', ':', '?', '#']) {
            return Err(Error::new(format!(
                "an endpoint's path `{plain}` is not a plain path: begin it with `/` and leave out parameters and \
                 queries"
            )));
        }
        let path = mount.place(issuer);
        if !seen.insert(path.clone()) {
            return Err(Error::new(format!("two endpoints are at `{path}`: give one of them another path")));
        }
    }
    Ok(())
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

fn has_keyed_clients<S: DeclaredServer>() -> bool {
    let of_endpoints = mounts::<S>().flat_map(|mount| mount.client_auth_methods());
    of_endpoints.chain(S::METHODS).any(Method::is_keyed)
}

/// Every endpoint, as its entry in `endpoints(..)` says if it has one.
pub(crate) fn mounts<S: DeclaredServer>() -> impl Iterator<Item = Mount<S>> {
    let declared = S::SPEC.endpoints;
    let listed = |known_as: &str| declared.iter().any(|mount| mount.known_as == known_as);
    let implied = implied::<S>().into_iter().flatten().filter(move |mount| !listed(mount.known_as));
    implied.chain(declared.iter().copied())
}

/// The authorization endpoint of a server with pages of its own is served by those.
fn is_own_page<S: DeclaredServer>(mount: &Mount<S>) -> bool {
    let authorization = <AuthorizationEndpoint as Endpoint<S>>::PATH;
    S::SPEC.sign_in == SignInBy::OwnPages && mount.known_as == authorization
}

/// Keys that nothing would ever look at.
fn check_keys<S: DeclaredServer>() -> Result<(), Error> {
    let for_nobody = [
        ("authorization", <AuthorizationEndpoint as Endpoint<S>>::PATH),
        ("sign_in", <SignInPage as Endpoint<S>>::PATH),
        ("consent", <ConsentPage as Endpoint<S>>::PATH),
        ("metadata", <MetadataEndpoint as Endpoint<S>>::PATH),
    ];
    let keyed =
        |known_as| mounts::<S>().any(|mount| mount.known_as == known_as && mount.client_auth.is_some());
    if let Some((name, _)) = for_nobody.into_iter().find(|(_, known_as)| keyed(*known_as)) {
        return Err(Error::new(format!(
            "`{name}(client_auth(..))` in `endpoints(..)`: no client authenticates there; remove the key"
        )));
    }
    if mounts::<S>().any(|mount| is_own_page(&mount) && mount.has_layer()) {
        return Err(Error::new(
            "`authorization(..)` in `endpoints(..)` has `layer`, but with `sign_in = own_pages` its route is \
             yours: put the layer around the `MethodRouter` of `authorization_page`",
        ));
    }
    Ok(())
}

fn pages<S: DeclaredServer>(issuer: &Issuer) -> Pages {
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

/// The metadata document. Each member has one source: the declaration, or one endpoint.
fn document<S: DeclaredServer>(server: &S, issuer: &Issuer) -> Result<Bytes, Error> {
    let mut metadata = ServerMetadata {
        issuer: issuer.as_str().to_owned(),
        scopes_supported: S::Scopes::NAMES.to_vec(),
        ..ServerMetadata::default()
    };
    server.describe(&mut metadata);
    let mut additional = std::mem::take(&mut metadata.additional);
    let origin = issuer.origin();
    for mount in mounts::<S>() {
        let (path, before) = (mount.place(issuer), members(&metadata)?);
        mount.describe(&mut metadata, format!("{origin}{path}"));
        for (name, value) in std::mem::take(&mut metadata.additional) {
            if ServerMetadata::FIELDS.contains(&name) {
                return Err(Error::new(format!(
                    "the endpoint at `{path}` adds `{name}` to the metadata document, which is derived from the \
                     declaration: leave it out, or set the field of `ServerMetadata` if the endpoint stands in for a \
                     built-in one"
                )));
            }
            if additional.insert(name, value).is_some() {
                return Err(twice(name, &path));
            }
        }
        let after = members(&metadata)?;
        if let Some((name, _)) = before.iter().find(|(name, value)| after.get(*name) != Some(value)) {
            return Err(twice(name, &path));
        }
    }
    metadata.additional = additional;
    Ok(serde_json::to_vec(&metadata).map_err(unwritten)?.into())
}

/// The members that say something so far.
fn members(metadata: &ServerMetadata) -> Result<serde_json::Map<String, Value>, Error> {
    let Value::Object(mut members) = serde_json::to_value(metadata).map_err(unwritten)? else {
        return Ok(serde_json::Map::new());
    };
    members.retain(|_, value| *value != Value::Array(Vec::new()));
    Ok(members)
}

fn twice(name: &str, path: &str) -> Error {
    Error::new(format!(
        "`{name}` is in the metadata document twice, the second time by the endpoint at `{path}`: leave it out of one"
    ))
}

fn unwritten(source: serde_json::Error) -> Error {
    Error::new("cannot write the metadata document").caused_by(source)
}

impl<S: DeclaredServer> Ready<S> {
    /// The routes of every endpoint, under the issuer's path. Merge it into your router; it fits one with any state. With
    /// `sign_in = own_pages` the authorization endpoint is not among them: see [`Ready::authorization_page`].
    pub fn router<St: Clone + Send + Sync + 'static>(&self) -> Router<St> {
        // An issuer's path may have segments that an older syntax of axum gave a meaning to.
        let mut router = Router::new().without_v07_checks();
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
            router = router.route(&path, mount.layered(on(methods, handler)));
        }
        router.with_state(())
    }

    /// Your own page at the authorization endpoint, for `sign_in = own_pages`: usually `get(show).post(decide)`, with
    /// [`Ready::validate_consent_request`] and [`Ready::create_authorization_response`] inside. Merge it into your router.
    ///
    /// An authorization request that a client posts (OpenID Connect Core 1.0 section 3.1.2.1) reaches your page as a GET.
    pub fn authorization_page<St: Clone + Send + Sync + 'static>(
        &self,
        page: MethodRouter<St>,
    ) -> Router<St> {
        let page = page.layer(from_fn(posted_request));
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
