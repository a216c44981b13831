use serde::Serialize;

/// Authorization server metadata (RFC 8414 section 2), as far as this server has it.
///
/// Built from what is mounted; there is nothing to keep in step by hand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ServerMetadata {
    /// The issuer identifier.
    pub issuer: String,
    /// Address of the authorization endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_endpoint: Option<String>,
    /// Address of the token endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint: Option<String>,
    /// Names of the declared scopes.
    pub scopes_supported: Vec<&'static str>,
    /// Response types of the authorization endpoint; empty while the server has none.
    pub response_types_supported: Vec<&'static str>,
    /// Ways in which the authorization endpoint answers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub response_modes_supported: Vec<&'static str>,
    /// Grant types of the token endpoint.
    pub grant_types_supported: Vec<&'static str>,
    /// Client authentication methods of the token endpoint.
    pub token_endpoint_auth_methods_supported: Vec<&'static str>,
    /// PKCE methods of the authorization endpoint (RFC 7636 section 4.3).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub code_challenge_methods_supported: Vec<&'static str>,
    /// Whether every answer of the authorization endpoint names the issuer (RFC 9207 section 3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_response_iss_parameter_supported: Option<bool>,
    /// Address of the revocation endpoint (RFC 7009).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revocation_endpoint: Option<String>,
    /// Client authentication methods of the revocation endpoint.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub revocation_endpoint_auth_methods_supported: Vec<&'static str>,
    /// Address of the introspection endpoint (RFC 7662).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introspection_endpoint: Option<String>,
    /// Client authentication methods of the introspection endpoint.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub introspection_endpoint_auth_methods_supported: Vec<&'static str>,
    /// Members that endpoints of your own contribute.
    #[serde(flatten)]
    pub additional: std::collections::BTreeMap<&'static str, serde_json::Value>,
}
