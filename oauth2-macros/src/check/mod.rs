//! Rules that the tokens of one declaration are enough for, one a file.

mod authorization_cors;
mod client_auth_missing;
mod grant_type_uri;
mod grants_missing;
mod issuer;
mod issuer_missing;
mod listed_twice;
mod metadata_members;
mod metadata_values;
mod profile;
mod realm;
mod redirect_uri;
mod redirect_uris;
mod roles;
mod scope_names;
mod scopes_missing;
mod store_missing;
mod token_generators;

use crate::attr::redirect_uris::RedirectUrisList;
use crate::diag::Diagnostics;
use crate::ir::grant::Grant;
use crate::ir::model::Model;
use crate::ir::protect::Protect;
use crate::ir::scope::Scopes;
use crate::ir::server::Server;

/// What a server cannot do without.
const COMPLETE: &[fn(&Server, &mut Diagnostics)] = &[
    issuer_missing::check,
    scopes_missing::check,
    grants_missing::check,
    client_auth_missing::check,
    store_missing::check,
];
const SERVER: &[fn(&Server, &mut Diagnostics)] = &[
    profile::check,
    issuer::check,
    token_generators::check,
    metadata_members::check,
    metadata_values::check,
    authorization_cors::check,
];
const GRANT: &[fn(&Grant, &mut Diagnostics)] = &[grant_type_uri::check];
const MODEL: &[fn(&Model, &mut Diagnostics)] = &[roles::check];
const PROTECT: &[fn(&Protect, &mut Diagnostics)] = &[realm::check];
const SCOPES: &[fn(&Scopes, &mut Diagnostics)] = &[scope_names::check];

pub(crate) fn server(server: &mut Server, diag: &mut Diagnostics) {
    listed_twice::server(server, diag);
    // Entries that were there and wrong have their own errors.
    if !diag.has_errors() {
        for rule in COMPLETE {
            rule(server, diag);
        }
    }
    for rule in SERVER {
        rule(server, diag);
    }
}

pub(crate) fn grant(grant: &mut Grant, diag: &mut Diagnostics) {
    listed_twice::grant(grant, diag);
    for rule in GRANT {
        rule(grant, diag);
    }
}

pub(crate) fn model(model: &Model, diag: &mut Diagnostics) {
    for rule in MODEL {
        rule(model, diag);
    }
}

pub(crate) fn protect(protect: &Protect, diag: &mut Diagnostics) {
    for rule in PROTECT {
        rule(protect, diag);
    }
}

pub(crate) fn scopes(scopes: &Scopes, diag: &mut Diagnostics) {
    for rule in SCOPES {
        rule(scopes, diag);
    }
}

pub(crate) fn redirect_uris(list: &RedirectUrisList, diag: &mut Diagnostics) {
    redirect_uris::check(list, diag);
}
