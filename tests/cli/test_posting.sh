#!/usr/bin/env bash
# Postings: teams, terms, days on site, hand-overs, outputs, skills, batches; courses and recruitment.
set -u
jiedui=$1
. tests/cli/tap.sh
small_store
village=653224103222 other=653224103221

mkdir "$dir/p"
cat >"$dir/p/organisation.csv" <<'X'
code,name_zh,kind
T-E,某集团,enterprise
T-WC,工作专班,team
X
printf 'place,class,valid_from\n653224,deep,2018\n%s,supervised,2020\n' $village >"$dir/p/place_class.csv"
cat >"$dir/p/posting.csv" <<X
code,helper,place,kind,role,quantity,team,aid_batch,skill,skill_needed,holder_name,phone,valid_from,valid_to
T-S1,T-E,$village,first_secretary,,1,,,party_work,party_work,张某,13800000000,2018-01-01,2020-01-31
T-S2,T-E,$village,first_secretary,,1,,,sales,party_work,,,2020-02-01,
T-M1,T-E,$village,team_member,,1,,,,agronomy,,,2020-02-01,2020-12-31
T-S3,T-E,$other,first_secretary,,1,,,,,,,2019-01-01,
T-S4,T-E,$other,first_secretary,,1,,,,,,,2020-03-01,
T-D1,T-E,653224,doctor,,2,,9,medicine,medicine,,,2019-06-01,
T-D2,T-E,653224,teacher,,5,,9,teaching,teaching,,,2019-07-01,
T-D3,T-E,653225,attached_cadre,deputy head of the county,1,,8,,,,,2016-06-01,2019-05-31
T-W1,T-E,653224,cadre,head of the task force,1,T-WC,,,,,,2020-01-01,
T-W2,T-E,653224,cadre,,4,T-WC,,,,,,2020-01-01,
X
cat >"$dir/p/site_day.csv" <<'X'
posting,month,days,leave_days,absent_days
T-S2,2020-02,21,0,0
T-S2,2020-03,18,3,
T-S2,2020-05,22,,
T-M1,2020-02,20,,
T-M1,2020-03,25,,
T-M1,2020-04,23,,
T-M1,2020-05,22,,
X
cat >"$dir/p/posting_output.csv" <<'X'
posting,code,kind,title,due_on,done_on
T-D2,1,base,training base,2019-12-31,2019-11-01
T-D2,2,curriculum,curriculum of the trade school,2020-03-31,
T-D2,3,curriculum,curriculum of the night school,2020-12-31,
X
cat >"$dir/p/mentee.csv" <<'X'
posting,code,skill,outcome,quantity,valid_from,valid_to
T-D1,1,medicine,alone,1,2019-07-01,2020-03-01
T-D1,2,medicine,learning,3,2019-07-01,2020-05-01
X
cat >"$dir/p/course.csv" <<'X'
code,title,kind,helper,place,trainees,registered_trainees,state,valid_from,valid_to
T-C1,Leaders,leader,T-E,653224,30,20,done,2020-03,2020-03
T-C2,Leaders again,leader,T-E,653224,50,40,planned,2020-09,2020-09
X
cat >"$dir/p/attendance.csv" <<'X'
course,code,registered,days,outcome,subsidy,quantity,valid_from,valid_to
T-C1,1,1,5,certificate,300,1,2020-03,2020-03
T-C1,2,1,2,dropped_out,,1,2020-03,2020-03
T-C1,3,1,5,finished,3000,10,2020-03,2020-03
X
cat >"$dir/p/recruitment.csv" <<'X'
code,helper,place,kind,people,registered,quantity,counted_on,valid_from,valid_to
T-R1,T-E,653224,taken_on,graduate,1,7,,2020-01,2020-06
T-R2,T-E,653224,staff,worker,1,120,2019-12-31,,2020-06-29
T-R3,T-E,653224,staff,worker,1,131,2020-06-30,,
X
check "the records load" run load "$dir/p"

fails "check" 3 run posting check --as-of 2020-06-15 -f csv
says "two of three" 'team too small,653224103222,Ayaksayi Village,,,2,3,person'
says "one of three, in the other village" "team too small,$other"
says "eleven months of twenty-four" 'term too short,653224103222,Ayaksayi Village,T-M1,,11,24,month'
says "a month under twenty days" 'too few days,653224103222,Ayaksayi Village,T-S2,2020-03-01,18,20,day'
says "a month nobody wrote down, of four" 'days not recorded,653224103222,Ayaksayi Village,T-S2,,1,4,month'
silent "a term of over two years is long enough" 'term too short,653224103222,阿亚克萨依村委会,T-S1'
silent "no verdict on hand-overs whose day is not known" 'overlap'
check "postings that followed" run watch postings -f csv
says "without gap" 'T-S1,2020-01-31,T-S2,2020-02-01,follows,'
says "of an unknown end nothing is said" 'T-S3,,T-S4,2020-03-01,no verdict,'
printf 'posting,successor,handed_on\nT-S3,T-S4,2020-02-20\n' >"$dir/handover.csv"
check "a hand-over" run load "$dir/handover.csv"
check "tells the end" run watch postings -f csv
says "and so the gap" 'T-S3,2020-02-20,T-S4,2020-03-01,gap,9'
printf 'posting,successor,handed_on\nT-S3,T-S4,2020-03-10\n' >"$dir/handover.csv"
fails "a hand-over that leaves two first secretaries at once is refused" 1 run load "$dir/handover.csv"
says "with both" 'T-S3 stays until 2020-03-10, T-S4 comes on 2020-03-01'
printf 'code,helper,place,kind,valid_from,valid_to\nT-S9,T-E,%s,first_secretary,2019-01-01,2019-06-30\n' $village >"$dir/posting.csv"
fails "two first secretaries at once are refused" 1 run load "$dir/posting.csv"
says "with the days" 'two first secretaries of 653224103222 at once'

cat >"$dir/own.criteria" <<'X'
criterion resident_team
  label en "Small team" zh "小队"
  on posting
  from 2019-01-01
  source "a county of ours"
  limit team_members 2
  limit term_months 6
  limit days_a_month 15
X
fails "with rules of one's own" 3 run posting check --as-of 2020-06-15 --rules "$dir/own.criteria"
silent "two are enough" "team too small  $village"
says "the rule is named" 'by Small team (resident_team, 2019-01-01)'
echo 'limit x' >>"$dir/own.criteria"
fails "a fault in them" 1 run posting check --rules "$dir/own.criteria"
says "names file and line" 'own.criteria, line 9: expected a name and a whole number after limit'

check "register" run posting register --as-of 2020-06-15 -f csv
says "supervised village in a deep county" '"deep;supervised",T-S2,first_secretary,1,'
says "by batch" 'deep,T-D1,doctor,2,653224000000,Lop County,T-E,,9,'
check "roster" run posting roster --as-of 2019-06-15 -f csv
says "county by county, names kept back" 'Lop County,Ayaksayi Village,first_secretary,,1,T-E,,,***,***,T-S1'
check "with names" run posting roster --as-of 2019-06-15 --names -f csv
says "when asked" '张某,13800000000'
says "the attached cadre of another county has gone" 'Lop County'
silent "at the end of May" 'T-D3'
check "teams" run posting teams --as-of 2020-06-15 -f csv
says "a resident team" ',653224103222,Ayaksayi Village,2,0,1,2020-02-01'
says "a task force" 'T-WC,653224000000,Lop County,5,0,0,2020-01-01'
check "outputs" run posting outputs --as-of 2020-06-15 -f csv
says "done" 'T-D2,Lop County,1,base,training base,2019-12-31,2019-11-01,done'
says "overdue" 'curriculum of the trade school,2020-03-31,,overdue'
says "open" 'curriculum of the night school,2020-12-31,,open'
check "skills" run posting skills --as-of 2020-06-15 -f csv
says "fits" 'T-D1,doctor,Lop County,medicine,medicine,fits'
says "does not" 'T-S2,first_secretary,Ayaksayi Village,party_work,sales,does not fit'
says "not known" 'T-M1,team_member,Ayaksayi Village,agronomy,,no verdict'
check "batches" run posting batches --as-of 2020-06-15 -f csv
says "the ninth" 'T-E,9,7,2019-06-01,'
says "the eighth, over" 'T-E,8,1,2016-06-01,2019-05-31'
check "kinds" run totals posting kind -f csv
says "teachers" 'teacher,teacher,1,5'

figure() { check "figure $1" run figure "$@" -f csv; }
figure trainees --from 2020 --to 2020; says "trained" '30'; silent "not the planned" '80'
figure trainees_planned --from 2020 --to 2020; says "planned" '50'
figure course_finish_rate --from 2020 --to 2020; says "eleven of twelve" '91.7'
figure training_subsidies --from 2020 --to 2020; says "subsidies" '3,300'
figure registered_graduates_taken_on --from 2020 --to 2020; says "a flow" '7 person'
figure registered_staff --to 2020-01-15; says "a stock" '120 person'
figure registered_staff --to 2020-07-15; says "counted anew, not added" '131 person'
figure mentees_independent --from 2019 --to 2020; says "one of four" '1 person'
figure days_on_site --from 2020-03 --to 2020-03; says "days of March" '43 day'

cat >"$dir/student_aid.csv" <<'X'
code,helper,place,kind,students,qualifier,amount,yearly_rate,valid_from,valid_to
T-A1,T-E,653224,tuition,20,eq,60000,,2019,2019
T-A2,T-E,653224,several,400,lt,,10000,2016-09,2020-10
T-A3,T-E,653224,living,30,eq,90000,,2017,2019
X
run load -q "$dir/student_aid.csv"
check "courses" run training courses --as-of 2020-06-15 -f csv
says "held: trained, attended, finished, subsidies" 'T-C1,Leaders,leader,Lop County,T-E,done,2020-03-01,30,12,11,0,,,3300,'
says "planned apart" 'T-C2,Leaders again,leader,Lop County,T-E,planned,2020-09-01,50,,,,,,,'
check "aid for students" run training students -f csv
says "by student and year" 'T-A1,,Lop County,T-E,tuition,2019,20,60000,3000,'
says "nearly, as it was told" 'T-A2,,Lop County,T-E,several,2016-2020,< 400,,< 10000,'
says "of three years together no rate of one follows" 'T-A3,,Lop County,T-E,living,2017-2019,30,90000,not told,'

printf 'code,helper,place,kind,quantity\nT-R9,T-E,653224,staff,5\n' >"$dir/recruitment.csv"
fails "staff without a date" 3 run load "$dir/recruitment.csv"
printf 'posting,month,days,leave_days,absent_days\nT-S2,2020-04,20,10,5\n' >"$dir/site_day.csv"
fails "more days than a month has" 3 run load "$dir/site_day.csv"
fails "a mistyped operand" 2 run posting rooster
check "in Chinese" run --zh posting batches --as-of 2020-06-01
check "verify finds nothing wrong" run verify
finish_both "$@"
