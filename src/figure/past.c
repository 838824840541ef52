/* The rows of a store as they were: what was changed since, by its before-images. */
#include <stdlib.h>
#include <string.h>

#include "base/count.h"
#include "base/map.h"
#include "figure/read.h"
#include "store/journal.h"

struct row_name { int64_t table, county, id; };
/* Records that only come (E_MADE) may share one journal entry a county and transaction, which is told
 * by its instant. */
struct later { int64_t county, at; };
/* The first change of a row behind the cut. */
struct change {
    struct row_name name;
    enum journal_kind kind;
    int64_t at, writer, seq, before, after;
};

struct past {
    struct arena a;
    struct map changes;             /* row_name -> index in list */
    struct change *list; size_t n, cap;
    struct map loads;               /* loads that came behind the cut */
    struct map later;               /* transactions of append-only records behind the cut */
    int64_t *undone; size_t n_undone;
    struct past_row **rows; size_t *n_rows; /* by table of the model */
    const struct model *mo;
    const char *moved;
};

static bool note_row(struct past *p, const struct journal_row *j)
{
    struct row_name name = { j->table, j->county, j->id };
    struct change now = { name, j->kind, j->at, j->writer, j->seq, j->before, j->after };
    bool added;
    size_t *at = map_put(&p->changes, &name, &added);
    if (!added) {
        struct change *c = &p->list[*at];
        /* Chains of several writers: the one whose row after is that one's row before came first. A
         * change that was undone leads back to where it began: then the clock tells. */
        bool leads = j->after && j->after == c->before, follows = c->after && c->after == j->before;
        bool first = j->writer == c->writer ? j->seq < c->seq
                   : leads != follows       ? leads
                                            : j->at < c->at;
        if (first) *c = now;
        return true;
    }
    p->list = mem_more(p->list, p->n, &p->cap, sizeof *p->list);
    *at = p->n;
    p->list[p->n++] = now;
    return true;
}

static bool note_entry(void *arg, const struct journal_row *j, struct err *e)
{
    struct past *p = arg;
    (void)e;
    if (j->kind == JOURNAL_LOAD && j->table == 0) (void)map_put(&p->loads, &j->id, NULL);
    if (j->kind == JOURNAL_UNDO) {
        p->undone = mem_grow(p->undone, (p->n_undone + 1) * sizeof *p->undone);
        p->undone[p->n_undone++] = j->id;
    }
    if (j->kind == JOURNAL_NOTE && j->table) {
        struct later l = { j->county, j->at };
        (void)map_put(&p->later, &l, NULL);
    }
    if (j->kind <= JOURNAL_DELETE && j->table) return note_row(p, j);
    return true;
}

static bool read_entries(struct past *p, struct db *d, const struct past_cut *cut, size_t n,
                         struct err *e)
{
    int64_t *writers;
    size_t count;
    if (!journal_writers(d, &p->a, &writers, &count, e)) return false;
    for (size_t i = 0; i < count; i++) {
        int64_t seq = 0;
        for (size_t k = 0; k < n; k++)
            if (cut[k].writer == writers[i]) seq = cut[k].seq;
        if (!journal_after(d, writers[i], seq, note_entry, p, e)) return false;
    }
    for (size_t i = 0; i < p->n_undone; i++)
        if (!map_get(&p->loads, &p->undone[i]))
            return err_set(e, ERR_NOT_FOUND, "the load %lld was undone since: its rows are gone, and "
                           "figures of that instant cannot be computed any more",
                           (long long)p->undone[i]);
    return true;
}

/* The row before its first change, with its digest behind it. */
static bool read_image(struct past *p, struct db *d, const struct change *c, struct err *e)
{
    const struct table_map *m = model_number(p->mo, (uint32_t)c->name.table);
    struct val *image;
    int n;
    if (!m || c->kind == JOURNAL_INSERT) return true;
    if (!journal_image(d, c->writer, c->seq, c->name.county, &p->a, &image, &n, e)) return false;
    struct val *row = arena_array(&p->a, (size_t)m->columns + 1, sizeof *row);
    if (n == 0 || !map_from_image(m, image, n, row))
        return err_set(e, ERR_NOT_FOUND, "how a row of %s (county %lld, id %lld) was is erased: "
                       "figures of that instant cannot be computed any more", m->entity->name,
                       (long long)c->name.county, (long long)c->name.id);
    if (map_get(&p->loads, &row[ROW_LOAD].i)) return true;
    row[m->columns] = val_int(map_digest(m, store_row_key(db_store(d)), row));
    size_t t = (size_t)(m - p->mo->maps), k = p->n_rows[t]++;
    if ((k & (k - 1)) == 0)
        p->rows[t] = mem_grow(p->rows[t], (k ? 2 * k : 1) * sizeof **p->rows);
    p->rows[t][k] = (struct past_row){ c->name.county, c->name.id, row };
    return true;
}

static int by_row(const void *a, const void *b)
{
    const struct past_row *x = a, *y = b;
    if (x->county != y->county) return x->county < y->county ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

/* What is read as it is now. */
static void note_moved(struct past *p)
{
    static const char *const names[] = { "place", "place_class", "organisation", "ledger_account",
                                         "confirmation" };
    bool changed[COUNT(names)] = { false };
    for (size_t i = 0; i < p->n; i++) {
        const struct table_map *m = model_number(p->mo, (uint32_t)p->list[i].name.table);
        for (int k = 0; m && k < COUNT(names); k++) changed[k] |= strcmp(m->entity->name, names[k]) == 0;
    }
    p->moved = "";
    for (int k = 0; k < COUNT(names); k++)
        if (changed[k])
            p->moved = arena_printf(&p->a, "%s%s%s", p->moved, *p->moved ? ", " : "", names[k]);
}

bool past_open(struct past **out, const struct model *mo, struct db *d, const struct past_cut *cut,
               size_t n, struct err *e)
{
    struct past *p = mem_alloc(sizeof *p);
    p->mo = mo;
    arena_init(&p->a, (size_t)8 << 30);
    map_init(&p->changes, sizeof(struct row_name), sizeof(size_t));
    map_init(&p->loads, sizeof(int64_t), 1);
    map_init(&p->later, sizeof(struct later), 1);
    p->rows = mem_alloc((size_t)mo->n * sizeof *p->rows);
    p->n_rows = mem_alloc((size_t)mo->n * sizeof *p->n_rows);
    bool ok = read_entries(p, d, cut, n, e);
    for (size_t i = 0; ok && i < p->n; i++) ok = read_image(p, d, &p->list[i], e);
    for (int t = 0; ok && t < mo->n; t++)
        if (p->n_rows[t]) qsort(p->rows[t], p->n_rows[t], sizeof **p->rows, by_row);
    note_moved(p);
    if (ok) *out = p;
    else past_close(p);
    return ok;
}

const char *past_moved(const struct past *p)
{
    return p->moved;
}

void past_close(struct past *p)
{
    if (!p) return;
    for (int t = 0; t < p->mo->n; t++) free(p->rows[t]);
    free(p->rows);
    free(p->n_rows);
    free(p->undone);
    free(p->list);
    map_free(&p->changes);
    map_free(&p->loads);
    map_free(&p->later);
    arena_free(&p->a);
    free(p);
}

bool past_changed(const struct past *p, const struct table_map *m, const struct val *row)
{
    struct row_name name = { m->entity->number, row[ROW_COUNTY].i, row[ROW_ID].i };
    struct later l = { row[ROW_COUNTY].i, row[ROW_RECORDED].i };
    if (m->entity->flags & E_MADE && map_get(&p->later, &l)) return true;
    return map_get(&p->loads, &row[ROW_LOAD].i) || map_get(&p->changes, &name);
}

const struct past_row *past_rows(const struct past *p, const struct table_map *m, size_t *n)
{
    size_t t = (size_t)(m - p->mo->maps);
    *n = p->n_rows[t];
    return p->rows[t];
}
