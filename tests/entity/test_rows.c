/* Rows in, changed and out: drafts, claims, digests, the journal and its images, references. */
#include "sample.h"

static const char *const lop_hh1[] = { "code", "HH001", "place", "653224103222", "head", "买买提",
    "cause", "因病", "members", "4", "income", "1.2万", "phone", "13900001234", NULL };

static void assert_text(struct sample *s, const struct table_map *m, int field,
                        const struct val *row, const char *want)
{
    assert_string_equal(text_of(s, m, field, row), want);
}

static void fails(struct sample *s, const struct table_map *m, const char *const *typed,
                  enum err_code code, const char *field, const char *why)
{
    struct val row[ENTITY_MAX_COLUMNS];
    struct err e = { 0 };
    assert_err(try_put(s, m, typed, row, &e), e, code);
    assert_string_equal(e.field, field);
    if (!strstr(e.message, why)) fail_msg("%s (not: %s)", e.message, why);
}

static void inserts_and_reads_back(enum engine engine)
{
    struct sample s;
    struct val row[ENTITY_MAX_COLUMNS], got[ENTITY_MAX_COLUMNS];
    sample_open(&s, engine);
    put(&s, s.household, row, lop_hh1);
    assert_int_equal(row[ROW_COUNTY].i, 653224);
    assert_true(row[ROW_ID].i > 0);
    assert_true(row[ROW_RECORDED].i > 0);
    assert_int_equal(row[ROW_LOAD].i, 0);
    assert_int_equal(row[ROW_DRAFT].i, 0);
    assert_true(fetch(&s, s.household, 653224, row[ROW_ID].i, got));
    for (int i = 0; i <= s.household->columns; i++) assert_true(val_equal(row[i], got[i]));
    assert_int_equal(got[s.household->columns].i,
                     map_digest(s.household, store_row_key(s.t.store), got));
    assert_text(&s, s.household, HH_INCOME, got, "12000.00");
    assert_text(&s, s.household, HH_CAUSE, got, "01");
    assert_text(&s, s.household, map_field(s.household, "basis"), got, "recorded");
    assert_false(fetch(&s, s.household, 653225, row[ROW_ID].i, got));
    sample_close(&s);
}
STORE_TEST(inserts_and_reads_back)

static void keeps_drafts(enum engine engine)
{
    struct sample s;
    struct val row[ENTITY_MAX_COLUMNS], got[ENTITY_MAX_COLUMNS];
    struct err e = { 0 };
    sample_open(&s, engine);
    put(&s, s.household, row, TYPED("code", "HH1", "place", "653224103222", "members", "3"));
    assert_int_equal(row[ROW_DRAFT].i, 1);
    set(s.household, row, HH_HEAD, val_text("Aygul"));
    assert_ok(change_row(&s, s.household, row, 0, &e), e);
    assert_int_equal(row[ROW_DRAFT].i, 1);
    set(s.household, row, HH_CAUSE, val_text("01"));
    assert_ok(change_row(&s, s.household, row, 0, &e), e);
    assert_true(fetch(&s, s.household, 653224, row[ROW_ID].i, got));
    assert_int_equal(got[ROW_DRAFT].i, 0);
    /* What says which row it is, and where, is needed even of a draft; other entities keep none. */
    fails(&s, s.household, TYPED("place", "653224103222", "head", "Aygul"), ERR_INVALID, "code",
          "code: it must be given");
    fails(&s, s.household, TYPED("code", "HH2", "head", "Aygul"), ERR_INVALID, "place",
          "place: it must be given");
    fails(&s, s.person, TYPED("household", "HH1", "number", "1"), ERR_INVALID, "name",
          "name: it must be given");
    sample_close(&s);
}
STORE_TEST(keeps_drafts)

static void refuses_what_breaks_a_rule(enum engine engine)
{
    struct sample s;
    sample_open(&s, engine);
    const char *typed[] = { "code", "H", "place", "653224103222", "head", "Aygul", "cause", "01",
                            "members", "21", NULL };
    fails(&s, s.household, typed, ERR_INVALID, "members", "21 is more than 20");
    typed[9] = "0";
    fails(&s, s.household, typed, ERR_INVALID, "members", "0 is less than 1");
    typed[9] = "9"; /* a warning alone */
    typed[5] = "Aygul2";
    fails(&s, s.household, typed, ERR_INVALID, "head", "a name has no digits");
    typed[5] = "A";
    fails(&s, s.household, typed, ERR_INVALID, "head", "at least 2 are needed");
    typed[5] = "买买提买买提买买提买买提买买提买买提买买提";
    fails(&s, s.household, typed, ERR_INVALID, "head", "it has 21 characters; at most 20 fit");
    fails(&s, s.household,
          TYPED("code", "H", "place", "653224103222", "head", "Aygul", "cause", "02", "martyr",
                "yes"),
          ERR_INVALID, "", "a martyr family's cause is another");
    fails(&s, s.household,
          TYPED("code", "H", "place", "653224103222", "head", "Aygul", "cause", "01", "valid_from",
                "2020-05", "valid_to", "2020-04"),
          ERR_INVALID, "valid_to", "it lies before valid_from");
    sample_close(&s);
}
STORE_TEST(refuses_what_breaks_a_rule)

static void keys_are_taken_once(enum engine engine)
{
    struct sample s;
    struct val row[ENTITY_MAX_COLUMNS], other[ENTITY_MAX_COLUMNS];
    struct err e = { 0 };
    sample_open(&s, engine);
    put(&s, s.household, row, lop_hh1);
    /* In the whole nation: the same code in another county. */
    fails(&s, s.household,
          TYPED("code", "HH001", "place", "653225", "head", "Aygul", "cause", "01"), ERR_CONFLICT,
          "code", "another row of household has this code already");
    put(&s, s.person, row, TYPED("household", "HH001", "number", "1", "name", "Aygul", "citizen_id",
                                 "11010519491231002X"));
    /* In its table. */
    fails(&s, s.person, TYPED("household", "HH001", "number", "1", "name", "Tursun"), ERR_CONFLICT,
          "number", "another row of person has this household, number already");
    /* A value besides the key, by another writing of it. */
    fails(&s, s.person, TYPED("household", "HH001", "number", "2", "name", "Tursun", "citizen_id",
          "110105491231002"), ERR_CONFLICT, "citizen_id", "has this citizen_id already");
    put(&s, s.person, other, TYPED("household", "HH001", "number", "2", "name", "Tursun"));
    set(s.person, other, PERSON_ID, val_text("11010519491231002X"));
    assert_err(change_row(&s, s.person, other, 0, &e), e, ERR_CONFLICT);
    /* Given up by one, it can be another's. */
    set(s.person, row, PERSON_ID, val_null());
    assert_ok(change_row(&s, s.person, row, 0, &e), e);
    assert_ok(change_row(&s, s.person, other, 0, &e), e);
    /* A part of the key that may be missing counts as missing. */
    put(&s, s.visit, row, TYPED("household", "HH001", "on_date", "2020-05-27"));
    fails(&s, s.visit, TYPED("household", "HH001", "on_date", "2020-05-27"), ERR_CONFLICT, "kind",
          "has this household, on_date, kind already");
    put(&s, s.visit, row, TYPED("household", "HH001", "on_date", "2020-05-27", "kind", "survey"));
    /* A table of the nation. */
    put(&s, s.organisation, row, TYPED("code", "O1", "name", "Office"));
    fails(&s, s.organisation, TYPED("code", "O1", "name", "Other"), ERR_CONFLICT, "code",
          "has this code already");
    sample_close(&s);
}
STORE_TEST(keys_are_taken_once)

static void changes_see_what_they_change(enum engine engine)
{
    struct sample s;
    struct val row[ENTITY_MAX_COLUMNS], late[ENTITY_MAX_COLUMNS], got[ENTITY_MAX_COLUMNS];
    struct err e = { 0 };
    sample_open(&s, engine);
    const struct table_map *m = s.household;
    put(&s, m, row, lop_hh1);
    int64_t seen = row[m->columns].i, first = row[ROW_RECORDED].i;
    memcpy(late, row, sizeof late);
    set(m, row, HH_MEMBERS, val_int(5));
    assert_ok(change_row(&s, m, row, seen, &e), e);
    assert_true(row[m->columns].i != seen);
    assert_true(row[ROW_RECORDED].i >= first);
    set(m, late, HH_MEMBERS, val_int(6));
    assert_err(change_row(&s, m, late, seen, &e), e, ERR_CONFLICT);
    assert_err(drop_row(&s, m, late, seen, &e), e, ERR_CONFLICT);
    /* Nothing to change: nothing is written. */
    seen = row[m->columns].i;
    assert_ok(change_row(&s, m, row, seen, &e), e);
    assert_int_equal(row[m->columns].i, seen);
    /* A row stays in its county, within which it may move. */
    set(m, row, HH_PLACE, val_int(653225000000));
    assert_err(change_row(&s, m, row, 0, &e), e, ERR_INVALID);
    assert_string_equal(e.field, "place");
    set(m, row, HH_PLACE, val_int(653224103000));
    assert_ok(change_row(&s, m, row, 0, &e), e);
    assert_ok(drop_row(&s, m, row, row[m->columns].i, &e), e);
    assert_false(fetch(&s, m, 653224, row[ROW_ID].i, got));
    assert_err(drop_row(&s, m, row, 0, &e), e, ERR_NOT_FOUND);
    assert_err(change_row(&s, m, row, 0, &e), e, ERR_NOT_FOUND);
    put(&s, m, got, lop_hh1); /* its code is free again */
    sample_close(&s);
}
STORE_TEST(changes_see_what_they_change)

static bool insert_given(struct tx *tx, void *arg, struct err *e)
{
    struct change *c = arg;
    return row_insert(tx, c->s->model, c->m, c->row, e);
}

static int64_t count_entries(struct sample *s);

static void a_retry_is_done_once(enum engine engine)
{
    struct sample s;
    struct val row[ENTITY_MAX_COLUMNS], again[ENTITY_MAX_COLUMNS];
    struct err e = { 0 };
    sample_open(&s, engine);
    const struct table_map *m = s.household;
    put(&s, m, row, lop_hh1);
    memcpy(again, row, sizeof again);
    int64_t entries = count_entries(&s);
    struct change c = { &s, m, again, 0 };
    assert_ok(store_write(s.t.store, insert_given, &c, &e), e);
    assert_int_equal(again[m->columns].i, row[m->columns].i);
    assert_int_equal(count_entries(&s), entries);
    set(m, again, HH_MEMBERS, val_int(5));
    assert_err(store_write(s.t.store, insert_given, &c, &e), e, ERR_CONFLICT);
    sample_close(&s);
}
STORE_TEST(a_retry_is_done_once)

static bool count_one(void *arg, const struct journal_row *j, struct err *e)
{
    (void)j;
    (void)e;
    ++*(int64_t *)arg;
    return true;
}

static int64_t count_entries(struct sample *s)
{
    int64_t n = 0;
    struct err e = { 0 };
    assert_ok(journal_walk(s->db, count_one, &n, &e), e);
    return n;
}

struct trail { struct journal_row row[8]; int n; };

static bool keep_entry(void *arg, const struct journal_row *j, struct err *e)
{
    struct trail *t = arg;
    (void)e;
    assert_true(t->n < 8);
    t->row[t->n++] = *j;
    return true;
}

static bool update_as(struct tx *tx, void *arg, struct err *e)
{
    row_actor(tx, 42);
    return update_row(tx, arg, e);
}

static void the_journal_tells_it_all(enum engine engine)
{
    struct sample s;
    struct val row[ENTITY_MAX_COLUMNS], v1[ENTITY_MAX_COLUMNS], *image;
    struct trail t = { .n = 0 };
    struct err e = { 0 };
    int n;
    sample_open(&s, engine);
    const struct table_map *m = s.household;
    put(&s, m, row, lop_hh1);
    memcpy(v1, row, sizeof v1);
    set(m, row, HH_MEMBERS, val_int(5));
    struct change c = { &s, m, row, 0 };
    assert_ok(store_write(s.t.store, update_as, &c, &e), e);
    int64_t d2 = row[m->columns].i;
    assert_ok(drop_row(&s, m, row, 0, &e), e);
    assert_ok(journal_of(s.db, 10, 653224, row[ROW_ID].i, keep_entry, &t, &e), e);
    assert_int_equal(t.n, 3);
    int64_t d1 = v1[m->columns].i;
    const struct { enum journal_kind kind; int64_t before, after, actor;
    } want[3] = { { JOURNAL_INSERT, 0, d1, 0 },
                  { JOURNAL_UPDATE, d1, d2, 42 },
                  { JOURNAL_DELETE, d2, 0, 0 } };
    for (int i = 0; i < 3; i++) {
        assert_int_equal(t.row[i].kind, want[i].kind);
        assert_int_equal(t.row[i].before, want[i].before);
        assert_int_equal(t.row[i].after, want[i].after);
        assert_int_equal(t.row[i].actor, want[i].actor);
    }
    assert_ok(journal_image(s.db, t.row[1].writer, t.row[1].seq, 653224, &s.arena, &image, &n, &e),
              e);
    assert_true(map_from_image(m, image, n, row));
    for (int i = 0; i < m->columns; i++) assert_true(val_equal(row[i], v1[i]));
    assert_false(map_from_image(m, image, n - 1, row));
    assert_ok(journal_image(s.db, t.row[0].writer, t.row[0].seq, 653224, &s.arena, &image, &n, &e),
              e);
    assert_int_equal(n, 0);
    sample_close(&s);
}
STORE_TEST(the_journal_tells_it_all)

struct told { int n; int64_t before[16], after[16]; bool refuse; };

static bool observer(void *arg, struct tx *tx, const struct table_map *m, const struct val *before,
                     const struct val *after, struct err *e)
{
    struct told *t = arg;
    (void)tx;
    t->before[t->n] = before ? before[m->columns].i : 0;
    t->after[t->n++] = after ? after[m->columns].i : 0;
    return !t->refuse || err_set(e, ERR_INVALID, "the observer refuses");
}

static void the_observer_is_told(enum engine engine)
{
    struct sample s;
    struct val row[ENTITY_MAX_COLUMNS], got[ENTITY_MAX_COLUMNS];
    struct told t = { .n = 0 };
    struct err e = { 0 };
    sample_open(&s, engine);
    s.model->observe = observer;
    s.model->observe_arg = &t;
    put(&s, s.household, row, lop_hh1);
    int64_t d1 = row[s.household->columns].i;
    set(s.household, row, HH_MEMBERS, val_int(5));
    assert_ok(change_row(&s, s.household, row, 0, &e), e);
    int64_t d2 = row[s.household->columns].i;
    assert_ok(change_row(&s, s.household, row, 0, &e), e); /* no change, no word */
    t.refuse = true;
    assert_err(drop_row(&s, s.household, row, 0, &e), e, ERR_INVALID);
    assert_true(fetch(&s, s.household, 653224, row[ROW_ID].i, got)); /* and nothing is done */
    t.refuse = false;
    assert_ok(drop_row(&s, s.household, row, 0, &e), e);
    assert_int_equal(t.n, 4);
    const int64_t want[4][2] = { { 0, d1 }, { d1, d2 }, { d2, 0 }, { d2, 0 } };
    for (int i = 0; i < 4; i++) {
        assert_int_equal(t.before[i], want[i][0]);
        assert_int_equal(t.after[i], want[i][1]);
    }
    sample_close(&s);
}
STORE_TEST(the_observer_is_told)

static void find(struct sample *s, const struct table_map *m, const char *text, int64_t near,
                 const struct val *want)
{
    int64_t county = -1, id = -1;
    struct err e = { 0 };
    if (!ref_find(s->model, m, text, strlen(text), near, s->db, &s->arena, &county, &id, &e))
        fail_msg("'%s': %s", text, e.message);
    assert_int_equal(county, want[ROW_COUNTY].i);
    assert_int_equal(id, want[ROW_ID].i);
}

static void cannot_find(struct sample *s, const struct table_map *m, const char *text, int64_t near,
                        enum err_code code)
{
    int64_t county, id;
    struct err e = { 0 };
    assert_err(ref_find(s->model, m, text, strlen(text), near, s->db, &s->arena, &county, &id, &e),
               e, code);
}

static void references_by_text(enum engine engine)
{
    struct sample s;
    struct val hh[ENTITY_MAX_COLUMNS], p[ENTITY_MAX_COLUMNS], org[ENTITY_MAX_COLUMNS],
        visit[ENTITY_MAX_COLUMNS], odd[ENTITY_MAX_COLUMNS];
    struct err e = { 0 };
    char text[64];
    sample_open(&s, engine);
    put(&s, s.household, hh, lop_hh1);
    put(&s, s.household, odd,
        TYPED("code", "A/B", "place", "653225", "head", "Aygul", "cause", "1"));
    put(&s, s.person, p, TYPED("household", "HH001", "number", "7", "name", "Aygul", "citizen_id",
                               "11010519491231002X"));
    put(&s, s.organisation, org, TYPED("code", "O1", "name", "Office", "credit_code",
                                       "91350100M000100Y43"));
    find(&s, s.household, "HH001", -1, hh);
    find(&s, s.household, "HH001", 653225, hh);   /* the key says which, wherever one stands */
    find(&s, s.person, "HH001/7", -1, p);
    find(&s, s.person, "11010519491231002x", -1, p);
    find(&s, s.organisation, "O1", -1, org);
    find(&s, s.organisation, "91350100M000100Y43", -1, org);
    snprintf(text, sizeof text, "653224:%lld", (long long)p[ROW_ID].i);
    find(&s, s.person, text, -1, p);
    snprintf(text, sizeof text, "%lld", (long long)p[ROW_ID].i);
    find(&s, s.person, text, -1, p);
    find(&s, s.person, text, 653224, p);
    find(&s, s.person, text, 653225, p);
    cannot_find(&s, s.person, "HH001/8", -1, ERR_NOT_FOUND);
    cannot_find(&s, s.person, "HH001", -1, ERR_NOT_FOUND);
    cannot_find(&s, s.person, "HH001/7/1", -1, ERR_NOT_FOUND);
    cannot_find(&s, s.person, "653225:1", -1, ERR_NOT_FOUND);
    cannot_find(&s, s.organisation, "12345", -1, ERR_NOT_FOUND);
    cannot_find(&s, s.organisation, "", -1, ERR_NOT_FOUND);
    assert_string_equal(ref_text(s.model, s.person, 653224, p[ROW_ID].i, s.db, &s.arena),
                        "HH001/7");
    assert_string_equal(ref_text(s.model, s.organisation, 0, org[ROW_ID].i, s.db, &s.arena), "O1");
    assert_string_equal(ref_text(s.model, s.person, 653224, 5, s.db, &s.arena), "653224:5");
    assert_string_equal(ref_text(s.model, s.organisation, 0, 5, s.db, &s.arena), "5");
    /* A "/" inside a part is doubled. */
    put(&s, s.person, odd, TYPED("household", "A/B", "number", "1", "name", "Aygul"));
    assert_string_equal(ref_text(s.model, s.person, 653225, odd[ROW_ID].i, s.db, &s.arena),
                        "A//B/1");
    find(&s, s.person, "A//B/1", -1, odd);
    /* Near references lie in the row's own county. */
    put(&s, s.visit, visit, TYPED("household", "HH001", "on_date", "2020-05-27", "met", "HH001/7"));
    assert_int_equal(visit[s.visit->column[VISIT_MET]].i, p[ROW_ID].i);
    assert_false(try_put(&s, s.visit, TYPED("household", "A/B", "on_date", "2020-05-27", "met",
                                            "HH001/7"), visit, &e));
    assert_string_equal(e.field, "met");
    assert_non_null(strstr(e.message, "lies in county 653224, this row in 653225"));
    sample_close(&s);
}
STORE_TEST(references_by_text)

static void far_references_and_facts(enum engine engine)
{
    struct sample s;
    struct val hh[ENTITY_MAX_COLUMNS], org[ENTITY_MAX_COLUMNS], a[ENTITY_MAX_COLUMNS],
        part[ENTITY_MAX_COLUMNS];
    sample_open(&s, engine);
    put(&s, s.household, hh, lop_hh1);
    put(&s, s.organisation, org, TYPED("code", "O1", "name", "Office"));
    put(&s, s.aid, a, TYPED("code", "A1", "giver", "O1", "household", "HH001", "amount", "3亿",
                            "qualifier", "超过", "state", "planned", "valid_from", "2020"));
    const struct table_map *m = s.aid;
    assert_int_equal(a[ROW_COUNTY].i, 0);
    assert_int_equal(a[m->county_column[AID_TO]].i, 653224);
    assert_int_equal(a[m->column[AID_TO]].i, hh[ROW_ID].i);
    assert_int_equal(a[m->column[AID_GIVER]].i, org[ROW_ID].i);
    assert_text(&s, m, AID_TO, a, "HH001");
    assert_text(&s, m, AID_GIVER, a, "O1");
    assert_text(&s, m, m->fact + FACT_QUALIFIER, a, "gt");
    assert_text(&s, m, m->fact + FACT_QUANTITY, a, "1");
    put(&s, m, part, TYPED("code", "A2", "of_which", "A1", "place", "653225"));
    assert_text(&s, m, m->fact + FACT_OF_WHICH, part, "A1");
    sample_close(&s);
}
STORE_TEST(far_references_and_facts)

static void a_row_that_is_referred_to_stays(enum engine engine)
{
    struct sample s;
    struct val hh[ENTITY_MAX_COLUMNS], org[ENTITY_MAX_COLUMNS], p[ENTITY_MAX_COLUMNS],
        a[ENTITY_MAX_COLUMNS];
    struct err e = { 0 };
    sample_open(&s, engine);
    put(&s, s.organisation, org, TYPED("code", "O1", "name", "Office"));
    put(&s, s.household, hh,
        TYPED("code", "HH001", "place", "653224", "head", "Aygul", "cause", "1", "helper", "O1"));
    put(&s, s.person, p, TYPED("household", "HH001", "number", "1", "name", "Aygul"));
    put(&s, s.aid, a, TYPED("code", "A1", "household", "HH001"));
    assert_err(drop_row(&s, s.organisation, org, 0, &e), e, ERR_CONFLICT);
    assert_non_null(strstr(e.message, "rows of household still refer to this row by helper"));
    assert_err(drop_row(&s, s.household, hh, 0, &e), e, ERR_CONFLICT);
    assert_non_null(strstr(e.message, "rows of person still refer"));
    assert_ok(drop_row(&s, s.person, p, 0, &e), e);
    assert_err(drop_row(&s, s.household, hh, 0, &e), e, ERR_CONFLICT);
    assert_non_null(strstr(e.message, "rows of aid still refer to this row by household"));
    assert_ok(drop_row(&s, s.aid, a, 0, &e), e);
    assert_ok(drop_row(&s, s.household, hh, 0, &e), e);
    assert_ok(drop_row(&s, s.organisation, org, 0, &e), e);
    sample_close(&s);
}
STORE_TEST(a_row_that_is_referred_to_stays)

static void a_tampered_row_is_not_built_upon(enum engine engine)
{
    struct sample s;
    struct val row[ENTITY_MAX_COLUMNS];
    struct err e = { 0 };
    sample_open(&s, engine);
    put(&s, s.household, row, lop_hh1);
    test_sql(s.t.store, "update household set members = 6");
    set(s.household, row, HH_MEMBERS, val_int(5));
    assert_err(change_row(&s, s.household, row, 0, &e), e, ERR_CORRUPT);
    assert_err(drop_row(&s, s.household, row, 0, &e), e, ERR_CORRUPT);
    sample_close(&s);
}
STORE_TEST(a_tampered_row_is_not_built_upon)

/* The same on tables that are cut by county: keys hold their county, and statements name it. */
static void rows_on_partitions(void **state)
{
    struct sample s;
    struct val hh[ENTITY_MAX_COLUMNS], p[ENTITY_MAX_COLUMNS], got[ENTITY_MAX_COLUMNS];
    struct err e = { 0 };
    (void)state;
    if (!test_has_postgres()) skip();
    sample_open_on(&s, ENGINE_POSTGRES, 8);
    put(&s, s.household, hh, lop_hh1);
    put(&s, s.person, p, TYPED("household", "HH001", "number", "1", "name", "Aygul"));
    find(&s, s.person, "HH001/1", -1, p);
    fails(&s, s.household, lop_hh1, ERR_CONFLICT, "code", "has this code already");
    set(s.household, hh, HH_MEMBERS, val_int(5));
    assert_ok(change_row(&s, s.household, hh, 0, &e), e);
    assert_true(fetch(&s, s.household, 653224, hh[ROW_ID].i, got));
    assert_int_equal(got[s.household->columns].i, hh[s.household->columns].i);
    assert_err(drop_row(&s, s.household, hh, 0, &e), e, ERR_CONFLICT);
    assert_ok(drop_row(&s, s.person, p, 0, &e), e);
    assert_ok(drop_row(&s, s.household, hh, 0, &e), e);
    sample_close(&s);
}

static void the_cache_of_references(void **state)
{
    struct ref_cache *c = ref_cache_open(100);
    int64_t county, id;
    (void)state;
    assert_false(ref_cache_get(c, 1, "HH1", 3, &county, &id));
    ref_cache_put(c, 1, "HH1", 3, 653224, 7);
    assert_true(ref_cache_get(c, 1, "HH1", 3, &county, &id));
    assert_int_equal(county, 653224);
    assert_int_equal(id, 7);
    assert_false(ref_cache_get(c, 2, "HH1", 3, &county, &id));
    assert_false(ref_cache_get(c, 1, "HH2", 3, &county, &id));
    char text[64];
    memset(text, 'x', sizeof text);
    ref_cache_put(c, 1, text, sizeof text, 1, 2); /* too long to be remembered */
    assert_false(ref_cache_get(c, 1, text, sizeof text, &county, &id));
    /* Whatever was pushed out, what is found is right. */
    for (int i = 0; i < 5000; i++) {
        int n = snprintf(text, sizeof text, "K%d", i);
        ref_cache_put(c, 3, text, (size_t)n, i, i * 2);
    }
    int found = 0;
    for (int i = 0; i < 5000; i++) {
        int n = snprintf(text, sizeof text, "K%d", i);
        if (!ref_cache_get(c, 3, text, (size_t)n, &county, &id)) continue;
        found++;
        assert_int_equal(county, i);
        assert_int_equal(id, i * 2);
    }
    assert_true(found > 50);
    ref_cache_close(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TESTS(inserts_and_reads_back), STORE_TESTS(keeps_drafts),
        STORE_TESTS(refuses_what_breaks_a_rule), STORE_TESTS(keys_are_taken_once),
        STORE_TESTS(changes_see_what_they_change), STORE_TESTS(a_retry_is_done_once),
        STORE_TESTS(the_journal_tells_it_all), STORE_TESTS(the_observer_is_told),
        STORE_TESTS(references_by_text), STORE_TESTS(far_references_and_facts),
        STORE_TESTS(a_row_that_is_referred_to_stays), STORE_TESTS(a_tampered_row_is_not_built_upon),
        cmocka_unit_test(rows_on_partitions), cmocka_unit_test(the_cache_of_references),
    };
    return test_store_main(tests, COUNT(tests));
}
