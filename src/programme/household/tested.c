/* Households and persons against the needs of a criterion. */
#include "programme/household/tested.h"

#include <string.h>

#include "base/date.h"
#include "base/map.h"
#include "entity/load.h"
#include "programme/household/household_sql.h"
#include "programme/rows/rows.h"

struct beside { const struct val *row; int64_t posts, out_of_school, measures; };
struct testing {
    const struct model *mo;
    const struct table_map *person, *household;
    struct criterion c;
    struct map of;             /* household id -> struct beside */
    struct map holders;        /* person id held a post */
    struct arena a;
    int32_t on;
    tested_fn *fn;
    void *arg;
};

static bool by_person(const char *on) { return strcmp(on, "person") == 0; }

const struct rule_schema *tested_schema(const struct model *mo, const char *entity,
                                        struct arena *a)
{
    const struct table_map *p = model_find(mo, "person"), *h = model_find(mo, "household");
    bool person = by_person(entity);
    if (!person && strcmp(entity, "household") != 0) return NULL;
    struct rule_schema *s = arena_alloc(a, sizeof *s);
    int n = 0, most = h->schema.n + (person ? p->schema.n : 0) + 8;
    struct rule_column *cols = arena_array(a, (size_t)most, sizeof *cols);
    for (int i = 0; person && i < p->schema.n; i++) cols[n++] = p->schema.cols[i];
    for (int i = 0; i < h->schema.n; i++) {
        cols[n] = h->schema.cols[i];
        if (person) cols[n].name = arena_printf(a, "household_%s", cols[n].name);
        n++;
    }
    cols[n++] = (struct rule_column){ .name = "today", .type = RULE_DATE };
    cols[n++] = (struct rule_column){ .name = person ? "age" : "out_of_school", .type = RULE_INT,
                                      .min = -1, .max = 1000000 };
    cols[n++] = (struct rule_column){ .name = person ? "household_posts" : "measures",
                                      .type = RULE_INT, .min = 0, .max = 1000000 };
    *s = h->schema;
    s->cols = cols;
    s->n = n;
    return s;
}

static struct val field_of(const struct table_map *m, const struct val *row, int column)
{
    return row[m->column[column]];
}

static bool keep_household(void *arg, const struct table_map *m, const struct val *row,
                           struct err *e)
{
    struct testing *t = arg;
    (void)e;
    struct val *copy = arena_array(&t->a, (size_t)m->columns, sizeof *copy);
    for (int i = 0; i < m->columns; i++) {
        copy[i] = row[i];
        if (row[i].type == VAL_TEXT) copy[i].p = arena_strndup(&t->a, row[i].p, row[i].n);
    }
    struct beside *b = map_put(&t->of, &row[ROW_ID].i, NULL);
    b->row = copy;
    return true;
}

static bool count_person(void *arg, const struct table_map *m, const struct val *row,
                         struct err *e)
{
    struct testing *t = arg;
    struct val household = field_of(m, row, PERSON_HOUSEHOLD);
    struct val born = field_of(m, row, PERSON_BIRTH_DATE);
    struct val health = field_of(m, row, PERSON_HEALTH);
    struct beside *b = household.type == VAL_INT ? map_get(&t->of, &household.i) : NULL;
    (void)e;
    if (!b) return true;
    if (map_get(&t->holders, &row[ROW_ID].i)) b->posts++;
    int age = born.type == VAL_INT ? date_age((int32_t)born.i, t->on) : -1;
    if (age >= 6 && age <= 14 && row_is(field_of(m, row, PERSON_SCHOOL_STATUS), "01") &&
        (row_is(health, "01") || row_is(health, "02")))
        b->out_of_school++;
    return true;
}

static bool count_measures(struct testing *t, struct db *d, int64_t place, struct err *e)
{
    struct val v[4] = { val_null(), val_int(t->on), val_null(), val_null() };
    int64_t hidden;
    struct rows r;
    if (!load_pending(d, &hidden, e)) return false;
    v[0] = val_int(hidden);
    struct place_range range = place_own_range(place);
    v[2] = val_int(range.lo / 1000000);
    v[3] = val_int(range.hi / 1000000);
    if (!rows_read(d, &household_stmts.stmts[HOUSEHOLD_MEASURES_OF], v, 4, &t->a, &r, e))
        return false;
    for (int i = 0; i < r.n; i++) {
        struct beside *b = map_get(&t->of, &r.row[i][0].i);
        if (b) b->measures = row_int(r.row[i][1]);
    }
    if (!rows_read(d, &household_stmts.stmts[HOUSEHOLD_HOLDERS], v, 2, &t->a, &r, e)) return false;
    for (int i = 0; i < r.n; i++) map_put(&t->holders, &r.row[i][0].i, NULL);
    return true;
}

static bool test_one(struct testing *t, const struct table_map *m, const struct val *row,
                     const struct beside *b, struct err *e)
{
    struct val all[ENTITY_MAX_COLUMNS * 2 + 8];
    enum rule_tri of[CRITERION_NEEDS];
    int n = 0;
    bool person = m == t->person;
    if (person)
        for (int i = 0; i < m->schema.n; i++) all[n++] = row[i];
    for (int i = 0; i < t->household->schema.n; i++) all[n++] = b->row[i];
    all[n++] = val_int(t->on);
    if (person) {
        struct val born = field_of(m, row, PERSON_BIRTH_DATE);
        all[n++] = born.type == VAL_INT ? val_int(date_age((int32_t)born.i, t->on)) : val_null();
        all[n++] = val_int(b->posts);
    } else {
        all[n++] = val_int(b->out_of_school);
        all[n++] = val_int(b->measures);
    }
    struct tested x = { .m = m, .row = row, .household = b->row, .of = of };
    x.verdict = criterion_test(&t->c, all, of);
    return t->fn(t->arg, &x, e);
}

static bool test_person(void *arg, const struct table_map *m, const struct val *row,
                        struct err *e)
{
    struct testing *t = arg;
    struct val household = field_of(m, row, PERSON_HOUSEHOLD);
    const struct beside *b = household.type == VAL_INT ? map_get(&t->of, &household.i) : NULL;
    return !b || test_one(t, m, row, b, e);
}

static bool test_household(void *arg, const struct table_map *m, const struct val *row,
                           struct err *e)
{
    struct testing *t = arg;
    const struct beside *b = map_get(&t->of, &row[ROW_ID].i);
    return !b || test_one(t, m, row, b, e);
}

bool tested_rows(const struct model *mo, struct db *d, struct db *d2, const struct criterion *c,
                 int64_t place, int32_t on, tested_fn *fn, void *arg, struct err *e)
{
    struct testing t = { .mo = mo, .person = model_find(mo, "person"),
        .household = model_find(mo, "household"), .c = *c, .on = on, .fn = fn, .arg = arg };
    const struct list_query q = { .place = place };
    const struct rule_schema *schema = tested_schema(mo, c->on, &t.a);
    bool person = by_person(c->on);
    if (!schema)
        return err_set(e, ERR_INVALID, "%s, line %d: %s looks at \"%s\"; person or household "
                       "can be tested", c->file, c->line, c->name, c->on);
    map_init(&t.of, sizeof(int64_t), sizeof(struct beside));
    map_init(&t.holders, sizeof(int64_t), 1);
    bool ok = criterion_bind(&t.c, schema, &t.a, e) &&
              list_rows(mo, d, &scope_all, t.household, &q, keep_household, &t, e) &&
              count_measures(&t, d2, place, e) &&
              list_rows(mo, d, &scope_all, t.person, &q, count_person, &t, e) &&
              (person ? list_rows(mo, d, &scope_all, t.person, &q, test_person, &t, e)
                      : list_rows(mo, d, &scope_all, t.household, &q, test_household, &t, e));
    map_free(&t.of);
    map_free(&t.holders);
    arena_free(&t.a);
    return ok;
}
