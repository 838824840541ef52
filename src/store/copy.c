/* A copy from its beginning, when the target is looked at and marked, to its end, when the mark
 * goes. */
#include "store/copy_parts.h"
#include "store/tables.h"

#include <stdlib.h>

/* A great table takes longer than a page may. */
static bool take_your_time(struct db *d, struct err *e)
{
    return d->driver->engine != ENGINE_POSTGRES ||
           d->driver->script(d, "set statement_timeout = 0; "
                                "set idle_in_transaction_session_timeout = 0", e);
}

static bool read_original(struct copy *c, struct err *e)
{
    if (!c->from->has_schema)
        return err_set(e, ERR_INVALID, "%s is no store: there is nothing to copy", c->from->shown);
    return store_connect(c->from, DB_READ, &c->source, e) && take_your_time(c->source, e) &&
           db_begin_read(c->source, e) && journal_heads(c->source, &c->heads, e);
}

/* A target without settings must have no table of ours. */
static bool target_empty(struct copy *c, struct err *e)
{
    for (int i = 0; i < c->n; i++) {
        bool there;
        if (!store_table_exists(c->writer, c->tables[i].t->name, &there, e)) return false;
        if (there)
            return err_set(e, ERR_CONFLICT, "%s is not empty: it has a table %s", c->to->shown,
                           c->tables[i].t->name);
    }
    return true;
}

static bool target_fits(struct copy *c, struct err *e)
{
    if (!c->to->has_schema) return target_empty(c, e);
    if (!c->to->incomplete)
        return err_set(e, ERR_CONFLICT, "%s is a store already; a copy overwrites nothing",
                       c->to->shown);
    c->again = true;
    if (memcmp(c->to->key, c->from->key, sizeof c->to->key) != 0)
        return err_set(e, ERR_CONFLICT, "%s is an incomplete copy of another store",
                       c->to->shown);
    return true;
}

static bool mark_target(struct copy *c, struct err *e)
{
    const struct table **all = arena_array(&c->arena, (size_t)c->n, sizeof *all);
    unsigned char noise[8];
    char token[17];
    struct buf b;
    random_bytes(noise, sizeof noise);
    digest_hex(noise, sizeof noise, token);
    buf_init(&b, 4096);
    buf_printf(&b, "%s %s", token, c->from->shown);
    c->mark = mem_strdup(b.p);
    buf_free(&b);
    for (int i = 0; i < c->n; i++) all[i] = c->tables[i].bare;
    return schema_copy(c->to, c->from, c->mark, all, c->n, e);
}

bool copy_open(struct copy **out, struct store *from, const char *to,
               const struct table *const *tables, int n, struct err *e)
{
    struct copy *c = mem_alloc(sizeof *c);
    struct store_options so = { .clock = from->opt.clock, .create = true, .incomplete = true };
    c->from = from;
    tallies_init(&c->had);
    tallies_init(&c->has);
    buf_init(&c->heads, (size_t)1 << 20);
    buf_init(&c->left, (size_t)1 << 20);
    bool ok = read_original(c, e) && copy_plan(c, tables, n, e) && store_open(&c->to, to, &so, e) &&
              store_connect(c->to, DB_WRITE, &c->writer, e) && target_fits(c, e) &&
              mark_target(c, e) && store_connect(c->to, DB_READ, &c->target, e) &&
              take_your_time(c->target, e);
    *out = ok ? c : NULL;
    if (!ok) copy_close(c);
    return ok;
}

static bool unmark(struct tx *tx, void *arg, struct err *e)
{
    const struct copy *c = arg;
    struct val name = val_text(SETTING_INCOMPLETE);
    int64_t changed;
    if (!tx_exec(tx, &store_sql[STORE_SETTING_DROP], &name, 1, &changed, e)) return false;
    return changed == 1 || err_set(e, ERR_CONFLICT, "%s lost its mark", c->to->shown);
}

/* The server is told how much came, so that the first questions are not answered by guess. */
bool copy_finish(struct copy *c, struct err *e)
{
    if (c->to->engine == ENGINE_POSTGRES &&
        !c->writer->driver->script(c->writer, "set statement_timeout = 0; analyze", e))
        return false;
    return db_write_as(c->writer, true, unmark, c, e);
}

static int by_county(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int64_t distinct_counties(const struct copy *c)
{
    int64_t *at = mem_alloc((c->had.map.count + 1) * sizeof *at), distinct = 0;
    size_t n = 0;
    const void *key;
    void *value;
    for (size_t i = 0; map_next(&c->had.map, &i, &key, &value);) {
        const struct tally_key *k = key;
        if (c->tables[k->table].county >= 0 && k->county > 0) at[n++] = k->county;
    }
    qsort(at, n, sizeof *at, by_county);
    for (size_t i = 0; i < n; i++) distinct += i == 0 || at[i] != at[i - 1];
    free(at);
    return distinct;
}

struct copy_report copy_report(const struct copy *c)
{
    return (struct copy_report){ .tables = c->n, .counties = distinct_counties(c), .rows = c->rows,
                                 .kept = c->kept, .heads = c->heads.p, .left = c->left.p };
}

void copy_close(struct copy *c)
{
    if (!c) return;
    db_close(c->source);
    db_close(c->target);
    db_close(c->writer);
    store_close(c->to);
    tallies_free(&c->had);
    tallies_free(&c->has);
    buf_free(&c->heads);
    buf_free(&c->left);
    free(c->mark);
    arena_free(&c->arena);
    free(c);
}
