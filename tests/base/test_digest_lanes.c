/* Digests of many rows at once are those of the rows one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/digest.h"
#include "base/random.h"

#define COLUMNS 9
#define STRIDE 11
#define ROWS 23

static char text[6000];

static struct val random_value(struct random *r, size_t longest)
{
    switch (random_below(r, 5)) {
    case 0: return val_null();
    case 1: return val_int((int64_t)random_next(r));
    case 2: return val_int((int64_t)random_below(r, 100));
    case 3: return val_blob(text, random_below(r, longest));
    default: return val_textn(text + random_below(r, 1000), random_below(r, longest));
    }
}

static void same_as_one_by_one(void **state)
{
    static const size_t longest[] = { 2, 20, 130, 300, 3000 };
    static struct val rows[ROWS * STRIDE];
    unsigned char bytes[DIGEST_KEY_LEN];
    uint32_t tags[COLUMNS];
    struct row_key k;
    struct random r;
    (void)state;
    random_seed(&r, 11);
    for (size_t i = 0; i < sizeof text; i++) text[i] = (char)random_below(&r, 256);
    for (int i = 0; i < DIGEST_KEY_LEN; i++) bytes[i] = (unsigned char)random_below(&r, 256);
    for (int i = 0; i < COLUMNS; i++) tags[i] = (uint32_t)random_next(&r);
    row_key_init(&k, bytes);
    for (int round = 0; round < 3000; round++) {
        int64_t out[ROWS + 1];
        uint32_t table = (uint32_t)random_below(&r, 1000);
        size_t count = random_below(&r, ROWS + 1), most = longest[round % 5];
        for (size_t i = 0; i < count; i++)
            for (int c = 0; c < COLUMNS; c++) rows[i * STRIDE + (size_t)c] = random_value(&r, most);
        out[count] = 42;
        row_digests_named(&k, table, tags, rows, COLUMNS, STRIDE, count, out);
        for (size_t i = 0; i < count; i++)
            assert_true(out[i] == row_digest_named(&k, table, tags, rows + i * STRIDE, COLUMNS));
        assert_int_equal(out[count], 42);
        row_digests(&k, table, rows, COLUMNS, STRIDE, count, out);
        for (size_t i = 0; i < count; i++)
            assert_true(out[i] == row_digest(&k, table, rows + i * STRIDE, COLUMNS));
        assert_int_equal(out[count], 42);
    }
}

/* Every length, so that every border between blocks is met in every lane. */
static void every_length(void **state)
{
    unsigned char bytes[DIGEST_KEY_LEN] = { 1 };
    struct row_key k;
    const uint32_t tag = 7;
    (void)state;
    row_key_init(&k, bytes);
    for (size_t n = 0; n < 2200; n++) {
        struct val rows[5];
        int64_t out[5];
        for (size_t i = 0; i < 5; i++) rows[i] = val_textn(text, n * (i + 1) % 2200);
        row_digests_named(&k, 3, &tag, rows, 1, 1, 5, out);
        for (size_t i = 0; i < 5; i++)
            assert_true(out[i] == row_digest_named(&k, 3, &tag, &rows[i], 1));
        row_digests(&k, 3, rows, 1, 1, 5, out);
        for (size_t i = 0; i < 5; i++) assert_true(out[i] == row_digest(&k, 3, &rows[i], 1));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_as_one_by_one),
        cmocka_unit_test(every_length),
    };
    if (!digest_start()) return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
