/* The entities of the plan room. */
#include "programme/plan/plan.h"
#include "base/count.h"
#include "programme/fields.h"
#include "programme/numbers.h"
#include "programme/plan/scorecard.h"

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
    .access = ACCESS_WORK,
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
        .type = F_DECIMAL, .flags = F_LIST, .scale = 2, .min = 0,
        .max = 1000000000000000,
        .help_en = "The number to be reached, as first set, in the unit given; empty when none is "
                   "known.",
        .help_zh = "最初设定的目标值，单位另填；不详留空。" },
    [TARGET_UNIT] = { .name = "unit", .en = "Unit", .zh = "计量单位", .type = F_TEXT,
        .flags = F_LIST, .max = 20,
        .help_en = "Unit of the target.", .help_zh = "目标单位。" },
    [TARGET_PARENT] = { .name = "parent", .en = "Part of target", .zh = "上级目标",
        .type = F_REF, .flags = F_FAR, .ref = "target",
        .help_en = "The target it is a share of.", .help_zh = "所分解的上级目标。" },
    [TARGET_BREAKDOWN] = { .name = "breakdown", .en = "Broken down by", .zh = "分解方式",
        .type = F_CODE, .list = "breakdown", .preset = "part",
        .help_en = "By unit, by area, by period; the parts of each way sum to the whole.",
        .help_zh = "按单位、地区或时段；每种方式的分解之和等于上级目标。" },
    [TARGET_RESERVE] = { .name = "reserve", .en = "Reserve", .zh = "预留", .type = F_BOOL,
        .help_en = "Kept back and given to nobody yet; a part like the others.",
        .help_zh = "预留未分配的部分，同样计入分解之和。" },
    [TARGET_CARRIED_FROM] = { .name = "carried_from", .en = "Carried over from",
        .zh = "结转自", .type = F_REF, .flags = F_FAR, .ref = "target",
        .help_en = "The target of an earlier year that was not reached.",
        .help_zh = "以前年度未完成的目标。" },
};
_Static_assert(COUNT(target_fields) == TARGET_NCOLS, "one row per column");

static const struct check target_checks[] = {
    { .name = "PL01", .severity = CHECK_REFUSE, .holds = UNIT_IS_WHOLE,
      .en = UNIT_IS_WHOLE_EN, .zh = UNIT_IS_WHOLE_ZH },
};

const struct entity target_entity = {
    .name = "target", .en = "Target", .zh = "目标", .room = "plan",
    .help_en = "A number that is to be reached; what is reached is computed, never typed.",
    .help_zh = "要达到的数；完成数由记录计算，不得填写。",
    .access = ACCESS_WORK,
    .number = NUMBER_TARGET, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = target_fields, .n = COUNT(target_fields),
    .checks = target_checks, .n_checks = COUNT(target_checks),
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
    [TASK_TARGET] = { .name = "target", .en = "For target", .zh = "所服务目标", .type = F_REF,
        .flags = F_FAR, .ref = "target",
        .help_en = "The target that it serves; while it is late it is shown beside it.",
        .help_zh = "所服务的目标；逾期时在该目标旁列出。" },
    [TASK_BLOCKED_BY] = { .name = "blocked_by", .en = "Blocked by", .zh = "受阻原因",
        .type = F_TEXT, .max = 500,
        .help_en = "What stands in its way; empty when nothing does.",
        .help_zh = "受阻原因；无则留空。" },
    [TASK_CARRIED_FROM] = { .name = "carried_from", .en = "Carried over from", .zh = "结转自",
        .type = F_REF, .flags = F_FAR, .ref = "task",
        .help_en = "The task of an earlier year that was not done.",
        .help_zh = "以前年度未完成的任务。" },
};
_Static_assert(COUNT(task_fields) == TASK_NCOLS, "one row per column");

const struct entity task_entity = {
    .name = "task", .en = "Task", .zh = "任务", .room = "plan",
    .help_en = "A piece of work of a plan, with its owner and day.",
    .help_zh = "计划中的一项任务及其责任单位、时限。",
    .access = ACCESS_WORK,
    .number = NUMBER_TASK, .reach = REACH_COUNTY, .flags = E_FACT | E_DRAFTS,
    .fields = task_fields, .n = COUNT(task_fields),
};

static const struct field target_revision_fields[] = {
    [TARGET_REVISION_CODE] = FIELD_CODE,
    [TARGET_REVISION_TARGET] = { .name = "target", .en = "Target", .zh = "目标",
        .type = F_REF, .flags = F_REQUIRED | F_HOME | F_LIST, .ref = "target",
        .help_en = "The target that is set anew.", .help_zh = "调整的目标。" },
    [TARGET_REVISION_NEW_VALUE] = { .name = "new_value", .en = "New value", .zh = "调整后目标值",
        .type = F_DECIMAL, .flags = F_REQUIRED | F_LIST, .scale = 2, .min = 0,
        .max = 1000000000000000,
        .help_en = "The number to be reached from that day on, in the target's unit.",
        .help_zh = "自该日起的目标值，单位同目标。" },
    [TARGET_REVISION_CHANGED_ON] = { .name = "changed_on", .en = "Changed on", .zh = "调整日期",
        .type = F_DATE, .flags = F_REQUIRED | F_LIST,
        .help_en = "Day from which the new value holds.", .help_zh = "新目标值生效之日。" },
    [TARGET_REVISION_REASON] = { .name = "reason", .en = "Reason", .zh = "调整原因",
        .type = F_TEXT, .flags = F_REQUIRED | F_LIST, .max = 500,
        .help_en = "Why it was changed.", .help_zh = "为何调整。" },
    [TARGET_REVISION_EVENT] = { .name = "event", .en = "Event", .zh = "事件", .type = F_REF,
        .flags = F_FAR, .ref = "event",
        .help_en = "The event behind it, such as an epidemic.",
        .help_zh = "引起调整的事件，如疫情。" },
    [TARGET_REVISION_DECIDED_BY] = { .name = "decided_by", .en = "Decided by", .zh = "决定单位",
        .type = F_REF, .ref = "organisation",
        .help_en = "Who decided it.", .help_zh = "作出决定的单位。" },
};
_Static_assert(COUNT(target_revision_fields) == TARGET_REVISION_NCOLS, "one row per column");

const struct entity target_revision_entity = {
    .name = "target_revision", .en = "Revision of a target", .zh = "目标调整", .room = "plan",
    .help_en = "A target set anew, from which day and why; what it was before stays on record.",
    .help_zh = "目标调整及其日期、原因；原目标保留在案。",
    .access = ACCESS_WORK,
    .number = NUMBER_TARGET_REVISION, .reach = REACH_COUNTY, .flags = E_DRAFTS,
    .fields = target_revision_fields, .n = COUNT(target_revision_fields),
};

static const struct field plan_risk_fields[] = {
    [PLAN_RISK_CODE] = FIELD_CODE,
    [PLAN_RISK_TARGET] = { .name = "target", .en = "Target", .zh = "目标", .type = F_REF,
        .flags = F_REQUIRED | F_HOME | F_LIST, .ref = "target",
        .help_en = "The target that is put at risk.", .help_zh = "受影响的目标。" },
    [PLAN_RISK_EVENT] = { .name = "event", .en = "Event", .zh = "事件", .type = F_REF,
        .flags = F_REQUIRED | F_FAR | F_LIST, .ref = "event",
        .help_en = "The shock: an epidemic, a flood.", .help_zh = "冲击事件：疫情、洪灾等。" },
    [PLAN_RISK_VALUE_AT_RISK] = { .name = "value_at_risk", .en = "At risk", .zh = "受影响量",
        .type = F_DECIMAL, .flags = F_LIST, .scale = 2, .min = 0, .max = 1000000000000000,
        .help_en = "How much of the target is at risk, in its unit; empty when not known.",
        .help_zh = "目标中受影响的数量，单位同目标；不详留空。" },
    [PLAN_RISK_EFFECT] = { .name = "effect", .en = "Effect", .zh = "影响", .type = F_TEXT,
        .flags = F_LIST, .max = 500,
        .help_en = "What it does to the work.", .help_zh = "对工作的影响。" },
    [PLAN_RISK_ANSWER] = { .name = "answer", .en = "Answer", .zh = "应对措施", .type = F_TEXT,
        .flags = F_LIST, .max = 500,
        .help_en = "What is done about it.", .help_zh = "应对措施。" },
};
_Static_assert(COUNT(plan_risk_fields) == PLAN_RISK_NCOLS, "one row per column");

const struct entity plan_risk_entity = {
    .name = "plan_risk", .en = "Risk to a target", .zh = "目标风险", .room = "plan",
    .help_en = "What a shock puts at risk: which target, how much of it, and the answer.",
    .help_zh = "冲击对目标的影响：哪个目标、多少、如何应对。",
    .access = ACCESS_WORK,
    .number = NUMBER_PLAN_RISK, .reach = REACH_COUNTY, .flags = E_DRAFTS,
    .fields = plan_risk_fields, .n = COUNT(plan_risk_fields),
};

static const struct field responsibility_fields[] = {
    [RESPONSIBILITY_CODE] = FIELD_CODE,
    [RESPONSIBILITY_TASK] = { .name = "task", .en = "Task", .zh = "任务", .type = F_REF,
        .flags = F_REQUIRED | F_HOME | F_LIST, .ref = "task",
        .help_en = "The task that somebody answers for.", .help_zh = "所负责的任务。" },
    [RESPONSIBILITY_ORGANISATION] = FIELD_ORGANISATION,
    [RESPONSIBILITY_PERSON_NAME] = { .name = "person_name", .en = "Person", .zh = "责任人",
        .type = F_TEXT, .flags = F_PERSONAL | F_LIST, .max = 60,
        .help_en = "Who in the unit; seen only by those who may.",
        .help_zh = "单位内责任人，限有权者查看。" },
    [RESPONSIBILITY_POST] = { .name = "post", .en = "Post", .zh = "职务", .type = F_TEXT,
        .flags = F_LIST, .max = 100,
        .help_en = "The person's post, which may be shown.", .help_zh = "责任人职务，可公开。" },
    [RESPONSIBILITY_ROLE] = { .name = "role", .en = "Role", .zh = "责任类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "responsibility", .preset = "leads",
        .help_en = "Leads, does, supports or checks it.",
        .help_zh = "牵头、承办、配合或督办。" },
};
_Static_assert(COUNT(responsibility_fields) == RESPONSIBILITY_NCOLS, "one row per column");

const struct entity responsibility_entity = {
    .name = "responsibility", .en = "Responsibility", .zh = "责任分工", .room = "plan",
    .help_en = "Who answers for a task: unit, person and role.",
    .help_zh = "任务责任：单位、责任人、责任类别。",
    .access = ACCESS_WORK,
    .number = NUMBER_RESPONSIBILITY, .reach = REACH_COUNTY, .flags = E_DRAFTS,
    .fields = responsibility_fields, .n = COUNT(responsibility_fields),
};

static const struct entity *const entities[] = {
    &work_plan_entity, &target_entity, &task_entity, &target_revision_entity, &plan_risk_entity,
    &responsibility_entity, &scorecard_entity, &scorecard_item_entity, &scorecard_point_entity,
    &rating_entity,
};

const struct room plan_room = { .name = "plan", .entities = entities,
    .n_entities = COUNT(entities), .stmts = &plan_stmts };
