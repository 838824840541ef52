/* Houses and incomes of households, and outcomes that are looked at again. */
#include "programme/fields.h"
#include "base/count.h"
#include "programme/numbers.h"
#include "programme/household/household.h"

static const struct field dwelling_fields[] = {
    [DWELLING_HOUSEHOLD] = { .name = "household", .en = "Household", .zh = "所属户",
        .type = F_REF, .flags = F_REQUIRED | F_KEY | F_HOME | F_LIST, .ref = "household",
        .help_en = "The household, by its code.", .help_zh = "所属户编号。" },
    [DWELLING_CODE] = { .name = "code", .en = "Number", .zh = "序号", .type = F_TEXT,
        .flags = F_REQUIRED | F_KEY | F_LIST, .max = 32,
        .help_en = "Number within the household.", .help_zh = "户内序号。" },
    [DWELLING_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "dwelling_kind",
        .help_en = "As it was, repaired, rebuilt, moved to, bought.",
        .help_zh = "原有、修缮、重建、搬迁、购置。" },
    [DWELLING_AREA] = { .name = "area", .en = "Floor area", .zh = "面积", .type = F_DECIMAL,
        .flags = F_LIST, .scale = 2, .min = 0, .max = 1000000, .unit = "m2",
        .help_en = "Floor area in square metres.", .help_zh = "建筑面积（平方米）。" },
    [DWELLING_DANGER_LEVEL] = { .name = "danger_level", .en = "Grade", .zh = "鉴定等级",
        .type = F_CODE, .flags = F_LIST, .list = "house_danger_level",
        .help_en = "Grade of the house, A to D.", .help_zh = "住房鉴定等级 A—D。" },
    [DWELLING_COST] = { .name = "cost", .en = "Cost", .zh = "费用", .type = F_MONEY, .min = 0,
        .unit = "yuan", .help_en = "What it cost.", .help_zh = "费用（元）。" },
    [DWELLING_SUBSIDY] = { .name = "subsidy", .en = "Subsidy", .zh = "补助", .type = F_MONEY,
        .min = 0, .unit = "yuan", .help_en = "What public money paid of it.",
        .help_zh = "其中补助（元）。" },
    [DWELLING_FUND_LINE] = FIELD_FUND_LINE,
    [DWELLING_MOVED_IN_ON] = { .name = "moved_in_on", .en = "Moved in on", .zh = "入住日期",
        .type = F_DATE, .flags = F_LIST, .help_en = "Day of moving in.",
        .help_zh = "入住之日。" },
    [DWELLING_PLACE] = FIELD_HOUSEHOLD_PLACE,
};
_Static_assert(COUNT(dwelling_fields) == DWELLING_NCOLS, "one row per column");

static const struct check dwelling_checks[] = {
    { .name = "HH20", .severity = CHECK_REFUSE, .holds = "subsidy <= cost",
      .en = "the subsidy is more than the cost", .zh = "补助大于费用" },
};

const struct entity dwelling_entity = {
    .name = "dwelling", .en = "Dwelling", .zh = "住房", .room = "household",
    .help_en = "A house or flat of a household: as it was, repaired, rebuilt, moved to, "
               "bought.",
    .help_zh = "户的住房：原有、修缮、重建、搬迁、购置。", .access = ACCESS_PEOPLE, .number = NUMBER_DWELLING,
    .reach = REACH_COUNTY, .flags = E_DRAFTS, .fields = dwelling_fields,
    .n = COUNT(dwelling_fields), .checks = dwelling_checks, .n_checks = COUNT(dwelling_checks),
};

static const struct field income_item_fields[] = {
    [INCOME_ITEM_HOUSEHOLD] = { .name = "household", .en = "Household", .zh = "所属户",
        .type = F_REF, .flags = F_REQUIRED | F_KEY | F_HOME | F_LIST, .ref = "household",
        .help_en = "The household, by its code.", .help_zh = "所属户编号。" },
    [INCOME_ITEM_CODE] = { .name = "code", .en = "Number", .zh = "序号", .type = F_TEXT,
        .flags = F_REQUIRED | F_KEY | F_LIST, .max = 32,
        .help_en = "Number within the household.", .help_zh = "户内序号。" },
    [INCOME_ITEM_KIND] = { .name = "kind", .en = "Income", .zh = "收入种类", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "income_class",
        .help_en = "Wage, business, its cost, property, transfer, not counted.",
        .help_zh = "工资、经营、经营支出、财产、转移、不计入。" },
    [INCOME_ITEM_DETAIL] = { .name = "detail", .en = "From what", .zh = "来源说明",
        .type = F_TEXT, .flags = F_LIST, .max = 200,
        .help_en = "What it comes from: a crop, an employer, a share.",
        .help_zh = "具体来源：作物、单位、分红等。" },
    [INCOME_ITEM_AMOUNT] = { .name = "amount", .en = "Amount", .zh = "金额", .type = F_MONEY,
        .flags = F_REQUIRED | F_LIST, .min = 0, .unit = "yuan",
        .help_en = "Money of the year in yuan; a cost is written without a minus.",
        .help_zh = "全年金额（元）；支出不写负号。" },
    [INCOME_ITEM_PROJECT] = FIELD_PROJECT,
    [INCOME_ITEM_PLACE] = FIELD_HOUSEHOLD_PLACE,
};
_Static_assert(COUNT(income_item_fields) == INCOME_ITEM_NCOLS, "one row per column");

static const struct check income_item_checks[] = {
    { .name = "HH21", .severity = CHECK_REFUSE, .holds = "known(valid_from) and known(valid_to)",
      .en = "the year is missing: write it in valid_from and valid_to",
      .zh = "缺年度：起始日期与截止日期均填该年" },
    { .name = "HH22", .severity = CHECK_REFUSE, .holds = "year(valid_from) = year(valid_to)",
      .en = "it reaches over more than a year", .zh = "跨越一年以上" },
};

const struct entity income_item_entity = {
    .name = "income_item", .en = "Income item", .zh = "收入明细", .room = "household",
    .help_en = "What a household earned from one source in a year.",
    .help_zh = "户一年内某一来源的收入。", .access = ACCESS_PEOPLE, .number = NUMBER_INCOME_ITEM, .reach = REACH_COUNTY,
    .flags = E_DRAFTS, .fields = income_item_fields, .n = COUNT(income_item_fields),
    .checks = income_item_checks, .n_checks = COUNT(income_item_checks),
};

static const struct field outcome_fields[] = {
    [OUTCOME_CODE] = FIELD_CODE,
    [OUTCOME_PLACE] = FIELD_PLACE,
    [OUTCOME_HELPER] = FIELD_HELPER,
    [OUTCOME_AGREEMENT] = FIELD_AGREEMENT,
    [OUTCOME_PROJECT] = FIELD_PROJECT,
    [OUTCOME_PLACEMENT] = { .name = "placement", .en = "Placement", .zh = "就业", .type = F_REF,
        .flags = F_FAR, .ref = "placement", .help_en = "The job that brought it.",
        .help_zh = "带来该成效的就业。" },
    [OUTCOME_HOUSEHOLD] = { .name = "household", .en = "Household", .zh = "所属户", .type = F_REF,
        .flags = F_FAR, .ref = "household", .help_en = "The household, when it is one.",
        .help_zh = "单户时填。" },
    [OUTCOME_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "outcome_kind",
        .help_en = "Income, house, car, survival of what was planted, ...",
        .help_zh = "增收、购房、购车、成活等。" },
    [OUTCOME_TITLE] = { .name = "title", .en = "What", .zh = "内容", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 500, .help_en = "What changed.",
        .help_zh = "变化内容。" },
    [OUTCOME_MEASURE] = { .name = "measure", .en = "Measure", .zh = "计量", .type = F_DECIMAL,
        .flags = F_LIST, .scale = 2, .min = 0, .max = 100000000000000,
        .help_en = "How much, in the unit given.", .help_zh = "数值，单位另填。" },
    [OUTCOME_UNIT] = { .name = "unit", .en = "Unit", .zh = "计量单位", .type = F_TEXT,
        .flags = F_LIST, .max = 20, .help_en = "Unit of the measure.", .help_zh = "计量单位。" },
    [OUTCOME_SEEN_ON] = { .name = "seen_on", .en = "Seen on", .zh = "核实日期", .type = F_DATE,
        .flags = F_TO | F_LIST,
        .help_en = "Day on which it was seen; a look again is due a year later.",
        .help_zh = "核实之日；一年后应回看。" },
};
_Static_assert(COUNT(outcome_fields) == OUTCOME_NCOLS, "one row per column");

static const struct check outcome_checks[] = {
    { .name = "HH23", .severity = CHECK_REFUSE, .holds = UNIT_IS_WHOLE, .en = UNIT_IS_WHOLE_EN,
      .zh = UNIT_IS_WHOLE_ZH },
};

const struct entity outcome_entity = {
    .name = "outcome", .en = "Outcome", .zh = "帮扶成效", .room = "household",
    .help_en = "What changed for people: income, a house, a car, trees that grew; looked "
               "at again a year later.",
    .help_zh = "帮扶带来的变化：增收、购房、购车、成"
               "活等；一年后回看。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_OUTCOME, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = outcome_fields, .n = COUNT(outcome_fields), .checks = outcome_checks,
    .n_checks = COUNT(outcome_checks),
};

static const struct field outcome_look_fields[] = {
    [OUTCOME_LOOK_OUTCOME] = { .name = "outcome", .en = "Outcome", .zh = "帮扶成效",
        .type = F_REF, .flags = F_REQUIRED | F_KEY | F_HOME | F_LIST, .ref = "outcome",
        .help_en = "The outcome.", .help_zh = "所回看的成效。" },
    [OUTCOME_LOOK_LOOKED_ON] = { .name = "looked_on", .en = "Looked on", .zh = "回看日期",
        .type = F_DATE, .flags = F_REQUIRED | F_KEY | F_LIST, .help_en = "Day of the look.",
        .help_zh = "回看之日。" },
    [OUTCOME_LOOK_RESULT] = { .name = "result", .en = "Result", .zh = "结果", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "look_result",
        .help_en = "Holds, partly, gone, could not be told.",
        .help_zh = "保持、部分保持、已失、无法判断。" },
    [OUTCOME_LOOK_MEASURE] = { .name = "measure", .en = "Measure", .zh = "计量",
        .type = F_DECIMAL, .flags = F_LIST, .scale = 2, .min = 0, .max = 100000000000000,
        .help_en = "How much is left, in the unit of the outcome.",
        .help_zh = "回看时数值，单位同成效。" },
    [OUTCOME_LOOK_PLACE] = { .name = "place", .en = "Place", .zh = "地区", .type = F_PLACE,
        .flags = F_COMPUTED | F_LIST, .copies = "place", .help_en = "Where the outcome is.",
        .help_zh = "成效所在地。" },
    [OUTCOME_LOOK_HELPER] = { .name = "helper", .en = "Helper", .zh = "帮扶单位", .type = F_REF,
        .flags = F_COMPUTED, .ref = "organisation", .copies = "helper",
        .help_en = "The helper of the outcome.", .help_zh = "该成效的帮扶单位。" },
};
_Static_assert(COUNT(outcome_look_fields) == OUTCOME_LOOK_NCOLS, "one row per column");

const struct entity outcome_look_entity = {
    .name = "outcome_look", .en = "Look again at an outcome", .zh = "成效回看",
    .room = "household", .help_en = "Whether an outcome still held when it was looked at again.",
    .help_zh = "成效回看时是否保持。", .access = ACCESS_WORK, .number = NUMBER_OUTCOME_LOOK, .reach = REACH_COUNTY,
    .flags = E_DRAFTS | E_AWAY, .fields = outcome_look_fields, .n = COUNT(outcome_look_fields),
};
