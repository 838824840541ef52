/* face: the special page of a kind of record, for those who work with it every day. Whoever may see the
 * row may see its face; each panel reads through the request's scope and shows nothing of a kind that is
 * closed to who looks. A kind gets one by a row of `faces` (face.c). Private to pages/. */
#ifndef JD_PAGES_FACE_H
#define JD_PAGES_FACE_H

#include "pages/parts.h"

struct face_view {
    struct request *q; struct buf *b;
    const struct face *face;
    const struct table_map *m;
    const struct val *row;
    int64_t county, id, place;     /* place: where the row lies, or 0 */
    const char *url;               /* of this face */
};
typedef bool face_panel(struct face_view *v, struct err *e);
struct face {
    const char *entity, *path;     /* "/households": the list; the face lies below it */
    const char *list_en, *list_zh; /* what the list is called */
    const char *en, *zh;           /* the button on the record's own page */
    enum page_nav nav;
    void (*acts)(struct face_view *v);        /* buttons beside the heading, or NULL */
    const char *(*lede)(struct face_view *v); /* the conclusion as a sentence, or NULL */
    face_panel *const *wide, *const *side;    /* end with NULL */
};
const struct face *face_of(const char *entity);                    /* or NULL */
/* The address by which people open a row: its face, or the record's page. */
const char *row_url(const struct request *q, const struct table_map *m, int64_t county, int64_t id);
/* On a record's page: the button that leads to its face; nothing for kinds without one. */
void face_button(struct request *q, struct buf *b, const struct table_map *m, const struct val *row);
/* The row that capture 0 names, for a face's page and those below it. Answers itself where there is none. */
bool face_read(struct request *q, struct response *r, const struct face *f, struct face_view *v,
               struct val *row);
void face_show(struct request *q, struct response *r, const struct face *f);
const char *face_title(struct face_view *v);   /* "Household 6532…" where a code is all that names it */
/* Crumbs to the face and to a page below it (NULL = the face itself). */
void face_crumbs(struct face_view *v, const char *below);

/* --- rows that belong to a face's row --- */

/* Rows of a kind that name the face's row in `field`, at most `limit` (0 = all), in the order of `sort`
 * ("-valid_from" = latest first; NULL = by id). and_where: a rule besides,
     or NULL. Nothing where the kind is closed. */
struct face_rows { const char *entity, *field, *and_where, *sort; int64_t limit; };
bool face_list(struct face_view *v, const struct face_rows *x, list_fn *fn, void *arg, struct err *e) WARN_UNUSED;

/* A field of a row by its name; VAL_NULL when there is none. */
struct val row_at(const struct table_map *m, const struct val *row, const char *field);
/* A copy that outlives the list it was told by. */
struct val *row_kept(struct arena *a, const struct table_map *m, const struct val *row);
const char *row_words(struct request *q, const struct table_map *m, const struct val *row, const char *field); /* "" */
/* "<dt>label</dt><dd>value</dd>" of a field that is known. */
void fact(struct request *q, struct buf *b, const struct table_map *m, const char *field, const struct val *row);
/* A table cell of a field, as lists show it. */
void field_cell(struct request *q, struct buf *b, const struct table_map *m, const char *field, const struct val *row);
void row_head(struct request *q, struct buf *b, const struct table_map *m, const struct val *row, const char *why);

/* --- panels that faces share --- */

/* A figure of the face's place or organisation, as far as it is known; headed by its name. */
bool face_figure(struct face_view *v, const char *name, const struct asked *s, int *shown, struct err *e) WARN_UNUSED;

/* A panel that lists what belongs to the row, with a link to the whole list. */
struct face_related {
    struct face_rows rows;
    const char *en, *zh;           /* heading */
    const char *title;             /* field that names a row here; NULL = as everywhere */
    const char *fields[6];         /* columns after the title; end with NULL */
    const char *none_en, *none_zh; /* when there is none; NULL = no panel then */
};
bool face_related(struct face_view *v, const struct face_related *x, struct err *e) WARN_UNUSED;

extern const struct face household_face, helper_face, batch_face, project_face;

#endif
