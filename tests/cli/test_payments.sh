#!/usr/bin/env bash
# A pay day from the command line: prepared, approved by another, written for the bank, answered.
set -u
jiedui=$1
. tests/cli/tap.sh
small_places
export JIEDUI_STORE=$dir/s.db
run() { "$jiedui" "$@"; }
pay() { "$jiedui" money payments "$@"; }
check "init" run init --quiet --places "$dir/places.csv.gz"
cat >"$dir/ledger_account.csv" <<'X'
code,title,place,holder_kind,earmark,restricted,bank_code,bank_card
G,Tianjin,653224,outside,,no,,
POT,"洛浦县扶贫办 <A&B> ""x""",653224,place,,,102100099996,99653224000000001
BARE,no bank,653224,place,,,,
X
check "accounts" run load "$dir/ledger_account.csv"
printf 'code,date,debit,credit,amount\nT1,2020-01-02,G,POT,10000\n' >"$dir/t.csv"
check "money in the paying account" run money post "$dir/t.csv"

cat >"$dir/wages.csv" <<'X'
payee,kind,name,account,bank_code,amount,purpose,period
,person,阿某 <一>,6222020000000000000,103100000026,1200.00,wage,2020-05
,个人,阿某二,6222 0200 0000 0000 018,103100000026,"1,200.50",岗位工资,2020年5月
,person,bad card,6222020000000000017,103100000026,1,wage,2020-05
,person,bad bank,6222020000000000026,103100000027,1,wage,2020-05
,organisation,供货公司,0200-0001-0902,104100000004,99.90,goods,2020Q2
,person,阿某 <一>,6222020000000000000,103100000026,1200.00,wage,2020
,person,nothing,6222020000000000034,103100000026,0,wage,2020-05
,person,what for,6222020000000000034,103100000026,5,gift,2020-05
,person,when,6222020000000000034,103100000026,5,wage,May
NOBODY,household,x,6222020000000000034,103100000026,5,wage,2020-05
X
fails "a run from a sheet with faults" 3 pay prepare R1 "$dir/wages.csv" --payer POT --by Ann
says "what is right is prepared" "run R1: 3 lines, 2500.40 yuan, prepared by Ann"
out=$(cat "$dir/wages.refused.csv")
says "a card's check digit" "4,account,6222020000000000017"
says "a bank's number" "5,bank_code,103100000027"
says "a payee twice, with the earlier line" "7,payee,,\"this payee has payment R1-000001 already, wage for 2020-05, prepared\""
says "an amount of nothing" "8,amount,0"
says "an unknown purpose" "9,purpose,gift"
says "an unknown period" "10,period,May"
says "an unknown household" "11,payee,NOBODY"
fails "the same sheet as another run" 1 pay prepare R2 "$dir/wages.csv" --payer POT --by Ann
says "has nobody left to pay" "no line is left to be paid"
fails "and is not kept" 1 pay show R2
fails "the same person" 1 pay approve R1 --by " ann"
says "does not approve" "another person approves it"
fails "nobody" 2 pay approve R1
fails "before approval nothing is written" 1 pay write R1 --by Ann --xml "$dir/R1.xml"
check "another approves" pay approve R1 --by Bob
says "what there is" "3 lines, 2500.40 yuan, approved by Bob"
fails "once" 1 pay approve R1 --by Cid
check "the money is promised" run money balance --format csv
says "out of the account" "POT,\"洛浦县扶贫办 <A&B> \"\"x\"\"\",place,,10000.00,2500.40,0.00"
check "written for the bank" pay write R1 --by Bob --xml "$dir/R1.xml" --csv "$dir/R1.csv"
out=$(cat "$dir/R1.xml")
says "counts" "<NbOfTxs>3</NbOfTxs>"
says "sums" "<CtrlSum>2500.40</CtrlSum>"
says "names are escaped" "<Nm>阿某 &lt;一&gt;</Nm>"
says "lines are named" "<EndToEndId>R1-000001</EndToEndId>"
out=$(cat "$dir/R1.csv")
says "the same as CSV" "R1-000002,阿某二,6222020000000000018,103100000026,1200.50,CNY,岗位工资 2020-05"
check "written again" pay write R1 --by Bob --xml "$dir/again.xml"
out=$(cmp "$dir/R1.xml" "$dir/again.xml" 2>&1) && ok "the same bytes" || no "the same bytes"
fails "nothing is overwritten" 1 pay write R1 --by Bob --xml "$dir/R1.xml"
check "the run" pay show R1
says "shows four digits" "****0018"
silent "and no more" "6222020000000000018"
fails "a payer without a bank account" 1 pay prepare R3 "$dir/wages.csv" --payer BARE --by Ann
says "is told what to do" "give bank_card and bank_code"
fails "a payer outside" 1 pay prepare R3 "$dir/wages.csv" --payer G --by Ann
fails "a run's code that no bank takes" 1 pay prepare "R 3" "$dir/wages.csv" --payer POT --by Ann
check "proof" run verify
says "no fault" "journal: 0 faults; rows: 0 faults; figures: 0 faults"
finish
