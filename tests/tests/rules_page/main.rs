//! `docs/rules.md`, the rules, and the UI cases: each has what the others have.
//!
//! What of the page follows from the code is written with `UPDATE_EXPECT=1 cargo test -p oauth2-tests --test rules_page`. That
//! its links lead somewhere is checked in `documentation.rs`.

mod drawn;
mod generated;
mod page;

use std::fs;

use generated::{Case, LATER, cases, generated, is_test, rules};
use oauth2_runtime::spec::Profile;
use page::{Row, State, path, root, rows, text};

/// Whether the name is that of a UI case, or is all that its cases begin with before a `*`.
fn names(name: &str, case: &Case) -> bool {
    name.strip_suffix('*').map_or(case.name == name, |prefix| case.name.starts_with(prefix))
}

#[test]
fn what_follows_from_the_code_is_up_to_date() {
    let page = text();
    let generated = generated(&page);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(path(), &generated).unwrap();
        return;
    }
    for (written, follows) in page.lines().zip(generated.lines()) {
        assert_eq!(written, follows, "run this test with UPDATE_EXPECT=1, and read what has changed");
    }
    assert_eq!(page.lines().count(), generated.lines().count(), "the table of rules");
}

#[test]
fn every_row_is_there_once_and_in_order() {
    let numbers: Vec<u16> = rows(&text()).iter().map(|row| row.number).collect();
    assert_eq!(numbers, (1..=178).collect::<Vec<_>>());
}

#[test]
fn every_row_says_what_its_state_asks_for() {
    for row in rows(&text()) {
        let (number, evidence) = (row.number, row.evidence.len());
        let (least, most) = match row.state {
            State::Compile => (1, usize::MAX),
            State::Unrepresentable => (0, 0),
            State::StartUp | State::Request | State::NotYet => (1, 1),
        };
        assert!((least..=most).contains(&evidence), "M{number:03} has evidence {:?}", row.evidence);
        assert!(!row.prose.is_empty(), "M{number:03} does not say why");
        if row.state == State::Compile {
            assert_eq!(row.prose.len(), 2, "M{number:03}: why, the messages, and what to do about it");
            assert_eq!(row.messages.len(), evidence, "M{number:03}: a message for each case");
        } else {
            assert_eq!(row.messages, [""; 0], "M{number:03} is no error and has a message");
        }
        let sees = !LATER.contains(&number);
        let waits = matches!(row.state, State::StartUp | State::Request);
        let why = row.prose.iter().any(|paragraph| paragraph.starts_with("Not at compile time: "));
        assert_eq!(why, sees && waits, "M{number:03}: whether it says why not at compile time");
    }
}

/// The messages are compared by `what_follows_from_the_code_is_up_to_date`.
#[test]
fn every_case_of_a_row_exists() {
    let (page, cases) = (text(), cases());
    for row in rows(&page).iter().filter(|row| row.state == State::Compile) {
        for (name, message) in row.evidence.iter().zip(&row.messages) {
            let exists = cases.iter().any(|case| case.name == *name);
            assert!(exists, "M{:03}: no UI case `{name}`", row.number);
            assert_eq!(exists, message != "..", "M{:03}: the message of `{name}`", row.number);
        }
    }
}

#[test]
fn every_case_is_on_the_page() {
    let (page, cases) = (text(), cases());
    let rows = rows(&page);
    let mut named: Vec<&str> =
        rows.iter().filter(|row| row.state == State::Compile).flat_map(names_of).collect();
    for name in in_table(&page, "Rules beyond the list", 1) {
        let exists = cases.iter().any(|case| names(name, case));
        assert!(exists, "beyond the list: no UI case `{name}`");
        named.push(name);
    }
    for case in &cases {
        let found = named.iter().any(|name| names(name, case));
        assert!(found, "docs/rules.md does not have the UI case {}/{}", case.folder, case.name);
    }
}

/// What is between backquotes in one column of the table of a section.
fn in_table<'a>(page: &'a str, section: &str, column: usize) -> impl Iterator<Item = &'a str> {
    let from = page.split(&format!("\n## {section}\n")).nth(1).unwrap();
    let lines = from.split("\n## ").next().unwrap().lines().filter(|line| line.starts_with("| ")).skip(1);
    let cells = lines.map(move |line| line.trim_matches('|').split(" | ").nth(column).unwrap());
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2))
}

fn names_of(row: &Row) -> impl Iterator<Item = &str> {
    row.evidence.iter().map(String::as_str)
}

/// A rule's first line has the rows that it is the rule of, and a row has the case that is called like its rule.
#[test]
fn rules_and_rows_name_each_other() {
    let (page, cases, rules) = (text(), cases(), rules());
    let rows = rows(&page);
    assert!(rules.len() > 20, "{}", rules.len());
    for rule in &rules {
        let listing = |row: &&Row| row.state == State::Compile && row.evidence.contains(&rule.name);
        for row in rows.iter().filter(listing) {
            let found = rule.rows.contains(&row.number);
            assert!(found, "the first line of the rule `{}` lacks M{:03}", rule.name, row.number);
        }
        for number in &rule.rows {
            let row = rows.iter().find(|row| row.number == *number);
            let row = row.unwrap_or_else(|| panic!("`{}` names M{number:03}", rule.name));
            let called_like_it = |name: &str| name.starts_with(rule.name.as_str());
            // A rule also keeps the place of rows that wait, and guards what cannot be written otherwise.
            let compile = row.state == State::Compile;
            if compile && cases.iter().any(|case| called_like_it(&case.name)) {
                assert!(names_of(row).any(called_like_it), "M{number:03} lacks its rule `{}`", rule.name);
            }
        }
    }
}

/// Every test that the page names: `` [`function`](../tests/tests/file.rs) ``.
#[test]
fn tests_that_are_named_exist() {
    let page = text();
    let mut found = 0;
    for (before, after) in page.match_indices("`](../tests/tests/").map(|(at, _)| page.split_at(at)) {
        let function = before.rsplit("[`").next().unwrap();
        let file = after.split(['(', ')']).nth(1).unwrap().trim_start_matches("../");
        let code = fs::read_to_string(root().join(file)).unwrap_or_else(|_| panic!("no file {file}"));
        assert!(is_test(&code, function), "{file} has no test `{function}`");
        found += 1;
    }
    let rows = rows(&page);
    for row in rows.iter().filter(|row| matches!(row.state, State::StartUp | State::Request)) {
        let [function] = &row.evidence[..] else { panic!("M{:03}", row.number) };
        let linked = page.contains(&format!("[`{function}`](../tests/tests/"));
        assert!(linked, "M{:03}: `{function}`", row.number);
    }
    assert!(found > 20, "{found}");
}

#[test]
fn what_is_not_yet_does_not_exist() {
    let sources = root().join("oauth2-runtime/src");
    for row in rows(&text()).iter().filter(|row| row.state == State::NotYet) {
        let [file] = &row.evidence[..] else { panic!("M{:03}", row.number) };
        let inner = file.strip_prefix("oauth2-runtime/src/").and_then(|file| file.strip_suffix(".rs"));
        let inner = inner.unwrap_or_else(|| panic!("M{:03}: `{file}` is no file of the runtime", row.number));
        let folder = sources.join(inner.trim_end_matches("/mod"));
        let exists = folder.exists() || folder.with_extension("rs").exists();
        assert!(!exists, "M{:03} waits for `{file}`, which exists: say what becomes of it", row.number);
    }
}

/// A profile has on the page the rules that it has in the code.
#[test]
fn profiles_have_their_rules() {
    let page = text();
    for profile in [Profile::OAuth21, Profile::Rfc9700] {
        let row =
            page.lines().find(|line| line.starts_with(&format!("| `\"{}\"`", profile.as_str()))).unwrap();
        let rules: Vec<&str> = row.split('`').skip(3).step_by(2).collect();
        assert_eq!(rules, profile.rules());
    }
    assert_eq!(Profile::Rfc6749.rules(), [""; 0]);
}

/// The rules of profiles and the keys of warnings are rules.
#[test]
fn what_can_be_relaxed_is_a_rule() {
    let (page, rules) = (text(), rules());
    let mut found = 0;
    for topic in ["Profiles", "Warnings"] {
        let cell = usize::from(topic == "Profiles");
        for name in in_table(&page, topic, cell) {
            let there = rules.iter().any(|rule| rule.name == name);
            assert!(there, "{topic}: no rule `{name}`");
            found += 1;
        }
    }
    assert_eq!(found, 15);
}
