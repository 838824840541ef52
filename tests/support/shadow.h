/* shadow: proof that statements fit a cluster, on plain PostgreSQL. The store is opened with its
 * tables hash-partitioned by county; a ROUTER statement's general plan must leave exactly one
 * partition under every Append, as a cluster's router would. A SCATTER statement's plan must join
 * sharded tables partition by partition: a join above two Appends brings rows of all counties
 * together, which a cluster does by moving whole tables.
 *
 *   struct test_store t;
 *   shadow_open(&t, tables, n);              skips the test without PostgreSQL
 *   shadow_check(&t, &place_stmts);
 *   test_store_close(&t);
 */
#ifndef JD_TESTS_SUPPORT_SHADOW_H
#define JD_TESTS_SUPPORT_SHADOW_H

#include "support/stores.h"

#include "base/buf.h"

#define SHADOW_PARTS 8

static inline void shadow_open(struct test_store *t, const struct table *const *tables, int n)
{
    test_store_open_with(t, ENGINE_POSTGRES,
                         &(struct store_options){ .shadow_partitions = SHADOW_PARTS }, tables, n);
}

#define SHADOW_PARAMS 256
#define SHADOW_DEPTH 64
struct shadow_plan {
    const struct stmt *s;
    const char *types[SHADOW_PARAMS]; /* of its parameters */
    int params;
    struct buf text;
    int appends, pruned;
    int depth;                        /* joins and the like that are open: how far they stand in */
    struct shadow_join { int indent, child, full; bool append; } open[SHADOW_DEPTH];
    bool far;                         /* two sides of a join are of all partitions each */
};

/* One side of a join has been seen to its end. */
static inline void shadow_side(struct shadow_plan *p, struct shadow_join *j)
{
    j->full += j->append;
    j->append = false;
    if (j->full > 1) p->far = true;
}

/* A line of the plan: closes the joins that it does not belong to, and opens its own. */
static inline void shadow_node(struct shadow_plan *p, const char *line)
{
    const char *arrow = strstr(line, "->");
    int indent = (int)strspn(line, " ");
    if (!arrow && p->text.n > 0) return; /* says more of the node above */
    for (; p->depth && p->open[p->depth - 1].indent >= indent; p->depth--)
        shadow_side(p, &p->open[p->depth - 1]);
    for (int i = 0; i < p->depth; i++) {
        struct shadow_join *j = &p->open[i];
        if (indent <= j->child || j->child < 0) shadow_side(p, j), j->child = indent;
        if (strstr(line, "Append")) j->append = true;
    }
    if (!strstr(line, "Join") && !strstr(line, "Nested Loop")) return;
    assert_true(p->depth < SHADOW_DEPTH);
    p->open[p->depth++] = (struct shadow_join){ .indent = indent, .child = -1 };
}

static inline bool shadow_line(void *arg, const struct val *row, int n, struct err *e)
{
    struct shadow_plan *p = arg;
    char line[400];
    (void)n, (void)e;
    snprintf(line, sizeof line, "%.*s", (int)row[0].n, row[0].p);
    shadow_node(p, line);
    buf_printf(&p->text, "%s\n", line);
    if (strstr(line, "Append")) p->appends++;
    if (strstr(line, "Subplans Removed: 7")) p->pruned++;
    return true;
}

static inline bool shadow_run(struct tx *tx, const char *sql, struct shadow_plan *p, struct err *e)
{
    struct stmt s = stmt_composed(STMT_ADMIN, sql);
    return p ? tx_query(tx, &s, NULL, 0, shadow_line, p, e) : tx_exec(tx, &s, NULL, 0, NULL, e);
}

static inline bool shadow_explain(struct tx *tx, void *arg, struct err *e)
{
    struct shadow_plan *p = arg;
    struct buf prepare, explain;
    buf_init(&prepare, 1 << 20);
    buf_init(&explain, 1 << 20);
    buf_str(&prepare, "prepare shadow");
    for (int i = 0; i < p->params; i++)
        buf_printf(&prepare, "%s%s%s", i ? ", " : "(", p->types[i], i + 1 == p->params ? ")" : "");
    buf_str(&prepare, " as ");
    for (const char *c = p->s->pg ? p->s->pg : p->s->sql; *c; c++)
        buf_char(&prepare, *c == '?' ? '$' : *c);
    buf_str(&explain, "explain (costs off) execute shadow");
    for (int i = 0; i < p->params; i++) buf_str(&explain, i == 0 ? "(653224" : ", null");
    if (p->params > 0) buf_char(&explain, ')');
    bool ok = shadow_run(tx, "set local plan_cache_mode = force_generic_plan", NULL, e) &&
              shadow_run(tx, "set local enable_partitionwise_join = on", NULL, e) &&
              shadow_run(tx, "set local enable_partitionwise_aggregate = on", NULL, e) &&
              shadow_run(tx, prepare.p, NULL, e) && shadow_run(tx, explain.p, p, e) &&
              shadow_run(tx, "deallocate shadow", NULL, e);
    buf_free(&prepare);
    buf_free(&explain);
    return ok;
}

/* A parameter the server has no type for is tried as text, then as bigint. */
static inline bool shadow_settle(struct shadow_plan *p, const struct err *e, int *guess)
{
    const char *at = strchr(e->message, '$');
    if (*guess >= 0 && strstr(e->message, "operator")) {
        p->types[*guess] = "bigint";
        *guess = -1;
        return true;
    }
    long i = at ? strtol(at + 1, NULL, 10) - 1 : -1;
    if (i < 0 || i >= p->params || strcmp(p->types[i], "unknown") != 0) return false;
    p->types[i] = strstr(e->message, "inconsistent") ? "bigint" : "text";
    *guess = (int)i;
    return true;
}

/* Whether the statement stays in its county, or, of all counties, joins none with another; `plan`, when given, gets what EXPLAIN says. */
static inline bool shadow_fits(struct test_store *t, const struct stmt *s, struct buf *plan)
{
    struct shadow_plan p = { .s = s };
    struct err e = { 0 };
    int guess = -1;
    const char *sql = s->pg ? s->pg : s->sql;
    for (const char *c = sql; (c = strchr(c, '?')) != NULL; c++)
        if (strtol(c + 1, NULL, 10) > p.params) p.params = (int)strtol(c + 1, NULL, 10);
    assert_true(p.params < SHADOW_PARAMS);
    for (int i = 0; i < p.params; i++) p.types[i] = "unknown";
    buf_init(&p.text, 1 << 20);
    while (!store_write(t->store, shadow_explain, &p, &e))
        if (!shadow_settle(&p, &e, &guess)) fail_msg("%s: %s", s->name, e.message);
    if (plan) buf_add(plan, p.text.p, p.text.n);
    buf_free(&p.text);
    while (p.depth) shadow_side(&p, &p.open[--p.depth]);
    if (s->class == STMT_SCATTER) return !p.far;
    return p.pruned + (strstr(sql, " union all ") != NULL) == p.appends; /* one is the union's own */
}

static inline void shadow_check(struct test_store *t, const struct stmt_table *st)
{
    for (int i = 0; i < st->n; i++) {
        const struct stmt *s = &st->stmts[i];
        struct buf plan;
        if (!s->name || (s->class != STMT_ROUTER && s->class != STMT_SCATTER)) continue;
        buf_init(&plan, 1 << 20);
        if (!shadow_fits(t, s, &plan)) fail_msg("%s leaves its county:\n%s", s->name, plan.p);
        buf_free(&plan);
    }
}

/* The lint over a room's statements. */
static inline void lint_check(const struct stmt_table *st, const struct table *const *tables, int n)
{
    for (int i = 0; i < st->n; i++) {
        struct err e = { 0 };
        if (!stmt_lint(&st->stmts[i], tables, n, &e)) print_error("%s: %s\n", st->room, e.message);
    }
}

/* Every statement of a room prepared. */
static inline void prepare_check(struct db *d, const struct stmt_table *st)
{
    for (int i = 0; i < st->n; i++) {
        struct err e = { 0 };
        if (!db_prepare(d, &st->stmts[i], &e)) fail_msg("%s: %s", st->room, e.message);
    }
}

#endif
