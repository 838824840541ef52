#!/usr/bin/env bash
# Produce: what lies unsold and since when, who might buy it, where purchases come from and go to;
# certified sales and the consumption of helpers are two counts.
set -u
jiedui=$1
. tests/cli/tap.sh
small_store
village=653224103222

mkdir "$dir/p"
cat >"$dir/p/organisation.csv" <<'X'
code,name_zh,kind,place
M-BJ,北京市,government,110000
M-CO,某集团,state_enterprise,110105
M-COOP,合作社,cooperative,653224
M-SHOP,某超市,enterprise,220104
X
printf 'code,title,kind,level,helper,place\nM-F,京和,counterpart,city,M-BJ,653200\n' >"$dir/p/frame.csv"
cat >"$dir/p/product.csv" <<X
code,title,kind,place,producer,certified,certificate,unit_price,unit,valid_from
M-PR1,核桃,nuts,653224,M-COOP,1,R-1,30,kg,2020-01-01
M-PR2,红枣,nuts,653224,M-COOP,0,,25,kg,2020-01-01
X
cat >"$dir/p/produce_lot.csv" <<X
code,product,title,kind,place,producer,tonnes,tonne_price,offered_on,withdrawn_on
M-L1,M-PR1,核桃,nuts,$village,M-COOP,10,28000,2020-03-01,
M-L2,M-PR2,红枣,nuts,$village,M-COOP,5,24000,2020-04-01,
M-L3,,苹果,fruit,653225,,8,,2020-03-01,2020-04-15
M-L4,,葡萄,fruit,653225,,2,9000,2020-04-20,
X
cat >"$dir/p/demand.csv" <<'X'
code,buyer,helper,place,title,kind,tonnes,tonne_price,wanted_by,certified_only
M-D1,M-SHOP,M-CO,220104,干果,nuts,6,29000,2020-06-30,1
M-D2,M-CO,M-CO,110105,水果,fruit,3,,2020-06-30,0
M-D3,M-CO,M-CO,110105,干果,nuts,3,20000,2020-06-30,0
M-D4,M-CO,M-CO,110105,干果,nuts,3,50000,2020-04-30,0
X
cat >"$dir/p/produce_match.csv" <<'X'
lot,code,demand,tonnes,amount,matched_on,result
M-L1,1,M-D1,4,112000,2020-04-10,accepted
M-L1,2,M-D4,2,,2020-04-11,refused
X
cat >"$dir/p/purchase.csv" <<X
code,helper,buyer,seller,place,buyer_place,channel_kind,product,class,way,amount,qualifier,tonnes,certified,lot,valid_from,valid_to
M-P1,M-CO,,M-COOP,$village,110105,canteen,核桃,consumption,bought,30000,eq,1,1,,2020-03,2020-03
M-P2,M-CO,M-SHOP,M-COOP,$village,220104,helper_market,核桃,consumption,helped_sell,112000,eq,4,1,M-L1,2020-04,2020-04
M-P3,M-CO,,,621027,110105,supply,铁精粉,material,bought,5000000,eq,7000,,,2020-02,2020-02
M-P4,,M-SHOP,M-COOP,$village,,platform_832,核桃,consumption,bought,20000,approx,,1,,2020-05,2020-05
M-P5,M-CO,,,621027,110105,direct,小米,consumption,bought,,eq,,,,2020-05,2020-05
X
printf 'purchase,code,delivered_on,tonnes,amount,accepted\nM-P2,1,2020-04-20,2.5,70000,1\nM-P2,2,2020-04-28,1.5,42000,0\n' >"$dir/p/delivery.csv"
check "the records load" run load "$dir/p"

check "unsold" run market unsold --as-of 2020-05-01 -f csv
says "what is left, and days on offer" 'M-L1,核桃,nuts,Ayaksayi Village,M-COOP,10,4,6,2020-03-01,61'
says "untouched" 'M-L2,红枣,nuts,Ayaksayi Village,M-COOP,5,0,5,2020-04-01,30'
silent "not what was withdrawn" 'M-L3'
check "before that" run market unsold --as-of 2020-04-10 -f csv
says "it lay there" 'M-L3,苹果,fruit'
check "candidates" run market candidates --as-of 2020-05-01 -f csv
says "kind, price, certificate, what is open" 'M-D1,M-SHOP,干果,M-L1,核桃,Ayaksayi Village,2,28000 - 29000,yes,2020-06-30'
silent "nothing uncertified for it" 'M-D1,M-SHOP,干果,M-L2'
says "without a price it is said" 'M-D2,M-CO,水果,M-L4,葡萄,Qira County,2,not told,,2020-06-30'
silent "none for a price too low" 'M-D3'
silent "none for a demand that is over" 'M-D4'

check "origins" run market origins --as-of 2020-06-01 -f csv
says "inside the pairings of the helper" 'M-CO,653224000000,Lop County,consumption,142000,2,inside,M-F'
says "outside: material" 'M-CO,621027000000,Zhenyuan County,material,5000000,1,outside,'
says "outside, of unknown amount" 'M-CO,621027000000,Zhenyuan County,consumption,unknown,1,outside,'
check "sales by region of the buyer" run market sales --as-of 2020-06-01 -f csv
says "Beijing" '110000000000,Beijing,>= 5030000,>= 7001,3'
says "Jilin" '220000000000,Jilin,112000,4,1'
says "not told" ',not told,~ 20000,unknown,1'
check "as a figure" run figure sales_by_buyer_region --from 2020 --to 2020 --place 220000 -f csv
says "of that province" '112,000 yuan'
check "channels" run totals purchase channel_kind -f csv
says "by channel" 'canteen,canteen,1,1,30000,1'
check "classes" run totals purchase class -f csv
says "industrial material apart" 'material,raw material,1,1,5000000,7000'

figure() { check "figure $1" run figure "$@" -f csv; }
figure certified_sales --from 2020 --to 2020; says "certified, anybody's" '162,000'
figure eastern_consumption --from 2020 --to 2020; says "helpers', certified or not" '142,000'
figure helped_to_sell --from 2020 --to 2020; says "helped to sell" '112,000 yuan'
figure helper_market_sales --from 2020 --to 2020; says "on its own market" '112,000 yuan'
figure produce_matching_rate --from 2020 --to 2020; says "four of twenty-five tonnes" '16.0'
figure produce_delivered --from 2020 --to 2020; says "taken" '2.5'
figure products_certified --to 2020-06-01; says "certified" '1 product'
for f in figures/*.figure; do
  out=$(awk '/^figure/ { name = $2 } /^ *(total|ratio)/ { if (/certified_sales/ && /eastern_consumption/) print name }' "$f")
  if [ -z "$out" ]; then ok "the two counts are never added: $f"; else no "$f adds them"; fi
done

printf 'code,title,kind,place,tonnes,offered_on,withdrawn_on\nM-L9,x,fruit,653225,1,2020-05-01,2020-04-01\n' >"$dir/produce_lot.csv"
fails "withdrawn before it was offered" 3 run load "$dir/produce_lot.csv"
fails "a mistyped operand" 2 run market unsolt
check "in Chinese" run --zh market unsold
check "verify finds nothing wrong" run verify
finish_both "$@"
