/* Rows of cells out of a CSV file (plain or gzip, in any of the encodings) or a spreadsheet. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "doc/pack.h"
#include "doc/xlsx.h"
#include "entity/load_parts.h"
#include "text/text.h"

struct source {
    const struct load_input *in;
    FILE *file;
    struct pack *pack;
    struct text_decoder *decoder;
    struct csv *csv;
    struct xlsx *xlsx;
    struct csv_source inner;       /* the bytes of the file */
    uint64_t read;
    struct digest digest;
};

/* Counts and digests the bytes before they are decoded. */
static long count_read(void *arg, char *p, size_t n, struct err *e)
{
    struct source *s = arg;
    long got = s->inner.read(s->inner.arg, p, n, e);
    if (got <= 0) return got;
    s->read += (uint64_t)got;
    digest_add(&s->digest, p, (size_t)got);
    return got;
}

static bool open_file(struct source *s, struct err *e)
{
    if (s->in->kind == INPUT_GZIP) {
        if (!pack_open(&s->pack, s->in->path, e)) return false;
        s->inner = pack_source(s->pack);
    } else {
        s->file = fopen(s->in->path, "rb");
        if (!s->file) return err_set(e, ERR_NOT_FOUND, "%s", strerror(errno));
        s->inner = csv_from_file(s->file);
    }
    s->decoder = text_decoder_open((struct csv_source){ count_read, s }, TEXT_AUTO);
    s->csv = csv_open(text_decoder_source(s->decoder), NULL);
    return true;
}

bool source_open(struct source **out, const struct load_input *in, struct err *e)
{
    struct source *s = mem_alloc(sizeof *s);
    s->in = in;
    digest_init(&s->digest);
    bool ok = in->kind == INPUT_XLSX
        ? xlsx_open(&s->xlsx, in->path, NULL, e) && xlsx_sheet(s->xlsx, 0, e) : open_file(s, e);
    if (!ok) {
        source_close(s);
        /* Some of the layers below name the file themselves. */
        return strstr(e->message, in->path) ? false : err_context(e, "%s", in->path);
    }
    *out = s;
    return true;
}

void source_close(struct source *s)
{
    if (!s) return;
    if (s->csv) csv_close(s->csv);
    if (s->decoder) text_decoder_close(s->decoder);
    if (s->pack) pack_close(s->pack);
    if (s->file) fclose(s->file);
    if (s->xlsx) xlsx_close(s->xlsx);
    free(s);
}

enum csv_result source_next(struct source *s, const struct csv_field **cells, int *n,
                            struct err *e)
{
    enum csv_result r = s->xlsx ? xlsx_next(s->xlsx, cells, n, e) : csv_next(s->csv, cells, n, e);
    if (r != CSV_ERROR || strstr(e->message, s->in->path)) return r;
    if (source_line(s) > 0) err_context(e, "after line %lld", (long long)source_line(s));
    err_context(e, "%s", s->in->path);
    return r;
}

int64_t source_line(const struct source *s)
{
    return s->xlsx ? xlsx_row(s->xlsx) : csv_line(s->csv);
}

int source_column(const struct source *s)
{
    return s->xlsx ? 0 : csv_column(s->csv);
}

bool source_sheet(const struct source *s)
{
    return s->xlsx != NULL;
}

enum xlsx_mark source_mark(const struct source *s, int column)
{
    return s->xlsx ? xlsx_mark(s->xlsx, column) : XLSX_PLAIN;
}

char source_separator(const struct source *s)
{
    return s->xlsx ? ',' : csv_separator(s->csv);
}

uint64_t source_bytes(const struct source *s)
{
    if (!s->xlsx) return s->in->kind == INPUT_GZIP ? 0 : s->read;
    uint64_t total = 0, done = xlsx_bytes(s->xlsx, &total);
    /* The sheet stands for the whole file. */
    return total ? (uint64_t)((double)done / (double)total * (double)s->in->bytes) : 0;
}

const char *source_raw(const struct source *s, size_t *n)
{
    *n = 0;
    return s->xlsx ? NULL : csv_raw(s->csv, n);
}

/* A spreadsheet is read part by part: its file is read once more for its digest. */
static void digest_file(const char *path, struct digest *d)
{
    char block[1 << 16];
    FILE *f = fopen(path, "rb");
    if (!f) return;
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;) digest_add(d, block, n);
    fclose(f);
}

void source_digest(const struct source *s, unsigned char out[DIGEST_LEN])
{
    struct digest d = s->digest;
    if (s->xlsx) digest_file(s->in->path, &d);
    digest_done(&d, out);
}
