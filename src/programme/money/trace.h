/* trace: following money along the lots, forward to where it lies or went, and back to where it
 * began.
 *
 * A span is a piece of a lot. Going forward each use of the piece gives an edge and a piece of the
 * next lot; what no use took is an end: it still lies in that lot's account. Going back each use
 * that made the piece gives an edge; what no use made is an end: it began there. Edges are
 * disjoint, exact to the fen, and come level by level; memory holds one level of pieces. The ends
 * add up to what was asked about. */
#ifndef JD_PROGRAMME_MONEY_TRACE_H
#define JD_PROGRAMME_MONEY_TRACE_H

#include "programme/money/ledger.h"

struct span { int64_t county, lot, off, upto, account; };

/* amount fen of lot `from` of from_account became part of lot `to` by transfer id; the offsets say
 * which fen of either lot. */
struct trace_edge {
    int level;                        /* 1 = the first step from what was asked about */
    int64_t from_county, from_lot, from_account, to_county, to_lot, to_account, amount, id;
    int64_t from_off, to_off;
    int32_t day;
};
struct trace_end {
    int64_t county, lot, account, amount;
}; /* going back: the account it began at */

struct trace_sink {
    bool (*edge)(void *arg, const struct trace_edge *x, struct err *e); /* may be NULL */
    bool (*end)(void *arg, const struct trace_end *x, struct err *e);   /* may be NULL */
    void *arg;
};

bool trace_forward(struct db *d, const struct span *from, size_t n, const struct trace_sink *sink,
                   struct err *e) WARN_UNUSED;
bool trace_back(struct db *d, const struct span *to, size_t n, const struct trace_sink *sink,
                struct err *e) WARN_UNUSED;

/* Whole lots to begin with, returned ones left out: those that carry out a record (of money that is
 * handed on under its name the first ones alone), those of a transfer, those an account received. */
struct spans { struct span *at; size_t n, cap; }; /* free at */
void spans_add(struct spans *s, struct span x);
bool spans_of_cause(struct db *d, struct ledger_cause cause, struct spans *out,
                    struct err *e) WARN_UNUSED;
bool spans_of_transfer(struct db *d, int64_t county, int64_t id, struct spans *out,
                       struct err *e) WARN_UNUSED;
bool spans_of_lot(struct db *d, int64_t county, int64_t lot, struct spans *out,
                  struct err *e) WARN_UNUSED;
bool spans_of_account(struct db *d, struct account_ref a, struct spans *out,
                      struct err *e) WARN_UNUSED;
/* Of all accounts of a household or of a project; nothing where it holds none. */
enum trace_holder { TRACE_HOUSEHOLD, TRACE_PROJECT };
bool spans_of_holder(struct db *d, enum trace_holder kind, int64_t county, int64_t id, struct spans *out,
                     struct err *e) WARN_UNUSED;

/* What those accounts received and was not taken back, the latest of each first, at most `most` of each. */
struct received { int64_t county, lot, payer, amount; int32_t day; };
typedef bool received_fn(void *arg, const struct received *x, struct err *e);
bool ledger_received(struct db *d, enum trace_holder kind, int64_t county, int64_t id, int most,
                     received_fn *fn, void *arg, struct err *e) WARN_UNUSED;

/* What was asked about, as ways: amount fen went through these accounts in this order, the first is where
 * they began. Pieces that went the same way are one; the largest comes first. Accounts under way between
 * counties are left out. Ways are the arena's; their amounts add up to what was asked about. ERR_FULL
 * over `most` pieces. */
struct way { int64_t amount; int pieces; int32_t first, last; int n; struct account_ref *at; };
struct ways { struct way *at; int n; int64_t amount; };
bool ways_back(struct db *d, const struct spans *to, int most, struct arena *a, struct ways *out,
               struct err *e) WARN_UNUSED;

/* What came from outside: from whom, and the lot it became. */
struct origin { int64_t county, giver, account, lot, amount; };
typedef bool origin_fn(void *arg, const struct origin *o, struct err *e);
bool ledger_origins(struct db *d, origin_fn *fn, void *arg, struct err *e) WARN_UNUSED;
/* Legs in all: how much a trace of everything may read. */
bool ledger_size(struct db *d, int64_t *legs, struct err *e) WARN_UNUSED;

#endif
