#!/usr/bin/env bash
# Regular contact: what is due and overdue, which villages and households nobody helps, open problems.
set -u
jiedui=$1
. tests/cli/tap.sh
small_store
village=653224103222 other=653224103221

mkdir "$dir/p"
cat >"$dir/p/organisation.csv" <<'X'
code,name_zh,kind,parent
W-E,甲企业,enterprise,
W-F,乙企业,enterprise,
W-U,甲企业分公司,enterprise,W-E
X
cat >"$dir/p/agreement.csv" <<X
code,level,helper,place,valid_from,valid_to
W-A1,enterprise_village,W-E,$village,2020-01-01,2020-12-31
W-A2,enterprise_village,W-F,$village,2020-02-01,
W-A3,county,W-F,653225,2018-01-01,2019-12-31
X
cat >"$dir/p/contact_plan.csv" <<X
code,title,agreement,organisation,place,kind,meeting_kind,activity_kind,times_due,every_months,valid_from,valid_to
W-C1,Visit twice a month,W-A1,W-E,$village,visit,,,2,1,2020-01-01,2020-12-31
W-C2,Party class,,W-E,,meeting,party_class,,1,3,2020-01-01,
W-C3,Theme day,,W-E,$village,activity,,theme_day,,1,2020-03-01,
X
cat >"$dir/p/household.csv" <<X
code,place,identified_on
W-H1,$village,2014-01-01
W-H2,$village,2014-01-01
W-H3,$village,2014-01-01
X
cat >"$dir/p/household_helper.csv" <<'X'
household,code,helper_unit
W-H1,1,W-E
X
cat >"$dir/p/help_measure.csv" <<'X'
household,code,kind,title
W-H2,1,other,a loan
X
cat >"$dir/p/visit.csv" <<X
code,visitor,place,agreement,household,households,quantity,valid_from,valid_to
W-V1,W-U,$village,W-A1,W-H1,,1,2020-01-05,2020-01-05
W-V2,W-E,$village,,W-H1,,1,2020-01-20,2020-01-20
W-V3,W-E,$village,,W-H2,,1,2020-02-10,2020-02-10
W-V4,W-E,$village,,,25,3,2020-02-20,2020-03-05
W-V5,W-F,$village,,,,1,2020-03-05,2020-03-05
X
cat >"$dir/p/meeting.csv" <<'X'
code,organisation,kind,valid_from,valid_to
W-M1,W-U,party_class,2020-02-02,2020-02-02
W-M2,W-E,joint,2020-04-02,2020-04-02
X
cat >"$dir/p/activity.csv" <<X
code,organisation,place,kind,valid_from,valid_to
W-T1,W-E,$village,theme_day,2020-03-15,2020-03-15
X
cat >"$dir/p/listing.csv" <<X
code,place,kind,quantity,valid_from
W-L1,$village,village,1,2020-01-20
W-L2,$other,village,1,2020-01-20
W-L3,653224,village,13,2020-01-20
X
cat >"$dir/p/problem.csv" <<X
code,title,kind,place,raised_by,raised_on,owner,due_on,solved_on,solution
W-P1,No market for melons,problem,$village,W-E,2020-02-01,W-E,2020-02-20,2020-02-11,sold to canteens
W-P2,The road floods,problem,$village,W-E,2020-02-01,W-F,2020-03-01,,
W-P3,Plant walnuts,recommendation,$village,W-E,2020-03-01,,,,
X
check "the records load" run load "$dir/p"

check "overdue" run watch overdue --as-of 2020-04-10 --format csv
says "February: one of two visits; three more have no sure month" \
  'W-C1,Visit twice a month,visit,W-E,'
says "with period, wanted, held, days late" '2020-02-01,2020-02-29,2,1,41,3'
says "March: nobody of that helper came" '2020-03-01,2020-03-31,2,0,10,3'
silent "January was kept" '2020-01-31'
silent "so was the party class of the first quarter" 'W-C2'
silent "and the theme day of March" 'W-C3'
check "due" run watch due --as-of 2020-04-10 --format csv
says "the visits of April" '2020-04-01,2020-04-30,2,0,20,3'
says "the party class: a joint meeting is none" '2020-04-01,2020-06-30,1,0,81,'
check "due soon" run watch due --as-of 2020-04-10 --days 30 --format csv
silent "leaves out what has time" 'W-C2'
check "once it is held" run watch due --as-of 2020-03-20 --format csv
says "the next date follows" 'W-C3,Theme day,activity,W-E,'
says "in the month after" '2020-04-01,2020-04-30,1,0,41,'

check "gaps" run watch gaps --as-of 2020-04-10 --format csv
says "a listed village without helper" "listed,$other,"
silent "not the one with an agreement" "listed,$village,"
says "villages without names are no verdict" 'not named,653224000000'
says "a household without helper and measure" "households,$village"
says "one of three" ',,,1,,households without helper or measure'
says "a term that is over" 'term,653225000000'
says "whose, and since when" 'W-A3,W-F,1,2019-12-31,'
says "two enterprises for one village" "double,$village"
check "elsewhere" run watch gaps --place 653226 --as-of 2020-04-10 --format csv
silent "there is nothing of it" "$village"
fails "double pairing is found" 3 run watch check --as-of 2020-04-10
says "with both agreements" 'W-A1, W-A2'
check "there was none before" run watch check --as-of 2020-01-15

check "problems" run watch problems --as-of 2020-04-10 --format csv
says "solved, with days" 'W-P1,No market for melons,problem,'
says "how long it took" ',2020-02-20,2020-02-11,10,solved,sold to canteens'
says "overdue" ',W-F,2020-03-01,,69,overdue,'
says "a recommendation that nobody has taken" "nobody's"
check "in words" run watch problems --as-of 2020-04-10
says "how long on average" '2 open, 1 solved in 10.0 days on average'

check "coverage of the village" run watch coverage --as-of 2020-04-10 --format csv
says "two of three households, and 25 calls without names" ',3,2,66.6%,1,25'
check "from a day on" run watch coverage --from 2020-02 --as-of 2020-02-15 --format csv
says "one of them" ',3,1,33.3%,2,'

cat >"$dir/p/posting.csv" <<X
code,helper,place,kind,valid_from,valid_to
W-S1,W-E,$village,first_secretary,2016-01-01,2017-12-31
W-S2,W-E,$village,first_secretary,2017-12-01,2019-12-31
W-S3,W-E,$village,first_secretary,2020-02-01,
X
fails "two first secretaries at once are refused" 1 run load "$dir/p/posting.csv"
says "with the village, the two, and the days" \
  'two first secretaries of 653224103222 at once: W-S1 stays until 2017-12-31, W-S2 comes on 2017-12-01'
sed -i 's/2017-12-01/2018-01-01/' "$dir/p/posting.csv"
check "one after the other is taken" run load "$dir/p/posting.csv"
check "postings" run watch postings --format csv
says "without gap" 'first_secretary,W-S1,2017-12-31,W-S2,2018-01-01,follows,'
says "with a gap of a month" 'first_secretary,W-S2,2019-12-31,W-S3,2020-02-01,gap,31'

cat >"$dir/p/contact_plan.csv" <<X
code,organisation,kind,every_months
W-C9,W-E,visit,1
X
fails "a plan without a first day is refused" 3 run load "$dir/p/contact_plan.csv"
fails "no operand" 2 run watch
fails "a mistyped one" 2 run watch overdu
says "and what was meant" 'did you mean "overdue"'
check "verify finds nothing wrong" run verify
finish
