//! The pages of documentation: their code is compiled, what they quote is so, and their links lead somewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use oauth2_runtime::prelude::*;
use oauth2_tests::portal::Portal;

/// What may be after the three marks that begin a block of a page that is compiled. A `rust` block is, and none can be
/// let off with `ignore` or by a name that rustdoc does not know.
const COMPILED: [&str; 3] = ["rust", "rust,no_run", "rust,compile_fail"];
/// What is no program, or none of Rust.
const QUOTED: [&str; 4] = ["text", "console", "toml", "sh"];

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
        let found = compiled.lines().any(|line| line.trim() == included);
        assert!(found, "add `{included}` and a struct to tests/src/lib.rs");
        let listed = name(&page) == "README.md" || links(&contents).contains(&name(&page));
        assert!(listed, "docs/guide/README.md has no link to {}", name(&page));
    }
}

/// The blocks of a page: what follows the marks that begin it, and its lines.
fn blocks(text: &str) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        assert!(!line.trim_start().starts_with("~~~"), "blocks begin with three back ticks: {line}");
        if let Some(name) = line.trim_start().strip_prefix("```") {
            let inside: Vec<_> = lines.by_ref().take_while(|line| line.trim() != "```").collect();
            found.push((name, inside.join("\n") + "\n"));
        }
    }
    found
}

/// The one `text` block of a page of the guide that begins so.
fn quoted(page: &str, begin: &str) -> String {
    let text = std::fs::read_to_string(root().join("docs/guide").join(page)).unwrap();
    let begins = |(name, block): &(&str, String)| *name == "text" && block.starts_with(begin);
    let found: Vec<_> = blocks(&text).into_iter().filter(begins).collect();
    assert_eq!(found.len(), 1, "{page}: {begin}");
    found.into_iter().next().unwrap().1
}

#[test]
fn no_block_of_code_escapes_the_compiler() {
    let mut compiled = 0;
    for page in pages(&root().join("docs/guide")).into_iter().chain([root().join("README.md")]) {
        for (name, _) in blocks(&std::fs::read_to_string(&page).unwrap()) {
            let known = COMPILED.contains(&name) || QUOTED.contains(&name);
            assert!(known, "{}: a block begins with ```{name}", page.display());
            compiled += usize::from(COMPILED.contains(&name));
        }
    }
    assert!(compiled > 30, "only {compiled} programs");
}

#[test]
fn the_quoted_error_is_what_the_compiler_prints() {
    let file = "tests/ui/rule/refresh_tokens_redeemed.stderr";
    let printed = std::fs::read_to_string(root().join(file)).unwrap();
    let printed = printed.replace("ui/rule/refresh_tokens_redeemed.rs", "src/main.rs");
    assert_eq!(quoted("errors.md", "error[E0277]"), printed);
}

#[test]
fn the_quoted_statements_are_those_of_the_schema() {
    let statements = quoted("models.md", "CREATE TABLE");
    let schema = Portal::schema_sql();
    assert!(schema.ends_with(statements.trim_end()), "{schema}");
}

/// The crates that a package names as its dependencies, without those of the workspace.
fn dependencies(package: &Path, workspace: &BTreeSet<String>) -> BTreeSet<String> {
    let manifest = std::fs::read_to_string(package.join("Cargo.toml")).unwrap();
    let mut found = BTreeSet::new();
    let mut listed = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            listed = line.ends_with("dependencies]");
            assert!(listed || !line.contains("dependencies"), "one line for each dependency: {line}");
        } else if listed && !line.is_empty() && !line.starts_with('#') && !line.contains("path = ") {
            let name = line.split(['.', ' ', '=']).next().unwrap();
            found.insert(name.to_owned());
        }
    }
    found.difference(workspace).cloned().collect()
}

/// The folders of the packages.
fn packages() -> Vec<PathBuf> {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let members = manifest.split_once("members = [").unwrap().1.split_once(']').unwrap().0;
    members.split('"').skip(1).step_by(2).map(|member| root().join(member)).collect()
}

#[test]
fn every_dependency_has_its_reason() {
    let reasons = std::fs::read_to_string(root().join("docs/dependencies.md")).unwrap();
    let section = |title: &str| {
        let (_, rest) =
            reasons.split_once(&format!("\n## {title}\n")).unwrap_or_else(|| panic!("no {title}"));
        rest.split("\n## ").next().unwrap()
    };
    let own = ["oauth2-macros", "oauth2-runtime"];
    let workspace = BTreeSet::from(["oauth2-runtime".to_owned()]);
    let mut titles = BTreeMap::<&str, BTreeSet<String>>::new();
    for package in packages() {
        let title = own.into_iter().find(|own| name(&package) == *own).unwrap_or("Tests and examples");
        titles.entry(title).or_default().extend(dependencies(&package, &workspace));
    }
    assert_eq!(titles.len(), 3);
    for (title, dependencies) in titles {
        let section = section(title);
        let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split(" |").next());
        let listed: BTreeSet<_> = rows.flat_map(|names| names.trim_end_matches('`').split("`, `")).collect();
        for dependency in &dependencies {
            let named = section.contains(&format!("`{dependency}`"));
            assert!(named, "docs/dependencies.md does not say under {title} what `{dependency}` is for");
        }
        let gone: Vec<_> = listed.iter().filter(|name| !dependencies.contains(**name)).collect();
        assert!(gone.is_empty(), "nothing under {title} depends on {gone:?} any more");
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
            "examples/demo-client/README.md",
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
