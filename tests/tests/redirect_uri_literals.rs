//! `redirect_uris![..]`: what the compiler accepts, a server stores, and what it refuses, a server refuses as well.
//!
//! The texts of the errors are in `ui/rule`.

use std::cell::Cell;

use oauth2_runtime::prelude::*;
use oauth2_tests::provider::{App, app};
use oauth2_tests::running::Running;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};

/// The rule of the macro itself, which an attribute's crate cannot export.
#[path = "../../oauth2-macros/src/check/redirect_uri/mod.rs"]
mod compiled;

const RIGHT: &[&str] = &[
    "https://client.example/cb",
    "https://client.example",
    "https://client.example/",
    "https://client.example/cb?tenant=1",
    "https://client.example/?tenant=1&issuer=x&miss=y",
    "https://client.example:8443/cb",
    "https://under_score.client.example/a//b/~c/(d);e=f,g/%C3%A9'/..hidden",
    "https://xn--mnchen-3ya.example/cb",
    "https://192.0.2.1/cb",
    "https://[2001:db8::1]:8443/cb",
    "http://127.0.0.1/cb",
    "http://127.8.9.10:3000/cb",
    "http://localhost:3000/cb",
    "http://app.localhost/cb",
    "http://[::1]:3000/cb",
    "com.example.app:/cb",
    "com.example.app://cb/x?y='z'",
    "com.example.app:cb",
];

/// Each with the beginning of what the compiler says.
const WRONG: &[(&str, &str)] = &[
    ("", "this is not an absolute URI"),
    ("/cb", "this is not an absolute URI"),
    ("//client.example/cb", "this is not an absolute URI"),
    ("client.example/cb", "this is not an absolute URI"),
    ("localhost:3000/cb", "this is not an absolute URI"),
    ("https://client.example/c b", "a redirect URI has no white space"),
    (" https://client.example/cb", "a redirect URI has no white space"),
    ("https://client.example/cb\n", "a redirect URI has no white space"),
    ("https://*.client.example/cb", "a redirect URI has no wildcard"),
    ("https://client.example/*", "a redirect URI has no wildcard"),
    ("javascript:alert(1)", "`javascript:` leads to no client"),
    ("JaVaScRiPt:x", "`javascript:` leads to no client"),
    ("data:text/html,x", "`data:` leads to no client"),
    ("vbscript:x", "`vbscript:` leads to no client"),
    ("file:///etc/passwd", "`file:` leads to no client"),
    ("myapp://cb", "`myapp:` leads to whichever application"),
    ("ftp://client.example/cb", "`ftp:` leads to whichever application"),
    ("https://client.example\\cb", "`\\\\` cannot be in a redirect URI"),
    ("https://client.example/c\u{e9}", "`\u{e9}` cannot be in a redirect URI"),
    ("https://b\u{fc}cher.example/cb", "`\u{fc}` cannot be in a redirect URI"),
    ("https://client.example/{cb}", "`{` cannot be in a redirect URI"),
    ("https://client.example/cb?a='b'", "`\\'` cannot be in a redirect URI"),
    ("https://client.example/\u{0}", "`\\0` cannot be in a redirect URI"),
    ("https://client.example/cb#x", "a redirect URI has no fragment"),
    ("https://client.example/cb#", "a redirect URI has no fragment"),
    ("com.example.app:/cb#x", "a redirect URI has no fragment"),
    ("https://a.test@evil.test/cb", "a redirect URI has no user name"),
    ("https://a.test:443@evil.test/", "a redirect URI has no user name"),
    ("https://@evil.test/", "a redirect URI has no user name"),
    ("com.example.app://a@b/cb", "a redirect URI has no user name"),
    ("https:///cb", "this redirect URI has no host"),
    ("https:/client.example/cb", "this redirect URI has no host"),
    ("https:client.example", "this redirect URI has no host"),
    ("https://:8443/cb", "this redirect URI has no host"),
    ("https://client.example%2f/cb", "`client.example%2f` is not the name of a host"),
    ("https://[::1/cb", "`[::1` is not the name of a host"),
    ("https://192.0.2/cb", "`192.0.2` is not the name of a host"),
    ("https://0x7f.1/cb", "`0x7f.1` is not the name of a host"),
    ("https://192.0.2.256/cb", "`192.0.2.256` is not the name of a host"),
    ("https://client.example:99999/cb", "`99999` is not a port"),
    ("https://client.example:0443/cb", "`0443` is not a port"),
    ("https://client.example:/cb", "no port follows the `:`"),
    ("http://client.example/cb", "`http` is for loopback hosts only"),
    ("http://127.0.0.1.evil.test/cb", "`http` is for loopback hosts only"),
    ("http://192.168.0.1/cb", "`http` is for loopback hosts only"),
    ("http://localhost.evil.test/cb", "`http` is for loopback hosts only"),
    ("https://Client.example/cb", "this redirect URI is not in normal form"),
    ("HTTPS://client.example/cb", "this redirect URI is not in normal form"),
    ("https://client.example:443/cb", "this redirect URI is not in normal form"),
    ("http://localhost:80/cb", "this redirect URI is not in normal form"),
    ("https://client.example?x=1", "this redirect URI is not in normal form"),
    ("http://[0:0::1]/cb", "this redirect URI is not in normal form"),
    ("Com.Example.App:/cb", "this redirect URI is not in normal form"),
    ("https://client.example/../cb", "the path of a redirect URI has no `.`"),
    ("https://client.example/%2e%2E/cb", "the path of a redirect URI has no `.`"),
    ("https://client.example/cb/.", "the path of a redirect URI has no `.`"),
    ("com.example.app:/./cb", "the path of a redirect URI has no `.`"),
    ("https://client.example/cb?iss=https://id.example", "a redirect URI has no `iss` parameter"),
    ("https://client.example/cb?a=b&iss", "a redirect URI has no `iss` parameter"),
    ("https://client.example/cb?%69%73s=x", "a redirect URI has no `iss` parameter"),
    ("com.example.app:/cb?iss=x", "a redirect URI has no `iss` parameter"),
];

/// What the compiler refuses although a server would store it: no URIs of RFC 3986, or none that lead anywhere.
const STRICTER: &[&str] = &[
    "cannot be in a redirect URI",
    "is not the name of a host",
    "is not a port",
    "this is not an absolute URI",
    "the path of a redirect URI has no `.`",
];

fn stored(running: &Running, uri: &str) -> Result<(), String> {
    let client = App { redirect_uris: [uri].into_iter().collect(), ..app("web") };
    running.auth.clients().check(&client).map_err(|error| error.to_string())
}

#[tokio::test]
async fn both_accept_and_both_refuse() {
    let running = Running::start().await;
    for uri in RIGHT {
        assert_eq!(compiled::verify(uri).map_err(|refusal| refusal.reason), Ok(()), "{uri}");
        assert_eq!(stored(&running, uri), Ok(()));
    }
    for (uri, beginning) in WRONG {
        let refusal = compiled::verify(uri).expect_err(uri);
        assert!(refusal.reason.starts_with(beginning), "{uri}: {refusal:?}");
        assert!(refusal.note.starts_with("RFC "), "{uri}: {refusal:?}");
        assert!(stored(&running, uri).is_err(), "{uri}");
    }
}

/// What is put into right ones.
const PIECES: &[&str] = &[
    "https:",
    "http:",
    "com.example.app:",
    "javascript:",
    "//",
    "/",
    "?",
    "#",
    "&",
    "=",
    "@",
    ":",
    ".",
    "..",
    "%2e",
    "%",
    "*",
    "\\",
    " ",
    "'",
    "\"",
    "[",
    "]",
    "{",
    "|",
    "^",
    "`",
    "\u{e9}",
    "\n",
    "\u{0}",
    "iss",
    "?iss",
    "&iss=",
    "i%73s",
    "443",
    "80",
    ":443",
    ":80",
    ":0",
    "65536",
    "0x7f",
    "0x",
    "1",
    "A",
    "a",
    "-",
    "_",
    "+",
    ";",
    "localhost",
    ".localhost",
    "127.0.0.1",
    "[::1]",
    "::ffff:1.2.3.4",
    "xn",
    "%C3%A9",
    "%zz",
];

/// A right URI into which something is put, or from which something is taken.
fn nearly_right() -> impl Strategy<Value = String> {
    let edits = proptest::collection::vec((any::<prop::sample::Index>(), select(PIECES), 0_usize..4), 0..4);
    (select(RIGHT), edits).prop_map(|(uri, edits)| {
        let mut characters: Vec<char> = uri.chars().collect();
        for (place, piece, gone) in edits {
            let start = place.index(characters.len() + 1);
            let end = characters.len().min(start + gone);
            characters.splice(start..end, piece.chars());
        }
        characters.into_iter().collect()
    })
}

/// Nobody finds out at run time what the compiler has let pass, except for what an `xn--` label stands for.
#[tokio::test]
async fn a_server_stores_whatever_compiles() {
    let running = Running::start().await;
    let (compile, refused) = (Cell::new(0_u32), Cell::new(0_u32));
    let cases = Config { cases: 20_000, failure_persistence: None, ..Config::default() };
    TestRunner::new(cases)
        .run(&nearly_right(), |uri| {
            prop_assume!(uri.starts_with("https://xn--mnchen-3ya.") || !uri.contains("xn--"));
            match (compiled::verify(&uri), stored(&running, &uri)) {
                (Ok(()), stored) => {
                    compile.set(compile.get() + 1);
                    prop_assert_eq!(stored, Ok(()));
                }
                (Err(refusal), Ok(())) => {
                    let known = STRICTER.iter().any(|reason| refusal.reason.contains(reason));
                    prop_assert!(known, "a server stores {:?}: {:?}", uri, refusal);
                }
                (Err(refusal), Err(_)) => {
                    refused.set(refused.get() + 1);
                    // What the help says to write compiles.
                    let help = refusal.help();
                    let meant = help.strip_prefix("write `\"").and_then(|help| help.strip_suffix("\"`"));
                    prop_assert!(
                        meant.is_none_or(|meant| compiled::verify(meant).is_ok()),
                        "{:?}: {}",
                        uri,
                        help
                    );
                }
            }
            Ok(())
        })
        .unwrap();
    let (compile, refused) = (compile.get(), refused.get());
    assert!(compile > 2_000 && refused > 2_000, "{compile} compile and {refused} are refused");
}

/// What the error says to write is what was meant.
#[test]
fn the_help_mends() {
    for (uri, meant) in [
        ("client.example/cb", "https://client.example/cb"),
        ("localhost:3000/cb", "http://localhost:3000/cb"),
        ("client.example:8443/cb", "https://client.example:8443/cb"),
        (" https://client.example/cb\n", "https://client.example/cb"),
        ("https://client.example\\cb", "https://client.example/cb"),
        ("https://client.example/c\u{e9}", "https://client.example/c%C3%A9"),
        ("https://client.example/100%", "https://client.example/100%25"),
        ("https://client.example/#/cb", "https://client.example/"),
        ("https://alice:secret@client.example/cb", "https://client.example/cb"),
        ("https:/client.example/cb", "https://client.example/cb"),
        ("https://client.example:/cb", "https://client.example/cb"),
        ("http://client.example/cb", "https://client.example/cb"),
        ("HTTPS://Client.Example:443/Cb", "https://client.example/Cb"),
        ("https://client.example?x=1", "https://client.example/?x=1"),
        ("http://[0:0::1]/cb", "http://[::1]/cb"),
        ("https://client.example/cb?iss=x", "https://client.example/cb"),
        ("https://client.example/cb?a=b&iss=x&c=d", "https://client.example/cb?a=b&c=d"),
    ] {
        assert_eq!(compiled::verify(uri).expect_err(uri).help(), format!("write `\"{meant}\"`"));
    }
    let help = |uri| compiled::verify(uri).unwrap_err().help();
    assert_eq!(
        help("https://b\u{fc}cher.example/cb"),
        "percent-encode it; a host name of another script is written in its `xn--` form"
    );
    assert_eq!(help("/cb"), "begin it with scheme and host, such as `\"https://app.example/cb\"`");
}

/// The list has the literals in order, also those that a macro of somebody's own hands on.
#[test]
fn the_list_is_what_was_written() {
    macro_rules! with_local {
        ($uri:literal) => {
            redirect_uris![$uri, r"http://127.0.0.1/cb"]
        };
    }
    let uris = redirect_uris!["https://client.example/cb", "com.example.app:/cb",];
    assert_eq!(uris.iter().collect::<Vec<_>>(), ["https://client.example/cb", "com.example.app:/cb"]);
    let uris: RedirectUris = with_local!("https://client.example/cb");
    assert_eq!(uris.iter().collect::<Vec<_>>(), ["https://client.example/cb", "http://127.0.0.1/cb"]);
}
