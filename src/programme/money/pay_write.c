/* A run for the bank: ISO 20022 pain.001.001.03, and the same lines as CSV. One pass over the lines,
 * one block of memory; count and sum stand at the head of the XML, so they are asked for first and
 * held against what was written. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/date.h"
#include "base/money.h"
#include "doc/xml.h"
#include "programme/money/pay_part.h"
#include "store/backup.h"

#define NAMESPACE "xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.03\""

struct output { struct part_file part; FILE *f; bool given; };

struct writing {
    const struct pay_desk *k;
    const char *code, *actor;
    struct pay_report *out;
    struct pay_maps m;
    struct pay_run run;
    struct val payer[ENTITY_MAX_COLUMNS + 1];
    struct output xml, csv;
    struct xml_out x;
    struct buf line;
    const struct code_list *purposes;
    int64_t lines, amount;         /* that are to be written */
    char digest[DIGEST_HEX];
};

/* --- count and sum, and the instant that the file names --- */

static bool add_count(void *arg, const struct val *row, int n, struct err *e)
{
    struct writing *w = arg;
    (void)n, (void)e;
    if (row_is(row[0], "cancelled")) return true;
    w->lines += row[1].i;
    w->amount += row[2].i;
    return true;
}

static bool stamp(struct tx *tx, void *arg, struct err *e)
{
    struct writing *w = arg;
    const struct table_map *m = w->m.run;
    struct db *d = tx_db(tx);
    bool found = false;
    if (!pay_run_find(w->k, d, w->code, &w->run, e) ||
        !pay_run_in(w->k, &w->run, "approved or written or closed", e) ||
        !row_get(d, w->m.account, w->run.county, pay_at(m, w->run.row, PAYMENT_RUN_PAYER)->i,
                 w->k->arena, w->payer, &found, e))
        return false;
    if (!found) return err_set(e, ERR_CORRUPT, "the paying account is not there: see verify");
    struct val *at = pay_at(m, w->run.row, PAYMENT_RUN_WRITTEN_AT);
    if (at->type == VAL_INT) return true;
    *at = val_int(tx_now(tx));
    return row_update(tx, w->k->model, m, w->run.row, 0, e);
}

/* --- the head --- */

static void leaf(struct xml_out *x, const char *name, struct val v)
{
    xml_leaf(x, name, v.type == VAL_TEXT ? v.p : "", v.type == VAL_TEXT ? v.n : 0);
}

static void leaf_text(struct xml_out *x, const char *name, const char *s)
{
    xml_leaf(x, name, s, strlen(s));
}

static void leaf_money(struct xml_out *x, const char *name, const char *with, int64_t fen)
{
    char text[DECIMAL_TEXT];
    size_t n = decimal_format(fen, 2, text);
    xml_leaf_with(x, name, with, text, n);
}

static void counts(struct writing *w)
{
    char n[24];
    snprintf(n, sizeof n, "%lld", (long long)w->lines);
    leaf_text(&w->x, "NbOfTxs", n);
    leaf_money(&w->x, "CtrlSum", NULL, w->amount);
}

static void account(struct xml_out *x, const char *name, struct val number)
{
    xml_open(x, name, NULL);
    xml_open(x, "Id", NULL);
    xml_open(x, "Othr", NULL);
    leaf(x, "Id", number);
    for (int i = 0; i < 3; i++) xml_close(x);
}

static void bank(struct xml_out *x, const char *name, struct val code)
{
    xml_open(x, name, NULL);
    xml_open(x, "FinInstnId", NULL);
    xml_open(x, "ClrSysMmbId", NULL);
    xml_open(x, "ClrSysId", NULL);
    leaf_text(x, "Cd", "CNAPS");
    xml_close(x);
    leaf(x, "MmbId", code);
    for (int i = 0; i < 3; i++) xml_close(x);
}

static void party(struct xml_out *x, const char *name, struct val title)
{
    xml_open(x, name, NULL);
    leaf(x, "Nm", title);
    xml_close(x);
}

static void head(struct writing *w)
{
    const struct table_map *m = w->m.run, *a = w->m.account;
    struct xml_out *x = &w->x;
    struct val title = *pay_at(a, w->payer, LEDGER_ACCOUNT_TITLE);
    int zone = store_zone(w->k->store);
    char at[INSTANT_TEXT], day[DATE_TEXT];
    instant_format(pay_at(m, w->run.row, PAYMENT_RUN_WRITTEN_AT)->i + (int64_t)zone * 60000000, at);
    date_format((int32_t)pay_at(m, w->run.row, PAYMENT_RUN_DUE_ON)->i, day);
    xml_start(x, w->xml.f);
    xml_open(x, "Document", NAMESPACE);
    xml_open(x, "CstmrCdtTrfInitn", NULL);
    xml_open(x, "GrpHdr", NULL);
    leaf_text(x, "MsgId", w->code);
    xml_leaf(x, "CreDtTm", at, 19);
    counts(w);
    party(x, "InitgPty", title);
    xml_close(x);
    xml_open(x, "PmtInf", NULL);
    leaf_text(x, "PmtInfId", w->code);
    leaf_text(x, "PmtMtd", "TRF");
    counts(w);
    leaf_text(x, "ReqdExctnDt", day);
    party(x, "Dbtr", title);
    account(x, "DbtrAcct", *pay_at(a, w->payer, LEDGER_ACCOUNT_BANK_CARD));
    bank(x, "DbtrAgt", *pay_at(a, w->payer, LEDGER_ACCOUNT_BANK_CODE));
}

/* --- a line --- */

static const char *remark(struct writing *w, const struct val *row, char out[160])
{
    const struct code *c = code_list_code(w->purposes, row[L_PURPOSE].p, row[L_PURPOSE].n);
    snprintf(out, 160, "%s %.*s", c ? c->zh : "", (int)row[L_PERIOD].n, row[L_PERIOD].p);
    return out;
}

static void xml_line(struct writing *w, const struct val *row)
{
    struct xml_out *x = &w->x;
    char text[160];
    xml_open(x, "CdtTrfTxInf", NULL);
    xml_open(x, "PmtId", NULL);
    leaf(x, "EndToEndId", row[L_CODE]);
    xml_close(x);
    xml_open(x, "Amt", NULL);
    leaf_money(x, "InstdAmt", "Ccy=\"CNY\"", row[L_AMOUNT].i);
    xml_close(x);
    bank(x, "CdtrAgt", row[L_BANK]);
    party(x, "Cdtr", row[L_NAME]);
    account(x, "CdtrAcct", row[L_CARD]);
    xml_open(x, "RmtInf", NULL);
    leaf_text(x, "Ustrd", remark(w, row, text));
    xml_close(x);
    xml_close(x);
}

static void cell(struct writing *w, struct val v, bool first)
{
    csv_add(&w->line, v.type == VAL_TEXT ? v.p : "", v.type == VAL_TEXT ? v.n : 0, first, true);
}

static bool csv_line_out(struct writing *w, const struct val *row, struct err *e)
{
    char amount[DECIMAL_TEXT], text[160];
    decimal_format(row[L_AMOUNT].i, 2, amount);
    cell(w, row[L_CODE], true);
    cell(w, row[L_NAME], false);
    cell(w, row[L_CARD], false);
    cell(w, row[L_BANK], false);
    cell(w, val_text(amount), false);
    cell(w, val_text("CNY"), false);
    cell(w, val_text(remark(w, row, text)), false);
    csv_end_row(&w->line);
    if (w->line.n < (size_t)60 << 10) return true;
    bool ok = fwrite(w->line.p, 1, w->line.n, w->csv.f) == w->line.n;
    buf_clear(&w->line);
    return ok || err_set(e, ERR_FULL, "%s: %s", w->csv.part.part, strerror(errno));
}

static bool line_out(void *arg, const struct val *row, int n, struct err *e)
{
    struct writing *w = arg;
    (void)n;
    if (row_is(row[L_STATE], "cancelled")) return true;
    if (row[L_SEAL].i != pay_seal(w->k->store, row[L_NAME], row[L_CARD], row[L_BANK]))
        return err_set(e, ERR_CONFLICT, "payment %.*s: the payee's name or account is not what was "
                       "approved; nothing was written", (int)row[L_CODE].n, row[L_CODE].p);
    w->out->lines++;
    w->out->amount += row[L_AMOUNT].i;
    if (w->xml.given) xml_line(w, row);
    return !w->csv.given || csv_line_out(w, row, e);
}

/* --- the files --- */

static bool open_output(struct output *o, const char *path, struct err *e)
{
    o->part.fd = -1;
    if (!path) return true;
    if (!part_file_open(&o->part, path, false, e)) return false;
    o->f = fdopen(dup(o->part.fd), "wb");
    o->given = o->f != NULL;
    return o->given || err_set(e, ERR_INTERNAL, "%s: %s", path, strerror(errno));
}

static bool flush_output(struct output *o, struct err *e)
{
    if (!o->f) return true;
    FILE *f = o->f;
    o->f = NULL;
    return fclose(f) == 0 || err_set(e, ERR_FULL, "%s: %s", o->part.part, strerror(errno));
}

static bool finish_csv(struct writing *w, struct err *e)
{
    if (!w->csv.given) return true;
    return fwrite(w->line.p, 1, w->line.n, w->csv.f) == w->line.n ||
           err_set(e, ERR_FULL, "%s: %s", w->csv.part.part, strerror(errno));
}

static bool stream(struct writing *w, struct db *d, struct err *e)
{
    struct val v[2] = { val_int(w->run.county), val_int(w->run.id) };
    unsigned char digest[DIGEST_LEN];
    w->lines = w->amount = 0;
    if (!db_query(d, pay_sql(PAY_COUNTS), v, 2, add_count, w, e)) return false;
    if (w->xml.given) head(w);
    buf_str(&w->line, "\xef\xbb\xbf" "line,name,account,bank_code,amount,currency,remark\r\n");
    bool ok = db_query(d, pay_sql(PAY_LINES), v, 2, line_out, w, e);
    if (w->xml.given) {
        ok = xml_finish(&w->x, digest, ok ? e : NULL) && ok;
        digest_hex(digest, DIGEST_LEN, w->digest);
    }
    ok = ok && finish_csv(w, e);
    if (ok && (w->out->lines != w->lines || w->out->amount != w->amount))
        return err_set(e, ERR_CORRUPT, "the lines of run %s are not what they are counted to be: see "
                       "verify", w->code);
    return ok;
}

static bool mark(struct tx *tx, void *arg, struct err *e)
{
    struct writing *w = arg;
    const struct table_map *m = w->m.run;
    if (!pay_run_find(w->k, tx_db(tx), w->code, &w->run, e) ||
        !pay_run_in(w->k, &w->run, "approved or written or closed", e))
        return false;
    struct val *was = pay_at(m, w->run.row, PAYMENT_RUN_FILE_DIGEST);
    if (w->xml.given && was->type == VAL_TEXT && !row_is(*was, w->digest))
        return err_set(e, ERR_CORRUPT, "run %s was written before with other bytes: see verify",
                       w->code);
    if (w->xml.given) *was = val_text(w->digest);
    if (row_is(*pay_at(m, w->run.row, PAYMENT_RUN_STATE), "approved")) {
        *pay_at(m, w->run.row, PAYMENT_RUN_STATE) = val_text("written");
        *pay_at(m, w->run.row, PAYMENT_RUN_WRITTEN_BY) = val_text(w->actor);
    }
    return row_update(tx, w->k->model, m, w->run.row, 0, e);
}

static bool place_output(struct output *o, struct err *e)
{
    return !o->given || part_file_place(&o->part, e);
}

static bool write_run(struct writing *w, const char *xml, const char *csv, struct err *e)
{
    struct db *d;
    if (!store_write(w->k->store, stamp, w, e) || !open_output(&w->xml, xml, e) ||
        !open_output(&w->csv, csv, e) || !store_connect(w->k->store, DB_READ, &d, e))
        return false;
    bool ok = db_begin_read(d, e) && stream(w, d, e);
    db_end_read(d);
    db_close(d);
    return ok && flush_output(&w->xml, e) && flush_output(&w->csv, e) &&
           store_write(w->k->store, mark, w, e) && place_output(&w->xml, e) &&
           place_output(&w->csv, e);
}

bool pay_write(const struct pay_desk *k, const char *run, const char *xml, const char *csv,
               struct pay_report *out, struct err *e)
{
    struct writing w = { .k = k, .code = run, .out = out, .m = pay_maps_of(k->model),
        .purposes = codes_get(k->model->codes, "payment_purpose") };
    *out = (struct pay_report){ 0 };
    w.xml.part.fd = w.csv.part.fd = -1;
    buf_init(&w.line, (size_t)128 << 10);
    bool ok = pay_actor(k, &w.actor, e) && write_run(&w, xml, csv, e);
    if (w.xml.f) fclose(w.xml.f);
    if (w.csv.f) fclose(w.csv.f);
    part_file_close(&w.xml.part, !ok);
    part_file_close(&w.csv.part, !ok);
    buf_free(&w.line);
    return ok;
}
