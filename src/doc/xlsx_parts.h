/* xlsx_parts: what the workbook reader is made of, from the bottom up; only doc/xlsx_*.c include
 * it. A workbook is a ZIP archive (zip) of XML parts (part); one of them lists the sheets (book),
 * one the number formats (styles), one the strings that cells share (strings). Sizes are checked
 * at every step, because the file is a stranger's. */
#ifndef JD_DOC_XLSX_PARTS_H
#define JD_DOC_XLSX_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "doc/xlsx.h"
#include "doc/xml_part.h"

void xlsx_default_limits(struct xlsx_limits *l); /* for those that are 0 */

/* zip: the archive. One entry is open at a time. */
struct zip;
bool zip_open(struct zip **out, const char *path, const struct xlsx_limits *lim,
              struct err *e) WARN_UNUSED; /* owned; free with zip_close; lim is borrowed */
void zip_close(struct zip *z);
int zip_find(const struct zip *z, const char *name);         /* an entry's index, or -1 */
const char *zip_name(const struct zip *z, int entry);        /* borrowed */
bool zip_begin(struct zip *z, int entry, struct err *e) WARN_UNUSED; /* ends the one before */
long zip_read(struct zip *z, char *p, size_t n, struct err *e); /* 0 at the end, -1 on a fault */
uint64_t zip_bytes(const struct zip *z, uint64_t *total);    /* zipped bytes of the open entry */

/* An entry's XML by part.h's means. */
bool part_open(struct part *p, struct zip *z, int entry, uint64_t max,
               const struct part_handler *h, void *arg, struct err *e) WARN_UNUSED;
/* A whole part in one go. `p` is the caller's so that handlers can reach it. */
bool part_parse(struct part *p, struct zip *z, int entry, uint64_t max,
                const struct part_handler *h, void *arg, struct err *e) WARN_UNUSED;

#define PART_SMALL (UINT64_C(32) << 20) /* for parts that are held in memory whole */

/* book: which sheets there are and where the parts lie. */
struct book_sheet { const char *name; int entry; };
struct book {
    struct arena arena;
    bool with_hidden;     /* set before: hidden sheets are listed too */
    struct book_sheet *sheets;
    int count;
    int workbook;         /* entry of the part that lists them */
    int styles, strings;  /* entries, or -1 */
    bool epoch_1904;
};
bool book_read(struct book *b, struct zip *z, struct err *e) WARN_UNUSED;
void book_free(struct book *b);

/* styles: what a cell's number means by its format. */
enum number_kind { NUMBER_PLAIN, NUMBER_DATE, NUMBER_TIME, NUMBER_ELAPSED, NUMBER_PERCENT };
struct styles { uint8_t *kind; size_t count; };
bool styles_read(struct styles *s, struct zip *z, int entry, struct err *e) WARN_UNUSED;
void styles_free(struct styles *s);
enum number_kind format_kind(long id);               /* the built-in formats */
enum number_kind format_code_kind(const char *code);

/* values: stored numbers as text. Both return the length, or 0 when `s` is no number. */
#define VALUE_TEXT 64
size_t value_number(const char *s, size_t n, char out[VALUE_TEXT]);
size_t value_date(const char *s, size_t n, enum number_kind kind, bool epoch_1904,
                  char out[VALUE_TEXT]);
/* Replaces _xHHHH_ by the character it stands for, in place; returns the new length. */
size_t value_unescape(char *s, size_t n);

/* strings: the shared strings, in memory up to a limit and in an unlinked file beyond it. */
struct spool { char *p; size_t n, cap, limit; int fd; };
struct strings { struct spool bytes, index; size_t max_cell; };
bool strings_read(struct strings *s, struct zip *z, int entry, const struct xlsx_limits *lim,
                  struct err *e) WARN_UNUSED;
void strings_free(struct strings *s);                /* a zeroed struct is free */
enum strings_result { STRINGS_OK, STRINGS_NONE, STRINGS_LONG };
enum strings_result strings_get(const struct strings *s, uint64_t at, const char **p, size_t *n);

#endif
