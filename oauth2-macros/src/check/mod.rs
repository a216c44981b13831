//! Rules that the tokens of one declaration are enough for, one a file.

mod complete;
mod duplicate_grant;
mod issuer;
mod metadata_members;
mod metadata_values;
mod realm;
mod roles;
mod scope_names;
mod token_generators;

use crate::diag::Diagnostics;
use crate::ir::model::Model;
use crate::ir::protect::Protect;
use crate::ir::scope::Scopes;
use crate::ir::server::Server;

const SERVER: &[fn(&Server, &mut Diagnostics)] = &[
    complete::check,
    issuer::check,
    duplicate_grant::check,
    token_generators::check,
    metadata_members::check,
    metadata_values::check,
];
const MODEL: &[fn(&Model, &mut Diagnostics)] = &[roles::check];
const PROTECT: &[fn(&Protect, &mut Diagnostics)] = &[realm::check];
const SCOPES: &[fn(&Scopes, &mut Diagnostics)] = &[scope_names::check];

pub(crate) fn server(server: &Server, diag: &mut Diagnostics) {
    for rule in SERVER {
        rule(server, diag);
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
