/* References in any order: parents below children, kinds of record that refer to each other,
 * circles. */
#include "load_sample.h"

static void takes_parents_in_any_order(enum engine engine)
{
    struct sample s;
    struct folder f;
    struct buf b;
    sample_open(&s, engine);
    folder_open(&f);
    /* A chain written backwards, a wide tree, and a child whose parent is in another file. */
    buf_init(&b, 1 << 20);
    buf_str(&b, "code,name,parent\n");
    for (int i = 60; i > 1; i--) buf_printf(&b, "C%d,Link %d,C%d\n", i, i, i - 1);
    buf_str(&b, "C1,First,\n");
    for (int i = 0; i < 300; i++) buf_printf(&b, "L%d,Leaf %d,T%d\n", i, i, i % 7);
    for (int i = 0; i < 7; i++) buf_printf(&b, "T%d,Twig %d,Z9\n", i, i);
    folder_put(&f, "organisation.csv", b.p);
    folder_put(&f, "organisation.z.csv", "code,name,parent\nZ9,Root,C60\n");
    for (size_t slice = 3; slice < 1000; slice *= 20) {
        struct load_options opt = { .slice = slice };
        struct err e = { 0 };
        int64_t number;
        assert_loaded(load_sum_up(&s, &f, NULL, &opt, &number), 368, 0, 0, 0);
        assert_loaded(load_sum_up(&s, &f, NULL, &opt, NULL), 0, 0, 368, 0);
        assert_whole(&s);
        char *text = dump_all(&s);
        assert_non_null(strstr(text, "|L299|Leaf 299||T5|"));
        assert_non_null(strstr(text, "|T6|Twig 6||Z9|"));
        free(text);
        assert_ok(load_undo(s.model, s.t.store, number, 0, &e), e);
        assert_int_equal(count_stored(&s, "organisation"), 0);
    }
    buf_free(&b);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(takes_parents_in_any_order)

static void refuses_circles(enum engine engine)
{
    struct sample s;
    struct folder f;
    sample_open(&s, engine);
    folder_open(&f);
    folder_put(&f, "organisation.csv", "code,name,parent\n"
               "A,One,B\nB,Two,C\nC,Three,A\nD,Below,C\nE,Self,E\nG,Good,H\nH,Fine,\n"
               "X,Lost,Nobody\nY,Lower,X\n");
    assert_loaded(load_sum_up(&s, &f, NULL, NULL, NULL), 2, 0, 0, 7);
    const char *text = folder_get(&f, "organisation.refused.csv", &s.arena);
    static const char *const want[] = {
        "2,parent,,these refer to each other in a circle: A (line 2) -> B (line 3) -> C (line 4) "
        "-> A,",
        "4,parent,,these refer to each other in a circle: A (line 2) -> B (line 3) -> C (line 4) "
        "-> A,",
        "5,parent,,\"it refers to line 4 of organisation.csv ('C'), which was refused\",D,",
        "6,parent,,these refer to each other in a circle: E (line 6) -> E,",
        "9,parent,,there is no organisation 'Nobody',X,",
        "10,parent,,\"it refers to line 9 of organisation.csv ('X'), which was refused\",Y," };
    for (int i = 0; i < COUNT(want); i++)
        if (!strstr(text, want[i])) fail_msg("%s\nlacks %s", text, want[i]);
    assert_whole(&s);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(refuses_circles)

/* A change of rows that are there must not close a circle either. */
static void refuses_circles_by_change(enum engine engine)
{
    struct sample s;
    struct folder f;
    sample_open(&s, engine);
    folder_open(&f);
    folder_put(&f, "organisation.csv", "code,name,parent\nA,One,\nB,Two,A\nC,Three,B\n");
    assert_loaded(load_sum_up(&s, &f, NULL, NULL, NULL), 3, 0, 0, 0);
    folder_put(&f, "organisation.csv", "code,name,parent\nA,One,C\nD,Four,C\n");
    assert_load_fails(&s, &f, NULL, NULL, ERR_INVALID, "circle");
    assert_int_equal(count_rows(&s, s.organisation), 3);
    folder_put(&f, "organisation.csv", "code,name,parent\nC,Three,A\nB,Two,C\nA,Uno,\n");
    assert_loaded(load_sum_up(&s, &f, NULL, NULL, NULL), 0, 3, 0, 0);
    assert_whole(&s);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(refuses_circles_by_change)

static void refers_to_ids_and_claims(enum engine engine)
{
    struct sample s;
    struct folder f;
    struct val row[ENTITY_MAX_COLUMNS];
    char line[200];
    sample_open(&s, engine);
    folder_open(&f);
    put(&s, s.organisation, row, TYPED("code", "O1", "name", "One", "credit_code",
                                       "91110000600007448N"));
    snprintf(line, sizeof line, "code,name,parent\nO2,Two,%lld\nO3,Three,91110000600007448N\n",
             (long long)row[ROW_ID].i);
    folder_put(&f, "organisation.csv", line);
    folder_put(&f, "aid.csv", "code,giver,amount,of_which,of_which_unclear\nA2,O2,5,A1,\n"
               "A1,O3,10,,\n");
    assert_loaded(load_sum_up(&s, &f, NULL, NULL, NULL), 4, 0, 0, 0);
    char *text = dump_all(&s);
    assert_non_null(strstr(text, "|O2|Two||O1|"));
    assert_non_null(strstr(text, "|O3|Three||O1|"));
    assert_non_null(strstr(text, "aid|0|0|A2|O2||5.00|653224000000|1|eq|done|A1|"));
    free(text);
    assert_whole(&s);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(refers_to_ids_and_claims)

/* ---- two kinds of record that refer to each other ---- */

enum { TEAM_CODE, TEAM_PLACE, TEAM_LEAD, TEAM_N };
static const struct field team_fields[] = {
    [TEAM_CODE] = { .name = "code", .en = "Code", .zh = "编号", .type = F_TEXT,
        .flags = F_REQUIRED | F_KEY | F_NATION },
    [TEAM_PLACE] = { .name = "place", .en = "Place", .zh = "地区", .type = F_PLACE,
        .flags = F_REQUIRED | F_HOME },
    [TEAM_LEAD] = { .name = "lead", .en = "Lead", .zh = "队长", .type = F_REF, .ref = "member" },
};
static const struct entity team_entity = { .name = "team", .en = "Team", .zh = "队", .room = "test",
    .number = 30, .reach = REACH_COUNTY, .flags = E_NO_SOURCE, .fields = team_fields, .n = TEAM_N };

enum { MEMBER_TEAM, MEMBER_NUMBER, MEMBER_NAME, MEMBER_N };
static const struct field member_fields[] = {
    [MEMBER_TEAM] = { .name = "team", .en = "Team", .zh = "队", .type = F_REF, .ref = "team",
        .flags = F_REQUIRED | F_HOME },
    [MEMBER_NUMBER] = { .name = "number", .en = "Number", .zh = "号", .type = F_TEXT,
        .flags = F_REQUIRED | F_KEY | F_NATION },
    [MEMBER_NAME] = { .name = "name", .en = "Name", .zh = "姓名", .type = F_TEXT, .max = 20 },
};
static const struct entity member_entity = { .name = "member", .en = "Member", .zh = "队员",
    .room = "test", .number = 31, .reach = REACH_COUNTY, .flags = E_NO_SOURCE,
    .fields = member_fields, .n = MEMBER_N };

static void open_teams(struct sample *s, enum engine engine)
{
    static const struct entity *const entities[] = { &team_entity, &member_entity };
    const struct table *tables[16];
    struct err e = { 0 };
    int n;
    memset(s, 0, sizeof *s);
    assert_ok(codes_read(&s->codes, sample_codes, sizeof sample_codes - 1, &e), e);
    assert_ok(model_open(&s->model, entities, 2, s->codes, &sample_places, &e), e);
    const struct table *const *own = model_tables(s->model, &n);
    memcpy(tables, own, (size_t)n * sizeof *tables);
    for (int i = 0; i < entity_table_count; i++) tables[n++] = &entity_tables[i];
    struct test_store t = { 0 };
    test_store_open(&t, engine, tables, n);
    s->t = t;
    s->db = test_db(&s->t, DB_READ);
}

static void takes_kinds_that_refer_to_each_other(enum engine engine)
{
    struct sample s;
    struct folder f;
    open_teams(&s, engine);
    folder_open(&f);
    folder_put(&f, "team.csv", "code,place,lead\nT1,653224,M1\nT2,653225,\nT3,653225,M3\n"
               "T4,653224,M9\n");
    folder_put(&f, "member.csv", "number,team,name\nM1,T1,Ali\nM2,T1,Gul\nM3,T3,Anar\nM4,T2,Tur\n"
               "M5,T4,Left\n");
    for (size_t slice = 1; slice < 100; slice *= 10) {
        struct load_options opt = { .slice = slice };
        struct err e = { 0 };
        int64_t number;
        assert_loaded(load_sum_up(&s, &f, NULL, &opt, &number), 7, 0, 0, 2);
        assert_non_null(strstr(folder_get(&f, "team.refused.csv", &s.arena),
                               "5,lead,,there is no member 'M9',T4,653224,M9"));
        assert_non_null(strstr(folder_get(&f, "member.refused.csv", &s.arena),
                               "6,team,,\"it refers to line 5 of team.csv ('T4'), which was "
                               "refused\""));
        char *text = dump_all(&s);
        assert_non_null(strstr(text, "team|653224|0|T1|653224000000|M1|"));
        assert_non_null(strstr(text, "team|653225|0|T3|653225000000|M3|"));
        assert_non_null(strstr(text, "member|653225|0|T3|M3|Anar|"));
        free(text);
        assert_whole(&s);
        assert_loaded(load_sum_up(&s, &f, NULL, &opt, NULL), 0, 0, 7, 2);
        assert_ok(load_undo(s.model, s.t.store, number, 0, &e), e);
        assert_int_equal(count_stored(&s, "team") + count_stored(&s, "member"), 0);
        assert_int_equal(count_stored(&s, "national_key"), 0);
    }
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(takes_kinds_that_refer_to_each_other)

/* A row of a circle that cannot be loaded takes the whole load with it, and says which one it is.
 */
static void tells_the_row_that_breaks_a_circle(enum engine engine)
{
    struct sample s;
    struct folder f;
    open_teams(&s, engine);
    folder_open(&f);
    folder_put(&f, "team.csv", "code,place,lead\nT1,653224,M1\n");
    folder_put(&f, "member.csv", "number,team,name\nM1,T1,A name of more than twenty letters\n");
    assert_load_fails(&s, &f, NULL, NULL, ERR_INVALID, "member.csv, line 2");
    assert_int_equal(count_stored(&s, "team") + count_stored(&s, "load"), 0);
    folder_close(&f);
    sample_close(&s);
}
STORE_TEST(tells_the_row_that_breaks_a_circle)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(takes_parents_in_any_order),
        STORE_TESTS(refuses_circles),
        STORE_TESTS(refuses_circles_by_change),
        STORE_TESTS(refers_to_ids_and_claims),
        STORE_TESTS(takes_kinds_that_refer_to_each_other),
        STORE_TESTS(tells_the_row_that_breaks_a_circle),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
