use proc_macro2::{Literal, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

use super::extensions;
use crate::attr::grant::ScopeList;
use crate::ir::grant::Grant;
use crate::paths::Named;

/// With `sound` unset there are errors: what is right of the grant is there, so that no rule of a server adds to them.
pub(crate) fn expand(grant: &Grant, sound: bool) -> TokenStream {
    let name = &grant.name;
    let (Named::Ours(kind) | Named::Theirs(kind)) = grant.runtime.named("grant", &grant.kind.path);
    let declared = grant
        .kind
        .path
        .segments
        .last()
        .map_or_else(|| Ident::new("grant", Span::call_site()), |segment| segment.ident.clone());
    // From the kind to the end of the attribute, which is what the compiler shows of it.
    let from = quote_spanned!(declared.span()=> pub struct);
    let name_at_end = Ident::new(&declared.to_string(), grant.end);
    let property = quote_spanned!(grant.end=> #from #name_at_end;);
    let import = quote_spanned!(declared.span()=> use #kind as __kind;);
    let (spec, extensions) = (spec(grant), extensions::list(&grant.extensions));
    let names = |list: &ScopeList| {
        let names = list.scopes.iter().map(|scope| quote_spanned!(scope.span()=> #scope.__scope()));
        quote!(&[#(#names),*])
    };
    let scopes = grant.scopes.as_ref().map(names).map(|names| quote!(.scopes(#names)));
    let defaults = grant.default_scopes.as_ref().map(names).map(|names| quote!(.default_scopes(#names)));
    let rules = grant
        .default_scopes
        .as_ref()
        .filter(|_| sound)
        .map(|defaults| rules(grant, declared.span(), defaults));
    let parameters = grant.parameters.iter().map(|parameter| {
        let (field, ty, name) = (&parameter.field, &parameter.ty, &parameter.name);
        let column = quote_spanned!(ty.span()=> <#ty as __rt::Param>::from_form);
        quote!(#field: #column(form, #name)?)
    });
    let form = if grant.parameters.is_empty() { quote!(_) } else { quote!(form) };
    let parsed =
        if sound { quote!(::core::result::Result::Ok(Self { #(#parameters),* })) } else { quote!(loop {}) };
    super::hidden(
        &grant.runtime,
        &quote! {
            #import
            #property
            #[automatically_derived]
            #[diagnostic::do_not_recommend]
            impl __rt::Grant for #name {
                type Kind = __kind::Kind;
                type Spec = __kind::Spec;
                type Declared = #declared;
                type Extensions = #extensions;
                const SPEC: __kind::Spec = #spec;
                const PROPERTIES: __rt::GrantProperties = __kind::Spec::properties(Self::SPEC)#scopes #defaults;
                fn parse(#form: &__rt::Form) -> __rt::OAuthResult<Self> {
                    #parsed
                }
            }
            #rules
        },
    )
}

/// The calls of the rules about default scopes. What is wrong is reported at them, and shows what they do not fit: the kind,
/// or the key `scopes`.
fn rules(grant: &Grant, kind: Span, defaults: &ScopeList) -> TokenStream {
    // The compiler points at the type that a rule does not hold for.
    let name = |at: Span| {
        let mut name = grant.name.clone();
        name.set_span(name.span().located_at(at));
        name
    };
    let at_refresh = definition("redeems_refresh_tokens", kind, "DefaultScopesAtRefresh");
    let at = defaults.key.span();
    let (name_at_key, function) = (name(at), Ident::new("redeems_refresh_tokens", at));
    let refresh = quote_spanned! {at=>
        #function::<#name_at_key, { __rt::rules::default_scopes_at_refresh::kept(&GRANT) }>();
    };
    let offered = grant.scopes.as_ref().map(|scopes| {
        let offers = definition("scopes", scopes.key.span(), "DefaultScopes");
        let calls = defaults.scopes.iter().enumerate().map(|(index, scope)| {
            let at = scope.segments.last().map_or_else(|| scope.span(), |last| last.ident.span());
            let index = Literal::usize_unsuffixed(index);
            let (name, function) = (name(at), Ident::new("scopes", at));
            quote_spanned!(at=> #function::<#name, { __rt::rules::default_scopes::kept(&GRANT, #index) }>();)
        });
        quote!(#offers #(#calls)*)
    });
    let name = &grant.name;
    quote! {
        const GRANT: __rt::GrantProperties = <#name as __rt::Grant>::PROPERTIES;
        #at_refresh
        #refresh
        #offered
    }
}

/// `const fn function<G: TheRule<OK>, const OK: bool>() {}`, all at `span`.
fn definition(function: &str, span: Span, rule: &str) -> TokenStream {
    let (function, rule) = (Ident::new(function, span), Ident::new(rule, span));
    quote_spanned!(span=> const fn #function<G: __rt::rules::#rule<OK>, const OK: bool>() {})
}

/// `__kind::Spec::key(__kind::grant(), value)`: a wrong key, value or limit is an error at the key or value itself.
fn spec(grant: &Grant) -> TokenStream {
    let argument = &grant.kind.argument;
    grant.keys.iter().fold(
        quote!(__kind::grant(#argument)),
        |spec, (key, value)| quote_spanned!(key.span()=> __kind::Spec::#key(#spec, #value)),
    )
}
