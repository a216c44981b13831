//! The pages people see: sign-in, consent, and what went wrong.
//!
//! They are rendered here and not left to the application, because they carry the protections that are easily forgotten:
//! no page can be framed, kept by a cache, or made to load or run anything, and all that comes from outside is escaped.
//! Each page is a struct whose fields are what it shows; its template is the file of the same name.

mod client_name;
mod consent;
mod document;
mod form_post;
mod form_target;
mod refused;
mod sign_in;
mod signed_in;
mod stylesheet;
mod unavailable;

#[cfg(test)]
mod tests;

pub(crate) use client_name::client_name;
pub(crate) use consent::Consent;
use document::{Forms, document, hash_source};
pub(crate) use form_post::FormPost;
use form_post::SUBMIT;
pub(crate) use form_target::FormTarget;
pub(crate) use refused::Refused;
pub(crate) use sign_in::SignIn;
pub(crate) use signed_in::SignedIn;
use stylesheet::{STYLE, STYLE_SOURCE};
pub(crate) use unavailable::Unavailable;
