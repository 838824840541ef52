#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "doc/xlsx_parts.h"

#define TOO_LONG (UINT64_C(1) << 63) /* in the index: the string is not kept */
#define RICHEST 4                    /* sst, si, r, t */

/* An unlinked file, mapped; its pages are the system's to write out when memory is short. */
static bool spool_to_file(struct spool *s, size_t cap, struct err *e)
{
    const char *dir = getenv("TMPDIR");
    char path[512];
    if (s->fd < 0) {
        snprintf(path, sizeof path, "%s/jiedui-XXXXXX", dir && *dir ? dir : "/var/tmp");
        s->fd = mkstemp(path);
        if (s->fd < 0)
            return err_set(e, ERR_FULL, "no temporary file %s: %s", path, strerror(errno));
        unlink(path);
    }
    int code = posix_fallocate(s->fd, 0, (off_t)cap);
    if (code) return err_set(e, ERR_FULL, "no room for a temporary file: %s", strerror(code));
    char *p = mmap(NULL, cap, PROT_READ | PROT_WRITE, MAP_SHARED, s->fd, 0);
    if (p == MAP_FAILED) return err_set(e, ERR_FULL, "no room for a mapping: %s", strerror(errno));
    if (s->cap > s->limit) {
        munmap(s->p, s->cap);
    } else {
        if (s->n) memcpy(p, s->p, s->n);
        free(s->p);
    }
    s->p = p;
    s->cap = cap;
    return true;
}

/* Makes room for n more bytes: by doubling in memory up to the limit, then in a file. */
static bool spool_room(struct spool *s, size_t n, struct err *e)
{
    if (s->n + n <= s->cap) return true;
    size_t cap = s->cap ? s->cap * 2 : 65536;
    if (cap < s->n + n) cap = s->n + n;
    if (s->n + n > s->limit) return spool_to_file(s, cap > s->limit ? cap : s->limit + 1, e);
    if (cap > s->limit) cap = s->limit;
    s->p = mem_grow(s->p, cap);
    s->cap = cap;
    return true;
}

static bool spool_add(struct spool *s, const void *p, size_t n, struct err *e)
{
    if (!spool_room(s, n, e)) return false;
    if (n) memcpy(s->p + s->n, p, n);
    s->n += n;
    return true;
}

static void spool_free(struct spool *s)
{
    if (s->cap > s->limit) {
        munmap(s->p, s->cap);
    } else {
        free(s->p);
    }
    if (s->fd > 0) close(s->fd);
    *s = (struct spool){ 0 };
}

/* Text is the t of a string and of its runs; the phonetic rPh beside them is left out. */
struct reading {
    struct part part;
    struct strings *strings;
    struct buf text;
    int skip; /* depth of an element that is passed over, or 0 */
    bool taking;
};

static void on_start(void *arg, const char *name, const char **attr)
{
    struct reading *r = arg;
    int depth = r->part.depth;
    (void)attr;
    if (r->skip) return;
    if (depth == 1) return;
    if (depth == 2 && strcmp(name, "si") == 0) {
        buf_clear(&r->text);
    } else if ((depth == 3 || depth == RICHEST) && strcmp(name, "t") == 0) {
        r->taking = true;
    } else if (depth != 3 || strcmp(name, "r") != 0) {
        r->skip = depth;
    }
}

static void on_text(void *arg, const char *s, size_t n)
{
    struct reading *r = arg;
    if (r->taking && !r->skip) buf_add(&r->text, s, n);
}

static void keep_string(struct reading *r)
{
    struct strings *s = r->strings;
    struct err e = { 0 };
    uint64_t at = s->bytes.n;
    size_t n = r->text.over ? 0 : value_unescape(r->text.p, r->text.n);
    if (r->text.over) at |= TOO_LONG;
    if (!spool_add(&s->index, &at, sizeof at, &e) || !spool_add(&s->bytes, r->text.p, n, &e))
        part_stop(&r->part, "%s", e.message);
}

static void on_end(void *arg, const char *name)
{
    struct reading *r = arg;
    (void)name;
    if (r->skip == r->part.depth) {
        r->skip = 0;
    } else if (!r->skip) {
        r->taking = false;
        if (r->part.depth == 2) keep_string(r);
    }
}

bool strings_read(struct strings *s, struct zip *z, int entry, const struct xlsx_limits *lim,
                  struct err *e)
{
    static const struct part_handler handler = { on_start, on_end, on_text };
    struct reading r = { .strings = s };
    *s = (struct strings){
        .bytes = { .fd = -1, .limit = lim->max_strings },
        .index = { .fd = -1, .limit = lim->max_strings / 4 },
    };
    buf_init(&r.text, lim->max_cell);
    bool ok = entry < 0 || part_parse(&r.part, z, entry, 0, &handler, &r, e);
    buf_free(&r.text);
    if (!ok) strings_free(s);
    return ok;
}

void strings_free(struct strings *s)
{
    spool_free(&s->bytes);
    spool_free(&s->index);
}

static uint64_t index_at(const struct strings *s, uint64_t at)
{
    uint64_t v;
    memcpy(&v, s->index.p + at * sizeof v, sizeof v);
    return v;
}

enum strings_result strings_get(const struct strings *s, uint64_t at, const char **p, size_t *n)
{
    uint64_t count = s->index.n / sizeof(uint64_t);
    if (at >= count) return STRINGS_NONE;
    uint64_t from = index_at(s, at);
    if (from & TOO_LONG) return STRINGS_LONG;
    uint64_t to = at + 1 < count ? index_at(s, at + 1) & ~TOO_LONG : s->bytes.n;
    *p = s->bytes.p + from;
    *n = to - from;
    return STRINGS_OK;
}
