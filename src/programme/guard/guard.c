/* Collects what a transaction touches and asks the guards before it ends. */
#include "programme/guard/guard.h"

#include <stdlib.h>

#include "base/arena.h"
#include "programme/money/flow.h"
#include "programme/sides/sides.h"

static const struct guard *const guards[] = { &plan_guard, &posting_guard, &pairing_guard,
                                              &earmark_guard, &docking_guard,
                                              &scorecard_guard, &burden_guard };
enum { GUARDS = sizeof guards / sizeof *guards, RANK = 900 };

struct notes {
    const struct figures *figures;
    const struct model *model;
    struct guard_row *row; size_t n, cap;
    int64_t published;
    bool slice;                /* of a load that is not visible yet */
};

static void *notes_open(struct tx *tx)
{
    (void)tx;
    struct notes *s = mem_alloc(sizeof *s);
    s->published = -1;
    return s;
}

static size_t notes_mark(void *self) { return ((struct notes *)self)->n; }
static void notes_rewind(void *self, size_t mark) { ((struct notes *)self)->n = mark; }

static bool notes_flush(struct tx *tx, void *self, struct err *e)
{
    const struct notes *s = self;
    struct guard_touch t = { .published = s->published, .row = s->row, .n = s->n,
                             .model = s->model };
    if (s->slice && s->published < 0) return true;
    for (int i = 0; i < GUARDS; i++)
        if (!guards[i]->check(tx, s->figures, &t, e)) return false;
    return true;
}

static void notes_close(void *self)
{
    free(((struct notes *)self)->row);
    free(self);
}

static const struct tx_part notes_part = { .name = "guard", .rank = RANK, .open = notes_open,
    .mark = notes_mark, .rewind = notes_rewind, .flush = notes_flush, .close = notes_close };

void guard_note(void *notes, int64_t entity, int64_t county, int64_t id)
{
    struct notes *s = notes;
    s->row = mem_more(s->row, s->n, &s->cap, sizeof *s->row);
    s->row[s->n++] = (struct guard_row){ entity, county, id };
}

bool guard_touched(const struct guard_touch *t, int64_t entity, int64_t county, int64_t id)
{
    if (t->published >= 0) return true;
    for (size_t i = 0; i < t->n; i++)
        if (t->row[i].id == id && t->row[i].county == county && t->row[i].entity == entity)
            return true;
    return false;
}

static struct notes *notes_of(struct guards *g, struct tx *tx)
{
    struct notes *s = tx_part(tx, &notes_part);
    s->figures = g->figures;
    s->model = g->model;
    return s;
}

static bool observe(void *arg, struct tx *tx, const struct table_map *m, const struct val *before,
                    const struct val *after, struct err *e)
{
    struct guards *g = arg;
    struct notes *s = notes_of(g, tx);
    int64_t load = load_of(tx);
    if (load) s->slice = true;
    if (!load || (after && after[ROW_LOAD].i != load))
        for (int i = 0; i < GUARDS; i++) guards[i]->touch(s, m, before, after);
    return flow_follow(tx, m, before, after, e) &&
           (!g->observe || g->observe(g->arg, tx, m, before, after, e)) &&
           sides_follow(tx, g->model, m, before, after, e);
}

static bool complete(void *arg, struct tx *tx, const struct table_map *m, const struct val *before,
                     struct val *row, struct err *e)
{
    const struct guards *g = arg;
    return sides_complete(tx, g->model, m, before, row, e);
}

static bool publish(void *arg, struct tx *tx, int64_t load, struct err *e)
{
    struct guards *g = arg;
    notes_of(g, tx)->published = load;
    return !g->publish || g->publish(g->arg, tx, load, e);
}

static bool discard(void *arg, struct tx *tx, int64_t load, struct err *e)
{
    struct guards *g = arg;
    return !g->discard || g->discard(g->arg, tx, load, e);
}

void guards_observe(struct guards *g, struct model *mo, const struct figures *f)
{
    *g = (struct guards){ .figures = f, .model = mo, .observe = mo->observe, .publish = mo->publish,
                          .discard = mo->discard, .arg = mo->observe_arg };
    mo->observe = observe;
    mo->complete = complete;
    mo->publish = publish;
    mo->discard = discard;
    mo->observe_arg = g;
}
