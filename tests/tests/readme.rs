//! What the README shows is the quickstart, and the quickstart is short.

use oauth2_tests::lines::{counted, formatted};

const README: &str = include_str!("../../README.md");
const QUICKSTART: &str = include_str!("../../examples/quickstart/src/main.rs");

/// The listing's first line in the README is the one after this.
const BEGIN: &str = "<!-- examples/quickstart/src/main.rs -->\n```rust,no_run\n";

#[test]
fn the_listing_is_the_quickstart() {
    let (_, listing) = README.split_once(BEGIN).expect("the README has the listing");
    let (listing, _) = listing.split_once("\n```\n").expect("the listing ends");
    assert_eq!(format!("{listing}\n"), QUICKSTART);
}

/// As rustfmt prints it in a project without a configuration; neither blank lines nor comments count.
#[test]
fn the_quickstart_is_under_120_lines() {
    let text = formatted(QUICKSTART);
    assert!(text.contains("\n        client_id: client_id.into(),\n"), "it was printed: {text}");
    let count = counted(&text);
    assert!(count < 120, "{count} lines");
}
