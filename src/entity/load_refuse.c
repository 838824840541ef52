/* Refused rows: the cells as they came, behind line, column, value and reason, so that the file can
 * be mended and loaded by itself. It grows under a name of its own and takes its place at the end.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "entity/load_parts.h"

#define LINE_MAX_BYTES ((size_t)64 << 20)

struct refuse {
    char *input;                 /* the file that is loaded */
    char *path, *growing;
    const struct sheet *sheet;
    FILE *file;
    struct buf line;
    bool kept;
};

/* "in/household.csv.gz" -> "household"; a refused file's rest goes by the same name again. */
static size_t plain_length(const char *name)
{
    static const char *const tails[] = { ".gz", ".csv", ".xlsx", ".refused" };
    size_t n = strlen(name);
    for (int i = 0; i < COUNT_OF(tails); i++) {
        size_t k = strlen(tails[i]);
        if (n > k && strncasecmp(name + n - k, tails[i], k) == 0) n -= k;
    }
    return n;
}

void refuse_open(struct refuse **out, const char *path, const char *dir, const struct sheet *sh)
{
    struct refuse *r = mem_alloc(sizeof *r);
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    struct buf b;
    buf_init(&b, 1 << 16);
    if (dir) buf_printf(&b, "%s/", dir);
    else buf_add(&b, path, (size_t)(name - path));
    buf_add(&b, name, plain_length(name));
    buf_str(&b, ".refused.csv");
    r->path = mem_strdup(b.p);
    r->input = mem_strdup(path);
    buf_printf(&b, ".%ld", (long)getpid());
    r->growing = mem_strdup(b.p);
    buf_free(&b);
    buf_init(&r->line, LINE_MAX_BYTES);
    r->sheet = sh;
    *out = r;
}

static bool put_line(struct refuse *r, struct err *e)
{
    csv_end_row(&r->line);
    if (fwrite(r->line.p, 1, r->line.n, r->file) != r->line.n)
        return err_set(e, errno == ENOSPC ? ERR_FULL : ERR_INTERNAL,
                       "%s: cannot write the refused rows: %s", r->path, strerror(errno));
    return true;
}

static bool begin(struct refuse *r, struct err *e)
{
    r->file = fopen(r->growing, "wb");
    if (!r->file)
        return err_set(e, ERR_INTERNAL, "%s: cannot write the refused rows: %s", r->path,
                       strerror(errno));
    buf_clear(&r->line);
    buf_str(&r->line, "\xef\xbb\xbf" "line,column,value,reason");
    /* The sheet may itself be a refused file: its leading columns are not kept twice. */
    for (int c = r->sheet->lead; c < r->sheet->columns; c++) {
        const char *t = r->sheet->title[c];
        csv_add(&r->line, t, strlen(t), false, true);
    }
    return put_line(r, e);
}

bool refuse_row(struct refuse *r, const struct refusal *why, const struct csv_field *cells, int n,
                struct err *e)
{
    char line[24];
    if (!r->file && !begin(r, e)) return false;
    buf_clear(&r->line);
    int len = snprintf(line, sizeof line, "%lld", (long long)why->line);
    csv_add(&r->line, line, (size_t)len, true, false);
    csv_add(&r->line, why->column ? why->column : "", why->column ? strlen(why->column) : 0, false,
            true);
    csv_add(&r->line, why->value_n ? why->value : "", why->value_n, false, true);
    csv_add(&r->line, why->reason, strlen(why->reason), false, true);
    int c = r->sheet->lead;
    for (; c < n || c < r->sheet->columns; c++)
        csv_add(&r->line, c < n ? cells[c].p : "", c < n ? cells[c].n : 0, false, true);
    return put_line(r, e);
}

static bool same_bytes(const char *a, const char *b)
{
    FILE *x = fopen(a, "rb"), *y = fopen(b, "rb");
    bool same = x && y;
    while (same) {
        int c = getc(x);
        same = c == getc(y);
        if (c == EOF) break;
    }
    if (x) fclose(x);
    if (y) fclose(y);
    return same;
}

/* What lies there may be a refused file that somebody is correcting: unless it is what was loaded, or
 * says the same, it stays, and the new one is numbered: household.2.refused.csv. */
static void find_free(struct refuse *r)
{
    struct buf b;
    size_t stem = strlen(r->path) - strlen(".refused.csv");
    buf_init(&b, 1 << 16);
    buf_str(&b, r->path);
    for (int i = 2; i < 1000 && access(b.p, F_OK) == 0; i++) {
        if (strcmp(b.p, r->input) == 0 || same_bytes(b.p, r->growing)) break;
        buf_clear(&b);
        buf_printf(&b, "%.*s.%d.refused.csv", (int)stem, r->path, i);
    }
    free(r->path);
    r->path = mem_strdup(b.p);
    buf_free(&b);
}

bool refuse_keep(struct refuse *r, struct arena *a, const char **path, struct err *e)
{
    *path = NULL;
    if (!r || !r->file) return true;
    bool ok = fflush(r->file) == 0 && fsync(fileno(r->file)) == 0;
    ok = fclose(r->file) == 0 && ok;
    r->file = NULL;
    if (ok) find_free(r);
    if (!ok || rename(r->growing, r->path) != 0) {
        int why = errno;
        unlink(r->growing);
        return err_set(e, why == ENOSPC ? ERR_FULL : ERR_INTERNAL,
                       "%s: cannot write the refused rows: %s", r->path, strerror(why));
    }
    r->kept = true;
    *path = arena_strdup(a, r->path);
    return true;
}

void refuse_close(struct refuse *r)
{
    if (!r) return;
    if (r->file) {
        fclose(r->file);
        unlink(r->growing);
    }
    buf_free(&r->line);
    free(r->path);
    free(r->input);
    free(r->growing);
    free(r);
}
