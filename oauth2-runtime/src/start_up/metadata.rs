//! The metadata document. Each member has one source: the declaration, or one endpoint.

use bytes::Bytes;
use serde_json::Value;

use crate::error::Error;
use crate::router::{DeclaredServer, mounts};
use crate::types::{Issuer, Scope, ServerMetadata};

/// The document; or every member that has two sources.
pub(super) fn document<S: DeclaredServer>(server: &S, issuer: &Issuer) -> Result<Bytes, Vec<Error>> {
    let mut metadata = ServerMetadata {
        issuer: issuer.as_str().to_owned(),
        scopes_supported: S::Scopes::NAMES.to_vec(),
        ..ServerMetadata::default()
    };
    server.describe(&mut metadata);
    let mut additional = std::mem::take(&mut metadata.additional);
    let (origin, mut errors) = (issuer.origin(), Vec::new());
    for mount in mounts::<S>() {
        let (path, before) = (mount.place(issuer), members(&metadata)?);
        mount.describe(&mut metadata, format!("{origin}{path}"));
        for (name, value) in std::mem::take(&mut metadata.additional) {
            if ServerMetadata::FIELDS.contains(&name) {
                errors.push(Error::new(format!(
                    "the endpoint at `{path}` adds `{name}` to the metadata document, which is derived from the \
                     declaration: leave it out, or set the field of `ServerMetadata` if the endpoint stands in for a \
                     built-in one"
                )));
            } else if additional.insert(name, value).is_some() {
                errors.push(twice(name, &path));
            }
        }
        let after = members(&metadata)?;
        let changed = before.iter().filter(|(name, value)| after.get(*name) != Some(value));
        errors.extend(changed.map(|(name, _)| twice(name, &path)));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    metadata.additional = additional;
    Ok(serde_json::to_vec(&metadata).map_err(unwritten)?.into())
}

/// The members that say something so far.
fn members(metadata: &ServerMetadata) -> Result<serde_json::Map<String, Value>, Vec<Error>> {
    let Value::Object(mut members) = serde_json::to_value(metadata).map_err(unwritten)? else {
        return Ok(serde_json::Map::new());
    };
    members.retain(|_, value| *value != Value::Array(Vec::new()));
    Ok(members)
}

fn twice(name: &str, path: &str) -> Error {
    Error::new(format!(
        "`{name}` is in the metadata document twice, the second time by the endpoint at `{path}`: leave it out of one"
    ))
}

fn unwritten(source: serde_json::Error) -> Vec<Error> {
    vec![Error::new("cannot write the metadata document").caused_by(source)]
}
