//! The runtime's modules are layers: each builds on those below it, and files of one folder meet in its `mod.rs`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Low to high. A module may use its own layer and those above it in this list.
const LAYERS: &[&[&str]] = &[
    &["types", "error", "form", "time", "random", "password", "task", "finding"],
    &["model"],
    &["store", "signal", "token"],
    &["server", "models", "sign_in"],
    &["client_auth", "clients", "people"],
    &["gate"],
    &["extension"],
    &["issue"],
    &["grant"],
    &["http"],
    &["pages", "session"],
    &["authorize"],
    &["endpoint", "protect", "purge"],
    &["spec"],
    &["rules", "router", "manifest", "responses", "start_up"],
    &["testing"],
];

/// They name everything, which is what they are for.
const EXEMPT: &[&str] = &["lib.rs", "__private.rs"];

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// What is wrong with the file at `path` below `src`, one line each.
fn violations(path: &Path, text: &str) -> Vec<String> {
    let own = path.iter().next().and_then(|first| first.to_str()).unwrap_or_default();
    let own = own.strip_suffix(".rs").unwrap_or(own);
    let Some(height) = layer(own) else {
        return vec![format!("`{own}` is in no layer: put it into the table of this test")];
    };
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let at = format!("{}:{}", path.display(), number + 1);
        // What a macro names is named by whoever uses it.
        let code = line.split("//").next().unwrap_or_default().replace("$crate::", "");
        let code = code.as_str();
        for module in named_after(code, "crate::") {
            match layer(module) {
                _ if module == own => found.push(format!("{at}: imports its own module by its full path")),
                None => found.push(format!("{at}: `crate::{module}` is in no layer")),
                Some(other) if other > height => {
                    found.push(format!("{at}: `{own}` uses `{module}` above it"));
                }
                Some(_) => {}
            }
        }
        let siblings = named_after(code, "use super::").into_iter();
        found.extend(
            siblings
                .filter(|name| name.starts_with(char::is_lowercase))
                .filter(|name| code.contains(&format!("super::{name}::")))
                .map(|name| format!("{at}: imports from its sibling `{name}` and not from `mod.rs`")),
        );
    }
    found
}

/// The identifiers that follow `prefix`; an empty one where there is none, as in a group.
fn named_after<'a>(code: &'a str, prefix: &str) -> Vec<&'a str> {
    let rest = code.split(prefix).skip(1);
    rest.map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default())
        .collect()
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../oauth2-runtime/src")
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn no_file_uses_a_layer_above_its_own() {
    let source = source();
    let mut paths = Vec::new();
    files(&source, &mut paths);
    let mut modules = BTreeSet::new();
    let mut found = Vec::new();
    for path in paths {
        let below = path.strip_prefix(&source).unwrap();
        if !EXEMPT.iter().any(|exempt| below == Path::new(exempt)) {
            let text = std::fs::read_to_string(&path).unwrap();
            found.extend(violations(below, &text));
            let first = below.iter().next().unwrap().to_str().unwrap();
            modules.insert(first.strip_suffix(".rs").unwrap_or(first).to_owned());
        }
    }
    assert_eq!(found, Vec::<String>::new());
    // A layer nobody lives in is a leftover of the table.
    let listed: BTreeSet<_> = LAYERS.concat().into_iter().map(str::to_owned).collect();
    assert_eq!(modules, listed);
}

#[test]
fn violations_are_found() {
    let wrong = "use crate::types::Scope;\nuse crate::endpoint::Mount;\n    crate::router::run();\n";
    assert_eq!(
        violations(Path::new("store/sql/mod.rs"), wrong),
        [
            "store/sql/mod.rs:2: `store` uses `endpoint` above it",
            "store/sql/mod.rs:3: `store` uses `router` above it"
        ]
    );
    let wrong = "use super::{Grant, Kind};\nuse super::extension::Kind;\nuse crate::grant::Grant;\nuse crate::{error};\n";
    assert_eq!(
        violations(Path::new("grant/refresh_token.rs"), wrong),
        [
            "grant/refresh_token.rs:2: imports from its sibling `extension` and not from `mod.rs`",
            "grant/refresh_token.rs:3: imports its own module by its full path",
            "grant/refresh_token.rs:4: `crate::` is in no layer",
        ]
    );
    assert_eq!(
        violations(Path::new("extra.rs"), ""),
        ["`extra` is in no layer: put it into the table of this test"]
    );
    let right = "// crate::router is above\nuse super::*;\npub(crate) use digest::ENTROPY_BYTES;\n";
    assert_eq!(violations(Path::new("types/mod.rs"), right), Vec::<String>::new());
}
