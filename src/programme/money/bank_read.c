/* A statement's lines out of a CSV, a sheet, or camt.053. What the bank calls debit (借方) is money
 * that leaves the account. */
#include "programme/money/bank_part.h"

#include <stdlib.h>
#include <strings.h>

#include "base/date.h"
#include "base/money.h"
#include "doc/xml.h"
#include "programme/numbers.h"

enum bank_cell { C_DATE, C_AMOUNT, C_OUT, C_IN, C_SIGN, C_BALANCE, C_REFERENCE, C_PARTY, C_ACCOUNT,
    C_REMARK, C_CELLS };
static const struct in_column columns[C_CELLS] = {
    [C_DATE] = { "date", "Date", "日期", "交易日期;记账日期;入账日期;交易时间;booking date;value date", true },
    [C_AMOUNT] = { "amount", "Amount", "金额", "交易金额;发生额;金额(元)", false },
    [C_OUT] = { "out", "Paid out", "支出", "借方;借方发生额;借方金额;支出金额;转出金额;debit;withdrawal", false },
    [C_IN] = { "in", "Paid in", "收入", "贷方;贷方发生额;贷方金额;收入金额;转入金额;credit;deposit", false },
    [C_SIGN] = { "direction", "Direction", "借贷标志", "借贷;收支;收付标志;借贷方向", false },
    [C_BALANCE] = { "balance", "Balance", "余额", "账户余额;本次余额", false },
    [C_REFERENCE] = { "reference", "Reference", "流水号", "业务编号;交易流水号;核心流水号;凭证号;EndToEndId;transaction id", false },
    [C_PARTY] = { "counterparty", "Counterparty", "对方户名", "对方名称;对方单位;对手户名;payee", false },
    [C_ACCOUNT] = { "counter_account", "Their account", "对方账号", "对手账号;对方账户", false },
    [C_REMARK] = { "remark", "Remark", "摘要", "附言;用途;备注;description", false },
};



struct bank_file {
    struct table_in *table;
    struct xml_in *xml;            /* of camt.053 */
    struct bank_head head;
    int64_t taken;
    /* Of a sheet: its ends, and whether its balances follow each other downward or upward. */
    struct bank_row first, last;
    bool down, up;
    struct arena entry;            /* texts of one entry of camt.053 */
    struct bank_row *details; size_t n, cap, at; /* of an entry that is several payments */
};

/* --- one row of a sheet --- */

static bool money(struct csv_field f, int64_t *out)
{
    if (f.n == 0 || (f.n == 1 && *f.p == '-') || (f.n == 2 && memcmp(f.p, "--", 2) == 0))
        return *out = 0, true;
    if (*f.p == '+') f.p++, f.n--;
    return decimal_parse(f.p, f.n, 2, out) == DECIMAL_OK && *out <= ENTITY_INT_MAX &&
           *out >= -ENTITY_INT_MAX;
}

/* 1 in, -1 out, 0 unknown. */
static int sign_of(struct csv_field f)
{
    static const struct { const char *word; int sign; } words[] = {
        { "贷", 1 }, { "收", 1 }, { "收入", 1 }, { "转入", 1 }, { "贷方", 1 }, { "credit", 1 },
        { "C", 1 }, { "CRDT", 1 }, { "in", 1 }, { "+", 1 },
        { "借", -1 }, { "付", -1 }, { "支", -1 }, { "支出", -1 }, { "转出", -1 }, { "借方", -1 },
        { "debit", -1 }, { "D", -1 }, { "DBIT", -1 }, { "out", -1 }, { "-", -1 } };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i].word) == f.n && strncasecmp(words[i].word, f.p, f.n) == 0)
            return words[i].sign;
    return 0;
}

/* The row under the lines that adds them up, and such. */
static bool is_footer(const struct csv_field *c)
{
    static const char *const words[] = { "合计", "总计", "小计", "本页", "期初", "期末", "Total" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (c[C_DATE].n >= strlen(words[i]) &&
            memcmp(c[C_DATE].p, words[i], strlen(words[i])) == 0)
            return true;
    return false;
}

static const char *row_fault(const struct csv_field *c, struct bank_row *out, int *column)
{
    int64_t amount, in, off;
    *column = C_DATE;
    /* A time may stand behind the day. */
    size_t n = c[C_DATE].n > 10 && (c[C_DATE].p[10] == ' ' || c[C_DATE].p[10] == 'T') ? 10 : c[C_DATE].n;
    if (!date_parse(c[C_DATE].p, n, DATE_EXACT, &out->day)) return "this is no date";
    *column = C_AMOUNT;
    if (!money(c[C_AMOUNT], &amount)) return "this is no amount in yuan";
    *column = C_IN;
    if (!money(c[C_IN], &in)) return "this is no amount in yuan";
    *column = C_OUT;
    if (!money(c[C_OUT], &off)) return "this is no amount in yuan";
    if (c[C_SIGN].n && !amount) amount = in ? in : off;
    if (c[C_SIGN].n) {
        int sign = sign_of(c[C_SIGN]);
        *column = C_SIGN;
        if (!sign) return "a movement is in or out (借, 贷)";
        amount = amount < 0 ? amount : amount * sign;
    } else if (in && off) {
        return "it is paid in and out at once";
    } else if (in || off) {
        amount = in - off;
    }
    *column = C_AMOUNT;
    if (!amount) return "it moves nothing";
    out->amount = amount;
    *column = C_BALANCE;
    out->balance = BANK_NONE;
    if (c[C_BALANCE].n && !money(c[C_BALANCE], &out->balance)) return "this is no amount in yuan";
    return NULL;
}

static void note_day(struct bank_file *f, int32_t day)
{
    if (!f->head.from || day < f->head.from) f->head.from = day;
    if (!f->head.to || day > f->head.to) f->head.to = day;
}

static void follow(struct bank_file *f, const struct bank_row *row)
{
    if (f->taken == 1) {
        f->first = *row;
        f->down = f->up = true;
    } else if (row->balance != BANK_NONE && f->last.balance != BANK_NONE) {
        f->down = f->down && row->balance == f->last.balance + row->amount;
        f->up = f->up && f->last.balance == row->balance + f->last.amount;
    }
    f->last = *row;
    note_day(f, row->day);
}

/* Banks print the newest line first or last; the balances say which, or else the days. */
static void find_ends(struct bank_file *f)
{
    bool newest_first = f->up != f->down ? f->up : f->first.day > f->last.day;
    const struct bank_row *begin = newest_first ? &f->last : &f->first;
    const struct bank_row *end = newest_first ? &f->first : &f->last;
    if (f->taken == 0 || begin->balance == BANK_NONE || end->balance == BANK_NONE) return;
    f->head.opening = begin->balance - begin->amount;
    f->head.closing = end->balance;
}

static enum csv_result next_of_table(struct bank_file *f, struct bank_row *out, struct err *e)
{
    const struct csv_field *c;
    int column = -1;
    for (;;) {
        enum csv_result r = table_in_next(f->table, &c, e);
        if (r == CSV_END) find_ends(f);
        if (r != CSV_ROW) return r;
        if (!is_footer(c)) break;
    }
    *out = (struct bank_row){ .reference = c[C_REFERENCE], .counterparty = c[C_PARTY],
                              .account = c[C_ACCOUNT], .remark = c[C_REMARK] };
    const char *why = row_fault(c, out, &column);
    if (why) return table_in_refuse(f->table, column, why, e) ? CSV_BAD : CSV_ERROR;
    out->number = ++f->taken;
    follow(f, out);
    return CSV_ROW;
}

/* --- camt.053, of version 02 as of 08 --- */

#define STMT "Document/BkToCstmrStmt/Stmt"
enum record { R_ACCOUNT, R_DAYS, R_BALANCE, R_ENTRY, R_DETAIL };
enum account_field { A_OTHER, A_IBAN };
enum days_field { D_FROM, D_TO };
enum balance_field { B_KIND, B_AMOUNT, B_SIGN };
enum entry_field { E_AMOUNT, E_CCY, E_SIGN, E_STATE, E_STATE_CODE, E_BOOKED, E_BOOKED_AT, E_VALUE,
    E_BANK_REF, E_OWN_REF, E_BATCH, E_MORE };
enum detail_field { T_END, T_BANK_REF, T_AMOUNT, T_TX_AMOUNT, T_CREDITOR, T_DEBTOR, T_CR_ACCOUNT,
    T_DR_ACCOUNT, T_TEXT, T_CREDITOR_PARTY, T_DEBTOR_PARTY };
static const struct xml_record records[] = {
    [R_ACCOUNT] = { STMT "/Acct", { "Id/Othr/Id", "Id/IBAN" } },
    [R_DAYS] = { STMT "/FrToDt", { "FrDtTm", "ToDtTm" } },
    [R_BALANCE] = { STMT "/Bal", { "Tp/CdOrPrtry/Cd", "Amt", "CdtDbtInd" } },
    [R_ENTRY] = { STMT "/Ntry", { "Amt", "Amt@Ccy", "CdtDbtInd", "Sts", "Sts/Cd", "BookgDt/Dt",
        "BookgDt/DtTm", "ValDt/Dt", "AcctSvcrRef", "NtryRef", "NtryDtls/Btch/PmtInfId",
        "AddtlNtryInf" } },
    [R_DETAIL] = { STMT "/Ntry/NtryDtls/TxDtls", { "Refs/EndToEndId", "Refs/AcctSvcrRef", "Amt",
        "AmtDtls/TxAmt/Amt", "RltdPties/Cdtr/Nm", "RltdPties/Dbtr/Nm",
        "RltdPties/CdtrAcct/Id/Othr/Id", "RltdPties/DbtrAcct/Id/Othr/Id", "RmtInf/Ustrd",
        "RltdPties/Cdtr/Pty/Nm", "RltdPties/Dbtr/Pty/Nm" } },
};

static bool field_is(struct csv_field f, const char *word)
{
    return strlen(word) == f.n && memcmp(word, f.p, f.n) == 0;
}

static struct csv_field kept(struct bank_file *f, struct csv_field c)
{
    return (struct csv_field){ arena_strndup(&f->entry, c.p, c.n), c.n, false };
}

static void take_detail(struct bank_file *f, const struct csv_field *c)
{
    struct csv_field ref = field_is(c[T_END], "NOTPROVIDED") || !c[T_END].n ? c[T_BANK_REF] : c[T_END];
    struct csv_field amount = c[T_AMOUNT].n ? c[T_AMOUNT] : c[T_TX_AMOUNT];
    /* A party is called by its name alone in version 02, and a step deeper since version 04. */
    static const enum detail_field names[] = { T_CREDITOR, T_CREDITOR_PARTY, T_DEBTOR, T_DEBTOR_PARTY };
    struct csv_field name = c[T_DEBTOR_PARTY];
    for (int i = 3; i >= 0; i--)
        if (c[names[i]].n) name = c[names[i]];
    f->details = mem_more(f->details, f->n, &f->cap, sizeof *f->details);
    struct bank_row *d = &f->details[f->n++];
    *d = (struct bank_row){ .balance = BANK_NONE, .reference = kept(f, ref),
        .counterparty = kept(f, name),
        .account = kept(f, c[T_CR_ACCOUNT].n ? c[T_CR_ACCOUNT] : c[T_DR_ACCOUNT]),
        .remark = kept(f, c[T_TEXT]) };
    if (!money(amount, &d->amount)) d->amount = 0;
}

static bool entry_fault(struct bank_file *f, const struct csv_field *c, struct bank_row *out,
                        struct err *e)
{
    struct csv_field day = c[E_BOOKED].n ? c[E_BOOKED] : c[E_BOOKED_AT].n ? c[E_BOOKED_AT] : c[E_VALUE];
    int sign = sign_of(c[E_SIGN]);
    long long line = (long long)xml_in_line(f->xml);
    if (c[E_CCY].n && !field_is(c[E_CCY], "CNY"))
        return err_set(e, ERR_INVALID, "line %lld: an entry is not in CNY", line);
    if (!date_parse(day.p, day.n > 10 ? 10 : day.n, DATE_EXACT, &out->day))
        return err_set(e, ERR_INVALID, "line %lld: an entry has no day", line);
    if (!sign || !money(c[E_AMOUNT], &out->amount) || out->amount <= 0)
        return err_set(e, ERR_INVALID, "line %lld: an entry has no amount, or is neither credit nor "
                       "debit", line);
    out->amount *= sign;
    return true;
}

/* An entry that is several payments is as many lines when their amounts are told and add up. */
static void split_entry(struct bank_file *f, const struct bank_row *whole)
{
    int64_t sum = 0;
    for (size_t i = 0; i < f->n; i++) {
        if (f->details[i].amount <= 0 || __builtin_add_overflow(sum, f->details[i].amount, &sum)) {
            f->n = 0;
            return;
        }
    }
    if (f->n < 2 || sum != (whole->amount < 0 ? -whole->amount : whole->amount)) {
        f->n = 0;
        return;
    }
    for (size_t i = 0; i < f->n; i++) {
        f->details[i].day = whole->day;
        if (whole->amount < 0) f->details[i].amount = -f->details[i].amount;
    }
}

static bool take_entry(struct bank_file *f, const struct csv_field *c, struct bank_row *out,
                       struct err *e)
{
    *out = (struct bank_row){ .balance = BANK_NONE };
    if (!entry_fault(f, c, out, e)) return false;
    struct csv_field own = c[E_BATCH].n ? c[E_BATCH] : c[E_BANK_REF].n ? c[E_BANK_REF] : c[E_OWN_REF];
    if (f->n > 0) {
        out->counterparty = f->n == 1 ? f->details[0].counterparty : (struct csv_field){ "", 0, false };
        out->account = f->n == 1 ? f->details[0].account : (struct csv_field){ "", 0, false };
        out->remark = f->details[0].remark;
    } else {
        out->remark = c[E_MORE];
    }
    out->reference = f->n == 1 && f->details[0].reference.n ? f->details[0].reference : own;
    split_entry(f, out);
    return true;
}

static bool take_head(struct bank_file *f, int which, const struct csv_field *c, struct err *e)
{
    struct bank_head *h = &f->head;
    int64_t amount;
    int32_t day;
    if (which == R_ACCOUNT) {
        struct csv_field id = c[A_OTHER].n ? c[A_OTHER] : c[A_IBAN];
        if (h->account[0])
            return err_set(e, ERR_INVALID, "line %lld: the file holds several statements; take one "
                           "out at a time", (long long)xml_in_line(f->xml));
        snprintf(h->account, sizeof h->account, "%.*s", id.n < 39 ? (int)id.n : 39, id.p);
    } else if (which == R_DAYS) {
        if (c[D_FROM].n >= 10 && date_parse(c[D_FROM].p, 10, DATE_EXACT, &day)) h->from = day;
        if (c[D_TO].n >= 10 && date_parse(c[D_TO].p, 10, DATE_EXACT, &day)) h->to = day;
    } else if (which == R_BALANCE && money(c[B_AMOUNT], &amount)) {
        amount *= sign_of(c[B_SIGN]) < 0 ? -1 : 1;
        if (field_is(c[B_KIND], "OPBD") || field_is(c[B_KIND], "PRCD")) h->opening = amount;
        if (field_is(c[B_KIND], "CLBD")) h->closing = amount;
    }
    return true;
}

static enum csv_result next_of_xml(struct bank_file *f, struct bank_row *out, struct err *e)
{
    const struct csv_field *c;
    int which;
    if (f->at < f->n) {
        *out = f->details[f->at++];
        out->number = ++f->taken;
        return CSV_ROW;
    }
    arena_reset(&f->entry);
    f->n = f->at = 0;
    for (;;) {
        enum csv_result r = xml_in_next(f->xml, &which, &c, e);
        if (r == CSV_END && !xml_in_known(f->xml)) {
            err_set(e, ERR_INVALID, "the file is no camt.053: it has no BkToCstmrStmt");
            return CSV_ERROR;
        }
        if (r != CSV_ROW) return r;
        if (which == R_DETAIL) {
            take_detail(f, c);
        } else if (which != R_ENTRY) {
            if (!take_head(f, which, c, e)) return CSV_ERROR;
        } else if (field_is(c[E_STATE], "PDNG") || field_is(c[E_STATE_CODE], "PDNG") ||
                   field_is(c[E_STATE], "INFO")) {
            f->n = 0;
        } else {
            if (!take_entry(f, c, out, e)) return CSV_ERROR;
            note_day(f, out->day);
            if (f->n > 0) return next_of_xml(f, out, e);
            out->number = ++f->taken;
            return CSV_ROW;
        }
    }
}

/* --- the file --- */

bool bank_file_open(struct bank_file **out, struct db *d, const char *path, const char *mapping,
                    struct err *e)
{
    struct bank_file *f = mem_alloc(sizeof *f);
    size_t n = strlen(path);
    bool xml = n > 4 && strcasecmp(path + n - 4, ".xml") == 0;
    f->head.opening = f->head.closing = BANK_NONE;
    const struct in_memory mem = { d, NUMBER_BANK_STATEMENT, mapping };
    bool ok = xml ? xml_in_open(&f->xml, path, records, sizeof records / sizeof *records, e)
                  : table_in_open(&f->table, path, columns, C_CELLS, &mem, e);
    if (ok && !xml && !table_in_has(f->table, C_AMOUNT) && !table_in_has(f->table, C_IN) &&
        !table_in_has(f->table, C_OUT))
        ok = err_field(e, ERR_INVALID, "amount", "%s: no column says the amount (amount 金额, or in "
                       "收入 and out 支出)", path);
    if (!ok) return bank_file_close(f), false;
    *out = f;
    return true;
}

void bank_file_close(struct bank_file *f)
{
    if (!f) return;
    table_in_close(f->table);
    xml_in_close(f->xml);
    arena_free(&f->entry);
    free(f->details);
    free(f);
}

enum csv_result bank_file_next(struct bank_file *f, struct bank_row *out, struct err *e)
{
    return f->xml ? next_of_xml(f, out, e) : next_of_table(f, out, e);
}

const struct bank_head *bank_file_head(const struct bank_file *f) { return &f->head; }
struct table_in *bank_file_table(struct bank_file *f) { return f->table; }
