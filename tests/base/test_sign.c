/* Ed25519 against the first vectors of RFC 8032, and what a changed bit does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/digest.h"
#include "base/sign.h"

struct vector { const char *seed, *open, *message, *signature; };
static const struct vector vectors[] = {
    { "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
      "d25bf5f0595bbe24655141438e7a100b" },
    { "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
      "387b2eaeb4302aeeb00d291612bb0c00" },
};

static void of_the_standard(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        unsigned char seed[32], open[32], message[8], expected[64], signature[64];
        size_t n = strlen(vectors[i].message) / 2;
        struct sign_key k;
        assert_true(digest_unhex(vectors[i].seed, 64, seed));
        assert_true(digest_unhex(vectors[i].open, 64, open));
        assert_true(digest_unhex(vectors[i].message, 2 * n, message));
        assert_true(digest_unhex(vectors[i].signature, 128, expected));
        sign_from_seed(&k, seed);
        assert_memory_equal(k.open, open, 32);
        sign_bytes(&k, message, n, signature);
        assert_memory_equal(signature, expected, 64);
        assert_true(sign_holds(open, message, n, signature));
    }
}

static void changed(void **state)
{
    struct sign_key k, other;
    unsigned char message[100], signature[SIGN_LEN];
    (void)state;
    sign_make(&k);
    sign_make(&other);
    random_bytes(message, sizeof message);
    sign_bytes(&k, message, sizeof message, signature);
    assert_true(sign_holds(k.open, message, sizeof message, signature));
    assert_false(sign_holds(other.open, message, sizeof message, signature));
    assert_false(sign_holds(k.open, message, sizeof message - 1, signature));
    for (size_t bit = 0; bit < 8 * sizeof message; bit += 7) {
        message[bit / 8] ^= (unsigned char)(1 << bit % 8);
        assert_false(sign_holds(k.open, message, sizeof message, signature));
        message[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    for (size_t bit = 0; bit < 8 * SIGN_LEN; bit++) {
        signature[bit / 8] ^= (unsigned char)(1 << bit % 8);
        assert_false(sign_holds(k.open, message, sizeof message, signature));
        signature[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    sign_wipe(&k);
    for (size_t i = 0; i < sizeof k.secret; i++) assert_int_equal(k.secret[i], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(of_the_standard),
                                        cmocka_unit_test(changed) };
    if (!digest_start()) return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
