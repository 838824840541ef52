#!/usr/bin/env bash
# The ledger from the command line: accounts loaded, transfers posted, followed both ways, returned.
set -u
jiedui=$1
. tests/cli/tap.sh
small_places
new_store
check "init" run init --quiet --places "$dir/places.csv.gz"

cat >"$dir/ledger_account.csv" <<'X'
code,title,place,holder_kind,earmark,restricted
G,Tianjin,653224,outside,,no
POT,Lop office,653224,place,,
IND,industry,653224,place,industry,
FAR,Qira office,653225,place,,
PRJ,farm,653224,project,,
H1,household one,653224,household,,
H2,household two,653225,household,,
X
check "accounts are rows like any other" run load "$dir/ledger_account.csv"
cat >"$dir/t.csv" <<'X'
code,date,debit,credit,amount,earmark,note
T1,2020-01-02,G,POT,"1,000.00",,first batch
T2,2020-01-05,POT,IND,580,industry,set apart
T2,2020-01-05,POT,FAR,200,,
T3,2020-02-01,IND,PRJ,300.50,industry,
T4,2020-03-01,PRJ,H1,100.25,,
T5,2020-03-02,FAR,H2,50,,
X
check "a run of transfers" run money post "$dir/t.csv"
says "lines and transfers are counted" "6 lines: 5 transfers posted"
check "the same file again" run money post "$dir/t.csv"
says "changes nothing" "0 transfers posted, 5 were there already"
check "balances" run money balance --format csv
says "the pot" "653224,POT,Lop office,place,,220.00,0.00,0.00"
says "the giver is below zero" "653224,G,Tianjin,outside,,-1000.00"
check "idle money" run money ageing --on 2021-06-01 --format csv
says "its days and its age" "IND,industry,279.50,513,0.00,279.50,0.00,143127"
check "back from a household" run money trace --to H2
says "adds up" "received 50.00 = began 50.00"
says "to the giver" "began at G  Tianjin  50.00"
check "forward from a lot" run money trace --from lot:653224:1
says "adds up" "given 1000.00 = delivered 150.25 + in hand 849.75 + under way 0.00"
check "each edge" run money trace --from lot:653224:1 --lots --format csv
says "with the lots" "1,653224:1,653224:"

cat >"$dir/bad.csv" <<'X'
code,date,debit,credit,amount,earmark
B1,2020-04-01,POT,H1,10,
B2,2020-04-01,POT,H1,210.01,
X
fails "a run with an overdraft" 1 run money post "$dir/bad.csv"
says "is refused with its line" "line 3"
says "and its rule" "rule overdraw"
check "and leaves nothing" run money balance --format csv
says "not even its first line" "653224,POT,Lop office,place,,220.00"
printf 'date,debit,credit,amount\n2020-04-01,IND,FAR,1\n' >"$dir/bad.csv"
fails "earmarked money into a free pot" 1 run money post "$dir/bad.csv"
says "names its rule" "rule earmark"
printf 'date,debit,credit,amount\n2020-04-01,IND,NOBODY,1\n' >"$dir/bad.csv"
fails "an unknown account" 1 run money post "$dir/bad.csv"
says "is named" "NOBODY"

id=$(run money trace --from lot:653224:1 --lots --format csv 2>/dev/null | sed -n 2p | tr -d '\r' | sed 's/.*,//')
fails "what was passed on" 1 run money return "$id" --date 2020-05-01
says "is told" "rule passed_on"
check "the whole chain" run money return "$id" --date 2020-05-01 --chain --note wrong
check "balances again" run money balance --format csv
says "the pot has it back" "653224,POT,Lop office,place,,1000.00"
says "and the household has not" "653224,H1,household one,household,,0.00"
check "rates with their bases" run money rates
says "are figures" "in_place_rate"
check "proof" run verify
says "no fault" "ledger: 0 faults"

fails "counties apart and together" 2 run money deliver --apart --together
check "counties share no transaction from now on" run money deliver --apart
printf 'code,date,debit,credit,amount\nA1,2020-05-02,POT,FAR,30\nA2,2020-05-02,FAR,H2,10\n' >"$dir/far.csv"
fails "what is not there yet cannot be spent in the same file" 1 run money post "$dir/far.csv"
sed -i /A2/d "$dir/far.csv"
before=$(run money balance --format csv | grep 653225,FAR | cut -d, -f6)
check "money over the border" run money post "$dir/far.csv"
after=$(run money balance --format csv | grep 653225,FAR | cut -d, -f6)
out="$before $after"
awk -v a="$after" -v b="$before" 'BEGIN { exit a - b != 30 }' && ok "is brought over by the command" || no "is brought over by the command"
check "nothing is under way" run money underway
there=$("$jiedui" list transfer --where 'amount = 30' --format json | tr '{' '\n' | grep -o '"transfer":"653224:[^"]*"' | head -1 | cut -d'"' -f4)
check "and back" run money return "$there" --date 2020-05-03
check "balances of both sides" run money balance --format csv
says "the far one as before" "653225,FAR,Qira office,place,,$before"
fails "once" 1 run money return "$there" --date 2020-05-03
check "delivering finds nothing" run money deliver
says "left" "0 brought over"
check "in one transaction again" run money deliver --together
check "proof of it" run verify
says "without fault" "ledger: 0 faults"
finish_both "$@"
