/* What an account may see: its area, what its organisation and those below it did, and the places
 * they are paired with. */
#include "programme/access/access_sql.h"

#include <stdlib.h>

#include "base/date.h"

enum { RANGES = 64, COUNTY_LEVEL = 3 };

struct ranges { struct place_range *at; size_t n, cap; };
struct pasts { struct past_range *at; size_t n, cap; };
struct ids { int64_t *at; size_t n, cap; };

struct making {
    const struct model *mo;
    struct db *d;
    struct arena *a;
    int32_t today;
    int64_t pending;
    struct ranges ranges;
    struct pasts pasts;
    struct ids partners;
    bool places;                   /* of pairings found: their places are opened too */
    struct ids paired;             /* places of active pairings, of ended ones with their dates */
    struct pasts ended;            /* lo: the place */
};

/* Room for one more; arena arrays that double. */
#define MORE(m, list) \
    do { \
        if ((list)->n == (list)->cap) { \
            size_t cap_ = (list)->cap ? (list)->cap * 2 : 16; \
            void *more_ = arena_array((m)->a, cap_, sizeof *(list)->at); \
            if ((list)->n) memcpy(more_, (list)->at, (list)->n * sizeof *(list)->at); \
            (list)->at = more_; \
            (list)->cap = cap_; \
        } \
    } while (0)

static bool add_place(struct making *m, int64_t place, int32_t from, int32_t to, bool past,
                      struct err *e)
{
    const struct places *p = m->mo->places;
    struct place_range r[RANGES];
    int n = 0;
    if (!p->ranges(p->arg, m->d, place, r, RANGES, &n, e)) return false;
    for (int i = 0; i < n; i++) {
        if (past) {
            MORE(m, &m->pasts);
            m->pasts.at[m->pasts.n++] = (struct past_range){ r[i].lo, r[i].hi, from, to };
        } else {
            MORE(m, &m->ranges);
            m->ranges.at[m->ranges.n++] = r[i];
        }
    }
    return true;
}

static void add_id(struct making *m, struct ids *l, struct val v)
{
    if (v.type != VAL_INT) return;
    MORE(m, l);
    l->at[l->n++] = v.i;
}

/* A pairing that is known for a province or prefecture alone opens nothing: it says too little. */
static bool take_pairing(void *arg, const struct val *row, int n, struct err *e)
{
    struct making *m = arg;
    (void)n, (void)e;
    add_id(m, &m->partners, row[3]);
    add_id(m, &m->partners, row[4]);
    if (!m->places || row[0].type != VAL_INT || place_level(row[0].i) < COUNTY_LEVEL) return true;
    int32_t from = row[1].type == VAL_INT ? (int32_t)row[1].i : DATE_MIN;
    int32_t to = row[2].type == VAL_INT ? (int32_t)row[2].i : DATE_MAX;
    if (from > m->today) return true;
    if (to >= m->today) {
        add_id(m, &m->paired, row[0]);
        return true;
    }
    MORE(m, &m->ended);
    m->ended.at[m->ended.n++] = (struct past_range){ row[0].i, 0, from, to };
    return true;
}

static bool add_pairings(struct making *m, const int64_t *orgs, size_t n, struct err *e)
{
    m->places = true;
    for (size_t i = 0; i < n; i++) {
        const struct val v[] = { val_int(m->pending), val_int(orgs[i]) };
        if (!db_query(m->d, access_sql(ACCESS_PAIRED_AGREEMENT), v, 2, take_pairing, m, e) ||
            !db_query(m->d, access_sql(ACCESS_PAIRED_HELPED), v, 2, take_pairing, m, e))
            return false;
    }
    m->places = false;
    for (size_t i = 0; i < m->paired.n; i++)
        if (!add_place(m, m->paired.at[i], 0, 0, false, e)) return false;
    for (size_t i = 0; i < m->ended.n; i++)
        if (!add_place(m, m->ended.at[i].lo, m->ended.at[i].from, m->ended.at[i].to, true, e))
            return false;
    return true;
}

static bool add_partners(struct making *m, struct err *e)
{
    for (size_t i = 0; i < m->ranges.n; i++) {
        const struct place_range *r = &m->ranges.at[i];
        const struct val v[] = { val_int(m->pending), val_int(r->lo / 1000000), val_int(r->hi / 1000000),
                                 val_int(r->lo), val_int(r->hi) };
        if (!db_query(m->d, access_sql(ACCESS_PARTNERS), v, 5, take_pairing, m, e)) return false;
    }
    return true;
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static int tidy_ids(int64_t *at, size_t n)
{
    int k = 0;
    if (n) qsort(at, n, sizeof *at, by_value);
    for (size_t i = 0; i < n; i++)
        if (!k || at[k - 1] != at[i]) at[k++] = at[i];
    return k;
}

static bool add_organisation(struct making *m, const struct parties *parties, int64_t org,
                             struct scope *out, struct err *e)
{
    const int64_t *below = NULL;
    size_t n = 0;
    if (parties && parties->subtree &&
        !parties->subtree(parties->arg, m->d, org, m->a, &below, &n, e))
        return false;
    int64_t *own = arena_array(m->a, n + 1, sizeof *own);
    own[0] = org;
    if (n) memcpy(own + 1, below, n * sizeof *own);
    out->orgs = tidy_ids(own, n + 1);
    out->org = own;
    return add_pairings(m, own, (size_t)out->orgs, e);
}

bool scope_make(const struct model *mo, struct db *d, const struct parties *parties,
                const struct val *account, int32_t today, struct arena *a, struct scope *out,
                struct err *e)
{
    struct val role = account[ROW_FIRST + ACCOUNT_ROLE], place = account[ROW_FIRST + ACCOUNT_PLACE];
    struct val org = account[ROW_FIRST + ACCOUNT_ORGANISATION], whole = account[ROW_FIRST + ACCOUNT_WHOLE];
    struct making m = { .mo = mo, .d = d, .a = a, .today = today };
    *out = (struct scope){ .role = role.type == VAL_TEXT ? role_find(role.p, role.n) : ROLE_NONE };
    if (out->role == ROLE_PUBLIC) out->role = ROLE_NONE;
    if (!load_pending(d, &m.pending, e)) return false;
    if (org.type == VAL_INT && !add_organisation(&m, parties, org.i, out, e)) return false;
    if (out->role == ROLE_ADMIN || (whole.type == VAL_INT && whole.i)) {
        out->everywhere = out->role != ROLE_NONE;
        return true;
    }
    if (place.type == VAL_INT && !add_place(&m, place.i, 0, 0, false, e)) return false;
    if (!add_partners(&m, e)) return false;
    out->ranges = ranges_tidy(m.ranges.at, (int)m.ranges.n);
    out->range = m.ranges.at;
    out->past = m.pasts.at;
    out->pasts = (int)m.pasts.n;
    out->partners = tidy_ids(m.partners.at, m.partners.n);
    out->partner = m.partners.at;
    if (place.type == VAL_INT && !out->orgs) out->place = place.i;
    return true;
}
