#!/usr/bin/env bash
# A store of an earlier program: one that lacks a table, a column and a code list is refused with a
# word on what to do, gets them by `upgrade`, and keeps its digests.
set -u
jiedui=$1
. tests/cli/tap.sh
command -v sqlite3 >/dev/null || { echo "skipped: no sqlite3 to make an earlier store with"; exit 0; }
small_store
mkdir "$dir/p"
printf 'code,title\nT-D,A report\n' >"$dir/p/document.csv"
printf 'code,name_zh,kind\nT-H,A helper,enterprise\n' >"$dir/p/organisation.csv"
printf 'code,helper,place,kind,amount,state,valid_to,source\nT-C1,T-H,653224,money,100,committed,2020,T-D\n' >"$dir/p/commitment.csv"
check "a load" run load -q "$dir/p"
printf 'code,title,place,holder_kind,restricted\nU-G,A giver,653224,outside,0\nU-P,A pot,653224,place,1\nU-Q,A school,653224,project,1\n' >"$dir/ledger_account.csv"
check "accounts" run load -q "$dir/ledger_account.csv"
printf 'date,debit,credit,amount\n2020-05-27,U-G,U-P,5\n' >"$dir/t.csv"
check "money" run money post "$dir/t.csv"
printf 'date,debit,credit,amount\n2020-05-28,U-P,U-Q,2\n' >"$dir/on.csv"
check "money handed on" run money post "$dir/on.csv"
by_lot=transfer_county_lot_county_lot_lot_off_seq_kind_taken_193bc859
sqlite3 "$JIEDUI_STORE" "drop table lot_taken; create index $by_lot on transfer (county, lot_county, lot, lot_off,
  seq, kind, taken, credit, id, day) where lot is not null;
  alter table commitment drop column due_on; drop table meeting;
  alter table load drop column seal; alter table load_part drop column seal;
  alter table load_change drop column seal; alter table load_mapping drop column seal;
  alter table cell_staging drop column seal; alter table figure_def drop column seal;
  alter table writer drop column seal; alter table ledger_balance drop column seal;
  alter table lot_mark drop column seal; alter table ledger_head drop column seal;
  alter table ledger_head drop column settled;
  delete from setting where name in ('declared', 'seal.setting', 'seal.load', 'seal.load_part',
    'seal.load_change', 'seal.load_mapping', 'seal.cell_staging', 'seal.figure_def')" || no "making it older"
fails "an earlier store is refused" 1 run list commitment
says "with what to do" "jiedui upgrade"
check "upgrade" run upgrade
check "then it serves" run list commitment
says "with its row" "T-C1"
check "the new table is there" run list meeting
check "nothing is wrong with it" run verify
says "no digest has changed" "rows: 0 faults"
check "the money is followed" run money trace --from lot:653224:1 --format csv
says "to where it was handed on" "U-Q"
check "an index that a table has replaced" sqlite3 "$JIEDUI_STORE" "select count(*) from sqlite_schema where name = '$by_lot'"
says "is gone" "0"
check "money moves on" run money post "$dir/t.csv"
check "the balance" run money balance
says "is whole" "8.00"
check "and proved" run verify
check "upgrading again" run upgrade
sqlite3 "$JIEDUI_STORE" "update load set files = 'other.csv'" || no "changing a sealed row"
fails "a changed record of a load is found" 3 run verify
says "and named" "load, number 1: the row was changed or added outside the program"
fails "and it is not written over" 1 run load --undo 1
says "which the error says" "the record of load 1 was changed outside the program"
finish
