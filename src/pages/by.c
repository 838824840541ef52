/* A figure over the places of a level, largest first. */
#include "pages/parts.h"

#include <string.h>

#include "base/log.h"

struct reading { struct request *q; const struct figure *f; struct by_table *t; int cap; };

static bool keep(void *arg, const struct figure_value *v, struct err *e)
{
    struct reading *r = arg;
    (void)e;
    if (v->known && v->value == 0 && v->rows == 0) return true;
    r->t->at = arena_more(r->q->arena, r->t->at, r->t->n, &r->cap, sizeof *r->t->at);
    struct by_row *row = &r->t->at[r->t->n++];
    *row = (struct by_row){ .place = v->place, .v = *v };
    if (row->v.known && row->v.value > r->t->max) r->t->max = row->v.value;
    return true;
}

static int larger(const void *a, const void *b)
{
    const struct by_row *x = a, *y = b;
    if (x->v.known != y->v.known) return x->v.known ? -1 : 1;
    if (x->v.value != y->v.value) return x->v.value > y->v.value ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

bool by_read(struct request *q, const struct figure *f, const struct asked *s, int level, int most,
             struct by_table *out, struct err *e)
{
    struct figure_query query = asked_figure(s, f->name);
    struct reading r = { .q = q, .f = f, .t = out };
    struct err why = { .code = ERR_NONE };
    *out = (struct by_table){ .n = 0 };
    query.by = level;
    if (!figure_read_by(&q->seat->context, q->seat->db, q->scope, &query, keep, &r, &why)) {
        /* Not every figure can be cut by every level; then there is no table. */
        out->n = 0;
        if (why.code == ERR_USAGE || why.code == ERR_NOT_FOUND || why.code == ERR_INVALID) return true;
        if (e) *e = why;
        return false;
    }
    if (out->n) qsort(out->at, (size_t)out->n, sizeof *out->at, larger);
    out->more = most && out->n > most;
    if (out->more) out->n = most;
    for (int i = 0; i < out->n; i++) out->at[i].name = place_name(q, out->at[i].place);
    return true;
}
