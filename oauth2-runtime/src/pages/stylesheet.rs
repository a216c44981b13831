//! The one stylesheet. It is part of each page, so that a page is a single answer and nothing else needs a route.

use std::sync::LazyLock;

use super::hash_source;

/// The text between `<style>` and `</style>`.
pub(super) const STYLE: &str = include_str!("../../templates/style.css");

/// What the policy calls it.
pub(super) static STYLE_SOURCE: LazyLock<String> = LazyLock::new(|| hash_source(STYLE));

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    /// WCAG 2.2, success criteria 1.4.3 and 1.4.11.
    const TEXT: f64 = 4.5;
    const SHAPE: f64 = 3.0;

    const PAIRS: &[(&str, &str, f64)] = &[
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
        ("field-edge", "card", SHAPE),
        ("field-edge", "field", SHAPE),
        ("accent", "card", SHAPE),
        ("accent", "page", SHAPE),
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

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((contrast("ffffff", "000000") - 21.0).abs() < 0.001);
        assert!((contrast("777777", "ffffff") - 4.478).abs() < 0.001);
    }

    #[test]
    fn everything_is_legible_in_light_and_dark() {
        let (light, rest) = STYLE.split_once("@media (prefers-color-scheme: dark)").unwrap();
        let (dark, _) = rest.split_once("*,").unwrap();
        for (scheme, block) in [("light", light), ("dark", dark)] {
            let colours = colours(block);
            assert_eq!(colours.len(), 15, "{scheme}");
            for &(one, other, least) in PAIRS {
                let ratio = contrast(colours[one], colours[other]);
                assert!(ratio >= least, "{scheme}: {one} on {other} has {ratio:.2}");
            }
        }
    }

    /// A browser hashes the text after it has made every line end a line feed, so no other may be there.
    #[test]
    fn it_is_what_a_browser_hashes() {
        assert!(!STYLE.contains('\r'));
        assert!(!STYLE.contains("</"));
    }

    #[test]
    fn it_loads_nothing_and_moves_nothing() {
        for word in ["url(", "@import", "@font-face", "image", "transition", "animation"] {
            assert!(!STYLE.contains(word), "{word}");
        }
    }
}
