/* Pages of money: a run is approved by another person than who prepared it, as it stood when it was looked at,
 * and once; who may not see it sees nothing of it. A rule does not end without a reason. */
#include "pages/asking.h"

#include "programme/money/ledger.h"
#include "programme/money/pay.h"

static bool give(struct tx *tx, void *arg, struct err *e)
{
    struct posting *p = arg;
    return ledger_post(tx, p, e);
}

static struct account_ref account(struct world *w, const char *code)
{
    struct account_ref at;
    struct err e = { .code = ERR_NONE };
    assert_ok(ref_find(w->p.model, model_find(w->p.model, "ledger_account"), code, strlen(code), -1, w->p.db, &w->arena,
                       &at.county, &at.id, &e), e);
    return at;
}

static struct pay_desk desk(struct world *w, const char *by)
{
    return (struct pay_desk){ .store = w->p.store.store, .model = w->p.model, .arena = &w->arena, .by = by,
                              .day = date_make(2021, 1, 30) };
}

/* A run of two lines, 30 yuan, which N or somebody else prepared. */
static void prepare(struct world *w, const char *run, const char *by, const char *period)
{
    char path[] = "/tmp/jiedui-run-XXXXXX.csv";
    int fd = mkstemps(path, 4);
    struct pay_desk k = desk(w, by);
    struct pay_report r;
    struct err e = { .code = ERR_NONE };
    assert_true(fd >= 0);
    dprintf(fd, "payee,amount,purpose,period\nPA,10,goods,%s\nPB,20,goods,%s\n", period, period);
    close(fd);
    struct pay_order order = { .run = run, .payer = "POT", .due = k.day, .file = path };
    bool ok = pay_prepare(&k, &order, &r, &e);
    unlink(path);
    assert_ok(ok, e);
    assert_int_equal(r.lines, 2);
}

static void world_open(struct world *w, enum engine engine)
{
    struct err e = { .code = ERR_NONE };
    world_begin(w, engine);
    put(&w->p, "organisation", "code=O-G; name_zh=甲市; name_en=City A; kind=government; place=120000");
    put(&w->p, "ledger_account", "code=G; title=Giver; place=653224; holder_kind=outside; organisation=O-G; restricted=0");
    put(&w->p, "ledger_account", "code=POT; title=Pot of the county; place=653224; holder_kind=place; restricted=1; "
                                 "bank_code=102100099996; bank_card=99653224000000001");
    put(&w->p, "ledger_account", "code=FAR; title=Pot elsewhere; place=653225; holder_kind=place; restricted=1");
    put(&w->p, "payee", "code=PA; name=Works A; kind=organisation; place=653224; bank_code=104100000004; "
                        "bank_card=02000001090211");
    put(&w->p, "payee", "code=PB; name=Works B; kind=organisation; place=653224; bank_code=104100000004; "
                        "bank_card=02000001090222");
    struct posting_leg leg = { .debit = account(w, "G"), .credit = account(w, "POT"), .amount = 10000 };
    struct posting p = { .day = date_make(2021, 1, 5), .legs = &leg, .n = 1 };
    assert_ok(store_write(w->p.store.store, give, &p, &e), e);
    prepare(w, "RUN-1", "Ann", "2020-12");
}

static void run_path(struct world *w, const char *run, char *out, size_t n)
{
    struct account_ref at;
    struct err e = { .code = ERR_NONE };
    assert_ok(ref_find(w->p.model, model_find(w->p.model, "payment_run"), run, strlen(run), -1, w->p.db, &w->arena,
                       &at.county, &at.id, &e), e);
    snprintf(out, n, "/money/payments/%lld-%lld", (long long)at.county, (long long)at.id);
}

/* What the page's form sends. */
static void seen_on(const struct answer *a, char *out, size_t n)
{
    const char *at = strstr(a->body, "name=\"seen\" value=\"");
    assert_non_null(at);
    snprintf(out, n, "seen=%.*s", (int)strcspn(at + 19, "\""), at + 19);
}

static bool has_location(const struct answer *a, const char *where) { return a->location && strstr(a->location, where); }

static const char *state_of(struct world *w, const char *run)
{
    struct pay_desk k = desk(w, "x");
    struct pay_summary s;
    struct err e = { .code = ERR_NONE };
    assert_ok(pay_summary_of(&k, w->p.db, run, &s, &e), e);
    return s.state;
}

static void another_person_approves(struct world *w)
{
    char path[100], form[60], act[120];
    run_path(w, "RUN-1", path, sizeof path);
    snprintf(act, sizeof act, "%s/approve", path);
    struct answer a = ask(w, &near_officer, false, "/money/payments");
    assert_true(a.status == 200 && has(&a, "RUN-1") && has(&a, "tag warn"));
    a = ask(w, &near_officer, true, path);
    assert_true(has(&a, "待审批") && has(&a, "批准本批次"));
    a = ask(w, &near_officer, false, path);
    assert_true(a.status == 200 && has(&a, "Approve this run") && has(&a, "¥30") && has(&a, "…0211"));
    assert_false(has(&a, "02000001090211"));
    seen_on(&a, form, sizeof form);
    /* Who prepared it, is of another place, only looks, or has not signed in. */
    prepare(w, "RUN-2", "N", "2020-11");
    char own[100], own_act[120];
    run_path(w, "RUN-2", own, sizeof own);
    snprintf(own_act, sizeof own_act, "%s/approve", own);
    a = ask(w, &near_officer, false, own);
    assert_true(a.status == 200 && !has(&a, "Approve this run"));
    a = send(w, &near_officer, false, own_act, form);
    assert_true(a.status == 422 && has(&a, "prepared by you"));
    a = ask(w, &far_officer, false, "/money/payments");
    assert_true(a.status == 200 && !has(&a, "RUN-1") && has(&a, "No run of yours"));
    assert_int_equal(ask(w, &far_officer, false, path).status, 404);
    assert_int_equal(send(w, &far_officer, false, act, form).status, 404);
    const struct user *const none[] = { &team, &near_helper, &test_public, &test_nobody };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        a = ask(w, none[i], false, path);
        assert_true(a.status != 200 && !has(&a, "RUN-1"));
        assert_int_not_equal(ask(w, none[i], false, "/money/payments").status, 200);
        a = send(w, none[i], false, act, form);
        assert_true(a.status == 403 || (a.status == 303 && !none[i]->account && has_location(&a, "/en/sign-in")));
    }
    assert_string_equal(state_of(w, "RUN-1"), "prepared");
    assert_string_equal(state_of(w, "RUN-2"), "prepared");
    assert_int_equal(send(w, &near_officer, false, act, form).status, 303);
    assert_string_equal(state_of(w, "RUN-1"), "approved");
}
ON_EACH(another_person_approves)

static void only_what_was_seen_and_once(struct world *w)
{
    char path[100], form[60], act[120];
    struct err e = { .code = ERR_NONE };
    struct pay_report r;
    run_path(w, "RUN-1", path, sizeof path);
    snprintf(act, sizeof act, "%s/approve", path);
    struct answer a = ask(w, &near_officer, false, path);
    seen_on(&a, form, sizeof form);
    /* Without its session's token, as a page of another site would send it. */
    char url[130];
    snprintf(url, sizeof url, "/en%s", act);
    a = site_ask(&w->seat, &w->arena, &w->keep, &near_officer,
                 &(struct sent){ .url = url, .method = "POST", .today = date_make(2021, 2, 1) });
    assert_int_equal(a.status, 403);
    /* A line was taken out since: what stands now is shown, and nothing is approved. */
    struct pay_desk k = desk(w, "Ann");
    assert_ok(pay_cancel(&k, "RUN-1", "RUN-1-000002", &r, &e), e);
    a = send(w, &near_officer, false, act, form);
    assert_true(a.status == 409 && has(&a, "has changed since") && has(&a, "¥10"));
    a = send(w, &near_officer, true, act, "");
    assert_true(a.status == 409 && has(&a, "未予批准"));
    assert_string_equal(state_of(w, "RUN-1"), "prepared");
    seen_on(&a, form, sizeof form);
    for (int press = 0; press < 2; press++) assert_int_equal(send(w, &near_officer, false, act, form).status, 303);
    struct user other = near_officer;
    other.name = "M";
    a = send(w, &other, false, act, form);
    assert_true(a.status == 422 && has(&a, "not waiting"));
    a = ask(w, &near_officer, false, path);
    assert_true(has(&a, "approved by N") && !has(&a, "Approve this run"));
}
ON_EACH(only_what_was_seen_and_once)

static void half_a_crossing_says_so(struct world *w)
{
    struct err e = { .code = ERR_NONE };
    struct posting_leg leg = { .debit = account(w, "POT"), .credit = account(w, "FAR"), .amount = 500 };
    struct posting p = { .day = date_make(2021, 1, 6), .legs = &leg, .n = 1 };
    assert_ok(store_write(w->p.store.store, give, &p, &e), e);
    struct answer a = ask(w, &near_officer, false, "/flow/transfers");
    assert_true(a.status == 200 && has(&a, "in transit to another county") && has(&a, "Pot elsewhere"));
    a = ask(w, &near_officer, true, "/flow/transfers");
    assert_true(has(&a, "在途，转往他县"));
    a = ask(w, &far_officer, false, "/flow/transfers");
    assert_false(has(&a, "in transit") || has(&a, "Pot elsewhere"));
}
ON_EACH(half_a_crossing_says_so)

static void a_rule_ends_with_a_reason(struct world *w)
{
    char path[120], edit[130], form[500];
    int64_t county, id;
    struct err e = { .code = ERR_NONE };
    put(&w->p, "earmark_rule", "code=IND; title=Half to industry; kind=floor; scope=batch; holds=purpose = industry; "
                               "share=50; valid_from=2020-01-01; note=of the agreement");
    assert_ok(ref_find(w->p.model, model_find(w->p.model, "earmark_rule"), "IND", 3, -1, w->p.db, &w->arena, &county,
                       &id, &e), e);
    snprintf(path, sizeof path, "/records/earmark_rule/%lld-%lld", (long long)county, (long long)id);
    struct answer a = ask(w, &test_admin, false, "/money/rules");
    assert_true(a.status == 200 && has(&a, path));
    snprintf(edit, sizeof edit, "%s/edit", path);
    a = ask(w, &test_admin, false, edit);
    const char *at = strstr(a.body, "name=\"version\" value=\"");
    assert_non_null(at);
    at += strlen("name=\"version\" value=\"");
    const char *fields = "code=IND&title=Half+to+industry&kind=floor&scope=batch&holds=purpose+%3D+industry&share=50&"
                         "valid_from=2020-01-01&valid_to=2020-12-31";
    int n = snprintf(form, sizeof form, "warned=1&version=%.*s&%s", (int)strcspn(at, "\""), at, fields);
    snprintf(form + n, sizeof form - (size_t)n, "&note=of+the+agreement");
    a = send(w, &test_admin, false, edit, form);
    assert_true(a.status == 422 && has(&a, "does not end without a reason") && has(&a, "e-note"));
    a = send(w, &test_admin, true, edit, form);
    assert_true(a.status == 422 && has(&a, "规则不能无故终止"));
    snprintf(form + n, sizeof form - (size_t)n, "&note=the+agreement+ended");
    assert_int_equal(send(w, &test_admin, false, edit, form).status, 303);
    a = ask(w, &test_admin, false, path);
    assert_true(has(&a, "the agreement ended") && has(&a, "of the agreement") && before(&a, "History", "of the agreement"));
    /* What ends later, or stays, needs none. */
    a = ask(w, &test_admin, false, edit);
    at = strstr(a.body, "name=\"version\" value=\"") + strlen("name=\"version\" value=\"");
    snprintf(form, sizeof form, "warned=1&version=%.*s&%.*s2021-12-31&note=the+agreement+ended", (int)strcspn(at, "\""), at,
             (int)(strstr(fields, "2020-12-31") - fields), fields);
    assert_int_equal(send(w, &test_admin, false, edit, form).status, 303);
}
ON_EACH(a_rule_ends_with_a_reason)

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(another_person_approves_here),
        STORE_TESTS(only_what_was_seen_and_once_here), STORE_TESTS(half_a_crossing_says_so_here),
        STORE_TESTS(a_rule_ends_with_a_reason_here) };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
