/* The money room when the database fails: every call that each of its commands makes fails once. The
 * command tells it, leaves the books as they prove, and, given again, does its work. */
#include "rows.h"
#include "support/failing.h"
#include "support/files.h"

#include "base/date.h"
#include "programme/money/bank.h"
#include "programme/money/chain.h"
#include "programme/money/earmark_book.h"
#include "programme/money/idle.h"
#include "programme/money/paper.h"
#include "programme/money/pay.h"
#include "programme/money/post_file.h"
#include "programme/money/receipt.h"
#include "programme/money/returns.h"
#include "programme/money/trace.h"
#include "programme/numbers.h"

struct world {
    struct programme p;
    struct arena arena;
    char dir[200];
    struct account_ref giver, pot, far, third, home, pool, batch;
    int32_t day;
    int64_t next, last;        /* ids of transfers */
    bool names;                /* it reads names too, and an id will do where one cannot be read */
};

static struct account_ref account(struct world *w, const char *code, const char *place, const char *more)
{
    struct account_ref r = { 0 };
    struct err e = { 0 };
    struct arena a = { 0 };
    put(&w->p, "ledger_account", arena_printf(&a, "code=%s; title=%s; place=%s; %s", code, code, place, more));
    assert_ok(ledger_account_find(w->p.db, code, strlen(code), &r, &e), e);
    arena_free(&a);
    return r;
}

static void world_open(struct world *w, enum engine engine)
{
    struct err e = { 0 };
    memset(w, 0, sizeof *w);
    programme_open(&w->p, engine);
    snprintf(w->dir, sizeof w->dir, "/tmp/jiedui-faults.XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    w->day = date_make(2020, 6, 1);
    w->next = INT64_C(1) << 30;
    put(&w->p, "organisation", "code=GIVER; name_zh=甲市; kind=government");
    put(&w->p, "organisation", "code=TAKER; name_zh=乙县; kind=government");
    put(&w->p, "fund_line", "code=F; helper=GIVER; place=653224; kind=city_fiscal; amount=100000; state=done");
    put(&w->p, "commitment", "code=K; helper=GIVER; place=653224; kind=money; amount=100000; state=committed; "
                             "valid_from=2020-01-01");
    put(&w->p, "batch", "code=B; fund_line=F; helper=GIVER; place=653224; amount=1000; commitment=K; "
                        "valid_from=2020-06-01");
    put(&w->p, "project", "code=PJ; title=Farm; kind=planting; place=653224");
    put(&w->p, "project_stage", "code=PJ-1; project=PJ; place=653224; stage=entered; valid_from=2019-01-01; result=passed");
    put(&w->p, "place_class", "place=653224; class=deep; valid_from=2018-01-01");
    put(&w->p, "allocation", "code=A-1; batch=B; place=653224; amount=400; purpose=industry; stage=allocated; "
                             "project=PJ; commitment=K; valid_from=2020-06-01");
    put(&w->p, "earmark_rule", "code=LIB; title=library; kind=only; applies=holder = project; holds=in_library; "
                               "valid_from=2018-01-01");
    put(&w->p, "earmark_rule", "code=HALF; title=half; kind=floor; scope=batch; holds=purpose = industry or class has deep; "
                               "share=10; valid_from=2018-01-01");
    put(&w->p, "alert_rule", "code=IDLE; title=idle; over_days=30; over_amount=1; valid_from=2018-01-01");
    w->giver = account(w, "G", "653224", "holder_kind=outside; restricted=no; organisation=GIVER");
    w->pot = account(w, "POT", "653224", "holder_kind=place; organisation=TAKER; bank_code=102100099996; "
                                         "bank_card=99653224000000001");
    w->far = account(w, "FAR", "653225", "holder_kind=place");
    w->third = account(w, "THIRD", "540626", "holder_kind=organisation; organisation=TAKER");
    w->home = account(w, "HOME", "653224", "holder_kind=household");
    w->pool = account(w, "POOL", "653224", "holder_kind=project; project=PJ");
    assert_ok(ref_find(w->p.model, model_find(w->p.model, "batch"), "B", 1, -1, w->p.db, &w->arena,
                       &w->batch.county, &w->batch.id, &e), e);
}

static void world_close(struct world *w)
{
    arena_free(&w->arena);
    test_dir_remove(w->dir);
    programme_close(&w->p);
}

static void print_fault(void *arg, const char *sentence)
{
    (void)arg;
    print_message("%s\n", sentence);
}

static void books_prove(struct world *w)
{
    struct err e = { 0 };
    struct faults faults = { .fn = print_fault };
    assert_ok(money_room.verify(w->p.db, &faults, &e), e);
    assert_int_equal(faults.n, 0);
}

typedef bool attempt(struct world *w, struct err *e);

/* Harm is done above the engine: where each call goes over a wire, one in forty is enough. */
static int64_t stride(const struct world *w) { return w->p.store.engine == ENGINE_POSTGRES ? 41 : 1; }

/* Each row that it reads missing once, once empty, and once with other numbers: nothing breaks, and what it is refused for is told. */
static void every_harm(struct world *w, const char *name, attempt *run)
{
    for (enum harm harm = HARM_LOST; harm < HARMS; harm++) {
        bool hit = true;
        for (int64_t n = 1; hit; n += stride(w)) {
            struct err e = { 0 };
            harm_at(w->p.store.store, w->p.db, harm, n);
            bool ok = run(w, &e);
            hit = failing_end(w->p.store.store, w->p.db);
            arena_reset(&w->arena);
            if (!ok && !*e.message) fail_msg("%s, row %lld: refused without a word", name, (long long)n);
        }
    }
}

/* The command given again and again, each time with a later call that fails. */
static int64_t every_failure(struct world *w, const char *name, attempt *run)
{
    every_harm(w, name, run);
    for (int64_t n = 1;; n++) {
        struct err e = { 0 };
        failing_at(w->p.store.store, w->p.db, n);
        bool ok = run(w, &e);
        bool hit = failing_end(w->p.store.store, w->p.db);
        arena_reset(&w->arena);
        if (!hit) {
            if (!ok) fail_msg("%s, call %lld: %s", name, (long long)n, e.message);
            books_prove(w);
            return n - 1;
        }
        if (ok && w->names) continue;
        if (ok) fail_msg("%s: its call %lld failed, and it did not tell", name, (long long)n);
        /* What only failed to name something is refused by the commit. */
        if (e.code != ERR_INTERNAL)
            fail_msg("%s, call %lld: %s", name, (long long)n, e.message);
        if (n % 16 == 0) books_prove(w);
    }
}

/* --- what is done to the ledger --- */

struct doing { struct posting post; struct ledger_act act; char what; };

static bool do_it(struct tx *tx, void *arg, struct err *e)
{
    struct doing *d = arg;
    switch (d->what) {
    case 'p': return ledger_post(tx, &d->post, e);
    case 'f': return ledger_fulfil(tx, &d->act, e);
    case 'v': return ledger_void(tx, &d->act, e);
    case 'r': return ledger_return(tx, &d->act, false, NULL, NULL, e);
    default: return ledger_return(tx, &d->act, true, NULL, NULL, e);
    }
}

static bool post(struct world *w, const struct posting_leg *legs, int n, bool pending, bool halves, struct err *e)
{
    struct doing d = { .what = 'p', .post = { .id = w->next, .day = w->day, .legs = legs, .n = n, .pending = pending,
                       .halves = halves, .note = "n", .cause = { NUMBER_BATCH, w->batch.county, w->batch.id } } };
    return store_write(w->p.store.store, do_it, &d, e);
}

static bool act_on(struct world *w, char what, struct account_ref home, struct err *e)
{
    struct doing d = { .what = what, .act = { .county = home.county, .id = w->last, .by = w->next, .day = w->day } };
    return store_write(w->p.store.store, do_it, &d, e);
}

static bool post_in(struct world *w, struct err *e)
{
    return post(w, &(struct posting_leg){ .debit = w->giver, .credit = w->pot, .amount = 50000 }, 1, false, false, e);
}

static bool post_many_ways(struct world *w, struct err *e)
{
    const struct posting_leg legs[] = {
        { .debit = w->pot, .credit = w->far, .amount = 3000 }, { .debit = w->pot, .credit = w->third, .amount = 2000 },
        { .debit = w->pot, .credit = w->home, .amount = 1000 }, { .debit = w->pot, .credit = w->pool, .amount = 700 } };
    return post(w, legs, 4, false, false, e);
}

static bool post_on(struct world *w, struct err *e)
{
    return post(w, &(struct posting_leg){ .debit = w->far, .credit = w->third, .amount = 500 }, 1, false, false, e);
}

static bool post_named(struct world *w, struct err *e)
{
    static const struct lot_name lot = { .seq = 1, .amount = 100 };
    return post(w, &(struct posting_leg){ .debit = w->pot, .credit = w->home, .amount = 100, .lots = &lot, .n_lots = 1 },
                1, false, false, e);
}

static bool promise(struct world *w, struct err *e)
{
    return post(w, &(struct posting_leg){ .debit = w->pot, .credit = w->far, .amount = 400 }, 1, true, false, e);
}

static bool post_halves(struct world *w, struct err *e)
{
    const struct posting_leg legs[] = { { .debit = w->pot, .credit = w->far, .amount = 900 },
        { .debit = w->pot, .credit = w->third, .amount = 800 }, { .debit = w->pot, .credit = w->home, .amount = 70 } };
    return post(w, legs, 3, false, true, e);
}

/* Twice in one transaction. */
static bool both(struct tx *tx, void *arg, struct err *e)
{
    struct doing *d = arg;
    return ledger_post(tx, &d->post, e) && ledger_post(tx, &d->post, e) &&
           (d->post.done || err_set(e, ERR_CONFLICT, "it was posted twice"));
}

static bool post_twice(struct world *w, struct err *e)
{
    struct posting_leg leg = { .debit = w->giver, .credit = w->pot, .amount = 3 };
    struct doing d = { .post = { .id = w->next, .day = w->day, .legs = &leg, .n = 1 } };
    return store_write(w->p.store.store, both, &d, e);
}

/* Money of as many lots, to more households than one statement writes legs. */
static bool post_long(struct world *w, struct err *e)
{
    enum { MANY = 600 };
    struct posting_leg *legs = arena_array(&w->arena, MANY, sizeof *legs);
    for (int i = 0; i < MANY; i++)
        legs[i] = i < MANY / 2 ? (struct posting_leg){ .debit = w->giver, .credit = w->pot, .amount = 3 }
                               : (struct posting_leg){ .debit = w->pot, .credit = w->home, .amount = 3 };
    return post(w, legs, MANY, false, false, e);
}

static bool fulfil(struct world *w, struct err *e) { return act_on(w, 'f', w->pot, e); }
static bool undo(struct world *w, struct err *e) { return act_on(w, 'v', w->pot, e); }
static bool take_back(struct world *w, struct err *e) { return act_on(w, 'r', w->pot, e); }
static bool take_chain(struct world *w, struct err *e) { return act_on(w, 'c', w->pot, e); }

static bool deliver(struct world *w, struct err *e)
{
    int64_t n;
    return ledger_deliver(w->p.store.store, &n, e);
}

static bool back_apart(struct world *w, struct err *e)
{
    struct ledger_act act = { .county = w->pot.county, .id = w->last, .by = w->next, .day = w->day };
    return ledger_return_apart(w->p.store.store, &act, true, NULL, NULL, e);
}

/* What goes in several transactions goes on from where it was left: each call of the ledger fails of a new one. */
static void every_failure_anew(struct world *w, const char *name, attempt *before, attempt *run)
{
    bool hit = true;
    for (int64_t n = 1; hit; n += stride(w)) {
        struct err e = { 0 };
        w->next++;
        assert_ok(before(w, &e), e);
        w->next++;
        failing_among(w->p.store.store, w->p.db, &ledger_stmts, n);
        bool ok = run(w, &e);
        hit = failing_end(w->p.store.store, w->p.db);
        arena_reset(&w->arena);
        if (ok == hit || (hit && e.code != ERR_INTERNAL)) fail_msg("%s, call %lld: %s", name, (long long)n, e.message);
        if (hit) assert_ok(run(w, &e), e);
        if (n % 16 == 0 || !hit) books_prove(w);
    }
}

/* The first calls alone: those behind them read each of many rows. */
static void some_failures(struct world *w, const char *name, int64_t most, attempt *run)
{
    w->next++;
    for (int64_t n = 1; n <= most; n++) {
        struct err e = { 0 };
        failing_at(w->p.store.store, w->p.db, n);
        bool ok = run(w, &e);
        bool hit = failing_end(w->p.store.store, w->p.db);
        arena_reset(&w->arena);
        if (ok || !hit) fail_msg("%s: its call %lld failed, and it did not tell", name, (long long)n);
    }
    books_prove(w);
}

/* Each under the next id. */
static void step(struct world *w, const char *name, attempt *run)
{
    w->next++;
    assert_true(every_failure(w, name, run) > 3);
}

static void commands_of_the_ledger(enum engine engine)
{
    struct world w;
    world_open(&w, engine);
    step(&w, "money from outside", post_in);
    step(&w, "four legs over two borders", post_many_ways);
    w.last = w.next;
    step(&w, "money passed on", post_on);
    step(&w, "a chain returned", take_chain);
    step(&w, "a lot by name", post_named);
    w.last = w.next;
    step(&w, "returned", take_back);
    step(&w, "promised", promise);
    w.last = w.next;
    step(&w, "kept", fulfil);
    step(&w, "promised again", promise);
    w.last = w.next;
    step(&w, "given up", undo);
    step(&w, "in halves", post_halves);
    w.last = w.next;
    step(&w, "under way", deliver);
    step(&w, "passed on from there", post_on);
    step(&w, "returned in halves", back_apart);
    step(&w, "the same twice", post_twice);
    world_close(&w);
}
STORE_TEST(commands_of_the_ledger)

static bool sent(struct world *w, struct err *e)
{
    w->last = w->next;
    return post_halves(w, e);
}

static bool arrived(struct world *w, struct err *e)
{
    if (!sent(w, e) || !deliver(w, e)) return false;
    w->next++;
    return post_on(w, e) && deliver(w, e);
}

static bool promised_apart(struct world *w, struct err *e)
{
    w->last = w->next;
    return post(w, &(struct posting_leg){ .debit = w->pot, .credit = w->far, .amount = 40 }, 1, true, true, e) &&
           deliver(w, e);
}

static bool kept_apart(struct world *w, struct err *e)
{
    struct doing d = { .what = 'f', .act = { .county = w->pot.county, .id = w->last, .by = w->next, .day = w->day,
                                             .halves = true } };
    return store_write(w->p.store.store, do_it, &d, e) && deliver(w, e);
}

static void commands_in_two_transactions(enum engine engine)
{
    struct world w;
    struct err e = { 0 };
    world_open(&w, engine);
    for (int i = 0; i < 40; i++, w.next++) assert_ok(post_in(&w, &e), e);
    some_failures(&w, "more than is written at once", 40, post_long);
    every_failure_anew(&w, "brought over", sent, deliver);
    every_failure_anew(&w, "a promise kept", promised_apart, kept_apart);
    every_failure_anew(&w, "taken back", arrived, back_apart);
    world_close(&w);
}
STORE_TEST(commands_in_two_transactions)

/* --- what is read of it --- */

static bool keep_way(void *arg, const struct under_way *u, struct err *e) { (void)arg, (void)u, (void)e; return true; }
static bool keep_origin(void *arg, const struct origin *o, struct err *e) { (void)arg, (void)o, (void)e; return true; }
static bool keep_step(void *arg, const struct chain_step *s, struct err *e) { (void)arg, (void)s, (void)e; return true; }
static bool keep_finding(void *arg, const struct earmark_finding *f, struct err *e) { (void)arg, (void)f, (void)e; return true; }

static bool prove(struct world *w, struct err *e)
{
    struct faults faults = { .fn = NULL };
    return money_room.verify(w->p.db, &faults, e);
}

static bool follow(struct world *w, struct err *e)
{
    static const struct trace_sink sink = { NULL, NULL, NULL };
    struct ledger_cause batch = { NUMBER_BATCH, w->batch.county, w->batch.id };
    struct spans from = { 0 }, to = { 0 };
    int64_t size;
    bool ok = spans_of_cause(w->p.db, batch, &from, e) && spans_of_account(w->p.db, w->third, &to, e) &&
              spans_of_transfer(w->p.db, w->pot.county, w->last, &from, e) && spans_of_lot(w->p.db, w->pot.county, 1, &from, e) &&
              trace_forward(w->p.db, from.at, from.n, &sink, e) && trace_back(w->p.db, to.at, to.n, &sink, e) &&
              ledger_origins(w->p.db, keep_origin, NULL, e) && ledger_size(w->p.db, &size, e) &&
              ledger_under_way(w->p.db, keep_way, NULL, e);
    free(from.at);
    free(to.at);
    return ok;
}

static bool keep_received(void *arg, const struct received *x, struct err *e) { (void)arg, (void)x, (void)e; return true; }

/* What the holder of an account received, and by which ways. */
static bool receive(struct world *w, struct err *e)
{
    struct spans got = { 0 };
    struct ways ways;
    int64_t county, id;
    bool ok = ref_find(w->p.model, model_find(w->p.model, "project"), "PJ", 2, -1, w->p.db, &w->arena, &county, &id, e) &&
              spans_of_holder(w->p.db, TRACE_PROJECT, county, id, &got, e) &&
              ledger_received(w->p.db, TRACE_PROJECT, county, id, 10, keep_received, NULL, e) &&
              ways_back(w->p.db, &got, 100, &w->arena, &ways, e);
    free(got.at);
    return ok;
}

static bool alerts(struct world *w, struct err *e)
{
    struct pieces_query then = { .mo = w->p.model, .hi = 999999, .on = w->day + 100 }, now = then;
    struct idle_alerts out;
    now.now = true;
    return idle_alerts(w->p.db, &then, &w->arena, &out, e) && idle_alerts(w->p.db, &now, &w->arena, &out, e);
}

static bool chain(struct world *w, struct err *e)
{
    int64_t county, id;
    return ref_find(w->p.model, model_find(w->p.model, "commitment"), "K", 1, -1, w->p.db, &w->arena, &county, &id, e) &&
           chain_walk(w->p.db, w->p.model, county, id, &w->arena, keep_step, NULL, e);
}

static bool rules(struct world *w, struct err *e)
{
    struct earmark_book b;
    struct earmark_batches all;
    bool ok = earmark_open(&b, w->p.db, w->p.model->codes, -1, w->day, &w->arena, e) &&
              earmark_batches(&b, -1, &all, e);
    for (int i = 0; ok && i < all.n; i++)
        ok = earmark_check_batch(&b, &all.at[i], keep_finding, NULL, e) &&
             earmark_check_fund(&b, all.at[i].fund_county, all.at[i].fund_line, keep_finding, NULL, e);
    earmark_close(&b);
    return ok;
}

static bool read_receipt(struct world *w, struct err *e)
{
    struct receipt_paper p;
    struct receipt_of of = { .batch = &w->batch };
    bool found;
    return receipt_last(w->p.db, w->p.model, &of, &w->arena, &p, &found, e) &&
           (!found || receipt_find(w->p.db, w->p.model, p.code, &w->arena, &p, e));
}

static void what_is_read(enum engine engine)
{
    struct world w;
    struct err e = { 0 };
    world_open(&w, engine);
    w.next++;
    assert_ok(post_in(&w, &e), e);
    w.last = ++w.next;
    assert_ok(post_many_ways(&w, &e), e);
    w.next++;
    assert_ok(post_on(&w, &e), e);
    w.next++;
    assert_ok(post_halves(&w, &e), e);
    step(&w, "proof", prove);
    step(&w, "trace", follow);
    step(&w, "received", receive);
    step(&w, "idle money", alerts);
    step(&w, "chain", chain);
    step(&w, "rules", rules);
    world_close(&w);
}
STORE_TEST(what_is_read)

/* --- papers --- */

struct papering { struct world *w; struct receipt_order order; struct voucher_add voucher; struct rule_ending end; };

static bool issue(struct tx *tx, void *arg, struct err *e)
{
    struct papering *p = arg;
    return receipt_issue(tx, p->w->p.model, &p->order, &p->w->arena, e);
}

static bool attach(struct tx *tx, void *arg, struct err *e)
{
    struct papering *p = arg;
    return voucher_add(tx, p->w->p.model, &p->voucher, e);
}

static bool end(struct tx *tx, void *arg, struct err *e)
{
    struct papering *p = arg;
    return rule_end(tx, p->w->p.model, &p->end, e);
}

static bool issue_receipt(struct world *w, struct err *e)
{
    struct papering p = { .w = w, .order = { .of = { .batch = &w->batch }, .on = w->day, .by = "Ann" } };
    return store_write(w->p.store.store, issue, &p, e);
}

static bool add_voucher(struct world *w, struct err *e)
{
    struct papering p = { .w = w, .voucher = { .path = arena_printf(&w->arena, "%s/slip", w->dir), .title = "Slip",
                          .county = w->pot.county, .transfer = w->last, .kind = "bank_slip" } };
    return store_write(w->p.store.store, attach, &p, e);
}

static bool end_rule(struct world *w, struct err *e)
{
    struct papering p = { .w = w, .end = { .code = "IDLE", .why = "why", .last = w->day } };
    return store_write(w->p.store.store, end, &p, e);
}

static bool keep_paper(void *arg, const struct paper_found *p, struct err *e) { (void)arg, (void)p, (void)e; return true; }

static bool check_papers(struct world *w, struct err *e)
{
    return papers_verify(w->p.db, w->dir, keep_paper, NULL, e);
}

static void write_text(struct world *w, const char *name, const char *text)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", w->dir, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static void papers(enum engine engine)
{
    struct world w;
    struct err e = { 0 };
    world_open(&w, engine);
    write_text(&w, "slip", "a slip");
    w.last = ++w.next;
    assert_ok(post_in(&w, &e), e);
    step(&w, "voucher", add_voucher);
    step(&w, "papers", check_papers);
    step(&w, "receipt issued", issue_receipt);
    w.names = true;
    step(&w, "receipt read", read_receipt);
    w.names = false;
    step(&w, "rule ended", end_rule);
    world_close(&w);
}
STORE_TEST(papers)

/* --- files --- */

static bool post_sheet(struct world *w, struct err *e)
{
    struct post_report r;
    return post_file(w->p.store.store, w->p.model, arena_printf(&w->arena, "%s/t.csv", w->dir), 0, &r, e);
}

static struct pay_desk desk(struct world *w, const char *by)
{
    return (struct pay_desk){ .store = w->p.store.store, .model = w->p.model, .arena = &w->arena, .by = by, .day = w->day };
}

static bool prepare(struct world *w, struct err *e)
{
    struct pay_desk k = desk(w, "Ann");
    struct pay_order o = { .run = "R", .payer = "POT", .file = arena_printf(&w->arena, "%s/pay.csv", w->dir), .due = w->day };
    struct pay_report r;
    return pay_prepare(&k, &o, &r, e);
}

static bool approve(struct world *w, struct err *e)
{
    struct pay_desk k = desk(w, "Bob");
    struct pay_report r;
    return pay_approve(&k, "R", &r, e);
}

static bool write_files(struct world *w, struct err *e)
{
    struct pay_desk k = desk(w, "Bob");
    struct pay_report r;
    const char *xml = arena_printf(&w->arena, "%s/R.xml", w->dir), *csv = arena_printf(&w->arena, "%s/R.csv", w->dir);
    (void)remove(xml);
    (void)remove(csv);
    return pay_write(&k, "R", xml, csv, &r, e);
}

static bool answers(struct world *w, struct err *e)
{
    struct pay_desk k = desk(w, "Eve");
    struct pay_report r;
    k.day += 10;
    return pay_return_file(&k, arena_printf(&w->arena, "%s/answer.csv", w->dir), NULL, &r, e);
}

/* What records say is to be paid. */
static bool from_records(struct world *w, struct err *e)
{
    struct pay_desk k = desk(w, "Ann");
    struct pay_order o = { .run = "W", .payer = "POT", .from = "welfare_post", .period = "2020-05", .due = w->day };
    struct pay_report r;
    return pay_prepare(&k, &o, &r, e);
}

static bool cancel_run(struct world *w, struct err *e)
{
    struct pay_desk k = desk(w, "Ann");
    struct pay_report r;
    return pay_cancel(&k, "W", NULL, &r, e);
}

static bool keep_difference(void *arg, const struct bank_difference *d, struct err *e) { (void)arg, (void)d, (void)e; return true; }

static bool reconcile(struct world *w, struct err *e)
{
    struct pay_desk k = desk(w, "Eve");
    struct bank_order o = { .file = arena_printf(&w->arena, "%s/bank.csv", w->dir), .account = "POT", .days = 3 };
    struct bank_report r;
    return bank_reconcile(&k, &o, keep_difference, NULL, &r, e);
}

static void files(enum engine engine)
{
    struct world w;
    struct err e = { 0 };
    world_open(&w, engine);
    write_text(&w, "t.csv", "code,date,debit,credit,amount,batch\nT1,2020-06-01,G,POT,500,B\nT2,2020-06-01,POT,FAR,20,\n");
    write_text(&w, "pay.csv", "kind,name,account,bank_code,amount,purpose,period\n"
               "person,某一,6222020000000000018,103100000026,12.50,wage,2020-05\n"
               "person,某二,6222020000000000026,103100000026,10.00,wage,2020-05\n");
    write_text(&w, "answer.csv", "line,state,reason,bank_ref,date,amount\nR-000001,paid,,X1,2020-06-03,12.50\n"
               "R-000002,failed,closed,,2020-06-03,10.00\n");
    write_text(&w, "bank.csv", "date,amount,balance,reference\n2020-06-01,500,500,T1\n2020-06-03,-12.50,487.50,R-000001\n");
    put(&w.p, "household", "code=H1; place=653224; basis=synthetic");
    put(&w.p, "person", "household=H1; code=01; name=某; basis=synthetic");
    put(&w.p, "payee", "code=P-H1; name=阿某; kind=person; place=653224; person=H1/01; "
                       "bank_card=6222020000000000059; bank_code=103100000026");
    put(&w.p, "welfare_post", "code=WP1; place=653224; holder=H1/01; monthly_pay=20; valid_from=2020-01-01; state=done");
    step(&w, "a file posted", post_sheet);
    step(&w, "wages of posts", from_records);
    step(&w, "taken back", cancel_run);
    step(&w, "a run prepared", prepare);
    step(&w, "approved", approve);
    step(&w, "written", write_files);
    step(&w, "answered", answers);
    step(&w, "reconciled", reconcile);
    (void)e;
    world_close(&w);
}
STORE_TEST(files)

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(commands_of_the_ledger), STORE_TESTS(commands_in_two_transactions),
                                        STORE_TESTS(what_is_read),
                                        STORE_TESTS(papers), STORE_TESTS(files) };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
