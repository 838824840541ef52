/* The rule parser on any bytes. What it takes prints canonically and is read back the same, says
 * the same of a row alone and in a batch, and is SQL that SQLite can prepare. */
#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>

#include "../rule/columns.h"

#define CHECK(x) do { if (!(x)) abort(); } while (0)
enum { ROWS = 3 };

static void fill(struct val rows[ROWS][C_N])
{
    for (int c = 0; c < C_N; c++) {
        enum rule_type t = sample_columns[c].type;
        bool text = t == RULE_TEXT || t == RULE_CODE || t == RULE_CODES;
        rows[0][c] = val_null();
        rows[1][c] = text ? val_text("01;03") : val_int(sample_columns[c].max);
        rows[2][c] = text ? val_text("done") : val_int(sample_columns[c].min);
    }
}

static struct rule *parse(const char *text, size_t n, bool value, struct arena *a)
{
    struct rule *r = NULL;
    struct err e = { 0 };
    enum rule_type type;
    int scale;
    bool ok = value ? rule_parse_value(&r, text, n, 1, 1, &sample_schema, a, &type, &scale, &e)
                    : rule_parse(&r, text, n, 1, 1, &sample_schema, a, &e);
    CHECK(ok || (e.code == ERR_INVALID && strncmp(e.message, "line ", 5) == 0));
    return ok ? r : NULL;
}

static void check_rows(const struct rule *r, const struct rule *again, bool value)
{
    struct val rows[ROWS][C_N], cols[C_N][ROWS];
    const struct val *at[C_N];
    unsigned char out[ROWS];
    fill(rows);
    for (int c = 0; c < C_N; c++) {
        for (int n = 0; n < ROWS; n++) cols[c][n] = rows[n][c];
        at[c] = rule_uses(r, c) ? cols[c] : NULL;
    }
    if (!value) rule_test_columns(r, at, ROWS, out);
    for (int n = 0; n < ROWS; n++) {
        if (value) CHECK(val_equal(rule_value(r, rows[n]), rule_value(again, rows[n])));
        else CHECK(rule_test(r, rows[n]) == out[n] && rule_test(again, rows[n]) == out[n]);
    }
}

static void check_sql(const struct rule *r)
{
    sqlite3 *db;
    sqlite3_stmt *s;
    struct buf b;
    buf_init(&b, (size_t)1 << 24);
    buf_str(&b, "create table t (");
    for (int c = 0; c < C_N; c++)
        buf_printf(&b, "%s%s%s", c ? ", " : "", sample_columns[c].name,
                   sample_columns[c].type == RULE_INT ? " integer" : "");
    buf_str(&b, ")");
    CHECK(sqlite3_open(":memory:", &db) == SQLITE_OK);
    CHECK(sqlite3_exec(db, b.p, NULL, NULL, NULL) == SQLITE_OK);
    buf_clear(&b);
    rule_sql(r, ENGINE_POSTGRES, "", &b);
    buf_clear(&b);
    buf_str(&b, "select (");
    rule_sql(r, ENGINE_SQLITE, "t.", &b);
    buf_str(&b, ") from t");
    CHECK(!b.over);
    CHECK(sqlite3_prepare_v2(db, b.p, (int)b.n, &s, NULL) == SQLITE_OK);
    sqlite3_finalize(s);
    sqlite3_close(db);
    buf_free(&b);
}

static void check(const char *text, size_t n, bool value)
{
    struct arena a = { 0 };
    struct rule *r = parse(text, n, value, &a);
    if (r) {
        struct buf one, two;
        buf_init(&one, (size_t)1 << 22);
        buf_init(&two, (size_t)1 << 22);
        rule_print(r, &one);
        struct rule *again = parse(one.p, one.n, value, &a);
        CHECK(again);
        rule_print(again, &two);
        CHECK(!one.over && one.n == two.n && memcmp(one.p, two.p, one.n) == 0);
        check_rows(r, again, value);
        check_sql(r);
        buf_free(&one);
        buf_free(&two);
    }
    arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check((const char *)data, size, false);
    check((const char *)data, size, true);
    return 0;
}
