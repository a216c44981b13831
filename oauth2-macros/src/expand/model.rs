use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

use super::group;
use crate::ir::model::{Field, Model};
use crate::ir::role::Kind;
use crate::paths::Runtime;

pub(crate) fn expand(model: &Model) -> TokenStream {
    let fields = match model.kind {
        Kind::Client => client(model),
        Kind::Token => token(model),
        Kind::Code => code(model),
    };
    let (defaults, sql) = (model.fields.iter().filter_map(default), sql(model));
    super::hidden(&model.runtime, &quote!(#(#defaults)* #fields #sql))
}

/// A default is written once: what is wrong with it is one error.
fn default(field: &Field) -> Option<TokenStream> {
    let (function, ty, body) = (default_of(field), &field.ty, group(field.default.as_ref()?));
    Some(quote!(fn #function() -> #ty #body))
}

fn default_of(field: &Field) -> Ident {
    format_ident!("__default_of_{}", field.column, span = Span::call_site())
}

/// A function of the column trait of a field's role, every token of it at the field's type.
fn through(field: &Field, function: &str) -> TokenStream {
    let span = field.ty.span();
    let rt = Runtime::alias_at(span);
    let column = Ident::new(&field.through, span);
    let function = Ident::new(function, span);
    quote_spanned!(span=> #rt::#column::#function)
}

/// `self.field`, at the field's type as well: the compiler points at an argument it cannot use.
fn stored(field: &Field) -> TokenStream {
    let mut name = field.ident.clone();
    name.set_span(field.ty.span());
    quote_spanned!(field.ty.span()=> self.#name)
}

fn borrowed(model: &Model, role: &str) -> Option<TokenStream> {
    let field = model.role(role)?;
    let (stored, get) = (stored(field), through(field, "get"));
    Some(quote_spanned!(field.ty.span()=> #get(&#stored)))
}

fn optional(model: &Model, role: &str) -> TokenStream {
    borrowed(model, role).unwrap_or_else(|| quote!(__rt::None))
}

/// `type Scopes` and `fn fields`, every token at the type of the scope field: a wrong type there is one error there.
fn by_role(model: &Model, fields: &str, values: &[(&str, TokenStream)]) -> TokenStream {
    let Some(scope) = model.role("scope") else { return TokenStream::new() };
    let (span, ty, get) = (scope.ty.span(), &scope.ty, borrowed(model, "scope"));
    let rt = Runtime::alias_at(span);
    let fields = Ident::new(fields, span);
    let values = values.iter().map(|(role, value)| {
        let role = Ident::new(role, span);
        quote_spanned!(span=> #role: #value,)
    });
    quote_spanned! {span=>
        type Scopes = <#ty as #rt::ScopeColumn>::Scopes;
        fn fields(&self) -> #rt::#fields<'_, Self::Scopes> {
            #rt::#fields { #(#values)* scope: #get }
        }
    }
}

fn client(model: &Model) -> TokenStream {
    let name = &model.name;
    let roles = [
        "client_id",
        "client_secret",
        "redirect_uris",
        "grant_types",
        "response_types",
        "token_endpoint_auth_method",
        "client_name",
        "access_token_ttl",
    ];
    let introspect = borrowed(model, "introspect").unwrap_or_else(|| quote!(false));
    let values: Vec<_> = roles
        .map(|role| (role, optional(model, role)))
        .into_iter()
        .chain([("introspect", introspect)])
        .collect();
    let fields = by_role(model, "ClientFields", &values);
    let has = |role| model.role(role).is_some();
    let (redirect_uris, grant_types) = (has("redirect_uris"), has("grant_types"));
    quote! {
        #[automatically_derived]
        impl __rt::OAuth2Client for #name {
            #fields
            const HAS_REDIRECT_URIS: bool = #redirect_uris;
            const HAS_GRANT_TYPES: bool = #grant_types;
        }
    }
}

fn token(model: &Model) -> TokenStream {
    let name = &model.name;
    let has = |role| model.role(role).is_some();
    let (refresh, family) = (has("refresh_token"), has("grant_id"));
    let [client, subject] = ["client_id", "subject"].map(|role| borrowed(model, role));
    let [issued_at, expires, revoked] =
        ["issued_at", "expires_at", "revoked_at"].map(|role| borrowed(model, role));
    let grant_id = match borrowed(model, "grant_id") {
        Some(borrowed) => quote!(__rt::Some(#borrowed)),
        None => quote!(__rt::None),
    };
    let fields = [
        ("client_id", quote!(#client)),
        ("subject", quote!(#subject.as_ref())),
        ("issued_at", copied(issued_at.as_ref())),
        ("expires_at", copied(expires.as_ref())),
        ("revoked_at", copied(revoked.as_ref())),
        ("grant_id", grant_id),
    ];
    let fields = by_role(model, "TokenFields", &fields);
    let issued = issued(model, "NewToken");
    quote! {
        #[automatically_derived]
        impl __rt::OAuth2Token for #name {
            #fields
            const HAS_REFRESH_TOKEN: bool = #refresh;
            const HAS_GRANT_ID: bool = #family;
            #issued
        }
    }
}

fn code(model: &Model) -> TokenStream {
    let name = &model.name;
    let [grant_id, client, subject] = ["grant_id", "client_id", "subject"].map(|role| borrowed(model, role));
    let [redirect_uri, challenge, expires, consumed] =
        ["redirect_uri", "code_challenge", "expires_at", "consumed_at"].map(|role| borrowed(model, role));
    let fields = [
        ("grant_id", quote!(#grant_id)),
        ("client_id", quote!(#client)),
        ("subject", quote!(#subject)),
        ("redirect_uri", quote!(#redirect_uri.as_deref())),
        ("code_challenge", copied(challenge.as_ref())),
        ("expires_at", copied(expires.as_ref())),
        ("consumed_at", copied(consumed.as_ref())),
    ];
    let fields = by_role(model, "CodeFields", &fields);
    let issued = issued(model, "NewCode");
    quote! {
        #[automatically_derived]
        impl __rt::OAuth2Code for #name {
            #fields
            #issued
        }
    }
}

/// The row of what the framework has just made.
fn issued(model: &Model, new: &str) -> TokenStream {
    let values = model.fields.iter().map(|field| {
        let (name, value) = (&field.ident, initial(field));
        quote!(#name: #value)
    });
    let span = model.role("scope").map_or_else(|| model.name.span(), |field| field.ty.span());
    let (rt, new) = (Runtime::alias_at(span), Ident::new(new, span));
    quote_spanned! {span=>
        fn issued(__new: #rt::#new<Self::Scopes>) -> Self { Self { #(#values),* } }
    }
}

/// The value behind a borrowed field, the star at the field's type as well.
fn copied(borrowed: Option<&TokenStream>) -> TokenStream {
    let span = borrowed.map_or_else(Span::call_site, Spanned::span);
    quote_spanned!(span=> *#borrowed)
}

/// What a field of a new row starts as.
fn initial(field: &Field) -> TokenStream {
    match (field.role, &field.default) {
        (Some(role), _) if matches!(role.name, "revoked_at" | "consumed_at") => {
            let put = through(field, "put");
            quote_spanned!(field.ty.span()=> #put(__rt::None))
        }
        (Some(role), _) => {
            let (span, put) = (field.ty.span(), through(field, "put"));
            let role = Ident::new(role.name, span);
            quote_spanned!(span=> #put(__new.#role))
        }
        (None, Some(_)) => {
            let default = default_of(field);
            quote!(#default())
        }
        (None, None) => {
            let ty = &field.ty;
            quote_spanned!(ty.span()=> <#ty as __rt::ExtraColumn>::extra())
        }
    }
}

fn sql(model: &Model) -> TokenStream {
    let (name, table) = (&model.name, &model.table);
    let mut seen = Vec::new();
    let bounds = model.fields.iter().filter_map(|field| {
        let ty = &field.ty;
        let written = ty.to_token_stream().to_string();
        let new = !seen.contains(&written);
        seen.push(written);
        new.then(|| quote!(#ty: __rt::Column<__DB>))
    });
    let decoded = model.fields.iter().enumerate().map(|(index, field)| {
        let (name, index) = (&field.ident, Literal::usize_unsuffixed(index));
        quote!(#name: __DB::get(row, #index)?)
    });
    let visits = model.fields.iter().map(visit);
    quote! {
        #[automatically_derived]
        impl<__DB: __rt::Dialect> __rt::SqlModel<__DB> for #name where #(#bounds),* {
            const TABLE: &'static str = #table;
            fn decode(row: &__DB::Row) -> __rt::SqlResult<Self> {
                __rt::Ok(Self { #(#decoded),* })
            }
            fn columns<__V: __rt::Visit<__DB, Self>>(__visit: &mut __V) -> __rt::SqlResult {
                #(#visits)*
                __rt::Ok(())
            }
        }
    }
}

fn visit(field: &Field) -> TokenStream {
    let (name, column) = (&field.ident, &field.column);
    let role = field.role.map_or("", |role| role.name);
    if field.default.is_some() {
        let default = default_of(field);
        quote!(__visit.defaulted(#column, #default, |row| &row.#name)?;)
    } else {
        quote!(__visit.column(#column, #role, |row| &row.#name)?;)
    }
}
