use serde::Serialize;
use serde_json::Value;

/// Authorization server metadata (RFC 8414 section 2), as far as this server has it.
///
/// Built from what is mounted, and from `metadata(..)` of the declaration; there is nothing to keep in step by hand.
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
    /// Address of a page for developers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_documentation: Option<String>,
    /// The languages of the pages, as tags of BCP 47.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ui_locales_supported: Vec<&'static str>,
    /// Address of what clients must keep to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub op_policy_uri: Option<String>,
    /// Address of the terms of service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub op_tos_uri: Option<String>,
    /// Members that there is no field for: those of `metadata(extra(..))`, and what endpoints of your own contribute.
    #[serde(flatten)]
    pub additional: std::collections::BTreeMap<&'static str, Value>,
}

impl ServerMetadata {
    /// The members that there are fields for. None of them can be an additional one.
    pub(crate) const FIELDS: &'static [&'static str] = &[
        "issuer",
        "authorization_endpoint",
        "token_endpoint",
        "scopes_supported",
        "response_types_supported",
        "response_modes_supported",
        "grant_types_supported",
        "token_endpoint_auth_methods_supported",
        "code_challenge_methods_supported",
        "authorization_response_iss_parameter_supported",
        "revocation_endpoint",
        "revocation_endpoint_auth_methods_supported",
        "introspection_endpoint",
        "introspection_endpoint_auth_methods_supported",
        "service_documentation",
        "ui_locales_supported",
        "op_policy_uri",
        "op_tos_uri",
    ];

    /// Adds a member that there is no field for.
    pub fn add(&mut self, name: &'static str, value: impl MetadataMember) {
        self.additional.insert(name, value.into_json());
    }
}

/// A value of `metadata(extra(name = value))`: everything that converts into JSON.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a member of the metadata document",
    label = "not a JSON value",
    note = "texts, numbers, `bool`, `serde_json::Value`, and arrays, `Vec`s and `Option`s of them convert into one"
)]
pub trait MetadataMember {
    /// The value as JSON.
    fn into_json(self) -> Value;
}

#[diagnostic::do_not_recommend]
impl<T: Into<Value>> MetadataMember for T {
    fn into_json(self) -> Value {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_fields_is_complete() {
        let (text, list) = (Some(String::new()), vec![""]);
        let full = ServerMetadata {
            issuer: String::new(),
            authorization_endpoint: text.clone(),
            token_endpoint: text.clone(),
            scopes_supported: list.clone(),
            response_types_supported: list.clone(),
            response_modes_supported: list.clone(),
            grant_types_supported: list.clone(),
            token_endpoint_auth_methods_supported: list.clone(),
            code_challenge_methods_supported: list.clone(),
            authorization_response_iss_parameter_supported: Some(true),
            revocation_endpoint: text.clone(),
            revocation_endpoint_auth_methods_supported: list.clone(),
            introspection_endpoint: text.clone(),
            introspection_endpoint_auth_methods_supported: list.clone(),
            service_documentation: text.clone(),
            ui_locales_supported: list,
            op_policy_uri: text.clone(),
            op_tos_uri: text,
            additional: std::collections::BTreeMap::new(),
        };
        let written = serde_json::to_value(full).unwrap();
        let mut written: Vec<_> = written.as_object().unwrap().keys().map(String::as_str).collect();
        let mut listed = ServerMetadata::FIELDS.to_vec();
        written.sort_unstable();
        listed.sort_unstable();
        assert_eq!(written, listed);
    }
}
