/* Who may read what. */
#include "entity/scope.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "entity/load.h"

#define BIT(x) (1u << (x))

enum {
    OPEN = BIT(ACCESS_OPEN), WORK = BIT(ACCESS_WORK), MONEY = BIT(ACCESS_MONEY),
    LABOUR = BIT(ACCESS_LABOUR), PEOPLE = BIT(ACCESS_PEOPLE), ADMIN = BIT(ACCESS_NONE),
    RECORDS = OPEN | WORK | MONEY | LABOUR | PEOPLE
};

const struct role_rights role_rights[ROLE_N] = {
    [ROLE_NONE] = { "none", "Nobody", "无", 0, 0, false, false, false },
    [ROLE_PUBLIC] = { "public", "Public", "公众", OPEN | WORK, 0, false, false, false },
    [ROLE_HELPER] = { "helper", "Helper unit", "帮扶单位", OPEN | WORK, WORK, false, false, false },
    [ROLE_VILLAGE] = { "village", "Village team", "驻村工作队", OPEN | WORK | PEOPLE, WORK | PEOPLE,
                       true, false, false },
    [ROLE_LABOUR] = { "labour", "Labour station", "劳务工作站", OPEN | WORK | LABOUR, LABOUR, true,
                      false, false },
    [ROLE_OFFICER] = { "officer", "Officer", "业务干部", RECORDS, RECORDS, true, false, false },
    [ROLE_AUDITOR] = { "auditor", "Auditor", "审计人员", RECORDS, 0, true, true, false },
    [ROLE_ADMIN] = { "admin", "Administrator", "系统管理员", RECORDS | ADMIN, RECORDS | ADMIN, true,
                     true, true },
};

const struct scope scope_all = { .role = ROLE_ADMIN, .everywhere = true };
const struct scope scope_release = { .role = ROLE_PUBLIC, .everywhere = true, .until = DATE_MAX, .totals = MONEY };

struct scope scope_public(int32_t today)
{
    return (struct scope){ .role = ROLE_PUBLIC, .everywhere = true,
                           .until = date_make(date_civil(today).year, 1, 1) - 1 };
}

bool scope_is_public(const struct scope *s)
{
    return s && s->role == ROLE_PUBLIC;
}

enum role role_find(const char *code, size_t n)
{
    for (int i = ROLE_PUBLIC; i < ROLE_N; i++)
        if (strlen(role_rights[i].code) == n && memcmp(role_rights[i].code, code, n) == 0)
            return (enum role)i;
    return ROLE_NONE;
}

bool scope_reads(const struct scope *s, enum access kind)
{
    return s && s->role > ROLE_NONE && s->role < ROLE_N && (role_rights[s->role].reads & BIT(kind));
}

bool scope_totals(const struct scope *s, enum access kind)
{
    return scope_reads(s, kind) || (s && (s->totals & BIT(kind)));
}

bool scope_kind(const struct scope *s, const struct table_map *m)
{
    return scope_reads(s, m->entity->access) &&
           !(scope_is_public(s) && m->entity->publicity == PUBLIC_NEVER);
}

bool scope_writes(const struct scope *s, const struct table_map *m)
{
    return scope_kind(s, m) && (role_rights[s->role].writes & BIT(m->entity->access));
}

/* A reference tells the public a name; it names what is surely seen, and who gave or received. */
static bool names_the_public(const struct table_map *m, int field, const struct table_map *to)
{
    bool source = m->entity->publicity == PUBLIC_BY_SOURCE && field == m->common + COMMON_SOURCE;
    return source || to->entity->publicity == PUBLIC_ALWAYS || strcmp(to->entity->name, "organisation") == 0;
}

bool scope_field(const struct scope *s, const struct model *mo, const struct table_map *m, int field)
{
    const struct field *f = &m->field[field];
    if (!scope_kind(s, m) || (f->flags & F_PERSONAL)) return false;
    if (f->type != F_REF) return true;
    const struct table_map *to = model_find(mo, f->ref);
    return to && scope_kind(s, to) && (!scope_is_public(s) || names_the_public(m, field, to));
}

bool scope_rule(const struct scope *s, const struct model *mo, const struct table_map *m,
                const char *where, struct arena *a, struct err *e)
{
    struct rule *r;
    if (!where) return true;
    if (!rule_parse(&r, where, strlen(where), 1, 1, &m->schema, a, e)) return false;
    for (int i = 0; i < m->fields; i++) {
        if (scope_field(s, mo, m, i)) continue;
        if (rule_uses(r, m->column[i]) ||
            (m->county_column[i] >= 0 && rule_uses(r, m->county_column[i])))
            return err_field(e, ERR_FORBIDDEN, m->field[i].name,
                             "\"%s\" is not shown, so it cannot be filtered by", m->field[i].name);
    }
    return true;
}

static int by_lo(const void *a, const void *b)
{
    const struct place_range *x = a, *y = b;
    return x->lo < y->lo ? -1 : x->lo > y->lo;
}

int ranges_tidy(struct place_range *r, int n)
{
    int k = 0;
    if (n) qsort(r, (size_t)n, sizeof *r, by_lo);
    for (int i = 0; i < n; i++) {
        if (k && r[i].lo <= r[k - 1].hi + 1) {
            if (r[i].hi > r[k - 1].hi) r[k - 1].hi = r[i].hi;
        } else {
            r[k++] = r[i];
        }
    }
    return k;
}

void scope_mark(const struct scope *s, char out[DIGEST_HEX])
{
    const int64_t head[] = { s->role, s->everywhere, s->place, s->ranges, s->pasts, s->orgs, s->partners };
    unsigned char digest[DIGEST_LEN];
    struct digest d;
    digest_init(&d);
    digest_add(&d, head, sizeof head);
    digest_add(&d, s->range, (size_t)s->ranges * sizeof *s->range);
    digest_add(&d, s->past, (size_t)s->pasts * sizeof *s->past);
    digest_add(&d, s->org, (size_t)s->orgs * sizeof *s->org);
    digest_add(&d, s->partner, (size_t)s->partners * sizeof *s->partner);
    digest_done(&d, digest);
    digest_hex(digest, DIGEST_LEN, out);
}

bool scope_holds(const struct scope *s, const struct place_range *r, int n)
{
    if (!s) return false;
    if (s->everywhere) return true;
    for (int i = 0; i < n; i++) {
        bool in = false;
        for (int k = 0; k < s->ranges && !in; k++)
            in = s->range[k].lo <= r[i].lo && r[i].hi <= s->range[k].hi;
        if (!in) return false;
    }
    return n > 0;
}

static bool has_id(const int64_t *ids, int n, int64_t id)
{
    for (int lo = 0, hi = n; lo < hi;) {
        int mid = (lo + hi) / 2;
        if (ids[mid] == id) return true;
        if (ids[mid] < id) lo = mid + 1;
        else hi = mid;
    }
    return false;
}

bool scope_owns(const struct scope *s, int64_t org)
{
    return s && (s->everywhere || has_id(s->org, s->orgs, org));
}

bool scope_takes_row(const struct scope *s, const struct table_map *m, const struct val *row)
{
    if (!s || s->everywhere) return s != NULL;
    if (m->place >= 0 && row[m->column[m->place]].type == VAL_INT) {
        int64_t place = row[m->column[m->place]].i;
        struct place_range own = place_own_range(place);
        if (scope_holds(s, &own, 1)) return true;
    } else if (row[ROW_COUNTY].type == VAL_INT && row[ROW_COUNTY].i) {
        struct place_range county = { row[ROW_COUNTY].i * 1000000, row[ROW_COUNTY].i * 1000000 + 999999 };
        if (scope_holds(s, &county, 1)) return true;
    }
    for (int i = 0; i < m->fields; i++)
        if (m->field[i].type == F_REF && !strcmp(m->field[i].ref, "organisation") &&
            row[m->column[i]].type == VAL_INT && scope_owns(s, row[m->column[i]].i))
            return true;
    return false;
}
