/* The rules of an entity over a batch. A rule run over columns costs a small part of what it costs
 * row by row, so reading checks values alone, and the rules come when the batch is full. */
#include <stdlib.h>
#include <string.h>

#include "entity/load_run.h"

#define ROWS 512                     /* looked at together */

struct columns {
    const struct val **at;           /* row column -> ROWS values, or NULL: no rule uses it */
    int *used; int n;                /* row columns that are */
};

/* Columns that the sheet lacks are the same for every row, and filled in once. */
static void add_column(struct columns *x, const struct reader *r, int column, struct arena *a)
{
    struct val *v = arena_array(a, ROWS, sizeof *v);
    for (int i = 0; i < ROWS; i++) v[i] = r->base[column];
    x->at[column] = v;
    if (r->slot_of[column] >= 0 || column == ROW_COUNTY || column == ROW_DRAFT)
        x->used[x->n++] = column;
}

static struct columns *find_columns(struct reader *r)
{
    const struct table_map *m = r->m;
    struct columns *x = arena_alloc(&r->arena, sizeof *x);
    x->at = arena_array(&r->arena, (size_t)m->columns, sizeof *x->at);
    x->used = arena_array(&r->arena, (size_t)m->columns, sizeof *x->used);
    for (int c = 0; c < m->columns; c++)
        for (int k = 0; k < m->entity->n_checks; k++)
            if (rule_uses(m->checks[k], c)) {
                add_column(x, r, c, &r->arena);
                break;
            }
    return x;
}

static void turn(const struct reader *r, const struct columns *x, size_t from, size_t rows)
{
    const struct batch *b = &r->batch;
    for (int u = 0; u < x->n; u++) {
        int slot = r->slot_of[x->used[u]];
        struct val *to = (struct val *)(uintptr_t)x->at[x->used[u]];
        const struct val *cell = b->cells + from * (size_t)b->width + slot;
        if (slot >= 0)
            for (size_t i = 0; i < rows; i++, cell += b->width) to[i] = *cell;
        else if (x->used[u] == ROW_COUNTY)
            for (size_t i = 0; i < rows; i++) to[i] = val_int(b->rows[from + i].county);
        else
            for (size_t i = 0; i < rows; i++) to[i] = val_int(b->rows[from + i].draft);
    }
}

static void check_rows(struct reader *r, const struct columns *x, size_t from, size_t rows)
{
    const struct entity *en = r->m->entity;
    const char *reason[ROWS] = { NULL };
    unsigned char truth[ROWS];
    struct arena *a = &r->batch.arena;
    bool refused = false;
    turn(r, x, from, rows);
    for (int k = 0; k < en->n_checks; k++) {
        const struct check *c = &en->checks[k];
        rule_test_columns(r->m->checks[k], x->at, rows, truth);
        const unsigned char *p = truth, *end = truth + rows;
        while (p < end && (p = memchr(p, RULE_FALSE, (size_t)(end - p))) != NULL) {
            size_t i = (size_t)(p++ - truth);
            if (c->severity == CHECK_WARN) {
                r->batch.rows[from + i].warned = 1;
                reader_warn(r, r->batch.rows[from + i].line, c->en);
                continue;
            }
            refused = true;
            reason[i] = reason[i] ? arena_printf(a, "%s; %s", reason[i], c->en) : c->en;
        }
    }
    for (size_t i = 0; refused && i < rows; i++)
        if (reason[i]) reader_refuse(r, from + i, -1, reason[i]);
}

void reader_check(struct reader *r)
{
    struct batch *b = &r->batch;
    if (r->m->entity->n_checks && !r->rules) r->rules = find_columns(r);
    for (; b->checked < b->n; ) {
        size_t rows = b->n - b->checked < ROWS ? b->n - b->checked : ROWS;
        if (r->m->entity->n_checks) check_rows(r, r->rules, b->checked, rows);
        b->checked += rows;
    }
}
