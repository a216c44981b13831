//! M013: the grant type of an extension grant is an absolute URI (RFC 6749 section 4.5).

use syn::LitStr;

use crate::diag::Diagnostics;
use crate::ir::grant::Grant;

pub(crate) fn check(grant: &Grant, diag: &mut Diagnostics) {
    // A name in lower case is the runtime's kind of that name.
    if !grant.kind.path.is_ident("extension") {
        return;
    }
    let Ok(literal) = syn::parse2::<LitStr>(grant.kind.argument.clone()) else { return };
    let uri = literal.value();
    if is_absolute(&uri) {
        return;
    }
    let help = "help: write a URI of your own, such as `extension = \"urn:example:sms-code\"`";
    diag.push(
        literal.span(),
        format_args!("the grant type `{uri}` is not an absolute URI\n\n{help}\nnote: RFC 6749 section 4.5"),
    );
}

/// A scheme, and something after it (RFC 3986 section 4.3).
fn is_absolute(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once(':') else { return false };
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        && !rest.is_empty()
        && rest.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}#".contains(&byte))
}
