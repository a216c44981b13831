use proc_macro2::Span;
use quote::quote;
use syn::{Data, DeriveInput, Fields, Ident, LitStr, Path, Type};

use crate::attr::endpoint::Endpoint;
use crate::attr::metadata::Metadata;
use crate::attr::model::oauth2;
use crate::attr::once;
use crate::attr::server::{Allow, Issuer, Keyed, ServerAttr, SignIn, TokenGenerator};
use crate::diag::{Conflict, Diagnostics};
use crate::item::Declared;
use crate::paths::Runtime;

/// A server. What the declaration lacks is `None`; it can then be expanded as a stand-in only.
pub(crate) struct Server {
    pub(crate) name: Ident,
    pub(crate) issuer: Option<IssuerSource>,
    pub(crate) client: Option<Type>,
    pub(crate) token: Option<Type>,
    pub(crate) code: Option<Type>,
    pub(crate) scopes: Option<Type>,
    pub(crate) scopes_span: Span,
    pub(crate) store: Option<(Ident, Type)>,
    pub(crate) grants: Vec<Path>,
    pub(crate) grants_span: Span,
    pub(crate) endpoints: Vec<Endpoint>,
    pub(crate) endpoints_span: Span,
    pub(crate) extensions: Vec<Path>,
    pub(crate) client_auth: Vec<Path>,
    pub(crate) client_auth_span: Span,
    pub(crate) sign_in: Option<SignIn>,
    pub(crate) subjects: Option<Path>,
    pub(crate) tokens: Vec<TokenGenerator>,
    pub(crate) signals: Vec<(Ident, Path)>,
    pub(crate) signals_span: Span,
    pub(crate) metadata: Metadata,
    pub(crate) schema: &'static str,
    pub(crate) purge: bool,
    pub(crate) profile: &'static str,
    pub(crate) profile_name: Option<LitStr>,
    pub(crate) profile_span: Option<Span>,
    pub(crate) allow: Vec<Allow>,
    pub(crate) runtime: Runtime,
}

/// Where the issuer comes from.
pub(crate) enum IssuerSource {
    Literal(LitStr),
    Environment(LitStr),
    Field(Ident, Box<Type>),
}

/// The profiles that can be kept, by name, and their variants in the runtime.
pub(crate) const PROFILES: &[(&str, &str)] =
    &[("oauth2.1", "OAuth21"), ("rfc9700", "Rfc9700"), ("rfc6749", "Rfc6749")];

impl Server {
    pub(crate) fn lower(attr: ServerAttr, declared: &Declared, diag: &mut Diagnostics) -> Self {
        let item = &declared.item;
        if !item.generics.params.is_empty() {
            diag.push_at(
                &item.generics,
                "a server has no type parameters\n\nnote: its rules are checked for concrete types",
            );
        }
        let mut marked = Marked::find(item, diag);
        if !declared.whole {
            marked.complete(attr.issuer.is_none());
        }
        let (grants, grants_span) = listed(attr.grants);
        let (client_auth, client_auth_span) = listed(attr.client_auth);
        let (endpoints, endpoints_span) = listed(attr.endpoints);
        let (signals, signals_span) = listed(attr.signals);
        let scopes_span = attr.scopes.as_ref().map_or_else(Span::call_site, |scopes| scopes.span);
        Self {
            name: item.ident.clone(),
            issuer: issuer(attr.issuer, marked.issuer, diag),
            client: attr.client,
            token: attr.token,
            code: attr.code,
            scopes: attr.scopes.map(|scopes| scopes.value),
            scopes_span,
            store: marked.store,
            grants,
            grants_span,
            endpoints,
            endpoints_span,
            extensions: attr.extensions,
            client_auth,
            client_auth_span,
            sign_in: attr.sign_in,
            subjects: attr.subjects,
            tokens: attr.tokens,
            signals,
            signals_span,
            metadata: attr.metadata,
            schema: schema(attr.schema, diag),
            purge: purge(attr.purge, diag),
            profile_span: attr.profile.as_ref().map(LitStr::span),
            profile: attr.profile.as_ref().map_or("OAuth21", profile),
            profile_name: attr.profile,
            allow: attr.allow,
            runtime: Runtime::new(attr.runtime),
        }
    }
}

fn listed<T>(entries: Option<Keyed<Vec<T>>>) -> (Vec<T>, Span) {
    entries.map_or_else(|| (Vec::new(), Span::call_site()), |keyed| (keyed.value, keyed.span))
}

/// The fields of the struct that the attributes mark.
#[derive(Default)]
struct Marked {
    store: Option<(Ident, Type)>,
    issuer: Option<(Ident, Type)>,
}

impl Marked {
    fn find(item: &DeriveInput, diag: &mut Diagnostics) -> Self {
        let mut marked = Self::default();
        let Data::Struct(syn::DataStruct { fields: Fields::Named(named), .. }) = &item.data else {
            diag.push(item.ident.span(), "a server is a struct with named fields\n\nnote: one of them is its store, marked `#[oauth2(store)]`");
            return marked;
        };
        for field in &named.named {
            let marks = oauth2(&field.attrs, diag);
            for mark in once(marks, &["store", "issuer"], "`#[oauth2(..)]` on a server's field", diag) {
                mark.flag(diag);
                let found = if mark.key == "store" { &mut marked.store } else { &mut marked.issuer };
                let Some(name) = field.ident.clone() else { continue };
                match found {
                    None => *found = Some((name, field.ty.clone())),
                    Some((first, _)) => diag.conflict(Conflict {
                        first: first.span(),
                        second: mark.key.span(),
                        message: format!("two fields are marked `{}`", mark.key),
                        label: format!("`{first}` is the one already"),
                        notes: vec![
                            "a server has one of each".to_owned(),
                            "remove one of the two marks".to_owned(),
                        ],
                    }),
                }
            }
        }
        marked
    }

    /// What is not there may be what is half-typed. A field that does not exist stands for it, about which the compiler keeps
    /// quiet when it has found the struct half-typed itself.
    fn complete(&mut self, issuer: bool) {
        let absent = |ty| (Ident::new("__half_typed", Span::call_site()), Type::Verbatim(ty));
        self.store.get_or_insert_with(|| absent(quote!(__rt::HalfTypedStore)));
        if issuer {
            self.issuer.get_or_insert_with(|| absent(quote!(__rt::HalfTypedStore)));
        }
    }
}

fn issuer(
    written: Option<Keyed<Issuer>>,
    field: Option<(Ident, Type)>,
    diag: &mut Diagnostics,
) -> Option<IssuerSource> {
    match (written, field) {
        (Some(written), field) => {
            if let Some((field, _)) = field {
                diag.conflict(Conflict {
                    first: written.span,
                    second: field.span(),
                    message: "the issuer is declared twice".to_owned(),
                    label: "this field is marked `#[oauth2(issuer)]`".to_owned(),
                    notes: vec![
                        "RFC 8414 section 2: a server has one issuer".to_owned(),
                        "remove `issuer = ..`, or the mark of the field".to_owned(),
                    ],
                });
            }
            Some(match written.value {
                Issuer::Literal(url) => IssuerSource::Literal(url),
                Issuer::Environment(name) => IssuerSource::Environment(name),
            })
        }
        (None, field) => field.map(|(name, ty)| IssuerSource::Field(name, Box::new(ty))),
    }
}

fn schema(written: Option<Ident>, diag: &mut Diagnostics) -> &'static str {
    match written {
        Some(name) if name == "external" => "External",
        Some(name) if name != "managed" => {
            diag.push(
                name.span(),
                format_args!("unknown schema mode `{name}`\n\nhelp: write `managed` or `external`"),
            );
            "Managed"
        }
        _ => "Managed",
    }
}

fn purge(written: Option<Ident>, diag: &mut Diagnostics) -> bool {
    match written {
        Some(name) if name == "off" => false,
        Some(name) if name != "on" => {
            diag.push(name.span(), format_args!("unknown value `{name}`\n\nhelp: write `on` or `off`"));
            true
        }
        _ => true,
    }
}

/// An unknown one has an error from the rule `profile`.
fn profile(written: &LitStr) -> &'static str {
    let name = written.value();
    PROFILES.iter().find(|(known, _)| *known == name).map_or("OAuth21", |(_, variant)| variant)
}
