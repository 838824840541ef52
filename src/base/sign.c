#include "base/sign.h"

#include <sodium.h>

_Static_assert(SIGN_PUBLIC_LEN == crypto_sign_PUBLICKEYBYTES &&
               SIGN_SECRET_LEN == crypto_sign_SECRETKEYBYTES && SIGN_LEN == crypto_sign_BYTES &&
               SIGN_PUBLIC_LEN == crypto_sign_SEEDBYTES, "lengths as libsodium has them");

void sign_make(struct sign_key *k)
{
    crypto_sign_keypair(k->open, k->secret);
}

void sign_from_seed(struct sign_key *k, const unsigned char seed[SIGN_PUBLIC_LEN])
{
    crypto_sign_seed_keypair(k->open, k->secret, seed);
}

void sign_wipe(struct sign_key *k)
{
    sodium_memzero(k, sizeof *k);
}

void sign_bytes(const struct sign_key *k, const void *p, size_t n, unsigned char out[SIGN_LEN])
{
    crypto_sign_detached(out, NULL, p, n, k->secret);
}

bool sign_holds(const unsigned char open[SIGN_PUBLIC_LEN], const void *p, size_t n,
                const unsigned char signature[SIGN_LEN])
{
    return crypto_sign_verify_detached(signature, p, n, open) == 0;
}
