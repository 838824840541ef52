/* A batch into the store, inside a slice's transaction. Whether a row is there already is found by
 * the write itself: the claim of a nation-wide key, or the insert, changes nothing when the key is
 * taken. So a load of new rows asks the store nothing. Claims go in by rising value and rows by
 * county and id, which keeps the pages that are written few. */
#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "entity/load_run.h"

#define CHUNK 128

struct item { struct val value; uint64_t prefix; uint32_t row; };

struct job {
    struct loader *l;
    struct tx *tx;
    struct reader *r;
    struct batch *b;
    const struct table_map *m;
    uint32_t *order; size_t n;         /* rows by county */
    struct val *rows;                  /* CHUNK whole rows */
    uint32_t at[CHUNK];
    size_t chunk;
    bool keyed;                        /* the natural key is a claim */
    bool observe_late;                 /* rows may still go after they are inserted */
    struct copied copied;              /* from the rows that these belong to */
    struct part_key part;              /* the sum last added to */
    struct part_sum *sum;
};

static bool tell(const struct job *j, const struct val *row, struct err *e)
{
    const struct model *mo = &j->l->model;
    return !mo->observe || mo->observe(mo->observe_arg, j->tx, j->m, NULL, row, e);
}

/* ---- order and ids ---- */

static int by_county(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    if (x->value.i != y->value.i) return x->value.i < y->value.i ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static void sort_rows(struct job *j)
{
    struct batch *b = j->b;
    bool sorted = true;
    j->order = arena_array(&b->arena, b->n, sizeof *j->order);
    for (size_t i = 0; i < b->n; i++) {
        j->order[i] = (uint32_t)i;
        sorted = sorted && (i == 0 || b->rows[i - 1].county <= b->rows[i].county);
    }
    j->n = b->n;
    if (sorted) return;
    struct item *x = mem_alloc(b->n * sizeof *x);
    for (size_t i = 0; i < b->n; i++)
        x[i] = (struct item){ .value = val_int(b->rows[i].county), .row = (uint32_t)i };
    qsort(x, b->n, sizeof *x, by_county);
    for (size_t i = 0; i < b->n; i++) j->order[i] = x[i].row;
    free(x);
}

static void give_ids(struct job *j)
{
    int64_t id = tx_ids(j->tx, j->n);
    for (size_t i = 0; i < j->n; i++, id = id_step(id)) {
        struct batch_row *b = &j->b->rows[j->order[i]];
        b->id = b->held >= 0 ? hold_id(j->l->hold, b->held) : 0;
        if (!b->id) b->id = id;
    }
}

/* ---- claims ---- */

static int by_value(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    if (x->prefix != y->prefix) return x->prefix < y->prefix ? -1 : 1;
    uint32_t n = x->value.n < y->value.n ? x->value.n : y->value.n;
    int c = memcmp(x->value.p, y->value.p, n);
    if (c) return c;
    if (x->value.n != y->value.n) return x->value.n < y->value.n ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* The first bytes as a number: most comparisons need no more. */
static uint64_t prefix_of(struct val v)
{
    unsigned char first[8] = { 0 };
    uint64_t p = 0;
    memcpy(first, v.p, v.n < 8 ? v.n : 8);
    for (int i = 0; i < 8; i++) p = p << 8 | first[i];
    return p;
}

static struct val value_of(const struct job *j, const struct claim *c, size_t i, struct val *row)
{
    for (int k = 0; k < c->n; k++) {
        int f = c->fields[k];
        row[j->m->column[f]] = reader_value(j->r, i, j->m->column[f]);
        if (j->m->county_column[f] >= 0)
            row[j->m->county_column[f]] = reader_value(j->r, i, j->m->county_column[f]);
    }
    if (j->m->left >= 0) row[j->m->column[j->m->left]] = val_null();
    return claim_value(j->m, c, row, &j->b->arena);
}

/* The claims of one kind of all rows that are to be inserted, by value. */
static struct item *collect(const struct job *j, const struct claim *c, size_t *n)
{
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct item *x = mem_alloc((j->n + 1) * sizeof *x);
    *n = 0;
    for (size_t k = 0; k < j->n; k++) {
        uint32_t i = j->order[k];
        if (j->b->rows[i].state != ROW_NEW) continue;
        struct val v = value_of(j, c, i, row);
        if (val_is_null(v)) continue;
        x[(*n)++] = (struct item){ v, prefix_of(v), i };
    }
    bool sorted = true;
    for (size_t k = 1; k < *n && sorted; k++) sorted = by_value(&x[k - 1], &x[k]) <= 0;
    if (!sorted) qsort(x, *n, sizeof *x, by_value);
    return x;
}

static bool claim_exec(const struct job *j, enum claim_stmt which, const struct claim *c,
                       struct val value, size_t i, int64_t *changed, struct err *e)
{
    const struct batch_row *b = &j->b->rows[i];
    struct val p[4] = { val_int(c->kind), value, val_int(b->county), val_int(b->id) };
    return tx_exec(j->tx, &claim_stmts.stmts[which], p, 4, changed, e);
}

/* What this row has claimed so far goes back: it will not be inserted, or no longer be there. */
static bool free_claims(struct job *j, const struct claim *before, size_t i, struct err *e)
{
    struct val row[ENTITY_MAX_COLUMNS + 1];
    for (const struct claim *c = j->m->claims; c < before; c++) {
        struct val v = value_of(j, c, i, row);
        if (!val_is_null(v) && !claim_exec(j, CLAIM_FREE, c, v, i, NULL, e)) return false;
    }
    return true;
}

static struct part_sum *sum_of(struct job *j, int64_t county);

/* Another row has a value that only one may have. */
static bool refuse_taken(struct job *j, const struct claim *c, size_t i, const char *other,
                         struct err *e)
{
    struct batch_row *b = &j->b->rows[i];
    const char *name = j->m->field[c->fields[c->n - 1]].name;
    if (!free_claims(j, c, i, e)) return false;
    if (!j->keyed) {                    /* it is in the table already */
        struct val p[2] = { val_int(b->county), val_int(b->id) };
        struct part_sum *sum = sum_of(j, b->county);
        if (!tx_exec(j->tx, &j->m->stmts[ENTITY_DELETE], p, 2, NULL, e)) return false;
        sum->count--;
        sum->sum -= (uint64_t)b->digest;
    }
    reader_refuse(j->r, i, c->fields[c->n - 1],
                  arena_printf(&j->b->arena, "%s has the same %s", other, name));
    return true;
}

struct holder { int64_t county, id; bool found; };

static bool take_holder(void *arg, const struct val *row, int n, struct err *e)
{
    (void)n, (void)e;
    *(struct holder *)arg = (struct holder){ row[0].i, row[1].i, true };
    return true;
}

/* The value was taken before this batch. */
static bool claim_lost(struct job *j, const struct claim *c, const struct item *x, struct err *e)
{
    struct val p[2] = { val_int(c->kind), x->value };
    struct holder h = { 0 };
    bool vacant = false;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    if (!tx_query(j->tx, &claim_stmts.stmts[CLAIM_HOLDER], p, 2, take_holder, &h, e)) return false;
    if (j->keyed && c == j->m->claims) {
        if (h.found && !match_row(j->l, j->tx, j->r, x->row, h.county, h.id, &vacant, e))
            return false;
    } else {
        bool there = false;
        if (h.found && !row_get(tx_db(j->tx), j->m, h.county, h.id, &j->b->arena, row, &there, e))
            return false;
        vacant = !there;
        if (there) {
            bool ours = row[ROW_LOAD].i == j->l->number;
            return refuse_taken(j, c, x->row, ours ? line_text(j->l, j->r, h.id)
                                : arena_printf(&j->b->arena, "another row of %s",
                                               j->m->entity->name), e);
        }
    }
    if (!vacant && h.found) return true;
    /* Left behind by a row that is gone: free it, and take it for this one. */
    struct val left[4] = { p[0], p[1], val_int(h.county), val_int(h.id) };
    int64_t changed;
    if (h.found && !tx_exec(j->tx, &claim_stmts.stmts[CLAIM_FREE], left, 4, NULL, e)) return false;
    return claim_exec(j, CLAIM_TAKE, c, x->value, x->row, &changed, e);
}

/* The same value twice in the batch: the first row keeps it. */
static bool claim_twice(struct job *j, const struct claim *c, const struct item *first,
                        const struct item *x, struct err *e)
{
    struct place_in_file at = { j->r->index, j->b->rows[first->row].line };
    const char *where = where_text(j->l, j->r, at);
    if (!(j->keyed && c == j->m->claims)) return refuse_taken(j, c, x->row, where, e);
    reader_refuse(j->r, x->row, c->fields[c->n - 1],
                  arena_printf(&j->b->arena, "given twice: %s has the same %s", where,
                               j->m->field[c->fields[c->n - 1]].name));
    return true;
}

static bool same_value(const struct item *a, const struct item *b)
{
    return a->prefix == b->prefix && val_equal(a->value, b->value);
}

static bool take_chunk(struct job *j, const struct claim *c, struct item *x, size_t n,
                       struct err *e)
{
    struct val p[CHUNK * 4];
    unsigned char taken[CHUNK];
    for (size_t k = 0; k < n; k++) {
        const struct batch_row *b = &j->b->rows[x[k].row];
        p[4 * k] = val_int(c->kind);
        p[4 * k + 1] = x[k].value;
        p[4 * k + 2] = val_int(b->county);
        p[4 * k + 3] = val_int(b->id);
    }
    if (!tx_exec_many(j->tx, &claim_stmts.stmts[CLAIM_TAKE], p, 4, n, taken, e)) return false;
    for (size_t k = 0; k < n; k++)
        if (!taken[k] && !claim_lost(j, c, &x[k], e)) return false;
    return true;
}

/* Takes the claims of one kind for all new rows. */
static bool take_claims(struct job *j, const struct claim *c, struct err *e)
{
    size_t n, m = 0;
    bool ok = true;
    struct item *x = collect(j, c, &n);
    /* Rows given twice go first, so that their other claims are not even tried. */
    for (size_t k = 0; k < n && ok; k++) {
        if (m && same_value(&x[m - 1], &x[k])) ok = claim_twice(j, c, &x[m - 1], &x[k], e);
        else x[m++] = x[k];
    }
    for (size_t k = 0; k < m && ok; k += CHUNK)
        ok = take_chunk(j, c, x + k, m - k < CHUNK ? m - k : CHUNK, e);
    free(x);
    return ok;
}

/* ---- rows ---- */

static struct part_sum *sum_of(struct job *j, int64_t county)
{
    if (j->sum && j->part.county == county) return j->sum;
    j->part = (struct part_key){ .table = j->m->entity->number, .county = county };
    return j->sum = map_put(&j->l->parts, &j->part, NULL);
}

static bool inserted(struct job *j, size_t k, struct err *e)
{
    struct batch_row *b = &j->b->rows[j->at[k]];
    struct part_sum *sum = sum_of(j, b->county);
    if (!sum->first || b->id < sum->first) sum->first = b->id;
    if (b->id > sum->last) sum->last = b->id;
    sum->count++;
    sum->sum += (uint64_t)b->digest;
    if (!lines_new(j->l->lines, b->id, (struct place_in_file){ j->r->index, b->line }, e))
        return false;
    return j->observe_late || tell(j, j->rows + k * (size_t)(j->m->columns + 1), e);
}

struct first { int64_t id; bool found; };

static bool take_first(void *arg, const struct val *row, int n, struct err *e)
{
    (void)n, (void)e;
    *(struct first *)arg = (struct first){ row[0].i, true };
    return true;
}

/* The row of this county that has the batch row's key, if any. */
static bool by_key(struct job *j, const struct val *row, struct first *f, struct err *e)
{
    struct val p[2 * 16 + 1] = { row[ROW_COUNTY] };
    int n = 1;
    for (int k = 0; k < j->m->n_key; k++) {
        int c = j->m->county_column[j->m->key[k]];
        if (c >= 0) p[n++] = row[c];
        p[n++] = row[j->m->column[j->m->key[k]]];
    }
    return tx_query(j->tx, &j->m->stmts[ENTITY_BY_KEY], p, n, take_first, f, e);
}

static bool insert_lost(struct job *j, size_t k, struct err *e)
{
    const struct val *row = j->rows + k * (size_t)(j->m->columns + 1);
    struct first f = { 0 };
    bool vacant;
    if (!by_key(j, row, &f, e)) return false;
    if (!f.found)
        return err_set(e, ERR_INTERNAL, "%s: a row was not inserted, yet none has its key",
                       j->m->entity->name);
    return match_row(j->l, j->tx, j->r, j->at[k], row[ROW_COUNTY].i, f.id, &vacant, e);
}

static void digest_rows(struct job *j, size_t n)
{
    const struct row_key *k = store_row_key(j->l->store);
    size_t columns = (size_t)j->m->columns;
    int64_t digests[CHUNK];
    row_digests_named(k, j->m->entity->number, j->m->tags, j->rows, columns, columns + 1, n,
                      digests);
    for (size_t i = 0; i < n; i++) {
        j->b->rows[j->at[i]].digest = digests[i];
        j->rows[i * (columns + 1) + columns] = val_int(digests[i]);
    }
}

static bool flush_rows(struct job *j, struct err *e)
{
    unsigned char done[CHUNK];
    const struct stmt *s = &j->l->inserts[j->m - j->l->model.maps];
    size_t n = j->chunk;
    j->chunk = 0;
    digest_rows(j, n);
    if (!tx_exec_many(j->tx, s, j->rows, j->m->columns + 1, n, done, e)) return false;
    for (size_t k = 0; k < n; k++)
        if (done[k] && !inserted(j, k, e)) return false;
    for (size_t k = 0; k < n; k++)
        if (!done[k] && !insert_lost(j, k, e)) return false;
    return true;
}

/* A key of which a part is missing is not kept to one row by the index. */
static bool key_has_gap(const struct job *j, size_t i)
{
    for (int k = 0; k < j->m->n_key; k++)
        if (val_is_null(reader_value(j->r, i, j->m->column[j->m->key[k]]))) return true;
    return false;
}

static bool match_gap(struct job *j, size_t i, struct err *e)
{
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct first f = { 0 };
    bool vacant;
    if (!flush_rows(j, e)) return false;
    reader_row(j->r, i, row);
    if (!by_key(j, row, &f, e)) return false;
    return !f.found || match_row(j->l, j->tx, j->r, i, row[ROW_COUNTY].i, f.id, &vacant, e);
}

/* Batch row i as it is inserted, but for the digest. */
static void whole_row(const struct job *j, size_t i, struct val *row)
{
    reader_row(j->r, i, row);
    row[ROW_ID] = val_int(j->b->rows[i].id);
    row[ROW_RECORDED] = val_int(tx_now(j->tx));
    row[ROW_LOAD] = val_int(j->l->number);
    copied_lay(&j->copied, i, row);
}

static void add_row(struct job *j, size_t i)
{
    whole_row(j, i, j->rows + j->chunk * (size_t)(j->m->columns + 1));
    j->at[j->chunk++] = (uint32_t)i;
}

static bool insert_rows(struct job *j, struct err *e)
{
    bool gaps = false;
    for (int k = 0; k < j->m->n_key && !(j->keyed); k++)
        gaps = gaps || !(j->m->field[j->m->key[k]].flags & F_REQUIRED);
    for (size_t k = 0; k < j->n; k++) {
        uint32_t i = j->order[k];
        if (j->b->rows[i].state != ROW_NEW) continue;
        bool gap = gaps && key_has_gap(j, i);
        if (gap && !match_gap(j, i, e)) return false;
        if (j->b->rows[i].state != ROW_NEW) continue;
        add_row(j, i);
        if ((j->chunk == CHUNK || gap) && !flush_rows(j, e)) return false;
    }
    return flush_rows(j, e);
}

static bool observe_rows(struct job *j, struct err *e)
{
    struct val *row = j->rows;
    for (size_t k = 0; k < j->n; k++) {
        const struct batch_row *b = &j->b->rows[j->order[k]];
        if (b->state != ROW_NEW) continue;
        whole_row(j, j->order[k], row);
        row[j->m->columns] = val_int(b->digest);
        if (!tell(j, row, e)) return false;
    }
    return true;
}

static void count(const struct job *j)
{
    struct load_file_report *f = j->r->report;
    for (size_t i = 0; i < j->b->n; i++) {
        const struct batch_row *b = &j->b->rows[i];
        if (b->state == ROW_REFUSED) continue;
        f->inserted += b->state == ROW_NEW;
        f->changed += b->state == ROW_CHANGED;
        f->unchanged += b->state == ROW_SAME;
        f->warned += b->warned;
        f->drafts += b->draft && b->state != ROW_SAME;
    }
}

/* Rows of before a move, as an export has them: moves are made by their command alone. */
static bool pass_left(struct job *j, struct err *e)
{
    struct val row[ENTITY_MAX_COLUMNS + 1];
    for (size_t i = 0; i < j->b->n; i++) {
        const struct batch_row *b = &j->b->rows[i];
        if (b->state != ROW_NEW || !b->left) continue;
        struct val p[2] = { val_int(j->m->claims->kind), value_of(j, j->m->claims, i, row) };
        struct holder h = { 0 };
        if (!tx_query(j->tx, &claim_stmts.stmts[CLAIM_HOLDER], p, 2, take_holder, &h, e))
            return false;
        if (h.found && !match_left(j->l, j->tx, j->r, i, h.county, h.id, e)) return false;
        if (!h.found)
            reader_refuse(j->r, i, j->m->home, arena_printf(&j->b->arena, "a row that left its "
                          "county is not loaded: load where it is now, or write its move with "
                          "jiedui move %s", j->m->entity->name));
    }
    return true;
}

static bool write_rows(struct job *j, struct err *e)
{
    const struct claim *c = j->m->claims, *end = c + j->m->n_claims;
    if (j->keyed && j->m->left >= 0 && !pass_left(j, e)) return false;
    sort_rows(j);
    if (!copied_read(&j->copied, j->l, j->tx, j->r, j->order, j->n, e)) return false;
    give_ids(j);
    for (; j->keyed && c < end; c++)
        if (!take_claims(j, c, e)) return false;
    if (!insert_rows(j, e)) return false;
    for (; c < end; c++)
        if (!take_claims(j, c, e)) return false;
    return !j->observe_late || observe_rows(j, e);
}

bool batch_write(struct loader *l, struct tx *tx, struct reader *r, struct err *e)
{
    struct job j = { .l = l, .tx = tx, .r = r, .b = &r->batch, .m = r->m };
    if (r->batch.n == 0) return true;
    reader_check(r);
    struct stmt *s = &l->inserts[j.m - l->model.maps];
    if (!s->sql) *s = load_insert_stmt(j.m, &l->arena);
    j.keyed = j.m->key_national && j.m->entity->reach == REACH_COUNTY;
    j.observe_late = !j.keyed && j.m->n_claims > 0 && l->model.observe;
    j.rows = mem_alloc(CHUNK * (size_t)(j.m->columns + 1) * sizeof *j.rows);
    bool ok = write_rows(&j, e);
    free(j.rows);
    if (ok) count(&j);
    l->slice_rows += (int64_t)r->batch.n;
    return ok;
}
