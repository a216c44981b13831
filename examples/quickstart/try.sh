#!/usr/bin/env bash
# Starts the quickstart as the README says, runs the curl lines it prints as they are printed, and stops it.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=$(mktemp -d)
cargo build --quiet --locked -p quickstart
program=$PWD/${CARGO_TARGET_DIR:-target}/debug/quickstart
case "${CARGO_TARGET_DIR:-}" in /*) program=$CARGO_TARGET_DIR/debug/quickstart ;; esac

(cd "$folder" && exec "$program" >lines 2>log) &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
for _ in $(seq 100); do
    curl -s -o "$folder/metadata" http://127.0.0.1:8080/.well-known/oauth-authorization-server && break
    kill -0 "$server" || { cat "$folder/log"; exit 1; }
    sleep 0.1
done
grep -q '"token_endpoint":"http://127.0.0.1:8080/oauth/token"' "$folder/metadata"

run() { bash -c "$(grep -e "$1" "$folder/lines" | head -n 1)" 2>/dev/null; }
expect() { grep -qF -e "$1" <<<"$2" || { printf 'expected %s in:\n%s\n' "$1" "$2"; exit 1; }; }

answer=$(run 'oauth/token -d grant_type=client_credentials$')
expect '"token_type":"Bearer"' "$answer"
expect '"scope":"photos:read"' "$answer"
photos=$(run '^curl -i ')
expect 'HTTP/1.1 200 OK' "$photos"
expect 'a photo for robot' "$photos"

answer=$(run 'sms-code')
expect '"scope":"photos:read photos:write"' "$answer"
wrong=$(bash -c "$(grep -e 'sms-code' "$folder/lines" | head -n 1 | sed 's/code=123456/code=0/')")
expect '"error":"invalid_grant"' "$wrong"
expect 'error="invalid_token"' "$(curl -s -i http://127.0.0.1:8080/photos -H 'Authorization: Bearer nonsense')"

second=$(cd "$folder" && "$program" 2>&1 >/dev/null) && { echo "a second one started"; exit 1; }
expect 'Error: cannot listen on 127.0.0.1:8080' "$second"

kill -TERM "$server"
wait "$server"
echo "the quickstart works as printed"
