#include "programme/publish/iati.h"

#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "doc/xml.h"
#include "entity/load.h"
#include "programme/publish/publish.h"
#include "programme/rows/rows.h"

#define ATTRIBUTES 400
#define ROW_RANGES 4096

/* Columns of the statements. */
enum { PJ_COUNTY, PJ_ID, PJ_CODE, PJ_TITLE, PJ_KIND, PJ_PLACE, PJ_HELPER, PJ_PARTNER, PJ_INVESTMENT,
       PJ_STATE, PJ_FROM, PJ_TO, PJ_WORKS };
enum { MV_CODE, MV_HELPER, MV_PLACE, MV_PROJECT_COUNTY, MV_PROJECT, MV_AMOUNT, MV_WHAT, MV_PURPOSE, MV_FROM,
       MV_TO, MV_QUALIFIER, MV_BASIS, MV_TAKER };
enum { ORG_ID, ORG_CODE, ORG_ZH, ORG_EN, ORG_KIND };

enum { COMMITTED = 2, DISBURSED = 3, INCOMING = 1, SPENT = 4 };

/* One movement of money in an activity. */
struct movement { const struct val *row; int type; int32_t day; };
struct activity {
    const struct val *project;     /* NULL = of a helper for a place */
    int64_t helper, place;
    struct movement *at; size_t n, cap;
    int32_t first, last;           /* days of its movements */
};

struct writing {
    const struct iati_wish *w;
    struct iati_done *done;
    struct arena a;
    struct xml_out x;
    struct rows orgs, projects, moves;
    const int64_t *helpers; size_t n_helpers;
    struct place_range *ranges; int n_ranges;
    struct activity *at; size_t n, cap;
};

/* --- codes of the standard --- */

struct match { const char *ours, *theirs; };

static const char *code_of(const struct match *codes, const char *ours, const char *otherwise)
{
    for (; codes->ours; codes++)
        if (strcmp(codes->ours, ours) == 0) return codes->theirs;
    return otherwise;
}

/* OrganisationType */
static const struct match organisation_types[] = {
    { "government", "10" }, { "party", "10" }, { "department", "10" }, { "headquarters", "10" },
    { "village", "11" }, { "branch", "11" }, { "team", "10" }, { "state_enterprise", "15" },
    { "hospital", "15" }, { "army", "15" }, { "enterprise", "70" }, { "cooperative", "70" },
    { "media", "70" }, { "social", "22" }, { "school", "80" }, { "university", "80" }, { NULL, NULL } };

/* DAC 5-digit purpose codes, from what money is for and what a project is. */
static const struct match sectors[] = {
    { "industry", "32130" }, { "employment", "16020" }, { "public_posts", "16020" }, { "housing", "16040" },
    { "medical", "12220" }, { "education", "11220" }, { "water", "14031" }, { "infrastructure", "43040" },
    { "training", "11330" }, { "consumption", "25010" }, { "condolence", "16010" }, { "equity", "32130" },
    { "planting", "31150" }, { "breeding", "31163" }, { "courtyard", "31120" }, { "park", "32120" },
    { "workshop", "32140" }, { "factory", "32130" }, { "market", "33120" }, { "logistics", "21010" },
    { "tourism", "33210" }, { "school", "11220" }, { "hospital", "12230" }, { "road", "21020" },
    { "irrigation", "31140" }, { "relocation", "16030" }, { "environment", "41010" },
    { "culture", "16061" }, { "training_base", "11330" }, { "information", "22040" },
    { "management", "91010" }, { NULL, NULL } };
#define RURAL_DEVELOPMENT "43040"

/* --- small pieces of XML --- */

static void leaf(struct writing *w, const char *name, const char *attributes, const char *text)
{
    xml_leaf_with(&w->x, name, attributes, text, strlen(text));
}

static void empty(struct writing *w, const char *name, const char *attributes)
{
    xml_open(&w->x, name, attributes);
    xml_close(&w->x);
}

static void narrative(struct writing *w, const char *en, const char *zh)
{
    if (en && *en) leaf(w, "narrative", "xml:lang=\"en\"", en);
    if (zh && *zh) leaf(w, "narrative", "xml:lang=\"zh\"", zh);
}

static const char *day_text(struct writing *w, int32_t day)
{
    char text[DATE_TEXT];
    date_format(day, text);
    return arena_strdup(&w->a, text);
}

static void dated(struct writing *w, const char *name, const char *attribute, int32_t day)
{
    empty(w, name, arena_printf(&w->a, "%siso-date=\"%s\"", attribute, day_text(w, day)));
}

static void value(struct writing *w, int64_t fen, int32_t day)
{
    char text[DECIMAL_TEXT];
    decimal_format(fen, 2, text);
    leaf(w, "value", arena_printf(&w->a, "currency=\"CNY\" value-date=\"%s\"", day_text(w, day)), text);
}

/* --- organisations and places --- */

static const struct val *find_org(const struct writing *w, int64_t id)
{
    int lo = 0, hi = w->orgs.n;
    while (lo < hi) {
        int mid = (lo + hi) / 2;
        if (w->orgs.row[mid][ORG_ID].i == id) return w->orgs.row[mid];
        if (w->orgs.row[mid][ORG_ID].i < id) lo = mid + 1;
        else hi = mid;
    }
    return NULL;
}

static void org_names(struct writing *w, const struct val *org)
{
    const char *en = row_text(org[ORG_EN]), *zh = row_text(org[ORG_ZH]);
    narrative(w, *en ? en : *zh ? "" : row_text(org[ORG_CODE]), zh);
}

/* role as code; nothing when there is no such organisation. */
static void participating(struct writing *w, int64_t id, const char *role)
{
    const struct val *org = find_org(w, id);
    if (!org) return;
    const char *type = code_of(organisation_types, row_text(org[ORG_KIND]), "90");
    xml_open(&w->x, "participating-org", arena_printf(&w->a, "role=\"%s\" type=\"%s\"", role, type));
    org_names(w, org);
    xml_close(&w->x);
}

static const char *place_label(struct writing *w, int64_t code, bool zh)
{
    const char *name = !code ? zh ? "全国" : "China" : w->w->place_name(w->w->place_arg, code, zh);
    return *name ? name : arena_printf(&w->a, "%012lld", (long long)code);
}

/* --- what belongs to the file --- */

static bool in_place(const struct writing *w, int64_t code)
{
    if (!w->w->place) return true;
    for (int i = 0; i < w->n_ranges; i++)
        if (code >= w->ranges[i].lo && code <= w->ranges[i].hi) return true;
    return false;
}

static bool of_helper(const struct writing *w, int64_t helper)
{
    if (w->w->helped || !w->w->org) return true;
    for (size_t i = 0; i < w->n_helpers; i++)
        if (w->helpers[i] == helper) return true;
    return false;
}

static struct activity *activity_of(struct writing *w, const struct val *project, int64_t helper,
                                    int64_t place)
{
    for (size_t i = 0; i < w->n; i++) {
        struct activity *x = &w->at[i];
        if (project ? x->project == project : !x->project && x->helper == helper && x->place == place)
            return x;
    }
    if (w->n == w->cap) {
        w->cap = w->cap ? w->cap * 2 : 64;
        struct activity *more = arena_array(&w->a, w->cap, sizeof *more);
        if (w->n) memcpy(more, w->at, w->n * sizeof *more);
        w->at = more;
    }
    w->at[w->n] = (struct activity){ .project = project, .helper = helper, .place = place,
                                     .first = DATE_MAX, .last = DATE_MIN };
    return &w->at[w->n++];
}

static const struct val *find_project(const struct writing *w, struct val county, struct val id)
{
    if (id.type != VAL_INT) return NULL;
    for (int i = 0; i < w->projects.n; i++) {
        const struct val *p = w->projects.row[i];
        if (p[PJ_ID].i == id.i && p[PJ_COUNTY].i == county.i) return p;
    }
    return NULL;
}

/* 0 = not of these books. */
static int type_of(const struct writing *w, const char *what)
{
    static const struct { const char *what; int helper, helped; } types[] = {
        { "commitment", COMMITTED, 0 }, { "agreed", COMMITTED, 0 }, { "allocated", DISBURSED, 0 },
        { "received", 0, INCOMING }, { "paid", 0, SPENT } };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].what, what) == 0) return w->w->helped ? types[i].helped : types[i].helper;
    return 0;
}

static void add_movement(struct writing *w, const struct val *row)
{
    int type = type_of(w, row_text(row[MV_WHAT]));
    int32_t day = row_date(row[MV_TO], row_date(row[MV_FROM], DATE_MIN));
    if (!type || !of_helper(w, row_int(row[MV_HELPER])) || !in_place(w, row_int(row[MV_PLACE]))) return;
    if (type == COMMITTED) day = row_date(row[MV_FROM], day);
    if (day == DATE_MIN) w->done->no_day++;
    else if (day > w->w->today) w->done->to_come++;
    else if (row[MV_AMOUNT].type != VAL_INT) w->done->no_amount++;
    if (day == DATE_MIN || day > w->w->today || row[MV_AMOUNT].type != VAL_INT) return;
    if (day < w->w->from || day > w->w->to) return;
    const struct val *project = find_project(w, row[MV_PROJECT_COUNTY], row[MV_PROJECT]);
    struct activity *x = activity_of(w, project, row_int(row[MV_HELPER]), row_int(row[MV_PLACE]));
    if (x->n == x->cap) {
        x->cap = x->cap ? x->cap * 2 : 4;
        struct movement *more = arena_array(&w->a, x->cap, sizeof *more);
        if (x->n) memcpy(more, x->at, x->n * sizeof *more);
        x->at = more;
    }
    x->at[x->n++] = (struct movement){ row, type, day };
    if (day < x->first) x->first = day;
    if (day > x->last) x->last = day;
}

static bool gather(struct writing *w, struct err *e)
{
    struct val pending = val_int(0);
    const struct stmt *s = publish_stmts.stmts;
    if (!load_pending(w->w->db, &pending.i, e) ||
        !rows_read(w->w->db, &s[IATI_ORGANISATIONS], &pending, 1, &w->a, &w->orgs, e) ||
        !rows_read(w->w->db, &s[IATI_PROJECTS], &pending, 1, &w->a, &w->projects, e))
        return false;
    for (int i = 0; i < w->projects.n; i++) {
        const struct val *p = w->projects.row[i];
        if (row_date(p[PJ_FROM], DATE_MIN) == DATE_MIN) w->done->no_day++;
        else if (of_helper(w, row_int(p[PJ_HELPER])) && in_place(w, row_int(p[PJ_PLACE])))
            (void)activity_of(w, p, row_int(p[PJ_HELPER]), row_int(p[PJ_PLACE]));
    }
    static const enum publish_stmt moves[] = { IATI_COMMITMENTS, IATI_ALLOCATIONS };
    for (int k = 0; k < 2; k++) {
        if (!rows_read(w->w->db, &s[moves[k]], &pending, 1, &w->a, &w->moves, e)) return false;
        for (int i = 0; i < w->moves.n; i++) add_movement(w, w->moves.row[i]);
    }
    return true;
}

/* --- one activity --- */

static void write_reporting(struct writing *w)
{
    const struct val *org = find_org(w, w->w->org);
    const char *type = org ? code_of(organisation_types, row_text(org[ORG_KIND]), "10") : "10";
    xml_open(&w->x, "reporting-org", arena_printf(&w->a, "ref=\"%s\" type=\"%s\"", w->w->identifier, type));
    if (org) org_names(w, org);
    xml_close(&w->x);
}

static const char *local_code(struct writing *w, const char *code)
{
    char *s = arena_strdup(&w->a, code);
    for (char *p = s; *p; p++)
        if (strchr("/&|?<>\"' ", *p)) *p = '-';
    return s;
}

static void write_head(struct writing *w, const struct activity *x)
{
    const struct val *helper = find_org(w, x->helper), *p = x->project;
    const char *own = p ? arena_printf(&w->a, "P-%s", local_code(w, row_text(p[PJ_CODE])))
                        : arena_printf(&w->a, "A-%s-%012lld", helper ? local_code(w, row_text(helper[ORG_CODE]))
                                       : "X", (long long)x->place);
    const char *en = place_label(w, x->place, false), *zh = place_label(w, x->place, true);
    leaf(w, "iati-identifier", NULL, arena_printf(&w->a, "%s-%s", w->w->identifier, own));
    write_reporting(w);
    xml_open(&w->x, "title", NULL);
    if (p) narrative(w, "", *row_text(p[PJ_TITLE]) ? row_text(p[PJ_TITLE]) : row_text(p[PJ_CODE]));
    else narrative(w, arena_printf(&w->a, "Assistance to %s", en), arena_printf(&w->a, "对%s的帮扶", zh));
    xml_close(&w->x);
    xml_open(&w->x, "description", "type=\"1\"");
    if (p && *row_text(p[PJ_WORKS])) narrative(w, "", row_text(p[PJ_WORKS]));
    else narrative(w, arena_printf(&w->a, "Paired assistance to %s", en),
                   arena_printf(&w->a, "%s结对帮扶", zh));
    xml_close(&w->x);
    if (helper) participating(w, x->helper, "1");
    participating(w, w->w->org, w->w->helped ? "4" : "2");
    if (p) participating(w, row_int(p[PJ_PARTNER]), "4");
}

static const char *sector_of(const struct activity *x)
{
    const char *from = x->project ? row_text(x->project[PJ_KIND]) : "";
    for (size_t i = 0; !*from && i < x->n; i++) from = row_text(x->at[i].row[MV_PURPOSE]);
    return code_of(sectors, from, RURAL_DEVELOPMENT);
}

/* First and last day: a plan's are planned ones, and actual ones are never to come. */
static void write_dates(struct writing *w, const struct activity *x)
{
    const struct val *p = x->project;
    bool planned = p && strcmp(row_text(p[PJ_STATE]), "done") != 0;
    int32_t from = p ? row_date(p[PJ_FROM], x->first) : x->first;
    int32_t to = p ? row_date(p[PJ_TO], DATE_MAX) : DATE_MAX;
    if (x->first < from) from = x->first;
    bool over = to <= w->w->today && !planned;
    const char *status = over ? "4" : planned && !x->n ? "1" : "2";
    empty(w, "activity-status", arena_printf(&w->a, "code=\"%s\"", status));
    bool begun = from <= w->w->today && !(planned && !x->n);
    dated(w, "activity-date", begun ? "type=\"2\" " : "type=\"1\" ", from);
    if (to != DATE_MAX && to >= from) dated(w, "activity-date", over ? "type=\"4\" " : "type=\"3\" ", to);
}

static void write_where(struct writing *w, const struct activity *x)
{
    empty(w, "recipient-country", "code=\"CN\" percentage=\"100\"");
    xml_open(&w->x, "location", NULL);
    xml_open(&w->x, "name", NULL);
    narrative(w, place_label(w, x->place, false), place_label(w, x->place, true));
    xml_close(&w->x);
    xml_close(&w->x);
    empty(w, "sector", arena_printf(&w->a, "vocabulary=\"1\" code=\"%s\" percentage=\"100\"", sector_of(x)));
    empty(w, "default-flow-type", "code=\"50\"");
    empty(w, "default-finance-type", "code=\"110\"");
    empty(w, "default-aid-type", x->project ? "code=\"C01\"" : "code=\"B03\"");
    empty(w, "default-tied-status", "code=\"5\"");
}

/* A project's investment, in the year it begins: a period of at most a year. */
static void write_budget(struct writing *w, const struct activity *x)
{
    const struct val *p = x->project;
    if (!p || p[PJ_INVESTMENT].type != VAL_INT || p[PJ_INVESTMENT].i <= 0) return;
    int32_t from = row_date(p[PJ_FROM], x->first), to = date_add_months(from, 12) - 1;
    if (row_date(p[PJ_TO], DATE_MAX) < to && row_date(p[PJ_TO], DATE_MAX) >= from) to = row_date(p[PJ_TO], to);
    bool done = strcmp(row_text(p[PJ_STATE]), "planned") != 0;
    xml_open(&w->x, "budget", done ? "type=\"1\" status=\"2\"" : "type=\"1\" status=\"1\"");
    dated(w, "period-start", "", from);
    dated(w, "period-end", "", to);
    value(w, p[PJ_INVESTMENT].i, from);
    xml_close(&w->x);
    w->done->budgets++;
}

static void write_movement(struct writing *w, const struct activity *x, const struct movement *m)
{
    static const struct match bounds[] = { { "ge", "at least" }, { "gt", "over" }, { "le", "at most" },
                                          { "lt", "nearly" }, { "approx", "about" }, { NULL, NULL } };
    const char *bound = code_of(bounds, row_text(m->row[MV_QUALIFIER]), "");
    const char *basis = row_text(m->row[MV_BASIS]), *ref = local_code(w, row_text(m->row[MV_CODE]));
    const struct val *provider = find_org(w, x->helper), *taker = find_org(w, row_int(m->row[MV_TAKER]));
    xml_open(&w->x, "transaction", arena_printf(&w->a, "ref=\"%s\"", ref));
    empty(w, "transaction-type", arena_printf(&w->a, "code=\"%d\"", m->type));
    dated(w, "transaction-date", "", m->day);
    value(w, m->row[MV_AMOUNT].i, m->day);
    xml_open(&w->x, "description", NULL);
    narrative(w, arena_printf(&w->a, "%s%s%s", bound, *bound ? "; " : "", basis), "");
    xml_close(&w->x);
    if (provider) {
        xml_open(&w->x, "provider-org", NULL);
        org_names(w, provider);
        xml_close(&w->x);
    }
    xml_open(&w->x, "receiver-org", NULL);
    if (taker) org_names(w, taker);
    else narrative(w, place_label(w, x->place, false), place_label(w, x->place, true));
    xml_close(&w->x);
    xml_close(&w->x);
    w->done->transactions++;
}

static void write_activity(struct writing *w, const struct activity *x)
{
    char now[INSTANT_TEXT];
    instant_format(w->w->now, now);
    xml_open(&w->x, "iati-activity", arena_printf(&w->a, "default-currency=\"CNY\" xml:lang=\"en\" "
             "humanitarian=\"0\" last-updated-datetime=\"%s\"", now));
    write_head(w, x);
    write_dates(w, x);
    write_where(w, x);
    write_budget(w, x);
    for (size_t i = 0; i < x->n; i++) write_movement(w, x, &x->at[i]);
    xml_close(&w->x);
    w->done->activities++;
}

/* --- the file --- */

static bool identifier_fits(const char *s, struct err *e)
{
    size_t n = s ? strlen(s) : 0;
    bool fits = n >= 3 && n <= 100;
    for (size_t i = 0; i < n; i++)
        fits = fits && (unsigned char)s[i] > ' ' && (unsigned char)s[i] < 0x7f && !strchr("/&|?<>\"'", s[i]);
    return fits || err_set(e, ERR_USAGE, "the identifier of the reporting organisation is letters, digits, "
                           "- and ., as it is registered (--identifier CN-ABC-123)");
}

static bool prepare(struct writing *w, struct err *e)
{
    const struct iati_wish *x = w->w;
    const struct places *p = x->model->places;
    if (x->org && x->parties && x->parties->subtree &&
        !x->parties->subtree(x->parties->arg, x->db, x->org, &w->a, &w->helpers, &w->n_helpers, e))
        return false;
    int64_t *own = arena_array(&w->a, w->n_helpers + 1, sizeof *own);
    if (w->n_helpers) memcpy(own, w->helpers, w->n_helpers * sizeof *own);
    own[w->n_helpers++] = x->org;
    w->helpers = own;
    if (!x->place) return true;
    w->ranges = arena_array(&w->a, ROW_RANGES, sizeof *w->ranges);
    return p->ranges(p->arg, x->db, x->place, w->ranges, ROW_RANGES, &w->n_ranges, e);
}

static bool write_all(struct writing *w, FILE *f, struct err *e)
{
    unsigned char digest[DIGEST_LEN];
    char now[INSTANT_TEXT];
    instant_format(w->w->now, now);
    xml_start(&w->x, f);
    xml_open(&w->x, "iati-activities", arena_printf(&w->a, "version=\"2.03\" generated-datetime=\"%s\"", now));
    for (size_t i = 0; i < w->n; i++) {
        struct arena_mark mark = arena_mark(&w->a);
        write_activity(w, &w->at[i]);
        arena_rewind(&w->a, mark);
    }
    return xml_finish(&w->x, digest, e);
}

bool iati_write(const struct iati_wish *x, FILE *f, struct iati_done *out, struct err *e)
{
    struct writing w = { .w = x, .done = out };
    *out = (struct iati_done){ 0 };
    arena_init(&w.a, (size_t)4 << 30);
    bool own = db_begin_read(x->db, e);
    bool ok = own && identifier_fits(x->identifier, e) && prepare(&w, e) && gather(&w, e);
    if (ok && w.n == 0)
        ok = err_set(e, ERR_NOT_FOUND, "there is nothing to report: no project and no money of that "
                     "organisation, place and period has a day");
    ok = ok && write_all(&w, f, e);
    if (own) db_end_read(x->db);
    arena_free(&w.a);
    return ok;
}
