/* Needs and offers: reading them, and what could meet what. */
#include "programme/pairing/needs.h"

#include <stdlib.h>
#include <string.h>

#include "base/count.h"
#include "base/money.h"
#include "entity/load.h"
#include "programme/pairing/pairing_sql.h"

/* ---- reading ---- */

enum { N_COUNTY, N_ID, N_CODE, N_TITLE, N_PLACE, N_FOCUS, N_KIND, N_QUANTITY, N_AMOUNT, N_UNIT,
       N_PROJECT_COUNTY, N_PROJECT, N_MET_ON, N_FROM, N_TO, N_HOUSEHOLD };
enum { O_HELPER = 10, O_FROM = 13, O_TO };
enum { D_COUNTY, D_ID, D_CODE, D_NEED, D_OFFER_COUNTY, D_OFFER, D_PLACE, D_TAKEN, D_AMOUNT, D_STATE,
       D_PROPOSED, D_AGREED, D_DELIVERED, D_ENDED, D_PROJECT_COUNTY, D_PROJECT, D_SCORE, D_WHY,
       D_REASON };

static struct demand demand_of(const struct val *v)
{
    struct demand n = { .county = v[N_COUNTY].i, .id = v[N_ID].i, .code = row_text(v[N_CODE]),
        .title = row_text(v[N_TITLE]), .place = row_int(v[N_PLACE]),
        .focus = row_text(v[N_FOCUS]), .kind = row_text(v[N_KIND]), .unit = row_text(v[N_UNIT]),
        .quantity = row_int(v[N_QUANTITY]), .amount = row_int(v[N_AMOUNT]),
        .has_quantity = v[N_QUANTITY].type == VAL_INT, .has_amount = v[N_AMOUNT].type == VAL_INT,
        .project_county = row_int(v[N_PROJECT_COUNTY]), .project = row_int(v[N_PROJECT]),
        .met_on = row_date(v[N_MET_ON], DATE_MAX), .from = row_date(v[N_FROM], DATE_MIN),
        .to = row_date(v[N_TO], DATE_MAX) };
    n.left_quantity = n.quantity;
    n.left_amount = n.amount;
    return n;
}

static struct supply supply_of(const struct val *v)
{
    struct supply s = { .county = v[N_COUNTY].i, .id = v[N_ID].i, .code = row_text(v[N_CODE]),
        .title = row_text(v[N_TITLE]), .place = row_int(v[N_PLACE]),
        .focus = row_text(v[N_FOCUS]), .kind = row_text(v[N_KIND]), .unit = row_text(v[N_UNIT]),
        .quantity = row_int(v[N_QUANTITY]), .amount = row_int(v[N_AMOUNT]),
        .has_quantity = v[N_QUANTITY].type == VAL_INT, .has_amount = v[N_AMOUNT].type == VAL_INT,
        .helper = row_int(v[O_HELPER]), .from = row_date(v[O_FROM], DATE_MIN),
        .to = row_date(v[O_TO], DATE_MAX) };
    s.left_quantity = s.quantity;
    s.left_amount = s.amount;
    return s;
}

static struct docked docked_of(const struct val *v)
{
    return (struct docked){ .county = v[D_COUNTY].i, .id = v[D_ID].i, .code = row_text(v[D_CODE]),
        .need = row_int(v[D_NEED]), .offer_county = row_int(v[D_OFFER_COUNTY]),
        .offer = row_int(v[D_OFFER]), .place = row_int(v[D_PLACE]), .taken = row_int(v[D_TAKEN]),
        .amount = row_int(v[D_AMOUNT]), .has_taken = v[D_TAKEN].type == VAL_INT,
        .has_amount = v[D_AMOUNT].type == VAL_INT, .state = row_text(v[D_STATE]),
        .proposed = row_date(v[D_PROPOSED], DATE_MIN), .agreed = row_date(v[D_AGREED], DATE_MIN),
        .delivered = row_date(v[D_DELIVERED], DATE_MIN), .ended = row_date(v[D_ENDED], DATE_MIN),
        .project_county = row_int(v[D_PROJECT_COUNTY]), .project = row_int(v[D_PROJECT]),
        .score = row_int(v[D_SCORE]), .why = row_text(v[D_WHY]), .reason = row_text(v[D_REASON]) };
}

static struct demand *demand_by(const struct need_book *n, int64_t county, int64_t id)
{
    int lo = 0, hi = n->n_needs;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        struct demand *d = &n->need[mid];
        if (d->county < county || (d->county == county && d->id < id)) lo = mid + 1;
        else hi = mid;
    }
    bool there = lo < n->n_needs && n->need[lo].county == county && n->need[lo].id == id;
    return there ? &n->need[lo] : NULL;
}

static struct supply *supply_by(const struct need_book *n, int64_t county, int64_t id)
{
    int lo = 0, hi = n->n_offers;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        struct supply *s = &n->offer[mid];
        if (s->county < county || (s->county == county && s->id < id)) lo = mid + 1;
        else hi = mid;
    }
    bool there = lo < n->n_offers && n->offer[lo].county == county && n->offer[lo].id == id;
    return there ? &n->offer[lo] : NULL;
}

const struct demand *need_of(const struct need_book *n, const struct docked *k)
{
    return demand_by(n, k->county, k->need);
}

const struct supply *offer_of(const struct need_book *n, const struct docked *k)
{
    return supply_by(n, k->offer_county, k->offer);
}

/* What a docking takes of both; one that failed takes nothing. */
static void take_off(struct need_book *n, const struct docked *k)
{
    struct demand *d = demand_by(n, k->county, k->need);
    struct supply *s = supply_by(n, k->offer_county, k->offer);
    if (strcmp(k->state, "failed") == 0) return;
    bool met = strcmp(k->state, "delivered") == 0 || strcmp(k->state, "done") == 0;
    if (d) {
        d->agreed++;
        d->met += met;
        d->left_quantity -= k->taken;
        d->left_amount -= k->amount;
    }
    if (s) {
        s->used++;
        s->left_quantity -= k->taken;
        s->left_amount -= k->amount;
    }
}

static void take_rows(struct need_book *n, const struct rows *r)
{
    n->n_needs = r[0].n;
    n->n_offers = r[1].n;
    n->n_docked = r[2].n;
    n->need = arena_array(n->a, (size_t)n->n_needs + 1, sizeof *n->need);
    n->offer = arena_array(n->a, (size_t)n->n_offers + 1, sizeof *n->offer);
    n->docked = arena_array(n->a, (size_t)n->n_docked + 1, sizeof *n->docked);
    for (int i = 0; i < n->n_needs; i++) n->need[i] = demand_of(r[0].row[i]);
    for (int i = 0; i < n->n_offers; i++) n->offer[i] = supply_of(r[1].row[i]);
    for (int i = 0; i < n->n_docked; i++) {
        n->docked[i] = docked_of(r[2].row[i]);
        take_off(n, &n->docked[i]);
    }
}

bool needs_read(struct need_book *n, struct db *d, const struct model *mo, int32_t on, struct arena *a,
                struct err *e)
{
    static const enum pairing_stmt which[] = { PAIRING_NEEDS, PAIRING_OFFERS, PAIRING_DOCKINGS };
    struct rows r[COUNT(which)];
    int64_t pending;
    *n = (struct need_book){ .d = d, .mo = mo, .on = on, .a = a };
    if (!load_pending(d, &pending, e)) return false;
    struct val p = val_int(pending);
    for (int i = 0; i < COUNT(which); i++)
        if (!rows_read(d, &pairing_stmts.stmts[which[i]], &p, 1, a, &r[i], e)) return false;
    if (!rows_read(d, &pairing_stmts.stmts[PAIRING_ALL_PROJECTS], &p, 1, a, &n->projects, e) ||
        !rows_read(d, &pairing_stmts.stmts[PAIRING_PAIRS], &p, 1, a, &n->agreements, e))
        return false;
    take_rows(n, r);
    return above_open(&n->above, d, mo->places, -1, a, e);
}

void needs_close(struct need_book *n) { above_close(&n->above); }

const struct demand *needs_find(const struct need_book *n, const char *code)
{
    for (int i = 0; i < n->n_needs; i++)
        if (strcmp(n->need[i].code, code) == 0) return &n->need[i];
    return NULL;
}

const struct supply *offers_find(const struct need_book *n, const char *code)
{
    for (int i = 0; i < n->n_offers; i++)
        if (strcmp(n->offer[i].code, code) == 0) return &n->offer[i];
    return NULL;
}

const struct docked *docked_find(const struct need_book *n, const char *code)
{
    for (int i = 0; i < n->n_docked; i++)
        if (strcmp(n->docked[i].code, code) == 0) return &n->docked[i];
    return NULL;
}

bool project_needed(const struct need_book *n, int64_t county, int64_t id)
{
    for (int i = 0; i < n->n_needs; i++)
        if (n->need[i].project == id && n->need[i].project_county == county) return true;
    for (int i = 0; i < n->n_docked; i++)
        if (n->docked[i].project == id && n->docked[i].project_county == county) return true;
    return false;
}

/* ---- what could meet what ---- */

enum { FOR_AREA = 35, FOR_KIND = 15, FOR_PAIRING = 20, FOR_NEARNESS = 10, FOR_QUANTITY = 20 };

struct judging { struct need_book *n; struct fit *f; };

static void add(struct judging *j, int points, const char *why)
{
    j->f->score += points;
    j->f->why = arena_printf(j->n->a, "%s%s%s %d", j->f->why, *j->f->why ? "; " : "", why, points);
}

static bool no(struct judging *j, const char *why)
{
    j->f->score = 0;
    j->f->why = why;
    return false;
}

/* One code of "a;b". */
static bool among(const char *list, const char *code)
{
    size_t n = strlen(code);
    for (const char *p = list; *p;) {
        size_t w = strcspn(p, ";");
        if (w == n && memcmp(p, code, n) == 0) return true;
        p += w + (p[w] == ';');
    }
    return false;
}

static bool area(struct judging *j)
{
    const struct demand *d = j->f->need;
    const struct supply *s = j->f->offer;
    if (*d->focus && *s->focus && !among(s->focus, d->focus)) return no(j, "for another area");
    if (*d->kind && strcmp(d->kind, s->kind) != 0) return no(j, "another kind of help");
    if (*d->focus && *s->focus) add(j, FOR_AREA, arena_printf(j->n->a, "area %s", d->focus));
    else if (!*d->kind) return no(j, "neither area nor kind of help says that it fits");
    else add(j, 0, "area not told");
    if (*d->kind) add(j, FOR_KIND, arena_printf(j->n->a, "kind %s", d->kind));
    return true;
}

static bool in_force(struct judging *j)
{
    const struct demand *d = j->f->need;
    const struct supply *s = j->f->offer;
    if (j->n->on < s->from || j->n->on > s->to) return no(j, "the offer is not in force on that day");
    if (j->n->on < d->from || j->n->on > d->to || d->met_on <= j->n->on)
        return no(j, "the need is met, or not there on that day");
    return true;
}

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

static const char *number(struct judging *j, int64_t v)
{
    char text[DECIMAL_TEXT];
    decimal_format(v, j->f->money ? 2 : 0, text);
    return arena_strdup(j->n->a, text);
}

static bool quantity(struct judging *j)
{
    const struct demand *d = j->f->need;
    const struct supply *s = j->f->offer;
    j->f->money = d->has_amount && s->has_amount;
    int64_t left = j->f->money ? d->left_amount : d->left_quantity;
    int64_t have = j->f->money ? s->left_amount : s->left_quantity;
    if (!j->f->money && *d->unit && *s->unit && strcmp(d->unit, s->unit) != 0)
        return no(j, "counted in another unit");
    if (!j->f->money && !(d->has_quantity && s->has_quantity)) return no(j, "how much is not told");
    if (have <= 0) return no(j, "nothing of the offer is left");
    if (left <= 0) return no(j, "the need is taken care of");
    j->f->quantity = least(left, have);
    int points = (int)(j->f->quantity * FOR_QUANTITY / left);
    add(j, points, arena_printf(j->n->a, "covers %s of %s", number(j, j->f->quantity),
                                number(j, left)));
    return true;
}

/* Points by how near the place that the offer names is to the need's. */
static bool nearness(struct judging *j)
{
    static const int points[] = { 0, 2, 4, 6, 8, FOR_NEARNESS };
    static const char *const words[] = { "anywhere", "province", "prefecture", "county", "township",
                                         "village" };
    const int64_t at = j->f->need->place, of = j->f->offer->place;
    int level = of ? place_level(of) : 0;
    struct place_range r = place_own_range(of);
    if (of && (at < r.lo || at > r.hi)) return no(j, "offered for another place");
    add(j, points[level], level ? arena_printf(j->n->a, "for this %s", words[level]) : words[0]);
    return true;
}

enum { A_HELPER, A_PLACE, A_FROM, A_TO };

static bool agreed_with(const struct judging *j)
{
    const int64_t at = j->f->need->place;
    for (int i = 0; i < j->n->agreements.n; i++) {
        const struct val *v = j->n->agreements.row[i];
        int64_t place = row_int(v[A_PLACE]);
        if (j->n->on < row_date(v[A_FROM], DATE_MIN) || j->n->on > row_date(v[A_TO], DATE_MAX)) continue;
        struct place_range r = place_own_range(place);
        if (row_int(v[A_HELPER]) == j->f->offer->helper && place && at >= r.lo && at <= r.hi)
            return true;
    }
    return false;
}

static bool pairing(struct judging *j, struct err *e)
{
    struct above_act act = { .code = j->f->offer->code, .helper = j->f->offer->helper,
                             .place = j->f->need->place, .from = j->n->on };
    enum above_verdict verdict;
    const char *why = "";
    if (agreed_with(j)) {
        add(j, FOR_PAIRING, "agreement");
        return true;
    }
    if (!act.helper) {
        add(j, 0, "helper not told");
        return true;
    }
    if (!above_judge(&j->n->above, &act, &verdict, &why, e)) return false;
    if (verdict == ABOVE_OUTSIDE) return no(j, why);
    if (verdict == ABOVE_INSIDE) add(j, FOR_PAIRING * 3 / 4, "inside the pairing");
    else add(j, 0, verdict == ABOVE_NO_FRAME ? "no pairing recorded above the helper" : "no place told");
    return true;
}

bool needs_fit(struct need_book *n, const struct demand *d, const struct supply *s, struct fit *out,
               struct err *e)
{
    struct judging j = { n, out };
    *out = (struct fit){ .need = d, .offer = s, .why = "" };
    e->code = ERR_NONE;
    bool fits = in_force(&j) && area(&j) && nearness(&j) && quantity(&j) && pairing(&j, e);
    return fits || e->code == ERR_NONE;
}

static int by_score(const void *a, const void *b)
{
    const struct fit *x = a, *y = b;
    if (x->score != y->score) return x->score > y->score ? -1 : 1;
    return strcmp(x->offer->code, y->offer->code);
}

bool needs_suggest(struct need_book *n, const struct demand *d, struct fit **out, int *count,
                   struct err *e)
{
    *out = arena_array(n->a, (size_t)n->n_offers + 1, sizeof **out);
    *count = 0;
    for (int i = 0; i < n->n_offers; i++) {
        struct arena_mark mark = arena_mark(n->a);
        struct fit *f = &(*out)[*count];
        if (!needs_fit(n, d, &n->offer[i], f, e)) return false;
        if (f->score > 0) ++*count;
        else arena_rewind(n->a, mark);
    }
    qsort(*out, (size_t)*count, sizeof **out, by_score);
    return true;
}
