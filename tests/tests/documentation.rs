//! The pages of documentation: their code is compiled, and their links lead somewhere.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(pages(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

/// The targets of the links of a page, without addresses elsewhere.
fn links(text: &str) -> Vec<&str> {
    let targets = text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap());
    targets.filter(|target| !target.contains("://")).collect()
}

/// The anchors that GitHub gives the headings of a page.
fn anchors(text: &str) -> Vec<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let slug = |heading: &str| {
        let kept = |c: &char| c.is_alphanumeric() || [' ', '-', '_'].contains(c);
        let text: String = heading.trim_start_matches('#').trim().chars().filter(kept).collect();
        text.to_lowercase().replace(' ', "-")
    };
    headings.map(slug).collect()
}

#[test]
fn every_page_of_the_guide_is_compiled_and_in_its_contents() {
    let guide = root().join("docs/guide");
    let compiled = std::fs::read_to_string(root().join("tests/src/lib.rs")).unwrap();
    let contents = std::fs::read_to_string(guide.join("README.md")).unwrap();
    let pages = pages(&guide);
    assert!(pages.len() > 1, "{pages:?}");
    for page in pages {
        let path = page.strip_prefix(root()).unwrap().to_str().unwrap();
        let included = format!("#[doc = include_str!(\"../../{path}\")]");
        assert!(compiled.contains(&included), "add `{included}` and a struct to tests/src/lib.rs");
        let listed = name(&page) == "README.md" || links(&contents).contains(&name(&page));
        assert!(listed, "docs/guide/README.md has no link to {}", name(&page));
    }
}

#[test]
fn links_lead_to_pages_and_headings_that_exist() {
    let root = root();
    let mut pages = pages(&root.join("docs"));
    pages.extend(
        [
            "README.md",
            "CHANGELOG.md",
            "examples/extensions/README.md",
            "examples/own-pages/README.md",
            "examples/provider/README.md",
            "examples/third-party/README.md",
            "tests/bench/README.md",
        ]
        .map(|page| root.join(page)),
    );
    let mut found = 0;
    for page in pages {
        let text = std::fs::read_to_string(&page).unwrap();
        for link in links(&text) {
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { page.clone() } else { page.parent().unwrap().join(path) };
            assert!(target.exists(), "{}: no such file: {link}", page.display());
            if !anchor.is_empty() {
                let anchors = anchors(&std::fs::read_to_string(&target).unwrap());
                assert!(
                    anchors.iter().any(|known| known == anchor),
                    "{}: no such heading: {link}",
                    page.display()
                );
            }
            found += 1;
        }
    }
    assert!(found > 20, "only {found} links");
}
