//! What the program prints: a watch that signs in by way of a phone, by hand.

use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth2_runtime::models::Client;
use oauth2_runtime::prelude::*;
use sha2::{Digest as _, Sha256};
use third_party::pairing::GRANT_TYPE;

use crate::Auth;

/// Nothing listens there: the code stays in the address bar.
const CALLBACK: &str = "http://127.0.0.1:8081/callback";

/// A client that signs its requests.
pub(crate) fn signing(client_id: &str, grant_type: &str) -> Client<crate::Access> {
    Client {
        grant_types: Some([grant_type].into_iter().collect()),
        token_endpoint_auth_method: Some("urn:example:request-signature".to_owned()),
        ..Client::new(client_id, ScopeSet::all())
    }
}

/// A client that anybody can have, in which people sign in.
pub(crate) fn public(client_id: &str, callback: &str) -> Client<crate::Access> {
    Client {
        redirect_uris: callback.into(),
        token_endpoint_auth_method: Some("none".to_owned()),
        ..Client::new(client_id, ScopeSet::all())
    }
}

pub(crate) async fn register(auth: &Ready<Auth>) -> Result<(), Error> {
    auth.clients().ensure(public("phone", CALLBACK)).await?;
    auth.clients().ensure(signing("watch", GRANT_TYPE)).await?;
    auth.clients().ensure(signing("robot", "client_credentials")).await.map(drop)
}

/// Prints the lines to try.
pub(crate) fn explain(auth: &Ready<Auth>) -> Result<(), Error> {
    let verifier = URL_SAFE_NO_PAD.encode(random()?);
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
    println!("1. A machine signs its request, with openssl:");
    println!("{}", signed(auth, "robot"));
    println!("robot 'grant_type=client_credentials'");
    println!(
        "2. Somebody signs in on the phone: alice, whose password is wonderland. Open this in a browser:"
    );
    println!(
        "http://127.0.0.1:8080/oauth/authorize?response_type=code&client_id=phone&redirect_uri={CALLBACK}\
         &code_challenge={challenge}&code_challenge_method=S256"
    );
    println!("3. The browser ends at a page that is not there. Copy the code from its address:");
    println!("CODE=ac_..");
    println!(
        "curl -s http://127.0.0.1:8080/oauth/token -d grant_type=authorization_code -d client_id=phone -d code=$CODE \
         -d redirect_uri={CALLBACK} -d code_verifier={verifier}"
    );
    println!("4. The phone asks for a code for the watch, and the watch signs in with it:");
    println!("TOKEN=at_..");
    println!(
        "curl -s http://127.0.0.1:8080/oauth/pair -d client_id=phone -d token=$TOKEN -d for_client=watch"
    );
    println!("PAIRING_CODE=pc_..");
    println!("{}", signed(auth, "watch"));
    println!("watch \"grant_type={}&pairing_code=$PAIRING_CODE\"", GRANT_TYPE.replace(':', "%3A"));
    Ok(())
}

/// A shell function that signs and sends a token request of a client.
fn signed(auth: &Ready<Auth>, client_id: &str) -> String {
    let mut key = String::new();
    for byte in auth.keys.of(client_id).expose() {
        let _ = write!(key, "{byte:02x}");
    }
    format!(
        "{client_id}() {{ at=$(date +%s); signature=$(printf '{client_id}\\n%s\\nPOST /oauth/token\\n%s' \"$at\" \"$1\" | \
         openssl dgst -sha256 -mac HMAC -macopt hexkey:{key} -binary | openssl base64 -A); \
         curl -s http://127.0.0.1:8080/oauth/token -H \"Client-Signature: {client_id} $at $signature\" -d \"$1\"; }}"
    )
}

pub(crate) fn random() -> Result<[u8; 32], Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|source| Error::new("no random bytes").caused_by(source))?;
    Ok(bytes)
}
