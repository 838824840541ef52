/* The record of a load: who works on it, what of it is in the store, how it ends. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "entity/load_body.h"
#include "entity/load_run.h"

#define SAME_PROCESS_US (INT64_C(120) * 1000000)   /* silence after which a load is dead */
#define OTHER_MACHINE_US (INT64_C(600) * 1000000)
#define TAKE_BACK_ROWS 5000                        /* rows removed in one transaction */

bool state_number(struct db *d, const struct stmt *s, const struct val *p, int n, int64_t *out,
                  bool *found, struct err *e)
{
    *found = false;
    return db_int(d, s, p, n, out, found, e);
}

bool load_pending(struct db *d, int64_t *number, struct err *e)
{
    bool found;
    if (!db_int(d, load_stmt(LOAD_PENDING), NULL, 0, number, &found, e)) return false;
    if (!found) *number = -1;
    return true;
}

bool load_undone(struct db *d, int64_t number, bool *undone, struct err *e)
{
    const struct val v = val_int(number);
    int64_t state;
    bool found;
    if (!state_number(d, load_stmt(LOAD_GET), &v, 1, &state, &found, e)) return false;
    *undone = found && state == LOAD_STATE_UNDONE;
    return true;
}

/* ---- whose load it is ---- */

static bool lives(const char *owner, int64_t silence)
{
    switch (process_look(owner)) {
    case PROCESS_SELF: return silence < SAME_PROCESS_US;
    case PROCESS_LIVES: return true;
    case PROCESS_DEAD: return false;
    default: return silence < OTHER_MACHINE_US;
    }
}

struct running { int64_t number, started, beat; char owner[PROCESS_TEXT]; bool any, run; };

static bool take_running(void *arg, const struct val *row, int n, struct err *e)
{
    struct running *r = arg;
    (void)n, (void)e;
    *r = (struct running){ .number = row[0].i, .started = row[1].i, .any = true };
    if (val_is_null(row[2])) return true;
    r->run = true;
    r->beat = row[3].i;
    snprintf(r->owner, sizeof r->owner, "%.*s", (int)row[2].n, row[2].p);
    return true;
}

struct takeover { struct running *r; const char *owner; bool won; };

static bool take_over(struct tx *tx, void *arg, struct err *e)
{
    struct takeover *t = arg;
    int64_t changed = 1;
    /* A sign of life since it was looked at leaves everything as it is. */
    struct val had[] = { val_int(t->r->number), val_text(t->r->owner), val_text(t->owner),
                         val_int(tx_now(tx)), val_int(t->r->beat) };
    struct val none[] = { had[0], had[2], had[3] };
    bool ok = t->r->run ? tx_exec(tx, load_stmt(LOAD_RUN_TAKE), had, 5, &changed, e)
                        : tx_exec(tx, load_stmt(LOAD_RUN_NEW), none, 3, NULL, e);
    t->won = changed == 1;
    return ok;
}

static bool busy(const struct running *r, struct err *e)
{
    char at[INSTANT_TEXT];
    instant_format(r->started, at);
    return err_set(e, ERR_BUSY, "load %lld, begun %s, is still under way; only one load runs at a "
                   "time", (long long)r->number, at);
}

bool state_clear(const struct model *mo, struct db *d, const char *owner, struct err *e)
{
    for (;;) {
        struct running r = { 0 };
        if (!db_query(d, load_stmt(LOAD_RUNNING), NULL, 0, take_running, &r, e)) return false;
        if (!r.any) return true;
        int64_t now = clock_now(store_clock(db_store(d)));
        if (r.run && lives(r.owner, now - r.beat)) return busy(&r, e);
        struct takeover t = { &r, owner, false };
        if (!db_write(d, take_over, &t, e)) return false;
        if (t.won && !state_take_back(mo, d, r.number, owner, e)) return false;
    }
}

/* ---- its row ---- */

#define LOAD_TABLE (&store_tables[TABLE_LOAD])
enum load_column {
    LOAD_NUMBER, LOAD_STATE, LOAD_STARTED, LOAD_FINISHED, LOAD_ACTOR, LOAD_FILES, LOAD_COUNTS,
    LOAD_DIGEST, LOAD_SEAL, LOAD_COLUMNS
};

struct record { struct val v[LOAD_COLUMNS]; struct arena a; bool found; };

static bool take_record(void *arg, const struct val *row, int n, struct err *e)
{
    struct record *r = arg;
    (void)e;
    r->found = true;
    for (int i = 0; i < n; i++) {
        r->v[i] = row[i];
        if (row[i].type == VAL_TEXT || row[i].type == VAL_BLOB)
            r->v[i].p = arena_strndup(&r->a, row[i].n ? row[i].p : "", row[i].n);
    }
    return true;
}

/* A row that was changed behind the program's back is not written anew: that would hide it. */
static bool read_record(struct tx *tx, int64_t number, struct record *r, struct err *e)
{
    struct val n = val_int(number);
    *r = (struct record){ 0 };
    if (!tx_query(tx, load_stmt(LOAD_ROW), &n, 1, take_record, r, e)) return false;
    if (!r->found) return err_set(e, ERR_NOT_FOUND, "there is no load %lld", (long long)number);
    const struct val *seal = &r->v[LOAD_SEAL];
    return (seal->type == VAL_INT && seal->i == seal_of(db_store(tx_db(tx)), LOAD_TABLE, r->v)) ||
           err_set(e, ERR_CORRUPT, "the record of load %lld was changed outside the program: see "
                   "`jiedui verify`", (long long)number);
}

bool state_save(struct tx *tx, int64_t number, enum load_state from, enum load_state to,
                const char *counts, const unsigned char *files, struct err *e)
{
    struct record r;
    int64_t changed = 0;
    bool ok = read_record(tx, number, &r, e);
    if (ok) {
        int64_t was = r.v[LOAD_SEAL].i;
        r.v[LOAD_STATE] = val_int(to);
        if (to != LOAD_STATE_PENDING) r.v[LOAD_FINISHED] = val_int(tx_now(tx));
        if (counts) r.v[LOAD_COUNTS] = val_text(counts);
        if (files) r.v[LOAD_DIGEST] = val_blob(files, DIGEST_LEN);
        int64_t seal = seal_of(db_store(tx_db(tx)), LOAD_TABLE, r.v);
        struct val p[] = { val_int(number), val_int(to), r.v[LOAD_FINISHED], r.v[LOAD_COUNTS],
                           r.v[LOAD_DIGEST], val_int(seal), val_int(from) };
        ok = tx_exec(tx, load_stmt(LOAD_SAVE), p, COUNT_OF(p), &changed, e);
        if (changed) seal_note(tx, LOAD_TABLE, was, seal);
    }
    arena_free(&r.a);
    if (!ok || changed == 1) return ok;
    if (from == LOAD_STATE_VISIBLE)
        return err_set(e, ERR_BUSY, "load %lld is being undone already", (long long)number);
    return err_set(e, ERR_CONFLICT, "load %lld is no longer pending", (long long)number);
}

/* ---- beginning and going on ---- */

static const char *file_names(struct loader *l)
{
    const char *names = l->inputs[0].name;
    for (int i = 1; i < l->n_inputs; i++)
        names = arena_printf(&l->arena, "%s\n%s", names, l->inputs[i].name);
    return names;
}

bool state_begin(struct loader *l, struct tx *tx, struct err *e)
{
    struct running r = { 0 };
    bool found;
    if (!tx_query(tx, load_stmt(LOAD_RUNNING), NULL, 0, take_running, &r, e)) return false;
    if (r.any) return busy(&r, e);
    if (!state_number(tx_db(tx), load_stmt(LOAD_NEXT), NULL, 0, &l->number, &found, e))
        return false;
    l->started = tx_now(tx);
    struct val load[LOAD_COLUMNS] = { val_int(l->number), val_int(LOAD_STATE_PENDING),
                                      val_int(l->started), val_null(), val_int(l->opt.actor),
                                      val_text(file_names(l)), val_null(), val_null() };
    struct val run[] = { load[0], val_text(l->owner), load[2] };
    int64_t seal = seal_of(l->store, LOAD_TABLE, load);
    load[LOAD_SEAL] = val_int(seal);
    seal_note(tx, LOAD_TABLE, 0, seal);
    return tx_exec(tx, load_stmt(LOAD_NEW), load, COUNT_OF(load), NULL, e)
        && tx_exec(tx, load_stmt(LOAD_RUN_NEW), run, COUNT_OF(run), NULL, e);
}

bool state_beat(struct loader *l, struct tx *tx, struct err *e)
{
    struct val p[] = { val_int(l->number), val_text(l->owner), val_int(tx_now(tx)) };
    int64_t changed;
    if (!tx_exec(tx, load_stmt(LOAD_RUN_BEAT), p, COUNT_OF(p), &changed, e)) return false;
    return changed == 1 || err_set(e, ERR_CONFLICT, "load %lld was taken over by another process",
                                   (long long)l->number);
}

/* Where its rows lie, so that they can be found again without reading whole tables. */
bool state_parts(struct loader *l, struct tx *tx, struct err *e)
{
    const void *key;
    void *value;
    for (size_t at = 0; map_next(&l->parts, &at, &key, &value);) {
        const struct part_key *k = key;
        struct part_sum *s = value;
        if (s->saved == s->last) continue;
        struct val p[] = { val_int(k->county), val_int(l->number), val_int(k->table),
                           val_int(s->first), val_int(s->last), { 0 } };
        int64_t seal = seal_of(l->store, &entity_tables[TABLE_LOAD_PART], p);
        p[5] = val_int(seal);
        if (!tx_exec(tx, load_stmt(LOAD_PART_PUT), p, COUNT_OF(p), NULL, e)) return false;
        seal_note(tx, &entity_tables[TABLE_LOAD_PART], s->seal, seal);
        s->seal = seal;
        s->saved = s->last;
    }
    return true;
}

/* ---- the end ---- */

static int by_table(const void *a, const void *b)
{
    const struct load_sum *x = a, *y = b;
    if (x->table != y->table) return x->table < y->table ? -1 : 1;
    return (x->county > y->county) - (x->county < y->county);
}

static void files_digest(struct loader *l, unsigned char out[DIGEST_LEN])
{
    struct digest d;
    digest_init(&d);
    for (int i = 0; i < l->n_inputs; i++) digest_add(&d, l->file_digests[i], DIGEST_LEN);
    digest_done(&d, out);
}

static bool journal(struct loader *l, struct tx *tx, const unsigned char files[DIGEST_LEN],
                    struct err *e)
{
    struct load_sum *sums = mem_alloc((l->parts.count + 1) * sizeof *sums);
    struct load_body body = { .number = l->number, .sums = sums };
    const void *key;
    void *value;
    struct buf b;
    for (size_t at = 0; map_next(&l->parts, &at, &key, &value);) {
        const struct part_key *k = key;
        const struct part_sum *s = value;
        if (s->count)
            sums[body.n++] = (struct load_sum){ k->table, k->county, s->count, s->sum };
    }
    qsort(sums, body.n, sizeof *sums, by_table);
    memcpy(body.files, files, DIGEST_LEN);
    buf_init(&b, (size_t)256 << 20);
    load_body_write(&b, &body);
    struct journal_entry j = { .kind = JOURNAL_LOAD, .id = l->number, .actor = l->opt.actor,
                               .body = b.p, .body_n = b.n };
    bool ok = journal_add(tx, &j, e);
    buf_free(&b);
    free(sums);
    return ok;
}

static const char *counts_text(struct loader *l)
{
    const char *text = "";
    for (int i = 0; i < l->n_inputs; i++) {
        const struct load_file_report *f = &l->report->files[i];
        text = arena_printf(&l->arena, "%s%s%s: %lld rows, %lld inserted, %lld changed, %lld "
                            "unchanged, %lld drafts, %lld refused, %lld warned", text,
                            i ? "\n" : "", l->inputs[i].name, (long long)f->rows,
                            (long long)f->inserted, (long long)f->changed, (long long)f->unchanged,
                            (long long)f->drafts, (long long)f->refused, (long long)f->warned);
    }
    return text;
}

static bool close_record(struct tx *tx, int64_t number, enum load_state state, const char *counts,
                         const unsigned char *files, struct err *e)
{
    struct val p = val_int(number);
    return state_save(tx, number, LOAD_STATE_PENDING, state, counts, files, e) &&
           tx_exec(tx, load_stmt(LOAD_RUN_DROP), &p, 1, NULL, e);
}

bool state_publish(struct loader *l, struct tx *tx, struct err *e)
{
    unsigned char files[DIGEST_LEN];
    const struct model *mo = &l->model;
    files_digest(l, files);
    if (!changes_apply(l, tx, e)) return false;
    if (mo->publish && !mo->publish(mo->observe_arg, tx, l->number, e)) return false;
    for (int i = 0; i < l->n_inputs; i++)
        if (!sheet_remember(tx, l->inputs[i].map, &l->readers[i]->sheet, e)) return false;
    return journal(l, tx, files, e)
        && close_record(tx, l->number, LOAD_STATE_VISIBLE, counts_text(l), files, e);
}

/* ---- taking back ---- */

struct removal {
    const struct model *mo;
    int64_t number;
    const char *owner;
    bool done;
    /* of one transaction */
    const struct table_map *m;
    int64_t county, first, last, seal;
    bool any;
    struct arena arena;
    struct val *keys; size_t n;        /* county, id of each row */
    struct val *claims[8]; size_t n_claims[8];
};

static bool take_part(void *arg, const struct val *row, int n, struct err *e)
{
    struct removal *r = arg;
    (void)n;
    r->any = true;
    r->county = row[0].i;
    r->m = model_number(r->mo, (uint32_t)row[1].i);
    r->first = row[2].i;
    r->last = row[3].i;
    r->seal = val_is_null(row[4]) ? 0 : row[4].i;
    return r->m || err_set(e, ERR_INVALID, "load %lld has rows of an entity this program does not "
                           "know (%lld)", (long long)r->number, (long long)row[1].i);
}

static bool take_row(void *arg, const struct val *row, int n, struct err *e)
{
    struct removal *r = arg;
    (void)n, (void)e;
    r->keys[2 * r->n] = row[ROW_COUNTY];
    r->keys[2 * r->n++ + 1] = row[ROW_ID];
    for (int k = 0; k < r->m->n_claims; k++) {
        struct val v = claim_value(r->m, &r->m->claims[k], row, &r->arena);
        if (val_is_null(v)) continue;
        struct val *to = r->claims[k] + 4 * r->n_claims[k]++;
        to[0] = val_int(r->m->claims[k].kind);
        to[1] = v.n ? val_textn(arena_strndup(&r->arena, v.p, v.n), v.n) : v;
        to[2] = row[ROW_COUNTY];
        to[3] = row[ROW_ID];
    }
    return true;
}

static int by_claim(const void *a, const void *b)
{
    const struct val *x = (const struct val *)a + 1, *y = (const struct val *)b + 1;
    int c = memcmp(x->p, y->p, x->n < y->n ? x->n : y->n);
    return c ? c : (x->n > y->n) - (x->n < y->n);
}

static bool remove_rows(struct removal *r, struct tx *tx, struct err *e)
{
    struct val p[] = { val_int(r->county), val_int(r->first - 1), val_int(r->last),
                       val_int(r->number) };
    struct stmt s = load_rows_stmt(r->m, TAKE_BACK_ROWS, &r->arena);
    r->n = 0;
    r->keys = arena_array(&r->arena, TAKE_BACK_ROWS * 2, sizeof *r->keys);
    for (int k = 0; k < r->m->n_claims; k++) {
        r->claims[k] = arena_array(&r->arena, TAKE_BACK_ROWS * 4, sizeof **r->claims);
        r->n_claims[k] = 0;
    }
    if (!tx_query(tx, &s, p, COUNT_OF(p), take_row, r, e)) return false;
    for (int k = 0; k < r->m->n_claims; k++) {
        qsort(r->claims[k], r->n_claims[k], 4 * sizeof **r->claims, by_claim);
        if (!tx_exec_many(tx, &claim_stmts.stmts[CLAIM_FREE], r->claims[k], 4, r->n_claims[k], NULL,
                          e))
            return false;
    }
    if (!tx_exec_many(tx, &r->m->stmts[ENTITY_DELETE], r->keys, 2, r->n, NULL, e)) return false;
    if (r->n == TAKE_BACK_ROWS) return true;
    struct val part[] = { val_int(r->county), val_int(r->number), val_int(r->m->entity->number) };
    seal_note(tx, &entity_tables[TABLE_LOAD_PART], r->seal, 0);
    return tx_exec(tx, load_stmt(LOAD_PART_DROP), part, COUNT_OF(part), NULL, e);
}

static bool remove_some(struct tx *tx, void *arg, struct err *e)
{
    struct removal *r = arg;
    struct val number = val_int(r->number);
    struct val beat[] = { number, val_text(r->owner), val_int(tx_now(tx)) };
    bool more;
    int64_t mine;
    size_t rows = 0;
    r->done = false;
    if (!tx_exec(tx, load_stmt(LOAD_RUN_BEAT), beat, COUNT_OF(beat), &mine, e)) return false;
    if (mine != 1)
        return err_set(e, ERR_BUSY, "load %lld is being taken back by another process",
                       (long long)r->number);
    if (!changes_drop(r->mo, tx, r->number, &more, e)) return false;
    if (more) return true;
    for (r->any = true; rows < TAKE_BACK_ROWS; rows += r->n) {
        arena_reset(&r->arena);
        r->any = false;
        if (!tx_query(tx, load_stmt(LOAD_PART_NEXT), &number, 1, take_part, r, e)) return false;
        if (!r->any) break;
        if (!remove_rows(r, tx, e)) return false;
    }
    if (r->any) return true;
    r->done = true;
    if (r->mo->discard && !r->mo->discard(r->mo->observe_arg, tx, r->number, e)) return false;
    return close_record(tx, r->number, LOAD_STATE_UNDONE, NULL, NULL, e);
}

bool state_take_back(const struct model *mo, struct db *d, int64_t number, const char *owner,
                     struct err *e)
{
    struct removal r = { .mo = mo, .number = number, .owner = owner };
    bool ok = true;
    while (ok && !r.done) ok = db_write(d, remove_some, &r, e);
    arena_free(&r.arena);
    return ok || err_context(e, "taking back load %lld", (long long)number);
}

static bool remove_record(struct tx *tx, void *arg, struct err *e)
{
    struct val number = val_int(((struct loader *)arg)->number);
    struct record r;
    bool ok = read_record(tx, number.i, &r, e);
    if (ok) seal_note(tx, LOAD_TABLE, r.v[LOAD_SEAL].i, 0);
    arena_free(&r.a);
    return ok && tx_exec(tx, load_stmt(LOAD_REMOVE), &number, 1, NULL, e);
}

bool state_remove(struct loader *l, struct err *e)
{
    return db_write(l->db, remove_record, l, e);
}
