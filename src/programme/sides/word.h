/* word: what the files of the sides room share. Private to programme/sides/. */
#ifndef JD_PROGRAMME_SIDES_WORD_H
#define JD_PROGRAMME_SIDES_WORD_H

#include "programme/sides/sides.h"

/* The text by which words name a row: its natural key, when that is one text. */
struct val record_of(const struct table_map *m, const struct val *row);
/* Lays corrected values over a row; arena. */
bool corrections_lay(const struct model *mo, struct db *d, const struct table_map *m,
                     const struct correction *c, int n, struct val *row, struct arena *a,
                     struct err *e) WARN_UNUSED;

#endif
