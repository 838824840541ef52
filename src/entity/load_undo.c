/* The undo of a published load. One transaction looks whether everything is still as the load left
 * it, puts changed rows back, tells the observer of every row that goes, writes the journal entry,
 * and hides the rows by making the load pending again; then they are removed slice by slice. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "entity/load_body.h"
#include "entity/load_run.h"
#include "entity/plan.h"

#define PAGE 2000
#define NAMED 5                     /* rows named in one refusal */

struct undo {
    const struct model *mo;
    struct store *store;
    int64_t number, actor;
    char owner[PROCESS_TEXT];
    struct tx *tx;
    struct arena arena, page;
    struct load_body body;
    bool has_body;
    struct buf faults;
    int n_faults;
    struct blockers blockers;
};

struct part { int64_t county, first, last; const struct table_map *m; };

static void fault(struct undo *u, const struct table_map *m, int64_t county, int64_t id,
                  const char *what)
{
    if (u->n_faults++ >= NAMED) return;
    size_t before = u->faults.n;
    if (before) buf_str(&u->faults, "; ");
    buf_printf(&u->faults, "%s %s %s", m->entity->name,
               ref_text(u->mo, m, county, id, tx_db(u->tx), &u->page), what);
    if (!u->faults.over) return;
    /* The sentence is full: it ends with the last row that it names whole. */
    u->faults.p[u->faults.n = before] = '\0';
    u->n_faults = NAMED + 1;
}

/* ---- what the journal says of the load ---- */

static bool take_body(void *arg, const struct journal_row *j, struct err *e)
{
    struct undo *u = arg;
    if (j->kind != JOURNAL_LOAD) return true;
    u->has_body = true;
    void *copy = arena_alloc(&u->arena, j->body_n + 1);
    memcpy(copy, j->body, j->body_n);
    return load_body_read(copy, j->body_n, &u->body, &u->arena, e);
}

static const struct load_sum *sum_of(const struct undo *u, const struct part *p)
{
    for (size_t i = 0; i < u->body.n; i++)
        if (u->body.sums[i].table == p->m->entity->number && u->body.sums[i].county == p->county)
            return &u->body.sums[i];
    return NULL;
}

/* ---- changed rows go back ---- */

struct entry { int64_t writer, seq, after; bool found; };

static bool take_entry(void *arg, const struct journal_row *j, struct err *e)
{
    struct entry *x = arg;
    (void)e;
    if (j->kind != JOURNAL_UPDATE || j->after != x->after) return true;
    x->writer = j->writer;
    x->seq = j->seq;
    x->found = true;
    return true;
}

/* The row before the load changed it: the image kept with the change's journal entry. */
static bool image_of(struct undo *u, const struct table_map *m, const struct change *c,
                     struct val **old, struct err *e)
{
    struct db *d = tx_db(u->tx);
    struct entry x = { .after = c->after };
    struct val *image = NULL;
    int n = 0;
    *old = NULL;
    if (!journal_of(d, c->table, c->county, c->id, take_entry, &x, e)) return false;
    if (x.found && !journal_image(d, x.writer, x.seq, c->county, &u->page, &image, &n, e))
        return false;
    struct val *row = arena_array(&u->page, (size_t)m->columns + 1, sizeof *row);
    if (n && map_from_image(m, image, n, row)) *old = row;
    return true;
}

static bool check_change(struct undo *u, const struct change *c, struct err *e)
{
    const struct table_map *m = model_number(u->mo, c->table);
    struct val now[ENTITY_MAX_COLUMNS + 1], *old;
    bool found;
    if (!m) return err_set(e, ERR_INVALID, "the load changed rows of an unknown entity (%u)",
                           (unsigned)c->table);
    if (!row_get(tx_db(u->tx), m, c->county, c->id, &u->page, now, &found, e)) return false;
    if (!found || now[m->columns].i != c->after) {
        fault(u, m, c->county, c->id, found ? "was changed since" : "was deleted since");
        return true;
    }
    if (!image_of(u, m, c, &old, e)) return false;
    if (!old) fault(u, m, c->county, c->id, "has no earlier version left");
    return true;
}

static bool restore(struct undo *u, const struct change *c, struct err *e)
{
    const struct table_map *m = model_number(u->mo, c->table);
    struct val row[ENTITY_MAX_COLUMNS + 1], *old;
    if (!image_of(u, m, c, &old, e)) return false;
    memcpy(row, old, (size_t)m->columns * sizeof *row);
    row[m->columns] = val_int(0);
    return row_update(u->tx, u->mo, m, row, 0, e);
}

typedef bool change_fn(struct undo *u, const struct change *c, struct err *e);

static bool for_each(struct undo *u, change_fn *fn, struct err *e)
{
    struct change_page page = { .a = &u->page };
    struct change last = { .county = -1 };
    bool ok = true;
    while (ok && (ok = changes_page(u->tx, u->number, &last, &page, e)) && page.n) {
        for (size_t i = 0; i < page.n && ok; i++) ok = fn(u, &page.at[i], e);
        last = page.at[page.n - 1];
        arena_reset(&u->page);
        ok = ok && journal_early(u->tx, e);
    }
    return ok;
}

/* All are looked at first: putting one back changes the rows that copy from it. */
static bool restore_all(struct undo *u, struct err *e)
{
    row_actor(u->tx, u->actor);
    row_leaving(u->tx, u->number);
    return for_each(u, check_change, e) && (u->n_faults || for_each(u, restore, e));
}

/* ---- inserted rows go ---- */

struct rows { struct undo *u; const struct table_map *m; struct val *at; size_t n; };

static bool keep_row(void *arg, const struct val *row, int n, struct err *e)
{
    struct rows *x = arg;
    struct val *to = x->at + x->n++ * (size_t)n;
    (void)e;
    for (int i = 0; i < n; i++) {
        to[i] = row[i];
        if (row[i].type == VAL_TEXT)
            to[i].p = arena_strndup(&x->u->page, row[i].n ? row[i].p : "", row[i].n);
    }
    return true;
}

static bool tell(struct undo *u, const struct table_map *m, const struct val *row, struct err *e)
{
    return !u->mo->observe || u->mo->observe(u->mo->observe_arg, u->tx, m, row, NULL, e);
}

static bool was_changed(struct undo *u, const struct table_map *m, const struct val *row, bool *yes,
                        struct err *e)
{
    struct entry x = { .after = row[m->columns].i };
    if (!journal_of(tx_db(u->tx), m->entity->number, row[ROW_COUNTY].i, row[ROW_ID].i, take_entry,
                    &x, e))
        return false;
    *yes = x.found;
    return true;
}

/* Names the rows that are no longer as they were loaded. Only when the sums say there are some. */
static bool name_changed(struct undo *u, const struct part *p, int64_t missing, struct err *e)
{
    struct stmt s = load_rows_stmt(p->m, PAGE, &u->arena);
    struct rows x = { u, p->m, NULL, PAGE };
    int64_t after = p->first - 1;
    int before = u->n_faults;
    while (x.n == PAGE && u->n_faults < NAMED) {
        struct val v[] = { val_int(p->county), val_int(after), val_int(p->last),
                           val_int(u->number) };
        arena_reset(&u->page);
        x.at = arena_array(&u->page, PAGE * (size_t)p->m->table.n, sizeof *x.at);
        x.n = 0;
        if (!tx_query(u->tx, &s, v, COUNT_OF(v), keep_row, &x, e)) return false;
        for (size_t i = 0; i < x.n && u->n_faults < NAMED; i++) {
            const struct val *row = x.at + i * (size_t)p->m->table.n;
            bool yes;
            if (!was_changed(u, p->m, row, &yes, e)) return false;
            if (yes) fault(u, p->m, p->county, row[ROW_ID].i, "was changed since");
            after = row[ROW_ID].i;
        }
    }
    if (missing > 0 && u->n_faults++ < NAMED)
        buf_printf(&u->faults, "%s%lld rows of %s in county %lld were deleted since",
                   u->faults.n ? "; " : "", (long long)missing, p->m->entity->name,
                   (long long)p->county);
    else if (u->n_faults == before && u->n_faults++ < NAMED)
        buf_printf(&u->faults, "%srows of %s in county %lld are not as they were loaded (see "
                   "verify)", u->faults.n ? "; " : "", p->m->entity->name, (long long)p->county);
    return true;
}

static bool leave_part(struct undo *u, const struct part *p, struct err *e)
{
    const struct load_sum *want = sum_of(u, p);
    struct stmt s = load_rows_stmt(p->m, PAGE, &u->arena);
    struct rows x = { u, p->m, NULL, PAGE };
    int64_t after = p->first - 1, count = 0;
    uint64_t sum = 0;
    while (x.n == PAGE) {
        struct val v[] = { val_int(p->county), val_int(after), val_int(p->last),
                           val_int(u->number) };
        arena_reset(&u->page);
        x.at = arena_array(&u->page, PAGE * (size_t)p->m->table.n, sizeof *x.at);
        x.n = 0;
        if (!tx_query(u->tx, &s, v, COUNT_OF(v), keep_row, &x, e)) return false;
        for (size_t i = 0; i < x.n; i++) {
            const struct val *row = x.at + i * (size_t)p->m->table.n;
            sum += (uint64_t)row[p->m->columns].i;
            count++;
            after = row[ROW_ID].i;
            if (u->n_faults == 0 && !tell(u, p->m, row, e)) return false;
        }
    }
    if ((want ? want->count : 0) == count && (want ? want->sum : 0) == sum) return true;
    return name_changed(u, p, (want ? want->count : 0) - count, e);
}

struct parts { struct undo *u; struct part *at; size_t n, cap; };

static bool take_part(void *arg, const struct val *row, int n, struct err *e)
{
    struct parts *p = arg;
    (void)n;
    p->at = mem_more(p->at, p->n, &p->cap, sizeof *p->at);
    struct part *x = &p->at[p->n++];
    *x = (struct part){ .county = row[0].i, .m = model_number(p->u->mo, (uint32_t)row[1].i),
                        .first = row[2].i, .last = row[3].i };
    return x->m || err_set(e, ERR_INVALID, "the load has rows of an entity this program does not "
                           "know (%lld)", (long long)row[1].i);
}

/* ---- rows of others that refer to the load's rows ---- */

struct pointing { int64_t county, id, to_county, to, load; };
struct pointers { struct pointing *at; size_t n; };

static bool take_pointing(void *arg, const struct val *row, int n, struct err *e)
{
    struct pointers *p = arg;
    (void)n, (void)e;
    p->at[p->n++] = (struct pointing){ row[0].i, row[1].i, val_is_null(row[2]) ? -1 : row[2].i,
                                       row[3].i, row[4].i };
    return true;
}

static bool load_has(struct undo *u, const struct table_map *t, int64_t county, int64_t id,
                     bool *yes, struct err *e)
{
    struct val row[ENTITY_MAX_COLUMNS + 1];
    bool found;
    if (!row_get(tx_db(u->tx), t, county, id, &u->page, row, &found, e)) return false;
    *yes = found && row[ROW_LOAD].i == u->number;
    return true;
}

/* Rows not of this load whose field points at ids between the load's first and last. */
static bool check_pointers(struct undo *u, const struct table_map *m, int f, int64_t first,
                           int64_t last, struct err *e)
{
    const struct field_plan *p = &m->plan[f];
    struct stmt s = load_pointers_stmt(m, f, PAGE, &u->arena);
    struct pointing last_seen = { .county = -1 };
    struct pointers x = { .n = PAGE };
    while (x.n == PAGE) {
        struct val v[] = { val_int(first), val_int(last), val_int(u->number),
                           val_int(last_seen.county), val_int(last_seen.id) };
        arena_reset(&u->page);
        x.at = arena_array(&u->page, PAGE, sizeof *x.at);
        x.n = 0;
        if (!tx_query(u->tx, &s, v, COUNT_OF(v), take_pointing, &x, e)) return false;
        for (size_t i = 0; i < x.n; i++) {
            bool yes;
            if (!load_has(u, p->target, x.at[i].to_county, x.at[i].to, &yes, e)) return false;
            if (yes && x.at[i].load) blocker_refers(&u->blockers, x.at[i].load);
            if (yes) fault(u, m, x.at[i].county, x.at[i].id,
                           arena_printf(&u->page, "refers to a row of this load by %s",
                                        m->field[f].name));
            last_seen = x.at[i];
        }
    }
    return true;
}

static bool check_all_pointers(struct undo *u, const struct parts *parts, struct err *e)
{
    for (int i = 0; i < u->mo->n; i++)
        for (int f = 0; f < u->mo->maps[i].fields; f++) {
            const struct table_map *m = &u->mo->maps[i], *t = m->plan[f].target;
            int64_t first = 0, last = 0;
            if (m->field[f].type != F_REF) continue;
            for (size_t k = 0; k < parts->n; k++) {
                if (parts->at[k].m != t) continue;
                if (!first || parts->at[k].first < first) first = parts->at[k].first;
                if (parts->at[k].last > last) last = parts->at[k].last;
            }
            if (first && !check_pointers(u, m, f, first, last, e)) return false;
        }
    return true;
}

/* ---- the transaction ---- */

static bool check_state(struct undo *u, struct err *e)
{
    struct val number = val_int(u->number);
    int64_t state;
    bool found;
    if (!state_number(tx_db(u->tx), load_stmt(LOAD_GET), &number, 1, &state, &found, e))
        return false;
    if (!found) return err_set(e, ERR_NOT_FOUND, "there is no load %lld", (long long)u->number);
    if (state == LOAD_STATE_UNDONE)
        return err_set(e, ERR_INVALID, "load %lld is undone already", (long long)u->number);
    if (!journal_of(tx_db(u->tx), 0, 0, u->number, take_body, u, e)) return false;
    return u->has_body || err_set(e, ERR_CORRUPT, "the journal has no entry of load %lld",
                                  (long long)u->number);
}

static bool write_entry(struct undo *u, struct err *e)
{
    struct buf b;
    buf_init(&b, 64);
    undo_body_write(&b, u->number);
    struct journal_entry j = { .kind = JOURNAL_UNDO, .id = u->number, .actor = u->actor,
                               .body = b.p, .body_n = b.n };
    bool ok = journal_add(u->tx, &j, e);
    buf_free(&b);
    return ok;
}

static bool hide(struct undo *u, struct err *e)
{
    struct val number = val_int(u->number);
    struct val run[] = { number, val_text(u->owner), val_int(tx_now(u->tx)) };
    return state_save(u->tx, u->number, LOAD_STATE_VISIBLE, LOAD_STATE_PENDING, NULL, NULL, e) &&
           tx_exec(u->tx, load_stmt(LOAD_RUN_NEW), run, COUNT_OF(run), NULL, e);
}

/* Which loads to undo first, and then, as far as the sentence goes, the rows. */
static bool refuse(struct undo *u, struct err *e)
{
    struct buf first;
    buf_init(&first, 300);
    bool ok = blockers_tell(&u->blockers, tx_db(u->tx), u->number, &first, e);
    if (ok)
        ok = err_set(e, ERR_CONFLICT, "load %lld cannot be undone: %s%s%s%s", (long long)u->number,
                     first.p ? first.p : "", first.n ? "; " : "", u->faults.p,
                     u->n_faults > NAMED ? "; and more" : "");
    buf_free(&first);
    return ok;
}

static bool begin(struct tx *tx, void *arg, struct err *e)
{
    struct undo *u = arg;
    struct parts parts = { .u = u };
    struct val number = val_int(u->number);
    u->tx = tx;
    u->n_faults = 0;
    buf_clear(&u->faults);
    u->blockers.n = 0;
    bool ok = check_state(u, e) && restore_all(u, e)
        && tx_query(tx, load_stmt(LOAD_PART_SCAN), &number, 1, take_part, &parts, e);
    for (size_t i = 0; ok && i < parts.n; i++) ok = leave_part(u, &parts.at[i], e);
    ok = ok && check_all_pointers(u, &parts, e);
    free(parts.at);
    if (ok && u->n_faults) ok = refuse(u, e);
    return ok && write_entry(u, e) && hide(u, e);
}

bool load_undo(const struct model *mo, struct store *s, int64_t number, int64_t actor,
               struct err *e)
{
    struct err own = { 0 };
    struct undo u = { .mo = mo, .store = s, .number = number, .actor = actor };
    struct db *d = NULL;
    if (!e) e = &own;
    buf_init(&u.faults, 320);
    process_name(u.owner);
    bool ok = store_connect(s, DB_WRITE, &d, e) && state_clear(mo, d, u.owner, e)
        && db_write(d, begin, &u, e) && state_take_back(mo, d, number, u.owner, e);
    if (d) db_close(d);
    buf_free(&u.faults);
    free(u.blockers.at);
    arena_free(&u.arena);
    arena_free(&u.page);
    return ok;
}
