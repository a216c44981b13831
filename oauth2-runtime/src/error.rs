//! What can go wrong: protocol errors for clients, and errors of set-up for operators.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use http::StatusCode;
use serde::{Serialize, Serializer};

/// The registered error codes this server answers with, each with its HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorCode {
    /// A parameter is missing, repeated or malformed (RFC 6749 section 5.2).
    InvalidRequest,
    /// The client is unknown or did not authenticate (RFC 6749 section 5.2).
    InvalidClient,
    /// The grant presented is not valid, expired, revoked or another client's (RFC 6749 section 5.2).
    InvalidGrant,
    /// This client may not use this grant type (RFC 6749 section 5.2).
    UnauthorizedClient,
    /// The server has no such grant type (RFC 6749 section 5.2).
    UnsupportedGrantType,
    /// The scope is unknown, malformed or more than may be granted (RFC 6749 section 5.2).
    InvalidScope,
    /// The access token is expired, revoked or malformed (RFC 6750 section 3.1).
    InvalidToken,
    /// The access token lacks a scope (RFC 6750 section 3.1).
    InsufficientScope,
    /// The person or the server refused the request (RFC 6749 section 4.1.2.1).
    AccessDenied,
    /// The authorization endpoint has no such response type (RFC 6749 section 4.1.2.1).
    UnsupportedResponseType,
    /// Nobody is signed in, and the request forbids to ask (OpenID Connect Core 1.0 section 3.1.2.6).
    LoginRequired,
    /// The person has not agreed, and the request forbids to ask (OpenID Connect Core 1.0 section 3.1.2.6).
    ConsentRequired,
    /// The `request` parameter is not supported (RFC 9101 section 9).
    RequestNotSupported,
    /// The `request_uri` parameter is not supported (RFC 9101 section 9).
    RequestUriNotSupported,
    /// The server failed (RFC 6749 section 4.1.2.1).
    ServerError,
    /// The server cannot answer now, for instance because its database is down (RFC 6749 section 4.1.2.1).
    TemporarilyUnavailable,
}

impl ErrorCode {
    /// The code as registered with IANA.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
            Self::AccessDenied => "access_denied",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::LoginRequired => "login_required",
            Self::ConsentRequired => "consent_required",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
        }
    }

    /// The HTTP status it is sent with by endpoints for clients and by protected resources. The authorization endpoint
    /// sends it as a redirect (RFC 6749 section 4.1.2.1), or shows it on a page.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::InvalidRequest
            | Self::InvalidGrant
            | Self::UnauthorizedClient
            | Self::UnsupportedGrantType
            | Self::InvalidScope
            | Self::AccessDenied
            | Self::UnsupportedResponseType
            | Self::LoginRequired
            | Self::ConsentRequired
            | Self::RequestNotSupported
            | Self::RequestUriNotSupported => StatusCode::BAD_REQUEST,
            Self::InvalidClient | Self::InvalidToken => StatusCode::UNAUTHORIZED,
            Self::InsufficientScope => StatusCode::FORBIDDEN,
            Self::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
            Self::TemporarilyUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// As the code that is registered.
impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

type Source = Box<dyn StdError + Send + Sync>;

/// A protocol error: what a client is told, and the cause that only the log sees.
///
/// The description goes to the client as it is, so it never holds a value from the request.
#[derive(Debug)]
pub struct OAuthError {
    code: ErrorCode,
    status: Option<StatusCode>,
    description: Cow<'static, str>,
    source: Option<Source>,
}

macro_rules! constructors {
    ($($(#[$docs:meta])* $name:ident => $code:ident,)*) => {
        impl OAuthError {
            $(
                $(#[$docs])*
                pub fn $name(description: impl Into<Cow<'static, str>>) -> Self {
                    Self::new(ErrorCode::$code, description)
                }
            )*
        }
    };
}

constructors! {
    /// A parameter is missing, repeated or malformed.
    invalid_request => InvalidRequest,
    /// The client is unknown or did not authenticate.
    invalid_client => InvalidClient,
    /// What the client presented is not valid.
    invalid_grant => InvalidGrant,
    /// This client may not use this grant type.
    unauthorized_client => UnauthorizedClient,
    /// The server has no such grant type.
    unsupported_grant_type => UnsupportedGrantType,
    /// The scope is unknown or more than may be granted.
    invalid_scope => InvalidScope,
    /// The person, or the server for them, has refused (RFC 6749 section 4.1.2.1).
    access_denied => AccessDenied,
    /// The server did something that it must not do.
    server_error => ServerError,
}

impl OAuthError {
    /// An error with `code` and a description for the client's developer (RFC 6749 section 5.2,
    /// `error_description`).
    pub fn new(code: ErrorCode, description: impl Into<Cow<'static, str>>) -> Self {
        Self { code, status: None, description: description.into(), source: None }
    }

    /// The server cannot answer now; `source` goes to the log. Sent as 503 with `Retry-After`.
    pub fn unavailable(source: impl Into<Source>) -> Self {
        Self {
            source: Some(source.into()),
            ..Self::new(ErrorCode::TemporarilyUnavailable, "the server cannot answer now, try again soon")
        }
    }

    /// The server has a fault that trying again does not mend; `source` goes to the log. Sent as 500.
    pub(crate) fn server_fault(source: impl Into<Source>) -> Self {
        Self { source: Some(source.into()), ..Self::new(ErrorCode::ServerError, "the server failed") }
    }

    /// The same error with another HTTP status than its code's usual one, such as 413.
    #[must_use]
    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status: Some(status), ..self }
    }

    /// The registered code.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        self.code
    }

    /// The HTTP status to answer with.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status.unwrap_or_else(|| self.code.status())
    }

    /// What the client is told.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The status it was given in place of its code's.
    pub(crate) const fn own_status(&self) -> Option<StatusCode> {
        self.status
    }
}

impl OAuthError {
    /// Logs it where it is answered, with the cause that the client does not see.
    pub(crate) fn log(&self) {
        let (code, reason) = (self.code.as_str(), self.description());
        match StdError::source(self) {
            Some(source) => tracing::error!(code, source, "request failed"),
            None if self.status().is_server_error() => tracing::error!(code, reason, "request failed"),
            None => tracing::info!(code, reason, "request refused"),
        }
    }
}

impl fmt::Display for OAuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.description)
    }
}

impl StdError for OAuthError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| &**source as &(dyn StdError + 'static))
    }
}

impl From<Error> for OAuthError {
    fn from(error: Error) -> Self {
        Self::unavailable(error)
    }
}

/// Something outside the protocol failed: set-up, the database, a listener, your own code.
///
/// It prints as one line that says what, where and how to mend it, also from `fn main() -> Result<(), Error>`.
pub struct Error {
    message: Cow<'static, str>,
    source: Option<Source>,
}

impl Error {
    /// An error with its message.
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self { message: message.into(), source: None }
    }

    /// The same error with what caused it.
    #[must_use]
    pub fn caused_by(self, source: impl Into<Source>) -> Self {
        Self { source: Some(source.into()), ..self }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.source {
            Some(source) => write!(f, " ({source})"),
            None => Ok(()),
        }
    }
}

/// The same line as `Display`: it is what `main` prints before it exits with 1.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| &**source as &(dyn StdError + 'static))
    }
}

impl From<tokio::task::JoinError> for Error {
    fn from(source: tokio::task::JoinError) -> Self {
        Self::new("a task ended early").caused_by(source)
    }
}

impl From<std::io::Error> for Error {
    fn from(source: std::io::Error) -> Self {
        Self::new("input or output failed").caused_by(source)
    }
}

impl From<sqlx::Error> for Error {
    fn from(source: sqlx::Error) -> Self {
        Self::new("the database failed").caused_by(source)
    }
}
