#include "store/chain.h"

static unsigned char *put8(unsigned char *p, int64_t v)
{
    for (int i = 0; i < 8; i++) *p++ = (unsigned char)((uint64_t)v >> (8 * i));
    return p;
}

static unsigned char *put4(unsigned char *p, uint32_t v)
{
    for (int i = 0; i < 4; i++) *p++ = (unsigned char)(v >> (8 * i));
    return p;
}

void chain_hash(const unsigned char before[DIGEST_LEN], const struct chain_entry *c,
                unsigned char out[DIGEST_LEN])
{
    const struct journal_row *r = &c->row;
    const int64_t numbers[] = { r->writer, r->seq, r->at, r->actor,
                                r->county, r->id, r->before, r->after };
    unsigned char fixed[DIGEST_LEN + 8 * 8 + 3 * 4], *p = fixed + DIGEST_LEN;
    struct digest d;
    memcpy(fixed, before, DIGEST_LEN);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) p = put8(p, numbers[i]);
    p = put4(p, (uint32_t)r->kind);
    p = put4(p, r->table);
    put4(p, r->body ? (uint32_t)r->body_n + 1 : 0);
    digest_init(&d);
    digest_add(&d, fixed, sizeof fixed);
    if (r->body_n) digest_add(&d, r->body, r->body_n);
    if (c->image) digest_add(&d, c->image, DIGEST_LEN);
    digest_done(&d, out);
}

static bool is_digest(const struct val *v)
{
    return v->type == VAL_BLOB && v->n == DIGEST_LEN;
}

bool chain_read(const struct val *v, int n, struct chain_entry *c)
{
    if (n < CHAIN_COLUMNS) return false;
    for (int i = 0; i < 10; i++)
        if (v[i].type != VAL_INT) return false;
    if (v[10].type != VAL_NULL && v[10].type != VAL_BLOB) return false;
    if (v[11].type != VAL_NULL && !is_digest(&v[11])) return false;
    if (!is_digest(&v[12]) || (uint64_t)v[5].i > INT32_MAX || (uint64_t)v[6].i > UINT32_MAX)
        return false;
    *c = (struct chain_entry){ .row = {
        .county = v[0].i, .writer = v[1].i, .seq = v[2].i, .at = v[3].i, .actor = v[4].i,
        .kind = (enum journal_kind)v[5].i, .table = (uint32_t)v[6].i, .id = v[7].i,
        .before = v[8].i, .after = v[9].i, .hash = (const unsigned char *)v[12].p } };
    if (v[10].type == VAL_BLOB) {
        c->row.body = v[10].p;
        c->row.body_n = v[10].n;
    }
    if (v[11].type == VAL_BLOB) c->image = (const unsigned char *)v[11].p;
    return true;
}

void image_encode(struct buf *b, const struct val *row, int n)
{
    unsigned char head[9];
    for (int i = 0; i < n; i++) {
        head[0] = row[i].type;
        if (row[i].type == VAL_INT) {
            put8(head + 1, row[i].i);
            buf_add(b, head, 9);
        } else if (row[i].type == VAL_NULL) {
            buf_add(b, head, 1);
        } else {
            put4(head + 1, row[i].n);
            buf_add(b, head, 5);
            buf_add(b, row[i].p, row[i].n);
        }
    }
}

static uint64_t get(const unsigned char *p, int bytes)
{
    uint64_t v = 0;
    for (int i = 0; i < bytes; i++) v |= (uint64_t)p[i] << (8 * i);
    return v;
}

/* One value; how many bytes it took, 0 when it is none. */
static size_t decode_one(const unsigned char *p, size_t n, struct val *v)
{
    if (p[0] == VAL_NULL) {
        *v = val_null();
        return 1;
    }
    if (p[0] == VAL_INT) {
        if (n < 9) return 0;
        *v = val_int((int64_t)get(p + 1, 8));
        return 9;
    }
    if ((p[0] != VAL_TEXT && p[0] != VAL_BLOB) || n < 5) return 0;
    size_t length = get(p + 1, 4);
    if (n - 5 < length) return 0;
    *v = p[0] == VAL_TEXT ? val_textn((const char *)p + 5, length) : val_blob(p + 5, length);
    return 5 + length;
}

bool image_decode(const unsigned char *p, size_t n, struct arena *a, struct val **row, int *count)
{
    struct val v;
    size_t used;
    int values = 0;
    for (size_t at = 0; at < n; at += used, values++) {
        used = decode_one(p + at, n - at, &v);
        if (used == 0) return false;
    }
    *row = arena_array(a, (size_t)values + 1, sizeof **row);
    *count = values;
    struct val *next = *row;
    for (size_t at = 0; at < n; at += used) used = decode_one(p + at, n - at, next++);
    return true;
}
