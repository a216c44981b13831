//! The one stylesheet. It is part of each page, so that a page is a single answer and nothing else needs a route.

use std::sync::LazyLock;

use super::hash_source;

/// The text between `<style>` and `</style>`.
pub(super) const STYLE: &str = include_str!("../../templates/style.css");

/// What the policy calls it.
pub(super) static STYLE_SOURCE: LazyLock<String> = LazyLock::new(|| hash_source(STYLE));

#[cfg(test)]
mod tests {
    use super::*;

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
