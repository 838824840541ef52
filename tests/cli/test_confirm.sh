#!/usr/bin/env bash
# Both sides: the other side confirms, corrects, disputes; what follows for the record and the figures.
set -u
jiedui=$1
. tests/cli/tap.sh
small_places
export JIEDUI_STORE=$dir/s.db
# figure PARTS: confirmed, one-sided, disputed
parts() { run figure purchases --place 653224 --from 2020 --to 2020 --parts --format csv | tail -n 1; }
run init --quiet --places "$dir/places.csv.gz"

mkdir "$dir/p"
cat >"$dir/p/organisation.csv" <<'X'
code,name_zh,kind,parent,place
S-BJ,北京甲公司,enterprise,,110105
S-BJ-U,北京甲公司二部,enterprise,S-BJ,110105
S-LP,洛浦县政府,government,,653224
S-CE,策勒县政府,government,,653225
S-COOP,某合作社,cooperative,,653224
S-LPSHOP,洛浦商店,enterprise,,653224
X
cat >"$dir/p/purchase.csv" <<'X'
code,helper,seller,place,product,amount,quantity,valid_from,valid_to
S-P1,S-BJ-U,S-COOP,653224103222,核桃,1000,10,2020-03-01,2020-03-01
S-P2,S-BJ,S-COOP,653224103222,红枣,2000,20,2020-03-02,2020-03-02
S-P3,S-BJ,,653224103222,羊毛,4000,40,2020-03-03,2020-03-03
X
check "records load" run load "$dir/p"

check "waiting" run confirm waiting --org S-LP
says "all three wait for the county" S-P3
says "who reported it" S-BJ-U
check "waiting for the seller" run confirm waiting --org S-COOP --format csv
says "what it sold" S-P2
silent "not what it did not sell" S-P3
check "waiting for the helper" run confirm waiting --org S-BJ --format csv
silent "it has nothing to confirm" S-P1

check "the county confirms" run confirm purchase S-P1 --as S-LP --confirmed
says "before" one_sided
says "after" confirmed
echo "two boxes came back" >"$dir/note.txt"
check "the seller corrects" run confirm purchase S-P2 --as S-COOP --corrected amount=1800 \
  --reason "two boxes came back" --evidence "$dir/note.txt" --on 2020-04-01
says "it is corrected" corrected
check "the county disputes" run confirm purchase S-P3 --as S-LP --disputed --reason "never arrived"
says "it is disputed" disputed

out=$(parts); says "the figure shows the parts" "1000.00,0.00,6000.00"
check "disputed" run confirm disputed --format csv
says "both values" "amount,2000.00,1800.00,S-COOP,2020-04-01"
says "the reason and the document" "two boxes came back,note.txt"
says "the dispute" "never arrived"
check "nothing waits" run confirm waiting --org S-LP --format csv
silent "none is left" S-P

fails "a stranger does not confirm" 1 run confirm purchase S-P1 --as S-CE --confirmed
says "who would" "S-CE is on neither side of purchase S-P1"
fails "a shop of the place does not" 1 run confirm purchase S-P1 --as S-LPSHOP --confirmed
fails "the side that reported does not" 1 run confirm purchase S-P1 --as S-BJ --confirmed
says "only the other side" "only the other side"
fails "a dispute has a reason" 1 run confirm purchase S-P1 --as S-LP --disputed
says "what is missing" "needs its reason"
fails "a correction gives another value" 1 run confirm purchase S-P1 --as S-LP --corrected amount=1000
says "confirm it instead" "confirm it instead"
fails "an unknown field" 1 run confirm purchase S-P1 --as S-LP --corrected amuont=1
says "the nearest" 'did you mean "amount"'
fails "no such record" 1 run confirm purchase S-P9 --as S-LP --confirmed
fails "an entity without sides" 1 run confirm place_class X --as S-LP --confirmed
says "what has sides" "no two sides"
fails "nobody says it" 2 run confirm purchase S-P1 --confirmed
fails "says nothing" 2 run confirm purchase S-P1 --as S-LP
fails "says two things" 2 run confirm purchase S-P1 --as S-LP --confirmed --disputed
fails "evidence that is not there" 1 run confirm purchase S-P1 --as S-LP --confirmed --evidence "$dir/none"
out=$(parts); says "nothing of that changed a figure" "1000.00,0.00,6000.00"

# The field follows; what is typed against it is refused, row by row.
printf 'code,place,confirmation,product\nS-P1,653224103222,disputed,核桃\nS-P2,653224103222,,红枣干\n' >"$dir/purchase.csv"
fails "a typed state is refused" 3 run load "$dir/purchase.csv"
out=$(cat "$dir/purchase.refused.csv"); says "the row, and what to do" "jiedui confirm purchase S-P1"
check "the row stands as confirmed" run show purchase S-P1
says "confirmed it is" confirmed
check "who said what" run confirm words purchase S-P2
says "it changed, so the word is past" past
check "it waits again" run confirm waiting --org S-COOP
says "the changed row" S-P2
# The reporter accepts the value: both agree.
check "the seller corrects again" run confirm purchase S-P2 --as S-COOP --corrected amount=1800 --reason again
printf 'code,place,amount\nS-P2,653224103222,1800\n' >"$dir/purchase.csv"
check "the helper takes the value" run load "$dir/purchase.csv"
check "they agree" run confirm words purchase S-P2
out=$(parts); says "agreed values are confirmed" "2800.00,0.00,4000.00"
printf 'code,place,confirmation,amount\nS-P2,653224103222,one_sided,1800\n' >"$dir/purchase.csv"
check "a sheet that heard nothing changes nothing" run load "$dir/purchase.csv"
out=$(parts); says "still confirmed" "2800.00,0.00,4000.00"

# The other way round: the helped side reported it.
printf 'code,helper,place,amount,valid_from,valid_to\nS-P4,S-BJ,653224103222,500,2020-03-04,2020-03-04\n' >"$dir/purchase.csv"
check "another" run load "$dir/purchase.csv"
check "the county reported it" run confirm purchase S-P4 --as S-LP --reported
check "so the helper confirms" run confirm purchase S-P4 --as S-BJ --confirmed
says "confirmed" confirmed
fails "the county does not confirm its own" 1 run confirm purchase S-P4 --as S-LP --confirmed

# Many.
cat >"$dir/confirmation.csv" <<'X'
record_of,record,organisation,says,correction,reason,evidence
purchase,S-P3,S-LP,confirmed,,,note.txt
purchase,S-P9,S-LP,confirmed,,,
purchase,S-P1,洛浦县政府,corrected,amount=1100; quantity=11,weighed again,
purchase,S-P1,S-BJ,confirmed,,,
purchase,S-P1,S-LP,maybe,,,
X
fails "a sheet" 3 run confirm sheet "$dir/confirmation.csv" --format csv
says "what was taken and refused" ",5,2,0,3,"
out=$(cat "$dir/confirmation.refused.csv"); says "line and reason" "3,,,there is no purchase"
says "a word that is none" '""maybe"": write confirmed'
check "both values of two fields" run confirm disputed --format csv
says "one" "amount,1000.00,1100.00"
says "the other" "quantity,10,11"
fails "again it changes nothing" 3 run confirm sheet "$dir/confirmation.csv" --format csv
says "as they were" ",5,0,2,3,"
printf 'record,colour\n' >"$dir/bad.csv"
fails "a strange column" 1 run confirm sheet "$dir/bad.csv"
says "which is missing" "no column record_of"

check "explain" run explain purchases --place 653224 --from 2020 --to 2020
says "the parts" "sides    confirmed"
says "of each row" disputed
check "everything is proved" run verify
fails "a row with words stays" 1 run load --undo 1
out=$(run export confirmation --format csv | head -n 1); says "words are exported" record_of
check "in Chinese" run confirm disputed --zh
says "titles" 对方
finish
