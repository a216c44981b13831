//! The colours of the pages are legible, in light and in dark: the server's and the demo client's.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// WCAG 2.2, success criteria 1.4.3 and 1.4.11.
const TEXT: f64 = 4.5;
const SHAPE: f64 = 3.0;

type Pair = (&'static str, &'static str, f64);

const SERVER: &[Pair] = &[
    ("text", "page", TEXT),
    ("text", "card", TEXT),
    ("text", "field", TEXT),
    ("text", "well", TEXT),
    ("text", "hover", TEXT),
    ("muted", "card", TEXT),
    ("muted", "well", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-hover", TEXT),
    ("alert", "alert-ground", TEXT),
    // Links.
    ("accent", "card", TEXT),
    // The edges of fields and buttons.
    ("field-edge", "card", SHAPE),
    ("field-edge", "field", SHAPE),
    ("field-edge", "hover", SHAPE),
    // The ring around what has the focus.
    ("accent", "page", SHAPE),
    ("accent", "field", SHAPE),
];

const DEMO_CLIENT: &[Pair] = &[
    ("text", "page", TEXT),
    ("text", "card", TEXT),
    ("text", "well", TEXT),
    ("muted", "card", TEXT),
    ("muted", "well", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-hover", TEXT),
    ("button-edge", "card", SHAPE),
    ("button-edge", "well", SHAPE),
    ("accent", "card", SHAPE),
];

fn colours(block: &str) -> HashMap<&str, &str> {
    let declarations = block.split(';').filter_map(|line| line.split_once(": #"));
    declarations.filter_map(|(name, value)| Some((name.split_once("--")?.1, value))).collect()
}

/// The relative luminance WCAG defines.
fn luminance(colour: &str) -> f64 {
    let linear = |at: usize| {
        let part = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(0) + 0.7152 * linear(2) + 0.0722 * linear(4)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Asserts the pairs in both schemes, of a stylesheet that has `count` colours in each.
fn assert_legible(stylesheet: &str, count: usize, pairs: &[Pair]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(stylesheet);
    let style = fs::read_to_string(&path).unwrap();
    let (light, rest) = style.split_once("@media (prefers-color-scheme: dark)").unwrap();
    let (dark, _) = rest.split_once("*,").unwrap();
    for (scheme, block) in [("light", light), ("dark", dark)] {
        let colours = colours(block);
        assert_eq!(colours.len(), count, "{stylesheet}, {scheme}");
        for &(one, other, least) in pairs {
            let ratio = contrast(colours[one], colours[other]);
            assert!(ratio >= least, "{stylesheet}, {scheme}: {one} on {other} has {ratio:.2}");
        }
    }
}

#[test]
fn contrast_is_that_of_wcag() {
    assert!((contrast("ffffff", "000000") - 21.0).abs() < 0.001);
    assert!((contrast("777777", "ffffff") - 4.478).abs() < 0.001);
}

#[test]
fn the_servers_pages_are_legible() {
    assert_legible("oauth2-runtime/templates/style.css", 15, SERVER);
}

#[test]
fn the_demo_clients_pages_are_legible() {
    assert_legible("examples/demo-client/templates/style.css", 10, DEMO_CLIENT);
}
