/* Deciding on an item: accept, refuse, link. */
#include "programme/exchange/decide.h"

#include <stdlib.h>
#include <string.h>

#include "base/count.h"
#include "base/json.h"
#include "entity/load.h"

/* An item with its record's entity and the row here, if any. */
struct deciding {
    struct tx *tx;
    struct db *d;
    const struct model *mo;
    struct arena *a;
    struct item item;
    const struct table_map *m;
    struct given *given; int n;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    bool found;
    int64_t office;                    /* ours, that the package was for */
};

static const char *our_record(const struct item *i) { return *i->ours ? i->ours : i->record; }

static bool look(struct deciding *x, struct err *e)
{
    int64_t pending;
    x->m = model_find(x->mo, x->item.of);
    if (!x->m || !two_sided(x->m))
        return err_set(e, ERR_INVALID, "%s is a word of the sender, and goes to its record by itself",
                       x->item.record);
    return load_pending(x->d, &pending, e) &&
           given_read(x->m, x->item.content, x->a, &x->given, &x->n, e) &&
           row_by_code(x->mo, x->d, x->m, our_record(&x->item), pending, x->a, x->row, &x->found, e);
}

bool item_state(struct db *d, const struct model *mo, const struct item *i, struct arena *a,
                struct item_change *out, struct err *e)
{
    struct deciding x = { .d = d, .mo = mo, .a = a, .item = *i };
    if (!look(&x, e)) return false;
    bool same = x.found && row_agrees(mo, d, x.m, x.row, x.given, x.n, a);
    *out = (struct item_change){ .state = same ? "agrees" : x.found ? "differs" : "unknown" };
    if (x.found) out->ours = our_record(i);
    return true;
}

static bool take_id(void *arg, const struct val *r, int n, struct err *e)
{
    (void)n, (void)e;
    *(int64_t *)arg = r[0].i;
    return true;
}

static bool find_office(struct deciding *x, struct err *e)
{
    struct val p = val_text(x->item.package);
    x->office = 0;
    return db_query(x->d, &exchange_stmts.stmts[EXCHANGE_PACKAGE], &p, 1, take_id, &x->office, e) &&
           (x->office || err_set(e, ERR_NOT_FOUND, "the package that brought it is not there"));
}

/* ---- confirming ---- */

static bool say(struct deciding *x, enum says says, const char *correction, const char *reason,
                int32_t today, bool *began, struct err *e)
{
    struct confirm_request q = { .entity = x->m->entity->name, .record = our_record(&x->item),
        .organisation = x->office, .says = says, .correction_json = correction, .reason = reason,
        .on = today };
    struct confirm_done done = { .began = false };
    bool ok = find_office(x, e);
    q.organisation = x->office;
    ok = ok && confirm(x->tx, x->mo, &q, x->a, &done, e);
    *began = *began || done.began;
    return ok;
}

bool item_confirm(struct tx *tx, const struct model *mo, const struct item *i, int32_t today,
                  struct arena *a, bool *began, struct err *e)
{
    struct deciding x = { .tx = tx, .d = tx_db(tx), .mo = mo, .a = a, .item = *i };
    struct item_change c = { .state = "confirmed", .on = today, .ours = our_record(i) };
    if (!look(&x, e)) return false;
    if (!x.found || !row_agrees(mo, x.d, x.m, x.row, x.given, x.n, a))
        return err_set(e, ERR_CONFLICT, "the record here is not as the item has it any more");
    return say(&x, SAYS_CONFIRMED, NULL, NULL, today, began, e) && item_put(tx, mo, i, &c, e);
}

/* ---- accepting ---- */

/* Lays what the sender gives over the row: the home first, since it decides the county. */
static bool lay(struct deciding *x, struct val *row, bool fresh, struct err *e)
{
    const struct table_map *m = x->m;
    int64_t county = row[ROW_COUNTY].type == VAL_INT ? row[ROW_COUNTY].i : 0;
    for (int pass = 0; pass < 2; pass++)
        for (int k = 0; k < x->n; k++) {
            int f = x->given[k].field;
            const char *text = x->given[k].text;
            bool home = f == m->home;
            if (home != (pass == 0) || m->field[f].flags & F_COMPUTED) continue;
            if (!fresh && m->field[f].flags & F_KEY) continue;
            if (!field_read(x->mo, m, f, text, strlen(text), x->d, row, x->a, e))
                return err_context(e, "%s of %s", m->field[f].name, x->item.record);
        }
    if (!fresh && row[ROW_COUNTY].i != county)
        return err_field(e, ERR_INVALID, "place", "the sender has it in another county, and a record "
                         "stays in the county it was recorded in");
    return true;
}

static bool create(struct deciding *x, struct err *e)
{
    struct val row[ENTITY_MAX_COLUMNS + 1] = { 0 };
    const struct table_map *m = x->m;
    row[ROW_COUNTY] = val_int(0);
    if (m->home >= 0 && !field_read(x->mo, m, m->home, "", 0, x->d, row, x->a, e)) return false;
    for (int f = 0; f < m->fields; f++)
        if (f != m->home && !(m->field[f].flags & F_COMPUTED) &&
            !field_read(x->mo, m, f, "", 0, x->d, row, x->a, e))
            return false;
    row[m->column[m->common + COMMON_BASIS]] = val_text("restated");
    return lay(x, row, true, e) && row_insert(x->tx, x->mo, m, row, e);
}

static bool accept(struct deciding *x, const struct item_request *q, const char **state,
                   struct err *e)
{
    struct item_change c = { .state = "accepted", .on = q->today, .ours = our_record(&x->item) };
    bool began = false;
    *state = "accepted";
    if (!x->found) return create(x, e) && item_put(x->tx, x->mo, &x->item, &c, e);
    if (row_agrees(x->mo, x->d, x->m, x->row, x->given, x->n, x->a)) {
        *state = "confirmed";
        return item_confirm(x->tx, x->mo, &x->item, q->today, x->a, &began, e);
    }
    return lay(x, x->row, false, e) && row_update(x->tx, x->mo, x->m, x->row, 0, e) &&
           item_put(x->tx, x->mo, &x->item, &c, e);
}

/* ---- refusing ---- */

/* Our values, where the sender's are others. */
static bool our_values(struct deciding *x, struct buf *b, int *differ, bool *elsewhere)
{
    struct json_out j;
    *differ = 0;
    *elsewhere = false;
    json_start(&j, b);
    json_object(&j);
    for (int k = 0; k < x->n; k++) {
        int f = x->given[k].field;
        if (!told_field(x->m, f)) continue;
        bool none = val_is_null(x->row[x->m->column[f]]);
        const char *ours = none ? "" : field_write(x->mo, x->m, f, x->row, x->d, x->a);
        if (strcmp(ours, x->given[k].text) == 0) continue;
        if (x->m->field[f].flags & F_HOME) {
            *elsewhere = true;
            continue;
        }
        json_key(&j, x->m->field[f].name);
        json_str(&j, ours);
        ++*differ;
    }
    json_end_object(&j);
    return !b->over;
}

/* Does the sender report the record? Then the record takes what it reports, and our values stand
 * beside it as our correction; else the record stays, and the sender's package was in vain. */
static bool refuse_difference(struct deciding *x, const struct item_request *q, struct err *e)
{
    struct words w;
    struct standing st;
    struct ends ends;
    enum side theirs;
    struct buf b;
    int differ = 0;
    bool elsewhere, began = false;
    row_ends(x->m, x->row, &ends);
    if (!words_read(x->d, x->m, x->row, x->a, &w, e) ||
        !standing_of(x->mo, x->d, x->m, x->row, &w, x->a, &st, e) ||
        !acts_for(x->mo, x->d, &ends, x->item.sender, &theirs, e))
        return false;
    if (theirs != st.reporter) return true;
    buf_init(&b, 1 << 16);
    bool ok = our_values(x, &b, &differ, &elsewhere) ||
              err_set(e, ERR_INVALID, "the record is too long");
    const char *correction = arena_strdup(x->a, b.p);
    buf_free(&b);
    if (ok && elsewhere) return say(x, SAYS_DISPUTED, NULL, q->reason, q->today, &began, e);
    return ok && differ && lay(x, x->row, false, e) &&
           row_update(x->tx, x->mo, x->m, x->row, 0, e) &&
           say(x, SAYS_CORRECTED, correction, q->reason, q->today, &began, e);
}

static bool refuse(struct deciding *x, const struct item_request *q, struct err *e)
{
    struct item_change c = { .state = "refused", .reason = q->reason, .on = q->today };
    bool began = false;
    if (!q->reason || !*q->reason) return err_set(e, ERR_USAGE, "refusing needs its reason");
    if (x->found) {
        bool same = row_agrees(x->mo, x->d, x->m, x->row, x->given, x->n, x->a);
        c.ours = our_record(&x->item);
        if (same ? !say(x, SAYS_DISPUTED, NULL, q->reason, q->today, &began, e)
                 : !refuse_difference(x, q, e))
            return false;
    }
    return item_put(x->tx, x->mo, &x->item, &c, e);
}

/* ---- linking ---- */

static bool link_to(struct deciding *x, const struct item_request *q, const char **state,
                    struct err *e)
{
    struct item_change c;
    if (!q->ours || !*q->ours) return err_set(e, ERR_USAGE, "link it to which of our records?");
    x->item.ours = q->ours;
    if (!item_state(x->d, x->mo, &x->item, x->a, &c, e)) return false;
    if (strcmp(c.state, "unknown") == 0)
        return err_set(e, ERR_NOT_FOUND, "there is no %s %s here", x->item.of, q->ours);
    *state = c.state;
    return item_put(x->tx, x->mo, &x->item, &c, e);
}

/* ---- finding it ---- */

struct finding { int n; int64_t county, id; };

static bool take_item(void *arg, const struct val *r, int n, struct err *e)
{
    struct finding *f = arg;
    (void)n, (void)e;
    f->n++;
    f->county = r[0].i;
    f->id = r[1].i;
    return true;
}

static bool find(struct deciding *x, const struct item_request *q, struct err *e)
{
    struct finding f = { 0 };
    int64_t pending;
    const struct table_map *m = model_find(x->mo, "package_item");
    struct val row[ENTITY_MAX_COLUMNS + 1];
    bool found;
    if (!load_pending(x->d, &pending, e)) return false;
    struct val p[] = { val_text(q->entity), val_text(q->record), val_int(pending),
                       val_int(q->sender) };
    if (!db_query(x->d, &exchange_stmts.stmts[EXCHANGE_FIND], p, COUNT(p), take_item, &f, e))
        return false;
    if (f.n == 0)
        return err_set(e, ERR_NOT_FOUND, "no package brought a %s %s; `jiedui package items` lists what "
                       "came", q->entity, q->record);
    if (f.n > 1)
        return err_set(e, ERR_CONFLICT, "several offices sent %s %s: say which with --from OFFICE",
                       q->entity, q->record);
    if (!row_get(x->d, m, f.county, f.id, x->a, row, &found, e) || !found)
        return found || err_set(e, ERR_CONFLICT, "the item is gone: try again");
    const int c[] = { ITEM_SENDER, ITEM_RECORD_OF, ITEM_RECORD, ITEM_PLACE, ITEM_PACKAGE, ITEM_NUMBER,
                      ITEM_STATE, ITEM_OURS, ITEM_CONTENT, ITEM_DIGEST };
    struct val r[12] = { row[ROW_COUNTY], row[ROW_ID] };
    for (int i = 0; i < COUNT(c); i++) r[2 + i] = row[m->column[c[i]]];
    item_read(r, x->a, &x->item);
    return true;
}

bool item_decide(struct tx *tx, const struct model *mo, const struct item_request *q,
                 struct arena *a, const char **state, struct err *e)
{
    struct deciding x = { .tx = tx, .d = tx_db(tx), .mo = mo, .a = a };
    if (!find(&x, q, e) || !look(&x, e)) return false;
    *state = "refused";
    return q->deed == ITEM_ACCEPT   ? accept(&x, q, state, e)
           : q->deed == ITEM_REFUSE ? refuse(&x, q, e)
                                    : link_to(&x, q, state, e);
}
