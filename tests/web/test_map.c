/* Maps: classes that divide the values evenly, and marks that lie in the picture wherever places are. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "web/map.h"

static void test_classes(void **state)
{
    int64_t v[100], limit[MAP_CLASSES];
    int of[MAP_CLASSES + 1] = { 0 };
    (void)state;
    for (int i = 0; i < 100; i++) v[i] = (i * 37) % 100;
    map_classes(v, 100, limit);
    for (int i = 0; i < 100; i++) of[map_class(limit, i)]++;
    for (int i = 1; i <= MAP_CLASSES; i++) assert_int_equal(of[i], 20);
    int64_t same[3] = { 7, 7, 7 };
    map_classes(same, 3, limit);
    assert_int_equal(map_class(limit, 7), 1);
    map_classes(same, 0, limit);
    assert_int_equal(map_class(limit, 0), 1);
}

static double number(const char *tag, const char *name)
{
    char key[32];
    snprintf(key, sizeof key, " %s=\"", name);
    const char *at = strstr(tag, key);
    return at && at < strchr(tag, '>') ? strtod(at + strlen(key), NULL) : -1;
}

static void check_inside(const char *svg)
{
    double width = number(svg, "width"), height = number(svg, "height");
    assert_true(width > 0 && height > 0 && height < 800);
    assert_null(strstr(svg, "nan"));
    assert_null(strstr(svg, "inf"));
    for (const char *p = svg; (p = strstr(p, "<circle")) != NULL; p++) {
        assert_true(number(p, "cx") >= 0 && number(p, "cx") <= width);
        assert_true(number(p, "cy") >= 0 && number(p, "cy") <= height);
    }
}

static void test_points(void **state)
{
    struct map_point p[50];
    struct map_arc m[25];
    struct random r;
    (void)state;
    random_seed(&r, 99);
    for (int round = 0; round < 200; round++) {
        int n = (int)random_below(&r, 51);
        int64_t span = round % 3 ? 3000000 : 1000;
        for (int i = 0; i < n; i++)
            p[i] = (struct map_point){ .lon = 8000000 + (int64_t)random_below(&r, (uint64_t)span),
                .lat = 2000000 + (int64_t)random_below(&r, (uint64_t)span), .value = (int64_t)random_below(&r, 100) - 20,
                .label = "县<1>", .text = "3", .url = "/x" };
        for (int i = 0; i + 1 < n; i += 2)
            m[i / 2] = (struct map_arc){ p[i], p[i + 1], "a → b", "3", "/x", (int64_t)random_below(&r, 9) };
        struct buf b;
        buf_init(&b, 1 << 22);
        map_points(&b, "name", p, n, round % 2 ? 760 : 358);
        check_inside(b.p);
        assert_null(strstr(b.p, "县<"));
        buf_free(&b);
        buf_init(&b, 1 << 22);
        map_arcs(&b, "name", m, n / 2, 1106);
        check_inside(b.p);
        buf_free(&b);
    }
}

/* Every province has a square of its own, whether it has a value or not. */
static void test_tiles(void **state)
{
    struct map_tile t = { .province = 62, .label = "Gansu", .text = "50", .url = "/map?place=62", .class = 5 };
    struct buf b;
    int n = 0;
    (void)state;
    buf_init(&b, 1 << 20);
    map_tiles(&b, "name", &t, 1, false, 760);
    double seen[40][2];
    for (const char *p = b.p; (p = strstr(p, "<rect")) != NULL; p++) {
        for (int i = 0; i < n; i++)
            assert_false(seen[i][0] == number(p, "x") && seen[i][1] == number(p, "y"));
        seen[n][0] = number(p, "x");
        seen[n++][1] = number(p, "y");
    }
    assert_int_equal(n, 34);
    assert_non_null(strstr(b.p, "<a href=\"/map?place=62\" data-tip=\"Gansu\n50\" aria-label=\"Gansu 50\">"));
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_classes), cmocka_unit_test(test_points),
                                        cmocka_unit_test(test_tiles) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
