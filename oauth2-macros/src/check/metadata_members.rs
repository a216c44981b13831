//! M110: the names of `metadata(..)`. A member that somebody registered means what its specification says, so that only what
//! the declaration backs can be in the document.

use syn::ext::IdentExt;

use crate::attr::similar;
use crate::diag::Diagnostics;
use crate::ir::server::Server;

/// Derived from the declaration: the fields of the runtime's `ServerMetadata`, without those that have a key. A test
/// compares the two.
const DERIVED: &[&str] = &[
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
];

/// They say something about the server that the declaration cannot know, and each has a key.
const INFORMATIONAL: &[&str] =
    &["service_documentation", "op_policy_uri", "op_tos_uri", "ui_locales_supported"];

/// The others of the registry of authorization server metadata (RFC 8414 section 7.1).
const REGISTERED: &[&str] = &[
    "acr_values_supported",
    "authorization_details_types_supported",
    "authorization_encryption_alg_values_supported",
    "authorization_encryption_enc_values_supported",
    "authorization_signing_alg_values_supported",
    "backchannel_authentication_endpoint",
    "backchannel_authentication_request_signing_alg_values_supported",
    "backchannel_logout_session_supported",
    "backchannel_logout_supported",
    "backchannel_token_delivery_modes_supported",
    "backchannel_user_code_parameter_supported",
    "check_session_iframe",
    "claim_types_supported",
    "claims_locales_supported",
    "claims_parameter_supported",
    "claims_supported",
    "client_id_metadata_document_supported",
    "client_registration_types_supported",
    "device_authorization_endpoint",
    "display_values_supported",
    "dpop_signing_alg_values_supported",
    "end_session_endpoint",
    "federation_registration_endpoint",
    "frontchannel_logout_session_supported",
    "frontchannel_logout_supported",
    "id_token_encryption_alg_values_supported",
    "id_token_encryption_enc_values_supported",
    "id_token_signing_alg_values_supported",
    "introspection_encryption_alg_values_supported",
    "introspection_encryption_enc_values_supported",
    "introspection_endpoint_auth_signing_alg_values_supported",
    "introspection_signing_alg_values_supported",
    "jwks",
    "jwks_uri",
    "mtls_endpoint_aliases",
    "nfv_token_encryption_alg_values_supported",
    "nfv_token_signing_alg_values_supported",
    "protected_resources",
    "pushed_authorization_request_endpoint",
    "registration_endpoint",
    "request_authentication_methods_supported",
    "request_authentication_signing_alg_values_supported",
    "request_object_encryption_alg_values_supported",
    "request_object_encryption_enc_values_supported",
    "request_object_signing_alg_values_supported",
    "request_parameter_supported",
    "request_uri_parameter_supported",
    "require_pushed_authorization_requests",
    "require_request_uri_registration",
    "require_signed_request_object",
    "revocation_endpoint_auth_signing_alg_values_supported",
    "signed_jwks_uri",
    "signed_metadata",
    "subject_types_supported",
    "tls_client_certificate_bound_access_tokens",
    "token_endpoint_auth_signing_alg_values_supported",
    "userinfo_encryption_alg_values_supported",
    "userinfo_encryption_enc_values_supported",
    "userinfo_endpoint",
    "userinfo_signing_alg_values_supported",
];

pub(crate) fn check(server: &Server, diag: &mut Diagnostics) {
    for key in &server.metadata.unknown {
        let name = key.unraw().to_string();
        diag.push(key.span(), registered(&name).unwrap_or_else(|| unknown(&name)));
    }
    for (key, _) in &server.metadata.extra {
        if let Some(reason) = registered(&key.unraw().to_string()) {
            diag.push(key.span(), reason);
        }
    }
}

/// Why the name is not free, if it is not.
fn registered(name: &str) -> Option<String> {
    if DERIVED.contains(&name) {
        let help = "help: remove it";
        let note = "note: what the document says is what the server does (RFC 8414 section 2)";
        return Some(format!("`{name}` is derived from the declaration\n\n{help}\n{note}"));
    }
    if INFORMATIONAL.contains(&name) {
        let value = if name == "ui_locales_supported" { "(..)" } else { " = .." };
        let help = format!("help: move it out of `extra(..)`, to `metadata({name}{value})`");
        return Some(format!("`{name}` has a key of its own\n\n{help}\nnote: RFC 8414 section 2"));
    }
    REGISTERED.contains(&name).then(|| {
        let help = "help: remove it; an endpoint of your own that does it can say so in `Endpoint::describe`";
        let note = "note: the name is registered, and clients act on it (RFC 8414 section 7.1)";
        format!("nothing in the declaration backs `{name}`\n\n{help}\n{note}")
    })
}

fn unknown(name: &str) -> String {
    let keys: Vec<&str> = INFORMATIONAL.iter().copied().chain(["extra"]).collect();
    let help = match similar(name, &keys) {
        Some(near) => format!("help: a key with a similar name exists: `{near}`"),
        None => format!("help: a member of your own goes into `extra({name} = ..)`"),
    };
    format!("unknown key `{name}` in `metadata(..)`\n\n{help}")
}
