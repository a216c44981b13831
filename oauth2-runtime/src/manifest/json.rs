use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::Manifest;
use crate::types::GrantProperties;

/// A grant, and what the declaration says of it elsewhere.
#[derive(Serialize)]
struct Grant<'a> {
    #[serde(flatten)]
    properties: &'a GrantProperties,
    extensions: Vec<String>,
}

/// All of it, also what is computed.
impl Serialize for Manifest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let with_extensions =
            |grant| Grant { properties: grant, extensions: self.extensions(grant.grant_type) };
        let grants: Vec<_> = self.grants.iter().map(with_extensions).collect();
        let mut manifest = serializer.serialize_struct("Manifest", 14)?;
        manifest.serialize_field("profile", self.profile)?;
        manifest.serialize_field("relaxations", self.relaxations)?;
        manifest.serialize_field("client_auth", &self.client_auth())?;
        manifest.serialize_field("sign_in", &self.sign_in)?;
        manifest.serialize_field("subjects", &self.subjects)?;
        manifest.serialize_field("own_tokens", &self.own_tokens)?;
        manifest.serialize_field("schema", &self.schema)?;
        manifest.serialize_field("purge", &self.purge)?;
        manifest.serialize_field("lifetimes", &self.lifetimes)?;
        manifest.serialize_field("scopes", self.scopes)?;
        manifest.serialize_field("grants", &grants)?;
        manifest.serialize_field("routes", &self.routes())?;
        manifest.serialize_field("protected_route_errors", self.protected_route_errors)?;
        manifest.serialize_field("tables", &self.tables())?;
        manifest.end()
    }
}
