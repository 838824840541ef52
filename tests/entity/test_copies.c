/* Copied facts: what a row takes from the row it belongs to, whoever writes either of them. */
#include "load_sample.h"

enum { FARM_CODE, FARM_PLACE, FARM_NAME, FARM_LEFT, FARM_N };
static const struct field farm_fields[] = {
    [FARM_CODE] = { .name = "code", .en = "Code", .zh = "编号", .type = F_TEXT,
        .flags = F_REQUIRED | F_KEY | F_NATION },
    [FARM_PLACE] = { .name = "place", .en = "Village", .zh = "村", .type = F_PLACE,
        .flags = F_REQUIRED | F_HOME },
    [FARM_NAME] = { .name = "name", .en = "Name", .zh = "名称", .type = F_TEXT },
    [FARM_LEFT] = { .name = "left_on", .en = "Left on", .zh = "迁出", .type = F_DATE,
        .flags = F_COMPUTED | F_LEFT },
};
static const struct entity farm = { .name = "farm", .en = "Farm", .zh = "农场", .number = 1,
    .reach = REACH_COUNTY, .flags = E_NO_SOURCE, .fields = farm_fields, .n = FARM_N };

enum { WORKER_FARM, WORKER_NUMBER, WORKER_PAY, WORKER_ID, WORKER_PLACE, WORKER_NAME, WORKER_LEFT,
       WORKER_N };
static const struct field worker_fields[] = {
    [WORKER_FARM] = { .name = "farm", .en = "Farm", .zh = "农场", .type = F_REF, .ref = "farm",
        .flags = F_REQUIRED | F_KEY | F_HOME },
    [WORKER_NUMBER] = { .name = "number", .en = "Number", .zh = "序号", .type = F_INT,
        .flags = F_REQUIRED | F_KEY },
    [WORKER_PAY] = { .name = "pay", .en = "Pay", .zh = "工资", .type = F_MONEY },
    [WORKER_ID] = { .name = "badge", .en = "Badge", .zh = "工牌", .type = F_TEXT,
        .flags = F_NATION },
    [WORKER_PLACE] = { .name = "place", .en = "Village", .zh = "村", .type = F_PLACE,
        .flags = F_COMPUTED, .copies = "place" },
    [WORKER_NAME] = { .name = "farm_name", .en = "Farm name", .zh = "农场名", .type = F_TEXT,
        .flags = F_COMPUTED, .copies = "name" },
    [WORKER_LEFT] = { .name = "left_on", .en = "Left on", .zh = "迁出", .type = F_DATE,
        .flags = F_COMPUTED | F_LEFT, .copies = "left_on" },
};
static const struct entity worker = { .name = "worker", .en = "Worker", .zh = "工人", .number = 2,
    .reach = REACH_COUNTY, .flags = E_NO_SOURCE, .fields = worker_fields, .n = WORKER_N };

enum { TOOL_WORKER, TOOL_NAME, TOOL_PLACE, TOOL_N };
static const struct field tool_fields[] = {
    [TOOL_WORKER] = { .name = "worker", .en = "Worker", .zh = "工人", .type = F_REF,
        .ref = "worker", .flags = F_REQUIRED | F_KEY | F_HOME },
    [TOOL_NAME] = { .name = "name", .en = "Name", .zh = "名称", .type = F_TEXT,
        .flags = F_REQUIRED | F_KEY },
    [TOOL_PLACE] = { .name = "place", .en = "Village", .zh = "村", .type = F_PLACE,
        .flags = F_COMPUTED, .copies = "place" },
};
static const struct entity tool = { .name = "tool", .en = "Tool", .zh = "工具", .number = 3,
    .reach = REACH_COUNTY, .flags = E_NO_SOURCE, .fields = tool_fields, .n = TOOL_N };

struct farms { struct sample s; const struct table_map *farm, *worker, *tool; };

/* `old`: workers have the columns, but copy nothing. */
static void farms_model(struct farms *f, bool old)
{
    struct field *fields = arena_array(&f->s.arena, WORKER_N, sizeof *fields);
    struct entity *workers = arena_alloc(&f->s.arena, sizeof *workers);
    const struct entity *all[] = { &farm, workers, &tool };
    struct err e = { 0 };
    memcpy(fields, worker_fields, sizeof worker_fields);
    for (int i = 0; old && i < WORKER_N; i++) fields[i].copies = NULL;
    *workers = worker;
    workers->fields = fields;
    assert_ok(model_open(&f->s.model, all, 3, f->s.codes, &sample_places, &e), e);
    f->farm = model_find(f->s.model, "farm");
    f->worker = model_find(f->s.model, "worker");
    f->tool = model_find(f->s.model, "tool");
}

static void farms_open(struct farms *f, enum engine engine, bool old)
{
    const struct table *tables[16];
    struct err e = { 0 };
    int n = 0, own;
    memset(f, 0, sizeof *f);
    assert_ok(codes_read(&f->s.codes, sample_codes, sizeof sample_codes - 1, &e), e);
    farms_model(f, old);
    const struct table *const *all = model_tables(f->s.model, &own);
    for (int i = 0; i < own; i++) tables[n++] = all[i];
    for (int i = 0; i < entity_table_count; i++) tables[n++] = &entity_tables[i];
    test_store_open(&f->s.t, engine, tables, n);
    f->s.db = test_db(&f->s.t, DB_READ);
}

static void farms_close(struct farms *f)
{
    test_store_close(&f->s.t);
    sample_model_close(&f->s);
}

static void assert_text(struct farms *f, const struct table_map *m, int field,
                        const struct val *row, const char *want)
{
    struct val now[ENTITY_MAX_COLUMNS];
    assert_true(fetch(&f->s, m, row[ROW_COUNTY].i, row[ROW_ID].i, now));
    assert_string_equal(text_of(&f->s, m, field, now), want);
}

/* ---- declarations ---- */

static void faulty(const struct field *fields, const struct check *checks, const char *why)
{
    struct entity bad = worker;
    const struct entity *all[] = { &farm, &bad };
    struct model *mo;
    struct codes *codes;
    struct err e = { 0 };
    bad.fields = fields;
    bad.checks = checks;
    bad.n_checks = checks != NULL;
    assert_ok(codes_read(&codes, sample_codes, sizeof sample_codes - 1, &e), e);
    if (model_open(&mo, all, 2, codes, &sample_places, &e)) fail_msg("no fault: %s", why);
    if (!strstr(e.message, why)) fail_msg("%s (not: %s)", e.message, why);
    codes_free(codes);
}

static void declarations_are_checked(void **state)
{
    (void)state;
    struct field f[WORKER_N];
    struct check look = { "L1", CHECK_WARN, "place > 0", "a", "b" };
    memcpy(f, worker_fields, sizeof f);
    f[WORKER_PLACE].copies = "nothing";
    faulty(f, NULL, "which the row it belongs to has not");
    f[WORKER_PLACE].copies = "name";
    faulty(f, NULL, "which is of another type");
    f[WORKER_PLACE] = worker_fields[WORKER_PLACE];
    f[WORKER_PLACE].flags = 0;
    faulty(f, NULL, "so it is F_COMPUTED");
    f[WORKER_PLACE].flags = F_COMPUTED | F_REQUIRED;
    faulty(f, NULL, "neither required nor a key");
    faulty(worker_fields, &look, "looks at the copied field place");
    f[WORKER_PLACE] = worker_fields[WORKER_PLACE];
    f[WORKER_PAY] = (struct field){ .name = "gone", .en = "Gone", .zh = "走", .type = F_DATE,
                                    .flags = F_COMPUTED | F_LEFT };
    faulty(f, NULL, "is a second F_ARRIVED or F_LEFT");
}

/* ---- single writes ---- */

struct seen { const struct table_map *m; int n; };

static bool observe(void *arg, struct tx *tx, const struct table_map *m, const struct val *before,
                    const struct val *after, struct err *e)
{
    struct seen *s = arg;
    (void)tx, (void)e;
    s->n += m == s->m && before && after;
    return true;
}

static void changes_are_carried_on(enum engine engine)
{
    struct farms f;
    struct val a[ENTITY_MAX_COLUMNS], w[ENTITY_MAX_COLUMNS], v[ENTITY_MAX_COLUMNS],
        t[ENTITY_MAX_COLUMNS];
    struct err e = { 0 };
    farms_open(&f, engine, false);
    struct seen seen = { .m = f.worker };
    f.s.model->observe = observe;
    f.s.model->observe_arg = &seen;
    assert_true(f.worker->place_near && f.tool->place_near);
    put(&f.s, f.farm, a, TYPED("code", "A", "place", "653224103222", "name", "Sun"));
    put(&f.s, f.worker, w, TYPED("farm", "A", "number", "1", "badge", "B1"));
    put(&f.s, f.worker, v, TYPED("farm", "A", "number", "2", "badge", "B2"));
    put(&f.s, f.tool, t, TYPED("worker", "A/1", "name", "hoe"));
    assert_text(&f, f.worker, WORKER_PLACE, w, "653224103222");
    assert_text(&f, f.worker, WORKER_NAME, v, "Sun");
    assert_text(&f, f.tool, TOOL_PLACE, t, "653224103222");
    /* What a caller writes there is not heeded. */
    set(f.worker, w, WORKER_PLACE, val_int(653224000000));
    set(f.worker, w, WORKER_PAY, val_int(100));
    assert_ok(change_row(&f.s, f.worker, w, 0, &e), e);
    assert_text(&f, f.worker, WORKER_PLACE, w, "653224103222");
    seen.n = 0;
    set(f.farm, a, FARM_PLACE, val_int(653224103200));
    assert_ok(change_row(&f.s, f.farm, a, 0, &e), e);
    assert_int_equal(seen.n, 2);
    assert_text(&f, f.worker, WORKER_PLACE, w, "653224103200");
    assert_text(&f, f.worker, WORKER_PAY, w, "1.00");
    assert_text(&f, f.tool, TOOL_PLACE, t, "653224103200");
    /* One that has left claims nothing: another may have its badge. */
    set(f.farm, a, FARM_LEFT, val_int(18000));
    assert_ok(change_row(&f.s, f.farm, a, 0, &e), e);
    assert_whole(&f.s);
    put(&f.s, f.farm, a, TYPED("code", "A", "place", "653225"));
    put(&f.s, f.worker, w, TYPED("farm", "A", "number", "1", "badge", "B1"));
    assert_text(&f, f.worker, WORKER_PLACE, w, "653225000000");
    set(f.worker, w, WORKER_FARM, val_int(7));
    assert_err(change_row(&f.s, f.worker, w, 0, &e), e, ERR_INVALID);
    assert_whole(&f.s);
    farms_close(&f);
}
STORE_TEST(changes_are_carried_on)

static void many_rows_below(enum engine engine)
{
    struct farms f;
    struct val a[ENTITY_MAX_COLUMNS];
    struct folder dir;
    struct buf b;
    struct err e = { 0 };
    farms_open(&f, engine, false);
    folder_open(&dir);
    buf_init(&b, 1 << 20);
    put(&f.s, f.farm, a, TYPED("code", "A", "place", "653224103222", "name", "Sun"));
    buf_str(&b, "farm,number\n");
    for (int i = 0; i < 450; i++) buf_printf(&b, "A,%d\n", i);
    folder_put(&dir, "worker.csv", b.p);
    assert_loaded(load_sum_up(&f.s, &dir, "worker.csv", NULL, NULL), 450, 0, 0, 0);
    assert_whole(&f.s);
    set(f.farm, a, FARM_NAME, val_text("Moon"));
    assert_ok(change_row(&f.s, f.farm, a, 0, &e), e);
    assert_whole(&f.s);
    assert_int_equal(count_stored(&f.s, "worker where farm_name = 'Moon'"), 450);
    buf_free(&b);
    folder_close(&dir);
    farms_close(&f);
}
STORE_TEST(many_rows_below)

/* ---- loads ---- */

static void put_farms(const struct folder *dir, const char *farms, const char *workers)
{
    folder_put(dir, "farm.csv", farms);
    folder_put(dir, "worker.csv", workers);
}

static const char *const twelve = "farm,number\nA,1\nB,1\nA,2\nC,1\nD,1\nE,1\nF,1\nG,1\nH,1\n"
                                  "I,1\nJ,1\nZ,1\n";

static void loads_copy(enum engine engine)
{
    struct farms f;
    struct folder dir;
    int64_t number;
    struct err e = { 0 };
    farms_open(&f, engine, false);
    folder_open(&dir);
    put_farms(&dir, "code,place,name\nA,653224103222,Sun\nB,653225101,\nC,653224103,Cee\n"
              "D,653224104,D\nE,653224105,E\nF,653224106,F\nG,653224107,G\nH,653224108,H\n"
              "I,653224109,I\nJ,653224110,J\nZ,653226,Zed\n", twelve);
    assert_loaded(load_sum_up(&f.s, &dir, NULL, &(struct load_options){ .slice = 3 }, &number), 23,
                  0, 0, 0);
    assert_whole(&f.s);
    assert_int_equal(count_stored(&f.s, "worker where farm_name = 'Sun' and place = 653224103222"),
                     2);
    assert_int_equal(count_stored(&f.s, "worker where farm_name is null and place = 653225101000"),
                     1);
    char *before = dump_all(&f.s);
    /* One load changes farms and brings workers for them: these get what the farms will have. */
    put_farms(&dir, "code,place,name\nA,653224103222,Moon\nB,653225102,Bee\n",
              "farm,number,pay,place\nA,3,,653224\nB,1,5,\nB,2,,\nC,2,,\n");
    assert_loaded(load_sum_up(&f.s, &dir, NULL, NULL, &number), 3, 3, 0, 0);
    assert_whole(&f.s);
    assert_int_equal(count_stored(&f.s, "worker where farm_name = 'Moon'"), 3);
    assert_int_equal(count_stored(&f.s, "worker where place = 653225102000"), 2);
    assert_loaded(load_sum_up(&f.s, &dir, NULL, NULL, NULL), 0, 0, 6, 0);
    assert_ok(load_undo(f.s.model, f.s.t.store, number, 0, &e), e);
    assert_whole(&f.s);
    char *after = dump_all(&f.s);
    assert_string_equal(before, after);
    free(before), free(after);
    folder_close(&dir);
    farms_close(&f);
}
STORE_TEST(loads_copy)

static void waits_for_a_load(enum engine engine)
{
    struct farms f;
    struct folder dir;
    struct val a[ENTITY_MAX_COLUMNS];
    struct err e = { 0 };
    farms_open(&f, engine, false);
    folder_open(&dir);
    put(&f.s, f.farm, a, TYPED("code", "A", "place", "653224103222", "name", "Sun"));
    folder_put(&dir, "worker.csv", "farm,number\nA,1\n");
    assert_loaded(load_sum_up(&f.s, &dir, "worker.csv", NULL, NULL), 1, 0, 0, 0);
    test_sql(f.s.t.store, "update load set state = 0");
    set(f.farm, a, FARM_NAME, val_text("Moon"));
    assert_err(change_row(&f.s, f.farm, a, 0, &e), e, ERR_BUSY);
    test_sql(f.s.t.store, "update load set state = 1");
    assert_ok(change_row(&f.s, f.farm, a, 0, &e), e);
    assert_whole(&f.s);
    folder_close(&dir);
    farms_close(&f);
}
STORE_TEST(waits_for_a_load)

/* ---- a store that is older than the copies ---- */

static bool recopy(struct tx *tx, void *arg, struct err *e)
{
    struct farms *f = arg;
    int64_t n;
    if (!rows_recopy(tx, f->s.model, 100, &n, e)) return false;
    assert_int_equal(n, 2);
    return rows_recopy(tx, f->s.model, 100, &n, e) && n == 0;
}

static void count_fault(void *arg, const char *sentence)
{
    assert_non_null(strstr(sentence, "what it copies is not what the row it belongs to has"));
    ++*(int *)arg;
}

static void catches_up(enum engine engine)
{
    struct farms f;
    struct val a[ENTITY_MAX_COLUMNS], w[ENTITY_MAX_COLUMNS];
    struct err e = { 0 };
    int told = 0;
    struct faults faults = { count_fault, &told, 0 };
    farms_open(&f, engine, true);
    put(&f.s, f.farm, a, TYPED("code", "A", "place", "653224103222", "name", "Sun"));
    put(&f.s, f.worker, w, TYPED("farm", "A", "number", "1"));
    put(&f.s, f.worker, a, TYPED("farm", "A", "number", "2"));
    put(&f.s, f.tool, a, TYPED("worker", "A/1", "name", "hoe"));
    assert_whole(&f.s);
    model_close(f.s.model);
    farms_model(&f, false);
    assert_ok(entity_verify(f.s.model, f.s.db, &faults, &e), e);
    assert_int_equal(told, 2); /* the tool has what its worker has: nothing */
    assert_ok(store_write(f.s.t.store, recopy, &f, &e), e);
    assert_whole(&f.s);
    assert_text(&f, f.worker, WORKER_PLACE, w, "653224103222");
    farms_close(&f);
}
STORE_TEST(catches_up)

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(declarations_are_checked),
        STORE_TESTS(changes_are_carried_on), STORE_TESTS(many_rows_below), STORE_TESTS(loads_copy),
        STORE_TESTS(waits_for_a_load), STORE_TESTS(catches_up) };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
