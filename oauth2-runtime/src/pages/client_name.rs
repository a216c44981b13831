//! A client's name comes from whoever registered the client. On a page where people decide whom to trust, it must not
//! be able to look like anything but a name.

/// Characters shown of a name.
const MAX_CHARS: usize = 100;

/// What is shown where neither a name nor a client id has a visible character.
const UNNAMED: &str = "unnamed application";

/// `name` as it can be shown, or `client_id` if nothing of it can be seen.
///
/// Characters that are not seen but change what is, such as those that reverse the text after them, are left out; white
/// space is collapsed; a long name is cut. This does not escape: the templates do that.
pub(crate) fn client_name(name: &str, client_id: &str) -> String {
    let mut shown = [name, client_id].into_iter().map(shown);
    shown.find(|text| !text.is_empty()).unwrap_or_else(|| UNNAMED.to_owned())
}

fn shown(text: &str) -> String {
    let visible: String = text.chars().filter(|&c| c.is_whitespace() || !is_unseen(c)).collect();
    let mut words = visible.split_whitespace();
    let mut line = words.next().unwrap_or_default().to_owned();
    for word in words {
        line.push(' ');
        line.push_str(word);
    }
    if line.chars().count() <= MAX_CHARS {
        return line;
    }
    let start: String = line.chars().take(MAX_CHARS).collect();
    format!("{}…", start.trim_end())
}

/// Controls, and what Unicode lists as `Default_Ignorable_Code_Point`, `Bidi_Control` or blank without being white space.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_name_stays_as_it_is() {
        for name in ["Photo Printer", "写真プリンター", "طابعة الصور", "Zoë’s <App> & Co."]
        {
            assert_eq!(client_name(name, "id"), name);
        }
    }

    /// It is the templates that make this harmless; nothing is taken from it here.
    #[test]
    fn markup_is_left_to_the_templates() {
        assert_eq!(client_name("<img src=x onerror=alert(1)>", "id"), "<img src=x onerror=alert(1)>");
    }

    #[test]
    fn what_is_not_seen_is_left_out() {
        assert_eq!(client_name("Bank\u{202e}gpj.exe\u{202c}", "id"), "Bankgpj.exe");
        assert_eq!(client_name("\u{2066}B\u{200b}a\u{feff}n\u{2060}k\u{2069}\u{e0041}", "id"), "Bank");
        assert_eq!(client_name("Bank\u{0}\u{1b}[31m\u{7f}\u{9b}", "id"), "Bank[31m");
    }

    #[test]
    fn white_space_is_collapsed() {
        assert_eq!(
            client_name("  Photo \r\n\t Printer\u{2028}\u{3000}Pro\u{a0}\u{85} ", "id"),
            "Photo Printer Pro"
        );
        assert_eq!(client_name("Photo \u{200b} Printer", "id"), "Photo Printer");
    }

    #[test]
    fn a_long_name_is_cut() {
        let exact = "n".repeat(100);
        assert_eq!(client_name(&exact, "id"), exact);
        assert_eq!(client_name(&"n".repeat(10 * 1024), "id"), format!("{exact}…"));
        assert_eq!(client_name(&"é".repeat(10 * 1024), "id"), format!("{}…", "é".repeat(100)));
        assert_eq!(
            client_name(&format!("{} and more", "n".repeat(99)), "id"),
            format!("{}…", "n".repeat(99))
        );
    }

    #[test]
    fn a_name_of_which_nothing_is_seen_is_replaced() {
        assert_eq!(client_name("", "client-1"), "client-1");
        assert_eq!(client_name(" \u{200b}\u{202e}\u{3164} ", "\u{202e}client-1"), "client-1");
        assert_eq!(client_name("\u{feff}", "\u{feff}"), UNNAMED);
    }
}
