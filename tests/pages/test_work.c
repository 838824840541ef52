/* What waits: by role, by kind and place; many words at once; a form that comes back as it was typed. */
#include "pages/asking.h"

static void world_open(struct world *w, enum engine engine)
{
    world_begin(w, engine);
    put(&w->p, "organisation", "code=O-1; name_zh=甲市; name_en=City A; kind=government; place=120000");
    put(&w->p, "organisation", "code=O-2; name_zh=乙县; name_en=County B; kind=government; place=653224");
    put(&w->p, "purchase", "code=P-1; helper=O-1; place=653224; amount=250; class=consumption; state=done; "
                           "valid_from=2021-01-10; valid_to=2021-01-10");
    put(&w->p, "purchase", "code=P-2; helper=O-1; place=653224; amount=40; class=consumption; state=done; "
                           "valid_from=2021-01-11; valid_to=2021-01-11");
    put(&w->p, "purchase", "code=P-3; helper=O-1; place=620102; amount=77; class=consumption; state=done; "
                           "valid_from=2021-01-12; valid_to=2021-01-12");
    put(&w->p, "problem", "code=PR-1; title=The road is cut; place=653224100201; raised_on=2020-12-01; "
                      "due_on=2021-01-22");
    put(&w->p, "problem", "code=PR-2; title=A roof leaks; place=653224100202; raised_on=2020-12-01; due_on=2021-03-22");
    put(&w->p, "problem", "code=PR-3; title=Long solved; place=653224100201; raised_on=2020-12-01; "
                      "solved_on=2020-12-20");
    put(&w->p, "supervision_finding", "code=F-1; title=Wage list unsigned; place=653224100201; kind=other; "
                                      "found_on=2020-12-24; due_on=2021-02-05");
    put(&w->p, "contact_plan", "code=C-1; title=Monthly calls; organisation=O-2; place=653224100201; kind=visit; "
                               "times_due=1; every_months=1; valid_from=2020-12-01; valid_to=2021-12-31");
    put(&w->p, "asked_form", "code=A-1; title=Weekly list; place=653224100201; asked_by=O-2; unit_level=village; "
                             "frequency=weekly; valid_from=2021-01-01");
}

static int64_t row_of(struct world *w, const char *entity, const char *code, int64_t *county)
{
    struct err e = { .code = ERR_NONE };
    int64_t id;
    assert_ok(ref_find(w->p.model, model_find(w->p.model, entity), code, strlen(code), -1, w->p.db, &w->arena, county,
                       &id, &e), e);
    return id;
}

static int64_t org_of(struct world *w, const char *code)
{
    int64_t county;
    return row_of(w, "organisation", code, &county);
}

static void row_path(struct world *w, const char *entity, const char *code, char *out, size_t n)
{
    int64_t county, id = row_of(w, entity, code, &county);
    snprintf(out, n, "/records/%s/%lld-%lld", entity, (long long)county, (long long)id);
}

/* The days by hand: today is 1 February 2021. */
static void what_waits(struct world *w)
{
    struct answer a = ask(w, &team, false, "/work");
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "Monthly calls") && has(&a, "32 days late") && has(&a, "2 periods wait"));
    assert_true(has(&a, "The road is cut") && has(&a, "10 days late") && has(&a, "Wage list unsigned"));
    assert_false(has(&a, "A roof leaks") || has(&a, "Long solved") || has(&a, "Purchase"));
    assert_true(has(&a, "4 things wait for you, 3 of them overdue"));       /* calls, road, the form of 31 January; list */
    assert_true(before(&a, "Monthly calls", "The road is cut"));            /* a team begins with its visits */
    a = ask(w, &near_officer, false, "/work");
    assert_true(has(&a, "A roof leaks") && has(&a, "The road is cut") && before(&a, "The road is cut", "A roof leaks"));
    a = ask_with(w, &near_officer, false, "/work", "kind=problem&due=overdue");
    assert_true(has(&a, "The road is cut") && !has(&a, "A roof leaks") && !has(&a, "Wage list unsigned"));
    a = ask_with(w, &near_officer, false, "/work", "place=653224100202");
    assert_true(has(&a, "A roof leaks") && !has(&a, "The road is cut"));
    a = ask_with(w, &near_officer, false, "/work", "place=nowhere+at+all");
    assert_true(a.status == 400 && has(&a, "nowhere at all"));
    a = ask(w, &far_officer, true, "/work");
    assert_true(has(&a, "没有待办事项") && !has(&a, "The road is cut"));
    a = ask(w, &team, false, "/");
    assert_true(has(&a, "4 things wait for you") && has(&a, "Open problems"));
    a = ask(w, &test_public, false, "/");
    assert_false(has(&a, "Waiting for you") || has(&a, "The road is cut"));
}

static void record_path(struct world *w, const char *code, const char *tail, char *out, size_t n)
{
    int64_t county, id = row_of(w, "purchase", code, &county);
    snprintf(out, n, "%s%lld-%lld%s", *tail == ':' ? "purchase:" : "/records/purchase/", (long long)county,
             (long long)id,
             *tail == ':' ? "" : tail);
}

static void words(struct world *w)
{
    char path[120], one[120], two[120], far[120], form[600];
    const int64_t own[] = { org_of(w, "O-2") };
    const struct scope county = { .role = ROLE_OFFICER, .range = hotan, .ranges = 1, .org = own, .orgs = 1 };
    const struct user office = { .account = 11, .login = "c", .name = "C", .csrf = "token", .scope = &county };
    struct answer a = ask(w, &office, false, "/work");
    assert_true(has(&a, "Purchase: P-1") && has(&a, "¥250") && has(&a, "told by City A") && !has(&a, "P-3"));
    assert_false(has(&a, " checked>"));                      /* nothing is said before it was looked at */
    /* A word that cannot be taken comes back as it was typed, with the reason. */
    record_path(w, "P-1", "/word", path, sizeof path);
    a = send(w, &office, false, path, "as=O-2&says=corrected&correction=amnt%3D9&reason=the+receipt");
    assert_int_equal(a.status, 422);
    assert_true(has(&a, "amnt=9") && has(&a, "the receipt") && has(&a, "There is 1 problem") && has(&a, "amnt"));
    a = send(w, &office, false, path, "as=O-1&says=confirmed&reason=x");
    assert_true(a.status == 422 && has(&a, "does not speak for this organisation") && has(&a, "e-as"));
    a = send(w, &office, false, path, "as=O-2&says=corrected&correction=amount%3D200&reason=the+receipt");
    assert_int_equal(a.status, 303);
    /* Both values side by side. */
    a = ask(w, &office, false, "/work");
    assert_true(has(&a, "Disputed or corrected") && has(&a, "250.00") && has(&a, "<b>200.00</b>") && has(&a,
            "the receipt"));
    /* Many at once: the good one is written, the other is told. */
    record_path(w, "P-2", ":", two, sizeof two);
    record_path(w, "P-3", ":", far, sizeof far);
    record_path(w, "P-1", ":", one, sizeof one);
    snprintf(form, sizeof form, "as=O-2&record=%s&record=%s&record=purchase:1-1&record=nonsense", two, far);
    a = send(w, &office, false, "/words", form);
    assert_int_equal(a.status, 422);
    assert_true(has(&a, "1 confirmed.") && has(&a, "3 could not be confirmed") && !has(&a, "Purchase: P-2"));
    a = send(w, &office, true, "/words", "as=O-2");
    assert_true(a.status == 422 && has(&a, "未选择任何记录"));
    a = send(w, &test_helper, false, "/words", form);
    assert_true(has(&a, "4 could not be confirmed") && !has(&a, "¥77"));
}

/* Asked of the villages of a county: each village is waited for until it has answered, who asked sees who has. */
static void forms_reach_those_who_answer(struct world *w)
{
    char form[900], path[200];
    put(&w->p, "asked_form", "code=A-2; title=Evidence of exit; place=653224; asked_by=O-2; unit_level=village; "
                             "frequency=once; valid_from=2021-01-01; valid_to=2021-02-03");
    put(&w->p, "asked_form", "code=A-3; title=Another county; place=653225; asked_by=O-2; unit_level=village; "
                             "frequency=once; valid_from=2021-01-01; valid_to=2021-02-03");
    put(&w->p, "asked_form", "code=A-4; title=Asked of counties; place=653200; asked_by=O-2; unit_level=county; "
                             "frequency=once; valid_from=2021-01-01; valid_to=2021-02-03");
    put(&w->p, "asked_field", "code=A-2-1; asked_form=A-2; title=Photograph");
    put(&w->p, "household", "code=99000000001; place=653224100202");
    struct answer a = ask(w, &team, false, "/work");
    assert_true(has(&a, "Evidence of exit") && has(&a, "Fill it in"));
    assert_false(has(&a, "Another county") || has(&a, "Asked of counties"));
    row_path(w, "asked_form", "A-2", path, sizeof path);
    a = ask(w, &team, false, path);
    assert_true(a.status == 200 && has(&a, "Evidence of exit"));
    assert_int_equal(ask(w, &far_officer, false, path).status, 404);
    a = ask(w, &team, false, "/records/asked_field");
    assert_true(has(&a, "Photograph"));
    a = ask_with(w, &team, false, "/records/form_answer/new", "asked_form=A-2&place=653224100201&due_on=2021-02-03");
    assert_true(a.status == 200 && has(&a, "value=\"A-2\"") && has(&a, "2021-02-03"));
    a = send(w, &team, false, "/records/form_answer/new",
             "asked_form=A-2&place=653224100202&due_on=2021-02-03&answered_on=2021-02-01&answer=ours");
    assert_int_equal(a.status, 422);                                  /* not their village */
    a = send(w, &team, false, "/records/form_answer/new",
             "asked_form=A-2&place=653224100201&due_on=2021-02-04&answered_on=2021-02-01&answer=ours");
    assert_true(a.status == 422 && has(&a, "did not fall due"));
    snprintf(form, sizeof form, "asked_form=A-2&place=653224100201&due_on=2021-02-03&answered_on=2021-02-01&answer=%s",
             "A+list+on+the+wall");
    assert_int_equal(send(w, &team, false, "/records/form_answer/new", form).status, 303);
    a = ask(w, &team, false, "/work");
    assert_false(has(&a, "Evidence of exit"));
    a = ask(w, &near_officer, false, "/work");
    assert_true(has(&a, "See who has answered"));
    a = ask(w, &near_officer, false, "/watch");
    assert_true(has(&a, "Evidence of exit") && has(&a, "1/2") && has(&a, "/en/places/653224100202") &&
                has(&a, "Asked of counties"));
    a = ask(w, &far_officer, false, "/watch");
    assert_false(has(&a, "Evidence of exit") || has(&a, "1/2"));
    a = ask(w, &team, true, "/watch");
    assert_true(has(&a, "Evidence of exit") && has(&a, "1/1") && !has(&a, "653224100202"));
    a = ask(w, &test_helper, false, "/work");
    assert_false(has(&a, "Evidence of exit"));
}

static void each_role_opens_its_own_page_first(struct world *w)
{
    static const struct { enum role role; const char *home; } homes[] = { { ROLE_HELPER, "/zh/work" },
        { ROLE_VILLAGE, "/zh/work" }, { ROLE_LABOUR, "/zh/work" }, { ROLE_OFFICER, "/zh/" },
        { ROLE_AUDITOR, "/zh/journal" }, { ROLE_ADMIN, "/zh/admin/accounts" } };
    for (size_t i = 0; i < sizeof homes / sizeof *homes; i++) {
        struct scope scope = { .role = homes[i].role, .range = village, .ranges = 1 };
        struct user u = { .account = 5, .login = "u", .name = "U", .csrf = "token", .scope = &scope };
        struct answer a = ask(w, &u, true, "/home");
        assert_int_equal(a.status, 303);
        assert_string_equal(a.location, homes[i].home);
        a = ask(w, &u, true, homes[i].home + 3);
        assert_int_equal(a.status, 200);
        a = ask_with(w, &u, true, "/sign-in", "next=/zh/figures");
        assert_string_equal(a.location, "/zh/figures");
        a = ask_with(w, &u, true, "/sign-in", "next=//elsewhere.example/");
        assert_string_equal(a.location, "/zh/home");
    }
    assert_int_not_equal(ask(w, &test_public, true, "/home").status, 200);
}

ON_EACH(what_waits)
ON_EACH(forms_reach_those_who_answer)
ON_EACH(each_role_opens_its_own_page_first)
ON_EACH(words)

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(what_waits_here), STORE_TESTS(forms_reach_those_who_answer_here),
                                        STORE_TESTS(each_role_opens_its_own_page_first_here),
                                        STORE_TESTS(words_here) };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
