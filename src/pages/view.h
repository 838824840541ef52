/* view: what a list shows, read from the address: columns, conditions, order, place in it. Nothing that
 * the viewer may not see is taken: not as a column, not in a condition, not to sort by. Private to
 * pages/.
 *
 *   place=        a place with all below it           where=       a rule
 *   f.FIELD=      is (several of a field: any of them; a place: with all below it; a reference: id or name)
 *   f.FIELD.not=  is not          f.FIELD.from= .to=  a range of dates or numbers
 *   f.FIELD.has=  holds a text    f.FIELD.begins=     begins with it
 *   f.FIELD.is=   empty, known    drafts=1            drafts too
 *   c=, columns=  columns         sort=, sort=-       order
 *   after=, before=, last=1       a page: COUNTY-ID, and ~VALUE of the sort column
 *   start=        the page that begins at a value of the sort column */
#ifndef JD_PAGES_VIEW_H
#define JD_PAGES_VIEW_H

#include "base/json.h"
#include "pages/parts.h"

enum { MAX_SHOWN = 64, MAX_CONDITIONS = 32, CANDIDATES = 20, COUNTED = 10000, SORT_MOST = 100000 };

enum condition { CONDITION_IS, CONDITION_NOT, CONDITION_FROM, CONDITION_TO, CONDITION_HAS, CONDITION_BEGINS,
                 CONDITION_STATE, CONDITION_N };
/* One condition of the address; its chip takes parameter number `param` away. */
struct view_condition { int field, param; enum condition how; const char *value; int64_t ref_county, ref; };

/* Rows that a name typed in a condition may mean: the condition is chosen among them. */
struct view_choice { const struct table_map *to; int param, n; int64_t county[CANDIDATES], id[CANDIDATES];
                     bool more; };

struct view {
    const struct table_map *m;
    int field[MAX_SHOWN]; int n;
    const char *where;             /* of conditions and typed rule, joined; NULL = all */
    struct view_condition at[MAX_CONDITIONS]; int n_at;
    struct list_filter filter[MAX_CONDITIONS];
    struct view_choice choice;     /* n > 0: a name means several */
    struct list_query query;
    int64_t from_row;              /* the number of the first row in the list; 0 = not known */
    const char *unsorted;          /* the column that too many rows were to be sorted by, or NULL */
    int64_t total; bool has_total; /* of the whole list; more than COUNTED is COUNTED + 1, */
    bool kept;                     /* unless it is kept: then it is what there is */
};

/* v->m is set before. limit is left to the caller. */
bool view_read(struct request *q, struct view *v, struct err *e) WARN_UNUSED;
/* Counts what fits where the list is narrowed, and gives up an order that would sort too many rows. */
bool view_bound(struct request *q, struct view *v, struct err *e) WARN_UNUSED;
/* A list of a place, or of all that is seen, without conditions has as many rows as are kept by a figure, where
 * the kind has one. */
bool view_kept(struct request *q, struct view *v, struct err *e) WARN_UNUSED;
/* Narrowed by place or conditions? */
bool view_narrowed(const struct view *v);
/* The same list without the conditions on a field, for counts of what else could be chosen; arena. */
struct list_query view_without(struct request *q, const struct view *v, int field);
/* "a ""quoted"" text" as a rule writes it; arena. */
const char *rule_quoted(struct arena *a, const char *s);
/* The rows of the page, in the arena: at most `most` of them. Going back past the beginning gives the first
 * page whole. before, after: the list goes on there. */
struct view_page { const struct val *rows; int n; bool before, after; };
bool view_page(struct request *q, struct view *v, int most, struct view_page *out, struct err *e) WARN_UNUSED;
static inline const struct val *view_row(const struct view *v, const struct view_page *p, int i)
{
    return p->rows + (size_t)i * (size_t)(v->m->columns + 1);
}
/* Where a row stands: what after= and before= take. */
const char *cursor_text(struct request *q, const struct view *v, const struct val *row);
/* The query without its page, as a task's row keeps it: members of an open object, and back. False when it is no
 * such text. */
void view_put(struct json_out *j, const struct view *v);
bool view_get(const struct model *mo, const struct json *o, struct arena *a, const struct table_map **m,
              struct list_query *out);
const char *condition_suffix(enum condition how);  /* "", ".not", ... */
const char *field_label(const struct request *q, const struct field *f);

/* ---- list_filter.c ---- */
/* The filter, chips of what is chosen, and what a name may mean. */
void view_filter_form(struct request *q, struct buf *b, const struct view *v, const struct err *wrong);
void view_chips(struct request *q, struct buf *b, const struct view *v);
void view_choices(struct request *q, struct buf *b, const struct view *v);
/* A condition typed as add.field, add.how, add.value (and add.upto), as the address that has it; NULL when none
 * was typed. */
const char *view_added(struct request *q, const struct view *v, struct err *e);

/* ---- views_page.c ---- */
/* The saved lists of this kind, and a form that saves this one. good: the address could be read. */
bool views_panel(struct request *q, struct buf *b, const struct view *v, bool good, struct err *e) WARN_UNUSED;

/* ---- list_counts.c ---- */
/* How many rows each code, reference and place has, as links. */
bool view_counts(struct request *q, struct buf *b, const struct view *v, struct err *e) WARN_UNUSED;

#endif
