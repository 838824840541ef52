/* Statements of the watch room. ?1 is the number of the pending load, whose rows are not there; those that say
 * INSIDE read the counties from ?2 to ?3 alone. */
#include "programme/watch/watch.h"

#define SEEN "draft = 0 and load <> ?1 "
#define DONE SEEN "and state = 'done' "
#define INSIDE "and county >= ?2 and county <= ?3 "
#define VISIT "visitor, place, '', quantity, valid_from, valid_to, agreement_county, agreement"

static const struct stmt stmts[] = {
    /* Those after ?4 county and ?5 id. */
    [WATCH_CONTACT_PLANS] = { "watch_contact_plans", STMT_SCATTER,
        "select code, title, agreement_county, agreement, organisation, place, kind, "
        "meeting_kind, activity_kind, times_due, every_months, valid_from, valid_to, county, id "
        "from contact_plan where " SEEN INSIDE "and (county, id) > (?4, ?5) order by county, id limit 200", NULL },
    /* Of the agreement ?2 county, ?3 id. */
    [WATCH_VISITS_UNDER] = { "watch_visits_under", STMT_SCATTER,
        "select " VISIT " from visit where " DONE "and agreement_county = ?2 and agreement = ?3 "
        "order by county, id", NULL },
    /* Of the organisation ?4. */
    [WATCH_VISITS] = { "watch_visits", STMT_SCATTER,
        "select " VISIT " from visit where " DONE INSIDE "and visitor = ?4 order by county, id", NULL },
    [WATCH_MEETINGS] = { "watch_meetings", STMT_SCATTER,
        "select organisation, place, kind, quantity, valid_from, valid_to, null, null "
        "from meeting where " DONE INSIDE "and organisation = ?4 order by county, id", NULL },
    [WATCH_ACTIVITIES] = { "watch_activities", STMT_SCATTER,
        "select organisation, place, kind, quantity, valid_from, valid_to, null, null "
        "from activity where " DONE INSIDE "and organisation = ?4 order by county, id", NULL },
    [WATCH_PROBLEMS] = { "watch_problems", STMT_SCATTER,
        "select code, title, kind, place, raised_by, raised_on, owner, due_on, solved_on, "
        "solution from problem where " SEEN "order by raised_on nulls last, county, id", NULL },
    [WATCH_AGREEMENTS] = { "watch_agreements", STMT_SCATTER,
        "select code, level, helper, place, quantity, valid_from, valid_to, county, id, "
        "renews_county, renews from agreement where " DONE INSIDE "order by county, place nulls first, id", NULL },
    [WATCH_LISTINGS] = { "watch_listings", STMT_SCATTER,
        "select code, kind, place, helper, quantity, valid_from, valid_to from listing "
        "where " SEEN INSIDE "order by county, id", NULL },
    [WATCH_HELPED] = { "watch_helped", STMT_SCATTER,
        "select code, kind, place, helper, quantity, valid_from, valid_to from helped_place "
        "where " SEEN INSIDE "order by county, id", NULL },
    [WATCH_HOUSEHOLDS] = { "watch_households", STMT_SCATTER,
        "select place, count(*) from household where " SEEN INSIDE
        "and (identified_on is null or identified_on <= ?4) "
        "group by county, place order by place nulls first", NULL },
    [WATCH_ALONE] = { "watch_alone", STMT_SCATTER,
        "select h.place, count(*) from household h where h.draft = 0 and h.load <> ?1 "
        "and h.county >= ?2 and h.county <= ?3 and (h.identified_on is null or h.identified_on <= ?4) "
        "and (h.exited_on is null or h.exited_on > ?4) "
        "and not exists (select 1 from household_helper x where x.county = h.county "
        "and x.household = h.id and x.load <> ?1) "
        "and not exists (select 1 from help_measure m where m.county = h.county "
        "and m.household = h.id and m.load <> ?1) "
        "group by h.county, h.place order by h.place nulls first", NULL },
    [WATCH_CALLED_ON] = { "watch_called_on", STMT_SCATTER,
        "select h.place, count(distinct h.id) from visit v join household h "
        "on h.county = v.county and h.id = v.household where v.draft = 0 and v.load <> ?1 "
        "and v.county >= ?2 and v.county <= ?3 "
        "and h.draft = 0 and (h.identified_on is null or h.identified_on <= ?5) "
        "and v.state = 'done' and v.valid_from >= ?4 and v.valid_to <= ?5 "
        "group by h.county, h.place order by h.place nulls first", NULL },
    [WATCH_CALLED_UNNAMED] = { "watch_called_unnamed", STMT_SCATTER,
        "select place, cast(sum(households) as bigint) from visit where " DONE INSIDE
        "and household is null and households is not null and valid_from >= ?4 "
        "and valid_to <= ?5 group by county, place order by place nulls first", NULL },
    [WATCH_SUPERVISED] = { "watch_supervised", STMT_SCATTER,
        "select code, kind, place, reason, organiser, helper, quantity, incidence, poor_persons, "
        "valid_from, valid_to from listing where " SEEN "and (valid_from is null or "
        "valid_from <= ?2) and (valid_to is null or valid_to >= ?2) "
        "order by county, place nulls last, id", NULL },
    [WATCH_POLICIES] = { "watch_policies", STMT_SCATTER,
        "select place, code from work_plan where " SEEN "and kind in ('county_policy', "
        "'village_policy', 'supervision') and place is not null "
        "order by place nulls last, county, id", NULL },
    [WATCH_SUPERVISION_MEASURES] = { "watch_supervision_measures", STMT_SCATTER,
        "select supervision_finding_county, supervision_finding, code, place, title, organisation, "
        "due_on, done_on from supervision_measure where " SEEN
        "order by place nulls last, county, id", NULL },
    [WATCH_SUPERVISION_FINDINGS] = { "watch_supervision_findings", STMT_SCATTER,
        "select county, id, code, place, title, kind, found_by, found_on, owner, due_on, "
        "corrected_on, correction, verified_by from supervision_finding where " SEEN
        "order by place nulls last, county, id", NULL },
    [WATCH_EXITS] = { "watch_exits", STMT_SCATTER,
        "select place, state, exit_year, announced_on, valid_to, status from place_status where "
        SEEN "and status in ('exited', 'unlisted') and quantity = 1 and place is not null "
        "order by place nulls last, county, id", NULL },
    [WATCH_PEOPLE] = { "watch_people", STMT_SCATTER,
        "select place, kind, on_date, quantity, qualifier from population where " SEEN
        "and kind in ('rural', 'registered_left') and on_date <= ?2 and place is not null "
        "order by place nulls last, on_date nulls last, county, id", NULL },
    [WATCH_ASKED_FORMS] = { "watch_asked_forms", STMT_SCATTER,
        "select county, id, code, place, asked_by, unit_level, frequency, valid_from, valid_to, "
        "title from asked_form where " SEEN "order by county, id", NULL },
    [WATCH_ASKED_FIELDS] = { "watch_asked_fields", STMT_SCATTER,
        "select county, id, asked_form, code, title, entity, field, figure, filled, load "
        "from asked_field where " SEEN "order by county, id", NULL },
    [WATCH_ASKED_LOADED] = { "watch_asked_loaded", STMT_SCATTER,
        "select id from asked_field where load = ?1 limit 1", NULL },
    [WATCH_FORM] = { "watch_form", STMT_ROUTER,
        "select county, id, code, place, asked_by, unit_level, frequency, valid_from, valid_to, "
        "title from asked_form where county = ?1 and id = ?2", NULL },
    [WATCH_ANSWERS] = { "watch_answers", STMT_SCATTER,
        "select asked_form_county, asked_form, place, due_on from form_answer where " SEEN
        "and due_on >= ?2 order by county, id", NULL },
    [WATCH_ANSWER] = { "watch_answer", STMT_ROUTER,
        "select asked_form_county, asked_form, place, due_on from form_answer "
        "where county = ?1 and id = ?2", NULL },
    [WATCH_ANSWERS_LOADED] = { "watch_answers_loaded", STMT_SCATTER,
        "select asked_form_county, asked_form, place, due_on from form_answer where load = ?1 "
        "order by county, id", NULL },
};
_Static_assert(sizeof stmts / sizeof *stmts == WATCH_N_STMTS, "one statement a name");

const struct stmt_table watch_stmts = { "watch", stmts, WATCH_N_STMTS };
