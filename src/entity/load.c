/* A load from its first row to its last transaction. */
#include "entity/load.h"

#include <stdlib.h>
#include <string.h>

#include "entity/load_run.h"
#include "entity/plan.h"

#define REFS_KEPT ((size_t)1 << 16)
#define TRIES 3

/* ---- what a transaction is told ---- */

static void *mark_open(struct tx *tx)
{
    (void)tx;
    return mem_alloc(sizeof(int64_t));
}
static size_t mark_mark(void *self)
{
    (void)self;
    return 0;
}
static void mark_rewind(void *self, size_t mark)
{
    (void)self, (void)mark;
}
static bool mark_flush(struct tx *tx, void *self, struct err *e)
{
    (void)tx, (void)self, (void)e;
    return true;
}
/* The last rank: other parts ask for it while they are flushed. */
static const struct tx_part mark_part = { .name = "load", .rank = 2000, .open = mark_open,
    .mark = mark_mark, .rewind = mark_rewind, .flush = mark_flush, .close = free };

void loader_mark(struct tx *tx, int64_t number)
{
    *(int64_t *)tx_part(tx, &mark_part) = number;
}

int64_t load_of(struct tx *tx)
{
    return *(int64_t *)tx_part(tx, &mark_part);
}

/* ---- where the load stands ---- */

bool loader_may_come(const struct loader *l, const struct table_map *t)
{
    for (int i = l->current; i < l->n_inputs; i++) {
        const struct reader *r = l->readers[i];
        if (l->inputs[i].map == t && !(r && r->ended)) return true;
    }
    return false;
}

void loader_progress(struct loader *l, const struct reader *r, bool done)
{
    if (!l->opt.progress) return;
    uint64_t here = r->source ? source_bytes(r->source) : r->in->bytes;
    struct load_progress p = { .file = r->in->path, .entity = r->m->entity->name,
        .rows = r->report->rows, .refused = l->refused, .bytes = l->bytes_before + here,
        .total = l->bytes_total, .done = done };
    l->opt.progress(l->opt.progress_arg, &p);
}

static bool sum_entries(void *arg, const struct val *row, int n, struct err *e)
{
    (void)n, (void)e;
    *(int64_t *)arg = val_is_null(row[0]) ? 0 : row[0].i;
    return true;
}

/* Entries in all chains: it moves when anybody commits anything that is journaled. */
static bool journal_length(struct loader *l, int64_t *out, struct err *e)
{
    return db_query(l->db, load_stmt(LOAD_JOURNAL_LENGTH), NULL, 0, sum_entries, out, e);
}

/* ---- reading ---- */

static struct reader *reader_now(const struct loader *l)
{
    return l->current < l->n_inputs ? l->readers[l->current] : NULL;
}

static bool open_current(struct loader *l, struct err *e)
{
    if (l->current == l->n_inputs || l->readers[l->current]) return true;
    return reader_open(&l->readers[l->current], l, l->current, e);
}

/* Fills the current file's batch. */
static bool fill(struct loader *l, struct err *e)
{
    if (!open_current(l, e)) return false;
    struct reader *r = reader_now(l);
    return !r || r->ended || reader_fill(r, e);
}

/* The same outside a transaction, so that others can write while the file is read. What was read of
 * the store may be gone when the batch is written: journal_mark tells. */
static bool fill_ahead(struct loader *l, struct err *e)
{
    if (!db_begin_read(l->db, e)) return false;
    bool ok = journal_length(l, &l->journal_mark, e) && fill(l, e);
    db_end_read(l->db);
    return ok;
}

static void finish_file(struct loader *l)
{
    struct reader *r = reader_now(l);
    source_digest(r->source, l->file_digests[l->current]);
    reader_rest(r);
    loader_progress(l, r, true);
    l->bytes_before += r->in->bytes;
    l->current++;
}

/* ---- references read before the transaction began ---- */

struct there { bool any; };

static bool take_any(void *arg, const struct val *row, int n, struct err *e)
{
    (void)row, (void)n, (void)e;
    ((struct there *)arg)->any = true;
    return true;
}

static bool check_ref(struct loader *l, struct reader *r, size_t i, int field, struct val last[2],
                      struct err *e)
{
    const struct field_plan *p = &r->m->plan[field];
    struct val id = reader_value(r, i, p->column), county = val_int(0);
    if (val_is_null(id) || r->batch.rows[i].state != ROW_NEW) return true;
    if (p->county_column >= 0) county = reader_value(r, i, p->county_column);
    else if (p->target->entity->reach == REACH_COUNTY) county = reader_value(r, i, ROW_COUNTY);
    if (val_equal(last[0], county) && val_equal(last[1], id)) return true;
    last[0] = county;
    last[1] = id;
    struct there there = { false };
    if (!db_query(l->db, &p->target->stmts[ENTITY_GET], last, 2, take_any, &there, e)) return false;
    if (!there.any) reader_refuse(r, i, field, "the row it refers to was deleted meanwhile");
    return true;
}

/* When others wrote since the batch was read, the rows it refers to are looked at again. */
static bool check_refs(struct loader *l, struct err *e)
{
    struct reader *r = reader_now(l);
    int64_t now;
    if (!r || !journal_length(l, &now, e)) return !r;
    if (now == l->journal_mark) return true;
    for (int k = 0; k < r->n_order; k++) {
        int f = r->sheet.field[r->order[k]];
        struct val last[2] = { val_null(), val_null() };
        for (size_t i = 0; r->m->field[f].type == F_REF && i < r->batch.n; i++)
            if (!check_ref(l, r, i, f, last, e)) return false;
    }
    return true;
}

/* ---- one transaction ---- */

static bool finish(struct loader *l, struct tx *tx, struct err *e)
{
    int64_t loaded = l->changes;
    for (int i = 0; i < l->n_inputs; i++) loaded += l->report->files[i].inserted;
    if (loaded == 0 || l->opt.dry_run || (l->opt.all_or_nothing && l->refused))
        l->verdict = VERDICT_NOTHING;
    for (int i = 0; i < l->n_inputs; i++)
        if (!refuse_keep(l->readers[i]->refuse, &l->report->arena,
                         &l->report->files[i].refused_path, e))
            return false;
    if (l->verdict == VERDICT_NOTHING)
        return err_set(e, ERR_INTERNAL, "nothing is to be kept of this load");
    l->verdict = VERDICT_DONE;
    return state_parts(l, tx, e) && state_publish(l, tx, e) &&
           (!l->opt.published || l->opt.published(tx, l->number, l->opt.hook_arg, e));
}

/* Writes the batch at hand, and what waited for it. */
static bool write_batch(struct loader *l, struct tx *tx, struct err *e)
{
    struct reader *r = reader_now(l);
    if (!r) return true;
    if (!batch_write(l, tx, r, e) || !reader_flush(r, e)) return false;
    bool ended = r->ended;
    if (ended) finish_file(l);
    return !(ended || hold_full(l->hold)) || hold_count(l->hold) == 0
        || hold_settle(l->hold, tx, e);
}

static bool run_slice(struct loader *l, struct tx *tx, struct err *e)
{
    l->slice_rows = 0;
    if (!l->number && !state_begin(l, tx, e)) return false;
    if (l->committed && !state_beat(l, tx, e)) return false;
    loader_mark(tx, l->number);
    if (!check_refs(l, e)) return false;
    for (;;) {
        if (l->opt.stopped && l->opt.stopped(l->opt.hook_arg)) return err_set(e, ERR_CONFLICT, "the load was stopped");
        if (!write_batch(l, tx, e)) return false;
        if (l->current == l->n_inputs) return finish(l, tx, e);
        if ((size_t)l->slice_rows >= l->slice) return state_parts(l, tx, e);
        if (!fill(l, e)) return false;
    }
}

/* A transaction that was tried cannot be tried again as it is: the files have been read on. The
 * whole load begins anew instead. */
static bool slice(struct tx *tx, void *arg, struct err *e)
{
    struct loader *l = arg;
    if (l->in_tx) return err_set(e, ERR_BUSY, "the store was busy while rows were written");
    l->in_tx = true;
    return run_slice(l, tx, e);
}

/* ---- a whole run ---- */

static void run_close(struct loader *l)
{
    for (int i = 0; i < l->n_inputs; i++) reader_close(l->readers[i]);
    hold_close(l->hold);
    lines_close(l->lines);
    map_free(&l->parts);
    l->hold = NULL;
    l->lines = NULL;
}

static void run_open(struct loader *l)
{
    l->readers = arena_array(&l->arena, (size_t)l->n_inputs, sizeof(struct reader *));
    l->file_digests = arena_array(&l->arena, (size_t)l->n_inputs, DIGEST_LEN);
    l->inserts = arena_array(&l->arena, (size_t)l->model.n, sizeof *l->inserts);
    map_init(&l->parts, sizeof(struct part_key), sizeof(struct part_sum));
    l->lines = lines_open();
    l->hold = hold_open(l);
    l->current = 0;
    l->number = l->refused = l->changes = 0;
    l->bytes_before = l->bytes_total = 0;
    l->committed = l->in_tx = false;
    l->verdict = VERDICT_GO_ON;
    for (int i = 0; i < l->n_inputs; i++) {
        struct load_file_report *f = &l->report->files[i];
        *f = (struct load_file_report){ .path = f->path, .entity = f->entity };
        l->bytes_total += l->inputs[i].bytes;
    }
}

/* A last commit whose outcome was not heard: the record tells. */
static bool was_published(struct loader *l)
{
    struct val number = val_int(l->number);
    struct err e = { 0 };
    int64_t state;
    bool found;
    return l->verdict == VERDICT_DONE
        && state_number(l->db, load_stmt(LOAD_GET), &number, 1, &state, &found, &e) && found
        && state == LOAD_STATE_VISIBLE;
}

static void forget_counts(struct loader *l)
{
    for (int i = 0; i < l->report->n; i++) {
        struct load_file_report *f = &l->report->files[i];
        if (l->opt.dry_run) continue;
        if (l->opt.all_or_nothing) f->inserted = f->changed = f->drafts = 0;
    }
    l->report->number = 0;
}

/* All slices. *again: nothing of it is left, and it may be tried once more. */
static bool run(struct loader *l, struct err *e)
{
    bool ok = true;
    while (ok && l->verdict == VERDICT_GO_ON) {
        ok = fill_ahead(l, e) && db_write(l->db, slice, l, e);
        if (!ok) break;
        l->in_tx = false;
        l->committed = true;
    }
    if (!ok && e->code == ERR_UNKNOWN && was_published(l)) ok = true;
    if (ok) {
        l->report->number = l->number;
        return true;
    }
    struct err why = { 0 };
    if (l->committed && !(state_take_back(&l->model, l->db, l->number, l->owner, &why)
                          && (l->verdict != VERDICT_NOTHING || state_remove(l, &why))))
        err_context(e, "load %lld is hidden and will be taken back by the next one (%s)",
                    (long long)l->number, why.message);
    if (l->verdict != VERDICT_NOTHING) return false;
    err_clear(e);
    forget_counts(l);
    return true;
}

static void start_report(struct loader *l)
{
    struct load_report *r = l->report;
    r->n = l->n_inputs;
    r->files = arena_array(&r->arena, (size_t)r->n, sizeof *r->files);
    for (int i = 0; i < r->n; i++) {
        r->files[i].path = arena_strdup(&r->arena, l->inputs[i].path);
        r->files[i].entity = arena_strdup(&r->arena, l->inputs[i].map->entity->name);
    }
}

static bool run_all(struct loader *l, const char *const *paths, int n, struct err *e)
{
    bool ok = false;
    if (!load_plan(&l->model, paths, n, l->opt.entity, &l->arena, &l->inputs, &l->n_inputs, e))
        return false;
    for (int i = 0; i < l->n_inputs && !l->opt.own; i++)
        if (l->inputs[i].map->entity->flags & E_OWN)
            return err_set(e, ERR_INVALID, "%s: rows of %s come from the program's own commands, "
                           "not from a sheet (jiedui schema %s says which)", l->inputs[i].path,
                           l->inputs[i].map->entity->name, l->inputs[i].map->entity->name);
    start_report(l);
    for (int attempt = 0; attempt < TRIES; attempt++) {
        ok = state_clear(&l->model, l->db, l->owner, e);
        if (!ok) return false;
        run_open(l);
        ok = run(l, e);
        bool again = !ok && (e->code == ERR_BUSY || e->code == ERR_UNKNOWN) && l->in_tx;
        run_close(l);
        if (!again) break;
    }
    return ok;
}

bool load_paths(const struct model *mo, struct store *s, const char *const *paths, int n,
                const struct load_options *opt, struct load_report *out, struct err *e)
{
    struct err own = { 0 };
    struct loader *l = mem_alloc(sizeof *l);
    if (!e) e = &own;
    *out = (struct load_report){ 0 };
    l->model = *mo;
    l->model.refs = ref_cache_open(REFS_KEPT);
    l->store = s;
    l->report = out;
    l->zone = store_zone(s);
    if (opt) l->opt = *opt;
    l->slice = l->opt.slice ? l->opt.slice : LOAD_SLICE;
    process_name(l->owner);
    bool ok = store_connect(s, DB_WRITE, &l->db, e) && run_all(l, paths, n, e);
    if (l->db) db_close(l->db);
    ref_cache_close(l->model.refs);
    arena_free(&l->arena);
    free(l);
    if (!ok) load_report_free(out);
    return ok;
}

void load_report_free(struct load_report *r)
{
    arena_free(&r->arena);
    *r = (struct load_report){ 0 };
}
