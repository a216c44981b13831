//! The runtime's modules are layers: each builds on those below it, and files of one folder meet in its `mod.rs`. And a browser
//! is sent to a client by one file.

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

/// What sends a browser somewhere, and the files that may name it. A client's page is reached by way of `authorize/redirect.rs`
/// alone, whose redirect URI is verified, and a page of the server's own by way of `to_own_page`.
const SENDING: &[(&str, &[&str])] = &[
    ("see_other", &["authorize/redirect.rs", "http/mod.rs", "http/response.rs"]),
    ("LOCATION", &["authorize/redirect.rs", "http/response.rs"]),
    ("SEE_OTHER", &["http/response.rs"]),
    ("FormPost", &["authorize/redirect.rs", "pages/form_post.rs", "pages/mod.rs", "pages/tests.rs"]),
    ("Redirect", &[]),
    ("MOVED_PERMANENTLY", &[]),
    ("FOUND", &[]),
    ("TEMPORARY_REDIRECT", &[]),
    ("PERMANENT_REDIRECT", &[]),
    ("REFRESH", &[]),
    ("\"location\"", &[]),
    ("\"refresh\"", &[]),
];

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

/// What sends a browser somewhere in the file at `path` below `src`, where that is not for it to do.
fn sends(path: &Path, text: &str) -> Vec<String> {
    let part_of_a_name = |c: char| c.is_alphanumeric() || c == '_' || c == '"';
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        for name in code.split(|c| !part_of_a_name(c)) {
            let rule = SENDING.iter().find(|(sending, _)| *sending == name);
            if rule.is_some_and(|(_, files)| !files.iter().any(|file| path == Path::new(file))) {
                found.push(format!("{}:{}: `{name}` sends a browser somewhere", path.display(), number + 1));
            }
        }
    }
    found
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

/// Nothing but a verified redirect URI leads to a client, and no page has a form that leads anywhere else.
#[test]
fn one_file_sends_browsers_to_clients() {
    let source = source();
    let mut paths = Vec::new();
    files(&source, &mut paths);
    let mut found = Vec::new();
    let mut senders = BTreeSet::new();
    for path in paths {
        let (below, text) = (path.strip_prefix(&source).unwrap(), std::fs::read_to_string(&path).unwrap());
        found.extend(sends(below, &text));
        if !sends(Path::new("elsewhere.rs"), &text).is_empty() {
            senders.insert(below.to_str().unwrap().to_owned());
        }
    }
    assert_eq!(found, Vec::<String>::new());
    // A file that needs no leave any more has none.
    let listed: BTreeSet<_> = SENDING.iter().flat_map(|(_, files)| *files).map(ToString::to_string).collect();
    assert_eq!(senders, listed);
    for template in std::fs::read_dir(source.join("../templates")).unwrap() {
        let path = template.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains("http-equiv") && !text.contains("<script src"), "{}", path.display());
        assert_eq!(text.contains("action="), path.ends_with("form_post.html"), "{}", path.display());
    }
}

#[test]
fn what_sends_a_browser_somewhere_is_found() {
    let wrong = "use crate::http::see_other;\nheaders.insert(LOCATION, to); // SEE_OTHER\nlet page = FormPost { action };\n\
                 (StatusCode::FOUND, [(\"location\", to)])\nRedirect::to(uri)\n";
    assert_eq!(
        sends(Path::new("endpoint/sign_in.rs"), wrong),
        [
            "endpoint/sign_in.rs:1: `see_other` sends a browser somewhere",
            "endpoint/sign_in.rs:2: `LOCATION` sends a browser somewhere",
            "endpoint/sign_in.rs:3: `FormPost` sends a browser somewhere",
            "endpoint/sign_in.rs:4: `FOUND` sends a browser somewhere",
            "endpoint/sign_in.rs:4: `\"location\"` sends a browser somewhere",
            "endpoint/sign_in.rs:5: `Redirect` sends a browser somewhere",
        ]
    );
    assert_eq!(sends(Path::new("authorize/redirect.rs"), "see_other(LOCATION)"), Vec::<String>::new());
    let right = "let redirect = VerifiedRedirect::verify(uris, location)?;\nto_own_page(path, None); StatusCode::NOT_FOUND";
    assert_eq!(sends(Path::new("endpoint/sign_in.rs"), right), Vec::<String>::new());
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
