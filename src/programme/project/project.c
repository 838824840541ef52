/* The entities of the project room. */
#include "programme/project/project.h"
#include "base/count.h"
#include "programme/fields.h"
#include "programme/numbers.h"

static const struct field project_fields[] = {
    [PROJECT_CODE] = FIELD_CODE,
    [PROJECT_TITLE] = { .name = "title", .en = "Title", .zh = "名称", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 200,
        .help_en = "What it is called.", .help_zh = "项目名称。" },
    [PROJECT_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "project_kind",
        .help_en = "Industry, park, school, road, water, housing, posts, ...",
        .help_zh = "产业、园区、学校、道路、饮水、住房、公岗等。" },
    [PROJECT_PLACE] = FIELD_PLACE,
    [PROJECT_HELPER] = FIELD_HELPER,
    [PROJECT_PARTNER] = { .name = "partner", .en = "Partner", .zh = "合作单位", .type = F_REF,
        .ref = "organisation",
        .help_en = "Who does it together with the helper.", .help_zh = "合作单位。" },
    [PROJECT_AGREEMENT] = FIELD_AGREEMENT,
    [PROJECT_FUND_LINE] = FIELD_FUND_LINE,
    [PROJECT_INVESTMENT] = { .name = "investment", .en = "Investment", .zh = "总投资",
        .type = F_MONEY, .flags = F_LIST, .min = 0, .unit = "yuan",
        .help_en = "Total investment in yuan, all payers.",
        .help_zh = "总投资（元），含各方。" },
    [PROJECT_HELPER_MONEY] = { .name = "helper_money", .en = "Helper's money",
        .zh = "帮扶方出资", .type = F_MONEY, .min = 0, .unit = "yuan",
        .help_en = "What the helper pays of it.", .help_zh = "其中帮扶方出资。" },
    [PROJECT_FINISHED_FROM] = { .name = "finished_from", .en = "Finished not before",
        .zh = "完工不早于", .type = F_DATE, .flags = F_FROM,
        .help_en = "First day on which it may have been finished.",
        .help_zh = "可能完工的首日。" },
    [PROJECT_FINISHED_TO] = { .name = "finished_to", .en = "Finished not after",
        .zh = "完工不晚于", .type = F_DATE, .flags = F_TO | F_LIST,
        .help_en = "Last day on which it may have been finished.",
        .help_zh = "可能完工的末日。" },
    [PROJECT_HOUSEHOLDS] = { .name = "households", .en = "Households", .zh = "受益户数",
        .type = F_INT, .min = 0, .max = 1000000000, .unit = "household",
        .help_en = "Households that gain by it.", .help_zh = "受益户数。" },
    [PROJECT_PERSONS] = { .name = "persons", .en = "People", .zh = "受益人数", .type = F_INT,
        .min = 0, .max = 1000000000, .unit = "person",
        .help_en = "People who gain by it.", .help_zh = "受益人数。" },
    [PROJECT_WORKS] = { .name = "works", .en = "Works", .zh = "建设内容", .type = F_TEXT,
        .flags = F_SEARCH, .max = 1000,
        .help_en = "What is built or done.", .help_zh = "建设内容。" },
    [PROJECT_NATURE] = FIELD_NATURE,
    [PROJECT_COMMITMENT] = FIELD_COMMITMENT,
};
_Static_assert(COUNT(project_fields) == PROJECT_NCOLS, "one row per column");

static const struct check project_checks[] = {
    { .name = "PJ01", .severity = CHECK_REFUSE,
      .holds = "finished_from <= finished_to",
      .en = "the window of completion ends before it begins",
      .zh = "完工期间止早于起" },
    { .name = "PJ02", .severity = CHECK_REFUSE,
      .holds = "helper_money <= investment",
      .en = "the helper pays more than the whole",
      .zh = "帮扶方出资大于总投资" },
};

const struct entity project_entity = {
    .name = "project", .en = "Project", .zh = "项目", .room = "project",
    .help_en = "Something that is built, set up or run with the help.",
    .help_zh = "帮扶建设或实施的项目。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_PROJECT, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = project_fields, .n = COUNT(project_fields), .checks = project_checks,
    .n_checks = COUNT(project_checks),
};

static const struct field output_fields[] = {
    [OUTPUT_CODE] = FIELD_CODE,
    [OUTPUT_PROJECT] = FIELD_PROJECT,
    [OUTPUT_HELPER] = FIELD_HELPER,
    [OUTPUT_PLACE] = FIELD_PLACE,
    [OUTPUT_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "output_kind",
        .help_en = "Site, market, road, house, base, curriculum, ...",
        .help_zh = "场所、市场、道路、住房、基地、课程等。" },
    [OUTPUT_LABEL] = { .name = "label", .en = "Label", .zh = "说明", .type = F_TEXT,
        .flags = F_LIST, .max = 200,
        .help_en = "What it is, in a few words.", .help_zh = "产出说明。" },
    [OUTPUT_MEASURE] = { .name = "measure", .en = "Measure", .zh = "计量", .type = F_DECIMAL,
        .flags = F_LIST, .scale = 2, .min = 0, .max = 100000000000000,
        .help_en = "How much, in the unit given: kilometres, mu, tonnes.",
        .help_zh = "数值，单位另填。" },
    [OUTPUT_UNIT] = { .name = "unit", .en = "Unit", .zh = "计量单位", .type = F_TEXT,
        .flags = F_LIST, .max = 20,
        .help_en = "Unit of the measure.", .help_zh = "计量单位。" },
    [OUTPUT_HOUSEHOLD] = { .name = "household", .en = "Household", .zh = "所属户", .type = F_REF,
        .flags = F_FAR, .ref = "household",
        .help_en = "The household on whose land it stands, as in courtyard economy.",
        .help_zh = "所在户，如庭院经济。" },
    [OUTPUT_LAND] = { .name = "land", .en = "Household land", .zh = "用地面积", .type = F_DECIMAL,
        .flags = F_LIST, .scale = 2, .min = 0, .max = 100000000, .unit = "mu",
        .help_en = "Land of the household that it uses, in mu.",
        .help_zh = "所用农户土地面积（亩）。" },
};
_Static_assert(COUNT(output_fields) == OUTPUT_NCOLS, "one row per column");

static const struct check output_checks[] = {
    { .name = "PJ03", .severity = CHECK_REFUSE, .holds = UNIT_IS_WHOLE,
      .en = UNIT_IS_WHOLE_EN, .zh = UNIT_IS_WHOLE_ZH },
};

const struct entity output_entity = {
    .name = "output", .en = "Output", .zh = "项目产出", .room = "project",
    .help_en = "What a project brings: sites, roads, houses, a training base.",
    .help_zh = "项目产出：场所、道路、住房、基地等。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_OUTPUT, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = output_fields, .n = COUNT(output_fields),
    .checks = output_checks, .n_checks = COUNT(output_checks),
};

static const struct field benefit_link_fields[] = {
    [BENEFIT_LINK_CODE] = FIELD_CODE,
    [BENEFIT_LINK_PROJECT] = FIELD_PROJECT,
    [BENEFIT_LINK_HELPER] = FIELD_HELPER,
    [BENEFIT_LINK_PLACE] = FIELD_PLACE,
    [BENEFIT_LINK_COMPANY] = { .name = "company", .en = "Company", .zh = "企业", .type = F_REF,
        .ref = "organisation",
        .help_en = "The leading company.", .help_zh = "龙头企业。" },
    [BENEFIT_LINK_COOPERATIVE] = { .name = "cooperative", .en = "Cooperative", .zh = "合作社",
        .type = F_REF, .ref = "organisation",
        .help_en = "The cooperative in between.", .help_zh = "合作社。" },
    [BENEFIT_LINK_KIND] = { .name = "kind", .en = "Kind", .zh = "方式", .type = F_CODE,
        .flags = F_LIST, .list = "link_kind",
        .help_en = "Wage, rent, dividend, order, service.",
        .help_zh = "务工、租金、分红、订单、服务。" },
    [BENEFIT_LINK_REACH] = { .name = "reach", .en = "Direct or indirect", .zh = "直接或间接",
        .type = F_CODE, .flags = F_LIST, .list = "link_reach", .preset = "direct",
        .help_en = "Carried directly, or reached indirectly.",
        .help_zh = "直接带动或辐射带动。" },
    [BENEFIT_LINK_HOUSEHOLDS] = { .name = "households", .en = "Households", .zh = "带动户数",
        .type = F_INT, .flags = F_LIST, .min = 0, .max = 1000000000, .unit = "household",
        .help_en = "Households that are carried.", .help_zh = "带动户数。" },
    [BENEFIT_LINK_PERSONS] = { .name = "persons", .en = "People", .zh = "带动人数",
        .type = F_INT, .flags = F_LIST, .min = 0, .max = 1000000000, .unit = "person",
        .help_en = "People who are carried.", .help_zh = "带动人数。" },
    [BENEFIT_LINK_REGISTERED] = { .name = "registered", .en = "Registered poor",
        .zh = "是否建档立卡", .type = F_BOOL,
        .help_en = "Whether they are registered poor.",
        .help_zh = "是否建档立卡贫困人口。" },
    [BENEFIT_LINK_YEARLY_INCOME] = { .name = "yearly_income", .en = "Yearly income a head",
        .zh = "人均年增收", .type = F_MONEY, .min = 0, .max = 100000000000, .unit = "yuan",
        .help_en = "What one person gains in a year.", .help_zh = "人均年增收（元）。" },
    [BENEFIT_LINK_BENEFICIARY] = { .name = "beneficiary", .en = "For whom", .zh = "受益群体",
        .type = F_CODE, .flags = F_LIST, .list = "beneficiary",
        .help_en = "The group that gains: relocated families, women, disabled people, ...",
        .help_zh = "受益群体：搬迁户、妇女、残疾人等。" },
};
_Static_assert(COUNT(benefit_link_fields) == BENEFIT_LINK_NCOLS, "one row per column");

const struct entity benefit_link_entity = {
    .name = "benefit_link", .en = "Benefit link", .zh = "利益联结", .room = "project",
    .help_en = "How households gain: wage, rent, dividend, order, from company through "
               "cooperative.",
    .help_zh = "户如何受益：务工、租金、分红、订单，经企业与合作社。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_BENEFIT_LINK, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = benefit_link_fields, .n = COUNT(benefit_link_fields),
};

static const struct field firm_landed_fields[] = {
    [FIRM_LANDED_CODE] = FIELD_CODE,
    [FIRM_LANDED_FIRM] = { .name = "firm", .en = "Firm", .zh = "企业", .type = F_REF,
        .flags = F_LIST, .ref = "organisation",
        .help_en = "The firm.", .help_zh = "企业。" },
    [FIRM_LANDED_HELPER] = FIELD_HELPER,
    [FIRM_LANDED_PLACE] = FIELD_PLACE,
    [FIRM_LANDED_TRADE] = { .name = "trade", .en = "Trade", .zh = "行业", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 200,
        .help_en = "What it makes or sells.", .help_zh = "主营业务。" },
    [FIRM_LANDED_INVESTMENT] = { .name = "investment", .en = "Investment agreed",
        .zh = "协议投资", .type = F_MONEY, .flags = F_LIST, .min = 0, .unit = "yuan",
        .help_en = "Investment that was agreed.", .help_zh = "协议投资额（元）。" },
    [FIRM_LANDED_INVESTED] = { .name = "invested", .en = "Investment made", .zh = "实际投资",
        .type = F_MONEY, .flags = F_LIST, .min = 0, .unit = "yuan",
        .help_en = "Investment that has been made.",
        .help_zh = "实际到位投资（元）。" },
    [FIRM_LANDED_PERSONS] = { .name = "persons", .en = "Poor people carried",
        .zh = "带动贫困人口", .type = F_INT, .min = 0, .max = 1000000000, .unit = "person",
        .help_en = "Registered people who gain by it.", .help_zh = "带动贫困人口数。" },
    [FIRM_LANDED_STOPPED_ON] = { .name = "stopped_on", .en = "Stopped on", .zh = "停工日期", .type = F_DATE,
        .flags = F_FROM,
        .help_en = "Day on which work stopped; empty when it never did.",
        .help_zh = "停工之日；未停工留空。" },
    [FIRM_LANDED_RESTARTED_ON] = { .name = "restarted_on", .en = "Restarted on", .zh = "复工日期",
        .type = F_DATE, .flags = F_FROM,
        .help_en = "Day on which work began again; empty while it stands still.",
        .help_zh = "复工之日；仍停工留空。" },
};
_Static_assert(COUNT(firm_landed_fields) == FIRM_LANDED_NCOLS, "one row per column");

const struct entity firm_landed_entity = {
    .name = "firm_landed", .en = "Firm landed", .zh = "落地企业", .room = "project",
    .help_en = "A firm that came to a helped place, and its investment.",
    .help_zh = "引进落地的企业及其投资。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_FIRM_LANDED, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = firm_landed_fields, .n = COUNT(firm_landed_fields),
};

static const struct field event_fields[] = {
    [EVENT_CODE] = FIELD_CODE,
    [EVENT_TITLE] = { .name = "title", .en = "Title", .zh = "名称", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 200,
        .help_en = "What it is called.", .help_zh = "名称。" },
    [EVENT_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "event_kind",
        .help_en = "Business trip, fair, press conference, shock, ...",
        .help_zh = "招商活动、展会、发布会、突发事件等。" },
    [EVENT_ORGANISATION] = FIELD_ORGANISATION,
    [EVENT_PLACE] = FIELD_PLACE,
    [EVENT_PARTICIPANTS] = { .name = "participants", .en = "Participants", .zh = "参加人数",
        .type = F_INT, .min = 0, .max = 1000000000, .unit = "person",
        .help_en = "How many took part.", .help_zh = "参加人数。" },
    [EVENT_SIGNED_AMOUNT] = { .name = "signed_amount", .en = "Signed amount",
        .zh = "签约金额", .type = F_MONEY, .min = 0, .unit = "yuan",
        .help_en = "What was signed for.", .help_zh = "签约金额（元）。" },
};
_Static_assert(COUNT(event_fields) == EVENT_NCOLS, "one row per column");

const struct entity event_entity = {
    .name = "event", .en = "Event", .zh = "事件", .room = "project",
    .help_en = "A business trip, a fair, a press conference, an epidemic.",
    .help_zh = "招商活动、展会、发布会、疫情等事件。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_EVENT, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = event_fields, .n = COUNT(event_fields),
};

static const struct entity *const entities[] = {
    &project_entity, &output_entity, &benefit_link_entity, &firm_landed_entity, &event_entity,
    &project_stage_entity, &asset_entity,
};

const struct room project_room = { .name = "project", .entities = entities,
    .n_entities = COUNT(entities) };
