use std::future::Future;
use std::time::Duration;

use futures_util::future::BoxFuture;

use super::GeneratorContext;
use crate::error::Error;
use crate::model::Models;
use crate::types::{AccessToken, Digest, Lifetime, RefreshToken, Secret};

/// Makes the values of tokens: a type in `tokens(..)` of `#[oauth2_server]`. Every method has the shipped answer.
///
/// A value is a `b64token` (RFC 6750 section 2.1) of 22 to 4096 characters, and not a secret of another kind of this server;
/// that it cannot be guessed is up to you (RFC 6749 section 10.10). Of the 4096 each of `~+/=` takes three, as in a form. A value
/// that is none of this is answered with 500 `server_error`; one that was there before, with 503. The log says why, nothing is
/// stored, and a code or refresh token that was presented stays good.
///
/// What is stored is a digest, whatever the form. A server with a generator of its own looks up every presented value
/// that could be a token, where others refuse without the database what does not have the framework's form. Take the
/// generator out, and the tokens it has made are not recognised any more.
///
/// ```
/// use oauth2_runtime::prelude::*;
/// # #[derive(Scope)] enum Access { #[scope("photos:read")] ReadPhotos }
/// # #[grant(client_credentials)] struct Robots;
///
/// /// Tokens that say whose they are: `acme-printer.at_..`.
/// struct Labelled;
///
/// impl TokenGenerator<Auth> for Labelled {
///     async fn access_token(cx: &GeneratorContext<'_, Auth>) -> Result<Secret<String>, Error> {
///         let random = cx.opaque_access_token()?;
///         Ok(Secret::new(format!("{}.{}", cx.client().client_id, random.expose())))
///     }
/// }
///
/// #[oauth2_server(
///     issuer = "https://id.example",
///     scopes = Access,
///     grants(Robots),
///     client_auth(client_secret_basic),
///     tokens(Robots = Labelled),
/// )]
/// struct Auth {
///     #[oauth2(store)]
///     db: SqlStore<Sqlite>,
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not make the tokens of `{S}`",
    label = "not a token generator",
    note = "write `impl TokenGenerator<{S}> for {Self}`"
)]
pub trait TokenGenerator<S: Models>: 'static {
    /// How long the access token lives: `expires_in` of the answer, and the end in its row. Whole seconds, from one to a
    /// year. It is asked first.
    #[must_use]
    fn lifetime(cx: &GeneratorContext<'_, S>) -> Duration {
        cx.lifetime()
    }

    /// Makes the value of an access token.
    ///
    /// # Errors
    ///
    /// When it cannot be made now; the client is told to try again (503).
    #[must_use]
    fn access_token(
        cx: &GeneratorContext<'_, S>,
    ) -> impl Future<Output = Result<Secret<String>, Error>> + Send {
        std::future::ready(cx.opaque_access_token())
    }

    /// Makes the value of the refresh token that comes with it, if one does.
    ///
    /// # Errors
    ///
    /// As [`TokenGenerator::access_token`].
    #[must_use]
    fn refresh_token(
        cx: &GeneratorContext<'_, S>,
    ) -> impl Future<Output = Result<Secret<String>, Error>> + Send {
        std::future::ready(cx.opaque_refresh_token())
    }
}

/// The shipped generator: opaque values with 256 random bits.
#[derive(Debug)]
pub enum OpaqueTokens {}

#[diagnostic::do_not_recommend]
impl<S: Models> TokenGenerator<S> for OpaqueTokens {}

/// What a generator has made.
pub struct GeneratedToken {
    pub(crate) access_token: Secret<String>,
    pub(crate) refresh_token: Option<Secret<String>>,
    pub(crate) lifetime: Duration,
}

impl GeneratedToken {
    /// What is wrong with it, without its values. `ordered` is the lifetime that was declared.
    pub(crate) fn check(&self, ordered: Duration) -> Result<(), String> {
        let weak = |kind, reason| format!("the token generator made {kind} that is refused: {reason}");
        let access_token = self.access_token.expose();
        Digest::<AccessToken>::check_own(access_token).map_err(|reason| weak("an access token", reason))?;
        if let Some(refresh_token) = &self.refresh_token {
            let refresh_token = refresh_token.expose();
            Digest::<RefreshToken>::check_own(refresh_token)
                .map_err(|reason| weak("a refresh token", reason))?;
            if refresh_token == access_token {
                return Err(weak("a refresh token", "it is the access token"));
            }
        }
        if self.lifetime != ordered
            && (self.lifetime.is_zero() || self.lifetime > Lifetime::MAX.as_duration())
        {
            return Err(
                "the token generator answered a lifetime of no second, or of more than a year".to_owned()
            );
        }
        Ok(())
    }
}

/// Asks the generator `G`.
// `'a: 'a` makes the lifetime part of the function's type, so that several of them fit one match.
#[doc(hidden)]
#[must_use]
pub fn generate<'a: 'a, S: Models, G: TokenGenerator<S>>(
    cx: &'a GeneratorContext<'a, S>,
) -> BoxFuture<'a, Result<GeneratedToken, Error>> {
    Box::pin(async move {
        let lifetime = Duration::from_secs(G::lifetime(cx).as_secs());
        let cx = GeneratorContext { lifetime, ..*cx };
        let access_token = G::access_token(&cx).await?;
        let refresh_token = if cx.refresh_token { Some(G::refresh_token(&cx).await?) } else { None };
        Ok(GeneratedToken { access_token, refresh_token, lifetime })
    })
}
