#!/usr/bin/env bash
# A pay day from the command line: prepared, approved by another, written for the bank, answered.
set -u
jiedui=$1
. tests/cli/tap.sh
small_places
new_store
pay() { "$jiedui" money payments "$@"; }
check "init" run init --quiet --places "$dir/places.csv.gz"
cat >"$dir/ledger_account.csv" <<'X'
code,title,place,holder_kind,earmark,restricted,bank_code,bank_card
G,Tianjin,653224,outside,,no,,
POT,"洛浦县扶贫办 <A&B> ""x""",653224,place,,,102100099996,99653224000000001
BARE,no bank,653224,place,,,,
IND,industry,653224,place,industry,,102100099996,99653224000000002
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
check "another approves" pay approve R1 --by Bob --date 2020-06-01
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

cat >"$dir/back.csv" <<'X'
业务编号,处理状态,失败原因,流水号,交易日期,金额
R1-000001,成功,,B001,2020-06-02,1200.00
R1-000002,失败,户名不符,B002,2020-06-02,1200.50
R1-000003,成功,,B003,2020-06-02,99.91
R1-000009,成功,,B009,2020-06-02,1
R1-000001,失败,又来,B010,2020-06-03,1200.00
R1-000003,处理中,,,,
R1-000003,怎么了,,,,
X
fails "the bank's answers" 3 pay return-file "$dir/back.csv" --by Eve
says "what was paid" "paid: 1 lines, 1200.00 yuan"
says "what failed" "failed: 1 lines, 1200.50 yuan"
says "what waits" "still under way: 1 lines"
out=$(cat "$dir/back.refused.csv")
says "a wrong amount" "4,amount,99.91,the payment is of another amount"
says "an unknown line" "5,line,R1-000009,there is no payment of this code"
says "another answer already" "6,state,失败,\"it was answered before: paid on 2020-06-02"
says "an unknown word" "8,state,怎么了"
check "back from a payment" run money trace --to R1-000001
says "to the giver" "began at G  Tianjin  1200.00"
fails "from one that failed" 1 run money trace --to R1-000002
says "nobody has it" "reached nobody"
fails "the same file again" 3 pay return-file "$dir/back.csv" --by Eve
says "changes nothing" "nothing new"
check "what failed lies in its lots again" run money balance --format csv
says "and is not promised any more" ',place,,8800.00,99.90,0.00'
printf 'line,state,date\nR1-000003,paid,2020-06-04\n' >"$dir/back2.csv"
check "the last answer" pay return-file "$dir/back2.csv" --by Eve
says "closes the run" "runs closed: 1"
cat >"$dir/back3.xml" <<'X'
<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt>
<OrgnlPmtInfAndSts><OrgnlPmtInfId>R1</OrgnlPmtInfId>
<TxInfAndSts><OrgnlEndToEndId>R1-000003</OrgnlEndToEndId><TxSts>ACSC</TxSts><AccptncDtTm>2020-06-04T09:00:00</AccptncDtTm></TxInfAndSts>
<TxInfAndSts><OrgnlEndToEndId>X</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC01</Cd></Rsn><AddtlInf>no account</AddtlInf></StsRsnInf></TxInfAndSts>
</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>
X
fails "the same as pain.002" 3 pay return-file "$dir/back3.xml" --by Eve
says "is known" "answered so before: 1 lines"
out=$(cat "$dir/back3.xml.refused.csv")
says "and refused by line" "X,RJCT,AC01 no account"
printf 'line,state,reason,date\nR1-000003,退汇,账户已销户,2020-06-08\n' >"$dir/back4.csv"
check "sent back later" pay return-file "$dir/back4.csv" --by Eve
says "is returned" "returned: 1 lines, 99.90 yuan"
check "the money" run money balance --format csv
says "is in the account again" ',place,,8800.00,0.00,0.00'

grep -v -e bad -e nothing -e 'what for' -e when -e NOBODY -e ',2020$' -e '^,person' "$dir/wages.csv" >"$dir/again.csv"
check "what failed and what came back" pay prepare R2 "$dir/again.csv" --payer POT --by Ann
says "can be paid again" "run R2: 2 lines, 1300.40 yuan"
fails "but not by two runs" 1 pay prepare R4 "$dir/again.csv" --payer POT --by Ann
says "the earlier line is named" "no line is left"
check "one line is taken out" pay cancel R2 --line R2-000001 --by Ann
check "the rest approved" pay approve R2 --by Bob
says "without it" "run R2: 1 lines, 99.90 yuan"
check "and cancelled" pay cancel R2 --by Bob
check "nothing is promised" run money balance --format csv
says "any more" ',place,,8800.00,0.00,0.00'
fails "a closed run" 1 pay cancel R1 --by Bob

cat >"$dir/household.csv" <<'X'
code,place,basis
H1,653224,synthetic
H2,653224,synthetic
X
cat >"$dir/person.csv" <<'X'
household,code,name,basis
H1,01,阿某,synthetic
H1,02,阿某子,synthetic
H2,01,阿某二,synthetic
X
cat >"$dir/welfare_post.csv" <<'X'
code,place,holder,monthly_pay,valid_from,valid_to,state
WP1,653224,H1/01,1000,2020-01-01,,done
WP2,653224,H2/01,900,2020-07-01,,done
WP3,653224,,800,2020-01-01,,done
WP4,653224,H1/02,700,2020-01-01,2020-05-31,planned
X
cat >"$dir/student_aid.csv" <<'X'
code,place,students,amount,yearly_rate
SA1,653224,2,5000,2500
X
cat >"$dir/payee.csv" <<'X'
code,name,kind,place,person,bank_card,bank_code
P-H101,阿某,person,653224,H1/01,6222020000000000042,103100000026
P-H102,阿某子,person,653224,H1/02,6222020000000000059,103100000026
X
for f in household person welfare_post student_aid payee; do run load --quiet "$dir/$f.csv" >/dev/null 2>&1 || no "load $f"; done
cd "$dir" || exit 1
check "wages of posts that are held" pay prepare W5 --records welfare_post --period 2020-05 --payer POT --by Ann
says "once a month, of those who hold one then" "run W5: 1 lines, 1000.00 yuan"
check "with the record" run list payment --where 'for_record = "welfare_post:WP1"' --format csv
says "that says so" "W5-000001,P-H101"
fails "a year of posts" 2 pay prepare W6 --records welfare_post --period 2020 --payer POT --by Ann
fails "July" 3 pay prepare W7 --records welfare_post --period 2020-07 --payer POT --by Ann
says "pays one of two" "run W7: 1 lines"
out=$(cat W7.refused.csv)
says "for the other has no account" "2,account,,\"no account of this payee is known"
cat >s.csv <<'X'
payee,amount,record,purpose,period
H1/01,,student_aid:SA1,student_aid,2020
H1/02,2600,student_aid:SA1,student_aid,2020
H1/02,2500,student_aid:SA1,student_aid,2020
X
fails "a sheet for a record" 3 pay prepare S1 s.csv --payer POT --by Ann
says "takes its rate, and fills it" "run S1: 2 lines, 5000.00 yuan"
out=$(cat s.refused.csv)
says "and no more" "3,amount,2600,student_aid:SA1 has only 2500.00 yuan left to be paid"
cd - >/dev/null || exit 1
printf 'code,state\nR1-000001,paid\n' >"$dir/payment.csv"
fails "payments are not loaded" 1 run load "$dir/payment.csv"
says "but made by commands" "come from the program's own commands"
head -n 2 "$dir/wages.csv" | sed 's/0000000000,/0000000067,/' >"$dir/one.csv"
printf 'code,date,debit,credit,amount\nT2,2020-01-02,G,IND,2000\n' >"$dir/t2.csv"
check "money set apart" run money post "$dir/t2.csv"
fails "pays for nothing unsaid" 1 pay prepare I1 "$dir/one.csv" --payer IND --by Ann
says "but asks" "set apart for industry: say --earmark"
fails "nor for another use" 1 pay prepare I1 "$dir/one.csv" --payer IND --by Ann --earmark medical
says "which is named" "not for medical"
check "for its own" pay prepare I1 "$dir/one.csv" --payer IND --by Ann --earmark industry
check "it is approved" pay approve I1 --by Bob
run export payee --where 'bank_card = "6222020000000000067"' --columns code,name,kind,place,bank_card,bank_code 2>/dev/null | sed 's/0000000067/0000000075/' >"$dir/payee.csv"
check "an account is changed behind an approval" run load "$dir/payee.csv"
fails "and the payment is not written" 1 pay write I1 --by Bob --xml "$dir/I1.xml"
says "which is said" "payment I1-000001: the payee's name or account is not what was approved"
[ ! -e "$dir/I1.xml" ] && ok "nothing is left of it" || no "nothing is left of it"
check "it can be taken back" pay cancel I1 --by Bob

# A payee of another county, where counties share no transaction: what the bank sends back is begun there and
# brought home, and the books are those of one transaction.
cat >"$dir/payee.csv" <<'X'
code,name,kind,place,bank_card,bank_code
FAR-1,某厂,organisation,653225,02000001090211,104100000004
FAR-2,某店,organisation,653225,02000001090222,104100000004
X
run load --quiet "$dir/payee.csv" || no "load payees"
balances() { run money balance --format csv | grep -e ',POT,' -e ',payee,'; }
printf 'line,state,date\nFAR-R-000001,paid,2020-07-02\nFAR-R-000002,paid,2020-07-02\n' >"$dir/far_paid.csv"
printf 'line,state,reason,date\nFAR-R-000002,returned,closed,2020-07-05\nFAR-R-000001,returned,closed,2020-07-06\n' >"$dir/far_back.csv"
before=$(balances)
for how in --together --apart; do
  check "counties $how" run money deliver $how
  sed "s/FAR-R/FAR$how/" "$dir/far_paid.csv" >"$dir/paid.csv"; sed "s/FAR-R/FAR$how/" "$dir/far_back.csv" >"$dir/back.csv"
  printf 'payee,amount,purpose,period\nFAR-1,11,goods,2020-06\nFAR-2,12,goods,2020-06\n' >"$dir/far.csv"
  check "a run to another county" pay prepare "FAR$how" "$dir/far.csv" --payer POT --by Ann
  check "approved" pay approve "FAR$how" --by Bob --date 2020-07-01
  check "written" pay write "FAR$how" --by Bob --xml "$dir/far$how.xml" --csv "$dir/far$how.csv"
  check "paid" pay return-file "$dir/paid.csv" --by Eve
  out=$(run money balance --format csv)
  says "it arrived there" "653225,"
  check "and sent back" pay return-file "$dir/back.csv" --by Eve
  says "line by line" "returned: 2 lines, 23.00 yuan"
  check "nothing is under way" run money underway
  out=$(balances | grep -v ',0.00,0.00,0.00')
  [ "$out" = "$(grep -v ',0.00,0.00,0.00' <<<"$before")" ] && ok "every fen is where it was" || no "every fen is where it was"
  check "the same file again" pay return-file "$dir/back.csv" --by Eve
  says "changes nothing" "nothing new"
done
check "together again" run money deliver --together
check "proof" run verify
says "no fault" "journal: 0 faults; rows: 0 faults; figures: 0 faults"
finish_both "$@"
