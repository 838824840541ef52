/* The entities of the plan room. */
#include "programme/plan/plan.h"
#include "programme/fields.h"
#include "programme/numbers.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof(*(a))))

static const struct field work_plan_fields[] = {
    [WORK_PLAN_CODE] = FIELD_CODE,
    [WORK_PLAN_TITLE] = { .name = "title", .en = "Title", .zh = "名称", .type = F_TEXT,
        .flags = F_LIST | F_SEARCH, .max = 200,
        .help_en = "What it is called.", .help_zh = "名称。" },
    [WORK_PLAN_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_LIST, .list = "plan_kind",
        .help_en = "Yearly plan, implementation plan, one county one policy, ...",
        .help_zh = "年度计划、实施方案、一县一策等。" },
    [WORK_PLAN_ORGANISATION] = FIELD_ORGANISATION,
    [WORK_PLAN_PLACE] = FIELD_PLACE,
    [WORK_PLAN_FOR_YEAR] = { .name = "for_year", .en = "Year", .zh = "年度", .type = F_INT,
        .flags = F_LIST, .min = 1980, .max = 2100,
        .help_en = "The year it is for.", .help_zh = "所属年度。" },
    [WORK_PLAN_FOR_CLASS] = FIELD_FOR_CLASS,
    [WORK_PLAN_AGREEMENT] = FIELD_AGREEMENT,
};
_Static_assert(COUNT(work_plan_fields) == WORK_PLAN_NCOLS, "one row per column");

const struct entity work_plan_entity = {
    .name = "work_plan", .en = "Work plan", .zh = "工作计划", .room = "plan",
    .help_en = "A plan of a year or for a place.",
    .help_zh = "年度计划或一地一策。",
    .number = NUMBER_WORK_PLAN, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = work_plan_fields, .n = COUNT(work_plan_fields),
};

static const struct field target_fields[] = {
    [TARGET_CODE] = FIELD_CODE,
    [TARGET_WORK_PLAN] = FIELD_WORK_PLAN,
    [TARGET_ORGANISATION] = FIELD_ORGANISATION,
    [TARGET_PLACE] = FIELD_PLACE,
    [TARGET_MEASURE] = { .name = "measure", .en = "Measure", .zh = "指标", .type = F_TEXT,
        .flags = F_REQUIRED | F_LIST | F_SEARCH, .max = 100,
        .help_en = "What is counted; the name of a figure where there is one.",
        .help_zh = "指标；有统计指标的填其名称。" },
    [TARGET_TARGET_VALUE] = { .name = "target_value", .en = "Target", .zh = "目标值",
        .type = F_DECIMAL, .flags = F_REQUIRED | F_LIST, .scale = 2, .min = 0,
        .max = 1000000000000000,
        .help_en = "The number to be reached, in the unit given.",
        .help_zh = "目标值，单位另填。" },
    [TARGET_UNIT] = { .name = "unit", .en = "Unit", .zh = "计量单位", .type = F_TEXT,
        .flags = F_LIST, .max = 20,
        .help_en = "Unit of the target.", .help_zh = "目标单位。" },
    [TARGET_PARENT] = { .name = "parent", .en = "Part of target", .zh = "上级目标",
        .type = F_REF, .flags = F_FAR, .ref = "target",
        .help_en = "The target it is a share of.", .help_zh = "所分解的上级目标。" },
};
_Static_assert(COUNT(target_fields) == TARGET_NCOLS, "one row per column");

const struct entity target_entity = {
    .name = "target", .en = "Target", .zh = "目标", .room = "plan",
    .help_en = "A number that is to be reached; what is reached is computed, never typed.",
    .help_zh = "要达到的数；完成数由记录计算，不得填写。",
    .number = NUMBER_TARGET, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = target_fields, .n = COUNT(target_fields),
};

static const struct field task_fields[] = {
    [TASK_CODE] = FIELD_CODE,
    [TASK_WORK_PLAN] = FIELD_WORK_PLAN,
    [TASK_AGREEMENT] = FIELD_AGREEMENT,
    [TASK_ORGANISATION] = FIELD_ORGANISATION,
    [TASK_PLACE] = FIELD_PLACE,
    [TASK_FOCUS] = { .name = "focus", .en = "Area", .zh = "领域", .type = F_CODE,
        .flags = F_LIST, .list = "focus_area",
        .help_en = "The area of work it belongs to.", .help_zh = "所属工作领域。" },
    [TASK_TITLE] = { .name = "title", .en = "Task", .zh = "任务", .type = F_TEXT,
        .flags = F_REQUIRED | F_LIST | F_SEARCH, .max = 500,
        .help_en = "What is to be done.", .help_zh = "任务内容。" },
    [TASK_DUE_ON] = { .name = "due_on", .en = "Due by", .zh = "时限", .type = F_DATE,
        .flags = F_TO | F_LIST,
        .help_en = "Day by which it is to be done.", .help_zh = "完成时限。" },
    [TASK_DONE_ON] = { .name = "done_on", .en = "Done on", .zh = "完成日期", .type = F_DATE,
        .flags = F_LIST,
        .help_en = "Day on which it was done.", .help_zh = "完成日期。" },
};
_Static_assert(COUNT(task_fields) == TASK_NCOLS, "one row per column");

const struct entity task_entity = {
    .name = "task", .en = "Task", .zh = "任务", .room = "plan",
    .help_en = "A piece of work of a plan, with its owner and day.",
    .help_zh = "计划中的一项任务及其责任单位、时限。",
    .number = NUMBER_TASK, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = task_fields, .n = COUNT(task_fields),
};

static const struct entity *const entities[] = {
    &work_plan_entity, &target_entity, &task_entity,
};

const struct room plan_room = { .name = "plan", .entities = entities,
    .n_entities = COUNT(entities) };
