/* Statements of the publish room. */
#include "programme/publish/publish.h"

#define RELEASE_COLUMNS \
    "r.id, r.name, r.title, r.as_of, r.made_by, r.recorded, c.name, r.reason, r.figures, r.claims, " \
    "r.head from publication r left join publication c on c.county = r.county and c.id = r.corrects"

static const struct stmt stmts[] = {
    [RELEASE_LIST] = { "release_list", STMT_REF,
        "select " RELEASE_COLUMNS " order by r.recorded, r.id", NULL },
    [RELEASE_FIND] = { "release_find", STMT_REF,
        "select " RELEASE_COLUMNS " where r.name = ?1", NULL },
    [RELEASE_CORRECTED] = { "release_corrected", STMT_REF,
        "select name from publication where corrects = ?1 order by recorded, id", NULL },
    [RELEASE_ITEMS] = { "release_items", STMT_REF,
        "select line, kind, body, hash from publication_item where publication = ?1 order by line nulls last", NULL },
    [RELEASE_APPROVALS] = { "release_approvals", STMT_REF,
        "select body from publication_item where publication = ?1 and kind = 'approval' order by line nulls last",
        NULL },
};
_Static_assert(sizeof stmts / sizeof *stmts == PUBLISH_N_STMTS, "one statement a name");

const struct stmt_table publish_stmts = { "publish", stmts, PUBLISH_N_STMTS };
