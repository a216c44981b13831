use crate::error::OAuthError;

/// The `prompt` parameter (OpenID Connect Core 1.0 section 3.1.2.1): what the person must or must not be asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Prompt {
    /// Ask nothing.
    pub(crate) none: bool,
    /// Ask for the password again, whoever is signed in.
    pub(crate) login: bool,
    /// Ask for the consent again.
    pub(crate) consent: bool,
}

impl Prompt {
    pub(crate) fn parse(value: Option<&str>) -> Result<Self, OAuthError> {
        let mut prompt = Self::default();
        for name in value.unwrap_or_default().split(' ').filter(|name| !name.is_empty()) {
            match name {
                "none" => prompt.none = true,
                // The sign-in form is also where another account is chosen.
                "login" | "select_account" => prompt.login = true,
                "consent" => prompt.consent = true,
                _ => return Err(OAuthError::invalid_request("`prompt` has an unknown value")),
            }
        }
        if prompt.none && (prompt.login || prompt.consent) {
            return Err(OAuthError::invalid_request("`prompt=none` stands alone"));
        }
        Ok(prompt)
    }

    /// What is left of it for the request after the person has signed in.
    pub(crate) const fn after_sign_in(self) -> Option<&'static str> {
        if self.consent { Some("consent") } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_stands_alone() {
        assert_eq!(Prompt::parse(None).unwrap(), Prompt::default());
        assert_eq!(Prompt::parse(Some("none")).unwrap(), Prompt { none: true, ..Prompt::default() });
        let both = Prompt::parse(Some("login consent")).unwrap();
        assert_eq!(both, Prompt { login: true, consent: true, ..Prompt::default() });
        assert_eq!(both.after_sign_in(), Some("consent"));
        for wrong in ["none login", "none consent", "None", "create"] {
            assert!(Prompt::parse(Some(wrong)).is_err(), "{wrong}");
        }
    }
}
