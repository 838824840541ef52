/* Who took of a lot: the rows of lot_taken up to the last leg they all hold, the further pieces in
 * lot_use, and what the tail took. */
#include "programme/money/ledger_part.h"

#include <stdlib.h>

/* What the tail took of the lots, met in the order of the rows. */
struct merge {
    const struct lot_list *of;
    struct taken *at; size_t n, cap, done;
    taken_fn *fn; void *arg;
};

static void pick(struct merge *m, struct tail *t)
{
    for (int i = 0; t->n_uses > 0 && i < m->of->n; i++) {
        size_t n;
        const struct taken *x = tail_uses(t, m->of->county, m->of->lot_county, m->of->lot[i], &n);
        if (m->n + n > m->cap) {
            m->cap = (m->n + n) * 2;
            m->at = mem_grow(m->at, m->cap * sizeof *m->at);
        }
        if (n) memcpy(m->at + m->n, x, n * sizeof *x);
        m->n += n;
    }
}

static bool take_row(void *arg, const struct val *row, int n, struct err *e)
{
    struct merge *m = arg;
    struct taken x = { .county = m->of->county, .credit = row[7].i, .day = row[8].i,
        .back = row[5].i, .u = { .lot_county = m->of->lot_county, .lot = row[0].i,
        .off = row[1].i, .to_lot = row[2].i, .to_off = row[3].i, .amount = row[4].i,
        .to_id = row[6].i } };
    (void)n;
    while (m->done < m->n && taken_order(&m->at[m->done], &x) < 0)
        if (!m->fn(m->arg, &m->at[m->done++], e)) return false;
    return m->fn(m->arg, &x, e);
}

bool lot_uses(struct db *d, const struct lot_list *of, struct tail *t, taken_fn *fn, void *arg,
              struct err *e)
{
    struct merge m = { .of = of, .fn = fn, .arg = arg };
    struct val v[3 + TRACE_AT_ONCE] = { val_int(of->county), val_int(of->lot_county),
                                        val_int(tail_settled(t, of->county)) };
    for (int i = 0; i < TRACE_AT_ONCE; i++) v[3 + i] = val_int(of->lot[i < of->n ? i : of->n - 1]);
    pick(&m, t);
    bool ok = db_query(d, ledger_sql(LEDGER_USES_OF), v, 3 + TRACE_AT_ONCE, take_row, &m, e);
    while (ok && m.done < m.n) ok = fn(arg, &m.at[m.done++], e);
    free(m.at);
    return ok;
}

static bool add(void *arg, const struct taken *x, struct err *e)
{
    (void)e;
    uses_add(arg, &x->u, x->back);
    return true;
}

bool uses_of(struct db *d, int64_t county, int64_t lot_county, int64_t lot, struct uses *out,
             struct err *e)
{
    struct tail t = { 0 };
    const struct lot_list one = { county, lot_county, &lot, 1 };
    bool ok = tail_read_lot(d, county, lot_county, lot, &t, e) &&
              lot_uses(d, &one, &t, add, out, e);
    tail_free(&t);
    return ok;
}
