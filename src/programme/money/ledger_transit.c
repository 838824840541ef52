/* Money between counties in two transactions: the home half notes where it goes, and the far half is
 * brought over by its id. */
#include "programme/money/returns.h"

#include <stdlib.h>

#include "store/seal.h"

#define AT_ONCE 256

enum outbox_col { OUTBOX_COUNTY, OUTBOX_SEQ, OUTBOX_FAR, OUTBOX_ACCOUNT, OUTBOX_SEAL, OUTBOX_NCOLS };

bool transit_note(struct ledger_part *p, int64_t county, int64_t seq, struct account_ref to,
                  struct err *e)
{
    struct val v[OUTBOX_NCOLS] = { val_int(county), val_int(seq), val_int(to.county),
                                   val_int(to.id) };
    v[OUTBOX_SEAL] = val_int(seal_of(db_store(tx_db(p->tx)), &ledger_tables[TABLE_OUTBOX], v));
    return tx_exec(p->tx, ledger_sql(LEDGER_OUTBOX_ADD), v, OUTBOX_NCOLS, NULL, e);
}

/* A home half, with what its far half says again. */
struct waiting {
    int64_t county, seq;
    bool back;                 /* a return, from where it had gone */
    struct account_ref to;
    struct arena arena;
    struct leg leg;
    struct leg_text text;
    bool found;
};

static const char *text(struct arena *a, struct val v)
{
    return v.type == VAL_TEXT ? arena_strndup(a, v.p, v.n) : NULL;
}

static bool take_home(void *arg, const struct val *row, int n, struct err *e)
{
    struct waiting *w = arg;
    (void)n;
    (void)e;
    leg_of(row, &w->leg);
    w->found = true;
    w->text = (struct leg_text){ .id = w->leg.id, .leg = (int)w->leg.leg,
        .legs = (int)w->leg.legs, .kind = w->leg.kind, .day = (int32_t)w->leg.day,
        .code = text(&w->arena, row[T_CODE]), .note = text(&w->arena, row[T_NOTE]),
        .cause = w->leg.cause, .actor = row[T_ACTOR].i };
    return true;
}

/* The half of leg `home` in another county; 0 = it is not there. */
static bool far_half_of(struct db *d, const struct leg *home, int64_t far, int64_t *seq,
                        struct err *e)
{
    struct legs legs = { 0 };
    bool ok = legs_by_id(d, far, home->id, &legs, e);
    *seq = 0;
    for (size_t i = 0; i < legs.n; i++)
        if (legs.at[i].leg == home->leg && legs.at[i].debit == transit_from(home->county))
            *seq = legs.at[i].seq;
    free(legs.at);
    return ok;
}

/* What the far half of an arrival or of a void is about. */
static bool find_about(struct db *d, struct waiting *w, struct err *e)
{
    struct leg promise;
    bool found;
    if (!w->leg.has_about) return true;
    if (!leg_by_seq(d, w->county, w->leg.about, &promise, &found, e)) return false;
    if (found && !far_half_of(d, &promise, w->to.county, &w->text.about, e)) return false;
    return w->text.about ||
           err_set(e, ERR_CORRUPT, "what leg %lld of county %lld is about is not in county %lld",
                   (long long)w->seq, (long long)w->county, (long long)w->to.county);
}

/* In the far county. */
static bool bring_over(struct tx *tx, void *arg, struct err *e)
{
    struct waiting *w = arg;
    struct ledger_part *p = ledger_part(tx);
    struct db *d = tx_db(tx);
    struct val v[2] = { val_int(w->county), val_int(w->seq) };
    struct county_head *h;
    int64_t there;
    arena_reset(&w->arena);
    w->found = false;
    if (!part_head(p, w->to.county, &h, e) ||
        !tx_query(tx, ledger_sql(LEDGER_TRANSFER_BY_SEQ), v, 2, take_home, w, e))
        return false;
    if (!w->found)
        return err_set(e, ERR_CORRUPT, "leg %lld of county %lld is to be brought over, and is not "
                       "there", (long long)w->seq, (long long)w->county);
    if (!far_half_of(d, &w->leg, w->to.county, &there, e)) return false;
    if (there) return true;
    return find_about(d, w, e) &&
           ledger_far_half(p, w->county, w->seq, w->to, w->leg.amount, &w->text, e);
}

/* The transfer that a return on its way home takes back, and the return itself. */
static bool read_back(struct tx *tx, void *arg, struct err *e)
{
    struct waiting *w = arg;
    struct val v[2] = { val_int(w->county), val_int(w->seq) };
    struct leg far;
    bool found = false;
    arena_reset(&w->arena);
    w->found = false;
    if (!tx_query(tx, ledger_sql(LEDGER_TRANSFER_BY_SEQ), v, 2, take_home, w, e) ||
        (w->found && !leg_by_seq(tx_db(tx), w->county, w->leg.about, &far, &found, e)))
        return false;
    if (!found)
        return err_set(e, ERR_CORRUPT, "what leg %lld of county %lld takes back is not there",
                       (long long)w->seq, (long long)w->county);
    w->to = (struct account_ref){ transit_county(far.debit), far.id };
    return true;
}

static bool bring_back(struct store *s, struct waiting *w, struct err *e)
{
    if (!store_write(s, read_back, w, e)) return false;
    struct ledger_act act = { .by = w->text.id, .day = w->text.day, .note = w->text.note,
                              .actor = w->text.actor };
    return return_apart(s, w->to, &act, e);
}

/* In the home county. */
static bool strike(struct tx *tx, void *arg, struct err *e)
{
    const struct waiting *w = arg;
    struct val v[2] = { val_int(w->county), val_int(w->seq) };
    return tx_exec(tx, ledger_sql(LEDGER_OUTBOX_DROP), v, 2, NULL, e);
}

struct list { struct waiting at[AT_ONCE]; int n; int64_t after_county, after_seq;
              deliver_more_fn *more; void *arg; bool stopped; };

static bool take_waiting(void *arg, const struct val *row, int n, struct err *e)
{
    struct list *l = arg;
    (void)n;
    (void)e;
    l->at[l->n++] = (struct waiting){ .county = row[OUTBOX_COUNTY].i, .seq = row[OUTBOX_SEQ].i,
                                      .to = { row[OUTBOX_FAR].i, row[OUTBOX_ACCOUNT].i },
                                      .back = row[4].type == VAL_INT && row[4].i == LEG_RETURN };
    return true;
}

static bool read_waiting(struct tx *tx, void *arg, struct err *e)
{
    struct list *l = arg;
    struct val v[2] = { val_int(l->after_county), val_int(l->after_seq) };
    l->n = 0;
    return tx_query(tx, ledger_sql(LEDGER_OUTBOX), v, 2, take_waiting, l, e);
}

/* A refusal is kept, and the others go on; anything else ends it. */
static bool deliver_some(struct store *s, struct list *l, int64_t *delivered, struct err *refused,
                         struct err *e)
{
    for (int i = 0; i < l->n; i++) {
        struct waiting *w = &l->at[i];
        if (l->more && !l->more(l->arg)) return l->stopped = true;
        l->after_county = w->county;
        l->after_seq = w->seq;
        bool ok = (w->back ? bring_back(s, w, e) : store_write(s, bring_over, w, e)) &&
                  store_write(s, strike, w, e);
        arena_free(&w->arena);
        *delivered += ok;
        if (ok) continue;
        (void)err_context(e, "transfer on its way from county %lld, leg %lld", (long long)w->county,
                          (long long)w->seq);
        if (e->code != ERR_INVALID && e->code != ERR_CONFLICT) return false;
        if (!refused->code) *refused = *e;
    }
    return true;
}

bool ledger_deliver_while(struct store *s, deliver_more_fn *more, void *arg, int64_t *delivered, struct err *e)
{
    struct list *l = mem_alloc(sizeof *l);
    struct err refused = { .code = ERR_NONE };
    bool ok;
    *delivered = 0;
    *l = (struct list){ .after_county = -1, .more = more, .arg = arg };
    do ok = store_write(s, read_waiting, l, e) && deliver_some(s, l, delivered, &refused, e);
    while (ok && !l->stopped && l->n > 0);
    free(l);
    if (!ok || !refused.code) return ok;
    *e = refused;
    return false;
}

bool ledger_deliver(struct store *s, int64_t *delivered, struct err *e)
{
    return ledger_deliver_while(s, NULL, NULL, delivered, e);
}

/* --- told --- */

struct telling { under_way_fn *fn; void *arg; };

static bool tell_way(void *arg, const struct val *row, int n, struct err *e)
{
    const struct telling *t = arg;
    (void)n;
    struct under_way u = { .home = row[0].i, .far = row[2].i, .amount = row[3].i, .id = row[5].i,
                           .kind = row[4].type == VAL_INT ? (enum leg_kind)row[4].i : LEG_MOVE,
                           .day = (int32_t)row[7].i };
    return t->fn(t->arg, &u, e);
}

bool ledger_under_way(struct db *d, under_way_fn *fn, void *arg, struct err *e)
{
    struct telling t = { fn, arg };
    return db_query(d, ledger_sql(LEDGER_UNDER_WAY), NULL, 0, tell_way, &t, e);
}
