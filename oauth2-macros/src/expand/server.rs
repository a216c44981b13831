use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

use super::{dispatch, rules, signals};
use crate::ir::server::{IssuerSource, Server};

/// The whole server. `unknown` stands where the declaration lacks a type; it is given when there are errors, and the
/// rules are left out then.
pub(crate) fn expand(server: &Server, unknown: Option<&TokenStream>) -> TokenStream {
    let types = types(server, unknown);
    let methods = methods(server);
    let dispatch = dispatch::expand(server);
    let spec = spec(server);
    let rules = if unknown.is_none() { rules::expand(server) } else { TokenStream::new() };
    super::hidden(&quote!(#types #methods #dispatch #spec #rules))
}

fn types(server: &Server, unknown: Option<&TokenStream>) -> TokenStream {
    let (name, rt) = (&server.name, server.runtime.private());
    let or_unknown =
        |ty: Option<TokenStream>, fallback: TokenStream| ty.or_else(|| unknown.cloned()).unwrap_or(fallback);
    let written = |ty: &Option<syn::Type>| ty.as_ref().map(|ty| quote!(#ty));
    let scopes = or_unknown(written(&server.scopes), quote!(()));
    let client = written(&server.client).unwrap_or_else(|| quote!(#rt::Client<#scopes>));
    let token = written(&server.token).unwrap_or_else(|| quote!(#rt::Token<#scopes>));
    let store = or_unknown(server.store.as_ref().map(|(_, ty)| quote!(#ty)), quote!(()));
    let field = match &server.store {
        Some((field, _)) => quote!(&self.#field),
        None => quote!(loop {}),
    };
    let issuer = issuer(server, &rt);
    let signal = signals::expand(server, &rt);
    let subjects = server.subjects.as_ref().map(|function| {
        let call = quote_spanned!(function.span()=> #rt::subject_state(#function, self, subject));
        quote! {
            fn subject_state<'a>(
                &'a self,
                subject: &'a #rt::Subject,
            ) -> #rt::BoxFuture<'a, ::core::result::Result<#rt::SubjectState, #rt::Error>> {
                #call
            }
        }
    });
    let lines =
        [("Scopes", scopes), ("Client", client), ("Token", token), ("Store", store)].map(|(item, ty)| {
            let item = Ident::new(item, ty.span());
            quote_spanned!(ty.span()=> type #item = #ty;)
        });
    quote! {
        #[automatically_derived]
        impl #rt::OAuth2Server for #name {
            #(#lines)*
            fn store(&self) -> &Self::Store { #field }
            #issuer
            #signal
            #subjects
        }
    }
}

fn issuer(server: &Server, rt: &TokenStream) -> TokenStream {
    let value = match &server.issuer {
        Some(IssuerSource::Literal(url)) => quote!(::core::result::Result::Ok(#rt::text(#url))),
        Some(IssuerSource::Environment(name)) => quote!(#rt::issuer_from_environment(#name)),
        Some(IssuerSource::Field(field, ty)) => {
            let text = quote_spanned!(ty.span()=> #rt::text(&self.#field));
            quote!(::core::result::Result::Ok(#text))
        }
        None => quote!(loop {}),
    };
    quote! {
        fn issuer(&self) -> ::core::result::Result<#rt::String, #rt::Error> { #value }
    }
}

fn methods(server: &Server) -> TokenStream {
    let (name, rt) = (&server.name, server.runtime.private());
    let methods = server.client_auth.iter().map(|path| {
        let method = server.runtime.named_type("client_auth", "Method", path);
        let rt = server.runtime.private_at(path.span());
        quote_spanned!(path.span()=> #rt::Method::<Self>::of::<#method>())
    });
    quote! {
        #[automatically_derived]
        impl #rt::ClientAuthentication for #name {
            const METHODS: &'static [#rt::Method<Self>] = &[#(#methods),*];
        }
    }
}

fn spec(server: &Server) -> TokenStream {
    let (name, rt) = (&server.name, server.runtime.private());
    let token =
        server.token.as_ref().map_or_else(|| quote!(<Self as #rt::OAuth2Server>::Token), |ty| quote!(#ty));
    let endpoints = server.endpoints.iter().map(|path| {
        let endpoint = server.runtime.named_type("endpoint", "Handler", path);
        let rt = server.runtime.private_at(path.span());
        quote_spanned!(path.span()=> #rt::Mount::<Self>::of::<#endpoint>())
    });
    let grants = server.grants.iter().map(|grant| quote!(<#grant as #rt::Grant>::PROPERTIES));
    let relaxed = server.allow.iter().map(|allow| {
        let (rule, reason) = (&allow.rule, &allow.reason);
        quote!(#rt::relaxable::#rule(#reason))
    });
    let (schema, profile) = (
        Ident::new(server.schema, proc_macro2::Span::call_site()),
        Ident::new(server.profile, proc_macro2::Span::call_site()),
    );
    quote! {
        #[automatically_derived]
        impl #rt::DeclaredServer for #name {
            const SPEC: #rt::ServerSpec<Self> = #rt::ServerSpec {
                facts: #rt::Facts::of::<Self>(
                    &[#(#grants),*],
                    <Self as #rt::ClientAuthentication>::METHODS,
                    {
                        use #rt::Unknown as _;
                        #rt::Probe::<#token>::CAPABILITIES
                    },
                    #rt::Profile::#profile,
                    &[#(#relaxed),*],
                ),
                schema: #rt::Schema::#schema,
                endpoints: &[#(#endpoints),*],
            };
        }
    }
}
