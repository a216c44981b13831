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

/// `type Scopes` and `fn fields`, every token at the type of the scope field: a wrong type there is one error there.
fn by_role(model: &Model, fields: &str, values: &[(&str, TokenStream)]) -> TokenStream {
    let Some(scope) = model.role("scope") else { return TokenStream::new() };
    let (span, ty, name) = (scope.ty.span(), &scope.ty, &scope.ident);
    let (rt, get) = (model.runtime.private_at(span), through(model, scope, "get"));
    let fields = Ident::new(fields, span);
    let values = values.iter().map(|(role, value)| {
        let role = Ident::new(role, span);
        quote_spanned!(span=> #role: #value,)
    });
    quote_spanned! {span=>
        type Scopes = <#ty as #rt::ScopeColumn>::Scopes;
        fn fields(&self) -> #rt::#fields<'_, Self::Scopes> {
            #rt::#fields { #(#values)* scope: #get(&self.#name) }
        }
    }
}

fn client(model: &Model) -> TokenStream {
    let (name, rt) = (&model.name, model.runtime.private());
    let roles = ["client_id", "client_secret", "redirect_uris", "grant_types", "token_endpoint_auth_method"];
    let fields = by_role(model, "ClientFields", &roles.map(|role| (role, optional(model, role))));
    let set = model.role("client_secret").map(|field| {
        let (name, set) = (&field.ident, through(model, field, "set"));
        quote!(#set(&mut self.#name, secret))
    });
    quote! {
        #[automatically_derived]
        impl #rt::OAuth2Client for #name {
            #fields
            fn set_client_secret(&mut self, secret: #rt::SecretHash) { #set }
        }
    }
}

fn token(model: &Model) -> TokenStream {
    let (name, rt) = (&model.name, model.runtime.private());
    let has = |role| model.role(role).is_some();
    let (refresh, family) = (has("refresh_token"), has("grant_id"));
    let [client, subject] = ["client_id", "subject"].map(|role| borrowed(model, role));
    let [issued_at, expires, revoked] =
        ["issued_at", "expires_at", "revoked_at"].map(|role| borrowed(model, role));
    let grant_id = match borrowed(model, "grant_id") {
        Some(borrowed) => quote!(::core::option::Option::Some(#borrowed)),
        None => quote!(::core::option::Option::None),
    };
    let fields = [
        ("client_id", quote!(#client)),
        ("subject", quote!(#subject.as_ref())),
        ("issued_at", quote!(*#issued_at)),
        ("expires_at", quote!(*#expires)),
        ("revoked_at", quote!(*#revoked)),
        ("grant_id", grant_id),
    ];
    let fields = by_role(model, "TokenFields", &fields);
    let values = model.fields.iter().map(|field| {
        let (name, value) = (&field.ident, initial(model, field));
        quote!(#name: #value)
    });
    let span = model.role("scope").map_or_else(|| name.span(), |field| field.ty.span());
    let issued = {
        let rt = model.runtime.private_at(span);
        quote_spanned! {span=>
            fn issued(token: #rt::NewToken<Self::Scopes>) -> Self { Self { #(#values),* } }
        }
    };
    quote! {
        #[automatically_derived]
        impl #rt::OAuth2Token for #name {
            #fields
            const HAS_REFRESH_TOKEN: bool = #refresh;
            const HAS_GRANT_ID: bool = #family;
            #issued
        }
    }
}

/// What a field of a new token starts as.
fn initial(model: &Model, field: &Field) -> TokenStream {
    match (field.role, &field.default) {
        (Some(role), _) if role.name == "revoked_at" => {
            let put = through(model, field, "put");
            quote!(#put(::core::option::Option::None))
        }
        (Some(role), _) => {
            let (span, put) = (field.ty.span(), through(model, field, "put"));
            let role = Ident::new(role.name, span);
            quote_spanned!(span=> #put(token.#role))
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
