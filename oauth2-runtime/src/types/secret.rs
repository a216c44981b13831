/// A value that must not be shown: a token, a password, a client secret.
///
/// It has no `Debug`, `Display`, `Serialize`, `PartialEq` or `Clone`, so it cannot be logged, sent, compared in
/// variable time or copied by accident. [`Secret::expose`] is the one way out, and easy to find in a review.
///
/// ```compile_fail
/// # use oauth2_runtime::types::Secret;
/// println!("{:?}", Secret::new(String::from("hunter2")));
/// ```
pub struct Secret<T: ?Sized>(T);

impl<T> Secret<T> {
    /// Takes the value out of sight.
    pub const fn new(value: T) -> Self {
        Self(value)
    }
}

impl<T: ?Sized> Secret<T> {
    /// The value in clear.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}
