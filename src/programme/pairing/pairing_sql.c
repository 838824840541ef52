/* Statements of the pairing room. Where not said otherwise ?1 is the number of the pending load,
 * whose rows are not there. */
#include "programme/pairing/pairing_sql.h"

#define SEEN "draft = 0 and load <> ?1 "
#define DONE SEEN "and state = 'done' "
#define AGREEMENT "select code, helper, place, frame_county, frame, " \
                  "coalesce(valid_from, signed_from), level from agreement where "
#define ACT(of, what) \
    "select code, helper, place, null, null, valid_from, " what " from " of " where " SEEN \
    "and helper is not null "
#define KEPT(of, what, amount, quantity) \
    "select commitment_county, commitment, " what ", count(*), cast(sum(" amount ") as bigint), " \
    "cast(sum(" quantity ") as bigint), sum(case when qualifier <> 'eq' then 1 else 0 end) " \
    "from " of " where " DONE "and commitment is not null " \
    "and (valid_from is null or valid_from <= ?2) group by commitment_county, commitment, " what \
    " order by commitment_county nulls last, commitment nulls last, " what " nulls last"

static const struct stmt stmts[] = {
    [PAIRING_FRAMES] = { "pairing_frames", STMT_SCATTER,
        "select county, id, code, title, helper, place, valid_from, valid_to from frame "
        "where " SEEN "and helper is not null order by county, id", NULL },
    [PAIRING_ORG] = { "pairing_org", STMT_REF,
        "select id, code, parent, place, kind, unit_level from organisation "
        "where county = 0 and id = ?1", NULL },
    [PAIRING_MEMBERS] = { "pairing_members", STMT_REF,
        "select member from membership where county = 0 and joint_party = ?1 and draft = 0 "
        "and load <> ?2 order by id", NULL },
    [PAIRING_ONE] = { "pairing_one", STMT_ROUTER,
        AGREEMENT "draft = 0 and county = ?1 and id = ?2", NULL },
    [PAIRING_LOADED] = { "pairing_loaded", STMT_SCATTER,
        AGREEMENT "draft = 0 and load = ?1 order by county, id", NULL },
    [PAIRING_AGREEMENTS] = { "pairing_agreements", STMT_SCATTER,
        AGREEMENT SEEN "order by county, id", NULL },
    [PAIRING_POSTINGS] = { "pairing_postings", STMT_SCATTER,
        ACT("posting", "kind") "and (direction is null or direction = 'to_helped') "
        "order by county, id", NULL },
    [PAIRING_PROJECTS] = { "pairing_projects", STMT_SCATTER,
        ACT("project", "kind") "order by county, id", NULL },
    [PAIRING_ALLOCATIONS] = { "pairing_allocations", STMT_SCATTER,
        ACT("allocation", "stage") "order by county, id", NULL },
    [PAIRING_PURCHASES] = { "pairing_purchases", STMT_SCATTER,
        "select code, helper, place, null, null, valid_from, class, amount, qualifier, of_which "
        "from purchase where " DONE "and helper is not null order by county, id", NULL },
    [PAIRING_LEVELS] = { "pairing_levels", STMT_SCATTER,
        "select level, place, helper, quantity, qualifier, duty, valid_from, valid_to, for_year, "
        "of_which, of_which_unclear from agreement where " DONE
        "order by level nulls last, county, id", NULL },
    [PAIRING_LINKS] = { "pairing_links", STMT_SCATTER,
        "select count(*), count(distinct household), count(distinct helper_unit) "
        "from household_helper where " SEEN "and (valid_from is null or valid_from <= ?2) "
        "and (valid_to is null or valid_to >= ?2) and (left_on is null or left_on > ?2) "
        "group by county", NULL },
    [PAIRING_COMMITMENTS] = { "pairing_commitments", STMT_SCATTER,
        "select county, id, code, agreement_county, agreement, helper, place, kind, amount, "
        "quantity, qualifier, duty, due_on, of_which from commitment where " SEEN
        "and (valid_from is null or valid_from <= ?2) "
        "order by due_on nulls last, county, id", NULL },
    [PAIRING_BY_ALLOCATION] = { "pairing_by_allocation", STMT_SCATTER,
        KEPT("allocation", "stage", "amount", "quantity"), NULL },
    [PAIRING_BY_PURCHASE] = { "pairing_by_purchase", STMT_SCATTER,
        KEPT("purchase", "class", "amount", "quantity"), NULL },
    [PAIRING_BY_PLACEMENT] = { "pairing_by_placement", STMT_SCATTER,
        KEPT("placement", "reach", "quantity", "quantity"), NULL },
    [PAIRING_BY_POST] = { "pairing_by_post", STMT_SCATTER,
        KEPT("welfare_post", "kind", "quantity", "quantity"), NULL },
    [PAIRING_BY_WORKSHOP] = { "pairing_by_workshop", STMT_SCATTER,
        KEPT("workshop", "kind", "investment", "quantity"), NULL },
    [PAIRING_BY_POSTING] = { "pairing_by_posting", STMT_SCATTER,
        KEPT("posting", "kind", "quantity", "quantity"), NULL },
    [PAIRING_BY_COURSE] = { "pairing_by_course", STMT_SCATTER,
        KEPT("course", "kind", "amount", "trainees"), NULL },
    [PAIRING_BY_PROJECT] = { "pairing_by_project", STMT_SCATTER,
        KEPT("project", "kind", "helper_money", "quantity"), NULL },
    [PAIRING_BY_SERVICE] = { "pairing_by_service", STMT_SCATTER,
        KEPT("service", "kind", "amount", "quantity"), NULL },
    [PAIRING_GROUPS] = { "pairing_groups", STMT_REF,
        "select joint_party, member, share, role from membership where county = 0 and " SEEN
        "order by joint_party nulls last, id", NULL },
    [PAIRING_EFFECTS] = { "pairing_effects", STMT_SCATTER,
        "select o.agreement_county, o.agreement, o.code, o.kind, o.title, o.place, o.quantity, "
        "o.qualifier, o.measure, o.unit, o.seen_on, o.source, "
        "(select max(k.looked_on) from outcome_look k where k.county = o.county "
        "and k.outcome = o.id and k.load <> ?1 and k.looked_on <= ?2), o.county, o.id "
        "from outcome o where o.draft = 0 and o.load <> ?1 and o.state = 'done' "
        "and (o.seen_on is null or o.seen_on <= ?2) "
        "order by o.agreement_county nulls last, o.agreement nulls last, o.county, o.id", NULL },
    [PAIRING_NEEDS] = { "pairing_needs", STMT_SCATTER,
        "select county, id, code, title, place, focus, kind, quantity, amount, unit, "
        "project_county, project, met_on, valid_from, valid_to, household, qualifier from need "
        "where " SEEN "order by county, id", NULL },
    [PAIRING_OFFERS] = { "pairing_offers", STMT_SCATTER,
        "select county, id, code, title, place, focus, kind, quantity, amount, unit, helper, "
        "agreement_county, agreement, valid_from, valid_to, qualifier from offer "
        "where " SEEN "order by county, id", NULL },
    [PAIRING_DOCKINGS] = { "pairing_dockings", STMT_SCATTER,
        "select county, id, code, need, offer_county, offer, place, taken, amount, state, "
        "proposed_on, agreed_on, delivered_on, ended_on, project_county, project, score, why, "
        "reason from docking where " SEEN "order by county, id", NULL },
    [PAIRING_ALL_PROJECTS] = { "pairing_all_projects", STMT_SCATTER,
        "select county, id, code, title, place, helper, valid_from from project "
        "where " SEEN "order by county, id", NULL },
    [PAIRING_PAIRS] = { "pairing_pairs", STMT_SCATTER,
        "select helper, place, coalesce(valid_from, signed_from), valid_to from agreement "
        "where " SEEN "and helper is not null and place is not null and state <> 'planned' "
        "order by county, id", NULL },
    [PAIRING_ONE_NEED] = { "pairing_one_need", STMT_ROUTER,
        "select code, quantity, amount from need where county = ?1 and id = ?2", NULL },
    [PAIRING_ONE_OFFER] = { "pairing_one_offer", STMT_ROUTER,
        "select code, quantity, amount from offer where county = ?1 and id = ?2", NULL },
    /* What stands of a need, of an offer; ?3 is the pending load. */
    [PAIRING_NEED_TAKEN] = { "pairing_need_taken", STMT_ROUTER,
        "select cast(sum(taken) as bigint), cast(sum(amount) as bigint) from docking "
        "where county = ?1 and need = ?2 and load <> ?3 and state <> 'failed'", NULL },
    [PAIRING_OFFER_TAKEN] = { "pairing_offer_taken", STMT_SCATTER,
        "select cast(sum(taken) as bigint), cast(sum(amount) as bigint) from docking "
        "where offer_county = ?1 and offer = ?2 and load <> ?3 and state <> 'failed'", NULL },
    [PAIRING_DOCKED_NEEDS] = { "pairing_docked_needs", STMT_SCATTER,
        "select county, need, cast(sum(taken) as bigint), cast(sum(amount) as bigint) "
        "from docking where load <> ?1 and state <> 'failed' and need is not null "
        "group by county, need order by county, need nulls last", NULL },
    [PAIRING_DOCKED_OFFERS] = { "pairing_docked_offers", STMT_SCATTER,
        "select offer_county, offer, cast(sum(taken) as bigint), cast(sum(amount) as bigint) "
        "from docking where load <> ?1 and state <> 'failed' and offer is not null "
        "group by offer_county, offer order by offer_county nulls last, offer nulls last", NULL },
};
_Static_assert(sizeof stmts / sizeof *stmts == PAIRING_N_STMTS, "one statement a name");

const struct stmt_table pairing_stmts = { "pairing", stmts, PAIRING_N_STMTS };
