/* The entities of the place room. */
#include "programme/fields.h"
#include "base/count.h"
#include "programme/place/boundary.h"
#include "programme/place/place.h"
#include "programme/numbers.h"

static const struct field place_fields[] = {
    [PLACE_CODE] = { .name = "code", .en = "Code", .zh = "区划代码", .type = F_INT,
        .flags = F_REQUIRED | F_KEY | F_LIST | F_SEARCH, .min = 1, .max = 999999999999,
        .help_en = "12 digits that nest: province 2, prefecture 2, county 2, township 3, village 3.",
        .help_zh = "12位：省2、地2、县2、乡3、村3。" },
    [PLACE_NAME] = { .name = "name", .en = "Name", .zh = "名称", .type = F_TEXT, .max = 100,
        .flags = F_REQUIRED | F_LIST | F_SEARCH,
        .help_en = "Official name, without its parents.", .help_zh = "官方名称，不含上级。" },
    [PLACE_NAME_EN] = { .name = "name_en", .en = "English name", .zh = "英文名", .type = F_TEXT,
        .max = 100, .flags = F_LIST | F_SEARCH,
        .help_en = "The usual English spelling; others are aliases.",
        .help_zh = "通用英文写法；其他写法记为别名。" },
    [PLACE_LEVEL] = { .name = "level", .en = "Level", .zh = "级别", .type = F_INT,
        .flags = F_REQUIRED | F_LIST, .min = 1, .max = 5,
        .help_en = "1 province, 2 prefecture, 3 county, 4 township, 5 village.",
        .help_zh = "1省 2地 3县 4乡 5村。" },
    [PLACE_RETIRED] = { .name = "retired", .en = "Retired", .zh = "已停用", .type = F_BOOL,
        .flags = F_LIST, .preset = "0",
        .help_en = "The code is no longer in the official list.", .help_zh = "代码已不在官方目录中。" },
    [PLACE_SUCCESSOR] = { .name = "successor", .en = "Now part of", .zh = "现属", .type = F_INT,
        .min = 1, .max = 999999999999,
        .help_en = "For a retired code: the code of today's place that it lies in.",
        .help_zh = "停用代码：其地现属地区的代码。" },
    [PLACE_LON] = { .name = "lon", .en = "Longitude", .zh = "经度", .type = F_DECIMAL, .scale = 5,
        .min = -18000000, .max = 18000000, .unit = "degree",
        .help_en = "Of the centroid, degrees east.", .help_zh = "中心点东经度数。" },
    [PLACE_LAT] = { .name = "lat", .en = "Latitude", .zh = "纬度", .type = F_DECIMAL, .scale = 5,
        .min = -9000000, .max = 9000000, .unit = "degree",
        .help_en = "Of the centroid, degrees north.", .help_zh = "中心点北纬度数。" },
};
_Static_assert(COUNT(place_fields) == PLACE_NCOLS, "one row per column");

static const char *const place_indexes[] = { "county, code where retired = 1",
    "county, code where lon is not null", NULL };
const struct entity place_entity = { .name = "place", .en = "Place", .zh = "地区", .room = "place",
    .help_en = "Provinces, prefectures, counties, townships and villages, with their history.",
    .help_zh = "省、地、县、乡、村及其沿革。",
    .access = ACCESS_OPEN, .publicity = PUBLIC_ALWAYS,
    .number = NUMBER_PLACE, .reach = REACH_NATION, .flags = E_NO_SOURCE,
    .fields = place_fields, .n = COUNT(place_fields), .indexes = place_indexes };

static const struct field place_alias_fields[] = {
    [PLACE_ALIAS_NAME] = { .name = "name", .en = "Other name", .zh = "别名", .type = F_TEXT,
        .max = 100, .flags = F_REQUIRED | F_KEY | F_LIST | F_SEARCH,
        .help_en = "A spelling that is met in reports or in speech.", .help_zh = "报道或口头所见写法。" },
    [PLACE_ALIAS_PLACE] = { .name = "place", .en = "Place", .zh = "地区", .type = F_PLACE,
        .flags = F_REQUIRED | F_KEY | F_LIST,
        .help_en = "The place that is meant.", .help_zh = "所指地区。" },
    [PLACE_ALIAS_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .list = "alias_kind", .flags = F_LIST, .preset = "spelling",
        .help_en = "Another spelling, a former name, or a slip of a source.",
        .help_zh = "异写、曾用名或来源笔误。" },
};
_Static_assert(COUNT(place_alias_fields) == PLACE_ALIAS_NCOLS, "one row per column");

const struct entity place_alias_entity = { .name = "place_alias", .en = "Place alias",
    .zh = "地区别名", .room = "place",
    .help_en = "Other spellings and former names of places.", .help_zh = "地区的其他写法和曾用名。",
    .access = ACCESS_OPEN, .publicity = PUBLIC_ALWAYS,
    .number = NUMBER_PLACE_ALIAS, .reach = REACH_NATION, .flags = E_NO_SOURCE,
    .fields = place_alias_fields, .n = COUNT(place_alias_fields) };

static const struct field place_class_fields[] = {
    [PLACE_CLASS_PLACE] = { .name = "place", .en = "Place", .zh = "地区", .type = F_PLACE,
        .flags = F_REQUIRED | F_KEY | F_LIST | F_HOME,
        .help_en = "The county or village that has the class.", .help_zh = "属该类的县或村。" },
    [PLACE_CLASS_CLASS] = { .name = "class", .en = "Class", .zh = "类别", .type = F_CODE,
        .list = "place_class", .flags = F_REQUIRED | F_KEY | F_LIST,
        .help_en = "Deeply poor, listed for supervision, poor village, a rule set; from the valid dates.",
        .help_zh = "深度贫困、挂牌督战、贫困村、适用规则等；以有效期为准。" },
};
_Static_assert(COUNT(place_class_fields) == PLACE_CLASS_NCOLS, "one row per column");

const struct entity place_class_entity = { .name = "place_class", .en = "Class of a place",
    .zh = "地区类别", .room = "place",
    .help_en = "Which places are poor counties, deeply poor, listed, under which rule set, and when.",
    .help_zh = "哪些地区何时是贫困县、深度贫困、挂牌督战、适用哪套规则。",
    .access = ACCESS_OPEN, .publicity = PUBLIC_ALWAYS,
    .number = NUMBER_PLACE_CLASS, .reach = REACH_COUNTY, .flags = E_FACT,
    .fields = place_class_fields, .n = COUNT(place_class_fields) };

static const struct field place_status_fields[] = {
    [PLACE_STATUS_PLACE] = { .name = "place", .en = "Place", .zh = "地区", .type = F_PLACE,
        .flags = F_REQUIRED | F_LIST | F_HOME,
        .help_en = "The county or village; for an aggregate, the most exact place that is known.",
        .help_zh = "县或村；汇总数写已知最具体的地区。" },
    [PLACE_STATUS_LEVEL] = { .name = "unit_level", .en = "Counted unit", .zh = "统计单位",
        .type = F_CODE, .list = "unit_level", .flags = F_REQUIRED | F_LIST,
        .help_en = "What quantity counts: counties or villages.", .help_zh = "数量所计单位：县或村。" },
    [PLACE_STATUS_STATUS] = { .name = "status", .en = "Status", .zh = "状态", .type = F_CODE,
        .list = "place_status", .flags = F_REQUIRED | F_LIST,
        .help_en = "Registered as poor, exited, listed for supervision, delisted.",
        .help_zh = "列为贫困、退出、挂牌督战、摘牌。" },
    [PLACE_STATUS_EXIT_YEAR] = { .name = "exit_year", .en = "Exit year", .zh = "退出年度",
        .type = F_INT, .flags = F_LIST, .min = 1980, .max = 2100,
        .help_en = "The year the exit is counted for; announced later as a rule.",
        .help_zh = "退出所计年度；公告常在次年。" },
    [PLACE_STATUS_ANNOUNCED_ON] = { .name = "announced_on", .en = "Announced on", .zh = "公告日期",
        .type = F_DATE, .help_en = "Day of the announcement.", .help_zh = "公告之日。" },
    [PLACE_STATUS_RULE_SET] = { .name = "rule_set", .en = "Rule set", .zh = "适用规则",
        .type = F_CODE, .list = "rule_set", .preset = "national",
        .help_en = "Under which line and criteria: the national ones, Beijing low-income, ...",
        .help_zh = "适用哪套标准：国家标准、北京低收入等。" },
    [PLACE_STATUS_CODE] = { .name = "code", .en = "Record code", .zh = "记录编号", .type = F_TEXT,
        .max = 60, .flags = F_REQUIRED | F_KEY | F_NATION,
        .help_en = "Your own unique code of this record.", .help_zh = "自编唯一编号。" },
};
_Static_assert(COUNT(place_status_fields) == PLACE_STATUS_NCOLS, "one row per column");

const struct entity place_status_entity = { .name = "place_status", .en = "Status of a place",
    .zh = "地区状态", .room = "place",
    .help_en = "Changes of status of counties and villages: poor, listed, exited; one by one or as a reported number.",
    .help_zh = "县、村状态变化：贫困、督战、退出；逐个或汇总。",
    .access = ACCESS_OPEN, .publicity = PUBLIC_ALWAYS,
    .number = NUMBER_PLACE_STATUS, .reach = REACH_COUNTY, .flags = E_FACT,
    .fields = place_status_fields, .n = COUNT(place_status_fields) };

static const struct field population_fields[] = {
    [POPULATION_PLACE] = { .name = "place", .en = "Place", .zh = "地区", .type = F_PLACE,
        .flags = F_REQUIRED | F_LIST | F_HOME,
        .help_en = "The place whose people are counted.", .help_zh = "所计人口的地区。" },
    [POPULATION_KIND] = { .name = "kind", .en = "Population", .zh = "人口类别", .type = F_CODE,
        .list = "population_kind", .flags = F_REQUIRED | F_LIST,
        .help_en = "Rural, registered poor at the start, registered poor not yet exited, ...",
        .help_zh = "乡村人口、建档立卡人口、未脱贫人口等。" },
    [POPULATION_ON_DATE] = { .name = "on_date", .en = "On", .zh = "时点", .type = F_DATE,
        .flags = F_LIST | F_TO,
        .help_en = "The day the number holds for; a month or a year means its last day.",
        .help_zh = "时点；只写年月为该期末。" },
    [POPULATION_CODE] = { .name = "code", .en = "Record code", .zh = "记录编号", .type = F_TEXT,
        .max = 60, .flags = F_REQUIRED | F_KEY | F_NATION,
        .help_en = "Your own unique code of this record.", .help_zh = "自编唯一编号。" },
};
_Static_assert(COUNT(population_fields) == POPULATION_NCOLS, "one row per column");

const struct entity population_entity = { .name = "population", .en = "Population", .zh = "人口数",
    .room = "place",
    .help_en = "Dated numbers of people, the denominators of rates.", .help_zh = "有时点的人口数，比率的分母。",
    .access = ACCESS_OPEN, .publicity = PUBLIC_ALWAYS,
    .number = NUMBER_POPULATION, .reach = REACH_COUNTY, .flags = E_FACT,
    .fields = population_fields, .n = COUNT(population_fields) };

static const struct field statistical_return_fields[] = {
    [STATISTICAL_RETURN_PLACE] = { .name = "place", .en = "Place", .zh = "地区", .type = F_PLACE,
        .flags = F_REQUIRED | F_KEY | F_LIST | F_HOME,
        .help_en = "The place the return is of.", .help_zh = "报表所属地区。" },
    [STATISTICAL_RETURN_INDICATOR] = { .name = "indicator", .en = "Indicator", .zh = "指标",
        .type = F_TEXT, .max = 100, .flags = F_REQUIRED | F_KEY | F_LIST,
        .help_en = "Name of the indicator as in the return.", .help_zh = "报表中的指标名。" },
    [STATISTICAL_RETURN_YEAR] = { .name = "data_year", .en = "Year", .zh = "年度", .type = F_INT,
        .flags = F_REQUIRED | F_KEY | F_LIST, .min = 1949, .max = 2100,
        .help_en = "Year of the data.", .help_zh = "数据年度。" },
    [STATISTICAL_RETURN_AMOUNT] = { .name = "amount", .en = "Value", .zh = "数值",
        .type = F_DECIMAL, .scale = 4, .flags = F_REQUIRED | F_LIST,
        .help_en = "The value, in the unit given.", .help_zh = "以所列单位计的数值。" },
    [STATISTICAL_RETURN_UNIT] = { .name = "unit", .en = "Unit", .zh = "单位", .type = F_TEXT,
        .max = 20, .flags = F_REQUIRED,
        .help_en = "Unit of the value.", .help_zh = "数值单位。" },
};
_Static_assert(COUNT(statistical_return_fields) == STATISTICAL_RETURN_NCOLS, "one row per column");

static const struct check statistical_return_checks[] = {
    { .name = "SR01", .severity = CHECK_REFUSE, .holds = UNIT_IS_WHOLE,
      .en = UNIT_IS_WHOLE_EN, .zh = UNIT_IS_WHOLE_ZH },
};

const struct entity statistical_return_entity = { .name = "statistical_return",
    .en = "Statistical return", .zh = "统计报表数", .room = "place",
    .help_en = "A place's yearly numbers from statistical returns.", .help_zh = "各地统计年报数。",
    .access = ACCESS_OPEN, .publicity = PUBLIC_ALWAYS,
    .number = NUMBER_STATISTICAL_RETURN, .reach = REACH_COUNTY,
    .fields = statistical_return_fields, .n = COUNT(statistical_return_fields),
    .checks = statistical_return_checks, .n_checks = COUNT(statistical_return_checks) };

static const struct field code_item_fields[] = {
    [CODE_ITEM_LIST] = { .name = "list", .en = "List", .zh = "代码表", .type = F_TEXT, .max = 40,
        .flags = F_REQUIRED | F_KEY | F_LIST,
        .help_en = "Name of the code list.", .help_zh = "代码表名称。" },
    [CODE_ITEM_CODE] = { .name = "code", .en = "Code", .zh = "代码", .type = F_TEXT, .max = 40,
        .flags = F_REQUIRED | F_KEY | F_LIST,
        .help_en = "The code that is stored.", .help_zh = "存储的代码。" },
    [CODE_ITEM_NAME_ZH] = { .name = "name_zh", .en = "Chinese label", .zh = "中文名", .type = F_TEXT,
        .max = 100, .flags = F_REQUIRED | F_LIST,
        .help_en = "The label in Chinese.", .help_zh = "中文标签。" },
    [CODE_ITEM_NAME_EN] = { .name = "name_en", .en = "English label", .zh = "英文名", .type = F_TEXT,
        .max = 200, .flags = F_REQUIRED | F_LIST,
        .help_en = "The label in English.", .help_zh = "英文标签。" },
    [CODE_ITEM_ORIGIN] = { .name = "origin", .en = "Origin", .zh = "出处", .type = F_TEXT,
        .max = 300, .help_en = "The standard or text the code comes from.",
        .help_zh = "代码出处。" },
};
_Static_assert(COUNT(code_item_fields) == CODE_ITEM_NCOLS, "one row per column");

const struct entity code_item_entity = { .name = "code_item", .en = "Code", .zh = "代码",
    .room = "place",
    .help_en = "Code lists: every value a coded field can take, with its labels.",
    .help_zh = "代码表：代码字段的取值与名称。",
    .access = ACCESS_OPEN, .publicity = PUBLIC_ALWAYS,
    .number = NUMBER_CODE_ITEM, .reach = REACH_NATION, .flags = E_NO_SOURCE,
    .fields = code_item_fields, .n = COUNT(code_item_fields) };

static const struct entity *const entities[] = { &place_entity, &place_alias_entity,
    &place_class_entity, &place_status_entity, &population_entity, &statistical_return_entity,
    &code_item_entity, &boundary_entity };

const struct room place_room = { .name = "place", .entities = entities,
    .n_entities = COUNT(entities), .stmts = &place_stmts, .tables = place_tables, .n_tables = 1,
    .commands = place_commands, .n_commands = 1, .verify = place_verify };
