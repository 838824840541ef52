#include "base/csv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/arena.h"
#include "base/utf8.h"

#define CHUNK ((size_t)256 << 10)
#define CHUNK_MIN ((size_t)16)
#define BLOCK ((size_t)64)     /* bytes looked at together; the buffer has this much padding */
#define RAW_KEPT ((size_t)1024) /* what csv_raw still has of a row that is over the limits */

enum fault {
    FAULT_NONE, FAULT_STRAY, FAULT_AFTER_QUOTE, FAULT_UNCLOSED, FAULT_FIELD, FAULT_ROW,
    FAULT_COLUMNS, FAULT_NUL, FAULT_UTF8
};

/* The bytes that mean something (separator, quote, CR, LF) in one block: bit i stands for
 * base + i. Bits already passed are cleared. */
struct marks { size_t base; uint64_t bits; };

struct csv {
    struct csv_source src;
    struct csv_options opt;
    char *buf;
    size_t cap, pos, end;  /* buf[pos, end) is read and not yet given out */
    size_t clean;          /* buf[pos, clean) is known to be UTF-8 without NUL */
    struct marks marks;
    bool started, eof, failed;
    uint64_t bytes;
    int64_t line, row_line, row; /* line is where the next row begins */
    enum fault fault;
    int column;            /* of the fault, else 0 */
    size_t fault_at;       /* byte of the row, for NUL and UTF-8 */
    size_t open_at;        /* the field that was open when the bytes ran out */
    int open_column;
    const char *raw;
    size_t raw_n;
    struct csv_field *fields;
    size_t field_cap;
    char *loose;           /* quoted fields with doubled quotes, undoubled */
    size_t loose_n, loose_cap;
    struct err source_fault;
};

/* ---- finding the bytes that matter ---- */

#if defined(__SSE2__)

static inline uint64_t marks_in(const char *p, char separator)
{
    const __m128i sep = _mm_set1_epi8(separator), quote = _mm_set1_epi8('"');
    const __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
    uint64_t bits = 0;
    for (int i = 0; i < 4; i++) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i));
        __m128i a = _mm_or_si128(_mm_cmpeq_epi8(v, sep), _mm_cmpeq_epi8(v, quote));
        __m128i b = _mm_or_si128(_mm_cmpeq_epi8(v, lf), _mm_cmpeq_epi8(v, cr));
        bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_or_si128(a, b)) << 16 * i;
    }
    return bits;
}

#else

/* 0x80 in every byte of w that equals the byte repeated in `same`, exactly. */
static inline uint64_t equal_bytes(uint64_t w, uint64_t same)
{
    const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);
    uint64_t x = w ^ same;
    return ~(((x & low) + low) | x | low);
}

/* Eight bytes, the first lowest; written out, which compilers know to be one load. */
static inline uint64_t eight(const char *p)
{
    const unsigned char *u = (const unsigned char *)p;
    return (uint64_t)u[0] | (uint64_t)u[1] << 8 | (uint64_t)u[2] << 16 | (uint64_t)u[3] << 24 |
           (uint64_t)u[4] << 32 | (uint64_t)u[5] << 40 | (uint64_t)u[6] << 48 |
           (uint64_t)u[7] << 56;
}

static inline uint64_t marks_in(const char *p, char separator)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++) {
        uint64_t w = eight(p + 8 * i);
        uint64_t hit = equal_bytes(w, ones * (unsigned char)separator) |
                       equal_bytes(w, ones * '"') | equal_bytes(w, ones * '\n') |
                       equal_bytes(w, ones * '\r');
        /* Gathers the top bits of the eight bytes into one byte. */
        bits |= ((hit >> 7) * UINT64_C(0x0102040810204080) >> 56) << 8 * i;
    }
    return bits;
}

#endif

static inline void marks_load(struct marks *m, const struct csv *c, size_t at)
{
    m->base = at;
    m->bits = 0;
    if (at >= c->end) return;
    m->bits = marks_in(c->buf + at, c->opt.separator);
    if (c->end - at < BLOCK) m->bits &= (UINT64_C(1) << (c->end - at)) - 1;
}

/* The next byte that matters, or false when the buffer has no more. */
static inline bool marks_next(struct marks *m, const struct csv *c, size_t *at)
{
    while (!m->bits) {
        if (m->base >= c->end || c->end - m->base <= BLOCK) return false;
        marks_load(m, c, m->base + BLOCK);
    }
    *at = m->base + (size_t)__builtin_ctzll(m->bits);
    m->bits &= m->bits - 1;
    return true;
}

/* ---- opening, filling ---- */

struct csv *csv_open(struct csv_source src, const struct csv_options *opt)
{
    struct csv *c = mem_alloc(sizeof *c);
    c->src = src;
    if (opt) c->opt = *opt;
    if (!c->opt.max_field) c->opt.max_field = (size_t)1 << 20;
    if (!c->opt.max_row) c->opt.max_row = (size_t)8 << 20;
    if (c->opt.max_columns <= 0) c->opt.max_columns = 4096;
    if (!c->opt.chunk) c->opt.chunk = CHUNK;
    if (c->opt.chunk < CHUNK_MIN) c->opt.chunk = CHUNK_MIN;
    c->line = 1;
    return c;
}

void csv_close(struct csv *c)
{
    if (!c) return;
    free(c->buf);
    free(c->fields);
    free(c->loose);
    free(c);
}

/* Reads until the buffer is full or the source has ended; a full buffer is what makes the work
 * per byte small, whatever sizes the source gives. */
static bool fill(struct csv *c)
{
    while (c->end < c->cap && !c->eof) {
        long n = c->src.read(c->src.arg, c->buf + c->end, c->cap - c->end, &c->source_fault);
        if (n < 0) {
            c->failed = true;
            return false;
        }
        if (n == 0) c->eof = true;
        c->end += (size_t)n;
        c->bytes += (uint64_t)n;
    }
    memset(c->buf + c->end, 0, BLOCK);
    return true;
}

/* How much of p is UTF-8 without NUL. */
static size_t clean_length(const char *p, size_t n)
{
    size_t good = utf8_check(p, n);
    const char *nul = memchr(p, 0, good);
    return nul ? (size_t)(nul - p) : good;
}

static void check_ahead(struct csv *c)
{
    c->clean += clean_length(c->buf + c->clean, c->end - c->clean);
}

/* Makes room and reads on; what is unread moves to the front, and the buffer doubles when that is
 * half of it, so that a long row is looked at twice on average. */
static bool refill(struct csv *c)
{
    size_t unread = c->end - c->pos;
    if (c->pos) memmove(c->buf, c->buf + c->pos, unread);
    c->clean = c->clean > c->pos ? c->clean - c->pos : 0;
    c->end = unread;
    c->pos = 0;
    if (!c->cap || unread >= c->cap / 2) {
        c->cap = c->cap ? c->cap * 2 : c->opt.chunk;
        c->buf = mem_grow(c->buf, c->cap + BLOCK);
    }
    if (!fill(c)) return false;
    check_ahead(c);
    marks_load(&c->marks, c, 0);
    return true;
}

/* The likeliest separator: the commonest of the three in the first line that has any text. */
static char guess_separator(const char *p, size_t n)
{
    size_t count[3] = { 0 };
    bool quoted = false, text = false;
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '"') quoted = !quoted;
        if (quoted) continue;
        if (p[i] == '\n' || p[i] == '\r') {
            if (text) break;
            continue;
        }
        text = true;
        if (p[i] == ',') count[0]++;
        if (p[i] == ';') count[1]++;
        if (p[i] == '\t') count[2]++;
    }
    if (count[2] > count[0] && count[2] > count[1]) return '\t';
    return count[1] > count[0] ? ';' : ',';
}

static bool start(struct csv *c)
{
    c->started = true;
    if (!refill(c)) return false;
    if (c->end >= 3 && memcmp(c->buf, "\xEF\xBB\xBF", 3) == 0) c->pos = 3;
    if (!c->opt.separator) c->opt.separator = guess_separator(c->buf + c->pos, c->end - c->pos);
    marks_load(&c->marks, c, c->pos);
    return true;
}

/* ---- splitting a row ---- */

static void note(struct csv *c, enum fault fault, int column)
{
    if (c->fault) return; /* the first fault is the one to tell */
    c->fault = fault;
    c->column = column;
}

/* Room for one more field; false at max_columns. */
static bool more_fields(struct csv *c)
{
    size_t most = (size_t)c->opt.max_columns;
    if (c->field_cap >= most) return false;
    c->field_cap = c->field_cap ? c->field_cap * 2 : 64;
    if (c->field_cap > most) c->field_cap = most;
    c->fields = mem_grow(c->fields, c->field_cap * sizeof *c->fields);
    return true;
}

/* Copies a quoted field's inside with each doubled quote made one. `loose` is as large as all
 * bytes of the row that are here, so it does not move while the row is read. */
static struct csv_field undouble(struct csv *c, const char *p, size_t n)
{
    if (!c->loose_n && c->loose_cap < c->end - c->pos) {
        c->loose_cap = c->end - c->pos;
        c->loose = mem_grow(c->loose, c->loose_cap);
    }
    char *to = c->loose + c->loose_n;
    struct csv_field field = { .p = to, .quoted = true };
    while (n) {
        const char *quote = memchr(p, '"', n);
        size_t part = quote ? (size_t)(quote - p) + 1 : n;
        memcpy(to, p, part);
        to += part;
        p += part;
        n -= part;
        if (quote) p++, n--; /* its twin */
    }
    field.n = (size_t)(to - field.p);
    c->loose_n += field.n;
    return field;
}

/* What a piece of work came to: a field or the row is done, the bytes ran out, or the row is
 * spoilt by a fault that has been noted. */
enum step { STEP_FIELD, STEP_ROW, STEP_MORE, STEP_SPOILT };

/* A row being split. Slow paths get a copy, so that the loop's own can stay in registers. */
struct split {
    struct marks marks;
    size_t field, n; /* where the open field begins; fields done */
    size_t closed;   /* the place after the last quoted field, which is in the table already */
    int64_t lines;   /* line ends inside quotes */
};

static void add_field(struct csv *c, struct split *s, struct csv_field field)
{
    if (s->n == c->field_cap && !more_fields(c))
        note(c, FAULT_COLUMNS, (int)s->n + 1);
    else
        c->fields[s->n++] = field;
}

/* Moves to the quote that closes the field opened at s->field; false when the bytes run out. */
static bool closing_quote(const struct csv *c, struct split *s, size_t *at, bool *doubled)
{
    while (marks_next(&s->marks, c, at)) {
        char mark = c->buf[*at], next = c->buf[*at + 1]; /* may be the padding, which is 0 */
        if (mark == '\n' || (mark == '\r' && next != '\n')) s->lines++;
        if (mark != '"') continue;
        if (next != '"') return true;
        *doubled = true;
        marks_next(&s->marks, c, at);
    }
    return false;
}

static enum step spoil(struct csv *c, const struct split *s, enum fault fault)
{
    note(c, fault, (int)s->n + 1);
    return STEP_SPOILT;
}

/* A quote at `at`: it begins a quoted field, which is read to its end, or it is a fault. */
static enum step quoted_field(struct csv *c, struct split *s, size_t at)
{
    if (at != s->field) return spoil(c, s, FAULT_STRAY);
    bool doubled = false;
    if (!closing_quote(c, s, &at, &doubled))
        return c->eof ? spoil(c, s, FAULT_UNCLOSED) : STEP_MORE;
    bool last = at + 1 == c->end;
    char next = c->buf[at + 1];
    if (last && !c->eof) return STEP_MORE;
    if (!last && next != c->opt.separator && next != '\n' && next != '\r')
        return spoil(c, s, FAULT_AFTER_QUOTE);
    const char *inside = c->buf + s->field + 1;
    struct csv_field field = { .p = inside, .n = at - s->field - 1, .quoted = true };
    add_field(c, s, doubled ? undouble(c, inside, field.n) : field);
    s->closed = at + 1;
    return STEP_FIELD;
}

/* The bytes ran out: nothing is consumed, and what is open is remembered for the limits. */
static enum step more(struct csv *c, const struct split *s)
{
    c->open_at = s->field;
    c->open_column = (int)s->n + 1;
    return STEP_MORE;
}

/* The row ends at `at`, a line end or the end of all. */
static enum step end_row(struct csv *c, const struct split *s, size_t at)
{
    struct marks m = s->marks;
    bool cr = c->buf[at] == '\r';
    if (cr && at + 1 == c->end && !c->eof) return more(c, s);
    c->raw = c->buf + c->pos;
    c->raw_n = at - c->pos;
    c->line += s->lines;
    if (at < c->end) {
        if (cr && c->buf[at + 1] == '\n') marks_next(&m, c, &at);
        c->line++;
        at++;
    }
    c->pos = at;
    c->marks = m;
    return STEP_ROW;
}

/* After a stray quote nobody can say where the fields are; the row ends at the next line end. An
 * unclosed quote has swallowed everything to the end. */
static enum step end_spoilt_row(struct csv *c, struct split *s)
{
    size_t at;
    while (marks_next(&s->marks, c, &at))
        if (c->buf[at] == '\n' || c->buf[at] == '\r') return end_row(c, s, at);
    return c->eof ? end_row(c, s, c->end) : more(c, s);
}

/* Splits the row at pos. On STEP_MORE nothing has been consumed: the caller reads on and the row
 * is split anew. */
static enum step split_row(struct csv *c, int *count)
{
    struct split s = { .marks = c->marks, .field = c->pos, .closed = SIZE_MAX };
    for (;;) {
        size_t at;
        if (!marks_next(&s.marks, c, &at)) {
            if (!c->eof) return more(c, &s);
            at = c->end; /* the padding there is no separator and no quote */
        }
        char mark = c->buf[at];
        if (mark == '"') {
            struct split slow = s;
            enum step step = quoted_field(c, &slow, at);
            if (step == STEP_MORE) return more(c, &slow);
            if (step == STEP_SPOILT) return end_spoilt_row(c, &slow);
            s = slow;
            continue;
        }
        if (at != s.closed) {
            struct csv_field field = { .p = c->buf + s.field, .n = at - s.field };
            if (s.n < c->field_cap) {
                c->fields[s.n++] = field;
            } else {
                struct split slow = s;
                add_field(c, &slow, field);
                s = slow;
            }
        }
        s.field = at + 1;
        if (mark == c->opt.separator) continue;
        *count = (int)s.n;
        struct split done = s;
        return end_row(c, &done, at);
    }
}

/* ---- rows over the limits ---- */

enum skip { SKIP_FIELD, SKIP_PLAIN, SKIP_QUOTED, SKIP_QUOTE, SKIP_SPOILT };

/* One byte of a row that is not kept, by the same rules as split_row; not for line ends outside
 * quotes. */
static enum skip skip_byte(const struct csv *c, enum skip state, char byte)
{
    if (state == SKIP_QUOTED) return byte == '"' ? SKIP_QUOTE : SKIP_QUOTED;
    if (state == SKIP_SPOILT) return SKIP_SPOILT;
    if (byte == c->opt.separator) return SKIP_FIELD;
    if (byte == '"') return state == SKIP_PLAIN ? SKIP_SPOILT : SKIP_QUOTED;
    return state == SKIP_QUOTE ? SKIP_SPOILT : SKIP_PLAIN;
}

struct skipper { enum skip state; char before; };

/* Passes over bytes from `at`; stops at the line end that ends the row, or at the end. */
static size_t skip_bytes(struct csv *c, struct skipper *s, size_t at)
{
    for (; at < c->end; at++) {
        char byte = c->buf[at];
        if (byte == '\n' || byte == '\r') {
            if (s->state != SKIP_QUOTED) return at;
            c->line += byte == '\r' || s->before != '\r';
        }
        s->state = skip_byte(c, s->state, byte);
        s->before = byte;
    }
    return at;
}

/* Passes over the row at pos without keeping more of it than its beginning; false when the source
 * fails. */
static bool skip_row(struct csv *c)
{
    struct skipper s = { SKIP_FIELD, 0 };
    size_t kept = utf8_cut(c->buf + c->pos, c->end - c->pos, RAW_KEPT);
    size_t at = skip_bytes(c, &s, c->pos);
    while (!c->eof && (at == c->end || (at + 1 == c->end && c->buf[at] == '\r'))) {
        bool cr = at < c->end; /* whether a line feed follows is still to be seen */
        memmove(c->buf, c->buf + c->pos, kept);
        if (cr) c->buf[kept] = '\r';
        c->pos = 0;
        c->end = kept + cr;
        if (!fill(c)) return false;
        at = cr ? kept : skip_bytes(c, &s, kept);
    }
    if (at == c->end && s.state == SKIP_QUOTED) c->fault = FAULT_UNCLOSED;
    c->raw = c->buf + c->pos;
    c->raw_n = kept;
    if (at < c->end) {
        at += c->buf[at] == '\r' && c->buf[at + 1] == '\n' ? 2 : 1;
        c->line++;
    }
    c->pos = c->clean = at;
    check_ahead(c);
    marks_load(&c->marks, c, at);
    return true;
}

/* True when what is open cannot end within the limits any more. A quoted field may shrink to half
 * when it is undoubled. */
static bool over_limits(struct csv *c)
{
    size_t unread = c->end - c->pos, open = c->end - c->open_at, most = c->opt.max_field;
    if (unread <= RAW_KEPT) return false;
    if (open && c->buf[c->open_at] == '"') open = open / 2 - 1;
    if (open > most)
        note(c, FAULT_FIELD, c->open_column);
    else if (unread > c->opt.max_row)
        note(c, FAULT_ROW, 0);
    else
        return false;
    return true;
}

/* ---- checking a row that is whole ---- */

static void check_sizes(struct csv *c, int count)
{
    if (c->raw_n > c->opt.max_row) note(c, FAULT_ROW, 0);
    for (int i = 0; i < count && c->raw_n > c->opt.max_field; i++)
        if (c->fields[i].n > c->opt.max_field) note(c, FAULT_FIELD, i + 1);
}

static int column_at(const struct csv *c, size_t offset)
{
    bool quoted = false;
    int column = 1;
    for (size_t i = 0; i < offset; i++) {
        if (c->raw[i] == '"') quoted = !quoted;
        if (c->raw[i] == c->opt.separator && !quoted) column++;
    }
    return column;
}

/* Nothing to do for rows inside the stretch found clean when it was read. */
static void check_bytes(struct csv *c)
{
    size_t from = (size_t)(c->raw - c->buf), end = from + c->raw_n;
    if (c->clean >= end) return;
    if (c->clean > from) from = c->clean;
    size_t bad = from + clean_length(c->buf + from, end - from);
    if (bad < end && !c->fault) {
        c->fault_at = bad - (size_t)(c->raw - c->buf);
        note(c, c->buf[bad] ? FAULT_UTF8 : FAULT_NUL, column_at(c, c->fault_at));
    }
    c->clean = c->pos;
    check_ahead(c);
}

static void describe(const struct csv *c, struct err *e)
{
    switch (c->fault) {
    case FAULT_NONE: break;
    case FAULT_STRAY: err_set(e, ERR_INVALID, "a quote inside a field without quotes"); break;
    case FAULT_AFTER_QUOTE: err_set(e, ERR_INVALID, "text after a closing quote"); break;
    case FAULT_UNCLOSED:
        err_set(e, ERR_CORRUPT, "a quoted field is not closed before the end of the file");
        break;
    case FAULT_FIELD:
        err_set(e, ERR_INVALID, "a field of more than %zu bytes", c->opt.max_field);
        break;
    case FAULT_ROW:
        err_set(e, ERR_INVALID, "a row of more than %zu bytes", c->opt.max_row);
        break;
    case FAULT_COLUMNS:
        err_set(e, ERR_INVALID, "more than %d columns", c->opt.max_columns);
        break;
    case FAULT_NUL:
        err_set(e, ERR_INVALID, "a NUL byte at byte %zu of the row", c->fault_at + 1);
        break;
    case FAULT_UTF8:
        err_set(e, ERR_INVALID, "invalid UTF-8 (0x%02x) at byte %zu of the row",
                (unsigned char)c->raw[c->fault_at], c->fault_at + 1);
        break;
    }
}

/* ---- the reader's face ---- */

static enum csv_result source_failed(struct csv *c, struct err *e)
{
    c->failed = true;
    if (!c->source_fault.code) err_set(&c->source_fault, ERR_INTERNAL, "the source failed");
    if (e) *e = c->source_fault;
    return CSV_ERROR;
}

static enum csv_result finish_row(struct csv *c, const struct csv_field **fields, int *count,
                                  struct err *e)
{
    c->row++;
    if (!c->fault) check_sizes(c, *count);
    check_bytes(c);
    if (!c->fault) {
        *fields = c->fields;
        return CSV_ROW;
    }
    *count = 0;
    describe(c, e);
    if (c->fault == FAULT_FIELD || c->fault == FAULT_ROW || c->fault == FAULT_UNCLOSED)
        c->raw_n = utf8_cut(c->raw, c->raw_n, RAW_KEPT);
    return CSV_BAD;
}

enum csv_result csv_next(struct csv *c, const struct csv_field **fields, int *count, struct err *e)
{
    *fields = NULL;
    *count = 0;
    if (c->failed || (!c->started && !start(c))) return source_failed(c, e);
    for (;;) {
        c->row_line = c->line;
        c->fault = FAULT_NONE;
        c->column = 0;
        c->loose_n = 0;
        if (c->pos == c->end && c->eof) {
            c->raw_n = 0;
            return CSV_END;
        }
        if (split_row(c, count) == STEP_ROW) {
            if (c->raw_n == 0) continue; /* a blank line */
            return finish_row(c, fields, count, e);
        }
        bool skipping = over_limits(c);
        if (skipping ? !skip_row(c) : !refill(c)) return source_failed(c, e);
        if (skipping) return finish_row(c, fields, count, e);
    }
}

int64_t csv_line(const struct csv *c)
{
    return c->row_line;
}

int64_t csv_row(const struct csv *c)
{
    return c->row;
}

int csv_column(const struct csv *c)
{
    return c->column;
}

uint64_t csv_bytes(const struct csv *c)
{
    return c->bytes;
}

char csv_separator(const struct csv *c)
{
    return c->opt.separator;
}

const char *csv_raw(const struct csv *c, size_t *n)
{
    *n = c->raw_n;
    return c->raw ? c->raw : "";
}

static long read_file(void *arg, char *p, size_t n, struct err *e)
{
    FILE *f = arg;
    size_t got = fread(p, 1, n, f);
    if (got == 0 && ferror(f)) {
        err_set(e, ERR_INTERNAL, "reading failed: %s", strerror(errno));
        return -1;
    }
    return (long)got;
}

struct csv_source csv_from_file(FILE *f)
{
    return (struct csv_source){ .read = read_file, .arg = f };
}

static long read_memory(void *arg, char *p, size_t n, struct err *e)
{
    struct csv_memory *m = arg;
    (void)e;
    if (n > m->n) n = m->n;
    if (n) memcpy(p, m->p, n);
    m->p += n;
    m->n -= n;
    return (long)n;
}

struct csv_source csv_from_memory(struct csv_memory *m)
{
    return (struct csv_source){ .read = read_memory, .arg = m };
}
