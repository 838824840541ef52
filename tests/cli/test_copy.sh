#!/usr/bin/env bash
# A loaded example goes from SQLite to PostgreSQL and back, or between two files, and nothing
# changes; a killed copy is refused until the same command has finished it.
set -u
jiedui=$1
. tests/cli/tap.sh
small_places
s=$dir/s.db
run init -q --places "$dir/places.csv.gz" --store "$s"
run load -q --refused "$dir" examples/tianjin-2020 --store "$s" >/dev/null 2>&1
run verify --heads --store "$s" >"$dir/heads"

same() { # same STORE: exports, figures, heads
  local f
  for f in examples/tianjin-2020/*.csv; do
    f=$(basename "$f" .csv)
    cmp <(run export "$f" --store "$s") <(run export "$f" --store "$1") || return 1
  done
  cmp <(run claims --store "$s") <(run claims --store "$1") &&
    cmp "$dir/heads" <(run verify --heads --store "$1")
}

check "help of copy" run help copy
says "tells what an interrupted one is" "goes on with it"
fails "copy without a target" 2 run copy --from "$s"
fails "an original that is not there" 1 run copy --from "$dir/none.db" --to "$dir/t.db"
says "is named" "none.db"
check "and leaves nothing" test ! -e "$dir/t.db"
fails "a wrong URL" 2 run copy --from "$s" --to mysql://localhost/x
says "is told" "neither a file's path nor a postgresql:// URL"
fails "a server that is not there" 1 run copy --from "$s" --to postgresql://jiedui@127.0.0.1:1/x
says "is told" "cannot reach"

middle=$dir/m.db
if [ -n "${JIEDUI_TEST_PG:-}" ]; then
  base=${JIEDUI_TEST_PG%/*}/copy_$$_$RANDOM
  middle=${base}_m
else
  echo "skipped: no PostgreSQL to copy to and from"
fi
check "there" run copy --from "$s" --to "$middle"
says "read back" "read back and equal"
says "and proved" "journal: 0 faults; rows: 0 faults; figures: 0 faults"
silent "with nothing to complain of" "jiedui copy:"
check "back" run copy --from "$middle" --to "$dir/t.db"
check "the middle is the same" same "$middle"
check "the end is the same" same "$dir/t.db"
check "old heads hold" run verify --store "$dir/t.db" --against "$dir/heads"
fails "a copy overwrites nothing" 1 run copy --from "$s" --to "$middle"
says "and says so" "is a store already"
fails "nor the original itself" 1 run copy --from "$s" --to "$s"

mkdir "$dir/p"
printf 'code,title\nC-1,After the copy\n' >"$dir/p/document.csv"
check "the copy takes rows" run load -q "$dir/p" --store "$middle"
check "and stays whole" run verify --store "$middle" --against "$dir/heads"

# Killed at whatever it is doing, again and again.
target=$dir/k.db
[ -n "${JIEDUI_TEST_PG:-}" ] && target=${base}_k
killed=0 whole=
for delay in 0.2 0.4 0.6 0.8 1.0 1.3; do
  { timeout -s KILL $delay "$jiedui" copy -q --from "$s" --to "$target"; } >/dev/null 2>&1
  status=$?
  [ $status = 137 ] && killed=$((killed + 1))
  if out=$(run verify --heads --store "$target" 2>&1); then whole=1; break; fi
  case "$out" in *incomplete*|*"no store"*|*"does not exist"*|*"not a Jiedui store"*|*"no such table"*|*"relation"*) ;;
    *) no "after a kill: $out" ;;
  esac
done
ok "killed $killed times"
[ -n "$whole" ] || check "the same command finishes it" run copy --from "$s" --to "$target"
check "and it is the same" same "$target"
check "and whole" run verify --store "$target" --against "$dir/heads"

limited() { (trap '' XFSZ; ulimit -f 1024; "$@"); }
fails "a copy on a full disk" 1 limited "$jiedui" copy --from "$s" --to "$dir/f.db"
says "says so" "full"
fails "is no store" 1 run list document --store "$dir/f.db"
check "and goes on when there is room" run copy --from "$s" --to "$dir/f.db"
check "to the same" same "$dir/f.db"
finish
