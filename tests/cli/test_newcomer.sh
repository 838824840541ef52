#!/usr/bin/env bash
# Somebody types a programme from an article: places as articles write them, headers and labels in
# Chinese, GB18030, claims whose words say how finely a number was printed.
set -u
jiedui=$1
. tests/cli/tap.sh
small_places
export JIEDUI_STORE=$dir/s.db
check "init" run init --quiet --places "$dir/places.csv.gz"

# Places
place() { check "place $1" run place "$1"; says "$1 is $2" "$2"; }
place "Yanqing / Heiyukou Village" 110119202201
place "Heiyukou, Xiangying Township" 110119202201
place "Chaoyang County" 211321000000
fails "a name that a prefecture and its county share" 1 run place "Liaoning / Chaoyang"
says "the prefecture is listed" 211300000000
says "and the county" 211321000000
silent "and no town below them" 211321104
says "and what to write" "write the code"
fails "a village in Latin letters stands under its township" 1 run place Heiyukou

# What can be kept, as a table
check "the fields as CSV" run schema purchase --format csv
says "one line a field" "tonnes,Weight,重量,number,tonne"

# A folder
mkdir "$dir/p"
cat >"$dir/p/document.csv" <<'X'
code,title,kind,published_on
N-D,一篇报道,新闻报道,2020年7月20日
N-L,台账,voucher,2020-07-20
X
cat >"$dir/p/organisation.csv" <<'X'
编号,中文名,英文名,类别,上级单位,所在地
N-H,某集团,Some Group,国有企业,,延庆区
N-C,某矿业公司,,企业,N-H,延庆区
N-J,两家企业,,联合体,,
X
printf '联合体,成员\nN-J,N-H\nN-J,N-C\n' >"$dir/p/membership.csv"
printf '编号,帮扶单位,采购单位,产地,类别,金额,重量,精确程度,渠道类型,起始日期,截止日期,来源\nN-P1,N-H,N-C,洛浦县,原材料,2.6635亿,37.8万,等于,,2019,2020-06-30,N-L\nN-P2,N-H,,洛浦县,消费品,120万元,,约,食堂,2020年1月,2020-06-30,N-D\n' |
  iconv -f UTF-8 -t GB18030 >"$dir/p/purchase.csv"
cat >"$dir/p/placement.csv" <<'X'
code,place,helper,employer,quantity,qualifier,valid_from,valid_to,source
N-E1,洛浦县,N-H,N-C,400,超过,2019,2020-06-30,N-D
X
cat >"$dir/p/visit.csv" <<'X'
code,visitor,place,households,valid_from,valid_to,source
N-V1,N-H,Xiangying / Heiyukou,148,2019,2019,N-D
X
cat >"$dir/p/coverage.csv" <<'X'
code,helper,place,kind,quantity,valid_from,source
N-W1,N-H,延庆区香营乡黑峪口村,户,148,2019,N-D
X
cat >"$dir/p/project.csv" <<'X'
code,title,kind,place,helper,nature,investment,valid_from,valid_to,source
N-R1,温室,planting,洛浦县,N-H,造血,75万,2019,2019,N-D
N-R2,慰问,other,洛浦县,N-H,输血,25万,2019,2019,N-D
X
cat >"$dir/p/need.csv" <<'X'
code,place,title,met_on,valid_from,valid_to
N-N1,洛浦县,核桃销路,2020-03-01,2020,2020
N-N2,洛浦县,红枣销路,,2020,2020
X
cat >"$dir/p/place_status.csv" <<'X'
code,place,unit_level,status,rule_set,state,valid_from,valid_to,source
N-S1,Yanqing / Heiyukou,village,exited,beijing_low_income,planned,2020,2020,N-D
X
cat >"$dir/p/claim.csv" <<'X'
code,claimed_text,figure,place,organisation,period_from,period_to,value,qualifier,unit,decimals,source
C1,266 million yuan of material,material_purchases,,N-H,2019,2020-06-30,2.66亿,,yuan,-6,N-D
C2,about 1.2 million yuan,canteen_purchases,,N-H,2019,2020-06-30,120万,约,yuan,0,N-D
C3,1.2 million yuan,canteen_purchases,,N-H,2019,2020-06-30,120万,,yuan,0,N-D
C4,over 378 000 tonnes,purchase_tonnes,,N-H,2019,2020-06-30,37.8万,超过,tonne,0,N-D
C5,over 400 people,jobs_at_employer,,N-C,2019,2020-06-30,400,超过,person,0,N-D
C6,400 people,jobs_at_employer,,N-C,2019,2020-06-30,400,,person,0,N-D
C7,every household,visit_coverage,Xiangying / Heiyukou,N-H,2019,2019,100,,percent,0,N-D
C8,two companies,joint_party_members,,N-J,,2020,2,,company,0,N-D
C9,half,,,,,,50%,,percent,0,N-D
C10,half,matching_rat,,,2020,2020,50,,percent,0,N-D
X
check "the folder loads: Chinese headers and labels, GB18030, amounts as people write them" run load "$dir/p"
verdict() { # CLAIM VERDICT: as the CSV has them
  local line; line=$(run claims --format csv | grep "^$1,"); out=$line
  says "claim $1 $2" ",$2,"
}
verdict C1 holds; says "what is over the printed millions is shown" "+350,000"
verdict C2 holds; says "taken from the document itself" "same source: arithmetic"
verdict C3 holds; says "as far as about reaches" "they say about"
verdict C4 differs; says "and why" "just that, not more"
verdict C5 holds
verdict C6 "cannot be computed"
verdict C7 holds
verdict C8 holds
verdict C9 "cannot be computed"; says "no figure is named" "names no figure"
verdict C10 "cannot be computed"; says "what was meant" "matching_rate"
out=$(run claims --format csv | grep "^C1,"); silent "another document proves more" "same source"

value() { check "figure $1" run figure "$@"; says "$1 is $want" "$want"; }
want="75.0%" value capacity_share --org N-H
want="50.0%" value matching_rate --from 2020 --to 2020
want="1 village" value villages_exit_planned --place Yanqing --from 2020 --to 2020
want="0 village" value low_income_villages_exited --place Yanqing --from 2020 --to 2020

# Organisations by name; tables in Chinese
want="> 400 person" value jobs --org 某集团
want="> 400 person" value jobs --org "Some Group"
fails "half a name is no name" 1 run figure jobs --org 某
says "and where the names are" "list organisation"
check "claims in Chinese" run claims --zh
says "titles" "报道值"; says "verdicts" "相符"; says "units" "400 人"

# A figure of one's own
cp -r figures "$dir/figures"
cat >"$dir/figures/own.figure" <<'X'
figure jobs_in_lop
  label en "Jobs" zh "就业"
  unit person
  count of placement
  where state = done
  flow valid_from .. valid_to
X
check "figures with one more" run figures install "$dir/figures"
silent "none is gone" "no longer defined"
want="> 400 person" value jobs_in_lop
mkdir "$dir/one"; cp "$dir/figures/own.figure" figures/market.figure "$dir/one"
check "a folder takes the place of all" run figures install "$dir/one"
says "and what is gone is told" "no longer defined: "
check "the shipped ones again" run figures install figures

# Numbers as people write them, and what to do about those that are more than a number
cat >"$dir/purchase.csv" <<'X'
code,helper,place,class,amount,tonnes,valid_from,valid_to
N-P3,N-H,洛浦县,原材料,"3,365 万元",37.8万吨,2021,2021
N-P4,N-H,洛浦县,原材料,约400,,2021,2021
N-P5,N-H,洛浦县,原材料,over 400,,2021,2021
X
fails "two of three rows are refused" 3 run load "$dir/purchase.csv"
out=$(cat "$dir/purchase.refused.csv")
says "and told where the word goes" "'约400' is not a number: write the number alone, and how it is meant into qualifier"
says "in English too" "'over 400' is not a number: write"
want="33,650,000 yuan" value material_purchases --from 2021 --to 2021
want="378,000 tonne" value purchase_tonnes --from 2021 --to 2021
# A unit that multiplies, words that are nearly a label, a column that is no field
cat >"$dir/output.csv" <<'X'
code,helper,place,kind,measure,unit,valid_from,valid_to
N-O1,N-H,洛浦县,销售,2000,万元,2020,2020
N-O2,N-H,洛浦县,plant,1.2万,株,2020,2020
X
fails "a unit that multiplies is refused" 3 run load "$dir/output.csv"
out=$(cat "$dir/output.refused.csv"); says "and how to write it" "2 million yuan as 2000000"
printf 'code,visitor,place,rank\nN-V2,N-H,洛浦县,主要领导\n' >"$dir/visit.csv"
fails "a part of a label" 3 run load "$dir/visit.csv"
out=$(cat "$dir/visit.refused.csv"); says "the label is named" "did you mean '党政主要领导'?"
printf 'code,helper,place,stage\nN-L1,N-H,洛浦县,支付\n' >"$dir/allocation.csv"
fails "a short list" 3 run load "$dir/allocation.csv"
out=$(cat "$dir/allocation.refused.csv"); says "in the language that was typed" "paid (支出)"
printf '编号,帮扶方面的东西\n' >"$dir/need.csv"
fails "a column that is no field" 1 run load "$dir/need.csv"
says "where the fields are" "jiedui schema need"
# Words of articles: how a number is meant, one unit under two names, what is told without a number
mkdir "$dir/words"
cat >"$dir/words/organisation.csv" <<'X'
code,name_en,kind,parent
N-T,A team for one task,task force,N-H
X
cat >"$dir/words/course.csv" <<'X'
code,helper,kind,trainees,qualifier,valid_from,valid_to,of_which_unclear
N-K1,N-H,skills,410,over,2022,2022,
N-K2,N-H,leaders in getting rich,300,nearly,2022,2022,
N-K3,N-H,other,12,,2022,2022,N-K1 or N-K2
X
cat >"$dir/words/project.csv" <<'X'
code,title,kind,place,helper,nature,investment,valid_from,valid_to
N-R3,水渠,irrigation,洛浦县,N-H,hematopoiesis,,2022,2022
X
check "over, nearly, task force, hematopoiesis" run load "$dir/words"
want="± 710 person" value trainees --from 2022 --to 2022
cat >"$dir/meeting.csv" <<'X'
code,organisation,kind,quantity,valid_from,valid_to
N-M1,N-H,study,several,2022,2022
N-M2,N-H,three meetings and one class,,2022,2022
X
fails "several is no number, and three meetings are no kind" 3 run load "$dir/meeting.csv"
out=$(cat "$dir/meeting.refused.csv")
says "what to write for several" "where no number is told write 1, and at least into qualifier"
says "where the kinds are" "\`jiedui schema\` of the record lists it"
printf 'code,title,published_on\nN-D9,x,2020-06\n' >"$dir/document.csv"
fails "a day that is not known" 3 run load "$dir/document.csv"
out=$(cat "$dir/document.refused.csv"); says "may be left empty" "or leave it empty"
fails "two places, neither in the other" 1 run place "Chaoyang County, Yanqing"
says "where the first one lies" '"Chaoyang County" is 211321000000'
check "verify" run verify
finish
