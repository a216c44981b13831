//! What is found before a server starts.

use std::borrow::Cow;
use std::fmt;

use crate::error::Error;

/// What a finding means for the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// The server does not start.
    Error,
    /// The server starts, and something will not work or is not safe.
    Warning,
    /// What the start will change by itself.
    Notice,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
        })
    }
}

/// One finding: a line with what, where, and the fix. No secret and no digest is in it.
#[derive(Debug)]
pub struct Finding {
    severity: Severity,
    line: Error,
    hides_rows: bool,
}

impl Finding {
    fn new(severity: Severity, line: impl Into<Cow<'static, str>>) -> Self {
        Self { severity, line: Error::new(line), hides_rows: matches!(severity, Severity::Error) }
    }

    /// Keeps the server from starting.
    pub fn error(line: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Severity::Error, line)
    }

    /// Does not keep the server from starting.
    pub fn warning(line: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Severity::Warning, line)
    }

    /// Is what the start will change by itself.
    pub fn notice(line: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Severity::Notice, line)
    }

    /// The same, of a table or a column whose rows cannot be read before the start.
    pub(crate) fn hiding_rows(self) -> Self {
        Self { hides_rows: true, ..self }
    }

    /// Whether it is why rows cannot be read.
    pub(crate) const fn hides_rows(&self) -> bool {
        self.hides_rows
    }

    /// What it means for the start.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.severity
    }
}

/// An error keeps the server from starting.
impl From<Error> for Finding {
    fn from(line: Error) -> Self {
        Self { severity: Severity::Error, line, hides_rows: true }
    }
}

/// The line, without the severity.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.line, f)
    }
}

/// Everything that is found before a server starts; empty when there is nothing to say. Printed, it is a line for each
/// finding, errors first, such as `error: the issuer ..`.
#[derive(Debug, Default)]
#[must_use = "the findings are for the operator"]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// The findings.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.0.iter()
    }

    /// Whether there is nothing to say.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the server starts: none of them is an error.
    #[must_use]
    pub fn allow_start(&self) -> bool {
        self.iter().all(|finding| finding.severity != Severity::Error)
    }

    /// Adds one, for instance of the application's own.
    pub fn push(&mut self, finding: impl Into<Finding>) {
        self.0.push(finding.into());
    }

    /// The warnings and notices, if there is no error.
    ///
    /// # Errors
    ///
    /// All errors as one: the only one as it is, several with a line for each.
    pub fn into_result(self) -> Result<Self, Error> {
        let (errors, others): (Vec<_>, Vec<_>) =
            self.0.into_iter().partition(|finding| finding.severity == Severity::Error);
        let mut errors: Vec<_> = errors.into_iter().map(|finding| finding.line).collect();
        match (errors.pop(), errors.is_empty()) {
            (None, _) => Ok(Self(others)),
            (Some(only), true) => Err(only),
            (Some(last), false) => {
                errors.push(last);
                let lines: Vec<_> = errors.iter().map(|error| format!("\n- {error}")).collect();
                Err(Error::new(format!(
                    "{} things keep the server from starting:{}",
                    lines.len(),
                    lines.concat()
                )))
            }
        }
    }
}

impl<F: Into<Finding>> Extend<F> for Findings {
    fn extend<I: IntoIterator<Item = F>>(&mut self, findings: I) {
        self.0.extend(findings.into_iter().map(Into::into));
    }
}

impl IntoIterator for Findings {
    type Item = Finding;
    type IntoIter = std::vec::IntoIter<Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Finding;
    type IntoIter = std::slice::Iter<'a, Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for severity in [Severity::Error, Severity::Warning, Severity::Notice] {
            for finding in self.iter().filter(|finding| finding.severity == severity) {
                writeln!(f, "{severity}: {finding}")?;
            }
        }
        Ok(())
    }
}
