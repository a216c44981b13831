//! The page as data: its rows, and what each says.

use std::fs;
use std::path::{Path, PathBuf};

/// The frameworks that a row may name.
const FRAMEWORKS: [&str; 13] = [
    "OpenIddict",
    "node-oidc-provider",
    "Spring Authorization Server",
    "fosite",
    "Authlib",
    "oxide-auth",
    "matrix-authentication-service",
    "Doorkeeper",
    "django-oauth-toolkit",
    "Duende IdentityServer",
    "Keycloak",
    "axum",
    "others",
];

/// When they notice.
const MOMENTS: [&str; 14] = [
    "at compile time",
    "at start-up",
    "at the first request",
    "a warning at start-up",
    "a warning at the first request",
    "a warning",
    "a log line",
    "when its validator is called",
    "by the OpenID conformance suite alone",
    "by the OpenID conformance suite",
    "on by default",
    "off by default",
    "cannot happen",
    "cannot be set",
];

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

pub(crate) fn path() -> PathBuf {
    root().join("docs/rules.md")
}

pub(crate) fn text() -> String {
    fs::read_to_string(path()).unwrap()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Compile,
    Unrepresentable,
    StartUp,
    Request,
    NotYet,
}

impl State {
    pub(crate) const ALL: [Self; 5] =
        [Self::Compile, Self::Unrepresentable, Self::StartUp, Self::Request, Self::NotYet];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Compile => "compile",
            Self::Unrepresentable => "unrepresentable",
            Self::StartUp => "start-up",
            Self::Request => "request",
            Self::NotYet => "not yet",
        }
    }
}

/// One misconfiguration.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) number: u16,
    pub(crate) state: State,
    /// The names of UI cases, of tests, or of the file that is missing.
    pub(crate) evidence: Vec<String>,
    /// The paragraphs below the line of the state, without blocks.
    pub(crate) prose: Vec<String>,
    /// The lines of the block.
    pub(crate) messages: Vec<String>,
}

/// `M004` as a number.
fn number(text: &str) -> Option<u16> {
    let digits = text.strip_prefix('M')?.get(..3)?;
    digits.parse().ok()
}

/// The rows that a rule file names in its first line: `//! M053 to M055, M058: what a client may register.`
pub(crate) fn numbers(first_line: &str) -> Vec<u16> {
    let items = first_line.trim_start_matches("//! ").split(", ");
    let ranges = items.map_while(|item| {
        let first = number(item)?;
        let last = item.get(4..).and_then(|rest| number(rest.strip_prefix(" to ")?));
        Some(first..=last.unwrap_or(first))
    });
    ranges.flatten().collect()
}

/// The rows of the page by topic, those of a topic in order.
pub(crate) fn rows(page: &str) -> Vec<Row> {
    let mut all = Vec::new();
    for topic in page.split("\n## ").skip(1) {
        let (entries, table) = topic.split_once("\n| row |").unwrap_or((topic, ""));
        let mut rows: Vec<Row> = entries.split("\n### ").skip(1).map(entry).collect();
        rows.extend(table.lines().filter(|line| line.starts_with("| M")).map(compact));
        rows.sort_by_key(|row| row.number);
        all.extend(rows);
    }
    all
}

/// A row of its own section.
fn entry(section: &str) -> Row {
    let (title, body) = section.split_once("\n\n").unwrap();
    let number = number(title).unwrap_or_else(|| panic!("no number: {title}"));
    assert!(title.get(4..).is_some_and(|rest| rest.starts_with(": ")), "{title}");
    let mut parts = body.trim().split("\n\n");
    let first = parts.next().unwrap();
    let [state, specification, elsewhere] = first.split(" · ").collect::<Vec<_>>()[..] else {
        panic!("M{number:03}: not three parts: {first}");
    };
    let (state, evidence) = state.split_once(": ").unwrap_or((state, ""));
    let state = State::ALL.into_iter().find(|known| state == format!("`{}`", known.name()));
    let state = state.filter(|state| *state != State::NotYet);
    let state = state.unwrap_or_else(|| panic!("M{number:03}: its state: {first}"));
    check_sources(number, specification, elsewhere.strip_prefix("elsewhere: ").unwrap_or_default());
    let (blocks, prose): (Vec<_>, Vec<_>) = parts.partition(|part| part.starts_with("```"));
    let lines = |block: &str| block.lines().map(str::to_owned).collect::<Vec<_>>();
    let messages = blocks.iter().flat_map(|block| lines(between_fences(number, block))).collect();
    let evidence = evidence.split(", ").filter(|name| !name.is_empty()).map(name_of).collect();
    Row { number, state, evidence, prose: prose.into_iter().map(str::to_owned).collect(), messages }
}

fn between_fences(number: u16, block: &str) -> &str {
    let inner = block.strip_prefix("```text\n").and_then(|rest| rest.strip_suffix("\n```"));
    inner.unwrap_or_else(|| panic!("M{number:03}: no block of text: {block}"))
}

/// Of `` `name` `` or `` [`name`](target) ``.
fn name_of(evidence: &str) -> String {
    let name = evidence.split('`').nth(1).unwrap_or_default();
    assert!(!name.is_empty(), "no name in `{evidence}`");
    name.to_owned()
}

/// A row of a table, which is `not yet`.
fn compact(line: &str) -> Row {
    let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
    let [id, what, waits_for, file, specification, elsewhere] = cells[..] else {
        panic!("not six cells: {line}");
    };
    let number = number(id).unwrap();
    assert!(!what.is_empty() && !waits_for.is_empty(), "{line}");
    check_sources(number, specification, elsewhere);
    let prose = vec![what.to_owned(), waits_for.to_owned()];
    Row { number, state: State::NotYet, evidence: vec![name_of(file)], prose, messages: Vec::new() }
}

/// The specification and where others notice: `not known`, `never`, or `at start-up (Authlib, OpenIddict), never (fosite)`.
fn check_sources(number: u16, specification: &str, elsewhere: &str) {
    assert!(!specification.is_empty(), "M{number:03}: no specification");
    if ["not known", "never"].contains(&elsewhere) {
        return;
    }
    let mut rest = elsewhere;
    loop {
        let moment = MOMENTS.into_iter().chain(["never"]).find(|moment| {
            rest.strip_prefix(moment).is_some_and(|after| after.is_empty() || after.starts_with([',', ' ']))
        });
        let moment = moment.unwrap_or_else(|| panic!("M{number:03}: no moment: `{rest}` of `{elsewhere}`"));
        rest = &rest[moment.len()..];
        if let Some(named) = rest.strip_prefix(" (") {
            let (names, after) = named.split_once(')').unwrap();
            for name in names.split(", ") {
                let known = FRAMEWORKS.into_iter().any(|known| {
                    name.strip_prefix(known).is_some_and(|note| note.is_empty() || note.starts_with(' '))
                });
                assert!(known, "M{number:03}: no framework is called `{name}`");
            }
            rest = after;
        }
        let Some(next) = rest.strip_prefix(", ") else { break };
        rest = next;
    }
    assert!(rest.is_empty(), "M{number:03}: `{rest}` of `{elsewhere}`");
}
