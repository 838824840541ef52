#!/usr/bin/env bash
# A package that is taken in while the process is killed, at many instants, leaves nothing or all of it.
set -u
jiedui=$1
. tests/cli/tap.sh
small_places
at() { local s=$1; shift; "$jiedui" "$@" --store "$dir/$s.db"; }
cat >"$dir/organisation.csv" <<'X'
code,name_zh,kind,parent,place
K-BJ,北京协作办,department,,110105
K-LP,洛浦县乡村振兴局,department,,653224
X
for s in a b; do
  at $s init --quiet --places "$dir/places.csv.gz"
  at $s load "$dir/organisation.csv" >/dev/null
done
awk 'BEGIN { print "code,helper,place,amount,quantity,valid_from,valid_to"
  for (i = 1; i <= 3000; i++) printf "K-%d,K-BJ,653224103222,%d,1,2020-03-01,2020-03-01\n", i, i }' >"$dir/purchase.csv"
at a load "$dir/purchase.csv" >/dev/null
# Half of them are on the other side too: by the rule they are confirmed.
head -n 1501 "$dir/purchase.csv" >"$dir/half.csv"
at b load --entity purchase "$dir/half.csv" >/dev/null
at a package key --as K-BJ --secret "$dir/a.key" >/dev/null
at b package key --as K-LP --secret "$dir/b.key" >/dev/null
at b package trust "$dir/a.key.pub" --confirm >/dev/null
at a package out --to K-LP --secret "$dir/a.key" -o "$dir/p.jdp" >/dev/null

killed=0 whole=0
for wait in 0.05 0.1 0.2 0.3 0.5 0.7 0.9 1.2 1.6 2.2 3 4; do
  "$jiedui" package in "$dir/p.jdp" --store "$dir/b.db" >/dev/null 2>&1 &
  child=$!
  sleep "$wait"
  if kill -9 "$child" 2>/dev/null; then killed=$((killed + 1)); fi
  wait "$child" 2>/dev/null
  # Either none of its rows are to be seen, or all.
  rows=$(at b export package_item --format csv 2>/dev/null | wc -l)
  case $rows in 1 | 0) ;; 3001) whole=$((whole + 1)) ;; *) out=$rows; no "a part of it is to be seen after $wait s" ;; esac
done
check "it was killed" test "$killed" -gt 0
out=$(at b package in "$dir/p.jdp" 2>&1)
case $out in
  *"taken in already"*) ok "it was whole" ;;
  *3000*) ok "it is taken now" ;;
  *) no "it cannot be taken" ;;
esac
check "what was left is settled" at b package settle
check "all of it" sh -c "test \$('$jiedui' export package_item --format csv --store '$dir/b.db' | wc -l) = 3001"
out=$(at b figure purchases --from 2020 --to 2020 --parts --format csv | tail -n 1)
says "nothing twice, all that agreed confirmed" "1125750.00,0.00,0.00"
check "everything is proved" at b verify
finish
