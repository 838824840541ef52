/* register: the list of a kind that has a face: the columns and filters that its users look for, in the
 * address like those of any list, one page at a time by key. Private to pages/. */
#ifndef JD_PAGES_REGISTER_H
#define JD_PAGES_REGISTER_H

#include "pages/face.h"

enum { REGISTER_FIELDS = 10, REGISTER_FILTERS = 4 };
struct register_spec {
    const struct face *face;
    const char *title_en, *title_zh, *lede_en, *lede_zh;
    const char *fields[REGISTER_FIELDS];   /* columns behind the title; end with NULL */
    const char *filters[REGISTER_FILTERS]; /* codes to choose among; end with NULL */
    /* A column that is no field of the row, or NULL. */
    const char *more_en, *more_zh;
    bool (*more)(struct request *q, struct buf *b, const struct table_map *m, const struct val *row, struct err *e);
    /* What stands where a field has no value; NULL = nothing. */
    const char *(*blank)(struct request *q, const struct table_map *m, const char *field, const struct val *row);
    const char *none_en, *none_zh;         /* what belongs here and how it comes */
};
void register_page(struct request *q, struct response *r, const struct register_spec *s);

#endif
