#!/usr/bin/env bash
# The web as a command: who it listens to, that it answers, and that a signal ends it gracefully.
set -u
jiedui=$1
. tests/cli/tap.sh
export JIEDUI_STORE=$dir/s.db
check "init" "$jiedui" init --quiet --places none

fails "without --public it serves this machine alone" 2 "$jiedui" serve --listen 0.0.0.0:0
says "and says so" "--public"
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
"$jiedui" serve --listen 127.0.0.1:0 >"$dir/out" 2>"$dir/log" &
server=$!
for _ in $(seq 200); do grep -q http "$dir/out" && break; sleep 0.05; done
port=$(sed -n 's|.*http://127.0.0.1:\([0-9]*\)/.*|\1|p' "$dir/out")
out=$(cat "$dir/out")
says "it prints its address" "http://127.0.0.1:"
out=$(ask "$port" /health)
says "it is healthy" "200 OK"
out=$(ask "$port" /en/)
says "an empty store has an overview" "No report is recorded yet"
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

"$jiedui" serve --public --listen 0.0.0.0:0 --quiet >"$dir/out" 2>"$dir/log" &
server=$!
for _ in $(seq 200); do grep -q http "$dir/out" && break; sleep 0.05; done
port=$(sed -n 's|.*:\([0-9]*\)/ .*|\1|p' "$dir/out")
out=$(ask "$port" /en/records)
says "the public sees kinds of record" "Agreement"
silent "but no households" "/records/household"
kill -INT "$server"
wait "$server"
status=$?
if [ $status = 0 ]; then ok "SIGINT ends it"; else out=$status; no "SIGINT ends it"; fi
finish
