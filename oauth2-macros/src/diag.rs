//! Errors are collected, never returned: the user sees all of them at once.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// Every error of one expansion. Must be finished; dropping it unfinished is a bug in this crate.
pub(crate) struct Diagnostics {
    errors: Vec<syn::Error>,
    finished: bool,
}

impl Diagnostics {
    pub(crate) const fn new() -> Self {
        Self { errors: Vec::new(), finished: false }
    }

    pub(crate) fn push(&mut self, span: Span, message: impl std::fmt::Display) {
        self.errors.push(syn::Error::new(span, message));
    }

    /// At `tokens`: the compiler underlines from the first to the last of them.
    pub(crate) fn push_at(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.errors.push(syn::Error::new_spanned(tokens, message));
    }

    /// The value, or `None` and its error collected.
    pub(crate) fn take<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.errors.push(error)).ok()
    }

    pub(crate) const fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// The errors, if there are any, as tokens that report them.
    pub(crate) fn finish(mut self) -> Option<Reported> {
        self.finished = true;
        let errors = std::mem::take(&mut self.errors);
        (!errors.is_empty()).then(|| Reported(errors.iter().map(syn::Error::to_compile_error).collect()))
    }
}

impl Drop for Diagnostics {
    fn drop(&mut self) {
        debug_assert!(self.finished || std::thread::panicking(), "errors were collected and never reported");
    }
}

/// Errors as tokens.
pub(crate) struct Reported(pub(crate) TokenStream);
