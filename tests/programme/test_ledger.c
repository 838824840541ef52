/* The ledger by example: what is posted, what is refused and by which rule, and the way back. */
#include "programme/books.h"
#include "programme/money/trace.h"
#include "store/tamper.h"
#include "support/shadow.h"

struct small { struct books b; struct account_ref giver, pot, other, project, home, far; };

static void small_open(struct small *s, enum engine engine)
{
    books_open(&s->b, engine);
    s->giver = books_account(&s->b, "T-GIVER", COUNTY_A, "outside", NULL);
    s->pot = books_account(&s->b, "T-POT", COUNTY_A, "place", NULL);
    s->other = books_account(&s->b, "T-OTHER", COUNTY_A, "place", NULL);
    s->project = books_account(&s->b, "T-PROJECT", COUNTY_A, "project", NULL);
    s->home = books_account(&s->b, "T-HOME", COUNTY_A, "household", NULL);
    s->far = books_account(&s->b, "T-FAR", COUNTY_B, "place", NULL);
}

static void assert_rule(bool ok, const struct err *e, const char *rule)
{
    if (ok) fail_msg("it was not refused by rule %s", rule);
    if (strcmp(e->field, rule) != 0)
        fail_msg("not rule %s: %s: %s", rule, err_name(e->code), e->message);
}

static void money_goes_from_hand_to_hand(enum engine engine)
{
    struct small s;
    struct err e = { 0 };
    small_open(&s, engine);
    assert_ok(books_move(&s.b, s.giver, s.pot, 100000, NULL, &e), e);
    assert_ok(books_move(&s.b, s.pot, s.project, 70000, NULL, &e), e);
    assert_ok(books_move(&s.b, s.project, s.home, 30000, NULL, &e), e);
    assert_int_equal(books_balance(&s.b, s.giver), -100000);
    assert_int_equal(books_balance(&s.b, s.pot), 30000);
    assert_int_equal(books_balance(&s.b, s.project), 40000);
    assert_int_equal(books_balance(&s.b, s.home), 30000);
    books_close(&s.b);
}
STORE_TEST(money_goes_from_hand_to_hand)

static void refusals_name_their_rule(enum engine engine)
{
    struct small s;
    struct err e = { 0 };
    small_open(&s, engine);
    struct account_ref tied = books_account(&s.b, "T-TIED", COUNTY_A, "place", "industry");
    struct account_ref medical = books_account(&s.b, "T-MEDICAL", COUNTY_A, "place", "medical");
    assert_ok(books_move(&s.b, s.giver, s.pot, 1000, NULL, &e), e);
    assert_rule(books_move(&s.b, s.pot, s.home, 1001, NULL, &e), &e, "overdraw");
    assert_rule(books_move(&s.b, s.pot, s.home, 0, NULL, &e), &e, "amount");
    assert_rule(books_move(&s.b, s.pot, s.home, -5, NULL, &e), &e, "amount");
    assert_rule(books_move(&s.b, s.pot, s.pot, 5, NULL, &e), &e, "account");
    struct account_ref nobody = { COUNTY_A, 4242424242 };
    assert_rule(books_move(&s.b, s.pot, nobody, 5, NULL, &e), &e, "account");
    assert_rule(books_move(&s.b, s.pot, (struct account_ref){ COUNTY_A, transit_to(COUNTY_B) }, 5,
                           NULL, &e),
                &e, "account");
    assert_ok(books_move(&s.b, s.pot, tied, 600, NULL, &e), e);
    assert_rule(books_move(&s.b, tied, medical, 5, NULL, &e), &e, "earmark");
    assert_rule(books_move(&s.b, tied, s.pot, 5, NULL, &e), &e, "earmark");
    assert_ok(books_move(&s.b, tied, s.project, 5, NULL, &e), e);
    int64_t balance = books_balance(&s.b, s.pot);
    assert_int_equal(balance, 400);
    books_close(&s.b);
}
STORE_TEST(refusals_name_their_rule)

static void the_same_id_is_posted_once(enum engine engine)
{
    struct small s;
    struct err e = { 0 };
    small_open(&s, engine);
    int64_t id = INT64_C(77) << 22;
    for (int again = 0; again < 3; again++) {
        struct books_op o = { .what = BOOKS_POST,
            .post = { .id = id, .code = "TJ-1", .day = s.b.day, .n = 1 },
            .legs = { { s.giver, s.pot, 500, NULL, NULL, 0 } } };
        if (again == 2) o.post.id = 0;
        assert_ok(store_write(s.b.t.store, books_run, &o, &e), e);
        assert_int_equal(o.post.done, again > 0);
        assert_int_equal(o.post.id, id);
    }
    struct books_op o = { .what = BOOKS_POST, .post = { .id = id, .day = s.b.day, .n = 1 },
        .legs = { { s.giver, s.pot, 501, NULL, NULL, 0 } } };
    assert_err(store_write(s.b.t.store, books_run, &o, &e), e, ERR_CONFLICT);
    assert_int_equal(books_balance(&s.b, s.pot), 500);
    books_close(&s.b);
}
STORE_TEST(the_same_id_is_posted_once)

static void a_promise_holds_money_back(enum engine engine)
{
    struct small s;
    struct err e = { 0 };
    int64_t by = 0;
    small_open(&s, engine);
    assert_ok(books_move(&s.b, s.giver, s.pot, 1000, NULL, &e), e);
    struct books_op o = { .what = BOOKS_POST,
                          .post = { .pending = true, .day = s.b.day, .n = 2 },
                          .legs = { { s.pot, s.project, 600, NULL, NULL, 0 },
                                    { s.pot, s.far, 300, NULL, NULL, 0 } } };
    assert_ok(store_write(s.b.t.store, books_run, &o, &e), e);
    struct ledger_balance b;
    assert_ok(ledger_balance_of(s.b.d, COUNTY_B, s.far.id, &b, &e), e);
    assert_int_equal(b.expected, 300);
    assert_rule(books_move(&s.b, s.pot, s.home, 101, NULL, &e), &e, "overdraw");
    assert_ok(books_act(&s.b, BOOKS_FULFIL, COUNTY_A, o.post.id, &by, &e), e);
    assert_ok(books_act(&s.b, BOOKS_FULFIL, COUNTY_A, o.post.id, &by, &e), e);
    assert_int_equal(books_balance(&s.b, s.project), 600);
    assert_int_equal(books_balance(&s.b, s.far), 300);
    assert_rule(books_act(&s.b, BOOKS_VOID, COUNTY_A, o.post.id, NULL, &e), &e, "ended");
    struct books_op more = { .what = BOOKS_POST,
                             .post = { .pending = true, .day = s.b.day, .n = 1 },
                             .legs = { { s.pot, s.project, 100, NULL, NULL, 0 } } };
    assert_ok(store_write(s.b.t.store, books_run, &more, &e), e);
    assert_ok(books_act(&s.b, BOOKS_VOID, COUNTY_A, more.post.id, NULL, &e), e);
    assert_ok(books_move(&s.b, s.pot, s.home, 100, NULL, &e), e);
    books_close(&s.b);
}
STORE_TEST(a_promise_holds_money_back)

static void what_was_passed_on_is_not_taken_back(enum engine engine)
{
    struct small s;
    struct err e = { 0 };
    int64_t given, allotted, sent, by = 0;
    small_open(&s, engine);
    assert_ok(books_move(&s.b, s.giver, s.pot, 1000, &given, &e), e);
    assert_ok(books_move(&s.b, s.pot, s.far, 400, &allotted, &e), e);
    struct account_ref there = books_account(&s.b, "T-THERE", COUNTY_B, "household", NULL);
    assert_ok(books_move(&s.b, s.far, there, 150, &sent, &e), e);
    assert_rule(books_act(&s.b, BOOKS_RETURN, COUNTY_A, given, NULL, &e), &e, "passed_on");
    assert_rule(books_act(&s.b, BOOKS_RETURN, COUNTY_A, allotted, NULL, &e), &e, "passed_on");
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)sent);
    assert_non_null(strstr(e.message, number));
    assert_rule(books_act(&s.b, BOOKS_RETURN, COUNTY_B, allotted, NULL, &e), &e, "ended");
    assert_ok(books_act(&s.b, BOOKS_CHAIN, COUNTY_A, allotted, &by, &e), e);
    assert_ok(books_act(&s.b, BOOKS_CHAIN, COUNTY_A, allotted, &by, &e), e);
    assert_rule(books_act(&s.b, BOOKS_CHAIN, COUNTY_A, allotted, NULL, &e), &e, "ended");
    assert_int_equal(books_balance(&s.b, s.pot), 1000);
    assert_int_equal(books_balance(&s.b, s.far), 0);
    assert_int_equal(books_balance(&s.b, there), 0);
    assert_ok(books_act(&s.b, BOOKS_RETURN, COUNTY_A, given, NULL, &e), e);
    assert_int_equal(books_balance(&s.b, s.giver), 0);
    books_close(&s.b);
}
STORE_TEST(what_was_passed_on_is_not_taken_back)

static bool post_given(struct tx *tx, void *arg, struct err *e)
{
    return ledger_post(tx, arg, e);
}

/* All of an unread account's money goes by name, new money comes, and some of that goes. */
static bool empty_and_fill(struct tx *tx, void *arg, struct err *e)
{
    struct small *s = arg;
    struct lot_name first = { 1, 0 };
    struct posting_leg legs[3] = { { s->pot, s->project, 1000, NULL, &first, 1 },
                                   { s->giver, s->pot, 500, NULL, NULL, 0 },
                                   { s->pot, s->home, 200, NULL, NULL, 0 } };
    for (int i = 0; i < 3; i++) {
        struct posting p = { .day = s->b.day, .legs = &legs[i], .n = 1 };
        if (!ledger_post(tx, &p, e)) return false;
    }
    return true;
}

static void an_emptied_account_begins_with_its_new_money(enum engine engine)
{
    struct small s;
    struct err e = { 0 };
    struct faults faults = { 0 };
    small_open(&s, engine);
    assert_ok(books_move(&s.b, s.giver, s.pot, 1000, NULL, &e), e);
    test_store_reopen(&s.b.t, NULL);
    s.b.d = test_db(&s.b.t, DB_READ);
    assert_ok(store_write(s.b.t.store, empty_and_fill, &s, &e), e);
    assert_ok(books_move(&s.b, s.pot, s.home, 300, NULL, &e), e);
    assert_int_equal(books_balance(&s.b, s.pot), 0);
    assert_ok(ledger_verify(s.b.d, &faults, &e), e);
    assert_int_equal(faults.n, 0);
    books_close(&s.b);
}
STORE_TEST(an_emptied_account_begins_with_its_new_money)

/* Hundreds of small lots in one pot: they are found again by a process that did not make them, over
 * more than one skip. */
static void many_lots_are_found_again(enum engine engine)
{
    struct small s;
    struct err e = { 0 };
    struct posting_leg legs[700];
    struct faults faults = { 0 };
    small_open(&s, engine);
    for (int i = 0; i < 700; i++)
        legs[i] = (struct posting_leg){ s.giver, i % 3 ? s.pot : s.other, 1 + i % 7, NULL, NULL, 0 };
    struct posting p = { .day = s.b.day, .legs = legs, .n = 700 };
    assert_ok(store_write(s.b.t.store, post_given, &p, &e), e);
    test_store_reopen(&s.b.t, NULL);
    s.b.d = test_db(&s.b.t, DB_READ);
    int64_t has = books_balance(&s.b, s.pot);
    for (int part = 0; part < 3; part++)
        assert_ok(books_move(&s.b, s.pot, s.home, has / 3, NULL, &e), e);
    has = books_balance(&s.b, s.other);
    assert_ok(books_move(&s.b, s.other, s.home, has, NULL, &e), e);
    assert_int_equal(books_balance(&s.b, s.other), 0);
    assert_ok(ledger_verify(s.b.d, &faults, &e), e);
    assert_int_equal(faults.n, 0);
    books_close(&s.b);
}
STORE_TEST(many_lots_are_found_again)

/* What a household received, by the ways it came: pieces that went the same way are one, and the largest comes first. */
static void ways_add_up(enum engine engine)
{
    struct small s;
    struct err e = { 0 };
    struct arena a = { 0 };
    struct spans got = { 0 };
    struct ways w;
    small_open(&s, engine);
    struct account_ref second = books_account(&s.b, "T-SECOND", COUNTY_A, "outside", NULL);
    const struct { struct account_ref from, to; int64_t amount; int day; } moves[] = {
        { s.giver, s.pot, 1000, 0 }, { second, s.pot, 500, 0 }, { s.giver, s.other, 300, 0 }, { second, s.other, 100, 0 },
        { s.pot, s.home, 200, 5 }, { s.pot, s.home, 900, 3 }, { s.pot, s.home, 50, 9 }, { s.other, s.home, 400, 4 },
        { s.pot, s.far, 150, 0 }, { s.far, s.home, 150, 6 } };
    static const struct { int64_t amount; int n, pieces, first, last; } wanted[] = {
        { 1000, 3, 2, 3, 5 }, { 300, 3, 1, 4, 4 }, { 150, 3, 2, 3, 9 }, { 150, 4, 1, 6, 6 }, { 100, 3, 1, 4, 4 } };
    int32_t day = s.b.day;
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        s.b.day = day + moves[i].day;
        assert_ok(books_move(&s.b, moves[i].from, moves[i].to, moves[i].amount, NULL, &e), e);
    }
    assert_ok(spans_of_account(s.b.d, s.home, &got, &e), e);
    assert_ok(ways_back(s.b.d, &got, 100, &a, &w, &e), e);
    assert_int_equal(w.n, 5);
    assert_int_equal(w.amount, 1700);
    for (int i = 0; i < w.n; i++) {
        assert_int_equal(w.at[i].amount, wanted[i].amount);
        assert_int_equal(w.at[i].n, wanted[i].n);
        assert_int_equal(w.at[i].pieces, wanted[i].pieces);
        assert_int_equal(w.at[i].first, day + wanted[i].first);
        assert_int_equal(w.at[i].last, day + wanted[i].last);
        assert_int_equal(w.at[i].at[w.at[i].n - 1].id, s.home.id);
        assert_true(w.at[i].at[0].id == s.giver.id || w.at[i].at[0].id == second.id);
    }
    assert_err(ways_back(s.b.d, &got, 2, &a, &w, &e), e, ERR_FULL);
    free(got.at);
    arena_free(&a);
    books_close(&s.b);
}
STORE_TEST(ways_add_up)

/* A kind of holder that the program does not know holds money all the same, as one of the world outside does; and a
 * head that an older program left says of no leg that it is behind. */
static void what_others_wrote_is_read(enum engine engine)
{
    struct small s;
    struct err e = { 0 };
    struct faults faults = { 0 };
    small_open(&s, engine);
    struct account_ref odd = books_account(&s.b, "T-ODD", COUNTY_A, "place", NULL);
    tamper(&s.b.t, "update ledger_account set holder_kind = 'kinship' where code = 'T-ODD'");
    assert_ok(books_move(&s.b, s.giver, odd, 1000, NULL, &e), e);
    tamper(&s.b.t, "update ledger_head set settled = null");
    test_store_reopen(&s.b.t, NULL);
    s.b.d = test_db(&s.b.t, DB_READ);
    assert_ok(books_move(&s.b, odd, s.home, 400, NULL, &e), e);
    assert_int_equal(books_balance(&s.b, odd), 600);
    assert_ok(ledger_verify(s.b.d, &faults, &e), e);
    assert_int_equal(faults.n, 0);
    books_close(&s.b);
}
STORE_TEST(what_others_wrote_is_read)

/* Another connection's posting is seen, and what makes an account when it is changed. */
static void memory_is_checked(enum engine engine)
{
    struct small s;
    struct err e = { 0 };
    struct store *elsewhere;
    small_open(&s, engine);
    assert_ok(books_move(&s.b, s.giver, s.pot, 1000, NULL, &e), e);
    struct books_op o = { .what = BOOKS_POST, .post = { .day = s.b.day, .n = 1 },
                          .legs = { { s.pot, s.home, 900, NULL, NULL, 0 } } };
    assert_ok(store_open(&elsewhere, s.b.t.url, &(struct store_options){ 0 }, &e), e);
    assert_ok(store_write(elsewhere, books_run, &o, &e), e);
    store_close(elsewhere);
    assert_rule(books_move(&s.b, s.pot, s.home, 101, NULL, &e), &e, "overdraw");
    assert_ok(books_move(&s.b, s.pot, s.home, 100, NULL, &e), e);
    assert_int_equal(books_balance(&s.b, s.home), 1000);
    books_close(&s.b);
}
STORE_TEST(memory_is_checked)

static void what_cannot_be_posted(enum engine engine)
{
    struct small s;
    struct err e = { 0 };
    struct lot_name wrong[2] = { { 2, 0 }, { 1, 60 } };
    small_open(&s, engine);
    assert_ok(books_move(&s.b, s.giver, s.pot, 100, NULL, &e), e);
    assert_ok(books_move(&s.b, s.giver, s.other, 100, NULL, &e), e);
    struct posting_leg leg = { s.pot, s.home, 50, NULL, NULL, 0 };
    struct posting p = { .day = s.b.day, .legs = &leg };
    assert_rule(store_write(s.b.t.store, post_given, &p, &e), &e, "amount");
    p.n = 1;
    p.day = DATE_MAX + 1;
    assert_rule(store_write(s.b.t.store, post_given, &p, &e), &e, "day");
    p.day = s.b.day;
    leg.lots = wrong;
    leg.n_lots = 1;
    assert_rule(store_write(s.b.t.store, post_given, &p, &e), &e, "lot");
    leg.lots = wrong + 1;
    assert_rule(store_write(s.b.t.store, post_given, &p, &e), &e, "lot");
    wrong[1].amount = 200;
    leg.amount = 100;
    assert_rule(store_write(s.b.t.store, post_given, &p, &e), &e, "lot");
    leg.n_lots = 0;
    leg.earmark = "medical";
    assert_rule(store_write(s.b.t.store, post_given, &p, &e), &e, "earmark");
    struct posting_leg two[2] = { { s.pot, s.home, 1, NULL, NULL, 0 },
                                  { s.far, s.home, 1, NULL, NULL, 0 } };
    p = (struct posting){ .day = s.b.day, .legs = two, .n = 2 };
    assert_rule(store_write(s.b.t.store, post_given, &p, &e), &e, "account");
    int64_t nobody = 77;
    assert_err(books_act(&s.b, BOOKS_FULFIL, COUNTY_A, nobody, NULL, &e), e, ERR_NOT_FOUND);
    assert_err(books_act(&s.b, BOOKS_RETURN, COUNTY_A, nobody, NULL, &e), e, ERR_NOT_FOUND);
    books_close(&s.b);
}
STORE_TEST(what_cannot_be_posted)

/* More than a number can hold, moved or promised. */
static void no_sum_overflows(enum engine engine)
{
    enum { LEGS = 9300 };
    struct small s;
    struct err e = { 0 };
    struct posting_leg *legs = mem_alloc(LEGS * sizeof *legs);
    small_open(&s, engine);
    for (int i = 0; i < LEGS; i++)
        legs[i] = (struct posting_leg){ s.giver, s.pot, ENTITY_INT_MAX, NULL, NULL, 0 };
    struct posting p = { .day = s.b.day, .legs = legs, .n = LEGS };
    assert_rule(store_write(s.b.t.store, post_given, &p, &e), &e, "overflow");
    p = (struct posting){ .day = s.b.day, .legs = legs, .n = LEGS, .pending = true };
    assert_rule(store_write(s.b.t.store, post_given, &p, &e), &e, "overflow");
    /* What one gives to two, and what two promise to one. */
    for (int i = 0; i < LEGS; i += 2) legs[i].credit = s.other;
    p = (struct posting){ .day = s.b.day, .legs = legs, .n = LEGS };
    assert_rule(store_write(s.b.t.store, post_given, &p, &e), &e, "overflow");
    struct account_ref second = books_account(&s.b, "T-SECOND", COUNTY_A, "outside", NULL);
    for (int i = 0; i < LEGS; i += 2) legs[i] = (struct posting_leg){ second, s.pot, ENTITY_INT_MAX, NULL, NULL, 0 };
    p = (struct posting){ .day = s.b.day, .legs = legs, .n = LEGS, .pending = true };
    assert_rule(store_write(s.b.t.store, post_given, &p, &e), &e, "overflow");
    assert_int_equal(books_balance(&s.b, s.pot), 0);
    free(legs);
    books_close(&s.b);
}
STORE_TEST(no_sum_overflows)

/* To the far county and from there, under one id. */
static bool there_and_on(struct tx *tx, void *arg, struct err *e)
{
    struct small *s = arg;
    struct posting_leg there = { s->pot, s->far, 10, NULL, NULL, 0 }, on = { s->far, s->home, 10, NULL, NULL, 0 };
    struct posting first = { .day = s->b.day, .legs = &there, .n = 1 };
    if (!ledger_post(tx, &first, e)) return false;
    struct posting second = { .id = first.id, .day = s->b.day, .legs = &on, .n = 1 };
    return ledger_post(tx, &second, e);
}

/* An id or a code that another transfer has. */
static void taken_ids_are_told(enum engine engine)
{
    struct small s;
    struct err e = { 0 };
    int64_t first, second, mine;
    small_open(&s, engine);
    assert_ok(books_move(&s.b, s.giver, s.pot, 100, &first, &e), e);
    assert_ok(books_move(&s.b, s.giver, s.other, 100, &second, &e), e);
    struct posting_leg leg = { s.pot, s.project, 50, NULL, NULL, 0 };
    struct posting p = { .day = s.b.day, .legs = &leg, .n = 1, .pending = true, .code = "P" };
    assert_ok(store_write(s.b.t.store, post_given, &p, &e), e);
    mine = first;
    assert_err(books_act(&s.b, BOOKS_FULFIL, COUNTY_A, p.id, &mine, &e), e, ERR_CONFLICT);
    assert_err(books_act(&s.b, BOOKS_RETURN, COUNTY_A, second, &mine, &e), e, ERR_CONFLICT);
    assert_err(store_write(s.b.t.store, there_and_on, &s, &e), e, ERR_CONFLICT);
    assert_rule(books_act(&s.b, BOOKS_FULFIL, COUNTY_A, second, NULL, &e), &e, "ended");
    /* By an id that kept another promise. */
    struct posting_leg small = { s.pot, s.project, 5, NULL, NULL, 0 };
    struct posting two[2] = { { .day = s.b.day, .legs = &small, .n = 1, .pending = true },
                              { .day = s.b.day, .legs = &small, .n = 1, .pending = true } };
    int64_t by = 0;
    assert_ok(store_write(s.b.t.store, post_given, &two[0], &e), e);
    assert_ok(store_write(s.b.t.store, post_given, &two[1], &e), e);
    assert_ok(books_act(&s.b, BOOKS_FULFIL, COUNTY_A, two[0].id, &by, &e), e);
    assert_ok(books_act(&s.b, BOOKS_FULFIL, COUNTY_A, two[0].id, &by, &e), e);
    assert_err(books_act(&s.b, BOOKS_FULFIL, COUNTY_A, two[1].id, &by, &e), e, ERR_CONFLICT);
    assert_rule(books_act(&s.b, BOOKS_RETURN, COUNTY_A, p.id, NULL, &e), &e, "ended");
    struct posting other = { .id = p.id + 1, .day = s.b.day, .legs = &leg, .n = 1, .code = "P" };
    assert_err(store_write(s.b.t.store, post_given, &other, &e), e, ERR_CONFLICT);
    /* Promised money does not go back to who gave it. */
    struct posting_leg all = { s.other, s.project, 100, NULL, NULL, 0 };
    struct posting hold = { .day = s.b.day, .legs = &all, .n = 1, .pending = true };
    assert_ok(store_write(s.b.t.store, post_given, &hold, &e), e);
    assert_rule(books_act(&s.b, BOOKS_RETURN, COUNTY_A, second, NULL, &e), &e, "promised");
    books_close(&s.b);
}
STORE_TEST(taken_ids_are_told)

static void nothing_is_edited(enum engine engine)
{
    struct small s;
    struct err e = { 0 };
    small_open(&s, engine);
    assert_ok(books_move(&s.b, s.giver, s.pot, 1000, NULL, &e), e);
    static const char *const attempts[] = { "update transfer set amount = 1",
                                            "delete from transfer", "update lot_use set amount = 1",
                                            "delete from lot_use" };
    for (int i = 0; i < 4; i++) {
        char sql[60];
        snprintf(sql, sizeof sql, "%s", attempts[i]);
        assert_err(store_write(s.b.t.store, test_script, sql, &e), e, ERR_FORBIDDEN);
    }
    books_close(&s.b);
}
STORE_TEST(nothing_is_edited)

struct told { char text[2000]; int n; };

static void keep_sentence(void *arg, const char *sentence)
{
    struct told *t = arg;
    size_t at = strlen(t->text);
    snprintf(t->text + at, sizeof t->text - at, "%s\n", sentence);
    t->n++;
}

/* Whoever goes round the program is named: changed rows by their digests, missing ones by the
 * numbering and the journal, balances by the legs. */
static void what_goes_round_the_program_is_named(enum engine engine)
{
    static const struct { const char *sql, *says;
    } deeds[] = {
        { "update transfer set amount = amount + 1 where seq = 2", "leg 2 of transfer" },
        { "update transfer set debit = credit where seq = 3", "leg 3 of transfer" },
        { "delete from transfer where seq = 2", "legs are missing before number 3" },
        { "delete from lot_use where to_lot = 6", "leg 6 moves 60000 fen, and its lots make 30000" },
        { "update lot_use set off = 1 where to_lot = 6", "the use of lot 5 by leg 6" },
        { "update lot_use set credit = 1 where to_lot = 6", "the use of lot 5 by leg 6" },
        { "update transfer set lot_off = 1 where seq = 3", "leg 3 of transfer" },
        { "update transfer set before_in = 1 where seq = 3",
          "leg 3 does not name the legs before it" },
        { "update ledger_balance set last_in = 1 where last_in = 2", "its last legs are" },
        { "update ledger_balance set balance = 5 where balance = 30000",
          "its stored balance is 5 fen" },
        { "update ledger_balance set front_off = 0 where front = 1", "front and marks make" },
        { "update transfer set lot = 99 where seq = 2", "leg 2 uses lot 99 of another account" },
        { "update transfer set taken = taken + 1 where seq = 6", "takes more of lot 4 than there is" },
        { "update transfer set lot_county = 653225 where seq = 3", "did not come from county 653225" },
        { "update transfer set kind = 3, about = 50 where seq = 3",
          "leg 3 is about a leg that is not there" },
        { "update transfer set kind = 5, about = 5 where seq = 6",
          "gives back of lot 4 what it did not take" },
        { "update lot_use set to_lot = 77 where to_lot = 6", "by leg 77, which is not there" },
        { "update lot_use set lot = 4, off = 0", "the same money of lot 4 is used twice" },
        { "update lot_taken set amount = amount + 1 where to_lot = 2",
          "lot_taken says that leg 2 took 70001 fen of lot 1, which the leg does not" },
        { "update lot_taken set credit = credit + 1 where to_lot = 2", "lot_taken says that leg 2" },
        { "delete from lot_taken where to_lot = 3", "lot_taken has not what leg 3 took" },
        { "insert into lot_taken select county, lot_county, lot, off + 1, to_lot, amount, back, id, "
          "credit, day from lot_taken where to_lot = 3", "lot_taken says that leg 3" },
        { "update lot_taken set county = 110105 where to_lot = 3",
          "ledger, county 110105: lot_taken says that leg 3" },
        { "delete from ledger_balance where balance = 40000", "has legs and no stored balance" },
        { "update ledger_head set seq = seq + 1", "ledger_head says leg 7" },
        { "delete from journal where kind = 6", "the journal knows 0 rows" },
        { "update journal set body = null where kind = 6", "" }, { "delete from ledger_head", "" },
        { "update ledger_head set settled = -1", "" }, { "update transfer set seq = 5000000000 where seq = 6", "" },
        { "update transfer set kind = 3, about = -1 where seq = 3", "" },
        { "update transfer set kind = 3, about = 0 where seq = 3", "" },
        { "update transfer set kind = 5, about = 99 where seq = 6", "" },
        { "update transfer set lot_off = -1 where seq = 3", "" }, { "update transfer set taken = -1 where seq = 3", "" },
        { "update transfer set lot_off = 99999999 where seq = 3", "" },
        { "update lot_use set amount = 0 where to_lot = 6", "" }, { "update lot_use set off = -1 where to_lot = 6", "" },
    };
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        struct small s;
        struct err e = { 0 };
        struct told t = { .n = 0 };
        struct faults faults = { keep_sentence, &t, 0 };
        small_open(&s, engine);
        assert_ok(books_move(&s.b, s.giver, s.pot, 100000, NULL, &e), e);
        assert_ok(books_move(&s.b, s.pot, s.project, 70000, NULL, &e), e);
        assert_ok(books_move(&s.b, s.project, s.home, 30000, NULL, &e), e);
        assert_ok(books_move(&s.b, s.giver, s.other, 30000, NULL, &e), e);
        assert_ok(books_move(&s.b, s.giver, s.other, 30000, NULL, &e), e);
        assert_ok(books_move(&s.b, s.other, s.home, 60000, NULL, &e), e);
        assert_ok(ledger_verify(s.b.d, &faults, &e), e);
        assert_int_equal(faults.n, 0);
        tamper(&s.b.t, deeds[i].sql);
        assert_ok(ledger_verify(s.b.d, &faults, &e), e);
        if (!t.n || !strstr(t.text, deeds[i].says)) fail_msg("%s is told as:\n%s", deeds[i].sql, t.text);
        assert_int_equal(t.n, faults.n);
        books_close(&s.b);
    }
}
STORE_TEST(what_goes_round_the_program_is_named)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(money_goes_from_hand_to_hand), STORE_TESTS(refusals_name_their_rule),
        STORE_TESTS(the_same_id_is_posted_once), STORE_TESTS(a_promise_holds_money_back),
        STORE_TESTS(what_was_passed_on_is_not_taken_back), STORE_TESTS(nothing_is_edited),
        STORE_TESTS(an_emptied_account_begins_with_its_new_money),
        STORE_TESTS(many_lots_are_found_again), STORE_TESTS(memory_is_checked),
        STORE_TESTS(ways_add_up), STORE_TESTS(what_others_wrote_is_read), STORE_TESTS(what_cannot_be_posted), STORE_TESTS(taken_ids_are_told),
        STORE_TESTS(no_sum_overflows),
        STORE_TESTS(what_goes_round_the_program_is_named),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
