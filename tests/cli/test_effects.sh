#!/usr/bin/env bash
# What rules say of households and what came of the help: eligibility, planned exits and what blocks
# them, exits shared out among helpers, outcomes looked at again, income year on year.
set -u
jiedui=$1
. tests/cli/tap.sh
small_store
village=653224103222 beijing=110119202201

mkdir "$dir/p"
cat >"$dir/p/organisation.csv" <<'X'
code,name_zh,kind
E-A,甲单位,enterprise
E-B,乙单位,enterprise
E-C,丙单位,school
X
cat >"$dir/p/document.csv" <<'X'
code,title,kind
E-D,Check list,minutes
X
cat >"$dir/p/household.csv" <<X
code,place,identified_on,exited_on,members,net_income_per_head,water_difficulty,water_safe,dangerous_house
E-H1,$village,2014,,4,5200,0,1,0
E-H2,$village,2014,,3,3000,0,1,0
E-H3,$village,2014,,2,,0,1,1
E-H4,$village,2014,2019-11-30,5,6000,0,1,0
E-H5,$village,2014,2019-12-31,5,6000,0,1,0
E-H6,$village,2015,2018-06-30,5,6000,0,1,0
E-H7,$beijing,2016,,3,12000,,,
E-H8,$beijing,2016,,3,9000,,,
X
cat >"$dir/p/person.csv" <<'X'
household,code,name,sex,birth_date,labour_ability,school_status,health,education,data_year
E-H1,1,某甲,1,1980-02-03,01,,01,02,2020
E-H1,2,某乙,2,1950-02-03,04,,01,02,2020
E-H1,3,某丙,1,2010-02-03,04,01,01,,2020
E-H1,4,某丁,2,2003-02-03,,09,01,,2020
E-H2,1,某戊,1,1975-02-03,02,,01,02,2020
E-H3,1,某己,2,1985-02-03,,,01,03,2020
E-H4,1,某庚,1,1980-02-03,01,,01,02,2020
X
cat >"$dir/p/welfare_post.csv" <<X
code,place,holder,kind,quantity,valid_from
E-W1,$village,E-H2/1,1,1,2020-01-01
X
cat >"$dir/p/help_measure.csv" <<'X'
household,code,kind,title,helper,valid_from,valid_to
E-H1,1,industry,walnuts,E-A,2019,2019
E-H2,1,industry,walnuts,E-A,2019,2019
E-H4,1,industry,walnuts,E-A,2018-01-01,2018-12-31
E-H4,2,training,course,E-B,2019-01-01,2019-02-01
E-H4,3,employment,job,E-B,2012-01-01,2014-12-31
E-H4,4,employment,job,E-B,2020-01-01,2020-12-31
E-H6,1,education,school,E-C,2017,2017
X
printf 'household,code,helper_unit,valid_from\nE-H4,1,E-C,2016-01-01\n' >"$dir/p/household_helper.csv"
cat >"$dir/p/agreement.csv" <<X
code,level,helper,place,valid_from,valid_to
E-AG,enterprise_village,E-A,$village,2019-01-01,
X
cat >"$dir/p/place_status.csv" <<X
code,place,unit_level,status,exit_year,rule_set,state,valid_from,valid_to
E-PS1,$village,village,exited,2020,national,planned,2020-12-31,2020-12-31
E-PS2,$beijing,village,exited,2020,beijing_low_income,planned,2020,2020
X
printf 'code,place,kind,on_date,quantity\nE-POP,%s,rural,2019-12-31,300\n' $village >"$dir/p/population.csv"
cat >"$dir/p/outcome.csv" <<X
code,place,helper,agreement,household,kind,title,measure,unit,quantity,qualifier,seen_on,source
E-O1,$village,E-A,E-AG,E-H4,planted,walnut trees alive,500,tree,1,eq,2019-04-01,E-D
E-O2,$village,E-A,E-AG,,house,bought flats in the county,,,3,ge,2020-03-01,
E-O3,$village,E-A,,,car,bought cars,,,1,ge,2019-01,
X
printf 'outcome,looked_on,result,measure\nE-O1,2019-10-01,holds,480\nE-O1,2020-04-10,partly,310\n' >"$dir/p/outcome_look.csv"
cat >"$dir/p/income_item.csv" <<'X'
household,code,kind,detail,amount,valid_from,valid_to
E-H4,1,1,factory,12000,2018,2018
E-H4,2,2,walnuts,8000,2018,2018
E-H4,3,21,fertiliser,3000,2018,2018
E-H4,4,1,factory,18000,2019,2019
E-H4,5,2,walnuts,9000,2019,2019
E-H4,6,21,fertiliser,3000,2019,2019
E-H4,7,3,dividend,500,2019,2019
E-H4,8,5,relief,2000,2019,2019
E-H6,1,1,factory,1000,2019,2019
X
cat >"$dir/p/dwelling.csv" <<'X'
household,code,kind,area,danger_level,cost,subsidy,moved_in_on
E-H4,1,rebuilt,80,A,90000,40000,2019-06-01
X
cat >"$dir/p/project.csv" <<X
code,title,kind,place,helper,investment,valid_from,valid_to
E-PJ1,庭院经济,courtyard,$village,E-A,50000,2019,2019
E-PJ2,村道,road,$village,E-A,200000,2019,2019
E-PJ3,小学,school,653224,E-B,6000000,2019,2019
X
cat >"$dir/p/output.csv" <<X
code,project,helper,place,kind,label,measure,unit,household,land,valid_from,valid_to
E-OP1,E-PJ1,E-A,$village,greenhouse,peonies,1,greenhouse,E-H4,1.5,2019,2019
E-OP2,E-PJ1,E-A,$village,greenhouse,peonies,1,greenhouse,E-H5,0.5,2019,2019
X
cat >"$dir/p/benefit_link.csv" <<X
code,project,helper,place,kind,reach,beneficiary,households,valid_from,valid_to
E-BL1,E-PJ3,E-B,653224,service,direct,relocated,40,2019,2019
E-BL2,E-PJ1,E-A,$village,wage,direct,registered,12,2019,2019
X
cat >"$dir/p/activity.csv" <<X
code,organisation,place,kind,title,amount,valid_from,valid_to
E-AC1,E-A,$village,theme_day,Theme day,,2019-05,2019-05
E-AC2,E-A,$village,donation,Donations,8000,2019-06,2019-06
X
check "the records load" run load "$dir/p"
check "projects by kind" run totals project kind -f csv
says "with money" 'road,road,1,1,200000'
check "activities by kind" run totals activity kind -f csv
says "with money" 'donation,'

check "eligible for a public-welfare post" run eligible welfare_post --place $village --as-of 2020-06-01 -f csv
says "one surely" 'E-H1/1,Ayaksayi Village,yes,,'
says "of one it is not known" 'E-H3/1,Ayaksayi Village,unknown,,able to work'
silent "one in the household is enough" 'E-H2/1'
check "with those who are not" run eligible welfare_post --place $village --as-of 2020-06-01 --all -f csv
says "why" 'E-H2/1,Ayaksayi Village,no,nobody of the household holds such a post,'
says "why the household that has left poverty is not" 'E-H4/1,Ayaksayi Village,no,the household had not left poverty on the day,'
says "several reasons" 'E-H1/2,Ayaksayi Village,no,"able to work; 16 to 65 years old",'
check "before the exit" run eligible welfare_post --place $village --as-of 2019-06-01 -f csv
says "the same rule says yes" 'E-H4/1,Ayaksayi Village,yes'
check "vocational training" run eligible vocational_training --place $village --as-of 2020-06-01 -f csv
says "a leaver of senior school" 'E-H1/4,Ayaksayi Village,yes'
silent "nobody of 40" 'E-H1/1'
check "in words" run eligible welfare_post --place $village --as-of 2020-06-01
says "the rule is named, dated and from somewhere" 'by Public-welfare post (welfare_post, 2014-01-01), '
fails "an unknown criterion" 1 run eligible welfare --place $village
says "those there are" 'there are attribution, welfare_post'
fails "no place" 2 run eligible welfare_post
fails "a criterion of something else" 2 run eligible attribution --place $village
printf 'criterion x\n  label en "X" zh "某"\n  on person\n  need a "agee > 3" en "a" zh "某"\n' >"$dir/bad.criteria"
fails "a rule with an unknown word" 1 run eligible x --place $village --rules "$dir/bad.criteria"
says "file, line, need, nearest" 'bad.criteria, line 4, need a: '
says "what was meant" 'age'

check "exits" run exits --as-of 2020-06-01 -f csv
says "days left, households, ready, incidence over the limit" "$village,Ayaksayi Village,exit_national,2020-12-31,213,3,0,3.0%,blocked"
says "what blocks them" 'income above the line: 1 (+1 unknown); safe house: 1; no child out of school: 1; a help measure on record: 1'
says "another line and rule set" "$beijing,Heiyukou Village,exit_beijing_low_income,2020-12-31,213,2,1,unknown,blocked,income above the line: 1"
check "elsewhere" run exits --place 653226 --as-of 2020-06-01 -f csv
silent "nothing" 'exit_'

check "attribution of each exit" run attribute --as-of 2020-06-01 --households -f csv
says "by industry and pairing" 'E-H4,Ayaksayi Village,2019-11-30,E-A,5,0.555556'
says "by training within the window; work before it and after the exit does not count" 'E-H4,Ayaksayi Village,2019-11-30,E-B,2,0.222222'
says "by the responsible helper" 'E-H4,Ayaksayi Village,2019-11-30,E-C,2,0.222222'
says "by the pairing alone" 'E-H5,Ayaksayi Village,2019-12-31,E-A,1,1.000000'
says "the school alone, the pairing came later" 'E-H6,Ayaksayi Village,2018-06-30,E-C,3,1.000000'
check "sums" run attribute --as-of 2020-06-01 -f csv
says "of one helper" 'E-A,2,1.555556,51.8%'
says "all three exits" 'all,,3.000000,100.0%'
check "of 2018" run attribute --from 2018 --as-of 2018-12-31 -f csv
says "one" 'all,,1.000000'
fails "a date that is none" 2 run attribute --from yesterday

check "outcomes" run outcomes --as-of 2020-06-01 -f csv
says "looked at again after a year" 'E-O1,planted,walnut trees alive,Ayaksayi Village,E-A,2019-04-01,500,tree,2020-04-10,partly,310,,'
check "due" run outcomes --due --as-of 2020-06-01 -f csv
says "a look is late" 'E-O3,car,bought cars,Ayaksayi Village,E-A,2019-01-31,,,,,,2020-01-31,122'
silent "not yet for others" 'E-O2'
check "effects of the agreement" run pairing effects --as-of 2020-06-01 -f csv
says "with evidence" 'E-AG,E-O1,planted,walnut trees alive,Ayaksayi Village,1,500,tree,2019-04-01,E-D,2020-04-10'
says "without" 'E-AG,E-O2,house,bought flats in the county,Ayaksayi Village,>= 3,,,2020-03-01,none,'
figure() { check "figure $1" run figure "$@" -f csv; }
figure persistence_rate --from 2019 --to 2020; says "one of two looks" '50.0'
figure income_net --place $village --from 2019 --to 2019; says "a village" '25,500 yuan'
figure moves_in --from 2019 --to 2019; says "a house" '1 household'
figure courtyard_land --from 2019 --to 2019; says "on land of households" '2'
figure courtyard_projects --from 2019 --to 2019; says "a courtyard" '1 project'
figure public_works --from 2019 --to 2019; says "a road" '1 project'
figure relocated_served --from 2019 --to 2019; says "relocated families, not the others" '40 household'

check "income of a household" run income E-H4 -f csv
says "by source" '2018,12000,8000,3000,0,0,0,17000,'
says "year on year, relief apart" '2019,18000,9000,3000,500,0,2000,24500,44.1%'
check "of the village" run income --place $village -f csv
says "both households" '2019,19000,9000,3000,500,0,2000,25500,50.0%'
fails "of nobody" 1 run income E-H99

printf 'household,code,kind,amount\nE-H4,9,1,5\n' >"$dir/income_item.csv"
fails "income without a year" 3 run load "$dir/income_item.csv"
printf 'household,code,kind,amount,valid_from,valid_to\nE-H4,9,1,5,2018,2019\n' >"$dir/income_item.csv"
fails "income of two years" 3 run load "$dir/income_item.csv"
printf 'household,code,kind,cost,subsidy\nE-H4,2,bought,5,6\n' >"$dir/dwelling.csv"
fails "more subsidy than cost" 3 run load "$dir/dwelling.csv"
check "in Chinese" run --zh exits --as-of 2020-06-01
says "with words" '住房安全: 1'
check "verify finds nothing wrong" run verify
finish_both "$@"
