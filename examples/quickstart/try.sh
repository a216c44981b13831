#!/usr/bin/env bash
# Starts the quickstart and its demo client as the README says, does what the quickstart prints as it is printed (the
# curl lines, and a person in a browser), and stops both.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=$(mktemp -d)
cargo build --quiet --locked -p quickstart -p demo-client
programs=$PWD/${CARGO_TARGET_DIR:-target}/debug
case "${CARGO_TARGET_DIR:-}" in /*) programs=$CARGO_TARGET_DIR/debug ;; esac

(cd "$folder" && exec "$programs/quickstart" >lines 2>log) &
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

# The lines for machines.
run() { bash -c "$(grep -e "$1" "$folder/lines" | head -n 1)" 2>/dev/null; }

answer=$(run 'oauth/token -d grant_type=client_credentials$')
expect '"token_type":"Bearer"' "$answer"
expect '"scope":"photos:read"' "$answer"
photos=$(run '^curl -i ')
expect 'HTTP/1.1 200 OK' "$photos"
expect '{"everybody":["The sea at six","An old door"]}' "$photos"

answer=$(run 'sms-code')
expect '"scope":"photos:read photos:write"' "$answer"
wrong=$(bash -c "$(grep -e 'sms-code' "$folder/lines" | head -n 1 | sed 's/code=123456/code=0/')")
expect '"error":"invalid_grant"' "$wrong"

# What the README says of the declaration beyond that: the audit, introspection and revocation.
audit() { expect "$1 received a token for \`$2\`" "$(<"$folder/lines")"; }
audit robot photos:read
audit robot 'photos:read photos:write'
robot=$(sed -n 's/^curl -s -u \([^ ]*\) .*client_credentials$/\1/p' "$folder/lines")
token=$(cut -d '"' -f 4 <<<"$answer")
introspect() { curl -s -u "$robot" http://127.0.0.1:8080/oauth/introspect -d "token=$token"; }
photos() { curl -s -i http://127.0.0.1:8080/photos -H "Authorization: Bearer $token"; }
active=$(introspect)
expect '"active":true' "$active"
expect '"sub":"5550100"' "$active"
expect '{"5550100":["The sea at six","An old door"]}' "$(photos)"
curl -s --fail -u "$robot" http://127.0.0.1:8080/oauth/revoke -d "token=$token"
[ "$(introspect)" = '{"active":false}' ] || { echo "the token was revoked: $(introspect)"; exit 1; }
expect 'error="invalid_token"' "$(photos)"
expect 'error="invalid_token"' "$(curl -s -i http://127.0.0.1:8080/photos -H 'Authorization: Bearer nonsense')"

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

browse "$site"
at "$site/" 'href="/start"'
browse "$site/start"
at http://127.0.0.1:8080/login? '<h1>Sign in</h1>'
submit "username=$name" password=wrong
at http://127.0.0.1:8080/login? 'The user name or the password is wrong.'
submit "username=$name" "password=$password"
at http://127.0.0.1:8080/consent? '<li>See your photos</li>'
submit decision=deny
at "$site/" 'You did not allow access'
browse "$site/start"
at http://127.0.0.1:8080/consent? photo-album
submit decision=allow
at "$site/" '<bdi>alice</bdi>'
for text in 'The sea at six' '<code>photos:read</code>' '60 min, ' 'id="refreshed">not yet<'; do
    at "$site/" "$text"
done
audit photo-album photos:read
beginning() { sed -n 's/.*id="token"><code>\([^<]*\)….*/\1/p' "$folder/page"; }
first=$(beginning)
elsewhere=$(curl -s -w '%{http_code}' -b "$folder/jar" -d "" -H "Origin: http://127.0.0.1:8080" "$site/refresh")
[ "$elsewhere" = 403 ] || { echo "a form of another port was answered with $elsewhere"; exit 1; }
browse -d "" -H "Origin: $site" "$site/refresh"
at "$site/" 'id="refreshed">once<'
[ -n "$first" ] || { echo "no token is shown"; exit 1; }
[ "$first" != "$(beginning)" ] || { echo "the token is the old one"; exit 1; }
browse "$site/callback?code=forged&state=forged&iss=http://127.0.0.1:8080"
at "$site/callback?" 'belongs to no sign-in of this browser'

second=$(cd "$folder" && "$programs/quickstart" 2>&1 >/dev/null) && { echo "a second one started"; exit 1; }
expect 'Error: cannot listen on 127.0.0.1:8080' "$second"

kill -TERM "$server"
wait "$server"
echo "the quickstart works as printed"
