/* What becomes of a project: its stages, and what it leaves behind. */
#include "programme/fields.h"
#include "base/count.h"
#include "programme/numbers.h"
#include "programme/project/project.h"

static const struct field project_stage_fields[] = {
    [PROJECT_STAGE_CODE] = FIELD_CODE,
    [PROJECT_STAGE_PROJECT] = { .name = "project", .en = "Project", .zh = "项目", .type = F_REF,
        .flags = F_REQUIRED | F_FAR | F_LIST, .ref = "project",
        .help_en = "The project that came so far.", .help_zh = "所属项目。" },
    [PROJECT_STAGE_PLACE] = FIELD_PLACE,
    [PROJECT_STAGE_STAGE] = { .name = "stage", .en = "Stage", .zh = "阶段", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "project_stage",
        .help_en = "Declared, reviewed, decided, posted, entered in the library, started, "
                   "finished, accepted, ...; the day is valid_from.",
        .help_zh = "申报、审核、审定、公示、入库、开工、完工、验收等；日期填起始日。" },
    [PROJECT_STAGE_ORGANISATION] = FIELD_ORGANISATION,
    [PROJECT_STAGE_RESULT] = { .name = "result", .en = "Result", .zh = "结论", .type = F_CODE,
        .flags = F_LIST, .list = "stage_result",
        .help_en = "Passed, sent back, or refused; empty where a stage just came.",
        .help_zh = "通过、退回整改或未通过；无结论留空。" },
    [PROJECT_STAGE_PERCENT] = { .name = "percent_done", .en = "Done", .zh = "进度",
        .type = F_DECIMAL, .scale = 2, .min = 0, .max = 10000, .unit = "percent",
        .help_en = "How far the works are, in percent.", .help_zh = "工程进度（%）。" },
    [PROJECT_STAGE_AMOUNT] = FIELD_AMOUNT,
    [PROJECT_STAGE_OPINION] = { .name = "opinion", .en = "Opinion", .zh = "意见",
        .type = F_TEXT, .flags = F_SEARCH, .max = 500,
        .help_en = "What was found, what is to be mended.", .help_zh = "验收或审核意见。" },
};
_Static_assert(COUNT(project_stage_fields) == PROJECT_STAGE_NCOLS, "one row per column");

static const struct check project_stage_checks[] = {
    { .name = "PS01", .severity = CHECK_WARN,
      .holds = "not (stage in {entered, accepted}) or known(source)",
      .en = "an entry in the library and an acceptance need their paper",
      .zh = "入库与验收应附依据文件" },
};

const struct entity project_stage_entity = {
    .name = "project_stage", .en = "Stage of a project", .zh = "项目阶段", .room = "project",
    .help_en = "Each step of a project with its day, who took it, its result and its paper.",
    .help_zh = "项目各阶段的日期、办理单位、结论与依据。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_PROJECT_STAGE, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = project_stage_fields, .n = COUNT(project_stage_fields),
    .checks = project_stage_checks, .n_checks = COUNT(project_stage_checks),
};

static const struct field asset_fields[] = {
    [ASSET_CODE] = FIELD_CODE,
    [ASSET_TITLE] = { .name = "title", .en = "Title", .zh = "名称", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 200,
        .help_en = "What it is.", .help_zh = "资产名称。" },
    [ASSET_PROJECT] = FIELD_PROJECT,
    [ASSET_PLACE] = FIELD_PLACE,
    [ASSET_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "asset_kind",
        .help_en = "For earning, for the public, or given to households.",
        .help_zh = "经营性、公益性或到户类资产。" },
    [ASSET_OWNER] = { .name = "owner", .en = "Owner", .zh = "产权单位", .type = F_REF,
        .flags = F_LIST, .ref = "organisation",
        .help_en = "Whose it is.", .help_zh = "产权归属单位。" },
    [ASSET_KEEPER] = { .name = "keeper", .en = "Keeper", .zh = "管护单位", .type = F_REF,
        .flags = F_LIST, .ref = "organisation",
        .help_en = "Who keeps it up and answers for it.", .help_zh = "管护责任单位。" },
    [ASSET_COST] = { .name = "cost", .en = "Cost", .zh = "原值", .type = F_MONEY,
        .flags = F_LIST, .min = 0, .unit = "yuan",
        .help_en = "What it cost.", .help_zh = "资产原值（元）。" },
    [ASSET_YEARLY_UPKEEP] = { .name = "yearly_upkeep", .en = "Upkeep a year", .zh = "年管护费",
        .type = F_MONEY, .min = 0, .unit = "yuan",
        .help_en = "What its upkeep costs in a year.", .help_zh = "每年管护费用（元）。" },
    [ASSET_YEARLY_INCOME] = { .name = "yearly_income", .en = "Income a year", .zh = "年收益",
        .type = F_MONEY, .min = 0, .unit = "yuan",
        .help_en = "What it earns in a year.", .help_zh = "每年收益（元）。" },
    [ASSET_USE] = { .name = "use_state", .en = "Use", .zh = "使用状态", .type = F_CODE,
        .flags = F_LIST, .list = "asset_use", .preset = "in_use",
        .help_en = "In use, idle, let, out of order, given up.",
        .help_zh = "在用、闲置、出租、损坏、报废。" },
    [ASSET_IDLE_SINCE] = { .name = "idle_since", .en = "Idle since", .zh = "闲置起始日",
        .type = F_DATE, .flags = F_FROM,
        .help_en = "Since when nobody uses it.", .help_zh = "开始闲置的日期。" },
};
_Static_assert(COUNT(asset_fields) == ASSET_NCOLS, "one row per column");

static const struct check asset_checks[] = {
    { .name = "AT01", .severity = CHECK_REFUSE,
      .holds = "not known(idle_since) or use_state in {idle, broken, gone}",
      .en = "what is in use is not idle since a day", .zh = "在用资产不填闲置日期" },
    { .name = "AT02", .severity = CHECK_WARN, .holds = "known(keeper) or kind = household",
      .en = "nobody is named who keeps it up", .zh = "未填管护单位" },
};

const struct entity asset_entity = {
    .name = "asset", .en = "Asset", .zh = "项目资产", .room = "project",
    .help_en = "What aid built or bought: whose it is, who keeps it, what it earns, whether it "
               "stands idle.",
    .help_zh = "帮扶形成的资产：产权、管护、收益与是否闲置。",
    .access = ACCESS_WORK, .publicity = PUBLIC_BY_SOURCE,
    .number = NUMBER_ASSET, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = asset_fields, .n = COUNT(asset_fields),
    .checks = asset_checks, .n_checks = COUNT(asset_checks),
};
