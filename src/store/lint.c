/* The lint of a statement: what one engine takes and the other does not, what PostgreSQL takes and
 * a cluster refuses, and ROUTER statements that reach over their county. It reads words, not a
 * grammar: a rule that cannot be told from words is left to the engines, which prepare every
 * statement in the tests, and to the partition shadow. */
#include "store/driver.h"

#include <strings.h>

#define MAX_TOKENS 4000
#define MAX_TABLES 32

struct source {                  /* a table a statement names */
    const struct table *t;
    char alias[64];
    int at;                      /* the token */
    bool bound;                  /* its county is given, or is another bound one's */
};

struct lint {
    const struct stmt *s;
    const struct table *const *tables;
    int n_tables;
    struct sql_token *tok;       /* ends with SQL_END */
    int n;
    struct source src[MAX_TABLES];
    int n_src;
    struct err *e;
};

static bool refuse(struct lint *l, const char *rule)
{
    return err_set(l->e, ERR_INTERNAL, "%s: %s", stmt_label(l->s), rule);
}

static bool is(const struct lint *l, int i, const char *word)
{
    return i >= 0 && i < l->n && sql_is(&l->tok[i], word);
}

/* The words a, b, c in a row at i. */
static bool phrase(const struct lint *l, int i, const char *words)
{
    while (*words) {
        size_t n = strcspn(words, " ");
        char word[32];
        snprintf(word, sizeof word, "%.*s", (int)n, words);
        if (!is(l, i++, word)) return false;
        words += n + (words[n] == ' ');
    }
    return true;
}

static const struct { const char *words, *rule; } refused[] = {
    { "create trigger", "triggers are refused by a cluster" },
    { "merge into", "MERGE is refused by a cluster" },
    { "truncate", "TRUNCATE is not portable" },
    { "listen", "LISTEN is not portable" },
    { "notify", "NOTIFY is not portable" },
    { "rollup (", "ROLLUP is refused by a cluster" },
    { "cube (", "CUBE is refused by a cluster" },
    { "grouping sets", "GROUPING SETS are refused by a cluster" },
    { "lateral", "LATERAL is unknown to SQLite" },
    { "distinct on", "DISTINCT ON is unknown to SQLite" },
    { "fetch first", "FETCH FIRST is unknown to SQLite: use LIMIT" },
    { "on delete set", "ON DELETE SET is refused by a cluster" },
    { "prepare transaction", "two-phase commit is the cluster's own" },
    { "isolation level", "isolation levels are not portable" },
    { "insert or", "INSERT OR is unknown to PostgreSQL: use ON CONFLICT" },
    { "replace into", "REPLACE is unknown to PostgreSQL: use ON CONFLICT" },
    { "like", "LIKE is case-blind in SQLite: compare with a range" },
    { "ilike", "ILIKE is unknown to SQLite" },
    { "glob", "GLOB is unknown to PostgreSQL" },
    { "ifnull (", "IFNULL is unknown to PostgreSQL: use COALESCE" },
    { "group_concat (", "GROUP_CONCAT is unknown to PostgreSQL: gather in C" },
    { "string_agg (", "STRING_AGG is unknown to SQLite: gather in C" },
    { "percentile_cont", "percentiles are computed in C" },
    { "avg (", "AVG differs between the engines: take sum and count" },
    { "total (", "TOTAL is SQLite's own: use SUM" },
    { "random (", "RANDOM differs between the engines" },
    { "now (", "the present comes from the program's clock" },
    { "current_timestamp", "the present comes from the program's clock" },
    { "current_date", "the present comes from the program's clock" },
    { "true", "there are no booleans: use 1 and 0" },
    { "false", "there are no booleans: use 1 and 0" },
    { "autoincrement", "ids come from the program" },
    { "serial", "ids come from the program" },
    { "nextval", "ids come from the program" },
    { "for update", "row locks stand in PostgreSQL's own text only" },
    { "for share", "row locks stand in PostgreSQL's own text only" },
    { "::", "x::type is unknown to SQLite: use CAST" },
};

static const char *bad_token(const struct sql_token *t)
{
    if (t->kind == SQL_QUOTED) return "names are not quoted";
    if (t->kind == SQL_PARAM && t->number == 0) return "a parameter has no number";
    if (t->kind == SQL_MARK && (strchr("$@;", *t->p) || (*t->p == ':' && t->n == 1)))
        return "parameters are ?1, ?2, and there is one statement";
    if (t->kind == SQL_WORD && t->n >= 11 && strncasecmp(t->p, "pg_advisory", 11) == 0)
        return "advisory locks hold on one node only";
    return NULL;
}

static bool check_words(struct lint *l)
{
    for (int i = 0; i < l->n; i++) {
        const char *bad = bad_token(&l->tok[i]);
        if (bad) return refuse(l, bad);
        for (size_t k = 0; k < sizeof refused / sizeof *refused; k++)
            if (phrase(l, i, refused[k].words)) return refuse(l, refused[k].rule);
    }
    return true;
}

static const struct table *find_table(const struct lint *l, const struct sql_token *t)
{
    if (t->kind != SQL_WORD) return NULL;
    for (int i = 0; i < l->n_tables; i++)
        if (sql_is(t, l->tables[i]->name)) return l->tables[i];
    return NULL;
}

static bool ends_alias(const struct lint *l, int i)
{
    static const char *const words[] = { "where", "set", "on", "join", "left", "inner", "cross",
        "group", "order", "limit", "having", "union", "except", "intersect", "values", "select",
        "using", "returning", "offset", "window", "full", "right", "natural", "default", "do",
        "outer" };
    if (l->tok[i].kind != SQL_WORD) return true;
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (is(l, i, words[k])) return true;
    return false;
}

/* The table named at i, with its alias. */
static bool add_source(struct lint *l, int i)
{
    const struct table *t = i < l->n ? find_table(l, &l->tok[i]) : NULL;
    if (!t) return true;
    if (l->n_src == MAX_TABLES) return refuse(l, "names too many tables");
    struct source *s = &l->src[l->n_src++];
    int name = i;
    if (is(l, i + 1, "as")) name = i + 2;
    else if (i + 1 < l->n && !ends_alias(l, i + 1)) name = i + 1;
    *s = (struct source){ .t = t, .at = i };
    snprintf(s->alias, sizeof s->alias, "%.*s", (int)l->tok[name].n, l->tok[name].p);
    return true;
}

static bool opens_list(const struct lint *l, int i)
{
    return is(l, i, "from") || is(l, i, "join") || is(l, i, "into") ||
           (is(l, i, "update") && !is(l, i - 1, "do"));
}

/* Tables stand behind from, join, update, into, and behind a comma of a FROM list. */
static bool gather_tables(struct lint *l)
{
    bool list = false;
    int depth = 0;
    for (int i = 0; i < l->n; i++) {
        const struct sql_token *t = &l->tok[i];
        if (opens_list(l, i)) {
            list = true;
            depth = t->depth;
            if (!add_source(l, i + 1)) return false;
            continue;
        }
        bool clause = t->kind == SQL_WORD && t->depth == depth && ends_alias(l, i);
        if (t->depth < depth || clause) list = false;
        if (list && t->depth == depth && is(l, i, ",") && !add_source(l, i + 1)) return false;
    }
    return true;
}

static struct source *by_alias(struct lint *l, const struct sql_token *t, struct source *after)
{
    int from = after ? (int)(after - l->src) + 1 : 0;
    for (int i = from; i < l->n_src; i++)
        if (sql_is(t, l->src[i].alias)) return &l->src[i];
    return NULL;
}

/* `a.county` or a bare `county` at i; the token behind it in *after. */
static bool county_at(const struct lint *l, int i, int *after, int *alias)
{
    if (is(l, i, "county") && !is(l, i - 1, ".")) {
        *after = i + 1;
        *alias = -1;
        return true;
    }
    if (i + 2 < l->n && l->tok[i].kind == SQL_WORD && is(l, i + 1, ".") && is(l, i + 2, "county")) {
        *after = i + 3;
        *alias = i;
        return true;
    }
    return false;
}

static bool bind_to(struct lint *l, int alias, bool bound)
{
    bool news = false;
    if (!bound) return false;
    for (int i = 0; alias < 0 && i < l->n_src; i++) { /* bare: the only table there is */
        if (l->src[i].bound) continue;
        l->src[i].bound = news = true;
    }
    for (struct source *s = NULL; alias >= 0 && (s = by_alias(l, &l->tok[alias], s)) != NULL;) {
        if (s->bound) continue;
        s->bound = news = true;
    }
    return news;
}

static bool bound_alias(struct lint *l, int alias)
{
    if (alias < 0) return l->n_src == 1 && l->src[0].bound;
    struct source *s = by_alias(l, &l->tok[alias], NULL);
    return s && s->bound;
}

/* county = ?1, a.county = b.county, one round over the text. */
static bool bind_round(struct lint *l)
{
    bool news = false;
    for (int i = 0; i < l->n; i++) {
        int after, alias, after2, alias2;
        if (!county_at(l, i, &after, &alias) || !is(l, after, "=")) {
            if (l->tok[i].kind == SQL_PARAM && l->tok[i].number == 1 && is(l, i + 1, "=") &&
                county_at(l, i + 2, &after, &alias))
                news |= bind_to(l, alias, true);
            continue;
        }
        const struct sql_token *t = &l->tok[after + 1 < l->n ? after + 1 : after];
        if (t->kind == SQL_PARAM) {
            news |= bind_to(l, alias, t->number == 1);
        } else if (county_at(l, after + 1, &after2, &alias2)) {
            news |= bind_to(l, alias, bound_alias(l, alias2));
            news |= bind_to(l, alias2, bound_alias(l, alias));
        }
        if (is(l, i, "county")) continue;
        i = after;
    }
    return news;
}

/* Whether the value at i is a county already bound. */
static bool bound_value(struct lint *l, int i)
{
    int after, alias;
    if (l->tok[i].kind == SQL_PARAM) return l->tok[i].number == 1;
    return county_at(l, i, &after, &alias) && alias >= 0 && bound_alias(l, alias);
}

/* The place of county in the column list that begins at *i; leaves *i behind the list. */
static int county_place(const struct lint *l, int *i)
{
    int place = 0, found = -1;
    for (; *i < l->n && !is(l, *i, ")"); ++*i) {
        if (is(l, *i, "county")) found = place;
        if (is(l, *i, ",")) place++;
    }
    return found;
}

/* insert into t (county, ...) values (?1, ...), or select ?1, ...: what stands in county's place. */
static bool bind_insert(struct lint *l, struct source *target)
{
    int i = target->at + 2, place = 0, found = county_place(l, &i);
    while (i < l->n && !is(l, i, "values") && !is(l, i, "select")) i++;
    bool select = is(l, i, "select");
    if (!select) i++;
    if (i >= l->n || found < 0) return false;
    int depth = l->tok[i].depth + !select;
    for (i++; i < l->n && l->tok[i].depth >= depth; i++) {
        if (l->tok[i].depth > depth) continue;
        if (select && is(l, i, "from")) break;
        if (place == found && bound_value(l, i)) return target->bound = true;
        if (is(l, i, ",")) place++;
    }
    return false;
}

static void bind_all(struct lint *l)
{
    for (bool news = true; news;) {
        news = bind_round(l);
        for (int i = 0; i < l->n_src; i++)
            if (!l->src[i].bound && is(l, l->src[i].at - 1, "into"))
                news |= bind_insert(l, &l->src[i]);
    }
}

static bool check_reach(struct lint *l)
{
    bind_all(l);
    for (int i = 0; i < l->n_src; i++) {
        const struct source *s = &l->src[i];
        if (s->t->reach != REACH_COUNTY) continue;
        char rule[200];
        if (l->s->class == STMT_REF) {
            snprintf(rule, sizeof rule, "class REF, and %s is sharded", s->t->name);
            return refuse(l, rule);
        }
        if (l->s->class == STMT_ROUTER && !s->bound) {
            snprintf(rule, sizeof rule, "class ROUTER, and the county of %s is not ?1", s->alias);
            return refuse(l, rule);
        }
    }
    return true;
}

/* Assignments of an UPDATE: county never changes by one. */
static bool check_set(struct lint *l)
{
    for (int i = 0; i < l->n; i++) {
        if (!is(l, i, "set")) continue;
        int depth = l->tok[i].depth;
        for (int k = i + 1; k < l->n && !is(l, k, "where") && l->tok[k].depth >= depth; k++)
            if (is(l, k, "county") && is(l, k + 1, "=") && (k == i + 1 || is(l, k - 1, ",")) &&
                l->tok[k].depth == depth)
                return refuse(l, "assigns to county: a row moves by a copy and a deletion");
    }
    return true;
}

static bool sharded(const struct lint *l)
{
    for (int i = 0; i < l->n_src; i++)
        if (l->src[i].t->reach == REACH_COUNTY) return true;
    return false;
}

static bool aggregate(const struct lint *l, int i)
{
    return is(l, i + 1, "(") && (is(l, i, "count") || is(l, i, "sum") || is(l, i, "min") ||
                                 is(l, i, "max"));
}

/* A scalar subselect beside an aggregate in one list of results. */
static bool mixed_list(const struct lint *l, int i)
{
    int depth = l->tok[i].depth;
    bool sub = false, agg = false;
    for (int k = i + 1; k < l->n && l->tok[k].depth >= depth; k++) {
        bool own = l->tok[k].depth == depth;
        if (own && is(l, k, "from")) break;
        if (is(l, k, "select")) sub = true;
        if ((own || !sub) && aggregate(l, k)) agg = true;
    }
    return sub && agg;
}

static bool check_lists(struct lint *l)
{
    for (int i = 0; i < l->n; i++)
        if (is(l, i, "select") && sharded(l) && mixed_list(l, i))
            return refuse(l, "a subselect beside an aggregate is refused by a cluster");
    return true;
}

/* Nullable columns in an ORDER BY: the engines put NULLs at different ends. */
static bool nullable(const struct lint *l, const struct sql_token *t)
{
    bool maybe = false;
    for (int i = 0; i < l->n_src; i++) {
        for (int c = 0; c < l->src[i].t->n; c++) {
            const struct column *col = &l->src[i].t->cols[c];
            if (!sql_is(t, col->name)) continue;
            if (col->not_null) return false;
            maybe = true;
        }
    }
    return maybe;
}

static bool check_order(struct lint *l)
{
    for (int i = 0; i + 1 < l->n; i++) {
        if (!is(l, i, "order") || !is(l, i + 1, "by")) continue;
        int depth = l->tok[i].depth;
        for (int k = i + 2; k < l->n && l->tok[k].depth >= depth; k++) {
            if (is(l, k, "limit")) break;
            if (l->tok[k].depth != depth || !nullable(l, &l->tok[k]) || is(l, k + 1, ".")) continue;
            int next = k + 1 + (is(l, k + 1, "desc") || is(l, k + 1, "asc"));
            if (!is(l, next, "nulls"))
                return refuse(l, "orders by a column that may be empty: say NULLS FIRST or LAST");
        }
    }
    return true;
}

static bool check_shapes(struct lint *l)
{
    bool recursive = false, deletes = false, updates = false;
    for (int i = 0; i < l->n; i++) {
        recursive |= is(l, i, "recursive");
        deletes |= is(l, i, "delete");
        updates |= is(l, i, "update") && i == 0;
        if (deletes && is(l, i, "using")) return refuse(l, "DELETE USING is unknown to SQLite");
        if ((updates || deletes) && is(l, i, "limit") && l->tok[i].depth == 0)
            return refuse(l, "UPDATE and DELETE take no LIMIT");
        if (is(l, i, ")") && is(l, i + 1, "as") && is(l, i + 3, "("))
            return refuse(l, "VALUES AS v(x) is unknown to SQLite: use WITH v(x) AS");
    }
    if (recursive && sharded(l)) return refuse(l, "WITH RECURSIVE goes over reference tables only");
    return true;
}

bool stmt_lint(const struct stmt *s, const struct table *const *tables, int n, struct err *e)
{
    struct lint l = { .s = s, .tables = tables, .n_tables = n, .e = e };
    struct sql_scan scan = { .p = s->sql };
    if (s->class < STMT_ROUTER || s->class > STMT_ADMIN)
        return err_set(e, ERR_INTERNAL, "%s: has no class", stmt_label(s));
    if (s->class == STMT_ADMIN) return true; /* it may use what one engine alone has */
    l.tok = mem_alloc(sizeof *l.tok * MAX_TOKENS);
    for (struct sql_token t; (t = sql_next(&scan)).kind != SQL_END && l.n < MAX_TOKENS - 1;)
        l.tok[l.n++] = t;
    bool ok = (l.n < MAX_TOKENS - 1 || refuse(&l, "is too long")) && check_words(&l) &&
              gather_tables(&l) && check_shapes(&l) && check_set(&l) && check_lists(&l) &&
              check_order(&l) && check_reach(&l);
    free(l.tok);
    return ok;
}
