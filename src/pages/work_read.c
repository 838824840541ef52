#include "pages/work.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "pages/face.h"
#include "pages/form.h"
#include "programme/sides/sides.h"
#include "programme/watch/burden.h"
#include "programme/watch/find.h"

enum { DAYS_AHEAD = 14 };

static const struct { const char *code, *en, *zh; } kinds[WORK_KINDS] = {
    [WORK_VISIT] = { "visit", "Visits and contacts", "走访与联系" },
    [WORK_APPROVE] = { "approve", "Payment runs to approve", "待审批支付" },
    [WORK_DISPUTE] = { "dispute", "Disputed or corrected", "异议与更正" },
    [WORK_CONFIRM] = { "confirm", "Waiting for a word", "待确认" },
    [WORK_IDLE] = { "idle", "Money that lies too long", "闲置资金" },
    [WORK_OBJECTION] = { "objection", "Objections to answer", "待答复异议" },
    [WORK_FINDING] = { "finding", "Findings to correct", "待整改问题" },
    [WORK_CONFLICT] = { "conflict", "Packages that do not match", "数据包不一致" },
    [WORK_PROBLEM] = { "problem", "Open problems", "未解决问题" },
    [WORK_FORM] = { "form", "Forms to fill in", "待填报表" },
};

const char *work_kind_name(const struct request *q, enum work_kind k) { return tr(q, kinds[k].en, kinds[k].zh); }
const char *work_kind_code(enum work_kind k) { return kinds[k].code; }

const enum work_kind *work_order(const struct request *q)
{
    static const enum work_kind village[WORK_KINDS] = { WORK_VISIT, WORK_PROBLEM, WORK_FORM, WORK_FINDING, WORK_DISPUTE,
        WORK_CONFIRM, WORK_OBJECTION, WORK_CONFLICT, WORK_APPROVE, WORK_IDLE };
    static const enum work_kind helper[WORK_KINDS] = { WORK_DISPUTE, WORK_CONFIRM, WORK_VISIT, WORK_PROBLEM,
                                                       WORK_FINDING,
        WORK_OBJECTION, WORK_FORM, WORK_CONFLICT, WORK_APPROVE, WORK_IDLE };
    static const enum work_kind office[WORK_KINDS] = { WORK_APPROVE, WORK_IDLE, WORK_OBJECTION, WORK_DISPUTE,
                                                       WORK_FINDING,
        WORK_CONFLICT, WORK_VISIT, WORK_PROBLEM, WORK_CONFIRM, WORK_FORM };
    if (q->scope->role == ROLE_VILLAGE) return village;
    return q->scope->role == ROLE_HELPER || q->scope->role == ROLE_LABOUR ? helper : office;
}

int64_t work_speaker(const struct request *q)
{
    return q->scope->orgs ? q->scope->org[0] : 0;
}

/* --- gathering --- */

struct gathering {
    struct request *q;
    const struct work_filter *f;
    struct work *w;
    struct place_range range[64]; int ranges;
    const char *plan; int periods; /* the contact plan that was met last, and how many of its periods wait */
    bool enough;                   /* of the kind that is read */
};

static bool inside(const struct gathering *g, int64_t place)
{
    if (!g->f->place) return true;
    for (int i = 0; i < g->ranges; i++)
        if (place >= g->range[i].lo && place <= g->range[i].hi) return true;
    return false;
}

static void add(struct gathering *g, const struct work_item *x)
{
    struct work *w = g->w;
    int32_t today = g->q->today;
    if (!inside(g, x->place)) return;
    if (g->f->due == DUE_OVERDUE && x->due >= today) return;
    if (g->f->due == DUE_WEEK && (x->due == DATE_MAX || x->due > today + 7)) return;
    if (w->of[x->kind] == WORK_MOST) {
        w->more[x->kind] = g->enough = true;
        return;
    }
    w->of[x->kind]++;
    if (x->due < today) w->overdue++;
    if (g->f->kind >= 0 && (int)x->kind != g->f->kind) return;
    w->at = arena_more(g->q->arena, w->at, w->n, &w->cap, sizeof *w->at);
    w->at[w->n++] = *x;
}

static const char *join(struct request *q, const char *a, const char *b)
{
    if (!b || !*b) return a;
    return arena_printf(q->arena, "%s%s%s", a, *a ? (q->zh ? "，" : ", ") : "", b);
}

static bool held(struct request *q, int64_t place, int64_t org)
{
    struct place_range own = place_own_range(place);
    return (org && scope_owns(q->scope, org)) || (place && scope_holds(q->scope, &own, 1));
}

/* --- rows that wait as they stand --- */

struct waiting_rows {
    enum work_kind kind;
    const char *entity, *where, *due;
    const char *words[3], *orgs[2];    /* facts: codes and texts, then organisations */
    const char *amount;
    const char *path;                  /* the page where it is done; NULL = the record's form */
    const char *en, *zh;               /* the act */
};
static const struct waiting_rows rows_table[] = {
    { WORK_APPROVE, "payment_run", "state = \"prepared\"", "due_on", { "prepared_by" }, { NULL }, "amount",
      "/money/payments", "Look and approve", "核对并审批" },
    { WORK_OBJECTION, "objection", "not known(answered_on)", "due_on", { "publication" }, { "owner" }, NULL, NULL,
      "Answer it", "答复" },
    { WORK_FINDING, "supervision_finding", "not known(corrected_on)", "due_on", { "kind" }, { "found_by", "owner" },
      NULL,
      NULL, "Say what was done", "填写整改" },
    { WORK_CONFLICT, "package_item", "state in {differs, unknown}", NULL, { "record_of", "state", "reason" },
      { "sender" }, NULL, "/records/package_item", "Compare", "核对" },
    { WORK_PROBLEM, "problem", "not known(solved_on)", "due_on", { "kind" }, { "raised_by", "owner" }, NULL, NULL,
      "Say how it was solved", "填写解决情况" },
};

struct reading { struct gathering *g; const struct waiting_rows *t; };

/* A run is approved by another than who prepared it. */
static bool own_run(struct request *q, const struct waiting_rows *t, const struct table_map *m, const struct val *row)
{
    return t->kind == WORK_APPROVE && q->user->name && !strcmp(row_words(q, m, row, "prepared_by"), q->user->name);
}

static bool take_row(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct reading *r = arg;
    const struct waiting_rows *t = r->t;
    struct request *q = r->g->q;
    struct val due = t->due ? row_at(m, row, t->due) : val_null(), place = row_at(m, row, "place"), amount;
    (void)e;
    if (own_run(q, t, m, row)) return true;
    struct work_item x = { .kind = t->kind, .title = row_title(q, m, row), .facts = "", .due = DATE_MAX,
        .url = row_url(q, m, row[ROW_COUNTY].i, row[ROW_ID].i), .place = place.type == VAL_INT ? place.i : 0 };
    if (t->kind == WORK_OBJECTION) x.title = join(q, x.title, row_words(q, m, row, "subject"));
    if (t->kind == WORK_CONFLICT) x.title = join(q, row_words(q, m, row, "record_of"), row_words(q, m, row, "record"));
    if (due.type == VAL_INT) x.due = (int32_t)due.i;
    amount = t->amount ? row_at(m, row, t->amount) : val_null();
    if (amount.type == VAL_INT) x.facts = money_text(q, amount.i, false);
    for (int i = 0; i < COUNT(t->words) && t->words[i]; i++) x.facts = join(q, x.facts, row_words(q, m, row,
            t->words[i]));
    for (int i = 0; i < COUNT(t->orgs) && t->orgs[i]; i++) {
        struct val org = row_at(m, row, t->orgs[i]);
        if (org.type == VAL_INT) x.facts = join(q, x.facts, org_title(q, org.i));
    }
    x.act = tr(q, t->en, t->zh);
    x.act_url = t->path ? page_url(q, "%s/%lld-%lld", t->path, (long long)row[ROW_COUNTY].i, (long long)row[ROW_ID].i)
                        : arena_printf(q->arena, "%s/edit", record_url(q, m, row[ROW_COUNTY].i, row[ROW_ID].i));
    if (!t->path && !(scope_writes(q->scope, m) && who_open(WHO_WRITES, q->user))) x.act = NULL;
    if (t->kind == WORK_APPROVE && !(scope_writes(q->scope, m) && who_open(WHO_WRITES, q->user)))
        x.act = tr(q, "Look", "查看");
    add(r->g, &x);
    return true;
}

static bool read_rows(struct gathering *g, const struct waiting_rows *t, struct err *e)
{
    struct request *q = g->q;
    const struct table_map *m = model_find(q->seat->model, t->entity);
    struct reading r = { g, t };
    struct list_query query = { .where = t->where, .limit = WORK_MOST + 1, .place = g->f->place, .sort = t->due };
    return !m || !scope_kind(q->scope, m) ||
           list_rows(q->seat->model, q->seat->rows, q->scope, m, &query, take_row, &r, e);
}

/* --- words of the other side --- */

static const char *worth(struct request *q, const struct table_map *m, const struct val *row)
{
    struct val v = row_at(m, row, "amount");
    int f = map_field(m, v.type == VAL_INT ? "amount" : "quantity");
    v = f < 0 ? val_null() : row[m->column[f]];
    if (v.type != VAL_INT) return "";
    if (m->field[f].type == F_MONEY) return money_text(q, v.i, false);
    return v.i == 1 ? "" : arena_printf(q->arena, tr(q, "quantity %s", "数量 %s"), number_text(q, v.i, 0));
}

static int32_t told_on(const struct request *q, const struct val *row)
{
    return instant_date(row[ROW_RECORDED].i, q->seat->site->zone);
}

static struct work_item side_base(struct request *q, enum work_kind kind, const struct side_item *i)
{
    const struct val *row = i->row;
    int64_t teller = i->ends.org[i->standing.reporter][0];
    const char *name = entity_label(q, i->m->entity), *title = row_title(q, i->m, row);
    struct val day = row_at(i->m, row, "valid_from");
    struct work_item x = { .kind = kind, .due = DATE_MAX, .place = i->ends.place,
        .title = arena_printf(q->arena, q->zh ? "%s：%s" : "%s: %s", name, title),
        .url = row_url(q, i->m, row[ROW_COUNTY].i, row[ROW_ID].i), .facts = worth(q, i->m, row) };
    if (day.type == VAL_INT) x.facts = join(q, x.facts, date_text(q, (int32_t)day.i, true));
    if (x.place) x.facts = join(q, x.facts, place_name(q, x.place));
    if (teller) x.facts = join(q, x.facts, arena_printf(q->arena, tr(q, "told by %s", "%s填报"), org_title(q, teller)));
    int days = q->today - told_on(q, row);
    x.facts = join(q, x.facts, days < 1 ? tr(q, "today", "今日填报") : arena_printf(q->arena,
                   days == 1 ? tr(q, "waits for %d day", "已等 %d 天") : tr(q, "waits for %d days", "已等 %d 天"), days));
    x.act_url = arena_printf(q->arena, "%s/word", record_url(q, i->m, row[ROW_COUNTY].i, row[ROW_ID].i));
    bool speaks = work_speaker(q) || q->scope->everywhere;
    if (speaks && scope_writes(q->scope, i->m) && who_open(WHO_WRITES, q->user)) x.act = tr(q, "Say it", "表态");
    return x;
}

static bool take_waiting(void *arg, const struct side_item *i, struct err *e)
{
    struct gathering *g = arg;
    struct request *q = g->q;
    struct work_item x = side_base(q, WORK_CONFIRM, i);
    (void)e;
    if (x.act)
        x.record = arena_printf(q->arena, "%s:%lld-%lld", i->m->entity->name, (long long)i->row[ROW_COUNTY].i,
                                (long long)i->row[ROW_ID].i);
    add(g, &x);
    return true;
}

/* What the word puts in the place of each value. */
static bool pairs_of(struct request *q, const struct side_item *i, struct work_item *x, struct err *e)
{
    struct correction *c = NULL;
    int n = 0;
    if (!i->word || !i->word->correction) return true;
    if (!corrections_read(i->m, i->word->correction, q->arena, &c, &n, e)) return false;
    x->pair = arena_array(q->arena, (size_t)n + 1, sizeof *x->pair);
    for (int k = 0; k < n; k++) {
        const struct field *f = &i->m->field[c[k].field];
        if (!scope_field(q->scope, q->seat->model, i->m, c[k].field)) continue;
        const char *here = field_write(q->seat->model, i->m, c[k].field, i->row, q->seat->db, q->arena);
        x->pair[x->pairs++] = (struct work_pair){ q->zh ? f->zh : f->en, *here ? here : "–",
                                                  arena_strdup(q->arena, c[k].value) };
    }
    return true;
}

static bool take_disputed(void *arg, const struct side_item *i, struct err *e)
{
    struct gathering *g = arg;
    struct request *q = g->q;
    struct work_item x = side_base(q, WORK_DISPUTE, i);
    if (i->word) {
        const char *says = i->word->says == SAYS_DISPUTED ? tr(q, "disputed by %s", "%s有异议") : tr(q,
                "corrected by %s", "%s更正");
        x.facts = join(q, x.facts, arena_printf(q->arena, says, org_title(q, i->word->organisation)));
        if (i->word->reason) x.facts = join(q, x.facts, arena_strdup(q->arena, i->word->reason));
    }
    if (!pairs_of(q, i, &x, e)) return false;
    add(g, &x);
    return true;
}

static bool read_sides(struct gathering *g, struct err *e)
{
    struct request *q = g->q;
    struct side_query query = { .mo = q->seat->model, .d = q->seat->rows, .org = work_speaker(q), .place = g->f->place,
                                .scope = q->scope, .most = WORK_MOST };
    /* Who speaks for nobody cannot be waited for. */
    if ((query.org || q->scope->everywhere) && !sides_waiting(&query, take_waiting, g, e)) return false;
    query.org = 0;
    query.enough = &g->enough;
    g->enough = false;
    return sides_disputed(&query, take_disputed, g, e);
}

/* --- contacts --- */

static bool take_contact(void *arg, const struct watch_contact *c, struct err *e)
{
    struct gathering *g = arg;
    struct request *q = g->q;
    const struct table_map *m = model_find(q->seat->model, "visit");
    bool soon = c->period.to <= q->today + DAYS_AHEAD;
    (void)e;
    if (c->period.held >= c->times || !soon || !held(q, c->place, c->org)) return true;
    struct work_item x = { .kind = WORK_VISIT, .place = c->place, .due = c->period.to, .facts = "",
        .title = arena_strdup(q->arena, *c->title ? c->title : c->code) };
    x.facts = arena_printf(q->arena, tr(q, "%lld of %d made", "已完成 %lld/%d"), (long long)c->period.held, c->times);
    if (c->org) x.facts = join(q, x.facts, org_title(q, c->org));
    if (c->place) x.facts = join(q, x.facts, place_name(q, c->place));
    /* Periods of one plan come one after another: the first stands for all. */
    bool again = g->plan && !strcmp(g->plan, c->code);
    g->periods = again ? g->periods + 1 : 1;
    if (again) {
        struct work_item *last = g->w->n ? &g->w->at[g->w->n - 1] : NULL;
        if (last && last->kind == WORK_VISIT) last->periods = g->periods;
        return true;
    }
    g->plan = arena_strdup(q->arena, c->code);
    x.url = page_url(q, "/records/contact_plan?where=%s", url_part(q->arena, arena_printf(q->arena, "code = \"%s\"",
            c->code)));
    if (m && scope_writes(q->scope, m) && who_open(WHO_WRITES, q->user)) {
        bool village = scope_reads(q->scope, ACCESS_PEOPLE) && place_level(c->place) == 5;
        x.act = village ? tr(q, "Choose the household", "选择农户") : tr(q, "Record a visit", "登记走访");
        x.act_url = village ? page_url(q, "/households?place=%012lld", (long long)c->place)
                            : page_url(q, "/records/visit/new?place=%012lld", (long long)c->place);
    }
    add(g, &x);
    return true;
}

static bool read_contacts(struct gathering *g, struct err *e)
{
    struct request *q = g->q;
    struct watch w = { .d = q->seat->rows, .model = q->seat->model, .parties = q->seat->context.parties, .a = q->arena,
                       .on = q->today, .place = g->f->place ? g->f->place : q->scope->place, .enough = &g->enough };
    g->enough = false;
    return watch_begin(&w, e) && watch_contacts(&w, take_contact, g, e);
}

/* --- forms --- */

enum { PLACES_ASKED = 64 };

struct asked_row { const struct table_map *m; struct val *row; };
struct asked_rows { struct request *q; struct asked_row *at; int n, cap; };

/* Kept first: whether each was answered is read while no list is open. */
static bool keep_form(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct asked_rows *x = arg;
    (void)e;
    x->at = arena_more(x->q->arena, x->at, x->n, &x->cap, sizeof *x->at);
    x->at[x->n++] = (struct asked_row){ m, row_kept(x->q->arena, m, row) };
    return true;
}

static int level_of(const char *code)
{
    static const char *const levels[] = { "nation", "province", "prefecture", "county", "township", "village" };
    for (int i = 1; i < COUNT(levels); i++)
        if (!strcmp(levels[i], code)) return i;
    return 5;
}

/* The places of that level that the account speaks for: its own, not those below it. */
static int own_places(const struct request *q, int level, int64_t above, int64_t *out)
{
    struct place_range in = above ? place_own_range(above) : (struct place_range){ 0, INT64_MAX };
    int n = 0;
    for (int i = 0; i < q->scope->ranges; i++) {
        struct place_range r = q->scope->range[i];
        for (int64_t at = r.lo; at <= r.hi && place_level(at) == level && n < PLACES_ASKED;) {
            struct place_range own = place_own_range(at);
            if (own.hi <= r.hi && at >= in.lo && at <= in.hi) out[n++] = at;
            at = own.hi + 1;
        }
    }
    return n;
}

static bool answered(struct request *q, const struct val *form, int64_t place, int32_t due, bool *yes, struct err *e)
{
    const struct table_map *m = model_find(q->seat->model, "form_answer");
    char day[DATE_TEXT];
    int64_t n = 0;
    date_format(due, day);
    struct list_query query = { .place = place, .where = arena_printf(q->arena, "asked_form = %lld and due_on = %s",
                                                                      (long long)form[ROW_ID].i, day) };
    if (!list_count(q->seat->model, q->seat->rows, q->scope, m, &query, 1, &n, e)) return false;
    *yes = n > 0;
    return true;
}

static bool add_form(struct gathering *g, const struct asked_row *f, int64_t place, int32_t due, struct err *e)
{
    struct request *q = g->q;
    const struct table_map *to = model_find(q->seat->model, "form_answer");
    const char *code = row_words(q, f->m, f->row, "code");
    struct val by = row_at(f->m, f->row, "asked_by");
    char day[DATE_TEXT], today[DATE_TEXT];
    bool done = false;
    if (place && !answered(q, f->row, place, due, &done, e)) return false;
    if (done) return true;
    struct work_item x = { .kind = WORK_FORM, .title = row_title(q, f->m, f->row), .due = due,
        .place = place ? place : row_int(row_at(f->m, f->row, "place")),
        .url = record_url(q, f->m, f->row[ROW_COUNTY].i, f->row[ROW_ID].i),
        .facts = row_words(q, f->m, f->row, "frequency") };
    if (by.type == VAL_INT) x.facts = join(q, x.facts, org_title(q, by.i));
    if (place) x.facts = join(q, x.facts, place_name(q, place));
    date_format(due, day);
    date_format(q->today, today);
    if (!place) {
        x.act = tr(q, "See who has answered", "查看填报进度");
        x.act_url = page_url(q, "/watch#answers");
    } else if (form_open(q, to) && who_open(WHO_WRITES, q->user)) {
        x.act = tr(q, "Fill it in", "填报");
        x.act_url = page_url(q, "/records/form_answer/new?asked_form=%s&place=%012lld&due_on=%s&answered_on=%s",
                             url_part(q->arena, code), (long long)place, day, today);
    }
    add(g, &x);
    return true;
}

/* Who is asked has a line for each of its places that has not answered; who is above, or asks, one for all. */
static bool take_form(struct gathering *g, const struct asked_row *f, struct err *e)
{
    struct request *q = g->q;
    struct val often = row_at(f->m, f->row, "frequency"), place = row_at(f->m, f->row, "place");
    int64_t at[PLACES_ASKED];
    int32_t due = burden_round(burden_often(often), row_date(row_at(f->m, f->row, "valid_from"), DATE_MIN),
                               row_date(row_at(f->m, f->row, "valid_to"), DATE_MAX), q->today, DAYS_AHEAD);
    if (often.type != VAL_TEXT || due == DATE_MAX) return true;
    int n = own_places(q, level_of(row_text(row_at(f->m, f->row, "unit_level"))), row_int(place), at);
    bool ok = n > 0 || !held(q, row_int(place), row_int(row_at(f->m, f->row, "asked_by"))) ||
              add_form(g, f, 0, due, e);
    for (int i = 0; ok && i < n; i++) ok = add_form(g, f, at[i], due, e);
    return ok;
}

static bool read_forms(struct gathering *g, struct err *e)
{
    struct request *q = g->q;
    const struct table_map *m = model_find(q->seat->model, "asked_form");
    struct list_query query = { .limit = WORK_MOST };
    struct asked_rows x = { .q = q };
    if (!m || !scope_reads(q->scope, ACCESS_PEOPLE)) return true;
    bool ok = list_rows(q->seat->model, q->seat->rows, q->scope, m, &query, keep_form, &x, e);
    for (int i = 0; ok && i < x.n; i++) ok = take_form(g, &x.at[i], e);
    return ok;
}

/* --- money --- */

static bool read_idle(struct gathering *g, struct err *e)
{
    struct request *q = g->q;
    const struct table_map *m = model_find(q->seat->model, "ledger_account");
    struct idle_alerts all;
    if (!idle_seen(q, &all, e)) return false;
    for (int i = 0; i < all.n; i++) {
        const struct idle_alert *a = &all.at[i];
        struct val row[ENTITY_MAX_COLUMNS + 1];
        bool found = false;
        if (!row_get(q->seat->db, m, a->account.at.county, a->account.at.id, q->arena, row, &found, e)) return false;
        struct val place = found ? row_at(m, row, "place") : val_null();
        struct work_item x = { .kind = WORK_IDLE, .due = a->oldest, .place = place.type == VAL_INT ? place.i : 0,
            .title = *a->account.title ? a->account.title : a->account.code,
            .url = record_url(q, m, a->account.at.county, a->account.at.id), .act = tr(q, "See how long it lies",
                    "查看结存账龄"),
            .act_url = page_url(q, "/money/ageing") };
        x.facts = join(q, money_text(q, a->amount, false), arena_printf(q->arena, tr(q, "since %s", "自 %s"),
                                                                       date_text(q, a->oldest, true)));
        x.facts = join(q, x.facts, *a->title ? a->title : a->rule);
        add(g, &x);
    }
    return true;
}

/* --- all of it --- */

static int sooner(const void *a, const void *b)
{
    const struct work_item *x = a, *y = b;
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    if (x->due != y->due) return x->due < y->due ? -1 : 1;
    return strcmp(x->url, y->url);
}

bool work_read(struct request *q, const struct work_filter *f, struct work *out, struct err *e)
{
    struct gathering g = { .q = q, .f = f, .w = out };
    const struct places *p = q->seat->model->places;
    *out = (struct work){ .n = 0 };
    if (f->place && !p->ranges(p->arg, q->seat->db, f->place, g.range, COUNT(g.range), &g.ranges, e)) return false;
    for (int i = 0; i < COUNT(rows_table); i++)
        if (!read_rows(&g, &rows_table[i], e)) return false;
    if (!read_sides(&g, e) || !read_contacts(&g, e) || !read_forms(&g, e) || !read_idle(&g, e)) return false;
    if (out->n) qsort(out->at, (size_t)out->n, sizeof *out->at, sooner);
    return true;
}

int work_count(const struct work *w)
{
    int all = 0;
    for (int i = 0; i < WORK_KINDS; i++) all += w->of[i];
    return all;
}

const char *work_conclusion(const struct request *q, const struct work *w)
{
    int all = work_count(w);
    if (!all) return tr(q, "Nothing waits for you", "没有待办事项");
    if (!w->overdue)
        return arena_printf(q->arena, all == 1 ? tr(q, "%d thing waits for you", "%d 项待办")
                            : tr(q, "%d things wait for you", "%d 项待办"), all);
    return arena_printf(q->arena, all == 1 ? tr(q, "%d thing waits for you, %d of them overdue", "%d 项待办，其中 %d 项已逾期")
                        : tr(q, "%d things wait for you, %d of them overdue", "%d 项待办，其中 %d 项已逾期"), all, w->overdue);
}

void waiting_panel(struct request *q, struct buf *b, const struct work *w)
{
    const enum work_kind *order = work_order(q);
    html(b, "<section class=\"panel\"><header><h2>%s</h2><a href=\"%s\">%s</a></header>", tr(q, "Waiting for you",
            "待您处理"),
         page_url(q, "/work"), tr(q, "All work", "全部待办"));
    if (work_count(w)) html_raw(b, "<dl class=\"facts rows\">");
    else empty_note(b, tr(q, "Nothing waits for you.", "没有待办事项。"));
    for (int i = 0; i < WORK_KINDS; i++)
        if (w->of[order[i]])
            html(b, "<dt><a href=\"%s?kind=%s\">%s</a></dt><dd>%s%s</dd>", page_url(q, "/work"), kinds[order[i]].code,
                 work_kind_name(q, order[i]), number_text(q, w->of[order[i]], 0), w->more[order[i]] ? "+" : "");
    if (work_count(w)) html_raw(b, "</dl>");
    if (w->overdue)
        html(b, "<p class=\"note\"><a href=\"%s?due=overdue\">%s</a></p>", page_url(q, "/work"), arena_printf(q->arena,
             tr(q, "%d overdue", "%d 项已逾期"), w->overdue));
    html_raw(b, "</section>");
}
