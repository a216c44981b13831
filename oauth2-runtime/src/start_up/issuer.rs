//! The issuer, where it is not a literal that the compiler has seen.

use crate::error::Error;
use crate::server::OAuth2Server;
use crate::types::Issuer;

pub(super) fn check<S: OAuth2Server>(server: &S) -> Result<Issuer, Error> {
    let text = server.issuer()?;
    Issuer::parse(&text).map_err(|reason| {
        // What is before an `@` may be a password.
        let shown = if text.contains('@') { String::new() } else { format!(" `{}`", text.escape_debug()) };
        Error::new(format!("the issuer{shown} is not usable: {reason} (RFC 8414 section 2)"))
    })
}
