/* pages: the web over any entity and any figure, made from their declarations. A room adds its own
 * pages in the same frame. Handlers read; they write nothing. */
#ifndef JD_PAGES_PAGES_H
#define JD_PAGES_PAGES_H

#include "web/web.h"

extern const struct route page_routes[];
extern const int page_route_count;

/* The kinds of work that pages ask to have done. */
struct job_kind;
extern const struct job_kind *const page_job_kinds[];
extern const int page_job_kind_count;

#endif
