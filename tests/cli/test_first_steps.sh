#!/usr/bin/env bash
# What a newcomer does: make a store, look at the schema, load a file, ask, explain, prove, undo.
set -u
jiedui=$1
. tests/cli/tap.sh
small_places
export JIEDUI_STORE=$dir/s.db

check "help" run help
says "help lists commands" "claims"
check "help of a command" run help load
fails "no command is wrong usage" 2 run
fails "a mistyped command" 2 run clams
says "and what was meant" 'did you mean "claims"'
fails "a mistyped option" 2 run load --dry
fails "a store that is not there" 1 run list agreement
says "and its path is named" "s.db"

check "init" run init --places "$dir/places.csv.gz"
fails "init does not overwrite" 1 run init
says "and says why" "already"
check "schema" run schema
says "entities are listed" "household"
check "schema of one" run schema agreement
check "schema as JSON" run schema agreement --format json
check "a blank sheet" run schema agreement --template "$dir/agreement.xlsx"
fails "a mistyped entity" 1 run schema agrement
says "and what was meant" 'did you mean "agreement"'

mkdir "$dir/p"
cat >"$dir/p/document.csv" <<'X'
code,title,published_at
T-D,A report,2020-05-27
X
cat >"$dir/p/organisation.csv" <<'X'
code,name_zh,kind
T-H,A helper,enterprise
X
cat >"$dir/p/commitment.csv" <<'X'
code,helper,place,kind,amount,state,valid_from,valid_to,basis,source
T-C1,T-H,Lop / 洛浦县,money,"100,000",committed,2020,2020,restated,T-D
T-C2,T-H,653225,money,2.5万,committed,2020-02-30,2020,restated,T-D
T-C3,T-H,Chaoyang,money,12.345,committed,2020,2020,restated,T-D
X
sed -i 's|Lop / 洛浦县|和田地区/洛浦县|' "$dir/p/commitment.csv"
fails "refused rows are told by the exit status" 3 run load "$dir/p"
says "the report counts them" "commitment.refused.csv"
out=$(cat "$dir/p/commitment.refused.csv")
says "a date that does not exist" "2020-02-30"
says "the line is named" "3,"
check "the good row is there" run list commitment
says "with its amount" "100000.00"
sed -i 's/2020-02-30/2020-02-29/g; s/Chaoyang/653226/g; s/12\.345/12.34/g' "$dir/p/commitment.refused.csv"
check "the corrected file loads by itself" run load "$dir/p/commitment.refused.csv"
check "all three are there" run list commitment --format csv
says "the mended row" "25000.00"
check "loading again changes nothing" run load "$dir/p/document.csv" "$dir/p/organisation.csv"

check "figures" run figures
check "a figure" run figure aid_agreed --format csv
says "has the sum" "125,012.34"
check "by county" run figure aid_agreed --by county --format csv
says "one line a county" "653225000000"
check "inside a place" run figure aid_agreed --place 洛浦县
says "only that county" "100,000"
fails "an unknown figure" 1 run figure aid_agred
says "and what was meant" 'did you mean "aid_agreed"'
check "explain" run explain aid_agreed
says "names the rows" "T-C1"
says "and the definition" "sum amount of commitment"

check "verify" run verify
says "no fault" "rows: 0 faults"
check "heads" run verify --heads
run verify --heads >"$dir/heads"
check "verify against them" run verify --against "$dir/heads"

check "export" run export commitment -o "$dir/c.csv"
fails "undo of a load that others stand on" 1 run load --undo 1
says "names what stands on it" "T-C3"
check "undo of the last load" run load --undo 2
check "then of the first" run load --undo 1
check "their rows are gone" run list commitment --format csv
silent "all of them" "T-C"
check "the store is still whole" run verify
says "no fault after the undo" "figures: 0 faults"
finish
