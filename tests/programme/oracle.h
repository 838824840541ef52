/* oracle: the ledger done the simplest way there is. Every fen of every lot is an entry of its own
 * that knows which fen of which lot it was before, and whether it is still there. It also makes the
 * random programmes, since what makes sense next depends on the state. */
#ifndef JD_TESTS_PROGRAMME_ORACLE_H
#define JD_TESTS_PROGRAMME_ORACLE_H

#include "programme/books.h"
#include "programme/money/ledger_part.h"
#include "programme/money/trace.h"

enum { ORACLE_ACCOUNTS = 16 };

struct o_fen { int lot, off; bool open; };   /* lot -1 = new money */
struct o_lot {
    int county, account;
    int64_t seq, amount;
    int transfer;
    struct o_fen *fen;
    bool gone;
};
struct o_leg { int from, to; int64_t amount, home_seq, far_seq; int home_lot, far_lot; };
struct o_transfer { int64_t id; int county; bool promise, ended; int n; struct o_leg leg[4]; };
struct o_account {
    struct account_ref ref;
    int county;
    bool restricted;
    int64_t balance, reserved, expected;
    int *lots;
    int n_lots, cap_lots, first;
};

struct oracle {
    struct random r;
    int64_t next_id, seq[3], transit[3][3];  /* transit[a][b]: sent from a to b */
    struct o_account account[ORACLE_ACCOUNTS]; int n_accounts;
    struct o_lot *lot; int n_lots, cap_lots;
    struct o_transfer *transfer; int n_transfers, cap_transfers;
    int32_t day;
};

static inline int o_county(int64_t county)
{
    return county == COUNTY_A ? 0 : county == COUNTY_B ? 1 : 2;
}

static inline void oracle_add(struct oracle *o, struct account_ref ref, bool restricted)
{
    assert_true(o->n_accounts < ORACLE_ACCOUNTS);
    o->account[o->n_accounts++] =
        (struct o_account){ .ref = ref, .county = o_county(ref.county), .restricted = restricted };
}

static inline void oracle_open(struct oracle *o, struct books *b, uint64_t seed)
{
    static const char *const kinds[] = { "outside", "place", "place", "project", "household" };
    memset(o, 0, sizeof *o);
    random_seed(&o->r, seed);
    o->next_id = INT64_C(1) << 30;
    o->day = b->day;
    for (int c = 0; c < 3; c++)
        for (int k = 0; k < 5; k++) {
            char code[20];
            snprintf(code, sizeof code, "R-%d-%d", c, k);
            oracle_add(o, books_account(b, code, books_counties[c], kinds[k], NULL), k != 0);
        }
}

static inline void oracle_close(struct oracle *o)
{
    for (int i = 0; i < o->n_lots; i++) free(o->lot[i].fen);
    for (int i = 0; i < o->n_accounts; i++) free(o->account[i].lots);
    free(o->lot);
    free(o->transfer);
}

/* --- lots --- */

static inline int o_new_lot(struct oracle *o, int county, int account, int64_t amount, int transfer)
{
    if (o->n_lots == o->cap_lots) {
        o->cap_lots = o->cap_lots ? o->cap_lots * 2 : 256;
        o->lot = mem_grow(o->lot, (size_t)o->cap_lots * sizeof *o->lot);
    }
    o->lot[o->n_lots] = (struct o_lot){ .county = county, .account = account, .amount = amount,
        .seq = ++o->seq[county], .transfer = transfer,
        .fen = mem_alloc((size_t)amount * sizeof(struct o_fen)) };
    for (int64_t i = 0; i < amount; i++)
        o->lot[o->n_lots].fen[i] =
            (struct o_fen){ -1, 0, account >= 0 && o->account[account].restricted };
    if (account >= 0) {
        struct o_account *a = &o->account[account];
        if (a->n_lots == a->cap_lots) {
            a->cap_lots = a->cap_lots ? a->cap_lots * 2 : 64;
            a->lots = mem_grow(a->lots, (size_t)a->cap_lots * sizeof *a->lots);
        }
        a->lots[a->n_lots++] = o->n_lots;
    }
    return o->n_lots++;
}

/* Moves the next open fen of one lot; false when there is none. */
static inline bool o_take_from(struct oracle *o, int from, int to, int64_t *filled)
{
    struct o_lot *l = &o->lot[from];
    for (int64_t i = 0; i < l->amount; i++) {
        if (!l->fen[i].open) continue;
        l->fen[i].open = false;
        o->lot[to].fen[*filled].lot = from;
        o->lot[to].fen[*filled].off = (int)i;
        ++*filled;
        return true;
    }
    return false;
}

static inline void o_fill(struct oracle *o, int account, int to, const struct lot_name *names,
                          int n)
{
    int64_t filled = 0, want = o->lot[to].amount;
    struct o_account *a = &o->account[account];
    if (!a->restricted) return;
    for (int k = 0; k < n; k++)
        for (int i = 0; i < a->n_lots; i++)
            if (o->lot[a->lots[i]].seq == names[k].seq)
                for (int64_t m = 0; m < names[k].amount; m++)
                    o_take_from(o, a->lots[i], to, &filled);
    for (int i = a->first; n == 0 && i < a->n_lots && filled < want;) {
        if (a->lots[i] != to && o_take_from(o, a->lots[i], to, &filled)) continue;
        if (i == a->first) a->first++;
        i++;
    }
    assert_int_equal(filled, want);
}

static inline int64_t o_open(const struct oracle *o, int lot)
{
    int64_t n = 0;
    for (int64_t i = 0; i < o->lot[lot].amount; i++) n += o->lot[lot].fen[i].open;
    return n;
}

/* --- what transfers do --- */

static inline struct o_transfer *o_new_transfer(struct oracle *o, int64_t id, int county,
                                                bool promise)
{
    if (o->n_transfers == o->cap_transfers) {
        o->cap_transfers = o->cap_transfers ? o->cap_transfers * 2 : 256;
        o->transfer = mem_grow(o->transfer, (size_t)o->cap_transfers * sizeof *o->transfer);
    }
    struct o_transfer *t = &o->transfer[o->n_transfers++];
    *t = (struct o_transfer){ .id = id, .county = county, .promise = promise };
    return t;
}

static inline void o_apply_leg(struct oracle *o, struct o_transfer *t, struct o_leg *l,
                               const struct lot_name *names, int n)
{
    struct o_account *from = &o->account[l->from], *to = &o->account[l->to];
    int at = (int)(t - o->transfer);
    bool far = from->county != to->county;
    l->far_lot = -1;
    l->home_lot = o_new_lot(o, from->county, far ? -1 : l->to, l->amount, at);
    o_fill(o, l->from, l->home_lot, names, n);
    if (far) {
        l->far_lot = o_new_lot(o, to->county, l->to, l->amount, at);
        for (int64_t i = 0; i < l->amount; i++) {
            o->lot[l->far_lot].fen[i].lot = l->home_lot;
            o->lot[l->far_lot].fen[i].off = (int)i;
        }
        o->transit[from->county][to->county] += l->amount;
    }
    from->balance -= l->amount;
    to->balance += l->amount;
}

/* Whether the legs, one after another, can be paid. */
static inline bool o_covered(const struct oracle *o, const struct o_leg *legs, int n, bool promise,
                             bool release)
{
    int64_t free_money[ORACLE_ACCOUNTS];
    for (int i = 0; i < o->n_accounts; i++)
        free_money[i] = o->account[i].balance - o->account[i].reserved;
    for (int i = 0; i < n; i++) {
        const struct o_leg *l = &legs[i];
        if (release) free_money[l->from] += l->amount;
        if (o->account[l->from].restricted && free_money[l->from] < l->amount) return false;
        free_money[l->from] -= l->amount;
        if (!promise) free_money[l->to] += l->amount;
    }
    return true;
}

static inline void o_hold(struct oracle *o, const struct o_leg *l, int sign)
{
    bool far = o->account[l->from].county != o->account[l->to].county;
    o->account[l->from].reserved += sign * l->amount;
    o->account[l->to].expected += sign * l->amount;
    o->seq[o->account[l->from].county]++;
    if (far) o->seq[o->account[l->to].county]++;
}

static inline bool o_post(struct oracle *o, const struct books_op *op, const struct o_leg *legs)
{
    if (!o_covered(o, legs, op->post.n, op->post.pending, false)) return false;
    for (int i = 0; i < op->legs[0].n_lots; i++) {
        const struct o_account *a = &o->account[legs[0].from];
        int64_t open = 0;
        for (int k = 0; k < a->n_lots; k++)
            if (o->lot[a->lots[k]].seq == op->legs[0].lots[i].seq) open = o_open(o, a->lots[k]);
        if (open < op->legs[0].lots[i].amount) return false;
    }
    struct o_transfer *t =
        o_new_transfer(o, op->post.id, o->account[legs[0].from].county, op->post.pending);
    t->n = op->post.n;
    for (int i = 0; i < t->n; i++) {
        t->leg[i] = legs[i];
        if (op->post.pending) o_hold(o, &t->leg[i], 1);
        else o_apply_leg(o, t, &t->leg[i], op->legs[i].lots, op->legs[i].n_lots);
    }
    return true;
}

static inline bool o_end(struct oracle *o, int target, int64_t id, bool fulfil)
{
    struct o_transfer *p = &o->transfer[target];
    if (!p->promise || p->ended) return false;
    if (fulfil && !o_covered(o, p->leg, p->n, false, true)) return false;
    p->ended = true;
    if (!fulfil) {
        for (int i = 0; i < p->n; i++) o_hold(o, &p->leg[i], -1);
        return true;
    }
    struct o_transfer *t = o_new_transfer(o, id, o->transfer[target].county, false);
    p = &o->transfer[target];
    t->n = p->n;
    for (int i = 0; i < t->n; i++) {
        t->leg[i] = p->leg[i];
        o->account[t->leg[i].from].reserved -= t->leg[i].amount;
        o->account[t->leg[i].to].expected -= t->leg[i].amount;
        o_apply_leg(o, t, &t->leg[i], NULL, 0);
    }
    return true;
}

/* Marks the transfer and everything made of its money. */
static inline void o_closure(const struct oracle *o, int target, bool *in)
{
    memset(in, 0, (size_t)o->n_transfers);
    in[target] = true;
    for (int i = 0; i < o->n_lots; i++) {
        const struct o_lot *l = &o->lot[i];
        if (l->gone || in[l->transfer]) continue;
        for (int64_t f = 0; f < l->amount; f++)
            if (l->fen[f].lot >= 0 && in[o->lot[l->fen[f].lot].transfer]) {
                in[l->transfer] = true;
                i = o->transfer[l->transfer].leg[0].home_lot -
                    1; /* all its legs, and what is on them */
                break;
            }
    }
}

static inline void o_return_lot(struct oracle *o, int lot)
{
    struct o_lot *l = &o->lot[lot];
    if (lot < 0) return;
    for (int64_t i = 0; i < l->amount; i++) {
        l->fen[i].open = false;
        if (l->fen[i].lot < 0) continue;
        struct o_lot *from = &o->lot[l->fen[i].lot];
        if (from->account < 0) continue;
        from->fen[l->fen[i].off].open = true;
        o->account[from->account].first = 0;
    }
    l->gone = true;
    o->seq[l->county]++;
}

static inline bool o_return(struct oracle *o, int target, bool chain)
{
    bool *in = mem_alloc((size_t)o->n_transfers + 1), ok = !o->transfer[target].promise &&
                                                         !o->transfer[target].ended;
    int64_t balance[ORACLE_ACCOUNTS];
    for (int i = 0; i < o->n_accounts; i++) balance[i] = o->account[i].balance;
    if (ok) o_closure(o, target, in);
    for (int t = 0; ok && t < o->n_transfers; t++) {
        if (!in[t]) continue;
        if (t != target && !chain) ok = false;
        for (int i = 0; i < o->transfer[t].n; i++) {
            balance[o->transfer[t].leg[i].from] += o->transfer[t].leg[i].amount;
            balance[o->transfer[t].leg[i].to] -= o->transfer[t].leg[i].amount;
        }
    }
    for (int t = 0; ok && t < o->n_transfers; t++)
        for (int i = 0; ok && in[t] && i < o->transfer[t].n; i++) {
            int to = o->transfer[t].leg[i].to;
            ok = !o->account[to].restricted || balance[to] >= o->account[to].reserved;
        }
    for (int t = o->n_transfers - 1; ok && t >= 0; t--) {
        if (!in[t]) continue;
        struct o_transfer *x = &o->transfer[t];
        x->ended = true;
        for (int i = x->n - 1; i >= 0; i--) {
            o_return_lot(o, x->leg[i].far_lot);
            o_return_lot(o, x->leg[i].home_lot);
            if (x->leg[i].far_lot >= 0)
                o->transit[o->account[x->leg[i].from].county][o->account[x->leg[i].to].county] -=
                    x->leg[i].amount;
        }
    }
    for (int i = 0; ok && i < o->n_accounts; i++) o->account[i].balance = balance[i];
    free(in);
    return ok;
}

/* --- random programmes --- */

static inline int o_account_in(struct oracle *o, int county)
{
    return county * 5 + (int)random_below(&o->r, 5);
}

static inline void o_random_leg(struct oracle *o, int county, struct o_leg *l)
{
    l->from = o_account_in(o, county);
    do l->to = o_account_in(o, random_below(&o->r, 4) ? county : (int)random_below(&o->r, 3));
    while (l->to == l->from);
    l->amount =
        random_below(&o->r, 10) ? random_between(&o->r, 1, 30) : random_between(&o->r, 30, 300);
}

/* names needs room for two. */
static inline void o_random_names(struct oracle *o, struct books_op *op, struct o_leg *l,
                                  struct lot_name *names)
{
    struct o_account *a = &o->account[l->from];
    int n = 0;
    int64_t total = 0;
    for (int tries = 0; a->restricted && tries < 6 && n < 2 && a->n_lots; tries++) {
        int lot = a->lots[random_below(&o->r, (uint64_t)a->n_lots)];
        int64_t open = o_open(o, lot);
        if (open == 0 || (n && names[0].seq == o->lot[lot].seq)) continue;
        names[n] =
            (struct lot_name){ o->lot[lot].seq, random_between(&o->r, 1, open + (tries == 3)) };
        total += names[n++].amount;
    }
    if (n == 0) return;
    l->amount = total;
    op->legs[0].lots = names;
    op->legs[0].n_lots = n;
}

static inline int o_random_target(struct oracle *o, bool promise)
{
    for (int tries = 0; tries < 40 && o->n_transfers; tries++) {
        int back = (int)random_below(&o->r, (uint64_t)(o->n_transfers < 60 ? o->n_transfers : 60));
        int t = o->n_transfers - 1 - back;
        if (o->transfer[t].promise == promise && (!o->transfer[t].ended || tries > 30)) return t;
    }
    return -1;
}

/* Makes the next command and does it; op->wanted says whether it can be done. */
static inline void oracle_step(struct oracle *o, struct books_op *op, struct lot_name names[2])
{
    int dice = (int)random_below(&o->r, 100), county = (int)random_below(&o->r, 3);
    int target = dice < 72 ? -1 : o_random_target(o, dice < 84);
    int64_t id = ++o->next_id;
    struct o_leg legs[4] = { { 0 } };
    memset(op, 0, sizeof *op);
    if (target >= 0) {
        op->what = dice < 80   ? BOOKS_FULFIL
                   : dice < 84 ? BOOKS_VOID
                   : dice < 94 ? BOOKS_RETURN
                               : BOOKS_CHAIN;
        op->act = (struct ledger_act){ .county = books_counties[o->transfer[target].county],
            .id = o->transfer[target].id, .by = id, .day = o->day };
        op->wanted = dice < 84 ? o_end(o, target, id, dice < 80) : o_return(o, target, dice >= 94);
        return;
    }
    op->what = BOOKS_POST;
    op->post = (struct posting){ .id = id, .day = o->day, .pending = dice < 10,
                                 .n = dice > 60 ? (int)random_between(&o->r, 2, 4) : 1 };
    for (int i = 0; i < op->post.n; i++) o_random_leg(o, county, &legs[i]);
    if (dice >= 10 && dice < 22) o_random_names(o, op, &legs[0], names);
    for (int i = 0; i < op->post.n; i++) {
        op->legs[i].debit = o->account[legs[i].from].ref;
        op->legs[i].credit = o->account[legs[i].to].ref;
        op->legs[i].amount = legs[i].amount;
    }
    op->wanted = o_post(o, op, legs);
}

/* --- tracing --- */

struct o_sum { struct oracle *o; int64_t ends, edges; struct map *lots; int64_t *lies; };

/* Where one fen of a lot lies now: the open fen that came from it, or its last lot. */
static inline int o_first_fen(const struct oracle *o, int lot, int off)
{
    while (o->lot[lot].fen[off].lot >= 0) {
        const struct o_fen *f = &o->lot[lot].fen[off];
        off = f->off;
        lot = f->lot;
    }
    return lot;
}

static inline bool o_end_seen(void *arg, const struct trace_end *x, struct err *e)
{
    struct o_sum *s = arg;
    int64_t key[2] = { o_county(x->county), x->lot };
    const int *lot = map_get(s->lots, key);
    (void)e;
    assert_non_null(lot);
    s->ends += x->amount;
    s->lies[*lot] += x->amount;
    return true;
}

static inline bool o_edge_seen(void *arg, const struct trace_edge *x, struct err *e)
{
    struct o_sum *s = arg;
    (void)e;
    assert_true(x->amount > 0);
    s->edges++;
    return true;
}

/* Whether a fen was passed on. In restricted accounts that is one that is not open; in transit, one
 * that is in a lot on the other side. */
static inline bool o_passed_on(const struct oracle *o, int lot, int64_t off)
{
    const struct o_lot *l = &o->lot[lot];
    if (l->account >= 0) return o->account[l->account].restricted && !l->fen[off].open;
    return true;
}

/* Every lot that began a chain: what the trace says lies where, against the fen themselves; and
 * back from every lot to where its fen began. */
static inline void oracle_trace(struct oracle *o, struct db *d, struct map *lots, int every)
{
    struct err e = { 0 };
    int64_t *lies = mem_alloc((size_t)o->n_lots * sizeof *lies),
            *wanted = mem_alloc((size_t)o->n_lots * sizeof *wanted);
    for (int root = 0; root < o->n_lots; root += every) {
        const struct o_lot *r = &o->lot[root];
        if (r->gone) continue;
        bool begins = r->fen[0].lot < 0;
        struct o_sum s = { .o = o, .lots = lots, .lies = lies };
        struct trace_sink sink = { o_edge_seen, o_end_seen, &s };
        struct spans from = { 0 };
        memset(lies, 0, (size_t)o->n_lots * sizeof *lies);
        memset(wanted, 0, (size_t)o->n_lots * sizeof *wanted);
        assert_ok(spans_of_lot(d, books_counties[r->county], r->seq, &from, &e), e);
        if (begins) {
            assert_ok(trace_forward(d, from.at, from.n, &sink, &e), e);
            for (int i = root; i < o->n_lots; i++)
                for (int64_t f = 0; !o->lot[i].gone && f < o->lot[i].amount; f++)
                    if (!o_passed_on(o, i, f) && o_first_fen(o, i, (int)f) == root) wanted[i]++;
        } else {
            assert_ok(trace_back(d, from.at, from.n, &sink, &e), e);
            for (int64_t f = 0; f < r->amount; f++) wanted[o_first_fen(o, root, (int)f)]++;
        }
        assert_int_equal(s.ends, r->amount);
        assert_memory_equal(lies, wanted, (size_t)o->n_lots * sizeof *lies);
        free(from.at);
    }
    free(lies);
    free(wanted);
}

/* --- held against the store --- */

struct o_reading { struct oracle *o; int county; int64_t fens; struct map *lots; };

static inline bool o_read_use(void *arg, const struct val *row, int n, struct err *e)
{
    struct o_reading *r = arg;
    int64_t off = row[2].i, to_off = row[4].i, amount = row[5].i;
    (void)n;
    (void)e;
    int64_t to[2] = { r->county, row[3].i }, from[2] = { o_county(row[0].i), row[1].i };
    const int *lot = map_get(r->lots, to), *source = map_get(r->lots, from);
    assert_non_null(lot);
    assert_non_null(source);
    const struct o_lot *l = &r->o->lot[*lot];
    r->fens += row[6].i ? -amount : amount;
    for (int64_t i = 0; !l->gone && i < amount; i++) {
        assert_int_equal(l->fen[to_off + i].lot, *source);
        assert_int_equal(l->fen[to_off + i].off, off + i);
    }
    return true;
}

static inline void o_print_fault(void *arg, const char *sentence)
{
    (void)arg;
    print_message("%s\n", sentence);
}

static inline void oracle_compare(struct oracle *o, struct db *d)
{
    struct err e = { 0 };
    struct map lots;
    int64_t fens = 0;
    struct faults faults = { o_print_fault, NULL, 0 };
    assert_ok(ledger_verify(d, &faults, &e), e);
    assert_int_equal(faults.n, 0);
    for (int i = 0; i < o->n_accounts; i++) {
        const struct o_account *a = &o->account[i];
        struct ledger_balance b;
        assert_ok(ledger_balance_of(d, a->ref.county, a->ref.id, &b, &e), e);
        assert_int_equal(b.balance, a->balance);
        assert_int_equal(b.reserved, a->reserved);
        assert_int_equal(b.expected, a->expected);
    }
    for (int a = 0; a < 3; a++)
        for (int c = 0; c < 3; c++) {
            struct ledger_balance b;
            assert_ok(
                ledger_balance_of(d, books_counties[a], transit_to(books_counties[c]), &b, &e), e);
            assert_int_equal(b.balance, o->transit[a][c]);
        }
    map_init(&lots, 2 * sizeof(int64_t), sizeof(int));
    for (int i = 0; i < o->n_lots; i++) {
        int64_t key[2] = { o->lot[i].county, o->lot[i].seq };
        *(int *)map_put(&lots, key, NULL) = i;
        for (int64_t f = 0; !o->lot[i].gone && f < o->lot[i].amount; f++)
            fens += o->lot[i].fen[f].lot >= 0;
    }
    struct o_reading r = { .o = o, .lots = &lots };
    for (r.county = 0; r.county < 3; r.county++) {
        struct val c = val_int(books_counties[r.county]);
        assert_ok(db_query(d, ledger_sql(LEDGER_COUNTY_PIECES), &c, 1, o_read_use, &r, &e), e);
    }
    assert_int_equal(r.fens, fens);
    oracle_trace(o, d, &lots, o->n_lots < 600 ? 1 : o->n_lots / 300);
    map_free(&lots);
}

#endif
