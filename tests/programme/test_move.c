/* Households that move: figures before and after, persons and codes that go along, what a load says. */
#include "programme.h"

#include "base/date.h"
#include "programme/household/household.h"
#include "programme/household/move.h"
#include "support/files.h"

static const char households[] =
    "code,place,identified_on,exited_on,members,main_cause\n"
    "H1,653224103222,2014-01-01,,4,07\nH2,653224103222,2014-01-01,2018-12-31,3,07\n"
    "H3,653225100200,2015-06-01,,5,07\n";
static const char persons[] =
    "household,code,name,id_number,valid_from,basis\nH1,P1,甲,,2014-01-01,\n"
    "H1,P2,乙,99000019850111001X,,synthetic\nH2,P3,丙,,,\nH3,P4,丁,,,\n";
static const char changes[] = "household,kind,changed_on\nH1,identified,2014-01-01\n";

struct result { int64_t inserted, changed, unchanged, refused; char why[600]; };

/* Loads a text as NAME.csv; the reason of the first refused row. */
static struct result load_text(struct programme *p, const char *name, const char *text)
{
    char dir[200], path[300], line[600] = "";
    struct result r = { 0 };
    struct load_report report;
    struct err e = { 0 };
    const char *tmp = getenv("TMPDIR");
    snprintf(dir, sizeof dir, "%s/jiedui-move.XXXXXX", tmp && *tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s.csv", name);
    put_file(dir, path, text);
    snprintf(path, sizeof path, "%s/%s.csv", dir, name);
    const char *paths[1] = { path };
    assert_ok(load_paths(p->model, p->store.store, paths, 1, NULL, &report, &e), e);
    r.inserted = report.files[0].inserted;
    r.changed = report.files[0].changed;
    r.unchanged = report.files[0].unchanged;
    r.refused = report.files[0].refused;
    FILE *f = report.files[0].refused_path ? fopen(report.files[0].refused_path, "rb") : NULL;
    for (int i = 0; f && i < 2 && fgets(line, sizeof line, f); i++) continue;
    if (f) fclose(f);
    memcpy(r.why, line, sizeof r.why);
    load_report_free(&report);
    test_dir_remove(dir);
    return r;
}

static void put_text(struct programme *p, const char *name, const char *text, int rows)
{
    struct result r = load_text(p, name, text);
    if (r.inserted != rows || r.refused) fail_msg("%s: %s", name, r.why);
}

static void open_register(struct programme *p, enum engine engine)
{
    programme_open(p, engine);
    put_text(p, "household", households, 3);
    put_text(p, "person", persons, 4);
    put_text(p, "status_change", changes, 1);
}

static int32_t day(const char *text)
{
    int32_t d;
    assert_true(date_parse(text, strlen(text), DATE_EXACT, &d));
    return d;
}

static int64_t figure(struct programme *p, const char *name, int64_t place, const char *on)
{
    struct figure_query q = { .name = name, .place = place, .from = DATE_MIN, .to = day(on) };
    struct figure_value v;
    struct err e = { 0 };
    assert_ok(figure_read(&p->context, p->db, &scope_all, &q, &v, &e), e);
    assert_true(v.known);
    return v.value;
}

/* Of the two counties, and of the nation. */
static void assert_figure(struct programme *p, const char *name, const char *on, int64_t lop,
                          int64_t qira)
{
    const int64_t got[3] = { figure(p, name, 653224000000, on), figure(p, name, 653225000000, on),
                             figure(p, name, 0, on) };
    if (got[0] != lop || got[1] != qira || got[2] != lop + qira)
        fail_msg("%s on %s: %lld and %lld, in all %lld", name, on, (long long)got[0],
                 (long long)got[1], (long long)got[2]);
}

struct request { struct programme *p; struct household_move move; struct household_moved done; };

static bool do_move(struct tx *tx, void *arg, struct err *e)
{
    struct request *r = arg;
    return household_move(tx, r->p->model, &r->move, &r->done, e);
}

static bool try_move(struct programme *p, const char *code, int64_t to, const char *on,
                     struct household_moved *done, struct err *e)
{
    struct request r = { .p = p, .move = { .code = code, .place = to, .dated = on != NULL,
                                           .on = on ? day(on) : 0 } };
    bool ok = store_write(p->store.store, do_move, &r, e);
    *done = r.done;
    return ok;
}

static void tell_fault(void *arg, const char *sentence)
{
    (void)arg;
    print_error("verify: %s\n", sentence);
}

static void assert_whole(struct programme *p)
{
    struct err e = { 0 };
    struct faults f = { tell_fault, NULL, 0 };
    assert_ok(entity_verify(p->model, p->db, &f, &e), e);
    assert_ok(journal_verify(p->db, NULL, &f, &e), e);
    assert_ok(figures_verify(&p->context, p->db, &f, &e), e);
    assert_int_equal(f.n, 0);
}

static void to_another_county(enum engine engine)
{
    struct programme p;
    struct household_moved m;
    struct err e = { 0 };
    open_register(&p, engine);
    assert_figure(&p, "households_registered", "2020-12-31", 1, 1);
    assert_ok(try_move(&p, "H1", 653225100201, "2020-06-01", &m, &e), e);
    assert_true(m.county_changed && m.from_county == 653224 && m.to_county == 653225);
    assert_true(m.from == m.to);
    assert_int_equal(m.persons, 2);
    static const char *const before[] = { "2016-01-01", "2020-05-31" };
    for (int i = 0; i < 2; i++) {
        assert_figure(&p, "households_registered", before[i], 2 - i, 1);
        assert_figure(&p, "members_registered", before[i], i ? 4 : 7, 5);
        assert_figure(&p, "people_on_card", before[i], 3, 1);
        assert_figure(&p, "households_ever", before[i], 2, 1);
    }
    assert_figure(&p, "people_on_card", "2013-12-31", 2, 1);
    assert_figure(&p, "households_registered", "2020-06-01", 0, 2);
    assert_figure(&p, "members_registered", "2020-06-01", 0, 9);
    assert_figure(&p, "people_on_card", "2030-01-01", 1, 3);
    assert_figure(&p, "households_ever", "2020-06-01", 1, 2);
    assert_figure(&p, "status_exits", "2030-01-01", 0, 0);
    assert_int_equal(figure(&p, "people_on_card", 653225100201, "2020-06-01"), 2);
    assert_int_equal(figure(&p, "people_on_card", 653224103222, "2020-05-31"), 3);
    assert_whole(&p);
    programme_close(&p);
}
STORE_TEST(to_another_county)

/* What happened before it came is counted where it was then, what happens after, where it is. */
static void flows_belong_to_their_day(enum engine engine)
{
    struct programme p;
    struct household_moved m;
    struct err e = { 0 };
    open_register(&p, engine);
    assert_figure(&p, "households_exited", "2020-01-01", 1, 0);
    assert_ok(try_move(&p, "H2", 653225100201, "2019-06-01", &m, &e), e);
    assert_figure(&p, "households_exited", "2020-01-01", 1, 0);
    assert_ok(try_move(&p, "H1", 653225100201, "2019-06-01", &m, &e), e);
    struct result r = load_text(&p, "household",
                                "code,place,exited_on\nH1,653225100201,2020-12-31\n");
    assert_int_equal(r.changed, 1);
    assert_figure(&p, "households_exited", "2021-01-01", 1, 1);
    assert_figure(&p, "households_registered", "2021-01-01", 0, 1);
    assert_whole(&p);
    programme_close(&p);
}
STORE_TEST(flows_belong_to_their_day)

static void back_and_on(enum engine engine)
{
    struct programme p;
    struct household_moved m, back;
    struct err e = { 0 };
    open_register(&p, engine);
    assert_ok(try_move(&p, "H1", 653225100201, "2019-01-01", &m, &e), e);
    assert_ok(try_move(&p, "H1", 653224103222, "2020-01-01", &back, &e), e);
    assert_int_equal(back.from, m.to);
    assert_int_not_equal(back.to, m.from);
    assert_int_equal(back.persons, 2);
    assert_ok(try_move(&p, "H1", 653226100200, "2020-01-01", &m, &e), e);
    assert_figure(&p, "people_on_card", "2018-12-31", 3, 1);
    assert_figure(&p, "people_on_card", "2019-12-31", 1, 3);
    assert_int_equal(figure(&p, "people_on_card", 653226000000, "2019-12-31"), 0);
    assert_int_equal(figure(&p, "people_on_card", 653226000000, "2020-01-01"), 2);
    assert_int_equal(figure(&p, "people_on_card", 0, "2020-01-01"), 4);
    assert_whole(&p);
    programme_close(&p);
}
STORE_TEST(back_and_on)

static void within_the_county(enum engine engine)
{
    struct programme p;
    struct household_moved m;
    struct err e = { 0 };
    open_register(&p, engine);
    assert_ok(try_move(&p, "H1", 653224104200, NULL, &m, &e), e);
    assert_false(m.county_changed);
    assert_int_equal(figure(&p, "people_on_card", 653224104200, "2020-01-01"), 2);
    assert_int_equal(figure(&p, "people_on_card", 653224103222, "2020-01-01"), 1);
    assert_int_equal(figure(&p, "people_on_card", 653224104000, "2020-01-01"), 2);
    assert_figure(&p, "people_on_card", "2020-01-01", 3, 1);
    assert_whole(&p);
    programme_close(&p);
}
STORE_TEST(within_the_county)

static void refusals_change_nothing(enum engine engine)
{
    struct programme p;
    struct household_moved m;
    struct err e = { 0 };
    open_register(&p, engine);
    assert_err(try_move(&p, "H9", 653225100201, "2020-01-01", &m, &e), e, ERR_NOT_FOUND);
    assert_err(try_move(&p, "H1", 653225100201, NULL, &m, &e), e, ERR_INVALID);
    assert_non_null(strstr(e.message, "needs its day"));
    assert_err(try_move(&p, "H1", 653200000000, "2020-01-01", &m, &e), e, ERR_INVALID);
    assert_err(try_move(&p, "H1", 653224103222, "2020-01-01", &m, &e), e, ERR_INVALID);
    assert_non_null(strstr(e.message, "lives there"));
    test_sql(p.store.store, "update load set state = 0 where number = 2");
    assert_err(try_move(&p, "H1", 653225100201, "2020-01-01", &m, &e), e, ERR_BUSY);
    test_sql(p.store.store, "update load set state = 1");
    assert_whole(&p);
    assert_ok(try_move(&p, "H1", 653225100201, "2020-01-01", &m, &e), e);
    assert_err(try_move(&p, "H1", 653224103222, "2019-01-01", &m, &e), e, ERR_INVALID);
    assert_non_null(strstr(e.message, "only on 2020-01-01"));
    char old[60];
    snprintf(old, sizeof old, "653224:%lld", (long long)m.from);
    assert_err(try_move(&p, old, 653226100201, "2021-01-01", &m, &e), e, ERR_INVALID);
    assert_non_null(strstr(e.message, "left county 653224 on 2020-01-01"));
    assert_whole(&p);
    programme_close(&p);
}
STORE_TEST(refusals_change_nothing)

static void loads_name_the_command(enum engine engine)
{
    struct programme p;
    struct household_moved m;
    struct err e = { 0 };
    open_register(&p, engine);
    static const char there[] = "code,place,members\nH1,653225100201,6\n";
    struct result r = load_text(&p, "household", there);
    assert_int_equal(r.refused, 1);
    assert_non_null(strstr(r.why, "jiedui move household H1 --to PLACE --on DATE"));
    assert_figure(&p, "members_registered", "2020-01-01", 4, 5);
    assert_ok(try_move(&p, "H1", 653225100201, "2020-06-01", &m, &e), e);
    assert_int_equal(load_text(&p, "household", there).changed, 1);
    assert_figure(&p, "members_registered", "2020-05-31", 4, 5);
    assert_figure(&p, "members_registered", "2020-06-01", 0, 11);
    r = load_text(&p, "household", "code,place,members\nH1,653224103222,9\n");
    assert_int_equal(r.refused, 1);
    assert_non_null(strstr(r.why, "left county 653224 and is in 653225 now"));
    /* Its persons are known where it is, and a new one belongs there. */
    r = load_text(&p, "person", "household,code,name,id_number,basis\n"
                                "H1,P2,乙,99000019850111001X,synthetic\n"
                                "H1,P5,戊,,\n");
    assert_int_equal(r.inserted, 1);
    assert_int_equal(r.unchanged, 1);
    assert_int_equal(figure(&p, "people_on_card", 653225100201, "2020-06-01"), 3);
    assert_int_equal(figure(&p, "people_on_card", 653225100201, "2020-05-31"), 0);
    assert_whole(&p);
    programme_close(&p);
}
STORE_TEST(loads_name_the_command)

static const char *const exported[] = { "household", "person", "status_change" };

static void put_exports(struct programme *p, const char *dir)
{
    char path[300];
    struct err e = { 0 };
    for (size_t i = 0; i < sizeof exported / sizeof *exported; i++) {
        snprintf(path, sizeof path, "%s/%s.csv", dir, exported[i]);
        struct list_query q = { .drafts = true };
        assert_ok(export_rows(p->model, p->db, &scope_all, model_find(p->model, exported[i]), &q,
                              EXPORT_CSV, path, NULL, &e), e);
    }
}

/* What was exported is loaded into the same store: nothing changes, whoever moved or came back. */
static void an_export_changes_nothing(enum engine engine)
{
    static const int64_t ways[] = { 653225100201, 653224103222, 653226100200 };
    static const char *const days[] = { "2018-01-01", "2019-01-01", "2020-01-01" };
    char dir[] = "/tmp/jiedui-move.XXXXXX";
    const char *paths[1] = { dir };
    struct programme p;
    struct household_moved m;
    struct err e = { 0 };
    open_register(&p, engine);
    assert_non_null(mkdtemp(dir));
    for (int k = 0; k < 3; k++) {
        assert_ok(try_move(&p, "H1", ways[k], days[k], &m, &e), e);
        put_exports(&p, dir);
        struct load_report report;
        assert_ok(load_paths(p.model, p.store.store, paths, 1, NULL, &report, &e), e);
        for (int i = 0; i < report.n; i++) {
            const struct load_file_report *f = &report.files[i];
            if (f->inserted || f->changed || f->refused || f->unchanged != f->rows)
                fail_msg("move %d, %s: %lld new, %lld changed, %lld refused", k + 1, f->entity,
                         (long long)f->inserted, (long long)f->changed, (long long)f->refused);
        }
        assert_int_equal(report.number, 0);
        load_report_free(&report);
        assert_whole(&p);
    }
    test_dir_remove(dir);
    /* What it was before is not altered by a file, and a move is not loaded. */
    struct result r = load_text(&p, "household", "code,place,members,left_on\n"
                                                 "H1,653225100201,9,2019-01-01\n"
                                                 "H7,653225100201,9,2019-01-01\n");
    assert_int_equal(r.inserted + r.changed, 0);
    assert_true(r.refused >= 1);
    assert_figure(&p, "members_registered", "2018-06-01", 3, 9);
    assert_whole(&p);
    programme_close(&p);
}
STORE_TEST(an_export_changes_nothing)

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(to_another_county),
        STORE_TESTS(flows_belong_to_their_day), STORE_TESTS(back_and_on),
        STORE_TESTS(within_the_county), STORE_TESTS(refusals_change_nothing),
        STORE_TESTS(loads_name_the_command),
        STORE_TESTS(an_export_changes_nothing) };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
