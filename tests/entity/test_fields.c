/* Typed text to stored values and back. */
#include "sample.h"

static struct sample s;

static int open_model(void **state)
{
    (void)state;
    sample_model_open(&s);
    return 0;
}

static int close_model(void **state)
{
    (void)state;
    sample_model_close(&s);
    return 0;
}

static struct val read_one(const struct table_map *m, int field, const char *text)
{
    struct val row[ENTITY_MAX_COLUMNS] = { 0 };
    struct err e = { 0 };
    if (!field_read(s.model, m, field, text, strlen(text), NULL, row, &s.arena, &e))
        fail_msg("'%s' as %s: %s", text, m->field[field].name, e.message);
    return row[m->column[field]];
}

static void reads_int(const struct table_map *m, int field, const char *text, int64_t want)
{
    struct val v = read_one(m, field, text);
    if (v.type != VAL_INT || v.i != want)
        fail_msg("'%s' as %s: %lld, not %lld", text, m->field[field].name, (long long)v.i,
                 (long long)want);
}

static void reads_text(const struct table_map *m, int field, const char *text, const char *want)
{
    struct val v = read_one(m, field, text);
    if (v.type != VAL_TEXT || v.n != strlen(want) || memcmp(v.p, want, v.n) != 0)
        fail_msg("'%s' as %s: '%.*s', not '%s'", text, m->field[field].name,
                 v.type == VAL_TEXT ? (int)v.n : 0, v.type == VAL_TEXT ? v.p : "", want);
}

static void refuses(const struct table_map *m, int field, const char *text, const char *why)
{
    struct val row[ENTITY_MAX_COLUMNS] = { 0 };
    struct err e = { 0 };
    if (field_read(s.model, m, field, text, strlen(text), NULL, row, &s.arena, &e))
        fail_msg("'%s' was taken as %s", text, m->field[field].name);
    if (e.code == ERR_INTERNAL) fail_msg("'%s': %s", text, e.message);
    assert_string_equal(e.field, m->field[field].name);
    if (!strstr(e.message, why)) fail_msg("'%s': %s (not: %s)", text, e.message, why);
}

static void whole_numbers(void **state)
{
    (void)state;
    const struct table_map *m = s.aid;
    int q = m->fact + FACT_QUANTITY;
    reads_int(m, q, "0", 0);
    reads_int(m, q, "2000", 2000);
    reads_int(m, q, "-17", -17);
    reads_int(m, q, " 2000 ", 2000);
    reads_int(m, q, "\xe3\x80\x80" "42" "\xc2\xa0", 42);
    reads_int(m, q, "12.0", 12);
    reads_int(m, q, "1,234,567", 1234567);
    reads_int(m, q, "335.65万", 3356500);
    reads_int(m, q, "２０００", 2000);
    reads_int(m, q, "9亿", 900000000);
    reads_int(m, q, "13 million", 13000000);
    reads_int(s.household, HH_MEMBERS, "3 person", 3);
    reads_int(m, q, "", 1); /* the preset */
    refuses(m, q, "over 2000", "is not a whole number");
    refuses(m, q, "12.5", "is not a whole number");
    refuses(m, q, "1e3", "is not a whole number");
    refuses(m, q, "12,34", "is not a whole number");
    refuses(m, q, "1.23456万", "is not a whole number");
    refuses(m, q, "99999999999999999999", "too large");
    refuses(m, q, "-", "is not a whole number");
    refuses(m, q, "万", "is not a whole number");
}

static void money(void **state)
{
    (void)state;
    const struct table_map *m = s.aid;
    reads_int(m, AID_AMOUNT, "1234.5", 123450);
    reads_int(m, AID_AMOUNT, "0.07", 7);
    reads_int(m, AID_AMOUNT, "-3.10", -310);
    reads_int(m, AID_AMOUNT, "1,234.50", 123450);
    reads_int(m, AID_AMOUNT, "6794.7万", 6794700000);
    reads_int(m, AID_AMOUNT, "6,794.7万元", 6794700000);
    reads_int(m, AID_AMOUNT, "12.97亿元", 129700000000);
    reads_int(m, AID_AMOUNT, "67.947 million", 6794700000);
    reads_int(m, AID_AMOUNT, "￥1,200元", 120000);
    reads_int(m, AID_AMOUNT, "¥12", 1200);
    reads_int(m, AID_AMOUNT, "100 yuan", 10000);
    refuses(m, AID_AMOUNT, "1.234", "more than 2 decimals");
    refuses(m, AID_AMOUNT, "1.230", "more than 2 decimals");
    refuses(m, AID_AMOUNT, "0.0000001万", "more than 2 decimals");
    refuses(m, AID_AMOUNT, "(5)", "is not a number");
    refuses(m, AID_AMOUNT, ".5.", "is not a number");
    refuses(m, AID_AMOUNT, "99999999999999999亿", "too large");
    assert_true(val_is_null(read_one(m, AID_AMOUNT, "  ")));
}

static void decimals_and_truth(void **state)
{
    (void)state;
    const struct table_map *m = s.household;
    reads_int(m, HH_AREA, "80.5", 805);
    reads_int(m, HH_AREA, "80", 800);
    reads_int(m, HH_AREA, "80 m2", 800);
    refuses(m, HH_AREA, "80.55", "more than 1 decimals");
    static const char *const yes[] = { "1", "true", "YES", "y", "是", "有", "√" };
    static const char *const no[] = { "0", "False", "no", "N", "否", "无", "×" };
    for (int i = 0; i < COUNT(yes); i++) reads_int(m, HH_MARTYR, yes[i], 1);
    for (int i = 0; i < COUNT(no); i++) reads_int(m, HH_MARTYR, no[i], 0);
    reads_int(m, HH_MARTYR, "", 0);
    refuses(m, HH_MARTYR, "maybe", "neither yes nor no");
    refuses(m, HH_MARTYR, "2", "neither yes nor no");
}

static void dates(void **state)
{
    (void)state;
    const struct table_map *m = s.household;
    const int64_t day = date_make(2020, 5, 27);
    static const char *const forms[] = { "2020-05-27", "20200527", "2020/5/27", "2020.5.27",
        "2020年5月27日", "2020年5月27号", "2020/5/27 0:00", "2020-05-27 00:00:00",
        "2020-05-27T00:00:00", "43978", "２０２０-05-27" };
    for (int i = 0; i < COUNT(forms); i++) reads_int(m, HH_IDENTIFIED, forms[i], day);
    refuses(m, HH_IDENTIFIED, "2020-02-30", "is not a date");
    refuses(m, HH_IDENTIFIED, "27/05/2020", "is not a date");
    refuses(m, HH_IDENTIFIED, "2020-05-27 09:30", "is not a date");
    refuses(m, HH_IDENTIFIED, "2020-05", "lacks the day");
    refuses(m, HH_IDENTIFIED, "2020", "lacks the day");
    refuses(m, HH_IDENTIFIED, "2020年", "lacks the day");
    int from = m->common + COMMON_VALID_FROM, to = m->common + COMMON_VALID_TO;
    reads_int(m, from, "2020-05", date_make(2020, 5, 1));
    reads_int(m, to, "2020-05", date_make(2020, 5, 31));
    reads_int(m, from, "2020年2月", date_make(2020, 2, 1));
    reads_int(m, to, "2020年2月", date_make(2020, 2, 29));
    reads_int(m, from, "2020", date_make(2020, 1, 1));
    reads_int(m, to, "2020", date_make(2020, 12, 31));
    reads_int(m, to, "202002", date_make(2020, 2, 29));
    reads_int(m, to, "2020.2", date_make(2020, 2, 29));
    reads_int(m, from, "2020-05-27", day);
    refuses(m, from, "May", "is not a date");
    reads_int(m, HH_CHECKED, "2020-05-27T01:30:00Z", (day * 86400 + 5400) * 1000000);
    reads_int(m, HH_CHECKED, "2020-05-27 09:30", (day * 86400 + 5400) * 1000000);
    refuses(m, HH_CHECKED, "noon", "is not a time");
}

static void codes_by_code_and_label(void **state)
{
    (void)state;
    const struct table_map *m = s.household;
    static const char *const forms[] = { "12", "其他(注明)", "其他（注明）", "Other", "OTHER", " other " };
    for (int i = 0; i < COUNT(forms); i++) reads_text(m, HH_CAUSE, forms[i], "12");
    reads_text(m, HH_CAUSE, "01", "01");
    reads_text(m, HH_CAUSE, "1", "01");
    reads_text(m, HH_CAUSE, "１", "01");
    reads_text(m, HH_CAUSE, "10", "10");
    reads_text(m, HH_CAUSE, "Lack of Skills, any kind", "04");
    refuses(m, HH_CAUSE, "same", "is not in the code list cause"); /* two codes have that label */
    reads_text(m, HH_CAUSE, "待定", "13");
    refuses(m, HH_CAUSE, "ilness", "did you mean 'illness'?");
    refuses(m, HH_CAUSE, "99", "is not in the code list cause");
    refuses(s.person, PERSON_SEX, "x", "1 (male), 2 (female)");
}

static void several_codes(void **state)
{
    (void)state;
    const struct table_map *m = s.household;
    reads_text(m, HH_CAUSES, "03;01", "01;03");
    reads_text(m, HH_CAUSES, "因学、因病", "01;03");
    reads_text(m, HH_CAUSES, "schooling，1；因病", "01;03");
    reads_text(m, HH_CAUSES, "03,03", "03");
    reads_text(m, HH_CAUSES, "lack of skills, any kind", "04");
    reads_text(m, HH_CAUSES, "12", "12");
    assert_true(val_is_null(read_one(m, HH_CAUSES, ";;")));
    refuses(m, HH_CAUSES, "01;nothing", "'nothing' is not in the code list cause");
}

static void texts(void **state)
{
    (void)state;
    const struct table_map *m = s.household;
    reads_text(m, HH_HEAD, "  买买提·艾力 ", "买买提·艾力");
    reads_text(m, HH_HEAD, "\xe3\x80\x80张 三\xe3\x80\x80", "张 三");
    reads_text(m, HH_HEAD, "a\tb\nc", "a\tb\nc");
    refuses(m, HH_HEAD, "a\x01" "b", "control character");
    refuses(m, HH_HEAD, "a\x7f" "b", "control character");
    reads_text(m, HH_PHONE, "１３９ 0000 1234", "13900001234");
    reads_text(m, HH_PHONE, "010-12345678", "010-12345678");
    reads_text(m, HH_CARD, "6222 0200 0000 0007", "6222020000000007");
    reads_text(s.person, PERSON_ID, "11010519491231002x", "11010519491231002X");
    reads_text(s.person, PERSON_ID, "110105491231002", "11010519491231002X");
    assert_true(val_is_null(read_one(m, HH_HEAD, "")));
}

static void places_and_their_county(void **state)
{
    (void)state;
    struct val row[ENTITY_MAX_COLUMNS] = { 0 };
    struct err e = { 0 };
    reads_int(s.household, HH_PLACE, "653224103222", 653224103222);
    reads_int(s.household, HH_PLACE, "653224", 653224000000);
    reads_int(s.household, HH_PLACE, "阿亚克萨依村", 653224103222);
    refuses(s.household, HH_PLACE, "Nowhere", "there is no place 'Nowhere'");
    refuses(s.household, HH_PLACE, "Chaoyang", "may be 110105 or 211300");
    assert_true(
        field_read(s.model, s.household, HH_PLACE, "653224103222", 12, NULL, row, &s.arena, &e));
    assert_int_equal(row[ROW_COUNTY].i, 653224);
    row[ROW_COUNTY] = val_int(0);
    assert_true(field_read(s.model, s.organisation, ORG_PLACE, "653224103222", 12, NULL, row,
                           &s.arena, &e));
    assert_int_equal(row[ROW_COUNTY].i, 0); /* a table of the nation */
    reads_int(s.aid, AID_PLACE, "", 653224000000); /* its preset is a name */
}

/* What is written is read back as the same value. */
static void round_trip(const struct table_map *m, int field, struct val v)
{
    struct val row[ENTITY_MAX_COLUMNS] = { 0 }, back[ENTITY_MAX_COLUMNS] = { 0 };
    struct err e = { 0 };
    row[m->column[field]] = v;
    const char *text = field_write(s.model, m, field, row, NULL, &s.arena);
    if (!field_read(s.model, m, field, text, strlen(text), NULL, back, &s.arena, &e))
        fail_msg("%s '%s': %s", m->field[field].name, text, e.message);
    if (!val_equal(v, back[m->column[field]])) fail_msg("%s '%s' came back otherwise",
                                                        m->field[field].name, text);
}

static struct val random_value(struct random *r, const struct table_map *m, int field)
{
    const struct field *f = &m->field[field];
    int n;
    const struct code *c;
    switch (f->type) {
    case F_DATE: return val_int(random_between(r, -300000, 600000));
    case F_INSTANT: return val_int(random_between(r, 0, 4000000000000000));
    case F_BOOL: return val_int(random_between(r, 0, 1));
    case F_PLACE: return val_int(650000000000 + random_between(r, 0, 9999999999));
    case F_CODE:
        c = codes_list(s.codes, f->list, &n);
        return val_text(c[random_below(r, (uint64_t)n)].code);
    case F_TEXT: {
        static const char *const bits[] = { "张", "a", "7", "-", "/", ",", "\"", "村", " b", "'=" };
        char *text = arena_alloc(&s.arena, 64);
        size_t k = 0;
        for (int i = (int)random_between(r, 1, 8); i > 0; i--) {
            const char *b = bits[random_below(r, COUNT(bits))];
            memcpy(text + k, b, strlen(b));
            k += strlen(b);
        }
        return text[0] == ' ' ? val_textn(text + 1, k - 1) : val_textn(text, k);
    }
    default: return val_int(random_between(r, -ENTITY_INT_MAX, ENTITY_INT_MAX));
    }
}

static void written_values_read_back(void **state)
{
    (void)state;
    struct random r;
    random_seed(&r, 7);
    for (int turn = 0; turn < 400; turn++)
        for (int i = 0; i < s.model->n; i++) {
            const struct table_map *m = &s.model->maps[i];
            for (int f = 0; f < m->fields; f++) {
                const uint32_t shaped = F_PHONE | F_BANK_CARD | F_CITIZEN_ID | F_CREDIT_CODE;
                if (m->field[f].type == F_REF || m->field[f].flags & shaped) continue;
                round_trip(m, f, random_value(&r, m, f));
                if (turn == 0 && !m->field[f].preset) round_trip(m, f, val_null());
            }
            arena_reset(&s.arena);
        }
}

/* Whatever is typed: a value or a refusal that names the field. */
static void any_bytes_are_a_value_or_a_refusal(void **state)
{
    (void)state;
    struct random r;
    random_seed(&r, 11);
    static const char *const bits[] = { "1", "0", ".", ",", "-", "万", "亿", "元", "年", "月", "日", ":",
        "/", " ", "　", "T", "Z", "é", "９", "％", "%", ";", "；", "true", "2020", "\t", "是", "01" };
    for (int turn = 0; turn < 20000; turn++) {
        char text[256];
        size_t n = 0;
        for (int i = (int)random_between(&r, 0, 12); i > 0; i--) {
            const char *b = bits[random_below(&r, COUNT(bits))];
            memcpy(text + n, b, strlen(b));
            n += strlen(b);
        }
        const struct table_map *m = turn % 2 ? s.household : s.aid;
        int f = (int)random_below(&r, (uint64_t)m->fields);
        if (m->field[f].type == F_REF) continue;
        struct val row[ENTITY_MAX_COLUMNS] = { 0 };
        struct err e = { 0 };
        char *exact = malloc(n ? n : 1); /* so that reading past the end is seen */
        memcpy(exact, text, n);
        bool ok = field_read(s.model, m, f, exact, n, NULL, row, &s.arena, &e);
        if (!ok) assert_string_equal(e.field, m->field[f].name);
        free(exact);
        arena_reset(&s.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers), cmocka_unit_test(money),
        cmocka_unit_test(decimals_and_truth), cmocka_unit_test(dates),
        cmocka_unit_test(codes_by_code_and_label), cmocka_unit_test(several_codes),
        cmocka_unit_test(texts), cmocka_unit_test(places_and_their_county),
        cmocka_unit_test(written_values_read_back),
        cmocka_unit_test(any_bytes_are_a_value_or_a_refusal),
    };
    return cmocka_run_group_tests(tests, open_model, close_model);
}
