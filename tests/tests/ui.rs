//! What the compiler says to a wrong declaration: `ui/README.md` has the conventions.

/// `ui/rule`: our words.
#[test]
fn rules() {
    trybuild::TestCases::new().compile_fail("ui/rule/*.rs");
}

/// `ui/rustc`: the words of rustc or axum.
#[test]
fn rustc() {
    trybuild::TestCases::new().compile_fail("ui/rustc/*.rs");
}
