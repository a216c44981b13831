//! The calls of the type-level rules, one line of the tables below a rule.
//!
//! A rule is a trait of the runtime that holds only where its last parameter is `true`. The call names the grant at
//! the user's token, and the function it calls is defined at the token of what the rule is about, so that one error of
//! the compiler shows both.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Ident, Path};

use crate::ir::server::Server;

/// What the second line of a rule's error points at.
#[derive(Clone, Copy)]
enum About {
    Grants,
    People,
    Profile,
    ClientAuth,
    TokenModel,
}

/// Rules over each grant, by what they are about: the modules of the runtime's `rules`. Three to a line, so that a grant is
/// one line of the expansion for them.
const EACH_GRANT: &[(About, &[&str])] = &[
    (About::Grants, &["refresh_tokens_issued", "refresh_tokens_redeemed", "grant_scopes"]),
    (About::People, &["sign_in", "pkce", "passwords_checked"]),
    (About::Profile, &["implicit_grant", "password_grant"]),
    (About::ClientAuth, &["refresh_token_rotation"]),
    (About::TokenModel, &["refresh_token_column", "grant_id_column"]),
];

/// Rules over each entry of `endpoints(..)`.
const EACH_ENDPOINT: &[&str] = &["distinct_paths", "endpoint_in_use", "revocation_cascade"];

/// The rule over each pair of grants.
const EACH_PAIR: &str = "distinct_grant_types";

pub(crate) fn expand(server: &Server) -> TokenStream {
    let name = &server.name;
    let each_grant = EACH_GRANT.iter().map(|(about, rules)| each_grant(server, *about, rules));
    let others = [each_endpoint(server), each_pair(server), (TokenStream::new(), legacy(server))];
    let (definitions, calls): (TokenStream, TokenStream) = each_grant.chain(others).unzip();
    quote! {
        const FACTS: __rt::Facts = <#name as __rt::DeclaredServer>::SPEC.facts();
        #definitions
        #calls
    }
}

impl About {
    fn name(self) -> &'static str {
        match self {
            Self::Grants => "grants",
            Self::People => "people",
            Self::Profile => "profile",
            Self::ClientAuth => "client_auth",
            Self::TokenModel => "token_model",
        }
    }

    fn span(self, server: &Server) -> Span {
        match self {
            Self::Grants | Self::People => server.grants_span,
            Self::Profile => server.profile_span.unwrap_or(server.grants_span),
            Self::ClientAuth => server.client_auth_span,
            Self::TokenModel => server.token.as_ref().map_or_else(|| server.name.span(), Spanned::span),
        }
    }

    /// The type that the rule's words name beside the grant.
    fn subject(self, server: &Server) -> TokenStream {
        let name = &server.name;
        match self {
            Self::TokenModel => quote_spanned!(self.span(server)=> <#name as __rt::Models>::Token),
            Self::Grants | Self::People | Self::Profile | Self::ClientAuth => quote!(#name),
        }
    }
}

/// One function with a bound for each rule, and one call of it for each grant, all of it at the grant.
fn each_grant(server: &Server, about: About, rules: &[&str]) -> (TokenStream, TokenStream) {
    let (span, subject) = (about.span(server), about.subject(server));
    let function = Ident::new(about.name(), span);
    let violated = Ident::new(&about.name().to_uppercase(), Span::call_site());
    let (count, search) = (Literal::usize_unsuffixed(rules.len()), format_ident!("in_{}", about.name()));
    let definition = definition(&function, span, &subject, rules);
    let rules: Vec<_> = (0..rules.len()).map(Literal::usize_unsuffixed).collect();
    let calls = server.grants.iter().enumerate().map(|(index, grant)| {
        let (index, function) = (Literal::usize_unsuffixed(index), Ident::new(about.name(), grant.span()));
        quote_spanned!(grant.span()=> #function::<#grant, #({ #violated[#rules] != #index }),*>();)
    });
    let constant = quote!(const #violated: [usize; #count] = __rt::rules::#search(&FACTS););
    (quote!(#constant #definition), quote!(#(#calls)*))
}

/// One function with a bound for each rule, and one call of it for each endpoint, all of it at the endpoint.
fn each_endpoint(server: &Server) -> (TokenStream, TokenStream) {
    if server.endpoints.is_empty() {
        return (TokenStream::new(), TokenStream::new());
    }
    let (name, span) = (&server.name, server.endpoints_span);
    let (count, mut kept) = (Literal::usize_unsuffixed(EACH_ENDPOINT.len()), Vec::new());
    let bounds: Vec<_> = EACH_ENDPOINT
        .iter()
        .enumerate()
        .map(|(index, rule)| {
            let ok = format_ident!("OK{index}", span = span);
            let rule = Ident::new(&camel_case(rule), span);
            kept.push(ok.clone());
            quote_spanned!(span=> #name: __rt::rules::#rule<#name, #ok>)
        })
        .collect();
    let rules: Vec<_> = (0..EACH_ENDPOINT.len()).map(Literal::usize_unsuffixed).collect();
    let calls = server.endpoints.iter().enumerate().map(|(index, endpoint)| {
        let (at, index) = (endpoint.path.span(), Literal::usize_unsuffixed(index));
        let function = Ident::new("endpoints", at);
        quote_spanned!(at=> #function::<#({ ENDPOINTS[#rules] != #index }),*>();)
    });
    let function = Ident::new("endpoints", span);
    let definition =
        quote_spanned!(span=> const fn #function<#(const #kept: bool),*>() where #(#bounds),* {});
    (
        quote!(const ENDPOINTS: [usize; #count] = __rt::rules::in_endpoints::<#name>(); #definition),
        quote!(#(#calls)*),
    )
}

/// The warnings about grants that nobody should use any more, for the profile that still has them.
fn legacy(server: &Server) -> TokenStream {
    if server.profile != "Rfc6749" {
        return TokenStream::new();
    }
    let calls = server.grants.iter().enumerate().map(|(index, grant)| {
        let index = Literal::usize_unsuffixed(index);
        quote_spanned!(grant.span()=> __rt::rules::legacy::Warning::<{ __rt::rules::legacy::of(&FACTS, #index) }>::declared();)
    });
    quote!(#(#calls)*)
}

/// One function for each grant but the last, and one call of it for each later grant.
fn each_pair(server: &Server) -> (TokenStream, TokenStream) {
    let pairs = Ident::new(EACH_PAIR, Span::call_site());
    let mut definitions = quote!(const PAIRS: usize = __rt::rules::#pairs::violated(&FACTS););
    let mut calls = TokenStream::new();
    let mut pair = 0;
    for (position, first) in server.grants.iter().enumerate() {
        let mut later = server.grants.iter().skip(position + 1).peekable();
        if later.peek().is_none() {
            break;
        }
        let function =
            format_ident!("already_answered_by_{}", unique(&server.grants, position), span = first.span());
        definitions.extend(definition(&function, first.span(), &quote!(#first), &[EACH_PAIR]));
        for second in later {
            let (index, function) =
                (Literal::usize_unsuffixed(pair), Ident::new(&function.to_string(), second.span()));
            calls.extend(quote_spanned!(second.span()=> #function::<#second, { PAIRS != #index }>();));
            pair += 1;
        }
    }
    (definitions, calls)
}

/// `const fn about<G: Grant, const OK0: bool>() where G::Declared: TheRule<G, Subject, OK0>`, all at `span`.
fn definition(function: &Ident, span: Span, subject: &TokenStream, rules: &[&str]) -> TokenStream {
    let kept: Vec<_> = (0..rules.len()).map(|index| format_ident!("OK{index}", span = span)).collect();
    let bounds = rules.iter().zip(&kept).map(|(rule, kept)| {
        let rule = Ident::new(&camel_case(rule), span);
        quote_spanned!(span=> G::Declared: __rt::rules::#rule<G, #subject, #kept>)
    });
    quote_spanned! {span=>
        const fn #function<G: __rt::Grant, #(const #kept: bool),*>() where #(#bounds),* {}
    }
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

/// The last name of a grant's path; with its position where another grant has the same.
fn unique(grants: &[Path], position: usize) -> String {
    let last = |path: &Path| {
        path.segments.last().map(|segment| segment.ident.unraw().to_string()).unwrap_or_default()
    };
    let name = grants.get(position).map(last).unwrap_or_default();
    let shared = grants.iter().filter(|other| last(other) == name).count() > 1;
    if shared { format!("{name}_{position}") } else { name }
}
