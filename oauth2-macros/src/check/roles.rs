//! M138: a model has a field for every role that no server can do without, and one only.

use crate::attr::similar;
use crate::diag::Diagnostics;
use crate::ir::model::{Field, Model, Role};

pub(crate) fn check(model: &Model, diag: &mut Diagnostics) {
    // A field whose attribute is wrong may be the one that seems to be missing.
    if diag.has_errors() {
        return;
    }
    for role in model.kind.roles() {
        let mut fields =
            model.fields.iter().filter(|field| field.role.is_some_and(|plays| plays.name == role.name));
        if fields.next().is_none() && role.required {
            missing(model, role, diag);
        }
        if let Some(second) = fields.next() {
            let message = format!(
                "two fields are the `{}` of `{}`\n\nhelp: remove one of the two",
                role.name, model.name
            );
            diag.push(second.ident.span(), message);
        }
    }
    for field in model.fields.iter().filter(|field| field.role.is_some() && field.default.is_some()) {
        diag.push(
            field.ident.span(),
            format_args!(
                "the framework sets `{}`, so it has no default\n\nhelp: remove `default = ..`",
                field.ident
            ),
        );
    }
}

fn missing(model: &Model, role: &Role, diag: &mut Diagnostics) {
    let own: Vec<&Field> = model.fields.iter().filter(|field| field.role.is_none()).collect();
    let names: Vec<&str> = own.iter().map(|field| field.column.as_str()).collect();
    let near = similar(role.name, &names).or_else(|| {
        names.iter().copied().find(|name| role.name.starts_with(*name) || name.starts_with(role.name))
    });
    let help = match near {
        Some(near) => format!(
            "help: `{}` has a field `{near}`; mark it with `#[oauth2({})]` if that is the one",
            model.name, role.name
        ),
        None => format!("help: add `{}`", role.field),
    };
    let (noun, name, role_name, note) = (model.kind.noun(), &model.name, role.name, role.note);
    diag.push(
        name.span(),
        format_args!("{noun} model `{name}` has no `{role_name}` field\n\n{help}\nnote: {note}"),
    );
}
