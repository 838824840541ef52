/* What is exported is what is stored: each file is read back and compared, value by value. */
#include "sample.h"

#include <sys/stat.h>

#include "base/csv.h"
#include "base/json.h"
#include "doc/xlsx.h"

enum { ROWS = 300 };

static void path_of(struct sample *s, char *path, size_t size, const char *name)
{
    snprintf(path, size, "%s/%s", s->t.dir[0] ? s->t.dir : "/tmp", name);
    if (!s->t.dir[0]) snprintf(path, size, "/tmp/jiedui-%d-%s", (int)getpid(), name);
}

struct filler { struct sample *s; struct random r; };

static bool fill_some(struct tx *tx, void *arg, struct err *e)
{
    struct filler *f = arg;
    static const char *const heads[] = { "Aygul", "=x+y", "买买提", "a,b \"c\"", "-x", "@x", "'=q",
        "two\nlines", "+x" };
    static const char *const incomes[] = { "", "0", "0.01", "-17.5", "123456789.12" };
    struct val row[ENTITY_MAX_COLUMNS];
    random_seed(&f->r, 3);
    for (int i = 0; i < ROWS; i++) {
        char code[20], area[20], day[12];
        int k = (int)random_below(&f->r, 5);
        snprintf(code, sizeof code, "%05d", i);
        snprintf(area, sizeof area, "%d.%d", k * 20, k);
        date_format(date_make(2015, 1, 1) + i, day);
        if (!typed_read(f->s->model, f->s->household,
                      TYPED("code", code, "place", i % 2 ? "653224103222" : "653225", "head",
                            heads[i % COUNT(heads)], "cause", i % 3 ? "1" : "", "causes",
                            i % 4 ? "1;3" : "", "income", incomes[k], "area", k ? area : "",
                            "identified", k ? day : "", "helper", i % 5 ? "O1" : "", "checked",
                            i % 7 ? "" : "2020-05-27 09:30", "martyr", i % 9 ? "" : "yes"),
                      tx_db(tx), row, &f->s->arena, e) ||
            !row_insert(tx, f->s->model, f->s->household, row, e))
            return false;
    }
    return true;
}

static void world_open(struct sample *s, enum engine engine)
{
    struct val row[ENTITY_MAX_COLUMNS];
    struct err e = { 0 };
    sample_open(s, engine);
    struct filler *f = malloc(sizeof *f);
    put(s, s->organisation, row, TYPED("code", "O1", "name", "Office"));
    f->s = s;
    assert_ok(store_write(s->t.store, fill_some, f, &e), e);
    free(f);
}

/* The stored row with this code, and whether the typed cells give the same values. */
static void same_row(struct sample *s, const char *const *names, const char *const *cells, int n)
{
    struct val got[ENTITY_MAX_COLUMNS], back[ENTITY_MAX_COLUMNS] = { 0 };
    const struct table_map *m = s->household;
    struct err e = { 0 };
    int64_t county, id;
    struct arena_mark mark = arena_mark(&s->arena);
    assert_string_equal(names[0], "code");
    assert_ok(
        ref_find(s->model, m, cells[0], strlen(cells[0]), -1, s->db, &s->arena, &county, &id, &e),
        e);
    assert_true(fetch(s, m, county, id, got));
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < n; i++) {
            int f = map_field(m, names[i]);
            assert_true(f >= 0);
            if ((f == m->home) != (pass == 0)) continue;
            if (!field_read(s->model, m, f, cells[i], strlen(cells[i]), s->db, back, &s->arena, &e))
                fail_msg("%s '%s': %s", names[i], cells[i], e.message);
            if (!val_equal(back[m->column[f]], got[m->column[f]]))
                fail_msg("%s of %s: '%s'", names[i], cells[0], cells[i]);
        }
    arena_rewind(&s->arena, mark);
}

/* The apostrophe before a formula is taken off as the loader does. */
static const char *unguarded(struct arena *a, const struct csv_field *f)
{
    bool guard = f->n > 1 && f->p[0] == '\'' && csv_formula_like(f->p, f->n);
    return arena_strndup(a, f->p + guard, f->n - guard);
}

static void compare_cells(struct sample *s, struct arena *a, const char **names, int n_names,
                          const struct csv_field *f, int n, bool guarded)
{
    const char *cells[ENTITY_MAX_COLUMNS];
    assert_int_equal(n, n_names);
    for (int i = 0; i < n; i++)
        cells[i] = guarded ? unguarded(a, &f[i]) : arena_strndup(a, f[i].p, f[i].n);
    same_row(s, names, cells, n);
}

static void csv_reads_back(enum engine engine)
{
    struct sample s;
    struct err e = { 0 };
    struct arena a = { 0 };
    char path[300];
    const char *names[ENTITY_MAX_COLUMNS];
    int64_t rows = 0;
    int n, n_names = 0, seen = 0;
    const struct csv_field *f;
    world_open(&s, engine);
    path_of(&s, path, sizeof path, "out.csv");
    struct list_query q = { .drafts = true };
    assert_ok(export_rows(s.model, s.db, &scope_all, s.household, &q, EXPORT_CSV, path, &rows, &e), e);
    assert_int_equal(rows, ROWS);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    struct csv *in = csv_open(csv_from_file(file), NULL);
    for (enum csv_result r; (r = csv_next(in, &f, &n, &e)) != CSV_END;) {
        assert_int_equal(r, CSV_ROW);
        for (int i = 0; !seen && i < n; i++) names[n_names++] = arena_strndup(&a, f[i].p, f[i].n);
        for (int i = 0; seen && i < n; i++) {
            if (f[i].p[0] != '\'' && csv_formula_like(f[i].p, f[i].n))
                fail_msg("a formula: %.*s", (int)f[i].n, f[i].p);
        }
        if (seen++) compare_cells(&s, &a, names, n_names, f, n, true);
    }
    csv_close(in);
    fclose(file);
    assert_int_equal(seen, ROWS + 1);
    assert_int_equal(n_names, s.household->fields);
    unlink(path);
    arena_free(&a);
    sample_close(&s);
}
STORE_TEST(csv_reads_back)

static void xlsx_reads_back(enum engine engine)
{
    struct sample s;
    struct err e = { 0 };
    struct arena a = { 0 };
    struct xlsx *x = NULL;
    char path[300];
    const char *names[ENTITY_MAX_COLUMNS];
    int64_t rows = 0;
    int n, n_names = 0, seen = 0;
    const struct csv_field *f;
    world_open(&s, engine);
    path_of(&s, path, sizeof path, "out.xlsx");
    struct list_query q = { .drafts = true, .sort = "income" };
    assert_ok(export_rows(s.model, s.db, &scope_all, s.household, &q, EXPORT_XLSX, path, &rows, &e), e);
    assert_int_equal(rows, ROWS);
    assert_ok(xlsx_open(&x, path, NULL, &e), e);
    assert_string_equal(xlsx_sheet_name(x, 0), "household");
    assert_ok(xlsx_sheet(x, 0, &e), e);
    for (enum csv_result r; (r = xlsx_next(x, &f, &n, &e)) != CSV_END;) {
        struct csv_field full[ENTITY_MAX_COLUMNS] = { 0 };
        assert_int_equal(r, CSV_ROW);
        for (int i = 0; !seen && i < n; i++) names[n_names++] = arena_strndup(&a, f[i].p, f[i].n);
        for (int i = 0; i < n; i++) full[i] = f[i]; /* empty cells at the end are left out */
        for (int i = n; i < n_names; i++) full[i].p = "";
        if (seen++) compare_cells(&s, &a, names, n_names, full, n_names,
                                  false);
    }
    xlsx_close(x);
    assert_int_equal(seen, ROWS + 1);
    unlink(path);
    arena_free(&a);
    sample_close(&s);
}
STORE_TEST(xlsx_reads_back)

static char *file_text(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    char *p = malloc(4 << 20);
    *n = fread(p, 1, 4 << 20, f);
    fclose(f);
    return p;
}

static void json_reads_back(enum engine engine)
{
    struct sample s;
    struct err e = { 0 };
    struct arena a = { 0 };
    struct json *doc = NULL;
    char path[300];
    int64_t rows = 0;
    size_t n;
    world_open(&s, engine);
    path_of(&s, path, sizeof path, "out.json");
    struct list_query q = { .drafts = true };
    assert_ok(export_rows(s.model, s.db, &scope_all, s.household, &q, EXPORT_JSON, path, &rows, &e), e);
    char *text = file_text(path, &n);
    assert_ok(json_parse(&doc, text, n, &a, &e), e);
    assert_int_equal(doc->type, JSON_ARRAY);
    assert_int_equal(doc->n, ROWS);
    for (size_t i = 0; i < doc->n; i++) {
        const struct json *o = &doc->items[i];
        const char *names[ENTITY_MAX_COLUMNS], *cells[ENTITY_MAX_COLUMNS];
        assert_int_equal(o->n, (size_t)s.household->fields);
        for (size_t k = 0; k < o->n; k++) {
            const struct json *v = &o->items[k];
            names[k] = o->keys[k];
            if (v->type == JSON_NULL) cells[k] = "";
            else if (v->type == JSON_TEXT) cells[k] = v->text;
            else cells[k] = arena_printf(&a, "%lld", (long long)v->i);
            enum field_type t = s.household->field[map_field(s.household, names[k])].type;
            if (v->type == JSON_BOOL) assert_int_equal(t, F_BOOL);
            if (v->type == JSON_INT) assert_int_equal(t, F_INT);
        }
        same_row(&s, names, cells, (int)o->n);
    }
    free(text);
    unlink(path);
    arena_free(&a);
    sample_close(&s);
}
STORE_TEST(json_reads_back)

static void columns_can_be_chosen(enum engine engine)
{
    struct sample s;
    struct val row[ENTITY_MAX_COLUMNS];
    struct err e = { 0 };
    char path[300], want[600];
    size_t n;
    sample_open(&s, engine);
    path_of(&s, path, sizeof path, "out.csv");
    put(&s, s.household, row,
        TYPED("code", "H1", "place", "653224", "head", "=Aygul", "cause", "1"));
    static const char *const columns[] = { "head", "id", "county", "draft", "code" };
    struct list_query q = { .columns = columns, .n_columns = COUNT(columns) };
    assert_ok(export_rows(s.model, s.db, &scope_all, s.household, &q, EXPORT_CSV, path, NULL, &e), e);
    char *text = file_text(path, &n);
    snprintf(want, sizeof want, "head,id,county,draft,code\r\n'=Aygul,%lld,653224,0,H1\r\n",
             (long long)row[ROW_ID].i);
    assert_int_equal(n, strlen(want));
    assert_memory_equal(text, want, n);
    free(text);
    assert_ok(export_rows(s.model, s.db, &scope_all, s.household, &q, EXPORT_JSON, path, NULL, &e), e);
    text = file_text(path, &n);
    snprintf(want, sizeof want,
             "[\n{\"head\":\"=Aygul\",\"id\":\"%lld\",\"county\":\"653224\",\"draft\":false,"
             "\"code\":\"H1\"}\n]\n",
             (long long)row[ROW_ID].i);
    assert_int_equal(n, strlen(want));
    assert_memory_equal(text, want, n);
    free(text);
    q.where = "code = \"none\"";
    assert_ok(export_rows(s.model, s.db, &scope_all, s.household, &q, EXPORT_JSON, path, NULL, &e), e);
    text = file_text(path, &n);
    assert_int_equal(n, 3);
    assert_memory_equal(text, "[]\n", 3);
    free(text);
    static const char *const wrong[] = { "headd" };
    q = (struct list_query){ .columns = wrong, .n_columns = 1 };
    assert_false(export_rows(s.model, s.db, &scope_all, s.household, &q, EXPORT_CSV, path, NULL, &e));
    assert_non_null(strstr(e.message, "did you mean 'head'?"));
    unlink(path);
    sample_close(&s);
}
STORE_TEST(columns_can_be_chosen)

static void failures_leave_nothing_behind(void **state)
{
    struct sample s;
    struct val row[ENTITY_MAX_COLUMNS];
    struct err e = { 0 };
    struct list_query q = { 0 };
    struct stat st;
    char path[300], part[310];
    (void)state;
    sample_open(&s, ENGINE_SQLITE);
    put(&s, s.household, row,
        TYPED("code", "H1", "place", "653224", "head", "Aygul", "cause", "1"));
    path_of(&s, path, sizeof path, "nowhere/out.csv");
    assert_false(export_rows(s.model, s.db, &scope_all, s.household, &q, EXPORT_CSV, path, NULL, &e));
    assert_non_null(strstr(e.message, "cannot write"));
    assert_false(export_rows(s.model, s.db, &scope_all, s.household, &q, EXPORT_XLSX, "-", NULL, &e));
    assert_int_equal(e.code, ERR_USAGE);
    /* A device that is always full. */
    assert_err(export_rows(s.model, s.db, &scope_all, s.household, &q, EXPORT_CSV, "/dev/full", NULL, &e), e,
               ERR_FULL);
    assert_int_equal(stat("/dev/full", &st), 0);
    /* The old file stays until the new one is complete. */
    path_of(&s, path, sizeof path, "out.csv");
    snprintf(part, sizeof part, "%s.part", path);
    assert_ok(export_rows(s.model, s.db, &scope_all, s.household, &q, EXPORT_CSV, path, NULL, &e), e);
    test_sql(s.t.store, "alter table household rename to gone");
    assert_false(export_rows(s.model, s.db, &scope_all, s.household, &q, EXPORT_CSV, path, NULL, &e));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(stat(part, &st), -1);
    sample_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(csv_reads_back), STORE_TESTS(xlsx_reads_back), STORE_TESTS(json_reads_back),
        STORE_TESTS(columns_can_be_chosen), cmocka_unit_test(failures_leave_nothing_behind),
    };
    return test_store_main(tests, COUNT(tests));
}
