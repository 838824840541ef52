/* What pages ask of tables that a nation fills: the plans of both databases find the rows by an index. */
#include "programme.h"
#include "support/plans.h"

#include "entity/list.h"
#include "entity/plan.h"
#include "programme/sides/sides.h"
#include "programme/watch/watch.h"

enum { COUNTY = 653224, RELATED = 6 };

static const struct place_range county_range = { INT64_C(653224000000), INT64_C(653224999999) },
    village_range = { INT64_C(653224100201), INT64_C(653224100201) };
static const int64_t own_org[] = { 12 };
static const struct scope county_officer = { .role = ROLE_OFFICER, .range = &county_range, .ranges = 1 },
    village_team = { .role = ROLE_VILLAGE, .range = &village_range, .ranges = 1 },
    helper_unit = { .role = ROLE_HELPER, .org = own_org, .orgs = 1 };
static const struct scope *const scopes[] = { &scope_all, &county_officer, &village_team, &helper_unit };
enum { SCOPES = sizeof scopes / sizeof *scopes };

struct asking { struct programme *p; struct db *d; struct arena a; int looked; };

static bool in_line(const char *line, const char *what)
{
    const char *at = strstr(line, what);
    return at && at < line + strcspn(line, "\n");
}

/* The index of the reference, or the key that begins with it, holds a condition on it. Of two references that
 * a statement names, PostgreSQL takes the one of fewer rows by its statistics: here either will do. */
static bool by_reference(const char *plan, enum engine engine, const char *table, const char *field)
{
    char want[200];
    if (engine == ENGINE_POSTGRES) {
        if (strstr(plan, "One-Time Filter: false")) return true;   /* nothing is read */
        snprintf(want, sizeof want, "(%s = ", field);
        for (const char *line = strstr(plan, "Index Cond:"); line; line = strstr(line + 1, "Index Cond:"))
            if (in_line(line, want) || in_line(line, " = 12)")) return true;
        return false;
    }
    snprintf(want, sizeof want, "SEARCH %s USING ", table);
    const char *line = strstr(plan, want);
    if (!line) return false;
    snprintf(want, sizeof want, "(%s=?", field);
    if (in_line(line, want)) return true;
    snprintf(want, sizeof want, " %s=?", field);
    return in_line(line, want);
}

static void relation_is_found(struct asking *x, const struct table_map *m, int field, const struct scope *scope)
{
    const bool nation = m->plan[field].target->entity->reach == REACH_NATION;
    const struct list_filter refers = { .field = field, .how = MATCH_REFERS, .county = nation ? 0 : COUNTY, .id = 77 };
    const struct list_query query = { .limit = RELATED, .drafts = true, .filters = &refers, .n_filters = 1 };
    const struct list_after start = { .set = false };
    struct list_sql *sql = arena_alloc(&x->a, sizeof *sql);
    struct err e = { 0 };
    struct buf plan;
    if (!scope_kind(scope, m)) return;
    assert_ok(list_compose(x->p->model, x->d, scope, m, &query, &start, RELATED, &x->a, sql, &e), e);
    plan_read(x->d, &sql->stmt, sql->params, sql->n, &plan);
    if (!by_reference(plan.p, store_engine(db_store(x->d)), m->entity->name, m->field[field].name))
        fail_msg("%s.%s, as %s: %s\n%s", m->entity->name, m->field[field].name, role_rights[scope->role].code,
                 sql->stmt.sql, plan.p);
    buf_free(&plan);
    x->looked++;
}

/* PostgreSQL plans by what it knows of a table: rows of 10 counties in each, most of whose fields are empty. */
static void fill_counties(struct programme *p)
{
    for (int i = 0; i < p->model->n; i++) {
        const struct table_map *m = &p->model->maps[i];
        char sql[400];
        if (m->entity->view) continue;
        snprintf(sql, sizeof sql, "insert into %s (county, id, recorded, load, draft, digest) select %s, g, 0, 0, 0, 0 "
                 "from generate_series(1, 5000) g", m->table.name,
                 m->entity->reach == REACH_NATION ? "0" : "653220 + g % 10");
        test_sql(p->store.store, sql);
        snprintf(sql, sizeof sql, "analyze %s", m->table.name);
        test_sql(p->store.store, sql);
    }
}

/* Every reference of the model is what the page of some record shows as "refers to it". */
static void what_refers_to_a_row_is_found_by_index(enum engine engine)
{
    struct programme p;
    programme_open(&p, engine);
    struct asking x = { .p = &p, .d = test_db(&p.store, DB_READ) };
    if (engine == ENGINE_POSTGRES) fill_counties(&p);
    for (int i = 0; i < p.model->n; i++) {
        const struct table_map *m = &p.model->maps[i];
        for (int f = 0; f < m->fields && !m->entity->view; f++) {
            if (m->field[f].type != F_REF) continue;
            for (int s = 0; s < SCOPES; s++) relation_is_found(&x, m, f, scopes[s]);
            arena_reset(&x.a);
        }
    }
    assert_true(x.looked > 1000);
    arena_free(&x.a);
    programme_close(&p);
}
STORE_TEST(what_refers_to_a_row_is_found_by_index)

/* --- what waits, and what is watched --- */

/* Statements of lists that grow with the nation, and what bounds them: a condition that an index must hold. */
static const struct bounded { const struct stmt_table *of; int stmt; const char *sqlite, *postgres; } bounded[] = {
    { &watch_stmts, WATCH_CONTACT_PLANS, "SEARCH contact_plan USING PRIMARY KEY (county>", "(county >= " },
    { &watch_stmts, WATCH_VISITS_UNDER, "(agreement=?", "(agreement = " },
    { &watch_stmts, WATCH_VISITS, "(visitor=? AND county>? AND county<?)", "(visitor = " },
    { &watch_stmts, WATCH_MEETINGS, "(organisation=? AND county>? AND county<?)", "(organisation = " },
    { &watch_stmts, WATCH_ACTIVITIES, "(organisation=? AND county>? AND county<?)", "(organisation = " },
    { &watch_stmts, WATCH_AGREEMENTS, "(county>? AND county<?)", "(county >= " },
    { &watch_stmts, WATCH_LISTINGS, "(county>? AND county<?)", "(county >= " },
    { &watch_stmts, WATCH_HELPED, "(county>? AND county<?)", "(county >= " },
    { &watch_stmts, WATCH_HOUSEHOLDS, "(county>? AND county<?)", "(county >= " },
    { &watch_stmts, WATCH_ALONE, "SEARCH h USING ", "(county >= " },
    { &watch_stmts, WATCH_CALLED_ON, "(county>? AND county<?)", "(county >= " },
    { &sides_stmts, SIDES_AGAINST, "confirmation_county_id_where_says_", "confirmation_county_id_where_says_" } };

/* They are asked for one county. */
static void lists_of_what_waits_are_bounded(enum engine engine)
{
    static const int64_t params[] = { 0, COUNTY, COUNTY, 12, 20000 };
    struct programme p;
    programme_open(&p, engine);
    struct db *d = test_db(&p.store, DB_READ);
    if (engine == ENGINE_POSTGRES) fill_counties(&p);
    for (size_t i = 0; i < sizeof bounded / sizeof *bounded; i++) {
        const struct bounded *x = &bounded[i];
        const struct stmt *s = &x->of->stmts[x->stmt];
        const char *want = engine == ENGINE_SQLITE ? x->sqlite : x->postgres;
        struct val v[5];
        struct buf plan;
        int n = 0;
        for (const char *c = s->sql; (c = strchr(c, '?')) != NULL; c++)
            if (c[1] - '0' > n) n = c[1] - '0';
        for (int k = 0; k < n; k++) v[k] = val_int(params[k]);
        plan_read(d, s, v, n, &plan);
        if (!strstr(plan.p, want) || strstr(plan.p, "SCAN ")) fail_msg("%s wants %s:\n%s", s->name, want, plan.p);
        buf_free(&plan);
    }
    programme_close(&p);
}
STORE_TEST(lists_of_what_waits_are_bounded)

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(what_refers_to_a_row_is_found_by_index),
                                        STORE_TESTS(lists_of_what_waits_are_bounded) };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
