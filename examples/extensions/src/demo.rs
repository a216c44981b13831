//! What the program prints: a sign-in by hand, in the part of the app and of its device.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use sha2::{Digest as _, Sha256};

use crate::Auth;

/// Nothing listens there: the code stays in the address bar.
const CALLBACK: &str = "http://127.0.0.1:8081/callback";

/// The app, which is public: whoever has it can read all that is in it, so its device proves more than itself could.
pub(crate) async fn register(auth: &Ready<Auth>) -> Result<(), Error> {
    let app = Client { redirect_uris: CALLBACK.into(), ..Client::new("messages-app", ScopeSet::all()) };
    auth.clients().ensure(app).await.map(drop)
}

/// Prints the lines to try.
pub(crate) fn explain() -> Result<(), Error> {
    let ((device_secret, device_key), (verifier, challenge)) = (pair()?, pair()?);
    println!("1. Open this in a browser. The user name is alice, the password is wonderland.");
    println!(
        "http://127.0.0.1:8080/oauth/authorize?response_type=code&client_id=messages-app&redirect_uri={CALLBACK}\
         &code_challenge={challenge}&code_challenge_method=S256&device_key={device_key}"
    );
    println!("2. The browser ends at a page that is not there. Copy the code from its address:");
    println!("CODE=ac_..");
    let token = "curl -s http://127.0.0.1:8080/oauth/token -d client_id=messages-app";
    let code = format!("{token} -d grant_type=authorization_code -d code=$CODE -d redirect_uri={CALLBACK}");
    println!("3. Another device cannot use it, and does not use it up:");
    println!("{code} -d code_verifier={verifier} -d device_secret={verifier}");
    println!("4. The device it was made on can:");
    println!("{code} -d code_verifier={verifier} -d device_secret={device_secret}");
    println!("5. The same when refreshing:");
    println!("REFRESH_TOKEN=rt_..");
    let refresh = format!("{token} -d grant_type=refresh_token -d refresh_token=$REFRESH_TOKEN");
    println!("{refresh} -d device_secret={verifier}");
    println!("{refresh} -d device_secret={device_secret}");
    Ok(())
}

/// A secret, and its SHA-256.
fn pair() -> Result<(String, String), Error> {
    let mut entropy = [0; 32];
    getrandom::fill(&mut entropy).map_err(|source| Error::new("no random bytes").caused_by(source))?;
    let secret = URL_SAFE_NO_PAD.encode(entropy);
    let key = URL_SAFE_NO_PAD.encode(Sha256::digest(&secret));
    Ok((secret, key))
}
