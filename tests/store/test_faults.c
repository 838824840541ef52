#include "sample.h"
#include "tamper.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include "store/journal.h"

static const struct stmt has_posting = { "has_posting", STMT_ROUTER,
    "select count(*) from posting where county = ?1 and id = ?2", NULL };
static const struct stmt postings = { "postings", STMT_ADMIN,
    "select count(*) from posting", NULL };
static const struct stmt entries = { "entries", STMT_ADMIN, "select count(*) from journal", NULL };

static void pause_ms(long ms)
{
    struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };
    nanosleep(&t, NULL);
}

static int64_t ask(struct db *d, const struct stmt *s, const struct val *v, int n)
{
    struct err e = { 0 };
    int64_t out = -1;
    assert_ok(db_int(d, s, v, n, &out, NULL, &e), e);
    return out;
}

static bool post(struct tx *tx, void *arg, struct err *e)
{
    int64_t id = *(int64_t *)arg;
    struct val v[] = { val_int(1), val_int(id), val_int(1) };
    struct journal_entry j = { .kind = JOURNAL_INSERT, .table = 3, .county = 1, .id = id };
    return journal_add(tx, &j, e) && tx_exec(tx, &sample[POSTING_ADD], v, 3, NULL, e);
}

/* As many journal entries as postings, in an unbroken chain. */
static void check_whole(struct test_store *t)
{
    struct err e = { 0 };
    struct faults faults = { 0 };
    struct db *d;
    assert_ok(store_connect(t->store, DB_READ, &d, &e), e);
    assert_int_equal(ask(d, &postings, NULL, 0), ask(d, &entries, NULL, 0));
    assert_ok(journal_verify(d, NULL, &faults, &e), e);
    assert_int_equal(faults.n, 0);
    db_close(d);
}

#define ROUNDS 15
#define CHILD_THREADS 8
struct child { struct writer *w; int64_t from; int pipe; };

static void *post_for_ever(void *arg)
{
    struct child *c = arg;
    for (int64_t id = c->from;; id++) {
        struct err e = { 0 };
        if (!writer_run(c->w, post, &id, &e)) _exit(3);
        if (write(c->pipe, &id, sizeof id) != sizeof id) _exit(4);
    }
    return NULL;
}

static void child_main(const char *url, int round, int pipe)
{
    struct store *s;
    struct writer *w;
    struct err e = { 0 };
    struct child c[CHILD_THREADS];
    pthread_t threads[CHILD_THREADS];
    if (!store_open(&s, url, NULL, &e) || !writer_open(&w, s, &e)) _exit(2);
    for (int i = 0; i < CHILD_THREADS; i++) {
        c[i] = (struct child){ w, ((int64_t)round << 40) + ((int64_t)i << 32), pipe };
        if (pthread_create(&threads[i], NULL, post_for_ever, &c[i]) != 0) _exit(5);
    }
    pthread_join(threads[0], NULL);
}

static const struct stmt sessions = { "sessions", STMT_ADMIN,
    "select count(*) from pg_stat_activity where application_name = ?1", NULL };

/* PostgreSQL hears of a dead client late: its last commit may be under way. */
static void wait_for_sessions(struct test_store *t, struct db *d)
{
    const struct val name = val_text(t->schema);
    if (t->engine == ENGINE_SQLITE) return;
    for (int i = 0; i < 6000 && ask(d, &sessions, &name, 1) > 0; i++) pause_ms(10);
    assert_int_equal(ask(d, &sessions, &name, 1), 0);
}

/* kill -9 in the middle of writing: whatever was acknowledged is there, and the chain is whole. */
static void a_killed_process_loses_nothing(enum engine engine)
{
    struct test_store t;
    char url[800];
    int64_t all = 0;
    test_store_open(&t, engine, sample_tables, SAMPLE_TABLES);
    snprintf(url, sizeof url, "%s%s%s", t.url, engine == ENGINE_POSTGRES ? "&application_name=" : "", t.schema);
    for (int round = 1; round <= ROUNDS; round++) {
        int fd[2], status;
        struct err e = { 0 };
        struct db *d;
        assert_int_equal(pipe(fd), 0);
        pid_t child = fork();
        if (child == 0) {
            close(fd[0]);
            child_main(url, round, fd[1]);
            _exit(6);
        }
        close(fd[1]);
        int64_t id, acknowledged = 0;
        assert_ok(store_connect(t.store, DB_READ, &d, &e), e);
        bool killed = false;
        while (read(fd[0], &id, sizeof id) == sizeof id) {
            struct val v[] = { val_int(1), val_int(id) };
            if (!killed && ++acknowledged == 1 + round * 7) {
                kill(child, SIGKILL);
                killed = true;
            }
            assert_int_equal(ask(d, &has_posting, v, 2), 1);
            all++;
        }
        waitpid(child, &status, 0);
        assert_true(WIFSIGNALED(status));
        close(fd[0]);
        db_close(d);
    }
    struct db *d = test_db(&t, DB_READ);
    wait_for_sessions(&t, d);
    assert_true(ask(d, &postings, NULL, 0) >= all);
    assert_true(all > ROUNDS * 8);
    check_whole(&t);
    test_store_close(&t);
}
STORE_TEST(a_killed_process_loses_nothing)

struct client { struct writer *w; int64_t from; int count, unknown, busy; };

/* What a caller does: the same id again, until it knows. */
static void *post_until_known(void *arg)
{
    struct client *c = arg;
    for (int64_t id = c->from; id < c->from + c->count; id++) {
        for (bool unknown = false;;) {
            struct err e = { 0 };
            if (writer_run(c->w, post, &id, &e)) break;
            if (e.code == ERR_CONFLICT && unknown) break;
            if (e.code == ERR_UNKNOWN) unknown = true;
            c->unknown += e.code == ERR_UNKNOWN;
            c->busy += e.code == ERR_BUSY;
            if (e.code != ERR_UNKNOWN && e.code != ERR_BUSY) {
                print_error("%s: %s\n", err_name(e.code), e.message);
                return NULL;
            }
        }
    }
    c->from = -1;
    return NULL;
}

static const struct stmt terminate = { "terminate", STMT_ADMIN,
    "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = ?1",
    NULL };

static void a_lost_connection_is_made_again(void **state)
{
    enum { CLIENTS = 4, EACH = 150 };
    struct test_store t;
    struct store *s;
    struct writer *w;
    struct err e = { 0 };
    char url[800];
    struct client c[CLIENTS];
    pthread_t threads[CLIENTS];
    int64_t n;
    struct db *reader;
    (void)state;
    test_store_open(&t, ENGINE_POSTGRES, sample_tables, SAMPLE_TABLES);
    snprintf(url, sizeof url, "%s&application_name=%s", t.url, t.schema);
    struct val name = val_text(t.schema);
    struct db *killer = test_db(&t, DB_READ);
    assert_ok(store_open(&s, url, NULL, &e), e);
    assert_ok(writer_open(&w, s, &e), e);
    assert_ok(store_connect(s, DB_READ, &reader, &e), e);
    for (int i = 0; i < CLIENTS; i++) {
        c[i] = (struct client){ w, (int64_t)(i + 1) << 32, EACH, 0, 0 };
        assert_int_equal(pthread_create(&threads[i], NULL, post_until_known, &c[i]), 0);
    }
    for (int i = 0; i < 12; i++) {
        pause_ms(15 + i);
        assert_ok(db_int(killer, &terminate, &name, 1, &n, NULL, &e), e);
        ask(reader, &postings, NULL, 0); /* it was killed too, and connects anew */
    }
    for (int i = 0; i < CLIENTS; i++) pthread_join(threads[i], NULL);
    for (int i = 0; i < CLIENTS; i++) assert_int_equal(c[i].from, -1);
    assert_int_equal(ask(reader, &postings, NULL, 0), CLIENTS * EACH);
    writer_close(w);
    db_close(reader);
    store_close(s);
    check_whole(&t);
    test_store_close(&t);
}

/* Two transactions that lock the same two rows in opposite order: PostgreSQL ends one, which is run
 * again and succeeds. */
struct knot { struct db *d; int64_t first, second; int runs; pthread_barrier_t *both; bool ok; };

static bool tie(struct tx *tx, void *arg, struct err *e)
{
    struct knot *k = arg;
    struct val a[] = { val_int(1), val_int(k->first), val_int(1) };
    struct val b[] = { val_int(1), val_int(k->second), val_int(1) };
    k->runs++;
    if (!tx_exec(tx, &sample[THING_AMOUNT], a, 3, NULL, e)) return false;
    if (k->runs == 1) pthread_barrier_wait(k->both);
    return tx_exec(tx, &sample[THING_AMOUNT], b, 3, NULL, e);
}

static void *tie_it(void *arg)
{
    struct knot *k = arg;
    struct err e = { 0 };
    k->ok = db_write(k->d, tie, k, &e);
    if (!k->ok) print_error("%s\n", e.message);
    return NULL;
}

static void a_deadlock_is_run_again(void **state)
{
    struct test_store t;
    struct err e = { 0 };
    pthread_barrier_t both;
    pthread_t thread;
    (void)state;
    test_store_open(&t, ENGINE_POSTGRES, sample_tables, SAMPLE_TABLES);
    for (int i = 1; i <= 2; i++) {
        struct val v[] = { val_int(1), val_int(i), val_int(0), val_null(), val_null() };
        assert_ok(sample_do(t.store, THING_ADD, v, 5, &e), e);
    }
    pthread_barrier_init(&both, NULL, 2);
    struct knot a = { test_db(&t, DB_WRITE), 1, 2, 0, &both, false };
    struct knot b = { test_db(&t, DB_WRITE), 2, 1, 0, &both, false };
    assert_int_equal(pthread_create(&thread, NULL, tie_it, &a), 0);
    tie_it(&b);
    pthread_join(thread, NULL);
    assert_true(a.ok && b.ok);
    assert_true(a.runs + b.runs >= 3); /* more, when the one run again is as quick as to tie the knot anew */
    struct val q[] = { val_int(1), val_null() };
    assert_int_equal(ask(test_db(&t, DB_READ), &sample[THING_SUM], q, 2), 4);
    pthread_barrier_destroy(&both);
    test_store_close(&t);
}

/* Somebody holds SQLite's only write lock for longer than one try waits. */
static void *hold_lock(void *arg)
{
    sqlite3 *c = arg;
    pause_ms(5600);
    sqlite3_exec(c, "commit", NULL, NULL, NULL);
    return NULL;
}

static void a_busy_file_is_tried_again(void **state)
{
    struct test_store t;
    struct err e = { 0 };
    sqlite3 *c;
    pthread_t thread;
    (void)state;
    test_store_open(&t, ENGINE_SQLITE, sample_tables, SAMPLE_TABLES);
    assert_int_equal(sqlite3_open(t.path, &c), SQLITE_OK);
    assert_int_equal(sqlite3_exec(c, "begin immediate", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(pthread_create(&thread, NULL, hold_lock, c), 0);
    int64_t id = 1;
    assert_ok(store_write(t.store, post, &id, &e), e);
    pthread_join(thread, NULL);
    sqlite3_close(c);
    check_whole(&t);
    test_store_close(&t);
}

static bool fat(struct tx *tx, void *arg, struct err *e)
{
    static const char bytes[8000] = { 1 };
    int64_t id = *(int64_t *)arg;
    struct val v[] = { val_int(2), val_int(id), val_int(1), val_null(),
                       val_blob(bytes, sizeof bytes) };
    return post(tx, arg, e) && tx_exec(tx, &sample[THING_ADD], v, 5, NULL, e);
}

/* Runs in a child: exit status 0 when all is as it should be, else the line. */
static int full_disk(const char *url, const char *path)
{
    struct store *s;
    struct err e = { 0 };
    struct rlimit limit = { 0 };
    int64_t id = 1;
    struct db *d;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = 1 << 20; /* the write-ahead file meets it as it would meet a full disk */
    if (!store_open(&s, url, NULL, &e) || setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
    while (id < 1000 && store_write(s, fat, &id, &e)) id++;
    if (id < 5 || id == 1000) return 2;
    if (e.code != ERR_FULL || !strstr(e.message, path)) {
        print_error("%s: %s\n", err_name(e.code), e.message);
        return 3;
    }
    if (store_write(s, fat, &id, &e) || e.code != ERR_FULL) return 4;
    if (!store_connect(s, DB_READ, &d, &e)) return 5; /* reading goes on */
    int64_t n = 0;
    if (!db_int(d, &postings, NULL, 0, &n, NULL, &e) || n != id - 1) return 6;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limit);
    if (!store_write(s, fat, &id, &e)) return 7;
    if (!db_int(d, &postings, NULL, 0, &n, NULL, &e) || n != id) return 8;
    db_close(d);
    store_close(s);
    return 0;
}

static void a_full_disk_is_told_and_survived(void **state)
{
    struct test_store t;
    int status;
    (void)state;
    test_store_open(&t, ENGINE_SQLITE, sample_tables, SAMPLE_TABLES);
    pid_t child = fork();
    if (child == 0) _exit(full_disk(t.url, t.path));
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    check_whole(&t);
    test_store_close(&t);
}

static int read_only_folder(const char *url, const char *path)
{
    struct store *s = NULL;
    struct err e = { 0 };
    struct store_options make = { .create = true }, only = { .read_only = true };
    int64_t id = 7;
    if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) return 1;
    if (store_open(&s, url, &make, &e) || e.code != ERR_FORBIDDEN) return 2;
    if (!strstr(e.message, path)) return 3;
    if (store_open(&s, url, NULL, &e)) {
        if (store_write(s, post, &id, &e) || e.code != ERR_FORBIDDEN) return 4;
        store_close(s);
    } else if (!strstr(e.message, path)) {
        return 5;
    }
    if (store_open(&s, url, &only, &e)) store_close(s);
    else if (!strstr(e.message, path)) return 6;
    return 0;
}

static void a_read_only_folder_is_told(void **state)
{
    struct test_store t;
    int status;
    (void)state;
    test_store_open(&t, ENGINE_SQLITE, sample_tables, SAMPLE_TABLES);
    int64_t id = 1;
    struct err e = { 0 };
    assert_ok(store_write(t.store, post, &id, &e), e);
    store_close(t.store);
    t.store = NULL;
    assert_int_equal(chmod(t.path, 0444), 0);
    assert_int_equal(chmod(t.dir, 0555), 0);
    pid_t child = fork();
    if (child == 0) _exit(read_only_folder(t.url, t.path));
    waitpid(child, &status, 0);
    assert_int_equal(chmod(t.dir, 0700), 0);
    assert_int_equal(chmod(t.path, 0600), 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_ok(store_open(&t.store, t.url, NULL, &e), e);
    struct db *d = test_db(&t, DB_READ);
    assert_int_equal(ask(d, &postings, NULL, 0), 1);
    check_whole(&t);
    test_store_close(&t);
}

static bool skip_row(void *arg, const struct val *row, int n, struct err *e)
{
    (void)arg, (void)row, (void)n, (void)e;
    return true;
}

/* A page in the middle of the file is overwritten: told as damage, not as an answer. */
static void damage_is_told(void **state)
{
    struct test_store t;
    struct err e = { 0 };
    (void)state;
    test_store_open(&t, ENGINE_SQLITE, sample_tables, SAMPLE_TABLES);
    for (int64_t id = 1; id < 200; id++) assert_ok(store_write(t.store, fat, &id, &e), e);
    test_store_reopen(&t, NULL);
    store_close(t.store);
    t.store = NULL;
    FILE *f = fopen(t.path, "r+");
    assert_non_null(f);
    fseek(f, 0, SEEK_END);
    long size = ftell(f);
    for (long at = 8192 * 20; at < size; at += 8192) {
        fseek(f, at, SEEK_SET);
        fwrite("rubbish rubbish rubbish", 1, 23, f);
    }
    fclose(f);
    assert_ok(store_open(&t.store, t.url, NULL, &e), e);
    assert_err(db_query(test_db(&t, DB_READ), &sample[THING_ALL], NULL, 0, skip_row, NULL, &e), e,
               ERR_CORRUPT);
    assert_non_null(strstr(e.message, t.path));
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(a_killed_process_loses_nothing),
        cmocka_unit_test(a_lost_connection_is_made_again),
        cmocka_unit_test(a_deadlock_is_run_again),
        cmocka_unit_test(a_busy_file_is_tried_again),
        cmocka_unit_test(a_full_disk_is_told_and_survived),
        cmocka_unit_test(a_read_only_folder_is_told),
        cmocka_unit_test(damage_is_told),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
