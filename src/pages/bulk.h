/* bulk: one act on every row of a list. The page says how many rows that is and what becomes of them; what
 * is done is done to the list that was shown, or, when that has changed meanwhile, not begun. Private to pages/. */
#ifndef JD_PAGES_BULK_H
#define JD_PAGES_BULK_H

#include <stdio.h>

#include "pages/import.h"
#include "pages/view.h"

enum { BULK_MOST = 200000, BULK_TOLD = 200 };
enum bulk_act { BULK_SET, BULK_DELETE, BULK_CONFIRM, BULK_ADD };

/* How many rows, and the sum of their digests: the same for a list that nobody has changed. */
struct bulk_mark { int64_t rows; uint64_t sum; };

/* What a task is asked for, beside the query. */
struct bulk { const struct table_map *m; struct list_query query; enum bulk_act act; int64_t organisation;
              struct bulk_mark mark; };

extern const struct job_kind bulk_kind;
const char *bulk_asked(const struct view *v, enum bulk_act act, int64_t organisation, const struct bulk_mark *mark,
                       struct arena *a);
/* What one asks for, and over which list. */
struct asking {
    struct request *q; struct view *v;
    struct bulk_mark mark;
    struct val *sample; int n_sample;
    bool sheet;                    /* rows have a key that a sheet may name them by */
};
/* Inside a form: the act, and the list that it is shown for. */
void bulk_begin(struct asking *x, struct buf *b, enum bulk_act act);
const char *bulk_rows_text(struct asking *x, const char *en_one, const char *en, const char *zh);
/* That what a sheet brings is checked first, and undone as a whole. */
void bulk_hint(struct request *q, struct buf *b);
/* An import of rows of a kind, checked first and asked for by a sheet that `write` writes. */
typedef bool bulk_sheet_fn(void *arg, FILE *f, struct err *e);
bool bulk_import(struct request *q, const struct entity *en, const char *title, bulk_sheet_fn *write, void *arg,
                 int64_t *task, struct err *e) WARN_UNUSED;
/* Acts that an entity declares (struct list_act): their forms, and doing the one that was sent. */
void bulk_add_forms(struct asking *x, struct buf *b);
bool bulk_add(struct asking *x, int64_t *task, struct err *e) WARN_UNUSED;

/* A file beside those that are sent, for an import that the program asks for itself. */
bool bulk_sheet_path(struct request *q, const char **out, struct err *e) WARN_UNUSED;
/* Of a task at rest: what was done, what was refused and why. */
void bulk_panel(struct request *q, struct buf *b, const struct job_view *v);
/* Puts the rows that a task has deleted back, as an import of their sheet. */
void bulk_restore(struct request *q, struct response *r, const struct job_view *v);

#endif
