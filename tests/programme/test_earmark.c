/* Earmark rules: shares of random trees of lines against a painter of fen, random batches of random
 * places with dated classes against a plain count, and what is refused on both databases. */
#include "rows.h"

#include "base/date.h"
#include "base/random.h"
#include "programme/money/chain.h"
#include "programme/money/earmark_book.h"
#include "programme/money/flow.h"
#include "programme/money/idle.h"
#include "programme/money/paper.h"
#include "programme/money/receipt.h"
#include "programme/numbers.h"

static const int32_t DAY = 18262; /* 2020-01-01 */

/* --- shares --- */

enum { LINES = 12, FEN = 240 };

/* One line after another paints its fen with what is said of it; parts paint over their wholes. */
struct canvas { int paint[LINES * FEN]; int from[LINES], used[LINES]; };

static void paint_line(struct canvas *c, const struct earmark_line *l, const enum rule_tri *truth,
                       int i, int *top)
{
    if (l[i].parent < 0) {
        c->from[i] = *top;
        *top += (int)l[i].amount;
    } else {
        c->from[i] = c->from[l[i].parent] + c->used[l[i].parent];
        c->used[l[i].parent] += (int)l[i].amount;
    }
    for (int k = 0; k < l[i].amount; k++) c->paint[c->from[i] + k] = truth[i];
}

static void shares_are_those_of_the_painter(void **state)
{
    struct random r;
    (void)state;
    random_seed(&r, 20200527);
    for (int round = 0; round < 20000; round++) {
        struct earmark_line l[LINES];
        enum rule_tri truth[LINES];
        bool skip[LINES] = { false };
        int64_t room[LINES];
        struct canvas c = { .from = { 0 } };
        int n = (int)random_between(&r, 1, LINES), top = 0;
        memset(l, 0, sizeof l);
        for (int i = 0; i < n; i++) {
            int up = i && random_below(&r, 2) ? (int)random_below(&r, (uint64_t)i) : -1;
            int64_t most = up < 0 ? FEN : room[up];
            l[i] = (struct earmark_line){ .amount = random_between(&r, 0, most), .known = true,
                                          .exact = true, .parent = up };
            room[i] = l[i].amount;
            if (up >= 0) room[up] -= l[i].amount;
            truth[i] = (enum rule_tri)random_below(&r, 3);
            paint_line(&c, l, truth, i, &top);
        }
        int64_t count[3] = { 0 }, more = random_between(&r, 0, 100);
        for (int k = 0; k < top; k++) count[c.paint[k]]++;
        struct earmark_sum s;
        earmark_add(l, truth, skip, n, top + more, true, &s);
        assert_int_equal(s.counted, count[RULE_TRUE]);
        assert_int_equal(s.against, count[RULE_FALSE]);
        assert_int_equal(s.open, count[RULE_UNKNOWN] + more);
        assert_int_equal(s.total, top + more);
        struct earmark_rule floor = { .kind = EARMARK_FLOOR,
                                      .share = random_between(&r, 0, 100) * 10000 };
        int64_t percent = floor.share / 10000;
        bool can = (s.counted + s.open) * 100 >= percent * s.total;
        bool has = s.counted * 100 >= percent * s.total;
        assert_int_equal(earmark_judge(&floor, &s),
                         has ? EARMARK_KEPT : can ? EARMARK_OPEN : EARMARK_BROKEN);
        assert_true(!can == (earmark_missing(&floor, &s) > 0));
        floor.kind = EARMARK_CEILING;
        bool over = s.counted * 100 > percent * s.total;
        bool under = (s.counted + s.open) * 100 <= percent * s.total;
        assert_int_equal(earmark_judge(&floor, &s),
                         under ? EARMARK_KEPT : over ? EARMARK_BROKEN : EARMARK_OPEN);
    }
}

static void parts_are_never_more_than_the_whole(void **state)
{
    struct earmark_line l[3] = { { .amount = 100, .known = true, .exact = true, .parent = -1 },
                                 { .amount = 80, .known = true, .exact = true, .parent = 0 },
                                 { .amount = 70, .known = true, .exact = true, .parent = 0 } };
    enum rule_tri truth[3] = { RULE_UNKNOWN, RULE_TRUE, RULE_TRUE };
    bool skip[3] = { false };
    struct earmark_sum s;
    (void)state;
    earmark_add(l, truth, skip, 3, 0, false, &s);
    assert_int_equal(s.counted, 100);
    assert_int_equal(s.open, 0);
    l[1].aside = true; /* may be part of another */
    earmark_add(l, truth, skip, 3, 0, false, &s);
    assert_int_equal(s.counted, 70);
    assert_int_equal(s.open, 30);
    struct earmark_rule floor = { .kind = EARMARK_FLOOR, .share = 900000 };
    assert_int_equal(earmark_judge(&floor, &s), EARMARK_OPEN); /* the whole is not known */
}

/* --- on the store --- */

static void refused_with(struct programme *p, const char *entity, const char *text,
                         const char *const *words)
{
    struct err e;
    assert_false(try_put(p, entity, text, &e));
    for (; *words; words++)
        if (!strstr(e.message, *words)) fail_msg("\"%s\" is not in: %s", *words, e.message);
}

static void open_money(struct programme *p, enum engine engine)
{
    programme_open(p, engine);
    put(p, "fund_line", "code=F; place=620000; kind=city_fiscal; state=done");
    put(p, "batch", "code=B; place=620000; fund_line=F; amount=1000; valid_from=2020-03-01");
}

static void a_floor_is_refused_when_it_cannot_be_kept(enum engine engine)
{
    struct programme p;
    struct err e;
    open_money(&p, engine);
    put(&p, "earmark_rule", "code=R; title=industry; kind=floor; share=50; "
        "holds=purpose = industry; valid_from=2020-01-01; valid_to=2020-12-31");
    put(&p, "allocation", "code=A-1; batch=B; place=621027; amount=500; purpose=housing");
    refused_with(&p, "allocation", "code=A-2; batch=B; place=621027; amount=1; purpose=housing",
                 (const char *const[]){ "rule R", "industry", "49.9%", "1.00 yuan are missing",
                                        NULL });
    put(&p, "allocation", "code=A-2; batch=B; place=621027; amount=1"); /* not said for what */
    assert_false(try_change(&p, "allocation",
                            "code=A-2; batch=B; place=621027; amount=1; purpose=road", &e));
    assert_false(try_change(&p, "allocation",
                            "code=A-2; batch=B; place=621027; amount=1; purpose=water", &e));
    change(&p, "allocation", "code=A-2; batch=B; place=621027; amount=500; purpose=industry");
    refused_with(&p, "allocation", "code=A-3; batch=B; place=621027; amount=0.01",
                 (const char *const[]){ "batch B", "1000.01", NULL });
    refused_with(&p, "allocation",
                 "code=A-3; batch=B; place=621027; amount=0; valid_from=2020-03-02",
                 (const char *const[]){ "2020-03-02", "day of its batch", NULL });
    programme_close(&p);
}
STORE_TEST(a_floor_is_refused_when_it_cannot_be_kept)

static void rules_hold_on_their_days(enum engine engine)
{
    struct programme p;
    open_money(&p, engine);
    put(&p, "earmark_rule", "code=R; title=old; kind=floor; share=50; "
        "holds=purpose = industry; valid_from=2016; valid_to=2019");
    put(&p, "earmark_rule", "code=S; title=none; kind=forbid; "
        "holds=purpose in {office_building, bonus}; valid_from=2020-06-01");
    put(&p, "allocation", "code=A-1; batch=B; place=621027; amount=1000; purpose=bonus");
    refused_with(&p, "allocation",
                 "code=A-2; place=621027; amount=5; purpose=bonus; valid_from=2020-06-01",
                 (const char *const[]){ "rule S", "forbidden", "A-2", NULL });
    refused_with(&p, "earmark_rule", "code=T; title=t; kind=only; holds=purpose = industri",
                 (const char *const[]){ "rule T, holds", "line 1, column 11", NULL });
    refused_with(&p, "earmark_rule", "code=T; title=t; kind=floor; holds=purpose = industry",
                 (const char *const[]){ "share", NULL });
    programme_close(&p);
}
STORE_TEST(rules_hold_on_their_days)

static void only_what_is_in_the_library_gets_money(enum engine engine)
{
    struct programme p;
    open_money(&p, engine);
    put(&p, "earmark_rule", "code=L; title=library; kind=only; holds=in_library; valid_from=2016");
    put(&p, "project", "code=P; kind=road; place=621027");
    put(&p, "project", "code=Q; kind=road; place=621027; basis=restated");
    refused_with(&p, "allocation", "code=A; batch=B; place=621027; amount=5; project=P",
                 (const char *const[]){ "rule L", NULL });
    put(&p, "allocation", "code=A; batch=B; place=621027; amount=5; project=Q"); /* not known */
    put(&p, "project_stage", "code=P-1; project=P; place=621027; stage=entered; "
        "valid_from=2020-03-02");
    refused_with(&p, "allocation", "code=C; batch=B; place=621027; amount=5; project=P",
                 (const char *const[]){ "rule L", NULL });
    put(&p, "project_stage", "code=P-0; project=P; place=621027; stage=entered; "
        "valid_from=2020-02-20");
    put(&p, "allocation", "code=C; batch=B; place=621027; amount=5; project=P");
    programme_close(&p);
}
STORE_TEST(only_what_is_in_the_library_gets_money)

/* Random lines to random places of which random ones have the class at times: each is taken or
 * refused as the oracle says, which knows only sums. */
struct classed { int64_t place; int32_t from, to; };

static const int64_t places[] = { 620000, 621000, 621027, 621028, 621026, 621027101, 621027101208,
                                  621028100 };

static int64_t code_of(int64_t short_code)
{
    while (short_code < 100000000000) short_code *= 10;
    return short_code;
}

static bool within(int64_t place, int64_t whole)
{
    static const int64_t spans[] = { 10000000000, 100000000, 1000000, 1000, 1 };
    int i = 0;
    while (whole % spans[i] != 0) i++;
    return place / spans[i] == whole / spans[i];
}

static enum rule_tri oracle_class(const struct classed *c, int n, int64_t place, int32_t on)
{
    bool any = false, inside = false;
    for (int i = 0; i < n; i++) {
        if (on < c[i].from || on > c[i].to) continue;
        if (within(place, c[i].place)) return RULE_TRUE;
        any = true;
        if (within(c[i].place, place)) inside = true;
    }
    return any && !inside ? RULE_FALSE : RULE_UNKNOWN;
}

static void random_batches_keep_their_share(enum engine engine)
{
    struct programme p;
    struct random r;
    struct classed c[6];
    char text[300], from[DATE_TEXT], to[DATE_TEXT];
    programme_open(&p, engine);
    random_seed(&r, 58);
    put(&p, "earmark_rule", "code=D; title=deep; kind=floor; share=58; holds=class has deep; "
        "valid_from=2010");
    int n = 0;
    for (int i = 0; i < 4; i++) {
        int64_t place = places[2 + random_below(&r, 5)];
        int32_t first = DAY + (int32_t)random_below(&r, 60);
        int32_t last = first + (int32_t)random_below(&r, 90);
        bool twice = false;
        for (int k = 0; k < n; k++) twice |= c[k].place == code_of(place);
        if (twice) continue;
        date_format(first, from);
        date_format(last, to);
        snprintf(text, sizeof text, "place=%lld; class=deep; valid_from=%s; valid_to=%s",
                 (long long)place, from, to);
        put(&p, "place_class", text);
        c[n++] = (struct classed){ code_of(place), first, last };
    }
    for (int batch = 0; batch < 14; batch++) {
        int32_t on = DAY + (int32_t)random_below(&r, 120);
        int64_t left = 100000, sum[3] = { 0 };
        date_format(on, from);
        snprintf(text, sizeof text, "code=B%d; place=620000; amount=1000; valid_from=%s", batch, from);
        put(&p, "batch", text);
        for (int i = 0; i < 8; i++) {
            int64_t place = places[random_below(&r, 8)];
            int64_t amount = random_between(&r, 0, left < 40000 ? left : 40000);
            enum rule_tri truth = oracle_class(c, n, code_of(place), on);
            int64_t open = left - amount + sum[RULE_UNKNOWN] + (truth == RULE_UNKNOWN ? amount : 0);
            int64_t counted = sum[RULE_TRUE] + (truth == RULE_TRUE ? amount : 0);
            struct err e;
            snprintf(text, sizeof text, "code=B%d-%d; batch=B%d; place=%lld; amount=%lld.%02lld",
                     batch, i, batch, (long long)place, (long long)(amount / 100),
                     (long long)(amount % 100));
            bool taken = try_put(&p, "allocation", text, &e);
            if (taken != (counted + open >= 58000))
                fail_msg("%s: %s, counted %lld, open %lld", text, taken ? "taken" : e.message,
                         (long long)counted, (long long)open);
            if (!taken) continue;
            sum[truth] += amount;
            left -= amount;
        }
    }
    programme_close(&p);
}
STORE_TEST(random_batches_keep_their_share)

/* --- at posting --- */

enum { GIVER, PROVINCE, INDUSTRY, HOUSING, FREE, ACCOUNTS };
static const char *const account_rows[ACCOUNTS] = {
    "code=G; title=g; place=120000; holder_kind=outside; restricted=no",
    "code=P; title=p; place=650000; holder_kind=place",
    "code=I; title=i; place=653224; holder_kind=place; earmark=industry",
    "code=H; title=h; place=653225; holder_kind=place; earmark=housing",
    "code=F; title=f; place=653224; holder_kind=organisation",
};

struct order { struct posting post; struct posting_leg leg; struct ledger_act act; bool back; };

static bool run_order(struct tx *tx, void *arg, struct err *e)
{
    struct order *o = arg;
    o->post.legs = &o->leg;
    return o->back ? ledger_return(tx, &o->act, false, NULL, NULL, e)
                   : ledger_post(tx, &o->post, e);
}

struct moved { int from, to; int64_t amount, county, id; bool gone; };

/* What the accounts hold of the batch, as if nothing but sums were known. */
static bool can_keep(const struct moved *m, int n, int64_t total)
{
    int64_t held[ACCOUNTS] = { 0 }, seen = 0, against = 0;
    for (int i = 0; i < n; i++) {
        if (m[i].gone) continue;
        held[m[i].from] -= m[i].amount;
        held[m[i].to] += m[i].amount;
    }
    for (int i = 0; i < ACCOUNTS; i++)
        if (held[i] > 0) seen += held[i];
    if (held[HOUSING] > 0) against = held[HOUSING];
    if (total < seen) total = seen;
    return (total - against) * 2 >= total;
}

/* Random transfers of a batch, within and across counties, and returns: one is taken when half of the
 * batch can still go to industry. */
static void random_postings_keep_their_share(enum engine engine)
{
    struct programme p;
    struct random r;
    struct err e = { 0 };
    struct account_ref at[ACCOUNTS];
    struct moved m[400];
    struct arena a = { 0 };
    int n = 0, refused = 0, back = 0;
    struct ledger_cause cause = { .entity = NUMBER_BATCH };
    open_money(&p, engine);
    random_seed(&r, 131);
    put(&p, "earmark_rule", "code=R; title=half; kind=floor; share=50; "
        "holds=purpose = industry; valid_from=2020");
    for (int i = 0; i < ACCOUNTS; i++) {
        char code[2] = { account_rows[i][5], 0 };
        put(&p, "ledger_account", account_rows[i]);
        assert_ok(ledger_account_find(p.db, code, 1, &at[i], &e), e);
    }
    assert_ok(ref_find(p.model, model_find(p.model, "batch"), "B", 1, -1, p.db, &a, &cause.county,
                       &cause.id, &e), e);
    for (int i = 0; i < 250; i++) {
        struct order o = { .post = { .day = DAY + 60, .n = 1, .cause = cause } };
        int from = i % 4 == 0 && i < 60 ? GIVER : PROVINCE, to = PROVINCE;
        if (from == PROVINCE) to = random_below(&r, 4) ? HOUSING : INDUSTRY + (int)random_below(&r, 3);
        int64_t amount = random_between(&r, 1, from == GIVER ? 20000 : 6000);
        o.back = n > 0 && random_below(&r, 5) == 0;
        struct moved *old = n ? &m[random_below(&r, (uint64_t)n)] : NULL;
        if (o.back && old->gone) continue;
        if (o.back) o.act = (struct ledger_act){ .county = old->county, .id = old->id, .day = DAY + 61 };
        else o.leg = (struct posting_leg){ .debit = at[from], .credit = at[to], .amount = amount };
        bool taken = store_write(p.store.store, run_order, &o, &e);
        if (!taken && strcmp(e.field, "earmark") != 0) continue; /* overdrawn, passed on */
        if (o.back) old->gone = true;
        else m[n++] = (struct moved){ from, to, amount, at[from].county, o.post.id, false };
        bool can = can_keep(m, n, 100000);
        if (taken != can) fail_msg("step %d: %s", i, taken ? "taken" : e.message);
        if (taken) {
            back += o.back;
            continue;
        }
        refused++;
        if (o.back) old->gone = false;
        else n--;
    }
    if (refused < 4 || back < 4 || n < 20) fail_msg("%d refused, %d back, %d", refused, back, n);
    arena_free(&a);
    programme_close(&p);
}
STORE_TEST(random_postings_keep_their_share)

static void a_leg_may_be_forbidden(enum engine engine)
{
    struct programme p;
    struct err e = { 0 };
    struct account_ref g, d;
    open_money(&p, engine);
    put(&p, "earmark_rule", "code=N; title=no debts; kind=forbid; holds=purpose = debt; "
        "valid_from=2020-02-01");
    put(&p, "ledger_account", account_rows[GIVER]);
    put(&p, "ledger_account", "code=D; title=d; place=653224; holder_kind=place; earmark=debt");
    assert_ok(ledger_account_find(p.db, "G", 1, &g, &e), e);
    assert_ok(ledger_account_find(p.db, "D", 1, &d, &e), e);
    struct order o = { .post = { .day = DAY, .n = 1 },
                       .leg = { .debit = g, .credit = d, .amount = 100 } };
    assert_ok(store_write(p.store.store, run_order, &o, &e), e); /* before the rule's first day */
    o.post.id = 0;
    o.post.day = DAY + 60;
    assert_false(store_write(p.store.store, run_order, &o, &e));
    assert_non_null(strstr(e.message, "rule N (no debts"));
    programme_close(&p);
}
STORE_TEST(a_leg_may_be_forbidden)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_are_those_of_the_painter),
        cmocka_unit_test(parts_are_never_more_than_the_whole),
        STORE_TESTS(a_floor_is_refused_when_it_cannot_be_kept),
        STORE_TESTS(rules_hold_on_their_days),
        STORE_TESTS(only_what_is_in_the_library_gets_money),
        STORE_TESTS(random_batches_keep_their_share),
        STORE_TESTS(random_postings_keep_their_share),
        STORE_TESTS(a_leg_may_be_forbidden),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
