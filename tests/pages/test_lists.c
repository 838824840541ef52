/* Lists: pages to and fro against a full sort, conditions, counts, saved lists, acts on a whole list. */
#include "pages/asking.h"

#include <dirent.h>

#include "base/random.h"
#include "programme/access/access.h"
#include "programme/job/job.h"


enum { ROWS = 90, HOTAN = 80 };       /* the last ten lie in Gansu */
struct row { char code[8]; int64_t amount; bool known; };
static char folder[64];

static void world_open(struct world *w, enum engine engine)
{
    struct err e = { .code = ERR_NONE };
    world_begin(w, engine);
    snprintf(folder, sizeof folder, "/tmp/jiedui-files-XXXXXX");
    assert_non_null(mkdtemp(folder));
    const struct jobs_options jo = { .dir = folder, .kinds = page_job_kinds, .n_kinds = page_job_kind_count,
                                     .store = w->p.store.store };
    assert_ok(jobs_open(&w->seat.jobs, &jo, &e), e);
    put(&w->p, "organisation", "code=O-1; name_zh=天津一公司; name_en=Tianjin First; kind=government");
    put(&w->p, "organisation", "code=O-2; name_zh=天津二公司; name_en=Tianjin Second; kind=government");
}

static void files_remove(void)
{
    DIR *d = opendir(folder);
    for (struct dirent *f; d && (f = readdir(d)) != NULL;) {
        char path[400];
        if (f->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s", folder, f->d_name);
        test_dir_remove(path);
    }
    if (d) closedir(d);
    test_dir_remove(folder);
}

static void lists_close(struct world *w)
{
    jobs_close(w->seat.jobs);
    files_remove();
    world_close(w);
}

/* Purchases with ties and holes in their amounts. */
static void purchases(struct world *w, struct row *rows)
{
    struct random r;
    random_seed(&r, 11);
    for (int i = 0; i < ROWS; i++) {
        char text[300], amount[20] = "";
        rows[i].known = !random_chance(&r, 150000);
        rows[i].amount = (int64_t)random_below(&r, 12) * 10;
        snprintf(rows[i].code, sizeof rows[i].code, "P-%03d", i);
        if (rows[i].known) snprintf(amount, sizeof amount, "%d", (int)rows[i].amount);
        snprintf(text, sizeof text, "code=%s; helper=O-%d; place=%s; class=consumption; state=done; "
                 "valid_from=2020-%02d-01; valid_to=2020-12-31; amount=%s", rows[i].code, i % 2 + 1,
                 i < HOTAN ? "653224" : "620524", i % 9 + 1, amount);
        put(&w->p, "purchase", text);
    }
}

/* The codes of an answer of the programs' interface, in its order. */
static int codes_of(const struct answer *a, char codes[][8], int n)
{
    for (const char *at = a->body; (at = strstr(at, "\"code\":\"P-")) != NULL; at += 8, n++) {
        assert_true(n < ROWS);
        snprintf(codes[n], 8, "%.5s", at + 8);
    }
    return n;
}

/* "after" or "before" of an answer, as an address takes it; false when there is none. */
static bool cursor_of(const struct answer *a, const char *way, char *out, size_t n)
{
    char key[20];
    snprintf(key, sizeof key, "\"%s\":\"", way);
    const char *at = strstr(a->body, key);
    if (!at) return false;
    at += strlen(key);
    snprintf(out, n, "%.*s", (int)strcspn(at, "\""), at);
    return true;
}

static int by_code(const void *a, const void *b) { return strcmp(a, b); }

static void walk(struct world *w, const char *query, char codes[][8], int *n, bool back)
{
    char cursor[400] = "", text[600];
    int pages = 0;
    *n = 0;
    do {
        char part[ROWS][8];
        const char *way = !*cursor ? back ? "&last=1" : "" : back ? "&before=" : "&after=";
        snprintf(text, sizeof text, "%s&limit=15%s%s", query, way, cursor);
        struct answer a = ask_with(w, &test_admin, false, "/api/v1/records/purchase", text);
        assert_int_equal(a.status, 200);
        int got = codes_of(&a, part, 0);
        if (back) memmove(codes + got, codes, (size_t)*n * sizeof codes[0]);
        memcpy(codes + (back ? 0 : *n), part, (size_t)got * sizeof codes[0]);
        *n += got;
        if (!cursor_of(&a, back ? "before" : "after", cursor, sizeof cursor)) break;
    } while (++pages < 20);
}

static void pages_to_and_fro(struct world *w)
{
    static const char *const sorts[] = { "drafts=1", "sort=amount", "sort=-amount", "sort=-code" };
    struct row rows[ROWS];
    purchases(w, rows);
    for (int i = 0; i < 4; i++) {
        char there[ROWS][8], back[ROWS][8];
        int n = 0, m = 0;
        walk(w, sorts[i], there, &n, false);
        walk(w, sorts[i], back, &m, true);
        assert_int_equal(n, ROWS);
        assert_int_equal(m, ROWS);
        for (int k = 0; k < ROWS; k++) assert_string_equal(there[k], back[k]);
        for (int k = 1; k < ROWS && (i == 1 || i == 2); k++) {
            const struct row *x = &rows[strtol(there[k - 1] + 2, NULL, 10)], *y = &rows[strtol(there[k] + 2, NULL, 10)];
            assert_true(x->known >= y->known);
            if (x->known && y->known) assert_true(i == 1 ? x->amount <= y->amount : x->amount >= y->amount);
        }
        qsort(there, ROWS, sizeof there[0], by_code);
        for (int k = 0; k < ROWS; k++) assert_string_equal(there[k], rows[k].code);
    }
    struct answer a = ask_with(w, &test_admin, false, "/records/purchase", "sort=code");
    assert_true(has(&a, "1–50") && has(&a, "rel=\"next\"") && has(&a, "Start at"));
    a = ask_with(w, &test_admin, false, "/records/purchase", "sort=code&start=P-070");
    assert_true(has(&a, "P-070") && has(&a, "P-089") && !has(&a, ">P-069<") && has(&a, "rel=\"prev\""));
    a = ask_with(w, &test_admin, true, "/records/purchase", "sort=amount&last=1");
    assert_true(has(&a, "第 41–90 条，共 90 条"));
    assert_int_equal(ask_with(w, &test_admin, false, "/records/purchase", "sort=amount&after=1-2~tx").status, 400);
    assert_int_equal(ask_with(w, &test_admin, false, "/records/purchase", "before=rubbish").status, 400);
}

static void conditions_and_counts(struct world *w)
{
    struct row rows[ROWS];
    purchases(w, rows);
    struct answer a = ask_with(w, &test_admin, false, "/records/purchase", "f.amount.from=50&f.amount.to=70&f.helper=O-1");
    int n = 0;
    for (int i = 0; i < ROWS; i += 2) n += rows[i].known && rows[i].amount >= 50 && rows[i].amount <= 70;
    char text[60];
    snprintf(text, sizeof text, "1–%d of %d", n, n);
    assert_true(n > 3 && has(&a, text) && has(&a, "Tianjin First"));
    a = ask_with(w, &test_admin, false, "/records/purchase", "f.amount.is=empty");
    n = 0;
    for (int i = 0; i < ROWS; i++) n += !rows[i].known;
    snprintf(text, sizeof text, "1–%d of %d", n, n);
    assert_true(has(&a, text) && has(&a, "is empty"));
    a = ask_with(w, &test_admin, false, "/records/purchase", "f.code.begins=p-01");
    assert_true(has(&a, "1–10 of 10"));
    /* a part of a name that several bear is asked back, one that one bears is taken */
    a = ask_with(w, &test_admin, false, "/records/purchase", "f.helper=tianjin");
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "Which ") && has(&a, "Tianjin First") && has(&a, "Tianjin Second") && !has(&a, "P-001"));
    a = ask_with(w, &test_admin, false, "/records/purchase", "f.helper=second");
    assert_true(has(&a, "1–45 of 45"));
    a = ask_with(w, &test_admin, false, "/records/purchase", "add.field=amount&add.how=range&add.value=50&add.upto=70&sort=code");
    assert_int_equal(a.status, 303);
    assert_string_equal(a.location, "/en/records/purchase?sort=code&f.amount.from=50&f.amount.to=70");
    static const char *const wrong[] = { "f.nothing=1", "f.amount.like=1", "f.amount=abc", "f.helper=Nobody",
        "f.amount.is=x", "f.code.from=1", "f.amount=1+or+1%3D1" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(ask_with(w, &test_admin, false, "/records/purchase", wrong[i]).status, 400);
    /* counts are of what may be seen */
    a = ask_with(w, &test_admin, false, "/records/purchase", "counts=1");
    assert_true(has(&a, "place=620000000000\">") && has(&a, "place=650000000000\">") && has(&a, "<span class=\"muted\">10</span>"));
    a = ask_with(w, &near_officer, false, "/records/purchase", "counts=1");
    assert_true(has(&a, "<span class=\"muted\">80</span>") && !has(&a, "place=620000000000") && !has(&a, "<span class=\"muted\">10</span>"));
}

static int64_t account_made(struct world *w, const char *text, const char *login)
{
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct err e = { .code = ERR_NONE };
    bool found = false;
    put(&w->p, "account", text);
    assert_ok(account_find(w->p.model, test_db(&w->p.store, DB_READ), login, &w->arena, row, &found, &e) && found, e);
    return row[ROW_ID].i;
}

static void saved_lists(struct world *w)
{
    struct user li = near_officer, wu = near_officer, he = near_helper;
    char url[200];
    li.account = account_made(w, "login=li; name=Li; role=officer; place=6532; state=active", "li");
    wu.account = account_made(w, "login=wu; name=Wu; role=officer; organisation=O-1; state=active", "wu");
    he.account = account_made(w, "login=he; name=He; role=helper; organisation=O-1; state=active", "he");
    struct answer a = send(w, &li, false, "/records/purchase/views", "name=Large+ones&shared=role&query=%3Ff.amount.from%3D50%26after%3D1-2%26x%3D1");
    assert_int_equal(a.status, 303);
    assert_non_null(strstr(a.location, "&f.amount.from=50"));
    assert_null(strstr(a.location, "after"));
    snprintf(url, sizeof url, "%s", strchr(a.location, '?') + 1);
    a = ask(w, &li, true, "/records");
    assert_true(has(&a, "Large ones"));
    a = ask(w, &wu, false, "/records");
    assert_true(has(&a, "Large ones"));
    a = ask(w, &he, false, "/records");
    assert_false(has(&a, "Large ones"));
    a = ask_with(w, &wu, false, "/records/purchase", url);
    assert_true(has(&a, "Saved list: Large ones") && !has(&a, "Remove this saved list"));
    /* an organisation's, and what is nobody else's to change */
    assert_int_equal(send(w, &li, false, "/records/purchase/views", "name=X&shared=organisation&query=").status, 400);
    a = send(w, &wu, false, "/records/purchase/views", "name=Ours&shared=organisation&query=");
    assert_int_equal(a.status, 303);
    int64_t ours = strtoll(strstr(a.location, "view=") + 5, NULL, 10);
    a = ask(w, &he, false, "/records");
    assert_true(has(&a, "Ours"));
    snprintf(url, sizeof url, "id=%lld&act=remove", (long long)ours);
    assert_int_equal(send(w, &he, false, "/records/purchase/views", url).status, 404);
    snprintf(url, sizeof url, "id=%lld&name=Renamed&shared=own&query=f.gone%%3D1", (long long)ours);
    assert_int_equal(send(w, &he, false, "/records/purchase/views", url).status, 404);
    assert_int_equal(send(w, &wu, false, "/records/purchase/views", url).status, 303);
    a = ask(w, &he, false, "/records");
    assert_false(has(&a, "Renamed"));
    snprintf(url, sizeof url, "view=%lld&f.gone=1", (long long)ours);
    a = ask_with(w, &wu, false, "/records/purchase", url);
    assert_int_equal(a.status, 400);
    assert_true(has(&a, "there is no field &quot;gone&quot;") && has(&a, "Remove this saved list"));
    snprintf(url, sizeof url, "id=%lld&act=remove", (long long)ours);
    assert_int_equal(send(w, &wu, false, "/records/purchase/views", url).status, 303);
    assert_int_equal(send(w, &wu, false, "/records/purchase/views", "name=&query=").status, 400);
}

static int64_t kind_where(struct world *w, const char *kind, const char *where)
{
    struct list_query q = { .where = where, .drafts = true };
    struct err e = { .code = ERR_NONE };
    int64_t n = 0;
    assert_ok(list_count(w->p.model, test_db(&w->p.store, DB_READ), &scope_all, model_find(w->p.model, kind), &q, 0,
                         &n, &e), e);
    return n;
}

static int64_t rows_where(struct world *w, const char *where) { return kind_where(w, "purchase", where); }

/* What the page that asks shows is sent back with the act. */
static struct answer act_on(struct world *w, const struct user *v, const char *kind, const char *query, const char *what)
{
    char form[600], rows[30] = "", sum[40] = "", path[80];
    snprintf(path, sizeof path, "/records/%s/bulk", kind);
    struct answer a = ask_with(w, v, false, path, query);
    assert_int_equal(a.status, 200);
    const char *r = strstr(a.body, "name=\"rows\" value=\""), *s = strstr(a.body, "name=\"sum\" value=\"");
    assert_true(r && s);
    snprintf(rows, sizeof rows, "%.*s", (int)strcspn(r + 19, "\""), r + 19);
    snprintf(sum, sizeof sum, "%.*s", (int)strcspn(s + 18, "\""), s + 18);
    snprintf(form, sizeof form, "rows=%s&sum=%s&%s", rows, sum, what);
    return asked(w, v, false, path, query, form);
}

static struct answer act(struct world *w, const struct user *v, const char *query, const char *what)
{
    return act_on(w, v, "purchase", query, what);
}

static void step_of(struct world *w, const struct answer *made, const char *step)
{
    char at[120], form[40];
    assert_int_equal(made->status, 303);
    snprintf(at, sizeof at, "%s/step", made->location + 3);
    snprintf(form, sizeof form, "step=%s", step);
    assert_int_equal(send(w, &near_officer, false, at, form).status, 303);
}

/* An act that adds a row to each: checked, done, undone as a whole; done twice it is one row each. */
static void acts_that_add_rows(struct world *w)
{
    char code[140], at[120];
    struct answer a;
    for (int i = 0; i < 7; i++) {
        snprintf(code, sizeof code, "code=9900000000%d; place=%s", i, i < 5 ? "653224100201" : "620102001001");
        put(&w->p, "household", code);
    }
    put(&w->p, "organisation", "code=O-9; name_zh=乙校; kind=school; place=653224100");
    put(&w->p, "household_helper", "household=99000000001; code=1; helper_unit=O-9");
    put(&w->p, "purchase", "code=P-1; helper=O-1; place=653224; class=consumption; state=done");
    a = ask(w, &near_officer, false, "/records/household/bulk");
    assert_true(has(&a, "Assign a helper") && has(&a, "Record a measure") && has(&a, "Check for 5 rows"));
    const char *lists = strstr(a.body, "id=\"d-organisation\"");
    assert_true(!lists || !strstr(lists + 1, "id=\"d-organisation\""));
    a = act_on(w, &near_officer, "household", "", "act=add&add=assign_helper&helper_unit=Nobody&name=Li");
    assert_true(a.status == 422 && has(&a, "Nobody"));
    a = act_on(w, &near_officer, "household", "", "act=add&add=assign_helper&name=Li");
    assert_true(a.status == 422 && has(&a, "Fill in: Unit") && has(&a, "value=\"Li\""));
    assert_int_equal(act_on(w, &near_officer, "household", "", "act=add&add=nothing").status, 422);
    assert_int_equal(act_on(w, &near_officer, "purchase", "", "act=add&add=assign_helper&helper_unit=O-9").status, 422);
    /* One household has the unit already. */
    a = act_on(w, &near_officer, "household", "", "act=add&add=assign_helper&helper_unit=O-9&valid_from=2021-01-01");
    assert_int_equal(a.status, 303);
    assert_int_equal(kind_where(w, "household_helper", NULL), 1);
    snprintf(at, sizeof at, "%s", a.location + 3);
    a = ask(w, &near_officer, false, at);
    assert_true(has(&a, "nothing written"));
    snprintf(code, sizeof code, "%s/step", at);
    assert_int_equal(send(w, &near_officer, false, code, "step=good").status, 303);
    assert_int_equal(kind_where(w, "household_helper", NULL), 5);
    assert_int_equal(kind_where(w, "household_helper", "valid_from = 2021-01-01"), 4);
    a = act_on(w, &near_officer, "household", "", "act=add&add=assign_helper&helper_unit=O-9");
    assert_true(a.status == 422 && has(&a, "has it already"));
    assert_int_equal(send(w, &near_officer, false, code, "step=undo").status, 303);
    assert_int_equal(kind_where(w, "household_helper", NULL), 1);
    /* Another act of the kind; the same measure a second time changes nothing. */
    for (int twice = 0; twice < 2; twice++) {
        a = act_on(w, &near_officer, "household", "", "act=add&add=add_measure&kind=industry&title=Hens&amount=120");
        step_of(w, &a, "good");
        assert_int_equal(kind_where(w, "help_measure", NULL), 5);
    }
    assert_int_equal(ask(w, &near_helper, false, "/records/household/bulk").status, 404);
}

static void acts_on_a_whole_list(struct world *w)
{
    struct row rows[ROWS];
    char at[100];
    purchases(w, rows);
    /* a field for all: checked, loaded, undone as a whole; nothing outside the account's places */
    struct answer a = act(w, &near_officer, "", "act=set&field=class&value=material");
    assert_int_equal(a.status, 303);
    snprintf(at, sizeof at, "%s", a.location + 3);
    assert_int_equal(rows_where(w, "class = material"), 0);
    a = ask(w, &near_officer, false, at);
    assert_true(has(&a, "nothing written"));
    char step[120];
    snprintf(step, sizeof step, "%s/step", at);
    assert_int_equal(send(w, &near_officer, false, step, "step=good").status, 303);
    assert_int_equal(rows_where(w, "class = material"), HOTAN);
    a = ask_with(w, &near_officer, false, "/records/purchase", "f.class=material");
    first_link(&a, "/en/records/purchase/653224-", at, sizeof at);
    a = ask(w, &near_officer, false, at);
    assert_true(has(&a, "Before and after") && has(&a, "Put it back as it was before"));
    assert_int_equal(send(w, &near_officer, false, step, "step=undo").status, 303);
    assert_int_equal(rows_where(w, "class = material"), 0);
    /* what cannot be is said, and nothing is begun */
    assert_int_equal(act(w, &near_officer, "", "act=set&field=class&value=nonsense").status, 422);
    assert_int_equal(act(w, &near_officer, "", "act=set&field=code&value=x").status, 422);
    assert_int_equal(act(w, &near_officer, "", "act=nothing").status, 422);
    /* a list that was changed meanwhile */
    a = asked(w, &near_officer, false, "/records/purchase/bulk", "f.code=P-001", "act=delete&rows=1&sum=5");
    assert_int_equal(a.status, 422);
    assert_true(has(&a, "have changed since it was shown"));
    assert_int_equal(rows_where(w, "code = \"P-001\""), 1);
    /* deleted, but for what others refer to; and brought back */
    put(&w->p, "purchase", "code=P-900; helper=O-1; place=653224; class=consumption; state=done; of_which=P-003; "
                           "valid_from=2020-01-01; valid_to=2020-12-31");
    a = act(w, &near_officer, "f.code.begins=P-00", "act=delete");
    assert_int_equal(a.status, 303);
    snprintf(at, sizeof at, "%s", a.location + 3);
    assert_int_equal(rows_where(w, "code in {\"P-000\", \"P-003\", \"P-009\"}"), 1);
    a = ask(w, &near_officer, false, at);
    assert_true(has(&a, "9 rows deleted, 1 refused") && has(&a, "refer to this row"));
    snprintf(step, sizeof step, "%s/restore", at);
    assert_int_equal(send(w, &far_officer, false, step, "x=1").status, 404);
    a = send(w, &near_officer, false, step, "x=1");
    assert_int_equal(a.status, 303);
    snprintf(step, sizeof step, "%s/step", a.location + 3);
    assert_int_equal(send(w, &near_officer, false, step, "step=good").status, 303);
    assert_int_equal(rows_where(w, "code in {\"P-000\", \"P-003\", \"P-009\"}"), 3);
    /* who may not write has no such page */
    const struct scope audits = { .role = ROLE_AUDITOR, .everywhere = true };
    const struct user auditor = { .account = 6, .login = "a", .name = "A", .csrf = "token", .scope = &audits };
    assert_int_equal(ask(w, &auditor, false, "/records/purchase/bulk").status, 403);
}

#define ON_EACH_LISTS(name)                                                                        \
    static void name##_here(enum engine engine)                                                    \
    {                                                                                              \
        struct world w;                                                                            \
        world_open(&w, engine);                                                                    \
        name(&w);                                                                                  \
        lists_close(&w);                                                                           \
    }                                                                                              \
    STORE_TEST(name##_here)
ON_EACH_LISTS(pages_to_and_fro)
ON_EACH_LISTS(conditions_and_counts)
ON_EACH_LISTS(saved_lists)
ON_EACH_LISTS(acts_on_a_whole_list)
ON_EACH_LISTS(acts_that_add_rows)

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(pages_to_and_fro_here), STORE_TESTS(conditions_and_counts_here),
                                        STORE_TESTS(saved_lists_here), STORE_TESTS(acts_on_a_whole_list_here),
                                        STORE_TESTS(acts_that_add_rows_here) };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
