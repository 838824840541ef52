/* export: a list as a file. Small ones are made while one waits, others by a task. Private to pages/. */
#ifndef JD_PAGES_EXPORT_H
#define JD_PAGES_EXPORT_H

#include "pages/view.h"
#include "programme/job/job.h"

enum { EXPORT_NOW_MOST = 50000 };      /* rows */

extern const struct job_kind export_kind;
/* Starts the task and sends the page on to it. columns as the export will have them. */
void export_later(struct request *q, struct response *r, const struct view *v, enum export_format f);
/* Of one that is done: how much it is, and the link to the file. */
void export_panel(struct request *q, struct buf *b, const struct job_view *v);
/* The file itself, for who asked for it, as long as their account sees the same. */
void export_send(struct request *q, struct response *r, const struct job_view *v);
/* By "csv", "xlsx", "json"; CSV for anything else. */
struct export_type { const char *name, *type; enum export_format format; };
const struct export_type *export_type_named(const char *name);

#endif
