#include "doc/xlsx_edit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zip.h>

#define CHUNK 65536
#define LEVEL 6

void edit_add(struct edits *x, uint64_t at, uint64_t n, const char *text, size_t len)
{
    if (x->n == x->cap) {
        x->cap = x->cap ? x->cap * 2 : 32;
        struct edit *more = arena_array(x->a, x->cap, sizeof *more);
        if (x->n) memcpy(more, x->list, x->n * sizeof *more);
        x->list = more;
    }
    x->list[x->n++] = (struct edit){ at, n, text, len };
}

uint64_t part_at(const struct part *p)
{
    XML_Index at = XML_GetCurrentByteIndex(p->xml);
    return at < 0 ? 0 : (uint64_t)at;
}

uint64_t part_len(const struct part *p)
{
    int n = XML_GetCurrentByteCount(p->xml);
    return n < 0 ? 0 : (uint64_t)n;
}

const char *part_raw_name(const struct part *p)
{
    return p->raw;
}

void xml_text(struct buf *b, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i];
        if (c == '&') buf_str(b, "&amp;");
        else if (c == '<') buf_str(b, "&lt;");
        else if (c == '>') buf_str(b, "&gt;");
        else if (c == '"') buf_str(b, "&quot;");
        else if (c >= ' ' || c == '\n' || c == '\t') buf_char(b, (char)c);
    }
}

bool part_is_utf8(const char *p, size_t n)
{
    size_t head = 0;
    if (n >= 2 && (p[0] == '\0' || p[1] == '\0' || (p[0] == '\xFE' && p[1] == '\xFF') ||
                   (p[0] == '\xFF' && p[1] == '\xFE')))
        return false;
    while (head < n && p[head] != '>') head++; /* the declaration, if there is one */
    for (size_t i = 0; i + 10 < head; i++)
        if (memcmp(p + i, "encoding=", 9) == 0)
            return i + 15 <= n && strncasecmp(p + i + 10, "utf-8", 5) == 0;
    return true;
}

/* --- an archive being written --- */

struct zip_out { zipFile file; char chunk[CHUNK]; };

static bool wrote(int code, struct err *e)
{
    return code == ZIP_OK || err_set(e, ERR_FULL, "the workbook cannot be written: %s",
                                     errno ? strerror(errno) : "the archive is too large");
}

bool zip_out_open(struct zip_out **out, const char *path, struct err *e)
{
    zipFile file = zipOpen64(path, APPEND_STATUS_CREATE);
    if (!file) return err_set(e, ERR_INVALID, "%s: %s", path, strerror(errno));
    *out = mem_alloc(sizeof **out);
    (*out)->file = file;
    return true;
}

bool zip_out_copy(struct zip_out *o, struct zip *z, int entry, struct err *e)
{
    struct zip_raw raw;
    if (!zip_begin_raw(z, entry, &raw, e)) return err_context(e, "%s", zip_name(z, entry));
    zip_fileinfo info = { .dosDate = raw.dos_date, .internal_fa = raw.internal,
                          .external_fa = raw.external };
    if (!wrote(zipOpenNewFileInZip2_64(o->file, zip_name(z, entry), &info, NULL, 0, NULL, 0, NULL,
                                       raw.method, raw.level, 1, raw.unzipped >= UINT32_MAX), e))
        return false;
    long n;
    while ((n = zip_read_raw(z, o->chunk, CHUNK, e)) > 0)
        if (!wrote(zipWriteInFileInZip(o->file, o->chunk, (unsigned)n), e)) return false;
    if (n < 0) return err_context(e, "%s", zip_name(z, entry));
    return wrote(zipCloseFileInZipRaw64(o->file, raw.unzipped, raw.crc), e);
}

bool zip_out_begin(struct zip_out *o, const char *name, struct err *e)
{
    zip_fileinfo info = { .dosDate = 0x00210000 }; /* 1980-01-01: the same cells, the same bytes */
    return wrote(zipOpenNewFileInZip64(o->file, name, &info, NULL, 0, NULL, 0, NULL, Z_DEFLATED, LEVEL,
                                       1), e);
}

bool zip_out_write(struct zip_out *o, const void *p, size_t n, struct err *e)
{
    while (n) {
        unsigned some = n > INT32_MAX ? INT32_MAX : (unsigned)n;
        if (!wrote(zipWriteInFileInZip(o->file, p, some), e)) return false;
        p = (const char *)p + some;
        n -= some;
    }
    return true;
}

bool zip_out_end(struct zip_out *o, struct err *e)
{
    return wrote(zipCloseFileInZip(o->file), e);
}

/* One piece of the old part, from byte `at` on: what no edit replaces, and the edits that begin in it. */
static bool write_piece(struct zip_out *o, const char *p, uint64_t at, size_t n, const struct edits *x,
                        size_t *next, uint64_t *skip, struct err *e)
{
    uint64_t end = at + n;
    while (at < end) {
        const struct edit *d = *next < x->n ? &x->list[*next] : NULL;
        if (*skip > at) {
            uint64_t by = (*skip < end ? *skip : end) - at;
            p += by;
            at += by;
            continue;
        }
        uint64_t until = d && d->at < end ? d->at : end;
        if (!zip_out_write(o, p, (size_t)(until - at), e)) return false;
        p += until - at;
        at = until;
        if (!d || d->at != at) continue;
        if (at == end) break; /* it begins with the next piece */
        if (!zip_out_write(o, d->text, d->len, e)) return false;
        *skip = d->at + d->n;
        ++*next;
    }
    return true;
}

bool zip_out_edited(struct zip_out *o, struct zip *z, int entry, const struct edits *x, struct err *e)
{
    uint64_t at = 0, skip = 0;
    size_t next = 0;
    long n;
    if (!zip_begin(z, entry, e)) return err_context(e, "%s", zip_name(z, entry));
    if (!zip_out_begin(o, zip_name(z, entry), e)) return false;
    while ((n = zip_read(z, o->chunk, CHUNK, e)) > 0) {
        if (at == 0 && !part_is_utf8(o->chunk, (size_t)n))
            return err_set(e, ERR_INVALID, "%s: the part is not in UTF-8", zip_name(z, entry));
        if (!write_piece(o, o->chunk, at, (size_t)n, x, &next, &skip, e)) return false;
        at += (uint64_t)n;
    }
    if (n < 0) return err_context(e, "%s", zip_name(z, entry));
    if (next != x->n) return err_set(e, ERR_INTERNAL, "%s: a change lies behind its end",
                                     zip_name(z, entry));
    return zip_out_end(o, e);
}

bool zip_out_close(struct zip_out *o, struct err *e)
{
    int code = zipClose(o->file, NULL);
    free(o);
    return wrote(code, e);
}
