#!/usr/bin/env bash
# Needs and offers: suggestions with their reasons, dockings from proposal to end, never more than there is.
set -u
jiedui=$1
. tests/cli/tap.sh
small_places
export JIEDUI_STORE=$dir/s.db
run init --quiet --places "$dir/places.csv.gz"
village=653224103222 other=653225100200

mkdir "$dir/p"
cat >"$dir/p/organisation.csv" <<'X'
code,name_zh,kind,parent,place
D-BJ,北京市,government,,110000
D-H,北京某医院,hospital,D-BJ,110105
D-E,北京某企业,enterprise,D-BJ,110105
D-LN,大连某企业,enterprise,,210000
X
cat >"$dir/p/frame.csv" <<'X'
code,title,kind,helper,place,valid_from
D-F,京和对口支援,counterpart,D-BJ,653200,2010-01-01
D-F2,辽宁对口,counterpart,D-LN,211321,2010-01-01
X
cat >"$dir/p/agreement.csv" <<X
code,level,helper,place,valid_from
D-A,enterprise_village,D-E,$village,2019-01-01
X
cat >"$dir/p/project.csv" <<X
code,title,place,helper,kind,valid_from
D-PR1,饮水工程,$village,D-E,water,2020-03-01
D-PR2,无人要求的项目,$village,D-E,other,2020-03-01
X
sed -i 's/,water,2020/,other,2020/' "$dir/p/project.csv"
cat >"$dir/p/need.csv" <<X
code,place,title,focus,kind,quantity,unit,amount,project,valid_from
D-N1,$village,远程会诊,medical,technology,10,次,,,2020-01-01
D-N2,$village,饮水管道,water,money,1,,500000,D-PR1,2020-01-01
D-N3,$other,羊毛销路,market,market,30,吨,,,2020-01-01
D-N4,$village,缝纫技能,skills,training,20,名额,,,2020-01-01
X
cat >"$dir/p/offer.csv" <<X
code,helper,place,title,kind,focus,quantity,unit,amount,valid_from,valid_to
D-O1,D-H,653200,远程医疗,technology,medical,15,次,,2020-01-01,2020-12-31
D-O2,D-E,$village,捐款,money,water;medical,1,,300000,2020-01-01,2020-12-31
D-O3,D-LN,,大连超市,market,market,100,吨,,2020-01-01,
D-O4,D-E,,缝纫培训,training,skills,8,名额,,2020-01-01,2020-06-30
D-O5,D-E,,去年的培训,training,skills,100,名额,,2019-01-01,2019-12-31
D-O6,D-BJ,653225,只给墨玉,technology,medical,5,次,,2020-01-01,
X
check "records load" run load "$dir/p"

check "suggestions" run needs suggest --as-of 2020-04-01 --format csv
says "the hospital for the village" "D-N1,远程会诊,Ayaksayi Village,D-O1"
says "why: area, kind" "area medical 35; kind technology 15"
says "why: where it is meant, how much, pairing" "for this prefecture 4; covers 10 of 10 20; inside the pairing 15"
says "an agreement is more" "agreement 20"
says "part of the money" "covers 300000.00 of 500000.00 12"
silent "nobody outside the pairing" D-O3
silent "nothing that is over" D-O5
silent "nothing for another place" D-O6
fails "no such need" 1 run needs suggest D-N9

check "dock" run needs dock D-N1 D-O1 --quantity 6 --on 2020-04-01
says "its code" "D-N1+D-O1"
check "dock the rest" run needs dock D-N1 D-O1 --on 2020-04-02
says "another code" "D-N1+D-O1+2"
says "as much as fits" "4 次"
fails "nothing more is needed" 1 run needs dock D-N1 D-O1 --on 2020-04-02
says "why" "the need is taken care of"
fails "more than there is" 1 run needs dock D-N4 D-O4 --quantity 9 --on 2020-04-01
says "by how much" "D-O4 has 8, and dockings take 9 of it: 1 too many"
fails "outside the pairing" 1 run needs dock D-N3 D-O3 --on 2020-04-01
says "why it cannot be" "D-O3 cannot meet D-N3"
fails "over" 1 run needs dock D-N4 D-O5 --on 2020-04-01
fails "no quantity" 2 run needs dock D-N4 D-O4 --quantity some --on 2020-04-01
check "money" run needs dock D-N2 D-O2 --quantity 250000.50 --project D-PR1 --on 2020-04-01
says "yuan" "250000.50 yuan"
printf 'code,place,quantity\nD-O1,653200,9\n' >"$dir/offer.csv"
fails "an offer does not shrink below what is docked" 1 run load "$dir/offer.csv"
says "what is docked" "D-O1 has 9, and dockings take 10 of it"
printf 'code,need,offer,taken,state,proposed_on\nD-X,D-N4,D-O4,9,proposed,2020-04-01\n' >"$dir/docking.csv"
fails "a sheet does not take more either" 1 run load "$dir/docking.csv"

check "agree" run needs agree D-N1+D-O1 --on 2020-04-05
fails "done before it is delivered" 1 run needs "done" D-N1+D-O1
says "what it is" "is agreed: only one that is delivered"
check "deliver" run needs deliver D-N1+D-O1 --on 2020-05-01
check "done" run needs "done" D-N1+D-O1 --on 2020-05-02
fails "an end is an end" 1 run needs fail D-N1+D-O1 --reason late
fails "a failure has a reason" 1 run needs fail D-N1+D-O1+2
check "fail" run needs fail D-N1+D-O1+2 --reason "no line" --on 2020-05-03
check "what failed is free again" run needs dock D-N1 D-O1 --on 2020-05-04
says "the rest" "4 次"
c=$(printf '%s\n' "$out" | grep -o 'D-N1+D-O1[+0-9]*')
for s in agree deliver "done"; do run needs "$s" "$c" --on 2020-05-05 >/dev/null; done
check "the need is met" run needs list --as-of 2020-05-06 --format csv
says "on that day" "D-N1,远程会诊,Ayaksayi Village,medical,technology,10 次,0 次,2,2,2020-05-05"

check "needs without a project" run needs no-project --as-of 2020-05-06 --format csv
says "the wool" D-N3
silent "not the water" D-N2
silent "not what is met" D-N1
check "projects without a need" run needs projects --format csv
says "nobody asked for it" D-PR2
silent "this was asked for" D-PR1
check "offers unused" run needs unused --as-of 2020-05-06 --format csv
says "what is left" "D-O1,远程医疗,D-H,technology,medical,15 次,5 次"
silent "nothing of last year" D-O5
check "dockings" run needs dockings --place 653224
says "why it failed" "no line"
check "offers" run needs offers --zh
check "everything is proved" run verify
fails "wrong usage" 2 run needs dance
finish
