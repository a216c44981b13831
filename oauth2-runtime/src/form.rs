//! Form and query parameters, parsed by our own rules (RFC 6749 sections 3.1, 3.2 and appendix B).
//!
//! The extractors of the web framework answer a repeated parameter with another error or keep the last value,
//! and repair bytes that are not UTF-8. Here every such request is refused, and every parse is linear in its input.

use std::ops::Range;

use url::form_urlencoded::Serializer;

use crate::error::OAuthError;
use crate::types::Secret;

/// Bytes a request body may have.
pub const MAX_BODY_BYTES: usize = 64 * 1024;
/// Parameters a request may have.
pub const MAX_PARAMETERS: usize = 64;
/// Bytes a parameter's name and its value may have each, before decoding.
pub const MAX_PARAMETER_BYTES: usize = 4096;

/// The parameters of one request.
pub struct Form {
    text: String,
    fields: Vec<(Range<usize>, Range<usize>)>,
}

impl Form {
    /// Parses `application/x-www-form-urlencoded` bytes.
    ///
    /// # Errors
    ///
    /// `invalid_request` for bytes that are not UTF-8 after decoding, a `%` without two hexadecimal digits, a NUL,
    /// and for more parameters or longer ones than the caps of this module.
    pub fn parse(input: &[u8]) -> Result<Self, OAuthError> {
        let mut form = Self { text: String::with_capacity(input.len()), fields: Vec::new() };
        let mut decoded = Vec::new();
        for pair in input.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            if form.fields.len() == MAX_PARAMETERS {
                return Err(OAuthError::invalid_request("the request has too many parameters"));
            }
            let equals = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let (name, value) = pair.split_at(equals);
            let name = form.append(name, &mut decoded)?;
            let value = form.append(value.strip_prefix(b"=").unwrap_or_default(), &mut decoded)?;
            form.fields.push((name, value));
        }
        Ok(form)
    }

    fn append(&mut self, encoded: &[u8], decoded: &mut Vec<u8>) -> Result<Range<usize>, OAuthError> {
        if encoded.len() > MAX_PARAMETER_BYTES {
            return Err(OAuthError::invalid_request("a parameter is too long"));
        }
        decoded.clear();
        decode(encoded, decoded)
            .ok_or_else(|| OAuthError::invalid_request("a parameter is not percent-encoded"))?;
        let text = std::str::from_utf8(decoded)
            .map_err(|_| OAuthError::invalid_request("a parameter is not UTF-8"))?;
        if text.contains('\0') {
            return Err(OAuthError::invalid_request("a parameter contains a NUL"));
        }
        let start = self.text.len();
        self.text.push_str(text);
        Ok(start..self.text.len())
    }

    fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let part = |range: &Range<usize>| self.text.get(range.clone()).unwrap_or_default();
        self.fields.iter().map(move |(name, value)| (part(name), part(value)))
    }

    /// The value of the parameter `name`. One sent without a value counts as omitted (RFC 6749 section 3.2).
    ///
    /// # Errors
    ///
    /// `invalid_request` when it is there more than once. Repeated parameters nobody asks for are ignored.
    pub fn get(&self, name: &'static str) -> Result<Option<&str>, OAuthError> {
        let mut values = self.fields().filter(|(field, _)| *field == name).map(|(_, value)| value);
        let first = values.next();
        if values.next().is_some() {
            return Err(OAuthError::invalid_request(format!("`{name}` is there more than once")));
        }
        Ok(first.filter(|value| !value.is_empty()))
    }

    /// Whether there is a parameter `name`.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields().any(|(field, _)| field == name)
    }

    /// The value of a parameter that must be there.
    ///
    /// # Errors
    ///
    /// `invalid_request` when it is missing, empty or repeated.
    pub fn require(&self, name: &'static str) -> Result<&str, OAuthError> {
        self.get(name)?.ok_or_else(|| OAuthError::invalid_request(format!("`{name}` is missing")))
    }
}

impl Form {
    /// The parameters as a query, in their order and with all repetitions, but with `value` for the parameter `name`; without
    /// that parameter when it is `None`.
    pub(crate) fn query_with(&self, name: &str, value: Option<&str>) -> String {
        let mut query = Serializer::new(String::with_capacity(self.text.len() * 2));
        query.extend_pairs(self.fields().filter(|(field, _)| *field != name));
        if let Some(value) = value {
            query.append_pair(name, value);
        }
        query.finish()
    }

    /// The parameters as a query, in their order and encoded as browsers do: what a signature over the form is made of.
    #[must_use]
    pub fn query(&self) -> String {
        Serializer::new(String::with_capacity(self.text.len() * 2)).extend_pairs(self.fields()).finish()
    }
}

/// Undoes percent-encoding, `+` for a space included; `None` when a `%` lacks its two digits.
pub(crate) fn decode(encoded: &[u8], decoded: &mut Vec<u8>) -> Option<()> {
    let mut bytes = encoded.iter();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => hex(*bytes.next()?)? << 4 | hex(*bytes.next()?)?,
            other => *other,
        });
    }
    Some(())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// A type that a field of a `#[grant(extension = "..")]` struct can have.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a parameter of a token request",
    label = "expected `String`, `Option<String>`, `Secret<String>` or `Option<Secret<String>>`",
    note = "request parameters are text (RFC 6749 section 4.5 and appendix B); parse it in `authorize`"
)]
pub trait Param: Sized {
    /// Takes the parameter `name` from the request.
    ///
    /// # Errors
    ///
    /// `invalid_request` when a required parameter is missing, or any is repeated.
    fn from_form(form: &Form, name: &'static str) -> Result<Self, OAuthError>;
}

#[diagnostic::do_not_recommend]
impl Param for String {
    fn from_form(form: &Form, name: &'static str) -> Result<Self, OAuthError> {
        form.require(name).map(Self::from)
    }
}

#[diagnostic::do_not_recommend]
impl Param for Option<String> {
    fn from_form(form: &Form, name: &'static str) -> Result<Self, OAuthError> {
        Ok(form.get(name)?.map(String::from))
    }
}

#[diagnostic::do_not_recommend]
impl Param for Secret<String> {
    fn from_form(form: &Form, name: &'static str) -> Result<Self, OAuthError> {
        form.require(name).map(|value| Self::new(value.to_owned()))
    }
}

#[diagnostic::do_not_recommend]
impl Param for Option<Secret<String>> {
    fn from_form(form: &Form, name: &'static str) -> Result<Self, OAuthError> {
        Ok(form.get(name)?.map(|value| Secret::new(value.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(input: &[u8]) -> String {
        let Err(error) = Form::parse(input) else { panic!("parsed {:?}", String::from_utf8_lossy(input)) };
        error.description().to_owned()
    }

    #[test]
    fn values_are_decoded_once() {
        let form = Form::parse(b"a=1%2B1+%C3%A9&b=&c&=d&e=x=y%2525").unwrap();
        assert_eq!(form.get("a").unwrap(), Some("1+1 \u{e9}"));
        assert_eq!(form.get("b").unwrap(), None);
        assert_eq!(form.get("c").unwrap(), None);
        assert_eq!(form.get("e").unwrap(), Some("x=y%25"));
        assert_eq!(form.require("c").unwrap_err().description(), "`c` is missing");
    }

    #[test]
    fn only_parameters_that_are_asked_for_may_not_repeat() {
        let form = Form::parse(b"scope=a&scope=a&other=1&other=2").unwrap();
        assert_eq!(form.get("scope").unwrap_err().description(), "`scope` is there more than once");
        assert_eq!(form.get("grant_type").unwrap(), None);
    }

    #[test]
    fn malformed_input_is_refused() {
        for input in [&b"a=%"[..], b"a=%4", b"a=%zz", b"%g0=1"] {
            assert_eq!(refused(input), "a parameter is not percent-encoded");
        }
        for input in [&b"a=%ff"[..], b"a=\xff", b"a=%C0%AF", b"\xc0\xaf=1"] {
            assert_eq!(refused(input), "a parameter is not UTF-8");
        }
        assert_eq!(refused(b"a=%00"), "a parameter contains a NUL");
    }

    #[test]
    fn caps_hold_at_their_edge() {
        let many = |count: usize| vec!["a=1"; count].join("&").into_bytes();
        assert!(Form::parse(&many(MAX_PARAMETERS)).is_ok());
        assert_eq!(refused(&many(MAX_PARAMETERS + 1)), "the request has too many parameters");
        let long = |count: usize| format!("a={}", "x".repeat(count)).into_bytes();
        assert!(Form::parse(&long(MAX_PARAMETER_BYTES)).is_ok());
        assert_eq!(refused(&long(MAX_PARAMETER_BYTES + 1)), "a parameter is too long");
    }
}
