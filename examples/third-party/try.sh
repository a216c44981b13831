#!/usr/bin/env bash
# Starts the server and does what it prints: a machine, a phone, and a watch that the phone signs in.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=$(mktemp -d)
cargo build --quiet --locked -p third-party-server
programs=$PWD/${CARGO_TARGET_DIR:-target}/debug
case "${CARGO_TARGET_DIR:-}" in /*) programs=$CARGO_TARGET_DIR/debug ;; esac

(cd "$folder" && exec "$programs/third-party-server" >lines 2>log) &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT

expect() { grep -qF -e "$1" <<<"$2" || { printf 'expected %s in:\n%s\n' "$1" "$2"; exit 1; }; }
metadata=http://127.0.0.1:8080/.well-known/oauth-authorization-server
for _ in $(seq 100); do
    curl -s -o "$folder/page" "$metadata" && break
    kill -0 "$server" || { cat "$folder/log"; exit 1; }
    sleep 0.1
done

# line PATTERN NUMBER: what was printed. run PATTERN NUMBER: what it does.
line() { grep -e "$1" "$folder/lines" | sed -n "${2:-1}p"; }
run() { eval "$(line "$@")"; }

# A browser keeps cookies and follows redirects; it ends where nothing listens, with the code in its address.
browse() { where=$(curl -s -L -b "$folder/jar" -c "$folder/jar" -o "$folder/page" -w '%{url_effective}' "$@" || true); }
# submit FIELD=VALUE..: sends the form of the page, its hidden fields included, to the page's own address.
submit() {
    local fields=()
    while read -r field; do fields+=(--data-urlencode "$field"); done < <(
        sed -n 's/.*<input type="hidden" name="\([^"]*\)" value="\([^"]*\)".*/\1=\2/p' "$folder/page"
        printf '%s\n' "$@"
    )
    browse "${fields[@]}" "$where"
}
# member NAME JSON: a text of an answer.
member() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" <<<"$2"; }

expect '"pairing_endpoint":"http://127.0.0.1:8080/oauth/pair"' "$(<"$folder/page")"
run '^robot() '
expect '"scope":"heart:read"' "$(run '^robot .grant')"

browse "$(line '^http://127.0.0.1:8080/oauth/authorize?')"
expect http://127.0.0.1:8080/login? "$where"
submit username=alice password=wonderland
expect http://127.0.0.1:8080/consent? "$where"
submit decision=allow
expect http://127.0.0.1:8081/callback?code= "$where"
# Named as the lines name it.
CODE=$(sed 's/.*[?&]code=\([^&]*\).*/\1/' <<<"$where")

TOKEN=$(member access_token "$(run code=.CODE)")
PAIRING_CODE=$(member pairing_code "$(run token=.TOKEN)")
run '^watch() '
expect '"scope":"heart:read routes:read"' "$(run '^watch .grant')"
expect '"error":"invalid_grant"' "$(run '^watch .grant')"
unsigned=$(curl -s http://127.0.0.1:8080/oauth/token -d client_id=robot -d grant_type=client_credentials)
expect '"error":"invalid_client"' "$unsigned"

kill -TERM "$server"
wait "$server"
echo "the parts of the third party work as printed"
