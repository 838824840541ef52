/* Figures over the ledger: random programmes of transfers, promises, voids and returns, within and
 * across counties, on random days; every figure at random places and days against a plain list of
 * what was done, money in hand and its age against the ledger's own lots, cells against their
 * recomputation. And what the two sides say of a leg. */
#include "rows.h"

#include "base/date.h"
#include "base/random.h"
#include "programme/money/flow.h"
#include "programme/money/idle.h"
#include "programme/sides/sides.h"

enum { ACCOUNTS = 12, OPS = 400 };

static const struct account { const char *code, *kind; int64_t place; } accounts[ACCOUNTS] = {
    { "OUT-1", "outside", 120000000000 }, { "OUT-2", "outside", 653224000000 },
    { "PROV", "place", 650000000000 },    { "POT-A", "place", 653224000000 },
    { "POT-B", "place", 653225000000 },   { "ORG-A", "organisation", 653224103000 },
    { "PRJ-A", "project", 653224103222 }, { "PRJ-B", "project", 653225100000 },
    { "HH-A", "household", 653224103222 },{ "HH-B", "household", 653225100201 },
    { "PAY-A", "payee", 653224000000 },   { "PAY-B", "payee", 653225000000 },
};

/* One thing done: amount from one account to another, posted on a day, ended on another. */
enum fate { MOVED, PROMISED, ARRIVED, VOIDED, TAKEN_BACK };
struct done { int from, to, leg; int64_t amount, county, id; int32_t day, arrived, ended; enum fate fate; };

struct world {
    struct programme p;
    struct account_ref at[ACCOUNTS];
    struct done done[OPS * 2]; int n;
    struct random r;
    int32_t first;
};

struct order { struct posting post; struct posting_leg legs[2]; struct ledger_act act; int what; };

static bool run(struct tx *tx, void *arg, struct err *e)
{
    struct order *c = arg;
    c->post.legs = c->legs;
    switch (c->what) {
    case 0: return ledger_post(tx, &c->post, e);
    case 1: return ledger_fulfil(tx, &c->act, e);
    case 2: return ledger_void(tx, &c->act, e);
    default: return ledger_return(tx, &c->act, false, NULL, NULL, e);
    }
}

static int32_t any_day(struct world *w) { return w->first + (int32_t)random_below(&w->r, 1100); }

static void do_post(struct world *w)
{
    struct order c = { .what = 0 };
    struct err e = { 0 };
    c.post.pending = random_below(&w->r, 3) == 0;
    c.post.day = any_day(w);
    c.post.n = 1 + (int)random_below(&w->r, 2);
    int from = (int)random_below(&w->r, 8), to[2];
    for (int i = 0; i < c.post.n; i++) {
        do to[i] = (int)random_below(&w->r, ACCOUNTS);
        while (to[i] == from);
        c.legs[i] = (struct posting_leg){ .debit = w->at[from], .credit = w->at[to[i]],
                                          .amount = random_between(&w->r, 1, from < 2 ? 1000000 : 90000) };
    }
    if (!store_write(w->p.store.store, run, &c, &e)) {
        assert_string_equal(e.field, "overdraw");
        return;
    }
    for (int i = 0; i < c.post.n; i++)
        w->done[w->n++] = (struct done){ .from = from, .to = to[i], .leg = i,
            .amount = c.legs[i].amount, .county = w->at[from].county, .id = c.post.id,
            .day = c.post.day, .fate = c.post.pending ? PROMISED : MOVED };
}

/* What happens to all legs of an earlier transfer. */
static void do_act(struct world *w)
{
    if (!w->n) return;
    struct done *d = &w->done[random_below(&w->r, (uint64_t)w->n)];
    struct order c = { .act = { .county = d->county, .id = d->id, .day = any_day(w) } };
    struct err e = { 0 };
    enum fate becomes;
    if (d->fate == PROMISED) {
        c.what = random_below(&w->r, 3) ? 1 : 2;
        becomes = c.what == 1 ? ARRIVED : VOIDED;
    } else if (d->fate == MOVED) {
        c.what = 3;
        becomes = TAKEN_BACK;
    } else {
        return;
    }
    if (!store_write(w->p.store.store, run, &c, &e)) {
        if (strcmp(e.field, "passed_on") && strcmp(e.field, "promised") && strcmp(e.field, "overdraw"))
            fail_msg("%s", e.message);
        return;
    }
    int64_t id = d->id;
    for (int i = 0; i < w->n; i++) {
        if (w->done[i].id != id) continue;
        w->done[i].fate = becomes;
        if (becomes == ARRIVED) w->done[i].arrived = c.act.day;
        else w->done[i].ended = c.act.day;
    }
}

static bool in_kinds(int account, const char *kinds)
{
    return strstr(kinds, accounts[account].kind) != NULL;
}

#define TAKERS "place organisation project household payee"
#define POTS "place organisation project"

static bool counts_received(const struct done *d)
{
    return in_kinds(d->from, "outside") && in_kinds(d->to, TAKERS);
}

static bool counts_down(const struct done *d)
{
    return place_level(accounts[d->to].place) >= 3 && in_kinds(d->to, TAKERS) &&
           (in_kinds(d->from, "outside") || place_level(accounts[d->from].place) < 3);
}

static bool counts_paid(const struct done *d)
{
    return in_kinds(d->from, POTS) && in_kinds(d->to, "household payee outside");
}

static bool inside(int account, int64_t place)
{
    struct place_range r = place_own_range(place);
    return !place || (accounts[account].place >= r.lo && accounts[account].place <= r.hi);
}

static int64_t oracle_moved(const struct world *w, bool (*counts)(const struct done *), int64_t place,
                            int32_t from, int32_t to)
{
    int64_t sum = 0;
    for (int i = 0; i < w->n; i++) {
        const struct done *d = &w->done[i];
        int32_t day = d->fate == ARRIVED ? d->arrived : d->day;
        if (d->fate == PROMISED || d->fate == VOIDED || !counts(d) || !inside(d->to, place)) continue;
        if (day >= from && day <= to) sum += d->amount;
        if (d->fate == TAKEN_BACK && d->ended >= from && d->ended <= to) sum -= d->amount;
    }
    return sum;
}

static int64_t oracle_promised(const struct world *w, int64_t place, int32_t on)
{
    int64_t sum = 0;
    for (int i = 0; i < w->n; i++) {
        const struct done *d = &w->done[i];
        bool promise = d->fate == PROMISED || d->fate == ARRIVED || d->fate == VOIDED;
        int32_t end = d->fate == ARRIVED ? d->arrived : d->ended;
        if (!promise || !inside(d->to, place)) continue;
        if (d->day <= on) sum += d->amount;
        if (d->fate != PROMISED && end <= on) sum -= d->amount;
    }
    return sum;
}

static int64_t read_figure(struct world *w, const char *name, int64_t place, int32_t from, int32_t to)
{
    struct figure_query q = { .name = name, .place = place, .from = from, .to = to };
    struct figure_value v;
    struct err e = { 0 };
    assert_ok(figure_read(&w->p.context, w->p.db, &scope_all, &q, &v, &e), e);
    return v.known ? v.value : 0;
}

static void open_world(struct world *w, enum engine engine, uint64_t seed)
{
    char text[300];
    memset(w, 0, sizeof *w);
    programme_open(&w->p, engine);
    random_seed(&w->r, seed);
    w->first = date_make(2018, 1, 1);
    for (int i = 0; i < ACCOUNTS; i++) {
        snprintf(text, sizeof text, "code=%s; title=%s; place=%lld; holder_kind=%s; restricted=%s",
                 accounts[i].code, accounts[i].code, (long long)accounts[i].place, accounts[i].kind,
                 strcmp(accounts[i].kind, "outside") ? "yes" : "no");
        put(&w->p, "ledger_account", text);
        struct err e = { 0 };
        assert_ok(ledger_account_find(w->p.db, accounts[i].code, strlen(accounts[i].code), &w->at[i],
                                      &e), e);
    }
}

static void fail_fault(void *arg, const char *sentence)
{
    (void)arg;
    fail_msg("%s", sentence);
}

struct sums { struct idle all; const struct account_balances *of; int32_t on; };

static bool add_up(void *arg, struct account_ref at, const struct idle_pieces *p, struct err *e)
{
    struct sums *s = arg;
    (void)e;
    for (size_t i = 0; i < s->of->n; i++) {
        if (s->of->at[i].at.id != at.id || !strstr(POTS, s->of->at[i].kind)) continue;
        struct idle x = idle_of(p, s->on);
        s->all.all += x.all;
        s->all.year1 += x.year1;
        s->all.year2 += x.year2;
        s->all.older += x.older;
    }
    return true;
}

/* The pieces as they are now and as of a day, and the figures, tell the same. */
static void compare_ages(struct world *w, int32_t on)
{
    struct account_balances all = { 0 };
    struct idle_pieces now = { 0 };
    struct sums then = { .of = &all, .on = on };
    struct pieces_query q = { .mo = w->p.model, .hi = 999999, .on = on };
    struct arena a = { 0 };
    struct err e = { 0 };
    int64_t hand = 0, over1 = 0, over2 = 0;
    assert_ok(account_balances(w->p.db, 0, 999999, &a, &all, &e), e);
    for (size_t i = 0; i < all.n; i++) {
        if (!strstr(POTS, all.at[i].kind)) continue;
        assert_ok(account_pieces(w->p.db, &all.at[i], &now, &e), e);
        struct idle x = idle_of(&now, on);
        assert_int_equal(x.all, all.at[i].b.balance);
        hand += x.all;
        over1 += x.year2 + x.older;
        over2 += x.older;
    }
    assert_ok(pieces_on(w->p.db, &q, add_up, &then, &e), e);
    free(all.at);
    free(now.at);
    arena_free(&a);
    assert_int_equal(then.all.all, hand);
    assert_int_equal(then.all.year2 + then.all.older, over1);
    assert_int_equal(then.all.older, over2);
    assert_int_equal(read_figure(w, "money_in_hand", 0, DATE_MIN, on), hand);
    assert_int_equal(read_figure(w, "money_over_1_year", 0, DATE_MIN, on), over1);
    assert_int_equal(read_figure(w, "money_over_2_years", 0, DATE_MIN, on), over2);
}

static void compare(struct world *w)
{
    static const int64_t places[] = { 0, 650000000000, 653224000000, 653225000000, 653224103000,
                                      653224103222, 120000000000 };
    struct faults faults = { fail_fault, NULL, 0 };
    struct err e = { 0 };
    for (int i = 0; i < 60; i++) {
        int64_t place = places[random_below(&w->r, 7)];
        int32_t from = any_day(w), to = from + (int32_t)random_below(&w->r, 400);
        assert_int_equal(read_figure(w, "money_received", place, from, to),
                         oracle_moved(w, counts_received, place, from, to));
        assert_int_equal(read_figure(w, "money_handed_down", place, from, to),
                         oracle_moved(w, counts_down, place, from, to));
        assert_int_equal(read_figure(w, "money_paid", place, from, to),
                         oracle_moved(w, counts_paid, place, from, to));
        assert_int_equal(read_figure(w, "money_promised", place, DATE_MIN, to),
                         oracle_promised(w, place, to));
    }
    compare_ages(w, w->first + 1100);
    compare_ages(w, w->first + 1300);
    compare_ages(w, w->first + 2000);
    assert_ok(figures_verify(&w->p.context, w->p.db, &faults, &e), e);
    assert_int_equal(faults.n, 0);
}

static void figures_follow_the_ledger(enum engine engine)
{
    struct world w;
    open_world(&w, engine, 119);
    for (int i = 0; i < OPS; i++) {
        if (random_below(&w.r, 4)) do_post(&w);
        else do_act(&w);
        if (i % 100 == 99) compare(&w);
    }
    int fates[5] = { 0 };
    for (int i = 0; i < w.n; i++) fates[w.done[i].fate]++;
    for (int i = 0; i < 5; i++) assert_true(fates[i] > 5); /* everything was tried */
    programme_close(&w.p);
}
STORE_TEST(figures_follow_the_ledger)

/* --- what makes an account stays; rows of the view are not written --- */

static void an_account_that_was_used_stays(enum engine engine)
{
    struct world w;
    struct err e;
    open_world(&w, engine, 1);
    change(&w.p, "ledger_account", "code=POT-A; title=x; place=653224103000; holder_kind=place");
    struct order c = { .what = 0, .post = { .day = w.first, .n = 1 },
                         .legs = { { .debit = w.at[1], .credit = w.at[3], .amount = 100 } } };
    assert_ok(store_write(w.p.store.store, run, &c, &e), e);
    assert_false(try_change(&w.p, "ledger_account",
                            "code=POT-A; title=x; place=653224103000; holder_kind=organisation", &e));
    assert_non_null(strstr(e.message, "money was in account POT-A"));
    change(&w.p, "ledger_account", "code=POT-A; title=y; place=653224103000; holder_kind=place");
    assert_false(try_put(&w.p, "transfer", "leg=1:1; place=653224", &e));
    assert_int_equal(e.code, ERR_FORBIDDEN);
    programme_close(&w.p);
}
STORE_TEST(an_account_that_was_used_stays)

/* --- both sides --- */

struct saying { struct programme *p; struct confirm_request q; };

static bool say(struct tx *tx, void *arg, struct err *e)
{
    struct saying *s = arg;
    struct arena a = { 0 };
    struct confirm_done done;
    bool ok = confirm(tx, s->p->model, &s->q, &a, &done, e);
    arena_free(&a);
    return ok;
}

static void standing_is(struct world *w, int64_t confirmed, int64_t one_sided, int64_t disputed)
{
    struct figure_query q = { .name = "money_received", .from = DATE_MIN, .to = DATE_MAX };
    struct figure_value v;
    struct err e = { 0 };
    struct faults faults = { fail_fault, NULL, 0 };
    assert_ok(figure_read(&w->p.context, w->p.db, &scope_all, &q, &v, &e), e);
    assert_int_equal(v.confirmed, confirmed);
    assert_int_equal(v.one_sided, one_sided);
    assert_int_equal(v.disputed, disputed);
    assert_ok(figures_verify(&w->p.context, w->p.db, &faults, &e), e);
}

static void the_receiver_has_a_word(enum engine engine)
{
    struct world w;
    struct err e = { 0 };
    char leg[60];
    int64_t org = 0;
    open_world(&w, engine, 1);
    put(&w.p, "organisation", "code=GIVER; name=giver; kind=government");
    put(&w.p, "organisation", "code=TAKER; name=taker; kind=department");
    put(&w.p, "ledger_account", "code=G; title=g; place=120000; holder_kind=outside; "
        "organisation=GIVER; restricted=no");
    put(&w.p, "ledger_account", "code=T; title=t; place=653224; holder_kind=organisation; "
        "organisation=TAKER");
    struct account_ref g, t;
    assert_ok(ledger_account_find(w.p.db, "G", 1, &g, &e), e);
    assert_ok(ledger_account_find(w.p.db, "T", 1, &t, &e), e);
    struct order c = { .what = 0, .post = { .day = w.first, .n = 1 },
                         .legs = { { .debit = g, .credit = t, .amount = 100 } } };
    assert_ok(store_write(w.p.store.store, run, &c, &e), e);
    struct arena a = { 0 };
    int64_t nation;
    assert_ok(ref_find(w.p.model, model_find(w.p.model, "organisation"), "TAKER", 5, 0, w.p.db, &a,
                       &nation, &org, &e), e);
    arena_free(&a);
    standing_is(&w, 0, 100, 0);
    snprintf(leg, sizeof leg, "653224:1");
    static const struct { enum says says; int64_t confirmed, one_sided, disputed; } words[] = {
        { SAYS_CONFIRMED, 100, 0, 0 }, { SAYS_DISPUTED, 0, 0, 100 }, { SAYS_CONFIRMED, 100, 0, 0 } };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct saying s = { &w.p, { .entity = "transfer", .record = leg, .organisation = org,
            .says = words[i].says, .reason = words[i].says == SAYS_DISPUTED ? "not seen" : NULL,
            .on = w.first + 3 } };
        assert_ok(store_write(w.p.store.store, say, &s, &e), e);
        standing_is(&w, words[i].confirmed, words[i].one_sided, words[i].disputed);
    }
    programme_close(&w.p);
}
STORE_TEST(the_receiver_has_a_word)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(figures_follow_the_ledger),
        STORE_TESTS(an_account_that_was_used_stays),
        STORE_TESTS(the_receiver_has_a_word),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
