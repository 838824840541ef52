/* The second step: one-time codes, and the recovery codes for when the phone is lost. */
#include "programme/access/access_sql.h"

static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789"; /* none that looks like another */

static void recovery_make(char out[RECOVERY_TEXT])
{
    unsigned char noise[RECOVERY_TEXT];
    random_bytes(noise, sizeof noise);
    for (int i = 0; i < RECOVERY_TEXT - 1; i++)
        out[i] = i == 5 ? '-' : letters[noise[i] % (sizeof letters - 1)];
    out[RECOVERY_TEXT - 1] = '\0';
}

static bool put_codes(struct tx *tx, int64_t account, char codes[RECOVERY_CODES][RECOVERY_TEXT],
                      struct err *e)
{
    struct arena a = { 0 };
    bool ok = true;
    for (int i = 0; ok && i < RECOVERY_CODES; i++) {
        recovery_make(codes[i]);
        const struct val v[] = { val_int(account), val_text(mark_of(codes[i], &a)) };
        ok = access_exec(tx, ACCESS_RECOVERY_PUT, v, 2, NULL, e);
    }
    arena_free(&a);
    return ok;
}

bool totp_set(struct tx *tx, int64_t account, const unsigned char secret[TOTP_SECRET], int64_t step,
              char codes[RECOVERY_CODES][RECOVERY_TEXT], int64_t by, struct err *e)
{
    const struct val v[] = { val_int(account), val_blob(secret, TOTP_SECRET), val_int(step),
                             val_int(tx_now(tx)) };
    const struct val who = val_int(account);
    return access_exec(tx, ACCESS_CREDENTIAL_TOTP, v, 4, NULL, e) &&
           access_exec(tx, ACCESS_RECOVERY_CLEAR, &who, 1, NULL, e) &&
           put_codes(tx, account, codes, e) && access_note(tx, account, by, "one-time codes on", e);
}

bool totp_reset(struct tx *tx, int64_t account, int64_t by, struct err *e)
{
    const struct val v[] = { val_int(account), val_null(), val_int(0), val_int(tx_now(tx)) };
    const struct val who = val_int(account);
    return access_exec(tx, ACCESS_CREDENTIAL_TOTP, v, 4, NULL, e) &&
           access_exec(tx, ACCESS_RECOVERY_CLEAR, &who, 1, NULL, e) &&
           sessions_end(tx, account, e) && access_note(tx, account, by, "one-time codes off", e);
}

bool recovery_left(struct db *d, int64_t account, int64_t *n, struct err *e)
{
    const struct val v = val_int(account);
    bool found;
    return db_int(d, access_sql(ACCESS_RECOVERY_COUNT), &v, 1, n, &found, e);
}

const char *totp_address(const unsigned char secret[TOTP_SECRET], const char *login, struct arena *a)
{
    char base32[TOTP_BASE32];
    totp_base32(secret, base32);
    return arena_printf(a, "otpauth://totp/Jiedui:%s?secret=%s&issuer=Jiedui", url_part(a, login), base32);
}
