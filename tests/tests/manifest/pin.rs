//! The manifest pinned to a file: by real test runs, of this very program, in packages that are temporary folders.

use std::path::Path;
use std::process::Command;

use oauth2_runtime::prelude::*;
use oauth2_runtime::testing::pin_manifest;
use oauth2_tests::provider::Auth;
use tempfile::TempDir;

/// The test that the others run in packages of theirs. In this one it is a test like any other.
#[test]
fn surface() {
    pin_manifest(&Auth::MANIFEST, "tests/manifest/provider.manifest");
}

/// A package with a folder for the file.
struct Package(TempDir);

/// How a test run ended, and what it printed.
struct Run {
    passed: bool,
    printed: String,
}

impl Package {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::create_dir_all(folder.path().join("tests/manifest")).unwrap();
        Self(folder)
    }

    fn file(&self) -> std::path::PathBuf {
        self.0.path().join("tests/manifest/provider.manifest")
    }

    fn write(&self, text: &str) {
        std::fs::write(self.file(), text).unwrap();
    }

    fn read(&self) -> String {
        std::fs::read_to_string(self.file()).unwrap()
    }

    /// Runs the test `surface` as Cargo would for this package, from some other folder.
    fn run(&self, update: Option<&str>) -> Run {
        run(Some(self.0.path()), update)
    }
}

fn run(package: Option<&Path>, update: Option<&str>) -> Run {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "pin::surface"]).current_dir(std::env::temp_dir());
    command.env("CARGO_PKG_NAME", "photos").env_remove("UPDATE_MANIFEST").env_remove("CARGO_MANIFEST_DIR");
    if let Some(folder) = package {
        command.env("CARGO_MANIFEST_DIR", folder);
    }
    if let Some(value) = update {
        command.env("UPDATE_MANIFEST", value);
    }
    let output = command.output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains("running 1 test"), "{printed}");
    Run { passed: output.status.success(), printed }
}

impl Run {
    #[track_caller]
    fn assert_passed(&self) {
        assert!(self.passed, "{}", self.printed);
    }

    /// Fails, and says so in these words, at the line of the test.
    #[track_caller]
    fn assert_failed(&self, words: &str) {
        assert!(!self.passed, "{}", self.printed);
        assert!(self.printed.contains(words), "{words}\n--- is not in ---\n{}", self.printed);
        assert!(self.printed.contains("tests/manifest/pin.rs:"), "{}", self.printed);
    }
}

const ACCEPT: &str = "UPDATE_MANIFEST=1 cargo test -p photos pin::surface";

#[test]
fn a_missing_file_fails_and_is_written_when_that_is_wanted() {
    let package = Package::new();
    let words = format!(
        "the server's manifest is not pinned yet: there is no {}\nwrite it: {ACCEPT}\n",
        package.file().display()
    );
    package.run(None).assert_failed(&words);
    assert!(!package.file().exists());
    package.run(Some("1")).assert_passed();
    assert_eq!(package.read(), Auth::MANIFEST.to_string());
    package.run(None).assert_passed();
}

#[test]
fn a_difference_fails_with_its_lines_and_the_command_that_accepts_it() {
    let (package, text) = (Package::new(), Auth::MANIFEST.to_string());
    let before = text
        .replace("  subjects asked before every token\n", "  subjects always active: nobody is asked\n")
        .replacen("access_token_ttl 600 s", "access_token_ttl 3600 s", 1)
        .replace("\nendpoint metadata\n", "\nendpoint status\n  path /status\n\nendpoint metadata\n");
    assert_ne!(before, text);
    package.write(&before);
    let words = format!(
        "the server is not as `tests/manifest/provider.manifest` has it (- in the file, + declared):\n\
         \n  \
           server\n\
         -   subjects always active: nobody is asked\n\
         +   subjects asked before every token\n  \
           grant client_credentials\n\
         -   access_token_ttl 3600 s\n\
         +   access_token_ttl 600 s\n\
         - endpoint status\n\
         -   path /status\n\
         -\n\
         \nif this is meant: {ACCEPT}\n"
    );
    package.run(None).assert_failed(&words);
    // Neither of these is leave to write.
    for value in ["0", "", "no"] {
        package.run(Some(value)).assert_failed(&words);
    }
    assert_eq!(package.read(), before);
    package.run(Some("1")).assert_passed();
    assert_eq!(package.read(), text);
}

/// As a checkout on another system may have it.
#[test]
fn how_the_lines_end_makes_no_difference() {
    let package = Package::new();
    package.write(&Auth::MANIFEST.to_string().replace('\n', "\r\n"));
    package.run(None).assert_passed();
}

#[test]
fn a_file_that_cannot_be_read_or_written_says_so() {
    let package = Package::new();
    std::fs::create_dir(package.file()).unwrap();
    let file = package.file();
    package.run(None).assert_failed(&format!("cannot read {}: ", file.display()));
    package.run(Some("1")).assert_failed(&format!("cannot write {}: ", file.display()));
}

#[test]
fn outside_of_cargo_nobody_knows_where_the_file_is() {
    run(None, None).assert_failed(
        "where is `tests/manifest/provider.manifest`? run the test by `cargo test`, or give an absolute path",
    );
}

/// An absolute path is the same file wherever the test runs.
#[test]
fn an_absolute_path_is_taken_as_it_is() {
    let package = Package::new();
    package.write(&Auth::MANIFEST.to_string());
    pin_manifest(&Auth::MANIFEST, package.file());
}
