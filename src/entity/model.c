/* The model: all rooms' entities joined, their columns, keys, statements and checks computed. Every
 * fault of a declaration is found here, at program start, and told by entity and field. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "entity/plan.h"

#define NAME_MAX_LEN 40 /* PostgreSQL cuts names at 63, and indexes add to a table's name */

static bool fault(struct err *e, const struct entity *en, const char *field, const char *what,
                  const char *detail)
{
    return err_set(e, ERR_INTERNAL, "entity %s%s%s: %s%s%s",
                   en->name ? en->name : "(without a name)", field ? ", field " : "",
                   field ? field : "", what, detail ? " " : "", detail ? detail : "");
}

static bool name_fits(const char *s)
{
    if (!s || s[0] < 'a' || s[0] > 'z' || strlen(s) > NAME_MAX_LEN) return false;
    for (; *s; s++)
        if (!(*s >= 'a' && *s <= 'z') && !(*s >= '0' && *s <= '9') && *s != '_') return false;
    return true;
}

static bool given(const char *s)
{
    return s && *s;
}

const struct table_map *model_find(const struct model *m, const char *entity)
{
    for (int i = 0; i < m->n; i++)
        if (strcmp(m->maps[i].entity->name, entity) == 0) return &m->maps[i];
    return NULL;
}

const struct table_map *model_number(const struct model *m, uint32_t number)
{
    for (int i = 0; i < m->n; i++)
        if (m->maps[i].entity->number == number) return &m->maps[i];
    return NULL;
}

const struct table *const *model_tables(const struct model *m, int *n)
{
    const struct model_own *own = m->own;
    *n = own->n_tables;
    return m->tables;
}

int map_field(const struct table_map *m, const char *name)
{
    for (int i = 0; i < m->fields; i++)
        if (*m->field[i].name == *name && strcmp(m->field[i].name, name) == 0) return i;
    return -1;
}

static bool entity_is_new(const struct model_own *own, int at, struct err *e)
{
    const struct entity *en = own->maps[at].entity;
    for (int i = 0; i < store_table_count; i++)
        if (strcmp(store_tables[i].name, en->name) == 0)
            return fault(e, en, NULL, "the store has a table of that name", NULL);
    for (int i = 0; i < at; i++) {
        const struct entity *other = own->maps[i].entity;
        if (strcmp(other->name, en->name) == 0) return fault(e, en, NULL, "declared twice", NULL);
        if (other->number == en->number)
            return fault(e, en, NULL, "has the same number as", other->name);
    }
    return true;
}

static bool entity_fits(const struct entity *en, struct err *e)
{
    if (!name_fits(en->name))
        return fault(e, en, NULL, "a name is lower-case letters, digits and _, at most 40", NULL);
    if (sql_word(en->name)) return fault(e, en, NULL, "the name is a word of SQL", NULL);
    if (!given(en->en) || !given(en->zh)) return fault(e, en, NULL, "both labels are needed", NULL);
    if (en->number == 0 || en->number >= UINT32_C(1) << 28)
        return fault(e, en, NULL, "the number must be from 1 to 2^28", NULL);
    if (en->reach != REACH_COUNTY && en->reach != REACH_NATION)
        return fault(e, en, NULL, "reach is not set", NULL);
    return (en->n > 0 && en->fields) || fault(e, en, NULL, "it has no fields", NULL);
}

/* The entity's own fields, then the fact and the common ones. */
static void join_fields(struct table_map *m, struct arena *a)
{
    const struct entity *en = m->entity;
    int common = en->flags & E_NO_SOURCE ? COMMON_VALID_TO + 1 : COMMON_N;
    int fact = en->flags & E_FACT ? FACT_N : 0;
    struct field *f = arena_array(a, (size_t)(en->n + fact + common), sizeof *f);
    memcpy(f, en->fields, (size_t)en->n * sizeof *f);
    if (fact) memcpy(f + en->n, fact_fields, sizeof fact_fields);
    memcpy(f + en->n + fact, common_fields, (size_t)common * sizeof *f);
    m->fields = en->n + fact + common;
    m->fact = fact ? en->n : -1;
    m->common = en->n + fact;
    if (fact) f[en->n + FACT_OF_WHICH].ref = en->name;
    m->field = f;
}

static bool type_fits(const struct field *f)
{
    /* Marks that only some types can have. */
    static const struct { uint32_t flags; uint32_t types; } only[] = {
        { F_CITIZEN_ID | F_CREDIT_CODE | F_BANK_CARD | F_PHONE, 1 << F_TEXT },
        { F_MULTI, 1 << F_CODE }, { F_FROM | F_TO, 1 << F_DATE }, { F_FAR, 1 << F_REF },
        { F_HOME, 1 << F_PLACE | 1 << F_REF } };
    if (f->type < F_TEXT || f->type > F_REF) return false;
    for (size_t i = 0; i < sizeof only / sizeof *only; i++)
        if (f->flags & only[i].flags && !(only[i].types >> f->type & 1)) return false;
    if ((f->flags & F_FROM) && (f->flags & F_TO)) return false;
    if (f->flags & (F_ARRIVED | F_LEFT) && (f->type != F_DATE || !(f->flags & F_COMPUTED)))
        return false;
    return f->type == F_DECIMAL ? f->scale >= 1 && f->scale <= 9 : f->scale == 0;
}

static bool field_is_new(const struct table_map *m, int at, struct err *e)
{
    static const char *const taken[] = { "county", "id", "recorded", "load", "draft", "digest" };
    const struct field *f = &m->field[at];
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (strcmp(f->name, taken[i]) == 0)
            return fault(e, m->entity, f->name, "every table has a column of that name", NULL);
    for (int i = 0; i < at; i++) {
        const struct field *g = &m->field[i];
        if (strcmp(g->name, f->name) == 0)
            return fault(e, m->entity, f->name, "declared twice", NULL);
        if (strcmp(g->en, f->en) == 0 || strcmp(g->zh, f->zh) == 0)
            return fault(e, m->entity, f->name, "has the label of", g->name);
    }
    return true;
}

static bool field_fits(const struct table_map *m, int at, struct err *e)
{
    const struct field *f = &m->field[at];
    if (!name_fits(f->name))
        return fault(e, m->entity, f->name ? f->name : "(without a name)",
                     "a name is lower-case letters, digits and _, at most 40", NULL);
    if (sql_word(f->name)) return fault(e, m->entity, f->name, "the name is a word of SQL", NULL);
    if (!given(f->en) || !given(f->zh))
        return fault(e, m->entity, f->name, "both labels are needed", NULL);
    if (!type_fits(f)) return fault(e, m->entity, f->name, "type, flags and scale disagree", NULL);
    if (f->max && f->max < f->min) return fault(e, m->entity, f->name, "max is below min", NULL);
    return field_is_new(m, at, e);
}

static bool reference_fits(const struct model_own *own, struct table_map *m, int at, struct err *e)
{
    struct field *f = (struct field *)(uintptr_t)&m->field[at];
    const struct table_map *t = f->ref ? model_find(&own->model, f->ref) : NULL;
    bool nation = m->entity->reach == REACH_NATION;
    if (!f->ref) return fault(e, m->entity, f->name, "a reference names no entity", NULL);
    if (!t) return fault(e, m->entity, f->name, "there is no entity", f->ref);
    bool to_nation = t->entity->reach == REACH_NATION;
    if (to_nation) f->flags &= ~(uint32_t)F_FAR; /* its county is always 0: one column will do */
    if (f->flags & F_HOME && (to_nation || nation || f->flags & F_FAR || t == m))
        return fault(e, m->entity, f->name,
                     "a home reference is a near one, from county table to another county table",
                     NULL);
    if (nation && !to_nation && !(f->flags & F_FAR))
        return fault(e, m->entity, f->name, "must be F_FAR: the row itself has no county", NULL);
    return true;
}

static bool home_ends(const struct model_own *own, const struct table_map *m, struct err *e)
{
    const struct table_map *up = m;
    for (int depth = 0; up && up->home >= 0 && up->field[up->home].type == F_REF; depth++) {
        if (depth == 8)
            return fault(e, m->entity, NULL, "its home references run in a circle", NULL);
        const struct table_map *next = model_find(&own->model, up->field[up->home].ref);
        if (next == m)
            return fault(e, m->entity, NULL, "its home references run in a circle", NULL);
        up = next;
    }
    return true;
}

static bool find_home(const struct model_own *own, struct table_map *m, struct err *e)
{
    m->home = m->place = -1;
    for (int i = 0; i < m->fields; i++) {
        if (!(m->field[i].flags & F_HOME)) continue;
        if (m->home >= 0) return fault(e, m->entity, m->field[i].name, "is a second F_HOME", NULL);
        m->home = i;
    }
    if (m->home < 0 && m->entity->reach == REACH_COUNTY)
        return fault(e, m->entity, NULL, "no field is F_HOME: nothing says its county", NULL);
    m->place = m->home;
    if (m->home < 0 || m->field[m->home].type != F_PLACE) m->place = map_field(m, "place");
    if (m->place >= 0 && m->field[m->place].type != F_PLACE) m->place = -1;
    return home_ends(own, m, e);
}

/* Days between which a row counts. */
static bool find_days(struct table_map *m, struct err *e)
{
    m->arrived = m->left = -1;
    for (int i = 0; i < m->fields; i++) {
        const struct field *f = &m->field[i];
        if (!(f->flags & (F_ARRIVED | F_LEFT))) continue;
        int *day = f->flags & F_ARRIVED ? &m->arrived : &m->left;
        if (*day >= 0) return fault(e, m->entity, f->name, "is a second F_ARRIVED or F_LEFT", NULL);
        *day = i;
    }
    return true;
}

static bool place_columns(struct table_map *m, struct arena *a, struct err *e)
{
    int at = ROW_FIRST;
    m->column = arena_array(a, (size_t)m->fields, sizeof *m->column);
    m->county_column = arena_array(a, (size_t)m->fields, sizeof *m->county_column);
    for (int i = 0; i < m->fields; i++) {
        m->county_column[i] = m->field[i].flags & F_FAR ? at++ : -1;
        m->column[i] = at++;
    }
    m->columns = at;
    if (at + 1 > ENTITY_MAX_COLUMNS)
        return fault(e, m->entity, NULL, "it has too many columns", NULL);
    for (int i = 0; i < m->fields; i++) {
        if (m->county_column[i] < 0) continue;
        const char *name = arena_printf(a, "%s_county", m->field[i].name);
        if (map_field(m, name) >= 0)
            return fault(e, m->entity, name, "is also the county of a far reference", NULL);
    }
    return true;
}

#define KEY_PARTS 16

static bool find_keys(struct table_map *m, struct arena *a, struct err *e)
{
    int *key = arena_array(a, KEY_PARTS, sizeof *key);
    struct claim *claims = arena_array(a, 8, sizeof *claims);
    bool nation = m->entity->reach == REACH_NATION;
    for (int i = 0; i < m->fields; i++) {
        uint32_t flags = m->field[i].flags;
        if (!(flags & F_KEY)) continue;
        if (m->n_key == KEY_PARTS)
            return fault(e, m->entity, NULL, "the key has too many parts", NULL);
        key[m->n_key++] = i;
        if (flags & F_NATION) m->key_national = true;
    }
    m->key = key;
    if (m->n_key == 0 && !m->entity->view)
        return fault(e, m->entity, NULL, "no field is F_KEY: it has no natural key", NULL);
    if (m->key_national && !nation)
        claims[m->n_claims++] = (struct claim){ m->entity->number * 8, key, m->n_key };
    for (int i = 0; i < m->fields; i++) {
        if ((m->field[i].flags & (F_NATION | F_KEY)) != F_NATION) continue;
        if (m->n_claims == 8) return fault(e, m->entity, NULL, "more than 8 claims", NULL);
        int *one = arena_alloc(a, sizeof *one);
        *one = i;
        claims[m->n_claims] =
            (struct claim){ m->entity->number * 8 + (uint32_t)m->n_claims, one, 1 };
        m->n_claims++;
    }
    m->claims = claims;
    return true;
}

/* A key made of references must end in plain values. */
static bool key_ends(const struct model_own *own, const struct table_map *m, int depth)
{
    if (depth == 8) return false;
    for (int i = 0; i < m->n_key; i++) {
        const struct field *f = &m->field[m->key[i]];
        if (f->type == F_REF && !key_ends(own, model_find(&own->model, f->ref), depth + 1))
            return false;
    }
    return true;
}

static uint32_t checks_of(const struct field *f)
{
    uint32_t checks = 0;
    if (f->flags & F_REQUIRED && !(f->flags & F_COMPUTED)) checks |= PLAN_REQUIRED;
    if (f->flags & (F_KEY | F_HOME)) checks |= PLAN_FIRM;
    if (f->type == F_INT || f->type == F_MONEY || f->type == F_DECIMAL || f->type == F_DATE)
        checks |= PLAN_RANGE;
    if (f->type == F_TEXT) checks |= PLAN_LENGTH;
    if (f->type == F_CODE && !(f->flags & F_MULTI)) checks |= PLAN_CODE;
    if (f->flags & (F_CITIZEN_ID | F_CREDIT_CODE | F_BANK_CARD | F_PHONE))
        checks |= PLAN_IDENTIFIER;
    return checks;
}

static void plan_range(struct field_plan *p, const struct field *f)
{
    p->lo = f->min;
    p->hi = f->max;
    if (f->type == F_TEXT) {
        if (f->max == 0) p->hi = 200;
    } else if (f->type == F_DATE) {
        if (f->min == 0) p->lo = -719162;
        if (f->max == 0) p->hi = 2932896;
    } else {
        if (f->min == 0 && f->max == 0) p->lo = -ENTITY_INT_MAX;
        if (f->max == 0) p->hi = ENTITY_INT_MAX;
        if (p->lo < -ENTITY_INT_MAX) p->lo = -ENTITY_INT_MAX;
        if (p->hi > ENTITY_INT_MAX) p->hi = ENTITY_INT_MAX;
    }
}

static bool plan_field(struct model_own *own, struct table_map *m, struct field_plan *p, int at,
                       struct err *e)
{
    const struct field *f = &m->field[at];
    *p = (struct field_plan){ .field = f, .type = f->type, .flags = f->flags,
        .checks = checks_of(f), .column = m->column[at], .county_column = m->county_column[at],
        .scale = f->type == F_MONEY ? 2 : f->scale, .coarse = (f->flags & (F_FROM | F_TO)) != 0,
        .source = -1 };
    plan_range(p, f);
    if (f->type == F_CODE) {
        p->codes = f->list ? codes_get(own->model.codes, f->list) : NULL;
        if (!p->codes)
            return fault(e, m->entity, f->name, "there is no code list",
                         f->list ? f->list : "(none)");
    }
    if (f->type == F_REF) p->target = model_find(&own->model, f->ref);
    if (!given(f->preset)) return true;
    p->preset_late = f->type == F_PLACE || f->type == F_REF;
    if (p->preset_late) return true;
    struct err why;
    if (!plain_read(p, f->preset, strlen(f->preset), 480, &p->preset, &own->arena, &why))
        return fault(e, m->entity, f->name, "its preset:", why.message);
    return true;
}

static bool code_known(void *arg, const char *list, const char *code, size_t n)
{
    const struct code_list *l = codes_get(arg, list);
    return l && code_list_code(l, code, n);
}

static const char *code_at(void *arg, const char *list, int i)
{
    int n = 0;
    const struct code *c = codes_list(arg, list, &n);
    return i < n ? c[i].code : NULL;
}

static struct rule_column rule_column_of(const struct field_plan *p)
{
    struct rule_column c = { .name = p->field->name, .type = RULE_INT, .scale = p->scale };
    switch (p->type) {
    case F_TEXT: c.type = RULE_TEXT; break;
    case F_BOOL: c.type = RULE_BOOL; break;
    case F_DATE: c.type = RULE_DATE; break;
    case F_CODE:
        c.type = p->flags & F_MULTI ? RULE_CODES : RULE_CODE;
        c.list = p->field->list;
        break;
    case F_INSTANT:
    case F_REF:
        c.max = INT64_MAX;
        break;
    case F_PLACE: c.max = INT64_C(999999999999); break;
    default:
        c.min = p->lo;
        c.max = p->hi;
        break;
    }
    return c;
}

static void plan_schema(struct model_own *own, struct table_map *m)
{
    struct rule_column *c = arena_array(&own->arena, (size_t)m->columns, sizeof *c);
    for (int i = 0; i < m->columns; i++)
        c[i] = (struct rule_column){ .name = m->table.cols[i].name, .type = RULE_INT,
                                     .max = INT64_MAX };
    c[ROW_DRAFT].type = RULE_BOOL;
    for (int i = 0; i < m->fields; i++) c[m->column[i]] = rule_column_of(&m->plan[i]);
    m->schema = (struct rule_schema){ .cols = c, .n = m->columns, .code_known = code_known,
        .arg = (void *)(uintptr_t)own->model.codes, .code_at = code_at };
}

static bool plan_checks(struct model_own *own, struct table_map *m, struct err *e)
{
    const struct entity *en = m->entity;
    m->checks = arena_array(&own->arena, (size_t)en->n_checks + 1, sizeof *m->checks);
    for (int i = 0; i < en->n_checks; i++) {
        const struct check *c = &en->checks[i];
        struct err why;
        if (!given(c->name) || !given(c->holds) || !given(c->en) || !given(c->zh))
            return fault(e, en, NULL, "a check lacks its name, rule or labels", c->name);
        if (c->severity != CHECK_REFUSE && c->severity != CHECK_WARN)
            return fault(e, en, NULL, "severity is not set for check", c->name);
        for (int k = 0; k < i; k++)
            if (strcmp(en->checks[k].name, c->name) == 0)
                return fault(e, en, NULL, "declares twice the check", c->name);
        if (!rule_parse(&m->checks[i], c->holds, strlen(c->holds), 1, 1, &m->schema, &own->arena,
                        &why))
            return err_set(e, ERR_INTERNAL, "entity %s, check %s: %s", en->name, c->name,
                           why.message);
    }
    return true;
}

/* Only what belongs to nobody in person can be told to everybody. */
static bool plan_publicity(struct model_own *own, struct table_map *m, struct err *e)
{
    const struct entity *en = m->entity;
    bool open = en->access == ACCESS_OPEN || en->access == ACCESS_WORK;
    struct err why;
    if (en->publicity != PUBLIC_NEVER && !open)
        return fault(e, en, NULL, "rows of people, money or the administration are never public", NULL);
    if (en->publicity == PUBLIC_BY_SOURCE && (en->flags & E_NO_SOURCE))
        return fault(e, en, NULL, "is public by its source, and has none", NULL);
    if ((en->publicity == PUBLIC_ITSELF) != given(en->published))
        return fault(e, en, NULL, "a rule says when it is published, or none", NULL);
    if (!en->published) return true;
    return rule_parse(&m->published, en->published, strlen(en->published), 1, 1, &m->schema, &own->arena, &why) ||
           err_set(e, ERR_INTERNAL, "entity %s, published: %s", en->name, why.message);
}

static bool plan_map(struct model_own *own, struct table_map *m, struct err *e)
{
    struct field_plan *plan = arena_array(&own->arena, (size_t)m->fields, sizeof *plan);
    if (!place_columns(m, &own->arena, e) || !find_keys(m, &own->arena, e)) return false;
    for (int i = 0; i < m->fields; i++)
        if (!plan_field(own, m, &plan[i], i, e)) return false;
    m->plan = plan;
    plan_table(m, &own->arena);
    if (!map_tags(m, &own->arena, e)) return false;
    plan_statements(m, &own->arena);
    plan_schema(own, m);
    return plan_checks(own, m, e) && plan_publicity(own, m, e);
}

/* Which references point at a table, to refuse the delete of a row that is referred to. */
static void plan_referrers(struct model_own *own)
{
    const int n = own->model.n;
    struct referrer **of = arena_array(&own->arena, (size_t)n + 1, sizeof *of);
    int *count = arena_array(&own->arena, (size_t)n + 1, sizeof *count);
    own->referrers = of;
    own->n_referrers = count;
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < n; i++)
            for (int f = 0; f < own->maps[i].fields; f++) {
                if (!own->maps[i].plan[f].target) continue;
                ptrdiff_t t = own->maps[i].plan[f].target - own->maps;
                if (pass) of[t][count[t]] = plan_referrer(&own->maps[i], f, &own->arena);
                count[t]++;
            }
        for (int t = 0; pass == 0 && t < n; t++) {
            of[t] = arena_array(&own->arena, (size_t)count[t] + 1, sizeof **of);
            count[t] = 0;
        }
    }
}

/* Each declaration by itself, then what the references between them ask for. */
static bool declare(struct model_own *own, struct err *e)
{
    const int n = own->model.n;
    for (int i = 0; i < n; i++) {
        struct table_map *m = &own->maps[i];
        if (!entity_fits(m->entity, e) || !entity_is_new(own, i, e)) return false;
        join_fields(m, &own->arena);
        for (int f = 0; f < m->fields; f++)
            if (!field_fits(m, f, e)) return false;
    }
    for (int i = 0; i < n; i++)
        for (int f = 0; f < own->maps[i].fields; f++)
            if (own->maps[i].field[f].type == F_REF && !reference_fits(own, &own->maps[i], f, e))
                return false;
    return true;
}

static bool join(struct model_own *own, const struct entity *const *entities, int n, struct err *e)
{
    struct table_map *maps = arena_array(&own->arena, (size_t)n + 1, sizeof *maps);
    const struct table **tables = arena_array(&own->arena, (size_t)n + 1, sizeof *tables);
    own->maps = maps;
    own->model.maps = maps;
    own->model.tables = tables;
    own->model.n = n;
    for (int i = 0; i < n; i++) maps[i].entity = entities[i];
    if (!declare(own, e)) return false;
    for (int i = 0; i < n; i++) {
        if (!find_home(own, &maps[i], e) || !find_days(&maps[i], e) || !plan_map(own, &maps[i], e))
            return false;
        if (!maps[i].entity->view) tables[own->n_tables++] = &maps[i].table;
    }
    if (!plan_copies(own, e)) return false;
    for (int i = 0; i < n; i++)
        if (!key_ends(own, &maps[i], 0))
            return fault(e, maps[i].entity, NULL, "its key refers to itself", NULL);
    plan_referrers(own);
    return true;
}

bool model_open(struct model **out, const struct entity *const *entities, int n,
                const struct codes *codes, const struct places *places, struct err *e)
{
    struct model_own *own = mem_alloc(sizeof *own);
    own->model.own = own;
    own->model.codes = codes;
    own->model.places = places;
    if (!join(own, entities, n, e)) {
        model_close(&own->model);
        *out = NULL;
        return false;
    }
    *out = &own->model;
    return true;
}

void model_close(struct model *m)
{
    if (!m) return;
    struct model_own *own = (struct model_own *)(void *)m; /* model_open gave its first member */
    arena_free(&own->arena);
    free(own);
}
