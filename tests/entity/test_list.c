/* Lists against a naive oracle: filters, places, drafts, pending loads, order and pages. */
#include "sample.h"

enum { ROWS = 700 };
struct world { struct sample s; struct val *rows; int n; struct random r; };

static const char *const villages[] = { "653224103222", "653224103",    "653224", "653225001001",
                                        "653225",       "653299104001", "653200", "650000" };

struct filler { struct world *w; int from, to; };

static bool fill_some(struct tx *tx, void *arg, struct err *e)
{
    struct filler *f = arg;
    struct world *w = f->w;
    for (int i = f->from; i < f->to; i++) {
        struct val *row = w->rows + i * ENTITY_MAX_COLUMNS;
        char code[20], members[8], income[20], cause[4];
        snprintf(code, sizeof code, "H%05d", i);
        snprintf(members, sizeof members, "%d", (int)random_between(&w->r, 1, 9));
        snprintf(income, sizeof income, "%d", (int)random_between(&w->r, 0, 20) * 500);
        snprintf(cause, sizeof cause, "%d", (int)random_between(&w->r, 1, 4));
        bool draft = random_chance(&w->r, 100000), poor = random_chance(&w->r, 200000);
        if (!typed_read(w->s.model, w->s.household,
                      TYPED("code", code, "place", villages[random_below(&w->r, COUNT(villages))],
                            "head", draft ? "" : "Aygul", "cause", cause, "members", members,
                            "income", poor ? "" : income),
                      tx_db(tx), row, &w->s.arena, e) ||
            !row_insert(tx, w->s.model, w->s.household, row, e))
            return false;
    }
    return true;
}

static void world_open(struct world *w, enum engine engine)
{
    struct err e = { 0 };
    memset(w, 0, sizeof *w);
    random_seed(&w->r, 5);
    sample_open(&w->s, engine);
    w->rows = calloc(ROWS * ENTITY_MAX_COLUMNS, sizeof *w->rows);
    struct filler f = { w, 0, ROWS };
    assert_ok(store_write(w->s.t.store, fill_some, &f, &e), e);
    w->n = ROWS;
}

static void world_close(struct world *w)
{
    free(w->rows);
    sample_close(&w->s);
}

/* --- the oracle --- */

struct want {
    const struct list_query *q;
    const struct rule *rule;
    int sort;
    const struct table_map *m;
};

static bool inside(int64_t place, int64_t of)
{
    struct place_range r[4];
    int n;
    struct err e;
    assert_true(sample_ranges(NULL, NULL, of, r, 4, &n, &e));
    for (int i = 0; i < n; i++)
        if (place >= r[i].lo && place <= r[i].hi) return true;
    return of == 0;
}

static bool wanted(const struct want *w, const struct val *row)
{
    if (!w->q->drafts && row[ROW_DRAFT].i) return false;
    if (w->rule && rule_test(w->rule, row) != RULE_TRUE) return false;
    return inside(row[w->m->column[HH_PLACE]].i, w->q->place);
}

static int compare_values(struct val a, struct val b)
{
    if (val_is_null(a) || val_is_null(b)) return 0;
    if (a.type == VAL_INT) return (a.i > b.i) - (a.i < b.i);
    int c = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);
    return c ? c : (a.n > b.n) - (a.n < b.n);
}

static const struct want *sorting; /* qsort takes no argument */

static int by_order(const void *pa, const void *pb)
{
    const struct val *a = *(struct val *const *)pa, *b = *(struct val *const *)pb;
    if (sorting->sort >= 0) {
        struct val x = a[sorting->sort], y = b[sorting->sort];
        if (val_is_null(x) != val_is_null(y)) return val_is_null(x) ? 1 : -1;
        int c = compare_values(x, y);
        if (c) return sorting->q->descending ? -c : c;
    }
    if (a[ROW_COUNTY].i != b[ROW_COUNTY].i) return a[ROW_COUNTY].i < b[ROW_COUNTY].i ? -1 : 1;
    return (a[ROW_ID].i > b[ROW_ID].i) - (a[ROW_ID].i < b[ROW_ID].i);
}

static int oracle(struct world *w, const struct list_query *q, struct val **out)
{
    struct err e = { 0 };
    struct rule *rule = NULL;
    const struct table_map *m = w->s.household;
    int n = 0;
    if (q->where)
        assert_ok(rule_parse(&rule, q->where, strlen(q->where), 1, 1, &m->schema, &w->s.arena, &e),
                  e);
    struct want want = { q, rule, -1, m };
    if (q->sort) want.sort = m->column[map_field(m, q->sort)];
    for (int i = 0; i < w->n; i++)
        if (wanted(&want, w->rows + i * ENTITY_MAX_COLUMNS))
            out[n++] = w->rows + i * ENTITY_MAX_COLUMNS;
    sorting = &want;
    qsort(out, (size_t)n, sizeof *out, by_order);
    return n;
}

struct seen { int64_t county[ROWS], id[ROWS]; int n; struct world *w; };

/* The connection is free while a row is given: references can be written. */
static bool see(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct seen *s = arg;
    (void)e;
    assert_true(s->n < ROWS);
    s->county[s->n] = row[ROW_COUNTY].i;
    s->id[s->n++] = row[ROW_ID].i;
    assert_string_equal(ref_text(s->w->s.model, m, row[ROW_COUNTY].i, row[ROW_ID].i, s->w->s.db,
                                 &s->w->s.arena), text_of(&s->w->s, m, HH_CODE, row));
    return true;
}

static void list_equals(struct world *w, struct list_query q, int64_t page)
{
    static struct seen s;
    struct val *want[ROWS];
    struct err e = { 0 };
    struct arena_mark mark = arena_mark(&w->s.arena);
    int n = oracle(w, &q, want);
    s.n = 0;
    s.w = w;
    q.limit = page;
    for (int before = -1; before < s.n;) {
        before = s.n;
        assert_ok(list_rows(w->s.model, w->s.db, &scope_all, w->s.household, &q, see, &s, &e), e);
        if (!page || s.n == before) break;
        assert_true(s.n - before <= page);
        q.after_county = s.county[s.n - 1];
        q.after_id = s.id[s.n - 1];
    }
    if (s.n != n) fail_msg("%d rows, not %d (%s, sorted by %s)", s.n, n, q.where ? q.where : "all",
                           q.sort ? q.sort : "id");
    for (int i = 0; i < n; i++) {
        assert_int_equal(s.county[i], want[i][ROW_COUNTY].i);
        assert_int_equal(s.id[i], want[i][ROW_ID].i);
    }
    arena_rewind(&w->s.arena, mark);
}

static void lists_equal_the_oracle(enum engine engine)
{
    static struct world w;
    static const char *const rules[] = { NULL,
                                         "members > 4",
                                         "cause = 01",
                                         "cause in {02, 03} and members < 5",
                                         "not known(income)",
                                         "income > 2500",
                                         "not (income > 2500)",
                                         "code = \"H00017\"",
                                         "draft" };
    static const int64_t places[] = { 0, 653224103222, 653224103000, 653224000000, 653225000000,
        653200000000, 650000000000, 653299000000, 110000000000 };
    static const char *const sorts[] = { NULL, "members", "income", "code", "cause" };
    world_open(&w, engine);
    for (int i = 0; i < COUNT(rules); i++)
        for (int p = 0; p < COUNT(places); p++) {
            const char *sort = sorts[(i + p) % COUNT(sorts)];
            struct list_query q = { .where = rules[i], .place = places[p], .sort = sort,
                                    .descending = p % 2, .drafts = i % 2 };
            list_equals(&w, q, 0);
            list_equals(&w, q, 37);
        }
    for (int i = 0; i < COUNT(sorts); i++)
        for (int down = 0; down < 2; down++)
            list_equals(&w, (struct list_query){ .sort = sorts[i], .descending = down }, 50);
    world_close(&w);
}
STORE_TEST(lists_equal_the_oracle)

static bool count_rows(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    (void)m;
    (void)row;
    (void)e;
    ++*(int *)arg;
    return true;
}

static int count_of(struct sample *s, const struct table_map *m, const struct list_query *q)
{
    struct err e = { 0 };
    int n = 0;
    assert_ok(list_rows(s->model, s->db, &scope_all, m, q, count_rows, &n, &e), e);
    return n;
}

/* --- pages to and fro, while rows go --- */

/* Where a reader stands: the row at the page's edge as it was shown, though it may be gone since. */
struct edge { bool set; struct val row[ENTITY_MAX_COLUMNS]; };

/* Does the row stand behind the edge, seen in the direction that one goes? */
static bool beyond(const struct want *w, const struct val *row, const struct edge *at, bool backward)
{
    const struct val *a = row, *b = at->row;
    if (!at->set) return true;
    sorting = w;
    int order = by_order(&a, &b);
    return backward ? order < 0 : order > 0;
}

/* The page that there should be; rows[] in the list's order. */
static int page_wanted(struct world *w, const struct list_query *q, const struct edge *at, int most, struct val **rows)
{
    static struct val *all[ROWS];
    struct want want = { q, NULL, q->sort ? w->s.household->column[map_field(w->s.household, q->sort)] : -1,
                         w->s.household };
    int n = oracle(w, q, all), found = 0;
    for (int i = 0; i < n; i++) {
        int k = q->backward ? n - 1 - i : i;
        if (found < most && beyond(&want, all[k], at, q->backward)) rows[found++] = all[k];
    }
    for (int i = 0; q->backward && i < found / 2; i++) {
        struct val *x = rows[i];
        rows[i] = rows[found - 1 - i];
        rows[found - 1 - i] = x;
    }
    return found;
}

static int page_is_right(struct world *w, struct list_query q, struct edge *at, int most)
{
    static struct seen got;
    struct val *want[ROWS];
    struct err e = { 0 };
    struct arena_mark mark = arena_mark(&w->s.arena);
    int n = page_wanted(w, &q, at, most, want);
    got.n = 0;
    got.w = w;
    q.limit = most;
    if (at->set) {
        q.after_county = at->row[ROW_COUNTY].i;
        q.after_id = at->row[ROW_ID].i;
        q.has_value = q.sort != NULL;
        if (q.sort) q.after_value = at->row[w->s.household->column[map_field(w->s.household, q.sort)]];
    }
    assert_ok(list_rows(w->s.model, w->s.db, &scope_all, w->s.household, &q, see, &got, &e), e);
    assert_int_equal(got.n, n);
    for (int i = 0; i < n; i++) {
        assert_int_equal(got.county[i], want[i][ROW_COUNTY].i);
        assert_int_equal(got.id[i], want[i][ROW_ID].i);
    }
    if (n) {
        memcpy(at->row, want[q.backward ? 0 : n - 1], sizeof at->row);
        at->set = true;
    }
    arena_rewind(&w->s.arena, mark);
    return n;
}

static bool delete_one(struct tx *tx, void *arg, struct err *e)
{
    struct world *w = arg;
    const struct val *row = w->rows + (w->n - 1) * ENTITY_MAX_COLUMNS;
    return row_delete(tx, w->s.model, w->s.household, row[ROW_COUNTY].i, row[ROW_ID].i, 0, e);
}

/* Takes away a row: mostly any, often the one at the edge. */
static void lose_a_row(struct world *w, const struct edge *at)
{
    struct val swap[ENTITY_MAX_COLUMNS], *last = w->rows + (w->n - 1) * ENTITY_MAX_COLUMNS;
    struct err e = { 0 };
    int k = (int)random_below(&w->r, (uint64_t)w->n);
    for (int i = 0; at->set && random_chance(&w->r, 400000) && i < w->n; i++)
        if (w->rows[i * ENTITY_MAX_COLUMNS + ROW_ID].i == at->row[ROW_ID].i) k = i;
    struct val *gone = w->rows + k * ENTITY_MAX_COLUMNS;
    memcpy(swap, gone, sizeof swap);
    memmove(gone, last, sizeof swap);
    memcpy(last, swap, sizeof swap);
    assert_ok(store_write(w->s.t.store, delete_one, w, &e), e);
    w->n--;
}

static void pages_hold_both_ways_while_rows_go(enum engine engine)
{
    static struct world w;
    static struct edge at;
    static const char *const sorts[] = { NULL, "members", "income", "code", "cause" };
    world_open(&w, engine);
    for (int i = 0; i < 2 * COUNT(sorts); i++) {
        struct list_query q = { .sort = sorts[i / 2], .descending = i % 2, .where = i % 3 ? NULL : "members > 2" };
        at.set = false;
        while (page_is_right(&w, q, &at, (int)random_between(&w.r, 1, 60)))
            if (random_chance(&w.r, 300000)) lose_a_row(&w, &at);
        q.backward = true;
        while (page_is_right(&w, q, &at, (int)random_between(&w.r, 1, 60)))
            if (random_chance(&w.r, 300000)) lose_a_row(&w, &at);
        at.set = false;                    /* the last page */
        page_is_right(&w, q, &at, 40);
        q.backward = false;
        page_is_right(&w, q, &at, 40);
    }
    world_close(&w);
}
STORE_TEST(pages_hold_both_ways_while_rows_go)

static bool sum_values(void *arg, const struct val *row, int n, struct err *e)
{
    int64_t *sum = arg;
    (void)e;
    assert_int_equal(n, 2);
    sum[0] += row[0].type == VAL_INT ? row[0].i : 0;
    sum[1]++;
    return true;
}

static void counts_and_values_are_of_the_whole_list(enum engine engine)
{
    static struct world w;
    struct val *want[ROWS];
    struct err e = { 0 };
    int64_t n, sum[2] = { 0 }, expected = 0;
    world_open(&w, engine);
    const struct table_map *m = w.s.household;
    struct list_query q = { .where = "members > 4", .place = 653224000000 };
    int rows = oracle(&w, &q, want);
    assert_true(rows > 20);
    assert_ok(list_count(w.s.model, w.s.db, &scope_all, m, &q, 10000, &n, &e), e);
    assert_int_equal(n, rows);
    assert_ok(list_count(w.s.model, w.s.db, &scope_all, m, &q, 11, &n, &e), e);
    assert_int_equal(n, 11);
    assert_ok(list_count(w.s.model, w.s.db, &scope_all, m, &q, 0, &n, &e), e);
    assert_int_equal(n, rows);
    int fields[] = { map_field(m, "members"), map_field(m, "cause") };
    for (int i = 0; i < rows; i++) expected += want[i][m->column[fields[0]]].i;
    assert_ok(list_values(w.s.model, w.s.db, &scope_all, m, &q, fields, 2, 10000, sum_values, sum, &e), e);
    assert_int_equal(sum[0], expected);
    assert_int_equal(sum[1], rows);
    world_close(&w);
}
STORE_TEST(counts_and_values_are_of_the_whole_list)

static void texts_are_found_by_a_part(enum engine engine)
{
    struct sample s;
    struct val row[ENTITY_MAX_COLUMNS];
    static const char *const heads[] = { "Aygul", "aygul %", "Maygul", "A_gul", "买买提", "A\\b" };
    static const struct { enum list_match how; const char *text; int rows; } cases[] = {
        { MATCH_BEGINS, "AYG", 2 }, { MATCH_HOLDS, "ygu", 3 }, { MATCH_HOLDS, "%", 1 }, { MATCH_HOLDS, "a_g", 1 },
        { MATCH_BEGINS, "买", 1 }, { MATCH_HOLDS, "\\", 1 }, { MATCH_HOLDS, "'", 0 }, { MATCH_HOLDS, "gul", 4 } };
    sample_open(&s, engine);
    for (int i = 0; i < COUNT(heads); i++) {
        char code[8];
        snprintf(code, sizeof code, "H%d", i);
        put(&s, s.household, row, TYPED("code", code, "place", i ? "653224" : "653225001001", "head", heads[i],
                                        "cause", "1"));
    }
    for (int i = 0; i < COUNT(cases); i++) {
        struct list_filter f = { .field = map_field(s.household, "head"), .how = cases[i].how, .text = cases[i].text };
        struct list_query q = { .filters = &f, .n_filters = 1 };
        if (count_of(&s, s.household, &q) != cases[i].rows) fail_msg("\"%s\"", cases[i].text);
    }
    struct list_filter in = { .field = HH_PLACE, .how = MATCH_WITHIN, .place = INT64_C(653225000000) };
    struct list_query q = { .filters = &in, .n_filters = 1 };
    assert_int_equal(count_of(&s, s.household, &q), 1);
    sample_close(&s);
}
STORE_TEST(texts_are_found_by_a_part)

static bool begin_load(struct tx *tx, void *arg, struct err *e)
{
    struct stmt s = stmt_composed(STMT_REF,
        "insert into load (number, state, started, actor, files) values (7, ?1, 0, 0, 'x')");
    return tx_exec(tx, &s, arg, 1, NULL, e);
}

static void pending_loads_are_hidden(enum engine engine)
{
    struct sample s;
    struct val row[ENTITY_MAX_COLUMNS], state = val_int(0);
    struct err e = { 0 };
    int64_t seen = 0;
    sample_open(&s, engine);
    put(&s, s.household, row,
        TYPED("code", "H1", "place", "653224", "head", "Aygul", "cause", "1"));
    assert_ok(store_write(s.t.store, begin_load, &state, &e), e);
    test_sql(s.t.store, "update household set load = 7");
    struct list_query q = { 0 };
    char path[300];
    snprintf(path, sizeof path, "/tmp/jiedui-test-%d.csv", (int)getpid());
    assert_ok(export_rows(s.model, s.db, &scope_all, s.household, &q, EXPORT_CSV, path, &seen, &e), e);
    assert_int_equal(seen, 0);
    test_sql(s.t.store, "update load set state = 1");
    assert_ok(export_rows(s.model, s.db, &scope_all, s.household, &q, EXPORT_CSV, path, &seen, &e), e);
    assert_int_equal(seen, 1);
    unlink(path);
    sample_close(&s);
}
STORE_TEST(pending_loads_are_hidden)

/* Rows without a place of their own lie where what they belong to lies. */
static void persons_lie_where_their_household_does(enum engine engine)
{
    struct sample s;
    struct val row[ENTITY_MAX_COLUMNS];
    sample_open(&s, engine);
    put(&s, s.household, row,
        TYPED("code", "H1", "place", "653224103222", "head", "Aygul", "cause", "1"));
    put(&s, s.household, row,
        TYPED("code", "H2", "place", "653224104", "head", "Aygul", "cause", "1"));
    put(&s, s.household, row,
        TYPED("code", "H3", "place", "653225", "head", "Aygul", "cause", "1"));
    static const char *const homes[] = { "H1", "H1", "H2", "H3" };
    for (int i = 0; i < COUNT(homes); i++) {
        char number[4];
        snprintf(number, sizeof number, "%d", i + 1);
        put(&s, s.person, row, TYPED("household", homes[i], "number", number, "name", "Aygul"));
    }
    put(&s, s.organisation, row, TYPED("code", "O1", "name", "Office", "place", "653224103"));
    put(&s, s.organisation, row, TYPED("code", "O2", "name", "Office"));
    static const struct { int64_t place; int persons, organisations;
    } want[] = { { 0, 4, 2 },
                 { 653224103222, 2, 0 },
                 { 653224103000, 2, 1 },
                 { 653224104000, 1, 0 },
                 { 653224000000, 3, 1 },
                 { 653200000000, 4, 1 },
                 { 110000000000, 0, 0 } };
    for (int i = 0; i < COUNT(want); i++) {
        struct list_query q = { .place = want[i].place };
        assert_int_equal(count_of(&s, s.person, &q), want[i].persons);
        assert_int_equal(count_of(&s, s.organisation, &q), want[i].organisations);
    }
    sample_close(&s);
}
STORE_TEST(persons_lie_where_their_household_does)

static void refuses(struct sample *s, const struct table_map *m, struct list_query q,
                    const char *why)
{
    struct err e = { 0 };
    int n = 0;
    assert_false(list_rows(s->model, s->db, &scope_all, m, &q, count_rows, &n, &e));
    if (!strstr(e.message, why)) fail_msg("%s (not: %s)", e.message, why);
    assert_int_equal(n, 0);
}

static bool stop(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    (void)arg;
    (void)m;
    (void)row;
    return err_set(e, ERR_INVALID, "enough");
}

static void faults_are_told(enum engine engine)
{
    struct sample s;
    struct val row[ENTITY_MAX_COLUMNS];
    struct err e = { 0 };
    sample_open(&s, engine);
    put(&s, s.household, row,
        TYPED("code", "H1", "place", "653224", "head", "Aygul", "cause", "1"));
    refuses(&s, s.household, (struct list_query){ .where = "membres > 1" }, "line 1, column 1");
    refuses(&s, s.household, (struct list_query){ .sort = "membres" }, "did you mean 'members'?");
    refuses(&s, s.household, (struct list_query){ .sort = "members; drop table x" },
            "has no field");
    refuses(&s, s.document, (struct list_query){ .place = 653224000000 },
            "rows of document lie in no place");
    refuses(&s, s.household,
            (struct list_query){ .sort = "code", .after_county = 1, .after_id = 2 }, "is gone");
    assert_err(list_rows(s.model, s.db, &scope_all, s.household, &(struct list_query){ 0 }, stop, NULL, &e), e,
               ERR_INVALID);
    assert_string_equal(e.message, "enough");
    sample_close(&s);
}
STORE_TEST(faults_are_told)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(lists_equal_the_oracle), STORE_TESTS(pages_hold_both_ways_while_rows_go),
        STORE_TESTS(counts_and_values_are_of_the_whole_list), STORE_TESTS(texts_are_found_by_a_part),
        STORE_TESTS(pending_loads_are_hidden),
        STORE_TESTS(persons_lie_where_their_household_does), STORE_TESTS(faults_are_told),
    };
    return test_store_main(tests, COUNT(tests));
}
