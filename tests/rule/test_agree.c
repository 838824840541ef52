/* Thousands of random rules over random rows with missing values: the plain meaning, one row at a
 * time, columns in a batch and both databases must agree on every row, and the canonical text must
 * mean the same rule. JIEDUI_TEST_SEED and JIEDUI_TEST_ROUNDS change what is tried; a failure prints
 * the seed, the rule, its SQL and the row. */
#include "rule/oracle.h"
#include "rule/sample.h"
#include "support/stores.h"

#include <stdlib.h>
#include "base/buf.h"
#include "base/date.h"
#include "base/random.h"

enum { ROWS = 300, ROUNDS = 1500 };

struct world {
    struct random rng;
    struct val rows[ROWS][C_N];
    struct val cols[C_N][ROWS];
    struct db *db;
    enum engine engine;
    struct buf text, sql, print;
    bool uses[C_N];
    bool no_year;                    /* inside year( ) */
    struct rule *rule;
    bool value;
    long checked;
    long told, untold;               /* rows asked of the oracle, and those it could not tell */
};

static const char *const words[] = {
    "", "a", "ab", "b", "B", "贡布", "贡", "é", "it's", "'; drop table sample; --", "\\", "\\'", "?1",
    "$1", "%s", "/*", "say \"hi\"", "a b", "\t", "zz",
};
enum { WORDS = sizeof words / sizeof *words };
static const char *const several[] = { "01", "02", "01;03", "02;03;99", "3a", "99", "" };

/* ---- random rows ---- */

static uint64_t below(struct world *w, uint64_t n) { return random_below(&w->rng, n); }

static int64_t some_int(struct world *w, const struct rule_column *col)
{
    int64_t lo = col->min, hi = col->max;
    if (lo == 0 && hi == 0) {
        lo = col->type == RULE_DATE ? DATE_MIN : -INT64_C(1000000000000000);
        hi = col->type == RULE_DATE ? DATE_MAX : INT64_C(1000000000000000);
    }
    int64_t near = col->type == RULE_DATE ? 18000 : 0, spread = col->type == RULE_DATE ? 900 : 4;
    for (int i = 0; i < col->scale && below(w, 3); i++) spread *= 10;
    int64_t v = near + random_between(&w->rng, -spread, spread);
    if (below(w, 20) == 0) v = lo;
    else if (below(w, 20) == 0) v = hi;
    else if (below(w, 10) == 0) v = random_between(&w->rng, lo, hi);
    return v < lo ? lo : v > hi ? hi : v;
}

static struct val some_value(struct world *w, int c)
{
    const struct rule_column *col = &sample_columns[c];
    if (below(w, 6) == 0) return val_null();
    switch (col->type) {
    case RULE_BOOL: return val_int((int64_t)below(w, 2));
    case RULE_CODE:
        return val_text(c == C_CAUSE ? sample_causes[below(w, 5)] : sample_states[below(w, 5)]);
    case RULE_CODES: return val_text(several[below(w, 7)]);
    case RULE_TEXT: return val_text(words[below(w, WORDS)]);
    default: return val_int(some_int(w, col));
    }
}

/* ---- random rules ---- */

static void say(struct world *w, const char *s) { buf_str(&w->text, s); }

static void say_column(struct world *w, int c)
{
    w->uses[c] = true;
    say(w, sample_columns[c].name);
}

static void say_digits(struct world *w, int most)
{
    static const int64_t often[] = { 0, 1, 2, 3, 7, 10, 50, 100, 999 };
    if (below(w, 4)) buf_int(&w->text, often[below(w, 9)]);
    else buf_int(&w->text, (int64_t)below(w, most > 6 ? 1000000000000 : 100000));
}

static void say_number(struct world *w)
{
    say_digits(w, 12);
    if (below(w, 8) == 0) buf_printf(&w->text, ".%d", (int)below(w, 100));
}

static void say_date(struct world *w)
{
    char text[DATE_TEXT];
    int32_t day = 18000 + (int32_t)below(w, 1800) - 900;
    if (below(w, 10) == 0) day = below(w, 2) ? DATE_MIN : DATE_MAX;
    date_format(day, text);
    say(w, text);
}

static void say_text(struct world *w)
{
    say(w, "\"");
    for (const char *p = words[below(w, WORDS)]; *p; p++) {
        if (*p == '"') say(w, "\"");
        buf_char(&w->text, *p);
    }
    say(w, "\"");
}

static void say_code(struct world *w, int c)
{
    const char *code = c == C_CAUSE || c == C_CAUSES ? sample_causes[below(w, 5)]
                                                     : sample_states[below(w, 5)];
    bool quote = strcmp(code, "true") == 0 || strcmp(code, "x-1") == 0 || below(w, 4) == 0;
    buf_printf(&w->text, quote ? "\"%s\"" : "%s", code);
}

static void say_sum(struct world *w, int depth);

static void say_day_sum(struct world *w, int depth)
{
    if (depth <= 0 || below(w, 2)) {
        if (below(w, 3)) say_column(w, below(w, 2) ? C_PAID : C_BORN);
        else say_date(w);
        return;
    }
    say(w, "(");
    say_day_sum(w, depth - 1);
    say(w, below(w, 2) ? " + " : " - ");
    if (below(w, 2)) say_column(w, below(w, 2) ? C_PERSONS : C_BALANCE);
    else say_digits(w, 4);
    say(w, ")");
}

static void say_year(struct world *w, int depth)
{
    if (w->no_year) {
        say_column(w, C_PERSONS);
        return;
    }
    w->no_year = true;
    say(w, "year(");
    say_day_sum(w, depth - 1);
    say(w, ")");
    w->no_year = false;
}

static void say_leaf(struct world *w)
{
    static const int numbers[] = { C_AMOUNT, C_COST, C_AREA, C_PERSONS, C_PERSONS, C_COUNT,
                                   C_BALANCE, C_BALANCE, C_PLACE, C_ID };
    if (below(w, 3)) {
        say_column(w, numbers[below(w, 10)]);
        return;
    }
    if (below(w, 8) == 0) say(w, "-");
    say_number(w);
}

static void say_sum(struct world *w, int depth)
{
    static const char *const signs[] = { " + ", " - ", " * ", " / ", " / " };
    if (depth <= 0 || below(w, 3) == 0) {
        say_leaf(w);
        return;
    }
    switch (below(w, 8)) {
    case 0: say_year(w, depth); return;
    case 1:
        say(w, "(");
        say_day_sum(w, depth - 1);
        say(w, " - ");
        say_day_sum(w, depth - 1);
        say(w, ")");
        return;
    case 2:
        say(w, "-(");
        say_sum(w, depth - 1);
        say(w, ")");
        return;
    default: {
        bool open = below(w, 2);
        if (open) say(w, "(");
        say_sum(w, depth - 1);
        say(w, signs[below(w, 5)]);
        say_sum(w, depth - 1);
        if (open) say(w, ")");
    }
    }
}

static void say_cmp(struct world *w, bool order)
{
    static const char *const cmp[] = { " = ", " != ", " < ", " <= ", " > ", " >= " };
    say(w, cmp[below(w, order ? 6 : 2)]);
}

static void say_items(struct world *w, void (*item)(struct world *, int), int c, bool ranges)
{
    int n = 1 + (int)below(w, 5);
    say(w, below(w, 3) ? " in {" : " not in {");
    for (int i = 0; i < n; i++) {
        if (i) say(w, ", ");
        item(w, c);
        if (!ranges || below(w, 3)) continue;
        say(w, "..");
        item(w, c);
    }
    say(w, "}");
}

static void item_number(struct world *w, int c) { (void)c; say_digits(w, 4); }
static void item_date(struct world *w, int c) { (void)c; say_date(w); }
static void item_text(struct world *w, int c) { (void)c; say_text(w); }

static void say_text_test(struct world *w)
{
    int c = below(w, 2) ? C_NAME : C_TOWN;
    if (below(w, 5) == 0) say_text(w);
    else say_column(w, c);
    switch (below(w, 4)) {
    case 0: say_items(w, item_text, c, true); return;
    case 1:
        say(w, " in ");
        say_text(w);
        say(w, " .. ");
        say_text(w);
        return;
    default:
        say_cmp(w, true);
        if (below(w, 3)) say_text(w);
        else say_column(w, C_TOWN);
    }
}

static void say_code_test(struct world *w)
{
    static const int codes[] = { C_STATE, C_NEXT_STATE, C_CAUSE, C_CAUSES };
    int c = codes[below(w, 4)];
    say_column(w, c);
    if (c == C_CAUSES && below(w, 2)) {
        say(w, below(w, 2) ? " has " : " not has ");
        say_code(w, c);
    } else if (c == C_CAUSES || below(w, 3) == 0) {
        say_items(w, say_code, c, false);
    } else {
        say_cmp(w, false);
        if (c == C_STATE && below(w, 4) == 0) say_column(w, C_NEXT_STATE);
        else say_code(w, c);
    }
}

static void say_number_test(struct world *w, int depth)
{
    say_sum(w, depth);
    switch (below(w, 5)) {
    case 0: say_items(w, item_number, 0, true); return;
    case 1:
        say(w, below(w, 2) ? " in " : " not in ");
        say_sum(w, depth - 1);
        say(w, " .. ");
        say_sum(w, depth - 1);
        return;
    default:
        say_cmp(w, true);
        say_sum(w, depth - 1);
    }
}

static void say_date_test(struct world *w, int depth)
{
    say_day_sum(w, depth);
    if (below(w, 4) == 0) {
        say_items(w, item_date, 0, true);
        return;
    }
    say_cmp(w, true);
    say_day_sum(w, depth - 1);
}

static void say_truth(struct world *w, int depth);

static void say_many(struct world *w, int depth)
{
    const char *word = below(w, 2) ? " and " : " or ";
    int n = 2 + (int)below(w, 2);
    say(w, "(");
    for (int i = 0; i < n; i++) {
        if (i) say(w, word);
        say_truth(w, depth - 1);
    }
    say(w, ")");
}

static void say_truth(struct world *w, int depth)
{
    if (depth > 0 && below(w, 3) == 0) {
        say_many(w, depth);
        return;
    }
    switch (below(w, 14)) {
    case 0: say_column(w, below(w, 2) ? C_FOOD_OK : C_WATER_OK); return;
    case 1:
        say(w, "known(");
        say_column(w, (int)below(w, C_N));
        say(w, ")");
        return;
    case 2:
        say(w, "not (");
        say_truth(w, depth - 1);
        say(w, ")");
        return;
    case 3:
        say(w, "(");
        say_truth(w, depth - 1);
        say(w, ")");
        say_cmp(w, false);
        if (below(w, 2)) say(w, below(w, 2) ? "true" : "water_ok");
        else say_column(w, C_FOOD_OK);
        if (strstr(w->text.p + w->text.n - 8, "water_ok")) w->uses[C_WATER_OK] = true;
        return;
    case 4: case 5: say_text_test(w); return;
    case 6: case 7: say_code_test(w); return;
    case 8: say_date_test(w, depth); return;
    default: say_number_test(w, depth); return;
    }
}

static void say_value(struct world *w, int depth)
{
    switch (below(w, 8)) {
    case 0: say_day_sum(w, depth); return;
    case 1: say_truth(w, depth); return;
    case 2: say_column(w, below(w, 2) ? C_NAME : C_CAUSE); return;
    default: say_sum(w, depth); return;
    }
}

/* Faults that a random rule may rightly have. */
static bool may_refuse(const char *message)
{
    static const char *const fine[] = { "could overflow", "decimals", "whole number", "too large",
                                        "divides by zero", "too far away", "range is empty",
                                        "inside each other" };
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
        if (strstr(message, fine[i])) return true;
    return false;
}

/* ---- agreement ---- */

static void tell_row(const struct world *w, int n)
{
    for (int c = 0; c < C_N; c++) {
        struct val v = w->rows[n][c];
        if (!rule_uses(w->rule, c)) continue;
        if (v.type == VAL_NULL) print_error("  %s missing\n", sample_columns[c].name);
        else if (v.type == VAL_INT)
            print_error("  %s %lld\n", sample_columns[c].name, (long long)v.i);
        else print_error("  %s \"%.*s\"\n", sample_columns[c].name, (int)v.n, v.p);
    }
}

static void disagree(const struct world *w, int n, const char *who, struct val got, struct val want)
{
    char a[40] = "unknown", b[40] = "unknown";
    if (got.type == VAL_INT) snprintf(a, sizeof a, "%lld", (long long)got.i);
    if (want.type == VAL_INT) snprintf(b, sizeof b, "%lld", (long long)want.i);
    if (got.type == VAL_TEXT) snprintf(a, sizeof a, "\"%.*s\"", (int)got.n, got.p);
    if (want.type == VAL_TEXT) snprintf(b, sizeof b, "\"%.*s\"", (int)want.n, want.p);
    print_error("rule  %s\nprint %s\nsql   %s\nrow %d\n", w->text.p, w->print.p, w->sql.p, n);
    tell_row(w, n);
    fail_msg("%s says %s, the row alone says %s", who, a, b);
}

static struct val row_says(const struct world *w, const struct rule *r, int n)
{
    if (w->value) return rule_value(r, w->rows[n]);
    enum rule_tri t = rule_test(r, w->rows[n]);
    return t == RULE_UNKNOWN ? val_null() : val_int(t);
}

static void check_batch(struct world *w)
{
    const struct val *cols[C_N];
    unsigned char out[ROWS];
    for (int c = 0; c < C_N; c++) cols[c] = w->uses[c] ? w->cols[c] : NULL;
    rule_test_columns(w->rule, cols, ROWS, out);
    for (int n = 0; n < ROWS; n++) {
        struct val v = out[n] == RULE_UNKNOWN ? val_null() : val_int(out[n]);
        struct val want = row_says(w, w->rule, n);
        if (!val_equal(v, want)) disagree(w, n, "the batch", v, want);
    }
}

static void check_meaning(struct world *w, int scale)
{
    for (int n = 0; n < ROWS; n++) {
        struct val want, v = row_says(w, w->rule, n);
        if (!oracle_says(w->rule, w->rows[n], scale, &want)) w->untold++;
        else if (!val_equal(v, want)) disagree(w, n, "its plain meaning", want, v);
        w->told++;
    }
}

static void check_print(struct world *w, struct arena *a)
{
    struct rule *again;
    enum rule_type type;
    int scale;
    struct buf second;
    buf_clear(&w->print);
    rule_print(w->rule, &w->print);
    again = w->value ? sample_value(w->print.p, a, &type, &scale) : sample_parse(w->print.p, a);
    buf_init(&second, 1 << 20);
    rule_print(again, &second);
    assert_string_equal(second.p, w->print.p);
    buf_free(&second);
    for (int c = 0; c < C_N; c++) {
        if (rule_uses(w->rule, c) != w->uses[c])
            fail_msg("%s: uses %s?", w->text.p, sample_columns[c].name);
        assert_int_equal(rule_uses(again, c), w->uses[c]);
    }
    for (int n = 0; n < ROWS; n++) {
        struct val v = row_says(w, again, n), want = row_says(w, w->rule, n);
        if (!val_equal(v, want)) disagree(w, n, "the printed rule", v, want);
    }
}

static bool on_row(void *arg, const struct val *row, int n, struct err *e)
{
    struct world *w = arg;
    (void)e;
    assert_int_equal(n, 2);
    struct val want = row_says(w, w->rule, (int)row[0].i);
    if (!val_equal(row[1], want)) disagree(w, (int)row[0].i, "the database", row[1], want);
    w->checked++;
    return true;
}

static bool on_kept(void *arg, const struct val *row, int n, struct err *e)
{
    struct world *w = arg;
    (void)e;
    (void)n;
    struct val want = row_says(w, w->rule, (int)row[0].i);
    if (!val_equal(want, val_int(1))) disagree(w, (int)row[0].i, "the where", val_int(1), want);
    w->checked++;
    return true;
}

static void run_query(struct world *w, const char *sql, row_fn *fn, long expect)
{
    struct err e = { 0 };
    struct stmt s = stmt_composed(STMT_ADMIN, sql);
    w->checked = 0;
    if (!db_query(w->db, &s, NULL, 0, fn, w, &e)) fail_msg("%s\n%s\n%s", w->text.p, sql, e.message);
    if (w->checked != expect)
        fail_msg("%s\n%s\n%ld rows, not %ld", w->text.p, sql, w->checked, expect);
}

static void check_database(struct world *w)
{
    struct buf q;
    long kept = 0;
    buf_clear(&w->sql);
    rule_sql(w->rule, w->engine, "t.", &w->sql);
    assert_false(w->sql.over);
    buf_init(&q, 1 << 22);
    if (w->value)
        buf_printf(&q, "select t.n, %s from sample t order by t.n", w->sql.p);
    else
        buf_printf(&q, "select t.n, case when %s then 1 when not (%s) then 0 end from sample t "
                   "order by t.n", w->sql.p, w->sql.p);
    run_query(w, q.p, on_row, ROWS);
    buf_clear(&q);
    if (!w->value) {
        for (int n = 0; n < ROWS; n++)
            kept += rule_test(w->rule, w->rows[n]) == RULE_TRUE;
        buf_printf(&q, "select t.n from sample t where %s", w->sql.p);
        run_query(w, q.p, on_kept, kept);
    }
    buf_free(&q);
}

static bool one_round(struct world *w, int round)
{
    struct arena a = { 0 };
    struct err e = { 0 };
    enum rule_type type;
    int scale, depth = 1 + (int)below(w, 4);
    bool ok;
    memset(w->uses, 0, sizeof w->uses);
    buf_clear(&w->text);
    w->value = round % 3 == 2;
    if (w->value) say_value(w, depth);
    else say_truth(w, depth);
    if (w->value)
        ok = rule_parse_value(&w->rule, w->text.p, w->text.n, 1, 1, &sample_schema, &a, &type,
                              &scale, &e);
    else
        ok = rule_parse(&w->rule, w->text.p, w->text.n, 1, 1, &sample_schema, &a, &e);
    if (!ok && !may_refuse(e.message)) fail_msg("%s\n  %s", w->text.p, e.message);
    if (ok) {
        buf_clear(&w->sql);
        buf_clear(&w->print);
        check_meaning(w, w->value ? scale : 0);
        check_print(w, &a);
        if (!w->value) check_batch(w);
        check_database(w);
    }
    arena_free(&a);
    return ok;
}

/* ---- the table ---- */

static const char *insert_sql(struct buf *b)
{
    buf_str(b, "insert into sample (n");
    for (int c = 0; c < C_N; c++) buf_printf(b, ", %s", sample_columns[c].name);
    buf_str(b, ") values (?1");
    for (int c = 0; c < C_N; c++) buf_printf(b, ", ?%d", c + 2);
    buf_str(b, ")");
    return b->p;
}

static bool fill_table(struct tx *tx, void *arg, struct err *e)
{
    struct world *w = arg;
    struct buf b;
    bool ok = true;
    buf_init(&b, 10000);
    struct stmt s = stmt_composed(STMT_ADMIN, insert_sql(&b));
    for (int n = 0; n < ROWS && ok; n++) {
        struct val params[C_N + 1] = { val_int(n) };
        memcpy(params + 1, w->rows[n], sizeof w->rows[n]);
        ok = tx_exec(tx, &s, params, C_N + 1, NULL, e);
    }
    buf_free(&b);
    return ok;
}

static uint64_t from_environment(const char *name, uint64_t otherwise)
{
    const char *s = getenv(name);
    return s && *s ? strtoull(s, NULL, 10) : otherwise;
}

static void world_open(struct world *w, struct test_store *t, enum engine engine)
{
    static struct column cols[C_N + 1];
    struct table table = { .name = "sample", .reach = REACH_NATION, .cols = cols, .n = C_N + 1,
                           .key = "n", .derived = true };
    const struct table *tables[] = { &table };
    struct err e = { 0 };
    cols[0] = (struct column){ "n", COL_INT, true };
    for (int c = 0; c < C_N; c++) {
        enum rule_type type = sample_columns[c].type;
        bool text = type == RULE_TEXT || type == RULE_CODE || type == RULE_CODES;
        cols[c + 1] = (struct column){ sample_columns[c].name, text ? COL_TEXT : COL_INT, false };
    }
    test_store_open(t, engine, tables, 1);
    for (int n = 0; n < ROWS; n++)
        for (int c = 0; c < C_N; c++) w->cols[c][n] = w->rows[n][c] = some_value(w, c);
    assert_ok(store_write(t->store, fill_table, w, &e), e);
    w->db = test_db(t, DB_READ);
    w->engine = engine;
}

static void all_agree(enum engine engine)
{
    static struct world w;
    struct test_store t;
    uint64_t seed = from_environment("JIEDUI_TEST_SEED", 20200527);
    int rounds = (int)from_environment("JIEDUI_TEST_ROUNDS", ROUNDS), taken = 0;
    print_message("seed %llu, %d rules over %d rows\n", (unsigned long long)seed, rounds, ROWS);
    memset(&w, 0, sizeof w);
    random_seed(&w.rng, seed);
    buf_init(&w.text, 1 << 20);
    buf_init(&w.sql, 1 << 21);
    buf_init(&w.print, 1 << 20);
    world_open(&w, &t, engine);
    for (int i = 0; i < rounds; i++) taken += one_round(&w, i);
    print_message("%d rules taken\n", taken);
    assert_true(taken * 3 > rounds);
    assert_true(w.untold * 50 < w.told);
    buf_free(&w.text);
    buf_free(&w.sql);
    buf_free(&w.print);
    test_store_close(&t);
}
STORE_TEST(all_agree)

/* ---- the largest rules of each shape ---- */

/* A shape is start, piece * n, core, close * n, end. */
static const struct { const char *start, *piece, *core, *close, *end; } shapes[] = {
    { "persons > ", "1 - (", "persons", ")", "" },
    { "persons > ", "(persons - ", "1", ")", "" },
    { "persons > ", "-(balance - ", "1", ")", "" },
    { "1 < ", "1 / (1 + ", "persons", ")", "" },
    { "place > ", "1 / (balance + ", "persons", ")", "" },
    { "cost > ", "1 + persons / (", "balance", ")", "" },
    { "", "food_ok and (water_ok or (", "food_ok", "))", "" },
    { "", "not (food_ok and ", "water_ok", ")", "" },
    { "", "((", "food_ok", ") = water_ok)", "" },
    { "", "food_ok = (", "water_ok", ")", "" },
    { "", "(persons in {1, 3..4} or ", "water_ok", ")", "" },
    { "year(", "(persons + ", "paid_on", ")", ") > 1" },
    { "persons > 1", " + balance", "", "", "" },
    { "persons > 1", " - persons / 7", "", "", "" },
    { "food_ok", " and food_ok or water_ok", "", "", "" },
    { "persons > 1", " or persons = 1 and food_ok", "", "", "" },
    { "persons in {1", ", #", "", "", "}" },
    { "amount / persons in {1", ", #", "", "", "}" },
    { "amount in {1", ", #.1..#.5", "", "", "}" },
    { "place in {1", ", #0..#5, 7", "", "", "}" },
    { "persons + balance in {1", ", #0..#5", "", "", "}" },
    { "name in {\"a\"", ", \"#a\"..\"#b\"", "", "", "}" },
    { "causes in {01", ", 02, 03", "", "", "}" },
};

static void say_shape(struct world *w, size_t shape, int n)
{
    buf_clear(&w->text);
    say(w, shapes[shape].start);
    for (int i = 0; i < n; i++) /* a # becomes a number that grows */
        for (const char *p = shapes[shape].piece; *p; p++)
            if (*p == '#') buf_printf(&w->text, "%d", 10001 + i);
            else buf_char(&w->text, *p);
    say(w, shapes[shape].core);
    for (int i = 0; i < n; i++) say(w, shapes[shape].close);
    say(w, shapes[shape].end);
}

static bool shape_parses(struct world *w, size_t shape, int n, struct arena *a)
{
    struct err e = { 0 };
    say_shape(w, shape, n);
    return rule_parse(&w->rule, w->text.p, w->text.n, 1, 1, &sample_schema, a, &e);
}

/* Whatever is taken, however deep or long, the databases take too. */
static void the_largest_run(enum engine engine)
{
    static struct world w;
    struct test_store t;
    memset(&w, 0, sizeof w);
    random_seed(&w.rng, 7);
    buf_init(&w.text, 1 << 20);
    buf_init(&w.sql, 1 << 22);
    buf_init(&w.print, 1 << 20);
    world_open(&w, &t, engine);
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct arena a = { 0 };
        int lo = 1, hi = 20000;
        while (hi - lo > 1) {
            int mid = lo + (hi - lo) / 2;
            if (shape_parses(&w, i, mid, &a)) lo = mid;
            else hi = mid;
            arena_reset(&a);
        }
        assert_true(shape_parses(&w, i, lo, &a));
        for (int c = 0; c < C_N; c++) w.uses[c] = rule_uses(w.rule, c);
        print_message("%d * %s\n", lo, shapes[i].piece);
        check_print(&w, &a);
        check_batch(&w);
        check_database(&w);
        arena_free(&a);
    }
    buf_free(&w.text);
    buf_free(&w.sql);
    buf_free(&w.print);
    test_store_close(&t);
}
STORE_TEST(the_largest_run)

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(all_agree), STORE_TESTS(the_largest_run) };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
