/* The ledger's legs and lots as records. */
#include "programme/money/flow.h"

#include <stdlib.h>

#include "base/count.h"
#include "programme/fields.h"
#include "programme/money/ledger.h"
#include "programme/numbers.h"

#define ACCOUNT(field, label_en, label_zh, text_en, text_zh) \
    { .name = field, .en = label_en, .zh = label_zh, .type = F_REF, .flags = F_FAR | F_LIST, \
      .ref = "ledger_account", .help_en = text_en, .help_zh = text_zh }
#define HOLDER(field, label_en, label_zh, text_en, text_zh) \
    { .name = field, .en = label_en, .zh = label_zh, .type = F_CODE, .list = "holder_kind", \
      .help_en = text_en, .help_zh = text_zh }
#define LEVEL(field, label_en, label_zh) \
    { .name = field, .en = label_en, .zh = label_zh, .type = F_INT, .min = 0, .max = 5, \
      .help_en = "1 province, 2 prefecture, 3 county, 4 township, 5 village.", \
      .help_zh = "1省 2地市 3县 4乡镇 5村。" }
#define MONEY(field, label_en, label_zh, text_en, text_zh) \
    { .name = field, .en = label_en, .zh = label_zh, .type = F_MONEY, .unit = "yuan", \
      .help_en = text_en, .help_zh = text_zh }
#define DAY(field, label_en, label_zh, text_en, text_zh) \
    { .name = field, .en = label_en, .zh = label_zh, .type = F_DATE, .help_en = text_en, \
      .help_zh = text_zh }
#define EARMARK \
    { .name = "earmark", .en = "Earmark", .zh = "限定用途", .type = F_CODE, .flags = F_LIST, \
      .list = "purpose", .help_en = "What the money is set apart for.", .help_zh = "资金限定的用途。" }

static const struct field transfer_fields[] = {
    [TRANSFER_LEG] = { .name = "leg", .en = "Leg", .zh = "分录", .type = F_TEXT,
        .flags = F_KEY | F_LIST, .max = 40,
        .help_en = "County and number of the leg; it is the lot that the receiver then holds.",
        .help_zh = "县代码与分录号，即接收方持有的资金批号。" },
    [TRANSFER_TRANSFER] = { .name = "transfer", .en = "Transfer", .zh = "转账", .type = F_TEXT,
        .flags = F_LIST, .max = 40,
        .help_en = "County and id of the transfer, as commands take it.",
        .help_zh = "县代码与转账编号，命令中使用。" },
    [TRANSFER_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_LIST, .list = "transfer_kind",
        .help_en = "Moved, promised, arrived, voided, returned.",
        .help_zh = "划转、待到、到账、作废、退回。" },
    [TRANSFER_PLACE] = { .name = "place", .en = "Place", .zh = "地区", .type = F_PLACE,
        .flags = F_HOME | F_LIST,
        .help_en = "Where the receiver's account is kept.", .help_zh = "接收方账户所在地区。" },
    [TRANSFER_PAYER] = ACCOUNT("payer", "From", "付方账户", "The account that gave.",
                               "付出资金的账户。"),
    [TRANSFER_FROM_KIND] = HOLDER("from_kind", "Kind of giver", "付方类别",
                                  "What kind of holder gave.", "付方持有人类别。"),
    [TRANSFER_FROM_LEVEL] = LEVEL("from_level", "Level of giver", "付方级别"),
    [TRANSFER_RECEIVER] = ACCOUNT("receiver", "To", "收方账户", "The account that received.",
                                  "收到资金的账户。"),
    [TRANSFER_TO_KIND] = HOLDER("to_kind", "Kind of receiver", "收方类别",
                                "What kind of holder received.", "收方持有人类别。"),
    [TRANSFER_TO_LEVEL] = LEVEL("to_level", "Level of receiver", "收方级别"),
    [TRANSFER_FUND_LINE] = FIELD_FUND_LINE,
    [TRANSFER_EARMARK] = EARMARK,
    [TRANSFER_GIVER] = { .name = "giver", .en = "Giver", .zh = "付方单位", .type = F_REF,
        .flags = F_LIST, .ref = "organisation",
        .help_en = "The organisation whose account gave.", .help_zh = "付方账户所属单位。" },
    [TRANSFER_TAKER] = { .name = "taker", .en = "Taker", .zh = "收方单位", .type = F_REF,
        .flags = F_LIST, .ref = "organisation",
        .help_en = "The organisation whose account received.", .help_zh = "收方账户所属单位。" },
    [TRANSFER_BATCH] = { .name = "batch", .en = "Batch", .zh = "批次", .type = F_REF,
        .flags = F_FAR, .ref = "batch",
        .help_en = "The batch it was posted for.", .help_zh = "所属批次。" },
    [TRANSFER_AMOUNT] = MONEY("amount", "Amount", "金额", "Money in yuan.", "金额（元）。"),
    [TRANSFER_MOVED] = MONEY("moved", "Moved", "实际变动",
        "What the receiver has more by it; below zero for what was taken back.",
        "收方因此增加的金额，退回为负。"),
    [TRANSFER_PROMISED] = MONEY("promised", "Promised", "待到变动",
        "What is on its way by it; below zero when it arrives or is voided.",
        "待到金额的变动，到账或作废为负。"),
    [TRANSFER_CAME_ON] = DAY("came_on", "Came on", "到账日",
        "Day of the money that moved; of what was taken back, the day it had come.",
        "资金划转之日；退回的为原到账日。"),
    [TRANSFER_YEAR1_ON] = DAY("year1_on", "Over a year from", "满一年日",
        "From this day on it has lain there for over a year.", "自此日起在收方停留超过一年。"),
    [TRANSFER_YEAR2_ON] = DAY("year2_on", "Over two years from", "满两年日",
        "From this day on it has lain there for over two years.", "自此日起在收方停留超过两年。"),
};
_Static_assert(COUNT(transfer_fields) == TRANSFER_NFIELDS, "one row per column");

const struct entity transfer_entity = {
    .name = "transfer", .en = "Transfer", .zh = "资金流转", .room = "money",
    .help_en = "Each leg of the ledger; posted by `jiedui money`, never typed.",
    .help_zh = "资金账的每一笔分录；由“jiedui money”记账，不手工录入。",
    .access = ACCESS_MONEY,
    .number = NUMBER_TRANSFER, .reach = REACH_COUNTY, .flags = E_MADE,
    .fields = transfer_fields, .n = COUNT(transfer_fields),
    .view = &flow_views[FLOW_TRANSFER], .view_of = "transfer",
};

static const struct field lot_use_fields[] = {
    [LOT_USE_LEG] = { .name = "leg", .en = "Leg", .zh = "分录", .type = F_INT, .flags = F_LIST,
        .min = 0,
        .help_en = "Number of the leg that took it, or gave it back.",
        .help_zh = "动用或退还该笔资金的分录号。" },
    [LOT_USE_PLACE] = { .name = "place", .en = "Place", .zh = "地区", .type = F_PLACE,
        .flags = F_HOME | F_LIST,
        .help_en = "Where the holder's account is kept.", .help_zh = "持有账户所在地区。" },
    [LOT_USE_HOLDER] = { .name = "holder", .en = "Holder", .zh = "持有账户", .type = F_REF,
        .flags = F_LIST, .ref = "ledger_account",
        .help_en = "The account whose money it was.", .help_zh = "资金原所在账户。" },
    [LOT_USE_HOLDER_KIND] = HOLDER("holder_kind", "Kind of holder", "持有方类别",
                                   "What kind of holder it was.", "持有方类别。"),
    [LOT_USE_FUND_LINE] = FIELD_FUND_LINE,
    [LOT_USE_EARMARK] = EARMARK,
    [LOT_USE_AMOUNT] = MONEY("amount", "Amount", "金额",
        "Below zero for what went out, above for what came back.", "转出为负，退还为正。"),
    [LOT_USE_CAME_ON] = DAY("came_on", "Came on", "到账日",
        "When the money had come to that holder.", "资金到达该持有方之日。"),
    [LOT_USE_YEAR1_ON] = DAY("year1_on", "Over a year from", "满一年日",
        "From this day on it counts against what has lain for over a year.",
        "自此日起冲减停留超过一年的资金。"),
    [LOT_USE_YEAR2_ON] = DAY("year2_on", "Over two years from", "满两年日",
        "From this day on it counts against what has lain for over two years.",
        "自此日起冲减停留超过两年的资金。"),
};
_Static_assert(COUNT(lot_use_fields) == LOT_USE_NFIELDS, "one row per column");

const struct entity lot_use_entity = {
    .name = "lot_use", .en = "Use of money", .zh = "资金动用", .room = "money",
    .help_en = "Each piece of money that left its holder, and since when it had lain there.",
    .help_zh = "每笔转出的资金及其此前停留的时间。",
    .access = ACCESS_MONEY,
    .number = NUMBER_LOT_USE, .reach = REACH_COUNTY, .flags = E_MADE | E_NO_SOURCE,
    .fields = lot_use_fields, .n = COUNT(lot_use_fields),
    .view = &flow_views[FLOW_LOT_USE], .view_of = "transfer",
};

struct telling { struct arena a; struct val *at; size_t n, cap; int width; };

static bool keep(void *arg, const struct val *row, int n, struct err *e)
{
    struct telling *t = arg;
    (void)e;
    t->width = n;
    t->at = mem_more(t->at, t->n, &t->cap, (size_t)n * sizeof *t->at);
    struct val *copy = t->at + t->n++ * (size_t)n;
    for (int i = 0; i < n; i++) {
        copy[i] = row[i];
        if (row[i].type == VAL_TEXT) copy[i].p = arena_strndup(&t->a, row[i].p, row[i].n);
    }
    return true;
}

enum { AT_ONCE = 8 };

/* Rows of one view whose leg lies in the ranges, read whole before they are told: whoever is told
 * may read. */
static bool tell_view(struct tx *tx, const struct model *mo, const struct entity *en,
                      const char *leg, const struct flow_range *range, size_t n, struct err *e)
{
    const struct table_map *m = model_find(mo, en->name);
    struct telling t = { .width = 0 };
    struct val v[AT_ONCE * 3];
    struct buf text;
    if (!m) return true;
    for (size_t i = 0; i < n; i++) {
        v[i * 3] = val_int(range[i].county);
        v[i * 3 + 1] = val_int(range[i].after);
        v[i * 3 + 2] = val_int(range[i].last);
    }
    arena_init(&t.a, (size_t)1 << 30);
    buf_init(&text, (size_t)64 << 10);
    flow_new_rows(&text, m, leg, (int)n);
    struct stmt s = stmt_composed(STMT_ADMIN, text.p);
    bool ok = tx_query(tx, &s, v, (int)n * 3, keep, &t, e);
    for (size_t i = 0; ok && i < t.n; i++)
        ok = model_tell(tx, mo, m, NULL, t.at + i * (size_t)t.width, e);
    buf_free(&text);
    arena_free(&t.a);
    free(t.at);
    return ok;
}

/* One county at once where that is a function call, several where it is a round trip; what fills up
 * the last round has no rows. */
bool flow_tell(struct tx *tx, const struct model *mo, const struct flow_range *range, size_t n,
               struct err *e)
{
    bool pg = store_engine(db_store(tx_db(tx))) == ENGINE_POSTGRES;
    struct flow_range at[AT_ONCE];
    size_t step = pg && n > 1 ? AT_ONCE : 1;
    for (size_t i = 0; i < n; i += step) {
        for (size_t k = 0; k < step; k++)
            at[k] = i + k < n ? range[i + k] : (struct flow_range){ -1, 0, 0 };
        if (!tell_view(tx, mo, &transfer_entity, "id", at, step, e) ||
            !tell_view(tx, mo, &lot_use_entity, "leg", at, step, e))
            return false;
    }
    return true;
}

/* What rows of transfer and lot_use say of an account. */
static bool same_account(const struct table_map *m, const struct val *a, const struct val *b)
{
    static const int looks[] = { LEDGER_ACCOUNT_PLACE, LEDGER_ACCOUNT_HOLDER_KIND,
        LEDGER_ACCOUNT_ORGANISATION, LEDGER_ACCOUNT_FUND_LINE, LEDGER_ACCOUNT_PURPOSE,
        LEDGER_ACCOUNT_RESTRICTED };
    for (int i = 0; i < COUNT(looks); i++) {
        int c = m->column[looks[i]], far = m->county_column[looks[i]];
        if (!val_equal(a[c], b[c]) || (far >= 0 && !val_equal(a[far], b[far]))) return false;
    }
    return true;
}

bool flow_follow(struct tx *tx, const struct table_map *m, const struct val *before,
                 const struct val *after, struct err *e)
{
    int64_t used;
    bool found;
    if (m->entity->number != NUMBER_LEDGER_ACCOUNT || !before) return true;
    if (after && same_account(m, before, after)) return true;
    struct val v[2] = { before[ROW_COUNTY], before[ROW_ID] };
    if (!db_int(tx_db(tx), &flow_stmts.stmts[FLOW_USED], v, 2, &used, &found, e)) return false;
    struct val code = before[m->column[LEDGER_ACCOUNT_CODE]];
    return !found ||
           err_field(e, ERR_CONFLICT, "account", "money was in account %.*s: its place, kind of "
                     "holder, organisation, fund line and earmark stay as they are; open another",
                     code.type == VAL_TEXT ? (int)code.n : 0, code.type == VAL_TEXT ? code.p : "");
}
