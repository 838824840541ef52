/* Longer work: its rows outlive the process that runs it, killed wherever it stands; stops, repeats, what
 * others see of it, and what is cleared away. */
#include "seats.h"

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "base/date.h"
#include "programme/job/job.h"
#include "support/users.h"

/* --- kinds of work --- */

static atomic_bool holds;             /* a run goes on until it is told to stop */

/* Leaves a mark for each run, then waits as long as it is to. */
static bool run(struct job_run *r, struct err *e)
{
    const struct timespec moment = { .tv_nsec = 2000000 };
    int fd = open(arena_printf(r->arena, "%s/runs", r->dir), O_WRONLY | O_CREAT | O_APPEND, 0600);
    bool ok = fd >= 0 && write(fd, "x", 1) == 1;
    if (fd >= 0) close(fd);
    for (int64_t i = 1; atomic_load(&holds); i++) {
        if (!job_told(r, i, 1000000)) return err_set(e, ERR_CONFLICT, "stopped");
        nanosleep(&moment, NULL);
    }
    if (strcmp(r->asked, "fail") == 0) return err_set(e, ERR_INVALID, "as it was asked");
    job_told(r, 7, 7);
    job_result(r, r->asked);
    return ok;
}

static const struct job_kind again_kind = { .name = "again", .en = "A", .zh = "甲", .lane = JOB_WRITES,
                                            .resumes = true, .run = run };
static const struct job_kind once_kind = { .name = "once", .en = "B", .zh = "乙", .lane = JOB_READS, .run = run };
static const struct job_kind *const kinds[] = { &again_kind, &once_kind };

/* --- a store with an account, and jobs over it --- */

struct world {
    struct seats s;
    struct seat seat;                 /* who asks */
    struct user user;
    struct scope scope;
    struct arena arena;
    char files[64];
};

static void world_open(struct world *w, enum engine engine)
{
    struct err e = { 0 };
    bool open = false;
    memset(w, 0, sizeof *w);
    programme_open(&w->s.p, engine);
    w->s.site = (struct site){ .version = "0", .assets = "/assets/x", .figures_version = "v", .zone = 480 };
    w->seat = (struct seat){ .site = &w->s.site, .db = w->s.p.db, .rows = test_db(&w->s.p.store, DB_READ),
                             .model = w->s.p.model, .context = w->s.p.context };
    snprintf(w->files, sizeof w->files, "/tmp/jiedui-jobs-XXXXXX");
    assert_non_null(mkdtemp(w->files));
    w->user.account = seats_account(&w->s, "officer", INT64_C(653224000000));
    assert_ok(account_user(&w->seat, w->user.account, &w->arena, &w->user, &open, &e), e);
    assert_true(open);
    atomic_store(&holds, false);
}

static void world_close(struct world *w)
{
    test_tree_remove(w->files);
    arena_free(&w->arena);
    programme_close(&w->s.p);
}

static struct jobs *start(struct world *w)
{
    struct err e = { 0 };
    struct jobs *j;
    const struct jobs_options o = { .dir = w->files, .kinds = kinds, .n_kinds = 2, .store = w->s.p.store.store,
                                    .seat_open = seat_open, .seat_close = seat_close, .seat_arg = &w->s };
    assert_ok(jobs_open(&j, &o, &e), e);
    w->seat.jobs = j;
    return j;
}

static struct request asks(struct world *w, const struct user *u)
{
    return (struct request){ .arena = &w->arena, .user = u, .scope = u->scope, .seat = &w->seat };
}

static int64_t ask(struct world *w, const struct job_kind *kind, const char *what)
{
    struct err e = { 0 };
    struct request q = asks(w, &w->user);
    const struct job_asked a = { .kind = kind, .title = "some work", .asked = what };
    int64_t id = 0;
    assert_ok(job_start(&q, &a, &id, &e), e);
    return id;
}

static struct job_view look(struct world *w, int64_t id)
{
    struct err e = { 0 };
    struct request q = asks(w, &w->user);
    struct job_view v;
    bool found;
    assert_ok(job_get(&q, id, &v, &found, &e), e);
    assert_true(found);
    return v;
}

/* As long as it takes, within a minute. */
static void comes_to(struct world *w, int64_t id, enum job_state state)
{
    const struct timespec moment = { .tv_nsec = 10000000 };
    for (int i = 0; i < 6000 && look(w, id).state != state; i++) nanosleep(&moment, NULL);
    assert_string_equal(job_state_code(look(w, id).state), job_state_code(state));
}

/* Its two jobs have ended in memory too, which comes a moment after their rows. */
static void jobs_rest(struct world *w, struct jobs *j, struct job_view v[2], uint64_t *version)
{
    const struct timespec moment = { .tv_nsec = 10000000 };
    for (int i = 0; i < 6000; i++) {
        assert_int_equal(jobs_changed(j, w->user.account, 0, v, 2, version), 2);
        if (v[0].state >= JOB_DONE && v[1].state >= JOB_DONE) return;
        nanosleep(&moment, NULL);
    }
    fail_msg("the tasks have not ended");
}

static int runs_of(struct world *w, int64_t id)
{
    struct stat st;
    return stat(arena_printf(&w->arena, "%s/%lld/runs", w->files, (long long)id), &st) == 0 ? (int)st.st_size : 0;
}

/* --- tests --- */

static void work_is_done_and_told(struct world *w)
{
    struct jobs *j = start(w);
    struct job_view v[2];
    uint64_t version;
    int64_t good = ask(w, &again_kind, "words"), bad = ask(w, &once_kind, "fail");
    comes_to(w, good, JOB_DONE);
    comes_to(w, bad, JOB_FAILED);
    assert_string_equal(look(w, good).result, "words");
    assert_int_equal(look(w, good).done, 7);
    assert_string_equal(look(w, bad).why, "as it was asked");
    jobs_rest(w, j, v, &version);
    assert_int_equal(jobs_changed(j, w->user.account, version, v, 2, &version), 0);
    assert_int_equal(jobs_changed(j, w->user.account + 1, 0, v, 2, &version), 0);
    jobs_close(j);
}

/* A child with jobs of its own dies by kill -9 while they stand as they do. */
static void dies(struct world *w, int64_t id[4])
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct err e = { 0 };
        struct store_options o = { 0 };
        struct store *s;
        if (!store_open(&s, w->s.p.store.url, &o, &e)) _exit(1);
        store_set_model(s, w->s.p.model);
        w->s.p.store.store = s;
        if (!seat_open(&w->s, &w->seat, &(void *){ NULL }, &e)) _exit(1);
        atomic_store(&holds, true);
        start(w);
        id[0] = ask(w, &again_kind, "first");
        id[1] = ask(w, &again_kind, "second");
        id[2] = ask(w, &once_kind, "third");
        id[3] = ask(w, &again_kind, "fourth");
        while (!runs_of(w, id[0]) || !runs_of(w, id[2])) usleep(2000);
        /* Asked to stop, and nobody heard of it. */
        bool found;
        if (!job_stop_row(s, id[3], &found, &e) || write(ends[1], id, 4 * sizeof *id) != 4 * sizeof *id) _exit(1);
        raise(SIGKILL);
    }
    int status;
    close(ends[1]);
    assert_int_equal(read(ends[0], id, 4 * sizeof *id), 4 * sizeof *id);
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void what_a_dead_process_left_goes_on(struct world *w)
{
    int64_t id[4];
    dies(w, id);
    assert_int_equal(runs_of(w, id[0]), 1);
    assert_int_equal(runs_of(w, id[1]), 0);
    struct jobs *j = start(w);
    comes_to(w, id[0], JOB_DONE);                /* begun anew */
    comes_to(w, id[1], JOB_DONE);                /* had waited */
    assert_int_equal(runs_of(w, id[0]), 2);
    assert_int_equal(runs_of(w, id[1]), 1);
    comes_to(w, id[2], JOB_CUT);                 /* is not begun twice by itself */
    assert_int_equal(runs_of(w, id[2]), 1);
    comes_to(w, id[3], JOB_STOPPED);
    struct request q = asks(w, &w->user);
    struct err e = { 0 };
    assert_ok(job_again(&q, id[2], NULL, &e), e);
    comes_to(w, id[2], JOB_DONE);
    assert_int_equal(runs_of(w, id[2]), 2);
    jobs_close(j);
}

/* A graceful end leaves what can be begun anew to the next start. */
static void an_orderly_end_leaves_it_to_the_next_start(struct world *w)
{
    atomic_store(&holds, true);
    struct jobs *j = start(w);
    int64_t one = ask(w, &again_kind, "one"), two = ask(w, &again_kind, "two");
    comes_to(w, one, JOB_RUNS);
    jobs_close(j);
    w->seat.jobs = NULL;
    assert_int_equal(look(w, one).state, JOB_WAITS);
    assert_int_equal(look(w, two).state, JOB_WAITS);
    atomic_store(&holds, false);
    j = start(w);
    comes_to(w, one, JOB_DONE);
    comes_to(w, two, JOB_DONE);
    jobs_close(j);
}

static void stops_and_repeats(struct world *w)
{
    struct err e = { 0 };
    struct request q = asks(w, &w->user);
    atomic_store(&holds, true);
    struct jobs *j = start(w);
    int64_t runs = ask(w, &again_kind, "runs"), waits = ask(w, &again_kind, "waits");
    comes_to(w, runs, JOB_RUNS);
    assert_err(job_again(&q, runs, NULL, &e), e, ERR_CONFLICT);
    assert_err(job_remove(&q, runs, &e), e, ERR_CONFLICT);
    assert_ok(job_stop(&q, waits, &e), e);
    comes_to(w, waits, JOB_STOPPED);
    assert_ok(job_stop(&q, runs, &e), e);
    comes_to(w, runs, JOB_STOPPED);
    assert_err(job_stop(&q, runs, &e), e, ERR_CONFLICT);
    assert_int_equal(runs_of(w, waits), 0);
    atomic_store(&holds, false);
    assert_ok(job_again(&q, waits, "other words", &e), e);
    comes_to(w, waits, JOB_DONE);
    assert_string_equal(look(w, waits).result, "other words");
    assert_ok(job_remove(&q, waits, &e), e);
    assert_int_equal(runs_of(w, waits), 0);
    jobs_close(j);
}

static void others_do_not_see_it(struct world *w)
{
    struct err e = { 0 };
    struct jobs *j = start(w);
    int64_t id = ask(w, &again_kind, "mine");
    comes_to(w, id, JOB_DONE);
    const struct user other = { .account = w->user.account + 1, .login = "o", .name = "O", .csrf = "",
                                .scope = w->user.scope };
    struct request q = asks(w, &other), admin = asks(w, &test_admin), nobody = asks(w, &test_nobody);
    struct job_view v[4];
    const struct job_page mine = { .most = 4 }, all = { .all = true, .most = 4 };
    bool found;
    int n;
    assert_ok(job_get(&q, id, v, &found, &e), e);
    assert_false(found);
    assert_ok(job_list(&q, &all, v, &n, &e), e);
    assert_int_equal(n, 0);
    assert_err(job_stop(&q, id, &e), e, ERR_NOT_FOUND);
    assert_err(job_again(&q, id, NULL, &e), e, ERR_NOT_FOUND);
    assert_err(job_remove(&q, id, &e), e, ERR_NOT_FOUND);
    assert_ok(job_list(&admin, &mine, v, &n, &e), e);
    assert_int_equal(n, 0);
    assert_ok(job_list(&admin, &all, v, &n, &e), e);
    assert_int_equal(n, 1);
    assert_string_equal(v[0].owner_name, "one");
    assert_err(job_again(&admin, id, NULL, &e), e, ERR_FORBIDDEN);
    assert_ok(job_list(&nobody, &all, v, &n, &e), e);
    assert_int_equal(n, 0);
    jobs_close(j);
}

static bool disable(struct tx *tx, void *arg, struct err *e)
{
    struct world *w = arg;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    bool found;
    if (!account_get(w->s.p.model, tx_db(tx), w->user.account, &w->arena, row, &found, e)) return false;
    row[ROW_FIRST + ACCOUNT_STATE] = val_text("disabled");
    return row_update(tx, w->s.p.model, model_find(w->s.p.model, "account"), row, 0, e);
}

static void nothing_is_done_for_who_may_not_any_more(struct world *w)
{
    static const struct place_range wide[] = { { INT64_C(620000000000), INT64_C(659999999999) } };
    static const struct scope more = { .role = ROLE_OFFICER, .range = wide, .ranges = 1 };
    struct err e = { 0 };
    atomic_store(&holds, true);
    struct jobs *j = start(w);
    int64_t first = ask(w, &again_kind, "first"), closed = ask(w, &again_kind, "closed");
    /* Asked by the same account when it saw more. */
    struct user was = w->user;
    was.scope = &more;
    struct request q = asks(w, &was);
    const struct job_asked a = { .kind = &once_kind, .title = "t", .asked = "narrowed" };
    int64_t narrowed;
    assert_ok(job_start(&q, &a, &narrowed, &e), e);
    comes_to(w, narrowed, JOB_FAILED);
    assert_non_null(strstr(look(w, narrowed).why, "has changed"));
    comes_to(w, first, JOB_RUNS);
    assert_ok(store_write(w->s.p.store.store, disable, w, &e), e);
    q = asks(w, &w->user);
    assert_ok(job_stop(&q, first, &e), e);
    comes_to(w, first, JOB_STOPPED);
    comes_to(w, closed, JOB_FAILED);
    assert_non_null(strstr(look(w, closed).why, "closed"));
    assert_int_equal(runs_of(w, closed), 0);
    jobs_close(j);
}

static void one_account_asks_for_so_much(struct world *w)
{
    struct err e = { 0 };
    struct request q = asks(w, &w->user);
    const struct job_asked a = { .kind = &again_kind, .title = "t", .asked = "" };
    int64_t id;
    atomic_store(&holds, true);
    struct jobs *j = start(w);
    for (int i = 0; i < JOBS_OPEN_MOST; i++) ask(w, &again_kind, "");
    assert_err(job_start(&q, &a, &id, &e), e, ERR_BUSY);
    jobs_close(j);
}

static void touch(const char *path, time_t at)
{
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    const struct timespec times[2] = { { .tv_sec = at }, { .tv_sec = at } };
    assert_true(fd >= 0);
    assert_int_equal(futimens(fd, times), 0);
    close(fd);
}

static void what_is_old_is_cleared_away(struct world *w)
{
    struct err e = { 0 };
    struct jobs *j = start(w);
    int64_t id = ask(w, &again_kind, "old"), removed = 0;
    comes_to(w, id, JOB_DONE);
    jobs_close(j);
    w->seat.jobs = NULL;
    const char *gone = arena_printf(&w->arena, "%s/" JOB_UPLOAD "gone", w->files);
    const char *coming = arena_printf(&w->arena, "%s/" JOB_UPLOAD "coming", w->files);
    const char *theirs = arena_printf(&w->arena, "%s/notes.txt", w->files);
    touch(gone, time(NULL) - 7200);
    touch(coming, time(NULL));
    touch(theirs, time(NULL) - 7200);
    int64_t ended = look(w, id).ended;
    assert_ok(jobs_sweep(w->s.p.store.store, w->s.p.db, w->files, ended, &removed, &e), e);
    assert_int_equal(removed, 0);
    assert_int_equal(runs_of(w, id), 1);
    assert_int_equal(access(gone, F_OK), -1);
    assert_int_equal(access(coming, F_OK), 0);
    assert_int_equal(access(theirs, F_OK), 0);
    assert_ok(jobs_sweep(w->s.p.store.store, w->s.p.db, w->files, ended + 1, &removed, &e), e);
    assert_int_equal(removed, 1);
    assert_int_equal(runs_of(w, id), 0);
}

#define ON_EACH(name)                                                                              \
    static void name##_here(enum engine engine)                                                    \
    {                                                                                              \
        struct world w;                                                                            \
        if (engine == ENGINE_POSTGRES && !test_has_postgres()) skip();                             \
        world_open(&w, engine);                                                                    \
        name(&w);                                                                                  \
        world_close(&w);                                                                           \
    }                                                                                              \
    STORE_TEST(name##_here)
ON_EACH(work_is_done_and_told)
ON_EACH(what_a_dead_process_left_goes_on)
ON_EACH(an_orderly_end_leaves_it_to_the_next_start)
ON_EACH(stops_and_repeats)
ON_EACH(others_do_not_see_it)
ON_EACH(nothing_is_done_for_who_may_not_any_more)
ON_EACH(one_account_asks_for_so_much)
ON_EACH(what_is_old_is_cleared_away)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(work_is_done_and_told_here),
        STORE_TESTS(what_a_dead_process_left_goes_on_here),
        STORE_TESTS(an_orderly_end_leaves_it_to_the_next_start_here), STORE_TESTS(stops_and_repeats_here),
        STORE_TESTS(others_do_not_see_it_here), STORE_TESTS(nothing_is_done_for_who_may_not_any_more_here),
        STORE_TESTS(one_account_asks_for_so_much_here), STORE_TESTS(what_is_old_is_cleared_away_here),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
