//! Errors are collected, never returned: the user sees all of them at once.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Ident;

/// Every error of one expansion. Must be finished; dropping it unfinished is a bug in this crate.
pub(crate) struct Diagnostics {
    errors: Vec<syn::Error>,
    conflicts: Vec<Conflict>,
    finished: bool,
}

/// Two places of one declaration that do not go together. It is no reason to leave anything out of the expansion: the first
/// place holds.
pub(crate) struct Conflict {
    pub(crate) first: Span,
    pub(crate) second: Span,
    /// What is wrong.
    pub(crate) message: String,
    /// What is said at the second place.
    pub(crate) label: String,
    /// The reason, and what to type.
    pub(crate) notes: Vec<String>,
}

impl Diagnostics {
    pub(crate) const fn new() -> Self {
        Self { errors: Vec::new(), conflicts: Vec::new(), finished: false }
    }

    pub(crate) fn push(&mut self, span: Span, message: impl std::fmt::Display) {
        self.errors.push(syn::Error::new(span, message));
    }

    /// At `tokens`: the compiler underlines from the first to the last of them.
    pub(crate) fn push_at(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.errors.push(syn::Error::new_spanned(tokens, message));
    }

    pub(crate) fn conflict(&mut self, conflict: Conflict) {
        self.conflicts.push(conflict);
    }

    /// The value, or `None` and its error collected.
    pub(crate) fn take<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.errors.push(error)).ok()
    }

    pub(crate) const fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// The conflicts as tokens that report them, to be emitted beside the expansion. Where there are errors too, the compiler
    /// would not get as far: they become errors.
    pub(crate) fn conflicts(&mut self) -> TokenStream {
        let conflicts = std::mem::take(&mut self.conflicts);
        if self.errors.is_empty() {
            return conflicts.iter().map(Conflict::report).collect();
        }
        self.errors.extend(conflicts.iter().map(Conflict::error));
        TokenStream::new()
    }

    /// The errors, if there are any, as tokens that report them.
    pub(crate) fn finish(mut self) -> Option<Reported> {
        self.finished = true;
        let errors = std::mem::take(&mut self.errors);
        (!errors.is_empty()).then(|| Reported(errors.iter().map(syn::Error::to_compile_error).collect()))
    }
}

impl Conflict {
    /// `compile_error!` shows one place. A bound that does not hold shows where it is asked for, the second place, and where
    /// it is written, the first.
    fn report(&self) -> TokenStream {
        let (message, label) = (escaped(&self.message), escaped(&self.label));
        let notes = self.notes.iter().map(|note| escaped(note));
        let first = Ident::new("first", self.first);
        let definition = quote_spanned!(self.first=> const fn #first<T: GivenOnce>() {});
        let again = Ident::new("first", self.second);
        let call = quote_spanned!(self.second=> #again::<()>(););
        quote! {
            const _: () = {
                #[diagnostic::on_unimplemented(message = #message, label = #label, #(note = #notes),*)]
                trait GivenOnce {}
                #[diagnostic::do_not_recommend]
                impl GivenOnce for bool {}
                #definition
                #call
            };
        }
    }

    fn error(&self) -> syn::Error {
        let notes = self.notes.join("\nnote: ");
        syn::Error::new(self.second, format_args!("{}\n\nnote: {notes}", self.message))
    }
}

/// The attribute's texts are format strings.
fn escaped(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

impl Drop for Diagnostics {
    fn drop(&mut self) {
        let reported = self.finished && self.conflicts.is_empty();
        debug_assert!(reported || std::thread::panicking(), "errors were collected and never reported");
    }
}

/// Errors as tokens.
pub(crate) struct Reported(pub(crate) TokenStream);
