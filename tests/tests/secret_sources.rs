//! What the runtime's own sources may do with secrets.

use std::path::{Path, PathBuf};

/// The runtime's file at `path`, or all of the folder there, each with its code: without comments and tests.
fn sources(path: &str) -> Vec<(PathBuf, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../oauth2-runtime/src").join(path);
    let mut sources = Vec::new();
    let mut ahead = vec![path];
    while let Some(path) = ahead.pop() {
        if path.is_dir() {
            ahead.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            sources.push((path, code.flat_map(|line| [line, "\n"]).collect()));
        }
    }
    sources
}

fn words(code: &str) -> Vec<&str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_').collect()
}

/// F22, S58: what is secret is compared in a time that tells nothing, whatever differs. A benchmark measures that; this
/// is that nobody takes the comparisons away. Each is in the function that is named, and that function compares nothing
/// else.
#[test]
fn secrets_are_compared_in_constant_time() {
    for (file, function, comparison) in [
        ("types/digest.rs", "fn matches(", "self.0.ct_eq(&other.0).into()"),
        ("types/digest.rs", "fn eq(", "self.matches(other)"),
        ("types/pkce.rs", "fn verify(", "well_formed & bool::from(hash.ct_eq(&self.0))"),
        ("types/secret_hash.rs", "fn verify(", "self.current.matches(&presented, digest)"),
        ("types/secret_hash.rs", "fn verify(", "previous.matches(&presented, digest)"),
        ("types/stored_secret.rs", "fn matches(", "stored.matches(&digest)"),
        ("types/stored_secret.rs", "fn matches(", "stored.verify_secret(presented)"),
        ("types/stored_secret.rs", "fn eq(", "one.matches(other)"),
        ("types/stored_secret.rs", "fn eq(", "one.is_same_text(other)"),
        (
            "password/hash.rs",
            "fn is_same_text(",
            "self.0.text.as_bytes().ct_eq(other.0.text.as_bytes()).into()",
        ),
        ("password/hash.rs", "fn matches(", "Ok(output.ct_eq(expected).into())"),
        ("session/forgery.rs", "fn is(", "mac.verify_slice(&presented).is_ok()"),
    ] {
        let (_, code) = sources(file).remove(0);
        let mut functions = code.split(function).skip(1);
        let body = functions.next().unwrap_or_else(|| panic!("{file}: there is no `{function}..`"));
        assert_eq!(functions.next(), None, "{file}: `{function}..` is there twice");
        let body = body.split("\n    }\n").next().unwrap();
        assert!(body.contains(comparison), "{file}, `{function}..` has to compare by `{comparison}`: {body}");
        for other in ["==", "!=", ".eq(", ".ne(", ".cmp(", "starts_with", "matches!"] {
            assert!(!body.contains(other), "{file}, `{function}..` compares by `{other}`: {body}");
        }
    }
}

/// S58: what is exposed is handed on, and not compared in the line where it stands.
#[test]
fn what_is_exposed_is_not_compared() {
    let sources = sources("");
    let exposing = sources.iter().filter(|(_, code)| words(code).contains(&"expose"));
    assert!(exposing.count() > 5);
    for (path, code) in &sources {
        for line in code.lines().filter(|line| line.contains("expose()")) {
            assert!(!line.contains("==") && !line.contains("!="), "{}: {line}", path.display());
        }
    }
}

/// S99: what a store is handed cannot hold a secret in clear, nor a whole request; and no file of the stores opens a
/// secret.
#[test]
fn stores_are_handed_digests() {
    let sources = sources("store");
    assert!(sources.len() > 15, "{}", sources.len());
    for name in ["store/mod.rs", "store/command.rs", "store/sql/commands.rs"] {
        let (_, code) = sources.iter().find(|(path, _)| path.ends_with(name)).unwrap();
        assert!(code.contains("Digest<RefreshToken>"), "{name}");
    }
    for (path, code) in &sources {
        let words = words(code);
        for word in [
            "Secret",
            "expose",
            "ClientSecret",
            "Credentials",
            "Form",
            "Parts",
            "Request",
            "HeaderMap",
            "Unauthenticated",
        ] {
            assert!(!words.contains(&word), "{}: {word}", path.display());
        }
    }
}
