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

    /// The names generated code may use, from anywhere.
    pub(crate) fn private(&self) -> TokenStream {
        let root = &self.0;
        quote!(#root::__private)
    }

    /// The same inside of what `expand::hidden` wraps, every token at `span`.
    pub(crate) fn alias_at(span: Span) -> TokenStream {
        quote_spanned!(span=> __rt)
    }

    /// A grant kind, an endpoint or a client authentication method: a single name in lower case is the runtime's, in
    /// its module `family`; anything else is emitted as the user wrote it.
    pub(crate) fn named(&self, family: &str, path: &syn::Path) -> Named {
        match path.get_ident().filter(|name| path.leading_colon.is_none() && is_ours(name)) {
            Some(name) => {
                let (root, family) =
                    (respan(self.0.clone(), name.span()), syn::Ident::new(family, name.span()));
                Named::Ours(quote_spanned!(name.span()=> #root::#family::#name))
            }
            None => Named::Theirs(quote!(#path)),
        }
    }
}

/// A local variable of generated code, which no name of the user's can meet, in either direction.
pub(crate) fn local(name: &str, span: Span) -> syn::Ident {
    syn::Ident::new(name, Span::mixed_site().located_at(span))
}

/// Whether a single name is the runtime's.
pub(crate) fn is_ours(name: &syn::Ident) -> bool {
    name.to_string().starts_with(|first: char| first.is_ascii_lowercase())
}

/// Whose name it is.
pub(crate) enum Named {
    Ours(TokenStream),
    Theirs(TokenStream),
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
