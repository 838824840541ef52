/* Payment runs: random pay days held against a simple oracle, with a kill -9 in between; what is
 * written for the bank held against the rules of its format; what is changed behind the program's
 * back. JIEDUI_PAY_RUNS makes them longer. */
#include "programme.h"
#include "pain.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "base/date.h"
#include "base/random.h"
#include "base/money.h"
#include "programme/money/bank_part.h"
#include "programme/money/ledger.h"
#include "programme/money/pay_sql.h"
#include "programme/money/trace.h"
#include "store/tamper.h"
#include "support/shadow.h"

enum { PEOPLE = 40, MONTHS = 3, LINES = 24 };

/* --- a pay office --- */

struct office {
    struct programme p;
    struct random r;
    struct account_ref giver, pot;
    char dir[200];
    struct arena a;
    int32_t day;
};

static bool put_account(struct tx *tx, void *arg, struct err *e)
{
    struct { struct office *o; const char *code; bool bank; struct account_ref *out; } *x = arg;
    const struct table_map *m = model_find(x->o->p.model, "ledger_account");
    struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
    row[m->column[LEDGER_ACCOUNT_CODE]] = val_text(x->code);
    row[m->column[LEDGER_ACCOUNT_TITLE]] = val_text("县扶贫办 <&>");
    row[m->column[LEDGER_ACCOUNT_PLACE]] = val_int(INT64_C(653224000000));
    row[m->column[LEDGER_ACCOUNT_HOLDER_KIND]] = val_text(x->bank ? "place" : "outside");
    row[m->column[LEDGER_ACCOUNT_RESTRICTED]] = val_int(x->bank);
    if (x->bank) {
        row[m->column[LEDGER_ACCOUNT_BANK_CARD]] = val_text("99653224000000001");
        row[m->column[LEDGER_ACCOUNT_BANK_CODE]] = val_text("102100099996");
    }
    if (!row_insert(tx, x->o->p.model, m, row, e)) return false;
    *x->out = (struct account_ref){ row[ROW_COUNTY].i, row[ROW_ID].i };
    return true;
}

static void open_account(struct office *o, const char *code, bool bank, struct account_ref *out)
{
    struct { struct office *o; const char *code; bool bank; struct account_ref *out; } x = { o, code,
        bank, out };
    struct err e = { 0 };
    assert_ok(store_write(o->p.store.store, put_account, &x, &e), e);
}

static bool give(struct tx *tx, void *arg, struct err *e)
{
    struct { struct office *o; int64_t amount; } *x = arg;
    struct posting_leg leg = { .debit = x->o->giver, .credit = x->o->pot, .amount = x->amount };
    struct posting post = { .day = x->o->day - 400, .legs = &leg, .n = 1 };
    return ledger_post(tx, &post, e);
}

static void fund(struct office *o, int64_t amount)
{
    struct { struct office *o; int64_t amount; } x = { o, amount };
    struct err e = { 0 };
    assert_ok(store_write(o->p.store.store, give, &x, &e), e);
}

static void office_open(struct office *o, enum engine engine, uint64_t seed)
{
    memset(o, 0, sizeof *o);
    programme_open(&o->p, engine);
    random_seed(&o->r, seed);
    o->day = date_make(2020, 6, 1);
    snprintf(o->dir, sizeof o->dir, "/tmp/jiedui-pay.XXXXXX");
    assert_non_null(mkdtemp(o->dir));
    open_account(o, "G", false, &o->giver);
    open_account(o, "POT", true, &o->pot);
}

static void office_close(struct office *o)
{
    arena_free(&o->a);
    test_dir_remove(o->dir);
    programme_close(&o->p);
}

static struct pay_desk desk(struct office *o, const char *by, int32_t day)
{
    return (struct pay_desk){ .store = o->p.store.store, .model = o->p.model, .arena = &o->a,
                              .by = by, .day = day };
}

static const char *file(struct office *o, const char *name, const struct buf *b)
{
    char *path = arena_printf(&o->a, "%s/%s", o->dir, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(b->p, 1, b->n, f), b->n);
    assert_int_equal(fclose(f), 0);
    return path;
}

/* A card that no bank has given out. */
static void card(int who, char out[20])
{
    int sum = 0;
    snprintf(out, 20, "9902020000000%03d", who);
    for (int i = 15; i >= 0; i--) {
        int d = out[i] - '0';
        if ((15 - i) % 2 == 0) d = d < 5 ? d * 2 : d * 2 - 9;
        sum += d;
    }
    out[16] = (char)('0' + (10 - sum % 10) % 10);
    out[17] = '\0';
}

/* --- the oracle --- */

enum line_state { GONE, PREPARED, APPROVED, PAID, FAILED, RETURNED };
struct line { int who, month; int64_t amount; enum line_state state; int number; };
struct oracle {
    int64_t funded, paid_to[PEOPLE];
    bool live[PEOPLE][MONTHS];         /* a payment that may reach the payee */
    struct line at[LINES]; int n;      /* of the run at hand */
    char run[20];
};

static int64_t sum_of(const struct oracle *k, enum line_state s)
{
    int64_t sum = 0;
    for (int i = 0; i < k->n; i++) sum += k->at[i].state == s ? k->at[i].amount : 0;
    return sum;
}

static int64_t in_pot(const struct oracle *k)
{
    int64_t left = k->funded;
    for (int i = 0; i < PEOPLE; i++) left -= k->paid_to[i];
    return left;
}

static void fault_text(void *arg, const char *sentence) { snprintf(arg, 400, "%s", sentence); }

static bool add_balance(void *arg, const struct val *row, int n, struct err *e)
{
    (void)n, (void)e;
    *(int64_t *)arg += row[0].i;
    return true;
}

static bool add_end(void *arg, const struct trace_end *x, struct err *e)
{
    (void)e;
    *(int64_t *)arg += x->amount;
    return true;
}

static void compare(struct office *o, const struct oracle *k)
{
    struct ledger_balance b;
    struct err e = { 0 };
    struct spans spans = { 0 };
    int64_t all = 0, followed = 0;
    char told[400] = "";
    struct faults faults = { fault_text, told, 0 };
    struct db *d = o->p.db;
    assert_ok(ledger_balance_of(d, o->pot.county, o->pot.id, &b, &e), e);
    assert_int_equal(b.balance, in_pot(k));
    assert_int_equal(b.reserved, sum_of(k, APPROVED));
    static const struct stmt sum = { "test_sum", STMT_ADMIN,
        "select cast(sum(balance) as bigint) from ledger_balance", NULL };
    assert_ok(db_query(d, &sum, NULL, 0, add_balance, &all, &e), e);
    assert_int_equal(all, 0);
    assert_ok(ledger_verify(d, &faults, &e), e);
    if (faults.n) fail_msg("%s", told);
    struct trace_sink sink = { NULL, add_end, &followed };
    assert_ok(spans_of_account(d, o->pot, &spans, &e), e);
    assert_ok(trace_forward(d, spans.at, spans.n, &sink, &e), e);
    assert_int_equal(followed, k->funded);
    free(spans.at);
}

/* --- a run --- */

static void prepare_run(struct office *o, struct oracle *k, int number)
{
    struct buf b;
    struct pay_report r;
    struct err e = { 0 };
    struct pay_desk who = desk(o, "Ann", o->day);
    int64_t amount = 0, refused = 0;
    buf_init(&b, 1 << 20);
    buf_str(&b, "kind,name,account,bank_code,amount,purpose,period\n");
    snprintf(k->run, sizeof k->run, "R%d", number);
    k->n = 0;
    for (int i = (int)random_between(&o->r, 1, LINES); i > 0; i--) {
        struct line l = { .who = (int)random_below(&o->r, PEOPLE),
            .month = (int)random_below(&o->r, MONTHS), .amount = random_between(&o->r, 1, 500000),
            .state = PREPARED };
        bool bad = random_chance(&o->r, 50000);
        char number_of[20];
        card(l.who, number_of);
        buf_printf(&b, "person,某%d & <b>,%s,103100000026,%s%lld.%02lld,wage,2020-%02d\n", l.who,
                   number_of, bad ? "x" : "", (long long)(l.amount / 100), (long long)(l.amount % 100),
                   l.month + 1);
        if (bad || k->live[l.who][l.month]) {
            refused++;
            continue;
        }
        k->live[l.who][l.month] = true;
        l.number = k->n + 1;
        amount += l.amount;
        k->at[k->n++] = l;
    }
    struct pay_order order = { .run = k->run, .payer = "POT", .file = file(o, "run.csv", &b),
                               .due = o->day };
    bool ok = pay_prepare(&who, &order, &r, &e);
    if (ok != (k->n > 0)) fail_msg("%s: %s", k->run, e.message);
    assert_int_equal(r.refused, refused);
    if (ok) {
        assert_int_equal(r.lines, k->n);
        assert_int_equal(r.amount, amount);
    }
    buf_free(&b);
}

static const char *code_of(struct office *o, const struct oracle *k, const struct line *l)
{
    return arena_printf(&o->a, "%s-%06d", k->run, l->number);
}

static void give_up(struct oracle *k, struct line *l, enum line_state s)
{
    k->live[l->who][l->month] = false;
    l->state = s;
}

/* Approval, or what must refuse it. */
static bool approve_run(struct office *o, struct oracle *k)
{
    struct pay_report r;
    struct err e = { 0 };
    struct pay_desk ann = desk(o, "Ann", o->day), bob = desk(o, "Bob", o->day);
    assert_err(pay_approve(&ann, k->run, &r, &e), e, ERR_FORBIDDEN);
    bool enough = sum_of(k, PREPARED) <= in_pot(k);
    bool ok = pay_approve(&bob, k->run, &r, &e);
    if (ok != enough) fail_msg("%s: %s", k->run, e.message);
    if (!ok) assert_string_equal(e.field, "overdraw");
    for (int i = 0; ok && i < k->n; i++)
        if (k->at[i].state == PREPARED) k->at[i].state = APPROVED;
    return ok;
}

static void cancel(struct office *o, struct oracle *k, bool one)
{
    struct pay_report r;
    struct err e = { 0 };
    struct pay_desk who = desk(o, "Cid", o->day);
    struct line *l = &k->at[random_below(&o->r, (uint64_t)k->n)];
    bool there = l->state == PREPARED || l->state == APPROVED;
    bool ok = pay_cancel(&who, k->run, one ? code_of(o, k, l) : NULL, &r, &e);
    if (one) assert_int_equal(ok, there);
    for (int i = 0; ok && i < k->n; i++)
        if ((!one || &k->at[i] == l) && (k->at[i].state == PREPARED || k->at[i].state == APPROVED))
            give_up(k, &k->at[i], GONE);
}

static int left_of(const struct oracle *k)
{
    int n = 0;
    for (int i = 0; i < k->n; i++) n += k->at[i].state == PREPARED || k->at[i].state == APPROVED;
    return n;
}

static void check_file(const char *path, const struct oracle *k)
{
    static char xml[1 << 20];
    char why[300];
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t n = fread(xml, 1, sizeof xml, f);
    fclose(f);
    const char *wrong = pain_check(xml, n, why);
    if (wrong) fail_msg("%s: %s", path, wrong);
    for (int i = 0; i < k->n; i++) {
        char id[64];
        snprintf(id, sizeof id, "<EndToEndId>%s-%06d<", k->run, k->at[i].number);
        xml[n < sizeof xml ? n : sizeof xml - 1] = '\0';
        assert_int_equal(strstr(xml, id) != NULL, k->at[i].state == APPROVED);
    }
}

static const char *write_run(struct office *o, const struct oracle *k)
{
    struct pay_report r;
    struct err e = { 0 };
    struct pay_desk who = desk(o, "Bob", o->day);
    const char *xml = arena_printf(&o->a, "%s/%s.xml", o->dir, k->run);
    assert_ok(pay_write(&who, k->run, xml, arena_printf(&o->a, "%s/%s.csv", o->dir, k->run), &r, &e),
              e);
    assert_int_equal(r.lines, left_of(k));
    assert_int_equal(r.amount, sum_of(k, APPROVED));
    check_file(xml, k);
    return xml;
}

/* An answer for some lines, each kind of it, and answers that must be refused. */
static const char *answer(struct office *o, struct oracle *k, int round, int64_t *refused)
{
    static const char *const words[] = { [PAID] = "paid", [FAILED] = "失败", [RETURNED] = "退汇" };
    struct buf b;
    buf_init(&b, 1 << 20);
    buf_str(&b, "line,state,reason,bank_ref,date,amount\n");
    for (int i = 0; i < k->n; i++) {
        struct line *l = &k->at[i];
        enum line_state to = random_chance(&o->r, 700000) ? PAID : FAILED;
        if (random_chance(&o->r, 300000)) continue;
        if (l->state == PAID && random_chance(&o->r, 300000)) to = RETURNED;
        else if (l->state != APPROVED) to = l->state == PAID ? FAILED : PAID;
        bool wrong = random_chance(&o->r, 60000);
        bool takes = !wrong && (l->state == APPROVED || to == RETURNED);
        buf_printf(&b, "%s,%s,why,,2020-06-%02d,%lld.%02lld\n", code_of(o, k, l), words[to],
                   2 + round, (long long)((l->amount + wrong) / 100),
                   (long long)((l->amount + wrong) % 100));
        *refused += !takes;
        if (!takes) continue;
        if (to == PAID) k->paid_to[l->who] += l->amount, l->state = PAID;
        else {
            if (to == RETURNED) k->paid_to[l->who] -= l->amount;
            give_up(k, l, to);
        }
    }
    if (random_chance(&o->r, 300000)) buf_str(&b, "R0-000001,paid,,,2020-06-02,1\n"), ++*refused;
    const char *path = file(o, "answer.csv", &b);
    buf_free(&b);
    return path;
}

static void take_answers(struct office *o, struct oracle *k)
{
    struct pay_desk who = desk(o, "Eve", o->day + 30);
    for (int round = 0; round < 3; round++) {
        struct pay_report r, again;
        struct err e = { 0 };
        int64_t refused = 0;
        const char *path = answer(o, k, round, &refused);
        assert_ok(pay_return_file(&who, path, NULL, &r, &e), e);
        assert_int_equal(r.refused, refused);
        compare(o, k);
        assert_ok(pay_return_file(&who, path, NULL, &again, &e), e);
        assert_int_equal(again.paid + again.failed + again.returned, 0);
        compare(o, k);
    }
}

static void finish_run(struct office *o, struct oracle *k)
{
    struct buf b;
    struct pay_report r;
    struct err e = { 0 };
    struct pay_desk who = desk(o, "Eve", o->day + 30);
    buf_init(&b, 1 << 20);
    buf_str(&b, "line,state,date\n");
    for (int i = 0; i < k->n; i++) {
        if (k->at[i].state != APPROVED) continue;
        buf_printf(&b, "%s,failed,2020-06-20\n", code_of(o, k, &k->at[i]));
        give_up(k, &k->at[i], FAILED);
    }
    const char *path = file(o, "last.csv", &b);
    if (b.n > 20) assert_ok(pay_return_file(&who, path, NULL, &r, &e), e);
    buf_free(&b);
}

static int runs_wanted(int usual)
{
    const char *text = getenv("JIEDUI_PAY_RUNS");
    return text && *text ? (int)strtol(text, NULL, 10) : usual;
}

static void one_run(struct office *o, struct oracle *k, int number)
{
    int64_t more = random_between(&o->r, 0, 4000000);
    if (more) fund(o, more);
    k->funded += more;
    prepare_run(o, k, number);
    if (k->n == 0) return;
    compare(o, k);
    if (random_chance(&o->r, 300000)) cancel(o, k, true);
    if (!left_of(k)) return;
    bool approved = approve_run(o, k);
    compare(o, k);
    if (!approved || random_chance(&o->r, 200000)) {
        cancel(o, k, approved && random_chance(&o->r, 500000));
        compare(o, k);
        if (!approved || !left_of(k)) return;
    }
    write_run(o, k);
    take_answers(o, k);
    finish_run(o, k);
    compare(o, k);
}

static void count_fault(void *arg, const char *sentence)
{
    print_message("%s\n", sentence);
    ++*(int *)arg;
}

static void everything_proves(struct office *o)
{
    struct err e = { 0 };
    int told = 0;
    struct faults faults = { count_fault, &told, 0 };
    assert_ok(journal_verify(o->p.db, NULL, &faults, &e), e);
    assert_int_equal(faults.n, 0);
    assert_ok(entity_verify(o->p.model, o->p.db, &faults, &e), e);
    assert_int_equal(faults.n, 0);
    assert_ok(figures_verify(&o->p.context, o->p.db, &faults, &e), e);
    assert_int_equal(faults.n, 0);
}

static void random_pay_days_agree(enum engine engine)
{
    struct office o;
    static struct oracle k;
    memset(&k, 0, sizeof k);
    office_open(&o, engine, 20200601);
    int runs = runs_wanted(engine == ENGINE_SQLITE ? 12 : 6);
    for (int i = 1; i <= runs; i++) one_run(&o, &k, i);
    everything_proves(&o);
    office_close(&o);
}
STORE_TEST(random_pay_days_agree)

/* --- kill -9 between the writing and the end of the answers --- */

enum { CROWD = 600 };

static void crowd_file(struct office *o, struct buf *b, bool answers)
{
    buf_clear(b);
    buf_str(b, answers ? "line,state,date\n" : "kind,name,account,bank_code,amount,purpose,period\n");
    for (int i = 0; i < CROWD; i++) {
        char number[20];
        card(i, number);
        if (answers) buf_printf(b, "K-%06d,%s,2020-06-02\n", i + 1, i % 3 ? "paid" : "failed");
        else buf_printf(b, "person,某%d,%s,103100000026,%d.50,wage,2020-01\n", i, number, i + 1);
    }
    file(o, answers ? "k_answers.csv" : "k.csv", b);
}

static void child_answers(struct office *o, const char *path)
{
    struct store *s = NULL;
    struct err e = { 0 };
    struct pay_report r;
    struct pay_desk who = desk(o, "Eve", o->day);
    if (!store_open(&s, o->p.store.url, &(struct store_options){ 0 }, &e)) _exit(1);
    store_set_model(s, o->p.model);
    who.store = s;
    _exit(pay_return_file(&who, path, NULL, &r, &e) ? 0 : 1);
}

static void a_killed_answer_goes_on(enum engine engine)
{
    struct office o;
    struct buf b;
    struct pay_report r;
    struct err e = { 0 };
    int64_t paid = 0, failed = 0;
    buf_init(&b, 1 << 20);
    office_open(&o, engine, 7);
    fund(&o, 100000000);
    crowd_file(&o, &b, false);
    struct pay_desk ann = desk(&o, "Ann", o.day), bob = desk(&o, "Bob", o.day);
    struct pay_order order = { .run = "K", .payer = "POT", .due = o.day,
                               .file = arena_printf(&o.a, "%s/k.csv", o.dir) };
    assert_ok(pay_prepare(&ann, &order, &r, &e), e);
    assert_int_equal(r.lines, CROWD);
    assert_ok(pay_approve(&bob, "K", &r, &e), e);
    assert_ok(pay_write(&bob, "K", arena_printf(&o.a, "%s/K.xml", o.dir), NULL, &r, &e), e);
    crowd_file(&o, &b, true);
    const char *path = arena_printf(&o.a, "%s/k_answers.csv", o.dir);
    for (int i = 0; i < CROWD; i++) *(i % 3 ? &paid : &failed) += (i + 1) * 100 + 50;
    for (int round = 0; round < 4; round++) {
        struct timespec pause = { 0, (long)random_between(&o.r, 5, 120) * 1000000 };
        while (o.p.store.n_dbs > 0) db_close(o.p.store.dbs[--o.p.store.n_dbs]);
        store_close(o.p.store.store);
        o.p.store.store = NULL;
        pid_t pid = fork();
        if (pid == 0) child_answers(&o, path);
        nanosleep(&pause, NULL);
        kill(pid, SIGKILL);
        int status;
        assert_int_equal(waitpid(pid, &status, 0), pid);
        test_store_reopen(&o.p.store, NULL);
        store_set_model(o.p.store.store, o.p.model);
        o.p.db = test_db(&o.p.store, DB_READ);
    }
    struct pay_desk eve = desk(&o, "Eve", o.day);
    assert_ok(pay_return_file(&eve, path, NULL, &r, &e), e);
    assert_int_equal(r.paid + r.failed + r.done, CROWD);
    assert_int_equal(r.refused, 0);
    struct ledger_balance bal;
    assert_ok(ledger_balance_of(o.p.db, o.pot.county, o.pot.id, &bal, &e), e);
    assert_int_equal(bal.balance, 100000000 - paid);
    assert_int_equal(bal.reserved, 0);
    everything_proves(&o);
    buf_free(&b);
    office_close(&o);
}
STORE_TEST(a_killed_answer_goes_on)

/* --- the checker can fail --- */

static void the_checker_of_pain_can_fail(void **state)
{
    static const struct { const char *from, *to; } faults[] = {
        { "<NbOfTxs>2<", "<NbOfTxs>3<" }, { "<CtrlSum>3.50<", "<CtrlSum>3.51<" },
        { "R1-000002", "R1-000001" }, { "CNY", "USD" }, { ">2.50<", ">2.5<" }, { ">2.50<", ">0.00<" },
        { "<PmtMtd>TRF</PmtMtd>", "" }, { "<Nm>a</Nm>", "<Nm></Nm>" },
        { "<Nm>a</Nm>", "<Nm>a&b</Nm>" }, { "103100000026", "10310000002" },
        { "2020-06-01<", "2020-6-1<" }, { ".001.001.03", ".001.001.09" },
        { "<PmtId><EndToEndId>R1-000001</EndToEndId></PmtId><Amt><InstdAmt Ccy=\"CNY\">1.00</InstdAmt></Amt>",
          "<Amt><InstdAmt Ccy=\"CNY\">1.00</InstdAmt></Amt><PmtId><EndToEndId>R1-000001</EndToEndId></PmtId>" },
        { "</Document>", "" },
    };
#define AGENT(n) "<" n "><FinInstnId><ClrSysMmbId><MmbId>103100000026</MmbId></ClrSysMmbId>" \
    "</FinInstnId></" n ">"
#define ACCT(n) "<" n "><Id><Othr><Id>1234</Id></Othr></Id></" n ">"
#define LINE(id, amount) "<CdtTrfTxInf><PmtId><EndToEndId>" id "</EndToEndId></PmtId><Amt>" \
    "<InstdAmt Ccy=\"CNY\">" amount "</InstdAmt></Amt>" AGENT("CdtrAgt") "<Cdtr><Nm>a</Nm></Cdtr>" \
    ACCT("CdtrAcct") "</CdtTrfTxInf>"
    static const char good[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.03\"><CstmrCdtTrfInitn><GrpHdr>"
        "<MsgId>R1</MsgId><CreDtTm>2020-06-01T10:00:00</CreDtTm><NbOfTxs>2</NbOfTxs>"
        "<CtrlSum>3.50</CtrlSum><InitgPty><Nm>o</Nm></InitgPty></GrpHdr><PmtInf><PmtInfId>R1</PmtInfId>"
        "<PmtMtd>TRF</PmtMtd><NbOfTxs>2</NbOfTxs><CtrlSum>3.50</CtrlSum>"
        "<ReqdExctnDt>2020-06-01</ReqdExctnDt><Dbtr><Nm>o</Nm></Dbtr>" ACCT("DbtrAcct")
        AGENT("DbtrAgt") LINE("R1-000001", "1.00") LINE("R1-000002", "2.50")
        "</PmtInf></CstmrCdtTrfInitn></Document>";
    char why[300], text[4000];
    (void)state;
    const char *wrong = pain_check(good, strlen(good), why);
    if (wrong) fail_msg("%s", wrong);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        const char *at = strstr(good, faults[i].from);
        assert_non_null(at);
        snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good, faults[i].to,
                 at + strlen(faults[i].from));
        if (!pain_check(text, strlen(text), why)) fail_msg("%s passes", faults[i].to);
    }
}

/* --- matching a statement, by brute force --- */

enum { FEW = 9 };

/* Lines and legs that could be each other hang together; how many of each hang with entry i. */
static void knot(const struct bank_side *b, const struct bank_side *l, int days, bool *in_b, bool *in_l)
{
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < b->n; i++)
            for (size_t k = 0; k < l->n; k++) {
                int64_t apart = b->at[i].day - l->at[k].day;
                if (b->at[i].amount != l->at[k].amount || apart > days || apart < -days ||
                    in_b[i] == in_l[k])
                    continue;
                in_b[i] = in_l[k] = more = true;
            }
    }
}

static int count_true(const bool *at, size_t n)
{
    int sum = 0;
    for (size_t i = 0; i < n; i++) sum += at[i];
    return sum;
}

static void fill_side(struct random *r, struct bank_side *s, bool refs)
{
    static const char *const names[] = { "", "", "A", "B", "R-1", "R-2", "R" };
    s->n = 0;
    for (int64_t i = random_between(r, 0, FEW); i > 0; i--) {
        struct bank_entry *x = bank_add(s);
        x->key = (int64_t)s->n;
        x->amount = random_between(r, 1, 3) * (random_chance(r, 500000) ? 100 : -100);
        x->day = (int32_t)random_between(r, 0, 12);
        x->ref = refs ? names[random_below(r, 7)] : "";
        x->inside = true;
    }
}

static void as_brute_force(const struct bank_side *b, const struct bank_side *l, int days)
{
    for (size_t i = 0; i < b->n + l->n; i++) {
        bool in_b[FEW] = { false }, in_l[FEW] = { false }, of_bank = i < b->n;
        if (of_bank) in_b[i] = true;
        else in_l[i - b->n] = true;
        knot(b, l, days, in_b, in_l);
        int nb = count_true(in_b, b->n), nl = count_true(in_l, l->n);
        const struct bank_entry *x = of_bank ? &b->at[i] : &l->at[i - b->n];
        int want = nb == 1 && nl == 1 ? BANK_MATCHED : nb && nl ? BANK_AMBIGUOUS
                   : of_bank ? BANK_ONLY_BANK : BANK_ONLY_LEDGER;
        assert_int_equal(x->kind, want);
    }
}

/* With references: nobody has two mates, mates are of one amount or told to differ. */
static void hangs_together(const struct bank_side *b, const struct bank_side *l)
{
    int64_t taken[FEW] = { 0 };
    for (size_t k = 0; k < l->n; k++) {
        const struct bank_entry *x = &l->at[k];
        assert_true(x->set);
        if (x->kind != BANK_MATCHED && x->kind != BANK_AMOUNT) continue;
        assert_in_range(x->mate, 0, b->n - 1);
        assert_int_equal(b->at[x->mate].kind, x->kind);
        taken[x->mate] += x->amount;
    }
    for (size_t i = 0; i < b->n; i++) {
        const struct bank_entry *x = &b->at[i];
        assert_true(x->set);
        if (x->kind == BANK_MATCHED) assert_int_equal(taken[i], x->amount);
        else if (x->kind == BANK_AMOUNT) assert_int_not_equal(taken[i], x->amount);
        else assert_int_equal(taken[i], 0);
    }
}

static void a_statement_is_matched_without_guessing(void **state)
{
    struct bank_side b = { 0 }, l = { 0 };
    struct random r;
    (void)state;
    random_seed(&r, 11);
    for (int round = 0; round < 20000; round++) {
        int days = (int)random_between(&r, 0, 4);
        fill_side(&r, &b, round % 2);
        fill_side(&r, &l, round % 2);
        bank_match(&b, &l, days);
        if (round % 2) hangs_together(&b, &l);
        else as_brute_force(&b, &l, days);
    }
    free(b.at);
    free(l.at);
}

/* --- what goes round the program --- */

struct told { const char *want; bool seen; };

static void look_for(void *arg, const char *sentence)
{
    struct told *t = arg;
    if (strstr(sentence, t->want)) t->seen = true;
}

static bool pass_over(void *arg, const struct bank_difference *d, struct err *e)
{
    (void)arg, (void)d, (void)e;
    return true;
}

static void a_changed_payment_is_named(enum engine engine)
{
    static const struct { const char *sql, *says; } deeds[] = {
        { "update payment set amount = amount + 1 where code = 'T-000001'", "payment" },
        { "update payment set state = 'paid' where code = 'T-000001'", "payment" },
        { "update payment set once = 'x' where code = 'T-000001'", "payment" },
        { "update payee set bank_card = '9902020000000999' where kind = 'person'", "payee" },
        { "update payment_run set approved_by = 'Zoe'", "payment_run" },
        { "delete from payment where code = 'T-000002'", "payment" },
        { "update bank_line set amount = 5", "bank_line" },
        { "update bank_statement set closing = 5", "bank_statement" },
    };
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        struct office o;
        struct buf b;
        struct pay_report r;
        struct bank_report br;
        struct err e = { 0 };
        struct told t = { .want = deeds[i].says };
        struct faults faults = { look_for, &t, 0 };
        office_open(&o, engine, 3);
        fund(&o, 1000000);
        buf_init(&b, 1 << 16);
        buf_str(&b, "kind,name,account,bank_code,amount,purpose,period\n");
        for (int who = 0; who < 2; who++) {
            char number[20];
            card(who, number);
            buf_printf(&b, "person,a,%s,103100000026,1,wage,2020-01\n", number);
        }
        struct pay_desk ann = desk(&o, "Ann", o.day), bob = desk(&o, "Bob", o.day);
        struct pay_order order = { .run = "T", .payer = "POT", .due = o.day,
                                   .file = file(&o, "t.csv", &b) };
        assert_ok(pay_prepare(&ann, &order, &r, &e), e);
        assert_int_equal(r.lines, 2);
        assert_ok(pay_approve(&bob, "T", &r, &e), e);
        buf_clear(&b);
        buf_str(&b, "date,amount,balance\n2020-06-02,10,10\n");
        struct bank_order bo = { .account = "POT", .file = file(&o, "s.csv", &b), .days = 3 };
        assert_ok(bank_reconcile(&ann, &bo, pass_over, NULL, &br, &e), e);
        everything_proves(&o);
        tamper(&o.p.store, deeds[i].sql);
        assert_ok(entity_verify(o.p.model, o.p.db, &faults, &e), e);
        if (!faults.n || !t.seen) fail_msg("%s is not named", deeds[i].sql);
        buf_free(&b);
        office_close(&o);
    }
}
STORE_TEST(a_changed_payment_is_named)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_checker_of_pain_can_fail),
        cmocka_unit_test(a_statement_is_matched_without_guessing), STORE_TESTS(random_pay_days_agree),
        STORE_TESTS(a_killed_answer_goes_on), STORE_TESTS(a_changed_payment_is_named) };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
