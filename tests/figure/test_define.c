/* Definitions: what they mean, their canonical text, and the place of every fault. */
#include "sample.h"

static struct figures *reads(struct sample *s, const char *text)
{
    struct err e = { 0 };
    struct figures *f = NULL;
    struct figure_source src = { "x.figure", text, strlen(text) };
    assert_ok(figures_read(&f, &src, 1, s->model, &e), e);
    return f;
}

static void reads_all_kinds(void **state)
{
    struct sample s;
    (void)state;
    sample_model_open(&s);
    struct figures *f = reads(&s, sample_figures);
    assert_int_equal(figures_count(f), 13);
    const struct figure *a = figures_find(f, "aid_amount");
    assert_int_equal(a->kind, FIGURE_SUM);
    assert_int_equal(a->scale, 2);
    assert_string_equal(a->unit, "yuan");
    assert_string_equal(a->map->entity->name, "aid");
    assert_int_equal(a->place, map_field(s.aid, "place"));
    assert_int_equal(a->organisation, map_field(s.aid, "giver"));
    assert_true(a->rows_apart);
    const struct figure *h = figures_find(f, "households");
    assert_true(h->stock);
    assert_false(h->through);
    assert_false(h->rows_apart);
    assert_string_equal(h->zh, "户数");
    assert_true(figures_find(f, "members")->through);
    const struct figure *g = figures_find(f, "givers");
    assert_int_equal(g->scope_level, 3);
    assert_true(g->by_year);
    const struct figure *p = figures_find(f, "aid_places");
    assert_int_equal(p->n_distinct, 2);
    assert_int_equal(p->distinct_level[0], 0);
    assert_int_equal(p->distinct_level[1], 3);
    const struct figure *r = figures_find(f, "deep_share");
    assert_int_equal(r->scale, 1);
    assert_int_equal(r->times, 100);
    assert_int_equal(r->n_upper, 1);
    assert_string_equal(r->terms[0].within, "deep");
    assert_int_equal(figures_find(f, "balance")->terms[1].sign, -1);
    assert_int_equal(figures_find(f, "balance")->scale, 2);
    assert_null(figures_find(f, "nothing"));
    assert_string_equal(figures_nearest(f, "housholds"), "households");
    figures_free(f);
    sample_model_close(&s);
}

/* The canonical text reads to a figure with the same text. */
static void text_is_canonical(void **state)
{
    struct sample s;
    (void)state;
    sample_model_open(&s);
    struct figures *f = reads(&s, sample_figures);
    struct buf all;
    buf_init(&all, 1 << 20);
    for (int i = 0; i < figures_count(f); i++) buf_str(&all, figures_at(f, i)->text);
    struct figures *g = reads(&s, all.p);
    for (int i = 0; i < figures_count(f); i++) {
        assert_string_equal(figures_at(f, i)->text, figures_at(g, i)->text);
        assert_memory_equal(figures_at(f, i)->digest, figures_at(g, i)->digest, DIGEST_LEN);
    }
    buf_free(&all);
    figures_free(f);
    figures_free(g);
    sample_model_close(&s);
}

static void layout_does_not_matter(void **state)
{
    struct sample s;
    (void)state;
    sample_model_open(&s);
    struct figures *f = reads(&s, "# about\r\nfigure a # it\r\n\tunit yuan\n\n"
        "    flow   valid_from..valid_to\n    sum (amount)   of aid # all of it\n"
        "    where state=done\n      and   kind != goods # \"not\" a text\n");
    struct figures *g =
        reads(&s, "figure a\n sum amount of aid\n where (state = done and kind != goods)"
                  "\n flow valid_from .. valid_to\n label en \"a \"\"b\"\" # c\"\n unit yuan");
    const struct figure *x = figures_at(f, 0), *y = figures_at(g, 0);
    assert_memory_equal(x->meaning, y->meaning, DIGEST_LEN);
    assert_memory_not_equal(x->digest, y->digest, DIGEST_LEN);
    assert_string_equal(y->en, "a \"b\" # c");
    figures_free(f);
    figures_free(g);
    sample_model_close(&s);
}

static const struct { const char *text, *fault; } faults[] = {
    { "figure a\n  count of aid\n  flow at payd_on\n",
      "x.figure: line 3, column 11: there is no field of aid \"payd_on\"; did you mean "
      "\"paid_on\"?" },
    { "figure a\n  cuont of aid\n",
      "x.figure: line 2, column 3: \"cuont\" is no directive; did you "
      "mean \"count\"?" },
    { "figure a\n  count of adi\n  flow at paid_on",
      "line 2, column 12: there is no entity \"adi\"" },
    { "figure a\n  count of aid\n",
      "line 1, column 8: figure a needs a flow line or a stock line" },
    { "figure a\n  count of aid\n  flow at paid_on\n  stock from paid_on\n",
      "needs a flow line or" },
    { "figure a\n  unit yuan\n", "says neither count, sum" },
    { "figure a\n  count of aid\n  total a\n",
      "line 3, column 3: figure a is already something" },
    { "figure a\n  count of aid\n  count of aid\n",
      "line 3, column 3: figure a has two count lines" },
    { "  count of aid\n", "line 1, column 3: a directive before any figure" },
    { "count of aid\n", "line 1, column 1: \"figure NAME\" is expected here" },
    { "figure A\n", "begins with a small letter" },
    { "figure a\n  count of aid\n  flow at kind\n",
      "line 3, column 11: aid.kind is not a date" },
    { "figure a\n  count of aid\n  flow at paid_on\n  place kind\n",
      "aid.kind is not a place" },
    { "figure a\n  count of aid\n  flow at paid_on\n  organisation source\n",
      "aid.source is not an organisation" },
    { "figure a\n  count of aid\n  flow at paid_on\n  where 数 = 1\n",
      "x.figure: line 4, column 9" },
    { "figure a\n  count of aid\n  flow at paid_on\n  where kind = money\n    and sate = "
      "done\n",
      "x.figure: line 5, column 9" },
    { "figure a\n  sum amont of aid\n  flow at paid_on\n", "x.figure: line 2, column 7" },
    { "figure a\n  sum amount\n  flow at paid_on\n", "\"of ENTITY\" is expected here" },
    { "figure a\n  sum kind of aid\n  flow at paid_on\n", "a sum needs a number" },
    { "figure a\n  distinct giver of aid\n  flow at paid_on\n", "\"per LEVEL\" is expected" },
    { "figure a\n  distinct giver of aid per town\n  flow at paid_on\n",
      "line 2, column 29: nation, " },
    { "figure a\n  distinct kind at county of aid per county\n  flow at paid_on\n",
      "only a place is taken at a level" },
    { "figure a\n  distinct giver of aid per county by year\n  stock from paid_on\n",
      "a stock is read on a day, not by year" },
    { "figure a\n  total b\n", "there is no figure \"b\"" },
    { "figure aa\n  total bb\nfigure bb\n  total aa\n", "depends on itself" },
    { "figure a\n  total a\n  where kind = money\n",
      "a figure of figures has no where of its own" },
    { "figure d\n  distinct giver of aid per county\n  flow at paid_on\nfigure a\n  total d "
      "within deep\n",
      "never summed" },
    { "figure d\n  count of aid\n  flow at paid_on\nfigure a\n  total d within deap\n",
      "line 5, column 18: there is no class of places \"deap\"; did you mean \"deep\"?" },
    { "figure d\n  count of aid\n  flow at paid_on\n  unit item decimals 2\n",
      "only a ratio declares its decimals" },
    { "figure d\n  count of aid\n  flow at paid_on\nfigure a\n  ratio d\n",
      "\"/\" is expected here" },
    { "figure d\n  count of aid\n  flow at paid_on here\n", "nothing more is expected here" },
    { "figure d\n  label en money\n  count of aid\n  flow at paid_on\n",
      "text in double quotes" },
    { "figure d\n  count of aid\n  flow at paid_on\nfigure d\n  count of aid\n  flow at "
      "paid_on\n",
      "line 4, column 8: figure d is defined twice" },
    { "figure d\n  unit \xff\n", "line 2, column 8: this byte is no UTF-8 text" },
};

static void faults_have_a_place(void **state)
{
    struct sample s;
    (void)state;
    sample_model_open(&s);
    for (int i = 0; i < COUNT(faults); i++) {
        struct err e = { 0 };
        struct figures *f = NULL;
        struct figure_source src = { "x.figure", faults[i].text, strlen(faults[i].text) };
        if (figures_read(&f, &src, 1, s.model, &e)) fail_msg("accepted:\n%s", faults[i].text);
        assert_int_equal(e.code, ERR_INVALID);
        assert_null(f);
        if (!strstr(e.message, faults[i].fault))
            fail_msg("%s\nwanted: %s", e.message, faults[i].fault);
    }
    sample_model_close(&s);
}

/* Cut and changed texts give a fault or a figure, never anything worse. */
static void any_text_is_survived(void **state)
{
    struct sample s;
    struct random r;
    (void)state;
    sample_model_open(&s);
    random_seed(&r, 5);
    for (int i = 0; i < 3000; i++) {
        static const char noise[] = " \n\"#./,+-()=<>{}0aof";
        char text[sizeof sample_figures];
        size_t n = sizeof sample_figures - 1;
        memcpy(text, sample_figures, n);
        size_t from = random_below(&r, n), len = random_below(&r, n - from);
        memmove(text, text + from, len);
        for (uint64_t k = random_below(&r, 5); k > 0 && len; k--)
            text[random_below(&r, len)] = noise[random_below(&r, sizeof noise - 1)];
        struct err e = { 0 };
        struct figures *f = NULL;
        struct figure_source src = { "x.figure", text, len };
        if (figures_read(&f, &src, 1, s.model, &e)) figures_free(f);
        else assert_int_equal(e.code, ERR_INVALID);
    }
    sample_model_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_all_kinds), cmocka_unit_test(text_is_canonical),
        cmocka_unit_test(layout_does_not_matter), cmocka_unit_test(faults_have_a_place),
        cmocka_unit_test(any_text_is_survived),
    };
    return test_store_main(tests, COUNT(tests));
}
