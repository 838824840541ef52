/* Reading SQL as far as a guard needs it: words, parameters and parentheses, never a grammar. */
#include "store/driver.h"

#include <stdlib.h>
#include <strings.h>

static bool word_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 128;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *skip_space(const char *p)
{
    for (;;) {
        p += strspn(p, " \n\t\r");
        if (p[0] == '-' && p[1] == '-') {
            p += strcspn(p, "\n");
        } else if (p[0] == '/' && p[1] == '*') {
            const char *end = strstr(p + 2, "*/");
            p = end ? end + 2 : p + strlen(p);
        } else {
            return p;
        }
    }
}

static const char *skip_quoted(const char *p)
{
    char q = *p++;
    while (*p) {
        if (*p == q && p[1] == q) p += 2;
        else if (*p++ == q) break;
    }
    return p;
}

static const char *read_mark(struct sql_scan *s, struct sql_token *t)
{
    const char *p = t->p;
    if (*p == '(') s->depth++;
    if (*p == ')') t->depth = --s->depth;
    if (strchr("<>=!:|", *p++) && *p && strchr("<>=|:", *p)) p++;
    return p;
}

struct sql_token sql_next(struct sql_scan *s)
{
    const char *p = skip_space(s->p);
    struct sql_token t = { .kind = SQL_MARK, .p = p, .depth = s->depth };
    if (*p == '\0') {
        t.kind = SQL_END;
    } else if (word_start(*p)) {
        t.kind = SQL_WORD;
        while (word_start(*p) || digit(*p)) p++;
    } else if (digit(*p)) {
        t.kind = SQL_NUMBER;
        while (digit(*p) || *p == '.') p++;
    } else if (*p == '\'' || *p == '"') {
        t.kind = *p == '"' ? SQL_QUOTED : SQL_STRING;
        p = skip_quoted(p);
    } else if (*p == '?') {
        t.kind = SQL_PARAM;
        for (p++; digit(*p); p++)
            if (t.number < 100000) t.number = t.number * 10 + (*p - '0');
    } else {
        p = read_mark(s, &t);
    }
    t.n = (size_t)(p - t.p);
    s->p = p;
    return t;
}

bool sql_is(const struct sql_token *t, const char *word)
{
    if (t->kind != SQL_WORD && t->kind != SQL_MARK) return false;
    return strlen(word) == t->n && strncasecmp(t->p, word, t->n) == 0;
}

static enum sql_verb verb_of(const struct sql_token *t)
{
    static const char *const reading[] = { "select", "values", "explain", "pragma" };
    for (size_t i = 0; i < sizeof reading / sizeof *reading; i++)
        if (sql_is(t, reading[i])) return VERB_SELECT; /* SQLite's authorizer knows the pragmas */
    if (sql_is(t, "insert") || sql_is(t, "replace")) return VERB_INSERT;
    if (sql_is(t, "update")) return VERB_UPDATE;
    if (sql_is(t, "delete")) return VERB_DELETE;
    return VERB_OTHER;
}

/* The table name behind `insert into`, `update`, `delete from`; of a qualified one the last
 * part. */
static void read_table(struct sql_scan *s, struct sql_shape *out)
{
    struct sql_token t = sql_next(s);
    while (sql_is(&t, "into") || sql_is(&t, "from") || sql_is(&t, "only") || sql_is(&t, "or") ||
           sql_is(&t, "replace") || sql_is(&t, "ignore"))
        t = sql_next(s);
    struct sql_scan ahead = *s;
    struct sql_token dot = sql_next(&ahead);
    if (sql_is(&dot, ".")) {
        *s = ahead;
        t = sql_next(s);
    }
    const char *p = t.p;
    size_t n = t.n;
    if (t.kind == SQL_QUOTED && n >= 2) {
        p++;
        n -= 2;
    }
    if (n >= sizeof out->table) n = sizeof out->table - 1;
    for (size_t i = 0; i < n; i++)
        out->table[i] = p[i] >= 'A' && p[i] <= 'Z' ? (char)(p[i] + 32) : p[i];
    out->table[n] = '\0';
}

static bool find_verb(struct sql_scan *s, struct sql_shape *out)
{
    struct sql_token t = sql_next(s);
    if (!sql_is(&t, "with")) {
        out->verb = verb_of(&t);
        return true;
    }
    while (t.kind != SQL_END) {
        t = sql_next(s);
        enum sql_verb v = verb_of(&t);
        if (v == VERB_OTHER || (v == VERB_SELECT && t.depth > 0)) continue;
        if (t.depth > 0) return false;
        out->verb = v;
        return true;
    }
    return true;
}

/* Parameters, and whether an INSERT may change rows: DO UPDATE, OR REPLACE. */
static bool read_params(const char *sql, struct sql_shape *out)
{
    struct sql_scan s = { .p = sql };
    struct sql_token last = { 0 };
    for (struct sql_token t; (t = sql_next(&s)).kind != SQL_END; last = t) {
        if (t.kind == SQL_PARAM && t.number == 0) return false;
        if (t.kind == SQL_PARAM && t.number > out->params) out->params = t.number;
        if (last.p && sql_is(&t, "update") && sql_is(&last, "do")) out->upsert = true;
        if (sql_is(&t, "replace") && (!last.p || sql_is(&last, "or"))) out->upsert = true;
    }
    return true;
}

bool sql_shape(const char *sql, struct sql_shape *out, const char **fault)
{
    struct sql_scan s = { .p = sql };
    *out = (struct sql_shape){ .verb = VERB_OTHER };
    *fault = "a part of WITH may only read";
    if (!find_verb(&s, out)) return false;
    if (out->verb == VERB_INSERT || out->verb == VERB_UPDATE || out->verb == VERB_DELETE)
        read_table(&s, out);
    *fault = "a parameter has no number";
    return read_params(sql, out);
}

void sql_dollars(struct buf *b, const char *sql)
{
    struct sql_scan s = { .p = sql };
    const char *from = sql;
    for (struct sql_token t; (t = sql_next(&s)).kind != SQL_END;) {
        if (t.kind != SQL_PARAM) continue;
        buf_add(b, from, (size_t)(t.p - from));
        buf_char(b, '$');
        from = t.p + 1;
    }
    buf_str(b, from);
}

bool sql_is_append_only(const struct store *s, const char *table)
{
    if (strcmp(table, "journal") == 0) return true;
    size_t n = strlen(table);
    for (const char *p = s->append_only; p && n && (p = strstr(p, table)) != NULL; p++)
        if (p > s->append_only && p[-1] == ' ' && p[n] == ' ') return true;
    return false;
}

bool stmt_admit(struct db *d, const struct stmt *s, const char *sql, struct sql_shape *shape,
                struct err *e)
{
    const char *fault;
    if (s->class < STMT_ROUTER || s->class > STMT_ADMIN)
        return err_set(e, ERR_INTERNAL, "%s: has no class", stmt_label(s));
    if (!sql_shape(sql, shape, &fault))
        return err_set(e, ERR_INTERNAL, "%s: %s", stmt_label(s), fault);
    bool changes = shape->verb == VERB_UPDATE || shape->verb == VERB_DELETE || shape->upsert;
    if (changes && sql_is_append_only(d->store, shape->table))
        return err_set(e, ERR_FORBIDDEN, "%s: %s is append-only, what it holds is never changed",
                       stmt_label(s), shape->table);
    if (shape->verb != VERB_SELECT && d->mode == DB_READ)
        return err_set(e, ERR_FORBIDDEN, "%s: writes on a reading connection", stmt_label(s));
    return true;
}
