/* What the tests of figures share: a small programme (documents, organisations, households, aid,
 * claims), its figures, and a toy country of two provinces. */
#ifndef JD_TESTS_FIGURE_SAMPLE_H
#define JD_TESTS_FIGURE_SAMPLE_H

#include "support/stores.h"

#include "base/buf.h"
#include "base/date.h"
#include "base/random.h"
#include "entity/entity.h"
#include "entity/load.h"
#include "figure/figure.h"
#include "store/journal.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof(*(a))))

static const char sample_codes[] =
    "list,code,name_zh,name_en,source\n"
    "qualifier,eq,等于,exactly,test\n"
    "qualifier,ge,不少于,at least,test\n"
    "qualifier,gt,超过,more than,test\n"
    "qualifier,le,不超过,at most,test\n"
    "qualifier,lt,不足,less than,test\n"
    "qualifier,approx,约,about,test\n"
    "fact_state,planned,计划,planned,test\n"
    "fact_state,committed,承诺,committed,test\n"
    "fact_state,done,完成,done,test\n"
    "basis,recorded,记录,recorded,test\n"
    "basis,restated,转述,restated,test\n"
    "basis,synthetic,合成,synthetic,test\n"
    "basis,derived,倒推,derived,test\n"
    "confirmation,one_sided,单方,one-sided,test\n"
    "confirmation,confirmed,已确认,confirmed,test\n"
    "confirmation,corrected,已更正,corrected,test\n"
    "confirmation,disputed,有异议,disputed,test\n"
    "aid_kind,money,资金,money,test\n"
    "aid_kind,goods,物资,goods,test\n"
    "place_class,deep,深度贫困,deeply poor,test\n"
    "place_class,poor,贫困,poor,test\n";

#define LABELS(e, z) .en = e, .zh = z, .help_en = e ".", .help_zh = z "。"

enum { DOC_CODE, DOC_N };
static const struct field document_fields[] = {
    [DOC_CODE] = { .name = "code", LABELS("Code", "编号"), .type = F_TEXT, .max = 40,
        .flags = F_REQUIRED | F_KEY | F_LIST },
};
static const struct entity document_entity = { .name = "document", LABELS("Document", "文件"),
    .room = "test", .number = 1, .reach = REACH_NATION, .flags = E_NO_SOURCE,
    .fields = document_fields, .n = DOC_N };

enum { ORG_CODE, ORG_PARENT, ORG_N };
static const struct field organisation_fields[] = {
    [ORG_CODE] = { .name = "code", LABELS("Code", "编号"), .type = F_TEXT, .max = 40,
        .flags = F_REQUIRED | F_KEY },
    [ORG_PARENT] = { .name = "parent", LABELS("Part of", "上级"), .type = F_REF,
        .ref = "organisation" },
};
static const struct entity organisation_entity = { .name = "organisation",
    LABELS("Organisation", "单位"), .room = "test", .number = 2, .reach = REACH_NATION,
    .flags = E_NO_SOURCE, .fields = organisation_fields, .n = ORG_N };

enum { HH_CODE, HH_PLACE, HH_MEMBERS, HH_INCOME, HH_SINCE, HH_ENDED, HH_N };
static const struct field household_fields[] = {
    [HH_CODE] = { .name = "code", LABELS("Code", "户编号"), .type = F_TEXT, .max = 30,
        .flags = F_REQUIRED | F_KEY | F_LIST },
    [HH_PLACE] = { .name = "place", LABELS("Village", "村"), .type = F_PLACE,
        .flags = F_REQUIRED | F_HOME | F_LIST },
    [HH_MEMBERS] = { .name = "members", LABELS("Members", "人口"), .type = F_INT, .min = 0,
        .flags = F_REQUIRED,
        .max = 50 },
    [HH_INCOME] = { .name = "income", LABELS("Income", "收入"), .type = F_MONEY,
        .min = -100000000000, .max = 100000000000 },
    [HH_SINCE] = { .name = "since", LABELS("Since", "识别"), .type = F_DATE, .flags = F_FROM },
    [HH_ENDED] = { .name = "ended", LABELS("Ended", "退出"), .type = F_DATE, .flags = F_FROM },
};
static const struct entity household_entity = { .name = "household", LABELS("Household", "户"),
    .room = "test", .number = 10, .reach = REACH_COUNTY, .flags = E_DRAFTS,
    .fields = household_fields, .n = HH_N };

enum { AID_CODE, AID_GIVER, AID_KIND, AID_AMOUNT, AID_COST, AID_PLACE, AID_SITE, AID_PAID, AID_N };
static const struct field aid_fields[] = {
    [AID_CODE] = { .name = "code", LABELS("Code", "编号"), .type = F_TEXT, .max = 40,
        .flags = F_REQUIRED | F_KEY },
    [AID_GIVER] = { .name = "giver", LABELS("Giver", "捐方"), .type = F_REF, .ref = "organisation",
        .flags = F_FAR },
    [AID_KIND] = { .name = "kind", LABELS("Kind", "类别"), .type = F_CODE, .list = "aid_kind" },
    [AID_AMOUNT] = { .name = "amount", LABELS("Amount", "金额"), .type = F_MONEY,
        .min = -100000000000, .max = 100000000000 },
    [AID_COST] = { .name = "cost", LABELS("Cost", "成本"), .type = F_MONEY, .min = 0,
        .max = 100000000000 },
    [AID_PLACE] = { .name = "place", LABELS("Where", "地区"), .type = F_PLACE,
        .flags = F_REQUIRED | F_HOME },
    [AID_SITE] = { .name = "site", LABELS("Site", "地点"), .type = F_PLACE },
    [AID_PAID] = { .name = "paid_on", LABELS("Paid on", "支付日"), .type = F_DATE },
};
static const struct entity aid_entity = { .name = "aid", LABELS("Aid", "帮扶款"), .room = "test",
    .number = 11, .reach = REACH_COUNTY, .flags = E_FACT, .fields = aid_fields, .n = AID_N };

enum { CL_CODE, CL_TEXT, CL_FIGURE, CL_PLACE, CL_ORG, CL_FROM, CL_TO, CL_VALUE, CL_QUALIFIER, CL_UNIT,
       CL_DECIMALS, CL_READING, CL_REASON, CL_N };
static const struct field claim_fields[] = {
    [CL_CODE] = { .name = "code", LABELS("Code", "编号"), .type = F_TEXT, .max = 40,
        .flags = F_REQUIRED | F_KEY },
    [CL_TEXT] = { .name = "claimed_text", LABELS("As printed", "原文数字"), .type = F_TEXT },
    [CL_FIGURE] = { .name = "figure", LABELS("Figure", "指标"), .type = F_TEXT },
    [CL_PLACE] = { .name = "place", LABELS("Place", "地区"), .type = F_PLACE },
    [CL_ORG] = { .name = "organisation", LABELS("Organisation", "单位"), .type = F_REF,
        .ref = "organisation" },
    [CL_FROM] = { .name = "period_from", LABELS("From", "期初"), .type = F_DATE, .flags = F_FROM },
    [CL_TO] = { .name = "period_to", LABELS("To", "期末"), .type = F_DATE, .flags = F_TO },
    [CL_VALUE] = { .name = "value", LABELS("Value", "数值"), .type = F_DECIMAL, .scale = 4,
        .min = -1000000000000000 },
    [CL_QUALIFIER] = { .name = "qualifier", LABELS("Qualifier", "精确程度"), .type = F_CODE,
        .list = "qualifier", .preset = "eq" },
    [CL_UNIT] = { .name = "unit", LABELS("Unit of measure", "计量单位"), .type = F_TEXT },
    [CL_DECIMALS] = { .name = "decimals", LABELS("Decimals", "小数位"), .type = F_INT, .preset = "0" },
    [CL_READING] = { .name = "reading", LABELS("Reading", "释读"), .type = F_TEXT },
    [CL_REASON] = { .name = "reason", LABELS("Reason", "理由"), .type = F_TEXT },
};
static const struct entity claim_entity = { .name = "claim", LABELS("Claim", "报道数"),
    .room = "test", .number = 12, .reach = REACH_NATION, .fields = claim_fields, .n = CL_N };

static const struct entity *const sample_entities[] = { &document_entity, &organisation_entity,
    &household_entity, &aid_entity, &claim_entity };

/* --- places: provinces 11 and 65; county 653299 was joined to 653224; deep counties from 2015 on,
 * poor villages always --- */

static const int64_t sample_poor[] = { 110101001001, 653224103001, 653224103002, 653225001001 };
static const int64_t sample_deep[] = { 110101000000, 653224000000 };

static inline bool sample_resolve(void *arg, struct db *d, const char *s, size_t n, int64_t *code,
                                  struct err *e)
{
    int64_t v = 0;
    (void)arg;
    (void)d;
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9') return err_set(e, ERR_NOT_FOUND, "there is no place %.*s", (int)n, s);
        v = v * 10 + (s[i] - '0');
    }
    for (size_t i = n; i < 12; i++) v *= 10;
    if (v / 1000000 == 653299 && n == 12 && v % 1000000 == 0) v = 653224000000;
    *code = v;
    return true;
}


static inline bool sample_ranges(void *arg, struct db *d, int64_t place, struct place_range *out,
                                 int max, int *n, struct err *e)
{
    (void)arg;
    (void)d;
    (void)e;
    *n = 0;
    if (max > 0) out[(*n)++] = place_own_range(place);
    if (place == 653224000000 && max > 1) out[(*n)++] = place_own_range(653299000000);
    return true;
}

static inline bool sample_members(void *arg, struct db *d, const char *class, int32_t on,
                                  struct arena *a, const int64_t **codes, size_t *n, struct err *e)
{
    (void)arg;
    (void)d;
    (void)a;
    (void)e;
    bool deep = strcmp(class, "deep") == 0;
    *codes = deep ? sample_deep : sample_poor;
    *n = deep ? (on >= date_make(2015, 1, 1) ? 2 : 0) : 4;
    return true;
}

static const struct places sample_places = { .resolve = sample_resolve, .ranges = sample_ranges,
                                             .members = sample_members };

/* --- organisations: 1001 stands above 1002 and 1003 --- */

static inline bool sample_subtree(void *arg, struct db *d, int64_t org, struct arena *a,
                                  const int64_t **ids, size_t *n, struct err *e)
{
    static const int64_t tree[] = { 1001, 1002, 1003 };
    (void)arg;
    (void)d;
    (void)e;
    int64_t *own = arena_array(a, 1, sizeof *own);
    *own = org;
    *ids = org == 1001 ? tree : own;
    *n = org == 1001 ? 3 : 1;
    return true;
}
static const struct parties sample_parties = { .subtree = sample_subtree };

/* --- figures --- */

static const char sample_figures[] =
    "figure households\n"
    "  label en \"Households\" zh \"户数\"\n"
    "  unit household\n"
    "  count of household\n"
    "  stock from since until ended\n"
    "figure members\n"
    "  unit person\n"
    "  sum members of household\n"
    "  stock from since through ended\n"
    "figure large_households\n"
    "  unit household\n"
    "  count of household\n"
    "  where members > 4 and known(income)\n"
    "  flow at since\n"
    "figure aid_amount\n"
    "  unit yuan\n"
    "  sum amount of aid\n"
    "  where state = done\n"
    "  flow valid_from .. valid_to\n"
    "  organisation giver\n"
    "figure aid_count\n"
    "  unit item\n"
    "  count of aid\n"
    "  where state in {done, committed} and kind != goods\n"
    "  flow at paid_on\n"
    "  organisation giver\n"
    "figure aid_gain\n"
    "  unit yuan\n"
    "  sum amount - cost of aid\n"
    "  flow valid_from .. paid_on\n"
    "  place site\n"
    "figure givers\n"
    "  unit organisation\n"
    "  distinct giver of aid per county by year\n"
    "  where state = done\n"
    "  flow at paid_on\n"
    "figure givers_ever\n"
    "  unit organisation\n"
    "  distinct giver of aid per nation\n"
    "  flow valid_from .. valid_to\n"
    "figure aid_places\n"
    "  unit place\n"
    "  distinct kind, place at county of aid per province\n"
    "  stock from valid_from through valid_to\n"
    "  organisation giver\n"
    "figure deep_share\n"
    "  unit percent decimals 1\n"
    "  ratio aid_amount within deep / aid_amount times 100\n"
    "figure poor_households\n"
    "  unit household\n"
    "  total households within poor\n"
    "figure balance\n"
    "  unit yuan\n"
    "  total aid_amount - aid_gain + aid_amount within poor\n"
    "figure per_household\n"
    "  unit yuan decimals 2\n"
    "  ratio aid_amount / households\n";

struct sample {
    struct test_store t;
    struct codes *codes;
    struct model *model;
    struct figures *figures;
    struct figure_context context;
    struct db *db;                 /* for reading */
    struct arena arena;
    const struct table_map *document, *organisation, *household, *aid, *claim;
};

static inline void sample_model_open(struct sample *s)
{
    struct err e = { 0 };
    memset(s, 0, sizeof *s);
    assert_ok(codes_read(&s->codes, sample_codes, sizeof sample_codes - 1, &e), e);
    assert_ok(model_open(&s->model, sample_entities, COUNT(sample_entities), s->codes,
                         &sample_places, &e), e);
    s->document = model_find(s->model, "document");
    s->organisation = model_find(s->model, "organisation");
    s->household = model_find(s->model, "household");
    s->aid = model_find(s->model, "aid");
    s->claim = model_find(s->model, "claim");
    assert_non_null(s->claim);
}

static inline void sample_install(struct sample *s, const char *text)
{
    struct err e = { 0 };
    struct figure_source src = { "sample.figure", text, strlen(text) };
    assert_ok(figures_install(s->t.store, s->model, &src, 1, &e), e);
    figures_free(s->figures);
    assert_ok(figures_from_store(&s->figures, s->db, s->model, &e), e);
    figures_observe(s->figures, s->model);
    s->context = (struct figure_context){ s->figures, s->model, &sample_parties };
}

static inline int sample_tables(const struct model *mo, const struct table **out)
{
    int n = 0, own;
    const struct table *const *all = model_tables(mo, &own);
    for (int i = 0; i < own; i++) out[n++] = all[i];
    for (int i = 0; i < entity_table_count; i++) out[n++] = &entity_tables[i];
    for (int i = 0; i < figure_table_count; i++) out[n++] = &figure_tables[i];
    return n;
}

static inline void sample_open(struct sample *s, enum engine engine)
{
    const struct table *tables[64];
    struct test_store t = { 0 };
    if (engine == ENGINE_POSTGRES && !test_has_postgres()) skip();
    sample_model_open(s);
    int n = sample_tables(s->model, tables);
    test_store_open(&t, engine, tables, n);
    s->t = t;
    s->db = test_db(&s->t, DB_READ);
    sample_install(s, sample_figures);
}

static inline void sample_model_close(struct sample *s)
{
    figures_free(s->figures);
    model_close(s->model);
    codes_free(s->codes);
    arena_free(&s->arena);
}

static inline void sample_close(struct sample *s)
{
    test_store_close(&s->t);
    sample_model_close(s);
}

/* --- writing rows --- */

static inline void set(const struct table_map *m, struct val *row, const char *field, struct val v)
{
    int f = map_field(m, field);
    if (f < 0) fail_msg("no field %s", field);
    row[m->column[f]] = v;
    if (m->county_column[f] >= 0) row[m->county_column[f]] = val_is_null(v) ? v : val_int(0);
}

static inline struct val get(const struct table_map *m, const struct val *row, const char *field)
{
    return row[m->column[map_field(m, field)]];
}

/* A row as it is typed: name, value, name, value, ... NULL; presets fill the others. */
static inline bool row_read(struct sample *s, struct db *d, const struct table_map *m,
                            const char *const *typed, struct val *row, struct err *e)
{
    memset(row, 0, sizeof *row * ENTITY_MAX_COLUMNS);
    if (m->entity->reach == REACH_NATION) row[ROW_COUNTY] = val_int(0);
    for (int pass = 0; pass < 2; pass++)
        for (int f = 0; f < m->fields; f++) {
            const char *text = "";
            if ((f == m->home) != (pass == 0)) continue;
            for (int i = 0; typed[i]; i += 2)
                if (strcmp(typed[i], m->field[f].name) == 0) text = typed[i + 1];
            if (!field_read(s->model, m, f, text, strlen(text), d, row, &s->arena, e)) return false;
        }
    return true;
}

struct one_row {
    struct sample *s;
    const struct table_map *m;
    const char *const *typed;
    struct val *row;
};

static inline bool insert_typed(struct tx *tx, void *arg, struct err *e)
{
    struct one_row *o = arg;
    return row_read(o->s, tx_db(tx), o->m, o->typed, o->row, e) &&
           row_insert(tx, o->s->model, o->m, o->row, e);
}

/* Inserts what is typed; the row, with its id, is left in row (ENTITY_MAX_COLUMNS values). */
static inline void put(struct sample *s, const struct table_map *m, struct val *row,
                       const char *const *typed)
{
    struct err e = { 0 };
    struct one_row o = { s, m, typed, row };
    assert_ok(store_write(s->t.store, insert_typed, &o, &e), e);
}
#define TYPED(...) (const char *const[]){ __VA_ARGS__, NULL }

static inline bool insert_given(struct tx *tx, void *arg, struct err *e)
{
    struct one_row *o = arg;
    return row_insert(tx, o->s->model, o->m, o->row, e);
}

/* Organisations 1001 to 1005 and documents 2001, 2002 under ids of their own. */
static inline void sample_parties_put(struct sample *s)
{
    for (int i = 0; i < 5; i++) {
        struct err e = { 0 };
        struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
        row[ROW_COUNTY] = val_int(0);
        row[ROW_ID] = val_int(1001 + i);
        set(s->organisation, row, "code", val_text(arena_printf(&s->arena, "ORG-%d", i + 1)));
        if (i == 1 || i == 2) set(s->organisation, row, "parent", val_int(1001));
        struct one_row o = { s, s->organisation, NULL, row };
        assert_ok(store_write(s->t.store, insert_given, &o, &e), e);
    }
    for (int i = 0; i < 2; i++) {
        struct err e = { 0 };
        struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
        row[ROW_COUNTY] = val_int(0);
        row[ROW_ID] = val_int(2001 + i);
        set(s->document, row, "code", val_text(i ? "DOC-2" : "DOC-1"));
        struct one_row o = { s, s->document, NULL, row };
        assert_ok(store_write(s->t.store, insert_given, &o, &e), e);
    }
}

struct change { struct sample *s; const struct table_map *m; struct val *row; };

static inline bool update_row(struct tx *tx, void *arg, struct err *e)
{
    struct change *c = arg;
    return row_update(tx, c->s->model, c->m, c->row, 0, e);
}

static inline bool delete_row(struct tx *tx, void *arg, struct err *e)
{
    struct change *c = arg;
    return row_delete(tx, c->s->model, c->m, c->row[ROW_COUNTY].i, c->row[ROW_ID].i, 0, e);
}

static inline void change_row(struct sample *s, const struct table_map *m, struct val *row)
{
    struct err e = { 0 };
    struct change c = { s, m, row };
    assert_ok(store_write(s->t.store, update_row, &c, &e), e);
}

static inline void drop_row(struct sample *s, const struct table_map *m, struct val *row)
{
    struct err e = { 0 };
    struct change c = { s, m, row };
    assert_ok(store_write(s->t.store, delete_row, &c, &e), e);
}

/* --- reading figures --- */

static inline int32_t day(const char *text)
{
    int32_t d = 0;
    if (!date_parse(text, strlen(text), DATE_EXACT, &d)) fail_msg("no date: %s", text);
    return d;
}

static inline struct figure_value figure_of(struct sample *s, const char *name, int64_t place,
                                            int64_t org, int32_t from, int32_t to)
{
    struct err e = { 0 };
    struct figure_value v;
    struct figure_query q = { .name = name, .place = place, .org = org, .from = from, .to = to };
    assert_ok(figure_read(&s->context, s->db, &q, &v, &e), e);
    return v;
}

static inline void no_fault(void *arg, const char *sentence)
{
    (void)arg;
    print_message("%s\n", sentence);
}

static inline void assert_verified(struct sample *s)
{
    struct err e = { 0 };
    int64_t faults = -1;
    assert_ok(figures_verify(&s->context, s->db, no_fault, NULL, &faults, &e), e);
    assert_int_equal(faults, 0);
}

#endif
