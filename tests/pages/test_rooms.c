/* Pages of rooms: each shows the row that was put there, to an officer of another province nothing of it,
 * and to the public only what the public may see. */
#include "pages/asking.h"

#include "programme/money/ledger.h"
#include "programme/money/pay.h"
#include "programme/numbers.h"
#include "programme/publish/release.h"

static struct release_world release_world_of(struct world *w)
{
    return (struct release_world){ .store = w->p.store.store, .db = w->p.db, .model = w->p.model,
                                   .context = &w->p.context, .clock = clock_system() };
}

static void world_open(struct world *w, enum engine engine)
{
    world_begin(w, engine);
    put(&w->p, "organisation", "code=O-1; name_zh=甲市; kind=government");
    put(&w->p, "work_plan", "code=W; title=Plan Alpha; kind=annual; organisation=O-1; place=653224; for_year=2020");
    put(&w->p, "target", "code=T-1; work_plan=W; organisation=O-1; place=653224; measure=purchases; target_value=1000; "
                         "unit=yuan; qualifier=ge; valid_from=2020-01-01; valid_to=2020-12-31");
    put(&w->p, "target", "code=T-2; work_plan=W; organisation=O-1; place=653224; measure=visits");
    put(&w->p, "task", "code=K-1; work_plan=W; organisation=O-1; place=653224; title=Open a hall; due_on=2020-05-31; "
                       "target=T-1; blocked_by=no licence");
    put(&w->p, "purchase", "code=P-1; helper=O-1; place=653224; amount=250; class=consumption; state=done; "
                           "valid_from=2020-03-01; valid_to=2020-03-01");
    put(&w->p, "listing", "code=L-1; place=653224100201; kind=village; valid_from=2020-01-01");
    put(&w->p, "earmark_rule", "code=IND; title=half to industry; kind=floor; scope=batch; holds=purpose = industry; "
                               "share=50; valid_from=2020-01-01");
}

static void plans(struct world *w)
{
    char url[100];
    struct answer a = ask(w, &test_admin, false, "/plans");
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "Plan Alpha") && has(&a, "1 of 2 targets are behind or missed"));
    assert_true(has(&a, "25.0%") && has(&a, "no licence") && has(&a, "missed"));
    first_link(&a, "/en/plans/653224-", url, sizeof url);
    a = ask(w, &test_admin, false, url);
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "¥1,000") && has(&a, "¥250") && has(&a, "no target") && has(&a, "Open a hall"));
    assert_true(has(&a, "2020-05-31"));
    a = ask(w, &test_admin, true, url);
    assert_true(has(&a, "无目标值") && !has(&a, "no target"));
    a = ask(w, &near_officer, false, "/plans");
    assert_true(has(&a, "Plan Alpha") && has(&a, "25.0%"));
    a = ask(w, &far_officer, false, "/plans");
    assert_int_equal(a.status, 200);
    assert_false(has(&a, "Plan Alpha") || has(&a, "no licence") || has(&a, "25.0%"));
    assert_true(has(&a, "0 of 0 targets"));
    assert_int_equal(ask(w, &far_officer, false, url).status, 404);
    assert_int_equal(ask(w, &test_admin, false, "/plans/x").status, 404);
    assert_int_equal(ask(w, &test_admin, false, "/plans/1-99").status, 404);
    assert_int_not_equal(ask(w, &test_nobody, false, "/plans").status, 200);
    a = ask(w, &near_officer, false, "/work");
    assert_true(has(&a, "no licence"));
    a = ask(w, &far_officer, false, "/work");
    assert_false(has(&a, "no licence"));
}

static void cards_speak_both_languages(struct world *w)
{
    put(&w->p, "scorecard", "code=C; title=County card; title_zh=县级评分表; side=helped; unit_level=county; "
                            "grades=good/好 60；poor/较差 0; valid_from=2020; valid_to=2020");
    put(&w->p, "scorecard_item", "code=C-1; scorecard=C; head=consumption; title=Sales; title_zh=消费帮扶; weight=10; "
                                 "indicator=purchases; scoring=share; target_value=1000");
    put(&w->p, "scorecard", "code=B; title=Older card; side=helped; unit_level=county; valid_from=2020; valid_to=2020");
    struct answer a = ask(w, &near_officer, true, "/scorecards");
    assert_true(a.status == 200 && has(&a, "县级评分表") && !has(&a, "County card") && has(&a, "Older card"));
    a = ask_with(w, &near_officer, true, "/scorecards/C", "place=653224&period=2020");
    assert_true(a.status == 200 && has(&a, "消费帮扶") && has(&a, "较差") && !has(&a, "Sales") && !has(&a, "poor"));
    a = ask_with(w, &near_officer, false, "/scorecards/C", "place=653224&period=2020");
    assert_true(has(&a, "County card") && has(&a, "Sales") && has(&a, "poor") && !has(&a, "消费帮扶"));
    a = ask_with(w, &near_officer, true, "/scorecards/C/table.csv", "place=653200&period=2020");
    assert_true(a.status == 200 && has(&a, "较差") && !has(&a, "poor"));
    a = ask(w, &near_officer, true, "/records/scorecard");
    assert_true(has(&a, "县级评分表"));
}

static void releases(struct world *w)
{
    struct figure_query of = { .name = "purchases", .from = date_make(2020, 1, 1), .to = date_make(2020, 12, 31) };
    struct release_world rw = release_world_of(w);
    struct release_wish wish = { .name = "y2020", .title = "Year 2020", .by = "Li", .queries = &of, .n = 1 };
    struct release_made made;
    struct err e = { .code = ERR_NONE };
    assert_ok(release_make(&rw, &wish, &made, &e), e);
    static const char *const parts[] = { "", "/file", "/sheet" };
    char path[60];
    struct answer a = ask(w, &far_officer, false, "/releases");
    assert_true(a.status == 200 && has(&a, "Year 2020") && has(&a, "nobody yet"));
    assert_int_equal(ask(w, &far_officer, false, "/releases/y2020/file").status, 403);
    a = ask(w, &test_public, false, "/releases");              /* nobody has approved it */
    assert_true(a.status == 200 && !has(&a, "2020"));
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "/releases/y2020%s", parts[i]);
        assert_int_equal(ask(w, &test_public, false, path).status, 404);
    }
    a = ask(w, &test_public, false, "/releases/y202");
    assert_true(a.status == 404 && !has(&a, "y2020"));
    assert_ok(release_approve(&rw, "y2020", "Wang", &e), e);
    wish.name = "inner", wish.title = "For us", wish.offices = true;
    assert_ok(release_make(&rw, &wish, &made, &e), e);
    assert_ok(release_approve(&rw, "inner", "Wang", &e), e);
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "/releases/inner%s", parts[i]);
        assert_int_equal(ask(w, &test_public, false, path).status, 404);
        assert_int_equal(ask(w, &far_officer, false, path).status, 404);
        assert_int_equal(ask(w, &test_admin, false, path).status, 200);
    }
    a = ask(w, &test_admin, false, "/releases/inner/sheet");
    assert_true(has(&a, "For offices alone"));
    a = ask(w, &test_public, false, "/releases");
    assert_true(has(&a, "Year 2020") && !has(&a, "For us"));
    a = ask(w, &test_public, false, "/releases/y2020");
    assert_true(has(&a, "approved by Wang") && has(&a, "¥250") && has(&a, "the same"));
    put(&w->p, "purchase", "code=P-2; helper=O-1; place=653224; amount=50; class=consumption; state=done; "
                           "valid_from=2020-03-02; valid_to=2020-03-02");
    a = ask(w, &test_public, false, "/releases/y2020");
    assert_true(has(&a, "¥250") && has(&a, "¥300") && has(&a, "changed"));
    a = ask(w, &far_officer, false, "/releases/y2020");        /* what was printed is open; the value now is its own */
    assert_true(has(&a, "¥250") && !has(&a, "¥300"));
    a = ask(w, &test_public, false, "/releases/y2020/file");
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "\"kind\":\"approval\"") && has(&a, "\"hash\":\""));
    a = ask(w, &test_public, true, "/releases/y2020/sheet");
    assert_true(has(&a, "/assets/x/print.css") && has(&a, "Wang") && !has(&a, "<style"));
    assert_int_equal(ask(w, &test_public, false, "/releases/none").status, 404);
}

static void money_is_for_those_who_may(struct world *w)
{
    static const char *const pages[] = { "/money/payments", "/money/payments/653224-1", "/money/ageing", "/money/rules" };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        int status = ask(w, &test_public, false, pages[i]).status;
        assert_true(status == 401 || status == 403 || status == 303);
        assert_int_equal(ask(w, &test_helper, false, pages[i]).status, 403);
    }
    struct answer a = ask(w, &near_officer, false, "/money/rules");
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "half to industry") && has(&a, "at least 50% of a batch: purpose = industry"));
    assert_int_equal(ask(w, &near_officer, false, "/money/payments/653224-1").status, 404);
    assert_int_equal(ask(w, &near_officer, false, "/money/payments").status, 200);
    assert_int_equal(ask(w, &near_officer, true, "/money/ageing").status, 200);
}

struct given { struct account_ref from, to; };

static bool give(struct tx *tx, void *arg, struct err *e)
{
    const struct given *x = arg;
    struct posting_leg leg = { .debit = x->from, .credit = x->to, .amount = 1000000 };
    struct posting post = { .day = date_make(2020, 1, 2), .legs = &leg, .n = 1 };
    return ledger_post(tx, &post, e);
}

static struct account_ref account_of(struct world *w, const char *code)
{
    const struct table_map *m = model_find(w->p.model, "ledger_account");
    struct account_ref r = { 0 };
    struct err e = { .code = ERR_NONE };
    assert_ok(ref_find(w->p.model, m, code, strlen(code), -1, w->p.db, &w->arena, &r.county, &r.id, &e), e);
    return r;
}

static void runs_and_money_that_waits(struct world *w)
{
    char path[] = "/tmp/jiedui-rooms-XXXXXX.csv", url[100];
    const char *sheet = "payee,kind,name,account,bank_code,amount,purpose,period\n"
                        ",person,阿某,6222020000000000018,103100000026,1200.50,wage,2020-05\n";
    struct pay_report out;
    struct err e = { .code = ERR_NONE };
    put(&w->p, "ledger_account", "code=G; title=Giver; place=653224; holder_kind=outside; restricted=no");
    put(&w->p, "ledger_account", "code=POT; title=Pot office; place=653224; holder_kind=place; "
                                 "bank_code=102100099996; bank_card=99653224000000001");
    struct given x = { account_of(w, "G"), account_of(w, "POT") };
    assert_ok(store_write(w->p.store.store, give, &x, &e), e);
    int fd = mkstemps(path, 4);
    assert_true(fd >= 0 && write(fd, sheet, strlen(sheet)) == (ssize_t)strlen(sheet));
    close(fd);
    struct pay_desk k = { .store = w->p.store.store, .model = w->p.model, .arena = &w->arena, .by = "Ann",
                          .day = date_make(2020, 6, 1) };
    struct pay_order o = { .run = "R1", .title = "Wages of May", .payer = "POT", .file = path, .due = k.day };
    assert_ok(pay_prepare(&k, &o, &out, &e), e);
    remove(path);
    struct answer a = ask(w, &near_officer, false, "/money/payments");
    assert_true(has(&a, "Wages of May") && has(&a, "¥1,200.50"));
    first_link(&a, "/en/money/payments/653224-", url, sizeof url);
    a = ask(w, &near_officer, false, url);
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "R1-000001") && has(&a, "0018") && has(&a, "Ann"));
    assert_false(has(&a, "6222020000000000018") || has(&a, "阿某"));
    a = ask(w, &near_officer, false, "/money/ageing");
    assert_true(has(&a, "Pot office") && has(&a, "¥10,000") && has(&a, "396"));      /* days to 1 February 2021 */
    assert_false(has(&a, "over a year"));
    put(&w->p, "alert_rule", "code=IDLE; title=over a year; over_days=365; over_amount=5000; valid_from=2019-01-01");
    a = ask(w, &near_officer, false, "/money/ageing");
    assert_true(has(&a, "over a year"));
    a = ask(w, &near_officer, false, "/work");
    assert_true(has(&a, "Money that lies too long") && has(&a, "Pot office") && has(&a, "396 days"));
    a = ask(w, &far_officer, false, "/work");
    assert_true(has(&a, "Nothing waits for you") && !has(&a, "Pot office") && !has(&a, "Money that lies too long"));
    a = ask_with(w, &far_officer, false, "/work", "kind=idle");
    assert_true(has(&a, "Money that lies too long</option>") && !has(&a, "Pot office"));
    assert_false((a = ask(w, &near_helper, false, "/work"), has(&a, "Pot office")));
    a = ask(w, &far_officer, false, "/money/payments");
    assert_false(has(&a, "Wages of May"));
    a = ask(w, &far_officer, false, "/money/ageing");
    assert_false(has(&a, "Pot office"));
    assert_int_equal(ask(w, &far_officer, false, url).status, 404);
}

struct batch_gift { struct given of; struct account_ref batch; };

static bool give_batch(struct tx *tx, void *arg, struct err *e)
{
    const struct batch_gift *x = arg;
    struct posting_leg leg = { .debit = x->of.from, .credit = x->of.to, .amount = 500 };
    struct posting post = { .day = date_make(2020, 3, 1), .legs = &leg, .n = 1,
                            .cause = { NUMBER_BATCH, x->batch.county, x->batch.id } };
    return ledger_post(tx, &post, e);
}

/* Issued once by the officer of the place, then printed as a copy by whoever sees it. */
static void receipts(struct world *w)
{
    char url[100], paper[100], issue[120];
    struct err e = { .code = ERR_NONE };
    const struct table_map *m = model_find(w->p.model, "batch");
    put(&w->p, "organisation", "code=O-2; name_zh=乙县; kind=government");
    put(&w->p, "fund_line", "code=F; title=Money; helper=O-1; place=653224; kind=city_fiscal; state=done");
    put(&w->p, "batch", "code=BT; fund_line=F; helper=O-1; place=653224; amount=5; valid_from=2020-03-01");
    put(&w->p, "ledger_account", "code=RG; title=Giver; place=653224; holder_kind=outside; restricted=no; organisation=O-1");
    put(&w->p, "ledger_account", "code=RP; title=Receipt pot; place=653224; holder_kind=place; organisation=O-2");
    struct batch_gift x = { .of = { account_of(w, "RG"), account_of(w, "RP") } };
    assert_ok(ref_find(w->p.model, m, "BT", 2, -1, w->p.db, &w->arena, &x.batch.county, &x.batch.id, &e), e);
    assert_ok(store_write(w->p.store.store, give_batch, &x, &e), e);
    snprintf(url, sizeof url, "/records/batch/%lld-%lld", (long long)x.batch.county, (long long)x.batch.id);
    snprintf(issue, sizeof issue, "%s/receipt", url);
    struct answer a = ask(w, &near_officer, false, url);
    assert_true(has(&a, "Receipt for the giver") && has(&a, "Issue it"));
    a = ask(w, &near_helper, false, url);
    assert_false(has(&a, "Issue it"));
    assert_int_equal(send(w, &near_helper, false, issue, "office=").status, 403);
    assert_int_equal(send(w, &far_officer, false, issue, "office=").status, 404);
    a = send(w, &near_officer, false, issue, "office=");
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "O-2-2021-0001") && has(&a, "5.00") && !has(&a, "COPY"));
    a = ask(w, &near_officer, false, url);
    assert_true(has(&a, "O-2-2021-0001") && has(&a, "Issue another in its place"));
    first_link(&a, "/en/receipts/", paper, sizeof paper);
    a = ask(w, &near_officer, true, paper);
    assert_true(has(&a, "O-2-2021-0001") && has(&a, "副本"));
    a = ask(w, &near_helper, false, paper);
    assert_true(has(&a, "COPY"));
    assert_int_equal(ask(w, &far_officer, false, paper).status, 404);
    a = send(w, &near_officer, false, issue, "office=O-1");
    assert_true(has(&a, "O-1-2021-0001"));
    a = ask(w, &near_officer, false, paper);
    assert_true(has(&a, "Receipt O-1-2021-0001 has taken its place"));
    assert_int_equal(send(w, &near_officer, false, issue, "office=NOBODY").status, 404);
}

static void watching(struct world *w)
{
    struct answer a = ask(w, &test_admin, false, "/watch");
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "listed, and no helper") && has(&a, "L-1"));
    a = ask(w, &near_officer, true, "/watch");
    assert_true(has(&a, "已挂牌，无帮扶单位"));
    a = ask(w, &far_officer, false, "/watch");
    assert_int_equal(a.status, 200);
    assert_false(has(&a, "L-1") || has(&a, "653224"));
    assert_int_not_equal(ask(w, &test_public, false, "/watch").status, 200);
}

ON_EACH(plans)
ON_EACH(cards_speak_both_languages)
ON_EACH(releases)
ON_EACH(money_is_for_those_who_may)
ON_EACH(runs_and_money_that_waits)
ON_EACH(watching)
ON_EACH(receipts)

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(plans_here), STORE_TESTS(releases_here),
                                        STORE_TESTS(cards_speak_both_languages_here),
                                        STORE_TESTS(money_is_for_those_who_may_here), STORE_TESTS(watching_here),
                                        STORE_TESTS(runs_and_money_that_waits_here), STORE_TESTS(receipts_here) };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
