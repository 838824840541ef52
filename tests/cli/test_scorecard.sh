#!/usr/bin/env bash
# Scorecards: points from figures, typed ones with who and why, ranks for those above alone, who checks
# whom, and what is wrong with a card.
set -u
jiedui=$1
. tests/cli/tap.sh
small_store

check "the shipped cards load" run load data/scorecards
check "the cards" run scorecard --format csv
says "items, weights, and how many nobody has set" \
  'EW-HELPED,"East-West cooperation, helped province",helped,province,2017-01-01,2020-12-31,29,100,100,29'
check "nothing is wrong with the shipped cards" run scorecard check
check "the cards in Chinese" run --zh scorecard --format csv
says "are named in Chinese" 'EW-HELPED,东西部扶贫协作·受援方（省级）,helped,province'
old_card() { printf 'code,title,%sside,unit_level,full_points,grades,valid_from,valid_to\nOLD,Old card,%shelped,%s\n' "$@"; }
old_card '' '' 'county,100,good 80; poor 0,2016-01-01,2016-12-31' >"$dir/scorecard.csv"
check "a sheet that knows one language" run load "$dir/scorecard.csv"
check "then" run --zh scorecard --format csv
says "has the title it has" 'OLD,Old card,'
old_card title_zh, 旧表, 'county,100,good/好 80; poor/较差 0,2016-01-01,2016-12-31' >"$dir/scorecard.csv"
check "the other language comes later" run load "$dir/scorecard.csv"
check "and then" run --zh scorecard --format csv
says "it has both" 'OLD,旧表,'

mkdir "$dir/p"
cat >"$dir/p/organisation.csv" <<'X'
code,name_zh,kind
S-OFFICE,某办,government
S-HELP,某市,government
X
cat >"$dir/p/agreement.csv" <<'X'
code,level,helper,place,valid_from,valid_to,state
S-A1,city,S-HELP,653200,2019-01-01,2021-12-31,done
X
cat >"$dir/p/purchase.csv" <<'X'
code,helper,place,amount,class,valid_from,valid_to,state
S-P1,S-HELP,653224,400000,consumption,2020-03-01,2020-03-01,done
S-P2,S-HELP,653225,90000,consumption,2020-03-01,2020-03-01,done
X
cat >"$dir/p/visit.csv" <<'X'
code,visitor,place,quantity,valid_from,valid_to,state
S-V1,S-HELP,653225,2,2020-05-01,2020-05-01,done
X
cat >"$dir/p/scorecard.csv" <<'X'
code,title,side,unit_level,full_points,grades,valid_from,valid_to
S,Card,helped,county,100,good 80; poor 0,2020-01-01,2020-12-31
S-H,Card of helpers,helping,,50,good 80; poor 0,2020-01-01,2020-12-31
X
cat >"$dir/p/scorecard_item.csv" <<'X'
code,scorecard,head,title,indicator,weight,weight_set_by,scoring,target_value,steps
S-1,S,consumption,Sales,purchases,60,S-OFFICE,share,300000,
S-2,S,organisation,Visits,visits,30,S-OFFICE,thresholds,,2:30; 1:10
S-3,S,health,Inspection,,10,,typed,,
S-H1,S-H,consumption,Sales,purchases,50,S-OFFICE,share,980000,
X
cat >"$dir/p/scorecard_point.csv" <<'X'
code,place,scorecard_item,points,given_by,reason,valid_from,valid_to
S-T1,653225,S-3,7.5,S-OFFICE,two wards without a doctor,2020,2020
X
cat >"$dir/p/rating.csv" <<'X'
code,place,kind,stars,given_by,reason,valid_from,valid_to
S-R1,653224103,branch_stars,4,S-OFFICE,meetings held every month,2020,2020
X
check "the programme loads" run load "$dir/p"
check "a county's card" run scorecard show S --place 653225 --period 2020 --format csv
says "points are a share of the target" 'consumption,S-1,Sales,purchases,"90,000 yuan",300000,60,18,figure,'
says "thresholds" 'organisation,S-2,Visits,visits,2 visit,,30,30,figure,'
says "typed points say who and why" 'health,S-3,Inspection,,,,10,7.5,typed,S-OFFICE: two wards without a doctor'
says "the sum, and the grade" 'all,S,Card,,,,100,55.5,,poor'
check "another county" run scorecard show S --place 653224 --period 2020
says "what is not recorded is no nought" 'nothing is recorded'
says "what is known, and what is open" '60 points, of 60 that are known, of 100 in all; 2 items without points, 0 typed'
says "the grade is told as far as it is sure" 'grade: poor to good'
says "weights that nobody has set" '1 weights are proposals'
check "the helping side is assessed too" run scorecard show S-H --org S-HELP --period 2020 --format csv
says "over all its places" 'consumption,S-H1,Sales,purchases,"490,000 yuan",980000,50,25,figure,'
check "a pairing alone" run scorecard show S-H --org S-HELP --place 653225 --period 2020 --format csv
says "is what it did there" 'consumption,S-H1,Sales,purchases,"90,000 yuan",980000,50,4.59,figure,'
check "helpers are ranked by the card of their side" run scorecard rank S-H --period 2020 --format csv
says "each with its points" '1,,,S-HELP,25,50,50,0,0,poor'
check "ranks" run scorecard rank S --place 650000 --period 2020 --format csv
says "the first" '1,653224000000,Lop County,,60,60,100,2,0,poor to good'
says "the second" '2,653225000000,Qira County,,55.5,100,100,0,1,poor'
fails "ranks are asked of a place above" 2 run scorecard rank S --place 653224 --period 2020
check "ratings" run scorecard ratings --place 653224 --format csv
says "stars, who and why" '4,2020-01-01,2020-12-31,S-OFFICE,meetings held every month'

echo 'pass-word-of-test' >"$dir/pw"
run account add village --role village --place 653224103 --password-file "$dir/pw" >/dev/null
run account add county --role officer --place 653224 --password-file "$dir/pw" >/dev/null
run account add prefecture --role officer --place 653200 --password-file "$dir/pw" >/dev/null
check "a village sees its own stars" run scorecard ratings --account village --format csv
says "its own" 'S-R1'
fails "a village gets no ranks" 1 run scorecard rank S --place 650000 --period 2020 --account village
says "and is told why" 'ranks are shown to the offices above'
fails "nor does the county that is ranked" 1 run scorecard rank S --place 653200 --period 2020 --account county
check "the county sees its points" run scorecard show S --place 653224 --period 2020 --account county
fails "and not its neighbour's" 1 run scorecard show S --place 653225 --period 2020 --account county
check "the prefecture above sees ranks" run scorecard rank S --place 653200 --period 2020 --account prefecture
fails "an account that is not there" 1 run scorecard rank S --account nobody

check "who checks whom" run scorecard pairs 650000 620000 210000 220000 --period 2019 --format csv
self=$(printf '%s\n' "$out" | awk -F, 'NR > 1 && $1 == $3' | wc -l)
if [ "$self" = 0 ]; then ok "nobody checks itself"; else no "somebody checks itself"; fi
first=$out
check "the same list again" run scorecard pairs 220000 210000 620000 650000 --period 2019 --format csv
if [ "$out" = "$first" ]; then ok "in whatever order they are named"; else no "the order matters"; fi
check "another year" run scorecard pairs 650000 620000 210000 220000 --period 2020 --format csv
if [ "$out" != "$first" ]; then ok "has other partners"; else no "another year has the same partners"; fi
fails "a place twice" 2 run scorecard pairs 650000 650000
fails "one place alone" 2 run scorecard pairs 650000

mkdir "$dir/bad"
cat >"$dir/bad/scorecard_item.csv" <<'X'
code,scorecard,head,title,indicator,weight,scoring,target_value,steps
S-B1,S,other,Unknown figure,purchasse,5,share,10,
S-B2,S,other,No target,purchases,5,share,,
S-B3,S,other,Bad steps,purchases,5,thresholds,,ten:5
S-B4,S,other,Typed figure,purchases,5,typed,,
X
fails "bad items are refused" 3 run load "$dir/bad"
out=$(cat "$dir/bad/scorecard_item.refused.csv")
says "a share without a target" 'a share needs a target'
says "steps that are none" 'a step is VALUE:POINTS'
says "a typed figure" 'an item with a figure is never typed'
fails "an unknown figure is told by check" 3 run scorecard check
says "with the nearest" 'there is no figure "purchasse" (perhaps "purchases"?)'
says "and the sum of weights" 'its weights come to 105, not to 100'
cat >"$dir/bad/scorecard_point.csv" <<'X'
code,place,scorecard_item,points,given_by,reason,valid_from,valid_to
S-B5,653224,S-3,10.01,S-OFFICE,too good,2020,2020
X
fails "more points than the item has" 1 run load "$dir/bad/scorecard_point.csv"
says "names the row" 'S-B5 gives 10.01 points, and its item has 10.00'
check "nothing of it is kept" run list scorecard_point --format csv
silent "not the row" 'S-B5'
fails "a period that is none" 2 run scorecard show S --place 653224 --period soon
fails "a card that is not there" 1 run scorecard show Z --place 653224
fails "a word it does not know" 2 run scorecard shwo
check "the store is whole" run verify
finish_both "$@"
