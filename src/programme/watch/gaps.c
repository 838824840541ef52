/* Gaps, doubles and terms that are over. */
#include "base/date.h"
#include "programme/watch/find.h"

enum { A_CODE, A_LEVEL, A_HELPER, A_PLACE, A_QUANTITY, A_FROM, A_TO, A_COUNTY, A_ID,
       A_RENEWS_COUNTY, A_RENEWS };
enum { L_CODE, L_KIND, L_PLACE, L_HELPER, L_QUANTITY, L_FROM, L_TO };

struct seeking { const struct watch *w; watch_gap_fn *fn; void *arg; struct rows agreement;
                 struct err *e; };

static bool tell(const struct seeking *s, struct watch_gap g)
{
    return !watch_inside(s->w, g.place) || s->fn(s->arg, &g, s->e);
}

static bool in_force(const struct seeking *s, const struct val *a)
{
    return row_date(a[A_FROM], DATE_MIN) <= s->w->on && row_date(a[A_TO], DATE_MAX) >= s->w->on;
}

/* Agreements come by county and place. */
static bool has_agreement(const struct seeking *s, int64_t place)
{
    int lo = 0, hi = s->agreement.n;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        if (row_int(s->agreement.row[mid][A_PLACE]) < place) lo = mid + 1;
        else hi = mid;
    }
    for (; lo < s->agreement.n && row_int(s->agreement.row[lo][A_PLACE]) == place; lo++)
        if (in_force(s, s->agreement.row[lo])) return true;
    return false;
}

static int level_of_kind(struct val kind)
{
    static const struct { const char *word; int level; } words[] = { { "village", 5 },
        { "county", 3 }, { "poor_county", 3 }, { "poor_village", 5 }, { "low_income_village", 5 } };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (kind.type == VAL_TEXT && strlen(words[i].word) == kind.n &&
            memcmp(words[i].word, kind.p, kind.n) == 0)
            return words[i].level;
    return 0;
}

/* A list of places that should have a helper. A row for several places, or for one that is known
 * only by what it lies in, says nothing of any of them. */
static bool seek_places(const struct seeking *s, enum watch_stmt from, enum watch_gap_kind kind)
{
    struct rows rows;
    if (!watch_read_inside(s->w, from, NULL, 0, &rows, s->e)) return false;
    for (int i = 0; i < rows.n; i++) {
        const struct val *r = rows.row[i];
        int64_t place = row_int(r[L_PLACE]);
        int level = level_of_kind(r[L_KIND]);
        if (row_date(r[L_FROM], DATE_MIN) > s->w->on ||
            row_date(r[L_TO], DATE_MAX) < s->w->on || r[L_HELPER].type == VAL_INT)
            continue;
        bool named =
            row_int(r[L_QUANTITY]) == 1 && place && (!level || place_level(place) == level);
        struct watch_gap g = { .kind = named ? kind : GAP_NOT_NAMED, .place = place,
            .count = row_int(r[L_QUANTITY]), .code = row_text(r[L_CODE]),
            .since = row_date(r[L_FROM], DATE_MIN) };
        if (named && has_agreement(s, place)) continue;
        if (!tell(s, g)) return false;
    }
    return true;
}

static bool seek_households(const struct seeking *s)
{
    struct rows rows;
    struct val on = val_int(s->w->on);
    if (!watch_read_inside(s->w, WATCH_ALONE, &on, 1, &rows, s->e)) return false;
    for (int i = 0; i < rows.n; i++)
        if (!tell(s, (struct watch_gap){ .kind = GAP_HOUSEHOLDS, .place = row_int(rows.row[i][0]),
                                         .count = row_int(rows.row[i][1]), .code = "",
                                         .since = DATE_MIN }))
            return false;
    return true;
}

/* By the same helper for the place, or by an agreement that says so. */
static bool renewed(const struct seeking *s, int from, int to, const struct val *a)
{
    for (int i = from; i < to; i++) {
        const struct val *next = s->agreement.row[i];
        bool says = val_equal(next[A_RENEWS], a[A_ID]) &&
                    val_equal(next[A_RENEWS_COUNTY], a[A_COUNTY]);
        if ((says || val_equal(next[A_HELPER], a[A_HELPER])) && in_force(s, next)) return true;
    }
    return false;
}

static bool one_village_one_enterprise(const struct val *a)
{
    static const char level[] = "enterprise_village";
    return a[A_LEVEL].type == VAL_TEXT && a[A_LEVEL].n == sizeof level - 1 &&
           memcmp(a[A_LEVEL].p, level, sizeof level - 1) == 0;
}

/* The helpers of one place, in force, each once; of enterprises for a village alone, or of all. */
static struct watch_gap helpers(const struct seeking *s, int from, int to, bool enterprises)
{
    struct watch_gap g = { .kind = enterprises ? GAP_DOUBLE : GAP_MANY,
                           .code = "",
                           .since = DATE_MIN,
                           .place = row_int(s->agreement.row[from][A_PLACE]) };
    for (int i = from; i < to; i++) {
        const struct val *a = s->agreement.row[i];
        bool again = false;
        if (!in_force(s, a) || a[A_HELPER].type != VAL_INT || row_int(a[A_QUANTITY]) != 1)
            continue;
        if (enterprises && !one_village_one_enterprise(a)) continue;
        for (int k = from; k < i; k++)
            again |= val_equal(s->agreement.row[k][A_HELPER], a[A_HELPER]) &&
                     in_force(s, s->agreement.row[k]) &&
                     (!enterprises || one_village_one_enterprise(s->agreement.row[k]));
        if (again) continue;
        g.count++;
        g.code = arena_printf(s->w->a, "%s%s%s", g.code, *g.code ? ", " : "",
                              row_text(a[A_CODE]));
    }
    return g;
}

static bool seek_agreements(const struct seeking *s)
{
    for (int i = 0, end; i < s->agreement.n; i = end) {
        int64_t place = row_int(s->agreement.row[i][A_PLACE]);
        for (end = i + 1; end < s->agreement.n;) {
            if (row_int(s->agreement.row[end][A_PLACE]) != place) break;
            end++;
        }
        for (int k = i; k < end; k++) {
            const struct val *a = s->agreement.row[k];
            struct watch_gap g = { .kind = GAP_TERM, .place = place, .org = row_int(a[A_HELPER]),
                .count = 1, .code = row_text(a[A_CODE]),
                .since = row_date(a[A_TO], DATE_MAX) };
            if (g.since >= s->w->on || renewed(s, i, end, a)) continue;
            if (!tell(s, g)) return false;
        }
        if (!place) continue;
        struct watch_gap two = helpers(s, i, end, true), many = helpers(s, i, end, false);
        if (two.count > 1 && place_level(place) == 5 && !tell(s, two)) return false;
        if (many.count > 1 && !tell(s, many)) return false;
    }
    return true;
}

static bool seek_all(const struct watch *w, bool households, watch_gap_fn *fn, void *arg, struct err *e)
{
    struct seeking s = { .w = w, .fn = fn, .arg = arg, .e = e };
    return watch_read_inside(w, WATCH_AGREEMENTS, NULL, 0, &s.agreement, e) &&
           seek_places(&s, WATCH_LISTINGS, GAP_LISTED) &&
           seek_places(&s, WATCH_HELPED, GAP_HELPED) && (!households || seek_households(&s)) &&
           seek_agreements(&s);
}

bool watch_gaps(const struct watch *w, watch_gap_fn *fn, void *arg, struct err *e)
{
    return seek_all(w, true, fn, arg, e);
}

bool watch_gaps_of_places(const struct watch *w, watch_gap_fn *fn, void *arg, struct err *e)
{
    return seek_all(w, false, fn, arg, e);
}

/* --- coverage of listed units --- */

static bool listed_now(const struct seeking *s, const struct val *r)
{
    return row_date(r[L_FROM], DATE_MIN) <= s->w->on && row_date(r[L_TO], DATE_MAX) >= s->w->on &&
           watch_inside(s->w, row_int(r[L_PLACE]));
}

static int cover_of(struct watch_cover *c, int *n, int64_t place)
{
    for (int i = 0; i < *n; i++)
        if (c[i].place == place) return i;
    c[*n] = (struct watch_cover){ .place = place };
    return (*n)++;
}

bool watch_cover(const struct watch *w, watch_cover_fn *fn, void *arg, struct err *e)
{
    struct seeking s = { .w = w, .e = e };
    struct rows rows;
    int n = 0;
    if (!watch_read_inside(w, WATCH_AGREEMENTS, NULL, 0, &s.agreement, e) ||
        !watch_read_inside(w, WATCH_LISTINGS, NULL, 0, &rows, e))
        return false;
    struct watch_cover *c = arena_array(w->a, (size_t)rows.n + 1, sizeof *c);
    for (int i = 0; i < rows.n; i++) {
        const struct val *r = rows.row[i];
        int64_t place = row_int(r[L_PLACE]), units = row_int(r[L_QUANTITY]);
        int level = level_of_kind(r[L_KIND]);
        if (!listed_now(&s, r)) continue;
        int k = cover_of(c, &n, place_level(place) > 3 ? place_up(place, 3) : place);
        bool named = units == 1 && place && (!level || place_level(place) == level);
        c[k].units += units;
        if (!named) c[k].not_named += units;
        if (r[L_HELPER].type == VAL_INT || (named && has_agreement(&s, place)))
            c[k].helped += units;
    }
    for (int i = 0; i < n; i++)
        if (!fn(arg, &c[i], e)) return false;
    return true;
}
