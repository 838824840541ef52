/* Which records have two sides, and who acts for which. */
#include <string.h>

#include "base/count.h"
#include "programme/sides/sides.h"

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
    { "recruitment", { "helper" }, { NULL }, NULL },
    { "trip", { "helper", "employer" }, { NULL }, NULL },
    { "outcome", { "helper" }, { NULL }, NULL },
    { "dividend", { "helper" }, { NULL }, NULL },
    { "loan", { "helper", "lender" }, { "borrower" }, NULL },
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

/* ---- who acts ---- */

bool actor_open(struct actor *x, const struct model *mo, struct db *d, int64_t org, struct err *e)
{
    const struct places *p = mo->places;
    struct val v = val_int(org);
    int64_t seat = 0;
    bool found = false;
    *x = (struct actor){ .d = d, .org = org };
    map_init(&x->above, sizeof(int64_t), sizeof(bool));
    if (!p || !p->ranges) return true;
    if (!db_int(d, &sides_stmts.stmts[SIDES_AUTHORITY], &v, 1, &seat, &found, e)) return false;
    return !found || !seat || p->ranges(p->arg, d, seat, x->range, COUNT(x->range), &x->ranges, e);
}

void actor_close(struct actor *x) { map_free(&x->above); }

bool actor_above(struct actor *x, int64_t org, bool *out, struct err *e)
{
    struct val p[] = { val_int(org), val_int(x->org) };
    const bool *known = map_get(&x->above, &org);
    int64_t n = 0;
    bool found;
    *out = org == x->org;
    if (*out || !org) return true;
    if (known) return *out = *known, true;
    if (!db_int(x->d, &sides_stmts.stmts[SIDES_ACTS], p, COUNT(p), &n, &found, e)) return false;
    *out = n > 0;
    bool *kept = map_put(&x->above, &org, NULL);
    *kept = *out;
    return true;
}

static bool above_any(struct actor *x, const int64_t *orgs, bool *out, struct err *e)
{
    *out = false;
    for (int i = 0; i < ENDS_MAX && !*out; i++)
        if (!actor_above(x, orgs[i], out, e)) return false;
    return true;
}

bool actor_side(struct actor *x, const struct ends *ends, enum side *out, struct err *e)
{
    bool helper, helped, here = false;
    *out = SIDE_NONE;
    if (!above_any(x, ends->org[SIDE_HELPER], &helper, e) ||
        !above_any(x, ends->org[SIDE_HELPED], &helped, e))
        return false;
    /* An authority whose place holds the row's. */
    for (int i = 0; i < x->ranges && ends->place; i++)
        here = here || (ends->place >= x->range[i].lo && ends->place <= x->range[i].hi);
    if (helper && helped)
        return err_set(e, ERR_FORBIDDEN,
                       "this organisation stands above both sides of the record: let one of the "
                       "two ends speak");
    *out = helper ? SIDE_HELPER : helped || here ? SIDE_HELPED : SIDE_NONE;
    return true;
}

bool acts_for(const struct model *mo, struct db *d, const struct ends *ends, int64_t org,
              enum side *out, struct err *e)
{
    struct actor x;
    bool ok = actor_open(&x, mo, d, org, e) && actor_side(&x, ends, out, e);
    actor_close(&x);
    return ok;
}
