/* Two offices as two stores: packages in random order, twice, or lost, until both say the same. */
#include "rows.h"

#include <unistd.h>

#include "base/date.h"
#include "base/random.h"
#include "programme/exchange/exchange.h"
#include "programme/sides/sides.h"

enum { HELPER, HELPED, OFFICES, RECORDS = 8, ROUNDS = 60, PACKAGES = 256 };

static const char *const office_code[OFFICES] = { "X-BJ", "X-LP" };

struct office { struct programme p; int64_t org[OFFICES]; struct sign_key key; };

struct world {
    struct office o[OFFICES];
    char dir[200];
    /* Packages that were made, by the receiver; delivered[i] counts. */
    char path[OFFICES][PACKAGES][260]; int made[OFFICES]; bool lost[OFFICES][PACKAGES];
    int delivered[OFFICES][PACKAGES];
    struct random rnd;
    struct arena a;
};

/* Even records are the helper's report, odd ones the helped side's. */
static int reporter(int record) { return record % 2; }

static void tell_fault(void *arg, const char *sentence)
{
    (void)arg;
    print_error("%s\n", sentence);
}

/* ---- an office ---- */

static void open_office(struct world *w, int who, enum engine engine)
{
    struct office *o = &w->o[who];
    struct err e = { 0 };
    int64_t county;
    char secret[300], open[300], print[FINGERPRINT];
    unsigned char seed[SIGN_PUBLIC_LEN] = { (unsigned char)(who + 1) };
    programme_open(&o->p, engine);
    put(&o->p, "organisation", "code=X-BJ; kind=department; place=110105");
    put(&o->p, "organisation", "code=X-CO; kind=enterprise; parent=X-BJ; place=110105");
    put(&o->p, "organisation", "code=X-LP; kind=department; place=653224");
    const struct table_map *m = model_find(o->p.model, "organisation");
    for (int i = 0; i < OFFICES; i++)
        assert_ok(ref_find(o->p.model, m, office_code[i], 4, 0, o->p.db, &w->a, &county, &o->org[i],
                           &e), e);
    snprintf(secret, sizeof secret, "%s/%d.key", w->dir, who);
    snprintf(open, sizeof open, "%s/%d.pub", w->dir, who);
    struct key_request q = { .organisation = o->org[who], .secret = secret, .open = open,
                             .seed = seed, .today = 18000 };
    assert_ok(office_key_make(o->p.store.store, o->p.model, &q, print, &e), e);
    assert_ok(office_key_read(o->p.db, secret, &o->key, &county, &e), e);
    assert_int_equal(county, o->org[who]);
}

static void trust(struct world *w, int who, bool confirms)
{
    char open[300];
    struct trust_done d;
    struct err e = { 0 };
    snprintf(open, sizeof open, "%s/%d.pub", w->dir, 1 - who);
    struct trust_request q = { .path = open, .confirms = confirms, .today = 18000 };
    assert_ok(office_key_trust(w->o[who].p.store.store, w->o[who].p.model, &q, &d, &e), e);
}

static void open_world(struct world *w, enum engine engine, uint64_t seed)
{
    const char *tmp = getenv("TMPDIR");
    memset(w, 0, sizeof *w);
    snprintf(w->dir, sizeof w->dir, "%s/jiedui-offices.XXXXXX", tmp && *tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(w->dir));
    random_seed(&w->rnd, seed);
    for (int i = 0; i < OFFICES; i++) open_office(w, i, engine);
    for (int i = 0; i < OFFICES; i++) trust(w, i, seed % 2);
}

static void close_world(struct world *w)
{
    for (int i = 0; i < OFFICES; i++) programme_close(&w->o[i].p);
    test_dir_remove(w->dir);
    arena_free(&w->a);
}

/* ---- what offices do ---- */

struct saying { struct world *w; int who; struct confirm_request q; struct confirm_done done; };

static bool say(struct tx *tx, void *arg, struct err *e)
{
    struct saying *s = arg;
    return confirm(tx, s->w->o[s->who].p.model, &s->q, &s->w->a, &s->done, e);
}

static const char *code(struct world *w, int i) { return arena_printf(&w->a, "X-P%d", i); }

static bool speak(struct world *w, int who, int record, enum says says)
{
    struct saying s = { .w = w, .who = who, .q = { .entity = "purchase", .record = code(w, record),
        .organisation = w->o[who].org[who], .says = says, .reason = "reason", .on = 18000 } };
    struct err e = { 0 };
    if (says == SAYS_CORRECTED)
        s.q.correction = arena_printf(&w->a, "amount=%d", 100 * (1 + (int)random_below(&w->rnd, 4)));
    return store_write(w->o[who].p.store.store, say, &s, &e);
}

static bool there(struct world *w, int who, int record)
{
    const struct table_map *m = model_find(w->o[who].p.model, "purchase");
    int64_t county, id;
    struct err e = { 0 };
    const char *c = code(w, record);
    return ref_find(w->o[who].p.model, m, c, strlen(c), -1, w->o[who].p.db, &w->a, &county, &id, &e);
}

/* The reporter enters its record, or changes it; sometimes the other side has it too. */
static void report(struct world *w, int who, int record)
{
    const char *text = arena_printf(&w->a, "code=X-P%d; helper=X-CO; place=653224103222; "
        "amount=%d; quantity=%d; product=%s; valid_from=2020-03-01; valid_to=2020-03-01", record,
        100 * (1 + (int)random_below(&w->rnd, 4)), 1 + (int)random_below(&w->rnd, 2),
        random_below(&w->rnd, 2) ? "=1+1" : "a \"quoted\", one");
    if (there(w, who, record)) {
        change(&w->o[who].p, "purchase", text);
        return;
    }
    put(&w->o[who].p, "purchase", text);
    if (who == HELPED) assert_true(speak(w, who, record, SAYS_REPORTED));
}

static void send(struct world *w, int who)
{
    struct office *o = &w->o[who];
    int to = 1 - who, n = w->made[to];
    struct err e = { 0 };
    if (n == PACKAGES) return;
    snprintf(w->path[to][n], sizeof w->path[to][n], "%s/%d-%d.jdp", w->dir, who, n);
    struct package_out p = { .store = o->p.store.store, .d = o->p.db, .model = o->p.model,
        .sender = o->org[who], .receiver = o->org[to], .key = &o->key, .path = w->path[to][n],
        .today = 18000 };
    assert_ok(package_send(&p, &e), e);
    assert_int_equal(p.number, n + 1);
    w->lost[to][n] = random_below(&w->rnd, 4) == 0;
    w->made[to]++;
}

static void settle(struct world *w, int who)
{
    struct office *o = &w->o[who];
    struct settle s;
    struct err e = { 0 };
    assert_ok(package_settle(o->p.store.store, o->p.db, o->p.model, false, 18000, &s, &e), e);
}

static void deliver(struct world *w, int who, int n)
{
    struct office *o = &w->o[who];
    struct err e = { 0 };
    struct package_in p = { .store = o->p.store.store, .d = o->p.db, .model = o->p.model,
                            .path = w->path[who][n], .today = 18000 };
    bool ok = package_take(&p, &e);
    if (w->delivered[who][n]++) {
        assert_false(ok);
        assert_non_null(strstr(e.message, "was taken in already"));
    } else if (!ok) fail_msg("%s", e.message);
    settle(w, who);
}

struct deciding { struct world *w; int who; struct item_request q; const char *state; };

static bool decide(struct tx *tx, void *arg, struct err *e)
{
    struct deciding *d = arg;
    return item_decide(tx, d->w->o[d->who].p.model, &d->q, &d->w->a, &d->state, e);
}

/* Decides on what waits, at random; with `all` on everything. */
static void work(struct world *w, int who, bool all)
{
    for (int i = 0; i < RECORDS; i++) {
        struct deciding d = { .w = w, .who = who, .q = { .entity = "purchase", .record = code(w, i),
            .reason = "by our books", .today = 18000 } };
        struct err e = { 0 };
        uint64_t what = random_below(&w->rnd, all ? 2 : 4);
        if (reporter(i) == who || what > 1) continue;
        d.q.deed = what || !there(w, who, i) ? ITEM_ACCEPT : ITEM_REFUSE;
        bool ok = store_write(w->o[who].p.store.store, decide, &d, &e);
        if (!ok && e.code != ERR_NOT_FOUND) fail_msg("%s: %s", code(w, i), e.message);
    }
    settle(w, who);
}

/* ---- what must be so ---- */

struct listed { struct world *w; int who; struct buf b; };

static bool list_one(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct listed *l = arg;
    struct office *o = &l->w->o[l->who];
    (void)e;
    for (int f = 0; f < m->fields; f++)
        if (told_field(m, f) || m->field[f].flags & F_KEY || f == m->common + COMMON_CONFIRMATION)
            buf_printf(&l->b, "%s ", field_write(o->p.model, m, f, row, o->p.db, &l->w->a));
    buf_str(&l->b, "\n");
    return true;
}

static void figure_text(struct world *w, int who, struct buf *b)
{
    struct office *o = &w->o[who];
    struct figure_query q = { .name = "purchases", .from = DATE_MIN, .to = DATE_MAX };
    struct figure_value v;
    struct err e = { 0 };
    assert_ok(figure_read(&o->p.context, o->p.db, &scope_all, &q, &v, &e), e);
    buf_printf(b, "%lld of %lld rows: %lld %lld %lld\n", (long long)v.value, (long long)v.rows,
               (long long)v.confirmed, (long long)v.one_sided, (long long)v.disputed);
}

static const char *state_of(struct world *w, int who)
{
    struct listed l = { .w = w, .who = who };
    struct office *o = &w->o[who];
    struct list_query q = { .sort = "code" };
    struct err e = { 0 };
    buf_init(&l.b, 1 << 20);
    assert_ok(list_rows(o->p.model, o->p.db, &scope_all, model_find(o->p.model, "purchase"), &q,
                        list_one, &l, &e), e);
    figure_text(w, who, &l.b);
    const char *text = arena_strdup(&w->a, l.b.p);
    buf_free(&l.b);
    return text;
}

static void check_proofs(struct world *w, int who)
{
    struct office *o = &w->o[who];
    struct err e = { 0 };
    struct faults f = { tell_fault, NULL, 0 };
    assert_ok(sides_verify(o->p.model, o->p.db, &f, &e), e);
    assert_ok(entity_verify(o->p.model, o->p.db, &f, &e), e);
    assert_ok(figures_verify(&o->p.context, o->p.db, &f, &e), e);
    assert_int_equal(f.n, 0);
}

static void step(struct world *w)
{
    int who = (int)random_below(&w->rnd, OFFICES), record = (int)random_below(&w->rnd, RECORDS);
    switch (random_below(&w->rnd, 6)) {
    case 0: report(w, reporter(record), record); break;
    case 1: send(w, who); break;
    case 2: work(w, who, false); break;
    case 3:
        if (there(w, who, record)) speak(w, who, record, (enum says)(1 + random_below(&w->rnd, 3)));
        break;
    default: {
        if (!w->made[who]) break;
        int n = (int)random_below(&w->rnd, (uint64_t)w->made[who]);
        if (!w->lost[who][n]) deliver(w, who, n);
    }
    }
}

/* A last whole package each way, after everything that waits is decided on, and once more for what
 * that decision says. */
static void calm_down(struct world *w)
{
    for (int round = 0; round < 3; round++)
        for (int who = 0; who < OFFICES; who++) {
            send(w, who);
            int to = 1 - who, n = w->made[to] - 1;
            deliver(w, to, n);
            work(w, to, true);
        }
    for (int who = 0; who < OFFICES; who++) {
        send(w, who);
        deliver(w, 1 - who, w->made[1 - who] - 1);
    }
}

static bool count_row(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    (void)m, (void)row, (void)e;
    ++*(int *)arg;
    return true;
}

static int waiting(struct world *w, int who)
{
    struct list_query q = { .where = "state in {\"open\", \"unknown\", \"differs\"}" };
    struct office *o = &w->o[who];
    struct err e = { 0 };
    int n = 0;
    assert_ok(list_rows(o->p.model, o->p.db, &scope_all, model_find(o->p.model, "package_item"), &q,
                        count_row, &n, &e), e);
    return n;
}

static void both_come_to_say_the_same(enum engine engine)
{
    static struct world w;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        open_world(&w, engine, seed);
        for (int i = 0; i < ROUNDS; i++) {
            step(&w);
            arena_reset(&w.a);
        }
        calm_down(&w);
        const char *a = state_of(&w, HELPER), *b = state_of(&w, HELPED);
        if (strcmp(a, b) != 0) fail_msg("seed %d\n%s\nand\n%s", (int)seed, a, b);
        /* Nothing that comes again, late, or for the first time now, changes it. */
        for (int who = 0; who < OFFICES; who++)
            for (int n = w.made[who] - 1; n >= 0; n--) deliver(&w, who, n);
        assert_string_equal(state_of(&w, HELPER), a);
        assert_string_equal(state_of(&w, HELPED), a);
        for (int who = 0; who < OFFICES; who++) {
            assert_int_equal(waiting(&w, who), 0);
            check_proofs(&w, who);
        }
        close_world(&w);
    }
}
STORE_TEST(both_come_to_say_the_same)

static void put_bytes(const char *path, const char *p, size_t n)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(p, 1, n, f), n);
    fclose(f);
}

/* One byte anywhere: the package is refused, and nothing changes. */
static void an_altered_byte_is_found(enum engine engine)
{
    static struct world w;
    struct err e = { 0 };
    struct buf heads, now;
    open_world(&w, engine, 3);
    for (int i = 0; i < RECORDS; i++) report(&w, reporter(i), i);
    send(&w, HELPER);
    w.lost[HELPED][0] = false;
    buf_init(&heads, 1 << 16);
    buf_init(&now, 1 << 16);
    assert_ok(journal_heads(w.o[HELPED].p.db, &heads, &e), e);
    FILE *f = fopen(w.path[HELPED][0], "rb");
    assert_non_null(f);
    fseek(f, 0, SEEK_END);
    size_t n = (size_t)ftell(f);
    rewind(f);
    char *whole = malloc(n);
    assert_non_null(whole);
    assert_int_equal(fread(whole, 1, n, f), n);
    fclose(f);
    for (size_t at = 0; at < n; at += 1 + random_below(&w.rnd, 29)) {
        struct office *o = &w.o[HELPED];
        struct package_in p = { .store = o->p.store.store, .d = o->p.db, .model = o->p.model,
                                .path = w.path[HELPED][0], .today = 18000 };
        struct err why = { 0 };
        const char was = whole[at];
        whole[at] = (char)(was ^ (1 << random_below(&w.rnd, 8)));
        put_bytes(p.path, whole, n);
        whole[at] = was;
        if (package_take(&p, &why)) fail_msg("byte %zu of %zu", at, n);
        assert_true(why.message[0] != '\0');
    }
    put_bytes(w.path[HELPED][0], whole, n);
    free(whole);
    assert_ok(journal_heads(w.o[HELPED].p.db, &now, &e), e);
    assert_string_equal(heads.p, now.p);
    buf_free(&heads);
    buf_free(&now);
    deliver(&w, HELPED, 0);
    close_world(&w);
}
STORE_TEST(an_altered_byte_is_found)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(both_come_to_say_the_same),
        STORE_TESTS(an_altered_byte_is_found),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
