#include "base/digest.h"

#include <sodium.h>

#include "base/log.h"

typedef crypto_generichash_blake2b_state blake;
_Static_assert(sizeof(blake) <= sizeof((struct digest *)0)->state, "the state fits");
_Static_assert(_Alignof(struct digest) >= 64, "as libsodium asks");

#define ROW_DIGEST_LEN 8

bool digest_start(void)
{
    return sodium_init() >= 0;
}

static blake *state_of(struct digest *d)
{
    return (blake *)(void *)d->state;
}

void digest_init(struct digest *d)
{
    crypto_generichash_blake2b_init(state_of(d), NULL, 0, DIGEST_LEN);
}

void digest_add(struct digest *d, const void *p, size_t n)
{
    if (n) crypto_generichash_blake2b_update(state_of(d), p, n);
}

void digest_done(struct digest *d, unsigned char out[DIGEST_LEN])
{
    crypto_generichash_blake2b_final(state_of(d), out, DIGEST_LEN);
}

void digest_of(const void *p, size_t n, unsigned char out[DIGEST_LEN])
{
    struct digest d;
    digest_init(&d);
    digest_add(&d, p, n);
    digest_done(&d, out);
}

void digest_hex(const unsigned char *p, size_t n, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[p[i] >> 4];
        out[2 * i + 1] = digits[p[i] & 15];
    }
    out[2 * n] = '\0';
}

static int nibble(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool digest_unhex(const char *s, size_t chars, unsigned char *out)
{
    if (chars % 2) return false;
    for (size_t i = 0; i < chars; i += 2) {
        int high = nibble(s[i]), low = nibble(s[i + 1]);
        if (high < 0 || low < 0) return false;
        out[i / 2] = (unsigned char)(high << 4 | low);
    }
    return true;
}

void row_key_init(struct row_key *k, const unsigned char key[DIGEST_KEY_LEN])
{
    crypto_generichash_blake2b_init(state_of(&k->keyed), key, DIGEST_KEY_LEN, ROW_DIGEST_LEN);
}

static size_t put32(unsigned char *to, uint32_t v)
{
    for (int i = 0; i < 4; i++) to[i] = (unsigned char)(v >> 8 * i);
    return 4;
}

static size_t put64(unsigned char *to, uint64_t v)
{
    for (int i = 0; i < 8; i++) to[i] = (unsigned char)(v >> 8 * i);
    return 8;
}

/* Ordinary rows gather in `bytes` and are hashed in one call; only a long value goes by itself. */
int64_t row_digest(const struct row_key *k, uint32_t table, const struct val *row, size_t n)
{
    unsigned char bytes[2048], out[ROW_DIGEST_LEN];
    blake state = *(const blake *)(const void *)k->keyed.state;
    size_t used = put32(bytes, table);
    for (size_t i = 0; i < n; i++) {
        const struct val *v = &row[i];
        bool sized = v->type == VAL_TEXT || v->type == VAL_BLOB;
        if (sizeof bytes - used < 16 + (sized ? (size_t)v->n : 0)) {
            crypto_generichash_blake2b_update(&state, bytes, used);
            used = 0;
        }
        bytes[used++] = v->type;
        if (v->type == VAL_INT) used += put64(bytes + used, (uint64_t)v->i);
        if (!sized) continue;
        used += put32(bytes + used, v->n);
        if (v->n > sizeof bytes - used) {
            crypto_generichash_blake2b_update(&state, bytes, used);
            crypto_generichash_blake2b_update(&state, (const unsigned char *)v->p, v->n);
            used = 0;
        } else if (v->n) {
            memcpy(bytes + used, v->p, v->n);
            used += v->n;
        }
    }
    crypto_generichash_blake2b_update(&state, bytes, used);
    crypto_generichash_blake2b_final(&state, out, ROW_DIGEST_LEN);
    uint64_t digest = 0;
    for (int i = 0; i < ROW_DIGEST_LEN; i++) digest |= (uint64_t)out[i] << 8 * i;
    return (int64_t)digest;
}

void random_bytes(void *p, size_t n)
{
    randombytes_buf(p, n);
}
