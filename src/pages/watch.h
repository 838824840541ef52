/* watch: panels of the page on supervision that stand in a file of their own. Private to pages/. */
#ifndef JD_PAGES_WATCH_H
#define JD_PAGES_WATCH_H

#include "pages/parts.h"
#include "programme/watch/find.h"

/* What supervision found, who has to put it right by when, and how many of its measures are done. */
bool findings_panel(struct request *q, struct buf *b, struct err *e) WARN_UNUSED;
/* What villages of who looks were asked to fill in over the last weeks, by who asked. After watch_begin. */
bool burden_panel(struct request *q, struct buf *b, const struct watch *w, struct err *e) WARN_UNUSED;
/* Of each form that is about a day now: how many of the places asked have answered, and which have not.
 * After watch_begin. */
bool answers_panel(struct request *q, struct buf *b, const struct watch *w, struct err *e) WARN_UNUSED;

#endif
