//! The macros of `oauth2-runtime`, which documents and re-exports them. Depend on that crate, not on this one.

#![warn(clippy::print_stderr, clippy::print_stdout)]

mod attr;
mod check;
mod diag;
mod driver;
mod expand;
mod fallback;
mod ir;
mod item;
mod paths;

#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

#[proc_macro_attribute]
#[expect(missing_docs, reason = "documented where the runtime re-exports it")]
pub fn oauth2_server(arguments: TokenStream, item: TokenStream) -> TokenStream {
    driver::server(arguments.into(), item.into()).into()
}

#[proc_macro_attribute]
#[expect(missing_docs, reason = "documented where the runtime re-exports it")]
pub fn grant(arguments: TokenStream, item: TokenStream) -> TokenStream {
    driver::grant(arguments.into(), item.into()).into()
}

#[proc_macro_attribute]
#[expect(missing_docs, reason = "documented where the runtime re-exports it")]
pub fn protect(arguments: TokenStream, item: TokenStream) -> TokenStream {
    driver::protect(arguments.into(), item.into()).into()
}

#[proc_macro_derive(Scope, attributes(scope, oauth2))]
#[expect(missing_docs, reason = "documented where the runtime re-exports it")]
pub fn scope(item: TokenStream) -> TokenStream {
    driver::scope(item.into()).into()
}

#[proc_macro_derive(OAuth2Client, attributes(oauth2))]
#[expect(missing_docs, reason = "documented where the runtime re-exports it")]
pub fn oauth2_client(item: TokenStream) -> TokenStream {
    driver::model(ir::role::Kind::Client, item.into()).into()
}

#[proc_macro_derive(OAuth2Token, attributes(oauth2))]
#[expect(missing_docs, reason = "documented where the runtime re-exports it")]
pub fn oauth2_token(item: TokenStream) -> TokenStream {
    driver::model(ir::role::Kind::Token, item.into()).into()
}

/// Nothing, but the compiler takes `#[oauth2(..)]` on the fields for its attribute.
#[proc_macro_derive(HalfTyped, attributes(oauth2))]
pub fn half_typed(_: TokenStream) -> TokenStream {
    TokenStream::new()
}

#[proc_macro_derive(OAuth2Code, attributes(oauth2))]
#[expect(missing_docs, reason = "documented where the runtime re-exports it")]
pub fn oauth2_code(item: TokenStream) -> TokenStream {
    driver::model(ir::role::Kind::Code, item.into()).into()
}

#[proc_macro]
#[expect(missing_docs, reason = "documented where the runtime wraps it")]
pub fn redirect_uris(list: TokenStream) -> TokenStream {
    driver::redirect_uris(list.into()).into()
}
