/* print: documents of a place, an organisation and a period. Figures come through the request's scope. */
#ifndef JD_PAGES_PRINT_H
#define JD_PAGES_PRINT_H

#include "pages/parts.h"
#include "pages/sheet.h"

struct print_notice {
    int32_t until;             /* last day of the notice */
    const char *objections;    /* where to object: an office, its address, a telephone; NULL = a line */
};

/* Figures of a period that people ask for first, and how they are proved. */
bool print_press(struct request *q, const struct asked *s, struct sheet *out, struct err *e) WARN_UNUSED;
/* The figures of an approved release, and what it corrects. */
bool print_release(struct request *q, const struct scope *s, const char *name, struct sheet *out,
                   struct err *e) WARN_UNUSED;
/* All figures with records, beside the same period a year before, and by the places inside. */
bool print_period(struct request *q, const struct asked *s, struct sheet *out, struct err *e) WARN_UNUSED;
/* One page for the wall of a village or an office. */
bool print_notice(struct request *q, const struct asked *s, const struct print_notice *n,
                  struct sheet *out, struct err *e) WARN_UNUSED;

#endif
