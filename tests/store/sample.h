/* sample: two small tables and their statements, for the store's own tests. */
#ifndef JD_TESTS_STORE_SAMPLE_H
#define JD_TESTS_STORE_SAMPLE_H

#include "support/stores.h"

static const struct column thing_columns[] = {
    { "county", COL_INT, true }, { "id", COL_INT, true }, { "amount", COL_INT, false },
    { "label", COL_TEXT, false }, { "bytes", COL_BLOB, false },
};
static const char *const thing_uniques[] = { "county, label", NULL };
static const char *const thing_indexes[] = { "county, amount", NULL };
static const struct table thing_table = {
    .name = "thing", .reach = REACH_COUNTY, .cols = thing_columns, .n = 5, .key = "county, id",
    .uniques = thing_uniques, .indexes = thing_indexes,
};
static const struct column ledger_columns[] = {
    { "county", COL_INT, true }, { "id", COL_INT, true }, { "amount", COL_INT, true },
};
static const struct table ledger_table = {
    .name = "posting", .reach = REACH_COUNTY, .cols = ledger_columns, .n = 3, .key = "county, id",
    .append_only = true,
};
static const struct table *const sample_tables[] = { &thing_table, &ledger_table };
#define SAMPLE_TABLES 2

enum { THING_ADD, THING_GET, THING_AMOUNT, THING_DROP, THING_ALL, THING_COUNT, THING_SUM,
       THING_LABEL, THING_ONCE, POSTING_ADD, POSTING_CHANGE, POSTING_UPSERT, POSTING_DROP };
static const struct stmt sample[] = {
    [THING_ADD] = { "thing_add", STMT_ROUTER,
        "insert into thing (county, id, amount, label, bytes) values (?1, ?2, ?3, ?4, ?5)", NULL },
    [THING_GET] = { "thing_get", STMT_ROUTER, "select county, id, amount, label, bytes from thing "
        "where county = ?1 and id = ?2", NULL },
    [THING_AMOUNT] = { "thing_amount", STMT_ROUTER, "update thing set amount = amount + ?3 "
        "where county = ?1 and id = ?2", NULL },
    [THING_DROP] = { "thing_drop", STMT_ROUTER, "delete from thing where county = ?1 and id = ?2",
        NULL },
    [THING_ALL] = { "thing_all", STMT_ADMIN, "select county, id, amount, label, bytes from thing "
        "order by county, id", NULL },
    [THING_COUNT] = { "thing_count", STMT_SCATTER, "select count(*) from thing", NULL },
    [THING_SUM] = { "thing_sum", STMT_ROUTER, "select cast(coalesce(sum(amount), 0) as bigint) "
        "from thing where county = ?1 and (?2 is null or label >= ?2)", NULL },
    [THING_LABEL] = { "thing_label", STMT_ROUTER, "update thing set label = ?3 where county = ?1 "
        "and id = ?2", NULL },
    [THING_ONCE] = { "thing_once", STMT_ROUTER, "insert into thing (county, id, amount) "
        "values (?1, ?2, ?3) on conflict (county, id) do nothing", NULL },
    [POSTING_ADD] = { "posting_add", STMT_ROUTER, "insert into posting (county, id, amount) "
        "values (?1, ?2, ?3)", NULL },
    [POSTING_CHANGE] = { "posting_change", STMT_ROUTER, "update posting set amount = ?3 "
        "where county = ?1 and id = ?2", NULL },
    [POSTING_UPSERT] = { "posting_upsert", STMT_ROUTER, "insert into posting (county, id, amount) "
        "values (?1, ?2, ?3) on conflict (county, id) do update set amount = excluded.amount",
        NULL },
    [POSTING_DROP] = { "posting_drop", STMT_ROUTER, "delete from posting where county = ?1 "
        "and id = ?2", NULL },
};
static const struct stmt_table sample_stmts = { "sample", sample, sizeof sample / sizeof *sample };

/* One statement in a transaction. */
struct sample_call { const struct stmt *s; const struct val *v; int n; int64_t changed; };
static inline bool sample_run(struct tx *tx, void *arg, struct err *e)
{
    struct sample_call *c = arg;
    return tx_exec(tx, c->s, c->v, c->n, &c->changed, e);
}

static inline bool sample_do(struct store *s, int which, const struct val *v, int n, struct err *e)
{
    struct sample_call c = { &sample[which], v, n, 0 };
    return store_write(s, sample_run, &c, e);
}

static inline int64_t sample_count(struct db *d)
{
    struct err e = { 0 };
    int64_t count = -1;
    assert_ok(db_int(d, &sample[THING_COUNT], NULL, 0, &count, NULL, &e), e);
    return count;
}

#endif
