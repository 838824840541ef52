/* task: what pages that show a job share. Private to pages/. */
#ifndef JD_PAGES_TASK_H
#define JD_PAGES_TASK_H

#include "pages/parts.h"
#include "programme/job/job.h"

enum { TASK_REFRESH = 5 };             /* seconds, where there is no script */

/* The bar, its words and the stop button of one that waits or runs; the script keeps it up to date. */
void task_progress(struct request *q, struct buf *b, const struct job_view *v);
/* Its state in a list, kept up to date too. text: NULL = the usual word. */
void task_tag(struct request *q, struct buf *b, const struct job_view *v, const char *text);
/* Of one at rest that is not done: why, and the button that runs it again; nothing else. why: NULL = the row's. */
void task_end_note(struct request *q, struct buf *b, const struct job_view *v, const char *why);

void tasks_page(struct request *q, struct response *r);
void task_page(struct request *q, struct response *r);
void task_act(struct request *q, struct response *r);      /* stop, again, remove, restore */
void task_file(struct request *q, struct response *r);
void events_page(struct request *q, struct response *r);

#endif
