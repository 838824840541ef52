/* kill -9 at random instants of a sliced load: whatever is left, readers see none of it, and the
 * next load comes to the same result as one that was never disturbed. */
#include "load_sample.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "base/random.h"

#define ROUNDS 12

static void put_many(const struct folder *f, int n)
{
    struct buf h, p;
    buf_init(&h, 1 << 22);
    buf_init(&p, 1 << 22);
    buf_str(&h, "code,place,head,cause,members,helper\n");
    buf_str(&p, "household,number,name,citizen_id,basis\n");
    for (int i = 0; i < n; i++) {
        int changed = i % 50 == 0;
        buf_printf(&h, "H%d,65%04d,%s,01,%d,O%d\n", i, 3201 + i % 40, changed ? "Changed" : "Same",
                   i % 5 + 1, i % 3);
        for (int k = 1; k <= i % 5 + 1; k++) buf_printf(&p, "H%d,%d,Name,,synthetic\n", i, k);
    }
    folder_put(f, "household.csv", h.p);
    folder_put(f, "person.csv", p.p);
    folder_put(f, "organisation.csv", "code,name,parent\nO0,Zero,O2\nO1,One,O2\nO2,Two,\n");
    buf_free(&h);
    buf_free(&p);
}

/* Rows that are there before, some of which the load changes. */
static void put_some(struct sample *s, const struct folder *f)
{
    struct buf h;
    buf_init(&h, 1 << 20);
    buf_str(&h, "code,place,head,cause,phone\n");
    for (int i = 0; i < 200; i += 50)
        buf_printf(&h, "H%d,65%04d,Before,02,13900001234\n", i, 3201 + i % 40);
    folder_put(f, "household.csv", h.p);
    assert_loaded(load_sum_up(s, f, "household.csv", NULL, NULL), 4, 0, 0, 0);
    buf_free(&h);
}

/* The child opens the store for itself, as another process would. */
static void load_in_child(const struct sample *s, const struct folder *f)
{
    struct store *store;
    struct load_report r;
    struct load_options opt = { .slice = 150 };
    struct err e = { 0 };
    const char *paths[1] = { f->path };
    bool ok = store_open(&store, s->t.url, &(struct store_options){ 0 }, &e) &&
              load_paths(s->model, store, paths, 1, &opt, &r, &e);
    _exit(ok ? 0 : 1);
}

/* What readers see is what was there before, or all of it. */
static void assert_all_or_nothing(struct sample *s, const char *before, const char *after)
{
    char *now = dump_all(s);
    if (strcmp(now, before) != 0 && strcmp(now, after) != 0)
        fail_msg("half a load is seen: %zu bytes, not %zu or %zu", strlen(now), strlen(before),
                 strlen(after));
    free(now);
}

static void survives_kill(enum engine engine)
{
    struct sample s, calm;
    struct folder f;
    struct random r;
    int killed = 0, took_back = 0;
    folder_open(&f);
    sample_open(&calm, engine);
    put_some(&calm, &f);
    char *before = dump_all(&calm);
    put_many(&f, 400);
    int64_t start = clock_ticks();
    struct load_options opt = { .slice = 150 };
    struct load_file_report want = load_sum_up(&calm, &f, NULL, &opt, NULL);
    int64_t whole = clock_ticks() - start;
    char *after = dump_all(&calm);
    sample_close(&calm);
    random_seed(&r, 7);
    for (int round = 0; round < ROUNDS; round++) {
        sample_open(&s, engine);
        put_some(&s, &f);
        put_many(&f, 400);
        pid_t child = fork();
        if (child == 0) load_in_child(&s, &f);
        int64_t wait = (int64_t)random_below(&r, (uint64_t)whole * 5 / 4);
        struct timespec t = { wait / 1000000000, wait % 1000000000 };
        nanosleep(&t, NULL);
        kill(child, SIGKILL);
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        killed += WIFSIGNALED(status);
        assert_all_or_nothing(&s, before, after);
        took_back += count_stored(&s, "load_run") > 0;
        struct load_file_report got = load_sum_up(&s, &f, NULL, NULL, NULL);
        if (got.unchanged == 0 || got.inserted) {
            assert_int_equal(got.inserted, want.inserted);
            assert_int_equal(got.changed, want.changed);
        }
        char *now = dump_all(&s);
        assert_string_equal(now, after);
        free(now);
        assert_int_equal(count_stored(&s, "load_run"), 0);
        assert_whole(&s);
        sample_close(&s);
    }
    print_message("%d of %d were killed, %d left a pending load\n", killed, ROUNDS, took_back);
    free(before), free(after);
    folder_close(&f);
}
STORE_TEST(survives_kill)

/* While a load runs in another process, readers see none of it until they see all of it, and a
 * second load is refused. */
static void hides_what_is_pending(enum engine engine)
{
    struct sample s;
    struct folder f, g;
    int busy = 0, looks = 0, status = 0;
    folder_open(&f);
    folder_open(&g);
    sample_open(&s, engine);
    put_some(&s, &f);
    char *before = dump_all(&s);
    put_many(&f, 1500);
    folder_put(&g, "document.csv", "code,title\nD1,One\n");
    pid_t child = fork();
    if (child == 0) load_in_child(&s, &f);
    while (waitpid(child, &status, WNOHANG) == 0) {
        struct load_report r;
        struct err e = { 0 };
        int64_t pending, seen = count_rows(&s, s.person);
        looks++;
        if (seen != 0 && seen != 4500) fail_msg("%lld of 4500 persons are seen", (long long)seen);
        if (seen == 0 && load_pending(s.db, &pending, &e) && pending > 0) {
            bool ok = try_load(&s, &g, NULL, NULL, &r, &e);
            if (!ok) assert_int_equal(e.code, ERR_BUSY);
            if (!ok && strstr(e.message, "load 2, begun")) busy++;
            if (ok) load_report_free(&r);
        }
    }
    assert_int_equal(WEXITSTATUS(status), 0);
    char *after = dump_all(&s);
    assert_string_not_equal(before, after);
    print_message("looked %d times, was refused %d times\n", looks, busy);
    assert_whole(&s);
    free(before), free(after);
    sample_close(&s);
    folder_close(&f);
    folder_close(&g);
}
STORE_TEST(hides_what_is_pending)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(survives_kill),
        STORE_TESTS(hides_what_is_pending),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
