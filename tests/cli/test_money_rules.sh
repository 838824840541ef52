#!/usr/bin/env bash
# Earmark rules, rates, alerts, vouchers and receipts from the command line.
set -u
jiedui=$1
. tests/cli/tap.sh
small_places
new_store
check "init" run init --quiet --places "$dir/places.csv.gz"
check "the rules that ship are in force at once" run money rules --on 2020-06-01
says "with what they say" "at most 1% of a batch: purpose = management"
says "in order" "RULE-LIBRARY"
check "as of a day before them" run money rules --on 2015-01-01 --format csv
silent "there are none" "RULE-"

check "those of idle money too" run list alert_rule
says "over a year" "IDLE-YEAR"
check "loaded again" run load rules
silent "they are the same" "this is load"
fails "a rule does not end without a reason" 2 run money rules end IDLE-YEAR --on 2018-12-31
says "which is asked for" "--note says why"
fails "nor one that is not there" 1 run money rules end NONE --note why
says "by its name" "there is no rule NONE"
fails "nor before it begins" 1 run money rules end IDLE-YEAR --on 2016-12-31 --note early
check "with one it ends" run money rules end IDLE-YEAR --on 2018-12-31 --note "our office counts from 100 yuan"
fails "once" 1 run money rules end IDLE-YEAR --on 2019-12-31 --note "again"
run show alert_rule IDLE-YEAR >"$dir/rule.txt"
out=$(cat "$dir/rule.txt")
says "and says why" "ended 2018-12-31: our office counts from 100 yuan"
check "an upgrade" run upgrade
silent "brings nothing back" "rules of money"
run show alert_rule IDLE-YEAR >"$dir/again.txt"
check "of what was ended" cmp "$dir/rule.txt" "$dir/again.txt"

cat >"$dir/organisation.csv" <<'X'
code,name_zh,kind
GIVER,天津市,government
TAKER,洛浦县,government
X
cat >"$dir/fund_line.csv" <<'X'
code,title,place,kind,state
F,City money,653224,city_fiscal,done
X
cat >"$dir/commitment.csv" <<'X'
code,helper,place,kind,amount,state,valid_from,valid_to
K,GIVER,653224,money,2000,committed,2020,2020
X
cat >"$dir/batch.csv" <<'X'
code,fund_line,helper,place,amount,commitment,valid_from
B1,F,GIVER,653224,1000,K,2020-01-02
X
cat >"$dir/earmark_rule.csv" <<'X'
code,title,kind,scope,holds,share,valid_from
IND,half to industry,floor,batch,purpose = industry,50,2020-01-01
BAD,faulty,forbid,,purpose = industri,,2020-01-01
X
fails "a rule that cannot be read is refused" 1 run load "$dir/organisation.csv" "$dir/fund_line.csv" \
  "$dir/commitment.csv" "$dir/batch.csv" "$dir/earmark_rule.csv"
says "with its place" "rule BAD, holds: line 1, column 11"
sed -i /BAD/d "$dir/earmark_rule.csv"
run load "$dir/organisation.csv" "$dir/fund_line.csv" "$dir/commitment.csv" "$dir/batch.csv" \
  "$dir/earmark_rule.csv" >/dev/null 2>&1
cat >"$dir/allocation.csv" <<'X'
code,batch,place,amount,purpose,stage
B1-1,B1,653224,480,industry,allocated
B1-2,B1,653225,520,housing,allocated
X
fails "a load that breaks the floor is refused whole" 1 run load "$dir/allocation.csv"
says "with the rule, the share and what is missing" "at most 48% can still be reached, 20.00 yuan are missing"
sed -i 's/520/500/' "$dir/allocation.csv"
run load "$dir/allocation.csv" >/dev/null 2>&1
check "what can still be kept is taken" run money rules check --format csv
says "and told as undecided" "IND,B1,as planned,undecided"
says "with what can be reached" "50% at most"

cat >"$dir/ledger_account.csv" <<'X'
code,title,place,holder_kind,earmark,restricted,organisation
G,Tianjin,653224,outside,,no,GIVER
POT,Lop office,653224,place,,,TAKER
IND,industry,653224,place,industry,,
HOU,housing,653224,place,housing,,
H1,household one,653224,household,,,
H2,household two,653224,household,,,
X
check "accounts" run load "$dir/ledger_account.csv"
cat >"$dir/t.csv" <<'X'
code,date,debit,credit,amount,batch
T1,2020-01-02,G,POT,1000,B1
T2,2020-01-05,POT,HOU,500,B1
X
check "half of it for housing" run money post "$dir/t.csv"
printf 'code,date,debit,credit,amount,batch\nT3,2020-01-06,POT,HOU,0.01,B1\n' >"$dir/t.csv"
fails "a fen more breaks the rule" 1 run money post "$dir/t.csv"
says "which is named" "rule IND"
says "as posted" "as posted"
printf 'code,date,debit,credit,amount,batch\nT3,2020-01-06,POT,IND,400,B1\nT4,2020-03-01,IND,H1,100.25,\nT5,2020-03-02,IND,H2,50,\n' >"$dir/t.csv"
check "industry and households" run money post "$dir/t.csv"
check "rates rest on the ledger" run money rates --format csv
says "in place against what was agreed" 'ledger_in_place_rate,In-place rate by the ledger,50.0%,1000.00,2000.00'
says "spending" "ledger_spending_rate,Spending rate by the ledger,15.0%,150.25,1000.00"
check "with the rows behind them" run explain money_paid
says "each a leg" "150.25"
check "in hand" run figure money_in_hand --as-of 2020-02-01 --format csv
says "on a day" "1,000 yuan"
check "legs are a list like any other" run list transfer --where 'from_kind = outside'
says "by name" "653224:1"
printf "leg,place\n1,653224\n" >"$dir/transfer.csv"
fails "and not loaded" 1 run load "$dir/transfer.csv"

cat >"$dir/alert_rule.csv" <<'X'
code,title,over_days,over_amount,valid_from
IDLE,idle for a year and over 100 yuan,365,100,2019-01-01
X
check "an alert rule" run load "$dir/alert_rule.csv"
check "nothing is idle yet" run money alerts --on 2020-12-31
fails "after a year" 3 run money alerts --on 2021-02-01 --format csv
says "the housing money is" "IDLE,HOU,housing,still idle,500.00,2020-01-05,393,2021-01-05"
says "and what is left for industry" "IDLE,IND,industry,still idle,249.75"
silent "the pot has too little" "IDLE,POT"
fails "again the same" 3 run money alerts --on 2021-02-01 --since 2021-01-05 --format csv
says "one is new since" "IND,industry,raised"
printf 'code,date,debit,credit,amount\nT6,2021-02-03,HOU,H1,450\n' >"$dir/t.csv"
run money post "$dir/t.csv" >/dev/null
fails "when money moves" 3 run money alerts --on 2021-02-04 --since 2021-02-01 --format csv
says "its alert is closed" "HOU,housing,closed"
fails "the watch tells them too" 3 run watch idle --as-of 2021-02-04 --format csv
says "what lies" "IND,industry,still idle"
silent "and not what moved" "HOU,housing"
fails "what lies today" 3 run watch idle --format csv
says "is read from open lots" "IDLE,IND,industry,still idle,249.75"
check "ageing of an earlier day" run money ageing --on 2021-02-01 --format csv
says "tells what lay there then" "HOU,housing,500.00,393"

transfer=$("$jiedui" list transfer --format json | tr '{' '\n' | grep -o '"transfer":"[^"]*"' | head -1 | cut -d'"' -f4)
mkdir -p "$dir/papers/2020"
echo "bank slip" >"$dir/papers/2020/slip.txt"
check "a voucher" run money voucher add "$dir/papers/2020/slip.txt" --to "$transfer" --kind bank_slip --title "Slip"
check "twice" run money voucher add "$dir/papers/2020/slip.txt" --to "$transfer"
says "is there already" "was there already"
check "the folder holds it" run money voucher check "$dir/papers"
echo "bank slip forged" >"$dir/papers/2020/slip.txt"
fails "a changed file" 3 run money voucher check "$dir/papers"
says "is told" "changed"
rm "$dir/papers/2020/slip.txt"
fails "a missing one too" 3 run money voucher check "$dir/papers"
says "is told as missing" "missing"
fails "a voucher of no transfer" 1 run money voucher add "$dir/t.csv" --to 653224:99
says "names it" "there is no transfer 653224:99"
fails "a folder is no voucher" 1 run money voucher add "$dir" --to "$transfer"

check "the receiver confirms" run confirm transfer 653224:1 --as TAKER --confirmed
fails "the giver does not" 1 run confirm transfer 653224:1 --as GIVER --confirmed
fails "and nobody reports a leg" 1 run confirm transfer 653224:2 --as TAKER --reported
check "what a receipt would state" run money receipt B1 --draft
says "has no number" "not issued"
year=$(date +%Y)
check "a receipt for the giver" run money receipt B1 --by Ann --date "$year-03-04"
says "has the receiving office's number of the year" "TAKER-$year-0001"
says "adds up" "Given 1000.00 = delivered 600.25 + in hand 399.75 + under way 0.00"
says "names no household" "2 households in"
silent "not one" "household one"
says "tells what is confirmed" "Confirmed by the receiver 1000.00"
says "and the papers" "documents 1"
silent "it is the original" "COPY"
first=$(grep -o 'Digest [0-9a-f]*' <<<"$out")
check "in Chinese on A4" run --zh money receipt B1 --html "$dir/r.html"
out=$(cat "$dir/r.html")
says "with its size" "@page{size:A4"
says "and language" 'lang="zh-Hans"'
says "and sums" "已支付"
says "is a copy" "副本"
check "by its number" run money receipt "TAKER-$year-0001"
says "a copy too" "COPY"
says "of the same words" "$first"
check "the list knows it" run list receipt --format csv
says "with its giver and sum" "TAKER-$year-0001,653224000000,TAKER,GIVER,B1,1000.00"
check "so does a trace of the batch" run money trace --from B1
says "which counts money once that is handed on under its name" "given 1000.00 = delivered 600.25 + in hand 399.75 + under way 0.00"
says "by number" "receipt TAKER-$year-0001"
check "and the number names the money" run money trace --from "TAKER-$year-0001"
fails "a batch without money" 1 run money receipt NONE
says "is named" "NONE"
fails "a draft of what is issued" 2 run money receipt "TAKER-$year-0001" --draft
printf 'code,date,debit,credit,amount,batch\nT7,2020-04-01,G,POT,70,B2\n' >"$dir/t.csv"
sed -i 's/^B1,/B2,/; s/2020-01-02/2020-04-01/' "$dir/batch.csv"
run load "$dir/batch.csv" >/dev/null 2>&1
check "money of another batch" run money post "$dir/t.csv"
seventh=$("$jiedui" list transfer --where 'amount = 70' --format json | grep -o '"transfer":"[^"]*"' | head -1 | cut -d'"' -f4)
leg=$("$jiedui" list transfer --where 'amount = 70' --format json | tr '{' '\n' | grep -o '"leg":"[^"]*"' | head -1 | cut -d'"' -f4)
check "the receiver disputes it" run confirm transfer "$leg" --as TAKER --disputed --reason "never seen"
fails "no receipt for what is all disputed" 1 run money receipt B2
says "until that is settled" "all of it is disputed"
check "once it is" run confirm transfer "$leg" --as TAKER --confirmed
check "one transfer has a receipt too" run money receipt "transfer:$seventh" --date "$year-03-05"
says "with the next number" "TAKER-$year-0002"
check "another office issues one in its place" run money receipt "transfer:$seventh" --anew --office GIVER --date "$year-03-06"
says "by its own numbers" "GIVER-$year-0001"
check "the first is a copy" run money receipt "TAKER-$year-0002"
says "and says what took its place" "GIVER-$year-0001 has taken its place"
check "the money is taken back" run money return "$seventh"
check "its receipt" run money receipt "GIVER-$year-0001"
says "is void" "VOID: all of this money was taken back since"
fails "and no other is issued" 1 run money receipt "transfer:$seventh" --anew
says "for there is nothing" "taken back"
fails "an office that is not there" 1 run money receipt B1 --anew --office NOBODY
cat >"$dir/project.csv" <<'X'
code,title,kind,place
PJ,tree farm,planting,653224
X
cat >"$dir/project_stage.csv" <<'X'
code,project,place,stage,valid_from,result
PJ-1,PJ,653224,entered,2019-12-01,passed
PJ-2,PJ,653224,started,2020-03-01,
X
cat >"$dir/benefit_link.csv" <<'X'
code,project,place,kind,households
BL,PJ,653224,wage,80
X
cat >"$dir/firm_landed.csv" <<'X'
code,place,trade,investment,invested
FM,653224,juice,5000000,4000000
X
cat >"$dir/allocation.csv" <<'X'
code,place,amount,purpose,form,goods,units,unit,fate,commitment,project,valid_from
GO,653224,100,industry,goods,seedlings,20000,株,18500 planted by 80 households,K,PJ,2020-03-02
X
before=$("$jiedui" figure in_place_rate --place 653224 --format csv | tail -1)
check "a project, its stages, whom it carries, goods, a firm's own money" run load "$dir/project.csv" \
  "$dir/project_stage.csv" "$dir/benefit_link.csv" "$dir/firm_landed.csv" "$dir/allocation.csv"
check "goods keep number, unit and what became of them" run show allocation GO
says "seedlings" "20000.00"
says "planted" "18500 planted by 80 households"
check "what a firm invests for itself" run explain in_place_rate --place 653224
silent "is no aid" "FM"
sed -i 's/^GO,/GX,/; s/,PJ,2020/,PX,2020/' "$dir/allocation.csv"
printf 'code,title,kind,place\nPX,no entry,planting,653224\n' >"$dir/project.csv"
run load "$dir/project.csv" >/dev/null 2>&1
fails "no entry in the library, no money" 1 run load "$dir/allocation.csv"
says "by the rule that ships" "rule RULE-LIBRARY"
check "the rule is ended" run money rules end RULE-LIBRARY --on 2020-03-01 --note "the county keeps no library"
check "and the next day money goes" run load "$dir/allocation.csv"
check "the chain from commitment to benefit" run money chain K --format csv
says "batch" "batch,B1"
says "line" "allocation,B1-1,industry"
says "posted" "posted,B1,,2020-01-02,,1000.00"
says "paid" "paid out,B1,,,,600.25"
says "goods" "allocation,GO,industry"
says "stage" "project stage,PJ-2,started,2020-03-01"
says "benefit" "benefit,BL,wage"
check "everything is proved" run verify
finish_both "$@"
