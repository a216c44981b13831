//! M023, M138, M142: a model has a field for every role that no server can do without, and one only.

use crate::attr::similar;
use crate::diag::{Conflict, Diagnostics};
use crate::ir::model::Model;
use crate::ir::role::Role;

pub(crate) fn check(model: &Model, diag: &mut Diagnostics) {
    // A field whose attribute is wrong may be the one that seems to be missing.
    if diag.has_errors() {
        return;
    }
    let mut absent = Vec::new();
    for role in model.kind.roles() {
        let mut fields =
            model.fields.iter().filter(|field| field.role.is_some_and(|plays| plays.name == role.name));
        match (fields.next(), fields.next()) {
            (None, _) if role.required => absent.push(role),
            (Some(first), Some(second)) => diag.conflict(Conflict {
                first: first.ident.span(),
                second: second.ident.span(),
                message: format!("two fields are the `{}` of `{}`", role.name, model.name),
                label: format!("`{}` is the one already", first.ident),
                notes: vec![
                    "a value has one column, or nobody could say which counts".to_owned(),
                    "remove one of the two, or its `#[oauth2(..)]`".to_owned(),
                ],
            }),
            _ => {}
        }
    }
    // What is absent may be what is half-typed.
    if model.whole && !absent.is_empty() {
        missing(model, &absent, diag);
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

/// All of them in one error: a model that has just been begun lacks most.
fn missing(model: &Model, roles: &[&Role], diag: &mut Diagnostics) {
    let name = &model.name;
    let (near, far): (Vec<_>, Vec<_>) =
        roles.iter().map(|role| (role, near(model, role))).partition(|(_, near)| near.is_some());
    let mut lines = Vec::new();
    for (role, near) in near {
        let (role, near) = (role.name, near.unwrap_or_default());
        lines.push(format!(
            "help: `{name}` has a field `{near}`; rename it, or mark it with `#[oauth2({role})]`, if that is the one"
        ));
    }
    if !far.is_empty() {
        let fields: Vec<_> = far.iter().map(|(role, _)| role.field).collect();
        lines.push(format!("help: add {}", listed(&fields)));
    }
    lines.extend(roles.iter().map(|role| match roles {
        [_] => format!("note: {}", role.note),
        _ => format!("note: `{}`: {}", role.name, role.note),
    }));
    let names: Vec<_> = roles.iter().map(|role| role.name).collect();
    let (noun, names, lines) = (model.kind.noun(), listed(&names), lines.join("\n"));
    let fields = if roles.len() == 1 { "field" } else { "fields" };
    diag.push(name.span(), format_args!("{noun} model `{name}` has no {names} {fields}\n\n{lines}"));
}

/// The field of the user's own that may be meant for this role.
fn near<'a>(model: &'a Model, role: &Role) -> Option<&'a str> {
    let own = model.fields.iter().filter(|field| field.role.is_none());
    let names: Vec<&str> = own.map(|field| field.column.as_str()).collect();
    similar(role.name, &names).or_else(|| {
        names.iter().copied().find(|name| role.name.starts_with(*name) || name.starts_with(role.name))
    })
}

/// `a`, `b` and `c`.
fn listed(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => quoted.concat(),
    }
}
