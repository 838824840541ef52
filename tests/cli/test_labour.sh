#!/usr/bin/env bash
# Work: from profile to follow-up in one record; vacancies and trips free of charge; work areas;
# what stands still and what restarted.
set -u
jiedui=$1
. tests/cli/tap.sh
small_store
village=653224103222

mkdir "$dir/p"
cat >"$dir/p/organisation.csv" <<'X'
code,name_zh,kind,place
L-SZ,某市,government,110000
L-F,某厂,enterprise,110105
L-G,邻厂,enterprise,653224
X
printf 'code,title,kind,place\nL-ST,劳务站,labour,653224\n' >"$dir/p/station.csv"
printf 'code,title,helper,place,kind,for_year\nL-FL,就业资金,L-SZ,653224,fiscal,2020\n' >"$dir/p/fund_line.csv"
cat >"$dir/p/household.csv" <<X
code,place,identified_on
L-H1,$village,2014
X
cat >"$dir/p/person.csv" <<'X'
household,code,name,sex,birth_date,labour_ability,data_year
L-H1,1,某甲,1,1985-02-03,01,2020
L-H1,2,某乙,2,1988-02-03,01,2020
X
cat >"$dir/p/seeker.csv" <<X
code,place,person,registered,skill,area,kind,pay_wanted,station,valid_from
L-S1,$village,L-H1/1,1,electronics,1,firm,3000,L-ST,2020-03-01
L-S2,$village,L-H1/2,1,sewing,3,,2000,L-ST,2020-03-01
X
cat >"$dir/p/vacancy.csv" <<X
code,employer,place,title,kind,skill,monthly_pay,fee,quantity,valid_from,valid_to
L-V1,L-F,110105,assembly line,firm,electronics,4000,0,3,2020-03-01,2020-12-31
L-V2,L-G,653224,guard,firm,security,1800,,1,2020-03-01,2020-12-31
X
cat >"$dir/p/job_match.csv" <<'X'
seeker,vacancy,matched_on,result
L-S1,L-V1,2020-03-10,accepted
L-S2,L-V2,2020-03-11,refused
X
printf 'code,title,kind,helper,place,fee,valid_from,valid_to\nL-C1,Electronics,skill,L-SZ,653224,0,2020-03-12,2020-03-20\n' >"$dir/p/course.csv"
printf 'course,code,person,registered,days,outcome,subsidy,fund_line\nL-C1,1,L-H1/1,1,8,job,500,L-FL\n' >"$dir/p/attendance.csv"
cat >"$dir/p/trip.csv" <<'X'
code,title,place,destination,employer,helper,kind,seats,passengers,registered_passengers,fare,cost,fund_line,valid_from,valid_to
L-T1,点对点专车,653224,110105,L-F,L-SZ,coach,40,30,28,0,24000,L-FL,2020-03-22,2020-03-22
X
printf 'trip,code,person,registered,fare,placement\nL-T1,12,L-H1/1,1,0,L-P1\n' >"$dir/p/seat.csv"
cat >"$dir/p/placement.csv" <<X
code,place,helper,employer,person,work_place,area,kind,way,registered,reach,quantity,qualifier,stable_months,valid_from,valid_to
L-P1,$village,L-SZ,L-F,L-H1/1,110105,1,firm,vehicle,1,direct,1,eq,6,2020-03-25,2020-03-25
L-P2,653224,L-SZ,L-G,,653224,3,workshop,referral,1,direct,40,eq,2,2020-04-01,2020-04-01
L-P3,653224,L-SZ,,,653225,2,flexible,several,0,direct,100,gt,,2020-01,2020-05
L-P4,653224,L-SZ,,,220104,1,firm,several,1,direct,7,eq,,2020-02-01,2020-02-01
L-P5,653224,L-SZ,,,,,stall,,0,indirect,300,approx,,2020-04,2020-04
X
cat >"$dir/p/follow_up.csv" <<'X'
placement,months,checked_on,result,monthly_pay
L-P1,3,2020-06-26,same_job,4100
L-P2,3,2020-07-02,home,
X
cat >"$dir/p/workshop.csv" <<'X'
code,title,kind,place,helper,quantity,valid_from,stopped_on,restarted_on
L-W1,车间甲,factory,653224,L-SZ,1,2019-01-01,2020-01-25,2020-03-10
L-W2,车间乙,factory,653224,L-SZ,2,2019-01-01,2020-01-25,
L-W3,车间丙,factory,653224,L-SZ,1,2019-01-01,,
X
cat >"$dir/p/firm_landed.csv" <<'X'
code,firm,helper,place,quantity,valid_from,stopped_on,restarted_on
L-FM1,L-G,L-SZ,653224,1,2019-05-01,2020-01-25,2020-02-20
L-FM2,,L-SZ,653224,3,2019-05-01,2020-01-25,
X
cat >"$dir/p/service.csv" <<'X'
code,organisation,place,kind,quantity,persons,amount,valid_from,valid_to
L-SV1,L-SZ,653224,telemedicine,12,340,,2020-02,2020-02
L-SV2,L-SZ,653224,job_subsidy,1,30,90000,2020-03,2020-03
L-SV3,L-SZ,653224,online_jobs,1,,,2020-03,2020-03
X
check "the records load" run load "$dir/p"

check "one person" run labour person L-H1/1 --as-of 2020-07-01 -f csv
says "profile" '2020-03-01,profile,L-S1,electronics,Ayaksayi Village,'
says "match" '2020-03-10,match,L-S1,accepted'
says "training" '2020-03-12,training,L-C1,job,Lop County,L-SZ'
says "trip" '2020-03-22,trip,L-T1,coach,Chaoyang District,L-F'
says "job" '2020-03-25,job,L-P1,firm,Chaoyang District,L-F'
says "follow-up" '2020-06-26,follow-up,L-P1,3 months: same_job'
check "the other" run labour person L-H1/2
says "what is missing" 'nothing recorded of: training, trip, job, follow-up'
fails "nobody" 1 run labour person L-H9/1
fails "who?" 2 run labour person

check "vacancies" run labour vacancies --as-of 2020-04-01 -f csv
says "open posts, free of charge" 'L-V1,assembly line,L-F,Chaoyang District,firm,electronics,4000,0,3,2,'
printf 'code,employer,place,title,fee\nL-V9,L-F,110105,x,50\n' >"$dir/vacancy.csv"
fails "a vacancy that costs the seeker something" 3 run load "$dir/vacancy.csv"
check "is told why" cat "$dir/vacancy.refused.csv"
says "in words" 'a seeker is asked for a fee'

check "trips" run labour trips --as-of 2020-04-01 -f csv
says "seats, passengers, use, fare 0, who pays" 'L-T1,2020-03-22,Lop County,Chaoyang District,L-F,coach,40,30,28,1,75.0%,0,24000,L-FL,done'
printf 'code,place,destination,seats,passengers,fare\nL-T9,653224,110105,40,30,35\n' >"$dir/trip.csv"
fails "a trip with a fare" 3 run load "$dir/trip.csv"
check "is refused" cat "$dir/trip.refused.csv"
says "and told why" 'the fare is 0, and the cost goes to a fund line'
printf 'trip,code,registered,fare\nL-T1,13,1,35\n' >"$dir/seat.csv"
fails "a registered passenger who paid" 3 run load "$dir/seat.csv"
printf 'trip,code,registered,fare\nL-T1,14,0,35\n' >"$dir/seat.csv"
check "another may pay" run load "$dir/seat.csv"
printf 'code,place,destination,seats,passengers\nL-T8,653224,110105,40,41\n' >"$dir/trip.csv"
fails "more passengers than seats" 3 run load "$dir/trip.csv"

check "work areas" run labour areas --as-of 2020-07-01 -f csv
says "the helper's province" "helper's province,1,1,0,1"
says "other provinces" 'other provinces,7,7,0,1'
says "in the province" '"in province, outside county",~ 100,0,0,1'
says "at home" 'inside county,40,40,0,1'
says "indirect ones beside" 'not told,~ 0,0,300,1'
check "jobs" run figure jobs --from 2020 --to 2020 -f csv
says "without the indirect" '148 person'
check "by way" run totals placement way -f csv
says "by vehicle" 'vehicle,point-to-point vehicle,1,1'
check "by kind" run totals placement kind -f csv
says "workshop" 'workshop,workshop,1,40'
check "services" run totals service kind -f csv
says "telemedicine" 'telemedicine,telemedicine,1,12'
says "subsidy with money" 'job_subsidy,job subsidy,1,1,90000'

check "looks that are due" run labour due --as-of 2021-04-01 -f csv
says "six months after" 'L-P1,Ayaksayi Village,L-SZ,L-F,1,6,2020-09-25,188'
says "twelve" 'L-P1,Ayaksayi Village,L-SZ,L-F,1,12,2021-03-25,7'
silent "three is done" 'L-P1,阿亚克萨依村委会,L-SZ,L-F,1,3,'
says "of several people" 'L-P4,Lop County,L-SZ,,7,3,2020-05-01'
check "quality" run labour quality -f csv
says "fits" 'L-S1,L-V1,2020-03-10,fits,fits,fits,accepted'
says "does not" 'L-S2,L-V2,2020-03-11,does not fit,fits,does not fit,refused'

printf 'code,place,holder,kind,valid_from,valid_to\nL-O1,%s,L-H1/1,1,2020-01-01,2020-03-20\nL-O2,%s,L-H1/2,2,2020-03-01,\n' $village $village >"$dir/welfare_post.csv"
run load -q "$dir/welfare_post.csv"
fails "two public-welfare posts in one household" 3 run labour posts --as-of 2020-03-10 -f csv
says "are told" 'L-H1,Ayaksayi Village,L-O1,L-H1/1,1,2020-01-01'
says "both" 'L-H1,Ayaksayi Village,L-O2,L-H1/2,2,2020-03-01'
check "one after the other is none" run labour posts --as-of 2020-04-01

figure() { check "figure $1" run figure "$@" -f csv; }
figure stay_rate_3 --from 2020 --to 2020; says "one of two stayed" '50.0'
figure seat_use --from 2020 --to 2020; says "seats" '75.0'
figure trip_cost --from 2020 --to 2020 --org L-SZ; says "cost" '24,000 yuan'
figure job_match_rate --from 2020 --to 2020; says "accepted" '50.0'
figure jobs_outside_province --from 2020 --to 2020; says "by area" '8 person'
figure jobs_stable --from 2020 --to 2020; says "stable" '1 person'
figure workshop_restart_rate --to 2020-02-01; says "in the epidemic one of four" '25.0'
figure workshop_restart_rate --to 2020-04-01; says "then two" '50.0'
figure firm_restart_rate --to 2020-04-01; says "one of four firms" '25.0'
figure vacancies --to 2020-04-01; says "posts on offer" '4 post'

fails "a mistyped operand" 2 run labour trip
says "and what was meant" 'did you mean "trips"'
check "in Chinese" run --zh labour areas --as-of 2020-07-01
check "verify finds nothing wrong" run verify
finish_both "$@"
