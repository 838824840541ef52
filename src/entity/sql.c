/* One entity's table and statements, composed from its fields. */
#include <string.h>

#include "base/buf.h"
#include "entity/plan.h"

/* Words that PostgreSQL or SQLite reserve, or that name columns they make themselves. */
static const char *const sql_words[] = {
    "abort", "action", "add", "all", "alter", "analyse", "analyze", "and", "any", "array", "as",
    "asc", "asymmetric", "authorization", "autoincrement", "between", "binary", "both", "by",
    "case", "cast", "check", "cmax", "cmin", "collate", "collation", "column", "commit",
    "concurrently", "constraint", "create", "cross", "ctid", "current", "current_catalog",
    "current_date", "current_role", "current_schema", "current_time", "current_timestamp",
    "current_user", "database", "default", "deferrable", "deferred", "delete", "desc", "distinct",
    "do", "drop", "else", "end", "escape", "except", "exists", "explain", "false", "fetch", "for",
    "foreign", "freeze", "from", "full", "glob", "grant", "group", "having", "ilike", "in",
    "index", "indexed", "initially", "inner", "insert", "intersect", "into", "is", "isnull", "join",
    "lateral", "leading", "left", "like", "limit", "localtime", "localtimestamp", "natural", "not",
    "nothing", "notnull", "null", "offset", "oid", "on", "only", "or", "order", "outer", "overlaps",
    "placing", "pragma", "primary", "raise", "references", "regexp", "reindex", "replace",
    "returning", "right", "rollback", "row", "rowid", "savepoint", "select", "session_user", "set",
    "similar", "some", "symmetric", "system_user", "table", "tableoid", "tablesample", "temp",
    "temporary", "then", "to", "trailing", "transaction", "trigger", "true", "union", "unique",
    "update", "user", "using", "vacuum", "values", "variadic", "verbose", "view", "virtual", "when",
    "where", "window", "with", "without", "xmax", "xmin" };

bool sql_word(const char *name)
{
    for (size_t i = 0; i < sizeof sql_words / sizeof *sql_words; i++)
        if (strcmp(name, sql_words[i]) == 0) return true;
    return false;
}

#define SQL_MAX (64 << 10)

static enum column_type type_of(enum field_type t)
{
    return t == F_TEXT || t == F_CODE ? COL_TEXT : COL_INT;
}

static void add_columns(struct table_map *m, struct column *c)
{
    static const char *const first[] = { "county", "id", "recorded", "load", "draft" };
    for (int i = 0; i < ROW_FIRST; i++)
        c[i] = (struct column){ .name = first[i], .type = COL_INT, .not_null = true };
    for (int i = 0; i < m->fields; i++)
        c[m->column[i]] = (struct column){ .name = m->field[i].name,
                                           .type = type_of(m->field[i].type) };
    c[m->columns] = (struct column){ .name = "digest", .type = COL_INT, .not_null = true };
}

static void add_county_names(struct table_map *m, struct column *c, struct arena *a)
{
    for (int i = 0; i < m->fields; i++)
        if (m->county_column[i] >= 0)
            c[m->county_column[i]] = (struct column){ .type = COL_INT,
                .name = arena_printf(a, "%s_county", m->field[i].name) };
}

/* "county, household, number" */
static const char *key_columns(const struct table_map *m, struct arena *a)
{
    struct buf b;
    buf_init(&b, SQL_MAX);
    buf_str(&b, "county");
    for (int i = 0; i < m->n_key; i++) {
        int f = m->key[i];
        if (m->county_column[f] >= 0)
            buf_printf(&b, ", %s", m->table.cols[m->county_column[f]].name);
        buf_printf(&b, ", %s", m->field[f].name);
    }
    return arena_take(a, &b);
}

/* Does one of these lists begin with the field, where it is near after the county? */
static bool begins_with(const char *const *lists, const char *field, bool near)
{
    const size_t n = strlen(field);
    for (; lists && *lists; lists++) {
        const char *s = *lists;
        if (near && strncmp(s, "county, ", 8) == 0) s += 8;
        if (strncmp(s, field, n) == 0 && (s[n] == '\0' || s[n] == ',' || s[n] == ' ')) return true;
    }
    return false;
}

/* "batch, county, id where batch is not null": what refers to a row is found at once and in the order of
 * lists, whatever county it lies in; a reference that few rows have costs the others nothing. */
static const char *reference_index(const struct field *f, bool near, struct arena *a)
{
    return arena_printf(a, near ? "county, %s, id where %s is not null" : "%s, county, id where %s is not null",
                        f->name, f->name);
}

/* Those of the home field and of the entity, then of every reference that has none. */
static void plan_indexes(struct table_map *m, bool home, struct arena *a)
{
    const char *const *own = m->entity->indexes;
    size_t n = 0, i = 0;
    while (own && own[n]) n++;
    const char **x = arena_array(a, n + (size_t)m->fields + 2, sizeof *x);
    if (home) x[i++] = arena_printf(a, "county, %s", m->field[m->home].name);
    for (size_t k = 0; k < n; k++) x[i++] = own[k];
    for (int f = 0; f < m->fields; f++) {
        const struct table_map *to = m->plan[f].target;
        if (!to) continue;
        const char *name = m->field[f].name;
        bool near = m->entity->reach == REACH_COUNTY && to->entity->reach == REACH_COUNTY &&
                    m->county_column[f] < 0;
        if (begins_with(x, name, near) || begins_with(m->table.uniques, name, near)) continue;
        x[i++] = reference_index(&m->field[f], near, a);
    }
    if (i) m->table.indexes = x;
}

/* A nation-wide key of a sharded table is kept to one row by its claim, elsewhere by an index. Rows
 * are listed by place or by what they belong to, so the home field has one too where no key begins
 * with it, and references have theirs. */
void plan_table(struct table_map *m, struct arena *a)
{
    struct column *c = arena_array(a, (size_t)m->columns + 1, sizeof *c);
    add_columns(m, c);
    add_county_names(m, c, a);
    m->table = (struct table){ .name = m->entity->name, .reach = m->entity->reach, .cols = c,
                               .n = m->columns + 1, .key = "county, id",
                               .append_only = m->entity->flags & E_MADE };
    bool nation = m->entity->reach == REACH_NATION;
    m->from = m->entity->view ? arena_printf(a, "(%s) %s", m->entity->view->sql, m->entity->name)
                              : m->entity->name;
    if (m->entity->view) return;
    if (nation || !m->key_national) {
        const char **u = arena_array(a, 2, sizeof *u);
        u[0] = key_columns(m, a);
        m->table.uniques = u;
    }
    plan_indexes(m, m->home >= 0 && !nation && (m->key_national || m->key[0] != m->home), a);
}

static const char *insert_sql(const struct table_map *m, struct arena *a)
{
    struct buf b;
    buf_init(&b, SQL_MAX);
    buf_printf(&b, "insert into %s (", m->table.name);
    for (int i = 0; i < m->table.n; i++)
        buf_printf(&b, "%s%s", i ? ", " : "", m->table.cols[i].name);
    buf_str(&b, ") values (");
    for (int i = 1; i <= m->table.n; i++) buf_printf(&b, "%s?%d", i > 1 ? ", " : "", i);
    buf_str(&b, ")");
    return arena_take(a, &b);
}

static const char *update_sql(const struct table_map *m, struct arena *a)
{
    struct buf b;
    buf_init(&b, SQL_MAX);
    buf_printf(&b, "update %s set ", m->table.name);
    for (int i = ROW_RECORDED; i < m->table.n; i++)
        buf_printf(&b, "%s%s = ?%d", i > ROW_RECORDED ? ", " : "", m->table.cols[i].name, i + 1);
    buf_str(&b, " where county = ?1 and id = ?2");
    return arena_take(a, &b);
}

static const char *select_sql(const struct table_map *m, const char *where, struct arena *a)
{
    struct buf b;
    buf_init(&b, SQL_MAX);
    buf_str(&b, "select ");
    for (int i = 0; i < m->table.n; i++)
        buf_printf(&b, "%s%s", i ? ", " : "", m->table.cols[i].name);
    buf_printf(&b, " from %s where %s", m->from, where);
    return arena_take(a, &b);
}

/* A key part that may be missing is compared as missing too; `is not distinct from` would keep
 * PostgreSQL from using the index for the parts before it. */
static const char *by_key_sql(const struct table_map *m, struct arena *a)
{
    struct buf b;
    int p = 2;
    buf_init(&b, SQL_MAX);
    buf_printf(&b, "select id from %s where county = ?1", m->from);
    for (int i = 0; i < m->n_key; i++) {
        int f = m->key[i];
        int columns[2] = { m->county_column[f], m->column[f] };
        for (int k = 0; k < 2; k++) {
            if (columns[k] < 0) continue;
            const char *name = m->table.cols[columns[k]].name;
            if (m->field[f].flags & F_REQUIRED) buf_printf(&b, " and %s = ?%d", name, p);
            else
                buf_printf(&b, " and (%s = ?%d or (%s is null and ?%d is null))", name, p, name, p);
            p++;
        }
    }
    return arena_take(a, &b);
}

void plan_statements(struct table_map *m, struct arena *a)
{
    static const char *const names[] = { [ENTITY_INSERT] = "insert", [ENTITY_GET] = "get",
        [ENTITY_UPDATE] = "update", [ENTITY_DELETE] = "delete", [ENTITY_BY_KEY] = "by_key",
        [ENTITY_BY_ID] = "by_id", [ENTITY_SCAN] = "scan" };
    struct stmt *s = arena_array(a, ENTITY_N_STMTS, sizeof *s);
    bool nation = m->entity->reach == REACH_NATION;
    const char *t = m->table.name;
    for (int i = 0; i < ENTITY_N_STMTS; i++) {
        s[i].name = arena_printf(a, "%s_%s", t, names[i]);
        s[i].class = nation ? STMT_REF : STMT_ROUTER;
    }
    s[ENTITY_BY_ID].class = nation ? STMT_REF : STMT_SCATTER;
    s[ENTITY_SCAN].class = nation ? STMT_REF : STMT_ADMIN;
    s[ENTITY_INSERT].sql = insert_sql(m, a);
    s[ENTITY_UPDATE].sql = update_sql(m, a);
    s[ENTITY_GET].sql = select_sql(m, "county = ?1 and id = ?2", a);
    s[ENTITY_DELETE].sql = arena_printf(a, "delete from %s where county = ?1 and id = ?2", t);
    s[ENTITY_BY_KEY].sql = by_key_sql(m, a);
    s[ENTITY_BY_ID].sql = arena_printf(a, "select county from %s where id = ?1 order by county",
                                      m->from);
    s[ENTITY_SCAN].sql = select_sql(m, "county >= ?1 and county <= ?2 order by county, id", a);
    for (int i = 0; m->entity->view && i < ENTITY_N_STMTS; i++) {
        bool writes = i == ENTITY_INSERT || i == ENTITY_UPDATE || i == ENTITY_DELETE;
        s[i].class = STMT_ADMIN;
        if (writes) s[i].sql = s[ENTITY_GET].sql; /* never run: rows.c refuses */
    }
    m->stmts = s;
    m->n_stmts = ENTITY_N_STMTS;
}

/* Finds one row that refers to ?1 (county) and ?2 (id); to a table of the nation, to ?1 (id). */
struct referrer plan_referrer(const struct table_map *m, int field, struct arena *a)
{
    const struct field_plan *p = &m->plan[field];
    bool far = p->county_column >= 0, by_county = p->target->entity->reach == REACH_COUNTY;
    struct stmt s = { .name = arena_printf(a, "%s_%s_refers", m->entity->name, p->field->name) };
    s.class = m->entity->reach == REACH_NATION ? STMT_REF
              : by_county && !far              ? STMT_ROUTER
                                               : STMT_SCATTER;
    if (by_county)
        s.sql = arena_printf(a, "select 1 from %s where %s = ?1 and %s = ?2 limit 1",
                             m->from, far ? m->table.cols[p->county_column].name : "county",
                             p->field->name);
    else
        s.sql = arena_printf(a, "select 1 from %s where %s = ?1 limit 1", m->from,
                             p->field->name);
    return (struct referrer){ m, field, s, by_county };
}

static const char *strays_sql(const struct copies *c, struct arena *a)
{
    const char *t = c->map->table.name, *up = c->from->table.name;
    struct buf b;
    buf_init(&b, SQL_MAX);
    buf_printf(&b, "select t.county, t.id, t.load from %s t left join %s u on u.county = t.county and "
               "u.id = t.%s where (t.county, t.id) > (?1, ?2) and (u.id is null", t, up,
               c->map->field[c->map->home].name);
    for (int i = 0; i < c->n; i++)
        buf_printf(&b, " or t.%s is distinct from u.%s", c->map->table.cols[c->to[i]].name,
                   c->from->table.cols[c->source[i]].name);
    buf_printf(&b, ") order by t.county, t.id limit %d", COPIES_PAGE);
    return arena_take(a, &b);
}

void plan_copies_stmts(struct copies *c, struct arena *a)
{
    const char *t = c->map->table.name, *up = c->from->table.name;
    struct buf b;
    buf_init(&b, SQL_MAX);
    for (int i = 0; i < c->n; i++)
        buf_printf(&b, "%s%s", i ? ", " : "", c->from->table.cols[c->source[i]].name);
    const char *names = arena_take(a, &b);
    const char *get = arena_printf(a, "select %s from %s where county = ?1 and id = ?2", names, up);
    c->get = (struct stmt){ arena_printf(a, "%s_copies", t), STMT_ROUTER, get,
                            arena_printf(a, "%s for share", get) };
    const char *range = arena_printf(a, "select id, load, %s from %s where county = ?1 and "
                                     "id >= ?2 and id <= ?3 and load <> ?4 order by id", names, up);
    c->range = (struct stmt){ arena_printf(a, "%s_range", t), STMT_ROUTER, range, NULL };
    c->held = (struct stmt){ arena_printf(a, "%s_held", t), STMT_ROUTER, range,
                             arena_printf(a, "%s for share", range) };
    const char *where = arena_printf(a, "county = ?1 and %s = ?2 and id > ?3 order by id limit %d",
                                     c->map->field[c->map->home].name, COPIES_PAGE);
    c->below = (struct stmt){ arena_printf(a, "%s_below", t), STMT_ROUTER,
                              select_sql(c->map, where, a), NULL };
    c->strays = (struct stmt){ arena_printf(a, "%s_strays", t), STMT_ADMIN, strays_sql(c, a),
                               NULL };
}
