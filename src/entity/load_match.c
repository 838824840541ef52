/* A row whose natural key is in the store already: the same, or to be changed. */
#include <string.h>

#include "entity/load_run.h"
#include "entity/plan.h"

struct match {
    struct loader *l;
    struct tx *tx;
    struct reader *r;
    size_t i;
    struct val old[ENTITY_MAX_COLUMNS + 1], merged[ENTITY_MAX_COLUMNS + 1];
};

const char *where_text(struct loader *l, struct reader *r, struct place_in_file at)
{
    if (at.input == r->index)
        return arena_printf(&r->batch.arena, "line %lld", (long long)at.line);
    return arena_printf(&r->batch.arena, "line %lld of %s", (long long)at.line,
                        l->inputs[at.input].name);
}

const char *line_text(struct loader *l, struct reader *r, int64_t id)
{
    struct place_in_file at;
    return lines_find_new(l->lines, id, &at) ? where_text(l, r, at) : "a row of these files";
}

static const char *key_names(const struct reader *r)
{
    const struct table_map *m = r->m;
    const char *names = m->field[m->key[0]].name;
    for (int k = 1; k < m->n_key; k++)
        names = arena_printf(&r->load->arena, "%s, %s", names, m->field[m->key[k]].name);
    return names;
}

static void refuse_twice(struct match *x, const char *first)
{
    const struct table_map *m = x->r->m;
    reader_refuse(x->r, x->i, m->key[m->n_key - 1],
                  arena_printf(&x->r->batch.arena, "given twice: %s has the same %s", first,
                               key_names(x->r)));
}

/* What the sheet says goes over what is stored; columns that the sheet lacks stay as they are. */
static void merge(struct match *x)
{
    const struct reader *r = x->r;
    memcpy(x->merged, x->old, sizeof x->merged);
    for (int k = 0; k < r->batch.width; k++)
        x->merged[r->stored[k]] = reader_value(r, x->i, r->stored[k]);
}

static bool differ(const struct match *x)
{
    for (int c = ROW_DRAFT; c < x->r->m->columns; c++)
        if (!val_equal(x->old[c], x->merged[c])) return true;
    return false;
}

/* The row as it would be, checked as a whole. False when it was refused. */
static bool merged_fits(struct match *x)
{
    struct reader *r = x->r;
    struct row_fault faults[4];
    int refusing, missing;
    int n = row_check(&x->l->model, r->m, x->merged, &r->batch.arena, faults, 4, &refusing,
                      &missing);
    x->merged[ROW_DRAFT] = val_int(missing > 0);
    r->batch.rows[x->i].draft = missing > 0;
    for (int k = 0; refusing && k < n; k++) {
        if (faults[k].severity != CHECK_REFUSE) continue;
        reader_refuse(r, x->i, faults[k].field,
                      arena_printf(&r->batch.arena, "with what is stored of this row: %s",
                                   faults[k].message));
        return false;
    }
    return true;
}

/* A new value of an extra claim is taken at once, for the row that will have it. */
static bool take_claims(struct match *x, bool *fits, struct err *e)
{
    const struct table_map *m = x->r->m;
    struct arena *a = &x->r->batch.arena;
    for (int k = 0; k < m->n_claims && *fits; k++) {
        const struct claim *c = &m->claims[k];
        struct val old = claim_value(m, c, x->old, a), new = claim_value(m, c, x->merged, a);
        if (val_is_null(new) || val_equal(old, new)) continue;
        struct val p[4] = { val_int(c->kind), new, x->old[ROW_COUNTY], x->old[ROW_ID] };
        int64_t changed;
        if (!tx_exec(x->tx, &claim_stmts.stmts[CLAIM_TAKE], p, 4, &changed, e)) return false;
        if (changed) continue;
        *fits = false;
        reader_refuse(x->r, x->i, c->fields[c->n - 1],
                      arena_printf(a, "another row of %s has this %s", m->entity->name,
                                   m->field[c->fields[c->n - 1]].name));
    }
    return true;
}

/* What the rooms compute of the row, or have against it. */
static bool complete(struct match *x, bool *fits, struct err *e)
{
    const struct model *mo = &x->l->model;
    struct reader *r = x->r;
    struct err why = { 0 };
    *fits = true;
    if (!mo->complete ||
        mo->complete(mo->observe_arg, x->tx, r->m, x->old, x->merged, &why))
        return true;
    *fits = false;
    if (why.code != ERR_INVALID) return *e = why, false;
    reader_refuse(r, x->i, map_field(r->m, why.field), arena_strdup(&r->batch.arena, why.message));
    return true;
}

static bool change(struct match *x, struct err *e)
{
    struct reader *r = x->r;
    struct batch_row *b = &r->batch.rows[x->i];
    bool fits;
    if (!complete(x, &fits, e)) return false;
    if (!fits) return true;
    fits = merged_fits(x);
    if (fits && !differ(x)) {
        b->state = ROW_SAME;
        return true;
    }
    if (fits && !take_claims(x, &fits, e)) return false;
    if (!fits) return true;
    b->state = ROW_CHANGED;
    x->l->changes++;
    return change_put(x->l, x->tx, r, x->merged, e);
}

/* Where rows can go from county to county: has this one been in the file's, or is it to go there? */
static bool moved_reason(struct match *x, const char **reason, struct err *e)
{
    const struct table_map *m = x->r->m;
    struct arena *a = &x->r->batch.arena;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    const long long from = x->old[ROW_COUNTY].i, to = x->r->batch.rows[x->i].county;
    bool was_there = false;
    if (!row_get(tx_db(x->tx), m, to, x->old[ROW_ID].i, a, row, &was_there, e)) return false;
    const char *name = ref_text(&x->l->model, m, from, x->old[ROW_ID].i, x->l->db, a);
    if (was_there)
        *reason = arena_printf(a, "%s %s left county %lld and is in %lld now; what it was before "
                               "stays as it is", m->entity->name, name, to, from);
    else
        *reason = arena_printf(a, "%s %s is recorded in county %lld; if it moved to %lld, say so: "
                               "jiedui move %s %s --to PLACE --on DATE", m->entity->name, name,
                               from, to, m->entity->name, name);
    return true;
}

static bool refuse_moved(struct match *x, struct err *e)
{
    const struct table_map *m = x->r->m;
    int64_t from = x->old[ROW_COUNTY].i, to = x->r->batch.rows[x->i].county;
    const char *reason;
    if (m->left < 0 || m->field[m->home].type != F_PLACE)
        reason = arena_printf(&x->r->batch.arena, "the row was recorded in county %lld; record its "
                              "move to %lld instead", (long long)from, (long long)to);
    else if (!moved_reason(x, &reason, e)) return false;
    reader_refuse(x->r, x->i, m->home, reason);
    return true;
}

#define LEFT_KEPT "the row is of the time before a move: what is stored of it stays as it is"

bool match_left(struct loader *l, struct tx *tx, struct reader *r, size_t i, int64_t county,
                int64_t id, struct err *e)
{
    struct match x = { .l = l, .tx = tx, .r = r, .i = i };
    struct batch_row *b = &r->batch.rows[i];
    bool found = false;
    const char *reason;
    if (county != b->county &&
        !row_get(tx_db(tx), r->m, b->county, id, &r->batch.arena, x.old, &found, e))
        return false;
    b->state = ROW_SAME;
    if (found) merge(&x);
    if (found && !differ(&x)) return true;
    if (!found) { /* it came back, and its rows of before have other ids */
        b->warned = 1;
        reader_warn(r, b->line, LEFT_KEPT);
        return true;
    }
    if (!row_get(tx_db(tx), r->m, county, id, &r->batch.arena, x.old, &found, e) ||
        !moved_reason(&x, &reason, e))
        return false;
    reader_refuse(r, i, r->m->home, reason);
    return true;
}

bool match_row(struct loader *l, struct tx *tx, struct reader *r, size_t i, int64_t county,
               int64_t id, bool *vacant, struct err *e)
{
    struct match x = { .l = l, .tx = tx, .r = r, .i = i };
    struct arena *a = &r->batch.arena;
    struct place_in_file here = { r->index, r->batch.rows[i].line }, first;
    bool found = false, again;
    *vacant = false;
    if (!row_get(tx_db(tx), r->m, county, id, a, x.old, &found, e)) return false;
    if (!found) {
        *vacant = true;
        return true;
    }
    if (x.old[ROW_LOAD].i == l->number) {
        refuse_twice(&x, line_text(l, r, id));
        return true;
    }
    if (r->m->left >= 0 && !val_is_null(x.old[r->m->column[r->m->left]])) {
        merge(&x); /* its id may be that of a row of now, elsewhere */
        if (differ(&x)) reader_refuse(r, i, r->m->home, LEFT_KEPT);
        else r->batch.rows[i].state = ROW_SAME;
        return true;
    }
    if (!lines_old(l->lines, id, here, &again, &first, e)) return false;
    if (again) {
        refuse_twice(&x, where_text(l, r, first));
        return true;
    }
    if (x.old[ROW_COUNTY].i != r->batch.rows[i].county) return refuse_moved(&x, e);
    if (l->opt.scope && !scope_takes_row(l->opt.scope, r->m, x.old)) {
        reader_refuse(r, i, -1, OUTSIDE);
        return true;
    }
    merge(&x);
    if (!differ(&x)) {
        r->batch.rows[i].state = ROW_SAME;
        return true;
    }
    return change(&x, e);
}
