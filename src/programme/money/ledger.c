/* Posting: the rules, and what a transfer does to accounts and lots. */
#include "programme/money/ledger_part.h"

#include <stdlib.h>

#include "base/date.h"
#include "base/money.h"

static struct val int_or_null(int64_t i)
{
    return i ? val_int(i) : val_null();
}

/* The leg becomes the last one of both its accounts. */
static void chain_leg(struct acct_state *from, struct acct_state *to, int64_t seq,
                      struct val row[T_NCOLS])
{
    row[T_BEFORE_OUT] = int_or_null(from->last_out);
    row[T_BEFORE_IN] = int_or_null(to->last_in);
    from->last_out = to->last_in = seq;
    if (++to->ins % SKIP_EVERY) return;
    row[T_SKIP_IN] = int_or_null(to->skip_in);
    to->skip_in = seq;
}

bool ledger_leg(struct ledger_part *p, const struct leg_text *t, struct acct *from,
                struct acct *to, int64_t amount, int64_t *seq, struct err *e)
{
    struct county_head *h = from->head;
    part_save_head(p, h);
    *seq = ++h->s.seq;
    if (t->id > h->s.last_id) h->s.last_id = t->id;
    if (*seq == h->base.seq + 1) {
        h->s.first = t->id;
        h->s.actor = t->actor;
    } else if (h->s.actor != t->actor) {
        h->s.actor = 0;
    }
    if (t->kind != LEG_MOVE) {
        part_write_now(p, from);
        part_write_now(p, to);
    }
    bool about = t->kind != LEG_MOVE && t->kind != LEG_PROMISE, cause = t->cause.entity != 0,
         took = t->took.amount > 0;
    struct val row[T_NCOLS] = {
        [T_COUNTY] = val_int(h->county), [T_SEQ] = val_int(*seq), [T_ID] = val_int(t->id),
        [T_LEG] = val_int(t->leg), [T_LEGS] = val_int(t->legs), [T_KIND] = val_int(t->kind),
        [T_ABOUT] = about ? val_int(t->about) : val_null(), [T_DEBIT] = val_int(from->id),
        [T_CREDIT] = val_int(to->id), [T_AMOUNT] = val_int(amount), [T_DAY] = val_int(t->day),
        [T_CODE] = t->leg == 0 ? part_text(p, t->code) : val_null(),
        [T_NOTE] = part_text(p, t->note),
        [T_CAUSE] = cause ? val_int(t->cause.entity) : val_null(),
        [T_CAUSE_COUNTY] = cause ? val_int(t->cause.county) : val_null(),
        [T_CAUSE_ID] = cause ? val_int(t->cause.id) : val_null(),
        [T_ACTOR] = val_int(t->actor), [T_RECORDED] = val_int(tx_now(p->tx)),
        [T_LOT_COUNTY] = took ? val_int(t->took.lot_county) : val_null(),
        [T_LOT] = took ? val_int(t->took.lot) : val_null(),
        [T_LOT_OFF] = took ? val_int(t->took.off) : val_null(),
        [T_TAKEN] = took ? val_int(t->took.amount) : val_null(),
    };
    if (t->kind != LEG_PROMISE && t->kind != LEG_VOID) chain_leg(&from->s, &to->s, *seq, row);
    return part_transfer(p, row, e);
}

bool ledger_leg_use(struct ledger_part *p, struct county_head *h, const struct use *u, int64_t credit,
                    int64_t day, bool back, struct err *e)
{
    struct val row[U_NCOLS] = {
        [U_COUNTY] = val_int(h->county), [U_LOT_COUNTY] = val_int(u->lot_county),
        [U_LOT] = val_int(u->lot), [U_OFF] = val_int(u->off), [U_TO_LOT] = val_int(u->to_lot),
        [U_TO_OFF] = val_int(u->to_off), [U_AMOUNT] = val_int(u->amount), [U_BACK] = val_int(back),
        [U_ID] = val_int(u->to_id), [U_CREDIT] = val_int(credit), [U_DAY] = val_int(day),
    };
    return part_use(p, row, e);
}

/* --- rules --- */

static bool amount_fits(int64_t amount, struct err *e)
{
    if (amount > 0 && amount <= ENTITY_INT_MAX) return true;
    return ledger_refuse(e, "amount",
                         "an amount is more than nothing and at most ten million million yuan");
}

static bool covered(const struct acct *a, int64_t amount, struct err *e)
{
    char has[DECIMAL_TEXT], wants[DECIMAL_TEXT];
    int64_t free_money = a->s.balance - a->s.reserved;
    if (!a->restricted || free_money >= amount) return true;
    decimal_format(free_money, 2, has);
    decimal_format(amount, 2, wants);
    return ledger_refuse(e, "overdraw",
                         "county %lld, account %lld has %s yuan free, and %s are wanted",
                         (long long)a->county, (long long)a->id, has, wants);
}

/* A pot is money that is still to be given out. */
static bool is_pot(const struct acct *a)
{
    return a->holder == HOLDER_PLACE || a->holder == HOLDER_ORGANISATION;
}

static bool earmark_kept(const struct acct *from, const struct acct *to, struct err *e)
{
    if (is_pot(to) && from->restricted && to->fund_line && from->fund_line &&
        to->fund_line != from->fund_line)
        return ledger_refuse(e, "fund_line",
                             "money of one fund line cannot go into the pot of another");
    if (!from->earmark[0] || !from->restricted || (to->holder != HOLDER_PROJECT && !is_pot(to)))
        return true;
    if (strcmp(from->earmark, to->earmark) == 0 || (!to->earmark[0] && !is_pot(to))) return true;
    return ledger_refuse(e, "earmark", "money set apart for %s cannot go into an account %s%s",
                         from->earmark, to->earmark[0] ? "for " : "of free money", to->earmark);
}

/* What the sender says must be what the money is set apart for, or is being set apart for. */
static bool earmark_said(const struct acct *from, const struct acct *to, const char *said,
                         struct err *e)
{
    if (!said || !*said) return true;
    const char *is = from->earmark[0] ? from->earmark : to->earmark;
    if (strcmp(is, said) == 0) return true;
    return ledger_refuse(e, "earmark", "the transfer says %s, the money is %s%s", said,
                         *is ? "set apart for " : "free", is);
}

/* home: of the county that the debits lie in. */
static bool legs_fit(struct ledger_part *p, const struct posting *post, struct county_head **home, struct err *e)
{
    if (post->n < 1 || post->n > 100000)
        return ledger_refuse(e, "amount", "a transfer has one leg or more");
    if (post->day < DATE_MIN || post->day > DATE_MAX)
        return ledger_refuse(e, "day", "a transfer has a day");
    for (int i = 0; i < post->n; i++) {
        const struct posting_leg *l = &post->legs[i];
        struct acct *from, *to, far;
        if (!amount_fits(l->amount, e)) return false;
        if (l->debit.county != post->legs[0].debit.county)
            return ledger_refuse(e, "account", "all debits of a transfer lie in one county");
        if (is_transit(l->debit.id) || is_transit(l->credit.id) ||
            (l->debit.county == l->credit.county && l->debit.id == l->credit.id))
            return ledger_refuse(e, "account", "a leg goes from one account to another");
        bool peek = post->halves && l->credit.county != l->debit.county;
        if (peek) to = &far;
        if (!part_acct(p, l->debit, &from, e) ||
            !(peek ? part_peek(p, l->credit, &far, e) : part_acct(p, l->credit, &to, e)) ||
            !earmark_kept(from, to, e) || !earmark_said(from, to, l->earmark, e))
            return false;
        *home = from->head;
    }
    return true;
}

/* --- effects --- */

/* The first piece goes into the leg itself. */
struct taking { struct ledger_part *p; struct leg_text *t; struct acct *from; struct county_head *h;
                int64_t credit, to_lot, to_off; };

static bool take_into(void *arg, int64_t lot, int64_t off, int64_t amount, struct err *e)
{
    struct taking *t = arg;
    struct use u = { .lot_county = t->h->county, .lot = lot, .off = off, .to_lot = t->to_lot,
                     .to_off = t->to_off, .amount = amount, .to_id = t->t->id };
    t->to_off += amount;
    if (u.to_off) {
        part_write_now(t->p, t->from);
        return ledger_leg_use(t->p, t->h, &u, t->credit, t->t->day, false, e);
    }
    t->t->took = u;
    return true;
}

static bool take_lots(struct ledger_part *p, struct acct *from, const struct posting_leg *l,
                      struct leg_text *text, struct err *e)
{
    struct taking t = { p, text, from, from->head, l->credit.id, from->head->s.seq + 1, 0 };
    if (!from->restricted) return true;
    if (l->n_lots == 0) return lots_take(p, from, l->amount, take_into, &t, e);
    for (int i = 0; i < l->n_lots; i++)
        if (!lots_take_named(p, from, l->lots[i], take_into, &t, e)) return false;
    return t.to_off == l->amount ||
           ledger_refuse(e, "lot", "the lots named do not add up to the amount of the leg");
}

/* Money from one account of a county to another of it. */
static bool move(struct ledger_part *p, struct acct *from, struct acct *to,
                 const struct posting_leg *l, struct leg_text *t, int64_t *seq, struct err *e)
{
    int64_t after;
    if (!covered(from, l->amount, e)) return false;
    if (!i64_add(to->s.balance, l->amount, &after) || !i64_sub(from->s.balance, l->amount, &after))
        return ledger_refuse(e, "overflow", "the balance would leave what a number can hold");
    part_save_acct(p, from);
    part_save_acct(p, to);
    if (!take_lots(p, from, l, t, e) || !ledger_leg(p, t, from, to, l->amount, seq, e))
        return false;
    from->s.balance -= l->amount;
    if (to->restricted) lots_put(p, to, *seq, l->amount);
    to->s.balance += l->amount;
    return true;
}

static bool hold_back(struct ledger_part *p, struct acct *from, struct acct *to,
                      const struct posting_leg *l, const struct leg_text *t, int64_t *seq,
                      struct err *e)
{
    int64_t after;
    if (!covered(from, l->amount, e)) return false;
    if (!i64_add(from->s.reserved, l->amount, &after) ||
        !i64_add(to->s.expected, l->amount, &after))
        return ledger_refuse(e, "overflow", "what is promised would leave what a number can hold");
    part_save_acct(p, from);
    part_save_acct(p, to);
    from->s.reserved += l->amount;
    to->s.expected += l->amount;
    return ledger_leg(p, t, from, to, l->amount, seq, e);
}

static void release(struct ledger_part *p, struct acct *from, struct acct *to, int64_t amount)
{
    part_save_acct(p, from);
    part_save_acct(p, to);
    from->s.reserved -= amount;
    to->s.expected -= amount;
}

/* One stored leg of any kind but a return. */
static bool post_half(struct ledger_part *p, const struct posting_leg *l, struct leg_text *t,
                      int64_t *seq, struct err *e)
{
    struct acct *from, *to;
    if (!part_acct(p, l->debit, &from, e) || !part_acct(p, l->credit, &to, e)) return false;
    if (t->kind == LEG_PROMISE) return hold_back(p, from, to, l, t, seq, e);
    if (t->kind != LEG_MOVE) release(p, from, to, l->amount);
    if (t->kind == LEG_VOID) return ledger_leg(p, t, from, to, l->amount, seq, e);
    return move(p, from, to, l, t, seq, e);
}

bool ledger_far_half(struct ledger_part *p, int64_t home, int64_t seq, struct account_ref to,
                     int64_t amount, struct leg_text *t, struct err *e)
{
    struct posting_leg in = { .debit = { to.county, transit_from(home) }, .credit = to,
                              .amount = amount };
    int64_t arrived;
    t->took = (struct use){ 0 };
    if (t->kind != LEG_PROMISE && t->kind != LEG_VOID)
        t->took = (struct use){ .lot_county = home, .lot = seq, .amount = amount };
    return post_half(p, &in, t, &arrived, e);
}

/* A leg, in two halves when it crosses a county's border: the second begins where the first ended.
 * `far_about` is what the second half is about. */
static bool post_leg(struct ledger_part *p, const struct posting_leg *l, struct leg_text *t,
                     int64_t far_about, struct err *e)
{
    int64_t home = l->debit.county, far = l->credit.county, seq;
    t->took.amount = 0;
    if (home == far) return post_half(p, l, t, &seq, e);
    struct posting_leg out = *l;
    out.credit = (struct account_ref){ home, transit_to(far) };
    if (!post_half(p, &out, t, &seq, e)) return false;
    if (t->halves) return transit_note(p, home, seq, l->credit, e);
    t->about = far_about;
    return ledger_far_half(p, home, seq, l->credit, l->amount, t, e);
}

/* --- idempotency --- */

static bool pending_has(const struct ledger_part *p, int64_t county, int64_t id)
{
    for (size_t i = p->transfers.rows.written; i < p->transfers.rows.n; i++) {
        const struct val *row = p->transfers.at + i * T_NCOLS;
        if (row[T_ID].i == id && row[T_COUNTY].i == county) return true;
    }
    return false;
}

static bool same_leg(const struct posting *post, const struct leg *l)
{
    if (l->legs != post->n || l->leg < 0 || l->leg >= post->n) return false;
    const struct posting_leg *want = &post->legs[l->leg];
    int64_t credit =
        want->credit.county == l->county ? want->credit.id : transit_to(want->credit.county);
    return want->debit.id == l->debit && credit == l->credit && want->amount == l->amount &&
           l->kind == (post->pending ? LEG_PROMISE : LEG_MOVE);
}

/* Whether the id is there already, and, if so, that it is this very transfer. */
static bool posted_before(struct ledger_part *p, struct posting *post, int64_t county,
                          struct err *e)
{
    struct legs legs = { 0 };
    if (pending_has(p, county, post->id) && !part_write_rows(p, e)) return false;
    if (!legs_by_id(tx_db(p->tx), county, post->id, &legs, e)) return false;
    bool same = true;
    for (size_t i = 0; i < legs.n; i++) same = same && same_leg(post, &legs.at[i]);
    post->done = legs.n > 0;
    free(legs.at);
    return same || err_set(e, ERR_CONFLICT, "another transfer has this id or code already");
}

static bool take_id(void *arg, const struct val *row, int n, struct err *e)
{
    (void)n;
    (void)e;
    *(int64_t *)arg = row[0].i;
    return true;
}

static bool known_already(struct ledger_part *p, struct posting *post, const struct county_head *h,
                          struct err *e)
{
    int64_t by_code = 0;
    post->done = false;
    if (post->code) {
        struct val v[2] = { val_int(h->county), val_text(post->code) };
        if (h->base.seq &&
            !tx_query(p->tx, ledger_sql(LEDGER_TRANSFER_BY_CODE), v, 2, take_id, &by_code, e))
            return false;
        if (by_code && post->id && by_code != post->id)
            return err_set(e, ERR_CONFLICT, "another transfer has the code %s already", post->code);
    }
    if (by_code) post->id = by_code;
    if (post->id == 0) {
        post->id = tx_id(p->tx);
        return true;
    }
    return post->id > h->s.last_id || posted_before(p, post, h->county, e);
}

static bool post(struct ledger_part *p, struct posting *post, struct err *e)
{
    struct county_head *home = NULL;
    if (!legs_fit(p, post, &home, e) || !known_already(p, post, home, e)) return false;
    for (int i = 0; !post->done && i < post->n; i++) {
        struct leg_text t = { .id = post->id, .leg = i, .legs = post->n, .day = post->day,
            .kind = post->pending ? LEG_PROMISE : LEG_MOVE, .code = post->code, .note = post->note,
            .cause = post->cause, .actor = post->actor, .halves = post->halves };
        if (!post_leg(p, &post->legs[i], &t, 0, e)) return false;
    }
    return true;
}

bool ledger_post(struct tx *tx, struct posting *posting, struct err *e)
{
    return post(ledger_part(tx), posting, e);
}

bool ledger_post_run(struct tx *tx, posting_fn *next, void *arg, int64_t *posted, int64_t *done,
                     struct err *e)
{
    struct ledger_part *p = ledger_part(tx);
    *posted = *done = 0;
    for (;;) {
        struct posting *one = NULL;
        if (!next(arg, &one, e)) return false;
        if (!one) return true;
        if (!post(p, one, e)) return false;
        ++*(one->done ? done : posted);
    }
}

/* --- what becomes of a promise --- */

static bool far_leg(struct ledger_part *p, const struct leg *home, struct leg *out, struct err *e)
{
    struct legs legs = { 0 };
    int64_t far = transit_county(home->credit);
    bool found = false;
    if (!legs_by_id(tx_db(p->tx), far, home->id, &legs, e)) return false;
    for (size_t i = 0; i < legs.n; i++) {
        if (legs.at[i].leg != home->leg || legs.at[i].debit != transit_from(home->county)) continue;
        *out = legs.at[i];
        found = true;
    }
    free(legs.at);
    return found ||
           err_set(e, ERR_NOT_FOUND, "the other half of transfer %lld is not in county %lld yet",
                   (long long)home->id, (long long)far);
}

static bool ended(struct ledger_part *p, const struct leg *l, struct err *e)
{
    struct val v[2] = { val_int(l->county), val_int(l->seq) };
    int64_t by = 0;
    if (!tx_query(p->tx, ledger_sql(LEDGER_TRANSFER_END), v, 2, take_id, &by, e)) return false;
    return !by || ledger_refuse(e, "ended", "transfer %lld has ended by transfer %lld",
                                (long long)l->id, (long long)by);
}

static bool end_leg(struct ledger_part *p, const struct leg *l, struct leg_text *t, struct err *e)
{
    struct posting_leg pl = { .debit = { l->county, l->debit }, .credit = { l->county, l->credit },
                              .amount = l->amount };
    struct leg far = { 0 };
    if (l->kind != LEG_PROMISE)
        return ledger_refuse(e, "ended", "transfer %lld is no promise", (long long)l->id);
    if (!ended(p, l, e)) return false;
    if (is_transit(l->credit)) {
        if (!far_leg(p, l, &far, e)) return false;
        pl.credit = (struct account_ref){ far.county, far.credit };
    }
    t->about = l->seq;
    t->cause = l->cause;
    return post_leg(p, &pl, t, far.seq, e);
}

/* The same act tried again is done already. */
static bool acted(struct ledger_part *p, struct ledger_act *a, enum leg_kind kind,
                  const struct leg *first, bool *done, struct err *e)
{
    struct legs legs = { 0 };
    *done = false;
    if (a->by == 0) {
        a->by = tx_id(p->tx);
        return true;
    }
    if (!legs_by_id(tx_db(p->tx), a->county, a->by, &legs, e)) return false;
    *done = legs.n > 0;
    bool same = legs.n == 0 || (legs.at[0].kind == kind && legs.at[0].about == first->seq);
    free(legs.at);
    return same || err_set(e, ERR_CONFLICT, "another transfer has this id already");
}

static bool end_promise(struct tx *tx, struct ledger_act *a, enum leg_kind kind, struct err *e)
{
    struct ledger_part *p = ledger_part(tx);
    struct legs legs = { 0 };
    struct county_head *h;
    bool done = false;
    bool ok = part_head(p, a->county, &h, e) && part_write_rows(p, e) &&
              legs_by_id(tx_db(tx), a->county, a->id, &legs, e);
    if (ok && legs.n == 0)
        ok = err_set(e, ERR_NOT_FOUND, "there is no transfer %lld in county %lld", (long long)a->id,
                     (long long)a->county);
    ok = ok && acted(p, a, kind, &legs.at[0], &done, e);
    for (size_t i = 0; ok && !done && i < legs.n; i++) {
        struct leg_text t = { .id = a->by, .leg = (int)legs.at[i].leg, .legs = (int)legs.at[i].legs,
            .kind = kind, .day = a->day, .note = a->note, .actor = a->actor,
            .halves = a->halves };
        ok = end_leg(p, &legs.at[i], &t, e);
    }
    free(legs.at);
    return ok;
}

bool ledger_fulfil(struct tx *tx, struct ledger_act *a, struct err *e)
{
    return end_promise(tx, a, LEG_ARRIVAL, e);
}

bool ledger_void(struct tx *tx, struct ledger_act *a, struct err *e)
{
    return end_promise(tx, a, LEG_VOID, e);
}
