//! Properties of the parsers that read what strangers send. The variable `PROPTEST_CASES` says how many cases of each
//! are tried, in place of 256.

use oauth2_runtime::form::{Form, MAX_PARAMETERS};
use oauth2_runtime::prelude::*;
use oauth2_tests::provider::Access;
use proptest::prelude::*;

/// Names the form is asked for; static, because the code that asks knows its parameters.
const NAMES: &[&str] = &["grant_type", "scope", "client id", "a=b", "c&d", "e+f", "100%", "\u{e9}\u{1f600}"];

/// Encodes every byte that is not a letter or a digit, or leaves out what may be left out.
fn serialise(pairs: &[(&str, String)], sparingly: bool) -> String {
    let encode = |text: &str| {
        let byte = |byte: u8| match byte {
            b' ' if sparingly => "+".to_owned(),
            b'%' | b'&' | b'=' | b'+' => format!("%{byte:02X}"),
            _ if byte.is_ascii_alphanumeric() || sparingly && byte.is_ascii_graphic() => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02x}"),
        };
        text.bytes().map(byte).collect::<String>()
    };
    pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect::<Vec<_>>()
        .join("&")
}

/// The form that is sent on as the runtime writes it.
fn read_again(form: &Form) -> Form {
    Form::parse(form.query().as_bytes()).unwrap()
}

fn pairs(least: usize) -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let value = "[^\\x00]{0,40}";
    proptest::sample::subsequence(NAMES, least..=NAMES.len()).prop_flat_map(move |names| {
        let values = proptest::collection::vec(value, names.len());
        values.prop_map(move |values| names.iter().copied().zip(values).collect())
    })
}

fn scopes() -> impl Strategy<Value = ScopeSet<Access>> {
    proptest::sample::subsequence(&[Access::Read, Access::Write, Access::Admin][..], 0..=3)
        .prop_map(|scopes| scopes.into_iter().collect())
}

proptest! {
    #[test]
    fn any_bytes_are_a_form_or_a_refusal(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        if let Ok(form) = Form::parse(&bytes) {
            for name in NAMES {
                let _ = form.get(name);
            }
            prop_assert!(!bytes.contains(&0));
        }
    }

    /// As above, with bytes that mean something to the parser.
    #[test]
    fn any_syntax_is_a_form_or_a_refusal(text in "([a-c=&%+0-9]|%[0-9a-fA-F]{2}|scope){0,300}") {
        if let Ok(form) = Form::parse(text.as_bytes()) {
            let sent = text.split('&').filter(|pair| !pair.is_empty()).count();
            prop_assert!(sent <= MAX_PARAMETERS);
            let named = text.split('&').filter(|pair| pair.split('=').next() == Some("scope")).count();
            prop_assert!(form.get("scope").is_err() || named <= 1);
            prop_assert_eq!(&read_again(&form).query(), &form.query());
        }
    }

    #[test]
    fn what_was_serialised_is_parsed(pairs in pairs(0), sparingly in any::<bool>()) {
        let form = Form::parse(serialise(&pairs, sparingly).as_bytes()).unwrap();
        for name in NAMES {
            let sent = pairs.iter().find(|(sent, _)| sent == name).map(|(_, value)| value.as_str());
            prop_assert_eq!(form.get(name).unwrap(), sent.filter(|value| !value.is_empty()));
            let again = read_again(&form);
            prop_assert_eq!(again.get(name).unwrap(), form.get(name).unwrap());
        }
    }

    #[test]
    fn a_parameter_sent_twice_is_refused_wherever_it_stands(pairs in pairs(1), value in "[^\\x00]{0,9}", at in 0_usize..9) {
        let mut repeated = pairs.clone();
        let name = pairs[at % pairs.len()].0;
        repeated.insert(at.min(pairs.len()), (name, value));
        let form = Form::parse(serialise(&repeated, false).as_bytes()).unwrap();
        for asked in NAMES {
            prop_assert_eq!(form.get(asked).is_err(), *asked == name);
        }
    }

    #[test]
    fn scopes_survive_their_text(set in scopes()) {
        let text = set.to_string();
        prop_assert_eq!(ScopeSet::from_stored(&text), set);
        if set.is_empty() {
            prop_assert!(ScopeSet::<Access>::parse(&text).is_err());
        } else {
            prop_assert_eq!(ScopeSet::parse(&text), Ok(set));
        }
    }

    #[test]
    fn a_parsed_scope_is_made_of_declared_names(text in "(read|write|admin|x| |  |\t){0,6}") {
        let declared = |name: &str| Access::NAMES.contains(&name);
        let all_declared = text.split(' ').all(declared);
        prop_assert_eq!(ScopeSet::<Access>::parse(&text).is_ok(), all_declared);
    }

    #[test]
    fn no_other_text_is_a_token(text in ".{0,60}") {
        prop_assert!(Digest::<AccessToken>::of(&text).is_none());
        let dressed = format!("at_{text}");
        prop_assert!(Digest::<AccessToken>::of(&dressed).is_none());
    }

    /// With the right form nearly everything still lacks the check sum: one in 64^4 has it.
    #[test]
    fn the_right_form_is_not_enough(text in "at_[A-Za-z0-9_-]{47}") {
        prop_assert!(Digest::<AccessToken>::of(&text).is_none());
    }
}
