/* The example programmes, loaded whole on both engines: the claims table is the one written down in
 * claims.expected.csv, and changing one record moves exactly the figures that rest on it. */
#include "programme.h"

#include "base/csv.h"
#include "base/date.h"
#include "base/random.h"

static const char *const examples[] = { "examples/tianjin-2020", "examples/shenzhen-guangxi-2020",
                                        "examples/shenzhou-ayaksayi-2020" };
enum { EXAMPLES = sizeof examples / sizeof *examples, MAX_CLAIMS = 256, EDITS = 60 };

/* --- the claims table --- */

struct table_text { struct buf *out; int n, cannot; };

static void add(struct buf *b, const char *s, bool first)
{
    csv_add(b, s, strlen(s), first, false);
}

static bool take_claim(void *arg, const struct claim_result *r, struct err *e)
{
    static const char *const verdicts[] = { "holds", "differs", "cannot be computed" };
    struct table_text *t = arg;
    (void)e;
    assert_in_range(r->verdict, CLAIM_HOLDS, CLAIM_CANNOT);
    add(t->out, r->code, true);
    add(t->out, r->claimed, false);
    add(t->out, r->computed, false);
    add(t->out, r->difference, false);
    add(t->out, verdicts[r->verdict], false);
    add(t->out, r->rests_on, false);
    add(t->out, r->same_source ? "same source" : "", false);
    buf_add(t->out, "\n", 1);
    /* What differs or cannot be computed is never left without a word on it. */
    if (r->verdict != CLAIM_HOLDS && !*r->reading && !*r->reason)
        fail_msg("%s %s, and nothing says why", r->code, verdicts[r->verdict]);
    t->n++;
    t->cannot += r->verdict == CLAIM_CANNOT;
    return true;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorts lines, so that the order in which ids were given does not matter. */
static char *sorted_lines(char *text)
{
    char *line[MAX_CLAIMS + 8], *save = NULL;
    size_t n = 0, size = strlen(text) + 2;
    char *out = calloc(1, size);
    for (char *s = strtok_r(text, "\r\n", &save); s; s = strtok_r(NULL, "\r\n", &save)) {
        assert_true(n < MAX_CLAIMS + 8);
        line[n++] = s;
    }
    qsort(line, n, sizeof *line, by_text);
    for (size_t i = 0, at = 0; i < n; i++)
        at += (size_t)snprintf(out + at, size - at, "%s\n", line[i]);
    return out;
}

static void claims_are_as_written_down(enum engine engine)
{
    struct programme p;
    struct err e = { 0 };
    struct buf b;
    size_t n;
    programme_open(&p, engine);
    programme_load(&p, examples, EXAMPLES);
    buf_init(&b, 1 << 20);
    struct table_text t = { .out = &b };
    assert_ok(claims_check(&p.context, p.db, &scope_all, NULL, take_claim, &t, &e), e);
    char *want = project_file("tests/programme/claims.expected.csv", &n);
    char *got = sorted_lines(b.p), *expected = sorted_lines(want);
    if (strcmp(got, expected) != 0) {
        FILE *f = fopen(JD_BUILD_DIR "/claims.actual.csv", "wb");
        if (f) {
            fputs(got, f);
            fclose(f);
        }
        fail_msg("the claims table is another: see %s/claims.actual.csv", JD_BUILD_DIR);
    }
    assert_true(t.n > 80);
    free(got);
    free(expected);
    free(want);
    buf_free(&b);
    programme_close(&p);
}
STORE_TEST(claims_are_as_written_down)

/* --- one record changed --- */

struct question { char code[64]; struct figure_query q; char name[64]; const struct figure *f; };

/* What a claim's figure gives now, and the rows it rests on. */
struct answer { bool known; int64_t value, sum, rows; int64_t *ids; size_t n, cap; };

struct examples {
    struct programme p;
    struct db *scan;
    struct question claim[MAX_CLAIMS];
    int n;
    struct { const struct table_map *m; int64_t county, id; } row[512];
    int rows;
    struct random random;
};

static void copy_text(char *out, size_t size, struct val v)
{
    snprintf(out, size, "%.*s", v.type == VAL_TEXT ? (int)v.n : 0, v.type == VAL_TEXT ? v.p : "");
}

static int64_t number(const struct table_map *m, const struct val *row, const char *field,
                      int64_t absent)
{
    struct val v = row[m->column[map_field(m, field)]];
    return v.type == VAL_INT ? v.i : absent;
}

static bool take_question(void *arg, const struct table_map *m, const struct val *row,
                          struct err *e)
{
    struct examples *x = arg;
    struct question *c = &x->claim[x->n];
    (void)e;
    copy_text(c->name, sizeof c->name, row[m->column[map_field(m, "figure")]]);
    copy_text(c->code, sizeof c->code, row[m->column[map_field(m, "code")]]);
    c->f = figures_find(x->p.figures, c->name);
    if (!c->f) return true;
    c->q = (struct figure_query){ .name = c->name, .place = number(m, row, "place", 0),
        .org = number(m, row, "organisation", 0),
        .from = (int32_t)number(m, row, "period_from", DATE_MIN),
        .to = (int32_t)number(m, row, "period_to", DATE_MAX) };
    assert_true(++x->n < MAX_CLAIMS);
    return true;
}

static bool take_row(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct examples *x = arg;
    (void)e;
    /* Of the many villages a few will do. */
    if (strcmp(m->entity->name, "helped_place") == 0 && random_below(&x->random, 100) != 0)
        return true;
    if (x->rows < 512) {
        x->row[x->rows].m = m;
        x->row[x->rows].county = row[ROW_COUNTY].i;
        x->row[x->rows++].id = row[ROW_ID].i;
    }
    return true;
}

static void examples_open(struct examples *x, enum engine engine)
{
    struct err e = { 0 };
    programme_open(&x->p, engine);
    x->n = x->rows = 0;
    random_seed(&x->random, 20200512);
    programme_load(&x->p, examples, EXAMPLES);
    x->scan = test_db(&x->p.store, DB_READ);
    struct list_query all = { 0 };
    const struct table_map *claims = model_find(x->p.model, "claim");
    assert_ok(list_rows(x->p.model, x->p.db, &scope_all, claims, &all, take_question, x, &e), e);
    assert_true(x->n > 80);
    for (int i = 0; i < x->p.model->n; i++) {
        const struct table_map *m = &x->p.model->maps[i];
        if (m->entity->flags & E_FACT)
            assert_ok(list_rows(x->p.model, x->p.db, &scope_all, m, &all, take_row, x, &e), e);
    }
    assert_true(x->rows > 80);
}

static bool take_answer(void *arg, const struct figure *f, int sign, const char *within,
                        const struct table_map *m, const struct val *row, int64_t value,
                        struct err *e)
{
    struct answer *a = arg;
    (void)f, (void)within, (void)m, (void)e;
    if (a->n == a->cap) {
        a->cap = a->cap ? a->cap * 2 : 64;
        a->ids = realloc(a->ids, a->cap * sizeof *a->ids);
        assert_non_null(a->ids);
    }
    a->ids[a->n++] = row[ROW_ID].i;
    a->sum += sign * value;
    return true;
}

static void ask(struct examples *x, int i, struct answer *a)
{
    struct err e = { 0 };
    struct figure_value v = { 0 };
    struct explain_page page = { 0 };
    *a = (struct answer){ 0 };
    assert_ok(figure_read(&x->p.context, x->p.db, &scope_all, &x->claim[i].q, &v, &e), e);
    a->known = v.known;
    a->value = v.known ? v.value : 0;
    a->rows = v.rows;
    assert_ok(figure_explain(&x->p.context, x->scan, &scope_all, &x->claim[i].q, &page, take_answer, a, &e), e);
    /* The value of the cells is the sum of what its rows are said to give. */
    enum figure_kind kind = x->claim[i].f->kind;
    if (kind != FIGURE_RATIO && kind != FIGURE_DISTINCT && v.known && !v.partial &&
        a->sum != a->value)
        fail_msg("%s: %lld, its rows give %lld", x->claim[i].code, (long long)a->value,
                 (long long)a->sum);
}

static bool rests_on(const struct answer *a, int64_t id)
{
    for (size_t i = 0; i < a->n; i++)
        if (a->ids[i] == id) return true;
    return false;
}

struct edit { struct programme *p; const struct table_map *m; int64_t county, id; int column;
              struct val value, old; char old_text[32]; };

static bool apply(struct tx *tx, void *arg, struct err *e)
{
    struct edit *ed = arg;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct arena a = { 0 };
    bool found;
    bool ok = row_get(tx_db(tx), ed->m, ed->county, ed->id, &a, row, &found, e);
    if (ok && !found) ok = err_set(e, ERR_INTERNAL, "the row went away");
    if (ok) {
        ed->old = row[ed->column];
        if (ed->old.type == VAL_TEXT) {
            copy_text(ed->old_text, sizeof ed->old_text, ed->old);
            ed->old = val_text(ed->old_text);
        }
        row[ed->column] = ed->value;
        ok = row_update(tx, ed->p->model, ed->m, row, 0, e);
    }
    arena_free(&a);
    return ok;
}

/* The number fields of a fact that figures are made of; state is changed as a code. */
static int editable(const struct table_map *m, int *columns)
{
    int n = 0;
    for (int i = 0; i < m->fields; i++) {
        const struct field *f = &m->field[i];
        bool year = strcmp(f->name, "for_year") == 0;
        if (!year && (f->type == F_MONEY || f->type == F_INT || f->type == F_DECIMAL))
            columns[n++] = m->column[i];
    }
    return n;
}

static void draw_edit(struct examples *x, struct edit *ed)
{
    int at = (int)random_below(&x->random, (uint64_t)x->rows), columns[64];
    *ed = (struct edit){ .p = &x->p, .m = x->row[at].m, .county = x->row[at].county,
                         .id = x->row[at].id };
    int n = editable(ed->m, columns);
    assert_true(n > 0);
    int pick = (int)random_below(&x->random, (uint64_t)n + 1);
    if (pick == n) {
        ed->column = ed->m->column[ed->m->fact + FACT_STATE];
        ed->value = val_text(random_below(&x->random, 2) ? "planned" : "done");
    } else {
        ed->column = columns[pick];
        ed->value = val_int((int64_t)random_below(&x->random, 90) + 10);
    }
}

/* After the edit a claim may move only if it rests on the record, before or after. */
static void compare(struct examples *x, const struct edit *ed, const struct answer *before,
                    int *moved)
{
    for (int i = 0; i < x->n; i++) {
        struct answer now;
        ask(x, i, &now);
        bool concerned = rests_on(&before[i], ed->id) || rests_on(&now, ed->id);
        bool same = now.known == before[i].known && now.value == before[i].value &&
                    now.rows == before[i].rows;
        if (!same && !concerned)
            fail_msg("%s moved with a record of %s that it does not rest on", x->claim[i].code,
                     ed->m->entity->name);
        *moved += !same;
        free(now.ids);
    }
}

static void tell_fault(void *arg, const char *sentence)
{
    (void)arg;
    print_error("%s\n", sentence);
}

static void one_record_moves_what_rests_on_it(enum engine engine)
{
    static struct examples x;
    static struct answer before[MAX_CLAIMS];
    struct err e = { 0 };
    int moved = 0;
    examples_open(&x, engine);
    for (int i = 0; i < x.n; i++) ask(&x, i, &before[i]);
    for (int k = 0; k < EDITS; k++) {
        struct edit ed;
        struct faults faults = { tell_fault, NULL, 0 };
        draw_edit(&x, &ed);
        /* A change that a check refuses is no change. */
        if (!store_write(x.p.store.store, apply, &ed, &e)) {
            assert_int_equal(e.code, ERR_INVALID);
            continue;
        }
        compare(&x, &ed, before, &moved);
        if (k % 10 == 0) {
            assert_ok(figures_verify(&x.p.context, x.p.db, &faults, &e), e);
            assert_int_equal(faults.n, 0);
        }
        struct edit back = ed;
        back.value = ed.old.type == VAL_TEXT ? val_text(ed.old_text) : ed.old;
        assert_ok(store_write(x.p.store.store, apply, &back, &e), e);
    }
    for (int i = 0; i < x.n; i++) free(before[i].ids);
    assert_true(moved > 10);
    programme_close(&x.p);
}
STORE_TEST(one_record_moves_what_rests_on_it)

/* --- loading again, and taking back --- */

static bool count_row(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    (void)m, (void)row, (void)e;
    ++*(int64_t *)arg;
    return true;
}

static int64_t all_rows(struct programme *p)
{
    int64_t n = 0;
    struct err e = { 0 };
    struct list_query all = { .drafts = true };
    for (int i = 0; i < p->model->n; i++)
        assert_ok(list_rows(p->model, p->db, &scope_all, &p->model->maps[i], &all, count_row, &n, &e), e);
    return n;
}

static void loading_twice_changes_nothing(enum engine engine)
{
    struct programme p;
    struct err e = { 0 };
    struct faults faults = { tell_fault, NULL, 0 };
    programme_open(&p, engine);
    programme_load(&p, examples, EXAMPLES);
    int64_t rows = all_rows(&p);
    assert_true(rows > 4000);
    programme_load(&p, examples, EXAMPLES);
    assert_int_equal(all_rows(&p), rows);
    assert_ok(figures_verify(&p.context, p.db, &faults, &e), e);
    assert_int_equal(faults.n, 0);
    programme_close(&p);
}
STORE_TEST(loading_twice_changes_nothing)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(claims_are_as_written_down),
        STORE_TESTS(one_record_moves_what_rests_on_it),
        STORE_TESTS(loading_twice_changes_nothing),
    };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
