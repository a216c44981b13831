use serde::Serialize;

/// Authorization server metadata (RFC 8414 section 2), as far as this server has it.
///
/// Built from what is mounted; there is nothing to keep in step by hand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ServerMetadata {
    /// The issuer identifier.
    pub issuer: String,
    /// Address of the token endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint: Option<String>,
    /// Names of the declared scopes.
    pub scopes_supported: Vec<&'static str>,
    /// Response types of the authorization endpoint; empty while the server has none.
    pub response_types_supported: Vec<&'static str>,
    /// Grant types of the token endpoint.
    pub grant_types_supported: Vec<&'static str>,
    /// Client authentication methods of the token endpoint.
    pub token_endpoint_auth_methods_supported: Vec<&'static str>,
    /// Members that endpoints of your own contribute.
    #[serde(flatten)]
    pub additional: std::collections::BTreeMap<&'static str, serde_json::Value>,
}
