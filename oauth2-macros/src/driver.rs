//! The only control flow: tokens, attribute, validated form, rules, expansion; or the stand-in with all errors.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::attr::grant::GrantAttr;
use crate::attr::model::StructAttr;
use crate::attr::protect::ProtectAttr;
use crate::attr::redirect_uris::RedirectUrisList;
use crate::attr::server::ServerAttr;
use crate::diag::{Diagnostics, Reported};
use crate::ir::grant::Grant;
use crate::ir::model::Model;
use crate::ir::protect::Protect;
use crate::ir::role::Kind;
use crate::ir::scope::Scopes;
use crate::ir::server::Server;
use crate::item::{Declared, Handler, Unreadable, with_field_attributes, without_field_attributes};
use crate::paths::Runtime;
use crate::{check, expand, fallback};

pub(crate) fn server(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let kept = without_field_attributes(item.clone());
    let mut diag = Diagnostics::new();
    let attr = ServerAttr::parse(arguments, &mut diag);
    let Some(declared) = diag.take(Declared::parse(item.clone())) else { return given_back(&kept, diag) };
    let mut server = Server::lower(attr, &declared, &mut diag);
    let kept = if declared.whole { kept } else { with_field_attributes(&item, &server.runtime) };
    check::server(&mut server, &mut diag);
    let conflicts = diag.conflicts();
    let generated = match diag.finish() {
        None => expand::server::expand(&server, None),
        Some(Reported(errors)) if has_parameters(&declared.item) => errors,
        Some(Reported(errors)) => {
            let stand_in = expand::server::expand(&server, Some(&fallback::missing_type()));
            quote!(#errors #stand_in)
        }
    };
    quote!(#kept #generated #conflicts)
}

pub(crate) fn grant(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut diag = Diagnostics::new();
    let attr = GrantAttr::parse(arguments, &mut diag);
    let Some(Declared { item: input, .. }) = diag.take(Declared::parse(item.clone())) else {
        return given_back(&item, diag);
    };
    let runtime = Runtime::new(attr.runtime.clone());
    let mut grant = Grant::lower(attr, &input, &mut diag);
    if let Some(grant) = &mut grant {
        check::grant(grant, &mut diag);
    }
    let conflicts = diag.conflicts();
    let generated = match (diag.finish(), grant) {
        (None, Some(grant)) => expand::grant::expand(&grant, true),
        (Some(Reported(errors)), _) if has_parameters(&input) => errors,
        (Some(Reported(errors)), Some(grant)) => {
            let stand_in = expand::grant::expand(&grant, false);
            quote!(#errors #stand_in)
        }
        (Some(reported), None) => fallback::grant(&input.ident, &runtime, reported),
        (None, None) => TokenStream::new(),
    };
    quote!(#item #generated #conflicts)
}

pub(crate) fn protect(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut diag = Diagnostics::new();
    let attr = ProtectAttr::parse(arguments, &mut diag);
    let handler = match Handler::read(item.clone()) {
        Ok(handler) => handler,
        Err(Unreadable::HalfTyped) => return given_back(&item, diag),
        Err(Unreadable::Wrong(error)) => {
            diag.take::<()>(Err(error));
            return given_back(&item, diag);
        }
    };
    let protect = Protect::lower(attr, handler);
    if let Ok(protect) = &protect {
        check::protect(protect, &mut diag);
    }
    let conflicts = diag.conflicts();
    let generated = match protect {
        Ok(protect) if !diag.has_errors() => expand::protect::expand(&protect),
        Ok(protect) => expand::protect::unchecked(&protect.handler, &protect.runtime),
        Err(incomplete) => expand::protect::unchecked(&incomplete.0, &incomplete.1),
    };
    given_back(&quote!(#generated #conflicts), diag)
}

pub(crate) fn scope(item: TokenStream) -> TokenStream {
    let mut diag = Diagnostics::new();
    let Some(Declared { item: input, whole }) = diag.take(Declared::parse(item)) else {
        return given_back(&TokenStream::new(), diag);
    };
    let scopes = Scopes::lower(&input, whole, &mut diag);
    if let Some(scopes) = &scopes {
        check::scopes(scopes, &mut diag);
    }
    let conflicts = diag.conflicts();
    let generated = match (diag.finish(), scopes) {
        (None, Some(scopes)) => expand::scope::expand(&scopes),
        (Some(Reported(errors)), _) if has_parameters(&input) => errors,
        (Some(reported), _) => fallback::scope(&input.ident, &runtime_of(&input), reported),
        (None, None) => TokenStream::new(),
    };
    quote!(#generated #conflicts)
}

pub(crate) fn model(kind: Kind, item: TokenStream) -> TokenStream {
    let mut diag = Diagnostics::new();
    let Some(declared) = diag.take(Declared::parse(item)) else {
        return given_back(&TokenStream::new(), diag);
    };
    let model = Model::lower(kind, &declared, &mut diag);
    check::model(&model, &mut diag);
    let conflicts = diag.conflicts();
    let generated = match diag.finish() {
        None if model.lacks_a_role() => fallback::half_typed_model(&model),
        None => expand::model::expand(&model),
        Some(Reported(errors)) if has_parameters(&declared.item) => errors,
        Some(reported) => fallback::model(&model, reported),
    };
    quote!(#generated #conflicts)
}

pub(crate) fn redirect_uris(tokens: TokenStream) -> TokenStream {
    let mut diag = Diagnostics::new();
    let list = RedirectUrisList::parse(tokens, &mut diag);
    check::redirect_uris(&list, &mut diag);
    let texts = expand::redirect_uris::expand(&list);
    match diag.finish() {
        None => texts,
        // The list is still one, so that nobody complains about the type of what has no value.
        Some(Reported(errors)) => quote!({ #errors #texts }),
    }
}

/// No stand-in fits a type with parameters that nobody can fill in.
fn has_parameters(input: &DeriveInput) -> bool {
    !input.generics.params.is_empty()
}

fn runtime_of(input: &DeriveInput) -> Runtime {
    let mut ignored = Diagnostics::new();
    let attr = StructAttr::parse(&input.attrs, &mut ignored);
    ignored.finish();
    Runtime::new(attr.runtime)
}

/// The item as it is, and the errors.
fn given_back(item: &TokenStream, mut diag: Diagnostics) -> TokenStream {
    let conflicts = diag.conflicts();
    match diag.finish() {
        None => quote!(#item #conflicts),
        Some(Reported(errors)) => quote!(#item #errors),
    }
}
