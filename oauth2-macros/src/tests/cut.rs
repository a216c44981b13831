//! Half-typed attributes and bodies: the item comes back, there is one error at most, and nothing panics.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::quote;

use super::{
    Use, client, code, code_grant, extension, grant, protect, protect_with_everything, scope, server,
    server_of_everything, server_with_metadata, token,
};
use crate::driver;
use crate::ir::role::Kind;

/// Every beginning of the attribute's tokens, also inside its brackets.
fn beginnings(tokens: &TokenStream) -> Vec<TokenStream> {
    let trees: Vec<_> = tokens.clone().into_iter().collect();
    let mut cuts = Vec::new();
    for end in 0..trees.len() {
        let before: TokenStream = trees[..end].iter().cloned().collect();
        cuts.push(before.clone());
        if let TokenTree::Group(group) = &trees[end] {
            for inner in beginnings(&group.stream()) {
                let shorter = Group::new(group.delimiter(), inner);
                cuts.push(before.clone().into_iter().chain([shorter.into()]).collect());
            }
        }
    }
    cuts
}

fn survives(case: &Use, marker: &str) -> usize {
    let cuts = beginnings(&case.arguments);
    for cut in &cuts {
        let expansion = (case.expand)(cut.clone(), case.item.clone()).to_string();
        assert!(expansion.contains(marker), "`{cut}` lost the item: {expansion}");
    }
    cuts.len()
}

#[test]
fn a_cut_attribute_keeps_the_item() {
    let mut cuts = survives(&server(), "struct Auth");
    cuts += survives(&server_of_everything(), "struct Auth");
    cuts += survives(&server_with_metadata(), "struct Auth");
    cuts += survives(&grant(), "struct Robots");
    cuts += survives(&code_grant(), "struct WebSignIn");
    cuts += survives(&extension(), "struct SmsCode");
    cuts += survives(&protect(), "async fn photos");
    cuts += survives(&protect_with_everything(), "async fn photos");
    assert!(cuts > 100, "{cuts}");
}

/// The cuts above reach every entry that a declaration can have.
#[test]
fn every_entry_is_cut() {
    let written = |case: Use| case.arguments.to_string();
    let servers = written(server()) + &written(server_of_everything());
    for entry in ["sign_in = password", "models (code =", "purge = off", "subjects =", "allow (", "schema ="]
    {
        assert!(servers.contains(entry), "{entry}");
    }
    let cuts = beginnings(&server_of_everything().arguments);
    let half = |end: &str| cuts.iter().any(|cut| cut.to_string().ends_with(end));
    for end in ["sign_in", "sign_in =", "sign_in = partner :: directory ()", "purge =", "models (code =)"] {
        assert!(half(end), "{end}");
    }
}

/// Every use of a macro, and what must be there again whatever is typed.
fn uses() -> Vec<(Use, &'static str)> {
    vec![
        (server(), "struct Auth"),
        (server_of_everything(), "struct Auth"),
        (server_with_metadata(), "struct Auth"),
        (grant(), "struct Robots"),
        (code_grant(), "struct WebSignIn"),
        (extension(), "struct SmsCode"),
        (protect(), "async fn photos"),
        (protect_with_everything(), "async fn photos"),
        // A derive gives nothing back: its item is there anyway.
        (scope(), ""),
        (client(), ""),
        (token(), ""),
        (code(), ""),
    ]
}

/// The tokens with one of their groups cut short and closed.
fn cut_inside(tokens: &TokenStream) -> Vec<TokenStream> {
    each_group(tokens, &beginnings)
}

/// The tokens with one tree gone, at any depth.
fn without_one(tokens: &TokenStream) -> Vec<TokenStream> {
    let trees: Vec<_> = tokens.clone().into_iter().collect();
    let without = |at: usize| {
        let others = trees.iter().enumerate().filter(|(index, _)| *index != at);
        others.map(|(_, tree)| tree.clone()).collect()
    };
    let mut all: Vec<TokenStream> = (0..trees.len()).map(without).collect();
    all.extend(each_group(tokens, &without_one));
    all
}

/// The tokens with one tree twice, at any depth.
fn with_one_twice(tokens: &TokenStream) -> Vec<TokenStream> {
    let trees: Vec<_> = tokens.clone().into_iter().collect();
    let with = |at: usize| trees[..=at].iter().chain(&trees[at..]).cloned().collect();
    let mut all: Vec<TokenStream> = (0..trees.len()).map(with).collect();
    all.extend(each_group(tokens, &with_one_twice));
    all
}

fn each_group(tokens: &TokenStream, change: &dyn Fn(&TokenStream) -> Vec<TokenStream>) -> Vec<TokenStream> {
    let trees: Vec<_> = tokens.clone().into_iter().collect();
    let mut all = Vec::new();
    for (at, tree) in trees.iter().enumerate() {
        let TokenTree::Group(group) = tree else { continue };
        for inside in change(&group.stream()) {
            let mut trees = trees.clone();
            trees[at] = Group::new(group.delimiter(), inside).into();
            all.push(trees.into_iter().collect());
        }
    }
    all
}

fn errors(expansion: &str) -> usize {
    expansion.matches("compile_error").count()
}

/// What is cut below is right before it is cut.
#[test]
fn the_uses_are_right() {
    for (case, marker) in uses() {
        let expansion = case.expansion().to_string();
        assert_eq!(errors(&expansion), 0, "{expansion}");
        assert!(expansion.contains(marker), "{expansion}");
    }
}

#[test]
fn a_cut_body_keeps_the_item() {
    let mut cuts = 0;
    for (case, marker) in uses() {
        for item in cut_inside(&case.item) {
            let expansion = (case.expand)(case.arguments.clone(), item.clone()).to_string();
            assert!(expansion.contains(marker), "`{item}` was lost: {expansion}");
            assert!(errors(&expansion) <= 1, "`{item}`: {expansion}");
            cuts += 1;
        }
    }
    assert!(cuts > 250, "{cuts}");
}

/// What the compiler has said itself is not said again, and the methods of the type are there.
#[test]
fn a_half_typed_body_has_its_impls() {
    let field = |case: Use, half: TokenStream| {
        let mut item: Vec<_> = case.item.into_iter().collect();
        let Some(TokenTree::Group(body)) = item.pop() else { panic!("no body") };
        let fields = body.stream();
        item.push(Group::new(body.delimiter(), quote!(#fields #half)).into());
        (case.expand)(case.arguments, item.into_iter().collect()).to_string()
    };
    let halves = [
        quote!(half),
        quote!(half:),
        quote!(half: Vec<),
        quote!(half: Vec<String, other: u8),
        quote!(half: &mut),
        quote!(half: HashMap<, u8>),
        quote!(half: (u8, Vec<)),
        quote!(half: [u8;]),
        quote!(half::),
        quote!(pub),
        quote!(#[doc]),
        quote!(#[]),
        quote!(#[oauth2()]),
        quote!(type: u8),
        quote!(half: u8 other: u8),
    ];
    for half in halves {
        let typed = |case: Use, expected: &str| {
            let expansion = field(case, half.clone());
            assert_eq!(errors(&expansion), 0, "`{half}`: {expansion}");
            assert!(expansion.contains(expected), "`{half}`: {expansion}");
        };
        typed(server(), "impl __rt :: OAuth2Server for Auth");
        typed(server(), ":: HalfTyped)] struct Auth { # [oauth2 (store)] db : SqlStore < Sqlite > ,");
        typed(extension(), "impl __rt :: Grant for SmsCode");
        typed(client(), "impl __rt :: OAuth2Client for App");
        typed(token(), "impl __rt :: OAuth2Token for AppToken");
        typed(code(), "impl __rt :: OAuth2Code for AppCode");
    }
    let variants = [
        quote!(#[scope("half")] #[doc]),
        quote!(#[scope("half")]),
        quote!(Half Other),
        quote!(half:),
        quote!(#[]),
    ];
    for half in variants {
        let expansion = field(scope(), half.clone());
        assert_eq!(errors(&expansion), 0, "`{half}`: {expansion}");
        assert!(expansion.contains("impl __rt :: Scope for Access"), "`{half}`: {expansion}");
    }
}

/// What only this crate cannot parse is an error of ours: the compiler has not said anything.
#[test]
fn what_the_compiler_may_accept_is_refused() {
    for half in
        [quote!({ half: [u8; { match N { n => n } }] }), quote!({ half: u8 = 7 }), quote!((u8, Vec<);)]
    {
        let item = quote!(struct Half #half);
        let kinds = [Kind::Client, Kind::Token];
        for kind in kinds {
            let expansion = crate::driver::model(kind, item.clone()).to_string();
            assert_eq!(errors(&expansion), 1, "`{item}`: {expansion}");
        }
    }
    for half in [
        quote!(
            #[doc = { "" }]
            Half
        ),
        quote!(
            #[doc = match x {}]
            Half
        ),
    ] {
        let expansion = crate::driver::scope(quote!(enum Half { #half })).to_string();
        assert_eq!(errors(&expansion), 1, "`{half}`: {expansion}");
    }
    let mut handler = protect();
    handler.item = quote!(
        async fn photos(token: Bearer<Auth>, f: extern "C" fn(u8, ...)) {}
    );
    assert!(handler.expansion().to_string().contains("fn (u8 , ...)"), "{}", handler.expansion());
}

/// Without its token a handler is given back; without another argument it is still protected.
#[test]
fn a_half_typed_argument_keeps_the_handler() {
    let expansion = |arguments: TokenStream| {
        let mut case = protect();
        case.item = quote!(async fn photos #arguments -> Json<Photo> { token.client_id });
        let expansion = case.expansion().to_string();
        assert_eq!(errors(&expansion), 0, "{expansion}");
        (expansion, case.item.to_string())
    };
    for arguments in
        [quote!((token)), quote!((token:)), quote!((token: Bearer<)), quote!((token: &, other: u8))]
    {
        let (expansion, item) = expansion(arguments);
        assert_eq!(expansion, item);
    }
    let last = "Protected < Auth , Bearer < Auth > , __photos_protection > , other : u8) ->";
    for half in [quote!(half), quote!(State(half):), quote!(half: &), quote!(half: (Vec<,))] {
        let (expansion, _) = expansion(quote!((token: Bearer<Auth>, #half, other: u8)));
        assert!(expansion.contains(last), "{expansion}");
    }
}

/// A list is one wherever it is cut, with an error only for the item that is wrong.
#[test]
fn a_cut_list_is_a_list() {
    let list = quote!["https://app.example/cb", "com.example.app:/cb", other(), "http://127.0.0.1/cb"];
    for cut in beginnings(&list).into_iter().chain([list, quote!["https://a.example" "/cb"], quote!(,)]) {
        let expansion = driver::redirect_uris(cut.clone()).to_string();
        let wrong = ["other", "\"/cb\""].iter().any(|item| cut.to_string().contains(item));
        let nothing = !cut.to_string().contains('"');
        let errors = expansion.matches("compile_error").count();
        assert_eq!(errors, usize::from(wrong || nothing), "`{cut}`: {expansion}");
        let texts = if wrong || nothing { expansion.ends_with("] }") } else { expansion.starts_with("[\"") };
        assert!(texts, "`{cut}`: {expansion}");
    }
}

/// The handler's body is never parsed, so a half-typed one comes back as it is.
#[test]
fn a_half_typed_body_of_a_handler_comes_back() {
    let mut case = protect();
    case.item = "async fn photos(token: Bearer<Auth>) -> Json<Photo> { token. }".parse().unwrap();
    assert!(case.expansion().to_string().contains("token . }"));
}

/// A slip of one token, anywhere: the item or an error, and no panic.
#[test]
fn one_token_less_or_more() {
    let mut slips = 0;
    for (case, marker) in uses() {
        for arguments in without_one(&case.arguments).into_iter().chain(with_one_twice(&case.arguments)) {
            let expansion = (case.expand)(arguments.clone(), case.item.clone()).to_string();
            assert!(expansion.contains(marker), "`{arguments}` lost the item: {expansion}");
            slips += 1;
        }
        for item in without_one(&case.item).into_iter().chain(with_one_twice(&case.item)) {
            let expansion = (case.expand)(case.arguments.clone(), item.clone()).to_string();
            assert!(expansion.contains(marker) || errors(&expansion) > 0, "`{item}`: {expansion}");
            assert!(errors(&expansion) <= 1, "`{item}`: {expansion}");
            slips += 1;
        }
    }
    assert!(slips > 1000, "{slips}");
}

/// An item that cannot be parsed at all is given back with one error.
#[test]
fn an_item_that_is_none_comes_back() {
    for mut case in [server(), grant(), protect()] {
        case.item = "impl".parse().unwrap();
        let expansion = case.expansion().to_string();
        assert!(expansion.starts_with("impl"), "{expansion}");
        assert_eq!(expansion.matches("compile_error").count(), 1, "{expansion}");
    }
}
