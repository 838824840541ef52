/* What the rows of a batch copy from the rows they belong to. Those lie side by side in the store,
 * as they came, so one look over a county's range gives them all. They are read in the transaction
 * that writes the batch, and where this load is to change them, as they will be. */
#include <stdlib.h>
#include <string.h>

#include "entity/load_run.h"

#define FEW 8                       /* rows of one county that are looked up one by one */
#define NO_LOAD (-1)

struct parent { int64_t county, id; uint32_t at; bool old; };

struct span {
    struct copied *x;
    struct loader *l;
    struct parent *p, *end;         /* by id; p moves on */
    bool any_old;                   /* some were there before this load */
    struct arena *a;
};

static int by_id(const void *a, const void *b)
{
    const struct parent *x = a, *y = b;
    if (x->county != y->county) return x->county < y->county ? -1 : 1;
    if (x->id != y->id) return x->id < y->id ? -1 : 1;
    return 0;
}

/* The rows that are wanted, one after the other as the batch names them, then by county and id. */
static size_t gather(struct copied *x, const struct reader *r, const uint32_t *order, size_t n,
                     struct parent *p)
{
    const int home = r->m->column[r->m->home];
    bool sorted = true;
    size_t m = 0;
    for (size_t k = 0; k < n; k++) {
        const struct batch_row *b = &r->batch.rows[order[k]];
        struct val id = reader_value(r, order[k], home);
        if (b->state != ROW_NEW || id.type != VAL_INT) continue;
        struct parent one = { .county = b->county, .id = id.i, .at = (uint32_t)m };
        if (m == 0 || by_id(&p[m - 1], &one) != 0) {
            sorted = sorted && (m == 0 || by_id(&p[m - 1], &one) < 0);
            p[m++] = one;
        }
        x->of[order[k]] = (uint32_t)(m - 1);
    }
    if (!sorted) qsort(p, m, sizeof *p, by_id);
    return m;
}

static struct val kept(struct val v, struct arena *a)
{
    if (v.type == VAL_TEXT || v.type == VAL_BLOB) v.p = arena_strndup(a, v.p ? v.p : "", v.n);
    return v;
}

/* id, load, values */
static bool take_row(void *arg, const struct val *row, int n, struct err *e)
{
    struct span *s = arg;
    const int count = s->x->c->n;
    (void)n, (void)e;
    while (s->p < s->end && s->p->id < row[0].i) s->p++;
    for (; s->p < s->end && s->p->id == row[0].i; s->p++) {
        struct val *to = s->x->values + (size_t)s->p->at * (size_t)count;
        for (int i = 0; i < count; i++) to[i] = kept(row[2 + i], s->a);
        s->p->old = row[1].i != s->l->number;
        s->any_old = s->any_old || s->p->old;
    }
    return true;
}

static bool look(struct span *s, struct tx *tx, const struct stmt *stmt, struct parent *p, size_t n,
                 int64_t but, struct err *e)
{
    struct val v[] = { val_int(p->county), val_int(p->id), val_int(p[n - 1].id), val_int(but) };
    s->p = p;
    s->end = p + n;
    return tx_query(tx, stmt, v, COUNT_OF(v), take_row, s, e);
}

/* Values that wait in load_change for the last slice. */
static bool overlay_old(struct span *s, struct tx *tx, const struct parent *p, struct err *e)
{
    const struct copies *c = s->x->c;
    struct val row[ENTITY_MAX_COLUMNS + 1], *v = s->x->values + (size_t)p->at * (size_t)c->n;
    for (int i = 0; i < c->n; i++) row[c->source[i]] = v[i];
    if (!change_staged(s->l, tx, c->from, p->county, p->id, s->a, row, e)) return false;
    for (int i = 0; i < c->n; i++) v[i] = row[c->source[i]];
    return true;
}

/* Rows p[0 .. n) of one county. Those that others may change meanwhile are held as they are. */
static bool read_span(struct span *s, struct tx *tx, struct parent *p, size_t n, struct err *e)
{
    const struct copies *c = s->x->c;
    s->any_old = false;
    if (!look(s, tx, &c->range, p, n, NO_LOAD, e)) return false;
    if (!s->any_old) return true;
    if (store_engine(s->l->store) == ENGINE_POSTGRES &&
        !look(s, tx, &c->held, p, n, s->l->number, e))
        return false;
    for (size_t i = 0; s->l->changes && i < n; i++)
        if (p[i].old && !overlay_old(s, tx, &p[i], e)) return false;
    return true;
}

static bool read_all(struct span *s, struct tx *tx, struct parent *p, size_t n, struct err *e)
{
    for (size_t i = 0, m; i < n; i += m) {
        for (m = 1; i + m < n && p[i + m].county == p[i].county;) m++;
        if (m > FEW) {
            if (!read_span(s, tx, p + i, m, e)) return false;
            continue;
        }
        for (size_t k = 0; k < m; k++)
            if (!read_span(s, tx, p + i + k, 1, e)) return false;
    }
    return true;
}

bool copied_read(struct copied *x, struct loader *l, struct tx *tx, struct reader *r,
                 const uint32_t *order, size_t n, struct err *e)
{
    struct arena *a = &r->batch.arena;
    x->c = &l->model.own->copies[r->m - l->model.maps];
    if (x->c->n == 0 || n == 0) return true;
    struct parent *p = mem_alloc(n * sizeof *p);
    struct span s = { .x = x, .l = l, .a = a };
    x->of = arena_array(a, r->batch.n, sizeof *x->of);
    size_t m = gather(x, r, order, n, p);
    x->values = arena_array(a, (m + 1) * (size_t)x->c->n, sizeof *x->values);
    bool ok = read_all(&s, tx, p, m, e);
    free(p);
    return ok;
}
