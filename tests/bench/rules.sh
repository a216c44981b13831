#!/usr/bin/env bash
# What the rules cost `cargo check` of a server with ten grants after a change: the median of ten, against the same expansion
# with the rules cut out. Fails when it is more than GATE_MS.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly RUNS=10 GATE_MS=100
readonly folder=target/ten-grants
readonly declared=tests/bench/ten/src/lib.rs

# A package of the text on the standard input, in a workspace of its own, that shares what is compiled already.
package() {
    local root=$folder/$1
    mkdir -p "$root/src"
    printf '[package]\nname = "%s"\nversion = "0.1.0"\nedition = "2024"\n\n[dependencies]\n' "$1" >"$root/Cargo.toml"
    printf 'oauth2-runtime = { path = "../../../oauth2-runtime" }\n\n[workspace]\n' >>"$root/Cargo.toml"
    cp Cargo.lock "$root/Cargo.lock"
    cat >"$root/src/lib.rs"
    rustfmt --edition 2024 "$root/src/lib.rs"
}

# The compiler prints expansions only to those who ask for unstable features; the result needs none.
RUSTC_BOOTSTRAP=1 cargo rustc --quiet --package ten-grants --profile=check -- -Zunpretty=expanded | perl -0777 -pe '
    s/\A#!\[feature\(prelude_import\)\]\n//m;
    s/^extern crate std;\n#\[prelude_import\]\nuse std::prelude::\w+::\*;\n//m;
    s/^macro_rules! .*?^\}\n//msg;
    s/^\s*#\[(?:scope|oauth2)\(.*?\)\]\n//mg;
' | package expanded
# The rules are the end of the server`s constant, from the facts that they read.
perl -0777 -pe 's/^    const FACTS: .*?(?=^\};)//ms or die "the expansion has no rules"' \
    "$folder/expanded/src/lib.rs" | package without-rules
for name in expanded without-rules; do
    cargo metadata --offline --format-version 1 --manifest-path "$folder/$name/Cargo.toml" >/dev/null
done

# Milliseconds of one check of the package $1.
check() {
    local arguments=(--package ten-grants) source=$declared
    if [[ $1 != declared ]]; then
        arguments=(--offline --manifest-path "$folder/$1/Cargo.toml" --target-dir target)
        source=$folder/$1/src/lib.rs
    fi
    touch "$source"
    local started=$EPOCHREALTIME
    cargo check --quiet "${arguments[@]}"
    local ended=$EPOCHREALTIME
    # Both have six digits after a point or, in some languages, a comma.
    echo $(((${ended//[.,]/} - ${started//[.,]/}) / 1000))
}

# The median of the arguments: between the two in the middle, for there are ten.
median() {
    printf '%s\n' "$@" | sort -n | awk '{ v[NR] = $1 } END { print int((v[NR / 2] + v[NR / 2 + 1]) / 2) }'
}

names=(declared expanded without-rules)
declare -A times
for name in "${names[@]}"; do
    check "$name" >/dev/null
done
for ((run = 0; run < RUNS; run++)); do
    # Each is first as often as the others.
    for ((turn = 0; turn < ${#names[@]}; turn++)); do
        name=${names[(run + turn) % ${#names[@]}]}
        times[$name]+=" $(check "$name")"
    done
done

declare -A medians
for name in "${names[@]}"; do
    # shellcheck disable=SC2086 # the times are words
    medians[$name]=$(median ${times[$name]})
    echo "$name:${times[$name]} ms, median ${medians[$name]} ms"
done
rules=$((medians[expanded] - medians[without-rules]))
all=$((medians[declared] - medians[without-rules]))
echo "the rules: $rules ms; the macros and the rules: $all ms, gate $GATE_MS ms"
((all <= GATE_MS))
