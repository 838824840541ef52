/* The organisations below one, for figures and scope; organisations by their names. */
#include <string.h>

#include "base/buf.h"
#include "entity/load.h"
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

struct named { int64_t id; int n; struct buf codes; };

static bool take_named(void *arg, const struct val *row, int n, struct err *e)
{
    struct named *x = arg;
    (void)n, (void)e;
    if (!x->n++) x->id = row[0].i;
    if (x->n <= 8) buf_printf(&x->codes, "%s%.*s", x->n > 1 ? ", " : "", (int)row[1].n, row[1].p);
    return true;
}

bool party_by_name(struct db *d, const char *name, int64_t *id, struct err *e)
{
    struct named x = { 0 };
    int64_t pending;
    *id = 0;
    if (!load_pending(d, &pending, e)) return false;
    buf_init(&x.codes, 4096);
    bool ok = db_query(d, &party_stmts.stmts[PARTY_BY_NAME],
                       (struct val[]){ val_text(name), val_int(pending) }, 2, take_named, &x, e);
    if (ok && x.n > 1)
        ok = err_set(e, ERR_CONFLICT, "\"%s\" is the name of %d organisations: %s", name, x.n,
                     x.codes.p);
    buf_free(&x.codes);
    if (ok) *id = x.id;
    return ok;
}

struct parties party_parties(void)
{
    return (struct parties){ .subtree = subtree };
}
