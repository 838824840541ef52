/* Both sides: random words and changes on both databases, held against the plainest account of them. */
#include "rows.h"

#include "base/date.h"
#include "base/random.h"
#include "programme/sides/sides.h"

enum { RECORDS = 6, ORGS = 4, STEPS = 400 };

/* The helper, the seller, the county, and a county that has no part in it. */
static const char *const orgs[ORGS] = { "T-HELP", "T-SELL", "T-COUNTY", "T-OTHER" };
static const enum side acts[ORGS] = { SIDE_HELPER, SIDE_HELPED, SIDE_HELPED, SIDE_NONE };

struct said { bool any; enum says says; int64_t amount, quantity, own; };
struct record { int64_t amount, quantity; struct said by[ORGS]; };

struct world { struct programme p; struct record r[RECORDS]; int64_t org[ORGS]; struct arena a; };

/* What the row says now, and what a word took it to say. */
static bool agrees(const struct record *r, const struct said *s)
{
    int64_t amount = s->says == SAYS_CORRECTED ? s->own : s->amount;
    return r->quantity == s->quantity && r->amount == amount;
}

static bool holds(const struct record *r, const struct said *s)
{
    return agrees(r, s) ||
           (s->says == SAYS_CORRECTED && r->quantity == s->quantity);
}

static enum side reporter(const struct record *r)
{
    for (int i = 0; i < ORGS; i++)
        if (r->by[i].any && r->by[i].says == SAYS_REPORTED) return acts[i];
    return SIDE_HELPER;
}

static const char *expected(const struct record *r)
{
    int worst = 0;             /* confirmed 1, corrected 2, disputed 3 */
    static const char *const words[] = { "one_sided", "confirmed", "corrected", "disputed" };
    for (int i = 0; i < ORGS; i++) {
        const struct said *s = &r->by[i];
        if (!s->any || acts[i] == reporter(r) || !holds(r, s)) continue;
        int rank = s->says == SAYS_DISPUTED ? 3 : agrees(r, s) ? 1 : 2;
        if (rank > worst) worst = rank;
    }
    return words[worst];
}

static bool may_say(const struct record *r, int org, const struct said *s)
{
    bool any = false;
    for (int i = 0; i < ORGS; i++) any = any || r->by[i].any;
    if (acts[org] == SIDE_NONE) return false;
    if (s->says == SAYS_REPORTED) {
        const struct said *own = &r->by[org];
        return !any || (own->any && own->says == SAYS_REPORTED);
    }
    return acts[org] != reporter(r) && !(s->says == SAYS_CORRECTED && s->own == r->amount);
}

/* ---- the program ---- */

struct saying { struct world *w; struct confirm_request q; struct confirm_done done; };

static bool say(struct tx *tx, void *arg, struct err *e)
{
    struct saying *s = arg;
    return confirm(tx, s->w->p.model, &s->q, &s->w->a, &s->done, e);
}

static const char *code(struct world *w, int i) { return arena_printf(&w->a, "T-P%d", i); }

static void speak(struct world *w, int i, int org, enum says says, int64_t own)
{
    struct record *r = &w->r[i];
    struct said s = { true, says, r->amount, r->quantity, own };
    struct saying x = { .w = w, .q = { .entity = "purchase", .record = code(w, i), .says = says,
        .organisation = w->org[org], .reason = "reason", .on = 18000 } };
    struct err e = { 0 };
    if (says == SAYS_CORRECTED)
        x.q.correction = arena_printf(&w->a, "amount=%lld", (long long)own);
    bool ok = store_write(w->p.store.store, say, &x, &e), may = may_say(r, org, &s);
    if (ok != may)
        fail_msg("%s says %s of %s: %s", orgs[org], says_word(says), x.q.record,
                 ok ? "and may not" : e.message);
    if (ok) r->by[org] = s;
}

static const char *row_text(struct world *w, int i)
{
    return arena_printf(&w->a, "code=T-P%d; helper=T-HELP; seller=T-SELL; place=653224103222; "
                        "amount=%lld; quantity=%lld; valid_from=2020-03-01; valid_to=2020-03-01",
                        i, (long long)w->r[i].amount, (long long)w->r[i].quantity);
}

static bool typed(struct world *w, int i, const char *confirmation)
{
    struct err e = { 0 };
    struct one_row r = { &w->p, "purchase",
        arena_printf(&w->a, "%s; confirmation=%s", row_text(w, i), confirmation), true };
    return store_write(w->p.store.store, write_one, &r, &e);
}

static void alter(struct world *w, int i, uint64_t what)
{
    if (what % 2) w->r[i].amount = 100 * (1 + (int64_t)(what / 2 % 3));
    else w->r[i].quantity = 1 + (int64_t)(what / 2 % 2);
    assert_true(typed(w, i, ""));
}

/* ---- what must be so ---- */

static int64_t part_of(const struct world *w, const char *a, const char *b)
{
    int64_t sum = 0;
    for (int i = 0; i < RECORDS; i++) {
        const char *is = expected(&w->r[i]);
        if (strcmp(is, a) == 0 || strcmp(is, b) == 0) sum += w->r[i].amount * 100;
    }
    return sum;
}

static void check_figure(struct world *w)
{
    struct figure_query q = { .name = "purchases", .from = DATE_MIN, .to = DATE_MAX };
    struct figure_value v;
    struct err e = { 0 };
    assert_ok(figure_read(&w->p.context, w->p.db, &scope_all, &q, &v, &e), e);
    assert_int_equal(v.confirmed, part_of(w, "confirmed", "confirmed"));
    assert_int_equal(v.disputed, part_of(w, "corrected", "disputed"));
    assert_int_equal(v.one_sided, part_of(w, "one_sided", "one_sided"));
}

static void check_row(struct world *w, int i)
{
    const struct table_map *m = model_find(w->p.model, "purchase");
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct err e = { 0 };
    int64_t county, id;
    bool found;
    const char *c = code(w, i);
    assert_ok(ref_find(w->p.model, m, c, strlen(c), -1, w->p.db, &w->a, &county, &id, &e), e);
    assert_ok(row_get(w->p.db, m, county, id, &w->a, row, &found, &e), e);
    assert_true(found);
    assert_string_equal(field_write(w->p.model, m, m->common + COMMON_CONFIRMATION, row, w->p.db,
                                    &w->a), expected(&w->r[i]));
}

static bool count_item(void *arg, const struct side_item *i, struct err *e)
{
    (void)i, (void)e;
    ++*(int *)arg;
    return true;
}

static void check_lists(struct world *w)
{
    struct side_query q = { .mo = w->p.model, .d = w->p.db };
    struct err e = { 0 };
    int waiting = 0, against = 0, wait = 0, stand = 0;
    for (int i = 0; i < RECORDS; i++) {
        const struct record *r = &w->r[i];
        wait += strcmp(expected(r), "one_sided") == 0;
        for (int k = 0; k < ORGS; k++) {
            const struct said *s = &r->by[k];
            bool open = s->any && acts[k] != reporter(r) && holds(r, s);
            stand += open && (s->says == SAYS_DISPUTED ||
                              (s->says == SAYS_CORRECTED && !agrees(r, s)));
        }
    }
    assert_ok(sides_waiting(&q, count_item, &waiting, &e), e);
    assert_ok(sides_disputed(&q, count_item, &against, &e), e);
    assert_int_equal(waiting, wait);
    assert_int_equal(against, stand);
}

static void tell_fault(void *arg, const char *sentence)
{
    (void)arg;
    print_error("%s\n", sentence);
}

static void check_proofs(struct world *w)
{
    struct err e = { 0 };
    struct faults f = { tell_fault, NULL, 0 };
    assert_ok(sides_verify(w->p.model, w->p.db, &f, &e), e);
    assert_ok(entity_verify(w->p.model, w->p.db, &f, &e), e);
    assert_ok(figures_verify(&w->p.context, w->p.db, &f, &e), e);
    assert_int_equal(f.n, 0);
}

static void open_world(struct world *w, enum engine engine)
{
    static const char *const rows[ORGS] = { "code=T-HELP; kind=enterprise; place=110105",
        "code=T-SELL; kind=cooperative; place=653224", "code=T-COUNTY; kind=government; place=653224",
        "code=T-OTHER; kind=government; place=653225" };
    const struct table_map *m;
    struct err e = { 0 };
    int64_t county;
    memset(w, 0, sizeof *w);
    programme_open(&w->p, engine);
    m = model_find(w->p.model, "organisation");
    for (int i = 0; i < ORGS; i++) {
        struct one_row r = { &w->p, "organisation", rows[i], false };
        assert_ok(store_write(w->p.store.store, write_one, &r, &e), e);
        assert_ok(ref_find(w->p.model, m, orgs[i], strlen(orgs[i]), 0, w->p.db, &w->a, &county,
                           &w->org[i], &e), e);
    }
    for (int i = 0; i < RECORDS; i++) {
        w->r[i] = (struct record){ .amount = 100, .quantity = 1 };
        struct one_row r = { &w->p, "purchase", row_text(w, i), false };
        assert_ok(store_write(w->p.store.store, write_one, &r, &e), e);
    }
}

static void words_and_changes(enum engine engine)
{
    static struct world w;
    struct random rnd;
    open_world(&w, engine);
    random_seed(&rnd, 20200527);
    for (int step = 0; step < STEPS; step++) {
        int i = (int)random_below(&rnd, RECORDS), org = (int)random_below(&rnd, ORGS);
        uint64_t what = random_below(&rnd, 10);
        if (what < 2) alter(&w, i, random_below(&rnd, 12));
        else if (what == 2) {
            bool any = false;
            for (int k = 0; k < ORGS; k++) any = any || w.r[i].by[k].any;
            const char *is = expected(&w.r[i]);
            if (any) assert_int_equal(typed(&w, i, "disputed"), strcmp(is, "disputed") == 0);
        } else {
            enum says says = (enum says)random_below(&rnd, 4);
            speak(&w, i, org, says, 100 * (1 + (int64_t)random_below(&rnd, 3)));
        }
        check_row(&w, i);
        if (step % 20 == 0) check_figure(&w);
        if (step % 80 == 0) check_lists(&w), check_proofs(&w);
        arena_reset(&w.a);
    }
    check_lists(&w);
    check_proofs(&w);
    programme_close(&w.p);
    arena_free(&w.a);
}

STORE_TEST(words_and_changes)

/* Every entity that is said to have two sides, and every field that names an end, is there. */
static void ends_are_declared(void **s)
{
    struct test_model t;
    (void)s;
    test_model_open(&t);
    for (int i = 0; i < two_sided_count(); i++) {
        const struct table_map *m = model_find(t.model, two_sided_name(i));
        struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
        struct ends ends;
        if (!m) fail_msg("there is no %s", two_sided_name(i));
        assert_int_equal(m->n_key, 1);
        assert_int_equal(m->field[m->key[0]].type, F_TEXT);
        assert_true(m->common >= 0 && !(m->entity->flags & E_NO_SOURCE));
        int orgs_named = 0;
        for (int f = 0; f < m->fields; f++) {
            bool org = m->field[f].type == F_REF && m->field[f].ref &&
                       strcmp(m->field[f].ref, "organisation") == 0;
            if (org) row[m->column[f]] = val_int(1000 + f);
        }
        row_ends(m, row, &ends);
        for (int k = 0; k < ENDS_MAX; k++) {
            orgs_named += ends.org[SIDE_HELPER][k] != 0;
        }
        if (!orgs_named) fail_msg("%s names no helper", two_sided_name(i));
    }
    test_model_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_are_declared),
        STORE_TESTS(words_and_changes),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
