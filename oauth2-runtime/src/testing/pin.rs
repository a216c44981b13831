use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::thread;

use super::difference;
use crate::manifest::Manifest;

/// The environment variable that has [`pin_manifest`] write the file.
pub const UPDATE_MANIFEST: &str = "UPDATE_MANIFEST";

/// Compares a server's manifest with a file of your repository: `path`, from the folder of your package. A difference fails the
/// test, with the lines that differ and the command that accepts them, so that nobody changes what clients rely on unknowingly.
///
/// ```no_run
/// # use oauth2_runtime::prelude::*;
/// # #[derive(Scope)] enum Access { #[scope("photos:read")] ReadPhotos }
/// # #[grant(client_credentials)] struct Robots;
/// # #[oauth2_server(issuer = "https://id.example", scopes = Access, grants(Robots), client_auth(client_secret_basic))]
/// # struct Auth { #[oauth2(store)] db: SqlStore<Sqlite> }
/// #[test]
/// fn surface() {
///     oauth2_runtime::testing::pin_manifest(&Auth::MANIFEST, "auth.manifest");
/// }
/// ```
///
/// `UPDATE_MANIFEST=1 cargo test surface` writes the file, at first and after every change that is meant. Check it in.
///
/// # Panics
///
/// When the file is not there, cannot be read or written, or has other lines.
#[track_caller]
#[expect(clippy::panic, reason = "a test fails by it")]
pub fn pin_manifest(manifest: &Manifest, path: impl AsRef<Path>) {
    if let Err(reason) = pin(&manifest.to_string(), path.as_ref()) {
        panic!("{reason}");
    }
}

fn pin(text: &str, path: &Path) -> Result<(), String> {
    let (file, shown) = (locate(path)?, path.display());
    if env::var_os(UPDATE_MANIFEST).is_some_and(|value| value == "1") {
        return fs::write(&file, text).map_err(|error| format!("cannot write {}: {error}", file.display()));
    }
    let pinned = match fs::read_to_string(&file) {
        Ok(pinned) => pinned,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let file = file.display();
            return Err(format!(
                "the server's manifest is not pinned yet: there is no {file}\nwrite it: {}",
                accept()
            ));
        }
        Err(error) => return Err(format!("cannot read {}: {error}", file.display())),
    };
    let difference = difference(&pinned, text);
    if difference.is_empty() {
        return Ok(());
    }
    Err(format!(
        "the server is not as `{shown}` has it (- in the file, + declared):\n\n{difference}\nif this is meant: {}",
        accept()
    ))
}

/// Cargo says where the package is when it runs a test, so that the same binary finds the file wherever the sources are.
fn locate(path: &Path) -> Result<PathBuf, String> {
    if path.is_absolute() {
        return Ok(path.to_owned());
    }
    let folder = env::var_os("CARGO_MANIFEST_DIR").ok_or_else(|| {
        format!("where is `{}`? run the test by `cargo test`, or give an absolute path", path.display())
    })?;
    Ok(Path::new(&folder).join(path))
}

/// The command that runs this very test with leave to write.
fn accept() -> String {
    let package = env::var("CARGO_PKG_NAME").map(|name| format!(" -p {name}")).unwrap_or_default();
    let thread = thread::current();
    let test =
        thread.name().filter(|name| *name != "main").map(|name| format!(" {name}")).unwrap_or_default();
    format!("{UPDATE_MANIFEST}=1 cargo test{package}{test}")
}
