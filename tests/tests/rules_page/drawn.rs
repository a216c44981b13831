//! Ten rows drawn by lot. Somebody who had seen neither the rule nor the page had to mend each program from the compiler's words
//! alone; `ui/README.md` says how that went.

use std::fs;

use super::generated::{Case, cases};
use super::page::{Row, State, root, rows, text};

const SEED: u64 = 20_261_124;

/// A number for each row: the finalizer of `SplitMix64`.
fn lot(number: u16) -> u64 {
    let mut x = (SEED ^ u64::from(number)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// The first case of a row whose words are this project's.
fn case_of(row: &Row, cases: &[Case]) -> Option<String> {
    let ours = |name: &&String| cases.iter().any(|case| case.name == **name && case.folder == "rule");
    row.evidence.iter().find(ours).filter(|_| row.state == State::Compile).cloned()
}

#[test]
fn ten_rows_were_read_by_somebody_else() {
    let (page, cases) = (text(), cases());
    let mut candidates: Vec<(u64, String)> = rows(&page)
        .iter()
        .filter_map(|row| Some((lot(row.number), format!("M{:03} `{}`", row.number, case_of(row, &cases)?))))
        .collect();
    candidates.sort();
    let drawn: Vec<&str> = candidates.iter().take(10).map(|(_, row)| row.as_str()).collect();
    let readme = fs::read_to_string(root().join("tests/ui/README.md")).unwrap();
    let read: Vec<&str> = readme
        .lines()
        .filter(|line| line.starts_with("| M"))
        .filter_map(|line| line.trim_matches('|').split('|').next())
        .map(str::trim)
        .collect();
    assert_eq!(read, drawn, "the lot has changed: give the new rows to somebody to read");
}
