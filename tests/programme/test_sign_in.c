/* Signing in on both databases: sessions and their ends, the second step, waiting after failures, and that
 * a wrong name is told as a wrong password is. */
#include "programme.h"

#include "base/date.h"
#include "programme/access/access.h"
#include "support/users.h"

#define MINUTE INT64_C(60000000)
static const char good[] = "a good long password";

struct world {
    struct programme p;
    struct site site;
    struct gate gate;
    struct seat seat;
    struct arena arena, keep;
    struct who_cache *who;
    int64_t now, account;
};

struct adding { struct world *w; struct val row[ENTITY_MAX_COLUMNS + 1]; const char *hash; };

static bool add(struct tx *tx, void *arg, struct err *e)
{
    struct adding *a = arg;
    return account_add(tx, a->w->p.model, a->row, a->hash, e);
}

static void world_open(struct world *w, enum engine engine)
{
    char hash[PASSWORD_TEXT];
    struct adding a = { .w = w, .hash = hash };
    struct err e = { 0 };
    memset(w, 0, sizeof *w);
    programme_open(&w->p, engine);
    assert_ok(gate_make(&w->gate, 2, &e), e);
    assert_true(password_hash(good, hash));
    a.row[ROW_DRAFT] = a.row[ROW_LOAD] = a.row[ROW_COUNTY] = val_int(0);
    a.row[ROW_FIRST + ACCOUNT_LOGIN] = val_text("wang");
    a.row[ROW_FIRST + ACCOUNT_NAME] = val_text("Wang");
    a.row[ROW_FIRST + ACCOUNT_ROLE] = val_text("officer");
    a.row[ROW_FIRST + ACCOUNT_STATE] = val_text("active");
    a.row[ROW_FIRST + ACCOUNT_PLACE] = val_int(653225000000);
    assert_ok(store_write(w->p.store.store, add, &a, &e), e);
    w->account = a.row[ROW_ID].i;
    w->seat = (struct seat){ .site = &w->site, .db = w->p.db, .model = w->p.model, .context = w->p.context,
                             .gate = &w->gate };
    w->who = who_cache_open();
    struct clock clock = clock_system();
    w->now = clock_now(&clock);
}

static void world_close(struct world *w)
{
    who_cache_close(w->who);
    arena_free(&w->arena);
    arena_free(&w->keep);
    programme_close(&w->p);
}

static struct request request_at(struct world *w, const char *cookie)
{
    return (struct request){ .method = "POST", .path = "/", .query = "", .user = &test_nobody,
        .scope = &test_nobody_scope, .cookie = cookie, .address = "203.0.113.7", .body = "", .csrf = "",
        .now = w->now, .today = instant_date(w->now, 480), .seat = &w->seat, .arena = &w->arena };
}

/* The cookie's value; NULL when not let in. */
static const char *let_in(struct world *w, const char *login, const char *password, const char *code)
{
    struct request q = request_at(w, "");
    enum sign_in out;
    const char *cookie = NULL;
    struct err e = { 0 };
    assert_ok(sign_in(&q, login, password, code, &out, &cookie, &e), e);
    if (out != SIGN_IN_DONE) return NULL;
    assert_non_null(strstr(cookie, "HttpOnly"));
    const char *from = strchr(cookie, '=') + 1;
    return arena_printf(&w->keep, "%.*s", (int)strcspn(from, ";"), from);
}

static int64_t account_of(struct world *w, const char *cookie)
{
    struct request q = request_at(w, cookie);
    struct err e = { 0 };
    assert_ok(who_is(w->who, &q, "", "", &e), e);
    if (q.user->account) assert_int_equal(strlen(q.user->csrf), 64);
    return q.user->account;
}

static void sessions_begin_and_end(enum engine engine)
{
    struct world w;
    struct err e = { 0 };
    const char *cookie;
    world_open(&w, engine);
    assert_null(let_in(&w, "wang", "wrong", NULL));
    assert_null(let_in(&w, "nobody", good, NULL));
    assert_non_null(cookie = let_in(&w, "Wang", good, NULL));
    assert_int_equal(account_of(&w, cookie), w.account);
    assert_int_equal(account_of(&w, "something else"), 0);
    int64_t start = w.now;
    w.now = start + 59 * MINUTE;
    assert_int_equal(account_of(&w, cookie), w.account);
    /* Without use for an hour, and after twelve whatever the use. */
    w.now = start + 2 * 60 * MINUTE + 10 * MINUTE;
    assert_int_equal(account_of(&w, cookie), 0);
    w.now = start;
    struct request q = request_at(&w, cookie);
    assert_ok(sign_out(&q, &cookie, &e), e);
    assert_non_null(strstr(cookie, "Max-Age=0"));
    assert_int_equal(account_of(&w, q.cookie), 0);
    world_close(&w);
}
STORE_TEST(sessions_begin_and_end)

struct act { struct world *w; const char *verb; };

static bool change(struct tx *tx, void *arg, struct err *e)
{
    struct act *a = arg;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    bool found;
    char hash[PASSWORD_TEXT];
    if (!strcmp(a->verb, "password"))
        return password_hash("another password", hash) && password_set(tx, a->w->account, hash, 0, e);
    if (!account_get(a->w->p.model, tx_db(tx), a->w->account, &a->w->arena, row, &found, e)) return false;
    if (!strcmp(a->verb, "disable")) row[ROW_FIRST + ACCOUNT_STATE] = val_text("disabled");
    else row[ROW_FIRST + ACCOUNT_EXPIRES_ON] = val_int(instant_date(a->w->now, 480) - 1);
    return row_update(tx, a->w->p.model, model_find(a->w->p.model, "account"), row, 0, e);
}

/* Closed, expired, or with a new password: the session is over at once. */
static void a_closed_account_is_out(enum engine engine)
{
    static const char *const verbs[] = { "disable", "expire", "password" };
    for (size_t i = 0; i < 3; i++) {
        struct world w;
        struct err e = { 0 };
        struct act a = { &w, verbs[i] };
        world_open(&w, engine);
        const char *cookie = let_in(&w, "wang", good, NULL);
        assert_int_equal(account_of(&w, cookie), w.account);
        assert_ok(store_write(w.p.store.store, change, &a, &e), e);
        assert_int_equal(account_of(&w, cookie), 0);
        assert_null(let_in(&w, "wang", good, NULL));
        world_close(&w);
    }
}
STORE_TEST(a_closed_account_is_out)

static void failures_have_to_wait(enum engine engine)
{
    struct world w;
    world_open(&w, engine);
    for (int k = 0; k < 2; k++) {
        const char *login = k ? "nobody" : "wang";
        int refused = 0;
        for (int i = 0; i < 5; i++) assert_null(let_in(&w, login, "wrong", NULL));
        /* Now it waits, and the right password does too: for a name that is none just so. */
        refused += let_in(&w, login, good, NULL) == NULL;
        assert_int_equal(refused, 1);
    }
    int64_t start = w.now;
    w.now = start + 2000000;
    assert_non_null(let_in(&w, "wang", good, NULL));
    /* What went well wipes the count. */
    for (int i = 0; i < 4; i++) assert_null(let_in(&w, "wang", "wrong", NULL));
    assert_non_null(let_in(&w, "wang", good, NULL));
    /* The wait doubles, up to a quarter of an hour. */
    for (int i = 0; i < 12; i++) {
        assert_null(let_in(&w, "wang", "wrong", NULL));
        w.now += i < 5 ? 1 : INT64_C(1000000) << (i - 4);
    }
    w.now -= 100;
    assert_null(let_in(&w, "wang", "wrong", NULL));
    w.now += 16 * MINUTE;
    assert_non_null(let_in(&w, "wang", good, NULL));
    world_close(&w);
}
STORE_TEST(failures_have_to_wait)

struct stepping { int64_t account; char (*codes)[RECOVERY_TEXT]; const unsigned char *secret; };

static bool step_on(struct tx *tx, void *arg, struct err *e)
{
    struct stepping *s = arg;
    return totp_set(tx, s->account, s->secret, 0, s->codes, s->account, e);
}

static void the_second_step(enum engine engine)
{
    static const unsigned char secret[TOTP_SECRET + 1] = "12345678901234567890";
    char codes[RECOVERY_CODES][RECOVERY_TEXT], code[8];
    struct world w;
    struct err e = { 0 };
    int64_t left;
    world_open(&w, engine);
    struct stepping s = { w.account, codes, secret };
    assert_ok(store_write(w.p.store.store, step_on, &s, &e), e);
    assert_null(let_in(&w, "wang", good, NULL));
    assert_null(let_in(&w, "wang", good, "000000"));
    totp_code(secret, w.now / 30000000, code);
    assert_null(let_in(&w, "wang", "wrong", code));
    assert_non_null(let_in(&w, "wang", good, code));
    assert_null(let_in(&w, "wang", good, code));           /* taken once */
    assert_non_null(let_in(&w, "wang", good, codes[3]));   /* a recovery code, once */
    assert_null(let_in(&w, "wang", good, codes[3]));
    assert_ok(recovery_left(w.p.db, w.account, &left, &e), e);
    assert_int_equal(left, RECOVERY_CODES - 1);
    world_close(&w);
}
STORE_TEST(the_second_step)

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(sessions_begin_and_end), STORE_TESTS(a_closed_account_is_out),
                                        STORE_TESTS(failures_have_to_wait), STORE_TESTS(the_second_step) };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
