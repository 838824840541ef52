/* tamper: changing a store's bytes behind the program's back. */
#ifndef JD_TESTS_STORE_TAMPER_H
#define JD_TESTS_STORE_TAMPER_H

#include <sqlite3.h>
#include "support/stores.h"
#include "store/driver.h"

/* Runs SQL past every guard: on the file itself, or inside a block that PostgreSQL runs. */
static inline void tamper(struct test_store *t, const char *sql)
{
    if (t->engine == ENGINE_POSTGRES) {
        char block[9000];
        struct db *d = NULL;
        struct err e = { 0 };
        snprintf(block, sizeof block, "do $tamper$ begin %s; end $tamper$", sql);
        assert_ok(store_connect(t->store, DB_WRITE, &d, &e), e);
        bool ok = db_write_as(d, true, test_script, block, &e); /* without a lease */
        db_close(d);
        assert_ok(ok, e);
        return;
    }
    sqlite3 *c = NULL;
    char *why = NULL;
    assert_int_equal(sqlite3_open(t->path, &c), SQLITE_OK);
    sqlite3_busy_timeout(c, 5000);
    if (sqlite3_exec(c, sql, NULL, NULL, &why) != SQLITE_OK) fail_msg("%s", why);
    assert_int_equal(sqlite3_close(c), SQLITE_OK);
}

#endif
