/* Importing in the browser: checked first while nothing is written, columns chosen, loaded, undone; rows
 * outside of what the account may write are refused; another's imports do not exist. */
#include "pages/site.h"

#include "pages/export.h"
#include "programme/job/job.h"

struct world { struct programme p; struct site site; struct seat seat; struct arena arena; struct buf keep;
               char files[64]; char at[64]; };

static void world_open(struct world *w, enum engine engine)
{
    struct err e = { .code = ERR_NONE };
    memset(w, 0, sizeof *w);
    programme_open(&w->p, engine);
    site_begin(&w->p, &w->site, &w->seat);
    snprintf(w->files, sizeof w->files, "/tmp/jiedui-files-XXXXXX");
    assert_non_null(mkdtemp(w->files));
    const struct jobs_options jo = { .dir = w->files, .kinds = page_job_kinds, .n_kinds = page_job_kind_count,
                                     .store = w->p.store.store };
    assert_ok(jobs_open(&w->seat.jobs, &jo, &e), e);
    buf_init(&w->keep, (size_t)8 << 20);
}

static void world_close(struct world *w)
{
    jobs_close(w->seat.jobs);
    test_tree_remove(w->files);
    buf_free(&w->keep);
    arena_free(&w->arena);
    programme_close(&w->p);
}

/* form == NULL: GET; file: what is sent under `name`. */
static struct answer ask(struct world *w, const struct user *v, const char *path, const char *form, const char *name,
                         const char *file)
{
    char url[400];
    snprintf(url, sizeof url, "/en%s", path);
    struct answer a = site_ask(&w->seat, &w->arena, &w->keep, v,
                               &(struct sent){ .url = url, .form = form, .upload = file, .upload_name = name });
    if (a.location && strstr(a.location, "/imports/")) snprintf(w->at, sizeof w->at, "%s", a.location + 3);
    return a;
}

static bool count_row(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    (void)m, (void)row, (void)e;
    ++*(int64_t *)arg;
    return true;
}

static int64_t rows_of(struct world *w, const char *entity)
{
    struct list_query q = { .drafts = true };
    struct err e = { .code = ERR_NONE };
    int64_t n = 0;
    assert_ok(list_rows(w->p.model, test_db(&w->p.store, DB_READ), &scope_all, model_find(w->p.model, entity), &q,
                        count_row, &n, &e), e);
    return n;
}

/* The import that was sent last, and a page below it. */
static const char *at(struct world *w, const char *below)
{
    static char path[128];
    snprintf(path, sizeof path, "%s%s", w->at, below);
    return path;
}

#define SHEET "code,title,kind,place,colour\nI-1,one,industry,653224,red\nI-2,two,nonsense,653224,blue\n"
#define CHOSEN "step=columns&c0=code&c1=title&c2=kind&c3=place&c4=-"

static void a_file_goes_the_whole_way(struct world *w)
{
    struct answer a = ask(w, &test_admin, "/imports", "", "project (2).csv", SHEET);
    assert_int_equal(a.status, 303);
    a = ask(w, &test_admin, at(w, ""), NULL, NULL, NULL);
    assert_true(has(&a, "colour") && has(&a, "project (2).csv"));
    assert_false(has(&a, "/tmp/"));
    a = ask(w, &test_admin, at(w, "/step"), "step=good", NULL, NULL);        /* not checked yet: nothing happens */
    assert_int_equal(rows_of(w, "project"), 0);
    a = ask(w, &test_admin, at(w, "/step"), CHOSEN, NULL, NULL);
    assert_int_equal(a.status, 303);
    assert_int_equal(rows_of(w, "project"), 0);
    a = ask(w, &test_admin, at(w, ""), NULL, NULL, NULL);
    assert_true(has(&a, "Load the good rows now"));
    a = ask(w, &test_admin, at(w, "/refused.xlsx"), NULL, NULL, NULL);
    assert_int_equal(a.status, 200);
    assert_memory_equal(a.body, "PK", 2);
    ask(w, &test_admin, at(w, "/step"), "step=all", NULL, NULL);             /* one row is bad */
    assert_int_equal(rows_of(w, "project"), 0);
    ask(w, &test_admin, at(w, "/step"), "step=good", NULL, NULL);
    assert_int_equal(rows_of(w, "project"), 1);
    a = ask(w, &test_admin, at(w, ""), NULL, NULL, NULL);
    assert_true(has(&a, "Undo this import"));
    ask(w, &test_admin, at(w, "/step"), "step=good", NULL, NULL);            /* only once */
    ask(w, &test_admin, at(w, "/step"), "step=undo", NULL, NULL);
    assert_int_equal(rows_of(w, "project"), 0);
    a = ask(w, &test_admin, "/imports", "", "project.csv", SHEET);              /* the choice is remembered */
    a = ask(w, &test_admin, at(w, ""), NULL, NULL, NULL);
    assert_true(has(&a, "Load the good rows now"));
}

static void what_is_no_import(struct world *w)
{
    assert_int_equal(ask(w, &test_admin, "/imports", "", NULL, NULL).status, 422);
    assert_int_equal(ask(w, &test_admin, "/imports", "", "project.exe", SHEET).status, 422);
    assert_int_equal(ask(w, &test_admin, "/imports", "", "what.csv", SHEET).status, 422);
    assert_int_equal(ask(w, &test_admin, "/imports", "entity=transfer", "what.csv", SHEET).status, 422);
    struct answer a = ask(w, &test_admin, "/imports", "entity=project", "what.xlsx", "this is no workbook");
    assert_int_equal(a.status, 303);
    a = ask(w, &test_admin, at(w, ""), NULL, NULL, NULL);
    assert_true(has(&a, "failed"));
    assert_int_equal(ask(w, &test_admin, "/imports/7", NULL, NULL, NULL).status, 404);
    assert_int_equal(ask(w, &test_admin, "/imports/x", NULL, NULL, NULL).status, 404);
}

/* An officer of one province. */
static void outside_is_refused(struct world *w)
{
    static const struct place_range gansu[] = { { INT64_C(620000000000), INT64_C(629999999999) } };
    static const struct scope scope = { .role = ROLE_OFFICER, .range = gansu, .ranges = 1 };
    static const struct user officer = { .account = 7, .login = "o", .name = "O", .csrf = "token", .scope = &scope };
    struct answer a = ask(w, &officer, "/imports", "", "project.csv",
                          "code,kind,place\nI-1,industry,653224\nI-2,industry,620102\n");
    assert_int_equal(a.status, 303);
    ask(w, &officer, at(w, "/step"), "step=good", NULL, NULL);
    assert_int_equal(rows_of(w, "project"), 1);
    assert_int_equal(ask(w, &test_admin, at(w, ""), NULL, NULL, NULL).status, 404);
    /* a row of another province is not changed either, though its new place would be inside */
    a = ask(w, &test_admin, "/imports", "", "project.csv", "code,kind,place\nI-9,industry,653224\n");
    ask(w, &test_admin, at(w, "/step"), "step=good", NULL, NULL);
    assert_int_equal(rows_of(w, "project"), 2);
    a = ask(w, &officer, "/imports", "", "project.csv", "code,kind,title\nI-9,industry,taken\n");
    a = ask(w, &officer, at(w, "/step"), "step=good", NULL, NULL);
    a = ask(w, &test_admin, "/records/project", NULL, NULL, NULL);
    assert_false(has(&a, "taken"));
}

/* A list of more rows than one waits for becomes a task; its file is for who asked, while they see the same. */
static void a_large_list_is_a_task(struct world *w)
{
    static const struct place_range gansu[] = { { INT64_C(620000000000), INT64_C(629999999999) } };
    static const struct scope less = { .role = ROLE_OFFICER, .range = gansu, .ranges = 1 };
    const struct user narrowed = { .account = test_admin.account, .login = "a", .name = "A", .csrf = "token",
                                   .scope = &less };
    struct buf rows;
    char path[64];
    buf_init(&rows, (size_t)8 << 20);
    buf_str(&rows, "code,name_zh,kind\n");
    for (int i = 0; i <= EXPORT_NOW_MOST; i++) buf_printf(&rows, "T%d,n,enterprise\n", i);
    struct answer a = ask(w, &test_admin, "/imports", "", "organisation.csv", rows.p);
    buf_free(&rows);
    ask(w, &test_admin, at(w, "/step"), "step=good", NULL, NULL);
    a = ask(w, &test_admin, "/records/organisation/export", NULL, NULL, NULL);
    assert_int_equal(a.status, 303);
    snprintf(path, sizeof path, "%s", a.location + 3);
    a = ask(w, &test_admin, path, NULL, NULL, NULL);
    assert_true(has(&a, "50,001 rows") && has(&a, "Download organisation.csv"));
    snprintf(path + strlen(path), sizeof path - strlen(path), "/file");
    a = ask(w, &test_admin, path, NULL, NULL, NULL);
    assert_int_equal(a.status, 200);
    int lines = 0;
    for (const char *p = a.body; *p; p++) lines += *p == '\n';
    assert_int_equal(lines, EXPORT_NOW_MOST + 2);
    assert_int_equal(ask(w, &test_admin, path, NULL, NULL, NULL).status, 200);    /* again */
    assert_int_equal(ask(w, &test_helper, path, NULL, NULL, NULL).status, 404);
    a = ask(w, &narrowed, path, NULL, NULL, NULL);
    assert_int_equal(a.status, 409);
    assert_false(has(&a, "T50000"));
    test_tree_remove(w->files);
    a = ask(w, &test_admin, path, NULL, NULL, NULL);
    assert_int_equal(a.status, 409);
    assert_true(has(&a, "no longer on the server"));
}

ON_EACH(a_file_goes_the_whole_way)
ON_EACH(what_is_no_import)
ON_EACH(outside_is_refused)
ON_EACH(a_large_list_is_a_task)

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(a_file_goes_the_whole_way_here),
                                        STORE_TESTS(what_is_no_import_here), STORE_TESTS(outside_is_refused_here),
                                        STORE_TESTS(a_large_list_is_a_task_here) };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
