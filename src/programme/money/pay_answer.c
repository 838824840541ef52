/* What a bank answers: the words of a CSV or a sheet, and the records of pain.002. */
#include <stdlib.h>
#include <strings.h>

#include "base/date.h"
#include "base/money.h"
#include "doc/xml.h"
#include "programme/money/pay_return.h"
#include "programme/numbers.h"

const struct in_column answer_columns[ANSWER_CELLS] = {
    [ANSWER_LINE] = { "line", "Line", "业务编号", "业务标识;指令编号;明细编号;EndToEndId;编号;code", true },
    [ANSWER_STATE] = { "state", "State", "状态", "处理状态;交易状态;结果;处理结果;status", true },
    [ANSWER_REASON] = { "reason", "Reason", "原因", "失败原因;退汇原因;备注;附言", false },
    [ANSWER_REF] = { "bank_ref", "Bank's reference", "银行流水号", "流水号;交易流水号;核心流水号;reference", false },
    [ANSWER_DATE] = { "date", "Date", "日期", "交易日期;入账日期;处理日期;记账日期", false },
    [ANSWER_AMOUNT] = { "amount", "Amount", "金额", "交易金额;发生额;付款金额;金额(元)", false },
};

static enum answer_state state_of(struct csv_field f)
{
    static const struct { const char *word; enum answer_state state; } words[] = {
        { "paid", ANSWER_PAID }, { "success", ANSWER_PAID }, { "ok", ANSWER_PAID },
        { "成功", ANSWER_PAID }, { "交易成功", ANSWER_PAID }, { "已支付", ANSWER_PAID },
        { "支付成功", ANSWER_PAID }, { "ACSC", ANSWER_PAID }, { "ACCC", ANSWER_PAID },
        { "failed", ANSWER_FAILED }, { "refused", ANSWER_FAILED }, { "rejected", ANSWER_FAILED },
        { "失败", ANSWER_FAILED }, { "交易失败", ANSWER_FAILED }, { "支付失败", ANSWER_FAILED },
        { "拒绝", ANSWER_FAILED }, { "RJCT", ANSWER_FAILED }, { "CANC", ANSWER_FAILED },
        { "returned", ANSWER_RETURNED }, { "退汇", ANSWER_RETURNED }, { "已退汇", ANSWER_RETURNED },
        { "退回", ANSWER_RETURNED },
        { "under way", ANSWER_UNDER_WAY }, { "pending", ANSWER_UNDER_WAY },
        { "处理中", ANSWER_UNDER_WAY }, { "ACCP", ANSWER_UNDER_WAY }, { "ACTC", ANSWER_UNDER_WAY },
        { "ACSP", ANSWER_UNDER_WAY }, { "ACWC", ANSWER_UNDER_WAY }, { "PDNG", ANSWER_UNDER_WAY },
        { "RCVD", ANSWER_UNDER_WAY },
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i].word) == f.n && strncasecmp(words[i].word, f.p, f.n) == 0)
            return words[i].state;
    return ANSWER_UNKNOWN;
}

bool answer_read(const struct csv_field *cell, int32_t today, struct answer *out, struct err *e)
{
    struct csv_field day = cell[ANSWER_DATE], amount = cell[ANSWER_AMOUNT];
    *out = (struct answer){ .code = val_textn(cell[ANSWER_LINE].p, cell[ANSWER_LINE].n),
        .reason = val_textn(cell[ANSWER_REASON].p, cell[ANSWER_REASON].n),
        .ref = val_textn(cell[ANSWER_REF].p, cell[ANSWER_REF].n),
        .state = state_of(cell[ANSWER_STATE]), .day = today, .amount = -1 };
    if (out->code.n == 0) return err_field(e, ERR_INVALID, "line", "a line is named by its code");
    if (out->state == ANSWER_UNKNOWN)
        return err_field(e, ERR_INVALID, "state", "a line is paid, failed or returned (成功, 失败, "
                         "退汇), or still under way");
    if (day.n && !date_parse(day.p, day.n, DATE_EXACT, &out->day))
        return err_field(e, ERR_INVALID, "date", "this is no date");
    if (amount.n && (decimal_parse(amount.p, amount.n, 2, &out->amount) != DECIMAL_OK ||
                     out->amount < 0))
        return err_field(e, ERR_INVALID, "amount", "an amount is yuan with at most two decimals");
    if (out->reason.n > 200 || out->ref.n > 60)
        return err_field(e, ERR_INVALID, out->ref.n > 60 ? "bank_ref" : "reason",
                         "it is too long: a reason has 200 bytes, a reference 60");
    return true;
}

/* --- the file --- */

enum status_field { S_ID, S_STATE, S_CODE, S_OWN, S_MORE, S_REF, S_AMOUNT, S_DAY, S_ACCEPTED };
static const struct xml_record statuses[] = {
    { "Document/CstmrPmtStsRpt/OrgnlPmtInfAndSts/TxInfAndSts",
      { [S_ID] = "OrgnlEndToEndId", [S_STATE] = "TxSts", [S_CODE] = "StsRsnInf/Rsn/Cd",
        [S_OWN] = "StsRsnInf/Rsn/Prtry", [S_MORE] = "StsRsnInf/AddtlInf",
        [S_REF] = "AcctSvcrRef", [S_AMOUNT] = "OrgnlTxRef/Amt/InstdAmt",
        [S_DAY] = "OrgnlTxRef/IntrBkSttlmDt", [S_ACCEPTED] = "AccptncDtTm" } },
};

struct answers {
    struct table_in *table;
    struct xml_in *xml;            /* of pain.002 */
    struct csv_field cell[ANSWER_CELLS];
    char reason[400];
};

static enum csv_result next_status(void *arg, const struct csv_field **cells, int *n, struct err *e)
{
    struct answers *a = arg;
    const struct csv_field *f;
    int which;
    enum csv_result r = xml_in_next(a->xml, &which, &f, e);
    if (r == CSV_END && !xml_in_known(a->xml)) {
        err_set(e, ERR_INVALID, "the file has no CstmrPmtStsRpt with transactions (pain.002)");
        return CSV_ERROR;
    }
    if (r != CSV_ROW) return r;
    struct csv_field why = f[S_CODE].n ? f[S_CODE] : f[S_OWN];
    int k = snprintf(a->reason, sizeof a->reason, "%.*s%s%.*s", (int)(why.n < 80 ? why.n : 80), why.p,
                     why.n && f[S_MORE].n ? " " : "", (int)(f[S_MORE].n < 300 ? f[S_MORE].n : 300),
                     f[S_MORE].p);
    struct csv_field day = f[S_DAY];
    if (!day.n && f[S_ACCEPTED].n >= 10) day = (struct csv_field){ f[S_ACCEPTED].p, 10, false };
    a->cell[ANSWER_LINE] = f[S_ID];
    a->cell[ANSWER_STATE] = f[S_STATE];
    a->cell[ANSWER_REASON] = (struct csv_field){ a->reason, k > 0 ? strlen(a->reason) : 0, false };
    a->cell[ANSWER_REF] = f[S_REF];
    a->cell[ANSWER_DATE] = day;
    a->cell[ANSWER_AMOUNT] = f[S_AMOUNT];
    *cells = a->cell;
    *n = ANSWER_CELLS;
    return CSV_ROW;
}

static int64_t status_line(const void *arg)
{
    return xml_in_line(((const struct answers *)arg)->xml);
}

static bool is_xml(const char *path)
{
    size_t n = strlen(path);
    return n > 4 && strcasecmp(path + n - 4, ".xml") == 0;
}

bool answers_open(struct answers **out, const struct pay_desk *k, const char *path,
                  const char *mapping, struct err *e)
{
    struct answers *a = mem_alloc(sizeof *a);
    struct db *d = NULL;
    bool ok;
    if (is_xml(path)) {
        ok = xml_in_open(&a->xml, path, statuses, 1, e);
        struct in_rows rows = { next_status, status_line, a };
        if (ok) a->table = table_in_over(path, answer_columns, ANSWER_CELLS, &rows);
    } else {
        ok = !k->store || store_connect(k->store, DB_READ, &d, e);
        struct in_memory mem = { d, NUMBER_PAYMENT, mapping };
        ok = ok && table_in_open(&a->table, path, answer_columns, ANSWER_CELLS, &mem, e);
        if (d) db_close(d);
    }
    if (!ok) return answers_close(a), false;
    *out = a;
    return true;
}

struct table_in *answers_table(struct answers *a) { return a->table; }

void answers_close(struct answers *a)
{
    if (!a) return;
    table_in_close(a->table);
    xml_in_close(a->xml);
    free(a);
}
