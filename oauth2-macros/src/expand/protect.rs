use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Visibility;
use syn::spanned::Spanned;

use crate::attr::protect::Requirement;
use crate::ir::protect::Protect;
use crate::item::Handler;
use crate::paths::{Runtime, respan};

pub(crate) fn expand(protect: &Protect) -> TokenStream {
    let (server, visibility) = (&protect.server, &protect.handler.visibility);
    // Everything that needs the server stands at its path: if it is none, that is said once.
    let at = server.span();
    let outside = respan(protect.runtime.private(), at);
    let rt = Runtime::alias_at(at);
    let (pattern, argument) = &protect.handler.token;
    let hidden = format_ident!("__{}_protection", protect.handler.name, span = Span::call_site());
    let requirement = requirement(&rt, &protect.requirement);
    let scopes = quote_spanned!(at=> <#server as #rt::Models>::Scopes);
    let when = protect.when.as_ref().map(|predicate| {
        quote_spanned! {at=>
            fn allows(__token: &#rt::Bearer<#server>, __parts: &#rt::Parts) -> bool {
                #predicate(__token, __parts)
            }
        }
    });
    let realm = protect
        .realm
        .as_ref()
        .map(|realm| quote_spanned!(at=> const REALM: #rt::Realm = #rt::Realm::named(#realm);));
    let checked = {
        let rt = Runtime::alias_at(argument.span());
        quote_spanned!(argument.span()=> <#argument as #rt::TokenArgument<#server>>::from_outcome)
    };
    let implementation = super::hidden(
        &protect.runtime,
        &quote_spanned! {at=>
                impl #rt::Protection<#server, #argument> for #hidden where #server: #rt::OAuth2Server {
                const REQUIREMENT: #rt::Requirement<#scopes> = #requirement;
                #realm
                fn argument(outcome: #rt::Outcome<#server>) -> #rt::Guarded<#argument> {
                    #checked(outcome)
                }
                #when
            }
        },
    );
    let extractor = quote_spanned! {at=>
        #outside::Protected(#pattern, _): #outside::Protected<#server, #argument, #hidden>
    };
    let function = function(&protect.handler, &extractor);
    let private = matches!(visibility, Visibility::Inherited);
    let documentation = (!private).then(|| quote!(#[doc(hidden)]));
    quote! {
        #function
        #documentation
        #[allow(non_camel_case_types, unreachable_pub)]
        #visibility struct #hidden;
        #implementation
    }
}

/// The handler with another first argument; all else is as it was written.
fn function(handler: &Handler, first: &TokenStream) -> TokenStream {
    let Handler { attributes, visibility, modifiers, name, arguments, rest, .. } = handler;
    quote!(#(#attributes)* #visibility #modifiers fn #name(#first #arguments) #rest)
}

/// The handler when its attribute has an error: it still fits a router, so that the error stays alone.
pub(crate) fn unchecked(handler: &Handler, runtime: &Runtime) -> TokenStream {
    let rt = runtime.private();
    let (pattern, argument) = &handler.token;
    function(handler, &quote!(#rt::Unchecked(#pattern): #rt::Unchecked<#argument>))
}

/// A constant tree, so that a wrong scope is an error at its own path and nothing is built per request.
fn requirement(rt: &TokenStream, requirement: &Requirement) -> TokenStream {
    let many =
        |parts: &[Requirement]| -> Vec<_> { parts.iter().map(|part| self::requirement(rt, part)).collect() };
    match requirement {
        Requirement::AnyToken => quote!(#rt::Requirement::ANY_TOKEN),
        Requirement::One(scope) => {
            let rt = respan(rt.clone(), scope.span());
            quote_spanned!(scope.span()=> #rt::Requirement::One(#scope))
        }
        Requirement::All(parts) => {
            let parts = many(parts);
            quote!(#rt::Requirement::All(&[#(#parts),*]))
        }
        Requirement::Any(parts) => {
            let parts = many(parts);
            quote!(#rt::Requirement::Any(&[#(#parts),*]))
        }
    }
}
