//! What is measured: a comparison, what is presented, and two stored values that it is not.

use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth2_bench::Failure;
use oauth2_runtime::prelude::*;
use sha2::{Digest as _, Sha256};

/// Where the stored value differs from the presented one.
#[derive(Clone, Copy)]
pub(crate) enum Class {
    /// In the first byte.
    First,
    /// In the last one.
    Last,
}

/// A comparison with the value that is presented inside it.
pub(crate) struct Subject<T> {
    first: T,
    last: T,
    /// Compares with a stored value.
    pub(crate) call: Box<dyn Fn(&T) -> bool>,
}

impl<T> Subject<T> {
    /// The stored value.
    pub(crate) const fn stored(&self, class: Class) -> &T {
        match class {
            Class::First => &self.first,
            Class::Last => &self.last,
        }
    }

    /// Of the bytes that a right value would have stored, with how to store bytes.
    fn new<E: Into<Failure>>(
        right: [u8; 32],
        store: impl Fn([u8; 32]) -> Result<T, E>,
        call: impl Fn(&T) -> bool + 'static,
    ) -> Result<Self, Failure> {
        let [mut first, mut last] = [right; 2];
        first[0] ^= 0x55;
        last[31] ^= 0x55;
        let subject = Self {
            first: store(first).map_err(Into::into)?,
            last: store(last).map_err(Into::into)?,
            call: Box::new(call),
        };
        let right = store(right).map_err(Into::into)?;
        if !(subject.call)(&right) || (subject.call)(&subject.first) || (subject.call)(&subject.last) {
            return Err("the comparison is wrong".into());
        }
        Ok(subject)
    }
}

fn random() -> Result<[u8; 32], Failure> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// What nobody should write, which has to be told apart.
pub(crate) fn early_exit() -> Result<Subject<[u8; 32]>, Failure> {
    let presented = random()?;
    Subject::new(presented, Ok::<_, Failure>, move |stored| {
        for (one, other) in presented.iter().zip(stored) {
            if black_box(*one) != black_box(*other) {
                return false;
            }
        }
        true
    })
}

/// Two digests of access tokens.
pub(crate) fn digest() -> Result<Subject<Digest<AccessToken>>, Failure> {
    let bytes = random()?;
    let presented = Digest::from_bytes(&bytes)?;
    Subject::new(bytes, |bytes| Digest::from_bytes(&bytes), move |stored| stored.matches(&presented))
}

/// A presented client secret and what is stored of another.
pub(crate) fn secret_hash() -> Result<Subject<SecretHash>, Failure> {
    let secret = ClientSecret::generate()?;
    let text = String::from(&secret.hash());
    let right =
        URL_SAFE_NO_PAD.decode(text.strip_prefix("sha256:").ok_or("another form of stored secret")?)?;
    let right = right.try_into().map_err(|_| "a digest of another length")?;
    let store = |bytes: [u8; 32]| format!("sha256:{}", URL_SAFE_NO_PAD.encode(bytes)).parse::<SecretHash>();
    let now = Timestamp::from_unix_seconds(0);
    Subject::new(right, store, move |stored| {
        // Only of an argon2 hash the answer has to be waited for.
        let verified = pin!(stored.verify(secret.expose(), now));
        matches!(verified.poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(Ok(true)))
    })
}

/// A code verifier and the challenge of another.
pub(crate) fn code_challenge() -> Result<Subject<CodeChallenge>, Failure> {
    let verifier = URL_SAFE_NO_PAD.encode(random()?);
    let right = Sha256::digest(&verifier).into();
    let store = |bytes: [u8; 32]| CodeChallenge::parse(&URL_SAFE_NO_PAD.encode(bytes));
    Subject::new(right, store, move |stored| stored.verify(&verifier))
}
