#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/digest.h"
#include "base/random.h"

static void known_digests(void **state)
{
    (void)state;
    unsigned char out[DIGEST_LEN];
    char hex[DIGEST_HEX];
    digest_of("abc", 3, out);
    digest_hex(out, sizeof out, hex);
    assert_string_equal(hex, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    digest_of("", 0, out);
    digest_hex(out, sizeof out, hex);
    assert_string_equal(hex, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
}

static void in_pieces(void **state)
{
    (void)state;
    struct random r;
    unsigned char text[2000], whole[DIGEST_LEN], pieces[DIGEST_LEN];
    random_seed(&r, 1);
    for (size_t i = 0; i < sizeof text; i++) text[i] = (unsigned char)random_next(&r);
    digest_of(text, sizeof text, whole);
    for (int round = 0; round < 50; round++) {
        struct digest d;
        digest_init(&d);
        for (size_t at = 0, n; at < sizeof text; at += n) {
            n = (size_t)random_below(&r, 300);
            if (n > sizeof text - at) n = sizeof text - at;
            digest_add(&d, text + at, n);
        }
        digest_done(&d, pieces);
        assert_memory_equal(whole, pieces, DIGEST_LEN);
    }
}

static void hexadecimal(void **state)
{
    (void)state;
    unsigned char bytes[256], back[256];
    char hex[513];
    for (int i = 0; i < 256; i++) bytes[i] = (unsigned char)i;
    digest_hex(bytes, 256, hex);
    assert_int_equal(strlen(hex), 512);
    assert_true(digest_unhex(hex, 512, back));
    assert_memory_equal(bytes, back, 256);
    assert_true(digest_unhex("Ff0A", 4, back) && back[0] == 255 && back[1] == 10);
    assert_true(digest_unhex("", 0, back));
    assert_false(digest_unhex("abc", 3, back));
    assert_false(digest_unhex("0g", 2, back));
    assert_false(digest_unhex("0 ", 2, back));
    assert_false(digest_unhex("-1", 2, back));
}

static struct row_key key_of(unsigned char first)
{
    unsigned char bytes[DIGEST_KEY_LEN];
    struct row_key k;
    for (int i = 0; i < DIGEST_KEY_LEN; i++) bytes[i] = (unsigned char)(first + i);
    row_key_init(&k, bytes);
    return k;
}

/* Computed by another implementation of BLAKE2b over the canonical bytes: they may never change,
 * since they are stored. */
static void known_rows(void **state)
{
    (void)state;
    struct row_key k = key_of(0);
    struct val row[] = { val_int(1), val_null(), val_text("墨玉"), val_blob("\0\1", 2),
                         val_int(-1) };
    assert_true(row_digest(&k, 0, NULL, 0) == INT64_C(2125768211211300365));
    assert_true(row_digest(&k, 7, row, 5) == INT64_C(8343112849344711836));
    static char x[5000], y[1990];
    memset(x, 'x', sizeof x);
    memset(y, 'y', sizeof y);
    struct val large[] = { val_textn(x, sizeof x), val_int(5), val_blob(y, sizeof y),
                           val_text("z") };
    assert_true(row_digest(&k, 9, large, 4) == INT64_C(-9089338578383714893));
    struct row_key other = key_of(1);
    assert_true(row_digest(&other, 7, row, 5) != row_digest(&k, 7, row, 5));
}

/* All lengths around the borders of blocks, summed up; the sum was computed as above. */
static void every_length(void **state)
{
    (void)state;
    static const uint32_t from[] = { 0, 1900, 4000 }, to[] = { 700, 2200, 4250 };
    static unsigned char bytes[4250];
    struct row_key k = key_of(0);
    uint64_t sum = 0;
    for (int part = 0; part < 3; part++)
        for (uint32_t n = from[part]; n < to[part]; n++) {
            for (uint32_t i = 0; i < n; i++) bytes[i] = (unsigned char)(i * 7 + n);
            struct val row[] = { val_blob(bytes, n) };
            sum = sum * 31 + (uint64_t)row_digest(&k, n, row, 1);
        }
    assert_true(sum == UINT64_C(0xf2fd0fc253cab59c));
}

/* A change of any bit of any value, of a type, of the order or of a border between two values
 * changes the digest. */
static void every_change_shows(void **state)
{
    (void)state;
    struct row_key k = key_of(9);
    char name[] = "阿布都拉·买买提", note[300];
    memset(note, 'n', sizeof note);
    struct val row[] = { val_int(653222), val_textn(name, strlen(name)), val_null(),
                         val_textn(note, sizeof note), val_blob("", 0), val_int(0) };
    const size_t n = sizeof row / sizeof *row;
    int64_t digest = row_digest(&k, 3, row, n);
    assert_true(row_digest(&k, 3, row, n) == digest);
    assert_true(row_digest(&k, 4, row, n) != digest);
    assert_true(row_digest(&k, 3, row, n - 1) != digest);
    for (size_t i = 0; i < 8 * strlen(name); i++) {
        name[i / 8] = (char)(name[i / 8] ^ 1 << i % 8);
        assert_true(row_digest(&k, 3, row, n) != digest);
        name[i / 8] = (char)(name[i / 8] ^ 1 << i % 8);
    }
    for (int bit = 0; bit < 64; bit++) {
        row[5].i = (int64_t)(UINT64_C(1) << bit);
        assert_true(row_digest(&k, 3, row, n) != digest);
    }
    row[5] = val_int(0);
    for (uint8_t type = VAL_NULL; type <= VAL_BLOB; type++) {
        struct val was = row[1];
        row[1].type = type;
        assert_int_equal(row_digest(&k, 3, row, n) == digest, type == VAL_TEXT);
        row[1] = was;
    }
    struct val ab_c[] = { val_text("ab"), val_text("c") };
    struct val a_bc[] = { val_text("a"), val_text("bc") };
    assert_true(row_digest(&k, 3, ab_c, 2) != row_digest(&k, 3, a_bc, 2));
    struct val empty[] = { val_text("") }, none[] = { val_null() };
    assert_true(row_digest(&k, 3, empty, 1) != row_digest(&k, 3, none, 1));
    assert_true(row_digest(&k, 3, row, n) == digest);
}

/* The row is gathered in a buffer; where it is emptied must not matter. */
static void long_rows(void **state)
{
    (void)state;
    static unsigned char bytes[70000];
    static char text[3000];
    struct row_key k = key_of(2);
    memset(text, 't', sizeof text);
    for (uint32_t size = 1990; size < 2100; size++) {
        struct val row[] = { val_textn(text, size), val_int(7), val_textn(text, 40) };
        struct val more[] = { val_int(7), val_textn(text, size), val_null() };
        int64_t a = row_digest(&k, 1, row, 3), b = row_digest(&k, 1, more, 3);
        text[size - 1] = 'u';
        assert_true(row_digest(&k, 1, row, 3) != a && row_digest(&k, 1, more, 3) != b);
        text[size - 1] = 't';
        assert_true(row_digest(&k, 1, row, 3) == a && row_digest(&k, 1, more, 3) == b);
    }
    struct val many[1000];
    for (int i = 0; i < 1000; i++) many[i] = i % 3 ? val_int(i) : val_blob(bytes, (size_t)i * 7);
    int64_t d = row_digest(&k, 1, many, 1000);
    bytes[6900] = 1;
    assert_true(row_digest(&k, 1, many, 1000) != d);
}

static void values(void **state)
{
    (void)state;
    assert_true(val_is_null(val_text(NULL)));
    assert_true(val_equal(val_text("a"), val_textn("ab", 1)));
    assert_false(val_equal(val_text("a"), val_blob("a", 1)));
    assert_false(val_equal(val_int(0), val_null()));
    assert_true(val_equal(val_null(), val_null()));
    assert_true(val_equal(val_int(-4), val_int(-4)));
    assert_false(val_equal(val_text("a"), val_text("b")));
    assert_true(val_equal(val_blob(NULL, 0), val_blob("x", 0)));
}

static void randomness(void **state)
{
    (void)state;
    unsigned char a[32] = { 0 }, b[32] = { 0 };
    random_bytes(a, sizeof a);
    random_bytes(b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
}

static int start(void **state)
{
    (void)state;
    return digest_start() && digest_start() ? 0 : 1;
}

/* A new column changes no digest while it is empty; a value that moves to another column does. */
static void named_values(void **state)
{
    (void)state;
    struct row_key k = key_of(3);
    const uint32_t tags[] = { 11, 22, 33 }, more[] = { 11, 99, 22, 33 };
    struct val row[] = { val_int(1), val_text("a"), val_null() };
    struct val wider[] = { val_int(1), val_null(), val_text("a"), val_null() };
    int64_t digest = row_digest_named(&k, 5, tags, row, 3);
    assert_true(row_digest_named(&k, 5, more, wider, 4) == digest);
    wider[1] = val_text("");
    assert_true(row_digest_named(&k, 5, more, wider, 4) != digest);
    struct val moved[] = { val_int(1), val_null(), val_text("a") };
    assert_true(row_digest_named(&k, 5, tags, moved, 3) != digest);
    assert_true(row_digest_named(&k, 6, tags, row, 3) != digest);
    assert_true(row_digest_named(&k, 5, tags, row, 1) != digest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_digests), cmocka_unit_test(in_pieces),
        cmocka_unit_test(hexadecimal),   cmocka_unit_test(known_rows),
        cmocka_unit_test(every_length),
        cmocka_unit_test(every_change_shows), cmocka_unit_test(named_values), cmocka_unit_test(long_rows),
        cmocka_unit_test(values),        cmocka_unit_test(randomness),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
