/* entity_verify names what was changed behind the program's back, and nothing else. */
#include "sample.h"
#include "store/tamper.h"

#include "base/buf.h"
#include "entity/load_body.h"

struct told { char text[32][400]; int n; };

static void keep_fault(void *arg, const char *sentence)
{
    struct told *t = arg;
    if (t->n < 32) snprintf(t->text[t->n], sizeof t->text[0], "%s", sentence);
    t->n++;
}

static int verify(struct sample *s, struct told *t)
{
    struct err e = { 0 };
    struct faults faults = { keep_fault, t, 0 };
    t->n = 0;
    assert_ok(entity_verify(s->model, s->db, &faults, &e), e);
    assert_int_equal(faults.n, t->n);
    return t->n;
}

static void sound(struct sample *s)
{
    struct told t;
    if (verify(s, &t)) fail_msg("%d faults; the first: %s", t.n, t.text[0]);
}

/* One fault that says all of these. */
static void one_fault(struct sample *s, const char *a, const char *b)
{
    struct told t;
    int n = verify(s, &t);
    if (n != 1) fail_msg("%d faults; %s | %s", n, n > 0 ? t.text[0] : "", n > 1 ? t.text[1] : "");
    if (!strstr(t.text[0], a) || !strstr(t.text[0], b))
        fail_msg("%s (not: %s, %s)", t.text[0], a, b);
}

static void fill(struct sample *s, struct val *hh, struct val *p)
{
    struct val row[ENTITY_MAX_COLUMNS];
    put(s, s->organisation, row, TYPED("code", "O1", "name", "Office", "place", "653224"));
    put(s, s->document, row, TYPED("code", "D1"));
    put(s, s->household, row,
        TYPED("code", "HH0", "place", "653224", "head", "Aygul", "cause", "2"));
    put(s, s->household, hh,
        TYPED("code", "HH1", "place", "653224103222", "head", "Aygul", "cause", "2", "causes",
              "1;3", "members", "3", "income", "1000", "area", "80.5", "identified", "2015-01-01",
              "checked", "2020-05-27 09:30", "phone", "13900001234", "card", "6222020000000007",
              "helper", "O1", "valid_from", "2015", "valid_to", "2020", "source", "D1", "quote",
              "q", "note", "n"));
    put(s, s->household, row,
        TYPED("code", "HH2", "place", "653225", "head", "Tursun", "cause", "2"));
    put(s, s->person, p, TYPED("household", "HH1", "number", "1", "name", "Aygul", "citizen_id",
                               "11010519491231002X"));
    put(s, s->person, row, TYPED("household", "HH2", "number", "1", "name", "Tursun"));
    put(s, s->aid, row, TYPED("code", "A1", "giver", "O1", "household", "HH1", "amount", "5"));
}

static void a_sound_store_has_no_fault(enum engine engine)
{
    struct sample s;
    struct val hh[ENTITY_MAX_COLUMNS], p[ENTITY_MAX_COLUMNS];
    struct err e = { 0 };
    sample_open(&s, engine);
    sound(&s);
    fill(&s, hh, p);
    sound(&s);
    set(s.household, hh, HH_MEMBERS, val_int(4));
    assert_ok(change_row(&s, s.household, hh, 0, &e), e);
    set(s.person, p, PERSON_ID, val_text("440524188001010014"));
    assert_ok(change_row(&s, s.person, p, 0, &e), e);
    sound(&s);
    assert_ok(drop_row(&s, s.person, p, 0, &e), e);
    sound(&s);
    sample_close(&s);
}
STORE_TEST(a_sound_store_has_no_fault)

/* Every column of one row in turn, the digest included: one fault, on that row. */
static void every_changed_column_is_found(enum engine engine)
{
    struct sample s;
    struct val hh[ENTITY_MAX_COLUMNS], p[ENTITY_MAX_COLUMNS];
    char sql[400], back[400], id[40];
    sample_open(&s, engine);
    fill(&s, hh, p);
    const struct table_map *m = s.household;
    snprintf(id, sizeof id, "id %lld", (long long)hh[ROW_ID].i);
    for (int i = ROW_RECORDED; i <= m->columns; i++) {
        const struct column *c = &m->table.cols[i];
        snprintf(sql, sizeof sql,
                 c->type == COL_TEXT ? "update household set %s = %s || 'x' where id = %lld"
                                     : "update household set %s = %s + 1 where id = %lld",
                 c->name, c->name, (long long)hh[ROW_ID].i);
        if (c->type == COL_TEXT)
            snprintf(back, sizeof back, "update household set %s = '%.*s' where id = %lld", c->name,
                     (int)hh[i].n, hh[i].p, (long long)hh[ROW_ID].i);
        else
            snprintf(back, sizeof back, "update household set %s = %lld where id = %lld", c->name,
                     (long long)hh[i].i, (long long)hh[ROW_ID].i);
        tamper(&s.t, sql);
        if (strcmp(c->name, "code") == 0) { /* its claim is no longer its own, too */
            struct told t;
            assert_int_equal(verify(&s, &t), 3);
        } else {
            one_fault(&s, id, i == m->columns ? "its digest was changed, its values are as written"
                                              : "its values were changed outside the program");
        }
        tamper(&s.t, back);
        sound(&s);
        if (val_is_null(hh[i])) fail_msg("%s was never tried", c->name);
        snprintf(sql, sizeof sql, "update household set %s = null where id = %lld", c->name,
                 (long long)hh[ROW_ID].i);
        if (c->not_null || strcmp(c->name, "code") == 0) continue;
        tamper(&s.t, sql);
        one_fault(&s, id, "its values were changed outside the program");
        tamper(&s.t, back);
    }
    sample_close(&s);
}
STORE_TEST(every_changed_column_is_found)

static void rows_removed_and_added_are_named(enum engine engine)
{
    struct sample s;
    struct val hh[ENTITY_MAX_COLUMNS], p[ENTITY_MAX_COLUMNS];
    struct err e = { 0 };
    char sql[200], id[40];
    sample_open(&s, engine);
    fill(&s, hh, p);
    snprintf(id, sizeof id, "person, county 653224, id %lld", (long long)p[ROW_ID].i);
    tamper(&s.t, "create table kept as select * from person where county = 653224");
    tamper(&s.t, "delete from person where county = 653224");
    struct told t;
    assert_int_equal(verify(&s, &t), 2); /* the row, and the claim without a row */
    assert_non_null(strstr(t.text[0], id));
    assert_non_null(strstr(t.text[0], "the row is gone"));
    assert_non_null(strstr(t.text[1], "national_key: a citizen_id of person is claimed"));
    tamper(&s.t, "insert into person select * from kept");
    sound(&s);
    /* A copy under another id: its digest is not its own, and no entry knows it. */
    tamper(&s.t, "update kept set id = id + 1000000000000, number = 9, citizen_id = null");
    tamper(&s.t, "insert into person select * from kept");
    assert_int_equal(verify(&s, &t), 2);
    snprintf(id, sizeof id, "id %lld", (long long)p[ROW_ID].i + 1000000000000);
    assert_non_null(strstr(t.text[0], id));
    assert_non_null(strstr(t.text[1], id));
    assert_non_null(strstr(t.text[1], "the journal does not know this row"));
    snprintf(sql, sizeof sql, "delete from person where id = %lld", (long long)p[ROW_ID].i + 1000000000000);
    tamper(&s.t, sql);
    sound(&s);
    /* An old version put back with the digest it had then. */
    tamper(&s.t, "create table old as select * from household where code = 'HH1'");
    set(s.household, hh, HH_MEMBERS, val_int(4));
    assert_ok(change_row(&s, s.household, hh, 0, &e), e);
    tamper(&s.t, "delete from household where code = 'HH1'");
    tamper(&s.t, "insert into household select * from old");
    one_fault(&s, "household, county 653224", "another version than the last one written");
    sample_close(&s);
}
STORE_TEST(rows_removed_and_added_are_named)

static void a_deleted_row_that_is_back_is_named(enum engine engine)
{
    struct sample s;
    struct val hh[ENTITY_MAX_COLUMNS], p[ENTITY_MAX_COLUMNS];
    struct err e = { 0 };
    sample_open(&s, engine);
    fill(&s, hh, p);
    tamper(&s.t, "create table kept as select * from aid");
    struct val aid[ENTITY_MAX_COLUMNS];
    int64_t county = -1, id = 0;
    assert_ok(ref_find(s.model, s.aid, "A1", 2, -1, s.db, &s.arena, &county, &id, &e), e);
    assert_true(fetch(&s, s.aid, 0, id, aid));
    assert_ok(drop_row(&s, s.aid, aid, 0, &e), e);
    sound(&s);
    tamper(&s.t, "insert into aid select * from kept");
    one_fault(&s, "aid, county 0", "the row was deleted, and is back");
    sample_close(&s);
}
STORE_TEST(a_deleted_row_that_is_back_is_named)

static void stolen_claims_are_named(enum engine engine)
{
    struct sample s;
    struct val hh[ENTITY_MAX_COLUMNS], p[ENTITY_MAX_COLUMNS];
    struct told t;
    sample_open(&s, engine);
    fill(&s, hh, p);
    /* The claim of HH1 goes to another row of its county. */
    tamper(&s.t, "update national_key set id = id + 1 where kind = 80 and value = 'HH1'");
    assert_int_equal(verify(&s, &t), 2);
    assert_non_null(
        strstr(t.text[0], "national_key: a code of household is claimed for county 653224"));
    assert_non_null(strstr(t.text[1], "household, county 653224"));
    assert_non_null(strstr(t.text[1], "its code is not claimed for it"));
    tamper(&s.t, "update national_key set id = id - 1 where kind = 80 and value = 'HH1'");
    sound(&s);
    /* To another county. */
    tamper(&s.t, "update national_key set county = 653225 where kind = 80 and value = 'HH1'");
    assert_int_equal(verify(&s, &t), 2);
    tamper(&s.t, "update national_key set county = 653224 where kind = 80 and value = 'HH1'");
    /* Its value. */
    tamper(&s.t, "update national_key set value = 'HH9' where kind = 80 and value = 'HH1'");
    assert_int_equal(verify(&s, &t), 2);
    tamper(&s.t, "update national_key set value = 'HH1' where kind = 80 and value = 'HH9'");
    /* Gone; and one that nobody declares. */
    tamper(&s.t, "delete from national_key where kind = 88");
    one_fault(&s, "person, county 653224", "its citizen_id is not claimed for it");
    tamper(&s.t, "insert into national_key (kind, value, county, id) values (4001, 'x', 1, 1)");
    assert_int_equal(verify(&s, &t), 2);
    sample_close(&s);
}
STORE_TEST(stolen_claims_are_named)

/* Rows that came with a load have no entry of their own; the load's sums hold them. */
struct bulk { struct sample *s; int64_t number; struct val *rows; int n; int64_t county; };

static bool write_load(struct tx *tx, void *arg, struct err *e)
{
    struct bulk *b = arg;
    const struct table_map *m = b->s->household;
    struct load_sum sum = { 10, b->county, b->n, 0 };
    struct buf body;
    for (int i = 0; i < b->n; i++) {
        struct val *row = b->rows + i * ENTITY_MAX_COLUMNS;
        struct val claim[4] = { val_int(80), row[m->column[HH_CODE]], row[ROW_COUNTY],
                                row[ROW_ID] };
        sum.sum += (uint64_t)row[m->columns].i;
        if (!tx_exec(tx, &m->stmts[ENTITY_INSERT], row, m->columns + 1, NULL, e) ||
            !tx_exec(tx, &claim_stmts.stmts[CLAIM_TAKE], claim, 4, NULL, e))
            return false;
    }
    struct load_body l = { .number = b->number, .sums = &sum, .n = 1 };
    buf_init(&body, 1 << 20);
    load_body_write(&body, &l);
    struct journal_entry j = { .kind = JOURNAL_LOAD, .body = body.p, .body_n = body.n };
    bool ok = journal_add(tx, &j, e);
    buf_free(&body);
    return ok;
}

static bool write_undo(struct tx *tx, void *arg, struct err *e)
{
    struct bulk *b = arg;
    const struct table_map *m = b->s->household;
    struct buf body;
    for (int i = 0; i < b->n; i++) {
        struct val *row = b->rows + i * ENTITY_MAX_COLUMNS;
        struct val claim[4] = { val_int(80), row[m->column[HH_CODE]], row[ROW_COUNTY],
                                row[ROW_ID] };
        if (!tx_exec(tx, &m->stmts[ENTITY_DELETE], row, 2, NULL, e) ||
            !tx_exec(tx, &claim_stmts.stmts[CLAIM_FREE], claim, 4, NULL, e))
            return false;
    }
    buf_init(&body, 1 << 20);
    undo_body_write(&body, b->number);
    struct journal_entry j = { .kind = JOURNAL_UNDO, .body = body.p, .body_n = body.n };
    bool ok = journal_add(tx, &j, e);
    buf_free(&body);
    return ok;
}

static void loads_are_summed(enum engine engine)
{
    struct sample s;
    enum { N = 20 };
    struct err e = { 0 };
    sample_open(&s, engine);
    struct val *rows = calloc(N * ENTITY_MAX_COLUMNS, sizeof *rows);
    const struct table_map *m = s.household;
    for (int i = 0; i < N; i++) {
        struct val *row = rows + i * ENTITY_MAX_COLUMNS;
        char code[20];
        snprintf(code, sizeof code, "L%d", i);
        assert_ok(typed_read(s.model, m, TYPED("code", code, "place", "653224", "head",
            "Aygul", "cause", "1"), s.db, row, &s.arena, &e), e);
        row[ROW_ID] = val_int(1000 + i);
        row[ROW_RECORDED] = row[ROW_LOAD] = val_int(1);
        row[ROW_DRAFT] = val_int(0);
        row[m->columns] =
            val_int(map_digest(m, store_row_key(s.t.store), row));
    }
    struct bulk b = { &s, 1, rows, N, 653224 };
    assert_ok(store_write(s.t.store, write_load, &b, &e), e);
    sound(&s);
    set(m, rows, HH_MEMBERS, val_int(4));
    assert_ok(change_row(&s, m, rows, 0, &e), e);
    assert_ok(drop_row(&s, m, rows + ENTITY_MAX_COLUMNS, 0, &e), e);
    sound(&s);
    tamper(&s.t, "create table kept as select * from household where id = 1005");
    tamper(&s.t, "delete from household where id = 1005");
    struct told t;
    assert_int_equal(verify(&s, &t), 2);
    assert_non_null(strstr(t.text[0], "household, county 653224: the rows do not add up"));
    assert_non_null(strstr(t.text[1], "id 1005"));
    tamper(&s.t, "insert into household select * from kept");
    sound(&s);
    tamper(&s.t, "update household set members = 2 where id = 1006");
    one_fault(&s, "household, county 653224, id 1006", "do not belong together");
    sample_close(&s);
    free(rows);
}
STORE_TEST(loads_are_summed)

static void an_undone_load_counts_for_nothing(enum engine engine)
{
    struct sample s;
    struct val rows[ENTITY_MAX_COLUMNS];
    struct err e = { 0 };
    struct told t;
    sample_open(&s, engine);
    const struct table_map *m = s.household;
    assert_ok(typed_read(s.model, m, TYPED("code", "L", "place", "653225", "head", "Aygul", "cause",
        "1"), s.db, rows, &s.arena, &e), e);
    rows[ROW_ID] = val_int(1000);
    rows[ROW_RECORDED] = rows[ROW_LOAD] = val_int(1);
    rows[ROW_DRAFT] = val_int(0);
    rows[m->columns] = val_int(map_digest(m, store_row_key(s.t.store), rows));
    struct bulk b = { &s, 1, rows, 1, 653225 };
    assert_ok(store_write(s.t.store, write_load, &b, &e), e);
    sound(&s);
    assert_ok(store_write(s.t.store, write_undo, &b, &e), e);
    sound(&s);
    /* A whole county that is gone is found as well. */
    b.number = 2;
    assert_ok(store_write(s.t.store, write_load, &b, &e), e);
    sound(&s);
    tamper(&s.t, "delete from household");
    assert_int_equal(verify(&s, &t), 2);
    assert_non_null(strstr(t.text[0], "household, county 653225: the rows do not add up"));
    sample_close(&s);
}
STORE_TEST(an_undone_load_counts_for_nothing)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(a_sound_store_has_no_fault), STORE_TESTS(every_changed_column_is_found),
        STORE_TESTS(rows_removed_and_added_are_named),
        STORE_TESTS(a_deleted_row_that_is_back_is_named), STORE_TESTS(stolen_claims_are_named),
        STORE_TESTS(loads_are_summed), STORE_TESTS(an_undone_load_counts_for_nothing),
    };
    return test_store_main(tests, COUNT(tests));
}
