//! The calls of the type-level rules, one line of the tables below a rule.
//!
//! A rule is a trait of the runtime that holds for every number but its own. The call names the grant at the user's token, and
//! asks for the rules with the number of the one that the grant breaks; each is asked for at the token of what it is about,
//! so that one error of the compiler shows both.

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
    Profile,
    ClientAuth,
    ClientModel,
    TokenModel,
}

/// Rules over each grant: their traits in the runtime's `rules`.
const EACH_GRANT: &[(About, &[&str])] = &[
    (
        About::Grants,
        &[
            "RefreshTokensIssued",
            "RefreshTokensRedeemed",
            "GrantScopes",
            "SignIn",
            "PasswordsChecked",
            "AccessTokenOutlivesRefreshToken",
            "RefreshTokenRetryWindow",
        ],
    ),
    (About::Profile, &["ImplicitGrant", "PasswordGrant", "Pkce"]),
    (About::ClientModel, &["RedirectUrisColumn", "GrantTypesColumn"]),
    (About::TokenModel, &["RefreshTokenColumn", "GrantIdColumn"]),
];

/// The same that ask how clients authenticate.
const EACH_CLIENT: &[(About, &[&str])] =
    &[(About::ClientAuth, &["RefreshTokenRotation", "PkceOfPublicClients", "ConfidentialClients"])];

/// Rules over each entry of `endpoints(..)`.
const EACH_ENDPOINT: &[&str] =
    &["DistinctPaths", "EndpointInUse", "RevocationCascade", "IntrospectionAuthentication"];

pub(crate) fn expand(server: &Server) -> TokenStream {
    let name = &server.name;
    let parts = [
        each_grant(server, "grants", server.grants_span, EACH_GRANT),
        each_grant(server, "client_methods", server.client_auth_span, EACH_CLIENT),
        each_endpoint(server),
        each_signal(server),
        each_exception(server),
        scopes(server),
        each_pair(server),
    ];
    let (definitions, calls): (TokenStream, TokenStream) = parts.into_iter().unzip();
    let warnings = warnings(server);
    quote! {
        const FACTS: __rt::Facts = __rt::rules::facts::<#name>();
        #definitions
        #calls
        #warnings
    }
}

impl About {
    fn span(self, server: &Server) -> Span {
        let model =
            |written: &Option<syn::Type>| written.as_ref().map_or_else(|| server.name.span(), Spanned::span);
        match self {
            Self::Grants => server.grants_span,
            Self::Profile => server.profile_span.unwrap_or(server.grants_span),
            Self::ClientAuth => server.client_auth_span,
            Self::ClientModel => model(&server.client),
            Self::TokenModel => model(&server.token),
        }
    }

    /// The type that the rule's words name beside the grant.
    fn subject(self, server: &Server) -> TokenStream {
        let name = &server.name;
        match self {
            Self::ClientModel => quote_spanned!(self.span(server)=> <#name as __rt::Models>::Client),
            Self::TokenModel => quote_spanned!(self.span(server)=> <#name as __rt::Models>::Token),
            Self::Grants | Self::Profile | Self::ClientAuth => quote!(#name),
        }
    }
}

/// One function with a bound for each rule, and one call of it for each grant, all of it at the grant.
fn each_grant(
    server: &Server,
    name: &str,
    at: Span,
    rules: &[(About, &[&str])],
) -> (TokenStream, TokenStream) {
    let function = Ident::new(name, at);
    let bounds = rules.iter().map(|(about, rules)| {
        let (span, subject) = (about.span(server), about.subject(server));
        let rules = rules.iter().map(|rule| Ident::new(rule, span));
        quote_spanned!(span=> G::Declared: #(__rt::rules::#rules<G, #subject, BROKEN>)+*)
    });
    let definition = quote_spanned! {at=>
        const fn #function<G: __rt::Grant, const BROKEN: u8>() where #(#bounds),* {}
    };
    let numbers = numbers(server, name, server.grants.len());
    let constant = constant(name);
    let calls = server.grants.iter().enumerate().map(|(index, grant)| {
        let (index, function) = (Literal::usize_unsuffixed(index), Ident::new(name, grant.span()));
        quote_spanned!(grant.span()=> #function::<#grant, { #constant[#index] }>();)
    });
    (quote!(#numbers #definition), quote!(#(#calls)*))
}

/// One function with a bound for each rule, and one call of it for each endpoint, all of it at the endpoint.
fn each_endpoint(server: &Server) -> (TokenStream, TokenStream) {
    if server.endpoints.is_empty() {
        return (TokenStream::new(), TokenStream::new());
    }
    let (name, span) = (&server.name, server.endpoints_span);
    let function = Ident::new("endpoints", span);
    let rules = EACH_ENDPOINT.iter().map(|rule| Ident::new(rule, span));
    let definition = quote_spanned! {span=>
        const fn #function<const BROKEN: u8>() where #name: #(__rt::rules::#rules<#name, BROKEN>)+* {}
    };
    let numbers = numbers(server, "endpoints", server.endpoints.len());
    let constant = constant("endpoints");
    let calls = server.endpoints.iter().enumerate().map(|(index, endpoint)| {
        let (at, index) = (endpoint.path.span(), Literal::usize_unsuffixed(index));
        let function = Ident::new("endpoints", at);
        quote_spanned!(at=> #function::<{ #constant[#index] }>();)
    });
    (quote!(#numbers #definition), quote!(#(#calls)*))
}

/// The number of the rule that each of `items` breaks.
fn numbers(server: &Server, over: &str, items: usize) -> TokenStream {
    let (name, items) = (&server.name, Literal::usize_unsuffixed(items));
    let (constant, search) = (constant(over), format_ident!("over_{over}"));
    quote!(const #constant: [u8; #items] = __rt::rules::#search::<#name, #items>(&FACTS);)
}

fn constant(over: &str) -> Ident {
    Ident::new(&over.to_uppercase(), Span::call_site())
}

/// A call for each handler in `signals(..)`.
fn each_signal(server: &Server) -> (TokenStream, TokenStream) {
    let signals = server.signals.iter().map(|(signal, _)| signal);
    each_name(server, "signals", server.signals_span, ("SignalCanOccur", "signal_can_occur"), signals)
}

/// A call for each `allow(..)`.
fn each_exception(server: &Server) -> (TokenStream, TokenStream) {
    let at = server.profile_span.unwrap_or_else(|| server.name.span());
    let exceptions = server.allow.iter().map(|allow| &allow.rule);
    each_name(server, "profile", at, ("RuleOfProfile", "rule_of_profile"), exceptions)
}

/// A function with a rule about the server as bound, and one call of it for each of `names`, all of it at the name.
fn each_name<'a>(
    server: &Server,
    function: &str,
    at: Span,
    (rule, module): (&str, &str),
    names: impl Iterator<Item = &'a Ident>,
) -> (TokenStream, TokenStream) {
    let module = Ident::new(module, Span::call_site());
    let calls: TokenStream = names
        .map(|name| {
            let written = name.to_string();
            let kept = quote!(__rt::rules::#module::kept(&FACTS, #written));
            about_the_server(server, function, name.span(), &kept)
        })
        .collect();
    let definition = if calls.is_empty() { TokenStream::new() } else { on_the_server(function, at, rule) };
    (definition, calls)
}

/// The rule about all scopes at once.
fn scopes(server: &Server) -> (TokenStream, TokenStream) {
    let Some(scopes) = &server.scopes else { return (TokenStream::new(), TokenStream::new()) };
    let kept = quote!(__rt::rules::id_tokens::kept(&FACTS));
    (
        on_the_server("scopes", server.scopes_span, "IdTokens"),
        about_the_server(server, "scopes", scopes.span(), &kept),
    )
}

/// `const fn function<S: TheRule<OK>, const OK: bool>() {}`, all at `span`.
fn on_the_server(function: &str, span: Span, rule: &str) -> TokenStream {
    let (function, rule) = (Ident::new(function, span), Ident::new(rule, span));
    quote_spanned!(span=> const fn #function<S: __rt::rules::#rule<OK>, const OK: bool>() {})
}

/// Its call, all at `at`.
fn about_the_server(server: &Server, function: &str, at: Span, kept: &TokenStream) -> TokenStream {
    let function = Ident::new(function, at);
    let mut name = server.name.clone();
    name.set_span(name.span().located_at(at));
    quote_spanned!(at=> #function::<#name, { #kept }>();)
}

/// What is no mistake but should be meant.
fn warnings(server: &Server) -> TokenStream {
    let numbers = numbers(server, "warnings", server.grants.len());
    let calls = server.grants.iter().enumerate().map(|(index, grant)| {
        let index = Literal::usize_unsuffixed(index);
        quote_spanned!(grant.span()=> __rt::rules::Warning::<{ WARNINGS[#index] }>::declared();)
    });
    quote!(#numbers #(#calls)*)
}

/// One function for each grant but the last, and one call of it for each later grant.
fn each_pair(server: &Server) -> (TokenStream, TokenStream) {
    let mut definitions = quote!(
        const PAIRS: usize = __rt::rules::distinct_grant_types::violated(&FACTS);
    );
    let mut calls = TokenStream::new();
    let mut pair = 0;
    for (position, first) in server.grants.iter().enumerate() {
        let mut later = server.grants.iter().skip(position + 1).peekable();
        if later.peek().is_none() {
            break;
        }
        let at = first.span();
        let function = format_ident!("already_answered_by_{}", unique(&server.grants, position), span = at);
        definitions.extend(quote_spanned! {at=>
            const fn #function<G: __rt::Grant, const OK: bool>()
            where
                G::Declared: __rt::rules::DistinctGrantTypes<G, #first, OK>
            {}
        });
        for second in later {
            let (index, function) =
                (Literal::usize_unsuffixed(pair), Ident::new(&function.to_string(), second.span()));
            calls.extend(quote_spanned!(second.span()=> #function::<#second, { PAIRS != #index }>();));
            pair += 1;
        }
    }
    (definitions, calls)
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
