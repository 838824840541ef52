/* Who a request is from. */
#include "programme/access/access_sql.h"

#include "base/date.h"

enum { SLOTS = 64, MARK = 72 };
#define TOUCHED (INT64_C(5) * 60 * 1000000)

static const struct scope nobody_scope = { .role = ROLE_NONE };
static const struct user nobody = { .login = "", .name = "", .csrf = "", .scope = &nobody_scope };

/* An account as it was while the journal stood so, on that day. */
struct known { int64_t account; int32_t today; char heads[MARK]; bool open; struct arena a;
               struct user user; struct scope scope; };
struct who_cache { struct known at[SLOTS]; };

struct who_cache *who_cache_open(void)
{
    return mem_alloc(sizeof(struct who_cache));
}

void who_cache_close(struct who_cache *c)
{
    for (int i = 0; c && i < SLOTS; i++) arena_free(&c->at[i].a);
    free(c);
}

static const char *text_at(const struct val *row, int col, struct arena *a)
{
    struct val v = row[ROW_FIRST + col];
    return v.type == VAL_TEXT ? arena_strndup(a, v.p, v.n) : "";
}

static bool learn(const struct seat *s, int64_t account, int32_t today, struct arena *a, struct user *u,
                  struct scope *scope, bool *open, struct err *e)
{
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct credential c;
    bool found = false, has = false;
    if (!account_get(s->model, s->db, account, a, row, &found, e)) return false;
    *open = found && account_open(row, today);
    if (!*open) return true;
    if (!scope_make(s->model, s->db, s->context.parties, row, today, a, scope, e) ||
        !credential_get(s->db, account, &c, &has, e))
        return false;
    *u = (struct user){ .account = account, .login = text_at(row, ACCOUNT_LOGIN, a),
        .name = text_at(row, ACCOUNT_NAME, a), .scope = scope, .csrf = "",
        .language = c.language, .large = c.large };
    secret_wipe(&c, sizeof c);
    return true;
}

bool account_user(const struct seat *s, int64_t account, struct arena *a, struct user *out, bool *open,
                  struct err *e)
{
    int32_t today = instant_date(clock_now(store_clock(db_store(s->db))), s->site->zone);
    return learn(s, account, today, a, out, arena_alloc(a, sizeof(struct scope)), open, e);
}

static bool known_of(struct who_cache *c, struct request *q, int64_t account, const char *heads,
                     struct known **out, struct err *e)
{
    struct known *k = &c->at[(uint64_t)account * 0x9e3779b97f4a7c15u >> 58];
    *out = k;
    if (k->account == account && k->today == q->today && *heads && strcmp(k->heads, heads) == 0) return true;
    arena_reset(&k->a);
    k->account = 0;
    if (!learn(q->seat, account, q->today, &k->a, &k->user, &k->scope, &k->open, e)) return false;
    k->account = account;
    k->today = q->today;
    snprintf(k->heads, sizeof k->heads, "%s", strlen(heads) < MARK ? heads : "");
    return true;
}

struct row_ints { int64_t at[5]; bool found; };

static bool take_ints(void *arg, const struct val *row, int n, struct err *e)
{
    struct row_ints *r = arg;
    (void)e;
    for (int i = 0; i < n && i < 5; i++) r->at[i] = row[i].i;
    r->found = true;
    return true;
}

struct touching { enum access_sql stmt; const char *mark; };

static bool touch(struct tx *tx, void *arg, struct err *e)
{
    const struct touching *t = arg;
    const struct val v[] = { val_text(t->mark), val_int(tx_now(tx)) };
    return access_exec(tx, t->stmt, v, 2, NULL, e);
}

static bool of_session(struct who_cache *c, struct request *q, const char *heads, struct user *out,
                       struct err *e)
{
    struct row_ints r = { .found = false };
    struct known *k;
    const char *mark = mark_of(q->cookie, q->arena);
    const struct val v = val_text(mark);
    if (!db_query(q->seat->db, access_sql(ACCESS_SESSION_GET), &v, 1, take_ints, &r, e)) return false;
    if (!r.found || q->now - r.at[1] > SESSION_LONGEST || q->now - r.at[2] > SESSION_IDLE) return true;
    if (!known_of(c, q, r.at[0], heads, &k, e)) return false;
    if (!k->open) return true;
    *out = k->user;
    out->csrf = mark_of(arena_printf(q->arena, "form:%s", q->cookie), q->arena);
    struct touching t = { ACCESS_SESSION_SEEN, mark };
    return q->background || q->now - r.at[2] < TOUCHED || request_write(q, touch, &t, e);
}

static bool of_token(struct who_cache *c, struct request *q, const char *bearer, const char *heads,
                     struct user *out, struct err *e)
{
    struct row_ints r = { .found = false };
    struct known *k;
    const char *mark = mark_of(bearer, q->arena);
    const struct val v = val_text(mark);
    if (!db_query(q->seat->db, access_sql(ACCESS_TOKEN_GET), &v, 1, take_ints, &r, e)) return false;
    if (!r.found || q->now > r.at[2]) return true;
    if (!known_of(c, q, r.at[1], heads, &k, e)) return false;
    if (!k->open) return true;
    *out = k->user;
    out->token = true;
    out->reads_only = r.at[3] != 0;
    struct touching t = { ACCESS_TOKEN_USED, mark };
    return q->now - r.at[4] < TOUCHED || request_write(q, touch, &t, e);
}

bool who_is(struct who_cache *c, struct request *q, const char *bearer, const char *heads,
            struct err *e)
{
    struct user *u = arena_alloc(q->arena, sizeof *u);
    struct scope *anybody = arena_alloc(q->arena, sizeof *anybody);
    *anybody = scope_public(q->today);
    *u = nobody;
    if (q->seat->gate && q->seat->gate->public) u->scope = anybody;
    q->user = u;
    q->scope = u->scope;
    struct user found = *u;
    if (bearer && *bearer ? !of_token(c, q, bearer, heads, &found, e)
                          : *q->cookie && !of_session(c, q, heads, &found, e))
        return false;
    *u = found;
    q->scope = u->scope;
    return true;
}
