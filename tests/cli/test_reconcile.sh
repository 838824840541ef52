#!/usr/bin/env bash
# A bank's statement beside the ledger: CSV as banks print it, camt.053, the same file again.
set -u
jiedui=$1
. tests/cli/tap.sh
small_places
new_store
cmp_to() { "$jiedui" money reconcile "$@" --account POT --by Eve --format csv; }
check "init" run init --quiet --places "$dir/places.csv.gz"
cat >"$dir/ledger_account.csv" <<'X'
code,title,place,holder_kind,restricted,bank_code,bank_card
G,Tianjin,653224,outside,no,,
POT,Lop office,653224,place,,102100099996,99653224000000001
H1,household,653224,payee,,,
X
check "accounts" run load "$dir/ledger_account.csv"
cat >"$dir/t.csv" <<'X'
code,date,debit,credit,amount
T1,2020-05-02,G,POT,10000
TR-2,2020-06-02,POT,H1,1200
T3,2020-06-05,G,POT,500
T4,2020-06-06,G,POT,70
T5,2020-06-08,G,POT,70
T6,2020-06-28,G,POT,33
T7,2020-07-01,POT,H1,45
X
check "a ledger" run money post "$dir/t.csv"
cat >"$dir/june.csv" <<'X'
账户明细 洛浦县,,,,,,,
交易时间,借方发生额,贷方发生额,余额,流水号,对方户名,对方账号,摘要
2020-06-02 10:11:12,"1,200.00",,"8,800.00",0001,阿某,6222020000000000018,代发 TR-2
2020-06-05 09:00:00,,550.00,"9,350.00",T3,天津,,捐款
2020-06-07 09:00:00,,70.00,"9,420.00",,,,
2020-06-10 09:00:00,5.00,,"9,415.00",,,,手续费
2020-06-30 17:00:00,45.00,,"9,370.00",,,,
合计,"1,250.00",620.00,,,,,
X
fails "a statement" 3 cmp_to "$dir/june.csv"
says "with another amount than the ledger's" "another amount,2,2020-06-05,550.00,T3,653224:"
says "one line that two legs could be" "ambiguous,3,2020-06-07,70.00,,,,,1"
says "the two" ",2020-06-08,70.00,1"
says "what the ledger does not know" "in the bank alone,4,2020-06-10,-5.00"
says "what the bank does not know" "2020-06-28,33.00"
says "the balance at its end" "balance after,,2020-06-30,9370.00,,,2020-06-30,9473.00"
silent "the first days agree" "balance before"
silent "a payment booked a day later is no difference" ",45.00"
n_rows=$(run export bank_line | wc -l)
fails "the same file again" 3 cmp_to "$dir/june.csv"
[ "$(run export bank_line | wc -l)" = "$n_rows" ] && ok "changes nothing" || no "changes nothing"
check "lines are records" run list bank_line
silent "without other people's accounts" "6222020000000000018"
check "what fits is told on request" bash -c "'$jiedui' money reconcile '$dir/june.csv' --account POT --all --format csv; [ \$? = 3 ]"
says "by the word in a remark" "matched,1,2020-06-02,-1200.00,TR-2,"
says "by the amount" "matched,5,2020-06-30,-45.00,,653224:"

cat >"$dir/july.xml" <<'X'
<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt>
<Acct><Id><Othr><Id>99653224000000001</Id></Othr></Id></Acct>
<FrToDt><FrDtTm>2020-07-01T00:00:00</FrDtTm><ToDtTm>2020-07-31T23:59:59</ToDtTm></FrToDt>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">9473.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">9573.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Ntry><Amt Ccy="CNY">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2020-07-09</Dt></BookgDt>
<NtryDtls><TxDtls><Refs><EndToEndId>T8</EndToEndId></Refs><RltdPties><Dbtr><Nm>a &amp; b</Nm></Dbtr></RltdPties></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="CNY">7.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts><BookgDt><Dt>2020-07-31</Dt></BookgDt></Ntry>
</Stmt></BkToCstmrStmt></Document>
X
printf 'code,date,debit,credit,amount\nT8,2020-07-09,G,POT,100\n' >"$dir/t2.csv"
check "July" run money post "$dir/t2.csv"
fails "as camt.053" 3 cmp_to "$dir/july.xml"
says "is as the ledger has it but for the end" "balance after,,2020-07-31,9573.00,,,2020-07-31,9528.00"
silent "the leg that June's statement has" ",-45.00"
silent "an entry by its reference" ",100.00"
sed 's/camt.053.001.02/camt.053.001.08/; s,<Sts>\([A-Z]*\)</Sts>,<Sts><Cd>\1</Cd></Sts>,; s,<Dbtr><Nm>a &amp; b</Nm>,<Dbtr><Pty><Nm>c \&amp; d</Nm></Pty>,; s/2020-07/2020-09/g; s/9473/9528/; s/9573/9628/' \
  "$dir/july.xml" >"$dir/september.xml"
sed -i 's/T8/T9/' "$dir/september.xml"
printf 'code,date,debit,credit,amount\nT9,2020-09-09,G,POT,100\n' >"$dir/t2.csv"
check "September" run money post "$dir/t2.csv"
check "in the later version" cmp_to "$dir/september.xml"
silent "it fits, and what is only pending is no line" "7.00"
check "its lines" run export bank_line
says "name the other party" "c & d"
sed -i 's/99653224000000001/99653224000000009/' "$dir/july.xml"
fails "a statement of another account" 1 cmp_to "$dir/july.xml"
says "is refused" "of the account ending in 0009"

printf 'when,what,how much\n2020-08-01,x,5\n' >"$dir/odd.csv"
fails "columns nobody can guess" 1 cmp_to "$dir/odd.csv"
says "are asked for" "there is no column date"
printf 'when = date\nhow much = amount\n' >"$dir/odd.map"
fails "and taught" 3 cmp_to "$dir/odd.csv" --mapping "$dir/odd.map"
printf 'when,what,how much\n2020-08-02,y,6\n' >"$dir/odd2.csv"
fails "once" 3 cmp_to "$dir/odd2.csv"
says "for the next file too" "in the bank alone,1,2020-08-02,6.00"
printf 'date,amount\n2020-08-01,5\nyesterday,1.5\n2020-08-03,1.555\n' >"$dir/bad.csv"
fails "a row that cannot be read" 1 cmp_to "$dir/bad.csv"
says "refuses the statement" "taken in whole or not at all"
out=$(cat "$dir/bad.refused.csv")
says "with its rows" "4,amount,1.555"
fails "a file that is not there" 1 cmp_to "$dir/none.csv"
fails "an account that is not there" 1 run money reconcile "$dir/june.csv" --account NO --by Eve
printf '<Document><BkToCstmrStmt><Stmt><Ntry>' >"$dir/cut.xml"
fails "a file cut off" 1 cmp_to "$dir/cut.xml"
says "is told where" "cut.xml: the XML is broken at line 1"
check "proof" run verify
says "no fault" "journal: 0 faults; rows: 0 faults; figures: 0 faults"
finish_both "$@"
