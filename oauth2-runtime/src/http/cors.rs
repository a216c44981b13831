use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderName;

/// For routes that browsers are sent to and that no script of another site may read: the authorization endpoint, which must
/// not support CORS (RFC 9700 section 2.6), and its pages. Clones are one route set, of which the log tells once.
#[derive(Debug, Clone, Default)]
pub(crate) struct WithoutCors {
    told: Arc<AtomicBool>,
}

impl WithoutCors {
    /// The answer of `route` without the leave that its layers give to scripts. It is marked, for the layers outside.
    pub(crate) async fn around(self, request: Request, route: Next) -> Response {
        let mut response = route.run(request).await;
        self.withdraw(&mut response);
        response.extensions_mut().insert(self);
        response
    }

    /// The answer without such leave, if it is of such a route.
    pub(super) fn ended(mut response: Response) -> Response {
        if let Some(mark) = response.extensions_mut().remove::<Self>() {
            mark.withdraw(&mut response);
        }
        response
    }

    fn withdraw(&self, response: &mut Response) {
        let headers = response.headers_mut();
        let is_leave = |name: &&HeaderName| name.as_str().starts_with("access-control-");
        let leave: Vec<HeaderName> = headers.keys().filter(is_leave).cloned().collect();
        for name in &leave {
            headers.remove(name);
        }
        if !leave.is_empty() && !self.told.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "removed what a CORS layer had added to an answer of the authorization endpoint or of its pages: \
                 browsers are sent there, and scripts of other sites may not read it (RFC 9700 section 2.6); put the \
                 layer around the routes that scripts ask"
            );
        }
    }
}
