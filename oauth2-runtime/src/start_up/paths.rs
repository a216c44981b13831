//! Endpoints of one's own may have any path, as long as it is one and nobody else's. What the rules see at compile time are
//! the paths; here are the places, which the issuer's path has a part in.

use std::collections::BTreeSet;

use super::Finding;
use crate::router::{DeclaredServer, mounts};
use crate::types::Issuer;

/// Without an issuer nobody knows the places.
pub(super) fn check<S: DeclaredServer>(issuer: Option<&Issuer>) -> Vec<Finding> {
    let (mut seen, mut findings) = (BTreeSet::new(), Vec::new());
    for mount in mounts::<S>() {
        let plain = mount.path;
        let one_slash = plain.starts_with('/') && !plain.starts_with("//");
        let odd = |character: char| {
            "{}*:?#\\".contains(character) || character.is_whitespace() || character.is_control()
        };
        if !one_slash || plain.contains(odd) {
            findings.push(Finding::error(format!(
                "an endpoint's path `{}` is not a plain path: begin it with one `/` and leave out parameters and \
                 queries",
                plain.escape_debug()
            )));
            continue;
        }
        let Some(path) = issuer.map(|issuer| mount.place(issuer)) else { continue };
        if !seen.insert(path.clone()) {
            let line = format!("two endpoints are at `{path}`: give one of them another path");
            findings.push(Finding::error(line));
        }
    }
    findings
}
