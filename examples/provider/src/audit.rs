//! The audit file: one JSON object a line for every signal, written before the request that caused it is answered.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

use oauth2_runtime::prelude::*;
use serde::Serialize;

/// Where the lines go, if anywhere.
pub(crate) struct Audit(Option<File>);

/// What is written of an event. There is no room in it for a token, a code or a secret.
#[derive(Serialize)]
pub(crate) struct Line<'a> {
    event: &'static str,
    client_id: &'a str,
    sub: Option<&'a str>,
    grant_type: Option<&'static str>,
    /// Seconds since 1970-01-01T00:00:00Z.
    at: i64,
}

/// An event that has a line.
pub(crate) trait Entry: Send + Sync {
    /// Its line.
    fn line(&self) -> Line<'_>;
}

impl Audit {
    /// Opens the file, which is created if it is not there and else appended to.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, Error> {
        let Some(path) = path else { return Ok(Self(None)) };
        let opened = OpenOptions::new().create(true).append(true).open(path);
        let file = opened.map_err(|source| unwritable(path, source))?;
        Ok(Self(Some(file)))
    }

    /// A file that nothing is written to.
    pub(crate) const fn none() -> Self {
        Self(None)
    }

    /// Whether [`Audit::open`] would do, without creating the file.
    pub(crate) fn check(path: &Path) -> Result<(), Error> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let opened = match OpenOptions::new().append(true).open(path) {
            Err(error) if error.kind() == ErrorKind::NotFound && folder.is_none_or(Path::is_dir) => Ok(()),
            opened => opened.map(drop),
        };
        opened.map_err(|source| unwritable(path, source))
    }

    /// Appends the line of `event`.
    pub(crate) fn record(&self, event: &impl Entry) -> Result<(), Error> {
        let Some(mut file) = self.0.as_ref() else { return Ok(()) };
        let failed = |source| Error::new("cannot write an audit line").caused_by(source);
        let mut line = serde_json::to_vec(&event.line()).map_err(|source| failed(source.into()))?;
        line.push(b'\n');
        // One write, which the system appends as a whole: lines of requests at the same moment do not mix.
        file.write_all(&line).map_err(failed)
    }
}

fn unwritable(path: &Path, source: std::io::Error) -> Error {
    let place = path.display().to_string();
    Error::new(format!("cannot write the audit file `{}`", place.escape_debug())).caused_by(source)
}

fn line<'a>(event: &'static str, client_id: &'a ClientId, at: Timestamp) -> Line<'a> {
    Line { event, client_id: client_id.as_str(), sub: None, grant_type: None, at: at.unix_seconds() }
}

impl Entry for ClientAuthenticated {
    fn line(&self) -> Line<'_> {
        line("client_authenticated", &self.client_id, self.at)
    }
}

impl Entry for TokenIssued {
    fn line(&self) -> Line<'_> {
        let (sub, grant_type) = (self.subject.as_ref().map(Subject::as_str), Some(self.grant_type));
        Line { sub, grant_type, ..line("token_issued", &self.client_id, self.at) }
    }
}

impl Entry for TokenAuthenticated {
    fn line(&self) -> Line<'_> {
        let sub = self.subject.as_ref().map(Subject::as_str);
        Line { sub, ..line("token_authenticated", &self.client_id, self.at) }
    }
}

impl Entry for TokenRevoked {
    fn line(&self) -> Line<'_> {
        let sub = self.subject.as_ref().map(Subject::as_str);
        Line { sub, ..line("token_revoked", &self.client_id, self.at) }
    }
}

impl Entry for RefreshTokenReused {
    fn line(&self) -> Line<'_> {
        let sub = self.subject.as_ref().map(Subject::as_str);
        Line { sub, ..line("refresh_token_reused", &self.client_id, self.at) }
    }
}

impl Entry for CodeReplayed {
    fn line(&self) -> Line<'_> {
        Line { sub: Some(self.subject.as_str()), ..line("code_replayed", &self.client_id, self.at) }
    }
}

impl Entry for ConsentGranted {
    fn line(&self) -> Line<'_> {
        Line { sub: Some(self.subject.as_str()), ..line("consent_granted", &self.client_id, self.at) }
    }
}

impl Entry for ConsentDenied {
    fn line(&self) -> Line<'_> {
        let sub = self.subject.as_ref().map(Subject::as_str);
        Line { sub, ..line("consent_denied", &self.client_id, self.at) }
    }
}
