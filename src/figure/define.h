/* define: the parts of reading definitions. Private to figure/.
 *
 * define.c cuts sources into figures and directives, directive.c gives each directive its meaning,
 * define_text.c writes a figure's canonical text. */
#ifndef JD_FIGURE_DEFINE_H
#define JD_FIGURE_DEFINE_H

#include "figure/inside.h"

struct source {
    const char *name, *text;
    size_t n;
}; /* comments blanked; keeps its lines */
struct scan { const struct source *s; const char *p, *end; };  /* what is left of a directive */
struct word { const char *p; size_t n; };

enum directive {
    D_LABEL, D_HELP, D_UNIT, D_COUNT, D_SUM, D_DISTINCT, D_RATIO, D_TOTAL, D_WHERE, D_FLOW, D_STOCK,
    D_PLACE, D_ORGANISATION, D_N
};

/* A figure being defined: the text of each directive it has. */
struct draft {
    struct figure *f;
    const struct source *s;
    const char *name_at;
    struct scan given[D_N];    /* p NULL = not given */
    const char *at[D_N];       /* its keyword, for faults */
    int state;                 /* of the search for circles: 0 new, 1 under way, 2 done */
    int decimals;              /* declared, or -1 */
};
struct defining {
    struct arena *a;
    const struct model *mo;
    struct draft **drafts; size_t n, cap;
};

/* "NAME: line 3, column 14: ..." in err; always false. */
bool define_fault(const struct source *s, const char *at, struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void define_place(const struct source *s, const char *at, int *line, int *column);

static inline bool word_is(const struct word *w, const char *text)
{
    return w->n == strlen(text) && memcmp(w->p, text, w->n) == 0;
}
void skip_blank(struct scan *c);
bool scan_word(struct scan *c, struct word *w);
bool scan_is(struct scan *c, const char *word);   /* takes the word when it is the next one */
bool scan_mark(struct scan *c, const char *mark);
bool scan_string(struct scan *c, struct arena *a, const char **out);
bool scan_number(struct scan *c, int64_t *out);
bool scan_end(struct scan *c, struct err *e) WARN_UNUSED;

int directive_find(const struct word *w);             /* -1 = none */
const char *directive_nearest(const struct word *w);

/* All but the terms of ratios and totals; then those; then the decimals of figures of figures, and
 * that none goes in a circle. */
bool define_one(struct defining *x, struct draft *d, struct err *e) WARN_UNUSED;
bool define_terms(struct defining *x, struct draft *d, struct err *e) WARN_UNUSED;
bool define_scales(struct defining *x, struct err *e) WARN_UNUSED;

#endif
