#!/usr/bin/env bash
# What the framework's macros add to `cargo check` of the quickstart after a change: the median of ten, against the
# same program with the macros expanded. Fails when it is more than GATE_MS.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly RUNS=10 GATE_MS=100
declare -A source=(
    [quickstart]=examples/quickstart/src/main.rs
    [quickstart-expanded]=tests/bench/expanded/src/main.rs
)

# An expansion of yesterday's macros would be another program.
tests/bench/expand.sh
if [[ -n $(git status --porcelain -- "${source[quickstart-expanded]}") ]]; then
    echo "the expansion has changed: review and commit ${source[quickstart-expanded]}" >&2
fi

# Milliseconds of one check of the package $1.
check() {
    touch "${source[$1]}"
    local started=$EPOCHREALTIME
    cargo check --quiet --package "$1"
    local ended=$EPOCHREALTIME
    # Both have six digits after a point or, in some languages, a comma.
    echo $(((${ended//[.,]/} - ${started//[.,]/}) / 1000))
}

# The median of the arguments: between the two in the middle, for there are ten.
median() {
    printf '%s\n' "$@" | sort -n | awk '{ v[NR] = $1 } END { print int((v[NR / 2] + v[NR / 2 + 1]) / 2) }'
}

declared=() expanded=()
check quickstart >/dev/null
check quickstart-expanded >/dev/null
for ((run = 0; run < RUNS; run++)); do
    if ((run % 2 == 0)); then
        declared+=("$(check quickstart)") expanded+=("$(check quickstart-expanded)")
    else
        expanded+=("$(check quickstart-expanded)") declared+=("$(check quickstart)")
    fi
done

difference=$(($(median "${declared[@]}") - $(median "${expanded[@]}")))
echo "declared: ${declared[*]} ms, median $(median "${declared[@]}") ms"
echo "expanded: ${expanded[*]} ms, median $(median "${expanded[@]}") ms"
echo "difference: $difference ms, gate $GATE_MS ms"
((difference <= GATE_MS))
