#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/random.h"
#include "base/utf8.h"

struct pieces { struct csv_memory m; struct random *r; uint64_t most; };

static long give_piece(void *arg, char *p, size_t n, struct err *e)
{
    struct pieces *s = arg;
    (void)e;
    size_t piece = (size_t)random_below(s->r, s->most) + 1;
    if (piece > n) piece = n;
    if (piece > s->m.n) piece = s->m.n;
    memcpy(p, s->m.p, piece);
    s->m.p += piece;
    s->m.n -= piece;
    return (long)piece;
}

/* ---- a reader written for clearness: a byte at a time, no limits ---- */

enum naive { FIELD_START, PLAIN, QUOTED, AFTER_QUOTE, SPOILT };

/* Reads a row from *at into fields (joined by 0x1f) and gives 'R', 'B' for a bad one, 'E' at the
 * end. Blank lines are passed over. */
static char naive_row(const struct buf *text, size_t *at, struct buf *fields, int64_t *line)
{
    while (*at < text->n && (text->p[*at] == '\n' || text->p[*at] == '\r')) {
        *at += text->p[*at] == '\r' && text->p[*at + 1] == '\n' ? 2 : 1;
        ++*line;
    }
    if (*at == text->n) return 'E';
    size_t start = *at;
    enum naive state = FIELD_START;
    buf_clear(fields);
    for (; *at < text->n; ++*at) {
        char c = text->p[*at];
        bool line_end = c == '\n' || c == '\r';
        if (line_end && state != QUOTED) break;
        if (line_end && !(c == '\r' && text->p[*at + 1] == '\n')) ++*line;
        if (state == QUOTED && c == '"') {
            state = AFTER_QUOTE;
        } else if (state == QUOTED) {
            buf_char(fields, c);
        } else if (state == AFTER_QUOTE && c == '"') {
            buf_char(fields, c);
            state = QUOTED;
        } else if (state == SPOILT) {
            continue;
        } else if (c == ',') {
            buf_char(fields, '\x1f');
            state = FIELD_START;
        } else if (c == '"' && state == FIELD_START) {
            state = QUOTED;
        } else if (c == '"' || state == AFTER_QUOTE) {
            state = SPOILT;
        } else {
            buf_char(fields, c);
            state = PLAIN;
        }
    }
    bool bad = state == SPOILT || state == QUOTED;
    for (size_t i = start; i < *at; i++) bad = bad || !text->p[i];
    bad = bad || utf8_check(text->p + start, *at - start) != *at - start;
    if (*at < text->n) {
        *at += text->p[*at] == '\r' && text->p[*at + 1] == '\n' ? 2 : 1;
        ++*line;
    }
    return bad ? 'B' : 'R';
}

static void compare(const struct buf *text, struct random *r)
{
    struct pieces s = { .m = { text->p, text->n }, .r = r, .most = random_below(r, 90) + 1 };
    struct csv_options opt = { .separator = ',', .chunk = (size_t)random_below(r, 200) + 16 };
    struct csv *c = csv_open((struct csv_source){ give_piece, &s }, &opt);
    struct buf want, got;
    buf_init(&want, 1 << 20);
    buf_init(&got, 1 << 20);
    size_t at = 0;
    int64_t line = 1;
    for (char kind = ' '; kind != 'E';) {
        const struct csv_field *f;
        int n;
        struct err e = { 0 };
        static const char kinds[] = { [CSV_ROW] = 'R', [CSV_END] = 'E', [CSV_BAD] = 'B' };
        kind = kinds[csv_next(c, &f, &n, &e)];
        size_t begin = at;
        int64_t before = line;
        if (naive_row(text, &at, &want, &line) != kind) fail_msg("%s", text->p + begin);
        if (kind == 'E') break;
        assert_true(csv_line(c) >= before && csv_line(c) < line + 1);
        if (kind == 'B') continue;
        buf_clear(&got);
        for (int i = 0; i < n; i++) {
            if (i) buf_char(&got, '\x1f');
            buf_add(&got, f[i].p, f[i].n);
        }
        assert_int_equal(got.n, want.n);
        assert_memory_equal(got.p, want.p, got.n);
    }
    assert_int_equal(csv_bytes(c), text->n);
    csv_close(c);
    buf_free(&want);
    buf_free(&got);
}

/* Texts made of the bytes that matter, most of them malformed. */
static void against_a_simple_reader(void **state)
{
    (void)state;
    static const char *const parts[] = { ",", "\"", "\n", "\r", "\r\n", "a", "墨", "\xe5", "\"\"",
                                         "\",\"", "\"\n\"", "bcdefghijklmnopqrstuvwxyz", "\0" };
    struct random r;
    struct buf text;
    random_seed(&r, 11);
    buf_init(&text, 1 << 16);
    for (int round = 0; round < 40000; round++) {
        uint64_t kinds = random_below(&r, 13) + 1, n = random_below(&r, 40);
        buf_clear(&text);
        while (n--) {
            const char *part = parts[random_below(&r, kinds)];
            buf_add(&text, part, *part ? strlen(part) : 1);
        }
        compare(&text, &r);
    }
    buf_free(&text);
}

/* ---- rows written and read back ---- */

#define COLUMNS 7

static void random_field(struct random *r, struct buf *b)
{
    static const char *const bits[] = { "x", "\"", ",", "\n", "\r", ";", "\t", "=", "'", "-", "12",
                                        "@", "+", "墨玉", " ", "\xEF\xBB\xBF", "𠀀", ".", "0" };
    uint64_t n = random_below(r, 6);
    if (random_chance(r, 2000)) n = random_below(r, 3000);
    buf_clear(b);
    while (n--) buf_str(b, bits[random_below(r, sizeof bits / sizeof *bits)]);
}

/* Takes the apostrophe off, as the loader does. */
static struct csv_field unguarded(struct csv_field f)
{
    if (f.n && *f.p == '\'' && csv_formula_like(f.p + 1, f.n - 1)) f.p++, f.n--;
    return f;
}

static void round_trip(struct random *r, bool guard, int rows, int columns)
{
    struct buf text, *field = calloc((size_t)(rows * columns), sizeof *field);
    assert_non_null(field);
    buf_init(&text, 1 << 26);
    for (int i = 0; i < rows * columns; i++) {
        buf_init(&field[i], 1 << 16);
        random_field(r, &field[i]);
        csv_add(&text, field[i].p, field[i].n, i % columns == 0, guard);
        if ((i + 1) % columns == 0) csv_end_row(&text);
    }
    struct pieces s = { .m = { text.p, text.n }, .r = r, .most = random_below(r, 3000) + 1 };
    struct csv_options opt = { .separator = random_chance(r, 500000) && columns > 1 ? 0 : ',' };
    opt.chunk = (size_t)random_below(r, 5000);
    if (!opt.separator) opt.chunk = 0; /* to be found out from the whole first line */
    struct csv *c = csv_open((struct csv_source){ give_piece, &s }, &opt);
    const struct csv_field *f;
    struct err e = { 0 };
    int n, row = 0;
    while (csv_next(c, &f, &n, &e) == CSV_ROW) {
        assert_int_equal(n, columns);
        for (int i = 0; i < n; i++) {
            struct csv_field got = guard ? unguarded(f[i]) : f[i];
            const struct buf *want = &field[row * columns + i];
            assert_int_equal(got.n, want->n);
            assert_memory_equal(got.p, want->p, got.n);
        }
        row++;
    }
    assert_int_equal(e.code, ERR_NONE);
    assert_int_equal(row, rows);
    csv_close(c);
    for (int i = 0; i < rows * columns; i++) buf_free(&field[i]);
    free(field);
    buf_free(&text);
}

static void written_and_read(void **state)
{
    (void)state;
    struct random r;
    random_seed(&r, 12);
    for (int i = 0; i < 1500; i++)
        round_trip(&r, i % 2, (int)random_below(&r, 40) + 1, (int)random_below(&r, COLUMNS) + 1);
    round_trip(&r, true, 20000, COLUMNS); /* over several chunks of the ordinary size */
}

static void written(const char *field, bool guard, const char *want)
{
    struct buf b;
    buf_init(&b, 1000);
    csv_add(&b, field, strlen(field), true, guard);
    assert_string_equal(b.p, want);
    buf_free(&b);
}

static void formulas(void **state)
{
    (void)state;
    static const char *const like[] = { "=1", "+a", "-", "-1-1", "@x", "\tx", "\rx", "'=1", "''-x",
                                        "+1 ", "-1.", "-.5", "--1", "=", "-1e5", "+86 138" };
    static const char *const unlike[] = { "", "1", "-1", "+1", "-12.50", "+8613800138000", "a=1",
                                          "'", "'a", "'-1", " =1", "墨", "1-1", ".", "'12" };
    for (size_t i = 0; i < sizeof like / sizeof *like; i++)
        if (!csv_formula_like(like[i], strlen(like[i]))) fail_msg("missed: %s", like[i]);
    for (size_t i = 0; i < sizeof unlike / sizeof *unlike; i++)
        if (csv_formula_like(unlike[i], strlen(unlike[i]))) fail_msg("wronged: %s", unlike[i]);
    written("=1+1", true, "'=1+1");
    written("=1+1", false, "=1+1");
    written("=SUM(a,b)", true, "\"'=SUM(a,b)\"");
    written("say \"hi\"", true, "\"say \"\"hi\"\"\"");
    written("plain", true, "plain");
    written("", true, "");
    struct buf b;
    buf_init(&b, 1000);
    csv_add(&b, "", 0, true, false);
    csv_end_row(&b);
    csv_add(&b, "", 0, true, false);
    csv_add(&b, "x", 1, false, false);
    csv_end_row(&b);
    assert_string_equal(b.p, "\"\"\r\n,x\r\n");
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(against_a_simple_reader),
        cmocka_unit_test(written_and_read),
        cmocka_unit_test(formulas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
