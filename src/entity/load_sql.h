/* load_sql: the numbers of the load's statements. Private to entity/. */
#ifndef JD_ENTITY_LOAD_SQL_H
#define JD_ENTITY_LOAD_SQL_H

#include "base/arena.h"
#include "entity/entity.h"

enum load_sql {
    LOAD_PENDING, LOAD_RUNNING, LOAD_NEXT, LOAD_NEW, LOAD_SAVE, LOAD_REMOVE, LOAD_GET,
    LOAD_ROW, LOAD_LATER_CHANGES,
    LOAD_RUN_NEW, LOAD_RUN_BEAT, LOAD_RUN_TAKE, LOAD_RUN_DROP,
    LOAD_PART_PUT, LOAD_PART_NEXT, LOAD_PART_SCAN, LOAD_PART_DROP,
    LOAD_CHANGE_PUT, LOAD_CHANGE_GET, LOAD_CHANGE_PAGE, LOAD_CHANGE_SETTLED, LOAD_CHANGE_DROP,
    LOAD_JOURNAL_LENGTH, LOAD_MAPPING_GET, LOAD_MAPPING_SEAL,
    LOAD_MAPPING_PUT, LOAD_RUN_STRAY,
    LOAD_N_SQL
};
const struct stmt *load_stmt(enum load_sql which);

enum entity_table { TABLE_LOAD_RUN, TABLE_LOAD_PART, TABLE_LOAD_CHANGE, TABLE_LOAD_MAPPING };

/* Composed from an entity's table; text is arena. Insert: all columns with the digest; changes
 * nothing where the key is taken. Rows: all columns with the digest of county ?1, ?2 < id <= ?3,
 * load ?4, by id. Pointers: county, id, county and id referred to, of rows not of load ?3 whose
 * field refers to an id from ?1 to ?2, after county ?4 and id ?5; and their load. */
struct stmt load_insert_stmt(const struct table_map *m, struct arena *a);
struct stmt load_rows_stmt(const struct table_map *m, int limit, struct arena *a);
struct stmt load_pointers_stmt(const struct table_map *m, int field, int limit, struct arena *a);

/* State of a load in the store's table. A load that is being undone is pending once more until its
 * last row is gone. */
enum load_state { LOAD_STATE_PENDING, LOAD_STATE_VISIBLE, LOAD_STATE_UNDONE };

#endif
