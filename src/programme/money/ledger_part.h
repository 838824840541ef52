/* ledger_part: the ledger's state in a transaction. Private to money/.
 *
 * Accounts are read once and changed here; rows wait to be written together. Everything can be
 * taken back to where the command at hand began. What was read stays with the connection for its
 * next transaction: a county's accounts are as they were while its head is where we left it, and
 * what an account is as long as nobody journaled anything. ledger_part.c holds state and rows,
 * ledger_memory.c what is kept, ledger_behind.c which derived rows are written when, lots.c the open
 * pieces of an account, ledger.c the rules, returns.c the way back. */
#ifndef JD_PROGRAMME_MONEY_LEDGER_PART_H
#define JD_PROGRAMME_MONEY_LEDGER_PART_H

#include "base/map.h"
#include "programme/money/ledger.h"
#include "programme/money/ledger_sql.h"
#include "programme/money/ledger_tail.h"

/* An open piece of a lot. */
struct piece { int64_t lot, off, upto; bool gap; };

enum holder { HOLDER_OUTSIDE, HOLDER_PLACE, HOLDER_ORGANISATION, HOLDER_PROJECT, HOLDER_HOUSEHOLD,
              HOLDER_PAYEE, HOLDER_TRANSIT };

/* What is taken back by copying it back. The pieces themselves never change: the first one's
 * beginning is head_off, and a list that changes otherwise is made anew. */
struct acct_state {
    int64_t balance, reserved, expected, front, front_off, gaps, holes;
    int64_t ins, last_in, skip_in, last_out; /* the chains of its legs; see ledger_sql.c */
    struct piece *q;
    size_t first, n, cap; /* open pieces in the order they are taken, as far as read */
    int64_t head_off;
    struct piece *fresh;
    size_t n_fresh, cap_fresh; /* lots of this transaction, behind unread ones */
    bool gaps_read;
    int64_t next;                            /* lots from here on are unread; ALL_READ = none */
    bool dirty;
};
#define ALL_READ INT64_MAX
#define PIECES_KEPT 3
#define RECENT 16

struct county_head;
struct acct {
    int64_t county, id, fund_line;
    struct county_head *head;
    bool restricted, stored;                 /* stored: it has a row of amounts */
    enum holder holder;
    char earmark[44];
    uint64_t saved_at;                       /* the command that keeps a copy already */
    uint64_t seen_at, as_of, facts_at;       /* see struct ledger_memory */
    uint64_t now_at;                         /* the transaction that has to write it, */
    uint64_t written_at;                     /* or writes it */
    uint64_t listed;                         /* as_of of the head in whose list it is; 0 = in none */
    struct acct_state s, base;               /* base: before this transaction */
    struct piece kept[PIECES_KEPT];          /* between transactions: the first of its pieces */
};

/* sum and count: of the rows posted here; first: the first transfer; actor: 0 when they differ. */
struct head_state { int64_t seq, last_id; uint64_t sum; int64_t count, first, actor; };

/* Rows that wait: what is due is written in the order it is stored, what comes meanwhile is next. */
struct line { void *at; size_t n, cap; };
struct round {
    struct line due, next;
    size_t done, writes;                     /* of due: written before, and by this transaction */
};
struct county_head {
    int64_t county;
    uint64_t saved_at, seen_at, as_of;
    uint64_t read_at;                        /* the transaction that read it and its tail anew */
    struct head_state s, base;               /* base: before this transaction */
    int64_t settled, settles;                /* as it is stored, and as this transaction leaves it */
    struct round accts, uses;                /* of struct acct *, each once; of struct taken */
    bool all;                                /* this transaction writes all that waits, */
    size_t fresh_accts, fresh_uses;          /* and so many that wait in no list */
    int64_t upto;                            /* the legs that are settled when all due is done */
};

/* What stays with the connection. Numbers only go up: `serial` counts transactions, and seen_at is
 * the last one that used a head or an account; `edition` counts what made memory worthless. An
 * account's amounts are good while as_of is its head's, and its holder, earmark and fund line while
 * facts_at is `facts`. */
struct ledger_memory {
    struct arena arena;
    struct map accts, heads; /* county, account -> struct acct *; county -> struct county_head * */
    uint64_t serial, command, edition, facts;
    int64_t position;                        /* of the journal, when we left */
};
struct ledger_memory *ledger_memory_open(struct tx *tx, const struct tx_part *kind);

struct undo {
    struct acct *acct; struct county_head *head;    /* one of them */
    union { struct acct_state was; struct head_state head_was; };
};

/* Rows of a transaction: those from `written` to n wait; the marks are the way back. */
struct row_count { size_t n, written, n_mark, written_mark; };

struct leg_rows {
    const struct stmt *stmt;
    uint32_t number;
    int width;
    struct val *at;
    size_t cap;
    struct row_count rows;
};

/* The first pieces that legs took, as they were posted. */
struct taken_rows { struct taken *at; size_t cap; struct row_count rows; };

struct ledger_part {
    struct tx *tx;
    const struct row_key *key;
    struct arena arena;
    struct ledger_memory *m;
    struct acct **accts; size_t n_accts, cap_accts; /* of this transaction */
    struct county_head **heads; size_t n_heads, cap_heads;
    struct acct **chosen; size_t n_chosen, cap_chosen; /* whose rows it writes, */
    struct taken *pieces; size_t n_pieces, cap_pieces; /* and what goes into lot_taken */
    struct acct *recent[RECENT];             /* by the low bits of their ids */
    struct undo *undo; size_t n_undo, cap_undo;
    struct tail tail;                        /* of the county that is read at the moment */
    int64_t pending_load, position, edits;
    bool placed;                             /* position is read */
    struct leg_rows transfers, uses;
    struct taken_rows taken;
};

/* The transaction is over: what it leaves in memory for the next one. */
void ledger_memory_close(struct ledger_part *p);

bool ledger_memory_waits(const void *memory); /* some row is not written yet */

/* ledger_behind.c. Lists what was read of a county's tail. */
bool behind_begin(struct ledger_part *p, struct county_head *h, struct err *e) WARN_UNUSED;
/* p->chosen and p->pieces: the accounts whose rows this transaction writes, and what it writes into
 * lot_taken, in the order they are stored; and what each head is to say. */
void behind_choose(struct ledger_part *p);
void behind_committed(struct ledger_part *p);
void behind_forget(struct county_head *h);

struct ledger_part *ledger_part(struct tx *tx);

static inline bool head_waits(const struct county_head *h)
{
    return h->accts.due.n > h->accts.done || h->accts.next.n > 0 || h->uses.due.n > h->uses.done ||
           h->uses.next.n > 0;
}
void head_row(const struct ledger_part *p, int64_t county, int64_t seq, int64_t last_id,
              int64_t settled, struct val out[HEAD_NCOLS]);

bool part_head(struct ledger_part *p, int64_t county, struct county_head **out, struct err *e) WARN_UNUSED;
/* ERR_INVALID, rule account, when there is none. */
bool part_acct(struct ledger_part *p, struct account_ref ref, struct acct **out,
               struct err *e) WARN_UNUSED;
/* What an account is, without its county's lock; amounts are zero. */
bool part_peek(struct ledger_part *p, struct account_ref ref, struct acct *out,
               struct err *e) WARN_UNUSED;
void part_save_acct(struct ledger_part *p, struct acct *a); /* before it changes */
void part_write_now(struct ledger_part *p, struct acct *a); /* its row does not wait */
void part_save_head(struct ledger_part *p, struct county_head *h);

void taken_row(const struct taken *x, struct val out[TAKEN_NCOLS]); /* of lot_taken */

/* Puts a row behind the others; its digest is made and summed up in its county's head when it is
 * written. */
bool part_transfer(struct ledger_part *p, const struct val row[T_NCOLS], struct err *e) WARN_UNUSED;
bool part_use(struct ledger_part *p, const struct val row[U_NCOLS], struct err *e) WARN_UNUSED;
/* So that what was posted in this transaction is found by reading. */
bool part_write_rows(struct ledger_part *p, struct err *e) WARN_UNUSED;
struct val part_text(struct ledger_part *p, const char *s); /* copied; NULL is null */

bool ledger_refuse(struct err *e, const char *rule, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* lots.c: each piece taken is told to the sink. */
typedef bool piece_fn(void *arg, int64_t lot, int64_t off, int64_t amount, struct err *e);
bool lots_take(struct ledger_part *p, struct acct *a, int64_t amount, piece_fn *sink, void *arg,
               struct err *e) WARN_UNUSED;
bool lots_take_named(struct ledger_part *p, struct acct *a, struct lot_name name, piece_fn *sink,
                     void *arg, struct err *e) WARN_UNUSED;
void lots_put(struct ledger_part *p, struct acct *a, int64_t lot, int64_t amount); /* a new lot */
bool lots_give_back(struct ledger_part *p, struct acct *a, int64_t lot, int64_t off, int64_t upto,
                    struct err *e) WARN_UNUSED;
void lots_keep(struct acct *a); /* the first pieces into a->kept; the others are read again */
/* A lot nothing was taken of goes as a whole. */
bool lots_remove(struct ledger_part *p, struct acct *a, int64_t lot, int64_t amount,
                 struct err *e) WARN_UNUSED;

struct uses { struct use *at; size_t n, cap; };
/* A piece given back stands right behind itself, and takes itself out. */
void uses_add(struct uses *u, const struct use *x, bool back);

/* A stored leg, without its texts. took: the first piece of a lot that it took; amount 0 = none. */
struct leg {
    int64_t county, seq, id, leg, legs, about, debit, credit, amount, day;
    int64_t before_in, skip_in, before_out;
    struct use took;
    struct ledger_cause cause;
    enum leg_kind kind;
    bool has_about;
};
struct legs { struct leg *at; size_t n, cap; };
void leg_of(const struct val *row, struct leg *out);
bool legs_by_id(struct db *d, int64_t county, int64_t id, struct legs *out,
                struct err *e) WARN_UNUSED; /* free out->at; nothing is left of a failure */
bool leg_by_seq(struct db *d, int64_t county, int64_t seq, struct leg *out, bool *found,
                struct err *e) WARN_UNUSED;

/* The legs that brought an account money, newest first, from leg `last` on down to `from`; fn
 * returning false stops. */
typedef bool leg_fn(void *arg, const struct leg *l, struct err *e);
bool legs_in(struct db *d, struct account_ref a, int64_t last, int64_t from, leg_fn *fn,
             void *arg, struct err *e) WARN_UNUSED;
/* The same of the legs that took money from it. */
bool legs_out(struct db *d, struct account_ref a, int64_t last, int64_t from, leg_fn *fn,
              void *arg, struct err *e) WARN_UNUSED;
/* The last legs of both kinds, as stored; 0 = none. */
bool chain_ends(struct db *d, struct account_ref a, int64_t *last_in, int64_t *last_out,
                struct err *e) WARN_UNUSED;
/* The first of the account's legs with a skip that is not before `from`: going on from `skip`, the
 * account's last one. 0 = there is none. */
bool chain_start(struct db *d, struct account_ref a, int64_t skip, int64_t from, int64_t *out,
                 struct err *e) WARN_UNUSED;

/* ledger_uses.c: who took of some lots, TRACE_AT_ONCE at most; lots in ascending order, and so the
 * pieces. t: the tail of the county they are used in. */
struct lot_list { int64_t county, lot_county; const int64_t *lot; int n; };
typedef bool taken_fn(void *arg, const struct taken *x, struct err *e);
bool lot_uses(struct db *d, const struct lot_list *of, struct tail *t, taken_fn *fn, void *arg,
              struct err *e) WARN_UNUSED;
/* The pieces of one lot that were taken and not given back. */
bool uses_of(struct db *d, int64_t county, int64_t lot_county, int64_t lot, struct uses *out,
             struct err *e) WARN_UNUSED;
bool uses_into(struct db *d, const struct leg *l, struct uses *out, struct err *e) WARN_UNUSED;

/* What a stored leg says besides its accounts; ledger.c. */
struct leg_text { int64_t id; int leg, legs; enum leg_kind kind; int64_t about; int32_t day;
                  const char *code, *note; struct ledger_cause cause; int64_t actor;
                  struct use took; bool halves; };
bool ledger_leg(struct ledger_part *p, const struct leg_text *t, struct acct *from,
                struct acct *to, int64_t amount, int64_t *seq, struct err *e) WARN_UNUSED;
/* The half of a leg in the county it goes to; home and seq: where it came from. */
bool ledger_far_half(struct ledger_part *p, int64_t home, int64_t seq, struct account_ref to,
                     int64_t amount, struct leg_text *t, struct err *e) WARN_UNUSED;
/* ledger_transit.c: notes a home half whose far half is still to come. */
bool transit_note(struct ledger_part *p, int64_t county, int64_t seq, struct account_ref to,
                  struct err *e) WARN_UNUSED;
/* A further piece that the leg took, or had taken: day and credit are that leg's. */
bool ledger_leg_use(struct ledger_part *p, struct county_head *h, const struct use *u, int64_t credit,
                    int64_t day, bool back, struct err *e) WARN_UNUSED;

#endif
