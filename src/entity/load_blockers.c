/* What stands in the way of an undo: later loads, which can be undone first. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "entity/load_run.h"

#define BLOCKERS_TOLD 4

void blocker_refers(struct blockers *b, int64_t load)
{
    size_t i = 0;
    while (i < b->n && b->at[i].load != load) i++;
    if (i == b->n) {
        b->at = mem_grow(b->at, (b->n + 1) * sizeof *b->at);
        b->at[b->n++] = (struct blocker){ .load = load };
    }
    b->at[i].refer++;
}

static void name_load(struct blocker *x, struct val finished, struct val files)
{
    char at[INSTANT_TEXT] = "";
    if (finished.type == VAL_INT) instant_format(finished.i, at);
    size_t n = files.type == VAL_TEXT ? files.n : 0, first = 0;
    while (first < n && files.p[first] != '\n') first++;
    snprintf(x->name, sizeof x->name, "%.*s%s, %.10s", (int)(first < 60 ? first : 60),
             n ? files.p : "", first < n ? " and others" : "", at);
}

static bool take_changes(void *arg, const struct val *row, int n, struct err *e)
{
    struct blockers *b = arg;
    size_t i = 0;
    (void)n, (void)e;
    while (i < b->n && b->at[i].load != row[0].i) i++;
    if (i == b->n) {
        b->at = mem_grow(b->at, (b->n + 1) * sizeof *b->at);
        b->at[b->n++] = (struct blocker){ .load = row[0].i };
    }
    b->at[i].changed = row[3].i;
    name_load(&b->at[i], row[1], row[2]);
    return true;
}

static bool take_load(void *arg, const struct val *row, int n, struct err *e)
{
    (void)n, (void)e;
    name_load(arg, row[3], row[5]);
    return true;
}

static int latest_first(const void *a, const void *b)
{
    const struct blocker *x = a, *y = b;
    return (x->load < y->load) - (x->load > y->load);
}

static void tell(struct buf *b, const struct blocker *x)
{
    buf_printf(b, "load %lld (%s", (long long)x->load, x->name);
    if (x->changed)
        buf_printf(b, ", %lld %s of it changed", (long long)x->changed,
                   x->changed == 1 ? "row" : "rows");
    if (x->refer)
        buf_printf(b, ", %lld %s to it", (long long)x->refer,
                   x->refer == 1 ? "row refers" : "rows refer");
    buf_char(b, ')');
}

bool blockers_tell(struct blockers *b, struct db *d, int64_t number, struct buf *out,
                   struct err *e)
{
    struct val v = val_int(number);
    if (!db_query(d, load_stmt(LOAD_LATER_CHANGES), &v, 1, take_changes, b, e)) return false;
    if (b->n == 0) return true;
    qsort(b->at, b->n, sizeof *b->at, latest_first);
    for (size_t i = 0; i < b->n && i < BLOCKERS_TOLD; i++) {
        v = val_int(b->at[i].load);
        if (!b->at[i].name[0] && !db_query(d, load_stmt(LOAD_ROW), &v, 1, take_load, &b->at[i], e))
            return false;
        buf_str(out, i ? ", then " : "undo first ");
        tell(out, &b->at[i]);
    }
    if (b->n > BLOCKERS_TOLD)
        buf_printf(out, " and %zu earlier ones", b->n - BLOCKERS_TOLD);
    return true;
}
