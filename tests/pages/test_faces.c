/* Pages of their own for kinds of record: what stands on them is worked out here by hand, in both languages,
 * and nobody sees a row from outside. */
#include "pages/asking.h"

#include "programme/money/ledger.h"

static void world_open(struct world *w, enum engine engine)
{
    world_begin(w, engine);
    put(&w->p, "organisation", "code=O-1; name_zh=甲市; name_en=City A; kind=government");
    put(&w->p, "organisation", "code=O-2; name_zh=乙厂; name_en=Works B; kind=enterprise; place=653224");
    put(&w->p, "document", "code=D-1; title=The village book; kind=press");
    put(&w->p, "household", "code=H-1; place=653224100201; members=4; identified_on=2014; exited_on=2018");
    put(&w->p, "household", "code=H-2; place=653224100202; members=2; identified_on=2014");
    put(&w->p, "person", "household=H-1; code=P-1; name=阿某某; sex=1; relation=01; mobile=13900000000");
    put(&w->p, "household_helper", "household=H-1; code=1; helper_unit=O-2; name=乙某某; first_secretary=yes");
    put(&w->p, "status_change", "household=H-1; kind=exited; changed_on=2018-12-20; source=D-1");
    put(&w->p, "help_measure", "household=H-1; code=1; kind=industry; title=Five sheep; helper=O-1; amount=8000; "
                               "state=done; valid_from=2018-05-02; valid_to=2018-05-02");
    put(&w->p, "visit", "code=V-1; visitor=O-2; place=653224100201; household=H-1; findings=The pipe leaks; "
                        "valid_from=2020-03-05; valid_to=2020-03-05");
    put(&w->p, "income_item", "household=H-1; code=1; kind=1; amount=12000; valid_from=2018-01-01; "
                            "valid_to=2018-12-31");
    put(&w->p, "income_item", "household=H-1; code=2; kind=2; amount=8000; valid_from=2018-01-01; valid_to=2018-12-31");
    put(&w->p, "income_item", "household=H-1; code=3; kind=21; amount=2500.50; valid_from=2018-01-01; "
                            "valid_to=2018-12-31");
    put(&w->p, "income_item", "household=H-1; code=4; kind=5; amount=999; valid_from=2018-01-01; valid_to=2018-12-31");
    put(&w->p, "income_item", "household=H-1; code=5; kind=1; amount=20000; valid_from=2019-01-01; "
                            "valid_to=2019-12-31");
    put(&w->p, "contact_plan", "code=C-1; title=Monthly calls; organisation=O-2; place=653224100201; kind=visit; "
                               "times_due=1; every_months=1; valid_from=2020-12-01; valid_to=2021-12-31");
}

static void households(struct world *w)
{
    char url[100], trail[120], visit[120];
    struct answer a = ask(w, &team, false, "/households");
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "H-1") && !has(&a, "H-2") && has(&a, "2020-03-05"));
    first_link(&a, "/en/households/653224-", url, sizeof url);
    a = ask(w, &team, false, url);
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "Household H-1") && has(&a, "Five sheep") && has(&a, "¥8,000") && has(&a, "The pipe leaks"));
    assert_true(has(&a, "The village book") && has(&a, "masked") && has(&a, "Works B") && has(&a, "first secretary"));
    assert_false(has(&a, "阿某某") || has(&a, "乙某某") || has(&a, "13900000000"));
    /* The newest first: the contact that is due, then 2020, then December before May of 2018. */
    assert_true(before(&a, "2021-02-28", "2020-03-05") && before(&a, "2020-03-05", "2018-12-20") &&
                before(&a, "2018-12-20", "2018-05-02"));
    /* 12,000 + 8,000 - 2,500.50, and 999 that does not count; two periods were not kept. */
    assert_true(has(&a, "¥17,499.50") && has(&a, "¥20,000") && has(&a, "2 periods"));
    assert_true(has(&a, "/visits/new") && !has(&a, "/trail"));
    a = ask(w, &team, true, url);
    assert_true(has(&a, "建档立卡户 H-1") && has(&a, "大事记") && has(&a, "第一书记") && !has(&a, "masked"));
    snprintf(trail, sizeof trail, "%s/trail", url);
    snprintf(visit, sizeof visit, "%s/visits/new", url);
    assert_int_equal(ask(w, &team, false, trail).status, 403);
    assert_int_equal(ask(w, &far_officer, false, url).status, 404);
    assert_int_equal(ask(w, &far_officer, false, trail).status, 404);
    assert_int_equal(ask(w, &far_officer, false, visit).status, 404);
    a = ask(w, &far_officer, false, "/households");
    assert_true(a.status == 200 && !has(&a, "H-1") && has(&a, "No household yet"));
    assert_int_not_equal(ask(w, &test_public, false, url).status, 200);
    assert_int_equal(ask(w, &test_helper, false, url).status, 403);
    assert_int_equal(ask(w, &near_officer, false, "/households/x").status, 404);
    a = ask_with(w, &near_officer, false, "/households", "f.exit_attr=nonsense");
    assert_true(a.status == 200 || a.status == 400);
    assert_false(has(&a, "H-1"));
    /* The record leads to the household's page. */
    snprintf(trail, sizeof trail, "/records/household%s", url + strlen("/households"));
    a = ask(w, &near_officer, false, trail);
    assert_true(a.status == 200 && has(&a, url));
}

static struct account_ref account_of(struct world *w, const char *code)
{
    const struct table_map *m = model_find(w->p.model, "ledger_account");
    struct account_ref r = { 0 };
    struct err e = { .code = ERR_NONE };
    assert_ok(ref_find(w->p.model, m, code, strlen(code), -1, w->p.db, &w->arena, &r.county, &r.id, &e), e);
    return r;
}

struct given { struct account_ref from, to; int64_t amount; int32_t day; };

static bool give(struct tx *tx, void *arg, struct err *e)
{
    const struct given *x = arg;
    struct posting_leg leg = { .debit = x->from, .credit = x->to, .amount = x->amount };
    struct posting post = { .day = x->day, .legs = &leg, .n = 1 };
    return ledger_post(tx, &post, e);
}

static void move(struct world *w, const char *from, const char *to, int64_t fen, int month)
{
    struct given x = { account_of(w, from), account_of(w, to), fen, date_make(2020, month, 3) };
    struct err e = { .code = ERR_NONE };
    assert_ok(store_write(w->p.store.store, give, &x, &e), e);
}

/* Two givers fill one pot, which goes over the border of the county; the pot pays first what came first. */
static void a_trail_to_the_fen(struct world *w)
{
    char url[100], page[120];
    put(&w->p, "ledger_account", "code=G1; title=Giver One; place=620000; holder_kind=outside; restricted=no");
    put(&w->p, "ledger_account", "code=G2; title=Giver Two; place=653224; holder_kind=outside; organisation=O-2; "
                                 "restricted=no");
    put(&w->p, "ledger_account", "code=POT; title=Pot office; place=653224; holder_kind=place");
    put(&w->p, "ledger_account", "code=LH1; title=Purse one; place=653224100201; holder_kind=household; household=H-1");
    put(&w->p, "ledger_account", "code=LH2; title=Purse two; place=653224100202; holder_kind=household; household=H-2");
    move(w, "G1", "POT", 60001, 1);
    move(w, "G2", "POT", 40002, 2);
    move(w, "POT", "LH2", 20000, 3);               /* of G1, which has 400.01 left */
    move(w, "POT", "LH1", 70000, 4);               /* 400.01 of G1, 299.99 of G2 */
    move(w, "G2", "LH1", 7, 5);                    /* straight */
    struct answer a = ask(w, &near_officer, false, "/households");
    first_link(&a, "/en/households/653224-", url, sizeof url);
    a = ask(w, &near_officer, false, url);
    assert_true(has(&a, "H-1") && has(&a, "Money received") && has(&a, "¥700") && has(&a, "¥0.07"));
    snprintf(page, sizeof page, "%s/trail", url);
    a = ask(w, &near_officer, false, page);
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "¥700.07 reached this household, from 2 givers"));
    assert_true(has(&a, "¥400.01") && has(&a, "¥299.99") && has(&a, "¥0.07") && !has(&a, "¥200"));
    assert_true(has(&a, "Giver Two") && has(&a, "Pot office") && has(&a, "Purse one") && !has(&a, "Purse two"));
    /* An account of another province is told by what kind of holder it is. */
    assert_false(has(&a, "Giver One"));
    a = ask(w, &test_admin, true, page);
    assert_true(has(&a, "Giver One") && has(&a, "2 个出资方"));
    snprintf(page, sizeof page, "%s/trail/trail.svg", url);
    a = ask(w, &near_officer, true, page);
    assert_true(a.status == 200 && !strncmp(a.body, "<svg xmlns=", 11) && has(&a, "<style>") && has(&a, "</svg>"));
    assert_int_equal(ask(w, &far_officer, false, page).status, 404);
    assert_int_equal(ask(w, &team, false, page).status, 403);
    snprintf(page, sizeof page, "%s/trail/table.csv", url);
    a = ask(w, &test_admin, false, page);
    assert_true(has(&a, "Giver One,Pot office > Purse one,400.01,2020-04-03,1\r\n"));
    assert_true(has(&a, "Giver Two,Pot office > Purse one,299.99,2020-04-03,1\r\n"));
    assert_true(has(&a, "Giver Two,Purse one,0.07,"));
    /* The picture of all money: 600.01 + 400.02 + 0.07 given, 200 + 700.07 with households. */
    a = ask(w, &test_admin, false, "/flow");
    assert_true(a.status == 200 && has(&a, "¥900.07 of ¥1,000.10 has reached") && has(&a, "Balances to the fen"));
}

static int64_t count(struct world *w, const char *entity)
{
    struct list_query all = { .drafts = true };
    struct err e = { .code = ERR_NONE };
    const char *path = arena_printf(&w->arena, "/tmp/jiedui-faces-%d.csv", (int)getpid());
    int64_t rows = 0;
    assert_ok(export_rows(w->p.model, w->p.db, &scope_all, model_find(w->p.model, entity), &all, EXPORT_CSV, path,
                          &rows, &e), e);
    remove(path);
    return rows;
}

static void a_visit_is_typed(struct world *w)
{
    char url[100], page[120];
    struct answer a = ask(w, &team, false, "/households");
    first_link(&a, "/en/households/653224-", url, sizeof url);
    snprintf(page, sizeof page, "%s/visits/new", url);
    a = ask(w, &team, false, page);
    assert_true(a.status == 200 && has(&a, "value=\"2021-02-01\"") && has(&a, "value=\"O-2\""));
    /* What is wrong is told beside its field, what was typed stays, and nothing is written. */
    a = send(w, &team, false, page, "row_id=77001&day=2021-03-01&who=O-2&seen=Roof+is+whole&due=2021-05-01");
    assert_int_equal(a.status, 422);
    assert_true(has(&a, "yet to come") && has(&a, "Roof is whole") && has(&a, "2021-03-01") && has(&a, "by that day"));
    a = send(w, &team, false, page, "row_id=77001&day=2021-01-30&who=Nobody+such&seen=Roof+is+whole");
    assert_true(a.status == 422 && has(&a, "Nobody such") && has(&a, "f-who") && has(&a, "Roof is whole"));
    a = send(w, &team, false, page, "row_id=77001&day=2021-01-30&who=O-2&seen=");
    assert_true(a.status == 422 && has(&a, "Say in a few words"));
    assert_int_equal(count(w, "visit"), 1);
    for (int twice = 0; twice < 2; twice++) {
        a = send(w, &team, false, page, "row_id=77001&day=2021-01-30&who=O-2&seen=Roof+is+whole&"
                 "need=A+stove&problem=The+road+is+cut&due=2021-04-30");
        assert_int_equal(a.status, 303);
    }
    assert_int_equal(count(w, "visit"), 2);
    assert_int_equal(count(w, "need"), 1);
    assert_int_equal(count(w, "problem"), 1);
    a = ask(w, &team, false, url);
    assert_true(has(&a, "Roof is whole") && has(&a, "A stove") && has(&a, "2021-01-30"));
    /* Kept on a phone and sent under a key: once, answered to be read. */
    w->key = "phone-1";
    a = send(w, &team, false, page, "day=2021-03-01&who=O-2&seen=Snow");
    assert_true(a.status == 422 && has(&a, "\"errors\":[{") && has(&a, "Day of the visit: That day is yet to come"));
    for (int twice = 0; twice < 2; twice++) {
        a = send(w, &team, false, page, "day=2021-01-31&who=O-2&seen=Snow&problem=No+path&code=TEAM-1");
        assert_true(a.status == 201 && has(&a, "\"id\":\""));
    }
    a = send(w, &team, false, page, "day=2021-01-31&who=O-2&seen=Other+snow&code=TEAM-1");
    assert_true(a.status == 409 && has(&a, "\"current\":{") && has(&a, "\"findings\":\"Snow\""));
    w->key = NULL;
    assert_int_equal(count(w, "visit"), 3);
    assert_int_equal(count(w, "problem"), 2);
    assert_int_equal(send(w, &far_officer, false, page, "day=2021-01-30&seen=x").status, 404);
    assert_int_equal(send(w, &test_helper, false, page, "day=2021-01-30&seen=x").status, 403);
}

/* 300.50 and 200.25 of 1,000 handed down; the ledger brought 120.10. */
static void projects_and_helpers(struct world *w)
{
    char url[100], path[120];
    put(&w->p, "project", "code=PJ-1; title=Mushroom sheds; kind=market; place=653224; helper=O-1; investment=1000; "
    "state=done");
    put(&w->p, "project", "code=PJ-2; title=Other sheds; kind=market; place=620102; helper=O-1; state=done");
    put(&w->p, "allocation", "code=A-1; project=PJ-1; helper=O-1; place=653224; amount=300.50; stage=allocated; "
    "form=money; "
                             "state=done; valid_from=2020-02-01; valid_to=2020-02-01");
    put(&w->p, "allocation", "code=A-2; project=PJ-1; helper=O-1; place=653224; amount=200.25; stage=allocated; "
    "form=money; "
                             "state=done; valid_from=2020-03-01; valid_to=2020-03-01");
    put(&w->p, "benefit_link", "code=B-1; project=PJ-1; place=653224; helper=O-1; households=37; kind=service; "
    "state=done");
    put(&w->p, "ledger_account", "code=G1; title=Giver One; place=653224; holder_kind=outside; restricted=no");
    put(&w->p, "ledger_account", "code=LP; title=Shed purse; place=653224; holder_kind=project; project=PJ-1");
    move(w, "G1", "LP", 12010, 4);
    struct answer a = ask(w, &near_officer, false, "/projects");
    assert_true(has(&a, "Mushroom sheds") && !has(&a, "Other sheds"));
    first_link(&a, "/en/projects/653224-", url, sizeof url);
    a = ask(w, &near_officer, false, url);
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "¥1,000") && has(&a, "¥500.75") && has(&a, "¥120.10") && has(&a, "37") && has(&a, "City A"));
    a = ask(w, &team, true, url);
    assert_false(a.status == 200 && has(&a, "120.1"));
    assert_int_equal(ask(w, &far_officer, false, url).status, 404);
    a = ask(w, &test_admin, false, "/helpers");
    assert_true(has(&a, "City A") && has(&a, "Works B"));
    first_link(&a, "/en/helpers/0-", path, sizeof path);
    a = ask(w, &test_admin, true, path);
    assert_true(a.status == 200 && has(&a, "承诺、给付与到位"));
    a = ask(w, &near_officer, false, "/flow/transfers");
    assert_true(has(&a, "Shed purse") && has(&a, "¥120.10"));
    a = ask(w, &far_officer, false, "/flow/transfers");
    assert_true(a.status == 200 && !has(&a, "Shed purse"));
    assert_int_equal(ask(w, &team, false, "/flow/transfers").status, 403);
}

static void reports(struct world *w)
{
    put(&w->p, "purchase", "code=P-1; helper=O-1; place=653224; amount=250; class=consumption; state=done; "
                           "valid_from=2020-02-10; valid_to=2020-02-10");
    put(&w->p, "purchase", "code=P-2; helper=O-1; place=653224; amount=41; class=consumption; state=done; "
                           "valid_from=2020-05-10; valid_to=2020-05-10");
    put(&w->p, "purchase", "code=P-3; helper=O-1; place=653224; amount=200; class=consumption; state=done; "
                           "valid_from=2019-02-10; valid_to=2019-02-10");
    struct answer a = ask_with(w, &near_officer, false, "/reports/quarter", "period=2020Q1&place=653224");
    assert_int_equal(a.status, 200);
    /* 250 beside 200 a year before: a quarter more. The number leads to its rows. */
    assert_true(has(&a, "¥250") && has(&a, "¥200") && has(&a, "+25.0%") && !has(&a, "¥41") && has(&a, "Approved by"));
    assert_true(has(&a, "/en/figures/purchases/trace?place=653224000000&amp;from=2020-01-01&amp;to=2020-03-31"));
    a = ask_with(w, &near_officer, true, "/reports/year", "period=2020&place=653224");
    assert_true(a.status == 200 && has(&a, "291") && has(&a, "审核"));
    a = ask_with(w, &near_officer, false, "/reports/quarter/table.csv", "period=2020Q1&place=653224");
    assert_true(a.status == 200 && has(&a, "¥250") && has(&a, "Purchases and sales"));
    assert_int_equal(ask_with(w, &near_officer, false, "/reports/quarter", "period=2020").status, 400);
    assert_int_equal(ask_with(w, &near_officer, false, "/reports/quarter", "period=soon").status, 400);
    assert_int_equal(ask(w, &near_officer, false, "/reports/weekly").status, 404);
    a = ask_with(w, &far_officer, false, "/reports/quarter", "period=2020Q1&place=653224");
    assert_false(has(&a, "¥250"));
    assert_int_equal(ask_with(w, &far_officer, false, "/reports/notice", "period=2020&place=653224").status, 403);
    a = ask_with(w, &near_officer, false, "/reports/notice", "period=2020&place=653224");
    assert_true(a.status == 200 && has(&a, "¥291") && has(&a, "Objections to"));
    a = ask_with(w, &near_officer, false, "/reports", "period=2019Q2");
    assert_true(a.status == 200 && has(&a, "/en/reports/quarter?period=2019Q2") && !has(&a,
            "/en/reports/year?period=2019Q2"));
    a = ask(w, &near_officer, false, "/reports");
    assert_true(a.status == 200 && has(&a, "period=2020Q4") && has(&a, "Name a place above first"));
}

ON_EACH(households)
ON_EACH(a_trail_to_the_fen)
ON_EACH(a_visit_is_typed)
ON_EACH(projects_and_helpers)
ON_EACH(reports)

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(households_here), STORE_TESTS(a_trail_to_the_fen_here),
                                        STORE_TESTS(a_visit_is_typed_here),
                                        STORE_TESTS(projects_and_helpers_here), STORE_TESTS(reports_here) };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
