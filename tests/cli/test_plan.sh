#!/usr/bin/env bash
# A yearly plan: targets broken down, changed for a reason, measured, late, and carried over.
set -u
jiedui=$1
. tests/cli/tap.sh
small_store

mkdir "$dir/p"
cat >"$dir/p/organisation.csv" <<'X'
code,name_zh,kind,parent
P-CITY,某市,government,
P-A,甲区,government,P-CITY
P-B,乙区,government,P-CITY
X
cat >"$dir/p/work_plan.csv" <<'X'
code,title,kind,organisation,for_year,state
P-WP,Plan of 2020,annual,P-CITY,2020,committed
X
cat >"$dir/p/target.csv" <<'X'
code,work_plan,organisation,place,measure,target_value,unit,qualifier,parent,breakdown,reserve
P-T,P-WP,P-CITY,,purchases,1000000,yuan,ge,,,
P-T-A,P-WP,P-A,,purchases,600000,yuan,ge,P-T,unit,
P-T-B,P-WP,P-B,,purchases,300000,yuan,ge,P-T,unit,
P-T-R,P-WP,P-CITY,,purchases,100000,yuan,ge,P-T,unit,1
P-T-L,P-WP,P-CITY,653224,purchases,500000,yuan,ge,P-T,area,
P-U,P-WP,P-CITY,,visits,,visit,,,,
X
cat >"$dir/p/purchase.csv" <<'X'
code,helper,place,amount,class,valid_from,valid_to,state
P-P1,P-A,653224,400000,consumption,2020-03-01,2020-03-01,done
P-P2,P-B,653225,10000,consumption,2020-04-01,2020-04-01,done
P-P3,P-B,653225,10000,consumption,2020-12-01,2020-12-01,done
X
cat >"$dir/p/event.csv" <<'X'
code,title,kind,valid_from,valid_to,state
P-E,Epidemic,shock,2020-01-23,2020-04-08,done
X
cat >"$dir/p/plan_risk.csv" <<'X'
code,target,event,value_at_risk,effect,answer
P-K,P-T-B,P-E,150000,shops are closed,sell by live stream
X
cat >"$dir/p/task.csv" <<'X'
code,work_plan,organisation,title,due_on,done_on,target,blocked_by
P-K1,P-WP,P-B,Open a hall,2020-05-31,,P-T-B,
P-K2,P-WP,P-B,Open a shop,2020-11-30,,P-T-B,no licence yet
P-K3,P-WP,,Print leaflets,2020-05-01,2020-04-20,,
X
cat >"$dir/p/responsibility.csv" <<'X'
code,task,organisation,person_name,post,role
P-R1,P-K1,P-B,,head of the commerce office,leads
P-R2,P-K1,P-A,,,supports
X
check "the plan loads" run load "$dir/p"
check "plans" run plan --as-of 2020-06-30 --format csv
says "one line a plan: targets, reached, behind, missed, without target, tasks, done, late" \
  'P-WP,Plan of 2020,P-CITY,2020,committed,6,0,1,0,1,3,1,1'
check "a plan" run plan show P-WP --as-of 2020-06-30 --format csv
says "the whole: reached so far, completion, time gone, forecast to the end, parts of both ways" \
  'P-T,P-CITY,,purchases,,≥1000000,,"410,000 yuan",recorded,41.0%,49.7%,824505.49,"unit 410000; area 400000",on time'
says "a part" 'P-T-B,P-B,,purchases,unit,≥300000,,"10,000 yuan",recorded,3.3%,49.7%'
says "no target is no percentage" 'P-U,P-CITY,,visits,,no target,,'
says "and says so" 'no target'
silent "never a whole one" '100.0%'
check "one target and its parts" run plan show P-T-B --as-of 2020-06-30 --format json
silent "and no other" '"P-T-A"'
check "only one unit" run plan laggards --org P-A --as-of 2020-06-30 --format csv
silent "leaves out the others" "P-T-B"

fails "by area less is given out than there is" 3 run plan check --format csv
says "the difference is told" 'P-T,short,500000,'
says "and what to do" 'give the rest to somebody or to a reserve'
silent "by unit it sums, with the reserve" 'parts by unit'

mkdir "$dir/q"
cat >"$dir/q/target.csv" <<'X'
code,work_plan,organisation,place,measure,target_value,unit,parent,breakdown
P-T-X,P-WP,P-CITY,653225,purchases,500000.01,yuan,P-T,area
X
fails "parts that overshoot are refused" 1 run load "$dir/q"
says "with the target and the difference" "target P-T is 1000000.00; its parts by area come to 1000000.01, 0.01 too much"
check "nothing of it was kept" run list target --format csv
silent "no such target" "P-T-X"
sed -i 's/500000.01/500000/' "$dir/q/target.csv"
check "what fits is taken" run load "$dir/q"
check "now all parts sum" run plan check

check "laggards" run plan laggards --as-of 2020-06-30 --format csv
case "$out" in *P-T-B*P-T-X*|*P-T-X*P-T-B*) ok "both that are behind" ;; *) no "both that are behind" ;; esac
says "with what blocks them" 'late task: Open a hall; Open a shop: no licence yet; shock: Epidemic (shops are closed)'
says "and what is left" ',290000,behind,'
check "with more patience nobody is behind" run plan laggards --as-of 2020-06-30 --tolerance 100 --format csv
silent "not even the last" "P-T-B"

mkdir "$dir/r"
cat >"$dir/r/target_revision.csv" <<'X'
code,target,new_value,changed_on,reason,event,decided_by
P-V1,P-T-B,200000,2020-05-01,shops were closed,P-E,P-CITY
P-V2,P-T-R,200000,2020-05-01,kept back,P-E,P-CITY
X
check "targets are set anew" run load "$dir/r"
check "with their history" run plan history --format csv
says "from, before, after, difference, reason, event" 'P-T-B,2020-05-01,300000,200000,-100000,shops were closed,Epidemic,P-CITY,P-V1'
check "the new value holds from its day" run plan show P-T-B --as-of 2020-06-30 --format csv
says "beside the first" '≥200000,300000,'
check "before it, the old one" run plan show P-T-B --as-of 2020-04-30 --format csv
says "alone" '≥300000,,'
check "what the shock puts at risk" run plan risks --format csv
says "how much of it" 'P-K,Epidemic,P-T-B,purchases,≥200000,150000,75.0%,shops are closed,sell by live stream'

check "who answers for what" run plan matrix --as-of 2020-06-30 --format csv
says "unit and post" 'P-K1,Open a hall,,leads,P-B,head of the commerce office,,2020-05-31,,late,'
says "the second unit" 'P-K1,Open a hall,,supports,P-A,'
says "a task of nobody" 'P-K3,Print leaflets,,nobody,'

check "what is left over" run plan carry-over --year 2020 --as-of 2020-12-31 --format csv
says "of the whole" 'target,P-T,P-CITY,purchases,≥1000000,"420,000 yuan",580000,'
says "and the tasks" 'task,P-K1,P-B,Open a hall'
silent "not those that are done" 'Print leaflets'
check "as next year's rows" run plan carry-over --year 2020 --as-of 2020-12-31 -o "$dir/next"
check "which load" run load "$dir/next"
check "and are there" run plan show P-T-2021 --as-of 2021-02-28 --format csv
says "with what was left" '≥580000,'
fails "they are not written over" 1 run plan carry-over --year 2020 --as-of 2020-12-31 -o "$dir/next"

fails "an unknown plan" 1 run plan show P-XX
says "is named" 'no plan or target "P-XX"'
fails "a mistyped word" 2 run plan laggrads
says "and what was meant" 'did you mean "laggards"'
fails "no date" 2 run plan --as-of yesterday
check "verify finds nothing wrong" run verify
finish
