#!/usr/bin/env bash
# Two offices without a common server: keys, packages out and in, what does not match, bad packages.
set -u
jiedui=$1
. tests/cli/tap.sh
small_places
village=653224103222
at() { local s=$1; shift; "$jiedui" "$@" --store "$dir/$s.db"; }
parts() { at "$1" figure purchases --from 2020 --to 2020 --parts --format csv | tail -n 1 | cut -d, -f8-; }
org() {
  cat >"$dir/organisation.csv" <<'X'
code,name_zh,kind,parent,place
K-BJ,北京协作办,department,,110105
K-CO,北京甲公司,enterprise,K-BJ,110105
K-LP,洛浦县乡村振兴局,department,,653224
K-CE,策勒县,government,,653225
X
}
org
for s in a b; do
  at $s init --quiet --places "$dir/places.csv.gz"
  at $s load "$dir/organisation.csv" >/dev/null
done
cat >"$dir/purchase.csv" <<X
code,helper,place,product,amount,quantity,valid_from,valid_to,note
K-P1,K-CO,$village,核桃,1000,10,2020-03-01,2020-03-01,=inside
K-P2,K-CO,$village,"红枣, ""一级""",2000,20,2020-03-02,2020-03-02,
K-P3,K-CO,$village,羊毛,4000,40,2020-03-03,2020-03-03,
K-P4,K-CO,653225,不归洛浦,8000,80,2020-03-04,2020-03-04,
X
cat >"$dir/posting.csv" <<X
code,helper,place,kind,holder_name,valid_from,valid_to
K-T1,K-BJ,$village,teacher,张某,2020-01-01,2020-12-31
X
check "the helper's records" at a load "$dir/purchase.csv" "$dir/posting.csv"

# --- keys ---
check "a key" at a package key --as K-BJ --secret "$dir/a.key"
print=$(sed -n 's/^fingerprint //p' "$dir/a.key.pub")
says "its fingerprint" "$print"
check "only its owner reads it" test "$(stat -c %a "$dir/a.key")" = 600
check "the secret is nowhere in the store" sh -c "! grep -c '$(sed -n 's/^seed //p' "$dir/a.key")' '$dir/a.db'"
fails "a key is not written over" 1 at a package key --as K-BJ --secret "$dir/a.key"
check "the other office's key" at b package key --as K-LP --secret "$dir/b.key" --public "$dir/b.pub"
fails "another fingerprint" 1 at b package trust "$dir/a.key.pub" --fingerprint "0000 1111"
says "both are told" "$print"
fails "no key file" 1 at b package trust "$dir/purchase.csv"

# --- out ---
check "out" at a package out --to K-LP --secret "$dir/a.key" -o "$dir/a1.jdp"
says "records that the receiver is a side of" " 1        4"
check "any archive program opens it" tar -tf "$dir/a1.jdp"
says "sheets, manifest, signature" manifest.sig
check "readable" tar -xOf "$dir/a1.jdp" purchase.csv
says "a record" K-P1
silent "not another county's" K-P4
silent "notes stay at home" inside
check "postings" tar -xOf "$dir/a1.jdp" posting.csv
silent "no personal column" holder_name
silent "no name" 张某
fails "personal data needs an agreement" 1 at a package out --to K-LP --secret "$dir/a.key" --personal -o "$dir/x.jdp"
says "why" agreement
fails "a file is not written over" 1 at a package out --to K-LP --secret "$dir/a.key" -o "$dir/a1.jdp"
chmod 644 "$dir/a.key"
fails "a key that others can read" 1 at a package out --to K-LP --secret "$dir/a.key" -o "$dir/x.jdp"
says "what to do" "chmod 600"
chmod 600 "$dir/a.key"
fails "another office's key" 1 at a package out --to K-LP --secret "$dir/b.key" -o "$dir/x.jdp"
check "nothing is left of what failed" sh -c "! ls '$dir'/x.jdp*"

# --- bad packages: one clear error each, and nothing changes ---
before=$(at b verify --heads)
fails "an unknown key" 1 at b package in "$dir/a1.jdp"
says "its fingerprint" "$print"
check "trust" at b package trust "$dir/a.key.pub" --fingerprint "$print"
before=$(at b verify --heads)
same() { if [ "$(at b verify --heads)" = "$before" ]; then ok "$1: nothing changed"; else no "$1: something changed"; fi; }
head -c 3000 "$dir/a1.jdp" >"$dir/bad.jdp"
fails "cut" 1 at b package in "$dir/bad.jdp"; says "cut" "cut off"; same cut
head -c -512 "$dir/a1.jdp" >"$dir/bad.jdp"
fails "cut at the end" 1 at b package in "$dir/bad.jdp"; same "cut at the end"
{ cat "$dir/a1.jdp"; echo x; } >"$dir/bad.jdp"
fails "something behind it" 1 at b package in "$dir/bad.jdp"; same "something behind it"
gzip -c "$dir/a1.jdp" >"$dir/bad.jdp"
fails "a compressed one is not unfolded" 1 at b package in "$dir/bad.jdp"; same compressed
head -c 100000000 /dev/zero | gzip >"$dir/bad.jdp"
fails "a bomb" 1 at b package in "$dir/bad.jdp"; same bomb
: >"$dir/bad.jdp"
fails "an empty file" 1 at b package in "$dir/bad.jdp"
fails "a folder" 1 at b package in "$dir"
fails "no file" 1 at b package in "$dir/none"
fails "for another office" 1 at a package in "$dir/a1.jdp"
says "our own" "of this store itself"
sed 's/"version":1/"version":7/' "$dir/a1.jdp" >"$dir/bad.jdp"
fails "a newer version" 1 at b package in "$dir/bad.jdp"; says "its number" "version 7"; same newer
sed 's/核桃/核枣/' "$dir/a1.jdp" >"$dir/bad.jdp"
fails "an altered record" 1 at b package in "$dir/bad.jdp"; says "altered" "altered after it was signed"; same altered

# --- in ---
fails "in: something waits" 3 at b package in "$dir/a1.jdp"
check "what came" at b package items --format csv
says "unknown" "purchase,K-P1,Ayaksayi Village,unknown"
fails "the same once more" 1 at b package in "$dir/a1.jdp"
says "when it was taken" "was taken in already"
check "accept" at b package accept purchase K-P1
check "accept the rest" at b package accept --all
check "it is there" at b show purchase K-P2
says "as it was" '红枣, "一级"'
out=$(parts b); says "one-sided" "0.00,7000.00,0.00"
check "it waits for the county" at b confirm waiting --org K-LP
check "confirm" at b confirm purchase K-P1 --as K-LP --confirmed
check "correct" at b confirm purchase K-P2 --as K-LP --corrected amount=1800 --reason "two boxes came back"
check "dispute" at b confirm purchase K-P3 --as K-LP --disputed --reason "never arrived"

# --- and back: the words ---
check "out from the other side" at b package out --to K-BJ --secret "$dir/b.key" -o "$dir/b1.jdp"
says "words alone" " 1        0      3"
check "trust" at a package trust "$dir/b.pub"
check "in" at a package in "$dir/b1.jdp"
out=$(parts a); says "the parts are those of the other side" "1000.00,8000.00,6000.00"
check "both values" at a confirm disputed --format csv
says "theirs" "amount,2000.00,1800.00,K-LP"
# The helper takes the value, and sells more of the third.
printf 'code,place,amount\nK-P2,%s,1800\nK-P3,%s,4400\n' $village $village >"$dir/purchase.csv"
check "the helper changes" at a load "$dir/purchase.csv"
out=$(parts a); says "agreed; and waiting again" "2800.00,12400.00,0.00"
check "out again" at a package out --to K-LP --secret "$dir/a.key" -o "$dir/a2.jdp"
check "and once more" at a package out --to K-LP --secret "$dir/a.key" --since 2020-01-01 -o "$dir/a3.jdp"
fails "the third comes first" 3 at b package in "$dir/a3.jdp"
says "which is missing" "packages 2 have not come"
check "what differs" at b package items --format csv
says "both" "purchase,K-P3,Ayaksayi Village,differs,K-P3"
check "accept one" at b package accept purchase K-P2
check "refuse the other" at b package refuse purchase K-P3 --reason "4000 by our books"
check "the second comes late" at b package in "$dir/a2.jdp" --format csv
says "and changes nothing" ",2,4,0,0,0,0,4,"
out=$(parts b); says "ours stand beside theirs" "2800.00,0.00,4400.00"
check "back" at b package out --to K-BJ --secret "$dir/b.key" -o "$dir/b2.jdp"
check "in" at a package in "$dir/b2.jdp"
out=$(parts a); says "the same parts on both sides" "2800.00,8000.00,4400.00"
fails "refusing needs a reason" 2 at b package refuse purchase K-P2
fails "no such item" 1 at b package accept purchase K-P9

# --- a record that the other side has under its own code ---
printf 'code,helper,place,product,amount,quantity,valid_from,valid_to\nK-OURS,K-CO,%s,地毯,300,3,2020-05-01,2020-05-01\n' $village >"$dir/purchase.csv"
check "ours" at b load "$dir/purchase.csv"
sed -i 's/K-OURS/K-P5/' "$dir/purchase.csv"
check "theirs" at a load "$dir/purchase.csv"
check "out" at a package out --to K-LP --secret "$dir/a.key" --entity purchase -o "$dir/a4.jdp"
fails "in" 3 at b package in "$dir/a4.jdp"
check "link" at b package link purchase K-P5 K-OURS
says "they agree" agrees
fails "to nothing" 1 at b package link purchase K-P5 K-NONE
check "the match is confirmed by hand" at b package accept purchase K-P5
says "confirmed" confirmed
check "out" at b package out --to K-BJ --secret "$dir/b.key" -o "$dir/b3.jdp"
check "in" at a package in "$dir/b3.jdp"
check "by their code" at a confirm words purchase K-P5
says "the county's word" K-LP

# --- the rule; the other way round; personal data with an agreement ---
check "what agrees is confirmed by itself from now on" at b package trust "$dir/a.key.pub" --confirm
sed -i 's/K-P5/K-P6/' "$dir/purchase.csv"
check "both have it" at a load "$dir/purchase.csv"
check "both" at b load "$dir/purchase.csv"
printf 'code,level,helper,place,valid_from\nK-A1,county,K-BJ,653224,2018-01-01\n' >"$dir/agreement.csv"
check "an agreement" at a load "$dir/agreement.csv"
check "personal" at a package out --to K-LP --secret "$dir/a.key" --personal -o "$dir/a5.jdp"
check "the name goes to the helped side" tar -xOf "$dir/a5.jdp" posting.csv
says "the name" 张某
fails "in" 3 at b package in "$dir/a5.jdp" --format csv
check "confirmed by the rule" at b confirm words purchase K-P6
says "the county" confirmed
printf 'code,helper,place,product,amount,valid_from,valid_to\nK-L1,K-CO,%s,皮山石榴,700,2020-06-01,2020-06-01\n' $village >"$dir/purchase.csv"
check "the county's record" at b load "$dir/purchase.csv"
check "it reported it" at b confirm purchase K-L1 --as K-LP --reported
check "out" at b package out --to K-BJ --secret "$dir/b.key" -o "$dir/b4.jdp"
fails "in" 3 at a package in "$dir/b4.jdp"
check "accept" at a package accept purchase K-L1
check "who reported" at a confirm words purchase K-L1
says "the county" reported
check "the helper confirms" at a confirm purchase K-L1 --as K-CO --confirmed

check "packages" at b package status
check "keys" at b package keys
check "a key that ended" at b package distrust "$print"
check "one more" at a package out --to K-LP --secret "$dir/a.key" -o "$dir/a6.jdp"
fails "is trusted no more" 1 at b package in "$dir/a6.jdp"
printf 'sender,record_of,record,place,package,sequence_no,state\nK-BJ,purchase,K-P1,%s,x,1,unknown\n' $village >"$dir/package_item.csv"
fails "items are not typed" 1 at b load "$dir/package_item.csv"
says "why" "own commands"
check "everything is proved" at a verify
check "on both sides" at b verify
finish
