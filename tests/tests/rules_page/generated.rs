//! What of the page follows from the code: links, messages, counts, and the files of the rules.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use crate::page::{Row, State, numbers, root, rows};

/// What the compiler cannot see, since it is in data or in requests.
pub(crate) const LATER: [u16; 12] = [18, 27, 37, 45, 49, 50, 105, 111, 124, 125, 126, 145];
/// What it sees a part of: the same mistake may be in a row, a file or the environment.
pub(crate) const IN_PART: [u16; 23] =
    [26, 36, 38, 39, 41, 51, 53, 54, 55, 58, 61, 64, 71, 78, 115, 118, 119, 122, 134, 141, 144, 146, 176];

/// A case of `tests/ui`.
pub(crate) struct Case {
    /// `rule` or `rustc`.
    pub(crate) folder: &'static str,
    pub(crate) name: String,
    /// The first line of what the compiler prints.
    pub(crate) message: String,
}

impl Case {
    pub(crate) fn link(&self) -> String {
        format!("[`{0}`](../tests/ui/{1}/{0}.rs)", self.name, self.folder)
    }
}

fn files(folder: PathBuf, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|found| found == extension)).collect();
    files.sort();
    files
}

fn stem(path: &std::path::Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_owned()
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for folder in ["rule", "rustc"] {
        for path in files(root().join("tests/ui").join(folder), "rs") {
            let printed = fs::read_to_string(path.with_extension("stderr")).unwrap();
            let message = printed.lines().next().unwrap().to_owned();
            // A warning is an error in its case, or it would compile.
            let warning = fs::read_to_string(&path).unwrap().contains("#![deny(deprecated)]");
            let message = if warning { message.replacen("error: ", "warning: ", 1) } else { message };
            cases.push(Case { folder, name: stem(&path), message });
        }
    }
    cases
}

/// A file with one rule.
pub(crate) struct Rule {
    pub(crate) name: String,
    /// From the top of the project.
    folder: &'static str,
    /// Those of its first line.
    pub(crate) rows: Vec<u16>,
}

pub(crate) fn rules() -> Vec<Rule> {
    let mut rules = Vec::new();
    for folder in ["oauth2-macros/src/check", "oauth2-runtime/src/rules"] {
        for path in files(root().join(folder), "rs") {
            let name = stem(&path);
            if ["mod", "relaxable"].contains(&name.as_str()) {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            rules.push(Rule { name, folder, rows: numbers(text.lines().next().unwrap()) });
        }
    }
    rules
}

/// The page with everything that follows from the code written anew. What is not there yet stays as it is.
pub(crate) fn generated(page: &str) -> String {
    let (rows, cases) = (rows(page), cases());
    let mut out = String::new();
    let (mut topic, mut row) = ("", None);
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            (topic, row) = (title, None);
        } else if let Some(title) = line.strip_prefix("### ") {
            row = rows.iter().find(|row| title.starts_with(&format!("M{:03}:", row.number)));
        }
        if topic == "The counts" && line.starts_with("| `") || line.starts_with("| together") {
            out += &counted(line, &rows);
        } else if topic == "The rules and their files" && line.starts_with("| [") {
            continue;
        } else if row.is_some()
            && ["`compile`: ", "`start-up`: ", "`request`: "].iter().any(|state| line.starts_with(state))
        {
            out += &linked(line, &cases);
        } else if let (Some(row), "```text") = (row, line) {
            lines.by_ref().take_while(|line| *line != "```").for_each(drop);
            write!(out, "```text\n{}\n```", messages(row, &cases).join("\n")).unwrap();
        } else {
            out += line;
        }
        out.push('\n');
    }
    for rule in rules() {
        out += &in_table(&rule);
    }
    out
}

/// `| state | rows | wholly | in part | not |`
fn counted(line: &str, rows: &[Row]) -> String {
    let name = line.trim_matches('|').split('|').next().unwrap().trim();
    let state = State::ALL.into_iter().find(|state| name == format!("`{}`", state.name()));
    let count = |kind: &dyn Fn(u16) -> bool| {
        let of_state = |row: &&Row| state.is_none_or(|state| row.state == state) && kind(row.number);
        rows.iter().filter(of_state).count()
    };
    let (part, later) = (|number| IN_PART.contains(&number), |number| LATER.contains(&number));
    let wholly = count(&|number| !part(number) && !later(number));
    format!("| {name} | {} | {wholly} | {} | {} |", count(&|_| true), count(&part), count(&later))
}

/// The names in the first part of the line, as links.
fn linked(line: &str, cases: &[Case]) -> String {
    let (evidence, rest) = line.split_once(" · ").unwrap_or((line, ""));
    let (state, names) = evidence.split_once(": ").unwrap_or((evidence, ""));
    let as_link = |name: &str| {
        let plain = name.split('`').nth(1).unwrap_or_default();
        let case = cases.iter().find(|case| case.name == plain).filter(|_| state == "`compile`");
        let test = || test_file(plain).filter(|_| state != "`compile`");
        let to_test = || test().map(|file| format!("[`{plain}`](../tests/tests/{file})"));
        case.map(Case::link).or_else(to_test).unwrap_or_else(|| format!("`{plain}`"))
    };
    let names: Vec<String> = names.split(", ").map(as_link).collect();
    format!("{state}: {} · {rest}", names.join(", "))
}

/// The first file that has a test of this name, below `tests/tests`.
fn test_file(name: &str) -> Option<String> {
    let tests = root().join("tests/tests");
    let folders = fs::read_dir(&tests).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<_> = folders.filter(|path| path.is_dir()).chain([tests.clone()]).collect();
    folders.sort();
    let mut found = folders.into_iter().flat_map(|folder| files(folder, "rs"));
    let file = found.find(|file| is_test(&fs::read_to_string(file).unwrap(), name))?;
    Some(file.strip_prefix(&tests).unwrap().to_str().unwrap().to_owned())
}

/// Whether `function` is a test of this code.
pub(crate) fn is_test(code: &str, function: &str) -> bool {
    let heads = [format!("\nfn {function}() {{"), format!("\nasync fn {function}() {{")];
    let Some(at) = heads.iter().find_map(|head| code.find(head)) else { return false };
    let above = code[..at].lines().rev().take_while(|line| line.starts_with(['#', '/']));
    above.into_iter().any(|line| line == "#[test]" || line.starts_with("#[tokio::test"))
}

/// One line for each case.
fn messages(row: &Row, cases: &[Case]) -> Vec<String> {
    let message = |name: &String| {
        let case = cases.iter().find(|case| case.name == *name);
        case.map_or_else(|| "..".to_owned(), |case| case.message.clone())
    };
    row.evidence.iter().map(message).collect()
}

fn in_table(rule: &Rule) -> String {
    let rows: Vec<String> = rule.rows.iter().map(|number| format!("M{number:03}")).collect();
    let rows = if rows.is_empty() { "beyond the list".to_owned() } else { rows.join(", ") };
    format!("| [`{0}`](../{1}/{0}.rs) | {rows} |\n", rule.name, rule.folder)
}
