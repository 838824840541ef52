/* Which records have two sides, and who acts for which. */
#include <string.h>

#include "programme/sides/sides.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof(*(a))))

/* Fields that name the ends; `turns` names a field that says which way it goes. */
static const struct shape {
    const char *entity, *helper[ENDS_MAX], *helped[ENDS_MAX];
    const char *turns;
} shapes[] = {
    { "frame", { "helper" }, { "helped" }, NULL },
    { "agreement", { "helper" }, { "helped" }, NULL },
    { "commitment", { "helper" }, { NULL }, NULL },
    { "visit", { "visitor" }, { "host" }, "direction" },
    { "meeting", { "organisation" }, { "partner" }, NULL },
    { "activity", { "organisation" }, { "partner" }, NULL },
    { "service", { "organisation" }, { NULL }, NULL },
    { "allocation", { "helper" }, { "taker" }, NULL },
    { "transfer", { "giver" }, { "taker" }, NULL },
    { "equity_share", { "helper" }, { "company", "holder" }, NULL },
    { "project", { "helper" }, { "partner" }, NULL },
    { "output", { "helper" }, { NULL }, NULL },
    { "benefit_link", { "helper" }, { "cooperative" }, NULL },
    { "firm_landed", { "helper", "firm" }, { NULL }, NULL },
    { "event", { "organisation" }, { NULL }, NULL },
    { "placement", { "helper", "employer" }, { NULL }, NULL },
    { "welfare_post", { "helper" }, { NULL }, NULL },
    { "workshop", { "helper" }, { "operator" }, NULL },
    { "station", { "helper" }, { "partner" }, NULL },
    { "channel", { "helper" }, { NULL }, NULL },
    { "purchase", { "helper", "buyer" }, { "seller" }, NULL },
    { "posting", { "helper" }, { "host" }, "direction" },
    { "course", { "helper" }, { NULL }, NULL },
    { "student_aid", { "helper" }, { NULL }, NULL },
};

static const struct shape *shape_of(const struct table_map *m)
{
    for (int i = 0; i < COUNT(shapes); i++)
        if (strcmp(shapes[i].entity, m->entity->name) == 0) return &shapes[i];
    return NULL;
}

bool two_sided(const struct table_map *m) { return shape_of(m) != NULL; }
int two_sided_count(void) { return COUNT(shapes); }
const char *two_sided_name(int i) { return shapes[i].entity; }

static void take(const struct table_map *m, const struct val *row, const char *const *names,
                 int64_t *out)
{
    for (int i = 0; i < ENDS_MAX && names[i]; i++) {
        int f = map_field(m, names[i]);
        struct val v = f < 0 ? val_null() : row[m->column[f]];
        if (v.type == VAL_INT) out[i] = v.i;
    }
}

static bool turned(const struct table_map *m, const struct val *row, const char *field)
{
    int f = field ? map_field(m, field) : -1;
    struct val v = f < 0 ? val_null() : row[m->column[f]];
    return v.type == VAL_TEXT && v.n == 9 && memcmp(v.p, "to_helper", 9) == 0;
}

void row_ends(const struct table_map *m, const struct val *row, struct ends *out)
{
    const struct shape *s = shape_of(m);
    *out = (struct ends){ .place = 0 };
    if (m->place >= 0 && row[m->column[m->place]].type == VAL_INT)
        out->place = row[m->column[m->place]].i;
    if (!s) return;
    bool t = turned(m, row, s->turns);
    take(m, row, s->helper, out->org[t ? SIDE_HELPED : SIDE_HELPER]);
    take(m, row, s->helped, out->org[t ? SIDE_HELPER : SIDE_HELPED]);
}

static bool above_any(struct db *d, const int64_t *orgs, int64_t org, bool *out, struct err *e)
{
    *out = false;
    for (int i = 0; i < ENDS_MAX && !*out; i++) {
        struct val p[] = { val_int(orgs[i]), val_int(org) };
        int64_t n = 0;
        bool found;
        if (!orgs[i]) continue;
        if (orgs[i] == org) *out = true;
        else if (!db_int(d, &sides_stmts.stmts[SIDES_ACTS], p, COUNT(p), &n, &found, e))
            return false;
        *out = *out || n > 0;
    }
    return true;
}

/* An authority whose place holds the row's. */
static bool governs(const struct model *mo, struct db *d, int64_t place, int64_t org, bool *out,
                    struct err *e)
{
    struct place_range range[64];
    const struct places *p = mo->places;
    struct val v = val_int(org);
    int64_t seat = 0;
    int n = 0;
    bool found = false;
    *out = false;
    if (!place || !p || !p->ranges) return true;
    if (!db_int(d, &sides_stmts.stmts[SIDES_AUTHORITY], &v, 1, &seat, &found, e)) return false;
    if (!found || !seat) return true;
    if (!p->ranges(p->arg, d, seat, range, COUNT(range), &n, e)) return false;
    for (int i = 0; i < n; i++) *out = *out || (place >= range[i].lo && place <= range[i].hi);
    return true;
}

bool acts_for(const struct model *mo, struct db *d, const struct ends *ends, int64_t org,
              enum side *out, struct err *e)
{
    bool helper, helped, here = false;
    *out = SIDE_NONE;
    if (!above_any(d, ends->org[SIDE_HELPER], org, &helper, e) ||
        !above_any(d, ends->org[SIDE_HELPED], org, &helped, e))
        return false;
    if (!helper && !helped && !governs(mo, d, ends->place, org, &here, e)) return false;
    if (helper && helped)
        return err_set(e, ERR_FORBIDDEN,
                       "this organisation stands above both sides of the record: let one of the "
                       "two ends speak");
    *out = helper ? SIDE_HELPER : helped || here ? SIDE_HELPED : SIDE_NONE;
    return true;
}
