use std::fmt::Write;

/// What became of a line.
enum Change<'a> {
    Kept(&'a str),
    Removed(&'a str),
    Added(&'a str),
}

/// The lines in which two texts differ, each part below the line without indentation that it belongs to; empty when none do. How
/// the lines end makes no difference.
pub(super) fn difference(before: &str, after: &str) -> String {
    let (before, after): (Vec<_>, Vec<_>) = (before.lines().collect(), after.lines().collect());
    let (mut shown, mut heading) = (String::new(), None);
    for change in changes(&before, &after) {
        let (sign, line) = match change {
            Change::Kept(line) => {
                if is_heading(line) {
                    heading = Some(line);
                }
                continue;
            }
            Change::Removed(line) => ('-', line),
            Change::Added(line) => ('+', line),
        };
        if let Some(heading) = heading.take().filter(|_| !is_heading(line)) {
            let _ = writeln!(shown, "  {heading}");
        }
        let _ = writeln!(shown, "{}", format!("{sign} {line}").trim_end());
    }
    shown
}

fn is_heading(line: &str) -> bool {
    !line.is_empty() && !line.starts_with(' ')
}

/// From one text to the other by as few lines as possible: by the longest common subsequence.
fn changes<'a>(before: &[&'a str], after: &[&'a str]) -> Vec<Change<'a>> {
    let common = common(before, after);
    let length = |i: usize, j: usize| common.get(i).and_then(|row| row.get(j)).copied().unwrap_or_default();
    let (mut i, mut j, mut changes) = (0, 0, Vec::new());
    loop {
        changes.push(match (before.get(i), after.get(j)) {
            (Some(old), Some(new)) if old == new => {
                (i, j) = (i + 1, j + 1);
                Change::Kept(old)
            }
            (Some(old), new) if new.is_none() || length(i + 1, j) >= length(i, j + 1) => {
                i += 1;
                Change::Removed(old)
            }
            (_, Some(new)) => {
                j += 1;
                Change::Added(new)
            }
            _ => return changes,
        });
    }
}

/// How many lines what is left of the two texts has in common, for each place in the first and each in the second.
fn common(before: &[&str], after: &[&str]) -> Vec<Vec<usize>> {
    let mut rows = vec![vec![0; after.len() + 1]];
    for old in before.iter().rev() {
        let below = rows.last().cloned().unwrap_or_default();
        let mut row = vec![0];
        let columns = after.iter().rev().zip(below.iter().rev().zip(below.iter().rev().skip(1)));
        for (new, (diagonal, under)) in columns {
            let right = row.last().copied().unwrap_or_default();
            row.push(if old == new { diagonal + 1 } else { right.max(*under) });
        }
        row.reverse();
        rows.push(row);
    }
    rows.reverse();
    rows
}

#[cfg(test)]
mod tests {
    use super::difference;

    const BEFORE: &str = "server\n  purge on\n\ngrant a\n  ttl 1 s\n  scopes all\n\ngrant b\n  ttl 1 s\n";

    #[test]
    fn equal_texts_do_not_differ_however_their_lines_end() {
        assert_eq!(difference(BEFORE, BEFORE), "");
        assert_eq!(difference(&BEFORE.replace('\n', "\r\n"), BEFORE), "");
        assert_eq!(difference("", ""), "");
    }

    #[test]
    fn each_part_is_shown_below_what_it_belongs_to() {
        let after =
            BEFORE.replace("ttl 1 s\n  scopes all", "ttl 2 s\n  scopes all").replace("purge on", "purge off");
        assert_eq!(
            difference(BEFORE, &after),
            "  server\n-   purge on\n+   purge off\n  grant a\n-   ttl 1 s\n+   ttl 2 s\n"
        );
    }

    #[test]
    fn a_block_that_comes_or_goes_brings_its_own_first_line() {
        let without = BEFORE.replace("\ngrant a\n  ttl 1 s\n  scopes all\n", "");
        let gone = difference(BEFORE, &without);
        assert_eq!(gone.lines().filter(|line| line.starts_with('+')).count(), 0, "{gone}");
        assert_eq!(gone.lines().filter(|line| line.starts_with('-')).count(), 4, "{gone}");
        assert!(gone.contains("- grant a\n-   ttl 1 s\n-   scopes all\n"), "{gone}");
        assert_eq!(difference("", "a\n b\n"), "+ a\n+  b\n");
        assert_eq!(difference("a\n b\n", ""), "- a\n-  b\n");
    }
}
