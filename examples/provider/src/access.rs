//! The scopes. What they say is what people read on the consent page.

use oauth2_runtime::prelude::*;

/// What a client may ask for.
#[derive(Scope)]
pub(crate) enum Access {
    /// See your profile, such as your name and your picture
    #[scope("profile")]
    Profile,
    /// See your email address
    #[scope("email")]
    Email,
    /// See your postal address
    #[scope("address")]
    Address,
    /// See your phone number
    #[scope("phone")]
    Phone,
    /// Keep this access while you are away
    #[scope("offline_access")]
    Offline,
    /// See your photos
    #[scope("photos:read")]
    ReadPhotos,
    /// Upload, change and delete photos
    #[scope("photos:write")]
    WritePhotos,
}

/// The scope of OpenID Connect (Core 1.0 section 3.1.2.1). Whoever is granted it expects an ID Token, which the server
/// does not issue yet.
pub(crate) const OPENID: &str = "openid";
