/* A changed cell, key or node is found and named. */
#include "oracle.h"

struct heard { int n; char first[400]; };

static void hear(void *arg, const char *sentence)
{
    struct heard *h = arg;
    if (h->n++ == 0) snprintf(h->first, sizeof h->first, "%s", sentence);
}

static struct heard verify(struct sample *s)
{
    struct heard h = { 0 };
    struct err e = { 0 };
    struct faults faults = { hear, &h, 0 };
    assert_ok(figures_verify(&s->context, s->db, &faults, &e), e);
    assert_int_equal(faults.n, h.n);
    return h;
}

static void fill(struct sample *s)
{
    struct val row[ENTITY_MAX_COLUMNS + 1];
    sample_parties_put(s);
    for (int i = 0; i < 400; i++) {
        char code[16], date[DATE_TEXT];
        snprintf(code, sizeof code, "A%d", i);
        date_format(day("2015-01-01") + i * 5, date);
        put(s, s->aid, row,
            TYPED("code", code, "place", i % 3 ? "653224103001" : "653225001001", "giver",
                  i % 2 ? "ORG-1" : "ORG-2", "amount", "5", "cost", "1", "kind", "money", "paid_on",
                  date, "valid_from", date, "valid_to", date));
    }
    put(s, s->household, row, TYPED("code", "H1", "place", "653224103001", "members", "4", "since",
                                    "2014-01-01", "income", "5"));
}

/* sql breaks something; mend puts it back. */
static void breaks(struct sample *s, const char *sql, const char *fault)
{
    test_sql(s->t.store, sql);
    struct heard h = verify(s);
    if (h.n == 0 || !strstr(h.first, fault))
        fail_msg("%s: %d faults, first: %s", sql, h.n, h.first);
    struct err e = { 0 };
    assert_ok(figures_rebuild(s->t.store, s->model, s->figures, &e), e);
    assert_int_equal(verify(s).n, 0);
}

static void breakage_is_named(enum engine engine)
{
    struct sample s;
    sample_open(&s, engine);
    fill(&s);
    struct heard h = verify(&s);
    if (h.n) fail_msg("%s", h.first);
    breaks(&s, "delete from fine_cell where figure = (select number from figure_def where name = "
               "'households')", "figure households, place 653224103001, organisation 0, value on "
               "2014-01-01: the cell has 0, the records give 1");
    breaks(
        &s,
        "update county_cell set data = (select data from county_cell where figure = (select number "
        "from figure_def where name = 'aid_count') and org = 0 and bucket = 0 and county = 653225) "
        "where figure = (select number from figure_def where name = 'aid_count') and org = 0 and "
        "bucket = 0 and county = 653224",
        "figure aid_count, county 653224");
    breaks(&s, "update distinct_key set n = n + 1 where keytext = '1001'", "figure givers");
    breaks(&s, "delete from distinct_key", "figure givers");
    breaks(&s, engine == ENGINE_SQLITE ? "update fine_cell set data = x'00020100'"
                                       : "update fine_cell set data = '\\x00020100'", "figure ");
    breaks(&s, "update county_cell set county = county + 1 where county = 653225", "county 65322");
    breaks(&s, "delete from household where code = 'H1'", "the cell has 1, the records give 0");
    sample_close(&s);
}
STORE_TEST(breakage_is_named)

/* Sums by year of a large cell that are not those of its days. */
static void nodes_are_proven(enum engine engine)
{
    struct sample s;
    int64_t nodes = 0;
    struct err e = { 0 };
    sample_open(&s, engine);
    fill(&s);
    struct stmt count =
        stmt_composed(STMT_ADMIN, "select count(*) from county_cell where bucket > 0");
    assert_ok(db_int(s.db, &count, NULL, 0, &nodes, NULL, &e), e);
    assert_true(nodes > 0);
    /* the last byte of a node's last sum: a row below more, or a sum */
    test_sql(s.t.store, engine == ENGINE_SQLITE
        ? "update county_cell set data = cast(substr(data, 1, length(data) - 1) || x'01' as blob) "
          "where bucket = 0 and substr(data, 1, 1) = x'01'"
        : "update county_cell set data = substr(data, 1, length(data) - 1) || '\\x01'::bytea "
          "where bucket = 0 and substr(data, 1, 1) = '\\x01'::bytea");
    struct heard h = verify(&s);
    assert_true(h.n > 0);
    assert_non_null(strstr(h.first, "yearly or monthly sums of a cell are not those of its days"));
    /* a row below that is gone */
    assert_ok(figures_rebuild(s.t.store, s.model, s.figures, &e), e);
    assert_int_equal(verify(&s).n, 0);
    test_sql(s.t.store, "delete from county_cell where bucket = 2017");
    assert_true(verify(&s).n > 0);
    sample_close(&s);
}
STORE_TEST(nodes_are_proven)

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(breakage_is_named),
                                        STORE_TESTS(nodes_are_proven) };
    return test_store_main(tests, COUNT(tests));
}
