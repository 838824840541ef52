/* Claims through the store: which rows of the entity are told, beside what, and where they rest. */
#include "sample.h"

struct told { struct claim_result r; char code[40], claimed[80], computed[80], difference[40],
              rests[40], reason[200], reading[80], source[40]; };
struct telling { struct told at[40]; int n; };

static bool tell(void *arg, const struct claim_result *r, struct err *e)
{
    struct telling *t = arg;
    (void)e;
    assert_true(t->n < 40);
    struct told *x = &t->at[t->n++];
    x->r = *r;
    snprintf(x->code, sizeof x->code, "%s", r->code);
    snprintf(x->claimed, sizeof x->claimed, "%s", r->claimed);
    snprintf(x->computed, sizeof x->computed, "%s", r->computed);
    snprintf(x->difference, sizeof x->difference, "%s", r->difference);
    snprintf(x->rests, sizeof x->rests, "%s", r->rests_on);
    snprintf(x->reason, sizeof x->reason, "%s", r->reason);
    snprintf(x->reading, sizeof x->reading, "%s", r->reading);
    snprintf(x->source, sizeof x->source, "%s", r->source);
    return true;
}

static const struct told *find(const struct telling *t, const char *code)
{
    for (int i = 0; i < t->n; i++)
        if (strcmp(t->at[i].code, code) == 0) return &t->at[i];
    fail_msg("claim %s was not told", code);
    return NULL;
}

static void put_rows(struct sample *s)
{
    struct val row[ENTITY_MAX_COLUMNS + 1];
    sample_parties_put(s);
    put(s, s->aid, row, TYPED("code", "A", "place", "653224103001", "giver", "ORG-1", "kind",
                              "money", "amount", "1000", "paid_on", "2020-05-01", "quantity", "2000",
                              "qualifier", "gt", "valid_from", "2020-05-01", "valid_to", "2020-05-01",
                              "basis", "restated", "source", "DOC-1"));
    put(s, s->aid, row, TYPED("code", "B", "place", "653225001001", "giver", "ORG-2", "kind",
                              "money", "amount", "500", "paid_on", "2020-06-01", "valid_from",
                              "2020-06-01", "valid_to", "2020-06-01", "source", "DOC-2"));
    put(s, s->household, row, TYPED("code", "H", "place", "653224103001", "members", "4", "since",
                                    "2014-01-01", "ended", "2018-12-31"));
}

#define CLAIM(...) put(s, s->claim, row, TYPED(__VA_ARGS__))

static void put_claims(struct sample *s)
{
    struct val row[ENTITY_MAX_COLUMNS + 1];
    CLAIM("code", "OVER", "claimed_text", "over 2,000", "figure", "aid_count", "place",
          "653224000000", "value", "2000", "qualifier", "gt", "unit", "item", "source", "DOC-1");
    CLAIM("code", "SUM", "figure", "aid_amount", "value", "1500", "unit", "yuan", "source", "DOC-2",
          "period_from", "2020-06-01", "period_to", "2020-12-31", "reading", "in June alone");
    CLAIM("code", "SHARE", "figure", "deep_share", "value", "66.67", "decimals", "2", "unit",
          "percent", "source", "DOC-2");
    CLAIM("code", "NONE", "value", "7", "reason", "no record says it", "source", "DOC-1");
    CLAIM("code", "WRONG", "figure", "aid_amuont", "value", "7", "source", "DOC-1");
    CLAIM("code", "EMPTY", "figure", "aid_amount", "place", "110101000000", "value", "7", "source",
          "DOC-1");
    CLAIM("code", "STOCK", "figure", "households", "value", "1", "period_to", "2018-12-30",
          "source", "DOC-1");
    CLAIM("code", "GONE", "figure", "households", "value", "1", "period_to", "2018-12-31", "source",
          "DOC-1");
}

static void claims_are_told(enum engine engine)
{
    struct sample s;
    struct telling *t = mem_alloc(sizeof *t);
    struct err e = { 0 };
    sample_open(&s, engine);
    put_rows(&s);
    put_claims(&s);
    assert_ok(claims_check(&s.context, s.db, &scope_all, NULL, tell, t, &e), e);
    assert_int_equal(t->n, 8);
    const struct told *x = find(t, "OVER");
    assert_int_equal(x->r.verdict, CLAIM_HOLDS);
    assert_true(x->r.same_source);
    assert_string_equal(x->claimed, "> 2,000 item");
    assert_string_equal(x->computed, "> 2,000 item");
    assert_string_equal(x->rests, "restated");
    x = find(t, "SUM");
    assert_int_equal(x->r.verdict, CLAIM_DIFFERS);
    assert_string_equal(x->difference, "-1,000");
    assert_string_equal(x->reading, "in June alone");
    assert_string_equal(x->rests, "recorded");
    x = find(t, "SHARE");
    assert_false(x->r.same_source);
    assert_string_equal(x->source, "DOC-2");
    x = find(t, "NONE");
    assert_int_equal(x->r.verdict, CLAIM_CANNOT);
    assert_string_equal(x->reason, "no record says it");
    assert_non_null(strstr(find(t, "WRONG")->reason, "aid_amuont"));
    assert_int_equal(find(t, "EMPTY")->r.verdict, CLAIM_CANNOT);
    assert_int_equal(find(t, "STOCK")->r.verdict, CLAIM_HOLDS);
    assert_int_equal(find(t, "GONE")->r.verdict, CLAIM_DIFFERS);
    memset(t, 0, sizeof *t);
    assert_ok(claims_check(&s.context, s.db, &scope_all, "DOC-2", tell, t, &e), e);
    assert_int_equal(t->n, 2);
    free(t);
    sample_close(&s);
}
STORE_TEST(claims_are_told)

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(claims_are_told) };
    return test_store_main(tests, COUNT(tests));
}
