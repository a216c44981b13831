//! What the README shows is the quickstart, and the quickstart is short.

use std::io::Write as _;
use std::process::{Command, Stdio};

use tempfile::TempDir;

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
    // rustfmt looks for a configuration in the folder it is started in and those above.
    let elsewhere = TempDir::new().unwrap();
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024"])
        .current_dir(elsewhere.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    rustfmt.stdin.take().unwrap().write_all(QUICKSTART.as_bytes()).unwrap();
    let printed = rustfmt.wait_with_output().unwrap();
    assert!(printed.status.success(), "{printed:?}");
    let text = String::from_utf8(printed.stdout).unwrap();
    assert!(text.contains("\n        client_id: client_id.into(),\n"), "it was printed: {text}");
    let counted = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    let count = counted.count();
    assert!(count < 120, "{count} lines");
}
