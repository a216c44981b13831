use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::ir::scope::Scopes;

pub(crate) fn expand(scopes: &Scopes) -> TokenStream {
    let name = &scopes.name;
    let (names, texts): (Vec<_>, Vec<_>) =
        scopes.variants.iter().map(|variant| (&variant.name, &variant.text)).unzip();
    let variants = &scopes.variants;
    let index = scopes.variants.iter().enumerate().map(|(index, variant)| {
        let index = Literal::usize_unsuffixed(index);
        quote!(Self::#variant => #index)
    });
    let wire = scopes.variants.iter().map(|variant| {
        let wire = &variant.name;
        quote!(Self::#variant => #wire)
    });
    let absent = (!scopes.whole).then(|| quote!(_ => loop {}));
    super::hidden(
        &scopes.runtime,
        &quote! {
            #[automatically_derived]
            #[diagnostic::do_not_recommend]
            impl __rt::Scope for #name {
                const NAMES: &'static [&'static str] = &[#(#names),*];
                const TEXTS: &'static [&'static str] = &[#(#texts),*];
                const ALL: &'static [Self] = &[#(Self::#variants),*];
                fn index(&self) -> usize {
                    match self { #(#index,)* #absent }
                }
            }
            impl #name {
                #[doc(hidden)]
                pub const fn __scope(&self) -> &'static str {
                    match self { #(#wire,)* #absent }
                }
            }
            impl<__R: ::core::convert::Into<__rt::Requirement<#name>>> ::core::ops::BitAnd<__R> for #name {
                type Output = __rt::Requirement<#name>;
                fn bitand(self, other: __R) -> Self::Output {
                    __rt::Requirement::One(self).and(other)
                }
            }
            impl<__R: ::core::convert::Into<__rt::Requirement<#name>>> ::core::ops::BitOr<__R> for #name {
                type Output = __rt::Requirement<#name>;
                fn bitor(self, other: __R) -> Self::Output {
                    __rt::Requirement::One(self).or(other)
                }
            }
        },
    )
}
