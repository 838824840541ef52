#!/usr/bin/env bash
# Supervision: what is listed and what the rule would list, own plans, findings and their corrections,
# exits, weighted funds; and how much villages are asked for, with what the system has refused.
set -u
jiedui=$1
. tests/cli/tap.sh
small_store

mkdir "$dir/p"
cat >"$dir/p/organisation.csv" <<'X'
code,name_zh,kind
V-OFFICE,某督战办,government
V-BUREAU,某局,department
X
cat >"$dir/p/listing.csv" <<'X'
code,place,kind,reason,quantity,organiser,valid_from
V-L1,653224103222,village,incidence_over_10,1,V-OFFICE,2020
V-L2,653224,county,not_delisted,1,V-OFFICE,2020
V-L3,653225,village,incidence_over_10,4,V-OFFICE,2020
X
cat >"$dir/p/population.csv" <<'X'
code,place,kind,on_date,quantity
V-N1,653224103222,rural,2019,1000
V-N2,653224103222,registered_left,2019,90
V-N3,653224103222,registered_left,2020-03-31,133
V-N4,653224103222,registered_left,2020-12-31,0
V-N5,653224103221,registered_left,2019,1001
V-N6,653224103220,registered_left,2019,1000
V-N7,653224,registered_left,2019,3000
V-N8,653225,registered_left,2019,2000
X
cat >"$dir/p/work_plan.csv" <<'X'
code,title,kind,organisation,place,for_year,state
V-WP,One village one policy,village_policy,V-OFFICE,653224103222,2020,committed
X
cat >"$dir/p/supervision_finding.csv" <<'X'
code,place,title,kind,found_by,found_on,owner,due_on,corrected_on,correction
V-F1,653224103222,two houses of grade D,housing,V-OFFICE,2020-04-01,V-BUREAU,2020-05-01,2020-04-21,rebuilt
V-F2,653224103222,no tap water in group 3,water,V-OFFICE,2020-04-01,,2020-05-01,,
X
cat >"$dir/p/supervision_measure.csv" <<'X'
code,place,supervision_finding,title,organisation,due_on,done_on
V-M1,653224103222,V-F1,rebuild,V-BUREAU,2020-04-30,2020-04-20
V-M2,653224103222,,a workshop,V-BUREAU,2020-08-31,
X
cat >"$dir/p/place_status.csv" <<'X'
code,place,unit_level,status,exit_year,announced_on,state,valid_to
V-S1,653224103222,village,exited,2020,,planned,2020-12-31
V-S2,653224,county,exited,2020,2020-11-14,done,
X
cat >"$dir/p/allocation.csv" <<'X'
code,place,amount,stage,valid_from,valid_to,state
V-A1,653224,300000,allocated,2020-02-01,2020-02-01,done
V-A2,653225,100000,allocated,2020-02-01,2020-02-01,done
X
check "the programme loads" run load "$dir/p"
check "what is listed" run watch listed --as-of 2020-06-30 --format csv
says "by the latest number of the day" '133 (2020-03-31),1000 (2019-12-31),13.30%,yes,V-WP,2,1,2,1'
says "no denominator is unknown" ',unknown,,missing,0,0,0,0'
says "several places are told as such" 'V-L3,653225000000,Qira County,incidence_over_10,several places,V-OFFICE'
says "what the rule would list" ',653224103221,'
silent "and not what it would not" ',653224103220,'
check "before, by the older number" run watch listed --as-of 2020-01-31 --format csv
says "it is under the rule" '90 (2019-12-31),1000 (2019-12-31),9.00%,no,'
check "in words" run watch listed --as-of 2020-06-30
says "missing plans are counted" '1 listed places have no plan of their own'
says "the rule is named" 'Listed supervision of 2020'
check "findings" run watch findings --as-of 2020-06-30 --format csv
says "corrected, with days" '2020-04-21,20,solved,1/1,rebuilt'
says "nobody has taken it" 'V-F2,'
says "and it is overdue" ',90,overdue,0/0,'
check "exits" run watch exits --as-of 2020-06-30 --format csv
says "days left, and what blocks it" 'planned,2020,,2020-12-31,184,"1 findings open; 1 measures to do; 133 poor people"'
says "exit year and announced day apart" 'delisted,2020,2020-11-14,,,'
check "funds" run watch funds --as-of 2020-06-30 --format csv
says "listed places weigh double" '653224000000,Lop County,3000,2019-12-31,2,75.0%,300000,75.0%'
says "others once" '653225000000,Qira County,2000,2019-12-31,1,25.0%,100000,25.0%'
check "in Chinese" run --zh watch listed --as-of 2020-06-30
says "words" '一县（村）一策'

mkdir "$dir/bad"
cat >"$dir/bad/supervision_finding.csv" <<'X'
code,place,title,kind,found_on,corrected_on,verified_by
V-B1,653224103222,before it was found,water,2020-04-02,2020-04-01,
V-B2,653224103222,verified and open,water,2020-04-02,,V-OFFICE
V-B3,653224103222,no such kind,ghosts,2020-04-02,,
X
fails "bad findings are refused" 3 run load "$dir/bad"
out=$(cat "$dir/bad/supervision_finding.refused.csv")
says "corrected before it was found" 'corrected before it was found'
says "verified and open" 'what is verified has a day of correction'

# --- burden ---
mkdir "$dir/h" "$dir/a"
cat >"$dir/h/household.csv" <<'X'
code,place,phone
99000000001,653224103222,13800000000
X
cat >"$dir/a/asked_form.csv" <<'X'
code,place,title,asked_by,frequency,valid_from,valid_to
V-Q1,653224,Weekly return,V-OFFICE,weekly,2020-01-01,2020-12-31
V-Q2,653224103222,Daily table,V-BUREAU,daily,2020-01-01,2020-12-31
V-Q3,653225,Another county,V-BUREAU,daily,2020-01-01,2020-12-31
X
cat >"$dir/a/asked_field.csv" <<'X'
code,asked_form,title,entity,field,figure,filled
V-D1,V-Q1,Visits,,,visits,1
V-D2,V-Q1,Opinion of the village,,,,
V-D3,V-Q2,Masks left,,,,
V-D4,V-Q2,Opinion of the village,,,,
X
check "forms load" run load "$dir/a"
check "burden of a week" run watch burden --place 653224103222 --as-of 2020-06-30 --format csv
says "by whom, how many, what others ask too, what is filled" '2020-06-29,V-OFFICE,1,1,1,1'
says "a daily table of two fields is fourteen" '2020-06-29,V-BUREAU,1,14,7,0'
cat >"$dir/form_answer.csv" <<'X'
place,asked_form,due_on,answered_on,answer
653224103222,V-Q1,2020-06-28,2020-06-27,nine households
X
check "a village answers" run load "$dir/form_answer.csv"
check "who has answered" run watch answers --as-of 2020-06-30 --format csv
says "the form for its last day, the village, yes" 'V-Q1,Weekly return,V-OFFICE,2020-06-28,653224103222'
says "and that of today, no" 'V-Q2,Daily table,V-BUREAU,2020-06-30,653224103222'
answers() { printf 'place,asked_form,due_on,answered_on,answer\n%s\n' "$1" >"$dir/bad/form_answer.csv"; run load "$dir/bad/form_answer.csv"; }
fails "a day on which it was not due" 1 answers '653224103222,V-Q1,2020-06-29,2020-06-29,late'
says "is told" 'V-Q1 did not fall due on that day'
fails "a place that is not asked" 1 answers '653225100201,V-Q1,2020-06-28,2020-06-29,ours too'
says "is told too" 'V-Q1 is not asked of this place: it is asked of each village inside Lop County'
check "several weeks" run watch burden --place 653224103222 --from 2020-06-15 --as-of 2020-06-30 --format csv
if [ "$(printf '%s\n' "$out" | wc -l)" = 7 ]; then ok "three weeks, two offices"; else no "three weeks, two offices"; fi
asks() { printf 'code,asked_form,title,entity,field,figure,filled\n%s\n' "$1" >"$dir/bad/asked_field.csv"; run load "$dir/bad/asked_field.csv"; }
fails "a figure is not asked for" 1 asks 'V-D5,V-Q1,Visits again,,,visits,0'
says "it is to be filled" 'V-D5 asks for what the figure visits gives: mark it filled instead'
fails "an unknown figure" 1 asks 'V-D5,V-Q1,Visits again,,,vissits,1'
says "with the nearest" 'perhaps "visits"'
fails "an unknown field" 1 asks 'V-D5,V-Q1,Phone,household,fone,,'
says "named" 'household has no field "fone"'
check "a field of which there is no record may be asked for" asks 'V-D6,V-Q1,Phone,household,phone,,'
run load "$dir/h" >/dev/null 2>&1
fails "one that every record has is not" 1 asks 'V-D7,V-Q1,Phone,household,phone,,'
says "it is to be filled too" 'household.phone, which every record there has: mark it filled instead'
check "and is taken when it is filled" asks 'V-D7,V-Q1,Phone,household,phone,,1'
fails "half of a field" 3 asks 'V-D8,V-Q1,Phone,household,,,'
fails "a period that runs backwards" 2 run watch burden --from 2020-07-01 --as-of 2020-06-30
check "the store is whole" run verify
finish_both "$@"
