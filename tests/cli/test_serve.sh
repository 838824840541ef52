#!/usr/bin/env bash
# The web as a command: who it listens to, that it answers, and that a signal ends it gracefully.
set -u
jiedui=$1
. tests/cli/tap.sh
export JIEDUI_STORE=$dir/s.db
check "init" "$jiedui" init --quiet --places none

fails "passwords do not go over the network in the clear" 2 "$jiedui" serve --listen 0.0.0.0:0
says "and it says what to give" "--tls-cert"
fails "a certificate without its key" 2 "$jiedui" serve --tls-cert none.pem
fails "a certificate that is not there" 1 "$jiedui" serve --tls-cert none.pem --tls-key none.pem
says "is named" "none.pem"
fails "a normal store is no demo" 2 "$jiedui" serve --demo
fails "an address that is none" 2 "$jiedui" serve --listen nonsense
fails "an operand" 2 "$jiedui" serve now
fails "a store that is not there" 1 "$jiedui" serve --store "$dir/none.db"

# ask PORT PATH: the answer's text.
ask() {
  exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
  printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$2" >&3
  cat <&3
  exec 3>&-
}
rm -f "$dir/out" # what the one before said
"$jiedui" serve --public --listen 127.0.0.1:0 >"$dir/out" 2>"$dir/log" &
server=$!
await "$dir/out" http
port=$(sed -n 's|.*serves http://127.0.0.1:\([0-9]*\)/ .*|\1|p' "$dir/out")
out=$(cat "$dir/out")
says "it prints its address" "http://127.0.0.1:"
out=$(ask "$port" /health)
says "it is healthy" "200 OK"
out=$(ask "$port" /en/)
says "an empty store has a summary" "Nothing has been released yet"
says "a proxy may keep it" "Cache-Control: public, max-age=60"
says "for those without a session" "Authorization"
out=$(curl -s -i -H "Cookie: jiedui=nobody" "http://127.0.0.1:$port/en/")
says "what comes with a session is one's own" "Cache-Control: private, no-cache"
out=$(curl -s -i -H "Authorization: Bearer nobody" "http://127.0.0.1:$port/api/v1/entities")
silent "and what comes with a token" "max-age"
out=$(ask "$port" /api/v1/records/work_plan)
says "plans are no records of the public" "404"
says "and a policy" "Content-Security-Policy: default-src 'none'"
out=$(ask "$port" /zh/places)
says "no gazetteer is said" "库中没有地名表"
out=$(ask "$port" /en/records/agreement)
says "an empty list says what to do" "agreement.csv"
fails "a port that is taken" 1 "$jiedui" serve --listen "127.0.0.1:$port"
kill -TERM "$server"
wait "$server"
status=$?
if [ $status = 0 ]; then ok "SIGTERM ends it"; else out=$status; no "SIGTERM ends it"; fi
out=$(cat "$dir/log")
says "requests are in the log by number" "request id="
silent "no sanitizer complained" "ERROR:"

# Who signs in: the first administrator by the printed token, once.
rm -f "$dir/out" # what the one before said
"$jiedui" serve --listen 127.0.0.1:0 >"$dir/out" 2>"$dir/log" &
server=$!
await "$dir/out" token
port=$(sed -n 's|.*serves http://127.0.0.1:\([0-9]*\)/ .*|\1|p' "$dir/out")
token=$(sed -n 's|.*set-up?token=||p' "$dir/out")
site=http://127.0.0.1:$port
post() { curl -s -i -H "Origin: $site" -b "$dir/jar" -c "$dir/jar" "$@"; }
out=$(ask "$port" /en/records)
says "nobody is shown anything before signing in" "Location: /en/sign-in?next=%2Fen%2Frecords"
out=$(ask "$port" /api/v1/entities)
says "nor told by the interface" "401"
out=$(ask "$port" "/en/set-up?token=wrong")
says "a wrong token opens nothing" "404"
out=$(ask "$port" "/en/set-up?token=$token")
says "the printed one does" "Make the first administrator"
out=$(post -d "token=$token&login=Boss!&name=Boss&password=short" "$site/en/set-up")
says "what is wrong is said" "At least 10 characters"
out=$(post -d "token=$token&login=boss&name=Boss" --data-urlencode "password=a good long password" "$site/en/set-up")
says "it makes the administrator and signs in" "Set-Cookie: jiedui="
says "and opens what the role opens first" "Location: /en/home"
out=$(ask "$port" "/en/set-up?token=$token")
says "and is gone then" "404"
out=$(post "$site/en/records/account")
says "who has signed in is shown what is theirs" "Boss"
csrf=$(post "$site/en/me" | sed -n 's|.*name="csrf" value="\([0-9a-f]*\)".*|\1|p' | head -1)
out=$(curl -s -i -b "$dir/jar" -d "csrf=$csrf" "$site/en/sign-out")
says "a form from elsewhere is refused" "403"
out=$(curl -s -i -b "$dir/jar" -H "Origin: http://evil.example" -d "csrf=$csrf" "$site/en/sign-out")
says "and one that says so" "403"
out=$(post -d "csrf=wrong" "$site/en/sign-out")
says "and one without the session's token" "403"
out=$(post -d "csrf=$csrf" "$site/en/sign-out")
says "signing out" "303"
out=$(curl -s -i -b "$dir/jar" "$site/en/records")
says "ends the session" "sign-in?next"
# The wait begins at a second and doubles with each failure, so a slow machine needs more of them.
for wrong in 5 6 7 8 9 10; do
  for _ in $(seq $wrong); do post -o /dev/null -d "login=boss&password=wrong" "$site/en/sign-in" >/dev/null; done
  out=$(post -d "login=boss" --data-urlencode "password=a good long password" "$site/en/sign-in")
  case $out in *"too many attempts"*) break ;; esac
done
says "after many failures the right password waits too" "too many attempts"
kill -TERM "$server"
wait "$server"
out=$(cat "$dir/log")
silent "no sanitizer complained" "ERROR:"
silent "no token is in the log" "$token"

# Https of its own.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
  -keyout "$dir/key.pem" -out "$dir/cert.pem" 2>/dev/null
rm -f "$dir/out" # what the one before said
"$jiedui" serve --listen 0.0.0.0:0 --tls-cert "$dir/cert.pem" --tls-key "$dir/key.pem" --quiet >"$dir/out" 2>"$dir/log" &
server=$!
await "$dir/out" https
port=$(sed -n 's|.*serves https://0.0.0.0:\([0-9]*\)/ .*|\1|p' "$dir/out")
out=$(curl -s -i --max-time 120 --cacert "$dir/cert.pem" "https://localhost:$port/en/sign-in")
says "with a certificate it speaks https" "Strict-Transport-Security"
says "and asks for the password there" 'type="password"'
kill -TERM "$server"
wait "$server"
fails "a certificate that is none" 1 "$jiedui" serve --tls-cert "$0" --tls-key "$0" --listen 127.0.0.1:0

rm -f "$dir/out" # what the one before said
"$jiedui" serve --public --listen 0.0.0.0:0 --quiet >"$dir/out" 2>"$dir/log" &
server=$!
await "$dir/out" http
port=$(sed -n 's|.*serves http://0.0.0.0:\([0-9]*\)/ .*|\1|p' "$dir/out")
out=$(ask "$port" /en/records)
says "the public sees kinds of record" "Agreement"
silent "but no households" "/records/household"
kill -INT "$server"
wait "$server"
status=$?
if [ $status = 0 ]; then ok "SIGINT ends it"; else out=$status; no "SIGINT ends it"; fi
finish
