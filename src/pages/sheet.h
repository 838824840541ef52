/* sheet: a document to be printed, as blocks in their order, and its two forms: HTML of one file with
 * its style inside, for A4, and text. What is to be said is said once for both. All text is the
 * arena's or constant. */
#ifndef JD_PAGES_SHEET_H
#define JD_PAGES_SHEET_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"

enum sheet_kind { SHEET_TITLE, SHEET_UNDER, SHEET_HEADING, SHEET_TEXT, SHEET_NOTE, SHEET_TABLE, SHEET_LINES };

/* A table's first row is its head; url: where a row's value leads, on a screen; NULL = nowhere.
 * right[c]: numbers. SHEET_LINES: pairs of a label and what stands
 * behind it, NULL = a line to be filled in by hand. */
struct sheet_table { int columns, rows, cap; const bool *right; const char **cell; const char **url; };
struct sheet_block { enum sheet_kind kind; const char *text; struct sheet_table table; };
struct sheet {
    struct arena *a;
    bool zh, large;                /* large: a notice that is read from a wall; one page */
    const char *title;             /* of the window */
    struct sheet_block *at; int n, cap;
    struct sheet_way { const char *text, *url; } way[4]; int ways;   /* above it on a screen, not printed */
};

void sheet_start(struct sheet *s, struct arena *a, bool zh, const char *title);
void sheet_add(struct sheet *s, enum sheet_kind kind, const char *text);
/* A table or lines; rows are added to the last one. right is borrowed, NULL = none. */
void sheet_table(struct sheet *s, enum sheet_kind kind, int columns, const bool *right);
void sheet_row(struct sheet *s, const char *const *cells);

/* Where the second cell of the last row leads: to the records behind the number. */
void sheet_leads(struct sheet *s, const char *url);
void sheet_way(struct sheet *s, const char *text, const char *url);

/* style: the CSS. */
void sheet_html(const struct sheet *s, const char *style, size_t style_n, struct buf *out);
/* The same with the style and the icon among the assets at an address, for pages that may hold none. */
void sheet_linked(const struct sheet *s, const char *assets, struct buf *out);
void sheet_text(const struct sheet *s, struct buf *out);

#endif
