/* tables: the numbers of the store's own statements. Private to store/. */
#ifndef JD_STORE_TABLES_H
#define JD_STORE_TABLES_H

#include "store/schema.h"

enum store_sql {
    STORE_SETTING_GET, STORE_SETTING_PUT, STORE_SETTING_DROP, STORE_SETTINGS,
    STORE_WRITER_HEAD, STORE_WRITER_FREE, STORE_WRITER_NEXT, STORE_WRITER_NEW, STORE_WRITER_TAKE,
    STORE_WRITER_TAKE_BACK, STORE_WRITER_SAVE, STORE_WRITERS,
    STORE_JOURNAL_ADD, STORE_IMAGE_ADD, STORE_JOURNAL_WALK, STORE_JOURNAL_OF, STORE_IMAGE_GET,
    STORE_JOURNAL_PROOF, STORE_IMAGE_STRAY, STORE_INTEGRITY,
    STORE_HAS_TABLE, STORE_HAS_INDEX, STORE_COLUMNS, STORE_TABLES,
    STORE_QUICK_CHECK, STORE_WRITER_TAILLESS,
    STORE_N_SQL
};
extern const struct stmt store_sql[STORE_N_SQL];

#define SETTING_INCOMPLETE "incomplete" /* only a copy that is not whole yet has it */
#define SETTING_NUMBER 0 /* the entity number in the digests of settings */

#endif
