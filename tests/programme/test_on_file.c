/* How many rows are on file is kept: whatever is written, loaded, moved and taken back, the figure says what
 * counting the list says, for every scope and place. */
#include "rows.h"

#include "base/date.h"
#include "base/random.h"
#include "programme/household/move.h"

static const int64_t places[] = { 0, INT64_C(650000000000), INT64_C(653224000000), INT64_C(653224103222),
                                  INT64_C(653224103201), INT64_C(653225000000), INT64_C(653225001001) };
static const struct place_range county = { INT64_C(653224000000), INT64_C(653224999999) },
                                village = { INT64_C(653225001001), INT64_C(653225001001) };
static const struct scope near_officer = { .role = ROLE_OFFICER, .place = INT64_C(653224000000), .range = &county,
                                           .ranges = 1 },
                          team = { .role = ROLE_VILLAGE, .place = INT64_C(653225001001), .range = &village, .ranges = 1 };
static const struct scope *const scopes[] = { &scope_all, &near_officer, &team };
enum { PLACES = sizeof places / sizeof *places, SCOPES = sizeof scopes / sizeof *scopes };

/* Returns how many figures of this sort there are that hold any row. */
static int held_against_lists(struct programme *p)
{
    int filled = 0;
    for (int i = 0; i < p->model->n; i++) {
        const struct table_map *m = &p->model->maps[i];
        const struct figure *f = figures_on_file(p->figures, m);
        for (int s = 0; f && s < SCOPES; s++)
            for (int k = 0; k < PLACES; k++) {
                const struct figure_query q = { .name = f->name, .place = places[k], .from = DATE_MIN, .to = DATE_MAX };
                const struct list_query all = { .place = places[k] };
                struct figure_value v;
                struct err e = { 0 };
                int64_t n = 0;
                assert_ok(figure_read(&p->context, p->db, scopes[s], &q, &v, &e), e);
                if (!v.known) continue;
                assert_ok(list_count(p->model, p->db, scopes[s], m, &all, 0, &n, &e), e);
                if (v.rows != n)
                    fail_msg("%s at %lld as %s: %lld kept, %lld counted", f->name, (long long)places[k],
                             role_rights[scopes[s]->role].code, (long long)v.rows, (long long)n);
                filled += s == 0 && k == 0 && n > 0;
            }
    }
    return filled;
}

struct moving { struct programme *p; const char *code; };

static bool move_one(struct tx *tx, void *arg, struct err *e)
{
    struct moving *x = arg;
    struct household_moved done;
    const struct household_move move = { .code = x->code, .place = INT64_C(653225001001), .dated = true,
                                         .on = date_make(2020, 3, 1) };
    return household_move(tx, x->p->model, &move, &done, e);
}

static void what_is_on_file_is_kept(enum engine engine)
{
    const char *const folder = JD_SOURCE_DIR "/examples/tianjin-2020";
    const struct load_options opt = { .refused_dir = JD_BUILD_DIR };
    struct load_report report = { 0 };
    struct programme p;
    struct random r;
    struct err e = { 0 };
    char text[200], code[20];
    programme_open(&p, engine);
    random_seed(&r, 20261122);
    for (int i = 0; i < 24; i++) {
        int64_t place = places[3 + random_below(&r, 2)];
        snprintf(text, sizeof text, "code=H%d; place=%lld; identified_on=2014-01-01%s", i, (long long)place,
                 random_below(&r, 3) ? "" : "; exited_on=2019-12-01");
        put(&p, "household", text);
        snprintf(text, sizeof text, "code=V%d; visitor=E; place=%lld; valid_from=2020-01-05; valid_to=2020-01-05; "
                 "quantity=%d", i, (long long)place, 1 + (int)random_below(&r, 5));
        if (i == 0) put(&p, "organisation", "code=E; name_zh=甲; kind=enterprise");
        put(&p, "visit", text);
    }
    assert_int_equal(held_against_lists(&p), 2);
    for (int i = 0; i < 6; i++) {
        snprintf(code, sizeof code, "H%d", i * 3);
        struct moving x = { &p, code };
        assert_ok(store_write(p.store.store, move_one, &x, &e), e);
    }
    assert_int_equal(held_against_lists(&p), 2);
    assert_ok(load_paths(p.model, p.store.store, &folder, 1, &opt, &report, &e), e);
    assert_true(held_against_lists(&p) > 2);
    assert_ok(load_undo(p.model, p.store.store, report.number, 0, &e), e);
    load_report_free(&report);
    assert_int_equal(held_against_lists(&p), 2);
    programme_close(&p);
}
STORE_TEST(what_is_on_file_is_kept)

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(what_is_on_file_is_kept) };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
