/* A statement into the store, whole or not at all. */
#include "programme/money/bank_store.h"

#include "base/utf8.h"
#include "programme/numbers.h"
#include "store/backup.h"

struct storing {
    const struct pay_desk *k;
    const struct bank_order *o;
    struct bank_report *out;
    struct bank_at *at;
    const char *actor;
    const char *hex;               /* of the file */
    struct bank_file *file;
    struct tx *tx;
    const struct table_map *statement, *line;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    int64_t id, in, off;
};

static size_t digits_in(const char *s, size_t n, char out[64])
{
    size_t k = 0;
    for (size_t i = 0; i < n && k < 63; i++)
        if (s[i] >= '0' && s[i] <= '9') out[k++] = s[i];
    out[k] = '\0';
    return k;
}

/* A statement that names its account is of this one. */
static bool same_account(const struct storing *x, struct err *e)
{
    char said[64], is[64];
    const char *text = bank_file_head(x->file)->account;
    size_t n = digits_in(text, strlen(text), said);
    size_t m = x->at->card.type == VAL_TEXT ? digits_in(x->at->card.p, x->at->card.n, is) : 0;
    if (n == 0 || m == 0 || strcmp(said, is) == 0) return true;
    return err_set(e, ERR_INVALID, "%s: it is of the account ending in %s, and %s is the one ending in "
                   "%s", x->o->file, said + (n > 4 ? n - 4 : 0), x->o->account,
                   is + (m > 4 ? m - 4 : 0));
}

static struct val text_val(struct csv_field f, size_t max)
{
    size_t n = utf8_cut(f.p, f.n, max);
    return n ? val_textn(f.p, n) : val_null();
}

static bool put_line(struct storing *x, const struct bank_row *r, struct err *e)
{
    const struct table_map *m = x->line;
    struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
    char digits[64];
    size_t n = digits_in(r->account.p, r->account.n, digits);
    row[ROW_COUNTY] = val_int(x->at->place / 1000000);
    *pay_at(m, row, BANK_LINE_STATEMENT) = val_int(x->id);
    *pay_at(m, row, BANK_LINE_LINE) = val_int(r->number);
    *pay_at(m, row, BANK_LINE_DAY) = val_int(r->day);
    *pay_at(m, row, BANK_LINE_AMOUNT) = val_int(r->amount);
    if (r->balance != BANK_NONE) *pay_at(m, row, BANK_LINE_BALANCE) = val_int(r->balance);
    *pay_at(m, row, BANK_LINE_REFERENCE) = text_val(r->reference, 100);
    *pay_at(m, row, BANK_LINE_COUNTERPARTY) = text_val(r->counterparty, 200);
    if (n) *pay_at(m, row, BANK_LINE_ACCOUNT_TAIL) = val_text(digits + (n > 4 ? n - 4 : 0));
    *pay_at(m, row, BANK_LINE_REMARK) = text_val(r->remark, 300);
    *(r->amount > 0 ? &x->in : &x->off) += r->amount > 0 ? r->amount : -r->amount;
    x->out->lines++;
    return row_insert(x->tx, x->k->model, m, row, e);
}

static bool put_lines(struct storing *x, struct err *e)
{
    struct bank_row r;
    enum csv_result got;
    while ((got = bank_file_next(x->file, &r, e)) == CSV_ROW || got == CSV_BAD)
        if (got == CSV_ROW && !put_line(x, &r, e)) return false;
    struct table_in *t = bank_file_table(x->file);
    x->out->refused = t ? table_in_refused(t) : 0;
    if (got == CSV_ERROR) return false;
    if (x->out->refused)
        return err_set(e, ERR_INVALID, "%s: %lld rows cannot be read; a statement is taken in whole or "
                       "not at all", x->o->file, (long long)x->out->refused);
    return x->out->lines > 0 || bank_file_head(x->file)->account[0] ||
           err_set(e, ERR_INVALID, "%s: it has no line", x->o->file);
}

static bool put_statement(struct storing *x, struct err *e)
{
    const struct table_map *m = x->statement;
    const struct bank_head *h = bank_file_head(x->file);
    struct val *row = x->row;
    int32_t from = x->o->from ? x->o->from : h->from, to = x->o->to ? x->o->to : h->to;
    if (!from || !to || from > to)
        return err_set(e, ERR_INVALID, "%s: which days is it of? --from DATE --to DATE", x->o->file);
    memset(row, 0, sizeof x->row);
    row[ROW_ID] = val_int(x->id);
    *pay_at(m, row, BANK_STATEMENT_CODE) = val_text(x->out->statement);
    *pay_at(m, row, BANK_STATEMENT_PLACE) = val_int(x->at->place);
    *pay_at(m, row, BANK_STATEMENT_ACCOUNT) = val_int(x->at->account.id);
    *pay_at(m, row, BANK_STATEMENT_FROM_ON) = val_int(from);
    *pay_at(m, row, BANK_STATEMENT_TO_ON) = val_int(to);
    if (h->opening != BANK_NONE) *pay_at(m, row, BANK_STATEMENT_OPENING) = val_int(h->opening);
    if (h->closing != BANK_NONE) *pay_at(m, row, BANK_STATEMENT_CLOSING) = val_int(h->closing);
    *pay_at(m, row, BANK_STATEMENT_LINES) = val_int(x->out->lines);
    *pay_at(m, row, BANK_STATEMENT_MONEY_IN) = val_int(x->in);
    *pay_at(m, row, BANK_STATEMENT_MONEY_OUT) = val_int(x->off);
    *pay_at(m, row, BANK_STATEMENT_FILE_DIGEST) = val_text(x->hex);
    *pay_at(m, row, BANK_STATEMENT_LOADED_BY) = val_text(x->actor);
    *pay_at(m, row, BANK_STATEMENT_LOADED_ON) = val_int(x->k->day);
    return row_insert(x->tx, x->k->model, m, row, e);
}

static bool store(struct tx *tx, void *arg, struct err *e)
{
    struct storing *x = arg;
    x->tx = tx;
    x->in = x->off = 0;
    x->out->lines = 0;
    bank_file_close(x->file);
    x->file = NULL;
    x->id = tx_id(tx);
    if (!bank_file_open(&x->file, tx_db(tx), x->o->file, x->o->mapping, e) || !put_lines(x, e) ||
        !same_account(x, e) || !put_statement(x, e))
        return false;
    struct table_in *t = bank_file_table(x->file);
    return !t || table_in_remember(tx, t, e);
}

static bool find_account(const struct pay_desk *k, struct db *d, const char *code,
                         struct bank_at *at, struct err *e)
{
    const struct table_map *m = pay_maps_of(k->model).account;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    bool found = false;
    if (!ref_find(k->model, m, code, strlen(code), -1, d, k->arena, &at->account.county,
                  &at->account.id, e) ||
        !row_get(d, m, at->account.county, at->account.id, k->arena, row, &found, e))
        return false;
    if (!found) return err_set(e, ERR_NOT_FOUND, "there is no account %s", code);
    at->place = pay_at(m, row, LEDGER_ACCOUNT_PLACE)->i;
    at->card = *pay_at(m, row, LEDGER_ACCOUNT_BANK_CARD);
    return true;
}

static bool find_statement(const struct pay_desk *k, struct db *d, struct bank_report *out,
                           struct bank_at *at, bool *there, struct err *e)
{
    const struct table_map *m = model_find(k->model, "bank_statement");
    struct err why = { 0 };
    int64_t county;
    *there = ref_find(k->model, m, out->statement, strlen(out->statement), -1, d, k->arena, &county,
                      &at->statement, &why);
    if (!*there) return why.code == ERR_NOT_FOUND || (*e = why, false);
    if (!row_get(d, m, county, at->statement, k->arena, at->row, there, e)) return false;
    out->lines = pay_at(m, at->row, BANK_STATEMENT_LINES)->i;
    return true;
}

bool bank_take_in(const struct pay_desk *k, const struct bank_order *o, struct db *d,
                  struct bank_report *out, struct bank_at *at, struct err *e)
{
    struct storing x = { .k = k, .o = o, .out = out, .at = at,
        .statement = model_find(k->model, "bank_statement"),
        .line = model_find(k->model, "bank_line") };
    unsigned char digest[DIGEST_LEN];
    char hex[DIGEST_HEX];
    struct err why = { 0 };
    bool there;
    if (!find_account(k, d, o->account, at, e) || !file_digest(o->file, digest, e)) return false;
    digest_hex(digest, DIGEST_LEN, hex);
    x.hex = hex;
    out->statement = arena_printf(k->arena, "%s-%.12s", o->account, hex);
    if (!find_statement(k, d, out, at, &there, e)) return false;
    if (there) return true;
    bool ok = pay_actor(k, &x.actor, e) && store_write(k->store, store, &x, e);
    struct table_in *t = x.file ? bank_file_table(x.file) : NULL;
    if (t && out->refused && !table_in_keep(t, k->arena, &out->refused_path, &why) && ok)
        ok = (*e = why, false);
    bank_file_close(x.file);
    out->stored = ok;
    return ok && find_statement(k, d, out, at, &there, e) &&
           (there || err_set(e, ERR_INTERNAL, "the statement is not there"));
}
