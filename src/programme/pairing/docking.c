/* Dockings: what of an offer goes to which need. No more is taken of either than there is. */
#include "base/money.h"
#include "base/count.h"
#include "programme/fields.h"
#include "programme/guard/guard.h"
#include "programme/numbers.h"
#include "programme/pairing/pairing.h"
#include "programme/pairing/pairing_sql.h"
#include "programme/rows/rows.h"

#define DAY(field, label, label_zh, words, words_zh) \
    { .name = field, .en = label, .zh = label_zh, .type = F_DATE, .flags = F_LIST, \
      .help_en = words, .help_zh = words_zh }

static const struct field docking_fields[] = {
    [DOCKING_CODE] = FIELD_CODE,
    [DOCKING_NEED] = { .name = "need", .en = "Need", .zh = "需求", .type = F_REF,
        .flags = F_REQUIRED | F_HOME | F_LIST, .ref = "need",
        .help_en = "The need that is met.", .help_zh = "所满足的需求。" },
    [DOCKING_OFFER] = { .name = "offer", .en = "Offer", .zh = "供给", .type = F_REF,
        .flags = F_REQUIRED | F_FAR | F_LIST, .ref = "offer",
        .help_en = "The offer that meets it.", .help_zh = "用以满足的供给。" },
    [DOCKING_PLACE] = { .name = "place", .en = "Place", .zh = "地区", .type = F_PLACE,
        .flags = F_COMPUTED | F_LIST, .copies = "place",
        .help_en = "Where the need is.", .help_zh = "需求所在地区。" },
    [DOCKING_TAKEN] = { .name = "taken", .en = "Quantity", .zh = "对接数量", .type = F_INT,
        .flags = F_LIST, .min = 1,
        .help_en = "How much of the offer goes to the need, in their unit.",
        .help_zh = "用于该需求的数量，单位同供需双方。" },
    [DOCKING_AMOUNT] = FIELD_AMOUNT,
    [DOCKING_STATE] = { .name = "state", .en = "State", .zh = "状态", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "docking_state", .preset = "proposed",
        .help_en = "Proposed, agreed, delivered, done, or failed.",
        .help_zh = "拟对接、已商定、已落实、已完成、未成。" },
    [DOCKING_PROPOSED_ON] = DAY("proposed_on", "Proposed on", "提出日期",
        "Day on which it was proposed.", "提出对接之日。"),
    [DOCKING_AGREED_ON] = DAY("agreed_on", "Agreed on", "商定日期",
        "Day on which both sides agreed.", "双方商定之日。"),
    [DOCKING_DELIVERED_ON] = DAY("delivered_on", "Delivered on", "落实日期",
        "Day on which it was delivered.", "落实之日。"),
    [DOCKING_ENDED_ON] = DAY("ended_on", "Ended on", "结束日期",
        "Day on which it was done, or failed.", "完成或未成之日。"),
    [DOCKING_PROJECT] = FIELD_PROJECT,
    [DOCKING_SCORE] = { .name = "score", .en = "Score", .zh = "匹配分", .type = F_INT,
        .min = 0, .max = 100,
        .help_en = "How well the two were judged to fit, of 100.",
        .help_zh = "供需匹配程度，满分100。" },
    [DOCKING_WHY] = { .name = "why", .en = "Why", .zh = "匹配理由", .type = F_TEXT, .max = 1000,
        .help_en = "What the score is made of.", .help_zh = "匹配分的构成。" },
    [DOCKING_REASON] = { .name = "reason", .en = "Reason", .zh = "原因", .type = F_TEXT,
        .max = 1000,
        .help_en = "Why it failed.", .help_zh = "未成的原因。" },
};
_Static_assert(COUNT(docking_fields) == DOCKING_NCOLS, "one row per column");

static const struct check docking_checks[] = {
    { .name = "DK01", .severity = CHECK_REFUSE, .holds = "known(taken) or known(amount)",
      .en = "how much of the offer? a quantity, or an amount", .zh = "须填对接数量或金额" },
    { .name = "DK02", .severity = CHECK_REFUSE,
      .holds = "state in {\"proposed\", \"failed\"} or known(agreed_on)",
      .en = "it needs the day on which both sides agreed", .zh = "须填商定日期" },
    { .name = "DK03", .severity = CHECK_REFUSE,
      .holds = "state in {\"proposed\", \"agreed\", \"failed\"} or known(delivered_on)",
      .en = "it needs the day on which it was delivered", .zh = "须填落实日期" },
    { .name = "DK04", .severity = CHECK_REFUSE,
      .holds = "state not in {\"done\", \"failed\"} or known(ended_on)",
      .en = "it needs the day on which it ended", .zh = "须填结束日期" },
    { .name = "DK05", .severity = CHECK_REFUSE, .holds = "state != \"failed\" or known(reason)",
      .en = "it needs the reason why it failed", .zh = "须填未成的原因" },
    { .name = "DK06", .severity = CHECK_REFUSE,
      .holds = "proposed_on <= agreed_on and agreed_on <= delivered_on and "
               "delivered_on <= ended_on",
      .en = "its days are not in their order", .zh = "各日期先后颠倒" },
};

const struct entity docking_entity = {
    .name = "docking", .en = "Docking", .zh = "供需对接", .room = "pairing",
    .help_en = "What of an offer goes to which need: proposed, agreed, delivered, done or failed.",
    .help_zh = "供给用于哪项需求：拟对接、商定、落实、完成或未成。",
    .access = ACCESS_WORK,
    .number = NUMBER_DOCKING, .reach = REACH_COUNTY,
    .fields = docking_fields, .n = COUNT(docking_fields),
    .checks = docking_checks, .n_checks = COUNT(docking_checks),
};

/* ---- never more than there is ---- */

static void touch(void *notes, const struct table_map *m, const struct val *before,
                  const struct val *after)
{
    const struct val *rows[] = { before, after };
    const uint32_t n = m->entity->number;
    for (int i = 0; i < 2; i++) {
        const struct val *r = rows[i];
        if (!r) continue;
        if (n == NUMBER_NEED || n == NUMBER_OFFER)
            guard_note(notes, n, r[ROW_COUNTY].i, r[ROW_ID].i);
        if (n != NUMBER_DOCKING) continue;
        struct val need = r[m->column[DOCKING_NEED]], offer = r[m->column[DOCKING_OFFER]];
        if (need.type == VAL_INT) guard_note(notes, NUMBER_NEED, r[ROW_COUNTY].i, need.i);
        if (offer.type == VAL_INT)
            guard_note(notes, NUMBER_OFFER, r[m->county_column[DOCKING_OFFER]].i, offer.i);
    }
}

struct limit { bool offer; int64_t county, id, taken, amount; };

static bool within(struct db *d, const struct limit *l, struct arena *a, struct err *e)
{
    struct val key[2] = { val_int(l->county), val_int(l->id) };
    char have[DECIMAL_TEXT], want[DECIMAL_TEXT];
    const enum pairing_stmt s = l->offer ? PAIRING_ONE_OFFER : PAIRING_ONE_NEED;
    const char *what = l->offer ? "offer" : "need";
    struct rows r;
    if (!rows_read(d, &pairing_stmts.stmts[s], key, 2, a, &r, e)) return false;
    if (r.n == 0) return true;
    const struct val *v = r.row[0];
    if (v[1].type == VAL_INT && l->taken > v[1].i)
        return err_field(e, ERR_INVALID, "taken", "%s %s has %lld, and dockings take %lld of it: "
                         "%lld too many", what, row_text(v[0]), (long long)v[1].i,
                         (long long)l->taken, (long long)(l->taken - v[1].i));
    if (v[2].type != VAL_INT || l->amount <= v[2].i) return true;
    decimal_format(v[2].i, 2, have);
    decimal_format(l->amount, 2, want);
    return err_field(e, ERR_INVALID, "amount", "%s %s has %s yuan, and dockings take %s of it", what,
                     row_text(v[0]), have, want);
}

static bool check_touched(struct db *d, const struct guard_touch *t, struct arena *a,
                          struct err *e)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct guard_row *g = &t->row[i];
        struct limit l = { .offer = g->entity == NUMBER_OFFER, .county = g->county, .id = g->id };
        struct val p[] = { val_int(g->county), val_int(g->id), val_int(-1) };
        struct rows r;
        if (g->entity != NUMBER_NEED && g->entity != NUMBER_OFFER) continue;
        if (!rows_read(d, &pairing_stmts.stmts[l.offer ? PAIRING_OFFER_TAKEN : PAIRING_NEED_TAKEN],
                       p, COUNT(p), a, &r, e))
            return false;
        l.taken = row_int(r.row[0][0]);
        l.amount = row_int(r.row[0][1]);
        if (!within(d, &l, a, e)) return false;
    }
    return true;
}

/* A load that becomes visible may have brought or changed any of them. */
static bool check_all(struct db *d, struct arena *a, struct err *e)
{
    static const enum pairing_stmt which[] = { PAIRING_DOCKED_NEEDS, PAIRING_DOCKED_OFFERS };
    for (int k = 0; k < COUNT(which); k++) {
        struct val none = val_int(-1);
        struct rows r;
        if (!rows_read(d, &pairing_stmts.stmts[which[k]], &none, 1, a, &r, e)) return false;
        for (int i = 0; i < r.n; i++) {
            struct limit l = { .offer = k == 1, .county = row_int(r.row[i][0]),
                .id = row_int(r.row[i][1]), .taken = row_int(r.row[i][2]),
                .amount = row_int(r.row[i][3]) };
            if (!within(d, &l, a, e)) return false;
        }
    }
    return true;
}

static bool check(struct tx *tx, const struct figures *f, const struct guard_touch *t,
                  struct err *e)
{
    struct arena a = { 0 };
    (void)f;
    bool ok = t->published >= 0 ? check_all(tx_db(tx), &a, e) : check_touched(tx_db(tx), t, &a, e);
    arena_free(&a);
    return ok;
}

const struct guard docking_guard = { .name = "docking", .touch = touch, .check = check };
