#include "programme/publish/seal.h"

#include <string.h>

#define HASH_KEY ",\"hash\":\""
enum { KEY_LEN = sizeof HASH_KEY - 1, TAIL_LEN = KEY_LEN + 2 * DIGEST_LEN + 2 }; /* "} */

void seal_start(struct seal *s, struct arena *a, const unsigned char *head)
{
    *s = (struct seal){ .a = a };
    if (head) memcpy(s->head, head, DIGEST_LEN);
}

void seal_hash(const unsigned char before[DIGEST_LEN], const char *body, size_t n,
               unsigned char out[DIGEST_LEN])
{
    struct digest d;
    digest_init(&d);
    digest_add(&d, before, DIGEST_LEN);
    digest_add(&d, body, n);
    digest_done(&d, out);
}

struct seal_line *seal_add(struct seal *s, const char *kind, const struct buf *body)
{
    if (s->n == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 64;
        struct seal_line *more = arena_array(s->a, s->cap, sizeof *more);
        if (s->n) memcpy(more, s->at, s->n * sizeof *more);
        s->at = more;
    }
    struct seal_line *l = &s->at[s->n++];
    *l = (struct seal_line){ .kind = kind, .body = arena_strndup(s->a, body->p, body->n),
                             .n = body->n };
    seal_hash(s->head, l->body, l->n, s->head);
    digest_hex(s->head, DIGEST_LEN, l->hash);
    return l;
}

void seal_write(struct buf *out, const char *body, size_t n, const char *hash)
{
    buf_add(out, body, n - 1);
    buf_printf(out, HASH_KEY "%s\"}\n", hash);
}

bool seal_read(char *p, size_t n, size_t *body, unsigned char hash[DIGEST_LEN])
{
    if (n < TAIL_LEN + 2) return false;
    char *tail = p + n - TAIL_LEN;
    if (memcmp(tail, HASH_KEY, KEY_LEN) != 0 || memcmp(p + n - 2, "\"}", 2) != 0) return false;
    if (!digest_unhex(tail + KEY_LEN, (size_t)2 * DIGEST_LEN, hash)) return false;
    *tail = '}';
    *body = (size_t)(tail - p) + 1;
    return true;
}
