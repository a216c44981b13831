//! The code of the pages is short.

use std::io::Write as _;
use std::process::{Command, Stdio};

use oauth2_tests::running::Database;

const PAGES: &str = include_str!("../../src/pages.rs");

/// As rustfmt prints it in a project without a configuration; neither blank lines nor comments count.
#[test]
fn the_pages_are_under_80_lines() {
    // rustfmt looks for a configuration in the folder it is started in and those above.
    let elsewhere = Database::default();
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024"])
        .current_dir(elsewhere.folder())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    rustfmt.stdin.take().unwrap().write_all(PAGES.as_bytes()).unwrap();
    let printed = rustfmt.wait_with_output().unwrap();
    assert!(printed.status.success(), "{printed:?}");
    let text = String::from_utf8(printed.stdout).unwrap();
    let (_, pages) = text.split_once("\n// own pages: begin\n").expect("they begin");
    let (pages, _) = pages.split_once("\n// own pages: end\n").expect("they end");
    let counted = pages.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    let count = counted.count();
    assert!((40..80).contains(&count), "{count} lines");
}
