use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Path, Type};

use crate::ir::server::Server;

/// One arm for each grant that has a generator of its own; nothing for a server without `tokens(..)`.
pub(crate) fn expand(server: &Server) -> TokenStream {
    if server.tokens.is_empty() {
        return TokenStream::new();
    }
    let call = |generator: &Type| {
        let at = generator.span();
        quote_spanned!(at=> __rt::generate::<Self, #generator>)
    };
    let (default, of_grants): (Vec<_>, Vec<_>) =
        server.tokens.iter().partition(|tokens| tokens.of.is_ident("default"));
    let arms = of_grants.into_iter().map(|tokens| {
        // As `grants(..)` has it: a grant that cannot be found is said to be missing once.
        let same =
            |grant: &&Path| grant.to_token_stream().to_string() == tokens.of.to_token_stream().to_string();
        let (grant, generate) =
            (server.grants.iter().find(same).unwrap_or(&tokens.of), call(&tokens.generator));
        quote_spanned!(grant.span()=> <#grant as __rt::Grant>::GRANT_TYPE => #generate,)
    });
    let default = default
        .first()
        .map_or_else(|| quote!(__rt::generate::<Self, __rt::OpaqueTokens>), |tokens| call(&tokens.generator));
    quote! {
        const OWN_TOKENS: bool = true;
        fn generate_token<'a>(cx: &'a __rt::GeneratorContext<'a, Self>) -> __rt::Generated<'a> {
            let generate: fn(&'a __rt::GeneratorContext<'a, Self>) -> __rt::Generated<'a> = match cx.grant_type() {
                #(#arms)*
                _ => #default,
            };
            generate(cx)
        }
    }
}
