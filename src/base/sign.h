/* sign: Ed25519 signatures. A key pair is the office's own; what it signed anyone checks with the
 * public half, without a store. Call digest_start first. */
#ifndef JD_BASE_SIGN_H
#define JD_BASE_SIGN_H

#include <stdbool.h>
#include <stddef.h>

#define SIGN_PUBLIC_LEN 32
#define SIGN_SECRET_LEN 64
#define SIGN_LEN 64

/* secret holds the seed and, behind it, the public half again, as libsodium has it. */
struct sign_key {
    unsigned char open[SIGN_PUBLIC_LEN];
    unsigned char secret[SIGN_SECRET_LEN];
};

void sign_make(struct sign_key *k);
/* From the 32 bytes of a seed: the same seed, the same key. */
void sign_from_seed(struct sign_key *k, const unsigned char seed[SIGN_PUBLIC_LEN]);
void sign_wipe(struct sign_key *k);
void sign_bytes(const struct sign_key *k, const void *p, size_t n, unsigned char out[SIGN_LEN]);
bool sign_holds(const unsigned char open[SIGN_PUBLIC_LEN], const void *p, size_t n,
                const unsigned char signature[SIGN_LEN]);

#endif
