/* The statements of the household room. */
#include "programme/household/household_sql.h"

#define SEEN "draft = 0 and load <> ?1 "
#define OF_COUNTY "draft = 0 and load <> ?2 "
#define HOLDS "and (valid_from is null or valid_from <= ?2) and (valid_to is null or valid_to >= ?2) "

static const struct stmt stmts[] = {
    [HOUSEHOLD_PERSONS] = { .name = "household_persons", .class = STMT_ROUTER,
        .sql = "SELECT id FROM person WHERE county = ?1 AND household = ?2 ORDER BY id" },
    [HOUSEHOLD_MEASURES_OF] = { .name = "household_measures_of", .class = STMT_SCATTER,
        .sql = "select household, count(*) from help_measure where " SEEN "and state = 'done' "
               "and (valid_from is null or valid_from <= ?2) and county between ?3 and ?4 "
               "group by county, household" },
    [HOUSEHOLD_HOLDERS] = { .name = "household_holders", .class = STMT_SCATTER,
        .sql = "select holder from welfare_post where " SEEN "and state = 'done' "
               "and holder is not null " HOLDS "order by county, id" },
    [HOUSEHOLD_EXIT_COUNTIES] = { .name = "household_exit_counties", .class = STMT_SCATTER,
        .sql = "select distinct county from household where " SEEN
               "and exited_on between ?2 and ?3 and moved_to is null order by county" },
    [HOUSEHOLD_EXITS] = { .name = "household_exits", .class = STMT_ROUTER,
        .sql = "select county, id, code, place, exited_on from household where county = ?1 "
               "and " OF_COUNTY "and exited_on between ?3 and ?4 and moved_to is null "
               "order by id" },
    [HOUSEHOLD_HELPED] = { .name = "household_helped", .class = STMT_ROUTER,
        .sql = "select household, helper, kind, valid_from, valid_to from help_measure "
               "where county = ?1 and " OF_COUNTY "and state = 'done' and helper is not null "
               "order by household nulls last, id" },
    [HOUSEHOLD_RESPONSIBLE] = { .name = "household_responsible", .class = STMT_ROUTER,
        .sql = "select household, helper_unit, 'responsible', valid_from, valid_to "
               "from household_helper where county = ?1 and " OF_COUNTY
               "and helper_unit is not null order by household nulls last, id" },
    [HOUSEHOLD_PAIRINGS] = { .name = "household_pairings", .class = STMT_ROUTER,
        .sql = "select place, helper, 'pairing', coalesce(valid_from, signed_from), valid_to "
               "from agreement where county = ?1 and " OF_COUNTY "and state = 'done' "
               "and helper is not null and place is not null order by place nulls last, id" },
    [HOUSEHOLD_EXITS_PLANNED] = { .name = "household_exits_planned", .class = STMT_SCATTER,
        .sql = "select place, code, exit_year, rule_set, valid_to, quantity from place_status "
               "where " SEEN "and status = 'exited' and state <> 'done' "
               "and (valid_to is null or valid_to >= ?2) order by county, place nulls last, id" },
    [HOUSEHOLD_RURAL] = { .name = "household_rural", .class = STMT_SCATTER,
        .sql = "select place, quantity, on_date from population where " SEEN
               "and kind = 'rural' and on_date <= ?2 order by county, place nulls last, "
               "on_date nulls last, id" },
    [HOUSEHOLD_INCOME] = { .name = "household_income", .class = STMT_ROUTER,
        .sql = "select kind, valid_from, cast(sum(amount) as bigint) from income_item "
               "where county = ?1 and household = ?2 and draft = 0 and load <> ?3 "
               "and valid_from is not null "
               "group by kind, valid_from order by valid_from nulls last, "
               "kind nulls last" },
    [HOUSEHOLD_INCOME_OF] = { .name = "household_income_of", .class = STMT_SCATTER,
        .sql = "select kind, valid_from, cast(sum(amount) as bigint), place "
               "from income_item where " SEEN
               "and valid_from is not null group by county, place, kind, valid_from "
               "order by valid_from nulls last, "
               "kind nulls last" },
    [HOUSEHOLD_LOOKS] = { .name = "household_looks", .class = STMT_SCATTER,
        .sql = "select o.code, o.kind, o.title, o.place, o.helper, o.seen_on, o.measure, o.unit, "
               "k.looked_on, k.result, k.measure, o.id from outcome o left join outcome_look k "
               "on k.county = o.county and k.outcome = o.id and k.load <> ?1 and k.draft = 0 "
               "and k.looked_on <= ?2 where o.draft = 0 and o.load <> ?1 and o.state = 'done' "
               "and o.seen_on <= ?2 order by o.county, o.id, k.looked_on nulls first" },
};
_Static_assert(sizeof stmts / sizeof *stmts == HOUSEHOLD_N_STMTS, "one row per statement");

const struct stmt_table household_stmts = { .room = "household", .stmts = stmts,
                                            .n = HOUSEHOLD_N_STMTS };
