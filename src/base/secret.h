/* secret: passwords, one-time codes and the marks that stand for a session. Needs digest_start. */
#ifndef JD_BASE_SECRET_H
#define JD_BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* argon2id, 19 MiB and two passes: about 25 ms of one processor. The text holds its parameters. */
#define PASSWORD_TEXT 128
bool password_hash(const char *password, char out[PASSWORD_TEXT]);
bool password_matches(const char *text, const char *password);
/* Was it made with other parameters than today's? */
bool password_stale(const char *text);

/* TOTP of RFC 6238: SHA-1, six digits, steps of 30 seconds. */
#define TOTP_SECRET 20
#define TOTP_BASE32 33
void totp_base32(const unsigned char secret[TOTP_SECRET], char out[TOTP_BASE32]);
void totp_code(const unsigned char secret[TOTP_SECRET], int64_t step, char out[8]);
/* The step of a code that holds now, one before or one after, and is later than `last`; -1 = none. */
int64_t totp_step(const unsigned char secret[TOTP_SECRET], const char *code, int64_t unix_seconds,
                  int64_t last);

/* 256 random bits as 43 letters that may stand in a cookie or an address. */
#define SECRET_TEXT 44
void secret_make(char out[SECRET_TEXT]);
/* Compares without telling by the time where they differ. */
bool secret_same(const char *a, const char *b);
void secret_wipe(void *p, size_t n);

#endif
