/* The model: what it computes, and every fault of a declaration it names. */
#include "sample.h"

static struct codes *codes;

static int open_codes(void **state)
{
    struct err e;
    (void)state;
    return codes_read(&codes, sample_codes, sizeof sample_codes - 1, &e) ? 0 : 1;
}

static int close_codes(void **state)
{
    (void)state;
    codes_free(codes);
    return 0;
}

/* Opens a model over the sample with one entity changed or added; wants the fault. */
static void faulty(const struct entity *bad, const char *why)
{
    const struct entity *all[COUNT(sample_entities) + 1];
    struct model *mo = NULL;
    struct err e = { 0 };
    int n = 0;
    for (int i = 0; i < COUNT(sample_entities); i++) all[n++] = sample_entities[i];
    all[n++] = bad;
    if (model_open(&mo, all, n, codes, &sample_places, &e)) fail_msg("no fault: %s", why);
    assert_null(mo);
    if (!strstr(e.message, why)) fail_msg("%s (not: %s)", e.message, why);
}

static const struct field plain_fields[] = {
    { .name = "code", .en = "Code", .zh = "编号", .type = F_TEXT, .flags = F_KEY | F_REQUIRED },
    { .name = "place", .en = "Place", .zh = "地区", .type = F_PLACE, .flags = F_HOME },
    { .name = "extra", .en = "Extra", .zh = "另", .type = F_INT },
};
static const struct entity plain = { .name = "plain", .en = "Plain", .zh = "平", .number = 99,
    .reach = REACH_COUNTY, .fields = plain_fields, .n = COUNT(plain_fields) };

/* `plain` with its third field replaced. */
static void faulty_field(struct field third, const char *why)
{
    struct field fields[3] = { plain_fields[0], plain_fields[1], third };
    struct entity bad = plain;
    if (!third.en) fields[2].en = "Third";
    if (!third.zh) fields[2].zh = "三";
    bad.fields = fields;
    faulty(&bad, why);
}

static void faults_of_entities(void **state)
{
    (void)state;
    struct entity bad = plain;
    bad.name = "select";
    faulty(&bad, "entity select: the name is a word of SQL");
    bad.name = "Plain";
    faulty(&bad, "a name is lower-case letters");
    bad.name = "household";
    faulty(&bad, "entity household: declared twice");
    bad.name = "journal";
    faulty(&bad, "the store has a table of that name");
    bad = plain;
    bad.number = household_entity.number;
    faulty(&bad, "has the same number as household");
    bad.number = 0;
    faulty(&bad, "the number must be");
    bad = plain;
    bad.zh = "";
    faulty(&bad, "both labels are needed");
    bad = plain;
    bad.reach = 0;
    faulty(&bad, "reach is not set");
    bad = plain;
    bad.n = 0;
    faulty(&bad, "it has no fields");
    bad = plain;
    bad.fields = plain_fields + 1;
    bad.n = 2;
    faulty(&bad, "no field is F_KEY");
    bad.fields = plain_fields;
    bad.n = 1;
    faulty(&bad, "no field is F_HOME");
}

static void faults_of_fields(void **state)
{
    (void)state;
    faulty_field((struct field){ .name = "code", .type = F_INT }, "field code: declared twice");
    faulty_field((struct field){ .name = "order", .type = F_INT },
                 "field order: the name is a word of SQL");
    faulty_field((struct field){ .name = "id", .type = F_INT },
                 "every table has a column of that name");
    faulty_field((struct field){ .name = "valid_to", .type = F_DATE }, "declared twice");
    faulty_field((struct field){ .name = "x-y", .type = F_INT }, "lower-case letters");
    faulty_field((struct field){ .name = "x", .en = "", .type = F_INT }, "both labels are needed");
    faulty_field((struct field){ .name = "x", .en = "Code", .type = F_INT },
                 "has the label of code");
    faulty_field((struct field){ .name = "x", .type = 0 }, "type, flags and scale disagree");
    faulty_field((struct field){ .name = "x", .type = F_INT, .flags = F_PHONE }, "disagree");
    faulty_field((struct field){ .name = "x", .type = F_TEXT, .flags = F_MULTI }, "disagree");
    faulty_field((struct field){ .name = "x", .type = F_INT, .flags = F_FROM }, "disagree");
    faulty_field((struct field){ .name = "x", .type = F_PLACE, .flags = F_FAR }, "disagree");
    faulty_field((struct field){ .name = "x", .type = F_DECIMAL }, "disagree");
    faulty_field((struct field){ .name = "x", .type = F_INT, .scale = 2 }, "disagree");
    faulty_field((struct field){ .name = "x", .type = F_INT, .min = 5, .max = 4 },
                 "max is below min");
    faulty_field((struct field){ .name = "x", .type = F_CODE, .list = "colour" },
                 "there is no code list colour");
    faulty_field((struct field){ .name = "x", .type = F_CODE }, "there is no code list (none)");
    faulty_field((struct field){ .name = "x", .type = F_REF, .ref = "nobody" },
                 "there is no entity nobody");
    faulty_field((struct field){ .name = "x", .type = F_REF }, "a reference names no entity");
    faulty_field((struct field){ .name = "x", .type = F_PLACE, .flags = F_HOME },
                 "is a second F_HOME");
    faulty_field((struct field){ .name = "x", .type = F_INT, .preset = "many" },
                 "its preset: 'many'");
    faulty_field((struct field){ .name = "x", .type = F_CODE, .list = "sex", .preset = "3" },
                 "its preset:");
}

static void faults_between_entities(void **state)
{
    (void)state;
    struct field fields[3] = { plain_fields[0], plain_fields[1], plain_fields[2] };
    struct entity bad = plain;
    bad.fields = fields;
    fields[1] = (struct field){ .name = "up", .en = "Up", .zh = "上", .type = F_REF, .ref = "plain",
                                .flags = F_HOME };
    faulty(&bad, "a home reference is a near one");
    fields[1].ref = "organisation";
    faulty(&bad, "a home reference is a near one");
    fields[1].ref = "household";
    fields[1].flags = F_HOME | F_FAR;
    faulty(&bad, "a home reference is a near one");
    fields[1].flags = F_FAR;
    bad.reach = REACH_NATION;
    fields[1].flags = 0;
    faulty(&bad, "must be F_FAR");
    fields[0] = (struct field){ .name = "up", .en = "Up", .zh = "上", .type = F_REF, .ref = "plain",
                                .flags = F_KEY };
    fields[1] = plain_fields[1];
    fields[1].flags = 0;
    faulty(&bad, "its key refers to itself");
    struct entity clash = plain;
    fields[0] = plain_fields[0];
    fields[1] = (struct field){ .name = "giver", .en = "Giver", .zh = "捐", .type = F_REF,
                                .ref = "household", .flags = F_FAR };
    fields[2] = (struct field){ .name = "giver_county", .en = "C", .zh = "县", .type = F_INT };
    clash.fields = fields;
    clash.reach = REACH_NATION;
    faulty(&clash, "is also the county of a far reference");
}

static void faults_of_checks(void **state)
{
    (void)state;
    struct check checks[2] = { { "A", CHECK_REFUSE, "extra > 1", "x", "甲" },
                               { "A", CHECK_WARN, "extra < 9", "y", "乙" } };
    struct entity bad = plain;
    bad.checks = checks;
    bad.n_checks = 2;
    faulty(&bad, "declares twice the check A");
    bad.n_checks = 1;
    checks[0].holds = "extar > 1";
    faulty(&bad, "entity plain, check A: line 1, column 1");
    checks[0].holds = "extra";
    faulty(&bad, "entity plain, check A: line 1");
    checks[0] = (struct check){ "A", 0, "extra > 1", "x", "甲" };
    faulty(&bad, "severity is not set");
    checks[0] = (struct check){ "A", CHECK_WARN, "extra > 1", "x", NULL };
    faulty(&bad, "a check lacks");
}

/* Every reserved word of both databases that could look like a name is refused. */
static void words_of_sql(void **state)
{
    (void)state;
    static const char *const words[] = { "all", "analyze", "check", "commit", "desc", "end", "from",
        "group", "index", "insert", "limit", "offset", "order", "primary", "references", "select",
        "table", "to", "transaction", "user", "values", "when", "where", "with" };
    for (int i = 0; i < COUNT(words); i++)
        faulty_field((struct field){ .name = words[i], .type = F_INT }, "is a word of SQL");
}

static void columns_and_keys(void **state)
{
    (void)state;
    struct sample s;
    sample_model_open(&s);
    assert_int_equal(s.household->fields, HH_N + COMMON_N);
    assert_int_equal(s.household->columns, ROW_FIRST + HH_N + COMMON_N);
    assert_int_equal(s.household->column[HH_PLACE], ROW_FIRST + HH_PLACE);
    assert_int_equal(s.household->home, HH_PLACE);
    assert_int_equal(s.household->place, HH_PLACE);
    assert_true(s.household->key_national);
    assert_int_equal(s.household->n_claims, 1);
    assert_int_equal(s.household->claims[0].kind, 80);
    assert_int_equal(s.household->fact, -1);
    assert_null(s.household->table.uniques);
    assert_string_equal(s.household->table.indexes[0], "county, place");
    assert_string_equal(s.person->table.uniques[0], "county, household, number");
    /* A reference has an index of its own where no key begins with it: the household is the key's first part. */
    assert_string_equal(s.person->table.indexes[0], "source, county, id where source is not null");
    assert_null(s.person->table.indexes[1]);
    assert_int_equal(s.person->home, PERSON_HOUSEHOLD);
    assert_int_equal(s.person->place, -1);
    assert_int_equal(s.person->n_key, 2);
    assert_int_equal(s.person->claims[0].kind, 88);
    assert_int_equal(s.person->claims[0].fields[0], PERSON_ID);
    /* A far reference to a county table takes two columns; to a table of the nation one. */
    assert_int_equal(s.aid->county_column[AID_GIVER], -1);
    assert_int_equal(s.aid->county_column[AID_TO], s.aid->column[AID_TO] - 1);
    assert_string_equal(s.aid->table.cols[s.aid->county_column[AID_TO]].name, "household_county");
    assert_int_equal(s.aid->fact, AID_N);
    assert_int_equal(s.aid->common, AID_N + FACT_N);
    assert_string_equal(s.aid->field[s.aid->fact + FACT_OF_WHICH].ref, "aid");
    assert_string_equal(s.aid->table.cols[s.aid->columns].name, "digest");
    assert_int_equal(s.document->fields, DOC_N + 2);
    assert_int_equal(map_field(s.aid, "qualifier"), AID_N + FACT_QUALIFIER);
    assert_int_equal(map_field(s.aid, "nothing"), -1);
    assert_ptr_equal(model_number(s.model, 12), s.visit);
    assert_null(model_find(s.model, "nothing"));
    sample_model_close(&s);
}

/* Everything that is computed belongs together, whatever the entities are. */
static void every_map_is_whole(void **state)
{
    (void)state;
    struct sample s;
    int n;
    sample_model_open(&s);
    const struct table *const *tables = model_tables(s.model, &n);
    assert_int_equal(n, s.model->n);
    for (int i = 0; i < n; i++) {
        const struct table_map *m = &s.model->maps[i];
        int at = ROW_FIRST;
        assert_ptr_equal(tables[i], &m->table);
        assert_int_equal(m->table.n, m->columns + 1);
        assert_int_equal(m->schema.n, m->columns);
        for (int f = 0; f < m->fields; f++) {
            if (m->county_column[f] >= 0) assert_int_equal(m->county_column[f], at++);
            assert_int_equal(m->column[f], at++);
            assert_string_equal(m->table.cols[m->column[f]].name, m->field[f].name);
            assert_string_equal(m->schema.cols[m->column[f]].name, m->field[f].name);
            assert_int_equal(map_field(m, m->field[f].name), f);
        }
        assert_int_equal(at, m->columns);
        for (int k = 0; k < m->n_stmts; k++) {
            struct err e;
            assert_non_null(m->stmts[k].sql);
            assert_ok(stmt_lint(&m->stmts[k], tables, n, &e), e);
        }
    }
    const struct table *all[64];
    for (n = 0; n < s.model->n; n++) all[n] = tables[n];
    for (int i = 0; i < store_table_count; i++) all[n++] = &store_tables[i];
    for (int k = 0; k < claim_stmts.n; k++) {
        struct err e;
        assert_ok(stmt_lint(&claim_stmts.stmts[k], all, n, &e), e);
    }
    sample_model_close(&s);
}

static void every_statement_is_prepared(enum engine engine)
{
    struct sample s;
    struct err e;
    sample_open(&s, engine);
    for (int i = 0; i < s.model->n; i++) {
        const struct table_map *m = &s.model->maps[i];
        struct val params[ENTITY_MAX_COLUMNS + 1];
        for (int k = 0; k <= m->columns; k++)
            params[k] = m->table.cols[k].type == COL_TEXT ? val_text("x") : val_int(0);
        int key = 1;
        for (int k = 0; k < m->n_key; k++) key += 1 + (m->county_column[m->key[k]] >= 0);
        struct val by_key[34] = { val_int(0) };
        for (int k = 0, at = 1; k < m->n_key; k++) {
            if (m->county_column[m->key[k]] >= 0) by_key[at++] = val_int(0);
            by_key[at++] = params[m->column[m->key[k]]];
        }
        int64_t out;
        bool found;
        assert_ok(db_int(s.db, &m->stmts[ENTITY_GET], params, 2, &out, &found, &e), e);
        assert_ok(db_int(s.db, &m->stmts[ENTITY_BY_KEY], by_key, key, &out, &found, &e), e);
        assert_ok(db_int(s.db, &m->stmts[ENTITY_BY_ID], params, 1, &out, &found, &e), e);
        assert_ok(db_int(s.db, &m->stmts[ENTITY_SCAN], params, 2, &out, &found, &e), e);
        assert_false(found);
    }
    sample_close(&s);
}
STORE_TEST(every_statement_is_prepared)

static void place_arithmetic(void **state)
{
    (void)state;
    static const struct { int64_t code; int level; int64_t lo, hi; } want[] = {
        { 0, 0, 0, 999999999999 }, { 650000000000, 1, 650000000000, 659999999999 },
        { 653200000000, 2, 653200000000, 653299999999 },
        { 653224000000, 3, 653224000000, 653224999999 },
        { 653224103000, 4, 653224103000, 653224103999 },
        { 653224103222, 5, 653224103222, 653224103222 } };
    for (int i = 0; i < COUNT(want); i++) {
        struct place_range r = place_own_range(want[i].code);
        assert_int_equal(place_level(want[i].code), want[i].level);
        assert_int_equal(r.lo, want[i].lo);
        assert_int_equal(r.hi, want[i].hi);
        for (int up = 0; up <= 5; up++) {
            int to = up < want[i].level ? up : want[i].level;
            assert_int_equal(place_up(653224103222, to), want[to].code);
            assert_int_equal(place_up(want[i].code, up), want[to].code);
        }
    }
    assert_int_equal(place_county(653224103222), 653224);
    assert_int_equal(place_county(653200000000), 653200);
}

static void code_lists(void **state)
{
    (void)state;
    struct codes *c = NULL;
    struct err e;
    int n;
    static const struct { const char *csv, *why;
    } bad[] = { { "", "the file is empty" },
                { "code,list\n", "the first line must be list,code,name_zh,name_en,source" },
                { "list,code,name_zh,name_en,source\na,1,x\n", "line 2: needs list, code" },
                { "list,code,name_zh,name_en,source\na,1,x,y,z\na,1,x,y,z\n",
                  "line 3: a has the code 1 twice" },
                { "list,code,name_zh,name_en,source\na,,x,y,z\n",
                  "line 2: list and code must be given" },
                { "list,code,name_zh,name_en,source\na,\"1,x,y,z\n", "line 2" } };
    for (int i = 0; i < COUNT(bad); i++) {
        if (codes_read(&c, bad[i].csv, strlen(bad[i].csv), &e)) fail_msg("taken: %s", bad[i].csv);
        assert_null(c);
        if (!strstr(e.message, bad[i].why)) fail_msg("%s (not: %s)", e.message, bad[i].why);
    }
    assert_non_null(codes_list(codes, "cause", &n));
    assert_int_equal(n, 9);
    assert_null(codes_list(codes, "nothing", &n));
    assert_int_equal(n, 0);
    assert_string_equal(codes_find(codes, "sex", "女", 3)->code, "2");
    assert_null(codes_find(codes, "nothing", "1", 1));
    const struct code_list *l = codes_get(codes, "cause");
    assert_non_null(code_list_code(l, "01", 2));
    assert_null(code_list_code(l, "1", 1));
    assert_non_null(code_list_find(l, "1", 1));
    for (int i = 0; i < 9; i++) { /* every code finds itself */
        const struct code *one = &code_list_all(l, &n)[i];
        assert_ptr_equal(code_list_find(l, one->code, strlen(one->code)), one);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(faults_of_entities, open_codes, close_codes),
        cmocka_unit_test_setup_teardown(faults_of_fields, open_codes, close_codes),
        cmocka_unit_test_setup_teardown(faults_between_entities, open_codes, close_codes),
        cmocka_unit_test_setup_teardown(faults_of_checks, open_codes, close_codes),
        cmocka_unit_test_setup_teardown(words_of_sql, open_codes, close_codes),
        cmocka_unit_test_setup_teardown(code_lists, open_codes, close_codes),
        cmocka_unit_test(columns_and_keys), cmocka_unit_test(every_map_is_whole),
        cmocka_unit_test(place_arithmetic), STORE_TESTS(every_statement_is_prepared),
    };
    return test_store_main(tests, COUNT(tests));
}
