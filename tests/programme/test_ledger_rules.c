/* What the ledger takes and what it refuses, rule by rule: uses, fund lines, ids and codes again. */
#include "rows.h"

#include "base/date.h"
#include "store/tamper.h"
#include "programme/money/ledger_part.h"

static const char *const names[] = { "G", "P1", "P2", "P3", "O1", "E1", "E2", "PR", "PRI", "PRH", "H", "GE" };
enum { G, P1, P2, P3, O1, E1, E2, PR, PRI, PRH, H, GE, N_NAMES };

struct world { struct programme p; struct account_ref at[N_NAMES]; int32_t day; };

static void world_open(struct world *w, enum engine engine)
{
    static const char *const rows[] = { "holder_kind=outside; restricted=no", "holder_kind=place",
        "holder_kind=place; fund_line=F1", "holder_kind=place; fund_line=F2", "holder_kind=organisation; fund_line=F1",
        "holder_kind=place; earmark=industry", "holder_kind=place; earmark=housing", "holder_kind=project",
        "holder_kind=project; earmark=industry", "holder_kind=project; earmark=housing", "holder_kind=household",
        "holder_kind=outside; restricted=no; earmark=industry" };
    memset(w, 0, sizeof *w);
    programme_open(&w->p, engine);
    w->day = date_make(2020, 6, 1);
    put(&w->p, "fund_line", "code=F1; place=653224; kind=city_fiscal; state=done");
    put(&w->p, "fund_line", "code=F2; place=653224; kind=social; state=done");
    for (int i = 0; i < N_NAMES; i++) {
        char text[200];
        struct err e = { 0 };
        snprintf(text, sizeof text, "code=%s; title=%s; place=653224; %s", names[i], names[i], rows[i]);
        put(&w->p, "ledger_account", text);
        assert_ok(ledger_account_find(w->p.db, names[i], strlen(names[i]), &w->at[i], &e), e);
    }
}

static void world_close(struct world *w) { programme_close(&w->p); }

struct given { struct posting *p; int n; };

static bool post_all(struct tx *tx, void *arg, struct err *e)
{
    const struct given *g = arg;
    for (int i = 0; i < g->n; i++)
        if (!ledger_post(tx, &g->p[i], e)) return false;
    return true;
}

static bool post(struct world *w, struct posting *p, int n, struct err *e)
{
    struct given g = { p, n };
    err_clear(e);
    return store_write(w->p.store.store, post_all, &g, e);
}

/* rule NULL: it is taken. */
static void one_leg(struct world *w, const struct posting_leg *leg, const char *rule)
{
    struct posting p = { .day = w->day, .legs = leg, .n = 1 };
    struct err e = { 0 };
    bool ok = post(w, &p, 1, &e);
    if (ok != !rule) fail_msg("%s: %s", rule ? rule : "taken", e.message);
    if (rule) assert_string_equal(e.field, rule);
}

static void fill(struct world *w)
{
    for (int i = P1; i < N_NAMES; i++)
        one_leg(w, &(struct posting_leg){ .debit = w->at[G], .credit = w->at[i], .amount = 10000 }, NULL);
}

static void uses_and_fund_lines(enum engine engine)
{
    static const struct { int from, to; const char *said, *rule; } cases[] = {
        { P2, P3, NULL, "fund_line" }, { P2, O1, NULL, NULL }, { O1, P3, NULL, "fund_line" }, { P2, P1, NULL, NULL },
        { P1, P2, NULL, NULL }, { P2, H, NULL, NULL }, { P2, G, NULL, NULL }, { G, P2, NULL, NULL },
        { E1, P1, NULL, "earmark" }, { E1, E2, NULL, "earmark" }, { E1, O1, NULL, "earmark" }, { E1, PR, NULL, NULL },
        { E1, PRI, NULL, NULL }, { E1, PRH, NULL, "earmark" }, { E1, H, NULL, NULL }, { G, E1, NULL, NULL },
        { P1, E1, NULL, NULL }, { PRI, E2, NULL, "earmark" }, { P1, H, "", NULL }, { P1, H, "industry", "earmark" },
        { E1, H, "industry", NULL }, { E1, H, "housing", "earmark" }, { P1, E1, "industry", NULL },
        { P1, E1, "housing", "earmark" }, { GE, E2, NULL, NULL }, { GE, P1, "industry", NULL },
    };
    struct world w;
    world_open(&w, engine);
    fill(&w);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        one_leg(&w, &(struct posting_leg){ .debit = w.at[cases[i].from], .credit = w.at[cases[i].to], .amount = 1,
                                           .earmark = cases[i].said }, cases[i].rule);
    world_close(&w);
}
STORE_TEST(uses_and_fund_lines)

static void what_a_leg_is(enum engine engine)
{
    static const int64_t amounts[] = { 0, -1, INT64_MIN, ENTITY_INT_MAX + 1, INT64_MAX };
    struct world w;
    struct err e = { 0 };
    world_open(&w, engine);
    fill(&w);
    struct account_ref transit = { 653224, transit_to(653225) };
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++)
        one_leg(&w, &(struct posting_leg){ .debit = w.at[P1], .credit = w.at[H], .amount = amounts[i] }, "amount");
    one_leg(&w, &(struct posting_leg){ .debit = transit, .credit = w.at[H], .amount = 1 }, "account");
    one_leg(&w, &(struct posting_leg){ .debit = w.at[P1], .credit = transit, .amount = 1 }, "account");
    one_leg(&w, &(struct posting_leg){ .debit = w.at[P1], .credit = w.at[P1], .amount = 1 }, "account");
    struct posting_leg leg = { .debit = w.at[P1], .credit = w.at[H], .amount = 1 };
    struct posting bad[] = { { .day = w.day, .legs = &leg, .n = 100001 }, { .day = DATE_MIN - 1, .legs = &leg, .n = 1 } };
    assert_false(post(&w, &bad[0], 1, &e));
    assert_string_equal(e.field, "amount");
    assert_false(post(&w, &bad[1], 1, &e));
    assert_string_equal(e.field, "day");
    /* Lots that are named and come to more, or to less, than the leg. */
    struct lot_name lots[2] = { { 1, 40 }, { 1, 40 } };
    leg = (struct posting_leg){ .debit = w.at[P1], .credit = w.at[H], .amount = 100, .lots = lots, .n_lots = 2 };
    one_leg(&w, &leg, "lot");
    lots[1].amount = 60;
    one_leg(&w, &leg, NULL);
    world_close(&w);
}
STORE_TEST(what_a_leg_is)

/* The same id or code again is done; with anything else it is another transfer's. */
static void again_and_otherwise(enum engine engine)
{
    struct world w;
    struct err e = { 0 };
    world_open(&w, engine);
    fill(&w);
    struct posting_leg legs[2] = { { .debit = w.at[P1], .credit = w.at[H], .amount = 5 },
                                   { .debit = w.at[P1], .credit = w.at[PR], .amount = 7 } };
    int64_t id = INT64_C(1) << 40;
    struct posting first = { .id = id, .day = w.day, .legs = legs, .n = 2, .code = "C", .actor = 1 };
    assert_ok(post(&w, &first, 1, &e), e);
    struct posting same = first;
    assert_ok(post(&w, &same, 1, &e), e);
    assert_true(same.done);
    struct posting_leg other[2];
    for (int change = 0; change < 6; change++) {
        struct posting p = first;
        memcpy(other, legs, sizeof other);
        p.legs = other;
        if (change == 0) p.n = 1;
        if (change == 1) other[1].amount++;
        if (change == 2) other[1].credit = w.at[H];
        if (change == 3) other[0].debit = other[1].debit = w.at[P2];
        if (change == 4) p.pending = true;
        if (change == 5) p.id = id + 1;
        if (change < 5) p.code = NULL;
        assert_err(post(&w, &p, 1, &e), e, ERR_CONFLICT);
    }
    struct posting by_code = { .day = w.day, .legs = legs, .n = 2, .code = "C" };
    assert_ok(post(&w, &by_code, 1, &e), e);
    assert_true(by_code.done && by_code.id == id);
    /* In one transaction, by two people. */
    struct posting twice[3] = { { .id = id + 2, .day = w.day, .legs = legs, .n = 2, .actor = 1 },
                                { .id = id + 3, .day = w.day, .legs = legs, .n = 1, .actor = 2 },
                                { .id = id + 2, .day = w.day, .legs = legs, .n = 2, .actor = 1 } };
    assert_ok(post(&w, twice, 3, &e), e);
    assert_true(!twice[0].done && !twice[1].done && twice[2].done);
    struct posting clash[2] = { { .id = id + 4, .day = w.day, .legs = legs, .n = 2 },
                                { .id = id + 4, .day = w.day, .legs = legs, .n = 1 } };
    assert_err(post(&w, clash, 2, &e), e, ERR_CONFLICT);
    world_close(&w);
}
STORE_TEST(again_and_otherwise)

/* Legs that somebody renumbered are another transfer's, wherever their numbers point. */
static void renumbered_legs_are_no_repetition(enum engine engine)
{
    static const char *const deeds[] = { "update transfer set leg = 70000 where leg = 1",
                                         "update transfer set leg = -70000 where leg = 70000" };
    struct world w;
    struct err e = { 0 };
    world_open(&w, engine);
    fill(&w);
    struct posting_leg legs[2] = { { .debit = w.at[P1], .credit = w.at[H], .amount = 5 },
                                   { .debit = w.at[P1], .credit = w.at[PR], .amount = 7 } };
    struct posting first = { .id = INT64_C(1) << 40, .day = w.day, .legs = legs, .n = 2 };
    assert_ok(post(&w, &first, 1, &e), e);
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        tamper(&w.p.store, deeds[i]);
        struct posting again = first;
        assert_err(post(&w, &again, 1, &e), e, ERR_CONFLICT);
    }
    world_close(&w);
}
STORE_TEST(renumbered_legs_are_no_repetition)

/* --- returns --- */

struct returning { struct ledger_act act; bool chain, hear; int told; };

static bool hear(void *arg, int64_t county, int64_t id, int64_t amount, struct err *e)
{
    struct returning *r = arg;
    (void)county, (void)id, (void)amount;
    return ++r->told < 2 || err_set(e, ERR_FORBIDDEN, "enough");
}

static bool give_back(struct tx *tx, void *arg, struct err *e)
{
    struct returning *r = arg;
    return ledger_return(tx, &r->act, r->chain, r->hear ? hear : NULL, r, e);
}

static void returns_again_and_otherwise(enum engine engine)
{
    struct world w;
    struct err e = { 0 };
    world_open(&w, engine);
    fill(&w);
    struct posting_leg in = { .debit = w.at[G], .credit = w.at[P1], .amount = 100 },
                       out = { .debit = w.at[P1], .credit = w.at[H], .amount = 10050 };
    struct posting gift = { .day = w.day, .legs = &in, .n = 1 }, on = { .day = w.day, .legs = &out, .n = 1 };
    assert_ok(post(&w, &gift, 1, &e), e);
    assert_ok(post(&w, &on, 1, &e), e);
    struct posting_leg more = { .debit = w.at[P1], .credit = w.at[H], .amount = 1 };
    struct posting third = { .day = w.day, .legs = &more, .n = 1 };
    assert_ok(post(&w, &third, 1, &e), e);
    struct returning r = { .act = { .county = 653224, .id = gift.id, .day = w.day }, .hear = true };
    assert_err(store_write(w.p.store.store, give_back, &r, &e), e, ERR_FORBIDDEN);
    assert_int_equal(r.told, 2);
    r.act.by = 0;
    r.hear = false;
    assert_err(store_write(w.p.store.store, give_back, &r, &e), e, ERR_INVALID);
    assert_string_equal(e.field, "passed_on");
    r.act.by = 0;
    r.chain = true;
    assert_ok(store_write(w.p.store.store, give_back, &r, &e), e);
    assert_ok(store_write(w.p.store.store, give_back, &r, &e), e);        /* the same act again */
    struct returning other = { .act = { .county = 653224, .id = on.id, .day = w.day, .by = r.act.by } };
    assert_err(store_write(w.p.store.store, give_back, &other, &e), e, ERR_CONFLICT);
    other.act.id = 4711;
    assert_err(store_write(w.p.store.store, give_back, &other, &e), e, ERR_CONFLICT);
    world_close(&w);
}
STORE_TEST(returns_again_and_otherwise)

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(uses_and_fund_lines), STORE_TESTS(what_a_leg_is),
                                        STORE_TESTS(again_and_otherwise),
                                        STORE_TESTS(renumbered_legs_are_no_repetition), STORE_TESTS(returns_again_and_otherwise) };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
