/* list: the composed query behind lists and exports. Private to entity/. */
#ifndef JD_ENTITY_LIST_H
#define JD_ENTITY_LIST_H

#include "entity/load.h"

#define LIST_PARAMS 96

/* Where a page begins: the row it comes after (or before), and that row's value of the sort field. */
struct list_after { bool set; int64_t county, id; struct val sort; };

struct list_sql {
    struct stmt stmt;              /* text in the arena */
    struct val params[LIST_PARAMS];
    int n;
};
/* The query for at most `limit` rows (0 = all) after `after`, with all columns and the digest. */
bool list_compose(const struct model *mo, struct db *d, const struct scope *scope,
                  const struct table_map *m, const struct list_query *q, const struct list_after *after, int64_t limit,
                  struct arena *a, struct list_sql *out, struct err *e) WARN_UNUSED;
/* The query for one row by county and id, drafts too. */
bool list_compose_one(const struct model *mo, struct db *d, const struct scope *scope,
                      const struct table_map *m, int64_t county, int64_t id, struct arena *a,
                      struct list_sql *out, struct err *e) WARN_UNUSED;
/* Where q's page begins, with the sort value looked up. */
bool list_start(const struct model *mo, struct db *d, const struct scope *scope,
                const struct table_map *m, const struct list_query *q, struct arena *a,
                struct list_after *after, struct err *e) WARN_UNUSED;

#endif
