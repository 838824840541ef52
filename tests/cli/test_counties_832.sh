#!/usr/bin/env bash
# The 832 nationally poor counties as status changes: exits by year from records, held against the
# official numbers. The list itself is not part of the project: it is read where it lies beside it.
set -u
jiedui=$1
. tests/cli/tap.sh
list=../shared/domain/data/counties_832_exit_year.csv
if [ ! -r "$list" ]; then
  ok "the 832 counties # SKIP their list does not lie beside the project"
  finish
fi
export JIEDUI_STORE=$dir/s.db
mkdir "$dir/p"

# A county that was merged has no code of its own in the list: the code it was merged into is used.
awk -F, 'NR == 1 { print "code,place,unit_level,status,exit_year,valid_from,valid_to,basis,source"; next }
  { place = $1; if (place == "") { split($7, a, ":"); place = substr(a[2], 1, 6) }
    printf "N-%04d,%s,county,exited,%s,%s,%s,restated,N-LIST\n", NR, place, $6, $6, $6 }' \
  "$list" >"$dir/p/place_status.csv"
cat >"$dir/p/document.csv" <<'X'
code,title,kind
N-LIST,List of the 832 counties with their years of exit,research
N-OFFICIAL,Official counts of counties delisted by year,statistics
X
reading='one county stands under 2019 in the list and under 2018 in the official count'
cat >"$dir/p/claim.csv" <<X
code,claimed_text,figure,period_from,period_to,value,unit,reading,source
N-2016,28 counties,counties_exited,2016,2016,28,county,,N-OFFICIAL
N-2017,125 counties,counties_exited,2017,2017,125,county,,N-OFFICIAL
N-2018,283 counties,counties_exited,2018,2018,283,county,$reading,N-OFFICIAL
N-2019,344 counties,counties_exited,2019,2019,344,county,$reading,N-OFFICIAL
N-2020,52 counties,counties_exited,2020,2020,52,county,,N-OFFICIAL
N-ALL,832 counties,counties_exited,2016,2020,832,county,,N-OFFICIAL
X

# The whole gazetteer: a county of the list that it does not know would be refused.
check "init" "$jiedui" init --quiet
for name in Ayaksayi Ayaksai; do
  check "a village by another spelling" "$jiedui" place "$name"
  says "$name" '653224103222'
done
check "all 832 counties are taken" "$jiedui" load "$dir/p" --quiet
claims=$("$jiedui" claims --format csv | tr -d '\r')
for year in 2016:28 2017:125 2018:282 2019:345 2020:52; do
  out=$("$jiedui" figure counties_exited --from "${year%:*}" --to "${year%:*}" --format csv | tr -d '\r')
  says "${year%:*}: ${year#*:} exits" ",${year#*:} "
done
verdict_of() { printf '%s\n' "$claims" | grep "^$1," | grep -c ",$2,"; }
for code in N-2016 N-2017 N-2020 N-ALL; do
  out=$claims
  if [ "$(verdict_of $code holds)" = 1 ]; then ok "$code holds"; else no "$code holds"; fi
done
for code in N-2018 N-2019; do
  out=$claims
  if [ "$(verdict_of $code differs)" = 1 ]; then ok "$code differs"; else no "$code differs"; fi
done
out=$claims
says "and the one county is named as the reason" "$reading"
finish
