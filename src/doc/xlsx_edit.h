/* xlsx_edit: changes of a part by the bytes they replace, and archives written part by part. Private to
 * doc/. */
#ifndef JD_DOC_XLSX_EDIT_H
#define JD_DOC_XLSX_EDIT_H

#include "doc/xlsx_fill.h"
#include "doc/xlsx_parts.h"

/* In place of n bytes at `at` of a part stands `text` (arena, n bytes of it). Rising, apart. */
struct edit { uint64_t at, n; const char *text; size_t len; };
struct edits { struct arena *a; struct edit *list; size_t n, cap; };
void edit_add(struct edits *x, uint64_t at, uint64_t n, const char *text, size_t len);

/* Bytes that the parser stands at: of a start or an end tag, while its handler runs. */
uint64_t part_at(const struct part *p);
uint64_t part_len(const struct part *p);
/* The name as it stands there, with its prefix; valid in the handler of a start. */
const char *part_raw_name(const struct part *p);

/* Is a part, from its first bytes, in UTF-8? Pieces of others cannot be put together. */
bool part_is_utf8(const char *p, size_t n);

/* XML text and attribute values; characters that XML has no way to say are left out. */
void xml_text(struct buf *b, const char *p, size_t n);

struct zip_out;
bool zip_out_open(struct zip_out **out, const char *path, struct err *e) WARN_UNUSED;
/* As it is, without unpacking. */
bool zip_out_copy(struct zip_out *o, struct zip *z, int entry, struct err *e) WARN_UNUSED;
/* With its edits. */
bool zip_out_edited(struct zip_out *o, struct zip *z, int entry, const struct edits *x,
                    struct err *e) WARN_UNUSED;
bool zip_out_begin(struct zip_out *o, const char *name, struct err *e) WARN_UNUSED;
bool zip_out_write(struct zip_out *o, const void *p, size_t n, struct err *e) WARN_UNUSED;
bool zip_out_end(struct zip_out *o, struct err *e) WARN_UNUSED;
bool zip_out_close(struct zip_out *o, struct err *e) WARN_UNUSED; /* frees it, also on a fault */

/* Of an entry as it lies in the archive. */
struct zip_raw { uint64_t zipped, unzipped; unsigned long crc, dos_date, internal, external; int method,
                 level; };
int zip_count(const struct zip *z);
bool zip_begin_raw(struct zip *z, int entry, struct zip_raw *out, struct err *e) WARN_UNUSED;
long zip_read_raw(struct zip *z, char *p, size_t n, struct err *e);

/* holes: texts with {{ in them, by the number of the shared string; and cells. */
struct hole_text { uint64_t index; uint64_t from, to; const char *inner; size_t n; }; /* XML inside si */
struct hole_texts { struct hole_text *at; size_t n, cap; };
/* Shared strings that hold {{ */
bool holes_in_strings(struct zip *z, int entry, struct arena *a, struct hole_texts *out,
                      struct err *e) WARN_UNUSED;

/* A cell with holes: where it stands, and the XML of its text. */
struct hole_cell { uint64_t at, n; const char *name, *style, *prefix, *inner; size_t inner_n; };
struct hole_sheet {
    struct hole_cell *cell; size_t n, cap;
    struct edits results;      /* formulas' kept results, left out */
};
bool holes_in_sheet(struct zip *z, int entry, struct arena *a, const struct hole_texts *texts,
                    struct hole_sheet *out, struct err *e) WARN_UNUSED;

/* Fills the text of one cell. */
struct hole_fill { const char *sheet; xlsx_hole_fn *fn; void *arg; struct arena *a; int holes; };
bool hole_fill_cell(struct hole_fill *f, const struct hole_cell *c, struct buf *out,
                    struct err *e) WARN_UNUSED;

#endif
