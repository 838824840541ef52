#!/usr/bin/env bash
# Pairings: where a helper may act, commitments and what counts against them, coverage, joint parties.
set -u
jiedui=$1
. tests/cli/tap.sh
small_store
village=653224103222

mkdir "$dir/p"
cat >"$dir/p/organisation.csv" <<'X'
code,name_zh,kind,parent,place,unit_level
B-BJ,北京市,government,,110000,
B-YQ,延庆区,government,B-BJ,110119,
B-CO,某公司,enterprise,,110105,
B-SUB,某公司分公司,enterprise,B-CO,,
B-CENTRAL,某央企,state_enterprise,,110000,01
B-NJ,外地公司,enterprise,,220104,
B-J,联合体,group,,,
X
printf 'joint_party,member,share\nB-J,B-CO,\nB-J,B-NJ,\n' >"$dir/p/membership.csv"
cat >"$dir/p/frame.csv" <<'X'
code,title,kind,level,helper,place,valid_from,valid_to
B-F-HT,京和对口支援,counterpart,city,B-BJ,653200,2010-01-01,
B-F-CY,京朝协作,east_west,county,B-BJ,211321,2015-01-01,2018-12-31
X
cat >"$dir/p/agreement.csv" <<X
code,level,frame,helper,place,assigned_by,duty,quantity,valid_from,valid_to,for_year,renews,carries_out
B-A1,enterprise_village,B-F-HT,B-CO,$village,B-BJ,duty,1,2020-01-01,2020-12-31,,,
B-A1-Y,enterprise_village,,B-CO,$village,B-BJ,duty,1,2020-01-01,2020-12-31,2020,,B-A1
B-A2,county,B-F-HT,B-YQ,653224,B-BJ,duty,1,2016-01-01,2018-12-31,,,
B-A3,county,B-F-HT,B-YQ,653224,B-BJ,duty,1,2019-01-01,,,B-A2,
B-A4,enterprise_county,,B-CENTRAL,621027,,extra,1,2019-01-01,,,,
B-A5,township,,B-NJ,621027101,,extra,1,2019-01-01,,,,
B-A6,school,,B-YQ,653224,,,1,2019-01-01,,,,
B-A7,hospital,,B-YQ,653225,,,1,2019-01-01,,,,
X
check "the records load" run load "$dir/p"

cat >"$dir/agreement.csv" <<X
code,level,helper,place,valid_from
B-X1,enterprise_village,B-SUB,621027101208,2020-01-01
X
fails "a pairing outside the frames above its helper is refused" 1 run load "$dir/agreement.csv"
says "with the place" 'B-X1'
says "the helper" 'lies outside the frames under which the helper B-SUB acts'
says "the frame and its area" 'B-F-HT (Hotan Prefecture 653200000000)'
silent "a frame that was over is not told" 'B-F-CY'
check "nothing of it is kept" run list agreement -f csv
silent "not the row" 'B-X1'
sed -i 's/B-SUB,621027101208/B-SUB,653225/' "$dir/agreement.csv"
check "inside them it is taken" run load "$dir/agreement.csv"
one() { printf 'code,level,frame,helper,place,valid_from\n%s\n' "$1" >"$dir/agreement.csv"; run load "$dir/agreement.csv"; }
check "while a frame ran it held" one B-X2,county,,B-BJ,211321,2017-05-01
fails "afterwards it does not" 1 one B-X3,county,,B-BJ,211321,2019-05-01
check "who stands under no frame is not judged" one B-X4,county,,B-NJ,653224,2019-05-01
fails "a joint party is bound by each member" 1 one B-X5,enterprise_village,,B-J,621027101208,2020-01-01
says "which one" 'the helper B-CO acts'
fails "a change by a load is looked at too" 1 one B-A5,township,,B-CO,621027101,2019-01-01
says "and names the row" 'B-A5'

check "frames" run pairing frames -f csv
says "the frame that an agreement lies in" 'agreement,B-A1,B-CO,653224103222,Ayaksayi Village,inside,B-F-HT'
says "central units are bound by no seat" 'agreement,B-A4,B-CENTRAL,621027000000,Zhenyuan County,no frame,'
check "nothing is outside" run pairing check
printf 'code,helper,place,kind,valid_from\nB-P9,B-CO,621027,attached_cadre,2020-01-01\n' >"$dir/posting.csv"
check "a posting elsewhere is kept" run load "$dir/posting.csv"
fails "but found" 3 run pairing check -f csv
says "by its code" 'posting,B-P9,B-CO,621027000000'

check "levels" run pairing levels --as-of 2020-06-01 -f csv
says "districts and counties, with the term that is over" 'county,district and county,3,3,2,0,0,1'
says "enterprises and villages, one of them a yearly protocol" 'enterprise_village,enterprise and village,3,2,2,0,1,0'
says "beyond the duty" 'township,township and township,1,1,1,1,0,0'
says "schools" 'school,school and school,1'
says "hospitals" 'hospital,hospital and hospital,1'

mkdir "$dir/k"
cat >"$dir/k/commitment.csv" <<X
code,agreement,helper,place,kind,quantity,amount,qualifier,duty,due_on,state,valid_from,valid_to
B-K1,B-A1,B-CO,$village,money,1,100000,eq,duty,2020-12-31,committed,2020,2020
B-K2,B-A1,B-CO,$village,posts,20,,eq,duty,2020-12-31,committed,2020,2020
B-K3,B-A1,B-CO,$village,purchase,1,50000,ge,extra,2020-03-31,committed,2020,2020
B-K4,B-A1,B-CO,$village,jobs,10,,eq,extra,2020-12-31,committed,2020,2020
B-K5,B-A1,B-CO,$village,postings,1,,eq,extra,2020-12-31,committed,2020,2020
X
cat >"$dir/k/allocation.csv" <<X
code,helper,place,amount,stage,commitment,valid_from,valid_to
B-M1,B-CO,$village,60000,allocated,B-K1,2020-03-01,2020-03-01
B-M2,B-CO,$village,60000,received,B-K1,2020-03-05,2020-03-05
B-M3,B-CO,$village,40000,allocated,B-K1,2020-07-01,2020-07-01
X
cat >"$dir/k/welfare_post.csv" <<X
code,helper,place,quantity,commitment,valid_from
B-W1,B-CO,$village,12,B-K2,2020-04-01
X
cat >"$dir/k/purchase.csv" <<X
code,helper,place,amount,qualifier,commitment,valid_from,valid_to
B-B1,B-CO,$village,30000,approx,B-K3,2020-02,2020-02
X
cat >"$dir/k/placement.csv" <<X
code,helper,place,quantity,commitment,valid_from,valid_to
B-E1,B-CO,$village,10,B-K4,2020-05-01,2020-05-01
X
check "commitments load" run load "$dir/k"
check "commitments" run pairing commitments --as-of 2020-06-01 -f csv
says "money: what was received was handed down before" 'B-K1,B-A1,B-CO,Ayaksayi Village,money,duty,100000,60000,yuan,60.0%,2,2020-12-31,open'
says "posts in number" 'B-K2,B-A1,B-CO,Ayaksayi Village,posts,duty,20,12,,60.0%,1,2020-12-31,open'
says "about, and overdue" 'purchase,extra,>= 50000,~ 30000,yuan,60.0%,1,2020-03-31,overdue'
says "kept" 'jobs,extra,10,10,,100.0%,1,2020-12-31,kept'
says "nothing yet" 'postings,extra,1,0,,0.0%,0,2020-12-31,nothing recorded'
check "later" run pairing commitments --as-of 2020-08-01 -f csv
says "the second sum counts" 'money,duty,100000,100000,yuan,100.0%,3,2020-12-31,kept'
printf 'code,helper,place,quantity,commitment,valid_from\nB-E2,B-CO,%s,3,B-K1,2020-05-01\n' $village >"$dir/placement.csv"
run load -q "$dir/placement.csv"
fails "a job cannot keep a promise of money" 3 run pairing check -f csv
says "it is told" 'B-K1: 1 records count against it that are not of its kind (money)'

cat >"$dir/listing.csv" <<X
code,place,kind,quantity,helper,valid_from
B-L0,621027,county,1,B-NJ,2020
B-L1,621027,village,5,B-NJ,2020
B-L2,$village,village,1,,2020
B-L3,653224103221,village,1,,2020
X
run load -q "$dir/listing.csv"
check "coverage" run pairing coverage --as-of 2020-06-01 -f csv
says "one county and five villages: six of six" '621027000000,Zhenyuan County,6,6,100.0%,5'
says "one of two villages" '653224000000,Lop County,2,1,50.0%,0'
check "as a figure" run figure listed_units --to 2020-06-01
says "eight units" '8 unit'

mkdir "$dir/h"
printf 'code,place,identified_on\nB-H1,%s,2014\nB-H2,%s,2014\nB-H3,%s,2014\n' $village $village $village >"$dir/h/household.csv"
printf 'household,code,helper_unit,valid_from\nB-H1,1,B-CO,2016\nB-H1,2,B-YQ,2016\n' >"$dir/h/household_helper.csv"
check "households" run load "$dir/h"
check "cadres and households" run pairing levels --as-of 2020-06-01 -f csv
says "two links" 'responsible,helpers of households,2,'
check "as a figure" run figure households_without_helper --place 653224 --to 2020-06-01 -f csv
says "two households without" '2 household'
check "villages with a company" run figure villages_with_company --place 653224 --to 2020-06-01 -f csv
says "one, however many agreements" '1 village'
check "pairs of districts and counties" run figure agreements_in_force --place 653224 --to 2020-06-01 -f csv
says "the one that is over is none" '5 agreement'
check "terms over" run figure agreements_ended --from 2018 --to 2018 -f csv
says "one" '1 agreement'

check "joint parties" run pairing groups -f csv
says "their members, unsplit" 'B-J,B-CO,unsplit,'

check "totals by level" run totals agreement level -f csv
says "with labels" 'county,district and county,'
check "by who assigned them" run totals agreement assigned_by -f csv
says "the city" 'B-BJ,'
fails "totals of an unknown field" 2 run totals agreement levl
fails "of an unknown state" 2 run totals agreement level --state foo
fails "of money" 2 run totals project investment
fails "of what is personal" 2 run totals person name
fails "no operand" 2 run pairing
fails "a mistyped one" 2 run pairing chekc
says "and what was meant" 'did you mean "check"'
check "in Chinese" run --zh pairing levels
says "with words" '区县结对'
check "verify finds nothing wrong" run verify
finish_both "$@"
