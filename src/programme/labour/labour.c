/* The entities of the labour room. */
#include "programme/labour/labour.h"
#include "base/count.h"
#include "programme/labour/labour_sql.h"
#include "programme/fields.h"
#include "programme/numbers.h"

static const struct field placement_fields[] = {
    [PLACEMENT_CODE] = FIELD_CODE,
    [PLACEMENT_PLACE] = { .name = "place", .en = "Home of the workers", .zh = "户籍地",
        .type = F_PLACE, .flags = F_HOME | F_LIST,
        .help_en = "The most exact home place that is known.",
        .help_zh = "务工人员户籍地，取已知最具体的地区。" },
    [PLACEMENT_HELPER] = FIELD_HELPER,
    [PLACEMENT_EMPLOYER] = { .name = "employer", .en = "Employer", .zh = "用工单位",
        .type = F_REF, .flags = F_LIST, .ref = "organisation",
        .help_en = "Who employs.", .help_zh = "用工单位。" },
    [PLACEMENT_PROJECT] = FIELD_PROJECT,
    [PLACEMENT_WORK_PLACE] = { .name = "work_place", .en = "Place of work", .zh = "务工地",
        .type = F_PLACE, .flags = F_LIST,
        .help_en = "Where the work is.", .help_zh = "务工地点。" },
    [PLACEMENT_AREA] = { .name = "area", .en = "Work area", .zh = "就业区域", .type = F_CODE,
        .flags = F_LIST, .list = "work_area",
        .help_en = "Outside the province, in the province, in the county.",
        .help_zh = "省外、省内县外、县内。" },
    [PLACEMENT_KIND] = { .name = "kind", .en = "Kind of job", .zh = "就业类型",
        .type = F_CODE, .flags = F_LIST, .list = "job_kind",
        .help_en = "Firm, workshop, public-welfare post, stall, ...",
        .help_zh = "企业、车间、公益岗位、摊位等。" },
    [PLACEMENT_WAY] = { .name = "way", .en = "Found by", .zh = "就业途径", .type = F_CODE,
        .flags = F_LIST, .list = "placement_way",
        .help_en = "Subsidy, online offer, point-to-point vehicle, recruitment, ...",
        .help_zh = "补贴、线上招聘、点对点输送、招聘等。" },
    [PLACEMENT_REGISTERED] = { .name = "registered", .en = "Registered poor",
        .zh = "是否建档立卡", .type = F_BOOL,
        .help_en = "Whether they are registered poor.",
        .help_zh = "是否建档立卡贫困人口。" },
    [PLACEMENT_STABLE_MONTHS] = { .name = "stable_months", .en = "Stable for",
        .zh = "稳定月数", .type = F_INT, .min = 0, .max = 1200, .unit = "month",
        .help_en = "Months of work without a break so far.",
        .help_zh = "已连续就业月数。" },
    [PLACEMENT_MONTHLY_PAY] = { .name = "monthly_pay", .en = "Monthly pay", .zh = "月工资",
        .type = F_MONEY, .min = 0, .max = 100000000000, .unit = "yuan",
        .help_en = "Pay of a month, one person.", .help_zh = "人均月工资（元）。" },
    [PLACEMENT_YEARLY_PAY] = { .name = "yearly_pay", .en = "Yearly pay", .zh = "年收入",
        .type = F_MONEY, .min = 0, .max = 100000000000, .unit = "yuan",
        .help_en = "Pay of a year, one person.", .help_zh = "人均年工资（元）。" },
    [PLACEMENT_PERSON] = { .name = "person", .en = "Person", .zh = "人员", .type = F_REF,
        .flags = F_FAR, .ref = "person",
        .help_en = "The person in the register.", .help_zh = "建档立卡人员。" },
    [PLACEMENT_REACH] = { .name = "reach", .en = "Direct or indirect", .zh = "直接或间接",
        .type = F_CODE, .list = "link_reach", .preset = "direct",
        .help_en = "A job that the help itself gave, or one that followed from it.",
        .help_zh = "帮扶直接提供的就业，或由此辐射带动的就业。" },
    [PLACEMENT_COMMITMENT] = FIELD_COMMITMENT,
};
_Static_assert(COUNT(placement_fields) == PLACEMENT_NCOLS, "one row per column");

const struct entity placement_entity = {
    .name = "placement", .en = "Placement", .zh = "就业", .room = "labour",
    .help_en = "Work that somebody found; one person a row, or a reported number.",
    .help_zh = "就业人员，逐人或汇总。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_PLACEMENT, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = placement_fields, .n = COUNT(placement_fields),
};

static const struct field welfare_post_fields[] = {
    [WELFARE_POST_CODE] = FIELD_CODE,
    [WELFARE_POST_PLACE] = FIELD_PLACE,
    [WELFARE_POST_HELPER] = FIELD_HELPER,
    [WELFARE_POST_KIND] = { .name = "kind", .en = "Kind", .zh = "岗位类型", .type = F_CODE,
        .flags = F_LIST, .list = "public_post_type",
        .help_en = "Forest ranger, cleaner, carer, ...",
        .help_zh = "护林员、保洁员、护理员等。" },
    [WELFARE_POST_PROJECT] = FIELD_PROJECT,
    [WELFARE_POST_AGREEMENT] = FIELD_AGREEMENT,
    [WELFARE_POST_HOLDER] = { .name = "holder", .en = "Holder", .zh = "在岗人员",
        .type = F_REF, .flags = F_FAR, .ref = "person",
        .help_en = "The person who holds it.", .help_zh = "在岗人员。" },
    [WELFARE_POST_MONTHLY_PAY] = { .name = "monthly_pay", .en = "Monthly pay", .zh = "月报酬",
        .type = F_MONEY, .min = 0, .max = 100000000000, .unit = "yuan",
        .help_en = "Pay of a month, one post.", .help_zh = "每岗月报酬（元）。" },
    [WELFARE_POST_COMMITMENT] = FIELD_COMMITMENT,
};
_Static_assert(COUNT(welfare_post_fields) == WELFARE_POST_NCOLS, "one row per column");

const struct entity welfare_post_entity = {
    .name = "welfare_post", .en = "Public-welfare post", .zh = "公益岗位", .room = "labour",
    .help_en = "Posts of village work for people who cannot leave.",
    .help_zh = "为无法外出者设的公益岗位。",
    .access = ACCESS_WORK,
    .number = NUMBER_WELFARE_POST, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = welfare_post_fields, .n = COUNT(welfare_post_fields),
};

static const struct field workshop_fields[] = {
    [WORKSHOP_CODE] = FIELD_CODE,
    [WORKSHOP_TITLE] = { .name = "title", .en = "Name", .zh = "名称", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 200,
        .help_en = "What it is called.", .help_zh = "车间名称。" },
    [WORKSHOP_KIND] = { .name = "kind", .en = "Kind", .zh = "类型", .type = F_CODE,
        .flags = F_LIST, .list = "workshop_kind",
        .help_en = "Factory, home, planting and breeding, trade, culture and tourism.",
        .help_zh = "厂房、居家、种养、商贸流通、文旅。" },
    [WORKSHOP_PLACE] = FIELD_PLACE,
    [WORKSHOP_HELPER] = FIELD_HELPER,
    [WORKSHOP_OPERATOR] = { .name = "operator", .en = "Operator", .zh = "经营单位",
        .type = F_REF, .flags = F_LIST, .ref = "organisation",
        .help_en = "Who runs it.", .help_zh = "经营单位。" },
    [WORKSHOP_FOR_CLASS] = FIELD_FOR_CLASS,
    [WORKSHOP_PROJECT] = FIELD_PROJECT,
    [WORKSHOP_WORKERS] = { .name = "workers", .en = "Workers", .zh = "吸纳就业",
        .type = F_INT, .flags = F_LIST, .min = 0, .max = 1000000000, .unit = "person",
        .help_en = "How many people it employs.", .help_zh = "吸纳就业人数。" },
    [WORKSHOP_REGISTERED_WORKERS] = { .name = "registered_workers", .en = "Registered workers",
        .zh = "其中建档立卡", .type = F_INT, .min = 0, .max = 1000000000, .unit = "person",
        .help_en = "How many of them are registered poor.",
        .help_zh = "其中建档立卡人数。" },
    [WORKSHOP_INVESTMENT] = { .name = "investment", .en = "Investment", .zh = "投资",
        .type = F_MONEY, .min = 0, .unit = "yuan",
        .help_en = "Investment in yuan.", .help_zh = "投资额（元）。" },
    [WORKSHOP_STOPPED_ON] = { .name = "stopped_on", .en = "Stopped on", .zh = "停工日期", .type = F_DATE,
        .flags = F_FROM,
        .help_en = "Day on which work stopped; empty when it never did.",
        .help_zh = "停工之日；未停工留空。" },
    [WORKSHOP_RESTARTED_ON] = { .name = "restarted_on", .en = "Restarted on", .zh = "复工日期",
        .type = F_DATE, .flags = F_FROM,
        .help_en = "Day on which work began again; empty while it stands still.",
        .help_zh = "复工之日；仍停工留空。" },
    [WORKSHOP_COMMITMENT] = FIELD_COMMITMENT,
};
_Static_assert(COUNT(workshop_fields) == WORKSHOP_NCOLS, "one row per column");

static const struct check workshop_checks[] = {
    { .name = "LA01", .severity = CHECK_REFUSE,
      .holds = "registered_workers <= workers",
      .en = "more registered workers than workers",
      .zh = "建档立卡人数大于就业人数" },
};

const struct entity workshop_entity = {
    .name = "workshop", .en = "Workshop", .zh = "扶贫车间", .room = "labour",
    .help_en = "Workshops that employ people near home.",
    .help_zh = "就近吸纳就业的扶贫车间。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_WORKSHOP, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = workshop_fields, .n = COUNT(workshop_fields), .checks = workshop_checks,
    .n_checks = COUNT(workshop_checks),
};

static const struct field station_fields[] = {
    [STATION_CODE] = FIELD_CODE,
    [STATION_TITLE] = { .name = "title", .en = "Name", .zh = "名称", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 200,
        .help_en = "What it is called.", .help_zh = "站点名称。" },
    [STATION_KIND] = { .name = "kind", .en = "Kind", .zh = "类型", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "station_kind",
        .help_en = "Labour service, liaison, job platform.",
        .help_zh = "劳务服务站、联络站、就业平台。" },
    [STATION_PLACE] = FIELD_PLACE,
    [STATION_HELPER] = FIELD_HELPER,
    [STATION_PARTNER] = { .name = "partner", .en = "Partner", .zh = "合作单位", .type = F_REF,
        .ref = "organisation",
        .help_en = "The other side.", .help_zh = "对方单位。" },
};
_Static_assert(COUNT(station_fields) == STATION_NCOLS, "one row per column");

const struct entity station_entity = {
    .name = "station", .en = "Station", .zh = "服务站点", .room = "labour",
    .help_en = "A labour service or liaison station at either end.",
    .help_zh = "两地的劳务服务站、联络站。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_STATION, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = station_fields, .n = COUNT(station_fields),
};

static const struct entity *const entities[] = {
    &placement_entity, &welfare_post_entity, &workshop_entity, &station_entity,
    &seeker_entity, &vacancy_entity, &job_match_entity, &trip_entity, &seat_entity,
    &follow_up_entity,
};

const struct room labour_room = { .name = "labour", .entities = entities,
    .n_entities = COUNT(entities), .stmts = &labour_stmts };
