/* item: one record or word as another office gives it. Private to programme/exchange/. */
#ifndef JD_PROGRAMME_EXCHANGE_ITEM_H
#define JD_PROGRAMME_EXCHANGE_ITEM_H

#include "programme/exchange/link.h"

/* A row of EXCHANGE_ITEM, EXCHANGE_WORDS, EXCHANGE_ITEMS. */
struct item {
    int64_t county, id, sender, place, number;
    const char *of, *record, *package, *state, *ours, *content, *digest;
};
void item_read(const struct val *row, struct arena *a, struct item *out);

/* What the sender gives of a record, by our fields. */
struct given { int field; const char *text; };

/* The row here that has that code: by the natural key alone. */
bool row_by_code(const struct model *mo, struct db *d, const struct table_map *m, const char *code,
                 int64_t pending, struct arena *a, struct val *row, bool *found,
                 struct err *e) WARN_UNUSED;
/* Is what is told of the row the same? Fields that are not given do not count. */
bool row_agrees(const struct model *mo, struct db *d, const struct table_map *m,
                const struct val *row, const struct given *g, int n, struct arena *a);

/* An item's content: an object of field and text without the empty ones; under "" the fields that
 * the sender does not have. given_read gives every told field but those, and the key. */
bool given_read(const struct table_map *m, const char *content, struct arena *a, struct given **out,
                int *n, struct err *e) WARN_UNUSED;

#endif
