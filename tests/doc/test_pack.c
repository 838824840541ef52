/* Packed files: read whole in pieces of any size, and told when damaged or cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/buf.h"
#include "doc/pack.h"

#define LINES 20000

static struct buf plain, out;
static unsigned char *packed;
static size_t packed_n;
static char path[64];

static void save(const void *p, size_t n)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(p, 1, n, f), n);
    fclose(f);
}

static int start(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "/tmp/jiedui-test-%d.gz", (int)getpid());
    buf_init(&plain, 1 << 24);
    buf_init(&out, 1 << 24);
    for (int i = 0; i < LINES; i++) buf_printf(&plain, "%d,第%d村\n", i * 7919, i);
    gzFile f = gzopen(path, "wb9");
    gzwrite(f, plain.p, (unsigned)plain.n);
    gzclose(f);
    FILE *in = fopen(path, "rb");
    packed = malloc(plain.n);
    packed_n = fread(packed, 1, plain.n, in);
    fclose(in);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    buf_free(&plain);
    buf_free(&out);
    free(packed);
    unlink(path);
    return 0;
}

/* Reads a source to its end; -1 with the message in e, or 0. */
static long drain(struct csv_source src, size_t step, struct err *e)
{
    char piece[8192];
    long got;
    buf_clear(&out);
    while ((got = src.read(src.arg, piece, step, e)) > 0) buf_add(&out, piece, (size_t)got);
    return got;
}

static void test_whole(void **state)
{
    static const size_t steps[] = { 1, 7, 4096, 8192 };
    (void)state;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct pack *p;
        struct err e = { 0 };
        assert_true(pack_open(&p, path, &e));
        assert_int_equal(drain(pack_source(p), steps[i], &e), 0);
        assert_int_equal(out.n, plain.n);
        assert_memory_equal(out.p, plain.p, plain.n);
        pack_close(p);
    }
    struct pack_memory *m;
    struct err e = { 0 };
    assert_true(pack_memory_open(&m, packed, packed_n, &e));
    assert_int_equal(drain(pack_memory_source(m), 1000, &e), 0);
    assert_int_equal(out.n, plain.n);
    assert_memory_equal(out.p, plain.p, plain.n);
    pack_memory_close(m);
}

static void expect_damage(const void *bytes, size_t n)
{
    struct pack *p;
    struct pack_memory *m;
    struct err e = { 0 };
    save(bytes, n);
    assert_true(pack_open(&p, path, &e));
    assert_int_equal(drain(pack_source(p), 8192, &e), -1);
    assert_int_equal(e.code, ERR_CORRUPT);
    assert_non_null(strstr(e.message, path));
    pack_close(p);
    assert_true(pack_memory_open(&m, bytes, n, &e));
    assert_int_equal(drain(pack_memory_source(m), 8192, &e), -1);
    pack_memory_close(m);
}

static void test_damage(void **state)
{
    (void)state;
    expect_damage("", 0);
    expect_damage("a,b\n1,2\n", 8);
    for (size_t cut = 1; cut < packed_n; cut += 997) expect_damage(packed, packed_n - cut);
    expect_damage(packed, packed_n - 1);
    expect_damage(packed, packed_n - 8);
    expect_damage(packed, 1);
    packed[packed_n / 2] ^= 0x10;
    expect_damage(packed, packed_n);
    packed[packed_n / 2] ^= 0x10;
    packed[packed_n - 6] ^= 1; /* the check sum */
    expect_damage(packed, packed_n);
    packed[packed_n - 6] ^= 1;
}

static void test_missing(void **state)
{
    struct pack *p;
    struct err e = { 0 };
    (void)state;
    assert_false(pack_open(&p, "/nonexistent/x.gz", &e));
    assert_int_equal(e.code, ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_missing),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
