//! The calls of the type-level rules, one line of the tables below a rule.
//!
//! A rule is a trait of the runtime that holds only where its last parameter is `true`. The call names the grant at
//! the user's token, and the function it calls is defined at the token of what the rule is about, so that one error of
//! the compiler shows both.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Path};

use crate::ir::server::Server;

/// What the second line of a rule's error points at.
#[derive(Clone, Copy)]
enum About {
    Grants,
    ClientAuth,
    TokenModel,
}

/// Rules over each grant: the module in the runtime's `rules`, and what they are about.
const EACH_GRANT: &[(&str, About)] = &[
    ("refresh_tokens_issued", About::Grants),
    ("refresh_tokens_redeemed", About::Grants),
    ("refresh_token_rotation", About::ClientAuth),
    ("refresh_token_column", About::TokenModel),
    ("grant_id_column", About::TokenModel),
];

/// Rules over each pair of grants.
const EACH_PAIR: &[&str] = &["distinct_grant_types"];

pub(crate) fn expand(server: &Server) -> TokenStream {
    let each_grant = EACH_GRANT.iter().map(|(rule, about)| each_grant(server, rule, *about));
    let each_pair = EACH_PAIR.iter().map(|rule| each_pair(server, rule));
    quote!(#(#each_grant)* #(#each_pair)*)
}

fn subject(server: &Server, about: About) -> (Span, Ident, TokenStream) {
    let (span, name) = match about {
        About::Grants => (server.grants_span, "grants"),
        About::ClientAuth => (server.client_auth_span, "client_auth"),
        About::TokenModel => (server.token.as_ref().map_or(server.name.span(), Spanned::span), "token_model"),
    };
    let server_name = &server.name;
    let rt = server.runtime.private_at(span);
    let ty = match about {
        About::TokenModel => quote_spanned!(span=> <#server_name as #rt::OAuth2Server>::Token),
        About::Grants | About::ClientAuth => quote!(#server_name),
    };
    (span, Ident::new(name, span), ty)
}

fn each_grant(server: &Server, rule: &str, about: About) -> TokenStream {
    let (rt, server_name) = (server.runtime.private(), &server.name);
    let rule = Ident::new(rule, Span::call_site());
    let (span, function, subject) = subject(server, about);
    let definition = definition(server, &rule, &function, span);
    let calls = server.grants.iter().enumerate().map(|(index, grant)| {
        let at = grant.span();
        let rt = server.runtime.private_at(at);
        quote_spanned!(at=> #function::< <#grant as #rt::Grant>::Declared, #grant, #subject, { VIOLATED != #index }>();)
    });
    quote! {
        const _: () = {
            const VIOLATED: usize = #rt::rules::#rule::violated(&<#server_name as #rt::DeclaredServer>::SPEC.facts);
            #definition
            #(#calls)*
        };
    }
}

fn each_pair(server: &Server, rule: &str) -> TokenStream {
    let (rt, server_name) = (server.runtime.private(), &server.name);
    let rule = Ident::new(rule, Span::call_site());
    let pairs = server.grants.iter().enumerate().flat_map(|(first_index, first)| {
        let function = format_ident!("already_answered_by_{}", last(first), span = first.span());
        let definition = definition(server, &rule, &function, first.span());
        let later = server.grants.iter().enumerate().skip(first_index + 1);
        let calls: Vec<_> = later
            .map(|(index, second)| pair(server, &function, (first_index, first), (index, second)))
            .collect();
        if calls.is_empty() { TokenStream::new() } else { quote!(#definition #(#calls)*) }.into_iter()
    });
    let pairs: TokenStream = pairs.collect();
    quote! {
        const _: () = {
            const VIOLATED: (usize, usize) = #rt::rules::#rule::violated(&<#server_name as #rt::DeclaredServer>::SPEC.facts);
            #pairs
        };
    }
}

fn pair(server: &Server, function: &Ident, first: (usize, &Path), second: (usize, &Path)) -> TokenStream {
    let ((first_index, first), (index, second)) = (first, second);
    let at = second.span();
    let rt = server.runtime.private_at(at);
    quote_spanned! {at=>
        #function::< <#second as #rt::Grant>::Declared, #second, #first, { VIOLATED.0 != #first_index || VIOLATED.1 != #index }>();
    }
}

fn definition(server: &Server, rule: &Ident, function: &Ident, span: Span) -> TokenStream {
    let rt = server.runtime.private_at(span);
    let (module, rule) =
        (Ident::new(&rule.to_string(), span), Ident::new(&camel_case(&rule.to_string()), span));
    quote_spanned!(span=> const fn #function<D: #rt::rules::#module::#rule<G, S, OK>, G, S, const OK: bool>() {})
}

/// The trait of the module `refresh_tokens_issued` is `RefreshTokensIssued`.
fn camel_case(module: &str) -> String {
    let words = module.split('_').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        first.chain(letters).collect::<String>()
    });
    words.collect()
}

fn last(path: &Path) -> String {
    path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default()
}
