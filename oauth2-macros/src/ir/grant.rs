use proc_macro2::{Literal, Span, TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields, Ident, LitInt, Path, Type};

use crate::attr::grant::{GrantAttr, Kind, ScopeList};
use crate::attr::{Entry, Value, similar};
use crate::diag::Diagnostics;
use crate::paths::Runtime;

/// A grant.
pub(crate) struct Grant {
    pub(crate) name: Ident,
    pub(crate) kind: Kind,
    /// The last token of the attribute.
    pub(crate) end: Span,
    /// Keys of the kind's `Spec` with their arguments.
    pub(crate) keys: Vec<(Ident, TokenStream)>,
    pub(crate) scopes: Option<ScopeList>,
    pub(crate) default_scopes: Option<ScopeList>,
    pub(crate) extensions: Vec<Path>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) runtime: Runtime,
}

/// A field: a parameter of the token request.
pub(crate) struct Parameter {
    pub(crate) field: Ident,
    pub(crate) name: String,
    pub(crate) ty: Type,
}

impl Grant {
    pub(crate) fn lower(attr: GrantAttr, item: &DeriveInput, diag: &mut Diagnostics) -> Option<Self> {
        if attr.empty {
            let help = "help: write `#[grant(client_credentials)]`, or `#[grant(extension = \"urn:..\")]` for a grant type of your own";
            diag.push(
                item.ident.span(),
                format_args!("a grant needs a kind\n\n{help}\nnote: RFC 6749 section 4"),
            );
        }
        if !item.generics.params.is_empty() {
            diag.push_at(&item.generics, "a grant has no type parameters\n\nnote: the rules of a server are checked for concrete types");
        }
        let keys = attr
            .keys
            .into_iter()
            .filter_map(|Entry { key, value }| {
                let value = argument(value, diag)?;
                (!is_slip(attr.kind.as_ref(), &key, diag)).then_some((key, value))
            })
            .collect();
        let parameters = parameters(item, diag);
        Some(Self {
            name: item.ident.clone(),
            kind: attr.kind?,
            end: attr.end,
            keys,
            scopes: attr.scopes,
            default_scopes: attr.default_scopes,
            extensions: attr.extensions,
            parameters,
            runtime: Runtime::new(attr.runtime),
        })
    }
}

/// The kinds of the runtime have no key that is nearly one of the attribute's own; of others nobody here knows.
fn is_slip(kind: Option<&Kind>, key: &Ident, diag: &mut Diagnostics) -> bool {
    let ours = kind.is_some_and(|kind| kind.path.get_ident().is_some_and(crate::paths::is_ours));
    let own = ["scopes", "default_scopes", "extensions"];
    let Some(near) = similar(&key.to_string(), &own).filter(|_| ours) else { return false };
    let help = format!("help: a key with a similar name exists: `{near}`");
    diag.push(key.span(), format_args!("unknown key `{key}` in `#[grant(..)]`\n\n{help}"));
    true
}

fn parameters(item: &DeriveInput, diag: &mut Diagnostics) -> Vec<Parameter> {
    let fields = match &item.data {
        Data::Struct(data) => &data.fields,
        Data::Enum(_) | Data::Union(_) => {
            diag.push(item.ident.span(), "a grant is a struct\n\nnote: its fields are the parameters of the token request (RFC 6749 section 4.5)");
            return Vec::new();
        }
    };
    if let Fields::Unnamed(fields) = fields {
        let help = "help: write `{ name: String }`";
        diag.push_at(
            fields,
            format_args!("the fields of a grant need names: they are its request parameters\n\n{help}"),
        );
    }
    let named = fields.iter().filter_map(|field| field.ident.clone().map(|name| (name, field.ty.clone())));
    named.map(|(field, ty)| Parameter { name: field.unraw().to_string(), field, ty }).collect()
}

fn argument(value: Value, diag: &mut Diagnostics) -> Option<TokenStream> {
    match value {
        Value::Flag => Some(TokenStream::new()),
        Value::List(tokens) => Some(tokens),
        Value::Is(tokens) => duration_or(tokens, diag),
    }
}

/// `60s` becomes a `Duration`, whatever the key is; other values stay as they are.
fn duration_or(tokens: TokenStream, diag: &mut Diagnostics) -> Option<TokenStream> {
    let mut trees = tokens.clone().into_iter();
    let (Some(TokenTree::Literal(literal)), None) = (trees.next(), trees.next()) else { return Some(tokens) };
    let Ok(number) = syn::parse_str::<LitInt>(&literal.to_string()) else { return Some(tokens) };
    let seconds = match number.suffix() {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "" | "u8" | "u16" | "u32" | "u64" | "u128" | "usize" | "i8" | "i16" | "i32" | "i64" | "i128"
        | "isize" => {
            return Some(tokens);
        }
        unit => {
            diag.push(
                literal.span(),
                format_args!("`{unit}` is not a unit of time\n\nhelp: write `60s`, `10m`, `12h` or `30d`"),
            );
            return None;
        }
    };
    let total = number.base10_parse::<u64>().ok().and_then(|count| count.checked_mul(seconds));
    match total {
        Some(0) => {
            diag.push(literal.span(), "nothing can live for zero seconds\n\nhelp: write how long it lives, such as `60s`\nnote: RFC 6749 section 5.1: `expires_in` says it to clients");
            None
        }
        Some(total) => Some(duration(total, literal.span())),
        None => {
            diag.push(literal.span(), "this lifetime is too long to count in seconds");
            None
        }
    }
}

fn duration(seconds: u64, span: Span) -> TokenStream {
    let mut seconds = Literal::u64_suffixed(seconds);
    seconds.set_span(span);
    quote!(::core::time::Duration::from_secs(#seconds))
}
