/* Receipts as they are issued, and told again. */
#include "base/map.h"
#include "base/count.h"
#include "programme/fields.h"
#include "programme/money/receipt_part.h"
#include "programme/money/paper.h"
#include "programme/numbers.h"
#include "programme/rows/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STATES_MOST = 2000000, OFFICE_CODE_MOST = 44 };

static const struct field receipt_fields[] = {
    [RECEIPT_CODE] = { .name = "code", .en = "Number", .zh = "回执编号", .type = F_TEXT,
        .flags = F_REQUIRED | F_KEY | F_NATION | F_LIST | F_SEARCH, .max = 60,
        .help_en = "Code of the office, year, and its number in that year.",
        .help_zh = "开具单位编号、年度与当年序号。" },
    [RECEIPT_PLACE] = FIELD_PLACE,
    [RECEIPT_OFFICE] = { .name = "office", .en = "Issued by the office", .zh = "开具单位",
        .type = F_REF, .flags = F_REQUIRED | F_LIST, .ref = "organisation",
        .help_en = "The office that received the money and says so.", .help_zh = "收款并开具回执的单位。" },
    [RECEIPT_FOR_YEAR] = { .name = "for_year", .en = "Year", .zh = "年度", .type = F_INT,
        .flags = F_REQUIRED, .min = 1980, .max = 2100,
        .help_en = "The year that its number counts in.", .help_zh = "编号所属年度。" },
    [RECEIPT_NUMBER] = { .name = "number", .en = "Number in the year", .zh = "当年序号",
        .type = F_INT, .flags = F_REQUIRED, .min = 1, .max = 100000000,
        .help_en = "1, 2, 3 of the office's receipts of the year, without holes.",
        .help_zh = "该单位当年回执的连续序号。" },
    [RECEIPT_GIVER] = { .name = "giver", .en = "Given by", .zh = "捐赠方", .type = F_REF,
        .flags = F_LIST, .ref = "organisation",
        .help_en = "Who gave the money; empty when that is not told, or several did.",
        .help_zh = "捐赠方；未注明或多方时留空。" },
    [RECEIPT_BATCH] = { .name = "batch", .en = "Batch", .zh = "批次", .type = F_REF,
        .flags = F_FAR | F_LIST, .ref = "batch",
        .help_en = "The batch it is about.", .help_zh = "所涉批次。" },
    [RECEIPT_TRANSFER] = { .name = "transfer", .en = "Transfer", .zh = "转账", .type = F_TEXT,
        .flags = F_SEARCH, .max = 40,
        .help_en = "County and id of the transfer, where it is about one alone.",
        .help_zh = "仅涉一笔转账时，其县代码与编号。" },
    [RECEIPT_GIVEN] = { .name = "given", .en = "Given", .zh = "捐赠金额", .type = F_MONEY,
        .flags = F_LIST, .min = 0, .unit = "yuan",
        .help_en = "Yuan given, as it stated when it was issued.", .help_zh = "开具时载明的捐赠金额（元）。" },
    [RECEIPT_ISSUED_ON] = { .name = "issued_on", .en = "Issued on", .zh = "开具日期",
        .type = F_DATE, .flags = F_REQUIRED | F_LIST,
        .help_en = "The day on which it got its number.", .help_zh = "编号日期。" },
    [RECEIPT_ISSUED_BY] = { .name = "issued_by", .en = "By", .zh = "经办人", .type = F_TEXT,
        .max = 100, .help_en = "The person who issued it.", .help_zh = "开具人。" },
    [RECEIPT_DIGEST] = { .name = "states_digest", .en = "Digest", .zh = "摘要值", .type = F_TEXT,
        .flags = F_REQUIRED | F_SEARCH, .min = 64, .max = 64,
        .help_en = "Digest of what it states (BLAKE2b-256, hex), printed on it.",
        .help_zh = "所载内容的摘要值（BLAKE2b-256），印于回执。" },
    [RECEIPT_STATES] = { .name = "states", .en = "What it states", .zh = "所载内容", .type = F_TEXT,
        .flags = F_REQUIRED, .max = STATES_MOST,
        .help_en = "Legs, ends and steps, one a line: what every print of it is made from.",
        .help_zh = "逐行记载的到账、去向与流转，每次打印均据此生成。" },
};
_Static_assert(COUNT(receipt_fields) == RECEIPT_NCOLS, "one row per column");

static const char *const receipt_indexes[] = { "batch, batch_county", "transfer", NULL };

const struct entity receipt_entity = {
    .name = "receipt", .en = "Receipt", .zh = "捐赠回执", .room = "money",
    .help_en = "What a giver was told of money given, numbered by the office that received it; "
               "made by `jiedui money receipt` and on the page of a batch.",
    .help_zh = "收款单位编号开具、告知捐赠方资金去向的回执，由“jiedui money receipt”或批次页面开具。",
    .access = ACCESS_WORK,
    .number = NUMBER_RECEIPT, .reach = REACH_COUNTY, .flags = E_NO_SOURCE | E_MADE,
    .fields = receipt_fields, .n = COUNT(receipt_fields), .indexes = receipt_indexes,
};

/* --- told again --- */

static const char *text_at(struct arena *a, const struct table_map *m, const struct val *row, int f)
{
    struct val v = row[m->column[f]];
    return v.type == VAL_TEXT ? arena_strndup(a, v.p, v.n) : "";
}

static bool last_of(struct db *d, const struct receipt_of *of, struct arena *a, int64_t *county,
                    int64_t *id, struct err *e)
{
    struct val key[2] = { of->batch ? val_int(of->batch->county) : val_text(of->transfer),
                          of->batch ? val_int(of->batch->id) : val_null() };
    const struct stmt *s = &receipt_stmts.stmts[of->batch ? RECEIPT_OF_BATCH : RECEIPT_OF_TRANSFER];
    struct rows rows;
    if (!rows_read(d, s, key, of->batch ? 2 : 1, a, &rows, e)) return false;
    *county = rows.n ? row_int(rows.row[0][0]) : 0;
    *id = rows.n ? row_int(rows.row[0][1]) : 0;
    return true;
}

/* How it stands now beside what was stated. */
static bool compare(struct db *d, const struct model *mo, const struct receipt_of *of,
                    struct arena *a, struct receipt_paper *out, struct err *e)
{
    struct receipt now;
    struct err none = { 0 };
    if (!receipt_read(d, mo, of, a, &now, &none)) {
        if (none.code != ERR_NOT_FOUND) return *e = none, false;
        now = (struct receipt){ 0 };
    }
    out->taken_back = out->told.given > now.given ? out->told.given - now.given : 0;
    out->disputed = now.disputed > out->told.disputed ? now.disputed - out->told.disputed : 0;
    return true;
}

static bool read_paper(struct db *d, const struct model *mo, int64_t county, int64_t id,
                       struct arena *a, struct receipt_paper *out, struct err *e)
{
    const struct table_map *m = model_find(mo, "receipt");
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct account_ref batch;
    int64_t last_county, last;
    bool found;
    if (!row_get(d, m, county, id, a, row, &found, e)) return false;
    if (!found) return err_set(e, ERR_NOT_FOUND, "the receipt is not there");
    struct val of = row[m->column[RECEIPT_BATCH]], states = row[m->column[RECEIPT_STATES]];
    batch = (struct account_ref){ row_int(row[m->county_column[RECEIPT_BATCH]]), row_int(of) };
    struct receipt_of what = { .batch = of.type == VAL_INT ? &batch : NULL,
                               .transfer = text_at(a, m, row, RECEIPT_TRANSFER) };
    *out = (struct receipt_paper){ .code = text_at(a, m, row, RECEIPT_CODE), .county = county,
        .id = id, .transfer = !what.batch, .by = text_at(a, m, row, RECEIPT_ISSUED_BY), .replaced_by = "",
        .office = row_int(row[m->column[RECEIPT_OFFICE]]),
        .on = (int32_t)row_int(row[m->column[RECEIPT_ISSUED_ON]]),
        .of = what.batch ? ref_text(mo, model_find(mo, "batch"), batch.county, batch.id, d, a)
                         : what.transfer };
    if (!receipt_parse(row_text(states), states.n, a, &out->told, e) ||
        !compare(d, mo, &what, a, out, e) || !last_of(d, &what, a, &last_county, &last, e))
        return false;
    out->told.giver = row_int(row[m->column[RECEIPT_GIVER]]);
    if (last != id) out->replaced_by = ref_text(mo, m, last_county, last, d, a);
    return true;
}

bool receipt_find(struct db *d, const struct model *mo, const char *code, struct arena *a,
                  struct receipt_paper *out, struct err *e)
{
    int64_t county, id;
    return ref_find(mo, model_find(mo, "receipt"), code, strlen(code), -1, d, a, &county, &id, e) &&
           read_paper(d, mo, county, id, a, out, e);
}

bool receipt_last(struct db *d, const struct model *mo, const struct receipt_of *of,
                  struct arena *a, struct receipt_paper *out, bool *found, struct err *e)
{
    int64_t county, id;
    if (!last_of(d, of, a, &county, &id, e)) return false;
    *found = id != 0;
    return !id || read_paper(d, mo, county, id, a, out, e);
}

/* --- issued --- */

/* The organisation of all the accounts that it came into. */
static bool receiver_of(struct db *d, const struct receipt *x, int64_t *office, struct err *e)
{
    *office = 0;
    for (int i = 0; i < x->n_legs; i++) {
        struct val key[2] = { val_int(x->leg[i].county), val_int(x->leg[i].id) };
        int64_t org = 0;
        bool found;
        if (!db_int(d, &receipt_stmts.stmts[RECEIPT_HOLDERS], key, 2, &org, &found, e)) return false;
        if (!found || (*office && org != *office))
            return err_field(e, ERR_INVALID, "office", "which office received it is not told by the "
                             "accounts: name it (--office)");
        *office = org;
    }
    return true;
}

static bool place_of(struct db *d, const struct receipt_of *of, int64_t *place, struct err *e)
{
    struct val key[2];
    bool found;
    *place = 0;
    if (of->batch) {
        key[0] = val_int(of->batch->county);
        key[1] = val_int(of->batch->id);
        return db_int(d, &receipt_stmts.stmts[RECEIPT_PLACE_OF_BATCH], key, 2, place, &found, e);
    }
    char *end;
    key[0] = val_int(strtoll(of->transfer, &end, 10));
    key[1] = val_int(*end == ':' ? strtoll(end + 1, NULL, 10) : 0);
    return db_int(d, &paper_stmts.stmts[PAPER_TRANSFER_PLACE], key, 2, place, &found, e);
}

static bool number_of(struct tx *tx, const struct model *mo, const struct receipt_order *o,
                      const struct table_map *m, struct val *row, struct arena *a, struct err *e)
{
    int year = date_civil(o->on).year;
    struct val key[2] = { val_int(o->office), val_int(year) };
    int64_t last = 0;
    bool found;
    const char *office = ref_text(mo, model_find(mo, "organisation"), 0, o->office, tx_db(tx), a);
    if (!db_int(tx_db(tx), &receipt_stmts.stmts[RECEIPT_LAST_NUMBER], key, 2, &last, &found, e))
        return false;
    if (strlen(office) > OFFICE_CODE_MOST)
        return err_field(e, ERR_INVALID, "office", "the code of the office is over %d bytes long",
                         OFFICE_CODE_MOST);
    row[m->column[RECEIPT_OFFICE]] = val_int(o->office);
    row[m->column[RECEIPT_FOR_YEAR]] = val_int(year);
    row[m->column[RECEIPT_NUMBER]] = val_int(last + 1);
    row[m->column[RECEIPT_CODE]] =
        val_text(arena_printf(a, "%s-%d-%04lld", office, year, (long long)last + 1));
    return true;
}

static bool put(struct tx *tx, const struct model *mo, const struct receipt_order *o,
                const struct receipt *x, struct arena *a, struct val *row, struct err *e)
{
    const struct table_map *m = model_find(mo, "receipt");
    int64_t place;
    for (int f = 0; f < m->fields; f++)
        if (!field_read(mo, m, f, "", 0, tx_db(tx), row, a, e)) return false;
    if (!place_of(tx_db(tx), &o->of, &place, e) || !number_of(tx, mo, o, m, row, a, e)) return false;
    row[ROW_COUNTY] = val_int(place_county(place));
    row[m->column[RECEIPT_PLACE]] = place ? val_int(place) : val_null();
    if (o->of.batch) {
        row[m->column[RECEIPT_BATCH]] = val_int(o->of.batch->id);
        row[m->county_column[RECEIPT_BATCH]] = val_int(o->of.batch->county);
    } else {
        row[m->column[RECEIPT_TRANSFER]] = val_text(o->of.transfer);
    }
    if (x->giver) row[m->column[RECEIPT_GIVER]] = val_int(x->giver);
    row[m->column[RECEIPT_GIVEN]] = val_int(x->given);
    row[m->column[RECEIPT_ISSUED_ON]] = val_int(o->on);
    if (o->by && *o->by) row[m->column[RECEIPT_ISSUED_BY]] = val_text(o->by);
    row[m->column[RECEIPT_DIGEST]] = val_text(x->digest);
    row[m->column[RECEIPT_STATES]] = val_textn(x->states, x->states_n);
    row_actor(tx, o->actor);
    return row_insert(tx, mo, m, row, e);
}

bool receipt_issue(struct tx *tx, const struct model *mo, struct receipt_order *o, struct arena *a,
                   struct err *e)
{
    const struct table_map *m = model_find(mo, "receipt");
    struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
    struct receipt x;
    int64_t county, last;
    if (!last_of(tx_db(tx), &o->of, a, &county, &last, e)) return false;
    if (last && !o->anew)
        return err_set(e, ERR_CONFLICT, "receipt %s was issued for it",
                       ref_text(mo, m, county, last, tx_db(tx), a));
    if (!receipt_read(tx_db(tx), mo, &o->of, a, &x, e)) return false;
    if (x.disputed == x.given)
        return err_set(e, ERR_INVALID, "all of it is disputed: a receipt waits until both sides say the same");
    if (x.states_n > STATES_MOST)
        return err_set(e, ERR_INVALID, "it reached too many to be told on one receipt: issue one for each transfer");
    if (!o->office && !receiver_of(tx_db(tx), &x, &o->office, e)) return false;
    if (!put(tx, mo, o, &x, a, row, e)) return false;
    o->code = text_at(a, m, row, RECEIPT_CODE);
    return true;
}

/* --- proof --- */

struct office_year { int64_t office, year; };
struct numbers { int64_t count, last; };
struct proving { struct faults *told; struct map years; };

static bool prove(void *arg, const struct val *row, int n, struct err *e)
{
    struct proving *p = arg;
    struct office_year key = { row[0].i, row[1].i };
    struct numbers *x = map_put(&p->years, &key, NULL);
    unsigned char digest[DIGEST_LEN];
    char hex[DIGEST_HEX];
    (void)n, (void)e;
    x->count++;
    if (row[2].i > x->last) x->last = row[2].i;
    digest_of(row_text(row[5]), row[5].n, digest);
    digest_hex(digest, DIGEST_LEN, hex);
    if (!row_is(row[4], hex))
        fault_tell(p->told, "receipt %.*s: what it states is not what its digest was made of",
                   row[3].type == VAL_TEXT ? (int)row[3].n : 0, row_text(row[3]));
    return true;
}

static void prove_numbers(struct proving *p)
{
    const void *key;
    void *value;
    for (size_t at = 0; map_next(&p->years, &at, &key, &value);) {
        const struct office_year *k = key;
        const struct numbers *x = value;
        if (x->count == x->last) continue;
        fault_tell(p->told, "receipts of office %lld in %lld: %lld, and the last is number %lld", (long long)k->office,
                   (long long)k->year, (long long)x->count, (long long)x->last);
    }
}

bool receipts_verify(struct db *d, struct faults *f, struct err *e)
{
    struct proving p = { .told = f };
    map_init(&p.years, sizeof(struct office_year), sizeof(struct numbers));
    bool ok = db_query(d, &receipt_stmts.stmts[RECEIPT_ALL], NULL, 0, prove, &p, e);
    if (ok) prove_numbers(&p);
    map_free(&p.years);
    return ok;
}
