/* Thousands of random writes, and after each few of them every cell is what the records give, and
 * queries answer as the plain meaning does. */
#include "oracle.h"

#include "base/money.h"

static const int64_t places[] = { 110101001001, 110101001002, 110101002001, 110101002000,
                                  110101000000, 110102001001, 653224103001, 653224103002,
                                  653224103000, 653224000000, 653224001001, 653225001001,
                                  653225001002, 653299001001, 653299000000, 653200000000,
                                  650000000000, 110000000000 };

static const int64_t asked[] = { 0,
                                 110000000000,
                                 650000000000,
                                 653200000000,
                                 653224000000,
                                 653225000000,
                                 653299000000,
                                 110101000000,
                                 653224103000,
                                 110101002000,
                                 653224103001,
                                 110101001002,
                                 653225001001,
                                 653226000000,
                                 990000000000 };

/* Days crowd around the ends of months and years; some are far off. */
static int32_t random_day(struct random *r)
{
    static const char *const crowded[] = { "2014-12-31", "2015-01-01", "2015-02-28", "2016-02-29",
        "2016-03-01", "2019-12-31", "2020-01-01", "2020-05-31", "1999-12-31", "2020-02-29" };
    switch (random_below(r, 10)) {
    case 0: case 1: case 2: return day(crowded[random_below(r, COUNT(crowded))]);
    case 3:
    case 4:
        return day(crowded[random_below(r, COUNT(crowded))]) + (int32_t)random_between(r, -2, 2);
    case 5: return random_chance(r, 300000) ? DATE_MAX
                        : (int32_t)random_between(r, DATE_MIN, DATE_MAX);
    case 6: return (int32_t)random_between(r, date_make(2013, 1, 1), date_make(2021, 1, 1));
    default: return (int32_t)random_between(r, date_make(2020, 1, 1), date_make(2020, 12, 31));
    }
}

static struct val maybe_day(struct random *r, uint32_t missing)
{
    return random_chance(r, missing) ? val_null() : val_int(random_day(r));
}

static struct val pick(struct random *r, const char *const *list, int n)
{
    return val_text(list[random_below(r, (uint64_t)n)]);
}

/* A place in the row's county, so that a changed row stays in it; one county has more than its
 * share. */
static struct val place_near(struct random *r, struct val county)
{
    if (county.type != VAL_INT && random_chance(r, 450000)) county = val_int(653224);
    for (;;) {
        int64_t code = places[random_below(r, COUNT(places))];
        if (county.type != VAL_INT || code / 1000000 == county.i) return val_int(code);
    }
}

static void random_household(struct sample *s, struct random *r, struct val *row)
{
    const struct table_map *m = s->household;
    static const char *const basis[] = { "recorded", "recorded", "restated", "synthetic",
                                         "derived" };
    set(m, row, "place", place_near(r, row[ROW_COUNTY]));
    set(m, row, "members",
        random_chance(r, 100000) ? val_null() : val_int(random_between(r, 0, 9)));
    set(m, row, "income",
        random_chance(r, 300000) ? val_null() : val_int(random_between(r, -5000, 900000)));
    set(m, row, "since", maybe_day(r, 150000));
    set(m, row, "ended", maybe_day(r, 600000));
    set(m, row, "arrived_on", maybe_day(r, 850000));
    set(m, row, "left_on", maybe_day(r, 850000));
    set(m, row, "basis", pick(r, basis, COUNT(basis)));
}

static void random_aid(struct sample *s, struct random *r, struct val *row)
{
    const struct table_map *m = s->aid;
    static const char *const kinds[] = { "money", "goods" },
                             *const states[] = { "done", "done", "done", "committed", "planned" },
                             *const basis[] = { "recorded", "recorded", "restated", "synthetic",
                                                "derived" },
                             *const qualifiers[] = { "eq", "eq", "eq", "eq", "eq",
                                                     "ge", "gt", "le", "lt", "approx" },
                             *const confirmations[] = { "one_sided", "one_sided", "confirmed",
                                                        "corrected", "disputed" };
    set(m, row, "place", place_near(r, row[ROW_COUNTY]));
    set(m, row, "site", random_chance(r, 200000) ? val_null() : place_near(r, val_null()));
    set(m, row, "giver",
        random_chance(r, 200000) ? val_null() : val_int(1001 + (int64_t)random_below(r, 5)));
    set(m, row, "kind", random_chance(r, 100000) ? val_null() : pick(r, kinds, 2));
    set(m, row, "amount",
        random_chance(r, 150000)
            ? val_null()
            : val_int(random_chance(r, 100000) ? -random_between(r, 1, 100000)
                                               : random_between(r, 0, 90000000)));
    set(m, row, "cost",
        random_chance(r, 200000) ? val_null() : val_int(random_between(r, 0, 90000000)));
    set(m, row, "paid_on", maybe_day(r, 150000));
    set(m, row, "quantity",
        random_chance(r, 100000) ? val_null() : val_int(random_between(r, 0, 3000)));
    set(m, row, "valid_from", maybe_day(r, 200000));
    struct val from = get(m, row, "valid_from");
    bool one_day = from.type == VAL_INT && random_chance(r, 500000);
    set(m, row, "valid_to", one_day ? from : maybe_day(r, 200000));
    set(m, row, "qualifier", pick(r, qualifiers, COUNT(qualifiers)));
    set(m, row, "state", pick(r, states, COUNT(states)));
    set(m, row, "basis", pick(r, basis, COUNT(basis)));
    set(m, row, "confirmation", pick(r, confirmations, COUNT(confirmations)));
}

/* The entity refuses a validity that ends before it begins. */
static void mend(const struct table_map *m, struct val *row)
{
    struct val from = get(m, row, "valid_from"), to = get(m, row, "valid_to");
    if (from.type != VAL_INT || to.type != VAL_INT || from.i <= to.i) return;
    set(m, row, "valid_from", to);
    set(m, row, "valid_to", from);
}

/* --- writes --- */

struct ref { const struct table_map *m; int64_t county, id; };
struct world {
    struct sample *s;
    struct random r;
    struct ref rows[1000]; int n;
    int least;                 /* only inserts below so many rows */
    int64_t next_code;
};

static bool insert_one(struct tx *tx, struct world *w, struct err *e)
{
    struct val row[ENTITY_MAX_COLUMNS + 1];
    bool aid = random_chance(&w->r, 650000);
    const struct table_map *m = aid ? w->s->aid : w->s->household;
    memset(row, 0, sizeof row);
    if (aid) random_aid(w->s, &w->r, row);
    else random_household(w->s, &w->r, row);
    if (!aid) set(m, row, "confirmation", val_text("one_sided"));
    char code[32];
    snprintf(code, sizeof code, "C%lld", (long long)w->next_code++);
    set(m, row, "code", val_text(code));
    mend(m, row);
    if (!row_insert(tx, w->s->model, m, row, e)) return false;
    w->rows[w->n++] = (struct ref){ m, row[ROW_COUNTY].i, row[ROW_ID].i };
    return true;
}

static bool change_one(struct tx *tx, struct world *w, struct err *e)
{
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct ref *ref = &w->rows[random_below(&w->r, (uint64_t)w->n)];
    struct arena a;
    bool found;
    arena_init(&a, 0);
    bool ok = row_get(tx_db(tx), ref->m, ref->county, ref->id, &a, row, &found, e);
    if (ok && random_chance(&w->r, 300000)) {
        ok = row_delete(tx, w->s->model, ref->m, ref->county, ref->id, 0, e);
        if (ok) *ref = w->rows[--w->n];
    } else if (ok) {
        struct val fresh[ENTITY_MAX_COLUMNS + 1];
        memcpy(fresh, row, sizeof row);
        if (ref->m == w->s->aid) random_aid(w->s, &w->r, fresh);
        else random_household(w->s, &w->r, fresh);
        /* some fields only: a date, a place, a state */
        for (int c = ROW_FIRST; c < ref->m->columns; c++)
            if (random_chance(&w->r, 600000)) fresh[c] = row[c];
        for (int f = 0; f < ref->m->fields; f++) /* a reference's two columns go together */
            if (ref->m->county_column[f] >= 0)
                fresh[ref->m->county_column[f]] =
                    val_is_null(fresh[ref->m->column[f]]) ? val_null() : val_int(0);
        mend(ref->m, fresh);
        ok = row_update(tx, w->s->model, ref->m, fresh, 0, e);
    }
    arena_free(&a);
    return ok;
}

static bool write_some(struct tx *tx, void *arg, struct err *e)
{
    struct world *w = arg;
    for (uint64_t k = 1 + random_below(&w->r, 6); k > 0; k--) {
        bool insert = w->n < w->least || (w->n < 500 && random_chance(&w->r, 450000));
        if (!(insert ? insert_one(tx, w, e) : change_one(tx, w, e))) return false;
    }
    return true;
}

/* --- queries --- */

static void assert_answer(struct world *w, const struct plains *rows, int figure, int64_t place,
                          int64_t org, int32_t from, int32_t to)
{
    struct figure_value v = figure_of(w->s, base_figures[figure], place, org, from, to);
    struct answer a = plain_answer(rows, figure, place, NULL, org, from, to);
    assert_int_equal(v.place, place);
    assert_int_equal(v.known, a.known);
    assert_int_equal(v.value, a.value);
    assert_int_equal(v.rows, a.rows);
    assert_int_equal(v.unknown, a.unknown);
    assert_int_equal(v.qualifier, a.qualifier);
    assert_int_equal(v.partial, a.partial);
    assert_int_equal(v.low, a.low);
    assert_int_equal(v.high, a.high);
    assert_int_equal(v.restated, a.restated);
    assert_int_equal(v.synthetic, a.synthetic);
    assert_int_equal(v.derived, a.derived);
    assert_int_equal(v.recorded, a.rows - a.restated - a.synthetic - a.derived);
    assert_int_equal(v.confirmed, a.confirmed);
    assert_int_equal(v.disputed, a.disputed);
    assert_int_equal(v.one_sided, a.value - a.confirmed - a.disputed);
}

static void assert_distinct(struct world *w, const struct plains *rows, int figure, int64_t place,
                            int64_t org, int32_t from, int32_t to)
{
    struct figure_value v = figure_of(w->s, base_figures[figure], place, org, from, to);
    static const int level[] = { [GIVERS] = 3, [GIVERS_EVER] = 0, [AID_PLACES] = 1 };
    struct civil a = date_civil(from), b = date_civil(to);
    bool known = place_level(place) == level[figure];
    if (figure == GIVERS) known = known && a.year == b.year && a.month == 1 && a.day == 1;
    if (figure == GIVERS_EVER) known = known && from == DATE_MIN;
    assert_int_equal(v.known, known);
    if (!known) return;
    if (figure != AID_PLACES && org != 0) return; /* it knows no organisations */
    int64_t want = plain_distinct(rows, figure, place, org, from, to);
    assert_int_equal(v.value, want);
    assert_true(v.low <= v.value && v.high >= v.value && v.low >= 0);
}

static void query_some(struct world *w, const struct plains *rows)
{
    for (int k = 0; k < 40; k++) {
        struct random *r = &w->r;
        int64_t place = asked[random_below(r, COUNT(asked))];
        int64_t org = random_chance(r, 400000) ? 1001 + (int64_t)random_below(r, 5) : 0;
        int32_t from = random_chance(r, 250000) ? DATE_MIN : random_day(r);
        int32_t to = random_chance(r, 250000) ? DATE_MAX : random_day(r);
        if (from > to) from = DATE_MIN;
        int figure = (int)random_below(r, BASES);
        if (figure == GIVERS && random_chance(r, 500000))
            from = date_make(date_civil(to).year, 1, 1);
        if (distinct_figure(figure)) assert_distinct(w, rows, figure, place, org, from, to);
        else if (org == 0 || figure == AMOUNT || figure == ITEMS)
            assert_answer(w, rows, figure, place, org, from, to);
    }
}

/* Lists by level: every line is what a query of that place gives, and none is missing. */
struct listing { struct world *w; const struct plains *rows; int figure; int32_t from, to; int by;
                 int64_t last; int64_t sum; };

static bool check_line(void *arg, const struct figure_value *v, struct err *e)
{
    struct listing *l = arg;
    (void)e;
    assert_true(v->place > l->last);
    l->last = v->place;
    assert_int_equal(place_level(v->place), l->by);
    struct answer a = plain_answer(l->rows, l->figure, v->place, NULL, 0, l->from, l->to);
    assert_int_equal(v->value, a.value);
    assert_int_equal(v->rows, a.rows);
    assert_int_equal(v->low, a.low);
    assert_int_equal(v->high, a.high);
    l->sum += v->rows;
    return true;
}

static void list_some(struct world *w, const struct plains *rows)
{
    static const int64_t unit[] = { 0, INT64_C(10000000000), 100000000, 1000000, 1000, 1 };
    for (int k = 0; k < 6; k++) {
        struct err e = { 0 };
        struct listing l = { .w = w, .rows = rows, .figure = (int)random_below(&w->r, GAIN + 1) };
        int64_t place = asked[random_below(&w->r, 8)];
        l.by = (int)random_between(&w->r, place_level(place) > 1 ? place_level(place) : 1, 5);
        l.from = random_chance(&w->r, 500000) ? DATE_MIN : random_day(&w->r);
        l.to = random_chance(&w->r, 500000) ? DATE_MAX : random_day(&w->r);
        if (l.from > l.to) l.from = DATE_MIN;
        if (place == 653299000000 && l.by == 3) continue; /* it is listed as the county it joined */
        struct figure_query q = { .name = base_figures[l.figure], .place = place, .from = l.from,
                                  .to = l.to, .by = l.by };
        assert_ok(figure_read_by(&w->s->context, w->s->db, &scope_all, &q, check_line, &l, &e), e);
        int64_t want = 0;
        for (size_t i = 0; i < rows->n; i++) {
            struct gives g;
            if (!plain_gives(&rows->at[i], l.figure, &g) || !place_within(g.place, place)) continue;
            bool deep_enough = false;
            for (int level = l.by; level <= 5; level++)
                deep_enough |= place_level(g.place) == level;
            bool counts = g.stock ? g.from <= l.to && g.to >= l.to : g.to >= l.from && g.to <= l.to;
            want += deep_enough && counts;
        }
        (void)unit;
        assert_int_equal(l.sum, want);
    }
}

/* Figures of figures against their terms. */
static void combine_some(struct world *w, const struct plains *rows)
{
    for (int k = 0; k < 6; k++) {
        int64_t place = asked[random_below(&w->r, COUNT(asked))];
        int32_t to = random_day(&w->r), from = DATE_MIN;
        struct answer deep = plain_answer(rows, AMOUNT, place, "deep", 0, from, to);
        struct answer all = plain_answer(rows, AMOUNT, place, NULL, 0, from, to);
        struct answer poor = plain_answer(rows, AMOUNT, place, "poor", 0, from, to);
        struct answer gain = plain_answer(rows, GAIN, place, NULL, 0, from, to);
        struct answer homes = plain_answer(rows, HOUSEHOLDS, place, "poor", 0, from, to);
        struct figure_value v = figure_of(w->s, "poor_households", place, 0, from, to);
        assert_int_equal(v.value, homes.value);
        v = figure_of(w->s, "balance", place, 0, from, to);
        assert_int_equal(v.value, all.value - gain.value + poor.value);
        assert_int_equal(v.low, all.low - gain.high + poor.low);
        assert_int_equal(v.high, all.high - gain.low + poor.high);
        assert_int_equal(v.rows, all.rows + gain.rows + poor.rows);
        v = figure_of(w->s, "deep_share", place, 0, from, to);
        if (!v.known) continue;
        assert_int_equal(v.numerator, deep.value);
        assert_int_equal(v.denominator, all.value);
        int64_t want;
        assert_true(ratio_round(deep.value, 1000, all.value, &want));
        assert_int_equal(v.value, want);
    }
}

static void check_all(struct world *w)
{
    struct plains rows = { 0 };
    plain_read(w->s, &rows);
    assert_cells(w->s, &rows);
    query_some(w, &rows);
    list_some(w, &rows);
    combine_some(w, &rows);
    free(rows.at);
}

static void world_open(struct world *w, struct sample *s, enum engine engine, uint64_t seed)
{
    memset(w, 0, sizeof *w);
    random_seed(&w->r, seed);
    w->s = s;
    w->least = 20;
    sample_open(s, engine);
    sample_parties_put(s);
}

static void random_writes(enum engine engine)
{
    struct world w;
    struct sample s;
    struct err e = { 0 };
    int rounds = engine == ENGINE_SQLITE ? 60 : 25;
    world_open(&w, &s, engine, 20200527);
    for (int round = 0; round < rounds; round++) {
        for (int k = 0; k < 20; k++) assert_ok(store_write(s.t.store, write_some, &w, &e), e);
        check_all(&w);
    }
    assert_verified(&s);
    /* Cells of every size were among them. */
    int64_t months = 0;
    struct stmt busy =
        stmt_composed(STMT_ADMIN, "select count(*) from county_cell where bucket >= 100000");
    assert_ok(db_int(s.db, &busy, NULL, 0, &months, NULL, &e), e);
    assert_true(months > 0);
    /* Rebuilding changes nothing. */
    assert_ok(figures_rebuild(s.t.store, s.model, s.figures, &e), e);
    check_all(&w);
    assert_verified(&s);
    /* Nothing is left behind. */
    while (w.n) {
        struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
        struct ref *ref = &w.rows[--w.n];
        row[ROW_COUNTY] = val_int(ref->county);
        row[ROW_ID] = val_int(ref->id);
        drop_row(&s, ref->m, row);
    }
    int64_t left = -1;
    struct stmt count = stmt_composed(
        STMT_ADMIN,
        "select (select count(*) from county_cell) + (select "
        "count(*) from fine_cell) + (select count(*) from distinct_key) + (select count(*) from "
        "cell_staging)");
    assert_ok(db_int(s.db, &count, NULL, 0, &left, NULL, &e), e);
    assert_int_equal(left, 0);
    sample_close(&s);
}
STORE_TEST(random_writes)

/* Groups of commands: those that fail leave no trace, the others all of theirs. A command may be
 * run again, so each has random numbers and rows of its own. */
struct command { struct sample *s; int number; bool fail; int *done; };

static bool run_command(struct tx *tx, void *arg, struct err *e)
{
    const struct command *c = arg;
    struct world w = { .s = c->s, .least = 2, .next_code = 10000 + c->number * 10 };
    random_seed(&w.r, (uint64_t)c->number);
    if (!write_some(tx, &w, e)) return false;
    return !c->fail || err_set(e, ERR_INVALID, "this one is to fail");
}

static void count_done(void *arg, bool ok, const struct err *e)
{
    (void)e;
    __atomic_add_fetch(((struct command *)arg)->done, ok, __ATOMIC_SEQ_CST);
}

static void groups(enum engine engine)
{
    static struct command commands[300];
    struct world w;
    struct sample s;
    struct writer *writer;
    struct err e = { 0 };
    int done = 0, wanted = 0;
    world_open(&w, &s, engine, 7);
    for (int round = 0; round < 3; round++) {
        assert_ok(writer_open(&writer, s.t.store, &e), e);
        for (int i = 0; i < 300; i++) {
            commands[i] = (struct command){ &s, round * 300 + i, i % 7 == 3, &done };
            wanted += !commands[i].fail;
            writer_submit(writer, run_command, &commands[i], count_done);
        }
        writer_close(writer);
        assert_int_equal(done, wanted);
        check_all(&w);
    }
    sample_close(&s);
}
STORE_TEST(groups)

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(random_writes), STORE_TESTS(groups) };
    return test_store_main(tests, COUNT(tests));
}
