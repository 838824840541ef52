#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/random.h"

#define PAIRS 3000
#define WIDEST 40

struct oracle { unsigned char key[PAIRS][WIDEST]; int64_t value[PAIRS]; int n; };

static int oracle_find(const struct oracle *o, const unsigned char *key, size_t size)
{
    for (int i = 0; i < o->n; i++)
        if (memcmp(o->key[i], key, size) == 0) return i;
    return -1;
}

static void compare(const struct map *m, const struct oracle *o)
{
    size_t at = 0, seen = 0;
    const void *key;
    void *value;
    while (map_next(m, &at, &key, &value)) {
        int i = oracle_find(o, key, m->key);
        assert_true(i >= 0);
        assert_int_equal(*(int64_t *)value, o->value[i]);
        seen++;
    }
    assert_int_equal(seen, o->n);
    assert_int_equal(m->count, o->n);
    for (int i = 0; i < o->n; i++) {
        int64_t *v = map_get(m, o->key[i]);
        assert_non_null(v);
        assert_int_equal(*v, o->value[i]);
    }
}

/* Random puts and gets beside a list that is searched from its begin. */
static void one_key_size(size_t size, uint64_t seed)
{
    struct oracle *o = calloc(1, sizeof *o);
    assert_non_null(o);
    struct random r;
    struct map m;
    random_seed(&r, seed);
    map_init(&m, size, sizeof(int64_t));
    assert_null(map_get(&m, o->key[0]));
    for (int i = 0; i < 4000; i++) {
        unsigned char key[WIDEST] = { 0 };
        uint64_t word = random_below(&r, 1500);
        memcpy(key + (size - (size < 8 ? size : 8)), &word, size < 8 ? size : 8);
        int at = oracle_find(o, key, size);
        int64_t *found = map_get(&m, key);
        assert_int_equal(found != NULL, at >= 0);
        bool added;
        int64_t *v = map_put(&m, key, i % 3 ? &added : NULL);
        if (i % 3) assert_int_equal(added, at < 0);
        if (at < 0) {
            assert_int_equal(*v, 0);
            at = o->n++;
            memcpy(o->key[at], key, size);
        }
        assert_int_equal(*v, o->value[at]);
        o->value[at] += i;
        *v += i;
    }
    compare(&m, o);
    assert_true(map_bytes(&m) >= m.count * (size + 8));
    map_clear(&m);
    o->n = 0;
    compare(&m, o);
    map_free(&m);
    free(o);
}

static void against_a_list(void **state)
{
    (void)state;
    static const size_t sizes[] = { 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 24, 33, WIDEST };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) one_key_size(sizes[i], i);
}

static void sets(void **state)
{
    (void)state;
    struct map m;
    map_init(&m, 4, 0);
    for (uint32_t i = 0; i < 1000; i++) map_put(&m, &(uint32_t){ i * i }, NULL);
    assert_int_equal(m.count, 1000);
    assert_non_null(map_get(&m, &(uint32_t){ 81 }));
    assert_null(map_get(&m, &(uint32_t){ 82 }));
    map_free(&m);
    assert_null(map_get(&m, &(uint32_t){ 81 }));
    map_put(&m, &(uint32_t){ 5 }, NULL);
    assert_int_equal(m.count, 1);
    map_free(&m);
}

/* Keys as they come: counters, place codes, ids. None may crowd the table. */
static void no_crowding(void **state)
{
    (void)state;
    static const uint64_t steps[] = { 1, 8, 4096, 1000000, UINT64_C(1) << 22, UINT64_C(1) << 44 };
    for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
        unsigned char filled[1 << 12] = { 0 };
        size_t distinct = 0;
        for (uint64_t i = 0; i < 4096; i++) {
            uint64_t key = i * steps[s];
            uint64_t cell = hash_bytes(&key, 8, 0) >> 1 & 4095;
            distinct += !filled[cell];
            filled[cell] = 1;
        }
        /* 4096 balls in 4096 cells fill about 63 in a hundred. */
        assert_in_range(distinct, 4096 * 60 / 100, 4096);
    }
    assert_true(hash_bytes("a", 1, 0) != hash_bytes("a", 1, 1));
    assert_true(hash_bytes("a\0", 2, 0) != hash_bytes("a", 1, 0));
    assert_true(hash_bytes("", 0, 0) != hash_bytes("", 0, 1));
}

/* Every bit of every length matters to the hash. */
static void every_bit_counts(void **state)
{
    (void)state;
    unsigned char key[64];
    for (size_t n = 1; n <= sizeof key; n++) {
        memset(key, 0x5a, sizeof key);
        uint64_t plain = hash_bytes(key, n, 9);
        for (size_t bit = 0; bit < 8 * n; bit++) {
            key[bit / 8] ^= (unsigned char)(1u << bit % 8);
            assert_true(hash_bytes(key, n, 9) != plain);
            key[bit / 8] ^= (unsigned char)(1u << bit % 8);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(against_a_list), cmocka_unit_test(sets), cmocka_unit_test(no_crowding),
        cmocka_unit_test(every_bit_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
