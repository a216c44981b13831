use crate::model::{OAuth2Client, OAuth2Token};
use crate::types::Scope;

/// What a client model can store beside what every one of them has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientCapabilities {
    /// Redirect URIs.
    pub redirect_uris: bool,
    /// Which grant types a client may use.
    pub grant_types: bool,
}

/// What a token model can store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenCapabilities {
    /// Refresh tokens.
    pub refresh_tokens: bool,
    /// Which authorization a token came from.
    pub grant_ids: bool,
}

/// Asks a type what it is: `Probe::<T>::TOKEN`, `Probe::<T>::CLIENT`, `Probe::<T>::SCOPES`.
///
/// Where `T` is a model or a scope enum the inherent constant is found, otherwise the one of [`Unknown`]. A missing derive is then
/// one error of the compiler, and no rule adds to it.
#[doc(hidden)]
#[derive(Debug)]
pub struct Probe<T>(std::marker::PhantomData<T>);

impl<T: OAuth2Token> Probe<T> {
    /// Those of the token model `T`.
    pub const TOKEN: TokenCapabilities =
        TokenCapabilities { refresh_tokens: T::HAS_REFRESH_TOKEN, grant_ids: T::HAS_GRANT_ID };
}

impl<T: OAuth2Client> Probe<T> {
    /// Those of the client model `T`.
    pub const CLIENT: ClientCapabilities =
        ClientCapabilities { redirect_uris: T::HAS_REDIRECT_URIS, grant_types: T::HAS_GRANT_TYPES };
}

impl<T: Scope> Probe<T> {
    /// The names of the scope enum `T`.
    pub const SCOPES: Option<&'static [&'static str]> = Some(T::NAMES);
}

/// The answers for a type that is no model or no scope enum: such that no rule complains.
#[doc(hidden)]
pub trait Unknown {
    /// All.
    const CLIENT: ClientCapabilities = ClientCapabilities { redirect_uris: true, grant_types: true };
    /// All.
    const TOKEN: TokenCapabilities = TokenCapabilities { refresh_tokens: true, grant_ids: true };
    /// Unknown.
    const SCOPES: Option<&'static [&'static str]> = None;
}

impl<T> Unknown for Probe<T> {}
