use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields, Ident, Type};

use super::column;
use super::role::{Kind, Role};
use crate::attr::model::{FieldAttr, StructAttr};
use crate::diag::Diagnostics;
use crate::item::Declared;
use crate::paths::Runtime;

/// A model: a struct that is a row.
pub(crate) struct Model {
    pub(crate) kind: Kind,
    pub(crate) name: Ident,
    pub(crate) table: String,
    pub(crate) fields: Vec<Field>,
    /// Whether no field is half-typed, and absent.
    pub(crate) whole: bool,
    pub(crate) runtime: Runtime,
}

pub(crate) struct Field {
    pub(crate) ident: Ident,
    /// The column's name.
    pub(crate) column: String,
    pub(crate) ty: Type,
    pub(crate) role: Option<Role>,
    /// The trait of the runtime that it is read and written through; empty where it plays no role.
    pub(crate) through: String,
    pub(crate) default: Option<TokenStream>,
}

impl Model {
    pub(crate) fn lower(kind: Kind, declared: &Declared, diag: &mut Diagnostics) -> Self {
        let item = &declared.item;
        let attr = StructAttr::parse(&item.attrs, diag);
        if !item.generics.params.is_empty() {
            diag.push_at(&item.generics, "a model has no type parameters\n\nnote: the rules of a server are checked for concrete types");
        }
        let fields = fields(kind, item, diag);
        let table =
            attr.table.map_or_else(|| snake_case(&item.ident.unraw().to_string()), |table| table.value());
        Self {
            kind,
            name: item.ident.clone(),
            table,
            fields,
            whole: declared.whole,
            runtime: Runtime::new(attr.runtime),
        }
    }

    /// The field that plays a role.
    pub(crate) fn role(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.role.is_some_and(|role| role.name == name))
    }

    /// Whether a field is missing that the generated code is about.
    pub(crate) fn lacks_a_role(&self) -> bool {
        self.kind.roles().iter().any(|role| role.required && self.role(role.name).is_none())
    }
}

fn fields(kind: Kind, item: &DeriveInput, diag: &mut Diagnostics) -> Vec<Field> {
    let Data::Struct(syn::DataStruct { fields: Fields::Named(struct_fields), .. }) = &item.data else {
        diag.push(
            item.ident.span(),
            format_args!(
                "a {} model is a struct with named fields\n\nnote: its fields are the columns of a table",
                kind.noun()
            ),
        );
        return Vec::new();
    };
    let roles: Vec<&str> = kind.roles().iter().map(|role| role.name).collect();
    struct_fields
        .named
        .iter()
        .filter_map(|field| {
            let ident = field.ident.clone()?;
            let attr = FieldAttr::parse(&field.attrs, &roles, diag);
            let column = ident.unraw().to_string();
            let plays = attr.role.map_or_else(|| column.clone(), |role| role.to_string());
            let role = kind.roles().iter().copied().find(|role| role.name == plays);
            let ty = field.ty.clone();
            let through = role.map_or_else(String::new, |role| column::of(&role, &ty));
            Some(Field { ident, column, ty, role, through, default: attr.default })
        })
        .collect()
}

fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for (index, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && index > 0 {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}
