/* Flows of random programmes: merging keeps every fen, and every box, band and text lies in the picture. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "web/sankey.h"

enum { MOST_NODES = 60, MOST_LINKS = 300 };

struct made { struct flow f; struct flow_node node[MOST_NODES]; struct flow_link link[MOST_LINKS]; struct arena a; };

static const char *amount(void *arg, int64_t v) { return arena_printf(arg, "%lld", (long long)v); }
static const char *others(void *arg, int stage, int n) { return arena_printf(arg, "others %d %d", stage, n); }
static const char *others_url(void *arg, int stage) { return arena_printf(arg, "/others/%d", stage); }

static void make(struct made *m, struct random *r, int nodes, int links)
{
    static const char *const stages[] = { "one", "two", "three", "four" };
    memset(m, 0, sizeof *m);
    m->f = (struct flow){ .stages = stages, .n_stages = 4, .nodes = m->node, .links = m->link, .amount = amount,
        .others = others, .others_url = others_url, .in_hand = "in hand", .arg = &m->a };
    for (int i = 0; i < nodes; i++) {
        int64_t hand = random_below(r, 3) ? 0 : (int64_t)random_below(r, 1000);
        m->node[m->f.n_nodes++] = (struct flow_node){ .stage = i % 4, .in_hand = hand, .url = "/x",
            .label = arena_printf(&m->a, "<node %d 结对帮扶>", i) };
    }
    for (int i = 0; i < links && nodes > 4; i++) {
        int from = (int)random_below(r, (uint64_t)nodes), to = (int)random_below(r, (uint64_t)nodes);
        if (m->node[from].stage >= m->node[to].stage) continue;
        m->link[m->f.n_links++] = (struct flow_link){ from, to, 1 + (int64_t)random_below(r, 1u << random_below(r, 30)),
                                                      "/y", false };
    }
    flow_balance(&m->f, &m->a);
}

static int64_t sum_between(const struct flow *f, int from, int to)
{
    int64_t sum = 0;
    for (int i = 0; i < f->n_links; i++)
        if (f->nodes[f->links[i].from].stage == from && f->nodes[f->links[i].to].stage == to) sum += f->links[i].value;
    return sum;
}

static void check_merge(const struct made *m, int most)
{
    struct flow g = flow_merge(&m->f, most, m->f.arg);
    for (int s = 0; s < 4; s++) {
        int boxes = 0, all = 0, whole = 0;
        int64_t hand = 0, left = 0;
        for (int i = 0; i < g.n_nodes; i++) {
            if (g.nodes[i].stage != s) continue;
            boxes++;
            all += g.nodes[i].merged > 1 ? g.nodes[i].merged : 1;
            hand += g.nodes[i].in_hand;
        }
        for (int i = 0; i < m->f.n_nodes; i++) {
            whole += m->f.nodes[i].stage == s;
            left += m->f.nodes[i].stage == s ? m->f.nodes[i].in_hand : 0;
        }
        assert_true(boxes <= most);
        assert_int_equal(all, whole);
        assert_int_equal(hand, left);
        for (int t = s + 1; t < 4; t++) assert_int_equal(sum_between(&g, s, t), sum_between(&m->f, s, t));
    }
}

/* The number after `name="`. */
static double attribute(const char *tag, const char *name, double missing)
{
    char key[32];
    snprintf(key, sizeof key, " %s=\"", name);
    const char *end = strchr(tag, '>'), *at = strstr(tag, key);
    return at && at < end ? strtod(at + strlen(key), NULL) : missing;
}

static void check_inside(const char *svg)
{
    double width = attribute(svg, "width", 0), height = attribute(svg, "height", 0);
    assert_true(width > 0 && height > 0);
    assert_null(strstr(svg, "nan"));
    assert_null(strstr(svg, "inf"));
    assert_null(strstr(svg, "<node"));
    for (const char *p = svg; (p = strstr(p, "<rect")) != NULL; p++) {
        double x = attribute(p, "x", 0), y = attribute(p, "y", 0);
        assert_true(x >= 0 && y >= 0);
        assert_true(x + attribute(p, "width", 0) <= width + 0.2);
        assert_true(y + attribute(p, "height", 0) <= height + 0.2);
    }
    for (const char *p = svg; (p = strstr(p, "<text")) != NULL; p++) {
        assert_true(attribute(p, "x", -1) >= 0 && attribute(p, "x", -1) < width);
        assert_true(attribute(p, "y", -1) > 0 && attribute(p, "y", -1) < height);
    }
}

static void draw(const struct made *m, int most, int width, bool down)
{
    struct buf b;
    struct flow g = flow_merge(&m->f, most, m->f.arg);
    buf_init(&b, (size_t)8 << 20);
    chart_sankey(&b, "money", &g, width, down, m->f.arg);
    check_inside(b.p);
    buf_free(&b);
}

static void test_random(void **state)
{
    struct random r;
    struct made *m = malloc(sizeof *m);
    (void)state;
    random_seed(&r, 4711);
    for (int i = 0; i < 300; i++) {
        make(m, &r, (int)random_below(&r, MOST_NODES), (int)random_below(&r, MOST_LINKS));
        check_merge(m, 2 + (int)random_below(&r, 8));
        draw(m, 8, 1106, false);
        draw(m, 4, 358, true);
        arena_free(&m->a);
    }
    free(m);
}

/* What goes into a box leaves it or lies in it: a box is as large as the larger of both. */
static void test_one(void **state)
{
    struct arena a = { 0 };
    static const char *const stages[] = { "from", "to" };
    struct flow_node n[3] = { { .stage = 0, .label = "A", .url = "/a" }, { .stage = 1, .label = "B", .url = "/b" },
                              { .stage = 1, .label = "C", .url = "/c", .in_hand = 30 } };
    struct flow_link k[2] = { { 0, 1, 70, "/b", true }, { 0, 2, 30, "/c", false } };
    struct flow f = { stages, 2, n, 3, k, 2, amount, others, others_url, "in hand", &a };
    struct buf b;
    (void)state;
    flow_balance(&f, &a);
    assert_int_equal(n[0].value, 100);
    assert_int_equal(n[1].value, 70);
    assert_int_equal(n[2].value, 30);
    buf_init(&b, 1 << 20);
    chart_sankey(&b, "money", &f, 1106, false, &a);
    assert_non_null(strstr(b.p, "data-tip=\"A → B\n70 (70%)\" aria-label=\"A → B, 70\""));
    assert_non_null(strstr(b.p, "data-tip=\"C\n30\nin hand 30\""));
    assert_non_null(strstr(b.p, "class=\"lk on k1\""));
    buf_free(&b);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_random), cmocka_unit_test(test_one) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
