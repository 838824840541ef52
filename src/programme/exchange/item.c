#include "programme/exchange/item.h"

#include <string.h>

#include "base/json.h"

enum { I_COUNTY, I_ID, I_SENDER, I_OF, I_RECORD, I_PLACE, I_PACKAGE, I_NUMBER, I_STATE, I_OURS,
       I_CONTENT, I_DIGEST };

static const char *text(struct arena *a, struct val v)
{
    return v.type == VAL_TEXT ? arena_strndup(a, v.p, v.n) : "";
}

void item_read(const struct val *r, struct arena *a, struct item *out)
{
    *out = (struct item){ .county = r[I_COUNTY].i, .id = r[I_ID].i, .sender = r[I_SENDER].i,
        .of = text(a, r[I_OF]), .record = text(a, r[I_RECORD]),
        .place = r[I_PLACE].type == VAL_INT ? r[I_PLACE].i : 0, .package = text(a, r[I_PACKAGE]),
        .number = r[I_NUMBER].type == VAL_INT ? r[I_NUMBER].i : 0, .state = text(a, r[I_STATE]),
        .ours = text(a, r[I_OURS]), .content = text(a, r[I_CONTENT]),
        .digest = text(a, r[I_DIGEST]) };
}

struct holder { int64_t county, id; bool found; };

static bool take_holder(void *arg, const struct val *r, int n, struct err *e)
{
    (void)n, (void)e;
    *(struct holder *)arg = (struct holder){ r[0].i, r[1].i, true };
    return true;
}

bool row_by_code(const struct model *mo, struct db *d, const struct table_map *m, const char *code,
                 int64_t pending, struct arena *a, struct val *row, bool *found, struct err *e)
{
    struct holder h = { .found = false };
    struct err why = { 0 };
    *found = false;
    if (m->key_national) {
        struct val p[2] = { val_int(m->claims[0].kind), val_text(code) };
        if (!db_query(d, &claim_stmts.stmts[CLAIM_HOLDER], p, 2, take_holder, &h, e)) return false;
    } else if (ref_find(mo, m, code, strlen(code), -1, d, a, &h.county, &h.id, &why)) h.found = true;
    else if (why.code != ERR_NOT_FOUND) return *e = why, false;
    if (!h.found) return true;
    if (!row_get(d, m, h.county, h.id, a, row, found, e)) return false;
    if (*found && row[ROW_LOAD].i == pending) *found = false;
    return true;
}

bool row_agrees(const struct model *mo, struct db *d, const struct table_map *m,
                const struct val *row, const struct given *g, int n, struct arena *a)
{
    for (int i = 0; i < n; i++) {
        if (!told_field(m, g[i].field)) continue;
        bool none = val_is_null(row[m->column[g[i].field]]);
        const char *ours = none ? "" : field_write(mo, m, g[i].field, row, d, a);
        if (strcmp(ours, g[i].text) != 0) return false;
    }
    return true;
}

static bool listed(const char *list, const char *name)
{
    size_t n = strlen(name);
    for (const char *p = list; (p = strstr(p, name)); p += n)
        if ((p == list || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0')) return true;
    return false;
}

bool given_read(const struct table_map *m, const char *content, struct arena *a, struct given **out,
                int *n, struct err *e)
{
    struct json *j;
    *n = 0;
    if (!json_parse(&j, content, strlen(content), a, e) || j->type != JSON_OBJECT)
        return err_set(e, ERR_CORRUPT, "the values of an item are damaged: see verify");
    *out = arena_array(a, (size_t)m->fields + 1, sizeof **out);
    const struct json *lacks = json_get(j, "");
    for (int f = 0; f < m->fields; f++) {
        const struct json *v = json_get(j, m->field[f].name);
        bool there = v && v->type == JSON_TEXT;
        bool told = told_field(m, f) && !(lacks && lacks->type == JSON_TEXT &&
                                          listed(lacks->text, m->field[f].name));
        if (there || told) (*out)[(*n)++] = (struct given){ f, there ? v->text : "" };
    }
    return true;
}
