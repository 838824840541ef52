/* Requests under a key of the sender's own: what each wrote is remembered by a digest, so that the key stands for
 * that alone. */
#include "programme/access/access_sql.h"

#include <string.h>

#define KEPT (INT64_C(400) * 24 * 60 * 60 * 1000000)

struct kept { char was[DIGEST_HEX]; };

static bool take_kept(void *arg, const struct val *row, int n, struct err *e)
{
    struct kept *k = arg;
    (void)n, (void)e;
    if (row[0].n < sizeof k->was) memcpy(k->was, row[0].p, row[0].n);
    return true;
}

bool key_take(struct tx *tx, const struct request *q, const unsigned char request[DIGEST_LEN], bool *again,
              struct err *e)
{
    unsigned char mark[DIGEST_LEN];
    char mark_hex[DIGEST_HEX], request_hex[DIGEST_HEX];
    struct digest d;
    struct kept k = { "" };
    int64_t put = 0;
    digest_init(&d);
    digest_add(&d, &q->user->account, sizeof q->user->account);
    digest_add(&d, q->idempotency, strlen(q->idempotency));
    digest_done(&d, mark);
    digest_hex(mark, DIGEST_LEN, mark_hex);
    digest_hex(request, DIGEST_LEN, request_hex);
    const struct val v[] = { val_text(mark_hex), val_text(request_hex), val_int(tx_now(tx)) };
    if (!tx_exec(tx, access_sql(ACCESS_KEY_PUT), v, 3, &put, e)) return false;
    *again = !put;
    if (put) return true;
    if (!db_query(tx_db(tx), access_sql(ACCESS_KEY_GET), v, 1, take_kept, &k, e)) return false;
    return !strcmp(k.was, request_hex) ||
           err_set(e, ERR_CONFLICT, "%s",
                   tr(q, "This Idempotency-Key was sent with another request: give each its own.",
                      "此 Idempotency-Key 已用于另一请求，每个请求须各用一个。"));
}

bool keys_forget(struct tx *tx, struct err *e)
{
    const struct val old = val_int(tx_now(tx) - KEPT);
    return tx_exec(tx, access_sql(ACCESS_KEY_OLD), &old, 1, NULL, e);
}
