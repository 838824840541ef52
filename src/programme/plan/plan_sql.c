/* Statements of the plan room. ?1 is the number of the pending load, whose rows are not there. */
#include "programme/plan/plan.h"

static const struct stmt stmts[] = {
    [PLAN_PLANS] = { "plan_plans", STMT_SCATTER,
        "select county, id, code, title, organisation, for_year, state, kind from work_plan "
        "where draft = 0 and load <> ?1 order by for_year nulls last, county, id", NULL },
    [PLAN_TARGETS] = { "plan_targets", STMT_SCATTER,
        "select county, id, code, work_plan_county, work_plan, organisation, place, measure, "
        "target_value, unit, parent_county, parent, breakdown, reserve, qualifier, valid_from, "
        "valid_to from target where draft = 0 and load <> ?1 order by county, id", NULL },
    [PLAN_REVISIONS] = { "plan_revisions", STMT_SCATTER,
        "select county, target, new_value, changed_on, code, reason, event_county, event, "
        "decided_by from target_revision where draft = 0 and load <> ?1 "
        "order by county, target nulls last, changed_on nulls last, id", NULL },
    [PLAN_TASKS] = { "plan_tasks", STMT_SCATTER,
        "select county, id, code, work_plan_county, work_plan, organisation, place, title, due_on, "
        "done_on, target_county, target, blocked_by, state, focus from task "
        "where draft = 0 and load <> ?1 order by county, id", NULL },
    [PLAN_RISKS] = { "plan_risks", STMT_SCATTER,
        "select county, target, code, event_county, event, value_at_risk, effect, answer "
        "from plan_risk where draft = 0 and load <> ?1 "
        "order by county, target nulls last, id", NULL },
    [PLAN_RESPONSIBILITIES] = { "plan_responsibilities", STMT_SCATTER,
        "select county, task, organisation, person_name, post, role from responsibility "
        "where draft = 0 and load <> ?1 order by county, task nulls last, id", NULL },
    [PLAN_PROBLEMS] = { "plan_problems", STMT_SCATTER,
        "select target_county, target, title, raised_on, solved_on from problem "
        "where draft = 0 and load <> ?1 and target is not null order by county, id", NULL },
    [PLAN_EVENT] = { "plan_event", STMT_ROUTER,
        "select code, title from event where county = ?1 and id = ?2", NULL },
    [PLAN_SCORECARDS] = { "plan_scorecards", STMT_REF,
        "select county, id, code, title, title_zh, side, unit_level, full_points, grades, organisation, "
        "valid_from, valid_to from scorecard where draft = 0 and load <> ?1 "
        "order by code nulls last, id", NULL },
    [PLAN_SCORECARD_ITEMS] = { "plan_scorecard_items", STMT_REF,
        "select county, id, code, scorecard, head, title, title_zh, indicator, weight, "
        "weight_set_by, scoring, wanted, target_value, target_figure, steps, points_off, off_for_each, "
        "no_records, valid_from, valid_to from scorecard_item "
        "where draft = 0 and load <> ?1 order by scorecard nulls last, id", NULL },
    [PLAN_SCORECARD_POINTS] = { "plan_scorecard_points", STMT_SCATTER,
        "select county, id, code, place, organisation, scorecard_item, points, given_by, reason, "
        "valid_from, valid_to from scorecard_point where draft = 0 and load <> ?1 "
        "order by county, id", NULL },
    [PLAN_RATINGS] = { "plan_ratings", STMT_SCATTER,
        "select county, id, code, place, organisation, kind, scorecard, grade, stars, given_by, "
        "reason, valid_from, valid_to from rating where draft = 0 and load <> ?1 "
        "order by county, id", NULL },
    [PLAN_HELPERS] = { "plan_helpers", STMT_SCATTER,
        "select distinct helper from agreement where draft = 0 and load <> ?1 "
        "and helper is not null order by helper nulls last", NULL },
    [PLAN_LOADED] = { "plan_loaded", STMT_SCATTER,
        "select id from target where load = ?1 limit 1", NULL },
    [PLAN_POINT_ABOVE] = { "plan_point_above", STMT_ROUTER,
        "select p.code, p.points, i.weight from scorecard_point p join scorecard_item i "
        "on i.id = p.scorecard_item where p.county = ?1 and p.id = ?2 and p.points > i.weight",
        NULL },
    [PLAN_LOADED_ABOVE] = { "plan_loaded_above", STMT_SCATTER,
        "select p.code, p.points, i.weight from scorecard_point p join scorecard_item i "
        "on i.id = p.scorecard_item where p.load = ?1 and p.points > i.weight "
        "order by p.county, p.id limit 1", NULL },
    [PLAN_LOADED_REVISION] = { "plan_loaded_revision", STMT_SCATTER,
        "select id from target_revision where load = ?1 limit 1", NULL },
};
_Static_assert(sizeof stmts / sizeof *stmts == PLAN_N_STMTS, "one statement a name");

const struct stmt_table plan_stmts = { "plan", stmts, PLAN_N_STMTS };
