/* The organisations below one, for figures and scope. */
#include <string.h>

#include "programme/party/party.h"
#include "programme/party/party_sql.h"

struct id_list { struct arena *a; int64_t *ids; size_t n, cap; };

static bool take_id(void *arg, const struct val *row, int n, struct err *e)
{
    struct id_list *l = arg;
    (void)n, (void)e;
    if (l->n == l->cap) {
        size_t cap = l->cap ? l->cap * 2 : 16;
        int64_t *more = arena_array(l->a, cap, sizeof *more);
        if (l->n) memcpy(more, l->ids, l->n * sizeof *more);
        l->ids = more;
        l->cap = cap;
    }
    l->ids[l->n++] = row[0].i;
    return true;
}

/* An organisation that is not there has an empty subtree. */
static bool subtree(void *arg, struct db *d, int64_t org, struct arena *a, const int64_t **ids,
                    size_t *n, struct err *e)
{
    struct id_list l = { .a = a };
    struct val id = val_int(org);
    (void)arg;
    if (!db_query(d, &party_stmts.stmts[PARTY_SUBTREE], &id, 1, take_id, &l, e)) return false;
    *ids = l.ids;
    *n = l.n;
    return true;
}

struct parties party_parties(void)
{
    return (struct parties){ .subtree = subtree };
}
