/* The rows behind a figure: exactly those that count, in order, page by page, and with one
 * digest. */
#include "oracle.h"

struct seen {
    int64_t ids[4000]; int64_t counties[4000]; int64_t values[4000]; int sign[4000];
    int n;
    int stop_at;
};

static bool see(void *arg, const struct figure *f, int sign, const char *within,
                const struct table_map *m, const struct val *row, int64_t value, struct err *e)
{
    struct seen *s = arg;
    (void)f, (void)within, (void)m;
    if (s->stop_at && s->n == s->stop_at) return err_set(e, ERR_USAGE, "enough");
    assert_true(s->n < 4000);
    s->counties[s->n] = row[ROW_COUNTY].i;
    s->ids[s->n] = row[ROW_ID].i;
    s->values[s->n] = value;
    s->sign[s->n++] = sign;
    return true;
}

static struct seen *explain(struct sample *s, const struct figure_query *q,
                            struct explain_page page)
{
    struct err e = { 0 };
    struct seen *out = arena_alloc(&s->arena, sizeof *out);
    assert_ok(figure_explain(&s->context, s->db, &scope_all, q, &page, see, out, &e), e);
    return out;
}

static void fill(struct sample *s)
{
    static const char *const places[] = { "653224103001", "653224103002", "653225001001",
                                          "110101001001", "653299001001", "653224000000" };
    struct val row[ENTITY_MAX_COLUMNS + 1];
    sample_parties_put(s);
    for (int i = 0; i < 240; i++) {
        char code[16], from[DATE_TEXT], to[DATE_TEXT], giver[8];
        snprintf(code, sizeof code, "A%d", i);
        snprintf(giver, sizeof giver, "ORG-%d", 1 + i % 5);
        date_format(day("2019-10-01") + i, from);
        date_format(day("2019-10-01") + i + i % 4 * 10, to);
        put(s, s->aid, row,
            TYPED("code", code, "place", places[i % 6], "site", places[i * 7 % 6], "giver", giver,
                  "amount", i % 11 ? "2.50" : "", "kind", "money", "paid_on", to, "valid_from",
                  i % 13 ? from : "", "valid_to", i % 17 ? to : "", "cost", "1", "state",
                  i % 9 ? "done" : "planned"));
    }
}

/* Values times signs of the rows come to the figure; every row is one that the plain meaning
 * counts. */
static void rows_make_the_figure(enum engine engine)
{
    static const char *const names[] = { "aid_amount", "aid_count", "aid_gain", "balance" };
    static const int64_t asked[] = { 0, 653224000000, 653200000000, 653224103001, 110101000000,
                                     653299000000 };
    struct sample s;
    struct random r;
    sample_open(&s, engine);
    fill(&s);
    random_seed(&r, 3);
    for (int k = 0; k < 60; k++) {
        int32_t from = random_chance(&r, 300000)
                           ? DATE_MIN
                           : day("2019-10-01") + (int32_t)random_below(&r, 300);
        int32_t to = random_chance(&r, 300000) ? DATE_MAX
                                               : day("2019-10-01") + (int32_t)random_below(&r, 300);
        if (from > to) from = DATE_MIN;
        const char *name = names[random_below(&r, 4)];
        int64_t org = strncmp(name, "aid_", 4) == 0 && name[4] != 'g' && random_chance(&r, 400000)
                    ? 1001 + (int64_t)random_below(&r, 5) : 0;
        struct figure_query q = { .name = name,
                                  .place = asked[random_below(&r, COUNT(asked))],
                                  .org = org,
                                  .from = from,
                                  .to = to };
        struct figure_value v = figure_of(&s, name, q.place, org, from, to);
        struct seen *all = explain(&s, &q, (struct explain_page){ 0, 0, 0 });
        int64_t sum = 0;
        for (int i = 0; i < all->n; i++) sum += all->sign[i] * all->values[i];
        assert_int_equal(sum, v.value);
        assert_true(all->n >= v.rows);
        if (!v.partial) assert_int_equal(all->n, v.rows);
    }
    sample_close(&s);
}
STORE_TEST(rows_make_the_figure)

/* Pages of any size, one after the other, give what one long page gives. */
static void pages_join(enum engine engine)
{
    static const char *const names[] = { "aid_amount", "balance", "deep_share", "per_household" };
    static const int64_t sizes[] = { 1, 2, 7, 50, 1000 };
    struct sample s;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    sample_open(&s, engine);
    fill(&s);
    put(&s, s.household, row, TYPED("code", "H1", "place", "653224103001", "members", "3"));
    for (int f = 0; f < COUNT(names); f++) {
        struct figure_query q = { .name = names[f], .from = DATE_MIN, .to = DATE_MAX };
        struct seen *whole = explain(&s, &q, (struct explain_page){ 0, 0, 100000 });
        struct seen *turns = explain(&s, &q, (struct explain_page){ 0, 0, 0 });
        assert_int_equal(whole->n, turns->n);
        for (int k = 0; k < COUNT(sizes); k++) {
            struct explain_page page = { 0, 0, sizes[k] };
            int n = 0;
            for (;;) {
                struct seen *p = explain(&s, &q, page);
                if (p->n == 0) break;
                assert_true(p->n >= sizes[k] || n + p->n == whole->n);
                for (int i = 0; i < p->n; i++, n++) {
                    assert_int_equal(p->ids[i], whole->ids[n]);
                    assert_int_equal(p->sign[i], whole->sign[n]);
                }
                page.after_county = p->counties[p->n - 1];
                page.after_id = p->ids[p->n - 1];
            }
            assert_int_equal(n, whole->n);
        }
    }
    sample_close(&s);
}
STORE_TEST(pages_join)

static void digests_name_the_rows(enum engine engine)
{
    unsigned char a[DIGEST_LEN], b[DIGEST_LEN];
    struct sample s;
    struct err e = { 0 };
    struct val row[ENTITY_MAX_COLUMNS + 1];
    int64_t rows, more;
    sample_open(&s, engine);
    fill(&s);
    struct figure_query q = {
        .name = "aid_amount", .place = 653224000000, .from = DATE_MIN, .to = DATE_MAX
    };
    assert_ok(figure_digest(&s.context, s.db, &scope_all, &q, &rows, a, &e), e);
    assert_int_equal(rows, figure_of(&s, "aid_amount", q.place, 0, DATE_MIN, DATE_MAX).rows);
    /* a row elsewhere changes nothing, one inside does */
    put(&s, s.aid, row,
        TYPED("code", "X", "place", "110101001001", "amount", "1", "kind", "money"));
    assert_ok(figure_digest(&s.context, s.db, &scope_all, &q, &more, b, &e), e);
    assert_memory_equal(a, b, DIGEST_LEN);
    put(&s, s.aid, row,
        TYPED("code", "Y", "place", "653224103001", "amount", "1", "kind", "money"));
    assert_ok(figure_digest(&s.context, s.db, &scope_all, &q, &more, b, &e), e);
    assert_int_equal(more, rows + 1);
    assert_memory_not_equal(a, b, DIGEST_LEN);
    /* the caller may stop */
    struct seen stop = { .stop_at = 2 };
    assert_err(figure_explain(&s.context, s.db, &scope_all, &q, &(struct explain_page){ 0, 0, 0 }, see, &stop,
                              &e),
               e, ERR_USAGE);
    sample_close(&s);
}
STORE_TEST(digests_name_the_rows)

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(rows_make_the_figure), STORE_TESTS(pages_join),
                                        STORE_TESTS(digests_name_the_rows) };
    return test_store_main(tests, COUNT(tests));
}
