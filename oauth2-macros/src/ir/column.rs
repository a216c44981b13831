//! Which trait of the runtime a field is read and written through. All of a role are for the same types, and differ in their words
//! for another: what the type looks like decides which mistake it is, never whether it is one.

use syn::{GenericArgument, Ident, PathArguments, Type};

use super::role::Role;

/// Whether every row has a value of a role.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// Every row.
    Always,
    /// The type is an `Option`.
    Sometimes,
    /// As the model likes.
    Either,
}

/// What holds a value that anybody can read.
const PLAIN: &[&str] = &["String", "str", "Vec", "Box", "Cow", "Arc", "Bytes", "Secret"];

pub(super) fn of(role: &Role, ty: &Type) -> String {
    let (optional, inner) = option_of(ty);
    let name = name_of(inner);
    let expected = name.as_ref().is_some_and(|name| name == role.value);
    let kind = if role.hashed && is_plain(inner, name.as_ref()) {
        "Hashed"
    } else if expected && optional && role.holds == Holds::Always {
        "Present"
    } else if expected && !optional && role.holds == Holds::Sometimes {
        "Optional"
    } else {
        return format!("{}Column", role.column);
    };
    format!("{kind}{}", role.column)
}

/// Whether it is an `Option`, and of what.
fn option_of(ty: &Type) -> (bool, &Type) {
    let Type::Path(path) = ty else { return (false, ty) };
    let Some(last) = path.path.segments.last().filter(|last| last.ident == "Option") else {
        return (false, ty);
    };
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return (false, ty) };
    match arguments.args.first() {
        Some(GenericArgument::Type(inner)) => (true, inner),
        _ => (false, ty),
    }
}

fn name_of(ty: &Type) -> Option<Ident> {
    let Type::Path(path) = ty else { return None };
    path.path.segments.last().map(|last| last.ident.clone())
}

fn is_plain(ty: &Type, name: Option<&Ident>) -> bool {
    match ty {
        Type::Array(_) | Type::Slice(_) | Type::Reference(_) => true,
        _ => name.is_some_and(|name| PLAIN.contains(&name.to_string().as_str())),
    }
}
