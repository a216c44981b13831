#!/usr/bin/env bash
# Writes expanded/src/main.rs: the quickstart with the framework's macros expanded, and all others left as written.
set -euo pipefail
cd "$(dirname "$0")/../.."

source=examples/quickstart/src/main.rs
target=tests/bench/expanded/src/main.rs
expanded=$(mktemp)
trap 'rm -f "$expanded"' EXIT

# The compiler prints expansions only to those who ask for unstable features; the result needs none.
RUSTC_BOOTSTRAP=1 cargo rustc --quiet --package quickstart --profile=check -- -Zunpretty=expanded >"$expanded"

perl -0777 -e '
    my ($expanded, $source) = map { open my $file, "<", $_ or die "$_: $!"; scalar <$file> } @ARGV;
    # What the compiler adds to every crate, and helper attributes that a derive has consumed.
    $expanded =~ s/\A#!\[feature\(prelude_import\)\]\n//;
    $expanded =~ s/^extern crate std;\n#\[prelude_import\]\nuse std::prelude::\w+::\*;\n//m;
    $expanded =~ s/^\s*#\[(?:scope|oauth2)\(.*?\)\]\n//mg;
    # The macros of the standard library expand to names that only the standard library may use.
    $expanded =~ s/\{\s*::std::io::_print\(format_args!\("((?:[^"\\]|\\.)*)\\n"(.*?)\)\);\s*\}/println!("$1"$2)/sg;
    $expanded =~ s/::alloc::__export::must_use\(\{\s*::alloc::fmt::format\(format_args!\((.*?)\)\)\s*\}\)/format!($1)/sg;
    $expanded =~ s/::alloc::boxed::box_assume_init_into_vec_unsafe\(.*?new_uninit\(\),\s*(\[.*?\])\)\)/vec!$1/sg;
    # The body of `main` stays under tokio'"'"'s: of the framework'"'"'s macros it has a list of redirect URIs only.
    my ($main) = $source =~ /^(#\[tokio::main\]\n.*)\z/ms or die "the quickstart has no main";
    $expanded =~ s/^fn main\(\).*\z/$main/ms or die "the expansion has no main";
    print $expanded;
' "$expanded" "$source" >"$target"
rustfmt --edition 2024 "$target"
