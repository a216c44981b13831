//! Lines of user code, counted alike everywhere.

use std::io::Write as _;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A program as rustfmt prints it in a project without a configuration.
#[must_use]
pub fn formatted(source: &str) -> String {
    // rustfmt looks for a configuration in the folder it is started in and those above.
    let elsewhere = TempDir::new().unwrap();
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024"])
        .current_dir(elsewhere.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    rustfmt.stdin.take().unwrap().write_all(source.as_bytes()).unwrap();
    let printed = rustfmt.wait_with_output().unwrap();
    assert!(printed.status.success(), "{printed:?}");
    String::from_utf8(printed.stdout).unwrap()
}

/// How many lines a text has, without blank ones and comments.
#[must_use]
pub fn counted(text: &str) -> usize {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")).count()
}

/// How many of them are between the comments `// name: begin` and `// name: end`, wherever they are.
#[must_use]
pub fn between(source: &str, name: &str) -> usize {
    let (begin, end) = (format!("// {name}: begin"), format!("// {name}: end"));
    let text = formatted(source);
    let parts: Vec<_> = text.split(&begin).skip(1).collect();
    assert!(!parts.is_empty(), "no `{begin}`");
    parts.iter().map(|part| counted(part.split_once(&end).unwrap_or_else(|| panic!("no `{end}`")).0)).sum()
}
