/* Which rows of a kind who looks may see, for pages over what a room reads whole. */
#include "pages/parts.h"

static bool keep_key(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct seen_key key = { row[ROW_COUNTY].i, row[ROW_ID].i };
    (void)m, (void)e;
    map_put(arg, &key, NULL);
    return true;
}

bool seen_rows(struct request *q, const char *entity, struct map *out, struct err *e)
{
    const struct table_map *m = model_find(q->seat->model, entity);
    struct list_query all = { .limit = 0 };
    map_init(out, sizeof(struct seen_key), 1);
    if (!m || !scope_kind(q->scope, m)) return true;
    return list_rows(q->seat->model, q->seat->rows, q->scope, m, &all, keep_key, out, e);
}

bool seen_has(const struct map *seen, int64_t county, int64_t id)
{
    struct seen_key key = { county, id };
    return map_get(seen, &key) != NULL;
}
