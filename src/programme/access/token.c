/* Tokens: what programs sign in with, in the name of an account. */
#include "programme/access/access_sql.h"

#define DAY (INT64_C(24) * 3600 * 1000000)

struct making { const char *mark, *name; int64_t account; bool reads_only; int days; };

static bool put_token(struct tx *tx, void *arg, struct err *e)
{
    const struct making *m = arg;
    int64_t now = tx_now(tx);
    const struct val v[] = { val_text(m->mark), val_int(tx_id(tx)), val_int(m->account), val_text(m->name),
        val_int(now), val_int(now + m->days * DAY), val_int(m->reads_only) };
    return access_exec(tx, ACCESS_TOKEN_PUT, v, 7, NULL, e) &&
           access_note(tx, m->account, m->account, "token made", e);
}

bool token_make(struct request *q, const char *name, bool reads_only, int days, char out[SECRET_TEXT],
                struct err *e)
{
    secret_make(out);
    struct making m = { mark_of(out, q->arena), name, q->user->account, reads_only, days };
    return request_write(q, put_token, &m, e);
}

struct listing { token_fn *fn; void *arg; struct arena a; };

static bool take_token(void *arg, const struct val *row, int n, struct err *e)
{
    struct listing *l = arg;
    (void)n;
    struct token_row t = { .id = row[0].i, .account = row[1].i,
        .name = arena_strndup(&l->a, row[2].p, row[2].n), .made = row[3].i, .until = row[4].i,
        .used = row[5].i, .reads_only = row[6].i != 0, .login = arena_strndup(&l->a, row[7].p, row[7].n) };
    return l->fn(l->arg, &t, e);
}

bool tokens_list(struct db *d, int64_t account, token_fn *fn, void *arg, struct err *e)
{
    struct listing l = { .fn = fn, .arg = arg };
    const struct val v = val_int(account);
    bool ok = db_query(d, access_sql(ACCESS_TOKENS), &v, 1, take_token, &l, e);
    arena_free(&l.a);
    return ok;
}

bool token_drop(struct tx *tx, int64_t id, int64_t account, struct err *e)
{
    const struct val v[] = { val_int(id), val_int(account) };
    int64_t changed = 0;
    if (!access_exec(tx, ACCESS_TOKEN_DROP, v, 2, &changed, e)) return false;
    return changed || err_set(e, ERR_NOT_FOUND, "there is no such token");
}
