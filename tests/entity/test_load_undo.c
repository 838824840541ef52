/* Undo of a whole load; what stands in its way; what a dead load leaves and the next one takes
 * back. */
#include "load_sample.h"

static const char *const organisations = "code,name,parent\nO1,One,\nO2,Two,O1\n";
static const char *const households = "code,place,head,cause,members,helper\n"
    "H1,653224,Gul,01,3,O2\nH2,653224,Ali,01,,\nH3,653225,Anar,02,2,O1\n";
static const char *const persons = "household,number,name,citizen_id,basis\n"
                                   "H1,1,Gul,99000019850111001X,synthetic\nH3,1,Anar,,synthetic\n";

static void put_all(const struct folder *f)
{
    folder_put(f, "organisation.csv", organisations);
    folder_put(f, "household.csv", households);
    folder_put(f, "person.csv", persons);
}

static void undoes(enum engine engine)
{
    struct sample s;
    struct folder f;
    struct val row[ENTITY_MAX_COLUMNS];
    struct err e = { 0 };
    int64_t number;
    sample_open(&s, engine);
    folder_open(&f);
    put_all(&f);
    put(&s, s.household, row, TYPED("code", "H2", "place", "653224", "head", "Alim", "cause", "03",
                                    "phone", "13900001234"));
    char *before = dump_all(&s);
    assert_loaded(load_sum_up(&s, &f, NULL, &(struct load_options){ .slice = 2 }, &number), 6, 1, 0,
                  0);
    char *after = dump_all(&s);
    assert_ok(load_undo(s.model, s.t.store, number, 0, &e), e);
    char *undone = dump_all(&s);
    assert_string_equal(before, undone);
    assert_whole(&s);
    assert_int_equal(count_stored(&s, "household"), 1);
    assert_int_equal(count_stored(&s, "national_key"), 1);
    assert_int_equal(count_stored(&s, "load_change") + count_stored(&s, "load_part")
                     + count_stored(&s, "load_run"), 0);
    assert_err(load_undo(s.model, s.t.store, number, 0, &e), e, ERR_INVALID);
    assert_non_null(strstr(e.message, "is undone already"));
    assert_err(load_undo(s.model, s.t.store, number + 1, 0, &e), e, ERR_NOT_FOUND);
    /* The same files can be loaded again. */
    assert_loaded(load_sum_up(&s, &f, NULL, NULL, NULL), 6, 1, 0, 0);
    char *again = dump_all(&s);
    assert_string_equal(after, again);
    assert_whole(&s);
    free(before), free(after), free(undone), free(again);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(undoes)

static void assert_not_undone(struct sample *s, int64_t number, const char *why)
{
    struct err e = { 0 };
    char *before = dump_all(s);
    assert_err(load_undo(s->model, s->t.store, number, 0, &e), e, ERR_CONFLICT);
    if (!strstr(e.message, why)) fail_msg("%s (not: %s)", e.message, why);
    char *after = dump_all(s);
    assert_string_equal(before, after);
    free(before), free(after);
    assert_whole(s);
}

struct seek { const char *code; int64_t county, id; };

static bool seek_row(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct seek *k = arg;
    struct val v = row[m->column[HH_CODE]];
    (void)e;
    if (v.n == strlen(k->code) && memcmp(v.p, k->code, v.n) == 0)
        k->county = row[ROW_COUNTY].i, k->id = row[ROW_ID].i;
    return true;
}

static void find_household(struct sample *s, const char *code, struct val *row)
{
    struct seek k = { .code = code };
    struct list_query q = { .drafts = true };
    struct err e = { 0 };
    assert_ok(list_rows(s->model, s->db, &scope_all, s->household, &q, seek_row, &k, &e), e);
    assert_true(fetch(s, s->household, k.county, k.id, row));
}

static void keeps_what_was_touched_since(enum engine engine)
{
    struct sample s;
    struct folder f;
    struct val row[ENTITY_MAX_COLUMNS], visit[ENTITY_MAX_COLUMNS];
    struct err e = { 0 };
    int64_t number, second;
    sample_open(&s, engine);
    folder_open(&f);
    put_all(&f);
    put(&s, s.household, row, TYPED("code", "H2", "place", "653224", "head", "Alim", "cause",
                                    "03"));
    assert_loaded(load_sum_up(&s, &f, NULL, NULL, &number), 6, 1, 0, 0);
    /* A row that came with it is changed. */
    find_household(&s, "H3", row);
    set(s.household, row, HH_HEAD, val_text("Anargul"));
    assert_ok(change_row(&s, s.household, row, 0, &e), e);
    assert_not_undone(&s, number, "household H3 was changed since");
    /* Undoing the change by hand does not help: the row is not what was loaded. */
    set(s.household, row, HH_HEAD, val_text("Anar"));
    assert_ok(change_row(&s, s.household, row, 0, &e), e);
    assert_not_undone(&s, number, "household H3 was changed since");
    folder_put(&f, "household.csv", "code,place,head,cause\nH9,653224,Tur,01\nH2,653224,Ali,02\n");
    assert_loaded(load_sum_up(&s, &f, "household.csv", NULL, &second), 1, 1, 0, 0);
    assert_not_undone(&s, number, "household H2 was changed since");
    /* A later row refers to one that came with it. */
    put(&s, s.visit, visit, TYPED("household", "H9", "on_date", "2020-05-05"));
    assert_not_undone(&s, second, "visit H9/2020-05-05/ refers to a row of this load by household");
    assert_ok(drop_row(&s, s.visit, visit, 0, &e), e);
    assert_ok(load_undo(s.model, s.t.store, second, 0, &e), e);
    assert_whole(&s);
    /* A row that came with it is deleted. */
    folder_put(&f, "household.csv", "code,place,head,cause\nH9,653224,Tur,01\nH8,653224,Nur,01\n");
    assert_loaded(load_sum_up(&s, &f, "household.csv", NULL, &second), 2, 0, 0, 0);
    find_household(&s, "H8", row);
    assert_ok(drop_row(&s, s.household, row, 0, &e), e);
    assert_not_undone(&s, second, "1 rows of household in county 653224 were deleted since");
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(keeps_what_was_touched_since)

/* One load after another is undone, the last one first, also when the later one changed rows of the
 * earlier, and with them what rows below copy. */
static void undoes_one_after_another(enum engine engine)
{
    struct sample s;
    struct folder f;
    struct err e = { 0 };
    int64_t first, second, third;
    char want[200];
    sample_open(&s, engine);
    folder_open(&f);
    char *empty = dump_all(&s);
    put_all(&f);
    assert_loaded(load_sum_up(&s, &f, NULL, NULL, &first), 7, 0, 0, 0);
    char *one = dump_all(&s);
    folder_put(&f, "household.csv", "code,place,head,cause\nH1,653224,Gulnar,02\nH3,653225,Anar,03\n");
    assert_loaded(load_sum_up(&s, &f, "household.csv", NULL, &second), 0, 2, 0, 0);
    folder_put(&f, "person.csv", "household,number,name,basis\nH1,2,Nur,synthetic\n");
    assert_loaded(load_sum_up(&s, &f, "person.csv", NULL, &third), 1, 0, 0, 0);
    snprintf(want, sizeof want, "load %lld cannot be undone: undo first load %lld (person.csv, ",
             (long long)first, (long long)third);
    assert_not_undone(&s, first, want);
    assert_not_undone(&s, first, ", 1 row refers to it), then load ");
    assert_not_undone(&s, first, ", 2 rows of it changed); household H");
    assert_ok(load_undo(s.model, s.t.store, third, 0, &e), e);
    assert_ok(load_undo(s.model, s.t.store, second, 0, &e), e);
    char *back = dump_all(&s);
    assert_string_equal(one, back);
    assert_whole(&s);
    assert_ok(load_undo(s.model, s.t.store, first, 0, &e), e);
    char *end = dump_all(&s);
    assert_string_equal(empty, end);
    assert_whole(&s);
    free(empty), free(one), free(back), free(end);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(undoes_one_after_another)

/* ---- the observer ---- */

struct watched { int64_t inserts, changes, deletes, staged, published, discarded, number; };

static bool watch(void *arg, struct tx *tx, const struct table_map *m, const struct val *before,
                  const struct val *after, struct err *e)
{
    struct watched *w = arg;
    int64_t load = load_of(tx);
    (void)m, (void)e;
    w->inserts += !before;
    w->deletes += !after;
    w->changes += before && after;
    if (load && after && after[ROW_LOAD].i == load) {
        w->staged++;
        w->number = load;
    }
    if (!after) assert_int_equal(load, 0);
    return true;
}

static bool publish(void *arg, struct tx *tx, int64_t load, struct err *e)
{
    struct watched *w = arg;
    (void)e;
    assert_int_equal(load, load_of(tx));
    assert_int_equal(load, w->number);
    w->published++;
    return true;
}

static bool discard(void *arg, struct tx *tx, int64_t load, struct err *e)
{
    struct watched *w = arg;
    (void)tx, (void)load, (void)e;
    w->discarded++;
    return true;
}

static void tells_the_observer(enum engine engine)
{
    struct sample s;
    struct folder f;
    struct err e = { 0 };
    struct val row[ENTITY_MAX_COLUMNS];
    struct watched w = { 0 };
    int64_t number;
    sample_open(&s, engine);
    folder_open(&f);
    put_all(&f);
    put(&s, s.household, row, TYPED("code", "H2", "place", "653224", "head", "Alim", "cause",
                                    "03"));
    s.model->observe = watch;
    s.model->publish = publish;
    s.model->discard = discard;
    s.model->observe_arg = &w;
    for (size_t slice = 2; slice < 100; slice += 50) {
        w = (struct watched){ 0 };
        struct load_options opt = { .slice = slice };
        assert_loaded(load_sum_up(&s, &f, NULL, &opt, &number), 6, 1, 0, 0);
        assert_int_equal(w.inserts, 6);
        assert_int_equal(w.staged, 6);
        assert_int_equal(w.changes, 1);
        assert_int_equal(w.published, 1);
        assert_int_equal(w.discarded, 0);
        assert_ok(load_undo(s.model, s.t.store, number, 0, &e), e);
        assert_int_equal(w.deletes, 6);
        assert_int_equal(w.changes, 2);
    }
    /* A load that fails late is discarded. */
    w = (struct watched){ 0 };
    folder_put(&f, "visit.csv", "household,on_date\nH1,\"2020-05-05\n");
    assert_load_fails(&s, &f, NULL, &(struct load_options){ .slice = 1 }, ERR_CORRUPT,
                      "visit.csv, line 2");
    assert_true(w.staged > 0);
    assert_int_equal(w.published, 0);
    assert_int_equal(w.discarded, 1);
    assert_int_equal(count_stored(&s, "household"), 1);
    assert_whole(&s);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(tells_the_observer)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(undoes),
        STORE_TESTS(keeps_what_was_touched_since), STORE_TESTS(undoes_one_after_another),
        STORE_TESTS(tells_the_observer),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
