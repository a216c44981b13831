//! What people see. Everything that comes from elsewhere is escaped by the template.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use oauth2::TokenResponse;

use crate::provider::{Failure, Tokens};

/// The pages may use this client's own stylesheet and forms, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; \
                      frame-ancestors 'none'; base-uri 'none'";

/// Characters shown of a token: enough to see that it has changed.
const SHOWN: usize = 10;

/// A page.
pub(crate) enum Page {
    /// Nobody has signed in yet.
    Welcome,
    /// Somebody has.
    Album { owner: String, photos: Vec<String>, tokens: Tokens },
    /// Something else happened.
    Problem(Failure),
}

#[derive(Template)]
#[template(path = "page.html")]
struct Document<'a> {
    page: &'a Page,
}

impl Page {
    pub(crate) fn response(&self) -> Response {
        let headers = [
            (header::CONTENT_SECURITY_POLICY, POLICY),
            (header::CACHE_CONTROL, "no-store"),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::X_FRAME_OPTIONS, "DENY"),
        ];
        let document = Document { page: self };
        match document.render() {
            Ok(html) => (self.status(), headers, Html(html)).into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }

    const fn status(&self) -> StatusCode {
        match self {
            Self::Welcome | Self::Album { .. } | Self::Problem(Failure::Denied) => StatusCode::OK,
            Self::Problem(Failure::Unasked | Failure::Stranger) => StatusCode::BAD_REQUEST,
            Self::Problem(Failure::Refused(_) | Failure::Silent) => StatusCode::BAD_GATEWAY,
        }
    }

    const fn title(&self) -> &str {
        match self {
            Self::Welcome => "Photo Album",
            Self::Album { .. } => "Your photos",
            Self::Problem(Failure::Denied) => "No photos, then",
            Self::Problem(Failure::Unasked) => "That was not our question",
            Self::Problem(Failure::Stranger) => "That was somebody else",
            Self::Problem(Failure::Refused(_)) => "The photo service said no",
            Self::Problem(Failure::Silent) => "The photo service is silent",
        }
    }
}

impl Failure {
    const fn explanation(&self) -> &str {
        match self {
            Self::Denied => {
                "You did not allow access, and nothing was shared. You can change your mind at any time."
            }
            Self::Unasked => {
                "An answer arrived that belongs to no sign-in of this browser. Start again from here."
            }
            Self::Stranger => {
                "An answer arrived from another service than the one this album knows. It was not used."
            }
            Self::Refused(_) => "The access it once gave may have ended. Sign in again to go on.",
            Self::Silent => "It may be starting, or not running: cargo run -p quickstart",
        }
    }

    fn code(&self) -> Option<&str> {
        if let Self::Refused(code) = self { Some(code) } else { None }
    }
}

impl Tokens {
    /// The beginning of the access token. Nobody needs to read all of it.
    fn beginning(&self) -> String {
        self.issued.access_token().secret().chars().take(SHOWN).collect()
    }

    fn scopes(&self) -> impl Iterator<Item = &str> {
        self.issued.scopes().into_iter().flatten().map(|scope| scope.as_str())
    }

    /// How long the access token lives, and how much of that is left.
    fn lifetime(&self) -> String {
        let Some(total) = self.issued.expires_in() else { return "the service did not say".to_owned() };
        let left = total.saturating_sub(self.at.elapsed());
        format!("{} min, {} min {} s left", total.as_secs() / 60, left.as_secs() / 60, left.as_secs() % 60)
    }
}

pub(crate) async fn stylesheet() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../templates/style.css"))
}
