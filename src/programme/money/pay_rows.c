/* Rows of payment: found, sealed, and who acts. */
#include "programme/money/pay_part.h"

#include "base/utf8.h"
#include "programme/numbers.h"

struct pay_maps pay_maps_of(const struct model *mo)
{
    return (struct pay_maps){ .run = model_find(mo, "payment_run"),
        .payment = model_find(mo, "payment"), .payee = model_find(mo, "payee"),
        .account = model_find(mo, "ledger_account") };
}

/* Within what a number of a row can be. */
int64_t pay_seal(struct store *s, struct val name, struct val card, struct val bank)
{
    struct val v[3] = { name, card, bank };
    int64_t digest = row_digest(store_row_key(s), NUMBER_PAYEE, v, 3);
    return (int64_t)((uint64_t)digest >> 15);
}

bool pay_actor(const struct pay_desk *k, const char **out, struct err *e)
{
    const char *s = k->by ? k->by : "";
    size_t n = strlen(s);
    while (n > 0 && (unsigned char)s[0] <= ' ') s++, n--;
    while (n > 0 && (unsigned char)s[n - 1] <= ' ') n--;
    if (n == 0) return err_set(e, ERR_USAGE, "who does it? --by NAME");
    if (utf8_length(s, n) > 60) return err_set(e, ERR_USAGE, "--by: a name has at most 60 characters");
    *out = arena_strndup(k->arena, s, n);
    return true;
}

bool pay_run_find(const struct pay_desk *k, struct db *d, const char *code, struct pay_run *out,
                  struct err *e)
{
    const struct table_map *m = pay_maps_of(k->model).run;
    bool found = false;
    if (!ref_find(k->model, m, code, strlen(code), -1, d, k->arena, &out->county, &out->id, e) ||
        !row_get(d, m, out->county, out->id, k->arena, out->row, &found, e))
        return false;
    return found || err_set(e, ERR_NOT_FOUND, "there is no payment run %s", code);
}

bool pay_run_in(const struct pay_desk *k, struct pay_run *r, const char *states, struct err *e)
{
    const struct table_map *m = pay_maps_of(k->model).run;
    struct val is = *pay_at(m, r->row, PAYMENT_RUN_STATE), code = *pay_at(m, r->row, PAYMENT_RUN_CODE);
    for (const char *at = states; *at;) {
        const char *next = strstr(at, " or ");
        size_t n = next ? (size_t)(next - at) : strlen(at);
        if (n == is.n && memcmp(at, is.p, n) == 0) return true;
        at = next ? next + 4 : at + n;
    }
    return err_set(e, ERR_CONFLICT, "run %.*s is %.*s, and would have to be %s", (int)code.n,
                   code.p, (int)is.n, is.p, states);
}
