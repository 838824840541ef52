#include "doc/tar.h"

#include <errno.h>
#include <string.h>

enum { BLOCK = 512, SIZE_AT = 124, SUM_AT = 148 };
static const unsigned char zeros[2 * BLOCK];

static bool fault(struct err *e)
{
    return err_set(e, ERR_FULL, "it cannot be written: %s", strerror(errno));
}

/* A number in octal of `digits` digits, a NUL behind it. */
static void octal(unsigned char *p, int digits, int64_t v)
{
    for (int i = digits - 1; i >= 0; i--, v >>= 3) p[i] = (unsigned char)('0' + (v & 7));
}

static void header_make(unsigned char h[BLOCK], const char *name, int64_t bytes)
{
    unsigned sum = 0;
    memset(h, 0, BLOCK);
    memcpy(h, name, strlen(name));
    octal(h + 100, 7, 0644);
    octal(h + 108, 7, 0);
    octal(h + 116, 7, 0);
    octal(h + SIZE_AT, 11, bytes);
    octal(h + 136, 11, 0);
    memset(h + SUM_AT, ' ', 8);
    h[156] = '0';
    memcpy(h + 257, "ustar\00000", 8);
    for (int i = 0; i < BLOCK; i++) sum += h[i];
    octal(h + SUM_AT, 6, sum);
    h[SUM_AT + 6] = '\0';
}

static bool put(struct tar_writer *w, const void *p, size_t n, struct err *e)
{
    return n == 0 || fwrite(p, 1, n, w->f) == n || fault(e);
}

static size_t padding(int64_t bytes) { return (size_t)(-bytes & (BLOCK - 1)); }

bool tar_begin(struct tar_writer *w, const char *name, struct err *e)
{
    if (strlen(name) >= TAR_NAME) return err_set(e, ERR_INVALID, "%s: too long a name", name);
    snprintf(w->name, sizeof w->name, "%s", name);
    w->bytes = 0;
    w->header = ftello(w->f);
    return (w->header >= 0 || fault(e)) && put(w, zeros, BLOCK, e);
}

bool tar_add(struct tar_writer *w, const void *p, size_t n, struct err *e)
{
    if ((int64_t)n > TAR_MEMBER_MAX - w->bytes)
        return err_set(e, ERR_FULL, "%s would pass 8 GiB: take less at a time", w->name);
    w->bytes += (int64_t)n;
    return put(w, p, n, e);
}

bool tar_end(struct tar_writer *w, struct err *e)
{
    unsigned char h[BLOCK];
    if (!put(w, zeros, padding(w->bytes), e)) return false;
    header_make(h, w->name, w->bytes);
    return (fseeko(w->f, w->header, SEEK_SET) == 0 || fault(e)) && put(w, h, BLOCK, e) &&
           (fseeko(w->f, 0, SEEK_END) == 0 || fault(e));
}

bool tar_finish(struct tar_writer *w, struct err *e)
{
    return put(w, zeros, sizeof zeros, e) && (fflush(w->f) == 0 || fault(e));
}

/* ---- reading ---- */

static bool cut(int64_t at, struct err *e)
{
    return err_set(e, ERR_CORRUPT, "it is cut off or damaged at byte %lld", (long long)at);
}

static bool all_zero(const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i]) return false;
    return true;
}

static bool read_octal(const unsigned char *p, int digits, int64_t *v)
{
    *v = 0;
    for (int i = 0; i < digits; i++) {
        if (p[i] < '0' || p[i] > '7') return false;
        *v = *v * 8 + (p[i] - '0');
    }
    return true;
}

static bool header_read(const unsigned char h[BLOCK], struct tar_member *m)
{
    unsigned char want[BLOCK];
    size_t n = 0;
    while (n < TAR_NAME && h[n]) n++;
    if (n == 0 || n == TAR_NAME || !read_octal(h + SIZE_AT, 11, &m->bytes)) return false;
    memcpy(m->name, h, n);
    m->name[n] = '\0';
    header_make(want, m->name, m->bytes);
    return memcmp(want, h, BLOCK) == 0;
}

bool tar_list(FILE *f, struct tar_member *out, int max, int *n, struct err *e)
{
    unsigned char h[BLOCK], end[BLOCK + 1], pad[BLOCK];
    int64_t size, at = 0;
    *n = 0;
    if (fseeko(f, 0, SEEK_END) != 0 || (size = ftello(f)) < 0)
        return err_set(e, ERR_INVALID, "it cannot be read: %s", strerror(errno));
    for (;;) {
        if (fseeko(f, at, SEEK_SET) != 0 || fread(h, 1, BLOCK, f) != BLOCK) return cut(at, e);
        if (all_zero(h, BLOCK)) break;
        if (*n == max) return err_set(e, ERR_CORRUPT, "it holds more than %d files", max);
        struct tar_member *m = &out[*n];
        m->at = at + BLOCK;
        if (!header_read(h, m) || m->bytes > size - m->at) return cut(at, e);
        at = m->at + m->bytes;
        size_t more = padding(m->bytes);
        if (fseeko(f, at, SEEK_SET) != 0 || fread(pad, 1, more, f) != more || !all_zero(pad, more))
            return cut(at, e);
        at += (int64_t)more;
        ++*n;
    }
    if (fread(end, 1, sizeof end, f) != BLOCK || !all_zero(end, BLOCK)) return cut(at, e);
    return true;
}

bool tar_read_from(struct tar_reader *r, FILE *f, const struct tar_member *m, struct err *e)
{
    *r = (struct tar_reader){ f, m->bytes };
    return fseeko(f, m->at, SEEK_SET) == 0 ||
           err_set(e, ERR_INVALID, "%s cannot be read: %s", m->name, strerror(errno));
}

static long read_some(void *arg, char *p, size_t n, struct err *e)
{
    struct tar_reader *r = arg;
    if ((int64_t)n > r->left) n = (size_t)r->left;
    size_t got = n ? fread(p, 1, n, r->f) : 0;
    if (got < n) return err_set(e, ERR_CORRUPT, "it ends in the middle"), -1;
    r->left -= (int64_t)got;
    return (long)got;
}

struct csv_source tar_source(struct tar_reader *r)
{
    return (struct csv_source){ read_some, r };
}
