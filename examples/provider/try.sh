#!/usr/bin/env bash
# Starts the provider as its README says, on its default address, runs the README's curl line as it is printed there, and stops it.
set -euo pipefail
cd "$(dirname "$0")/../.."

readme=examples/provider/README.md
start=$(grep -e '^cargo run .* -p provider ' "$readme")
curl_line=$(grep -e '^curl ' "$readme")

folder=$(mktemp -d)
cargo build --quiet --locked -p provider
program=$PWD/${CARGO_TARGET_DIR:-target}/debug/provider
case "${CARGO_TARGET_DIR:-}" in /*) program=$CARGO_TARGET_DIR/debug/provider ;; esac

export DATABASE_URL="sqlite://$folder/provider.db"
# With the README's flags; the debug build, which the tests have made already.
bash -c "exec '$program' ${start#* -- }" >"$folder/lines" 2>"$folder/log" &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
for _ in $(seq 100); do
    grep -qs . "$folder/lines" && break
    kill -0 "$server" || { cat "$folder/log"; exit 1; }
    sleep 0.1
done

expect() { grep -qF -e "$1" <<<"$2" || { printf 'expected %s in:\n%s\n' "$1" "$2"; exit 1; }; }

expect 'listening on http://127.0.0.1:9000' "$(cat "$folder/lines")"
expect 'ok' "$(curl -s --fail http://127.0.0.1:9000/healthz)"
expect 'ok' "$(curl -s --fail http://127.0.0.1:9000/readyz)"
answer=$(bash -c "$curl_line")
expect '"scope":"photos:read photos:write"' "$answer"
token=$(cut -d '"' -f 4 <<<"$answer")
me=$(curl -s --fail http://127.0.0.1:9000/api/me -H "Authorization: Bearer $token")
expect '{"sub":null,"client_id":"robot","scope":"photos:read photos:write"}' "$me"

# What a start would find, beside the server that runs: nothing.
test -z "$("$program" --check)"

kill -TERM "$server"
wait "$server"
echo "the provider works as its README says"
