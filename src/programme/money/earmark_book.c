/* Rules, batches and lines as the store has them. */
#include "programme/money/earmark_book.h"

#include "base/date.h"
#include "base/money.h"
#include "entity/load.h"
#include "programme/numbers.h"

struct row_at { int64_t county, id; };

static bool is(struct val v, const char *s)
{
    return v.type == VAL_TEXT && v.n == strlen(s) && memcmp(v.p, s, v.n) == 0;
}

static int64_t num(struct val v, int64_t absent) { return v.type == VAL_INT ? v.i : absent; }

static const char *words(struct arena *a, struct val v)
{
    return v.type == VAL_TEXT ? arena_strndup(a, v.p, v.n) : "";
}

static struct val kept(struct arena *a, struct val v)
{
    if (v.type == VAL_TEXT) v.p = arena_strndup(a, v.p, v.n);
    return v;
}

/* --- rules --- */

struct reading { struct earmark_book *b; int cap; };

static enum earmark_kind kind_of(struct val v)
{
    return is(v, "floor") ? EARMARK_FLOOR : is(v, "ceiling") ? EARMARK_CEILING
           : is(v, "forbid") ? EARMARK_FORBID : EARMARK_ONLY;
}

static bool take_rule(void *arg, const struct val *row, int n, struct err *e)
{
    struct reading *x = arg;
    struct earmark_book *b = x->b;
    (void)n;
    b->rule = arena_more(b->a, b->rule, b->n_rules, &x->cap, sizeof *b->rule);
    struct earmark_rule *r = &b->rule[b->n_rules++];
    *r = (struct earmark_rule){ .id = row[0].i, .code = words(b->a, row[1]),
        .title = words(b->a, row[2]), .kind = kind_of(row[3]),
        .per = is(row[4], "fund_line") ? EARMARK_FUND_LINE : EARMARK_BATCH,
        .fund_line = num(row[5], 0), .helper = num(row[6], 0),
        .applies_text = words(b->a, row[7]), .holds_text = words(b->a, row[8]),
        .share = num(row[9], 0), .from = (int32_t)num(row[10], DATE_MIN),
        .to = (int32_t)num(row[11], DATE_MAX) };
    return earmark_parse(r, b->codes, b->a, e);
}

/* What the maps hold. */
/* entered: its first day in the library, DATE_MAX = not in it. */
struct project { struct val kind; bool told; int32_t entered; };

bool earmark_open(struct earmark_book *b, struct db *d, const struct codes *codes,
                  int64_t published, int32_t on, struct arena *a, struct err *e)
{
    struct reading x = { .b = b };
    *b = (struct earmark_book){ .d = d, .a = a, .codes = codes, .on = on };
    map_init(&b->classes, sizeof(struct class_key), sizeof(struct class_places *));
    map_init(&b->funds, sizeof(struct row_at), sizeof(struct earmark_fund *));
    map_init(&b->projects, sizeof(struct row_at), sizeof(struct project *));
    if (!load_pending(d, &b->hidden, e)) return false;
    if (b->hidden == published) b->hidden = -1;
    struct val v = val_int(b->hidden);
    return db_query(d, &earmark_stmts.stmts[EARMARK_RULES], &v, 1, take_rule, &x, e);
}

void earmark_close(struct earmark_book *b)
{
    map_free(&b->classes);
    map_free(&b->funds);
    map_free(&b->projects);
}

/* --- what lines refer to --- */

struct finding_fund { struct earmark_book *b; struct earmark_fund *f; };

static bool take_fund(void *arg, const struct val *row, int n, struct err *e)
{
    struct finding_fund *x = arg;
    struct arena *a = x->b->a;
    (void)n, (void)e;
    *x->f = (struct earmark_fund){ .code = words(a, row[0]), .amount = num(row[1], 0),
        .known = row[1].type == VAL_INT && is(row[2], "eq"), .kind = kept(a, row[3]),
        .purpose = kept(a, row[4]), .nature = kept(a, row[5]), .duty = kept(a, row[6]),
        .helper = num(row[7], 0) };
    return true;
}

bool earmark_fund_of(struct earmark_book *b, int64_t county, int64_t id,
                     struct earmark_fund **out, struct err *e)
{
    struct row_at key = { county, id };
    struct earmark_fund **held = map_get(&b->funds, &key);
    if (held) {
        *out = *held;
        return true;
    }
    struct earmark_fund *f = arena_alloc(b->a, sizeof *f);
    *f = (struct earmark_fund){ .code = NULL };
    struct finding_fund x = { b, f };
    struct val v[2] = { val_int(county), val_int(id) };
    if (id && !db_query(b->d, &earmark_stmts.stmts[EARMARK_FUND_LINE_BY_ID], v, 2, take_fund, &x, e))
        return false;
    *(struct earmark_fund **)map_put(&b->funds, &key, NULL) = f;
    *out = f;
    return true;
}

struct finding_project { struct earmark_book *b; struct project *p; };

static bool take_project(void *arg, const struct val *row, int n, struct err *e)
{
    struct finding_project *x = arg;
    (void)n, (void)e;
    x->p->kind = kept(x->b->a, row[0]);
    x->p->told = is(row[1], "recorded") || is(row[1], "synthetic");
    return true;
}

/* A day that is not told is early enough. */
static bool take_entered(void *arg, const struct val *row, int n, struct err *e)
{
    struct finding_project *x = arg;
    (void)n, (void)e;
    if (row[1].i == 0) return true;
    x->p->entered = (int32_t)num(row[0], DATE_MIN);
    return true;
}

static bool project_of(struct earmark_book *b, int64_t county, int64_t id, struct project **out,
                       struct err *e)
{
    struct row_at key = { county, id };
    struct project **held = map_get(&b->projects, &key);
    if (held) {
        *out = *held;
        return true;
    }
    struct project *p = arena_alloc(b->a, sizeof *p);
    *p = (struct project){ .entered = DATE_MAX };
    struct finding_project x = { b, p };
    struct val v[3] = { val_int(b->hidden), val_int(county), val_int(id) };
    if (!db_query(b->d, &earmark_stmts.stmts[EARMARK_PROJECT], v + 1, 2, take_project, &x, e) ||
        !db_query(b->d, &earmark_stmts.stmts[EARMARK_ENTERED], v, 3, take_entered, &x, e))
        return false;
    *(struct project **)map_put(&b->projects, &key, NULL) = p;
    *out = p;
    return true;
}

/* A project of which others only told is not known to have stayed out of the library. */
static bool look_at_project(struct earmark_book *b, struct earmark_line *l, struct val county,
                            struct val id, struct err *e)
{
    struct project *p;
    if (id.type != VAL_INT) return true;
    if (!project_of(b, num(county, 0), id.i, &p, e)) return false;
    l->row[LINE_PROJECT_KIND] = p->kind;
    if (p->entered == DATE_MIN || (p->entered != DATE_MAX && l->on != DATE_MIN))
        l->row[LINE_IN_LIBRARY] = val_int(p->entered <= l->on);
    else if (p->entered == DATE_MAX && p->told)
        l->row[LINE_IN_LIBRARY] = val_int(0);
    return true;
}

static bool look_at_fund(struct earmark_book *b, struct earmark_line *l, struct err *e)
{
    struct earmark_fund *f;
    if (!l->fund_line) return true;
    if (!earmark_fund_of(b, l->fund_county, l->fund_line, &f, e)) return false;
    struct { enum line_col at; struct val v; } from[] = { { LINE_FUND_KIND, f->kind },
        { LINE_PURPOSE, f->purpose }, { LINE_NATURE, f->nature }, { LINE_DUTY, f->duty } };
    for (size_t i = 0; i < sizeof from / sizeof *from; i++)
        if (l->row[from[i].at].type != VAL_TEXT) l->row[from[i].at] = from[i].v;
    if (!l->helper) l->helper = f->helper;
    return true;
}

static void set_place(struct earmark_line *l, struct val place)
{
    if (place.type != VAL_INT) return;
    l->place = place.i;
    l->row[LINE_PLACE] = place;
    l->row[LINE_LEVEL] = val_int(place_level(place.i));
}

/* --- lines as planned --- */

enum { L_COUNTY, L_ID, L_CODE, L_AMOUNT, L_QUALIFIER, L_PURPOSE, L_NATURE, L_FORM, L_FUND_KIND,
       L_FOR_CLASS, L_ADDITIONAL, L_STAGE, L_PLACE, L_FROM, L_TO, L_WHOLE_COUNTY, L_WHOLE,
       L_UNCLEAR, L_FUND_COUNTY, L_FUND, L_BATCH_COUNTY, L_BATCH, L_HELPER, L_TAKER,
       L_PROJECT_COUNTY, L_PROJECT, L_N };

/* A row as read: what it refers to is looked up once the reading is over. */
struct raw { struct val v[L_N]; };
struct raws { struct earmark_book *b; struct raw *at; int n, cap; };

static bool take_raw(void *arg, const struct val *row, int n, struct err *e)
{
    struct raws *x = arg;
    (void)e;
    x->at = arena_more(x->b->a, x->at, x->n, &x->cap, sizeof *x->at);
    for (int i = 0; i < n && i < L_N; i++) x->at[x->n].v[i] = kept(x->b->a, row[i]);
    x->n++;
    return true;
}

static int32_t day_of(const struct val *v, const struct earmark_batch *batch)
{
    int64_t day = num(v[L_FROM], num(v[L_TO], batch ? batch->on : DATE_MIN));
    return (int32_t)day;
}

static bool line_of(struct earmark_book *b, const struct val *v, const struct earmark_batch *batch,
                    struct earmark_line *l, struct err *e)
{
    static const struct { enum line_col to; int from; } same[] = { { LINE_AMOUNT, L_AMOUNT },
        { LINE_PURPOSE, L_PURPOSE }, { LINE_NATURE, L_NATURE }, { LINE_FORM, L_FORM },
        { LINE_FUND_KIND, L_FUND_KIND }, { LINE_FOR_CLASS, L_FOR_CLASS },
        { LINE_ADDITIONAL, L_ADDITIONAL }, { LINE_STAGE, L_STAGE } };
    *l = (struct earmark_line){ .code = words(b->a, v[L_CODE]), .county = v[L_COUNTY].i,
        .id = v[L_ID].i, .amount = num(v[L_AMOUNT], 0), .known = v[L_AMOUNT].type == VAL_INT,
        .exact = is(v[L_QUALIFIER], "eq"), .parent = -1,
        .aside = v[L_UNCLEAR].type == VAL_TEXT && v[L_UNCLEAR].n > 0,
        .fund_line = num(v[L_FUND], batch ? batch->fund_line : 0), .helper = num(v[L_HELPER], 0),
        .fund_county = num(v[L_FUND_COUNTY], batch ? batch->fund_county : 0),
        .batch_county = num(v[L_BATCH_COUNTY], 0), .batch = num(v[L_BATCH], 0),
        .on = day_of(v, batch) };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) l->row[same[i].to] = v[same[i].from];
    if (l->on != DATE_MIN) l->row[LINE_ON] = val_int(l->on);
    set_place(l, v[L_PLACE]);
    l->row[LINE_HOLDER] = v[L_PROJECT].type == VAL_INT ? val_text("project")
                          : v[L_TAKER].type == VAL_INT ? val_text("organisation")
                          : l->place                   ? val_text("place")
                                                       : val_null();
    return look_at_fund(b, l, e) &&
           look_at_project(b, l, v[L_PROJECT_COUNTY], v[L_PROJECT], e);
}

static struct earmark_line *push_line(struct earmark_book *b, struct earmark_lines *x)
{
    x->at = arena_more(b->a, x->at, x->n, &x->cap, sizeof *x->at);
    return &x->at[x->n++];
}

/* A part whose whole is not among the lines stands for itself; one in a circle of parts too. */
static void find_wholes(struct earmark_lines *x, const struct raws *raw)
{
    struct map at;
    map_init(&at, sizeof(struct row_at), sizeof(int));
    for (int i = 0; i < x->n; i++) {
        struct row_at key = { x->at[i].county, x->at[i].id };
        *(int *)map_put(&at, &key, NULL) = i;
    }
    for (int i = 0; i < x->n; i++) {
        const struct val *v = raw->at[i].v;
        struct row_at key = { num(v[L_WHOLE_COUNTY], 0), num(v[L_WHOLE], 0) };
        const int *whole = v[L_WHOLE].type == VAL_INT ? map_get(&at, &key) : NULL;
        if (!whole) continue;
        int up = *whole;
        while (up >= 0 && up != i) up = x->at[up].parent;
        if (up != i) x->at[i].parent = *whole;
    }
    map_free(&at);
}

bool earmark_lines(struct earmark_book *b, enum earmark_stmt s, const struct val *more, int n_more,
                   const struct earmark_batch *batch, struct earmark_lines *out, struct err *e)
{
    struct raws raw = { .b = b };
    struct val v[4] = { val_int(b->hidden) };
    int n = s == EARMARK_LINE ? 0 : 1;
    for (int i = 0; i < n_more; i++) v[n++] = more[i];
    *out = (struct earmark_lines){ .n = 0 };
    if (!db_query(b->d, &earmark_stmts.stmts[s], v, n, take_raw, &raw, e)) return false;
    int kept_rows = 0;
    for (int i = 0; i < raw.n; i++) {
        const struct val *r = raw.at[i].v;
        struct earmark_batch of = { .on = DATE_MIN };
        bool found = false;
        if (num(r[L_FROM], DATE_MIN) > b->on) continue;
        if (!batch && r[L_BATCH].type == VAL_INT &&
            !earmark_batch_of(b, num(r[L_BATCH_COUNTY], 0), r[L_BATCH].i, &of, &found, e))
            return false;
        if (!line_of(b, r, found ? &of : batch, push_line(b, out), e)) return false;
        raw.at[kept_rows++] = raw.at[i];
    }
    find_wholes(out, &raw);
    return true;
}

/* --- batches --- */

struct batches { struct earmark_book *b; struct earmark_batches *out; };

static bool take_batch(void *arg, const struct val *row, int n, struct err *e)
{
    struct batches *x = arg;
    struct earmark_batches *o = x->out;
    (void)n, (void)e;
    o->at = arena_more(x->b->a, o->at, o->n, &o->cap, sizeof *o->at);
    o->at[o->n++] = (struct earmark_batch){ .county = row[0].i, .id = row[1].i,
        .code = words(x->b->a, row[2]), .amount = num(row[3], 0),
        .known = row[3].type == VAL_INT && is(row[4], "eq"), .fund_county = num(row[5], 0),
        .fund_line = num(row[6], 0), .helper = num(row[7], 0),
        .on = (int32_t)num(row[8], num(row[9], DATE_MIN)),
        .until = (int32_t)num(row[9], DATE_MAX) };
    return true;
}

bool earmark_batches(struct earmark_book *b, int64_t load, struct earmark_batches *out,
                     struct err *e)
{
    struct batches x = { b, out };
    struct val v = val_int(load < 0 ? b->hidden : load);
    *out = (struct earmark_batches){ .n = 0 };
    return db_query(b->d, &earmark_stmts.stmts[load < 0 ? EARMARK_BATCHES : EARMARK_BATCHES_OF_LOAD],
                    &v, 1, take_batch, &x, e);
}

bool earmark_batch_of(struct earmark_book *b, int64_t county, int64_t id,
                      struct earmark_batch *out, bool *found, struct err *e)
{
    struct earmark_batches one = { .n = 0 };
    struct batches x = { b, &one };
    struct val v[2] = { val_int(county), val_int(id) };
    if (!db_query(b->d, &earmark_stmts.stmts[EARMARK_BATCH_BY_ID], v, 2, take_batch, &x, e))
        return false;
    *found = one.n > 0;
    if (*found) *out = one.at[0];
    return true;
}

/* --- lines as posted --- */

enum { G_COUNTY, G_SEQ, G_AMOUNT, G_DAY, G_DEBIT, G_CREDIT, G_FROM_RESTRICTED, G_CODE, G_HOLDER,
       G_EARMARK, G_PLACE, G_PROJECT_COUNTY, G_PROJECT, G_FUND_COUNTY, G_FUND, G_TO_RESTRICTED,
       G_N };

struct position { int64_t net; int32_t day; struct val v[G_N]; bool named; };
struct positions { struct earmark_book *b; struct map at; };

/* Transit accounts have rows of neither side: the halves of a crossing meet in no account. */
static bool take_leg(void *arg, const struct val *row, int n, struct err *e)
{
    struct positions *x = arg;
    (void)n, (void)e;
    struct row_at from = { row[G_COUNTY].i, row[G_DEBIT].i },
                  to = { row[G_COUNTY].i, row[G_CREDIT].i };
    if (row[G_FROM_RESTRICTED].type != VAL_NULL) {
        struct position *p = map_put(&x->at, &from, NULL);
        p->net -= row[G_AMOUNT].i;
    }
    if (row[G_HOLDER].type != VAL_TEXT) return true;
    struct position *p = map_put(&x->at, &to, NULL);
    p->net += row[G_AMOUNT].i;
    p->day = (int32_t)row[G_DAY].i;
    p->named = true;
    for (int i = 0; i < G_N; i++) p->v[i] = kept(x->b->a, row[i]);
    return true;
}

static bool position_line(struct earmark_book *b, const struct earmark_batch *batch,
                          const struct position *p, struct earmark_line *l, struct err *e)
{
    const struct val *v = p->v;
    *l = (struct earmark_line){ .code = words(b->a, v[G_CODE]), .county = v[G_COUNTY].i,
        .id = v[G_CREDIT].i, .amount = p->net, .known = true, .exact = true, .parent = -1,
        .fund_county = v[G_FUND].type == VAL_INT ? num(v[G_FUND_COUNTY], 0) : batch->fund_county,
        .fund_line = num(v[G_FUND], batch->fund_line), .helper = batch->helper, .on = p->day };
    l->row[LINE_AMOUNT] = val_int(p->net);
    l->row[LINE_PURPOSE] = v[G_EARMARK].type == VAL_TEXT && v[G_EARMARK].n ? v[G_EARMARK]
                                                                          : val_null();
    l->row[LINE_FORM] = val_text("money");
    l->row[LINE_HOLDER] = v[G_HOLDER];
    l->row[LINE_ON] = val_int(p->day);
    set_place(l, v[G_PLACE]);
    return look_at_fund(b, l, e) &&
           look_at_project(b, l, v[G_PROJECT_COUNTY], v[G_PROJECT], e);
}

bool earmark_leg(struct earmark_book *b, int64_t county, int64_t seq, struct earmark_lines *out,
                 struct err *e)
{
    struct positions x = { .b = b };
    struct val v[2] = { val_int(county), val_int(seq) };
    const struct earmark_batch none = { .on = DATE_MIN };
    const void *key;
    void *value;
    *out = (struct earmark_lines){ .n = 0 };
    map_init(&x.at, sizeof(struct row_at), sizeof(struct position));
    bool ok = db_query(b->d, &earmark_stmts.stmts[EARMARK_LEG], v, 2, take_leg, &x, e);
    for (size_t at = 0; ok && map_next(&x.at, &at, &key, &value);)
        ok = position_line(b, &none, value, push_line(b, out), e);
    map_free(&x.at);
    return ok;
}

bool earmark_positions(struct earmark_book *b, const struct earmark_batch *batch,
                       struct earmark_lines *out, int64_t *given, struct err *e)
{
    struct positions x = { .b = b };
    struct val v[4] = { val_int(b->on), val_int(batch->county), val_int(batch->id),
                        val_int(NUMBER_BATCH) };
    const void *key;
    void *value;
    *out = (struct earmark_lines){ .n = 0 };
    *given = 0;
    map_init(&x.at, sizeof(struct row_at), sizeof(struct position));
    bool ok = db_query(b->d, &earmark_stmts.stmts[EARMARK_LEGS_OF_BATCH], v, 4, take_leg, &x, e);
    for (size_t at = 0; ok && map_next(&x.at, &at, &key, &value);) {
        const struct position *p = value;
        if (p->net < 0) *given -= p->net;
        if (p->net > 0 && p->named) ok = position_line(b, batch, p, push_line(b, out), e);
    }
    map_free(&x.at);
    return ok;
}
