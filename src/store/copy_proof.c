/* The proof of a copy: what the original gave and what the target gives back, per table and
 * county. */
#include "store/chain.h"
#include "store/copy_parts.h"

#include <inttypes.h>
#include <stdarg.h>

void tallies_init(struct tallies *t)
{
    map_init(&t->map, sizeof(struct tally_key), sizeof(struct tally));
    buf_init(&t->bytes, (size_t)2 << 30);
}

void tallies_free(struct tallies *t)
{
    map_free(&t->map);
    buf_free(&t->bytes);
}

void tallies_add(struct tallies *t, const struct copy *c, int table, const struct val *row)
{
    const struct copy_table *of = &c->tables[table];
    struct tally_key key = { table, of->county >= 0 ? row[of->county].i : 0 };
    struct tally *sum = map_put(&t->map, &key, NULL);
    buf_clear(&t->bytes);
    buf_add(&t->bytes, sum->digest, DIGEST_LEN);
    image_encode(&t->bytes, row, of->t->n);
    digest_of(t->bytes.p, t->bytes.n, sum->digest);
    sum->rows++;
}

static bool read_back(struct copy *c, int table, const struct progress *progress, struct err *e)
{
    const struct copy_table *t = &c->tables[table];
    const struct val *row;
    struct cursor *cursor;
    int64_t rows = 0;
    int n;
    if (!cursor_open(&cursor, c->target, &t->all, NULL, 0, e)) return false;
    bool ok;
    while ((ok = cursor_next(cursor, &row, &n, e)) && row) {
        tallies_add(&c->has, c, table, row);
        if (progress && (++rows & 1023) == 0) progress->fn(progress->arg, t->t->name, rows);
    }
    cursor_close(cursor);
    return ok;
}

static void compare(struct copy *c, struct faults *f)
{
    const struct tally nothing = { 0 };
    const void *key;
    void *value;
    for (size_t at = 0; map_next(&c->had.map, &at, &key, &value);) {
        const struct tally_key *k = key;
        const struct tally *had = value, *has = map_get(&c->has.map, k);
        const char *name = c->tables[k->table].t->name;
        if (!has) has = &nothing;
        if (had->rows != has->rows)
            fault_tell(f, "%s, county %" PRId64 ": %" PRId64 " rows in the original, %" PRId64
                 " in the copy", name, k->county, had->rows, has->rows);
        else if (memcmp(had->digest, has->digest, DIGEST_LEN) != 0)
            fault_tell(f, "%s, county %" PRId64 ": what the %" PRId64 " rows hold is not what the "
                 "original's hold", name, k->county, had->rows);
    }
    for (size_t at = 0; map_next(&c->has.map, &at, &key, &value);) {
        const struct tally_key *k = key;
        const struct tally *has = value;
        if (!map_get(&c->had.map, k))
            fault_tell(f, "%s, county %" PRId64 ": no row in the original, %" PRId64 " in the copy",
                 c->tables[k->table].t->name, k->county, has->rows);
    }
}

bool copy_prove(struct copy *c, const struct progress *progress, struct faults *f, struct err *e)
{
    map_clear(&c->has.map);
    bool ok = db_begin_read(c->target, e);
    for (int i = 0; ok && i < c->n; i++) {
        ok = read_back(c, i, progress, e);
        if (!ok) err_context(e, "reading %s back", c->tables[i].t->name);
    }
    db_end_read(c->target);
    if (ok) compare(c, f);
    return ok;
}
