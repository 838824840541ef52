/* The printed schema says everything a stranger needs; the blank sheet opens and is whole. */
#include "sample.h"

#include "base/json.h"
#include "doc/xlsx.h"

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

static void has(const struct buf *b, const char *what)
{
    if (!strstr(b->p, what)) fail_msg("'%s' is not in:\n%s", what, b->p);
}

static void everything_is_in_the_text(void **state)
{
    (void)state;
    for (int i = 0; i < s.model->n; i++)
        for (int zh = 0; zh < 2; zh++) {
            const struct table_map *m = &s.model->maps[i];
            struct buf b;
            buf_init(&b, 1 << 20);
            schema_print(s.model, m, false, zh, &b);
            has(&b, m->entity->name);
            has(&b, zh ? m->entity->help_zh : m->entity->help_en);
            for (int f = 0; f < m->fields; f++) {
                has(&b, m->field[f].name);
                has(&b, m->field[f].en);
                has(&b, m->field[f].zh);
                has(&b, zh ? m->field[f].help_zh : m->field[f].help_en);
                if (m->field[f].national) has(&b, m->field[f].national);
                if (m->field[f].ref) has(&b, m->field[f].ref);
                int n = 0;
                const struct code *c =
                    m->field[f].list ? codes_list(s.codes, m->field[f].list, &n) : NULL;
                for (int k = 0; k < n; k++) {
                    has(&b, c[k].code);
                    has(&b, c[k].zh);
                    has(&b, c[k].en);
                }
            }
            for (int k = 0; k < m->entity->n_checks; k++) {
                has(&b, m->entity->checks[k].name);
                has(&b, m->entity->checks[k].holds);
                has(&b, zh ? m->entity->checks[k].zh : m->entity->checks[k].en);
            }
            assert_false(b.over);
            buf_free(&b);
        }
}

static void the_text_of_each_type(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1 << 20);
    schema_print(s.model, s.household, false, false, &b);
    has(&b, "Natural key: code (unique in the nation)");
    has(&b, "kept as a draft");
    has(&b, "text, up to 30 characters; required, key, unique in the nation (AAC001)");
    has(&b, "place: a name, an alias or a code; required, decides the county");
    has(&b, "File: household.csv or household.xlsx.");
    has(&b, "code of the list cause; required");
    has(&b, "code of the list cause, several parted by ;");
    has(&b, "whole number [person], 1 to 20");
    has(&b, "money in yuan (1234.50, 67.9万), -1000000.00 to 1000000000.00");
    has(&b, "number with 1 decimals [m2], 0.0 to 10000.0");
    has(&b, "yes or no; no when empty");
    has(&b, "date (2020-05-27)\n");
    has(&b, "date (2020-05-27; 2020-05 or 2020 will do)");
    has(&b, "time (2020-05-27 09:30)");
    has(&b, "reference to organisation: its code");
    has(&b, "HH2          warns: seven or more members");
    buf_clear(&b);
    schema_print(s.model, s.visit, false, false, &b);
    has(&b, "Natural key: household, on_date, kind (unique in its county)");
    has(&b, "reference to person: its household/number");
    buf_clear(&b);
    schema_print(s.model, s.household, false, true, &b);
    has(&b, "自然主键：code（全国唯一）");
    has(&b, "整数 [person]，1至20");
    buf_free(&b);
}

static const struct json *named(const struct json *list, const char *name)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct json *n = json_get(&list->items[i], "name");
        if (n && strcmp(n->text, name) == 0) return &list->items[i];
    }
    fail_msg("nothing is named %s", name);
    return NULL;
}

static void the_json_says_the_same(void **state)
{
    (void)state;
    for (int i = 0; i < s.model->n; i++) {
        const struct table_map *m = &s.model->maps[i];
        struct json *o = NULL;
        struct err e = { 0 };
        struct buf b;
        buf_init(&b, 1 << 20);
        schema_print(s.model, m, true, false, &b);
        assert_ok(json_parse(&o, b.p, b.n, &s.arena, &e), e);
        assert_string_equal(json_get(o, "entity")->text, m->entity->name);
        const struct json *fields = json_get(o, "fields");
        assert_int_equal(fields->n, m->fields);
        for (int f = 0; f < m->fields; f++) {
            const struct json *one = &fields->items[f];
            assert_string_equal(json_get(one, "name")->text, m->field[f].name);
            assert_string_equal(json_get(one, "label_zh")->text, m->field[f].zh);
            assert_int_equal(json_get(one, "required") != NULL,
                             (m->field[f].flags & F_REQUIRED) != 0);
            if (!m->field[f].list) continue;
            const struct json *list = json_get(json_get(o, "lists"), m->field[f].list);
            int n;
            codes_list(s.codes, m->field[f].list, &n);
            assert_int_equal(list->n, n);
        }
        assert_int_equal(json_get(o, "key")->n, m->n_key);
        assert_int_equal(json_get(o, "checks")->n, m->entity->n_checks);
        buf_free(&b);
    }
    struct json *o = NULL;
    struct err e = { 0 };
    struct buf b;
    buf_init(&b, 1 << 20);
    schema_print(s.model, s.household, true, false, &b);
    assert_ok(json_parse(&o, b.p, b.n, &s.arena, &e), e);
    const struct json *income = named(json_get(o, "fields"), "income");
    assert_string_equal(json_get(income, "type")->text, "money");
    assert_string_equal(json_get(income, "max")->text, "1000000000.00");
    assert_string_equal(json_get(income, "unit")->text, "yuan");
    buf_free(&b);
}

static void the_blank_sheet_is_whole(void **state)
{
    (void)state;
    char path[200];
    snprintf(path, sizeof path, "/tmp/jiedui-%d-blank.xlsx", (int)getpid());
    for (int i = 0; i < s.model->n; i++)
        for (int zh = 0; zh < 2; zh++) {
            const struct table_map *m = &s.model->maps[i];
            struct err e = { 0 };
            struct xlsx *x = NULL;
            const struct csv_field *cells;
            int n, at = 0;
            assert_ok(schema_template(s.model, m, zh, path, &e), e);
            assert_ok(xlsx_open(&x, path, NULL, &e), e);
            assert_string_equal(xlsx_sheet_name(x, 0), m->entity->name);
            assert_ok(xlsx_sheet(x, 0, &e), e);
            assert_int_equal(xlsx_next(x, &cells, &n, &e), CSV_ROW);
            for (int f = 0; f < m->fields; f++) {
                if (m->field[f].flags & F_COMPUTED) continue;
                const char *label = zh ? m->field[f].zh : m->field[f].en;
                assert_true(at < n);
                assert_int_equal(cells[at].n, strlen(label));
                assert_memory_equal(cells[at++].p, label, strlen(label));
            }
            assert_int_equal(at, n);
            assert_int_equal(xlsx_next(x, &cells, &n, &e), CSV_END);
            xlsx_close(x);
        }
    unlink(path);
    struct err e = { 0 };
    assert_false(schema_template(s.model, s.household, false, "/nowhere/blank.xlsx", &e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_in_the_text), cmocka_unit_test(the_text_of_each_type),
        cmocka_unit_test(the_json_says_the_same), cmocka_unit_test(the_blank_sheet_is_whole),
    };
    return cmocka_run_group_tests(tests, open_model, close_model);
}
