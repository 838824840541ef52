/* Money between counties in one transaction and in two: the same books either way, whatever is
 * killed between the halves; and the log of what was posted, posted again into an empty store. */
#include "programme/oracle.h"
#include "programme/money/returns.h"
#include "store/tamper.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

/* --- one store beside another --- */

struct row_sum { uint64_t sum; int64_t n; };

static void add_text(struct row_sum *s, const struct buf *b)
{
    unsigned char digest[DIGEST_LEN];
    uint64_t part;
    digest_of(b->p, b->n, digest);
    memcpy(&part, digest, sizeof part);
    s->sum += part;
    s->n++;
}

/* All of a leg but when it was recorded, the digest, how its first piece was cut, and which id a
 * return got: those of a chain are new ones. */
static bool sum_leg(void *arg, const struct val *row, int n, struct err *e)
{
    struct buf b;
    (void)e;
    buf_init(&b, 1 << 16);
    for (int i = 0; i < n - 1; i++) {
        if (i == T_RECORDED || i == T_TAKEN || (i == T_ID && row[T_KIND].i == LEG_RETURN)) continue;
        if (row[i].type == VAL_INT) buf_printf(&b, "%d:%lld,", i, (long long)row[i].i);
        if (row[i].type == VAL_TEXT) buf_printf(&b, "%d:%.*s,", i, (int)row[i].n, row[i].p);
    }
    add_text(arg, &b);
    buf_free(&b);
    return true;
}

struct cut { int64_t to_lot, back, to_off, lot_county, lot, off, amount; };
struct cuts { struct cut *at; size_t n, cap; };

static bool take_cut(void *arg, const struct val *row, int n, struct err *e)
{
    struct cuts *c = arg;
    (void)n;
    (void)e;
    if (c->n == c->cap) c->at = mem_grow(c->at, (c->cap = c->cap * 2 + 256) * sizeof *c->at);
    c->at[c->n++] = (struct cut){ row[3].i, row[6].i, row[4].i, row[0].i, row[1].i, row[2].i,
                                  row[5].i };
    return true;
}

static int by_place(const void *l, const void *r)
{
    const struct cut *a = l, *b = r;
    if (a->to_lot != b->to_lot) return a->to_lot < b->to_lot ? -1 : 1;
    if (a->back != b->back) return a->back < b->back ? -1 : 1;
    return a->to_off < b->to_off ? -1 : a->to_off > b->to_off;
}

static bool goes_on(const struct cut *a, const struct cut *b)
{
    return a->to_lot == b->to_lot && a->back == b->back && a->lot_county == b->lot_county &&
           a->lot == b->lot && a->to_off + a->amount == b->to_off && a->off + a->amount == b->off;
}

/* Which fen of which lot went where; a piece may have been cut in two. */
static void sum_cuts(struct cuts *c, struct row_sum *s)
{
    if (c->n) qsort(c->at, c->n, sizeof *c->at, by_place);
    for (size_t i = 0, k; i < c->n; i = k) {
        struct cut whole = c->at[i];
        struct buf b;
        for (k = i + 1; k < c->n && goes_on(&whole, &c->at[k]); k++) whole.amount += c->at[k].amount;
        buf_init(&b, 1 << 16);
        buf_printf(&b, "%lld %lld %lld %lld %lld %lld %lld", (long long)whole.to_lot,
                   (long long)whole.back, (long long)whole.to_off, (long long)whole.lot_county,
                   (long long)whole.lot, (long long)whole.off, (long long)whole.amount);
        add_text(s, &b);
        buf_free(&b);
    }
    free(c->at);
}

static struct row_sum sum_of(struct books *b, int64_t county, bool lots)
{
    struct row_sum s = { 0 };
    struct cuts cuts = { 0 };
    struct err e = { 0 };
    struct val c = val_int(county);
    if (lots) {
        assert_ok(db_query(b->d, ledger_sql(LEDGER_COUNTY_PIECES), &c, 1, take_cut, &cuts, &e), e);
        sum_cuts(&cuts, &s);
        return s;
    }
    assert_ok(db_query(b->d, ledger_sql(LEDGER_COUNTY_TRANSFERS), &c, 1, sum_leg, &s, &e), e);
    return s;
}

static void assert_proven(struct books *b)
{
    struct err e = { 0 };
    struct faults faults = { o_print_fault, NULL, 0 };
    assert_ok(ledger_verify(b->d, &faults, &e), e);
    assert_int_equal(faults.n, 0);
}

/* Legs, pieces of lots, balances: all of it. */
static void assert_same_books(struct books *a, struct books *b, const struct oracle *o)
{
    assert_proven(a);
    assert_proven(b);
    for (int c = 0; c < 3; c++)
        for (int lots = 0; lots < 2; lots++) {
            struct row_sum x = sum_of(a, books_counties[c], lots);
            struct row_sum y = sum_of(b, books_counties[c], lots);
            assert_int_equal(x.n, y.n);
            assert_true(x.sum == y.sum);
        }
    for (int i = 0; i < o->n_accounts; i++) {
        struct ledger_balance x, y;
        struct err e = { 0 };
        struct account_ref r = o->account[i].ref;
        assert_ok(ledger_balance_of(a->d, r.county, r.id, &x, &e), e);
        assert_ok(ledger_balance_of(b->d, r.county, r.id, &y, &e), e);
        assert_int_equal(x.balance, y.balance);
        assert_int_equal(x.reserved, y.reserved);
        assert_int_equal(x.expected, y.expected);
    }
}

/* The same accounts under the same ids. */
static bool copy_account(struct tx *tx, void *arg, struct err *e)
{
    struct books_row *r = arg;
    const struct model *mo = r->b->m.model;
    return row_insert(tx, mo, model_find(mo, "ledger_account"), r->row, e);
}

static void twin_open(struct books *twin, const struct oracle *o, enum engine engine)
{
    static const char *const kinds[] = { "outside", "place", "place", "project", "household" };
    books_open(twin, engine);
    const struct table_map *m = model_find(twin->m.model, "ledger_account");
    for (int i = 0; i < o->n_accounts; i++) {
        struct books_row r = { .b = twin };
        struct err e = { 0 };
        char code[20];
        snprintf(code, sizeof code, "R-%d-%d", i / 5, i % 5);
        r.row[ROW_ID] = val_int(o->account[i].ref.id);
        r.row[m->column[LEDGER_ACCOUNT_CODE]] = val_text(code);
        r.row[m->column[LEDGER_ACCOUNT_TITLE]] = val_text(code);
        r.row[m->column[LEDGER_ACCOUNT_PLACE]] = val_int(o->account[i].ref.county * 1000000);
        r.row[m->column[LEDGER_ACCOUNT_HOLDER_KIND]] = val_text(kinds[i % 5]);
        r.row[m->column[LEDGER_ACCOUNT_RESTRICTED]] = val_int(o->account[i].restricted);
        assert_ok(store_write(twin->t.store, copy_account, &r, &e), e);
        assert_int_equal(r.row[ROW_ID].i, o->account[i].ref.id);
    }
}

/* --- in two transactions --- */

struct step { struct books_op op; struct lot_name names[2]; };

/* A programme of posts, promises, arrivals, voids and returns that can all be done. */
static int make_steps(struct oracle *o, struct step *at, int wanted)
{
    int n = 0;
    while (n < wanted) {
        struct step *s = &at[n];
        struct oracle before = *o;
        oracle_step(o, &s->op, s->names);
        assert_true(before.n_accounts == o->n_accounts);
        if (s->op.wanted) n++;
    }
    return n;
}

/* A transfer of one leg that went to one other county is taken back from there: begun by who keeps a row
 * beside it there, as payments do, and brought home. */
struct far_return { struct ledger_act act; int64_t far; };

static bool begin_far(struct tx *tx, void *arg, struct err *e)
{
    struct far_return *r = arg;
    struct legs legs = { 0 };
    bool ok = legs_by_id(tx_db(tx), r->act.county, r->act.id, &legs, e);
    r->far = ok && legs.n == 1 && is_transit(legs.at[0].credit) ? transit_county(legs.at[0].credit) : 0;
    free(legs.at);
    return ok && (!r->far || ledger_return_begin(tx, &r->act, r->far, e));
}

static void take_back(struct store *store, struct books_op *o, int *from_far)
{
    struct far_return r = { .act = o->act };
    struct err e = { 0 };
    int64_t delivered;
    assert_ok(ledger_deliver(store, &delivered, &e), e);
    if (o->what == BOOKS_RETURN) assert_ok(store_write(store, begin_far, &r, &e), e);
    *from_far += r.far != 0;
    if (!r.far) assert_ok(ledger_return_apart(store, &o->act, o->what == BOOKS_CHAIN, NULL, NULL, &e), e);
}

static int run_steps(struct store *store, struct step *at, int n, bool halves)
{
    int from_far = 0;
    for (int i = 0; i < n; i++) {
        struct books_op o = at[i].op;
        struct err e = { 0 };
        int64_t delivered;
        if (o.legs[0].n_lots) o.legs[0].lots = at[i].names;
        o.post.halves = o.act.halves = halves;
        bool back = o.what == BOOKS_RETURN || o.what == BOOKS_CHAIN;
        if (halves && back) take_back(store, &o, &from_far);
        else assert_ok(store_write(store, books_run, &o, &e), e);
        if (halves) assert_ok(ledger_deliver(store, &delivered, &e), e);
    }
    return from_far;
}

/* The child dies anywhere: within a transaction, or between the halves. */
static bool run_and_die(struct books *b, struct step *at, int n, int millis)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct store *s = NULL;
        struct err e = { 0 };
        int64_t delivered;
        if (!store_open(&s, b->t.url, &(struct store_options){ 0 }, &e) ||
            !ledger_deliver(s, &delivered, &e))
            _exit(1);
        int from_far = run_steps(s, at, n, true);
        store_close(s);
        _exit(from_far ? 0 : 2);
    }
    struct timespec pause = { millis / 1000, (long)(millis % 1000) * 1000000 };
    nanosleep(&pause, NULL);
    kill(pid, SIGKILL);
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (WIFEXITED(status)) assert_int_equal(WEXITSTATUS(status), 0);
    return WIFEXITED(status);
}

enum { STEPS = 150 };

static void two_transactions_make_the_same_books(enum engine engine)
{
    struct books one, two;
    struct oracle o;
    struct err e = { 0 };
    int64_t delivered;
    struct step *steps = mem_alloc(STEPS * sizeof *steps);
    books_open(&one, engine);
    oracle_open(&o, &one, 99);
    twin_open(&two, &o, engine);
    int n = make_steps(&o, steps, STEPS), kills = 0, returns = 0;
    for (int i = 0; i < n; i++)
        returns += steps[i].op.what == BOOKS_RETURN || steps[i].op.what == BOOKS_CHAIN;
    assert_true(returns > 5);
    run_steps(one.t.store, steps, n, false);
    while (two.t.n_dbs > 0) db_close(two.t.dbs[--two.t.n_dbs]);
    store_close(two.t.store);
    two.t.store = NULL;
    for (int millis = 1; !run_and_die(&two, steps, n, millis); millis += 1 + millis / 3) kills++;
    test_store_reopen(&two.t, NULL);
    two.d = test_db(&two.t, DB_READ);
    assert_ok(ledger_deliver(two.t.store, &delivered, &e), e);
    assert_int_equal(delivered, 0);
    assert_true(kills > 2);
    assert_same_books(&one, &two, &o);
    oracle_close(&o);
    free(steps);
    books_close(&one);
    books_close(&two);
}
STORE_TEST(two_transactions_make_the_same_books)

/* What is on its way is in the books of the county it left, and nowhere else. */
static void what_is_under_way_is_seen(enum engine engine)
{
    struct books b;
    struct err e = { 0 };
    struct ledger_balance there;
    int64_t delivered;
    struct faults faults = { 0 };
    books_open(&b, engine);
    struct account_ref giver = books_account(&b, "U-GIVER", COUNTY_A, "outside", NULL);
    struct account_ref far = books_account(&b, "U-FAR", COUNTY_B, "place", NULL);
    struct books_op op = { .what = BOOKS_POST,
        .post = { .id = INT64_C(5) << 22, .day = b.day, .n = 1, .halves = true },
        .legs = { { giver, far, 700, NULL, NULL, 0 } } };
    for (int again = 0; again < 2; again++) {
        assert_ok(store_write(b.t.store, books_run, &op, &e), e);
        assert_int_equal(op.post.done, again);
    }
    assert_int_equal(books_balance(&b, far), 0);
    assert_ok(ledger_balance_of(b.d, COUNTY_A, transit_to(COUNTY_B), &there, &e), e);
    assert_int_equal(there.balance, 700);
    assert_proven(&b);
    tamper(&b.t, "update ledger_outbox set account = account + 1");
    assert_ok(ledger_verify(b.d, &faults, &e), e);
    assert_int_equal(faults.n, 1);
    tamper(&b.t, "update ledger_outbox set account = account - 1, seq = seq + 5");
    assert_ok(ledger_verify(b.d, &faults, &e), e);
    assert_int_equal(faults.n, 1 + 3); /* the row, the leg it names, what is on its way */
    assert_err(ledger_deliver(b.t.store, &delivered, &e), e, ERR_CORRUPT);
    tamper(&b.t, "update ledger_outbox set seq = seq - 5");
    assert_proven(&b);
    assert_ok(ledger_deliver(b.t.store, &delivered, &e), e);
    assert_int_equal(delivered, 1);
    assert_int_equal(books_balance(&b, far), 700);
    assert_ok(ledger_deliver(b.t.store, &delivered, &e), e);
    assert_int_equal(delivered, 0);
    assert_proven(&b);
    /* A promise in halves, kept and broken in halves. */
    struct account_ref pot = books_account(&b, "U-POT", COUNTY_A, "place", NULL);
    assert_ok(books_move(&b, giver, pot, 900, NULL, &e), e);
    for (int kept = 0; kept < 2; kept++) {
        struct books_op hold = { .what = BOOKS_POST,
            .post = { .day = b.day, .n = 1, .halves = true, .pending = true },
            .legs = { { pot, far, 400, NULL, NULL, 0 } } };
        assert_ok(store_write(b.t.store, books_run, &hold, &e), e);
        struct books_op end = { .what = kept ? BOOKS_FULFIL : BOOKS_VOID,
            .act = { .county = COUNTY_A, .id = hold.post.id, .day = b.day, .halves = true } };
        assert_err(store_write(b.t.store, books_run, &end, &e), e, ERR_NOT_FOUND);
        assert_proven(&b);
        assert_ok(ledger_deliver(b.t.store, &delivered, &e), e);
        assert_ok(store_write(b.t.store, books_run, &end, &e), e);
        assert_proven(&b);
        assert_ok(ledger_deliver(b.t.store, &delivered, &e), e);
        assert_int_equal(delivered, 1);
    }
    assert_int_equal(books_balance(&b, far), 1100);
    assert_int_equal(books_balance(&b, pot), 500);
    assert_proven(&b);
    struct account_ref nobody = { COUNTY_B, 4242424242 };
    op.post.id = 0;
    op.legs[0].credit = nobody;
    assert_err(store_write(b.t.store, books_run, &op, &e), e, ERR_INVALID);
    books_close(&b);
}
STORE_TEST(what_is_under_way_is_seen)

/* Where what is on its way comes to, another transfer has its id: it stays under way, the others go on, and the first
 * one is told. */
static void an_id_that_is_taken_there_holds_up_nobody(enum engine engine)
{
    struct books b;
    struct err e = { 0 };
    int64_t delivered;
    char said[64];
    books_open(&b, engine);
    struct account_ref giver = books_account(&b, "I-GIVER", COUNTY_A, "outside", NULL);
    struct account_ref pot = books_account(&b, "I-POT", COUNTY_A, "place", NULL);
    struct account_ref other = books_account(&b, "I-OTHER", COUNTY_B, "outside", NULL);
    struct account_ref far = books_account(&b, "I-FAR", COUNTY_B, "place", NULL);
    struct account_ref third = books_account(&b, "I-THIRD", COUNTY_C, "place", NULL);
    assert_ok(books_move(&b, giver, pot, 900, NULL, &e), e);
    for (int i = 0; i < 3; i++) {
        struct books_op own = { .what = BOOKS_POST, .post = { .id = (int64_t)(8 + i) << 22, .day = b.day, .n = 1 },
                                .legs = { { other, far, 5, NULL, NULL, 0 } } };
        struct books_op same = { .what = BOOKS_POST, .post = { .id = own.post.id, .day = b.day, .n = 1, .halves = true,
                                                               .pending = i == 2 },
                                 .legs = { { pot, far, 100, NULL, NULL, 0 } } };
        assert_ok(store_write(b.t.store, books_run, &own, &e), e);
        assert_ok(store_write(b.t.store, books_run, &same, &e), e);
    }
    struct books_op good = { .what = BOOKS_POST, .post = { .day = b.day, .n = 1, .halves = true },
                             .legs = { { pot, third, 30, NULL, NULL, 0 } } };
    assert_ok(store_write(b.t.store, books_run, &good, &e), e);
    assert_err(ledger_deliver(b.t.store, &delivered, &e), e, ERR_CONFLICT);
    snprintf(said, sizeof said, "county %d, leg 2", COUNTY_A);
    assert_non_null(strstr(e.message, said));
    assert_int_equal(delivered, 1);
    assert_int_equal(books_balance(&b, third), 30);
    assert_int_equal(books_balance(&b, far), 15);
    assert_proven(&b);
    struct books_op keep = { .what = BOOKS_FULFIL, .act = { .county = COUNTY_A, .id = INT64_C(10) << 22, .day = b.day } };
    assert_err(store_write(b.t.store, books_run, &keep, &e), e, ERR_NOT_FOUND);
    books_close(&b);
}
STORE_TEST(an_id_that_is_taken_there_holds_up_nobody)

/* A return over a border that is cut off between its halves is under way, and goes on. */
static void a_return_under_way_is_seen(enum engine engine)
{
    struct books b;
    struct err e = { 0 };
    int64_t delivered, id;
    books_open(&b, engine);
    struct account_ref giver = books_account(&b, "V-GIVER", COUNTY_A, "outside", NULL);
    struct account_ref pot = books_account(&b, "V-POT", COUNTY_A, "place", NULL);
    struct account_ref far = books_account(&b, "V-FAR", COUNTY_B, "place", NULL);
    struct account_ref third = books_account(&b, "V-THIRD", COUNTY_C, "place", NULL);
    struct account_ref home = books_account(&b, "V-HOME", COUNTY_A, "household", NULL);
    assert_ok(books_move(&b, giver, pot, 900, NULL, &e), e);
    struct books_op op = { .what = BOOKS_POST,
        .post = { .id = INT64_C(6) << 22, .day = b.day, .n = 3, .halves = true },
        .legs = { { pot, far, 300, NULL, NULL, 0 }, { pot, third, 200, NULL, NULL, 0 },
                  { pot, home, 100, NULL, NULL, 0 } } };
    assert_ok(store_write(b.t.store, books_run, &op, &e), e);
    /* Not there yet: nothing to take back. */
    struct ledger_act act = { .county = COUNTY_A, .id = op.post.id, .day = b.day };
    struct books_op whole = { .what = BOOKS_RETURN, .act = act };
    assert_err(store_write(b.t.store, books_run, &whole, &e), e, ERR_INVALID);
    assert_string_equal(e.field, "under_way");
    assert_ok(ledger_deliver(b.t.store, &delivered, &e), e);
    assert_int_equal(delivered, 2);
    /* What was passed on there is named, and nothing is begun. */
    assert_ok(books_move(&b, far, third, 50, &id, &e), e);
    assert_err(ledger_return_apart(b.t.store, &act, false, NULL, NULL, &e), e, ERR_INVALID);
    assert_string_equal(e.field, "passed_on");
    assert_int_equal(books_balance(&b, far), 250);
    assert_ok(books_act(&b, BOOKS_RETURN, COUNTY_B, id, NULL, &e), e);
    /* Cut off after one county: the other goes on from there, and the money is counted once. */
    act.by = INT64_C(7) << 22;
    struct account_ref sent = { COUNTY_A, op.post.id };
    assert_ok(return_apart_begin(b.t.store, sent, &act, COUNTY_C, &e), e);
    assert_int_equal(books_balance(&b, third), 0);
    assert_int_equal(books_balance(&b, far), 300);
    assert_int_equal(books_balance(&b, pot), 300);
    assert_proven(&b);
    /* Meanwhile the rest is spent: the return waits, everything else goes on. */
    assert_ok(books_move(&b, far, third, 50, &id, &e), e);
    assert_err(ledger_deliver(b.t.store, &delivered, &e), e, ERR_INVALID);
    assert_string_equal(e.field, "passed_on");
    assert_proven(&b);
    assert_ok(books_act(&b, BOOKS_RETURN, COUNTY_B, id, NULL, &e), e);
    assert_ok(ledger_deliver(b.t.store, &delivered, &e), e);
    assert_int_equal(books_balance(&b, far), 0);
    assert_int_equal(books_balance(&b, pot), 900);
    assert_proven(&b);
    assert_ok(ledger_return_apart(b.t.store, &act, false, NULL, NULL, &e), e);
    act.by = 0;
    assert_err(ledger_return_apart(b.t.store, &act, false, NULL, NULL, &e), e, ERR_INVALID);
    assert_string_equal(e.field, "ended");
    act.id++;
    assert_err(ledger_return_apart(b.t.store, &act, false, NULL, NULL, &e), e, ERR_NOT_FOUND);
    books_close(&b);
}
STORE_TEST(a_return_under_way_is_seen)

static bool begin(struct tx *tx, void *arg, struct err *e)
{
    struct far_return *r = arg;
    return ledger_return_begin(tx, &r->act, r->far, e);
}

/* Begun in the county where the money is: not before it came, nor when it was passed on or promised. */
static void a_return_begun_afar_comes_home(enum engine engine)
{
    struct books b;
    struct err e = { 0 };
    int64_t delivered, id;
    books_open(&b, engine);
    struct account_ref giver = books_account(&b, "W-GIVER", COUNTY_A, "outside", NULL);
    struct account_ref pot = books_account(&b, "W-POT", COUNTY_A, "place", NULL);
    struct account_ref far = books_account(&b, "W-FAR", COUNTY_B, "payee", NULL);
    struct account_ref other = books_account(&b, "W-OTHER", COUNTY_B, "payee", NULL);
    assert_ok(books_move(&b, giver, pot, 900, NULL, &e), e);
    struct books_op op = { .what = BOOKS_POST, .post = { .day = b.day, .n = 1, .halves = true },
                           .legs = { { pot, far, 300, NULL, NULL, 0 } } };
    assert_ok(store_write(b.t.store, books_run, &op, &e), e);
    struct far_return r = { .act = { .county = COUNTY_A, .id = op.post.id, .day = b.day }, .far = COUNTY_B };
    assert_err(store_write(b.t.store, begin, &r, &e), e, ERR_INVALID);
    assert_string_equal(e.field, "under_way");
    assert_ok(ledger_deliver(b.t.store, &delivered, &e), e);
    assert_ok(books_move(&b, far, other, 50, &id, &e), e);
    assert_err(store_write(b.t.store, begin, &r, &e), e, ERR_INVALID);
    assert_string_equal(e.field, "passed_on");
    assert_ok(books_act(&b, BOOKS_RETURN, COUNTY_B, id, NULL, &e), e);
    struct books_op hold = { .what = BOOKS_POST, .post = { .day = b.day, .n = 1, .pending = true },
                             .legs = { { far, other, 10, NULL, NULL, 0 } } };
    assert_ok(store_write(b.t.store, books_run, &hold, &e), e);
    assert_err(store_write(b.t.store, begin, &r, &e), e, ERR_INVALID);
    assert_string_equal(e.field, "promised");
    assert_ok(books_act(&b, BOOKS_VOID, COUNTY_B, hold.post.id, NULL, &e), e);
    assert_int_equal(books_balance(&b, far), 300);
    for (int again = 0; again < 2; again++) {
        assert_ok(store_write(b.t.store, begin, &r, &e), e);
        assert_int_equal(books_balance(&b, far), 0);
        assert_int_equal(books_balance(&b, pot), 600);
        assert_proven(&b);
    }
    assert_ok(ledger_deliver(b.t.store, &delivered, &e), e);
    assert_int_equal(delivered, 1);
    assert_int_equal(books_balance(&b, pot), 900);
    assert_proven(&b);
    books_close(&b);
}
STORE_TEST(a_return_begun_afar_comes_home)

/* --- the log, posted again --- */

struct logged { struct leg leg; char *code, *note; int64_t actor; };
struct log { struct logged *at; size_t n, cap, next; int64_t county; };

static char *copied(struct val v)
{
    if (v.type != VAL_TEXT) return NULL;
    char *s = mem_alloc(v.n + 1);
    memcpy(s, v.p, v.n);
    return s;
}

static bool take_logged(void *arg, const struct val *row, int n, struct err *e)
{
    struct log *l = arg;
    (void)n;
    (void)e;
    if (l->n == l->cap) {
        l->cap = l->cap ? l->cap * 2 : 256;
        l->at = mem_grow(l->at, l->cap * sizeof *l->at);
    }
    struct logged *x = &l->at[l->n++];
    leg_of(row, &x->leg);
    x->code = copied(row[T_CODE]);
    x->note = copied(row[T_NOTE]);
    x->actor = row[T_ACTOR].i;
    return true;
}

static void log_free(struct log *l)
{
    for (size_t i = 0; i < l->n; i++) {
        free(l->at[i].code);
        free(l->at[i].note);
    }
    free(l->at);
}

struct replay { struct books *from, *to; struct log log[3]; };

static struct log *log_of(struct replay *r, int64_t county)
{
    return &r->log[o_county(county)];
}

static bool begins_here(const struct leg *l)
{
    return !(is_transit(l->kind == LEG_RETURN ? l->credit : l->debit) &&
             (l->kind == LEG_RETURN ? l->credit : l->debit) % 2);
}

struct named { struct lot_name *at; int n; };
enum { MOST_NAMES = 400 };

static bool take_name(void *arg, const struct val *row, int n, struct err *e)
{
    struct named *x = arg;
    (void)n;
    (void)e;
    if (row[6].i) return true; /* given back later */
    assert_true(x->n < MOST_NAMES);
    x->at[x->n++] = (struct lot_name){ row[1].i, row[5].i };
    return true;
}

/* The lots that a leg took, by name, whatever became of it. */
static int names_of(struct replay *r, const struct leg *l, struct lot_name *out)
{
    struct named x = { out, 0 };
    struct val v[2] = { val_int(l->county), val_int(l->seq) };
    struct err e = { 0 };
    if (l->took.amount) out[x.n++] = (struct lot_name){ l->took.lot, l->took.amount };
    assert_ok(db_query(r->from->d, ledger_sql(LEDGER_USES_INTO), v, 2, take_name, &x, &e), e);
    return x.n;
}

/* The legs of a transfer lie side by side in a county. */
static size_t legs_together(const struct log *l)
{
    size_t n = 1;
    while (l->next + n < l->n && l->at[l->next + n].leg.id == l->at[l->next].leg.id) n++;
    return n;
}

/* What was posted, from the legs in its home county. */
static void post_again(struct replay *r, const struct logged *x, size_t n)
{
    static struct lot_name names[4][MOST_NAMES];
    struct books_op op = { .what = BOOKS_POST };
    struct err e = { 0 };
    const struct leg *first = &x[0].leg;
    struct logged about = { .leg = { .id = 0 } };
    if (first->kind != LEG_MOVE && first->kind != LEG_PROMISE)
        about = log_of(r, first->county)->at[first->about - 1];
    op.act = (struct ledger_act){ .county = first->county, .id = about.leg.id, .by = first->id,
        .day = (int32_t)first->day, .note = x[0].note, .actor = x[0].actor };
    if (first->kind == LEG_ARRIVAL) op.what = BOOKS_FULFIL;
    if (first->kind == LEG_VOID) op.what = BOOKS_VOID;
    if (first->kind == LEG_RETURN) op.what = BOOKS_RETURN;
    op.post = (struct posting){ .id = first->id, .code = x[0].code, .day = (int32_t)first->day,
        .pending = first->kind == LEG_PROMISE, .note = x[0].note, .actor = x[0].actor,
        .cause = first->cause };
    for (size_t i = 0; op.what == BOOKS_POST && i < n; i++) {
        const struct leg *l = &x[i].leg;
        if (!begins_here(l)) continue;
        struct posting_leg *leg = &op.legs[op.post.n];
        *leg = (struct posting_leg){ .debit = { l->county, l->debit },
            .credit = { l->county, l->credit }, .amount = l->amount };
        leg->n_lots = names_of(r, l, names[op.post.n]);
        if (leg->n_lots) leg->lots = names[op.post.n];
        if (is_transit(l->credit)) {
            struct log *far = log_of(r, transit_county(l->credit));
            for (size_t k = 0; k < far->n; k++)
                if (far->at[k].leg.id == l->id && far->at[k].leg.leg == l->leg)
                    leg->credit = (struct account_ref){ far->at[k].leg.county,
                                                        far->at[k].leg.credit };
        }
        op.post.n++;
    }
    assert_ok(store_write(r->to->t.store, books_run, &op, &e), e);
}

/* Every leg of the transfer in another county is the next there. */
static bool all_next(struct replay *r, const struct log *home)
{
    const struct logged *x = &home->at[home->next];
    size_t n = legs_together(home);
    for (size_t i = 0; i < n; i++) {
        const struct leg *l = &x[i].leg;
        int64_t other = l->kind == LEG_RETURN ? l->debit : l->credit;
        if (!begins_here(l)) return false;
        if (!is_transit(other)) continue;
        const struct log *far = log_of(r, transit_county(other));
        if (far != home && (far->next >= far->n || far->at[far->next].leg.id != l->id))
            return false;
    }
    return true;
}

static void pass_by(struct log *l, int64_t id)
{
    while (l->next < l->n && l->at[l->next].leg.id == id) l->next++;
}

static void post_all_again(struct replay *r)
{
    for (bool moved = true; moved;) {
        moved = false;
        for (int c = 0; c < 3; c++) {
            struct log *l = &r->log[c];
            while (l->next < l->n && all_next(r, l)) {
                int64_t id = l->at[l->next].leg.id;
                post_again(r, &l->at[l->next], legs_together(l));
                for (int k = 0; k < 3; k++) pass_by(&r->log[k], id);
                moved = true;
            }
        }
    }
    for (int c = 0; c < 3; c++) assert_int_equal(r->log[c].next, r->log[c].n);
}

static void the_log_posted_again_makes_the_same_books(enum engine engine)
{
    struct books b, again;
    struct oracle o;
    struct err e = { 0 };
    struct replay r = { .from = &b, .to = &again };
    books_open(&b, engine);
    oracle_open(&o, &b, 41);
    for (int done = 0; done < 400;) {
        struct step s;
        oracle_step(&o, &s.op, s.names);
        if (!s.op.wanted) continue;
        if (s.op.legs[0].n_lots) s.op.legs[0].lots = s.names;
        assert_ok(store_write(b.t.store, books_run, &s.op, &e), e);
        done++;
    }
    twin_open(&again, &o, engine);
    for (int c = 0; c < 3; c++) {
        struct val v = val_int(books_counties[c]);
        r.log[c].county = books_counties[c];
        assert_ok(db_query(b.d, ledger_sql(LEDGER_COUNTY_TRANSFERS), &v, 1, take_logged, &r.log[c],
                           &e), e);
    }
    post_all_again(&r);
    assert_same_books(&b, &again, &o);
    for (int c = 0; c < 3; c++) log_free(&r.log[c]);
    oracle_close(&o);
    books_close(&b);
    books_close(&again);
}
STORE_TEST(the_log_posted_again_makes_the_same_books)

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(two_transactions_make_the_same_books),
        STORE_TESTS(what_is_under_way_is_seen), STORE_TESTS(an_id_that_is_taken_there_holds_up_nobody),
        STORE_TESTS(a_return_under_way_is_seen), STORE_TESTS(a_return_begun_afar_comes_home),
        STORE_TESTS(the_log_posted_again_makes_the_same_books) };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
