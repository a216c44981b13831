//! How people prove who they are: the value of `sign_in = ..`.

use std::future::Future;

use futures_util::future::BoxFuture;

use crate::error::Error;
use crate::password::Credentials;
use crate::types::Subject;

/// An async function that says whose credentials these are, or `None` when they are nobody's: the value of
/// `sign_in = password(..)`. An error is answered with 503, and the person may try again.
#[diagnostic::on_unimplemented(
    message = "this function cannot check a password",
    label = "expected `async fn(&{S}, &Credentials) -> Result<Option<Subject>, Error>`",
    note = "it is asked when somebody sends the sign-in form; `credentials.verify(..)` checks a stored `PasswordHash`"
)]
pub trait PasswordCheck<'a, S: 'a>: Send + Sync {
    /// The future of one call.
    type Fut: Future<Output = Result<Option<Subject>, Error>> + Send;
    /// Calls it.
    fn call(&self, server: &'a S, credentials: &'a Credentials) -> Self::Fut;
}

#[diagnostic::do_not_recommend]
impl<'a, S: 'a, F, Fut> PasswordCheck<'a, S> for F
where
    F: Fn(&'a S, &'a Credentials) -> Fut + Send + Sync,
    Fut: Future<Output = Result<Option<Subject>, Error>> + Send,
{
    type Fut = Fut;

    fn call(&self, server: &'a S, credentials: &'a Credentials) -> Fut {
        self(server, credentials)
    }
}

/// `sign_in = password(check)`: a form with a user name and a password, which `check` looks at. [`Credentials`] has an
/// example of one.
pub fn password<'a, S: Sync, F>(
    check: F,
    server: &'a S,
    credentials: &'a Credentials,
) -> BoxFuture<'a, Result<Option<Subject>, Error>>
where
    F: for<'b> PasswordCheck<'b, S> + 'a,
{
    Box::pin(async move { check.call(server, credentials).await })
}
