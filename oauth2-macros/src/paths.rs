//! The only place where names of the runtime are spelt.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

/// Where the runtime is: `::oauth2_runtime`, or what `crate = ..` says.
#[derive(Clone)]
pub(crate) struct Runtime(TokenStream);

impl Runtime {
    pub(crate) fn new(path: Option<TokenStream>) -> Self {
        Self(path.unwrap_or_else(|| quote!(::oauth2_runtime)))
    }

    /// The names generated code may use.
    pub(crate) fn private(&self) -> TokenStream {
        let root = &self.0;
        quote!(#root::__private)
    }

    /// The same, every token of it at `span`.
    pub(crate) fn private_at(&self, span: Span) -> TokenStream {
        respan(self.private(), span)
    }

    /// A grant kind, an endpoint or a client authentication method: a single name in lower case is the runtime's, in
    /// its module `family`; anything else is emitted as the user wrote it.
    pub(crate) fn named(&self, family: &str, path: &syn::Path) -> TokenStream {
        let ours = path.leading_colon.is_none()
            && path
                .get_ident()
                .is_some_and(|name| name.to_string().starts_with(|c: char| c.is_ascii_lowercase()));
        if !ours {
            return quote!(#path);
        }
        let root = &self.0;
        let family = syn::Ident::new(family, Span::call_site());
        quote!(#root::#family::#path)
    }

    /// As [`Runtime::named`], down to the type `item` of the runtime's module.
    pub(crate) fn named_type(&self, family: &str, item: &str, path: &syn::Path) -> TokenStream {
        let resolved = self.named(family, path);
        if path.get_ident().is_none() || resolved.to_string() == quote!(#path).to_string() {
            return resolved;
        }
        let span = path.get_ident().map_or_else(Span::call_site, syn::Ident::span);
        let item = syn::Ident::new(item, span);
        quote_spanned!(span=> #resolved::#item)
    }
}

/// The same tokens, all at `span`, inside groups too.
pub(crate) fn respan(tokens: TokenStream, span: Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|mut tree| {
            if let TokenTree::Group(group) = &tree {
                let inner = respan(group.stream(), span);
                tree = TokenTree::Group(proc_macro2::Group::new(group.delimiter(), inner));
            }
            tree.set_span(span);
            tree
        })
        .collect()
}
