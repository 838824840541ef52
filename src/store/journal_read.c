/* Reading the journal: the trail, one row's history, before-images, heads. */
#include "store/chain.h"
#include "store/driver.h"
#include "store/tables.h"

struct reader { journal_fn *fn; void *arg; };

static bool give_row(void *arg, const struct val *row, int n, struct err *e)
{
    const struct reader *r = arg;
    struct chain_entry c;
    if (!chain_read(row, n, &c))
        return err_set(e, ERR_CORRUPT, "the journal holds an entry that is none; `jiedui verify` "
                       "names it");
    return r->fn(r->arg, &c.row, e);
}

bool journal_walk(struct db *d, journal_fn *fn, void *arg, struct err *e)
{
    struct reader r = { fn, arg };
    return db_query(d, &store_sql[STORE_JOURNAL_WALK], NULL, 0, give_row, &r, e);
}

bool journal_of(struct db *d, uint32_t table, int64_t county, int64_t id, journal_fn *fn, void *arg,
                struct err *e)
{
    struct reader r = { fn, arg };
    struct val v[] = { val_int(county), val_int(table), val_int(id) };
    return db_query(d, &store_sql[STORE_JOURNAL_OF], v, 3, give_row, &r, e);
}

bool journal_recent(struct db *d, const struct journal_search *s, journal_fn *fn, void *arg,
                    struct err *e)
{
    struct reader r = { fn, arg };
    struct val v[] = { val_int(s->before), val_int(s->writer), val_int(s->seq), val_int(s->table),
                       val_int(s->actor), val_int(s->limit) };
    return db_query(d, &store_sql[STORE_JOURNAL_RECENT], v, 6, give_row, &r, e);
}

bool journal_one(struct db *d, int64_t writer, int64_t seq, journal_fn *fn, void *arg, struct err *e)
{
    struct reader r = { fn, arg };
    struct val v[] = { val_int(writer), val_int(seq) };
    return db_query(d, &store_sql[STORE_JOURNAL_ONE], v, 2, give_row, &r, e);
}

struct image_out { struct arena *a; struct val **row; int *n; };

static bool take_image(void *arg, const struct val *row, int n, struct err *e)
{
    struct image_out *o = arg;
    if (n != 1 || row[0].type != VAL_BLOB)
        return err_set(e, ERR_CORRUPT, "a before-image that is none");
    unsigned char *bytes = arena_alloc(o->a, row[0].n ? row[0].n : 1);
    memcpy(bytes, row[0].p, row[0].n);
    if (row[0].n == 0) return true; /* erased */
    return image_decode(bytes, row[0].n, o->a, o->row, o->n) ||
           err_set(e, ERR_CORRUPT, "a before-image that is none");
}

bool journal_image(struct db *d, int64_t writer, int64_t seq, int64_t county, struct arena *a,
                   struct val **row, int *n, struct err *e)
{
    struct image_out o = { a, row, n };
    struct val v[] = { val_int(county), val_int(writer), val_int(seq) };
    *row = NULL;
    *n = 0;
    return db_query(d, &store_sql[STORE_IMAGE_GET], v, 3, take_image, &o, e);
}

static bool add_head(void *arg, const struct val *row, int n, struct err *e)
{
    struct buf *out = arg;
    char hex[DIGEST_HEX];
    (void)n;
    if (row[1].i == 0) return true;
    if (row[2].type != VAL_BLOB || row[2].n != DIGEST_LEN)
        return err_set(e, ERR_CORRUPT, "the writer table holds a hash that is none");
    digest_hex((const unsigned char *)row[2].p, DIGEST_LEN, hex);
    buf_printf(out, "%lld %lld %s\n", (long long)row[0].i, (long long)row[1].i, hex);
    return true;
}

bool journal_heads(struct db *d, struct buf *out, struct err *e)
{
    return db_query(d, &store_sql[STORE_WRITERS], NULL, 0, add_head, out, e);
}

bool journal_after(struct db *d, int64_t writer, int64_t seq, journal_fn *fn, void *arg,
                   struct err *e)
{
    struct reader r = { fn, arg };
    struct val v[] = { val_int(writer), val_int(seq) };
    return db_query(d, &store_sql[STORE_JOURNAL_AFTER], v, 2, give_row, &r, e);
}

struct writer_list { int64_t *at; size_t n, cap; struct arena *a; };

static bool take_writer(void *arg, const struct val *row, int n, struct err *e)
{
    struct writer_list *l = arg;
    (void)n;
    (void)e;
    if (row[1].i == 0) return true;
    if (l->n == l->cap) {
        l->cap = l->cap ? l->cap * 2 : 16;
        int64_t *more = arena_array(l->a, l->cap, sizeof *more);
        if (l->n) memcpy(more, l->at, l->n * sizeof *more);
        l->at = more;
    }
    l->at[l->n++] = row[0].i;
    return true;
}

bool journal_writers(struct db *d, struct arena *a, int64_t **out, size_t *n, struct err *e)
{
    struct writer_list l = { .a = a };
    bool ok = db_query(d, &store_sql[STORE_WRITERS], NULL, 0, take_writer, &l, e);
    *out = l.at;
    *n = l.n;
    return ok;
}

bool journal_heads_at(struct db *d, int64_t at, struct buf *out, struct err *e)
{
    struct arena a = { 0 };
    int64_t *writers;
    size_t n;
    bool ok = journal_writers(d, &a, &writers, &n, e);
    for (size_t i = 0; ok && i < n; i++) {
        struct val v[] = { val_int(writers[i]), val_int(at) };
        ok = db_query(d, &store_sql[STORE_JOURNAL_BY], v, 2, add_head, out, e);
    }
    arena_free(&a);
    return ok;
}

struct looking { const unsigned char *hash; bool has; };

static bool same_hash(void *arg, const struct val *row, int n, struct err *e)
{
    struct looking *l = arg;
    (void)n;
    (void)e;
    l->has = row[0].type == VAL_BLOB && row[0].n == DIGEST_LEN &&
             memcmp(row[0].p, l->hash, DIGEST_LEN) == 0;
    return true;
}

bool journal_has(struct db *d, int64_t writer, int64_t seq, const unsigned char hash[DIGEST_LEN],
                 bool *has, struct err *e)
{
    struct looking l = { hash, false };
    struct val v[] = { val_int(writer), val_int(seq) };
    bool ok = db_query(d, &store_sql[STORE_JOURNAL_HASH], v, 2, same_hash, &l, e);
    *has = l.has;
    return ok;
}
