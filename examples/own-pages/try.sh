#!/usr/bin/env bash
# Starts the server and the demo client as the README says, does what a person does in a browser, and stops both.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=$(mktemp -d)
cargo build --quiet --locked -p own-pages -p demo-client
programs=$PWD/${CARGO_TARGET_DIR:-target}/debug
case "${CARGO_TARGET_DIR:-}" in /*) programs=$CARGO_TARGET_DIR/debug ;; esac

(cd "$folder" && exec "$programs/own-pages" >lines 2>log) &
server=$!
(exec "$programs/demo-client" >"$folder/client-lines" 2>&1) &
client=$!
trap 'kill "$server" "$client" 2>/dev/null || true; rm -rf "$folder"' EXIT

# answers PROCESS URL: waits for the first answer.
answers() {
    for _ in $(seq 100); do
        curl -s -o "$folder/page" "$2" && return
        kill -0 "$1" || break
        sleep 0.1
    done
    cat "$folder/log" "$folder/client-lines"
    exit 1
}
expect() { grep -qF -e "$1" <<<"$2" || { printf 'expected %s in:\n%s\n' "$1" "$2"; exit 1; }; }

answers "$server" http://127.0.0.1:8080/.well-known/oauth-authorization-server
expect '"token_endpoint":"http://127.0.0.1:8080/oauth/token"' "$(<"$folder/page")"

# The line for people. A browser keeps cookies and follows redirects; `where` is what its address bar shows.
grep -q '^cargo run -p demo-client ' "$folder/lines"
site=$(sed -n 's/^cargo run .* then open //p' "$folder/lines")
name=$(sed -n 's/^The user name is \(.*\), the password is .*/\1/p' "$folder/lines")
password=$(sed -n 's/^The user name is .*, the password is \(.*\)\.$/\1/p' "$folder/lines")
answers "$client" "$site"
browse() { where=$(curl -s -L -b "$folder/jar" -c "$folder/jar" -o "$folder/page" -w '%{url_effective}' "$@"); }
# submit FIELD=VALUE..: sends the form of the page, its hidden fields included, to the page's own address.
submit() {
    local fields=()
    while read -r field; do fields+=(--data-urlencode "$field"); done < <(
        sed -n 's/.*<input type="hidden" name="\([^"]*\)" value="\([^"]*\)".*/\1=\2/p' "$folder/page"
        printf '%s\n' "$@"
    )
    browse "${fields[@]}" "$where"
}
# at ADDRESS TEXT: the page is there and says so. An address that ends in `?` may have any query.
at() {
    case "$1" in
        *\?) [[ "$where" == "$1"* ]] ;;
        *) [ "$where" = "$1" ] ;;
    esac || { printf 'expected to be at %s, not at %s\n' "$1" "$where"; exit 1; }
    expect "$2" "$(<"$folder/page")"
}

# A client sends somebody here, who signs in, refuses and changes their mind.
browse "$site/start"
at http://127.0.0.1:8080/sign-in? '<bdi>Photo Album</bdi>'
submit "username=$name" password=wrong
at http://127.0.0.1:8080/sign-in? 'The name or the password is wrong.'
submit "username=$name" "password=$password"
at http://127.0.0.1:8080/oauth/authorize? '<li>See your photos</li>'
submit decision=deny
at "$site/" 'You did not allow access'
browse "$site/start"
at http://127.0.0.1:8080/oauth/authorize? 'You are signed in as <strong><bdi>alice</bdi></strong>'
submit decision=allow
at "$site/" '<bdi>1</bdi>'
at "$site/" 'The sea at six'

# Out again; the next client's request begins with the password.
browse http://127.0.0.1:8080/
at http://127.0.0.1:8080/ '<bdi>alice</bdi>'
where=http://127.0.0.1:8080/sign-out
submit
at http://127.0.0.1:8080/ 'href="/sign-in"'
browse "$site/start"
at http://127.0.0.1:8080/sign-in? '<h1>Sign in</h1>'

kill -TERM "$server"
wait "$server"
echo "the application's own pages work"
