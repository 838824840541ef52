/* Statements of the publish room. */
#include "programme/publish/publish.h"

#define RELEASE_COLUMNS \
    "r.id, r.name, r.title, r.as_of, r.made_by, r.recorded, c.name, r.reason, r.figures, r.claims, " \
    "r.head, r.for_public from publication r " \
    "left join publication c on c.county = r.county and c.id = r.corrects"
#define RELEASE_SEEN \
    "(?1 > 1 or r.for_public = 1) and (?1 > 0 or exists (select 1 from publication_item i " \
    "where i.publication = r.id and i.kind = 'approval'))"

static const struct stmt stmts[] = {
    [RELEASE_LIST] = { "release_list", STMT_REF,
        "select " RELEASE_COLUMNS " where " RELEASE_SEEN " order by r.recorded, r.id", NULL },
    [RELEASE_FIND] = { "release_find", STMT_REF,
        "select " RELEASE_COLUMNS " where r.name = ?2 and " RELEASE_SEEN, NULL },
    [RELEASE_CORRECTED] = { "release_corrected", STMT_REF,
        "select name from publication where corrects = ?1 order by recorded, id", NULL },
    [RELEASE_ITEMS] = { "release_items", STMT_REF,
        "select line, kind, body, hash from publication_item where publication = ?1 order by line nulls last", NULL },
    [RELEASE_APPROVALS] = { "release_approvals", STMT_REF,
        "select body from publication_item where publication = ?1 and kind = 'approval' order by line nulls last",
        NULL },
    [IATI_ORGANISATIONS] = { "iati_organisations", STMT_REF,
        "select id, code, name_zh, name_en, kind from organisation where draft = 0 and load <> ?1 "
        "order by id", NULL },
    [IATI_PROJECTS] = { "iati_projects", STMT_SCATTER,
        "select county, id, code, title, kind, coalesce(place, county * 1000000), helper, partner, "
        "investment, state, valid_from, coalesce(finished_to, valid_to), works from project "
        "where draft = 0 and load <> ?1 and of_which is null and of_which_unclear is null "
        "order by county, id", NULL },
    [IATI_COMMITMENTS] = { "iati_commitments", STMT_SCATTER,
        "select code, helper, coalesce(place, county * 1000000), null, null, amount, 'commitment', purpose, "
        "valid_from, valid_to, qualifier, basis, null from commitment where draft = 0 and load <> ?1 "
        "and kind = 'money' and state <> 'planned' and of_which is null and of_which_unclear is null "
        "order by county, id", NULL },
    [IATI_ALLOCATIONS] = { "iati_allocations", STMT_SCATTER,
        "select code, helper, coalesce(place, county * 1000000), project_county, project, amount, stage, "
        "purpose, valid_from, valid_to, qualifier, basis, taker from allocation where draft = 0 "
        "and load <> ?1 and state = 'done' and of_which is null and of_which_unclear is null "
        "order by county, id", NULL },
};
_Static_assert(sizeof stmts / sizeof *stmts == PUBLISH_N_STMTS, "one statement a name");

const struct stmt_table publish_stmts = { "publish", stmts, PUBLISH_N_STMTS };
