//! M053 to M056, M058: what a client may register as a redirect URI, told by its text.
//!
//! Nothing of this crate is named here: a test in the package `tests` compiles this folder as well, and holds it against what
//! the runtime refuses when a client is stored. There is no parser of URLs, so that what is accepted is the syntax of
//! RFC 3986 in the form that such a parser would not change. One thing is left to the runtime: what an `xn--` label encodes.

mod authority;
mod form;
mod iss;
mod uri;

use authority::{host, http, port, user};
use form::{dot_segments, normal_form};
use iss::iss;
use uri::Uri;

type Rule = fn(&Uri<'_>) -> Result<(), Refusal>;

const RULES: &[Rule] = &[
    white_space,
    wildcard,
    absolute,
    scheme,
    character,
    fragment,
    user,
    host,
    port,
    http,
    normal_form,
    dot_segments,
    iss,
];

/// Schemes whose rest a browser runs or shows by itself.
const OF_BROWSERS: &[&str] = &["about", "blob", "data", "file", "filesystem", "javascript", "vbscript"];

/// Whether a client may register `uri`.
pub(crate) fn verify(uri: &str) -> Result<(), Refusal> {
    let uri = Uri::split(uri);
    RULES.iter().try_for_each(|rule| rule(&uri))
}

/// Why a client may not register a URI.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) reason: String,
    /// What was probably meant.
    meant: Option<String>,
    /// What to do where that would be refused as well.
    remedy: &'static str,
    /// The section that says so.
    pub(crate) note: &'static str,
}

impl Refusal {
    /// What to write.
    pub(crate) fn help(&self) -> String {
        match self.meant.as_deref().filter(|meant| verify(meant).is_ok()) {
            Some(meant) => format!("write `\"{meant}\"`"),
            None => self.remedy.to_owned(),
        }
    }
}

fn refuse(
    reason: impl Into<String>,
    meant: Option<String>,
    remedy: &'static str,
    note: &'static str,
) -> Result<(), Refusal> {
    Err(Refusal { reason: reason.into(), meant, remedy, note })
}

fn white_space(uri: &Uri<'_>) -> Result<(), Refusal> {
    if !uri.text.contains(char::is_whitespace) {
        return Ok(());
    }
    let remedy = "put each URI into quotes of its own; a space inside of one is `%20`";
    refuse(
        "a redirect URI has no white space",
        Some(uri.text.trim().to_owned()),
        remedy,
        "RFC 3986 section 2",
    )
}

/// M056.
fn wildcard(uri: &Uri<'_>) -> Result<(), Refusal> {
    if !uri.text.contains('*') {
        return Ok(());
    }
    let reason = "a redirect URI has no wildcard: it is compared as it is written";
    refuse(reason, None, "list every address that people are sent back to", "RFC 9700 section 2.1")
}

fn absolute(uri: &Uri<'_>) -> Result<(), Refusal> {
    // `localhost:3000/cb`: what looks like a scheme is a host.
    let has_port = uri.authority.is_none() && uri.rest.starts_with(|first: char| first.is_ascii_digit());
    if !uri.scheme.is_empty() && (uri.is_web() || !has_port) {
        return Ok(());
    }
    let (secure, plain) = (format!("https://{}", uri.text), format!("http://{}", uri.text));
    let meant = if verify(&plain).is_ok() { plain } else { secure };
    let remedy = "begin it with scheme and host, such as `\"https://app.example/cb\"`";
    refuse("this is not an absolute URI", Some(meant), remedy, "RFC 6749 section 3.1.2")
}

/// M055.
fn scheme(uri: &Uri<'_>) -> Result<(), Refusal> {
    let scheme = uri.scheme.as_str();
    if uri.is_web() || scheme.contains('.') {
        return Ok(());
    }
    let reason = if OF_BROWSERS.contains(&scheme) {
        format!("`{scheme}:` leads to no client: a browser runs or shows what follows it")
    } else {
        format!("`{scheme}:` leads to whichever application claims it")
    };
    let remedy = "write an `https` address, or an application's reversed domain name, such as `\"com.example.app:/cb\"`";
    refuse(reason, None, remedy, "RFC 8252 section 7.1")
}

fn character(uri: &Uri<'_>) -> Result<(), Refusal> {
    let in_brackets =
        uri.authority.map_or(0, |authority| uri.text.len() - uri.rest.len() + "//".len() + authority.len());
    let query = uri.text.find('?').filter(|_| uri.is_web()).unwrap_or(uri.text.len());
    let legal = |at: usize, character: char| match character {
        'a'..='z' | 'A'..='Z' | '0'..='9' => true,
        '[' | ']' => at < in_brackets,
        // Browsers encode it in a query.
        '\'' => at < query,
        '%' => {
            let digits = uri.text.get(at + 1..at + 3).unwrap_or_default();
            digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
        }
        _ => "-._~!$&()*+,;=:@/?#".contains(character),
    };
    let Some((at, wrong)) = uri.text.char_indices().find(|(at, character)| !legal(*at, *character)) else {
        return Ok(());
    };
    let encoded = if wrong == '\\' { "/".to_owned() } else { percent_encoded(wrong) };
    let mut meant = uri.text.to_owned();
    meant.replace_range(at..at + wrong.len_utf8(), &encoded);
    let remedy = "percent-encode it; a host name of another script is written in its `xn--` form";
    let reason = format!("`{}` cannot be in a redirect URI", wrong.escape_debug());
    refuse(reason, Some(meant), remedy, "RFC 3986 section 2")
}

fn percent_encoded(character: char) -> String {
    let bytes = character.to_string();
    bytes.bytes().fold(String::new(), |encoded, byte| format!("{encoded}%{byte:02X}"))
}

/// M053.
fn fragment(uri: &Uri<'_>) -> Result<(), Refusal> {
    let Some((before, _)) = uri.text.split_once('#') else { return Ok(()) };
    let remedy = "leave out the `#` and what follows it";
    refuse("a redirect URI has no fragment", Some(before.to_owned()), remedy, "RFC 6749 section 3.1.2")
}
