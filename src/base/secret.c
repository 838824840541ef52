#include "base/secret.h"

#include <stdio.h>
#include <string.h>

#include <liboath/oath.h>
#include <sodium.h>

#include "base/digest.h"

#define PASSES 2
#define MEMORY ((size_t)19 << 20)
enum { DIGITS = 6, STEP_SECONDS = 30 };

bool password_hash(const char *password, char out[PASSWORD_TEXT])
{
    _Static_assert(PASSWORD_TEXT == crypto_pwhash_STRBYTES, "room for the text");
    return crypto_pwhash_str_alg(out, password, strlen(password), PASSES, MEMORY,
                                 crypto_pwhash_ALG_ARGON2ID13) == 0;
}

bool password_matches(const char *text, const char *password)
{
    return crypto_pwhash_str_verify(text, password, strlen(password)) == 0;
}

bool password_stale(const char *text)
{
    return crypto_pwhash_str_needs_rehash(text, PASSES, MEMORY) != 0;
}

void totp_base32(const unsigned char secret[TOTP_SECRET], char out[TOTP_BASE32])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    for (int i = 0; i < TOTP_SECRET / 5; i++) {
        uint64_t bits = 0;
        for (int k = 0; k < 5; k++) bits = bits << 8 | secret[i * 5 + k];
        for (int k = 0; k < 8; k++) out[i * 8 + k] = letters[bits >> (35 - 5 * k) & 31];
    }
    out[TOTP_BASE32 - 1] = '\0';
}

void totp_code(const unsigned char secret[TOTP_SECRET], int64_t step, char out[8])
{
    if (oath_hotp_generate((const char *)secret, TOTP_SECRET, (uint64_t)step, DIGITS, false,
                           OATH_HOTP_DYNAMIC_TRUNCATION, out) != OATH_OK)
        out[0] = '\0';
}

int64_t totp_step(const unsigned char secret[TOTP_SECRET], const char *code, int64_t unix_seconds,
                  int64_t last)
{
    int64_t now = unix_seconds / STEP_SECONDS, found = -1;
    for (int64_t step = now - 1; step <= now + 1; step++) {
        char want[8];
        totp_code(secret, step, want);
        if (step > last && *want && secret_same(want, code)) found = step;
    }
    return found;
}

void secret_make(char out[SECRET_TEXT])
{
    unsigned char noise[32];
    random_bytes(noise, sizeof noise);
    sodium_bin2base64(out, SECRET_TEXT, noise, sizeof noise,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool secret_same(const char *a, const char *b)
{
    unsigned char x[DIGEST_LEN], y[DIGEST_LEN];
    digest_of(a, strlen(a), x);
    digest_of(b, strlen(b), y);
    return sodium_memcmp(x, y, DIGEST_LEN) == 0;
}

void secret_wipe(void *p, size_t n)
{
    sodium_memzero(p, n);
}
