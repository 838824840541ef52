/* sql: the room's statements by number. Private to figure/. */
#ifndef JD_FIGURE_SQL_H
#define JD_FIGURE_SQL_H

#include "figure/inside.h"

enum figure_sql {
    DEF_ALL, DEF_PUT, DEF_DROP, DEF_GENERATION,
    FINE_GET, FINE_GET_MANY, FINE_PUT, FINE_DROP, FINE_DROP_FIGURE, FINE_READ, FINE_ALL, FINE_OF,
    COUNTY_GET, COUNTY_GET_MANY, COUNTY_PUT, COUNTY_DROP, COUNTY_DROP_FIGURE, COUNTY_READ_ONE,
    COUNTY_READ_SPAN, COUNTY_READ_SUM, COUNTY_KEYS, COUNTY_ALL, COUNTY_OF,
    KEY_DAYS, KEY_DAYS_MANY, KEY_PUT, KEY_DROP, KEY_DROP_FIGURE, KEY_READ, KEY_ALL,
    KEY_FIGURES,
    STAGING_SPAN, STAGING_GET, STAGING_PUT, STAGING_SEALS,
    STAGING_DROP, STAGING_DROP_RUNS,
    FIGURE_N_SQL
};
static inline const struct stmt *figure_sql(enum figure_sql i) { return &figure_stmts.stmts[i]; }

enum figure_table { TABLE_DEF, TABLE_FINE, TABLE_COUNTY, TABLE_KEY, TABLE_STAGING };

#define SQL_MANY 16 /* keys of the ..._MANY statements; unused ones repeat the last */

/* Fails with ERR_CONFLICT when the store's definitions are not those the figures were read from. */
bool generation_same(struct tx *tx, const struct figures *f, struct err *e) WARN_UNUSED;

#endif
