/* A pairing outside the frames above its helper is not written. What frames that are recorded later
 * make of older pairings is no reason to refuse anything: `jiedui pairing check` tells it. */
#include "programme/guard/guard.h"
#include "programme/numbers.h"
#include "programme/pairing/pairing_sql.h"
#include "programme/pairing/above.h"

static void touch(void *notes, const struct table_map *m, const struct val *before,
                  const struct val *after)
{
    (void)before;
    if (m->entity->number == NUMBER_AGREEMENT && after && after[ROW_DRAFT].i == 0)
        guard_note(notes, NUMBER_AGREEMENT, after[ROW_COUNTY].i, after[ROW_ID].i);
}

static bool refuse(struct above *s, const struct rows *r, struct err *e)
{
    for (int i = 0; i < r->n; i++) {
        const struct val *v = r->row[i];
        struct above_act act = { .code = row_text(v[0]), .helper = row_int(v[1]),
            .place = row_int(v[2]), .frame_county = row_int(v[3]), .frame = row_int(v[4]),
            .from = row_date(v[5], DATE_MIN) };
        enum above_verdict verdict;
        const char *why;
        if (!above_judge(s, &act, &verdict, &why, e)) return false;
        if (verdict == ABOVE_OUTSIDE) return err_field(e, ERR_INVALID, "place", "%s", why);
    }
    return true;
}

static bool check(struct tx *tx, const struct figures *f, const struct guard_touch *t,
                  struct err *e)
{
    const struct model *mo = store_model(db_store(tx_db(tx)));
    struct arena a = { 0 };
    struct above s;
    struct rows r;
    struct val load = val_int(t->published);
    bool any = t->published >= 0;
    (void)f;
    for (size_t i = 0; i < t->n && !any; i++) any = t->row[i].entity == NUMBER_AGREEMENT;
    if (!any) return true;
    bool ok = above_open(&s, tx_db(tx), mo->places, t->published, &a, e);
    for (size_t i = 0; i < t->n && ok; i++) {
        struct val key[2] = { val_int(t->row[i].county), val_int(t->row[i].id) };
        if (t->row[i].entity == NUMBER_AGREEMENT)
            ok = rows_read(tx_db(tx), &pairing_stmts.stmts[PAIRING_ONE], key, 2, &a, &r, e) &&
                 refuse(&s, &r, e);
    }
    if (ok && t->published >= 0)
        ok = rows_read(tx_db(tx), &pairing_stmts.stmts[PAIRING_LOADED], &load, 1, &a, &r, e) &&
             refuse(&s, &r, e);
    above_close(&s);
    arena_free(&a);
    return ok;
}

const struct guard pairing_guard = { .name = "pairing", .touch = touch, .check = check };
