#!/usr/bin/env bash
# The villages of the Tianjin example follow from its written rule: its script gives the shipped bytes.
set -u
. tests/cli/tap.sh
example=examples/tianjin-2020
if ! command -v python3 >/dev/null; then
  ok "the villages of the example # SKIP there is no python3"
  finish
fi
mkdir "$dir/out"
check "the script runs" python3 "$example/make-villages" data/places.csv.gz "$dir/out"
check "the roster is the shipped one" cmp "$dir/out/helped_place.csv" "$example/helped_place.csv"
check "and so are the classes" cmp "$dir/out/place_class.csv" "$example/place_class.csv"
out=$(awk -F, '$4 == "poor_village" { n++; if ($6 != "") exited++; if ($7 != "synthetic") other++ }
  END { print n, exited, other + 0 }' "$example/helped_place.csv")
says "3,904 villages, 3,787 of them out of poverty, all marked synthetic" "3904 3787 0"
finish
