/* books: a store with a ledger for one test, and an oracle of it. The oracle knows nothing of lots'
 * pieces, fronts or marks: it moves single fen, each with a name of its own. */
#ifndef JD_TESTS_PROGRAMME_BOOKS_H
#define JD_TESTS_PROGRAMME_BOOKS_H

#include "support/stores.h"
#include "base/date.h"
#include "base/map.h"
#include "base/random.h"
#include "entity/entity.h"
#include "programme/money/ledger.h"
#include "programme/money/ledger_sql.h"
#include "programme/rooms.h"

enum { BOOKS_TABLES = 64, COUNTY_A = 653224, COUNTY_B = 653225, COUNTY_C = 540626 };
static const int64_t books_counties[] = { COUNTY_A, COUNTY_B, COUNTY_C };

struct books { struct test_store t; struct test_model m; struct db *d; int32_t day; };

static inline int books_tables(const struct model *mo, const struct table **out)
{
    int n = 0;
    for (int i = 0; i < store_table_count; i++) out[n++] = &store_tables[i];
    for (int i = 0; i < entity_table_count; i++) out[n++] = &entity_tables[i];
    out[n++] = &model_find(mo, "ledger_account")->table;
    for (int i = 0; i < LEDGER_N_TABLES; i++) out[n++] = &ledger_tables[i];
    assert_true(n <= BOOKS_TABLES);
    return n;
}

static inline void books_open(struct books *b, enum engine engine)
{
    const struct table *tables[BOOKS_TABLES];
    memset(b, 0, sizeof *b);
    test_model_open(&b->m);
    int n = books_tables(b->m.model, tables);
    test_store_open(&b->t, engine, tables, n);
    test_store_reopen(&b->t, NULL);
    b->d = test_db(&b->t, DB_READ);
    b->day = date_make(2020, 5, 27);
}

static inline void books_close(struct books *b)
{
    test_store_close(&b->t);
    test_model_close(&b->m);
}

struct books_row { struct books *b; struct val row[ENTITY_MAX_COLUMNS + 1]; };

static inline bool books_insert(struct tx *tx, void *arg, struct err *e)
{
    struct books_row *r = arg;
    return row_insert(tx, r->b->m.model, model_find(r->b->m.model, "ledger_account"), r->row, e);
}

/* kind as in the code list holder_kind; earmark may be NULL. */
static inline struct account_ref books_account(struct books *b, const char *code, int64_t county,
                                               const char *kind, const char *earmark)
{
    const struct table_map *m = model_find(b->m.model, "ledger_account");
    struct books_row r = { .b = b };
    struct err e = { 0 };
    r.row[m->column[LEDGER_ACCOUNT_CODE]] = val_text(code);
    r.row[m->column[LEDGER_ACCOUNT_TITLE]] = val_text(code);
    r.row[m->column[LEDGER_ACCOUNT_PLACE]] = val_int(county * 1000000);
    r.row[m->column[LEDGER_ACCOUNT_HOLDER_KIND]] = val_text(kind);
    r.row[m->column[LEDGER_ACCOUNT_PURPOSE]] = val_text(earmark);
    r.row[m->column[LEDGER_ACCOUNT_RESTRICTED]] = val_int(strcmp(kind, "outside") != 0);
    assert_ok(store_write(b->t.store, books_insert, &r, &e), e);
    return (struct account_ref){ r.row[ROW_COUNTY].i, r.row[ROW_ID].i };
}

/* One command on the ledger, for store_write and for the writer. */
enum books_what { BOOKS_POST, BOOKS_FULFIL, BOOKS_VOID, BOOKS_RETURN, BOOKS_CHAIN };
struct books_op {
    enum books_what what;
    struct posting post;
    struct posting_leg legs[4];
    struct ledger_act act;
    bool ok, wanted;
    struct err e;
};

static inline bool books_run(struct tx *tx, void *arg, struct err *e)
{
    struct books_op *o = arg;
    o->post.legs = o->legs;
    switch (o->what) {
    case BOOKS_POST: return ledger_post(tx, &o->post, e);
    case BOOKS_FULFIL: return ledger_fulfil(tx, &o->act, e);
    case BOOKS_VOID: return ledger_void(tx, &o->act, e);
    default: return ledger_return(tx, &o->act, o->what == BOOKS_CHAIN, NULL, NULL, e);
    }
}

/* One leg, at once; gives the id. */
static inline bool books_move(struct books *b, struct account_ref from, struct account_ref to,
                              int64_t amount, int64_t *id, struct err *e)
{
    struct books_op o = { .what = BOOKS_POST, .post = { .day = b->day, .n = 1 },
                          .legs = { { from, to, amount, NULL, NULL, 0 } } };
    bool ok = store_write(b->t.store, books_run, &o, e);
    if (id) *id = o.post.id;
    return ok;
}

static inline bool books_act(struct books *b, enum books_what what, int64_t county, int64_t id,
                             int64_t *by, struct err *e)
{
    struct books_op o = { .what = what, .act = { .county = county, .id = id, .day = b->day,
                                                 .by = by ? *by : 0 } };
    bool ok = store_write(b->t.store, books_run, &o, e);
    if (by) *by = o.act.by;
    return ok;
}

static inline int64_t books_balance(struct books *b, struct account_ref a)
{
    struct ledger_balance out;
    struct err e = { 0 };
    assert_ok(ledger_balance_of(b->d, a.county, a.id, &out, &e), e);
    return out.balance;
}

#endif
