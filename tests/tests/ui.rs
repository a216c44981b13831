//! What the compiler says to a wrong declaration: `ui/README.md` has the conventions.

use std::fs;
use std::path::{Path, PathBuf};

/// `ui/rule`: our words.
#[test]
fn rules() {
    trybuild::TestCases::new().compile_fail("ui/rule/*.rs");
}

/// `ui/rustc`: the words of rustc or axum.
#[test]
fn rustc() {
    trybuild::TestCases::new().compile_fail("ui/rustc/*.rs");
}

/// The errors of the expected texts in a folder, by case.
fn texts(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui").join(folder);
    let mut cases: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    cases.sort();
    cases
        .iter()
        .map(|case| {
            let text = fs::read_to_string(case.with_extension("stderr")).unwrap();
            (case.file_stem().unwrap().to_string_lossy().into_owned(), text)
        })
        .collect()
}

fn errors(text: &str) -> usize {
    text.lines().filter(|line| line.starts_with("error")).count()
}

/// One mistake is one error, with a reason or a remedy, and nothing in it that only we understand.
#[test]
fn every_rule_speaks_once_and_plainly() {
    let cases = texts("rule");
    assert!(cases.len() > 120, "{}", cases.len());
    for (case, text) in cases {
        assert_eq!(errors(&text), 1, "{case}: one mistake, one error\n{text}");
        assert!(
            text.contains("note: ") || text.contains("help: "),
            "{case}: no reason and no remedy\n{text}"
        );
        let first = text.lines().next().unwrap_or_default();
        assert!(!first.contains("__"), "{case}: an internal name\n{first}");
        // An empty list has no token for its error to stand at; the macro that rustc adds is one the user has written.
        let text = text.replace("this error originates in the macro `redirect_uris`", "");
        for word in ["__private", "the following other types implement", "originates in", "warning: "] {
            assert!(!text.contains(word), "{case}: `{word}`\n{text}");
        }
        let primary =
            text.lines().find_map(|line| line.trim_start().strip_prefix("--> ")).unwrap_or_default();
        assert!(primary.starts_with(&format!("ui/rule/{case}.rs:")), "{case}: the first place is {primary}");
    }
}

/// The cases of `ui/rustc` that give more than one error are those of its README, with their counts.
#[test]
fn the_compilers_own_words_are_counted() {
    let more: Vec<(String, usize)> = texts("rustc")
        .into_iter()
        .map(|(case, text)| (case, errors(&text)))
        .filter(|(_, errors)| *errors > 1)
        .collect();
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/README.md")).unwrap();
    let rows: Vec<(String, usize)> = readme
        .lines()
        .filter_map(|line| {
            let mut cells = line.split('|').map(str::trim).skip(1);
            let case = cells.next()?.strip_prefix('`')?.strip_suffix('`')?.to_owned();
            Some((case, cells.next()?.parse().ok()?))
        })
        .collect();
    assert_eq!(more, rows);
}

/// A rule of the runtime has its UI test, and a UI test of such a name has its rule.
#[test]
fn every_rule_of_the_runtime_has_its_case() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../oauth2-runtime/src/rules");
    let mut found = 0;
    for entry in fs::read_dir(rules).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if name == "mod" || name == "relaxable" {
            continue;
        }
        found += 1;
        assert!(texts("rule").iter().any(|(case, _)| *case == name), "no UI test for the rule `{name}`");
    }
    assert!(found > 0);
}
