use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Path};

use super::{dispatch, endpoints, metadata, rules, signals, tokens};
use crate::attr::server::SignIn;
use crate::ir::server::{IssuerSource, Server};
use crate::paths::{Named, Runtime, local};

/// The whole server. `unknown` stands where the declaration lacks a type; it is given when there are errors, and the
/// rules are left out then.
pub(crate) fn expand(server: &Server, unknown: Option<&TokenStream>) -> TokenStream {
    let types = types(server, unknown);
    let methods = methods(server);
    let dispatch = dispatch::expand(server);
    // With errors there is no server that could describe itself.
    let metadata = unknown.is_none().then(|| metadata::expand(server)).flatten();
    let spec = spec(server, metadata);
    let rules = if unknown.is_none() { rules::expand(server) } else { TokenStream::new() };
    super::hidden(&server.runtime, &quote!(#types #methods #dispatch #spec #rules))
}

fn types(server: &Server, unknown: Option<&TokenStream>) -> TokenStream {
    let name = &server.name;
    let or_unknown =
        |ty: Option<TokenStream>, fallback: TokenStream| ty.or_else(|| unknown.cloned()).unwrap_or(fallback);
    let written = |ty: &Option<syn::Type>| ty.as_ref().map(|ty| quote!(#ty));
    let scopes = or_unknown(written(&server.scopes), quote!(()));
    let client = written(&server.client).unwrap_or_else(|| shipped("Client", &scopes));
    let token = written(&server.token).unwrap_or_else(|| shipped("Token", &scopes));
    let code = written(&server.code).unwrap_or_else(|| shipped("Code", &scopes));
    let store = or_unknown(server.store.as_ref().map(|(_, ty)| quote!(#ty)), quote!(()));
    let field = match &server.store {
        Some((field, _)) => quote!(&self.#field),
        None => quote!(loop {}),
    };
    let issuer = issuer(server);
    let (signal, tokens) = (signals::expand(server), tokens::expand(server));
    let subjects = server.subjects.as_ref().map(|function| {
        let at = proc_macro2::Span::call_site().located_at(function.span());
        let subject = local("subject", at);
        let call = quote_spanned!(at=> __rt::subject_state(#function, self, #subject));
        quote! {
            const ASKS_SUBJECTS: bool = true;
            fn subject_state<'a>(&'a self, #subject: &'a __rt::Subject) -> __rt::State<'a> {
                #call
            }
        }
    });
    let line = |item: &str, ty: TokenStream| {
        let item = Ident::new(item, ty.span());
        quote_spanned!(ty.span()=> type #item = #ty;)
    };
    let models = [("Scopes", scopes), ("Client", client), ("Token", token), ("Code", code)];
    let models = models.map(|(item, ty)| line(item, ty));
    let (store, sign_in) = (line("Store", store), sign_in(server));
    quote! {
        impl __rt::Models for #name {
            #(#models)*
            const EXTENT: __rt::Extent = __rt::Extent::of(<Self as __rt::Dispatch>::GRANTS);
        }
        impl __rt::OAuth2Server for #name {
            #store
            fn store(&self) -> &Self::Store { #field }
            #issuer
            #signal
            #tokens
            #subjects
            #sign_in
        }
    }
}

/// A shipped model of these scopes, every token at the scopes: what is wrong with them is reported there.
fn shipped(model: &str, scopes: &TokenStream) -> TokenStream {
    let at = scopes.span();
    let (rt, model) = (Runtime::alias_at(at), Ident::new(model, at));
    quote_spanned!(at=> #rt::#model<#scopes>)
}

fn sign_in(server: &Server) -> Option<TokenStream> {
    let Some(SignIn::Asking { kind, function }) = &server.sign_in else { return None };
    let at = proc_macro2::Span::call_site().located_at(function.span());
    let credentials = local("credentials", at);
    let (Named::Ours(kind) | Named::Theirs(kind)) = server.runtime.named("sign_in", kind);
    let call = quote_spanned!(at=> #kind(#function, self, #credentials));
    Some(quote! {
        fn sign_in<'a>(&'a self, #credentials: &'a __rt::Credentials) -> __rt::SignedIn<'a> {
            #call
        }
    })
}

fn issuer(server: &Server) -> TokenStream {
    let value = match &server.issuer {
        Some(IssuerSource::Literal(url)) => quote!(__rt::Ok(__rt::text(#url))),
        Some(IssuerSource::Environment(name)) => quote!(__rt::issuer_from_environment(#name)),
        Some(IssuerSource::Field(field, ty)) => {
            let text = quote_spanned!(ty.span()=> __rt::text(&self.#field));
            quote!(__rt::Ok(#text))
        }
        None => quote!(loop {}),
    };
    quote! {
        fn issuer(&self) -> __rt::Issuer { #value }
    }
}

fn methods(server: &Server) -> TokenStream {
    let name = &server.name;
    let methods = server.client_auth.iter().map(|path| entry(server, "client_auth", "Method", path));
    quote! {
        impl __rt::ClientAuthentication for #name {
            const METHODS: &'static [__rt::Method<Self>] = &[#(#methods),*];
        }
    }
}

/// One entry of a table: a function of the runtime's module makes its own, and `Table::of` makes those of other types.
pub(super) fn entry(server: &Server, family: &str, table: &str, path: &Path) -> TokenStream {
    let at = path.span();
    let table = Ident::new(table, at);
    match server.runtime.named(family, path) {
        Named::Ours(function) => quote_spanned!(at=> #function()),
        Named::Theirs(ty) => quote_spanned!(at=> __rt::#table::<Self>::of::<#ty>()),
    }
}

fn spec(server: &Server, metadata: Option<TokenStream>) -> TokenStream {
    let name = &server.name;
    let scopes =
        server.scopes.as_ref().map_or_else(|| quote!(<Self as __rt::Models>::Scopes), |ty| quote!(#ty));
    let model = |written: &Option<syn::Type>, shipped: TokenStream| {
        written.as_ref().map_or(quote!(<Self as __rt::Models>::#shipped), |ty| quote!(#ty))
    };
    let client = model(&server.client, quote!(Client));
    let token = model(&server.token, quote!(Token));
    let endpoints = server.endpoints.iter().map(|endpoint| endpoints::entry(server, endpoint));
    let relaxed = server.allow.iter().map(|allow| {
        let (rule, reason) = (&allow.rule, &allow.reason);
        quote!(__rt::relaxable::#rule(#reason))
    });
    let purge = server.purge;
    let sign_in = match &server.sign_in {
        None => quote!(Nothing),
        Some(SignIn::Asking { .. }) => quote!(Password),
        Some(SignIn::OwnPages) => quote!(OwnPages),
    };
    let (schema, profile) = (
        Ident::new(server.schema, proc_macro2::Span::call_site()),
        Ident::new(server.profile, proc_macro2::Span::call_site()),
    );
    quote! {
        impl __rt::DeclaredServer for #name {
            const SPEC: __rt::ServerSpec = __rt::ServerSpec {
                scopes: __rt::Probe::<#scopes>::SCOPES,
                client: __rt::Probe::<#client>::CLIENT,
                token: __rt::Probe::<#token>::TOKEN,
                profile: __rt::Profile::#profile,
                relaxed: &[#(#relaxed),*],
                sign_in: __rt::SignInBy::#sign_in,
                schema: __rt::Schema::#schema,
                purge: #purge,
            };
            const ENDPOINTS: &'static [__rt::Mount<Self>] = &[#(#endpoints),*];
            #metadata
        }
    }
}
