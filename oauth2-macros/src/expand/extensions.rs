use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

/// The list of extensions as a type, `(First, (Second, ()))`.
pub(crate) fn list(extensions: &[Path]) -> TokenStream {
    extensions.iter().rev().fold(quote!(()), |rest, path| quote_spanned!(path.span()=> (#path, #rest)))
}
