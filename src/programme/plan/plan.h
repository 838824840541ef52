/* plan: plans, the targets they set, the tasks that serve them, and what becomes of both.
 *
 * A target names a figure. What is reached is that figure over the target's organisation, place and
 * period: computed, never typed. A target broken down has parts (`parent`), by unit, by area, by
 * period or plainly; the parts of each way sum to the whole, a reserve among them. Parts that come
 * to more than the whole are refused when rows are written (plan_guard); parts that come to less
 * are told by `jiedui plan check`, since a breakdown is entered row by row.
 *
 * A target is set anew by a target_revision, which holds from its day on. */
#ifndef JD_PROGRAMME_PLAN_H
#define JD_PROGRAMME_PLAN_H

#include "programme/room.h"

enum work_plan_col { WORK_PLAN_CODE, WORK_PLAN_TITLE, WORK_PLAN_KIND, WORK_PLAN_ORGANISATION,
    WORK_PLAN_PLACE, WORK_PLAN_FOR_YEAR, WORK_PLAN_FOR_CLASS, WORK_PLAN_AGREEMENT,
    WORK_PLAN_NCOLS };
enum target_col { TARGET_CODE, TARGET_WORK_PLAN, TARGET_ORGANISATION, TARGET_PLACE,
    TARGET_MEASURE, TARGET_TARGET_VALUE, TARGET_UNIT, TARGET_PARENT, TARGET_BREAKDOWN,
    TARGET_RESERVE, TARGET_CARRIED_FROM, TARGET_NCOLS };
enum task_col { TASK_CODE, TASK_WORK_PLAN, TASK_AGREEMENT, TASK_ORGANISATION, TASK_PLACE,
    TASK_FOCUS, TASK_TITLE, TASK_DUE_ON, TASK_DONE_ON, TASK_TARGET, TASK_BLOCKED_BY,
    TASK_CARRIED_FROM, TASK_NCOLS };
enum target_revision_col { TARGET_REVISION_CODE, TARGET_REVISION_TARGET, TARGET_REVISION_NEW_VALUE,
    TARGET_REVISION_CHANGED_ON, TARGET_REVISION_REASON, TARGET_REVISION_EVENT,
    TARGET_REVISION_DECIDED_BY, TARGET_REVISION_NCOLS };
enum plan_risk_col { PLAN_RISK_CODE, PLAN_RISK_TARGET, PLAN_RISK_EVENT, PLAN_RISK_VALUE_AT_RISK,
    PLAN_RISK_EFFECT, PLAN_RISK_ANSWER, PLAN_RISK_NCOLS };
enum responsibility_col { RESPONSIBILITY_CODE, RESPONSIBILITY_TASK, RESPONSIBILITY_ORGANISATION,
    RESPONSIBILITY_PERSON_NAME, RESPONSIBILITY_POST, RESPONSIBILITY_ROLE, RESPONSIBILITY_NCOLS };

extern const struct entity work_plan_entity, target_entity, task_entity, target_revision_entity,
    plan_risk_entity, responsibility_entity;

enum plan_stmt {
    PLAN_PLANS,
    PLAN_TARGETS,
    PLAN_REVISIONS,
    PLAN_TASKS,
    PLAN_RISKS,
    PLAN_RESPONSIBILITIES,
    PLAN_PROBLEMS,
    PLAN_EVENT,
    PLAN_SCORECARDS,
    PLAN_SCORECARD_ITEMS,
    PLAN_SCORECARD_POINTS,
    PLAN_RATINGS,
    PLAN_HELPERS,
    PLAN_LOADED,
    PLAN_POINT_ABOVE,
    PLAN_LOADED_ABOVE,
    PLAN_LOADED_REVISION,
    PLAN_N_STMTS
};
extern const struct stmt_table plan_stmts;

#endif
