#!/usr/bin/env bash
# Several processes write to one store at once: each is served or told to wait, and nothing is damaged.
set -u
jiedui=$1
. tests/cli/tap.sh
small_places
export JIEDUI_STORE=$dir/s.db
"$jiedui" init --quiet --places "$dir/places.csv.gz"
for k in 1 2 3 4 5; do
  rows=$((k == 1 ? 28000 : 500))
  awk -v k=$k -v n=$rows 'BEGIN { print "code,place,amount,quantity,valid_from,valid_to"
    for (i = 1; i <= n; i++) printf "T-%d-%d,653224103222,%d,1,2020-03-01,2020-03-01\n", k, i, i }' >"$dir/purchase$k.csv"
done
for k in 1 2 3 4 5; do
  "$jiedui" load --entity purchase "$dir/purchase$k.csv" >"$dir/out$k" 2>&1 &
  "$jiedui" figure purchases --place 653224 >/dev/null 2>"$dir/read$k" &
  sleep 0.2
done
wait
for k in 1 2 3 4 5; do
  out=$(cat "$dir/out$k" "$dir/read$k")
  silent "process $k finds the store whole" damaged
done
# A load that was told that another is under way is given again.
for k in 1 2 3 4 5; do check "load $k" "$jiedui" load --entity purchase "$dir/purchase$k.csv"; done
out=$("$jiedui" figure purchases --place 653224 --from 2020 --to 2020 --format csv)
says "all of it, once" "30000"
check "everything is proved" "$jiedui" verify
finish
