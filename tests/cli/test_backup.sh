#!/usr/bin/env bash
# Backup and restore: while others write, of a damaged file, over something that is there, on a full
# disk; of an earlier program's store; of a PostgreSQL store when there is a server.
set -u
jiedui=$1
. tests/cli/tap.sh
small_store
run load -q --refused "$dir" examples/tianjin-2020 >/dev/null 2>&1
run verify --heads >"$dir/heads"

check "backup" run backup "$dir/b.db"
says "one line says where" "is backed up in $dir/b.db and proved"
check "nothing unfinished is left" test ! -e "$dir/b.db.part" -a ! -e "$dir/b.db-wal"
check "the heads are beside it" grep -q "$(head -n 1 "$dir/heads")" "$dir/b.db.heads"
check "the backup is a store" run verify --store "$dir/b.db" --against "$dir/b.db.heads"
fails "a backup is not overwritten" 1 run backup "$dir/b.db"
says "and that is said" "is already there"
fails "nor is the store itself" 1 run backup "$JIEDUI_STORE"
fails "a backup needs a file" 2 run backup
fails "which is no database" 2 run backup postgresql://localhost/x

check "restore" run restore "$dir/b.db" --store "$dir/r.db"
says "proved" "held against the heads, proved"
check "it is the store that was" run verify --store "$dir/r.db" --against "$dir/heads"
check "with the same rows" cmp <(run export document) <(run export document --store "$dir/r.db")
check "and the same figures" cmp <(run claims) <(run claims --store "$dir/r.db")
mkdir "$dir/p"
printf 'code,title\nB-1,After the restore\n' >"$dir/p/document.csv"
check "it takes rows" run load -q "$dir/p" --store "$dir/r.db"
fails "a restore overwrites nothing" 1 run restore "$dir/b.db" --store "$dir/r.db"
says "and that is said" "is already there"
fails "a backup that is not there" 1 run restore "$dir/none.db" --store "$dir/r2.db"
cp "$dir/b.db" "$dir/live.db"; touch "$dir/live.db-wal"
fails "a store in use is no backup" 1 run restore "$dir/live.db" --store "$dir/r2.db"
says "and that is said" "is in use"

# While a loader writes.
writer() {
  for i in $(seq 1 200); do
    mkdir -p "$dir/w"
    printf 'code,title\nW-%s,Report %s\n' "$i" "$i" >"$dir/w/document.csv"
    run load -q "$dir/w" >/dev/null 2>&1
    [ -e "$dir/stop" ] && break
  done
}
writer & writing=$!
for i in 1 2 3; do check "backup $i among writers" run backup -q "$dir/w$i.db"; done
touch "$dir/stop"; wait $writing
for i in 1 3; do
  check "backup $i is whole" run restore "$dir/w$i.db" --store "$dir/rw$i.db"
  check "and is in the store's past" run verify --against "$dir/w$i.db.heads"
done

# Every byte of a backup that is held against its heads counts.
damaged() { cp "$dir/b.db" "$dir/x.db"; cp "$dir/b.db.heads" "$dir/x.db.heads"; }
damaged; printf 'x' | dd of="$dir/x.db" bs=1 seek=200000 conv=notrunc 2>/dev/null
fails "a changed byte" 1 run restore "$dir/x.db" --store "$dir/r2.db"
says "is told" "its bytes were changed"
damaged; truncate -s -8192 "$dir/x.db"
fails "a cut file" 1 run restore "$dir/x.db" --store "$dir/r2.db"
rm "$dir/x.db.heads"
fails "a cut file without heads" 1 run restore "$dir/x.db" --store "$dir/r2.db"
printf 'not a store at all' >"$dir/x.db"
fails "a file that is no store" 1 run restore "$dir/x.db" --store "$dir/r2.db"
check "nothing was put in place" test ! -e "$dir/r2.db" -a ! -e "$dir/r2.db.part"
if command -v sqlite3 >/dev/null; then
  cp "$dir/b.db" "$dir/x.db"
  sqlite3 "$dir/x.db" "update document set title = title || '.' where code = 'TJ-DOC-1'"
  fails "a tampered row" 1 run restore "$dir/x.db" --store "$dir/r2.db"
  says "is named" "document"
  cp "$dir/w3.db" "$dir/x.db"
  sqlite3 "$dir/x.db" "delete from journal where seq = (select max(seq) from journal);
    update writer set (seq, hash) = (select seq, hash from journal j where j.writer = number
    order by seq desc limit 1)"
  fails "a tail that was cut with care" 1 run restore "$dir/x.db" --against "$dir/w3.db.heads" \
    --store "$dir/r2.db"
  says "is told" "its bytes were changed"
  grep -v '^# file' "$dir/w3.db.heads" >"$dir/h3"
  fails "and by bare heads" 1 run restore "$dir/x.db" --against "$dir/h3" --store "$dir/r2.db"
  says "as what it is" "the tail was cut"
  cp "$dir/b.db" "$dir/old.db"
  sqlite3 "$dir/old.db" "alter table commitment drop column due_on;
    alter table writer drop column seal; alter table load drop column seal;
    delete from setting where name in ('declared', 'seal.load', 'seal.setting')"
  check "a backup of an earlier program" run restore "$dir/old.db" --store "$dir/r3.db"
  says "with what is left to do" "jiedui upgrade"
  check "which works" run upgrade --store "$dir/r3.db"
  check "and proves it" run verify --store "$dir/r3.db"
fi

limited() { (trap '' XFSZ; ulimit -f 1024; "$@"); }
fails "a backup on a full disk" 1 limited "$jiedui" backup "$dir/full.db"
says "says so" "full"
fails "a restore on a full disk" 1 limited "$jiedui" restore "$dir/b.db" --store "$dir/r2.db"
check "neither leaves anything" test ! -e "$dir/full.db" -a ! -e "$dir/full.db.part" \
  -a ! -e "$dir/r2.db.part"

touch "$dir/r4.db-wal"
fails "a log of another store in the way" 1 run restore "$dir/b.db" --store "$dir/r4.db"
says "is named" "r4.db-wal"

if [ -n "${JIEDUI_TEST_PG:-}" ]; then
  url=${JIEDUI_TEST_PG%/*}/backup_$$_$RANDOM
  check "restore into PostgreSQL" run restore "$dir/b.db" --store "$url"
  check "is the store that was" run verify --store "$url" --against "$dir/heads"
  check "backup of PostgreSQL" run backup "$dir/pg.db" --store "$url"
  check "is a file anyone opens" cmp <(run claims --store "$dir/b.db") <(run claims --store "$dir/pg.db")
  cp "$dir/pg.db" "$dir/pg2.db.part" # whole, and killed before it got its name
  check "an attempt that was whole" run backup "$dir/pg2.db" --store "$url"
  for delay in 0.5 0.9 1.3; do
    { timeout -s KILL $delay "$jiedui" backup -q "$dir/pg3.db" --store "$url"; } >/dev/null 2>&1
  done
  [ -e "$dir/pg3.db" ] || check "a killed one goes on" run backup "$dir/pg3.db" --store "$url"
  check "to the same" cmp <(run claims --store "$dir/b.db") <(run claims --store "$dir/pg3.db")
  check "which restores" run restore "$dir/pg.db" --store "$dir/r5.db"
else
  echo "skipped: no PostgreSQL to back up and to restore into"
fi
finish
