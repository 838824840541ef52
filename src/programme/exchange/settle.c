/* What follows by itself from what came: words go to their records, and what agrees is confirmed
 * where the rule says so. Every item is settled in the transaction that says so. */
#include <stdlib.h>
#include <string.h>

#include "base/count.h"
#include "base/date.h"
#include "base/json.h"
#include "entity/load.h"
#include "programme/exchange/decide.h"

enum { PAGE = 500 };

struct page { struct item at[PAGE]; int n; struct arena *a; };

static bool take(void *arg, const struct val *r, int n, struct err *e)
{
    struct page *p = arg;
    (void)n;
    if (p->n == PAGE) return err_set(e, ERR_INTERNAL, "a page of items is too long");
    item_read(r, p->a, &p->at[p->n++]);
    return true;
}

/* ---- one item's new state ---- */

bool item_put(struct tx *tx, const struct model *mo, const struct item *i,
              const struct item_change *c, struct err *e)
{
    const struct table_map *m = model_find(mo, "package_item");
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct arena a = { 0 };
    bool found;
    bool ok = row_get(tx_db(tx), m, i->county, i->id, &a, row, &found, e) &&
              (found || err_set(e, ERR_CONFLICT, "the item is gone: try again"));
    if (ok) {
        row[m->column[ITEM_STATE]] = val_text(c->state);
        row[m->column[ITEM_REASON]] = c->reason && *c->reason ? val_text(c->reason) : val_null();
        if (c->ours) row[m->column[ITEM_OURS]] = val_text(c->ours);
        if (c->on) row[m->column[ITEM_DECIDED]] = val_int(c->on);
        ok = row_update(tx, mo, m, row, 0, e);
    }
    arena_free(&a);
    return ok;
}

/* ---- words ---- */

static const char *value(const struct json *j, const char *key)
{
    const struct json *v = json_get(j, key);
    return v && v->type == JSON_TEXT ? v->text : "";
}

struct finding { struct item item; bool found; struct arena *a; };

static bool take_one(void *arg, const struct val *r, int n, struct err *e)
{
    struct finding *x = arg;
    (void)n, (void)e;
    item_read(r, x->a, &x->item);
    x->found = true;
    return true;
}

/* Our code for the sender's record. */
static bool our_code(struct db *d, const struct item *i, const char *of, const char *record,
                     struct arena *a, const char **out, struct err *e)
{
    struct finding x = { .a = a };
    struct val p[] = { val_int(i->county), val_int(i->sender), val_text(of), val_text(record) };
    *out = record;
    if (!db_query(d, &exchange_stmts.stmts[EXCHANGE_ITEM], p, COUNT(p), take_one, &x, e)) return false;
    if (x.found && *x.item.ours) *out = x.item.ours;
    return true;
}

static bool read_word(const struct model *mo, struct db *d, const struct item *i, struct arena *a,
                      struct confirm_request *q, struct err *e)
{
    struct json *j;
    int64_t county;
    bool theirs = false;
    const struct table_map *org = model_find(mo, "organisation");
    if (!json_parse(&j, i->content, strlen(i->content), a, e) || j->type != JSON_OBJECT) return false;
    const char *code = value(j, "organisation"), *on = value(j, "said_on");
    *q = (struct confirm_request){ .entity = value(j, "record_of"), .reason = value(j, "reason"),
        .correction_json = value(j, "correction"), .evidence = value(j, "evidence"),
        .evidence_name = value(j, "evidence_name"), .seen = value(j, "seen"),
        .package = i->package };
    if (!says_read(value(j, "says"), &q->says) || strlen(q->seen) != FACTS_HEX - 1 ||
        !date_parse(on, strlen(on), DATE_EXACT, &q->on))
        return err_set(e, ERR_INVALID, "it is no word: what it says, of what, or when is damaged");
    if (!ref_find(mo, org, code, strlen(code), 0, d, a, &county, &q->organisation, e)) return false;
    struct actor sender;
    bool ok = actor_open(&sender, mo, d, i->sender, e) &&
              actor_above(&sender, q->organisation, &theirs, e);
    actor_close(&sender);
    if (!ok) return false;
    if (!theirs)
        return err_set(e, ERR_FORBIDDEN, "%s is no unit of the office that sent it", code);
    return our_code(d, i, q->entity, value(j, "record"), a, &q->record, e);
}

/* ---- a page of them ---- */

struct settling {
    const struct model *mo;
    struct settle *out;
    struct page page;
    struct arena arena;
    int32_t today;
    bool words;
    int one;                           /* only that of the page; -1 = all */
    int failed;                        /* which broke off the transaction, or -1 */
    struct settle round;
};

static bool of_data(const struct err *e)
{
    return e->code == ERR_INVALID || e->code == ERR_NOT_FOUND || e->code == ERR_CONFLICT ||
           e->code == ERR_FORBIDDEN;
}

static bool settle_word(struct settling *s, struct tx *tx, const struct item *i, bool *began,
                        struct err *e)
{
    struct confirm_request q;
    struct confirm_done done = { .began = false };
    struct item_change c = { .state = "applied", .on = s->today };
    struct err why = { 0 };
    bool ok = read_word(s->mo, tx_db(tx), i, &s->arena, &q, &why) &&
              confirm(tx, s->mo, &q, &s->arena, &done, &why);
    *began = done.began;
    if (!ok && (done.began || !of_data(&why))) return *e = why, false;
    if (ok) {
        s->round.applied++;
        return item_put(tx, s->mo, i, &c, e);
    }
    /* It waits: for its record, or for a word before it. */
    c = (struct item_change){ .state = "unknown", .reason = why.message };
    s->round.waiting++;
    return strcmp(i->state, "unknown") == 0 || item_put(tx, s->mo, i, &c, e);
}

/* The office that took the package says that the record is so. */
static bool settle_match(struct settling *s, struct tx *tx, const struct item *i, bool *began,
                         struct err *e)
{
    struct err why = { 0 };
    if (item_confirm(tx, s->mo, i, s->today, &s->arena, began, &why)) {
        s->round.confirmed++;
        return true;
    }
    if (*began || !of_data(&why)) return *e = why, false;
    s->round.waiting++;
    struct item_change c = { .state = i->state, .reason = why.message };
    return item_put(tx, s->mo, i, &c, e);
}

static bool settle_page(struct tx *tx, void *arg, struct err *e)
{
    struct settling *s = arg;
    s->failed = -1;
    s->round = (struct settle){ 0 };
    for (int k = 0; k < s->page.n; k++) {
        bool began = false;
        if (s->one >= 0 && s->one != k) continue;
        bool ok = s->words ? settle_word(s, tx, &s->page.at[k], &began, e)
                           : settle_match(s, tx, &s->page.at[k], &began, e);
        if (ok) continue;
        s->failed = began ? k : -1;
        return false;
    }
    return true;
}

struct stuck { struct settling *s; const char *why; };

static bool mark_stuck(struct tx *tx, void *arg, struct err *e)
{
    const struct stuck *x = arg;
    struct item_change c = { .state = "unknown", .reason = x->why };
    return item_put(tx, x->s->mo, &x->s->page.at[x->s->one], &c, e);
}

static void add(struct settle *to, const struct settle *r)
{
    to->applied += r->applied;
    to->confirmed += r->confirmed;
    to->waiting += r->waiting;
}

/* In one transaction; when one item breaks it, one by one. */
static bool write_page(struct settling *s, struct store *store, struct err *e)
{
    s->one = -1;
    if (store_write(store, settle_page, s, e)) return add(s->out, &s->round), true;
    if (s->failed < 0) return false;
    for (s->one = 0; s->one < s->page.n; s->one++) {
        err_clear(e);
        if (store_write(store, settle_page, s, e)) {
            add(s->out, &s->round);
            continue;
        }
        if (s->failed < 0 || !of_data(e)) return false;
        struct err why = *e;
        struct stuck x = { s, why.message };
        err_clear(e);
        s->out->waiting++;
        if (!store_write(store, mark_stuck, &x, e)) return false;
    }
    return true;
}

static bool each_page(struct settling *s, struct store *store, struct db *d,
                      const struct stmt *stmt, const char *state, int64_t sender, struct err *e)
{
    int64_t pending, county = -1, id = 0;
    if (!load_pending(d, &pending, e)) return false;
    do {
        struct val p[] = { val_int(county), val_int(id), val_int(pending), val_text(state),
                           val_int(sender) };
        arena_reset(&s->arena);
        s->page.n = 0;
        s->page.a = &s->arena;
        if (!db_query(d, stmt, p, s->words ? 3 : 5, take, &s->page, e)) return false;
        if (s->page.n == 0) break;
        if (!write_page(s, store, e)) return false;
        county = s->page.at[s->page.n - 1].county;
        id = s->page.at[s->page.n - 1].id;
    } while (s->page.n == PAGE);
    return true;
}

/* ---- all of it ---- */

struct senders { int64_t at[256]; int n; };

static bool take_sender(void *arg, const struct val *r, int n, struct err *e)
{
    struct senders *s = arg;
    (void)n, (void)e;
    if (s->n < COUNT(s->at)) s->at[s->n++] = r[0].i;
    return true;
}

/* Records that were unknown or different are held against the store again. */
static bool rematch_page(struct tx *tx, void *arg, struct err *e)
{
    struct settling *s = arg;
    for (int k = 0; k < s->page.n; k++) {
        const struct item *i = &s->page.at[k];
        struct item_change c = { .state = "unknown" };
        if (!item_state(tx_db(tx), s->mo, i, &s->arena, &c, e)) return false;
        if (strcmp(c.state, i->state) != 0 && !item_put(tx, s->mo, i, &c, e)) return false;
    }
    return true;
}

static bool rematch(struct settling *s, struct store *store, struct db *d, const char *state,
                    struct err *e)
{
    int64_t pending, county = -1, id = 0;
    if (!load_pending(d, &pending, e)) return false;
    do {
        struct val p[] = { val_int(county), val_int(id), val_int(pending), val_text(state),
                           val_int(0) };
        arena_reset(&s->arena);
        s->page.n = 0;
        s->page.a = &s->arena;
        if (!db_query(d, &exchange_stmts.stmts[EXCHANGE_ITEMS], p, 5, take, &s->page, e)) return false;
        if (s->page.n == 0) break;
        if (!store_write(store, rematch_page, s, e)) return false;
        county = s->page.at[s->page.n - 1].county;
        id = s->page.at[s->page.n - 1].id;
    } while (s->page.n == PAGE);
    return true;
}

bool package_settle(struct store *store, struct db *d, const struct model *mo, bool again,
                    int32_t today, struct settle *out, struct err *e)
{
    static const char *const open[] = { "unknown", "differs", "agrees" };
    struct settling *s = mem_alloc(sizeof *s);
    struct senders senders = { .n = 0 };
    *out = (struct settle){ 0 };
    *s = (struct settling){ .mo = mo, .out = out, .today = today };
    bool ok = true;
    for (int k = 0; ok && again && k < COUNT(open); k++) ok = rematch(s, store, d, open[k], e);
    s->words = true;
    ok = ok && each_page(s, store, d, &exchange_stmts.stmts[EXCHANGE_WORDS], "", 0, e);
    s->words = false;
    ok = ok && db_query(d, &exchange_stmts.stmts[EXCHANGE_CONFIRMS], NULL, 0, take_sender, &senders,
                        e);
    for (int k = 0; ok && k < senders.n; k++)
        ok = each_page(s, store, d, &exchange_stmts.stmts[EXCHANGE_ITEMS], "agrees", senders.at[k],
                       e);
    arena_free(&s->arena);
    free(s);
    return ok;
}
