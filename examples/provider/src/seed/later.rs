/// Keys of client metadata that ask for a feature which is not built yet, in the order of the features.
const LATER: &[(&str, &[&str])] = &[
    (
        "ID Tokens",
        &[
            "default_acr_values",
            "default_max_age",
            "id_token_encrypted_response_alg",
            "id_token_encrypted_response_enc",
            "id_token_signed_response_alg",
            "require_auth_time",
            "sector_identifier_uri",
            "subject_type",
        ],
    ),
    ("keys of clients", &["jwks", "jwks_uri", "token_endpoint_auth_signing_alg"]),
    (
        "the UserInfo endpoint",
        &[
            "userinfo_encrypted_response_alg",
            "userinfo_encrypted_response_enc",
            "userinfo_signed_response_alg",
        ],
    ),
    (
        "logout",
        &[
            "backchannel_logout_session_required",
            "backchannel_logout_uri",
            "frontchannel_logout_session_required",
            "frontchannel_logout_uri",
            "post_logout_redirect_uris",
        ],
    ),
    ("DPoP", &["dpop_bound_access_tokens"]),
    ("pushed authorization requests", &["require_pushed_authorization_requests"]),
    (
        "request objects",
        &[
            "request_object_encryption_alg",
            "request_object_encryption_enc",
            "request_object_signing_alg",
            "request_uris",
            "require_signed_request_object",
        ],
    ),
    (
        "client certificates",
        &[
            "tls_client_auth_san_dns",
            "tls_client_auth_san_email",
            "tls_client_auth_san_ip",
            "tls_client_auth_san_uri",
            "tls_client_auth_subject_dn",
            "tls_client_certificate_bound_access_tokens",
        ],
    ),
    ("authorization details", &["authorization_details_types"]),
    ("sign-in that others start", &["initiate_login_uri"]),
    ("more about clients on the pages", &["client_uri", "contacts", "logo_uri", "policy_uri", "tos_uri"]),
    ("software statements", &["software_id", "software_statement", "software_version"]),
    ("application types", &["application_type"]),
];

/// The feature that the key asks for.
pub(super) fn feature_of(key: &str) -> Option<&'static str> {
    LATER.iter().find(|(_, keys)| keys.contains(&key)).map(|(feature, _)| *feature)
}
