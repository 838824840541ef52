/* Releases on both engines: frozen, approved, corrected; and what the proof of a file finds when a
 * digit, a line or a sum of it was changed. */
#include "releases.h"

#include "base/random.h"

static const char *const examples[] = { "examples/tianjin-2020", "examples/shenzhen-guangxi-2020" };

static void make(struct programme *p, const char *name, const char *corrects, struct release_made *m)
{
    struct release_world w = world_of(p);
    struct figure_query *q;
    struct err e = { 0 };
    struct release_wish wish = { .name = name, .by = "Li", .n = all_queries(p, &q), .claims = true,
                                 .corrects = corrects, .reason = corrects ? "late returns" : NULL };
    wish.queries = q;
    assert_ok(release_make(&w, &wish, m, &e), e);
    free(q);
}

static void approve(struct programme *p, const char *name)
{
    struct release_world w = world_of(p);
    struct err e = { 0 };
    assert_ok(release_approve(&w, name, "Wang", &e), e);
}

static void a_release_is_frozen(enum engine engine)
{
    struct programme p;
    struct release_made m;
    struct told told;
    programme_open(&p, engine);
    programme_load(&p, examples, 2);
    make(&p, "2020", NULL, &m);
    assert_int_equal(m.figures, 5 * figures_count(p.figures));
    assert_in_range(m.claims, 50, 200);
    struct text before = release_text(&p, "2020");
    assert_int_equal(check_text(before.p, before.n, &told), 1);
    assert_string_equal(strchr(told.first, ':'), ": the end: nobody has approved it");
    approve(&p, "2020");
    put(&p, "allocation", "code=X-1; place=653224; stage=received; amount=5; valid_from=2020-05-01; "
        "valid_to=2020-05-01");
    struct text after = release_text(&p, "2020");
    assert_int_equal(check_text(after.p, after.n, &told), 0);
    assert_memory_equal(after.p, before.p, before.n); /* what is there stays, whatever comes */
    free(before.p);
    free(after.p);
    programme_close(&p);
}
STORE_TEST(a_release_is_frozen)

static bool change_row(struct tx *tx, void *arg, struct err *e)
{
    struct programme *p = arg;
    const struct table_map *m = model_find(p->model, "publication");
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct release_row r;
    struct arena a = { 0 };
    bool found;
    bool ok = release_find(tx_db(tx), &scope_all, "2020", &a, &r, e) &&
              row_get(tx_db(tx), m, 0, r.id, &a, row, &found, e);
    row[m->column[RELEASE_MADE_BY]] = val_text("Zhao");
    ok = ok && row_update(tx, p->model, m, row, 0, e);
    arena_free(&a);
    return ok;
}

static bool run_script(struct tx *tx, void *arg, struct err *e)
{
    struct stmt s = stmt_composed(STMT_REF, arg);
    return tx_exec(tx, &s, NULL, 0, NULL, e);
}

static void what_is_released_stays(enum engine engine)
{
    struct programme p;
    struct release_made m;
    struct err e = { 0 };
    programme_open(&p, engine);
    programme_load(&p, examples, 1);
    make(&p, "2020", NULL, &m);
    assert_err(store_write(p.store.store, change_row, &p, &e), e, ERR_FORBIDDEN);
    static char *const scripts[] = { "update publication set made_by = 'Zhao' where county = 0",
                                     "delete from publication_item where county = 0",
                                     "update publication_item set body = '{}' where county = 0" };
    for (size_t i = 0; i < 3; i++)
        assert_err(store_write(p.store.store, run_script, scripts[i], &e), e, ERR_FORBIDDEN);
    programme_close(&p);
}
STORE_TEST(what_is_released_stays)

struct wrong { const char *name, *by, *corrects, *reason, *figure; enum err_code code; const char *says; };

static void bad_wishes_are_refused(enum engine engine)
{
    static const struct wrong all[] = {
        { "2020", "Li", NULL, NULL, "aid_received", ERR_CONFLICT, "already" },
        { "b", "", NULL, NULL, "aid_received", ERR_USAGE, "who makes it" },
        { "b", "Li", "2020", NULL, "aid_received", ERR_USAGE, "why is 2020 corrected" },
        { "b", "Li", NULL, "so", "aid_received", ERR_USAGE, "--corrects" },
        { "b", "Li", "2021", "so", "aid_received", ERR_NOT_FOUND, "no release \"2021\" (did you mean" },
        { "b", "Li", "2020", "so", "aid_received", ERR_INVALID, "nothing to correct" },
        { "b", "Li", NULL, NULL, "aid_recieved", ERR_NOT_FOUND, "did you mean \"aid_received\"" },
        { "b", "Li", NULL, NULL, NULL, ERR_USAGE, "of nothing" },
    };
    struct programme p;
    struct err e = { 0 };
    struct release_made m;
    programme_open(&p, engine);
    programme_load(&p, examples, 1);
    struct release_world w = world_of(&p);
    struct figure_query q = { .name = "aid_received", .from = DATE_MIN, .to = DATE_MAX };
    struct release_wish good = { .name = "2020", .by = "Li", .queries = &q, .n = 1 };
    assert_ok(release_make(&w, &good, &m, &e), e);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        q.name = all[i].figure;
        struct release_wish bad = { .name = all[i].name, .by = all[i].by, .queries = &q,
            .n = all[i].figure != NULL, .corrects = all[i].corrects, .reason = all[i].reason };
        assert_err(release_make(&w, &bad, &m, &e), e, all[i].code);
        if (!strstr(e.message, all[i].says)) fail_msg("%zu: %s", i, e.message);
    }
    assert_err(release_approve(&w, "2020", "li", &e), e, ERR_FORBIDDEN);
    approve(&p, "2020");
    assert_err(release_approve(&w, "2020", "Wang", &e), e, ERR_CONFLICT);
    assert_ok(release_approve(&w, "2020", "Wan", &e), e);
    assert_err(release_approve(&w, "2021", "Wang", &e), e, ERR_NOT_FOUND);
    programme_close(&p);
}
STORE_TEST(bad_wishes_are_refused)

static int count(const char *text, const char *what)
{
    int n = 0;
    for (const char *p = text; (p = strstr(p, what)) != NULL; p++) n++;
    return n;
}

static void a_correction_says_what_changed(enum engine engine)
{
    struct programme p;
    struct release_made m;
    struct told told;
    programme_open(&p, engine);
    programme_load(&p, examples, 1);
    make(&p, "old", NULL, &m);
    approve(&p, "old");
    struct text old = release_text(&p, "old");
    put(&p, "allocation", "code=X-1; place=653224; stage=received; amount=12.34; "
        "valid_from=2020-05-01; valid_to=2020-05-01");
    make(&p, "new", "old", &m);
    approve(&p, "new");
    struct text new = release_text(&p, "new"), same = release_text(&p, "old");
    assert_int_equal(check_text(new.p, new.n, &told), 0);
    assert_int_equal(same.n, old.n);
    assert_memory_equal(same.p, old.p, old.n);
    assert_int_equal(count(new.p, "\"kind\":\"change\""), (int)m.changes);
    /* The nation, the prefecture and the county have it; Gansu has not. */
    assert_int_equal(count(new.p, "\"what\":\"changed\",\"figure\":\"aid_received\""), 3);
    assert_true(count(new.p, "\"difference\":\"12.34\"") >= 3);
    assert_non_null(strstr(new.p, "\"corrects\":\"old\""));
    free(old.p);
    free(new.p);
    free(same.p);
    programme_close(&p);
}
STORE_TEST(a_correction_says_what_changed)

/* --- a file that was changed --- */

static struct text sample(void)
{
    struct programme p;
    struct release_made m;
    programme_open(&p, ENGINE_SQLITE);
    programme_load(&p, examples, 2);
    make(&p, "2020", NULL, &m);
    approve(&p, "2020");
    struct text t = release_text(&p, "2020");
    programme_close(&p);
    return t;
}

static int line_of(const struct text *t, size_t at)
{
    int line = 1;
    for (size_t i = 0; i < at; i++) line += t->p[i] == '\n';
    return line;
}

static void a_changed_digit_is_named(void **state)
{
    struct text t = sample();
    struct random x;
    struct told told;
    (void)state;
    random_seed(&x, 202);
    assert_int_equal(check_text(t.p, t.n, &told), 0);
    for (int round = 0; round < 30;) {
        size_t at = (size_t)random_below(&x, t.n);
        char was = t.p[at];
        if (was < '0' || was > '9') continue;
        char want[40];
        t.p[at] = (char)('0' + (was - '0' + 1 + (int)random_below(&x, 9)) % 10);
        int64_t faults = check_text(t.p, t.n, &told);
        snprintf(want, sizeof want, "line %d: ", line_of(&t, at));
        if (faults == 0 || (faults > 0 && strncmp(told.first, want, strlen(want)) != 0))
            fail_msg("byte %zu (%s): %lld faults: %s", at, want, (long long)faults, told.first);
        t.p[at] = was;
        round++;
    }
    free(t.p);
}

static void lines_that_go_or_come_are_found(void **state)
{
    struct text t = sample();
    struct random x;
    struct told told;
    (void)state;
    random_seed(&x, 7);
    char *copy = malloc(2 * t.n);
    for (int round = 0; round < 20; round++) {
        size_t from = (size_t)random_below(&x, t.n - 1), to = from;
        while (from && t.p[from - 1] != '\n') from--;
        while (t.p[to] != '\n') to++;
        to++;
        size_t n = t.n;
        memcpy(copy, t.p, t.n);
        if (round % 2) { /* the line goes */
            memmove(copy + from, copy + to, t.n - to);
            n -= to - from;
        } else { /* it comes twice */
            memmove(copy + to, copy + from, t.n - from);
            n += to - from;
        }
        assert_int_not_equal(check_text(copy, n, &told), 0);
        size_t cut = (size_t)random_below(&x, t.n - 1) + 1;
        assert_int_not_equal(check_text(t.p, cut, &told), 0);
    }
    free(copy);
    free(t.p);
}

/* Whoever seals all anew still has to get the sums right. */
static void sums_are_checked(void **state)
{
    static const struct { const char *what, *to, *says; } all[] = {
        { "\"recorded\":", "9", "its parts come to" },
        { "\"one_sided\":\"", "9", "its parts come to" },
        { "\"numerator\":\"", "9", "do not come to the numerator" },
        { "\"unit\":\"village\",\"is\":\"count\",\"decimals\":0", NULL, "decimals" },
        { "\"version\":\"", "0", "version" },
        { "\"sign\":1", NULL, "sign" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct text t = sample();
        struct told told;
        char *at = strstr(t.p, all[i].what) + strlen(all[i].what);
        if (!all[i].to) at[-1] = '7';
        else if (*at == all[i].to[0]) *at = '1';
        else *at = all[i].to[0];
        seal_anew(&t);
        int64_t faults = check_text(t.p, t.n, &told);
        if (faults <= 0 || !strstr(told.first, all[i].says))
            fail_msg("%s: %lld faults: %s", all[i].what, (long long)faults, told.first);
        free(t.p);
    }
    struct text t = sample();
    struct told told;
    seal_anew(&t);
    assert_int_equal(check_text(t.p, t.n, &told), 0);
    free(t.p);
}

static void what_is_no_release_is_refused(void **state)
{
    static const struct { const char *text, *says; } all[] = {
        { "x", "no release" }, { "\n\n", "no release" }, { "{}\n", "no release" },
        { "{\"kind\":\"figure\",\"hash\":\"0000000000000000000000000000000000000000000000000000000000"
          "000000\"}\n", "no release" },
        { "{\"kind\":\"release\",\"format\":2,\"hash\":\"00000000000000000000000000000000000000000000"
          "00000000000000000000\"}\n", "newer" },
        { "{\"kind\":\"release\",\"format\":\"1\",\"hash\":\"000000000000000000000000000000000000000000"
          "0000000000000000000000\"}\n", "no release" },
    };
    struct told told;
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        assert_int_equal(check_text(all[i].text, strlen(all[i].text), &told), -1);
        if (!strstr(told.first, all[i].says)) fail_msg("%zu: %s", i, told.first);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(a_release_is_frozen),
        STORE_TESTS(what_is_released_stays),
        STORE_TESTS(bad_wishes_are_refused),
        STORE_TESTS(a_correction_says_what_changed),
        cmocka_unit_test(a_changed_digit_is_named),
        cmocka_unit_test(lines_that_go_or_come_are_found),
        cmocka_unit_test(sums_are_checked),
        cmocka_unit_test(what_is_no_release_is_refused),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
