/* Dockings: of no need and no offer more is taken than there is, whatever is written in which order. */
#include "rows.h"

#include "base/date.h"
#include "base/random.h"
#include "programme/pairing/needs.h"

enum { NEEDS = 3, OFFERS = 3, DOCKINGS = 8, STEPS = 300 };

/* 0 = not there. */
struct plan {
    int need[NEEDS], offer[OFFERS];
    struct { int need, offer, taken; bool there, failed; } k[DOCKINGS];
};

static bool fits(const struct plan *p)
{
    for (int i = 0; i < NEEDS; i++) {
        int n = 0;
        for (int k = 0; k < DOCKINGS; k++)
            if (p->k[k].there && !p->k[k].failed && p->k[k].need == i) n += p->k[k].taken;
        if (n > p->need[i]) return false;
    }
    for (int i = 0; i < OFFERS; i++) {
        int n = 0;
        for (int k = 0; k < DOCKINGS; k++)
            if (p->k[k].there && !p->k[k].failed && p->k[k].offer == i) n += p->k[k].taken;
        if (n > p->offer[i]) return false;
    }
    return true;
}

static const char *text_of(const struct plan *p, int what, int i, struct arena *a)
{
    if (what == 0)
        return arena_printf(a, "code=N%d; place=65322410322%d; title=x; focus=medical; quantity=%d", i,
                            i, p->need[i]);
    if (what == 1)
        return arena_printf(a, "code=O%d; place=653200; kind=technology; focus=medical; quantity=%d",
                            i, p->offer[i]);
    return arena_printf(a, "code=K%d; need=N%d; offer=O%d; taken=%d; state=%s; reason=%s; "
                        "ended_on=2020-05-01; proposed_on=2020-04-01", i, p->k[i].need, p->k[i].offer,
                        p->k[i].taken, p->k[i].failed ? "failed" : "proposed",
                        p->k[i].failed ? "r" : "");
}

static void check_left(struct programme *p, const struct plan *plan, struct arena *a)
{
    struct need_book n;
    struct err e = { 0 };
    assert_ok(needs_read(&n, p->db, p->model, 18500, a, &e), e);
    for (int i = 0; i < NEEDS; i++) {
        int left = plan->need[i];
        for (int k = 0; k < DOCKINGS; k++)
            if (plan->k[k].there && !plan->k[k].failed && plan->k[k].need == i) left -= plan->k[k].taken;
        const struct demand *d = needs_find(&n, arena_printf(a, "N%d", i));
        assert_non_null(d);
        assert_int_equal(d->left_quantity, left);
        assert_true(left >= 0);
    }
    for (int i = 0; i < OFFERS; i++) {
        int left = plan->offer[i];
        for (int k = 0; k < DOCKINGS; k++)
            if (plan->k[k].there && !plan->k[k].failed && plan->k[k].offer == i) left -= plan->k[k].taken;
        const struct supply *s = offers_find(&n, arena_printf(a, "O%d", i));
        assert_non_null(s);
        assert_int_equal(s->left_quantity, left);
    }
    /* What is suggested can be docked: both have that much. */
    for (int i = 0; i < n.n_needs; i++) {
        struct fit *f;
        int count;
        assert_ok(needs_suggest(&n, &n.need[i], &f, &count, &e), e);
        for (int k = 0; k < count; k++) {
            assert_in_range(f[k].score, 1, 100);
            assert_true(f[k].quantity > 0 && f[k].quantity <= f[k].need->left_quantity &&
                        f[k].quantity <= f[k].offer->left_quantity);
            assert_true(k == 0 || f[k - 1].score >= f[k].score);
        }
    }
    needs_close(&n);
}

static void random_step(struct plan *to, struct random *r, int *what, int *i, bool *fresh)
{
    *what = (int)random_below(r, 4);
    *fresh = false;
    if (*what > 1) {
        *what = 2;
        *i = (int)random_below(r, DOCKINGS);
        *fresh = !to->k[*i].there;
        if (*fresh) {
            to->k[*i].need = (int)random_below(r, NEEDS);
            to->k[*i].offer = (int)random_below(r, OFFERS);
        }
        to->k[*i].there = true;
        to->k[*i].taken = 1 + (int)random_below(r, 8);
        to->k[*i].failed = random_below(r, 3) == 0;
        return;
    }
    *i = (int)random_below(r, *what ? OFFERS : NEEDS);
    *(*what ? &to->offer[*i] : &to->need[*i]) = 1 + (int)random_below(r, 20);
}

static void never_more_than_there_is(enum engine engine)
{
    static const char *const entity[] = { "need", "offer", "docking" };
    struct programme p;
    struct plan now = { .need = { 10, 10, 10 }, .offer = { 10, 10, 10 } };
    struct random r;
    struct arena a = { 0 };
    int refused = 0;
    programme_open(&p, engine);
    random_seed(&r, 7);
    for (int i = 0; i < NEEDS; i++) put(&p, "need", text_of(&now, 0, i, &a));
    for (int i = 0; i < OFFERS; i++) put(&p, "offer", text_of(&now, 1, i, &a));
    for (int step = 0; step < STEPS; step++) {
        struct plan to = now;
        struct err e = { 0 };
        int what, i;
        bool fresh;
        random_step(&to, &r, &what, &i, &fresh);
        const char *text = text_of(&to, what, i, &a);
        bool ok = fresh ? try_put(&p, entity[what], text, &e) : try_change(&p, entity[what], text, &e);
        if (ok != fits(&to)) fail_msg("step %d, %s %s: %s", step, entity[what], text,
                                      ok ? "taken" : e.message);
        if (ok) now = to;
        else refused++;
        if (step % 20 == 0) check_left(&p, &now, &a);
        arena_reset(&a);
    }
    assert_true(refused > STEPS / 20);
    check_left(&p, &now, &a);
    arena_free(&a);
    programme_close(&p);
}
STORE_TEST(never_more_than_there_is)

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(never_more_than_there_is) };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
