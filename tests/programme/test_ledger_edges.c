/* The ledger at its edges: more accounts, lots, pieces and counties than are read or written at once, pieces
 * of lots that lie apart, and what is told when the database fails or a row of it is harmed meanwhile. */
#include "programme/books.h"
#include "programme/money/returns.h"
#include "programme/money/trace.h"
#include "store/tamper.h"
#include "support/failing.h"

enum { LOTS = 700, HOMES = 70, COUNTIES = 12 };

struct edges { struct books b; struct account_ref giver, pot, home, far; };

static void edges_open(struct edges *x, enum engine engine)
{
    books_open(&x->b, engine);
    x->giver = books_account(&x->b, "E-GIVER", COUNTY_A, "outside", NULL);
    x->pot = books_account(&x->b, "E-POT", COUNTY_A, "place", NULL);
    x->home = books_account(&x->b, "E-HOME", COUNTY_A, "household", NULL);
    x->far = books_account(&x->b, "E-FAR", COUNTY_B, "place", NULL);
}

static void edges_close(struct edges *x)
{
    struct err e = { 0 };
    struct faults faults = { 0 };
    assert_ok(ledger_verify(x->b.d, &faults, &e), e);
    assert_int_equal(faults.n, 0);
    books_close(&x->b);
}

/* As a process that did not make it finds it. */
static void begin_anew(struct edges *x)
{
    test_store_reopen(&x->b.t, NULL);
    x->b.d = test_db(&x->b.t, DB_READ);
}

struct posts { struct posting p[4]; int n; };

static bool run_posts(struct tx *tx, void *arg, struct err *e)
{
    struct posts *all = arg;
    for (int i = 0; i < all->n; i++)
        if (!ledger_post(tx, &all->p[i], e)) return false;
    return true;
}

static bool post_legs(struct edges *x, const struct posting_leg *legs, int n, struct ledger_cause cause, struct err *e)
{
    struct posts all = { .p = { { .day = x->b.day, .legs = legs, .n = n, .cause = cause } }, .n = 1 };
    return store_write(x->b.t.store, run_posts, &all, e);
}

static const struct ledger_cause no_cause = { 0, 0, 0 };

static void give_lots(struct edges *x, int n)
{
    static struct posting_leg legs[LOTS];
    struct err e = { 0 };
    for (int i = 0; i < n; i++) legs[i] = (struct posting_leg){ .debit = x->giver, .credit = x->pot, .amount = 1 };
    assert_ok(post_legs(x, legs, n, no_cause, &e), e);
}

/* --- a database that fails --- */

typedef bool attempt(struct edges *x, struct err *e);

/* Each of its calls fails once, of all or of one statement alone, and is told; then it does its work. */
static void every_failure(struct edges *x, const struct stmt_table *only, attempt *run)
{
    bool hit = true;
    for (int n = 1; hit; n += x->b.t.engine == ENGINE_POSTGRES && !only ? 17 : 1) {
        struct err e = { 0 };
        failing_among(x->b.t.store, x->b.d, only, n);
        bool ok = run(x, &e);
        hit = failing_end(x->b.t.store, x->b.d);
        if (ok == hit || (hit && e.code != ERR_INTERNAL)) fail_msg("call %d: %s", n, e.message);
    }
}

/* Each row it reads harmed once: it is refused with a word, or done. */
static void every_harm(struct edges *x, attempt *run)
{
    for (enum harm harm = HARM_LOST; harm < HARMS; harm++) {
        bool hit = true;
        for (int n = 1; hit; n += x->b.t.engine == ENGINE_POSTGRES ? 7 : 1) {
            struct err e = { 0 };
            harm_at(x->b.t.store, x->b.d, harm, n);
            bool ok = run(x, &e);
            hit = failing_end(x->b.t.store, x->b.d);
            if (!ok && !*e.message) fail_msg("row %d: refused without a word", n);
        }
    }
}

static bool take_all(struct edges *x, struct err *e)
{
    return books_move(&x->b, x->pot, x->home, LOTS, NULL, e);
}

static bool take_all_by_name(struct edges *x, struct err *e)
{
    static struct lot_name names[LOTS];
    struct posting_leg leg = { .debit = x->pot, .credit = x->home, .amount = LOTS, .lots = names, .n_lots = LOTS };
    for (int i = 0; i < LOTS; i++) names[i] = (struct lot_name){ .seq = i + 1, .amount = 1 };
    return post_legs(x, &leg, 1, no_cause, e);
}

static bool trace_home(struct edges *x, struct err *e)
{
    static const struct trace_sink sink = { NULL, NULL, NULL };
    struct spans to = { 0 };
    bool ok = spans_of_account(x->b.d, x->home, &to, e) && trace_back(x->b.d, to.at, to.n, &sink, e);
    free(to.at);
    return ok;
}

/* One leg of more pieces than one statement writes. */
static void a_leg_of_many_pieces(enum engine engine)
{
    const struct stmt_table uses = { "uses", ledger_sql(LEDGER_USE_ADD), 1 }, skips = { "skips", ledger_sql(LEDGER_SKIP), 1 };
    for (int named = 0; named < 2; named++) {
        struct edges x;
        edges_open(&x, engine);
        give_lots(&x, LOTS);
        begin_anew(&x);
        if (!named) every_failure(&x, &skips, take_all);
        else every_failure(&x, &uses, take_all_by_name);
        assert_int_equal(books_balance(&x.b, x.home), LOTS);
        edges_close(&x);
    }
    struct edges x;
    edges_open(&x, engine);
    give_lots(&x, LOTS);
    every_failure(&x, &uses, take_all);
    edges_close(&x);
}
STORE_TEST(a_leg_of_many_pieces)

static void a_merged_lot_is_traced_through_harm(enum engine engine)
{
    struct edges x;
    struct err e = { 0 };
    edges_open(&x, engine);
    give_lots(&x, 5);
    assert_ok(books_move(&x.b, x.pot, x.home, 5, NULL, &e), e);
    every_harm(&x, trace_home);
    every_failure(&x, NULL, trace_home);
    edges_close(&x);
}
STORE_TEST(a_merged_lot_is_traced_through_harm)

/* --- pieces that lie apart --- */

static bool take_named(struct edges *x, int64_t amount, int64_t *id, struct err *e)
{
    struct lot_name lot = { .seq = 1, .amount = amount };
    struct posting_leg leg = { .debit = x->pot, .credit = x->home, .amount = amount, .lots = &lot, .n_lots = 1 };
    struct posts all = { .p = { { .day = x->b.day, .legs = &leg, .n = 1 } }, .n = 1 };
    bool ok = store_write(x->b.t.store, run_posts, &all, e);
    if (id) *id = all.p[0].id;
    return ok;
}

/* New money, and then of the first lot by its name. */
static bool give_and_take(struct edges *x, struct err *e)
{
    struct lot_name lot = { .seq = 1, .amount = 250 };
    struct posting_leg legs[2] = { { .debit = x->giver, .credit = x->pot, .amount = 10 },
        { .debit = x->pot, .credit = x->home, .amount = 250, .lots = &lot, .n_lots = 1 } };
    struct posts all = { .p = { { .day = x->b.day, .legs = &legs[0], .n = 1 },
                                { .day = x->b.day, .legs = &legs[1], .n = 1 } }, .n = 2 };
    return store_write(x->b.t.store, run_posts, &all, e);
}

struct give_and_return { struct posts give; struct ledger_act act; };

static bool run_give_and_return(struct tx *tx, void *arg, struct err *e)
{
    struct give_and_return *g = arg;
    return run_posts(tx, &g->give, e) && ledger_return(tx, &g->act, false, NULL, NULL, e);
}

static bool give_and_get_back(struct edges *x, int64_t id, struct err *e)
{
    struct posting_leg leg = { .debit = x->giver, .credit = x->pot, .amount = 10 };
    struct give_and_return g = { .give = { .p = { { .day = x->b.day, .legs = &leg, .n = 1 } }, .n = 1 },
                                 .act = { .county = COUNTY_A, .id = id, .day = x->b.day } };
    return store_write(x->b.t.store, run_give_and_return, &g, e);
}

/* Money of one lot, some of it given back in between: four pieces of it are open, more than are kept. */
static void pieces_of_one_lot_lie_apart(enum engine engine)
{
    struct edges x;
    struct err e = { 0 };
    int64_t id[7];
    edges_open(&x, engine);
    assert_ok(books_move(&x.b, x.giver, x.pot, 1000, NULL, &e), e);
    for (int i = 0; i < 7; i++) assert_ok(take_named(&x, 100, &id[i], &e), e);
    for (int i = 1; i < 7; i += 2) assert_ok(books_act(&x.b, BOOKS_RETURN, COUNTY_A, id[i], NULL, &e), e);
    assert_int_equal(books_balance(&x.b, x.pot), 600);
    every_failure(&x, NULL, give_and_take);
    assert_int_equal(books_balance(&x.b, x.pot), 360);
    begin_anew(&x);
    for (int n = 1;; n++) { /* given back behind money that is not read yet */
        failing_at(x.b.t.store, NULL, n);
        bool ok = give_and_get_back(&x, id[0], &e);
        bool hit = failing_end(x.b.t.store, NULL);
        assert_int_equal(ok, !hit);
        if (ok) break;
    }
    assert_int_equal(books_balance(&x.b, x.pot), 470);
    assert_ok(books_move(&x.b, x.pot, x.home, 470, NULL, &e), e);
    assert_int_equal(books_balance(&x.b, x.pot), 0);
    edges_close(&x);
}
STORE_TEST(pieces_of_one_lot_lie_apart)

/* A leg that brought no lot is none by name. */
static void only_lots_are_taken_by_name(enum engine engine)
{
    struct edges x;
    struct err e = { 0 };
    int64_t id;
    edges_open(&x, engine);
    assert_ok(books_move(&x.b, x.giver, x.pot, 1000, NULL, &e), e);
    assert_ok(books_move(&x.b, x.pot, x.home, 100, &id, &e), e);
    assert_ok(books_act(&x.b, BOOKS_RETURN, COUNTY_A, id, NULL, &e), e);
    struct lot_name back = { .seq = 3, .amount = 50 };
    struct posting_leg leg = { .debit = x.pot, .credit = x.home, .amount = 50, .lots = &back, .n_lots = 1 };
    assert_err(post_legs(&x, &leg, 1, no_cause, &e), e, ERR_INVALID);
    assert_string_equal(e.field, "lot");
    edges_close(&x);
}
STORE_TEST(only_lots_are_taken_by_name)

/* --- traces --- */

struct stopping { int left; int64_t amount; };

static bool stop(struct stopping *s, struct err *e)
{
    return s->left-- > 0 || err_set(e, ERR_CONFLICT, "enough");
}

static bool stop_edge(void *arg, const struct trace_edge *x, struct err *e) { (void)x; return stop(arg, e); }

static bool stop_end(void *arg, const struct trace_end *x, struct err *e)
{
    ((struct stopping *)arg)->amount += x->amount;
    return stop(arg, e);
}

/* Whoever is told may stop it at each edge and each end. */
static void trace_and_stop(struct db *d, bool back, const struct spans *from, int64_t amount)
{
    for (int at = 0;; at++) {
        struct stopping s = { .left = at };
        struct trace_sink sink = { stop_edge, stop_end, &s };
        struct err e = { 0 };
        if ((back ? trace_back : trace_forward)(d, from->at, from->n, &sink, &e)) {
            assert_int_equal(s.amount, amount);
            assert_true(at > 2);
            return;
        }
        assert_int_equal(e.code, ERR_CONFLICT);
    }
}

static bool keep_received(void *arg, const struct received *x, struct err *e)
{
    (void)x;
    return stop(arg, e);
}

/* From one pot to more households than one statement asks for, and on; and what a holder of too many is told. */
static void money_spreads_and_is_followed(enum engine engine)
{
    static struct posting_leg legs[2 * HOMES];
    struct edges x;
    struct err e = { 0 };
    struct spans from = { 0 }, to = { 0 };
    char code[16];
    edges_open(&x, engine);
    assert_ok(books_move(&x.b, x.giver, x.pot, 1000, NULL, &e), e);
    for (int i = 0; i < HOMES; i++) {
        snprintf(code, sizeof code, "E-H%02d", i);
        legs[i] = (struct posting_leg){ .debit = x.pot, .credit = books_account(&x.b, code, COUNTY_A, "household", NULL),
                                        .amount = 10 };
        legs[HOMES + i] = (struct posting_leg){ .debit = legs[i].credit, .credit = x.far, .amount = 4 };
    }
    assert_ok(post_legs(&x, legs, HOMES, no_cause, &e), e);
    assert_ok(post_legs(&x, legs + HOMES, HOMES, no_cause, &e), e);
    assert_ok(spans_of_lot(x.b.d, COUNTY_A, 1, &from, &e), e);
    trace_and_stop(x.b.d, false, &from, 1000);
    assert_ok(spans_of_account(x.b.d, x.far, &to, &e), e);
    assert_int_equal(to.n, HOMES);
    trace_and_stop(x.b.d, true, &to, 4 * HOMES);
    edges_close(&x);
    free(from.at);
    free(to.at);
}
STORE_TEST(money_spreads_and_is_followed)

/* One household that holds so many accounts, and what it received. */
static void a_holder_of_accounts(enum engine engine)
{
    struct edges x;
    struct err e = { 0 };
    struct spans held = { 0 };
    struct stopping s = { .left = 100 };
    int64_t id, other;
    char code[16];
    edges_open(&x, engine);
    assert_ok(books_move(&x.b, x.giver, x.home, 10, &id, &e), e);
    assert_ok(books_move(&x.b, x.giver, x.home, 20, NULL, &e), e);
    assert_ok(books_move(&x.b, x.home, x.pot, 15, &other, &e), e);
    assert_ok(books_act(&x.b, BOOKS_RETURN, COUNTY_A, other, NULL, &e), e);
    tamper(&x.b.t, "update ledger_account set household_county = 653224, household = 5 where code like 'E-H%'");
    assert_ok(spans_of_holder(x.b.d, TRACE_HOUSEHOLD, COUNTY_A, 5, &held, &e), e);
    assert_int_equal(held.n, 2);
    assert_ok(ledger_received(x.b.d, TRACE_HOUSEHOLD, COUNTY_A, 5, 10, keep_received, &s, &e), e);
    assert_int_equal(s.left, 98);
    assert_ok(ledger_received(x.b.d, TRACE_HOUSEHOLD, COUNTY_A, 5, 1, keep_received, &s, &e), e);
    assert_int_equal(s.left, 97);
    s.left = 1;
    assert_err(ledger_received(x.b.d, TRACE_HOUSEHOLD, COUNTY_A, 5, 10, keep_received, &s, &e), e, ERR_CONFLICT);
    assert_ok(books_act(&x.b, BOOKS_RETURN, COUNTY_A, id, NULL, &e), e);
    s.left = 100;
    assert_ok(ledger_received(x.b.d, TRACE_HOUSEHOLD, COUNTY_A, 5, 10, keep_received, &s, &e), e);
    assert_int_equal(s.left, 99);
    held.n = 0;
    assert_ok(spans_of_holder(x.b.d, TRACE_HOUSEHOLD, COUNTY_A, 5, &held, &e), e);
    assert_int_equal(held.n, 1);
    for (int i = 0; i < 64; i++) {
        snprintf(code, sizeof code, "E-H%02d", i);
        books_account(&x.b, code, COUNTY_A, "household", NULL);
    }
    tamper(&x.b.t, "update ledger_account set household_county = 653224, household = 5 where code like 'E-H%'");
    assert_err(spans_of_holder(x.b.d, TRACE_HOUSEHOLD, COUNTY_A, 5, &held, &e), e, ERR_FULL);
    edges_close(&x);
    free(held.at);
}
STORE_TEST(a_holder_of_accounts)

/* Of one record: what began before its account was filled under the same name, what was kept of a promise, and not
 * what was taken back. */
static void what_a_record_began(enum engine engine)
{
    static const struct ledger_cause batch = { 9, COUNTY_A, 7 };
    struct edges x;
    struct err e = { 0 };
    struct spans began = { 0 };
    edges_open(&x, engine);
    assert_ok(books_move(&x.b, x.giver, x.pot, 500, NULL, &e), e);
    struct posting_leg on = { .debit = x.pot, .credit = x.home, .amount = 100 }, in = { .debit = x.giver, .credit = x.pot, .amount = 30 };
    assert_ok(post_legs(&x, &on, 1, batch, &e), e);
    assert_ok(post_legs(&x, &in, 1, batch, &e), e);
    assert_ok(post_legs(&x, &on, 1, batch, &e), e); /* handed on */
    struct posts hold = { .p = { { .day = x.b.day, .legs = &in, .n = 1, .cause = batch, .pending = true } }, .n = 1 };
    assert_ok(store_write(x.b.t.store, run_posts, &hold, &e), e);
    int64_t kept = 0;
    assert_ok(books_act(&x.b, BOOKS_FULFIL, COUNTY_A, hold.p[0].id, &kept, &e), e);
    assert_ok(spans_of_transfer(x.b.d, COUNTY_A, kept, &began, &e), e);
    assert_int_equal(began.n, 1);
    assert_ok(books_act(&x.b, BOOKS_RETURN, COUNTY_A, kept, NULL, &e), e);
    began.n = 0;
    assert_ok(spans_of_transfer(x.b.d, COUNTY_A, kept, &began, &e), e);
    assert_int_equal(began.n, 0);
    assert_ok(spans_of_cause(x.b.d, batch, &began, &e), e);
    assert_int_equal(began.n, 2);
    struct posts gone = { .p = { { .day = x.b.day, .legs = &in, .n = 1, .cause = batch } }, .n = 1 };
    assert_ok(store_write(x.b.t.store, run_posts, &gone, &e), e);
    assert_ok(books_act(&x.b, BOOKS_RETURN, COUNTY_A, gone.p[0].id, NULL, &e), e);
    began.n = 0;
    assert_ok(spans_of_cause(x.b.d, batch, &began, &e), e);
    assert_int_equal(began.n, 2);
    edges_close(&x);
    free(began.at);
}
STORE_TEST(what_a_record_began)

/* --- what was harmed --- */

struct told { char text[3000]; };

static void keep_sentence(void *arg, const char *sentence)
{
    struct told *t = arg;
    size_t at = strlen(t->text);
    snprintf(t->text + at, sizeof t->text - at, "%s\n", sentence);
}

/* Chains that turn in a circle end, and are told. */
static void chains_that_turn_back_are_told(enum engine engine)
{
    struct edges x;
    struct err e = { 0 };
    struct spans s = { 0 };
    edges_open(&x, engine);
    give_lots(&x, 300);
    tamper(&x.b.t, "update transfer set before_in = 1 where seq = 1");
    assert_err(spans_of_account(x.b.d, x.pot, &s, &e), e, ERR_CORRUPT);
    tamper(&x.b.t, "update transfer set before_in = null where seq = 1");
    tamper(&x.b.t, "update transfer set skip_in = seq where seq = 256");
    begin_anew(&x);
    assert_err(books_move(&x.b, x.pot, x.home, 300, NULL, &e), e, ERR_CORRUPT);
    free(s.at);
    books_close(&x.b);
}
STORE_TEST(chains_that_turn_back_are_told)

/* Of returns, of marks and of money from another county. */
static void what_is_harmed_is_named(enum engine engine)
{
    static const struct { const char *sql, *says; } deeds[] = {
        { "update transfer set about = 1 where kind = 5", "gives back of lot 1 what it did not take" },
        { "update transfer set taken = taken + 1 where kind = 5", "gives back of lot 1 what it did not take" },
        { "update transfer set taken = taken - 1 where county = 653225", "did not come from county 653224" },
        { "update transfer set debit = 1306450 where seq = 2 and county = 653224", "leg 2" },
        { "update ledger_balance set gaps = gaps + 1 where front > 0", "front and marks make" },
    };
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        struct edges x;
        struct err e = { 0 };
        struct told t = { "" };
        struct faults faults = { keep_sentence, &t, 0 };
        int64_t id;
        edges_open(&x, engine);
        assert_ok(books_move(&x.b, x.giver, x.pot, 1000, NULL, &e), e);
        assert_ok(books_move(&x.b, x.pot, x.home, 300, &id, &e), e);
        assert_ok(books_move(&x.b, x.pot, x.far, 200, NULL, &e), e);
        assert_ok(books_act(&x.b, BOOKS_RETURN, COUNTY_A, id, NULL, &e), e);
        tamper(&x.b.t, deeds[i].sql);
        assert_ok(ledger_verify(x.b.d, &faults, &e), e);
        if (!strstr(t.text, deeds[i].says)) fail_msg("%s is told as:\n%s", deeds[i].sql, t.text);
        books_close(&x.b);
    }
}
STORE_TEST(what_is_harmed_is_named)

/* --- under way --- */

struct brake { int left; };

static bool go_on(void *arg)
{
    return ((struct brake *)arg)->left-- > 0;
}

static bool deliver(struct edges *x, struct err *e)
{
    int64_t n;
    return ledger_deliver(x->b.t.store, &n, e);
}

/* To many counties and twice to one, promises and returns with it: whatever row is harmed meanwhile, it is told; it
 * stops when it is told to, and what came over and is still noted comes over once. */
static void much_is_under_way(enum engine engine)
{
    const struct stmt_table strike = { "strike", ledger_sql(LEDGER_OUTBOX_DROP), 1 };
    struct edges x;
    struct err e = { 0 };
    struct faults faults = { 0 };
    struct posting_leg legs[COUNTIES + 1];
    int64_t n;
    char code[16];
    edges_open(&x, engine);
    assert_ok(books_move(&x.b, x.giver, x.pot, 10000, NULL, &e), e);
    for (int i = 0; i < COUNTIES; i++) {
        snprintf(code, sizeof code, "E-C%02d", i);
        legs[i] = (struct posting_leg){ .debit = x.pot, .amount = 10,
                                        .credit = books_account(&x.b, code, 653201 + i, "place", NULL) };
    }
    legs[COUNTIES] = (struct posting_leg){ .debit = x.pot, .credit = legs[0].credit, .amount = 5 };
    struct posts sent = { .p = { { .day = x.b.day, .legs = legs, .n = COUNTIES + 1, .halves = true },
        { .day = x.b.day, .n = 1, .halves = true, .pending = true,
          .legs = &(struct posting_leg){ .debit = x.pot, .credit = x.far, .amount = 40 } } }, .n = 2 };
    assert_ok(store_write(x.b.t.store, run_posts, &sent, &e), e);
    struct brake brake = { 2 };
    assert_ok(ledger_deliver_while(x.b.t.store, go_on, &brake, &n, &e), e);
    assert_int_equal(n, 2);
    failing_among(x.b.t.store, NULL, &strike, 6); /* two commits and three begins come before it */
    (void)deliver(&x, &e);
    failing_end(x.b.t.store, NULL);
    assert_ok(ledger_verify(x.b.d, &faults, &e), e);
    assert_int_equal(faults.n, 0);
    every_harm(&x, deliver);
    assert_ok(ledger_deliver(x.b.t.store, &n, &e), e);
    assert_true(n > 9);
    assert_int_equal(books_balance(&x.b, legs[0].credit), 15);
    /* A promise kept and a return, both on their way. */
    struct books_op keep = { .what = BOOKS_FULFIL, .act = { .county = COUNTY_A, .id = sent.p[1].id, .day = x.b.day, .halves = true } };
    assert_ok(store_write(x.b.t.store, books_run, &keep, &e), e);
    struct ledger_act act = { .by = INT64_C(99) << 22, .day = x.b.day };
    assert_ok(return_apart_begin(x.b.t.store, (struct account_ref){ COUNTY_A, sent.p[0].id }, &act, 653202, &e), e);
    every_harm(&x, deliver);
    assert_ok(ledger_deliver(x.b.t.store, &n, &e), e);
    assert_int_equal(books_balance(&x.b, x.far), 40);
    assert_int_equal(books_balance(&x.b, x.pot), 10000 - 40);
    edges_close(&x);
    struct posting_leg whole[COUNTIES];
    memcpy(whole, legs, sizeof whole); /* and in one transaction */
    edges_open(&x, engine);
    for (int i = 0; i < COUNTIES; i++) {
        snprintf(code, sizeof code, "E-C%02d", i);
        whole[i].debit = x.giver;
        whole[i].credit = books_account(&x.b, code, 653201 + i, "place", NULL);
    }
    assert_ok(post_legs(&x, whole, COUNTIES, no_cause, &e), e);
    for (int i = 0; i < COUNTIES; i++) assert_int_equal(books_balance(&x.b, whole[i].credit), 10);
    edges_close(&x);
}
STORE_TEST(much_is_under_way)

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(a_leg_of_many_pieces), STORE_TESTS(a_merged_lot_is_traced_through_harm),
        STORE_TESTS(pieces_of_one_lot_lie_apart), STORE_TESTS(only_lots_are_taken_by_name),
        STORE_TESTS(money_spreads_and_is_followed), STORE_TESTS(a_holder_of_accounts), STORE_TESTS(what_a_record_began),
        STORE_TESTS(chains_that_turn_back_are_told), STORE_TESTS(what_is_harmed_is_named), STORE_TESTS(much_is_under_way) };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
