/* Outlines: the same place from GeoJSON and from TopoJSON, and files that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "programme/place/boundary.h"
#include "web/map.h"

struct told { int n; int64_t code[4]; char shape[4][400]; };

static bool take(void *arg, int64_t code, const char *shape, size_t n, struct err *e)
{
    struct told *t = arg;
    (void)e;
    t->code[t->n] = code;
    assert_true(n < sizeof t->shape[0]);
    memcpy(t->shape[t->n], shape, n);
    t->shape[t->n++][n] = '\0';
    return true;
}

static bool read(const char *text, const char *property, struct told *t, struct err *e)
{
    struct arena a = { 0 };
    struct json *j = NULL;
    memset(t, 0, sizeof *t);
    assert_true(json_parse(&j, text, strlen(text), &a, e));
    bool ok = boundary_features(j, property, take, t, e);
    arena_free(&a);
    return ok;
}

static void test_geojson(void **state)
{
    struct told t;
    struct err e = { .code = ERR_NONE };
    (void)state;
    assert_true(read("{\"type\":\"FeatureCollection\",\"features\":["
        "{\"type\":\"Feature\",\"properties\":{\"adcode\":620102,\"name\":\"x\"},\"geometry\":{\"type\":\"Polygon\","
        "\"coordinates\":[[[103.0,36.0],[103.5,36.0],[104,36],[104,37.0004],[104.0001,37],[103,37],[103,36]]]}},"
        "{\"type\":\"Feature\",\"id\":\"62\",\"properties\":null,\"geometry\":{\"type\":\"MultiPolygon\",\"coordinates\":"
        "[[[[1,1],[2,1],[2,2],[1,1]]],[[[5,5],[6,5],[6,6],[5,5]]]]}}]}", NULL, &t, &e));
    assert_int_equal(t.n, 2);
    assert_int_equal(t.code[0], 620102000000);
    /* straight points and those that round together are left out */
    assert_string_equal(t.shape[0], "M103000 36000 1000 0 0 1000 -1000 0");
    assert_int_equal(t.code[1], 620000000000);
    assert_string_equal(t.shape[1], "M1000 1000 1000 0 0 1000 M5000 5000 1000 0 0 1000");
}

/* Two places that share an arc, one of them the other way round. */
static void test_topojson(void **state)
{
    struct told t;
    struct err e = { .code = ERR_NONE };
    (void)state;
    assert_true(read("{\"type\":\"Topology\",\"transform\":{\"scale\":[0.5,0.5],\"translate\":[100,30]},"
        "\"arcs\":[[[2,0],[0,2]],[[2,2],[-2,0],[0,-2],[2,0]],[[2,0],[2,0],[0,2],[-2,0]]],"
        "\"objects\":{\"c\":{\"type\":\"GeometryCollection\",\"geometries\":["
        "{\"type\":\"Polygon\",\"properties\":{\"dm\":\"620102\"},\"arcs\":[[0,1]]},"
        "{\"type\":\"Polygon\",\"properties\":{\"dm\":\"620103\"},\"arcs\":[[2,-1]]}]}}}", "dm", &t, &e));
    assert_int_equal(t.n, 2);
    assert_string_equal(t.shape[0], "M101000 30000 0 1000 -1000 0 0 -1000");
    assert_string_equal(t.shape[1], "M101000 30000 1000 0 0 1000 -1000 0");
}

static void test_refused(void **state)
{
    static const struct { const char *file, *why; } bad[] = {
        { "[]", "neither" }, { "{\"type\":\"FeatureCollection\"}", "no list of features" },
        { "{\"type\":\"FeatureCollection\",\"features\":[7]}", "feature 1: it is no object" },
        { "{\"type\":\"FeatureCollection\",\"features\":[{\"properties\":{\"name\":\"x\"}}]}", "feature 1: no property" },
        { "{\"type\":\"FeatureCollection\",\"features\":[{\"id\":62,\"geometry\":null}]}", "feature 1: it has no geometry" },
        { "{\"type\":\"FeatureCollection\",\"features\":[{\"id\":62,\"geometry\":{\"type\":\"Point\"}}]}", "no Polygon" },
        { "{\"type\":\"FeatureCollection\",\"features\":[{\"id\":62,\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
          "[[[1,1],[2,1]]]}}]}", "no area" },
        { "{\"type\":\"FeatureCollection\",\"features\":[{\"id\":62,\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
          "[[[11500000,3500000],[2,1],[3,3]]]}}]}", "not in degrees" },
        { "{\"type\":\"FeatureCollection\",\"features\":[{\"id\":62,\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
          "[[[\"a\",1],[2,1],[3,3]]]}}]}", "not two numbers" },
        { "{\"type\":\"Topology\"}", "arcs and objects" },
        { "{\"type\":\"Topology\",\"arcs\":[],\"objects\":{\"a\":{\"geometries\":[{\"id\":62,\"type\":\"Polygon\","
          "\"arcs\":[[4]]}]}}}", "an arc that is not there" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct told t;
        struct err e = { .code = ERR_NONE };
        assert_false(read(bad[i].file, NULL, &t, &e));
        assert_int_equal(e.code, ERR_INVALID);
        assert_non_null(strstr(e.message, bad[i].why));
    }
}

/* A damaged outline ends where it is damaged and draws nothing wrong. */
static void test_drawn(void **state)
{
    static const char *const shapes[] = { "M103000 36000 1000 0 0 1000 -1000 0", "", "M", "M1", "Mx y", "M1 2 3",
                                          "M103000 36000 999999999999999999999 1" };
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct map_shape s = { shapes[i], strlen(shapes[i]), 3, "县", "7", "/x" };
        struct buf b;
        buf_init(&b, 1 << 20);
        map_shapes(&b, "name", &s, 1, 760);
        assert_non_null(strstr(b.p, "<path class=\"nd sh q3\" d=\""));
        assert_null(strstr(b.p, "nan"));
        if (i == 0) assert_non_null(strstr(b.p, "z\"/></a></g></svg>"));
        buf_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_geojson), cmocka_unit_test(test_topojson),
                                        cmocka_unit_test(test_refused), cmocka_unit_test(test_drawn) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
