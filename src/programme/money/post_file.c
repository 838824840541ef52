/* A file of transfers into the ledger. */
#include "programme/money/post_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/csv.h"
#include "base/date.h"
#include "base/map.h"
#include "base/money.h"
#include "programme/money/money.h"
#include "programme/numbers.h"

enum { CODE, DAY, DEBIT, CREDIT, AMOUNT, EARMARK, NOTE, BATCH, COLUMNS };
static const char *const names[COLUMNS] = { "code", "date", "debit", "credit", "amount", "earmark",
                                            "note", "batch" };

#define CODE_MAX 64
struct code_key { char text[CODE_MAX]; };

struct line { int64_t number; int32_t day; struct posting_leg leg; struct ledger_cause cause;
              char code[CODE_MAX], earmark[44]; const char *note; };

struct reader {
    struct tx *tx;
    const struct model *model;
    struct csv *csv;
    int column[COLUMNS];                 /* where each stands in the file, or -1 */
    struct arena arena;
    struct map accounts, codes,
        batches; /* code -> account_ref; code -> line; code -> ledger_cause */
    struct line ahead;
    bool has_ahead;
    struct posting posting;
    struct posting_leg *legs; int n; size_t cap;
    int64_t at, lines, actor;
};

static bool fault(const struct reader *r, struct err *e, int column, const char *what)
{
    return err_field(e, ERR_INVALID, names[column], "line %lld, %s: %s",
                     (long long)csv_line(r->csv), names[column], what);
}

static bool read_header(struct reader *r, struct err *e)
{
    const struct csv_field *f;
    int n;
    if (csv_next(r->csv, &f, &n, e) != CSV_ROW)
        return err_set(e, ERR_INVALID, "the file has no line of column names");
    for (int c = 0; c < COLUMNS; c++) r->column[c] = -1;
    for (int i = 0; i < n; i++) {
        int c = 0;
        while (c < COLUMNS && (strlen(names[c]) != f[i].n || memcmp(names[c], f[i].p, f[i].n) != 0))
            c++;
        if (c == COLUMNS || r->column[c] >= 0)
            return err_set(e, ERR_INVALID,
                           "column %d: \"%.*s\" is no column of such a file, or stands "
                           "twice",
                           i + 1, (int)f[i].n, f[i].p);
        r->column[c] = i;
    }
    for (int c = DAY; c <= AMOUNT; c++)
        if (r->column[c] < 0) return err_set(e, ERR_INVALID, "the file has no column %s", names[c]);
    return true;
}

static bool key_of(const struct reader *r, struct csv_field f, int column, char out[CODE_MAX],
                   struct err *e)
{
    memset(out, 0, CODE_MAX);
    if (f.n >= CODE_MAX) return fault(r, e, column, "too long");
    memcpy(out, f.p, f.n);
    return true;
}

static bool read_account(struct reader *r, struct csv_field f, int column, struct account_ref *out,
                         struct err *e)
{
    struct code_key key;
    if (!key_of(r, f, column, key.text, e)) return false;
    struct account_ref *known = map_get(&r->accounts, &key);
    if (!known) {
        if (!ledger_account_find(tx_db(r->tx), f.p, f.n, out, e))
            return err_context(e, "line %lld, %s", (long long)csv_line(r->csv), names[column]);
        known = map_put(&r->accounts, &key, NULL);
        *known = *out;
    }
    *out = *known;
    return true;
}

static bool read_batch(struct reader *r, struct csv_field f, struct ledger_cause *out,
                       struct err *e)
{
    struct code_key key;
    if (f.n == 0) return true;
    if (!key_of(r, f, BATCH, key.text, e)) return false;
    struct ledger_cause *known = map_get(&r->batches, &key);
    if (!known) {
        struct ledger_cause c = { .entity = NUMBER_BATCH };
        const struct table_map *m = r->model ? model_find(r->model, "batch") : NULL;
        if (!m) return fault(r, e, BATCH, "batches are not known here");
        if (!ref_find(r->model, m, f.p, f.n, -1, tx_db(r->tx), &r->arena, &c.county, &c.id, e))
            return err_context(e, "line %lld, batch", (long long)csv_line(r->csv));
        known = map_put(&r->batches, &key, NULL);
        *known = c;
    }
    *out = *known;
    return true;
}

static struct csv_field field(const struct reader *r, const struct csv_field *f, int n, int column)
{
    int i = r->column[column];
    return i >= 0 && i < n ? f[i] : (struct csv_field){ "", 0, false };
}

static bool read_fields(struct reader *r, const struct csv_field *f, int n, struct line *l,
                        struct err *e)
{
    struct csv_field day = field(r, f, n, DAY), amount = field(r, f, n, AMOUNT),
                     earmark = field(r, f, n, EARMARK), note = field(r, f, n, NOTE);
    *l = (struct line){ .number = csv_line(r->csv) };
    if (!date_parse(day.p, day.n, DATE_EXACT, &l->day)) return fault(r, e, DAY, "no date");
    if (decimal_parse(amount.p, amount.n, 2, &l->leg.amount) != DECIMAL_OK)
        return fault(r, e, AMOUNT, "no amount in yuan with at most two decimals");
    if (earmark.n >= sizeof l->earmark) return fault(r, e, EARMARK, "too long");
    memcpy(l->earmark, earmark.p, earmark.n);
    if (note.n) l->note = arena_strndup(&r->arena, note.p, note.n);
    return key_of(r, field(r, f, n, CODE), CODE, l->code, e) &&
           read_account(r, field(r, f, n, DEBIT), DEBIT, &l->leg.debit, e) &&
           read_account(r, field(r, f, n, CREDIT), CREDIT, &l->leg.credit, e) &&
           read_batch(r, field(r, f, n, BATCH), &l->cause, e);
}

/* The next line into r->ahead; has_ahead stays false at the end. */
static bool look_ahead(struct reader *r, struct err *e)
{
    const struct csv_field *f;
    int n;
    r->has_ahead = false;
    switch (csv_next(r->csv, &f, &n, e)) {
    case CSV_ROW: break;
    case CSV_END: return true;
    default: return err_context(e, "line %lld", (long long)csv_line(r->csv));
    }
    if (!read_fields(r, f, n, &r->ahead, e)) return false;
    r->has_ahead = true;
    r->lines++;
    return true;
}

static bool new_code(struct reader *r, const struct line *l, struct err *e)
{
    bool added;
    int64_t *line = map_put(&r->codes, l->code, &added);
    if (added) *line = l->number;
    return added || err_field(e, ERR_INVALID, "code", "line %lld: the code %s stands on line %lld "
                              "already, and not right before", (long long)l->number, l->code,
                              (long long)*line);
}

static void push_leg(struct reader *r, const struct line *l)
{
    r->legs = mem_more(r->legs, (size_t)r->n, &r->cap, sizeof *r->legs);
    r->legs[r->n] = l->leg;
    r->legs[r->n++].earmark = l->earmark[0] ? arena_strdup(&r->arena, l->earmark) : NULL;
}

static bool next_posting(void *arg, struct posting **out, struct err *e)
{
    struct reader *r = arg;
    if (!r->has_ahead) return true;
    struct line l = r->ahead;
    if (l.code[0] && !new_code(r, &l, e)) return false;
    r->at = l.number;
    r->n = 0;
    push_leg(r, &l);
    if (!look_ahead(r, e)) return false;
    while (r->has_ahead && l.code[0] && strcmp(r->ahead.code, l.code) == 0) {
        if (r->ahead.day != l.day)
            return err_field(e, ERR_INVALID, "date",
                             "line %lld: the legs of transfer %s have two dates",
                             (long long)r->ahead.number, l.code);
        push_leg(r, &r->ahead);
        if (!look_ahead(r, e)) return false;
    }
    r->posting = (struct posting){ .day = l.day,
                                   .note = l.note,
                                   .actor = r->actor,
                                   .cause = l.cause,
                                   .code = l.code[0] ? arena_strdup(&r->arena, l.code) : NULL,
                                   .legs = r->legs,
                                   .n = r->n,
                                   .halves = store_apart(db_store(tx_db(r->tx))) };
    *out = &r->posting;
    return true;
}

struct posting_file { const struct model *model; FILE *f; int64_t actor; struct post_report *out; };

static bool post_all(struct tx *tx, void *arg, struct err *e)
{
    const struct posting_file *p = arg;
    struct reader r = { .tx = tx, .model = p->model, .actor = p->actor };
    rewind(p->f);
    r.csv = csv_open(csv_from_file(p->f), NULL);
    map_init(&r.accounts, sizeof(struct code_key), sizeof(struct account_ref));
    map_init(&r.codes, sizeof(struct code_key), sizeof(int64_t));
    map_init(&r.batches, sizeof(struct code_key), sizeof(struct ledger_cause));
    bool ok = read_header(&r, e) && look_ahead(&r, e);
    if (ok) {
        ok = ledger_post_run(tx, next_posting, &r, &p->out->posted, &p->out->done, e);
        if (!ok && r.at && strncmp(e->message, "line ", 5) != 0)
            err_context(e, "line %lld", (long long)r.at);
    }
    p->out->lines = r.lines;
    map_free(&r.accounts);
    map_free(&r.codes);
    map_free(&r.batches);
    arena_free(&r.arena);
    free(r.legs);
    csv_close(r.csv);
    return ok;
}

bool post_file(struct store *s, const struct model *model, const char *path, int64_t actor,
               struct post_report *out, struct err *e)
{
    struct posting_file p = { .model = model, .f = fopen(path, "rb"), .actor = actor, .out = out };
    *out = (struct post_report){ 0 };
    if (!p.f) return err_set(e, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
    bool ok = store_write(s, post_all, &p, e);
    fclose(p.f);
    return ok || err_context(e, "%s", path);
}
