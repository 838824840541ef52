/* What counts against each commitment. */
#include "programme/pairing/progress.h"

#include <string.h>

#include "base/map.h"
#include "entity/load.h"
#include "programme/pairing/pairing_sql.h"

enum { C_CO, C_ID, C_CODE, C_AGREEMENT_CO, C_AGREEMENT, C_HELPER, C_PLACE, C_KIND, C_AMOUNT,
       C_QUANTITY, C_QUALIFIER, C_DUTY, C_DUE, C_OF_WHICH };
enum { K_CO, K_ID, K_WHAT, K_ROWS, K_AMOUNT, K_QUANTITY, K_INEXACT };
enum measure { BY_AMOUNT, BY_QUANTITY };

/* Which records keep which kind of commitment, and in which measure. */
static const struct keeping { enum pairing_stmt from; const char *kind; enum measure by; }
    keepings[] = {
        { PAIRING_BY_ALLOCATION, "money", BY_AMOUNT },
        { PAIRING_BY_ALLOCATION, "goods", BY_AMOUNT },
        { PAIRING_BY_PURCHASE, "purchase", BY_AMOUNT },
        { PAIRING_BY_PLACEMENT, "jobs", BY_QUANTITY },
        { PAIRING_BY_PLACEMENT, "posts", BY_QUANTITY },
        { PAIRING_BY_POST, "posts", BY_QUANTITY },
        { PAIRING_BY_WORKSHOP, "workshop", BY_QUANTITY },
        { PAIRING_BY_POSTING, "postings", BY_QUANTITY },
        { PAIRING_BY_COURSE, "training", BY_QUANTITY },
        { PAIRING_BY_PROJECT, "project", BY_QUANTITY },
        { PAIRING_BY_SERVICE, "service", BY_QUANTITY },
    };
enum { KEEPINGS = sizeof keepings / sizeof *keepings };

struct key { int64_t county, id; };
struct tally { int64_t records, inexact, amount, quantity, stage[3]; };
struct tallies { struct map of[PAIRING_N_STMTS]; }; /* by the statement they come from */

static void add_stage(struct tally *t, struct val stage, int64_t amount)
{
    static const char *const stages[] = { "allocated", "received", "paid" };
    for (int i = 0; i < 3; i++)
        if (row_is(stage, stages[i])) t->stage[i] += amount;
    t->amount = 0;
    for (int i = 0; i < 3; i++)
        if (t->stage[i] > t->amount) t->amount = t->stage[i];
}

static bool gather(struct tallies *ts, struct db *d, const struct val params[2], struct arena *a,
                   struct err *e)
{
    for (enum pairing_stmt s = PAIRING_BY_ALLOCATION; s <= PAIRING_BY_SERVICE; s++) {
        struct rows r;
        if (!rows_read(d, &pairing_stmts.stmts[s], params, 2, a, &r, e)) return false;
        for (int i = 0; i < r.n; i++) {
            const struct val *v = r.row[i];
            struct key key = { row_int(v[K_CO]), row_int(v[K_ID]) };
            struct tally *t = map_put(&ts->of[s], &key, NULL);
            t->records += row_int(v[K_ROWS]);
            t->inexact += row_int(v[K_INEXACT]);
            t->quantity += row_int(v[K_QUANTITY]);
            if (s == PAIRING_BY_ALLOCATION) add_stage(t, v[K_WHAT], row_int(v[K_AMOUNT]));
            else t->amount += row_int(v[K_AMOUNT]);
        }
    }
    return true;
}

static void weigh(const struct tallies *ts, const struct val *c, struct progress *p)
{
    struct key key = { row_int(c[C_CO]), row_int(c[C_ID]) };
    for (enum pairing_stmt s = PAIRING_BY_ALLOCATION; s <= PAIRING_BY_SERVICE; s++) {
        const struct tally *t = map_get(&ts->of[s], &key);
        const struct keeping *k = NULL;
        for (int i = 0; t && i < KEEPINGS; i++)
            if (keepings[i].from == s && strcmp(keepings[i].kind, p->kind) == 0) k = &keepings[i];
        if (!t) continue;
        if (!k && strcmp(p->kind, "other") != 0) {
            p->other += t->records;
            continue;
        }
        p->records += t->records;
        p->inexact += t->inexact;
        p->kept += k && k->by == BY_AMOUNT ? t->amount : t->quantity;
    }
}

static struct progress judge(const struct tallies *ts, const struct val *c, int32_t on)
{
    struct progress p = { .code = row_text(c[C_CODE]), .kind = row_text(c[C_KIND]),
        .qualifier = row_text(c[C_QUALIFIER]), .duty = row_text(c[C_DUTY]),
        .agreement_county = row_int(c[C_AGREEMENT_CO]), .agreement = row_int(c[C_AGREEMENT]),
        .helper = row_int(c[C_HELPER]), .place = row_int(c[C_PLACE]),
        .due = row_date(c[C_DUE], DATE_MAX) };
    for (int i = 0; i < KEEPINGS; i++)
        if (strcmp(keepings[i].kind, p.kind) == 0) p.money = keepings[i].by == BY_AMOUNT;
    struct val promised = c[p.money ? C_AMOUNT : C_QUANTITY];
    p.known = promised.type == VAL_INT;
    p.promised = row_int(promised);
    weigh(ts, c, &p);
    p.state = p.known && p.records && p.kept >= p.promised ? PROGRESS_KEPT
              : p.due < on                                 ? PROGRESS_OVERDUE
              : p.records                                  ? PROGRESS_OPEN
                                                           : PROGRESS_NOTHING;
    return p;
}

bool progress_read(struct db *d, int32_t on, struct arena *a, progress_fn *fn, void *arg,
                   struct err *e)
{
    struct tallies ts;
    struct rows rows;
    struct val params[2] = { val_null(), val_int(on) };
    int64_t hidden;
    if (!load_pending(d, &hidden, e)) return false;
    params[0] = val_int(hidden);
    for (int i = 0; i < PAIRING_N_STMTS; i++)
        map_init(&ts.of[i], sizeof(struct key), sizeof(struct tally));
    bool ok = gather(&ts, d, params, a, e) &&
              rows_read(d, &pairing_stmts.stmts[PAIRING_COMMITMENTS], params, 2, a, &rows, e);
    for (int i = 0; ok && i < rows.n; i++) {
        struct progress p = judge(&ts, rows.row[i], on);
        ok = fn(arg, &p, e);
    }
    for (int i = 0; i < PAIRING_N_STMTS; i++) map_free(&ts.of[i]);
    return ok;
}
