/* timeline: what happened to a row, gathered from the kinds of record that name it, newest first, by
 * year, each with its source. A kind joins by a row of a table. Private to pages/. */
#ifndef JD_PAGES_TIMELINE_H
#define JD_PAGES_TIMELINE_H

#include "pages/face.h"

enum { TIMELINE_DATES = 3, TIMELINE_WORDS = 3, TIMELINE_EACH = 100 };
struct timeline_source {
    const char *entity, *field;    /* rows of that kind whose field names the row */
    const char *day[TIMELINE_DATES];   /* the first of these dates that is known */
    const char *words[TIMELINE_WORDS]; /* what happened, in this order, as far as it is known */
    const char *amount, *who;      /* money; an organisation; or NULL */
};
struct timeline_event {
    int32_t day;                   /* DATE_MIN = not known */
    const char *kind, *what, *who, *url;
    const char *from, *from_url;   /* the source, or NULL */
    int64_t amount;                /* fen */
    bool has_amount, draft, due, late;  /* due: has not happened yet */
};
struct timeline { struct timeline_event *at; int n, cap; bool more; };

/* At most TIMELINE_EACH rows of a kind, the latest; more tells that some were left out. */
bool timeline_read(struct timeline *t, struct face_view *v, const struct timeline_source *s, struct err *e) WARN_UNUSED;
void timeline_add(struct timeline *t, struct arena *a, const struct timeline_event *x);
/* Sorts, and writes the panel. */
void timeline_panel(struct request *q, struct buf *b, struct timeline *t, const char *empty);

#endif
