#!/usr/bin/env bash
# A server brings over money between counties by itself: what is approved in a page, and what lies there at its
# start after a kill.
set -u
jiedui=$1
. tests/cli/tap.sh
small_store
echo "a good long password" >"$dir/password"
run account add bob --role officer --whole --password-file "$dir/password" >/dev/null || no "an officer"
cat >"$dir/ledger_account.csv" <<'X1'
code,title,place,holder_kind,earmark,restricted,bank_code,bank_card
G,Giver,653224,outside,,no,,
POT,Lop office,653224,place,,,102100099996,99653224000000001
X1
cat >"$dir/payee.csv" <<'X1'
code,name,kind,place,bank_card,bank_code
FAR-1,某厂,organisation,653225,02000001090211,104100000004
X1
run load --quiet "$dir/ledger_account.csv" "$dir/payee.csv" || no "load"
printf 'code,date,debit,credit,amount\nT1,2020-01-02,G,POT,1000\n' >"$dir/t.csv"
check "money" run money post "$dir/t.csv"
check "counties share no transaction" run money deliver --apart

serve() {
  "$jiedui" serve --listen 127.0.0.1:0 --quiet --files "$dir/files" >"$dir/out" 2>>"$dir/log" &
  server=$!
  for _ in $(seq 1200); do grep -q http "$dir/out" && break; sleep 0.05; done
  site=http://127.0.0.1:$(sed -n 's|.*serves http://127.0.0.1:\([0-9]*\)/ .*|\1|p' "$dir/out")
}
ask() { curl -s -i -H "Origin: $site" -b "$dir/jar" -c "$dir/jar" "$@"; }
sign_in() {
  rm -f "$dir/jar"
  ask -o /dev/null -d login=bob --data-urlencode "password=a good long password" "$site/en/sign-in"
  csrf=$(ask "$site/en/me" | sed -n 's|.*name="csrf" value="\([0-9a-f]*\)".*|\1|p' | head -1)
}
approve() { # RUN: prepared by Ann, approved in the page
  printf 'payee,amount,purpose,period\nFAR-1,%s,goods,%s\n' "$2" "$3" >"$dir/far.csv"
  run money payments prepare "$1" "$dir/far.csv" --payer POT --by Ann >/dev/null || no "prepare $1"
  at=$(ask "$site/en/money/payments" | grep -o "/en/money/payments/653224-[0-9]*\"[^>]*>[^<]*</a><span class=\"why\">$1<" | grep -o '/en/money/payments/653224-[0-9]*')
  seen=$(ask "$site$at" | sed -n 's|.*name="seen" value="\([0-9-]*\)".*|\1|p')
  out=$(ask -d "csrf=$csrf" -d "seen=$seen" "$site$at/approve" | head -n 1)
  says "$1 is approved in its page" "303"
}
arrives() { # what is expected there; a minute at most
  for _ in $(seq 600); do
    out=$(run money balance --place 653225 --format csv)
    case "$out" in *",0.00,0.00,$1"*) run money underway >/dev/null && break ;; esac
    sleep 0.1
  done
  says "$2" ",0.00,0.00,$1"
}
serve
sign_in
approve W1 11 2020-06
arrives 11.00 "the server brings the promise over by itself"
kill -9 "$server"; wait "$server" 2>/dev/null
serve
sign_in
approve W2 12 2020-07
kill -9 "$server"; wait "$server" 2>/dev/null
serve
arrives 23.00 "after a kill the next server goes on"
kill "$server"; wait "$server"; status=$?
[ $status = 0 ] && ok "it ends when it is told" || no "it ends when it is told: $status"
check "proof" run verify
says "no fault" "ledger: 0 faults"
finish_both "$@"
