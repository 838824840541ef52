#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/random.h"
#include "support/death.h"

static void zeroed_and_aligned(void **state)
{
    (void)state;
    struct arena a = { 0 };
    struct random r;
    random_seed(&r, 1);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 2000; i++) {
            size_t n = (size_t)random_below(&r, 3000);
            unsigned char *p = arena_alloc(&a, n);
            assert_int_equal((uintptr_t)p % 16, 0);
            for (size_t k = 0; k < n; k++) assert_int_equal(p[k], 0);
            memset(p, 0xaa, n);
        }
        arena_reset(&a);
    }
    assert_true(a.held <= (size_t)2 << 20);
    arena_free(&a);
    assert_int_equal(a.held, 0);
    assert_string_equal(arena_strdup(&a, "again"), "again");
    arena_free(&a);
}

static void strings(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 0);
    assert_null(arena_strdup(&a, NULL));
    assert_null(arena_strndup(&a, NULL, 0));
    assert_string_equal(arena_strndup(&a, "abcdef", 3), "abc");
    assert_string_equal(arena_strndup(&a, "", 0), "");
    assert_string_equal(arena_printf(&a, "%d-%s", 5, "x"), "5-x");
    char longer[1000];
    memset(longer, 'q', sizeof longer);
    longer[999] = '\0';
    assert_string_equal(arena_printf(&a, "%s", longer), longer);
    longer[255] = '\0';
    assert_string_equal(arena_printf(&a, "%s", longer), longer);
    longer[256 - 1] = 'q';
    longer[256] = '\0';
    assert_string_equal(arena_printf(&a, "%s", longer), longer);
    arena_free(&a);
}

static void rewinding(void **state)
{
    (void)state;
    struct arena a = { 0 };
    struct arena_mark empty = arena_mark(&a);
    char *kept = arena_strdup(&a, "kept");
    struct arena_mark m = arena_mark(&a);
    size_t held = a.held;
    for (int i = 0; i < 100; i++) arena_alloc(&a, 100000);
    assert_true(a.held > 5000000);
    arena_rewind(&a, m);
    assert_int_equal(a.held, held);
    assert_string_equal(kept, "kept");
    char *next = arena_alloc(&a, 8);
    assert_int_equal(next - kept, 16);
    arena_rewind(&a, empty);
    assert_ptr_equal(arena_alloc(&a, 8), kept); /* the block is filled from its begin again */
    arena_free(&a);
}

/* One big item does not stay in an arena that is used again and again. */
static void big_items_are_given_back(void **state)
{
    (void)state;
    struct arena a = { 0 };
    arena_alloc(&a, 10);
    arena_alloc(&a, (size_t)64 << 20);
    arena_reset(&a);
    assert_true(a.held < (size_t)2 << 20);
    assert_non_null(a.head);
    arena_free(&a);
}

static void over_the_cap(void *arg)
{
    struct arena a;
    arena_init(&a, 100000);
    for (int i = 0; i < *(int *)arg; i++) arena_alloc(&a, 10000);
    arena_free(&a);
}

static void too_many(void *arg)
{
    arena_array(arg, SIZE_MAX / 4, 8);
}

static void foreign_mark(void *arg)
{
    struct arena other = { 0 };
    arena_alloc(&other, 1);
    struct arena_mark m = arena_mark(&other);
    arena_alloc(arg, 1);
    arena_rewind(arg, m);
}

static void limits(void **state)
{
    (void)state;
    struct arena a = { 0 };
    int fits = 5, over = 11;
    assert_false(aborts_saying(over_the_cap, &fits, ""));
    assert_true(aborts_saying(over_the_cap, &over, "<3>arena_full cap=100000"));
    assert_true(aborts_saying(too_many, &a, "arena_full"));
    assert_true(aborts_saying(foreign_mark, &a, "arena_rewind"));
}

static void program_memory(void **state)
{
    (void)state;
    unsigned char *p = mem_alloc(1000);
    for (int i = 0; i < 1000; i++) assert_int_equal(p[i], 0);
    p[999] = 7;
    p = mem_grow(p, 100000);
    assert_int_equal(p[999], 7);
    free(p);
    free(mem_alloc(0));
    char *s = mem_strdup("text");
    assert_string_equal(s, "text");
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zeroed_and_aligned), cmocka_unit_test(strings),
        cmocka_unit_test(rewinding),          cmocka_unit_test(big_items_are_given_back),
        cmocka_unit_test(limits),             cmocka_unit_test(program_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
