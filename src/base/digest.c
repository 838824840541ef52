#include "base/digest.h"

#include <sodium.h>

typedef crypto_generichash_blake2b_state blake;
_Static_assert(sizeof(blake) <= sizeof((struct digest *)0)->state, "the state fits");
_Static_assert(_Alignof(struct digest) >= 64, "as libsodium asks");

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

void random_bytes(void *p, size_t n)
{
    randombytes_buf(p, n);
}
