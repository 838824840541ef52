/* Signing in. The same words and the same work for a wrong name, a wrong password, a wrong code and a
 * closed account; every attempt is counted before it is looked at. */
#include "programme/access/access_sql.h"

#include <ctype.h>

enum { FREE_FOR_ACCOUNT = 5, FREE_FOR_ADDRESS = 20, LONGEST_WAIT = 900, FORGOTTEN = 24 * 3600 };
#define SECOND INT64_C(1000000)

bool gate_make(struct gate *g, int workers, struct err *e)
{
    char any[SECRET_TEXT];
    *g = (struct gate){ .most = workers > 2 ? workers - 1 : 1 };
    secret_make(any);
    return password_hash(any, g->nobody) || err_set(e, ERR_FULL, "no memory to hash a password");
}

/* --- attempts --- */

struct attempt { const char *subject[2]; int64_t now; bool waits; };

static const char *subject_of(const char *kind, const char *text, struct arena *a)
{
    char *s = arena_printf(a, "%s:%s", kind, text);
    for (char *p = s; *p; p++) *p = (char)tolower((unsigned char)*p);
    return mark_of(s, a);
}

struct failures { int64_t n, last; };

static bool take_failures(void *arg, const struct val *row, int n, struct err *e)
{
    struct failures *f = arg;
    (void)n, (void)e;
    f->n = row[0].i;
    f->last = row[1].i;
    return true;
}

/* The wait doubles with each failure after the free ones. */
static int64_t wait_after(int64_t failures, int64_t free)
{
    int64_t over = failures - free;
    if (over < 0) return 0;
    return over > 10 ? LONGEST_WAIT : (INT64_C(1) << over) < LONGEST_WAIT ? INT64_C(1) << over : LONGEST_WAIT;
}

static bool count_attempt(struct tx *tx, void *arg, struct err *e)
{
    static const int64_t free[2] = { FREE_FOR_ACCOUNT, FREE_FOR_ADDRESS };
    struct attempt *x = arg;
    struct failures f[2] = { { 0, 0 }, { 0, 0 } };
    x->waits = false;
    const struct val old = val_int(x->now - FORGOTTEN * SECOND);
    if (!tx_exec(tx, access_sql(ACCESS_FAILURE_OLD), &old, 1, NULL, e)) return false;
    for (int i = 0; i < 2; i++) {
        const struct val v = val_text(x->subject[i]);
        if (!tx_query(tx, access_sql(ACCESS_FAILURE_GET), &v, 1, take_failures, &f[i], e)) return false;
        x->waits |= x->now - f[i].last < wait_after(f[i].n, free[i]) * SECOND;
    }
    for (int i = 0; !x->waits && i < 2; i++) {
        const struct val v[] = { val_text(x->subject[i]), val_int(f[i].n + 1), val_int(x->now) };
        if (!tx_exec(tx, access_sql(ACCESS_FAILURE_PUT), v, 3, NULL, e)) return false;
    }
    return true;
}

/* What went well is no failure: of the account all, of the address this one. */
static bool forget_attempt(struct tx *tx, const struct attempt *x, struct err *e)
{
    struct failures f = { 0, 0 };
    const struct val account = val_text(x->subject[0]), address = val_text(x->subject[1]);
    if (!tx_exec(tx, access_sql(ACCESS_FAILURE_DROP), &account, 1, NULL, e) ||
        !tx_query(tx, access_sql(ACCESS_FAILURE_GET), &address, 1, take_failures, &f, e))
        return false;
    const struct val v[] = { address, val_int(f.n > 0 ? f.n - 1 : 0), val_int(f.last) };
    return tx_exec(tx, access_sql(ACCESS_FAILURE_PUT), v, 3, NULL, e);
}

/* --- password --- */

/* False: too many are being hashed. */
static bool hash_enter(struct gate *g)
{
    if (atomic_fetch_add(&g->hashing, 1) < g->most) return true;
    atomic_fetch_sub(&g->hashing, 1);
    return false;
}

struct looking { struct attempt attempt; int64_t account; struct credential c; bool good;
                 const char *code, *fresh; int64_t now; };

/* The code is used up in the transaction that lets it in. */
static bool take_code(struct tx *tx, struct looking *x, bool *taken, struct err *e)
{
    struct arena a = { 0 };
    int64_t changed = 0;
    const char *code = x->code ? x->code : "";
    int64_t step = totp_step(x->c.totp, code, x->now / SECOND, x->c.totp_last);
    const struct val used[] = { val_int(x->account), val_int(step) };
    const struct val recovery[] = { val_int(x->account), val_text(mark_of(code, &a)) };
    bool ok = step >= 0 ? access_exec(tx, ACCESS_CREDENTIAL_STEP, used, 2, &changed, e)
                        : access_exec(tx, ACCESS_RECOVERY_TAKE, recovery, 2, &changed, e);
    *taken = changed > 0;
    arena_free(&a);
    return ok;
}

static bool let_in(struct tx *tx, void *arg, struct err *e)
{
    struct looking *x = arg;
    bool taken = true;
    x->good = false;
    if (x->code && x->c.has_totp && !take_code(tx, x, &taken, e)) return false;
    if (!taken) return true;
    if (x->fresh) {
        const struct val v[] = { val_int(x->account), val_text(x->fresh), val_int(tx_now(tx)) };
        if (!access_exec(tx, ACCESS_CREDENTIAL_PASSWORD, v, 3, NULL, e)) return false;
    }
    x->good = true;
    return forget_attempt(tx, &x->attempt, e);
}

static bool look(struct request *q, struct looking *x, bool known, const char *password,
                 enum sign_in *out, struct err *e)
{
    struct gate *g = q->seat->gate;
    char fresh[PASSWORD_TEXT];
    *out = SIGN_IN_BUSY;
    if (!hash_enter(g)) return true;
    bool same = password_matches(known ? x->c.password : g->nobody, password) && known;
    if (same && password_stale(x->c.password) && password_hash(password, fresh)) x->fresh = fresh;
    atomic_fetch_sub(&g->hashing, 1);
    *out = SIGN_IN_WRONG;
    if (!same) return true;
    if (!request_write(q, let_in, x, e)) return false;
    if (x->good) *out = SIGN_IN_DONE;
    return true;
}

static bool begin_attempt(struct request *q, struct looking *x, const char *login, struct err *e)
{
    x->now = q->now;
    x->attempt = (struct attempt){ .now = q->now,
        .subject = { subject_of("account", login, q->arena), subject_of("address", q->address, q->arena) } };
    return request_write(q, count_attempt, &x->attempt, e);
}

bool sign_in(struct request *q, const char *login, const char *password, const char *code,
             enum sign_in *out, const char **cookie, struct err *e)
{
    struct looking x = { .code = code ? code : "" };
    struct val row[ENTITY_MAX_COLUMNS + 1];
    bool found = false, has = false;
    *out = SIGN_IN_WRONG;
    if (strlen(login) > 200 || strlen(password) > PASSWORD_MOST) return true;
    if (!begin_attempt(q, &x, login, e)) return false;
    if (x.attempt.waits) return true;
    if (!account_find(q->seat->model, q->seat->db, login, q->arena, row, &found, e)) return false;
    if (found) x.account = row[ROW_ID].i;
    if (!credential_get(q->seat->db, x.account, &x.c, &has, e)) return false;
    if (!look(q, &x, found && has && account_open(row, q->today), password, out, e)) return false;
    secret_wipe(&x.c, sizeof x.c);
    return *out != SIGN_IN_DONE || session_begin(q, x.account, cookie, e);
}

bool password_check(struct request *q, const char *password, enum sign_in *out, struct err *e)
{
    struct looking x = { .account = q->user->account };
    bool has = false;
    *out = SIGN_IN_WRONG;
    if (!password || strlen(password) > PASSWORD_MOST) return true;
    if (!begin_attempt(q, &x, q->user->login, e)) return false;
    if (x.attempt.waits) return true;
    if (!credential_get(q->seat->db, x.account, &x.c, &has, e)) return false;
    bool ok = look(q, &x, has, password, out, e);
    secret_wipe(&x.c, sizeof x.c);
    return ok;
}
