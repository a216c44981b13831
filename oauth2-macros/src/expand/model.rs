use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

use crate::ir::model::{Field, Kind, Model};

pub(crate) fn expand(model: &Model) -> TokenStream {
    let fields = match model.kind {
        Kind::Client => client(model),
        Kind::Token => token(model),
    };
    let sql = sql(model);
    super::hidden(&quote!(#fields #sql))
}

/// A call of the column trait's function for a field, every token of it at the field's type.
fn through(model: &Model, field: &Field, function: &str) -> TokenStream {
    let (span, ty) = (field.ty.span(), &field.ty);
    let rt = model.runtime.private_at(span);
    let column = Ident::new(field.role.map_or("ExtraColumn", |role| role.column), span);
    let function = Ident::new(function, span);
    quote_spanned!(span=> <#ty as #rt::#column>::#function)
}

fn borrowed(model: &Model, role: &str) -> Option<TokenStream> {
    let field = model.role(role)?;
    let (name, get) = (&field.ident, through(model, field, "get"));
    Some(quote!(#get(&self.#name)))
}

fn optional(model: &Model, role: &str) -> TokenStream {
    borrowed(model, role).unwrap_or_else(|| quote!(::core::option::Option::None))
}

fn scopes(model: &Model) -> (TokenStream, TokenStream) {
    let Some(field) = model.role("scope") else { return Default::default() };
    let (span, ty, name) = (field.ty.span(), &field.ty, &field.ident);
    let rt = model.runtime.private_at(span);
    (quote_spanned!(span=> <#ty as #rt::ScopeColumn>::Scopes), quote!(self.#name))
}

fn client(model: &Model) -> TokenStream {
    let (name, rt) = (&model.name, model.runtime.private());
    let (scopes, scope) = scopes(model);
    let [id, secret, uris, types, method] =
        ["client_id", "client_secret", "redirect_uris", "grant_types", "token_endpoint_auth_method"]
            .map(|role| optional(model, role));
    let set = model.role("client_secret").map(|field| {
        let (name, set) = (&field.ident, through(model, field, "set"));
        quote!(#set(&mut self.#name, secret))
    });
    quote! {
        #[automatically_derived]
        impl #rt::OAuth2Client for #name {
            type Scopes = #scopes;
            fn fields(&self) -> #rt::ClientFields<'_, Self::Scopes> {
                #rt::ClientFields {
                    client_id: #id,
                    client_secret: #secret,
                    scope: #scope,
                    redirect_uris: #uris,
                    grant_types: #types,
                    token_endpoint_auth_method: #method,
                }
            }
            fn set_client_secret(&mut self, secret: #rt::SecretHash) { #set }
        }
    }
}

fn token(model: &Model) -> TokenStream {
    let (name, rt) = (&model.name, model.runtime.private());
    let (scopes, scope) = scopes(model);
    let has = |role| model.role(role).is_some();
    let (refresh, family) = (has("refresh_token"), has("grant_id"));
    let [client, issued, expires] =
        ["client_id", "issued_at", "expires_at"].map(|role| borrowed(model, role));
    let [subject, revoked] = ["subject", "revoked_at"].map(|role| borrowed(model, role));
    let grant_id = match borrowed(model, "grant_id") {
        Some(borrowed) => quote!(::core::option::Option::Some(#borrowed)),
        None => quote!(::core::option::Option::None),
    };
    let values = model.fields.iter().map(|field| {
        let (name, value) = (&field.ident, initial(model, field));
        quote!(#name: #value)
    });
    quote! {
        #[automatically_derived]
        impl #rt::OAuth2Token for #name {
            type Scopes = #scopes;
            const HAS_REFRESH_TOKEN: bool = #refresh;
            const HAS_GRANT_ID: bool = #family;
            fn issued(token: #rt::NewToken<Self::Scopes>) -> Self {
                Self { #(#values),* }
            }
            fn fields(&self) -> #rt::TokenFields<'_, Self::Scopes> {
                #rt::TokenFields {
                    client_id: #client,
                    subject: #subject.as_ref(),
                    scope: #scope,
                    issued_at: *#issued,
                    expires_at: *#expires,
                    revoked_at: *#revoked,
                    grant_id: #grant_id,
                }
            }
        }
    }
}

/// What a field of a new token starts as.
fn initial(model: &Model, field: &Field) -> TokenStream {
    match (field.role, &field.default) {
        (Some(role), _) if role.name == "scope" => quote!(token.scope),
        (Some(role), _) if role.name == "revoked_at" => {
            let put = through(model, field, "put");
            quote!(#put(::core::option::Option::None))
        }
        (Some(role), _) => {
            let (put, role) = (through(model, field, "put"), Ident::new(role.name, field.ident.span()));
            quote!(#put(token.#role))
        }
        (None, Some(default)) => default.clone(),
        (None, None) => {
            let extra = through(model, field, "extra");
            quote!(#extra())
        }
    }
}

fn sql(model: &Model) -> TokenStream {
    let (name, table, rt) = (&model.name, &model.table, model.runtime.private());
    let statements = match model.kind {
        Kind::Client => quote!(#rt::ClientStatements),
        Kind::Token => quote!(#rt::TokenStatements),
    };
    let mut seen = Vec::new();
    let bounds = model.fields.iter().filter_map(|field| {
        let ty = &field.ty;
        let written = ty.to_token_stream().to_string();
        let new = !seen.contains(&written);
        seen.push(written);
        new.then(|| quote!(#ty: #rt::Column<__DB>))
    });
    let decoded = model.fields.iter().enumerate().map(|(index, field)| {
        let (name, index) = (&field.ident, Literal::usize_unsuffixed(index));
        quote!(#name: __DB::get(row, #index)?)
    });
    let visits = model.fields.iter().map(visit);
    quote! {
        #[automatically_derived]
        impl<__DB: #rt::Dialect> #rt::SqlModel<__DB> for #name where #(#bounds),* {
            const TABLE: &'static str = #table;
            type Statements = #statements;
            fn statements() -> &'static #statements {
                static STATEMENTS: #rt::OnceLock<#statements> = #rt::OnceLock::new();
                STATEMENTS.get_or_init(#statements::of::<__DB, Self>)
            }
            fn decode(row: &__DB::Row) -> ::core::result::Result<Self, #rt::SqlError> {
                ::core::result::Result::Ok(Self { #(#decoded),* })
            }
            fn columns<__V: #rt::Visit<__DB, Self>>(visit: &mut __V) -> ::core::result::Result<(), #rt::SqlError> {
                #(#visits)*
                ::core::result::Result::Ok(())
            }
        }
    }
}

fn visit(field: &Field) -> TokenStream {
    let (name, column) = (&field.ident, &field.column);
    let role = field.role.map_or("", |role| role.name);
    match &field.default {
        Some(default) => quote!(visit.defaulted(#column, || #default, |row| &row.#name)?;),
        None if field.nullable => quote!(visit.nullable(#column, #role, |row| &row.#name)?;),
        None => quote!(visit.required(#column, #role, |row| &row.#name)?;),
    }
}
