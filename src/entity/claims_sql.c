/* Claims: values that one row in the nation may have, kept in the store's table national_key. */
#include <string.h>

#include "entity/plan.h"

static const struct stmt stmts[] = {
    [CLAIM_TAKE] = { "claim_take", STMT_REF,
        "insert into national_key (kind, value, county, id) values (?1, ?2, ?3, ?4) "
        "on conflict (kind, value) do nothing", NULL },
    [CLAIM_HOLDER] = { "claim_holder", STMT_REF,
        "select county, id from national_key where kind = ?1 and value = ?2", NULL },
    [CLAIM_FREE] = { "claim_free", STMT_REF,
        "delete from national_key where kind = ?1 and value = ?2 and county = ?3 and id = ?4",
        NULL },
    [CLAIM_SCAN] = { "claim_scan", STMT_ADMIN,
        "select kind, value, county, id from national_key where kind >= ?1 and kind <= ?2 "
        "order by kind, value", NULL },
};
_Static_assert(sizeof stmts / sizeof *stmts == CLAIM_N_STMTS, "one row a statement");

const struct stmt_table claim_stmts = { "entity_claims", stmts, CLAIM_N_STMTS };

#define SEPARATOR '\x1f' /* in no stored text: reading refuses control characters */

static size_t int_text(int64_t v, char out[20])
{
    char digits[20];
    size_t n = 0, m = 0;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do digits[n++] = (char)('0' + u % 10);
    while ((u /= 10) > 0);
    if (v < 0) out[m++] = '-';
    while (n) out[m++] = digits[--n];
    return m;
}

/* A far reference adds its county before the id: the pair is what is unique. */
struct val claim_value(const struct table_map *m, const struct claim *c, const struct val *row,
                       struct arena *a)
{
    size_t room = 0, n = 0;
    if (m->left >= 0 && !val_is_null(row[m->column[m->left]])) return val_null();
    for (int i = 0; i < c->n; i++) {
        struct val v = row[m->column[c->fields[i]]];
        if (val_is_null(v)) return val_null();
        room += v.type == VAL_INT ? 44 : (size_t)v.n + 1;
    }
    if (c->n == 1 && row[m->column[c->fields[0]]].type == VAL_TEXT)
        return row[m->column[c->fields[0]]];
    char *text = arena_alloc(a, room), digits[20];
    for (int i = 0; i < c->n; i++) {
        int at[2] = { m->county_column[c->fields[i]], m->column[c->fields[i]] };
        for (int k = 0; k < 2; k++) {
            if (at[k] < 0) continue;
            struct val v = row[at[k]];
            if (n) text[n++] = SEPARATOR;
            const char *p = v.type == VAL_INT ? digits : v.p;
            size_t len = v.type == VAL_INT ? int_text(v.i, digits) : v.n;
            memcpy(text + n, p, len);
            n += len;
        }
    }
    return val_textn(text, n);
}
