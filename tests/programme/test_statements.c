/* Every statement of the rooms of the programme: it keeps to the rules of its class, both databases take it, and on a
 * cluster it stays in its county. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <glob.h>

#include "programme.h"
#include "support/shadow.h"

#include "programme/access/access.h"
#include "programme/exchange/exchange.h"
#include "programme/household/household_sql.h"
#include "programme/job/job.h"
#include "programme/labour/labour_sql.h"
#include "programme/market/market_sql.h"
#include "programme/money/chain.h"
#include "programme/money/earmark_book.h"
#include "programme/money/flow.h"
#include "programme/money/idle.h"
#include "programme/money/ledger_sql.h"
#include "programme/money/paper.h"
#include "programme/money/pay_sql.h"
#include "programme/money/receipt.h"
#include "programme/pairing/pairing_sql.h"
#include "programme/party/party_sql.h"
#include "programme/place/place.h"
#include "programme/plan/plan.h"
#include "programme/publish/publish.h"
#include "programme/sides/sides.h"
#include "programme/talent/talent.h"
#include "programme/watch/watch.h"

static const struct stmt_table *const all[] = { &access_stmts, &chain_stmts, &earmark_stmts,
    &exchange_stmts, &flow_stmts, &household_stmts, &idle_stmts, &job_stmts, &labour_stmts, &ledger_stmts,
    &market_stmts, &pairing_stmts, &paper_stmts, &party_stmts, &pay_stmts, &place_stmts, &plan_stmts,
    &publish_stmts, &receipt_stmts, &sides_stmts, &talent_stmts, &watch_stmts };
enum { ALL = sizeof all / sizeof *all };

/* A table that a header of the programme declares and that is not above would go unseen. */
static void none_is_forgotten(void **state)
{
    glob_t found;
    int declared = 0;
    (void)state;
    assert_int_equal(glob(JD_SOURCE_DIR "/src/programme/*/*.h", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char line[400];
        FILE *f = fopen(found.gl_pathv[i], "r");
        assert_non_null(f);
        while (fgets(line, sizeof line, f)) declared += !strncmp(line, "extern const struct stmt_table ", 31);
        fclose(f);
    }
    globfree(&found);
    assert_int_equal(declared, ALL);
}

static void keep_to_their_class(void **state)
{
    const struct table *tables[MAX_TABLES];
    struct test_model m;
    (void)state;
    test_model_open(&m);
    int n = programme_tables(m.model, tables);
    for (int i = 0; i < ALL; i++) lint_check(all[i], tables, n);
    test_model_close(&m);
}

static void are_taken(enum engine engine)
{
    struct programme p;
    programme_open(&p, engine);
    struct db *d = test_db(&p.store, DB_WRITE);
    for (int i = 0; i < ALL; i++) prepare_check(d, all[i]);
    programme_close(&p);
}
STORE_TEST(are_taken)

static void stay_in_their_county(void **state)
{
    const struct table *tables[MAX_TABLES];
    struct test_store t;
    struct test_model m;
    (void)state;
    if (!test_has_postgres()) skip();
    test_model_open(&m);
    shadow_open(&t, tables, programme_tables(m.model, tables));
    for (int i = 0; i < ALL; i++) shadow_check(&t, all[i]);
    test_store_close(&t);
    test_model_close(&m);
}

static bool take_plan(void *arg, const struct val *row, int n, struct err *e)
{
    (void)n, (void)e;
    buf_printf(arg, "%.*s\n", (int)row[0].n, row[0].p);
    return true;
}

/* Over empty tables of which nothing is known, too: such a plan is kept while they fill. */
static void one_row_is_found_by_its_key(void **state)
{
    const struct table *tables[MAX_TABLES];
    struct programme p;
    int looked = 0;
    (void)state;
    if (!test_has_postgres()) skip();
    programme_open(&p, ENGINE_POSTGRES);
    struct db *d = test_db(&p.store, DB_READ);
    int n = programme_tables(p.model, tables);
    for (int i = 0; i < n; i++) {
        struct buf plan;
        struct err e = { 0 };
        char sql[300];
        if (strcmp(tables[i]->key, "county, id") != 0) continue;
        snprintf(sql, sizeof sql, "explain (costs off) select * from %s where county = 653224 and "
                 "id = 77", tables[i]->name);
        struct stmt s = stmt_composed(STMT_ADMIN, sql);
        buf_init(&plan, 1 << 20);
        assert_ok(db_query(d, &s, NULL, 0, take_plan, &plan, &e), e);
        if (!strstr(plan.p, "_pkey")) fail_msg("%s:\n%s", tables[i]->name, plan.p);
        buf_free(&plan);
        looked++;
    }
    assert_true(looked > 50);
    programme_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(none_is_forgotten),
        cmocka_unit_test(keep_to_their_class),
        STORE_TESTS(are_taken),
        cmocka_unit_test(stay_in_their_county),
        cmocka_unit_test(one_row_is_found_by_its_key),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
