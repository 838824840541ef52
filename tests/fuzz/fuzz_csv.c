/* The CSV reader on any bytes. The first four bytes choose the limits; the rest is the file. Rows
 * must not depend on how the bytes arrive, and good rows must survive being written and read. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/utf8.h"

#define CHECK(x) do { if (!(x)) abort(); } while (0)

/* A source that gives a byte at a time. */
static long trickle(void *arg, char *p, size_t n, struct err *e)
{
    struct csv_memory *m = arg;
    (void)e;
    if (!n || !m->n) return 0;
    *p = *m->p++;
    m->n--;
    return 1;
}

static void same_fields(const struct csv_field *a, const struct csv_field *b, int count)
{
    for (int i = 0; i < count; i++) {
        CHECK(a[i].n == b[i].n);
        CHECK(a[i].n == 0 || memcmp(a[i].p, b[i].p, a[i].n) == 0);
        CHECK(utf8_check(a[i].p, a[i].n) == a[i].n);
        CHECK(a[i].n == 0 || !memchr(a[i].p, 0, a[i].n));
    }
}

static void write_and_read(const struct csv_field *fields, int count)
{
    struct buf b;
    buf_init(&b, (size_t)1 << 24);
    for (int i = 0; i < count; i++) csv_add(&b, fields[i].p, fields[i].n, i == 0, false);
    csv_end_row(&b);
    struct csv_memory m = { b.p, b.n };
    struct csv *c = csv_open(csv_from_memory(&m), &(struct csv_options){ .separator = ',' });
    const struct csv_field *again;
    int n;
    struct err e = { 0 };
    CHECK(csv_next(c, &again, &n, &e) == CSV_ROW);
    CHECK(n == count);
    same_fields(fields, again, count);
    CHECK(csv_next(c, &again, &n, &e) == CSV_END);
    csv_close(c);
    buf_free(&b);
}

/* Which of a row's faults is told may depend on the chunks when a limit is among them. */
static void compare(struct csv *a, struct csv *b, bool limited)
{
    for (;;) {
        const struct csv_field *fa, *fb;
        int na, nb;
        size_t ra, rb;
        struct err ea = { 0 }, eb = { 0 };
        enum csv_result result = csv_next(a, &fa, &na, &ea);
        CHECK(csv_next(b, &fb, &nb, &eb) == result);
        CHECK(na == nb && csv_line(a) == csv_line(b) && csv_row(a) == csv_row(b));
        const char *raw_a = csv_raw(a, &ra), *raw_b = csv_raw(b, &rb);
        if (!limited) {
            CHECK(csv_column(a) == csv_column(b) && strcmp(ea.message, eb.message) == 0);
            CHECK(ra == rb);
        }
        CHECK(memcmp(raw_a, raw_b, ra < rb ? ra : rb) == 0);
        if (result == CSV_END) return;
        CHECK(result != CSV_ERROR);
        /* An unclosed quote is ERR_CORRUPT: what follows cannot be trusted. */
        CHECK((result == CSV_BAD) == (ea.code == ERR_INVALID || ea.code == ERR_CORRUPT));
        if (result == CSV_BAD) continue;
        same_fields(fa, fb, na);
        write_and_read(fa, na);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char separators[4] = { 0, ',', ';', '\t' };
    if (size < 4) return 0;
    struct csv_options options = { .separator = separators[data[0] % 4] };
    options.max_columns = data[1];
    options.max_field = (size_t)data[2] * 16;
    options.max_row = (size_t)data[3] * 32;
    options.chunk = (size_t)1 << 20; /* all at once */
    struct csv_memory ma = { (const char *)data + 4, size - 4 }, mb = ma;
    struct csv *a = csv_open(csv_from_memory(&ma), &options);
    options.chunk = 16;
    struct csv *b = csv_open((struct csv_source){ trickle, &mb }, &options);
    /* The separator is found out from the first chunk, which differs on purpose. */
    if (options.separator) compare(a, b, options.max_field || options.max_row);
    const struct csv_field *fields;
    int n;
    struct err e = { 0 };
    for (enum csv_result r = CSV_ROW; r == CSV_ROW || r == CSV_BAD;)
        r = csv_next(b, &fields, &n, &e);
    csv_close(a);
    csv_close(b);
    return 0;
}
