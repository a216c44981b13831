//! The page itself: its rows are those of the ancestor, each has its test, its code compiles, and its figures are counted.

use std::fmt::Write as _;
use std::path::Path;

use oauth2_tests::lines::between;

const PAGE: &str = include_str!("../../../docs/authlib.md");

/// The names of the ancestor's server API in its own order, and what they lean on.
const ROWS: [(&str, &str); 25] = [
    ("`class AuthorizationServer`", "authorization_server"),
    ("param `client_model`", "client_model"),
    ("param `token_model`", "token_model"),
    ("param `generate_token=None`", "generate_token"),
    ("param `metadata=None`", "metadata"),
    ("`create_authorization_response(request, grant_user)`", "create_authorization_response"),
    ("`get_consent_grant` (old name `validate_consent_request`)", "get_consent_grant"),
    ("`create_endpoint_response(name, request)`", "create_endpoint_response"),
    ("`create_token_response(request)`", "create_token_response"),
    ("`register_endpoint(endpoint_cls)`", "register_endpoint"),
    ("`register_grant(grant_cls, extensions=None)`", "register_grant"),
    ("example `AuthorizationCodeGrant.authenticate_user(credential)`", "authenticate_user"),
    ("client authentication (behind all endpoints)", "client_authentication"),
    ("`class ResourceProtector`", "resource_protector"),
    ("`acquire_token(request, scope=None, operator='AND')`", "acquire_token"),
    ("`class BearerTokenValidator(token_model, realm=None)`", "bearer_token_validator"),
    ("`authenticate_token(token_string)`", "authenticate_token"),
    ("`request_invalid(request)`", "request_invalid"),
    ("`token_revoked(token)` method", "token_revoked"),
    ("`class RevocationEndpoint(server)`", "revocation_endpoint"),
    ("`query_token(token, token_type_hint, client)`", "query_token"),
    ("`revoke_token(token)`", "revoke_token"),
    ("signal `client_authenticated`", "signal_client_authenticated"),
    ("signal `token_revoked`", "signal_token_revoked"),
    ("signal `token_authenticated`", "signal_token_authenticated"),
];

/// The modules with the tests.
const TESTS: [&str; 5] = [
    include_str!("by_hand.rs"),
    include_str!("declaration.rs"),
    include_str!("protector.rs"),
    include_str!("revocation.rs"),
    include_str!("signals.rs"),
];

#[test]
fn the_rows_are_those_of_the_ancestor() {
    let table = PAGE.lines().skip_while(|line| *line != "| Authlib | here | test |").skip(2);
    let rows: Vec<(&str, &str)> = table
        .take_while(|line| line.starts_with("| "))
        .map(|line| {
            let cells: Vec<_> = line.trim_matches('|').split(" | ").map(str::trim).collect();
            (cells[0], cells[2].trim_matches('`'))
        })
        .collect();
    assert_eq!(rows, ROWS);
    let sections: Vec<_> = PAGE.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    assert_eq!(sections[..ROWS.len()], ROWS.map(|(name, _)| name));
}

#[test]
fn every_row_has_its_test() {
    let tests = TESTS.concat();
    for (row, name) in ROWS {
        let test = format!("#[tokio::test]\nasync fn {name}() {{");
        assert!(tests.contains(&test), "{row} has no test `{name}`");
    }
}

/// Every section shows Python and Rust, and says how they differ.
#[test]
fn every_row_shows_both_sides() {
    for section in PAGE.split("\n## ").skip(1).take(ROWS.len()) {
        let name = section.lines().next().unwrap();
        for part in ["```python\n", "```rust", "\nDepartures:\n- "] {
            assert!(section.contains(part), "`{name}` lacks {part:?}");
        }
    }
}

/// The sections about validators, which are about one of them.
const VALIDATORS: std::ops::RangeInclusive<usize> = 15..=17;

/// The blocks of each section as modules of one program, beside the server of the first.
#[test]
fn the_code_compiles() {
    let blocks: Vec<Vec<&str>> = PAGE
        .split("\n## ")
        .skip(1)
        .map(|section| {
            section.split("```rust,ignore\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
        })
        .collect();
    let mut program =
        format!("#![allow(unused, dead_code)]\nuse oauth2_runtime::prelude::*;\n{}\n", blocks[0].concat());
    for (number, block) in blocks.iter().enumerate().skip(1) {
        let opens = !VALIDATORS.contains(&number) || number == *VALIDATORS.start();
        let closes = !VALIDATORS.contains(&number) || number == *VALIDATORS.end();
        if opens {
            write!(program, "mod row_{number} {{\nuse super::*;\nuse oauth2_runtime::prelude::*;\n").unwrap();
        }
        program += &block.concat();
        program += if closes { "}\n" } else { "" };
    }
    program += "fn main() {}\n";
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("authlib_page.rs");
    std::fs::write(&path, program).unwrap();
    trybuild::TestCases::new().pass(path);
}

/// Lines of user code of each part, and the most they may be.
const FIGURES: [(&str, &str, &str, usize); 4] = [
    ("a custom grant", "grant", include_str!("../../../examples/third-party/src/pairing/mod.rs"), 40),
    (
        "a custom client authentication method",
        "client authentication",
        include_str!("../../../examples/third-party/src/request_signature.rs"),
        30,
    ),
    (
        "sign-in and consent pages of one's own",
        "own pages",
        include_str!("../../../examples/own-pages/src/pages.rs"),
        80,
    ),
    ("an extension", "extension", include_str!("../../../examples/extensions/src/main.rs"), 40),
];

/// The figures in the page are what is counted.
#[test]
fn lines_of_user_code() {
    for (what, marker, source, most) in FIGURES {
        let lines = between(source, marker);
        assert!(lines < most, "{what}: {lines} lines");
        let row = format!("| {what} | {lines} |");
        assert!(PAGE.contains(&row), "no `{row}` in docs/authlib.md");
    }
}
