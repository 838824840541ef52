#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "doc/xml.h"
#include "doc/xml_part.h"

#define PATH_MAX_BYTES 1024
#define RECORDS 8
#define FIELD_MAX ((size_t)64 << 10)   /* bytes of one field */

struct open_record {
    const struct xml_record *of;
    int n;                             /* fields */
    int depth;                         /* at which it is open, or 0 */
    size_t path_n;                     /* of its own path */
    struct buf text[XML_FIELDS];
    bool had[XML_FIELDS];
};

struct xml_in {
    struct part part;
    FILE *file;                        /* its own, or NULL */
    char path[PATH_MAX_BYTES]; size_t path_n;
    struct open_record record[RECORDS];
    int records;
    int into_record, into_field;       /* where text goes, or -1 */
    int into_depth;
    int ended;                         /* the record that has ended, or -1 */
    bool known;
    int64_t line;
    struct csv_field field[XML_FIELDS];
    char name[200];                    /* of the file, for messages */
};

static bool path_is(const char *path, size_t n, const char *want)
{
    return strlen(want) == n && memcmp(path, want, n) == 0;
}

/* The field of a record that this path, or an attribute of it, is. */
static int field_of(const struct open_record *r, const char *rest, size_t n)
{
    for (int i = 0; i < r->n; i++)
        if (path_is(rest, n, r->of->field[i])) return i;
    return -1;
}

static void take_attributes(struct xml_in *x, struct open_record *r, const char **attr)
{
    char full[PATH_MAX_BYTES + 80];
    const char *rest = x->path + r->path_n + (x->path_n > r->path_n);
    for (; *attr; attr += 2) {
        int n = snprintf(full, sizeof full, "%.*s@%.70s",
                         (int)(x->path_n - (size_t)(rest - x->path)), rest, attr[0]);
        int f = field_of(r, full, n > 0 ? (size_t)n : 0);
        if (f < 0 || r->had[f]) continue;
        r->had[f] = true;
        buf_str(&r->text[f], attr[1]);
    }
}

static void begin_record(struct xml_in *x, struct open_record *r)
{
    r->depth = x->part.depth;
    r->path_n = x->path_n;
    x->known = true;
    for (int f = 0; f < r->n; f++) {
        buf_clear(&r->text[f]);
        r->text[f].over = false;
        r->had[f] = false;
    }
}

static void on_start(void *arg, const char *name, const char **attr)
{
    struct xml_in *x = arg;
    size_t n = strlen(name), slash = x->path_n > 0;
    if (x->path_n + slash + n >= PATH_MAX_BYTES) {
        part_stop(&x->part, "the names of nested elements are too long");
        return;
    }
    if (slash) x->path[x->path_n++] = '/';
    memcpy(x->path + x->path_n, name, n + 1);
    x->path_n += n;
    for (int i = 0; i < x->records; i++) {
        struct open_record *r = &x->record[i];
        if (!r->depth && path_is(x->path, x->path_n, r->of->path)) begin_record(x, r);
        if (!r->depth) continue;
        take_attributes(x, r, attr);
        if (x->path_n == r->path_n) continue;
        int f = field_of(r, x->path + r->path_n + 1, x->path_n - r->path_n - 1);
        if (f < 0 || r->had[f]) continue;
        r->had[f] = true;
        x->into_record = i;
        x->into_field = f;
        x->into_depth = x->part.depth;
    }
}

static void on_text(void *arg, const char *s, size_t n)
{
    struct xml_in *x = arg;
    /* Two records may want one field: what is common to them is wanted of the inner one alone. */
    if (x->into_record < 0 || x->part.depth != x->into_depth) return;
    buf_add(&x->record[x->into_record].text[x->into_field], s, n);
}

static void on_end(void *arg, const char *name)
{
    struct xml_in *x = arg;
    size_t n = strlen(name);
    if (x->part.depth == x->into_depth) x->into_record = -1;
    for (int i = 0; i < x->records; i++) {
        if (x->record[i].depth != x->part.depth) continue;
        x->record[i].depth = 0;
        x->ended = i;
        part_pause(&x->part);
    }
    x->path_n -= n;
    if (x->path_n > 0) x->path_n--;
    x->path[x->path_n] = '\0';
}

static bool begin(struct xml_in *x, struct csv_source source, const struct xml_record *records,
                  int n, struct err *e)
{
    static const struct part_handler handler = { on_start, on_end, on_text };
    if (n > RECORDS) return err_set(e, ERR_INTERNAL, "more than %d kinds of record", RECORDS);
    x->records = n;
    x->into_record = x->ended = -1;
    for (int i = 0; i < n; i++) {
        struct open_record *r = &x->record[i];
        r->of = &records[i];
        while (r->n < XML_FIELDS && records[i].field[r->n]) buf_init(&r->text[r->n++], FIELD_MAX);
    }
    return part_begin(&x->part, source, 0, &handler, x, e);
}

bool xml_in_over(struct xml_in **out, struct csv_source source, const struct xml_record *records,
                 int n, struct err *e)
{
    struct xml_in *x = mem_alloc(sizeof *x);
    if (!begin(x, source, records, n, e)) {
        xml_in_close(x);
        return false;
    }
    *out = x;
    return true;
}

bool xml_in_open(struct xml_in **out, const char *path, const struct xml_record *records, int n,
                 struct err *e)
{
    struct xml_in *x;
    FILE *f = fopen(path, "rb");
    if (!f) return err_set(e, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
    if (!xml_in_over(&x, csv_from_file(f), records, n, e)) {
        fclose(f);
        return false;
    }
    x->file = f;
    snprintf(x->name, sizeof x->name, "%s", path);
    *out = x;
    return true;
}

void xml_in_close(struct xml_in *x)
{
    if (!x) return;
    part_close(&x->part);
    for (int i = 0; i < x->records; i++)
        for (int f = 0; f < x->record[i].n; f++) buf_free(&x->record[i].text[f]);
    if (x->file) fclose(x->file);
    free(x);
}

static bool give(struct xml_in *x, int record, struct err *e)
{
    struct open_record *r = &x->record[record];
    for (int f = 0; f < r->n; f++) {
        const struct buf *b = &r->text[f];
        const char *p = b->p;
        size_t n = b->n;
        if (b->over)
            return err_set(e, ERR_INVALID, "line %lld: %s is longer than %zu bytes",
                           (long long)x->line, r->of->field[f], FIELD_MAX);
        while (n > 0 && (unsigned char)*p <= ' ') p++, n--;
        while (n > 0 && (unsigned char)p[n - 1] <= ' ') n--;
        x->field[f] = (struct csv_field){ p, n, false };
    }
    return true;
}

enum csv_result xml_in_next(struct xml_in *x, int *record, const struct csv_field **fields,
                            struct err *e)
{
    x->ended = -1;
    enum part_state s = part_run(&x->part, e);
    x->line = (int64_t)XML_GetCurrentLineNumber(x->part.xml);
    if (s == PART_FAILED || (s == PART_PAUSED && !give(x, x->ended, e))) {
        if (*x->name) err_context(e, "%s", x->name);
        return CSV_ERROR;
    }
    if (s == PART_DONE) return CSV_END;
    *record = x->ended;
    *fields = x->field;
    return CSV_ROW;
}

int64_t xml_in_line(const struct xml_in *x) { return x->line; }
bool xml_in_known(const struct xml_in *x) { return x->known; }
