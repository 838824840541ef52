/* Sessions: a random text in a cookie, its digest in the store. */
#include "programme/access/access_sql.h"

const char *mark_of(const char *text, struct arena *a)
{
    unsigned char digest[DIGEST_LEN];
    char *hex = arena_alloc(a, DIGEST_HEX);
    digest_of(text, strlen(text), digest);
    digest_hex(digest, DIGEST_LEN, hex);
    return hex;
}

const char *session_cookie_name(bool secure_only)
{
    return secure_only ? "__Host-jiedui" : "jiedui";
}

static const char *set_cookie(const struct request *q, const char *token, int64_t seconds)
{
    bool secure = q->seat->gate && q->seat->gate->proxied_tls;
    return arena_printf(q->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s",
                        session_cookie_name(secure), token, (long long)seconds,
                        secure ? "; Secure" : "");
}

struct beginning { const char *mark, *address; int64_t account; };

static bool put_session(struct tx *tx, void *arg, struct err *e)
{
    const struct beginning *b = arg;
    int64_t now = tx_now(tx);
    const struct val old[] = { val_int(now - SESSION_LONGEST), val_int(now - SESSION_IDLE) };
    const struct val v[] = { val_text(b->mark), val_int(b->account), val_int(now), val_text(b->address) };
    return tx_exec(tx, access_sql(ACCESS_SESSION_OLD), old, 2, NULL, e) && keys_forget(tx, e) &&
           tx_exec(tx, access_sql(ACCESS_SESSION_PUT), v, 4, NULL, e);
}

bool session_begin(struct request *q, int64_t account, const char **cookie, struct err *e)
{
    char token[SECRET_TEXT];
    secret_make(token);
    struct beginning b = { mark_of(token, q->arena), q->address, account };
    *cookie = set_cookie(q, token, SESSION_LONGEST / 1000000);
    return request_write(q, put_session, &b, e);
}

static bool drop_session(struct tx *tx, void *arg, struct err *e)
{
    const struct val v = val_text(arg);
    return tx_exec(tx, access_sql(ACCESS_SESSION_DROP), &v, 1, NULL, e);
}

bool sign_out(struct request *q, const char **cookie, struct err *e)
{
    *cookie = set_cookie(q, "", 0);
    return request_write(q, drop_session, (void *)(uintptr_t)mark_of(q->cookie, q->arena), e);
}

struct sessions { struct request *q; session_fn *fn; void *arg; const char *mine; };

static bool take_session(void *arg, const struct val *row, int n, struct err *e)
{
    struct sessions *s = arg;
    (void)n;
    struct session_row out = { .hash = arena_strndup(s->q->arena, row[0].p, row[0].n),
        .made = row[1].i, .seen = row[2].i,
        .address = arena_strndup(s->q->arena, row[3].p ? row[3].p : "", row[3].n) };
    if (s->q->now - out.made > SESSION_LONGEST || s->q->now - out.seen > SESSION_IDLE) return true;
    out.current = strcmp(out.hash, s->mine) == 0;
    return s->fn(s->arg, &out, e);
}

bool sessions_of(struct request *q, session_fn *fn, void *arg, struct err *e)
{
    struct sessions s = { q, fn, arg, mark_of(q->cookie, q->arena) };
    const struct val v = val_int(q->user->account);
    return db_query(q->seat->db, access_sql(ACCESS_SESSIONS_OF), &v, 1, take_session, &s, e);
}
