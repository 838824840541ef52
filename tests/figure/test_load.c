/* Loads: nothing of a load reaches a figure before its last slice, then all of it; taken back,
 * undone and repeated loads leave the cells as the records are. */
#include "oracle.h"

#include <sys/stat.h>

struct files { char dir[200]; };

static void files_open(struct files *f)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(f->dir, sizeof f->dir, "%s/jiedui-figure.XXXXXX", tmp && *tmp ? tmp : "/tmp");
    if (!mkdtemp(f->dir)) fail_msg("no temporary directory");
}

static FILE *file(const struct files *f, const char *name)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", f->dir, name);
    FILE *out = fopen(path, "wb");
    if (!out) fail_msg("%s cannot be written", path);
    return out;
}

static void date(FILE *out, struct random *r, uint32_t missing)
{
    char text[DATE_TEXT];
    if (random_chance(r, missing)) return;
    date_format((int32_t)random_between(r, date_make(2014, 1, 1), date_make(2020, 12, 31)), text);
    fputs(text, out);
}

static const char *const villages[] = { "110101001001", "653224103001", "653224103002",
                                        "653225001001", "653224103000", "653200000000" };

/* Households and aid, numbers from..to of them; the same numbers give the same rows but for what
 * `salt` changes. */
static void write_files(const struct files *f, int from, int to, uint64_t salt)
{
    static const char *const qualifiers[] = { "eq", "eq", "ge", "approx" };
    static const char *const bases[] = { "recorded", "restated", "synthetic" };
    FILE *h = file(f, "household.csv"), *a = file(f, "aid.csv");
    fputs("code,place,members,income,since,ended,basis\n", h);
    fputs("code,place,site,giver,kind,amount,cost,paid_on,quantity,qualifier,state,valid_from,"
          "basis\n",
          a);
    for (int i = from; i < to; i++) {
        struct random r;
        random_seed(&r, (uint64_t)i);
        const char *place = villages[random_below(&r, 6)];
        if (salt) random_seed(&r, (uint64_t)i + salt * (uint64_t)(i % 3));
        fprintf(h, "H%d,%s,%d,%d,", i, place, (int)random_below(&r, 9),
                (int)random_below(&r, 9000));
        date(h, &r, 100000);
        fputc(',', h);
        date(h, &r, 600000);
        fprintf(h, ",%s\n", bases[random_below(&r, 3)]);
        fprintf(a, "A%d,%s,%s,ORG-%d,%s,%d.%02d,%d,", i, place, villages[random_below(&r, 6)],
                1 + (int)random_below(&r, 5), random_chance(&r, 800000) ? "money" : "goods",
                (int)random_below(&r, 90000), (int)random_below(&r, 100),
                (int)random_below(&r, 50));
        date(a, &r, 100000);
        fprintf(a, ",%d,%s,done,", (int)random_below(&r, 50), qualifiers[random_below(&r, 4)]);
        date(a, &r, 300000);
        fprintf(a, ",%s\n", bases[random_below(&r, 3)]);
    }
    assert_int_equal(fclose(h), 0);
    assert_int_equal(fclose(a), 0);
}

static int64_t load(struct sample *s, const struct files *f, size_t slice)
{
    struct err e = { 0 };
    struct load_options opt = { .slice = slice };
    struct load_report report = { 0 };
    const char *dir = f->dir;
    assert_ok(load_paths(s->model, s->t.store, &dir, 1, &opt, &report, &e), e);
    int64_t number = report.number;
    for (int i = 0; i < report.n; i++)
        if (report.files[i].refused) fail_msg("%s: %d refused", report.files[i].path,
                                              (int)report.files[i].refused);
    load_report_free(&report);
    return number;
}

static int64_t count_rows(struct sample *s, const char *sql)
{
    struct err e = { 0 };
    int64_t n = -1;
    struct stmt count = stmt_composed(STMT_ADMIN, sql);
    assert_ok(db_int(s->db, &count, NULL, 0, &n, NULL, &e), e);
    return n;
}

static void check(struct sample *s, size_t want)
{
    struct plains rows = { 0 };
    plain_read(s, &rows);
    assert_int_equal(rows.n, want);
    assert_cells(s, &rows);
    assert_verified(s);
    assert_int_equal(count_rows(s, "select count(*) from cell_staging"), 0);
    free(rows.at);
}

static void loads_and_undoes(enum engine engine)
{
    struct sample s;
    struct files f;
    struct err e = { 0 };
    sample_open(&s, engine);
    sample_parties_put(&s);
    files_open(&f);
    write_files(&f, 0, 300, 0);
    int64_t first = load(&s, &f, 50);
    check(&s, 600);
    assert_ok(load_undo(s.model, s.t.store, first, 0, &e), e);
    check(&s, 0);
    assert_int_equal(count_rows(&s,
                                "select (select count(*) from county_cell) + (select count(*) from "
                                "fine_cell) + (select count(*) from distinct_key)"),
                     0);
    assert_true(load(&s, &f, 50) > 0);
    check(&s, 600);
    assert_int_equal(load(&s, &f, 50), 0); /* the same again: nothing */
    check(&s, 600);
    /* some changed, some new, in one slice and in many */
    write_files(&f, 100, 400, 7);
    int64_t second = load(&s, &f, engine == ENGINE_SQLITE ? 7 : 100);
    check(&s, 800);
    write_files(&f, 400, 450, 9);
    int64_t third = load(&s, &f, 0);
    check(&s, 900);
    assert_ok(load_undo(s.model, s.t.store, third, 0, &e), e);
    check(&s, 800);
    assert_ok(load_undo(s.model, s.t.store, second, 0, &e), e);
    check(&s, 600);
    test_dir_remove(f.dir);
    sample_close(&s);
}
STORE_TEST(loads_and_undoes)

/* While slices are written, another reader sees the figures of before; a writer's rows count at
 * once. */
struct watching { struct sample *s; struct figure_value before; int calls; int64_t written; };

static void watch(void *arg, const struct load_progress *p)
{
    struct watching *w = arg;
    if (w->calls++ > 50 || p->done) return;
    struct figure_value v = figure_of(w->s, "aid_amount", 110000000000, 0, DATE_MIN, DATE_MAX);
    assert_int_equal(v.value, w->before.value);
    assert_int_equal(v.rows, w->before.rows);
    if (w->calls == 20) assert_verified(w->s);
}

static void hidden_until_the_end(enum engine engine)
{
    struct sample s;
    struct files f;
    struct err e = { 0 };
    struct val row[ENTITY_MAX_COLUMNS + 1];
    sample_open(&s, engine);
    sample_parties_put(&s);
    put(&s, s.aid, row,
        TYPED("code", "OLD", "place", "110101001001", "amount", "5", "kind", "money"));
    files_open(&f);
    write_files(&f, 0, 200, 0);
    struct watching w = { .s = &s };
    w.before = figure_of(&s, "aid_amount", 110000000000, 0, DATE_MIN, DATE_MAX);
    struct load_options opt = { .slice = 10, .progress = watch, .progress_arg = &w };
    struct load_report report = { 0 };
    const char *dir = f.dir;
    assert_ok(load_paths(s.model, s.t.store, &dir, 1, &opt, &report, &e), e);
    load_report_free(&report);
    assert_true(w.calls > 0);
    assert_true(figure_of(&s, "aid_amount", 110000000000, 0, DATE_MIN, DATE_MAX).rows >
                w.before.rows);
    check(&s, 401);
    test_dir_remove(f.dir);
    sample_close(&s);
}
STORE_TEST(hidden_until_the_end)

/* What the loader does when its process dies is its own test; here: what was kept aside goes, and a
 * second discard finds nothing. */
static bool discard_twice(struct tx *tx, void *arg, struct err *e)
{
    struct sample *s = arg;
    return s->model->discard(s->model->observe_arg, tx, 77, e) &&
           s->model->discard(s->model->observe_arg, tx, 77, e);
}

static void discarded(enum engine engine)
{
    struct sample s;
    struct err e = { 0 };
    sample_open(&s, engine);
    for (int i = 0; i < 5; i++) {
        char sql[200];
        snprintf(sql, sizeof sql,
                 "insert into cell_staging (county, load, kind, run, seq, data) values "
                 "(0, 77, %d, %d, 0, %s)",
                 i % 2, 1 + i, engine == ENGINE_SQLITE ? "x'00'" : "'\\x00'");
        test_sql(s.t.store, sql);
    }
    assert_ok(store_write(s.t.store, discard_twice, &s, &e), e);
    assert_int_equal(count_rows(&s, "select count(*) from cell_staging"), 0);
    sample_close(&s);
}
STORE_TEST(discarded)

/* More slices than are merged at once. */
static void many_runs(void **state)
{
    struct sample s;
    struct files f;
    (void)state;
    sample_open(&s, ENGINE_SQLITE);
    sample_parties_put(&s);
    files_open(&f);
    write_files(&f, 0, 700, 0);
    load(&s, &f, 1);
    check(&s, 1400);
    test_dir_remove(f.dir);
    sample_close(&s);
}


int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(loads_and_undoes), STORE_TESTS(hidden_until_the_end), STORE_TESTS(discarded),
        cmocka_unit_test(many_runs),
    };
    return test_store_main(tests, COUNT(tests));
}
