/* The proof of a release's file on any bytes: it ends, and a file without a fault has a name, an approval
 * and a head. An input that begins with S is sealed first, so that fuzzing reaches what lies behind the
 * hashes: each line of it gets the hash that it should have. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "programme/publish/release_check.h"

#define CHECK(x) do { if (!(x)) abort(); } while (0)

static void seal_lines(const char *data, size_t size, struct buf *out)
{
    struct arena a = { 0 };
    struct seal s;
    struct buf line;
    seal_start(&s, &a, NULL);
    buf_init(&line, 1 << 20);
    while (size) {
        const char *end = memchr(data, '\n', size);
        size_t n = end ? (size_t)(end - data) : size;
        if (n) {
            buf_clear(&line);
            buf_add(&line, data, n);
            const struct seal_line *l = seal_add(&s, "x", &line);
            seal_write(out, l->body, l->n, l->hash);
        }
        data += n + (end != NULL);
        size -= n + (end != NULL);
    }
    buf_free(&line);
    arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct release_summary s;
    struct arena a = { 0 };
    struct err e = { 0 };
    struct buf b;
    struct faults faults = { 0 };
    CHECK(digest_start());
    buf_init(&b, (size_t)16 << 20);
    if (size && data[0] == 'S') seal_lines((const char *)data + 1, size - 1, &b);
    else buf_add(&b, data, size);
    if (b.n) {
        FILE *f = fmemopen(b.p, b.n, "rb");
        CHECK(f);
        if (release_check(f, &a, &faults, NULL, NULL, &s, &e)) {
            CHECK(faults.n || (*s.approved_by && strcmp(s.approved_by, s.made_by) != 0 && *s.head));
        } else {
            CHECK(e.code != ERR_NONE && e.message[0]);
        }
        fclose(f);
    }
    buf_free(&b);
    arena_free(&a);
    return 0;
}
