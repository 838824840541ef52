/* From a commitment to those it reached. */
#include "programme/money/chain.h"

#include "base/date.h"
#include "base/map.h"
#include "entity/load.h"
#include "programme/money/receipt.h"

enum { WIDTH = 8 };

/* Rows of one statement, kept so that others can be asked between them. */
struct rows { struct arena *a; struct val (*at)[WIDTH]; int n, cap; };

static bool take(void *arg, const struct val *row, int n, struct err *e)
{
    struct rows *r = arg;
    (void)e;
    r->at = arena_more(r->a, r->at, r->n, &r->cap, sizeof *r->at);
    for (int i = 0; i < WIDTH; i++) {
        r->at[r->n][i] = i < n ? row[i] : val_null();
        if (i < n && row[i].type == VAL_TEXT)
            r->at[r->n][i].p = arena_strndup(r->a, row[i].p, row[i].n);
    }
    r->n++;
    return true;
}

struct walk {
    struct db *d;
    const struct model *mo;
    struct arena *a;
    chain_fn *fn;
    void *arg;
    int64_t hidden;
    struct map projects;           /* each is told once */
};
struct row_at { int64_t county, id; };

static bool ask(struct walk *w, enum chain_stmt s, struct row_at at, struct rows *out,
                struct err *e)
{
    struct val v[3] = { val_int(at.county), val_int(at.id), val_int(w->hidden) };
    *out = (struct rows){ .a = w->a };
    return db_query(w->d, &chain_stmts.stmts[s], v, s == CHAIN_SQL_COMMITMENT ? 2 : 3, take, out, e);
}

static const char *text(struct val v) { return v.type == VAL_TEXT ? v.p : ""; }
static int64_t num(struct val v) { return v.type == VAL_INT ? v.i : 0; }

static bool tell(struct walk *w, enum chain_kind kind, const char *list, struct val record,
                 struct val what, struct val day, struct val amount, struct val place,
                 struct err *e)
{
    struct chain_step s = { .kind = kind, .record = text(record), .what = text(what), .list = list,
        .day = day.type == VAL_INT ? (int32_t)day.i : DATE_MIN, .amount = num(amount),
        .known = amount.type == VAL_INT, .place = num(place) };
    return w->fn(w->arg, &s, e);
}

static bool tell_project(struct walk *w, struct row_at at, struct err *e)
{
    struct rows stages, links;
    bool added;
    map_put(&w->projects, &at, &added);
    if (!added) return true;
    if (!ask(w, CHAIN_SQL_STAGE, at, &stages, e) || !ask(w, CHAIN_SQL_BENEFITS, at, &links, e))
        return false;
    for (int i = 0; i < stages.n; i++) {
        struct val *v = stages.at[i];
        if (!tell(w, CHAIN_STAGE, "project_stage", v[0], v[1], v[2], v[3], v[4], e)) return false;
    }
    for (int i = 0; i < links.n; i++) {
        struct val *v = links.at[i];
        if (!tell(w, CHAIN_BENEFIT, "link_kind", v[0], v[1], v[2], v[3], v[4], e)) return false;
    }
    return true;
}

static bool tell_lines(struct walk *w, enum chain_stmt s, struct row_at at, struct err *e)
{
    struct rows lines;
    if (!ask(w, s, at, &lines, e)) return false;
    for (int i = 0; i < lines.n; i++) {
        struct val *v = lines.at[i];
        if (!tell(w, CHAIN_ALLOCATION, "purpose", v[0], v[1], v[2], v[3], v[4], e)) return false;
    }
    for (int i = 0; i < lines.n; i++) {
        struct row_at project = { num(lines.at[i][5]), num(lines.at[i][6]) };
        if (project.id && !tell_project(w, project, e)) return false;
    }
    return true;
}

/* What the ledger says of a batch, where anything was posted for it. */
static bool tell_posted(struct walk *w, struct row_at at, struct val code, struct err *e)
{
    struct account_ref batch = { at.county, at.id };
    struct receipt_of of = { .batch = &batch };
    struct receipt r;
    struct err why = { 0 };
    if (!receipt_read(w->d, w->mo, &of, w->a, &r, &why))
        return why.code == ERR_NOT_FOUND || (*e = why, false);
    struct val none = val_null(), first = val_int(r.first);
    return tell(w, CHAIN_POSTED, NULL, code, none, first, val_int(r.given), none, e) &&
           tell(w, CHAIN_PAID, NULL, code, none, none, val_int(r.delivered), none, e) &&
           tell(w, CHAIN_IN_HAND, NULL, code, none, none, val_int(r.in_hand + r.under_way), none, e);
}

static bool walk_all(struct walk *w, struct row_at at, struct err *e)
{
    struct rows self, batches;
    if (!ask(w, CHAIN_SQL_COMMITMENT, at, &self, e) || !ask(w, CHAIN_SQL_BATCHES, at, &batches, e))
        return false;
    if (self.n == 0) return err_set(e, ERR_NOT_FOUND, "there is no such commitment");
    struct val *v = self.at[0];
    if (!tell(w, CHAIN_COMMITMENT, "commitment_kind", v[0], v[1], v[2], v[3], v[4], e)) return false;
    for (int i = 0; i < batches.n; i++) {
        struct val *b = batches.at[i];
        struct row_at batch = { num(b[0]), num(b[1]) };
        if (!tell(w, CHAIN_BATCH, NULL, b[2], val_null(), b[3], b[4], b[5], e) ||
            !tell_lines(w, CHAIN_SQL_LINES, batch, e) || !tell_posted(w, batch, b[2], e))
            return false;
    }
    return tell_lines(w, CHAIN_SQL_DIRECT, at, e);
}

bool chain_walk(struct db *d, const struct model *mo, int64_t county, int64_t id, struct arena *a,
                chain_fn *fn, void *arg, struct err *e)
{
    struct walk w = { .d = d, .mo = mo, .a = a, .fn = fn, .arg = arg };
    map_init(&w.projects, sizeof(struct row_at), 1);
    bool ok = load_pending(d, &w.hidden, e) && walk_all(&w, (struct row_at){ county, id }, e);
    map_free(&w.projects);
    return ok;
}
