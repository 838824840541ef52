#include "sample.h"
#include "tamper.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include "store/backup.h"
#include "store/journal.h"

#define ROWS 3000

struct told { int n; char all[4000]; };

static void tell(void *arg, const char *sentence)
{
    struct told *t = arg;
    size_t used = strlen(t->all);
    t->n++;
    snprintf(t->all + used, sizeof t->all - used, "%s\n", sentence);
}

struct filling { int64_t from, to; };

/* Rows of every shape in three counties, an entry with an image for each tenth. */
static bool fill(struct tx *tx, void *arg, struct err *e)
{
    struct filling *f = arg;
    for (int64_t i = f->from; i < f->to; i++) {
        char label[40];
        int64_t county = 653224 + i % 3;
        snprintf(label, sizeof label, "阿丽亚 %lld", (long long)i);
        struct val thing[] = { val_int(county), val_int(i), i % 5 ? val_int(-i) : val_null(),
                               i % 4 ? val_text(label) : val_null(),
                               i % 7 ? val_blob("\0\1\377", (size_t)(i % 4)) : val_null() };
        struct val posting[] = { val_int(county), val_int(i), val_int(INT64_MIN + i) };
        struct journal_entry j = { .kind = JOURNAL_UPDATE, .table = 7, .county = county, .id = i,
                                   .before = -i, .after = i, .image = thing, .image_n = 5 };
        if (!tx_exec(tx, &sample[THING_ADD], thing, 5, NULL, e) ||
            !tx_exec(tx, &sample[POSTING_ADD], posting, 3, NULL, e) ||
            (i % 10 == 0 && !journal_add(tx, &j, e)))
            return false;
    }
    return true;
}

static void fill_to(struct store *s, int64_t from, int64_t to)
{
    struct err e = { 0 };
    struct filling f = { from, to };
    assert_ok(store_write(s, fill, &f, &e), e);
}

/* Before anything is made: a test that is skipped frees nothing. */
static void need(enum engine engine)
{
    if (engine == ENGINE_POSTGRES && !test_has_postgres()) skip();
}

static void make_original(struct test_store *t, enum engine engine)
{
    test_store_open(t, engine, sample_tables, SAMPLE_TABLES);
    fill_to(t->store, 0, ROWS);
}

/* Where a copy may go: a file that is not there, or an empty schema. */
static void make_target(struct test_store *t, enum engine engine)
{
    struct err e = { 0 };
    struct store_options o = { .create = true };
    char sql[80];
    test_store_place(t, engine);
    if (engine != ENGINE_POSTGRES) return;
    assert_ok(store_open(&t->store, t->url, &o, &e), e);
    snprintf(sql, sizeof sql, "create schema %s", t->schema);
    test_sql(t->store, sql);
}

static void read_heads(struct store *s, struct buf *out)
{
    struct err e = { 0 };
    struct db *d;
    buf_init(out, 1 << 20);
    assert_ok(store_connect(s, DB_READ, &d, &e), e);
    assert_ok(journal_heads(d, out, &e), e);
    db_close(d);
}

/* All of a copy; the target is a store then. */
static struct copy_report copy_all(struct test_store *from, struct test_store *to)
{
    struct err e = { 0 };
    struct copy *c;
    struct told told = { 0 };
    struct faults faults = { tell, &told, 0 };
    assert_ok(copy_open(&c, from->store, to->url, sample_tables, SAMPLE_TABLES, &e), e);
    assert_ok(copy_rows(c, NULL, &e), e);
    assert_ok(copy_prove(c, NULL, &faults, &e), e);
    if (faults.n) fail_msg("%s", told.all);
    assert_ok(copy_finish(c, &e), e);
    struct copy_report r = copy_report(c);
    copy_close(c);
    return r;
}

/* Opened anew, the copy has the original's heads, passes the proof against them, and goes on. */
static void check_copy(struct test_store *to, const char *heads, struct store *original)
{
    struct err e = { 0 };
    struct store *s;
    struct db *d;
    struct buf own;
    struct told told = { 0 };
    struct faults faults = { tell, &told, 0 };
    assert_ok(store_open(&s, to->url, NULL, &e), e);
    assert_ok(store_connect(s, DB_READ, &d, &e), e);
    assert_ok(journal_verify(d, heads, &faults, &e), e);
    if (faults.n) fail_msg("%s", told.all);
    read_heads(s, &own);
    assert_string_equal(own.p, heads);
    buf_free(&own);
    struct val v[] = { val_int(1), val_text("x") };
    assert_true(row_digest(store_row_key(s), 3, v, 2) ==
                row_digest(store_row_key(original), 3, v, 2));
    db_close(d);
    store_close(s);
}

static void nothing_changes_on_the_way(enum engine engine)
{
    struct test_store a, b, c;
    struct buf heads;
    need(engine);
    make_original(&a, ENGINE_SQLITE);
    make_target(&b, engine);
    make_target(&c, ENGINE_SQLITE);
    read_heads(a.store, &heads);
    struct copy_report r = copy_all(&a, &b);
    assert_int_equal(r.counties, 3);
    assert_int_equal(r.kept, 0);
    check_copy(&b, heads.p, a.store);
    struct err e = { 0 };
    struct test_store back = b;
    assert_ok(store_open(&back.store, b.url, NULL, &e), e);
    struct copy_report again = copy_all(&back, &c);
    assert_int_equal(r.rows, again.rows);
    check_copy(&c, heads.p, a.store);
    store_close(back.store);
    buf_free(&heads);
    test_store_close(&c);
    test_store_close(&b);
    test_store_close(&a);
}
STORE_TEST(nothing_changes_on_the_way)

static bool take_id(struct tx *tx, void *arg, struct err *e)
{
    int64_t *id = arg;
    struct val v[] = { val_int(1), val_int(*id = tx_id(tx)), val_int(1) };
    return tx_exec(tx, &sample[POSTING_ADD], v, 3, NULL, e);
}

/* The writer's number is free in the copy, and its ids go on after those it gave. */
static void the_copy_gives_new_ids(enum engine engine)
{
    struct test_store a, b;
    struct err e = { 0 };
    struct store *s;
    int64_t before, after, at = INT64_C(2000000000000000);
    struct store_options ahead = { .clock = clock_fixed(&at) }, behind = ahead;
    need(engine);
    make_original(&a, ENGINE_SQLITE);
    make_target(&b, engine);
    test_store_reopen(&a, &ahead);
    assert_ok(store_write(a.store, take_id, &before, &e), e);
    copy_all(&a, &b);
    assert_ok(store_open(&s, b.url, &behind, &e), e);
    at -= 1000000; /* the other machine's clock is late */
    assert_ok(store_write(s, take_id, &after, &e), e);
    assert_true(after > before);
    assert_int_equal(id_writer(after), id_writer(before));
    store_close(s);
    test_store_close(&b);
    test_store_close(&a);
}
STORE_TEST(the_copy_gives_new_ids)

/* Each planted between the writing and the reading back. */
static void a_planted_difference_is_found(enum engine engine)
{
    static const struct { const char *sql, *says; } cases[] = {
        { "update thing set amount = 7 where county = 653225 and id = 1",
          "thing, county 653225: what the 1000 rows hold is not what the original's hold" },
        { "update thing set bytes = null where county = 653225 and id = 4",
          "thing, county 653225" },
        { "delete from thing where county = 653226 and id = 2",
          "thing, county 653226: 1000 rows in the original, 999 in the copy" },
        { "insert into thing (county, id) values (653299, 1)",
          "thing, county 653299: no row in the original, 1 in the copy" },
        { "update writer set seq = seq + 1", "writer, county 0: what the" },
        { "update setting set value = '0' where name = 'zone'", "setting, county 0: what the" },
        { "delete from image where seq = 2", "image, county" },
    };
    struct test_store a, b;
    struct err e = { 0 };
    need(engine);
    make_original(&a, ENGINE_SQLITE);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct told told = { 0 };
        struct copy *c;
        struct store *s;
        struct faults faults = { tell, &told, 0 };
        make_target(&b, engine);
        assert_ok(copy_open(&c, a.store, b.url, sample_tables, SAMPLE_TABLES, &e), e);
        assert_ok(copy_rows(c, NULL, &e), e);
        tamper(&b, cases[i].sql);
        assert_ok(copy_prove(c, NULL, &faults, &e), e);
        assert_int_equal(faults.n, 1);
        if (!strstr(told.all, cases[i].says)) fail_msg("%s: %s", cases[i].sql, told.all);
        copy_close(c);
        assert_err(store_open(&s, b.url, NULL, &e), e, ERR_CONFLICT);
        if (strncmp(cases[i].sql, "update thing", 12) == 0) copy_all(&a, &b); /* mended */
        test_store_close(&b);
    }
    test_store_close(&a);
}
STORE_TEST(a_planted_difference_is_found)

static void die_at(void *arg, const char *what, int64_t done)
{
    const char *at = arg;
    if (strncmp(at, what, strlen(what)) == 0 && done >= strtol(at + strlen(what), NULL, 10))
        raise(SIGKILL);
}

/* A process of its own, which ends in the middle. */
static void copy_and_die(const struct test_store *from, const struct test_store *to, char *at)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        struct store *s;
        struct copy *c;
        struct progress p = { die_at, at };
        if (!store_open(&s, from->url, NULL, NULL) ||
            !copy_open(&c, s, to->url, sample_tables, SAMPLE_TABLES, NULL) ||
            !copy_rows(c, &p, NULL))
            _exit(1);
        _exit(copy_prove(c, &p, &(struct faults){ 0 }, NULL) ? 2 : 3);
    }
    waitpid(child, &status, 0);
    if (!WIFSIGNALED(status)) fail_msg("%s: exit %d", at, WEXITSTATUS(status));
}

static bool refuses_as_incomplete(const struct test_store *t)
{
    struct err e = { 0 };
    struct store *s;
    if (store_open(&s, t->url, NULL, &e)) store_close(s);
    return e.code == ERR_CONFLICT && strstr(e.message, "incomplete copy of") != NULL;
}

/* Killed at several places in turn, while the original goes on; every attempt takes up what the one
 * before left. */
static void a_killed_copy_is_taken_up(enum engine engine)
{
    static char places[][24] = { "thing 1024", "posting 2048", "indexes 0", "thing 2048" };
    struct test_store a, b;
    struct buf heads;
    struct val v[] = { val_int(653225), val_int(1), val_int(1), val_null(), val_null() };
    struct val w[] = { val_int(653225), val_int(4) };
    struct err e = { 0 };
    need(engine);
    make_original(&a, ENGINE_SQLITE);
    make_target(&b, engine);
    for (int i = 0; i < 4; i++) {
        copy_and_die(&a, &b, places[i]);
        assert_true(refuses_as_incomplete(&b));
        fill_to(a.store, ROWS + i * 100, ROWS + i * 100 + 100);
        if (i != 2) continue;
        assert_ok(sample_do(a.store, THING_AMOUNT, v, 3, &e), e);
        assert_ok(sample_do(a.store, THING_DROP, w, 2, &e), e);
        w[1] = val_int(7); /* a label that passes from one row to another */
        assert_ok(sample_do(a.store, THING_DROP, w, 2, &e), e);
        v[1] = val_int(-1);
        v[3] = val_text("阿丽亚 7");
        assert_ok(sample_do(a.store, THING_ADD, v, 5, &e), e);
    }
    read_heads(a.store, &heads);
    struct copy_report r = copy_all(&a, &b);
    assert_true(r.kept >= 2 * ROWS - 10 && r.kept < r.rows);
    check_copy(&b, heads.p, a.store);
    buf_free(&heads);
    test_store_close(&b);
    test_store_close(&a);
}
STORE_TEST(a_killed_copy_is_taken_up)

static void nothing_is_overwritten(enum engine engine)
{
    struct test_store a, b, other;
    struct err e = { 0 };
    struct copy *c;
    need(engine);
    make_original(&a, ENGINE_SQLITE);
    make_original(&other, ENGINE_SQLITE);
    make_target(&b, engine);
    assert_err(copy_open(&c, a.store, a.url, sample_tables, SAMPLE_TABLES, &e), e, ERR_CONFLICT);
    assert_non_null(strstr(e.message, "is a store already"));
    copy_and_die(&a, &b, (char[]){ "thing 1024" });
    assert_err(copy_open(&c, other.store, b.url, sample_tables, SAMPLE_TABLES, &e), e,
               ERR_CONFLICT);
    assert_non_null(strstr(e.message, "another store"));
    copy_all(&a, &b);
    assert_err(copy_open(&c, a.store, b.url, sample_tables, SAMPLE_TABLES, &e), e, ERR_CONFLICT);
    test_store_close(&b);
    make_target(&b, engine);
    if (engine == ENGINE_POSTGRES) {
        tamper(&b, "create table posting (x integer)");
        assert_err(copy_open(&c, a.store, b.url, sample_tables, SAMPLE_TABLES, &e), e,
                   ERR_CONFLICT);
        assert_non_null(strstr(e.message, "not empty"));
    }
    test_store_close(&b);
    test_store_close(&other);
    test_store_close(&a);
}
STORE_TEST(nothing_is_overwritten)

/* Of two copies into one target the first stops when the second has begun. */
static void the_later_copy_takes_over(enum engine engine)
{
    struct test_store a, b;
    struct err e = { 0 };
    struct copy *first, *second;
    need(engine);
    make_original(&a, ENGINE_SQLITE);
    make_target(&b, engine);
    assert_ok(copy_open(&first, a.store, b.url, sample_tables, SAMPLE_TABLES, &e), e);
    assert_ok(copy_open(&second, a.store, b.url, sample_tables, SAMPLE_TABLES, &e), e);
    assert_err(copy_rows(first, NULL, &e), e, ERR_CONFLICT);
    assert_non_null(strstr(e.message, "taken over"));
    copy_close(first);
    assert_ok(copy_rows(second, NULL, &e), e);
    copy_close(second);
    copy_all(&a, &b);
    test_store_close(&b);
    test_store_close(&a);
}
STORE_TEST(the_later_copy_takes_over)

/* What an earlier program left is not lost: a column comes along, a table is named. */
static void what_is_not_declared(enum engine engine)
{
    static const struct stmt old_column = { "old_column", STMT_ADMIN,
        "select count(*) from thing where former = 'kept'", NULL };
    struct test_store a, b;
    struct err e = { 0 };
    struct store *s;
    struct db *d;
    struct copy *c;
    int64_t n = 0;
    struct faults faults = { 0 };
    need(engine);
    make_original(&a, engine);
    tamper(&a, "alter table thing add column former text");
    tamper(&a, "update thing set former = 'kept' where id = 9");
    tamper(&a, "create table strange (x integer)");
    make_target(&b, ENGINE_SQLITE);
    assert_ok(copy_open(&c, a.store, b.url, sample_tables, SAMPLE_TABLES, &e), e);
    assert_ok(copy_rows(c, NULL, &e), e);
    assert_ok(copy_prove(c, NULL, &faults, &e), e);
    assert_int_equal(faults.n, 0);
    assert_ok(copy_finish(c, &e), e);
    assert_string_equal(copy_report(c).left, "strange");
    copy_close(c);
    assert_ok(store_open(&s, b.url, NULL, &e), e);
    assert_ok(store_connect(s, DB_READ, &d, &e), e);
    assert_ok(db_int(d, &old_column, NULL, 0, &n, NULL, &e), e);
    assert_int_equal(n, 1);
    db_close(d);
    store_close(s);
    test_store_close(&b);
    test_store_close(&a);
}
STORE_TEST(what_is_not_declared)

/* --- backup --- */

struct writing { struct store *s; pthread_mutex_t lock; bool stop; int64_t from; int64_t done; };

static bool stopped(struct writing *w)
{
    pthread_mutex_lock(&w->lock);
    bool stop = w->stop;
    pthread_mutex_unlock(&w->lock);
    return stop;
}

static bool written(struct writing *w)
{
    pthread_mutex_lock(&w->lock);
    bool some = w->done > 0;
    pthread_mutex_unlock(&w->lock);
    return some;
}

static void *write_on(void *arg)
{
    struct writing *w = arg;
    for (int64_t i = w->from; !stopped(w); i += 10) {
        struct filling f = { i, i + 10 };
        struct err e = { 0 };
        if (!store_write(w->s, fill, &f, &e)) break;
        pthread_mutex_lock(&w->lock);
        w->done++;
        pthread_mutex_unlock(&w->lock);
    }
    return NULL;
}

static void take_backup(struct test_store *t, const char *path, struct buf *heads)
{
    struct err e = { 0 };
    struct db *d;
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fclose(f);
    buf_init(heads, 1 << 20);
    assert_ok(store_connect(t->store, DB_READ, &d, &e), e);
    assert_ok(db_begin_read(d, &e), e);
    assert_ok(journal_heads(d, heads, &e), e);
    assert_ok(backup_pages(d, path, NULL, &e), e);
    db_close(d);
}

/* The backup is the store of the moment its snapshot began, whatever is written meanwhile. */
static void a_backup_among_writers(void **state)
{
    struct test_store t;
    struct writing w = { .lock = PTHREAD_MUTEX_INITIALIZER, .from = 100000 };
    pthread_t thread;
    char path[300];
    struct err e = { 0 };
    (void)state;
    make_original(&t, ENGINE_SQLITE);
    snprintf(path, sizeof path, "%s/backup.db", t.dir);
    assert_ok(store_open(&w.s, t.url, NULL, &e), e);
    assert_int_equal(pthread_create(&thread, NULL, write_on, &w), 0);
    for (int i = 0; i < 60000 && !written(&w); i++) usleep(1000);
    for (int round = 0; round < 5; round++) {
        struct buf heads;
        struct store *s;
        struct db *d;
        struct faults faults = { 0 };
        take_backup(&t, path, &heads);
        assert_ok(store_open(&s, path, &(struct store_options){ .read_only = true }, &e), e);
        assert_ok(store_connect(s, DB_READ, &d, &e), e);
        assert_ok(backup_prove(d, heads.p, &faults, &e), e);
        assert_int_equal(faults.n, 0);
        assert_ok(journal_verify(d, heads.p, &faults, &e), e);
        assert_int_equal(faults.n, 0);
        assert_ok(backup_prove(d, "0 1 00\n", &faults, &e), e);
        assert_int_equal(faults.n, 1);
        db_close(d);
        store_close(s);
        buf_free(&heads);
    }
    pthread_mutex_lock(&w.lock);
    w.stop = true;
    pthread_mutex_unlock(&w.lock);
    pthread_join(thread, NULL);
    assert_true(w.done > 0);
    store_close(w.s);
    test_store_close(&t);
}

/* Runs in a child: exit status 0 when all is as it should be, else the step. */
static int full_disk(const struct test_store *t, const char *path)
{
    struct store *s;
    struct db *d;
    struct err e = { 0 };
    struct rlimit limit = { 0 };
    struct copy *c;
    char file[320];
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = 1 << 17;
    if (!store_open(&s, t->url, NULL, &e) || !store_connect(s, DB_READ, &d, &e)) return 1;
    if (!db_begin_read(d, &e) || setrlimit(RLIMIT_FSIZE, &limit) != 0) return 2;
    snprintf(file, sizeof file, "%s.part", path);
    fclose(fopen(file, "wb"));
    if (backup_pages(d, file, NULL, &e) || e.code != ERR_FULL) return 3;
    snprintf(file, sizeof file, "%s.copy", path);
    bool began = copy_open(&c, s, file, sample_tables, SAMPLE_TABLES, &e);
    if ((began && copy_rows(c, NULL, &e)) || e.code != ERR_FULL) return 4;
    if (began) copy_close(c);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limit);
    if (!copy_open(&c, s, file, sample_tables, SAMPLE_TABLES, &e) || !copy_rows(c, NULL, &e))
        return 5;
    copy_close(c);
    db_close(d);
    store_close(s);
    return 0;
}

static void a_full_disk(void **state)
{
    struct test_store t;
    char path[300];
    int status;
    (void)state;
    make_original(&t, ENGINE_SQLITE);
    snprintf(path, sizeof path, "%s/backup.db", t.dir);
    pid_t child = fork();
    if (child == 0) _exit(full_disk(&t, path));
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    test_store_close(&t);
}

static void a_file_gets_its_name_when_whole(void **state)
{
    struct test_store t;
    struct err e = { 0 };
    struct part_file p, q;
    char name[300], log[320];
    unsigned char digest[DIGEST_LEN], again[DIGEST_LEN];
    (void)state;
    make_original(&t, ENGINE_SQLITE);
    snprintf(name, sizeof name, "%s/whole.db", t.dir);
    snprintf(log, sizeof log, "%s-wal", name);
    assert_ok(part_file_open(&p, name, false, &e), e);
    assert_err(part_file_open(&q, name, false, &e), e, ERR_BUSY);
    part_file_close(&q, true);
    assert_ok(part_file_fill(&p, t.path, NULL, digest, &e), e);
    assert_int_not_equal(access(name, F_OK), 0);
    fclose(fopen(log, "wb"));
    assert_err(part_file_place(&p, &e), e, ERR_CONFLICT);
    unlink(log);
    assert_ok(part_file_place(&p, &e), e);
    part_file_close(&p, false);
    assert_ok(file_digest(name, again, &e), e);
    assert_memory_equal(digest, again, DIGEST_LEN);
    assert_err(part_file_open(&p, name, false, &e), e, ERR_CONFLICT);
    part_file_close(&p, true);
    assert_int_equal(access(name, F_OK), 0);
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(nothing_changes_on_the_way), STORE_TESTS(the_copy_gives_new_ids),
        STORE_TESTS(a_planted_difference_is_found), STORE_TESTS(a_killed_copy_is_taken_up),
        STORE_TESTS(nothing_is_overwritten), STORE_TESTS(the_later_copy_takes_over),
        STORE_TESTS(what_is_not_declared), cmocka_unit_test(a_backup_among_writers),
        cmocka_unit_test(a_full_disk), cmocka_unit_test(a_file_gets_its_name_when_whole),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
