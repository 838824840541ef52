/* Writing the journal: entries are kept in the transaction, and chained and written at its end. */
#include "store/chain.h"
#include "store/driver.h"
#include "store/tables.h"

#include <stdlib.h>
#include "base/log.h"

#define FLUSH_ROWS 256
#define EARLY_ENTRIES 4096

struct item {
    struct journal_entry entry;
    const void *image;           /* encoded */
    size_t image_n;
    struct arena_mark mark;      /* of the arena before this entry */
};
#define TABLES 256              /* numbers of entities are smaller */
struct pending { struct arena arena; struct item *items; size_t n, cap; struct buf scratch;
                 int64_t added[TABLES]; };

static void *part_open(struct tx *tx)
{
    struct pending *p = mem_alloc(sizeof *p);
    (void)tx;
    arena_init(&p->arena, (size_t)4 << 30);
    buf_init(&p->scratch, (size_t)1 << 30);
    return p;
}

static void part_close(void *self)
{
    struct pending *p = self;
    arena_free(&p->arena);
    buf_free(&p->scratch);
    free(p->items);
    free(p);
}

static size_t part_mark(void *self)
{
    return ((struct pending *)self)->n;
}

static void part_rewind(void *self, size_t mark)
{
    struct pending *p = self;
    if (mark >= p->n) return;
    arena_rewind(&p->arena, p->items[mark].mark);
    p->n = mark;
}

/* One run of entries into the chain, as rows for the two tables. */
struct run {
    struct val rows[FLUSH_ROWS][CHAIN_COLUMNS];
    unsigned char hashes[FLUSH_ROWS][DIGEST_LEN], digests[FLUSH_ROWS][DIGEST_LEN];
    struct val images[FLUSH_ROWS][4];
    size_t n, n_images;
};

static void chain_one(struct run *r, const struct item *it, struct head *h, int64_t now)
{
    const struct journal_entry *j = &it->entry;
    unsigned char *hash = r->hashes[r->n], *digest = r->digests[r->n];
    struct chain_entry c = { .row = {
        .writer = h->number, .seq = h->seq + 1, .at = now, .actor = j->actor,
        .county = j->county, .id = j->id, .before = j->before, .after = j->after,
        .kind = j->kind, .table = j->table, .body = j->body, .body_n = j->body_n } };
    if (it->image) {
        digest_of(it->image, it->image_n, digest);
        c.image = digest;
        struct val *v = r->images[r->n_images++];
        v[0] = val_int(j->county);
        v[1] = val_int(h->number);
        v[2] = val_int(h->seq + 1);
        v[3] = val_blob(it->image, it->image_n);
    }
    chain_hash(h->hash, &c, hash);
    struct val *v = r->rows[r->n++];
    const int64_t numbers[] = { j->county, h->number, h->seq + 1, now, j->actor, j->kind, j->table,
                                j->id, j->before, j->after };
    for (int i = 0; i < 10; i++) v[i] = val_int(numbers[i]);
    v[10] = j->body ? val_blob(j->body, j->body_n) : val_null();
    v[11] = it->image ? val_blob(digest, DIGEST_LEN) : val_null();
    v[12] = val_blob(hash, DIGEST_LEN);
    memcpy(h->hash, hash, DIGEST_LEN);
    h->seq++;
}

static bool part_flush(struct tx *tx, void *self, struct err *e)
{
    struct pending *p = self;
    bool ok = true;
    if (p->n == 0) return true;
    struct run *r = mem_alloc(sizeof *r);
    for (size_t at = 0; ok && at < p->n;) {
        r->n = r->n_images = 0;
        for (; at < p->n && r->n < FLUSH_ROWS; at++)
            chain_one(r, &p->items[at], &tx->head, tx->now);
        ok = tx_exec_many(tx, &store_sql[STORE_JOURNAL_ADD], r->rows[0], CHAIN_COLUMNS, r->n, NULL,
                          e) &&
             tx_exec_many(tx, &store_sql[STORE_IMAGE_ADD], r->images[0], 4, r->n_images, NULL, e);
    }
    free(r);
    tx->dirty = true;
    return ok;
}

/* The highest rank: what other parts do at their flush is journaled too. */
static const struct tx_part journal_part = {
    .name = "journal", .rank = 1000, .open = part_open, .mark = part_mark, .rewind = part_rewind,
    .flush = part_flush, .close = part_close,
};

bool journal_early(struct tx *tx, struct err *e)
{
    struct pending *p = tx_part(tx, &journal_part);
    if (p->n < EARLY_ENTRIES) return true;
    if (!part_flush(tx, p, e)) return false;
    p->n = 0;
    arena_reset(&p->arena);
    return true;
}

static const void *copy(struct arena *a, const void *p, size_t n)
{
    void *c = arena_alloc(a, n ? n : 1);
    if (n) memcpy(c, p, n);
    return c;
}

bool journal_add(struct tx *tx, const struct journal_entry *j, struct err *e)
{
    if (j->kind < JOURNAL_INSERT || j->kind > JOURNAL_NOTE)
        return err_set(e, ERR_INTERNAL, "a journal entry of no kind");
    if (tx->bare) return err_set(e, ERR_INTERNAL, "there is no journal yet");
    if (j->body_n > UINT32_MAX / 2) return err_set(e, ERR_INTERNAL, "a journal entry too long");
    struct pending *p = tx_part(tx, &journal_part);
    p->items = mem_more(p->items, p->n, &p->cap, sizeof *p->items);
    struct item *it = &p->items[p->n];
    *it = (struct item){ .entry = *j, .mark = arena_mark(&p->arena) };
    it->entry.body = j->body ? copy(&p->arena, j->body, j->body_n) : NULL;
    if (!j->body) it->entry.body_n = 0;
    if (j->image) {
        buf_clear(&p->scratch);
        image_encode(&p->scratch, j->image, j->image_n);
        if (p->scratch.over) return err_set(e, ERR_INVALID, "a row too long to keep as it was");
        it->image = copy(&p->arena, p->scratch.p, p->scratch.n);
        it->image_n = p->scratch.n;
    }
    it->entry.image = NULL;
    p->n++;
    p->added[j->table % TABLES]++;
    return true;
}

int64_t journal_added(struct tx *tx, uint32_t table)
{
    const struct pending *p = tx_part(tx, &journal_part);
    return p->added[table % TABLES];
}

bool journal_position(struct tx *tx, int64_t *out, struct err *e)
{
    return db_int(tx->db, &store_sql[STORE_WRITERS_SUM], NULL, 0, out, NULL, e);
}

int64_t journal_end(const struct tx *tx, int64_t position)
{
    return position + tx->head.seq - tx->began;
}
