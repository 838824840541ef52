/* Changes of rows that were in the store before a load. Nobody may see them before the rest of the
 * load, so the new values wait in load_change and are laid over the rows with the last slice;
 * journal entries with before-images are written there, by row_update. Afterwards the row of
 * load_change keeps only which row it was and its digest, for the undo. */
#include <string.h>

#include "entity/load_run.h"
#include "entity/plan.h"

/* Body: for each value the row's column, the type, then an integer as 8 bytes LE, or a length as 4
 * bytes LE and the bytes. */
static void put(struct buf *b, uint64_t v, int bytes)
{
    for (int i = 0; i < bytes; i++) buf_char(b, (char)(unsigned char)(v >> 8 * i));
}

static void put_value(struct buf *b, int column, struct val v)
{
    put(b, (uint64_t)column, 1);
    put(b, v.type, 1);
    if (v.type == VAL_INT) put(b, (uint64_t)v.i, 8);
    if (v.type != VAL_TEXT) return;
    put(b, v.n, 4);
    buf_add(b, v.p, v.n);
}

struct bytes { const unsigned char *p, *end; bool bad; };

static uint64_t take(struct bytes *b, int n)
{
    uint64_t v = 0;
    if (b->end - b->p < n) {
        b->bad = true;
        return 0;
    }
    for (int i = 0; i < n; i++) v |= (uint64_t)b->p[i] << 8 * i;
    b->p += n;
    return v;
}

/* Lays the values over the row; they point into the body. */
static bool overlay(const struct table_map *m, const struct change *c, struct val *row,
                    struct err *e)
{
    struct bytes b = { c->body, (const unsigned char *)c->body + c->body_n, false };
    while (b.p < b.end && !b.bad) {
        size_t column = take(&b, 1), type = take(&b, 1);
        struct val v = val_null();
        if (type == VAL_INT) v = val_int((int64_t)take(&b, 8));
        if (type == VAL_TEXT) {
            size_t n = take(&b, 4);
            if ((size_t)(b.end - b.p) < n) b.bad = true;
            else v = val_textn((const char *)b.p, n), b.p += n;
        }
        if (column < ROW_FIRST || column >= (size_t)m->columns || type > VAL_TEXT) b.bad = true;
        else row[column] = v;
    }
    return !b.bad || err_set(e, ERR_CORRUPT, "a staged change of %s, county %lld, id %lld, is "
                             "damaged", m->entity->name, (long long)c->county, (long long)c->id);
}

/* Of county, load, entity, id and body, as it is staged. */
static int64_t change_seal(const struct store *s, const struct val *row)
{
    struct val v[6];
    memcpy(v, row, 5 * sizeof *v);
    v[5] = val_null();
    return seal_of(s, &entity_tables[TABLE_LOAD_CHANGE], v);
}

bool change_put(struct loader *l, struct tx *tx, const struct reader *r, const struct val *row,
                struct err *e)
{
    struct buf b;
    buf_init(&b, (size_t)64 << 20);
    for (int k = 0; k < r->batch.width; k++) put_value(&b, r->stored[k], row[r->stored[k]]);
    struct val p[] = { row[ROW_COUNTY], val_int(l->number), val_int(r->m->entity->number),
                       row[ROW_ID], val_blob(b.p, b.n), { 0 } };
    int64_t seal = change_seal(l->store, p);
    p[5] = val_int(seal);
    bool ok = tx_exec(tx, load_stmt(LOAD_CHANGE_PUT), p, COUNT_OF(p), NULL, e);
    seal_note(tx, &entity_tables[TABLE_LOAD_CHANGE], 0, seal);
    buf_free(&b);
    return ok;
}

#define PAGE 500

static bool take_change(void *arg, const struct val *row, int n, struct err *e)
{
    struct change_page *p = arg;
    (void)n;
    if (p->n == PAGE) return err_set(e, ERR_INTERNAL, "a page of changes is too long");
    struct change *c = &p->at[p->n++];
    *c = (struct change){ .county = row[0].i, .table = (uint32_t)row[1].i, .id = row[2].i,
                          .after = val_is_null(row[4]) ? 0 : row[4].i,
                          .seal = val_is_null(row[5]) ? 0 : row[5].i };
    if (val_is_null(row[3])) return true;
    c->body_n = row[3].n;
    c->body = arena_strndup(p->a, row[3].p, row[3].n);
    return true;
}

bool changes_page(struct tx *tx, int64_t number, const struct change *after,
                  struct change_page *out, struct err *e)
{
    struct val p[] = { val_int(number), val_int(after->county), val_int(after->table),
                       val_int(after->id) };
    out->n = 0;
    out->at = arena_array(out->a, PAGE, sizeof *out->at);
    return tx_query(tx, load_stmt(LOAD_CHANGE_PAGE), p, COUNT_OF(p), take_change, out, e);
}

/* Values that were claimed when the change was staged are claimed again by row_update. */
static bool free_new_claims(struct tx *tx, const struct table_map *m, const struct val *old,
                            const struct val *new, struct arena *a, struct err *e)
{
    for (int k = 0; k < m->n_claims; k++) {
        struct val before = claim_value(m, &m->claims[k], old, a);
        struct val after = claim_value(m, &m->claims[k], new, a);
        if (val_is_null(after) || val_equal(before, after)) continue;
        struct val p[4] = { val_int(m->claims[k].kind), after, old[ROW_COUNTY], old[ROW_ID] };
        if (!tx_exec(tx, &claim_stmts.stmts[CLAIM_FREE], p, 4, NULL, e)) return false;
    }
    return true;
}

static const struct table_map *map_of(const struct model *mo, const struct change *c,
                                      struct err *e)
{
    const struct table_map *m = model_number(mo, c->table);
    if (!m) err_set(e, ERR_INVALID, "a change of an entity this program does not know (%u)",
                    (unsigned)c->table);
    return m;
}

struct staged { struct change c; struct arena *a; bool found; };

static bool take_body(void *arg, const struct val *row, int n, struct err *e)
{
    struct staged *s = arg;
    (void)n, (void)e;
    s->found = !val_is_null(row[0]);
    if (!s->found) return true;
    s->c.body_n = row[0].n;
    s->c.body = arena_strndup(s->a, row[0].p, row[0].n);
    return true;
}

bool change_staged(struct loader *l, struct tx *tx, const struct table_map *m, int64_t county,
                   int64_t id, struct arena *a, struct val *row, struct err *e)
{
    struct staged s = { .c = { .county = county, .id = id, .table = m->entity->number }, .a = a };
    struct val p[] = { val_int(county), val_int(l->number), val_int(m->entity->number),
                       val_int(id) };
    return tx_query(tx, load_stmt(LOAD_CHANGE_GET), p, COUNT_OF(p), take_body, &s, e) &&
           (!s.found || overlay(m, &s.c, row, e));
}

/* The row of load_change once the change is made; its seal goes with it. */
static bool settle(struct loader *l, struct tx *tx, const struct change *c, struct val after,
                   struct err *e)
{
    struct val row[] = { val_int(c->county), val_int(l->number), val_int(c->table), val_int(c->id),
                         val_null(), after };
    int64_t seal = seal_of(l->store, &entity_tables[TABLE_LOAD_CHANGE], row);
    struct val p[] = { row[0], row[1], row[2], row[3], after, val_int(seal) };
    seal_note(tx, &entity_tables[TABLE_LOAD_CHANGE], c->seal, seal);
    return tx_exec(tx, load_stmt(LOAD_CHANGE_SETTLED), p, COUNT_OF(p), NULL, e);
}

static bool check_seal(const struct loader *l, const struct table_map *m, const struct change *c,
                       struct err *e)
{
    struct val row[] = { val_int(c->county), val_int(l->number), val_int(c->table), val_int(c->id),
                         val_blob(c->body, c->body_n) };
    return change_seal(l->store, row) == c->seal ||
           err_set(e, ERR_CORRUPT, "a staged change of %s, county %lld, id %lld, was changed "
                   "outside the program", m->entity->name, (long long)c->county, (long long)c->id);
}

static bool apply(struct loader *l, struct tx *tx, const struct change *c, struct arena *a,
                  struct err *e)
{
    struct val old[ENTITY_MAX_COLUMNS + 1], new[ENTITY_MAX_COLUMNS + 1];
    const struct table_map *m = map_of(&l->model, c, e);
    bool found;
    if (!m || !check_seal(l, m, c, e) || !row_get(tx_db(tx), m, c->county, c->id, a, old, &found, e)) return false;
    if (!found)
        return err_set(e, ERR_CONFLICT, "a row of %s that was to be changed was deleted meanwhile; "
                       "load again", m->entity->name);
    memcpy(new, old, sizeof new);
    if (!overlay(m, c, new, e) || !free_new_claims(tx, m, old, new, a, e)) return false;
    if (!row_update(tx, &l->model, m, new, old[m->columns].i, e))
        return err_context(e, "%s, county %lld, id %lld", m->entity->name, (long long)c->county,
                           (long long)c->id);
    return settle(l, tx, c, new[m->columns], e);
}

/* ---- circles ---- */

#define DEPTH_MAX 100000

struct step { struct tx *tx; struct arena *a; const struct table_map *m; int field; };

/* From one row to the one it refers to by the field; id 0 = it refers to none. */
static bool step_up(const struct step *s, int64_t *county, int64_t *id, struct err *e)
{
    struct val row[ENTITY_MAX_COLUMNS + 1];
    bool found;
    if (!row_get(tx_db(s->tx), s->m, *county, *id, s->a, row, &found, e)) return false;
    int far = s->m->county_column[s->field];
    struct val to = found ? row[s->m->column[s->field]] : val_null();
    *id = val_is_null(to) ? 0 : to.i;
    if (*id && far >= 0) *county = row[far].i;
    return true;
}

static bool refuse_circle(struct loader *l, const struct step *s, const struct change *c,
                          struct err *e)
{
    int64_t county = c->county, id = c->id;
    struct buf names;
    buf_init(&names, 300);
    do {
        const char *name = ref_text(&l->model, s->m, county, id, tx_db(s->tx), s->a);
        buf_printf(&names, "%s -> ", name);
        if (!step_up(s, &county, &id, e)) break;
    } while (id && id != c->id && !names.over);
    err_field(e, ERR_INVALID, s->m->field[s->field].name,
              "with these changes rows of %s would refer to each other in a circle by %s: %s...",
              s->m->entity->name, s->m->field[s->field].name, names.p);
    buf_free(&names);
    return false;
}

/* Does the row lead back to itself? Rows that were inserted cannot, unless a changed one leads to
 * them. */
static bool check_circle(struct loader *l, struct tx *tx, const struct change *c, struct arena *a,
                         struct err *e)
{
    const struct table_map *m = model_number(&l->model, c->table);
    for (int f = 0; m && f < m->fields; f++) {
        if (m->field[f].type != F_REF || m->plan[f].target != m) continue;
        struct step s = { .tx = tx, .a = a, .m = m, .field = f };
        int64_t county = c->county, id = c->id;
        for (int depth = 0; depth < DEPTH_MAX; depth++) {
            struct arena_mark mark = arena_mark(a);
            bool ok = step_up(&s, &county, &id, e);
            arena_rewind(a, mark);
            if (!ok) return false;
            if (id == c->id) return refuse_circle(l, &s, c, e);
            if (id == 0) break;
        }
    }
    return true;
}

typedef bool change_fn(struct loader *l, struct tx *tx, const struct change *c, struct arena *a,
                       struct err *e);

/* How many rows stand above one of the table, by their home references. */
static int depth_of(const struct table_map *m)
{
    int depth = 0;
    for (; m && m->home >= 0 && m->plan[m->home].target; depth++) m = m->plan[m->home].target;
    return depth;
}

/* Changes of tables of that depth; -1 = of all. */
static bool for_each(struct loader *l, struct tx *tx, change_fn *fn, int depth, struct err *e)
{
    struct arena a = { 0 };
    struct change_page page = { .a = &a };
    struct change last = { .county = -1 };
    bool ok = true;
    while (ok && (ok = changes_page(tx, l->number, &last, &page, e)) && page.n) {
        for (size_t i = 0; i < page.n && ok; i++)
            if (depth < 0 || depth_of(model_number(&l->model, page.at[i].table)) == depth)
                ok = fn(l, tx, &page.at[i], &a, e);
        last = page.at[page.n - 1];
        arena_reset(&a);
        ok = ok && journal_early(tx, e);
    }
    arena_free(&a);
    return ok;
}

bool changes_apply(struct loader *l, struct tx *tx, struct err *e)
{
    if (l->changes == 0) return true;
    row_actor(tx, l->opt.actor);
    int deepest = 0;
    for (int i = 0; i < l->model.n; i++) {
        int depth = depth_of(&l->model.maps[i]);
        if (depth > deepest) deepest = depth;
    }
    /* From above, so that the digest noted of a row is of all that this load did to it. */
    for (int depth = 0; depth <= deepest; depth++)
        if (!for_each(l, tx, apply, depth, e)) return false;
    return for_each(l, tx, check_circle, -1, e);
}

static bool drop(const struct model *mo, struct tx *tx, int64_t number, const struct change *c,
                 struct arena *a, struct err *e)
{
    struct val old[ENTITY_MAX_COLUMNS + 1], new[ENTITY_MAX_COLUMNS + 1];
    const struct table_map *m = map_of(mo, c, e);
    bool found;
    if (!m || !row_get(tx_db(tx), m, c->county, c->id, a, old, &found, e)) return false;
    if (found && c->body) {
        memcpy(new, old, sizeof new);
        if (!overlay(m, c, new, e) || !free_new_claims(tx, m, old, new, a, e)) return false;
    }
    struct val p[] = { val_int(c->county), val_int(number), val_int(c->table), val_int(c->id) };
    seal_note(tx, &entity_tables[TABLE_LOAD_CHANGE], c->seal, 0);
    return tx_exec(tx, load_stmt(LOAD_CHANGE_DROP), p, COUNT_OF(p), NULL, e);
}

bool changes_drop(const struct model *mo, struct tx *tx, int64_t number, bool *more,
                  struct err *e)
{
    struct arena a = { 0 };
    struct change_page page = { .a = &a };
    struct change first = { .county = -1 };
    bool ok = changes_page(tx, number, &first, &page, e);
    for (size_t i = 0; i < page.n && ok; i++) ok = drop(mo, tx, number, &page.at[i], &a, e);
    *more = page.n > 0;
    arena_free(&a);
    return ok;
}
