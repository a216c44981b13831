//! What is generated, as a reader of the expansion sees it, and within its budget of lines.

use expect_test::expect_file;
use proc_macro2::TokenStream;

use super::Use;

/// As `prettyplease` prints it.
pub(super) fn pretty(tokens: &TokenStream) -> String {
    let file = syn::parse2(tokens.clone()).unwrap_or_else(|error| panic!("{error}\n{tokens}"));
    prettyplease::unparse(&file)
}

pub(super) fn lines(text: &str) -> usize {
    text.lines().filter(|line| !line.trim().is_empty()).count()
}

/// The generated lines, without the user's item.
fn generated(case: &Use) -> usize {
    let own = lines(&pretty(&case.item));
    let expansion = lines(&pretty(&case.expansion()));
    // Derives do not give the item back.
    if case.arguments.is_empty() { expansion } else { expansion - own }
}

#[test]
fn scope() {
    expect_file!["../../tests/expand/scope.rs"].assert_eq(&pretty(&super::scope().expansion()));
    assert!(generated(&super::scope()) <= 50, "{}", generated(&super::scope()));
}

#[test]
fn client() {
    expect_file!["../../tests/expand/client.rs"].assert_eq(&pretty(&super::client().expansion()));
    assert!(generated(&super::client()) <= 60, "{}", generated(&super::client()));
}

#[test]
fn token() {
    expect_file!["../../tests/expand/token.rs"].assert_eq(&pretty(&super::token().expansion()));
    assert!(generated(&super::token()) <= 75, "{}", generated(&super::token()));
}

#[test]
fn code() {
    expect_file!["../../tests/expand/code.rs"].assert_eq(&pretty(&super::code().expansion()));
    assert!(generated(&super::code()) <= 75, "{}", generated(&super::code()));
}

#[test]
fn grant() {
    expect_file!["../../tests/expand/grant.rs"].assert_eq(&pretty(&super::grant().expansion()));
    assert!(generated(&super::grant()) <= 25, "{}", generated(&super::grant()));
}

#[test]
fn code_grant() {
    expect_file!["../../tests/expand/code_grant.rs"].assert_eq(&pretty(&super::code_grant().expansion()));
}

#[test]
fn extension() {
    expect_file!["../../tests/expand/extension.rs"].assert_eq(&pretty(&super::extension().expansion()));
    assert!(generated(&super::extension()) <= 25, "{}", generated(&super::extension()));
}

#[test]
fn protect() {
    expect_file!["../../tests/expand/protect.rs"].assert_eq(&pretty(&super::protect().expansion()));
    assert!(generated(&super::protect()) <= 22, "{}", generated(&super::protect()));
}

#[test]
fn server() {
    expect_file!["../../tests/expand/server.rs"].assert_eq(&pretty(&super::server().expansion()));
    assert!(generated(&super::server()) <= 200, "{}", generated(&super::server()));
}

#[test]
fn server_of_everything() {
    let case = super::server_of_everything();
    expect_file!["../../tests/expand/server_of_everything.rs"].assert_eq(&pretty(&case.expansion()));
}

/// A line for each member and three around them, and none for a server without additions.
#[test]
fn server_with_metadata() {
    let with = super::server_with_metadata();
    expect_file!["../../tests/expand/server_with_metadata.rs"].assert_eq(&pretty(&with.expansion()));
    let mut without = super::server_with_metadata();
    without.arguments = without.arguments.into_iter().take(13).collect();
    assert!(without.arguments.to_string().ends_with("client_auth (client_secret_basic)"));
    let added = generated(&with) - generated(&without);
    assert!(added <= 3 + 6 + 3, "{added}");
}

#[test]
fn protect_with_everything() {
    let case = super::protect_with_everything();
    expect_file!["../../tests/expand/protect_with_everything.rs"].assert_eq(&pretty(&case.expansion()));
}
