//! `#[oauth2_server(..)]`.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Ident, LitStr, Path, Type};

use super::endpoint::{Endpoint, endpoints};
use super::metadata::Metadata;
use super::{Entry, Value, entries, first_span, once, parse, similar, split, written};
use crate::diag::Diagnostics;

const KEYS: &[&str] = &[
    "issuer",
    "models",
    "scopes",
    "grants",
    "endpoints",
    "extensions",
    "client_auth",
    "sign_in",
    "subjects",
    "tokens",
    "signals",
    "metadata",
    "schema",
    "purge",
    "profile",
    "allow",
    "crate",
];

/// A value and where its key stands.
pub(crate) struct Keyed<T> {
    pub(crate) span: Span,
    pub(crate) value: T,
}

/// Where the issuer comes from, if not from a field.
pub(crate) enum Issuer {
    Literal(LitStr),
    Environment(LitStr),
}

/// How people sign in.
pub(crate) enum SignIn {
    /// `kind(function)`.
    Asking { kind: Path, function: Path },
    /// `own_pages`.
    OwnPages,
}

/// `for = generator` in `tokens(..)`.
pub(crate) struct TokenGenerator {
    /// `default`, or a grant as `grants(..)` has it.
    pub(crate) of: Path,
    pub(crate) generator: Type,
}

/// `allow(rule, reason = "..")`.
pub(crate) struct Allow {
    pub(crate) rule: Ident,
    pub(crate) reason: LitStr,
}

/// The attribute as written; what is missing or wrong is `None`.
#[derive(Default)]
pub(crate) struct ServerAttr {
    pub(crate) issuer: Option<Keyed<Issuer>>,
    pub(crate) client: Option<Type>,
    pub(crate) token: Option<Type>,
    pub(crate) code: Option<Type>,
    pub(crate) scopes: Option<Keyed<Type>>,
    pub(crate) grants: Option<Keyed<Vec<Path>>>,
    pub(crate) endpoints: Option<Keyed<Vec<Endpoint>>>,
    pub(crate) extensions: Vec<Path>,
    pub(crate) client_auth: Option<Keyed<Vec<Path>>>,
    pub(crate) sign_in: Option<SignIn>,
    pub(crate) subjects: Option<Path>,
    pub(crate) tokens: Vec<TokenGenerator>,
    pub(crate) signals: Option<Keyed<Vec<(Ident, Path)>>>,
    pub(crate) metadata: Metadata,
    pub(crate) schema: Option<Ident>,
    pub(crate) purge: Option<Ident>,
    pub(crate) profile: Option<LitStr>,
    pub(crate) allow: Vec<Allow>,
    pub(crate) runtime: Option<TokenStream>,
}

impl ServerAttr {
    pub(crate) fn parse(tokens: TokenStream, diag: &mut Diagnostics) -> Self {
        let mut attr = Self::default();
        let (allow, others): (Vec<_>, Vec<_>) =
            entries(tokens, diag).into_iter().partition(|entry| entry.key == "allow");
        attr.allow = allow.iter().filter_map(|entry| relaxation(entry, diag)).collect();
        for entry in once(others, KEYS, "`#[oauth2_server(..)]`", diag) {
            attr.read(&entry, diag);
        }
        attr
    }

    fn read(&mut self, entry: &Entry, diag: &mut Diagnostics) {
        let span = entry.key.span();
        match entry.key.to_string().as_str() {
            "issuer" => self.issuer = issuer(entry, diag).map(|value| Keyed { span, value }),
            "models" => self.models(entry, diag),
            "scopes" => {
                let value = entry.is("the enum that derives `Scope`", diag);
                self.scopes = value.map(|value| Keyed { span, value });
            }
            "grants" => self.grants = Some(Keyed { span, value: entry.paths(diag) }),
            "endpoints" => self.endpoints = Some(Keyed { span, value: endpoints(entry, diag) }),
            "extensions" => self.extensions = entry.extensions(diag),
            "client_auth" => self.client_auth = Some(Keyed { span, value: entry.client_auth(diag) }),
            "sign_in" => self.sign_in = sign_in(entry, diag),
            "subjects" => self.subjects = entry.is("the path of an async function", diag),
            "tokens" => self.tokens = tokens(entry, diag),
            "signals" => self.signals = Some(Keyed { span, value: signals(entry, diag) }),
            "metadata" => self.metadata = Metadata::parse(entry, diag),
            "schema" => self.schema = entry.is("`managed` or `external`", diag),
            "purge" => self.purge = entry.is("`on` or `off`", diag),
            "profile" => self.profile = entry.is("the profile's name in quotes", diag),
            _ => self.runtime = entry.is("the path of the runtime crate", diag),
        }
    }

    fn models(&mut self, entry: &Entry, diag: &mut Diagnostics) {
        let Value::List(tokens) = &entry.value else {
            diag.push(entry.key.span(), "expected `models(client = .., token = .., code = ..)`");
            return;
        };
        let models = entries(tokens.clone(), diag);
        for model in once(models, &["client", "token", "code"], "`models(..)`", diag) {
            let value = model.is("a model's type", diag);
            match model.key.to_string().as_str() {
                "client" => self.client = value,
                "token" => self.token = value,
                _ => self.code = value,
            }
        }
    }
}

fn issuer(entry: &Entry, diag: &mut Diagnostics) -> Option<Issuer> {
    let expected = "the issuer's URL in quotes, or `env(\"VARIABLE\")`";
    let Value::Is(tokens) = &entry.value else {
        diag.push(entry.key.span(), format_args!("expected `issuer = ..` with {expected}"));
        return None;
    };
    let mut probe = Diagnostics::new();
    let call = super::entry(tokens.clone(), &mut probe);
    probe.finish();
    match call {
        Some(Entry { key, value: Value::List(name) }) if key == "env" && name.is_empty() => {
            let help = "help: write `issuer = env(\"ISSUER\")`";
            diag.push(key.span(), format_args!("`env()` names no variable\n\n{help}"));
            None
        }
        Some(Entry { key, value: Value::List(name) }) if key == "env" => {
            parse(&name, "the variable's name in quotes", diag).map(Issuer::Environment)
        }
        _ => parse(tokens, expected, diag).map(Issuer::Literal),
    }
}

fn sign_in(entry: &Entry, diag: &mut Diagnostics) -> Option<SignIn> {
    let mut refuse = |span| {
        let help = "help: the function is an async one with the server and the `Credentials`; where people sign in on pages of \
                    the application write `sign_in = own_pages`";
        diag.push(span, format_args!("expected `sign_in = password(function)`\n\n{help}"));
        None
    };
    let Value::Is(tokens) = &entry.value else { return refuse(entry.key.span()) };
    let mut probe = Diagnostics::new();
    let call = super::entry(tokens.clone(), &mut probe);
    probe.finish();
    let (kind, arguments) = match call {
        Some(Entry { key, value: Value::List(arguments) }) => (Path::from(key), arguments),
        Some(Entry { key, value: Value::Flag }) if key == "own_pages" => return Some(SignIn::OwnPages),
        Some(Entry { key, value: Value::Flag }) if similar(&key.to_string(), &["own_pages"]).is_some() => {
            let help = "help: a value with a similar name exists: `own_pages`";
            diag.push(key.span(), format_args!("unknown value `{key}` of `sign_in`\n\n{help}"));
            return None;
        }
        _ => match called(tokens) {
            Some(call) => call,
            None => return refuse(first_span(tokens)),
        },
    };
    let functions = split(arguments);
    match functions.as_slice() {
        [] => refuse(kind.span()),
        [function] => {
            let function = parse(function, "the path of an async function", diag)?;
            Some(SignIn::Asking { kind, function })
        }
        [_, second, ..] => {
            let help = "help: one function can ask several others";
            let kind = written(kind);
            diag.push(first_span(second), format_args!("`{kind}(..)` takes one function\n\n{help}"));
            None
        }
    }
}

/// `path(arguments)`.
fn called(tokens: &TokenStream) -> Option<(Path, TokenStream)> {
    let mut trees: Vec<_> = tokens.clone().into_iter().collect();
    let Some(TokenTree::Group(arguments)) = trees.pop() else { return None };
    let path = syn::parse2(trees.into_iter().collect()).ok()?;
    (arguments.delimiter() == Delimiter::Parenthesis).then(|| (path, arguments.stream()))
}

fn signals(entry: &Entry, diag: &mut Diagnostics) -> Vec<(Ident, Path)> {
    let Value::List(tokens) = &entry.value else {
        diag.push(entry.key.span(), "expected `signals(event = handler, ..)`");
        return Vec::new();
    };
    let handlers = entries(tokens.clone(), diag);
    handlers
        .into_iter()
        .filter_map(|entry| Some((entry.key.clone(), entry.is("the path of an async function", diag)?)))
        .collect()
}

fn tokens(entry: &Entry, diag: &mut Diagnostics) -> Vec<TokenGenerator> {
    let help = "help: write `tokens(default = ..)`, or a grant of `grants(..)` in place of `default`";
    let Value::List(list) = &entry.value else {
        diag.push(entry.key.span(), format_args!("expected `tokens(grant = generator, ..)`\n\n{help}"));
        return Vec::new();
    };
    let items = split(list.clone());
    if items.is_empty() {
        diag.push(entry.key.span(), format_args!("`tokens` names no generator\n\n{help}"));
    }
    items.iter().filter_map(|item| token_generator(item, diag)).collect()
}

/// A grant may be a path of several names, which the key of an [`Entry`] is not.
fn token_generator(item: &TokenStream, diag: &mut Diagnostics) -> Option<TokenGenerator> {
    let mut trees = item.clone().into_iter();
    let is = |tree: &TokenTree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == '=');
    let of: TokenStream = trees.by_ref().take_while(|tree| !is(tree)).collect();
    let generator: TokenStream = trees.collect();
    if generator.is_empty()
        && let Some((name, rest)) = super::path_and_rest(&of)
    {
        let help = format!("help: write `{} = {}`", written(name), written(&rest));
        diag.push(first_span(&rest), format_args!("expected `=`\n\n{help}"));
        return None;
    }
    if of.is_empty() {
        diag.push(first_span(item), "expected `default` or a grant\n\nhelp: write `default = ..`");
        return None;
    }
    let of = parse::<Path>(&of, "`default` or a grant, such as `default = MyGenerator`", diag)?;
    if generator.is_empty() {
        let name = of.to_token_stream();
        diag.push_at(&of, format_args!("`{name}` has no generator\n\nhelp: write `{name} = ..`"));
        return None;
    }
    let generator = parse(&generator, "the type that makes the tokens", diag)?;
    Some(TokenGenerator { of, generator })
}

fn relaxation(entry: &Entry, diag: &mut Diagnostics) -> Option<Allow> {
    let Value::List(tokens) = &entry.value else {
        diag.push(entry.key.span(), "expected `allow(rule, reason = \"..\")`");
        return None;
    };
    let mut parts = entries(tokens.clone(), diag);
    if parts.is_empty() {
        diag.push(entry.key.span(), "`allow` names no rule\n\nhelp: write `allow(rule, reason = \"..\")`");
        return None;
    }
    let rule = parts.remove(0);
    rule.flag(diag);
    let reason = once(parts, &["reason"], "`allow(..)`", diag).pop();
    let reason = reason.and_then(|reason| reason.is::<LitStr>("the reason in quotes", diag));
    match reason.filter(|reason| !reason.value().trim().is_empty()) {
        Some(reason) => Some(Allow { rule: rule.key, reason }),
        None => {
            let rule = rule.key;
            let help = format!("help: write `allow({rule}, reason = \"..\")`");
            diag.push(rule.span(), format_args!("`{rule}` is relaxed without a reason\n\n{help}\nnote: whoever reads the declaration later must see why"));
            None
        }
    }
}
