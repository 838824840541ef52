#!/usr/bin/env bash
# Releases from the command line: made, approved, corrected, written, and proved without a store.
set -u
jiedui=$1
. tests/cli/tap.sh
small_store
mkdir "$dir/p"
cat >"$dir/p/organisation.csv" <<'X'
code,name_zh,kind
R-D,某区,department
X
cat >"$dir/p/allocation.csv" <<'X'
code,place,helper,stage,amount,valid_from,valid_to
R-1,653224,R-D,received,100.50,2020-03-01,2020-03-01
R-2,653225,R-D,received,200,2020-04-01,2020-04-01
R-3,653224,R-D,paid,60,2020-05-01,2020-05-01
X
out=$(run load -q "$dir/p" 2>&1) && ok "the records are loaded" || no "the records are loaded"
cat >"$dir/f.csv" <<'X'
figure,place,organisation,from,to,by
aid_received,,,2020,2020,
aid_received,,,2020,2020,county
aid_paid,653224,R-D,2020-01,2020-06,
X
check "a release is made" run release make y2020 --figures "$dir/f.csv" --by Li --title "Year 2020"
says "it says how many figures" "4 figures"
fails "its maker does not approve it" 1 run release approve y2020 --by LI
fails "before the approval it is not written" 1 run release write y2020 -o "$dir/y.jsonl"
says "and it says why" "nobody has approved"
[ ! -e "$dir/y.jsonl" ] && ok "nothing is left behind" || no "nothing is left behind"
check "somebody else approves it" run release approve y2020 --by Wang
check "it is written" run release write y2020 -o "$dir/y.jsonl"
out=$(run release list --format csv); says "it is listed" "y2020,Year 2020,"
out=$(run release show y2020); says "it is shown" "300.50"

# Without any store.
cd_away() { (cd "$dir" && env -u JIEDUI_STORE "$OLDPWD/$jiedui" "$@"); }
case $jiedui in /*) cd_away() { (cd "$dir" && env -u JIEDUI_STORE "$jiedui" "$@"); } ;; esac
check "the file proves itself" cd_away verify --release y.jsonl
says "no fault" "0 faults"

# The chain again, by other tools.
hash=$(printf '%064d' 0) bad=0
while IFS= read -r line; do
  body="${line%,\"hash\":\"*}}" want=${line##*,\"hash\":\"} want=${want%\"\}}
  hash=$({ printf '%s' "${hash^^}" | basenc -d --base16; printf '%s' "$body"; } | b2sum -l 256 | cut -d' ' -f1)
  [ "$hash" = "$want" ] || bad=$((bad + 1))
done <"$dir/y.jsonl"
out="$bad lines differ"; [ $bad = 0 ] && ok "b2sum finds the same chain" || no "b2sum finds the same chain"

sed '0,/"value":"300.50"/s//"value":"300.60"/' "$dir/y.jsonl" >"$dir/bad.jsonl"
fails "one changed digit is a fault" 3 cd_away verify --release bad.jsonl
says "its figure is named" "aid_received, nation, from 2020-01-01, to 2020-12-31: the line was changed"
head -c 900 "$dir/y.jsonl" >"$dir/cut.jsonl"
fails "a file cut off is a fault" 3 cd_away verify --release cut.jsonl
says "and is told" "cut off"
sed -i '$d' "$dir/bad.jsonl"
fails "without its approval too" 3 cd_away verify --release bad.jsonl
says "and it says so" "nobody has approved"
fails "another file is no release" 1 cd_away verify --release f.csv
says "and it says so" "f.csv: the file is no release"
sed '1s/"format":1/"format":9/' "$dir/y.jsonl" >"$dir/new.jsonl"
fails "one of a newer program is refused" 1 cd_away verify --release new.jsonl
says "and it says so" "use a newer one"

# A signature with the office's key.
printf 'code,name_zh,kind\nR-O,结对办,department\n' >"$dir/organisation.csv"
run load -q "$dir/organisation.csv" >/dev/null
run package key --as R-O --secret "$dir/key" >/dev/null
check "it is signed" run release write y2020 -o "$dir/signed.jsonl" --secret "$dir/key"
check "the signature holds" cd_away verify --release signed.jsonl
key=$(printf '%s' "$out" | sed -n 's/^signed with //p')
check "it is that of this key" cd_away verify --release signed.jsonl --key "$key"
fails "another key is told" 3 cd_away verify --release signed.jsonl --key "${key//[0-7]/8}"
fails "no signature is told" 3 cd_away verify --release y.jsonl --key "$key"
sed '$s/"signature":"\(..\)../"signature":"\1ff/' "$dir/signed.jsonl" >"$dir/forged.jsonl"
fails "a changed signature is a fault" 3 cd_away verify --release forged.jsonl
says "and is named" "the signature is not that of this release"
printf 'short\n' >"$dir/short"
fails "a bad key is refused" 1 run release write y2020 -o "$dir/no.jsonl" --secret "$dir/short"
[ ! -e "$dir/no.jsonl" ] && ok "and nothing is written" || no "and nothing is written"

# For other programs.
check "as CSV" run release write y2020 -o "$dir/y.csv"
out=$(cat "$dir/y.csv"); says "with units" "aid_received,,nation,全国,,2020-01-01,2020-12-31,300.50,eq,,,yuan,recorded,2"
check "as JSON" run release write y2020 -o "$dir/y.json"
out=$(python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); print(len(d["figures"]), d["release"]["name"], d["approvals"][0]["by"], len(d["definitions"]))' "$dir/y.json" 2>&1)
says "all of it" "4 y2020 Wang 2"
check "as a workbook" run release write y2020 -o "$dir/y.xlsx"
out=$(unzip -p "$dir/y.xlsx" xl/workbook.xml); says "a sheet a kind" 'name="definitions"'

# A correction.
printf 'code,place,helper,stage,amount,valid_from,valid_to\nR-4,653224,R-D,received,9.5,2020-06-01,2020-06-01\n' >"$dir/allocation.csv"
run load -q "$dir/allocation.csv" >/dev/null
fails "a correction needs its reason" 2 run release make y2020b --figures "$dir/f.csv" --by Li --corrects y2020
check "a correction is made" run release make y2020b --figures "$dir/f.csv" --by Li --corrects y2020 --reason "a late return"
says "it counts what changed" "2 changes"
out=$(run release show y2020b); says "it says what changed" "310.00"
out=$(run release show y2020); says "the earlier one stays" "300.50"
fails "a correction of nothing is refused" 1 run release make y2020c --figures "$dir/f.csv" --by Li --corrects y2020b --reason "again"
check "the store is sound" run verify

# Against the store, which has gone on.
check "the earlier release comes out of the store again" run verify --release "$dir/y.jsonl" --store "$JIEDUI_STORE"
says "all its figures" "4 figures the same, 0 not"
at=$(printf '%s' "$out" | sed -n 's/^as of \([^,]*\),.*/\1/p')
check "a release of that instant can be made later" run release make late --figures "$dir/f.csv" --by Li --as-of "$at"
out=$(run release show late); says "it holds what was known then" "300.50"
fails "an instant that is none" 2 run release make w --figures "$dir/f.csv" --by Li --as-of soon
check "a later load is taken back" run load --undo 3
check "which leaves the release as it was" run verify --release "$dir/y.jsonl" --store "$JIEDUI_STORE"
check "so is the first" run load --undo 1
fails "what was undone is gone" 1 run verify --release "$dir/y.jsonl" --store "$JIEDUI_STORE"
says "and it says so" "undone since"

# The ledger goes on too: legs and the lots they took.
cat >"$dir/ledger_account.csv" <<'X'
code,title,place,holder_kind,earmark,restricted
G,Giver,653224,outside,,no
POT,Lop office,653224,place,,
PRJ,farm,653224,project,,
H1,household one,653224,household,,
X
run load -q "$dir/ledger_account.csv" >/dev/null
printf 'code,date,debit,credit,amount\nT1,2020-01-02,G,POT,1000\nT2,2020-01-05,POT,PRJ,300.50\n' >"$dir/t.csv"
check "transfers" run money post "$dir/t.csv"
printf 'figure,place,from,to\nmoney_received,,2020,2020\nmoney_in_hand,653224,,2020\nmoney_came_in,,,2020\nmoney_went_out,653200,,2020\n' >"$dir/m.csv"
run release make money --figures "$dir/m.csv" --by Li >/dev/null; run release approve money --by Wang >/dev/null
run release write money -o "$dir/m.jsonl"
out=$(run release show money); says "money in hand" "1000.00"
printf 'code,date,debit,credit,amount\nT3,2020-02-05,PRJ,H1,100.50\nT4,2020-02-06,G,POT,77\n' >"$dir/t.csv"
run money post "$dir/t.csv" >/dev/null
check "which comes out again when more was posted" run verify --release "$dir/m.jsonl" --store "$JIEDUI_STORE"
says "all of it" "4 figures the same, 0 not"

# What is wrong in the list of figures.
printf 'figure,place\naid_recieved,\n' >"$dir/w.csv"
fails "an unknown figure" 1 run release make w --figures "$dir/w.csv" --by Li
says "is named with its line" 'w.csv, line 2: there is no figure "aid_recieved" (did you mean "aid_received"?)'
printf 'figure,plaice\naid_received,\n' >"$dir/w.csv"
fails "an unknown column" 1 run release make w --figures "$dir/w.csv" --by Li
says "is named" 'no column "plaice"'
printf 'figure,place\naid_received,Nowhere\n' >"$dir/w.csv"
fails "an unknown place" 1 run release make w --figures "$dir/w.csv" --by Li
says "is named with its line" 'w.csv, line 2:'
printf 'figure,from\naid_received,soon\n' >"$dir/w.csv"
fails "what is no date" 1 run release make w --figures "$dir/w.csv" --by Li
: >"$dir/w.csv"
fails "an empty file" 1 run release make w --figures "$dir/w.csv" --by Li
printf 'name,as_of,made_by,figures,claims,head\nx,2020-01-01,Li,1,0,%064d\n' 0 >"$dir/publication.csv"
fails "a release is not loaded" 1 run load "$dir/publication.csv"
says "it is made by a command" "made by a command"
out=$(run release list --format csv | wc -l); [ "$out" = 5 ] && ok "nothing else was made" || no "nothing else was made"
# Few people are not found in what is written for everybody, whatever the form; offices have it exact.
mkdir "$dir/h"
awk 'BEGIN { print "code,place,identified_on,exited_on"
  for (i = 0; i < 17; i++) print "PA-" i ",653224100201,2014,2018-05-01"
  for (i = 0; i < 4; i++) print "PB-" i ",653225100201,2014,2018-06-01" }' >"$dir/h/household.csv"
printf 'code,name_zh,kind\nR-E,某局,department\n' >"$dir/h/organisation.csv"
printf 'code,place,helper,stage,amount,valid_from,valid_to\nR-9,653224,R-E,allocated,5,2020-01-01,2020-01-01\n' \
  >"$dir/h/allocation.csv"
check "a register" run load -q "$dir/h"
printf 'figure,place,from,to,by\nhouseholds_exited,,2018,2018,\nhouseholds_exited,,2018,2018,county\nhouseholds_exited,653225,2018,2018,\n' \
  >"$dir/people.csv"
check "a release of people" run release make open --figures "$dir/people.csv" --by Li
says "counties of few are not named" "3 figures"
check "it is approved" run release approve open --by Wang
for form in jsonl csv json xlsx; do check "it is written as $form" run release write open -o "$dir/open.$form"; done
check "the press sheet is printed from it" run report press --release open -o "$dir/open.txt"
out=$(cut -d, -f1,2,8,9 "$dir/open.csv")
says "the county of 17 is told as tens" "households_exited,653224000000,10,ge"
says "the nation without the county of 4" "households_exited,,10,ge"
says "and that county not at all" "households_exited,653225000000,,"
for form in jsonl csv json txt; do
  out=$(grep -v '"kind":"\(definition\|head\|release\|approval\)"' "$dir/open.$form" | sed 's/[0-9a-f]\{24,\}//g')
  silent "$form tells no 17" '"17"'
  silent "$form tells no 21" '"21"'
  silent "$form counts no rows" '"counted"'
done
check "activities for others" run report iati --org R-E --identifier XX-1 -o "$dir/open.xml"
out=$(cat "$dir/open.xml"); silent "tell of no household" "PB-"
check "it comes out of the store again" run verify --release "$dir/open.jsonl" --store "$JIEDUI_STORE"
says "all of it" "3 figures the same, 0 not"
sed 's/"value":"10"/"value":"17"/' "$dir/open.jsonl" >"$dir/forged.jsonl"
fails "a value that is not cut" 3 cd_away verify --release forged.jsonl
says "is a fault" "not cut to whole tens"
check "one for offices" run release make inner --offices --figures "$dir/people.csv" --by Li
says "has every county" "4 figures"
check "approved" run release approve inner --by Wang
check "written" run release write inner -o "$dir/inner.csv"
out=$(cut -d, -f1,2,8 "$dir/inner.csv"); says "it is exact" "households_exited,653225000000,4"
out=$(run release list --format csv); says "and marked" "offices"
out=$(run report press --release inner); says "on paper too" "For offices alone"

finish
