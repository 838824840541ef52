/* Statements of the watch room. ?1 is the number of the pending load, whose rows are not there. */
#include "programme/watch/watch.h"

#define SEEN "draft = 0 and load <> ?1 "
#define DONE SEEN "and state = 'done' "

static const struct stmt stmts[] = {
    [WATCH_CONTACT_PLANS] = { "watch_contact_plans", STMT_SCATTER,
        "select code, title, agreement_county, agreement, organisation, place, kind, "
        "meeting_kind, activity_kind, times_due, every_months, valid_from, valid_to "
        "from contact_plan where " SEEN "order by county, id", NULL },
    [WATCH_VISITS] = { "watch_visits", STMT_SCATTER,
        "select visitor, place, '', quantity, valid_from, valid_to, agreement_county, agreement "
        "from visit where " DONE "order by county, id", NULL },
    [WATCH_MEETINGS] = { "watch_meetings", STMT_SCATTER,
        "select organisation, place, kind, quantity, valid_from, valid_to, null, null "
        "from meeting where " DONE "order by county, id", NULL },
    [WATCH_ACTIVITIES] = { "watch_activities", STMT_SCATTER,
        "select organisation, place, kind, quantity, valid_from, valid_to, null, null "
        "from activity where " DONE "order by county, id", NULL },
    [WATCH_PROBLEMS] = { "watch_problems", STMT_SCATTER,
        "select code, title, kind, place, raised_by, raised_on, owner, due_on, solved_on, "
        "solution from problem where " SEEN "order by raised_on nulls last, county, id", NULL },
    [WATCH_AGREEMENTS] = { "watch_agreements", STMT_SCATTER,
        "select code, level, helper, place, quantity, valid_from, valid_to, county, id, "
        "renews_county, renews from agreement where " DONE "order by county, place nulls first, id", NULL },
    [WATCH_LISTINGS] = { "watch_listings", STMT_SCATTER,
        "select code, kind, place, helper, quantity, valid_from, valid_to from listing "
        "where " SEEN "order by county, id", NULL },
    [WATCH_HELPED] = { "watch_helped", STMT_SCATTER,
        "select code, kind, place, helper, quantity, valid_from, valid_to from helped_place "
        "where " SEEN "order by county, id", NULL },
    [WATCH_HOUSEHOLDS] = { "watch_households", STMT_SCATTER,
        "select place, count(*) from household where " SEEN
        "and (identified_on is null or identified_on <= ?2) "
        "group by county, place order by place nulls first", NULL },
    [WATCH_ALONE] = { "watch_alone", STMT_SCATTER,
        "select h.place, count(*) from household h where h.draft = 0 and h.load <> ?1 "
        "and (h.identified_on is null or h.identified_on <= ?2) "
        "and (h.exited_on is null or h.exited_on > ?2) "
        "and not exists (select 1 from household_helper x where x.county = h.county "
        "and x.household = h.id and x.load <> ?1) "
        "and not exists (select 1 from help_measure m where m.county = h.county "
        "and m.household = h.id and m.load <> ?1) "
        "group by h.county, h.place order by h.place nulls first", NULL },
    [WATCH_CALLED_ON] = { "watch_called_on", STMT_SCATTER,
        "select h.place, count(distinct h.id) from visit v join household h "
        "on h.county = v.county and h.id = v.household where v.draft = 0 and v.load <> ?1 "
        "and h.draft = 0 and (h.identified_on is null or h.identified_on <= ?3) "
        "and v.state = 'done' and v.valid_from >= ?2 and v.valid_to <= ?3 "
        "group by h.county, h.place order by h.place nulls first", NULL },
    [WATCH_CALLED_UNNAMED] = { "watch_called_unnamed", STMT_SCATTER,
        "select place, cast(sum(households) as bigint) from visit where " DONE
        "and household is null and households is not null and valid_from >= ?2 "
        "and valid_to <= ?3 group by county, place order by place nulls first", NULL },
};
_Static_assert(sizeof stmts / sizeof *stmts == WATCH_N_STMTS, "one statement a name");

const struct stmt_table watch_stmts = { "watch", stmts, WATCH_N_STMTS };
