/* What a server or jobs over a test's programme work with: seats, and an account that asks. */
#ifndef JD_TESTS_PROGRAMME_SEATS_H
#define JD_TESTS_PROGRAMME_SEATS_H

#include "programme.h"

#include "programme/access/access.h"
#include "web/web.h"

struct seats { struct programme p; struct site site; struct jobs *jobs; };

/* The argument, here and in seat_open, is the seats'; so is what a seat owns. */
static inline bool seat_open(void *arg, struct seat *out, void **own, struct err *e)
{
    struct seats *s = arg;
    *own = s;
    *out = (struct seat){ .site = &s->site, .model = s->p.model, .context = s->p.context, .jobs = s->jobs };
    return store_connect(s->p.store.store, DB_READ, &out->db, e) &&
           store_connect(s->p.store.store, DB_READ, &out->rows, e);
}

static inline void seat_close(struct seat *s, void *own)
{
    (void)own;
    db_close(s->db);
    db_close(s->rows);
}

struct asker { struct model *model; const char *role; int64_t place, account; };

/* An account "one" of that role, who sees the place, or everything where it is 0. */
static inline bool asker_add(struct tx *tx, void *arg, struct err *e)
{
    struct asker *a = arg;
    struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
    row[ROW_DRAFT] = row[ROW_LOAD] = row[ROW_COUNTY] = val_int(0);
    row[ROW_FIRST + ACCOUNT_LOGIN] = val_text("one");
    row[ROW_FIRST + ACCOUNT_NAME] = val_text("One");
    row[ROW_FIRST + ACCOUNT_ROLE] = val_text(a->role);
    if (a->place) row[ROW_FIRST + ACCOUNT_PLACE] = val_int(a->place);
    row[ROW_FIRST + ACCOUNT_STATE] = val_text("active");
    if (!account_add(tx, a->model, row, "not a password", e)) return false;
    a->account = row[ROW_ID].i;
    return true;
}

static inline int64_t seats_account(struct seats *s, const char *role, int64_t place)
{
    struct asker a = { s->p.model, role, place, 0 };
    struct err e = { 0 };
    assert_ok(store_write(s->p.store.store, asker_add, &a, &e), e);
    return a.account;
}

#endif
