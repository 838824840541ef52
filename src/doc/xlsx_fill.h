/* xlsx_fill: somebody's own workbook with some of its cells filled in. A cell is filled where its text
 * holds {{...}}: alone, it becomes a number (its number format stays) or a text; inside a text, only the
 * braces are replaced, and runs of their own fonts stay where a brace does not cross them. All parts of
 * the file but these are copied as they are, compressed bytes and all:
 *   - sheets with filled cells, and sheets with formulas, whose kept results are left out so that every
 *     program works them out anew;
 *   - the workbook, its relations and the list of content types, which learn of the evidence sheet and
 *     that formulas are to be worked out on opening.
 * A shared string that several cells use is filled for each of them; the part of shared strings stays.
 *
 * The file is a stranger's: sizes are bounded as in xlsx.h, document types refused. Memory is that of
 * the texts to be filled. Nothing is written before every hole is filled. */
#ifndef JD_DOC_XLSX_FILL_H
#define JD_DOC_XLSX_FILL_H

#include "doc/xlsx.h"

struct xlsx_filling {
    bool number;         /* text is a decimal number: only where the hole is alone in its cell */
    const char *text;    /* borrowed until the call returns to the caller of xlsx_fill */
};
/* One hole: `inside` is what stands between the braces, trimmed. An error is given its sheet and cell. */
typedef bool xlsx_hole_fn(void *arg, const char *sheet, const char *cell, const char *inside, bool alone,
                          struct xlsx_filling *out, struct err *e);

/* Rows of the evidence sheet, asked for once all holes are filled: NULL ends them; a row has n texts, the
 * first row is the titles. */
struct xlsx_evidence {
    const char *name;    /* of the sheet; a number is put behind it where the workbook has that already */
    int n;
    const char *const *(*row)(void *arg, size_t i);
};
struct xlsx_filled { int holes, cells, sheets; };

/* `arg` is that of both functions. out_path takes its name when the file is whole; it may not be the
 * template's. */
bool xlsx_fill(const char *path, const char *out_path, const struct xlsx_limits *lim, xlsx_hole_fn *fill,
               const struct xlsx_evidence *evidence, void *arg, struct xlsx_filled *out,
               struct err *e) WARN_UNUSED;

#endif
