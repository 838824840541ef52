/* load_sql: the numbers of the load's statements. Private to entity/. */
#ifndef JD_ENTITY_LOAD_SQL_H
#define JD_ENTITY_LOAD_SQL_H

#include "store/store.h"

enum load_sql {
    LOAD_PENDING, LOAD_RUNNING, LOAD_NEXT, LOAD_NEW, LOAD_DONE, LOAD_REOPEN, LOAD_REMOVE, LOAD_GET,
    LOAD_RUN_NEW, LOAD_RUN_BEAT, LOAD_RUN_TAKE, LOAD_RUN_DROP,
    LOAD_PART_PUT, LOAD_PART_NEXT, LOAD_PART_SCAN, LOAD_PART_DROP,
    LOAD_CHANGE_PUT, LOAD_CHANGE_PAGE, LOAD_CHANGE_SETTLED, LOAD_CHANGE_DROP,
    LOAD_JOURNAL_LENGTH, LOAD_MAPPING_GET, LOAD_MAPPING_PUT,
    LOAD_N_SQL
};
const struct stmt *load_stmt(enum load_sql which);

/* State of a load in the store's table. A load that is being undone is pending once more until its
 * last row is gone. */
enum load_state { LOAD_STATE_PENDING, LOAD_STATE_VISIBLE, LOAD_STATE_UNDONE };

#endif
