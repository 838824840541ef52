#include "entity/load_body.h"

#include <string.h>

#define HEAD_BYTES (8 + DIGEST_LEN + 4)
#define SUM_BYTES 28

static void put(struct buf *b, uint64_t v, int bytes)
{
    for (int i = 0; i < bytes; i++) buf_char(b, (char)(unsigned char)(v >> 8 * i));
}

static uint64_t take(const unsigned char **p, int bytes)
{
    uint64_t v = 0;
    for (int i = 0; i < bytes; i++) v |= (uint64_t)(*p)[i] << 8 * i;
    *p += bytes;
    return v;
}

void load_body_write(struct buf *b, const struct load_body *l)
{
    put(b, (uint64_t)l->number, 8);
    buf_add(b, l->files, DIGEST_LEN);
    put(b, l->n, 4);
    for (size_t i = 0; i < l->n; i++) {
        put(b, l->sums[i].table, 4);
        put(b, (uint64_t)l->sums[i].county, 8);
        put(b, (uint64_t)l->sums[i].count, 8);
        put(b, l->sums[i].sum, 8);
    }
}

bool load_body_read(const void *p, size_t n, struct load_body *out, struct arena *a, struct err *e)
{
    const unsigned char *at = p;
    if (n < HEAD_BYTES) return err_set(e, ERR_CORRUPT, "a load's journal entry is cut short");
    *out = (struct load_body){ .number = (int64_t)take(&at, 8) };
    memcpy(out->files, at, DIGEST_LEN);
    at += DIGEST_LEN;
    out->n = take(&at, 4);
    if (n - HEAD_BYTES != out->n * SUM_BYTES)
        return err_set(e, ERR_CORRUPT, "the journal entry of load %lld has %zu bytes where its %zu "
                       "sums take %zu", (long long)out->number, n, out->n,
                       HEAD_BYTES + out->n * SUM_BYTES);
    struct load_sum *sums = arena_array(a, out->n + 1, sizeof *sums);
    for (size_t i = 0; i < out->n; i++) {
        sums[i].table = (uint32_t)take(&at, 4);
        sums[i].county = (int64_t)take(&at, 8);
        sums[i].count = (int64_t)take(&at, 8);
        sums[i].sum = take(&at, 8);
    }
    out->sums = sums;
    return true;
}

void undo_body_write(struct buf *b, int64_t number)
{
    put(b, (uint64_t)number, 8);
}

bool undo_body_read(const void *p, size_t n, int64_t *number, struct err *e)
{
    const unsigned char *at = p;
    if (n != 8) return err_set(e, ERR_CORRUPT, "an undo's journal entry has %zu bytes, not 8", n);
    *number = (int64_t)take(&at, 8);
    return true;
}
