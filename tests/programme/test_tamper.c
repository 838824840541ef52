/* Whatever is changed in a store behind the program's back is named: one value of every column of
 * every table, a row taken away, a row added. Tables and columns are read from the store itself, so
 * that one that is new is walked too. */
#include <strings.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/count.h"
#include "programme.h"
#include "books.h"

#include "programme/access/access_sql.h"
#include "programme/place/place.h"
#include "store/tamper.h"
#include "support/files.h"

/* --- what is not proven, and why --- */

static const struct pass { const char *table, *column; const char *why; } passes[] = {
    { "writer", "holder", "a lease, which says nothing once it has ended" },
    { "writer", "until", "a lease" },
    { "load_run", "owner", "the process that works on a pending load" },
    { "load_run", "beat", "its last sign of life" },
    { "session", "(added)", "ends by itself, and is made anew by a sign-in" },
    { "job", "(added)", "work asked for by who may do it by hand, which ends by itself" },
    { "request_key", "(added)", "says which requests were sent before, and is forgotten after a while" },
    { "sign_in_failure", "(added)", "forgotten after a while" },
    { "load_run", "(removed)", "a load without one is taken back, as one that has died" },
};

static bool is_passed(const char *table, const char *column)
{
    for (int i = 0; i < COUNT(passes); i++)
        if (strcmp(passes[i].table, table) == 0 && strcmp(passes[i].column, column) == 0)
            return true;
    return false;
}

/* --- a store that has a row of most tables --- */

static const char gazetteer[] =
    "code,name\n650000000000,新疆维吾尔自治区\n653200000000,和田地区\n653224000000,洛浦县\n"
    "653224103000,恰尔巴格镇\n653224103222,阿亚克萨依村委会\n";
static const char retired[] = "code,name,parent_name,successor,rule\n653299,老县,和田地区,653224,same\n";
static const char aliases[] = "name,place,kind\nLop,653224,spelling\n";

static const char *const files[][2] = {
    { "document.csv", "code,title\nD1,A report\n" },
    { "organisation.csv", "code,name_zh,kind\nO1,一,enterprise\nO2,二,enterprise\n" },
    { "household.csv", "code,place,identified_on,exited_on,members,main_cause\n"
      "H1,653224103222,2014-01-01,,4,07\nH2,653224103222,2014-01-01,2018-12-31,3,07\n" },
    { "person.csv", "household,code,name,id_number,valid_from,basis\n"
      "H1,P1,甲,,2014-01-01,\nH1,P2,乙,99000019850111001X,,synthetic\n" },
    { "agreement.csv", "Our number,helper,place,level,valid_from\nA1,O1,653224,county,2019-01-01\n" },
    { "commitment.csv", "code,helper,place,kind,amount,state,valid_to,source\n"
      "C1,O1,653224,money,100,committed,2020,D1\n" },
};

static struct load_report load_folder(struct store *s, const struct model *mo, const char *dir,
                                      const struct load_options *opt)
{
    struct load_report r;
    struct err e = { 0 };
    const char *paths[1] = { dir };
    assert_ok(load_paths(mo, s, paths, 1, opt, &r, &e), e);
    for (int i = 0; i < r.n; i++)
        if (r.files[i].refused) fail_msg("%s: rows were refused", r.files[i].path);
    return r;
}

static void load_files(struct programme *p, const char *dir)
{
    char mapping[300];
    for (int i = 0; i < COUNT(files); i++) put_file(dir, files[i][0], files[i][1]);
    struct load_options opt = { .slice = 2 };
    struct load_report r;
    snprintf(mapping, sizeof mapping, "%s/agreement.csv", dir);
    unlink(mapping);
    r = load_folder(p->store.store, p->model, dir, &opt);
    load_report_free(&r);
    /* A header that has to be taught, so that a mapping is remembered. */
    test_dir_remove(dir);
    assert_int_equal(mkdir(dir, 0700), 0);
    put_file(dir, "agreement.csv", files[4][1]);
    snprintf(mapping, sizeof mapping, "%s.mapping", dir);
    FILE *f = fopen(mapping, "wb");
    assert_non_null(f);
    fputs("Our number = code\n", f);
    fclose(f);
    opt.mapping = mapping;
    opt.entity = "agreement";
    r = load_folder(p->store.store, p->model, dir, &opt);
    load_report_free(&r);
    unlink(mapping);
    test_dir_remove(dir);
    assert_int_equal(mkdir(dir, 0700), 0);
    /* A load that changes rows of another. */
    put_file(dir, "household.csv", "code,place,members\nH1,653224103222,5\n");
    opt = (struct load_options){ 0 };
    r = load_folder(p->store.store, p->model, dir, &opt);
    assert_int_equal(r.files[0].changed, 1);
    load_report_free(&r);
}

static void post_money(struct programme *p)
{
    struct books b = { .t = p->store, .m = { p->codes, p->model }, .day = date_make(2020, 5, 27) };
    struct err e = { 0 };
    struct account_ref out = books_account(&b, "T-OUT", COUNTY_A, "outside", NULL);
    struct account_ref pot = books_account(&b, "T-POT", COUNTY_A, "place", NULL);
    struct account_ref end = books_account(&b, "T-END", COUNTY_A, "project", NULL);
    struct account_ref home = books_account(&b, "T-HOME", COUNTY_A, "household", NULL);
    int64_t second;
    assert_ok(books_move(&b, out, pot, 1000, NULL, &e), e);
    assert_ok(books_move(&b, out, pot, 500, &second, &e), e);
    struct lot_name lot = { .seq = 2, .amount = 300 };
    struct books_op o = { .what = BOOKS_POST, .post = { .day = b.day, .n = 1 },
                          .legs = { { pot, end, 300, NULL, &lot, 1 } } };
    assert_ok(store_write(b.t.store, books_run, &o, &e), e);
    assert_ok(books_act(&b, BOOKS_RETURN, COUNTY_A, second, NULL, &e) ||
              books_move(&b, pot, end, 100, NULL, &e), e);
    assert_ok(books_move(&b, end, home, 350, NULL, &e), e); /* of two lots */
}

static bool add_account(struct tx *tx, void *arg, struct err *e)
{
    struct programme *p = arg;
    const struct table_map *m = model_find(p->model, "account");
    struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
    row[m->column[ACCOUNT_LOGIN]] = val_text("wang.min");
    row[m->column[ACCOUNT_NAME]] = val_text("Wang");
    row[m->column[ACCOUNT_ROLE]] = val_text("helper");
    row[m->column[ACCOUNT_STATE]] = val_text("active");
    if (!account_add(tx, p->model, row, "no password is this", e)) return false;
    const struct val code[] = { row[ROW_ID], val_text("mark") };
    const struct val token[] = { val_text("t"), val_int(tx_id(tx)), row[ROW_ID], val_text("n"),
                                 val_int(1), val_int(2), val_int(0) };
    return access_exec(tx, ACCESS_RECOVERY_PUT, code, 2, NULL, e) &&
           access_exec(tx, ACCESS_TOKEN_PUT, token, 7, NULL, e);
}

/* The child dies with part of its load in the store. */
static void die(void *arg, const struct load_progress *p)
{
    int *told = arg;
    if (p->done && ++*told == 2) _exit(0);
}

static void leave_pending(struct programme *p, const char *dir)
{
    struct buf b;
    buf_init(&b, 1 << 16);
    buf_str(&b, "code,place,identified_on,members,main_cause\nH2,653224103222,2014-01-01,2,07\n");
    for (int i = 10; i < 30; i++) buf_printf(&b, "H%d,653224103222,2015-01-01,3,07\n", i);
    put_file(dir, "household.csv", b.p);
    put_file(dir, "person.csv", "household,code,name,basis\nH10,P10,丙,synthetic\n");
    buf_free(&b);
    pid_t child = fork();
    if (child == 0) {
        struct store *s;
        struct load_report r;
        struct err e = { 0 };
        int told = 0;
        struct load_options opt = { .slice = 4, .progress = die, .progress_arg = &told };
        const char *paths[1] = { dir };
        bool ok = store_open(&s, p->store.url, &(struct store_options){ 0 }, &e) &&
                  load_paths(p->model, s, paths, 1, &opt, &r, &e);
        _exit(ok ? 2 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void fill(struct programme *p)
{
    char dir[200];
    struct err e = { 0 };
    const char *tmp = getenv("TMPDIR");
    snprintf(dir, sizeof dir, "%s/jiedui-tamper.XXXXXX", tmp && *tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(dir));
    unsigned char packed[2000];
    struct place_files f = { .places = { (char *)packed, gzip_text(gazetteer, packed, sizeof packed) },
                             .retired = { retired, sizeof retired - 1 },
                             .aliases = { aliases, sizeof aliases - 1 } };
    assert_ok(place_install(p->store.store, p->model, &f, &e), e);
    load_files(p, dir);
    assert_ok(store_write(p->store.store, add_account, p, &e), e);
    post_money(p);
    leave_pending(p, dir);
    test_dir_remove(dir);
}

/* --- verify --- */

struct heard { char all[1 << 16]; size_t n; int faults; };

static void hear(void *arg, const char *sentence)
{
    struct heard *h = arg;
    h->faults++;
    if (h->n + strlen(sentence) + 2 < sizeof h->all)
        h->n += (size_t)snprintf(h->all + h->n, sizeof h->all - h->n, "%s\n", sentence);
}

static void verify(struct programme *p, struct heard *h)
{
    struct err e = { 0 };
    struct faults f = { hear, h, 0 };
    h->faults = 0;
    h->n = (size_t)snprintf(h->all, sizeof h->all, "\n");
    assert_ok(journal_verify(p->db, NULL, &f, &e), e);
    assert_ok(entity_verify(p->model, p->db, &f, &e), e);
    assert_ok(figures_verify(&p->context, p->db, &f, &e), e);
    for (int i = 0; i < TEST_ROOMS; i++)
        if (test_rooms[i]->verify) assert_ok(test_rooms[i]->verify(p->db, &f, &e), e);
}

/* Does a sentence begin with the table's name, or what it is told by? */
static bool names(const struct heard *h, const char *table)
{
    static const char *const other[][2] = {
        { "fine_cell", "figure " }, { "county_cell", "figure " }, { "distinct_key", "figure " },
        { "fine_cell", "cells of figure " }, { "county_cell", "cells of figure " },
        { "ledger_head", "ledger, county" }, { "ledger_balance", "ledger, county" },
        { "lot_mark", "ledger, county" }, { "transfer", "ledger, county" },
        { "lot_use", "ledger, county" }, { "lot_taken", "ledger, county" }, { "writer", "journal: writer " },
    };
    char begin[80];
    snprintf(begin, sizeof begin, "\n%s", table);
    for (const char *at = h->all; (at = strstr(at, begin)) != NULL; at++) {
        char next = at[strlen(begin)];
        if (next == ',' || next == ':') return true;
    }
    snprintf(begin, sizeof begin, " in %s\n", table); /* a claim that is gone is told of its row */
    if (strstr(h->all, begin)) return true;
    for (int i = 0; i < COUNT(other); i++) {
        snprintf(begin, sizeof begin, "\n%s", other[i][1]);
        if (strcmp(other[i][0], table) == 0 && strstr(h->all, begin)) return true;
    }
    return false;
}

/* --- the store's own schema --- */

struct column_seen { char name[64]; char type; bool key, any; };
struct table_seen { char name[64]; struct column_seen col[80]; int n; int64_t rows; bool entity; };
struct walk { struct programme p; struct table_seen t[200]; int n; struct heard h; };

static bool take_table(void *arg, const struct val *row, int n, struct err *e)
{
    struct walk *w = arg;
    (void)n, (void)e;
    assert_true(w->n < COUNT(w->t));
    snprintf(w->t[w->n++].name, 64, "%.*s", (int)row[0].n, row[0].p);
    return true;
}

static bool take_column(void *arg, const struct val *row, int n, struct err *e)
{
    struct table_seen *t = arg;
    (void)n, (void)e;
    assert_true(t->n < COUNT(t->col));
    struct column_seen *c = &t->col[t->n++];
    snprintf(c->name, sizeof c->name, "%.*s", (int)row[0].n, row[0].p);
    c->type = strchr("tT", row[1].p[0]) ? 't' : strncasecmp(row[1].p, "b", 1) ? 'i'
            : strncasecmp(row[1].p, "bigint", 6) ? 'b' : 'i';
    c->key = row[2].i > 0;
    return true;
}

static int64_t count(struct walk *w, const char *sql)
{
    struct stmt s = stmt_composed(STMT_ADMIN, sql);
    struct err e = { 0 };
    int64_t n = 0;
    assert_ok(db_int(w->p.db, &s, NULL, 0, &n, NULL, &e), e);
    return n;
}

static void read_schema(struct walk *w, enum engine engine)
{
    struct err e = { 0 };
    struct stmt tables = stmt_composed(STMT_ADMIN, engine == ENGINE_SQLITE
        ? "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' "
          "order by name"
        : "select cast(table_name as text) from information_schema.tables where table_schema = "
          "current_schema() order by 1");
    struct stmt columns = stmt_composed(STMT_ADMIN, engine == ENGINE_SQLITE
        ? "select name, type, pk from pragma_table_info(?1) order by cid"
        : "select cast(a.attname as text), format_type(a.atttypid, null), case when a.attnum = any "
          "(select unnest(i.indkey) from pg_index i where i.indrelid = a.attrelid and "
          "i.indisprimary) then 1 else 0 end from pg_attribute a where a.attrelid = "
          "cast(cast(?1 as text) as regclass) and a.attnum > 0 and not a.attisdropped "
          "order by a.attnum");
    assert_ok(db_query(w->p.db, &tables, NULL, 0, take_table, w, &e), e);
    for (int i = 0; i < w->n; i++) {
        struct table_seen *t = &w->t[i];
        char sql[200];
        struct val name = val_text(t->name);
        assert_ok(db_query(w->p.db, &columns, &name, 1, take_column, t, &e), e);
        snprintf(sql, sizeof sql, "select count(*) from %s", t->name);
        t->rows = count(w, sql);
        const struct table_map *m = model_find(w->p.model, t->name);
        t->entity = m && !m->entity->view;
        for (int k = 0; k < t->n; k++) {
            snprintf(sql, sizeof sql, "select count(*) from %s where %s is not null", t->name,
                     t->col[k].name);
            t->col[k].any = count(w, sql) > 0;
        }
    }
}

/* --- breaking and mending --- */

static void keys_of(const struct table_seen *t, char out[400])
{
    size_t n = 0;
    for (int i = 0; i < t->n; i++)
        if (t->col[i].key) n += (size_t)snprintf(out + n, 400 - n, "%s%s", n ? ", " : "", t->col[i].name);
}

/* "where (county, id) = (select county, id from ... )": one row, in which the column has a value. */
static void one_row(const struct table_seen *t, const char *column, char *out, size_t size)
{
    char keys[400], known[100] = "";
    keys_of(t, keys);
    if (column) snprintf(known, sizeof known, " where %s is not null", column);
    snprintf(out, size, "where (%s) = (select %s from kept_%s%s order by %s limit 1)", keys, keys,
             t->name, known, keys);
}

static void break_column(struct walk *w, const struct table_seen *t, const struct column_seen *c)
{
    char sql[2000], where[900], value[300];
    bool sqlite = w->p.store.engine == ENGINE_SQLITE;
    one_row(t, c->any ? c->name : NULL, where, sizeof where);
    if (!c->any && c->type == 'b') snprintf(value, sizeof value, sqlite ? "x'01'" : "'\\x01'::bytea");
    else if (!c->any) snprintf(value, sizeof value, c->type == 'i' ? "1" : "'x'");
    else if (c->type == 'i') snprintf(value, sizeof value, c->key ? "%s + 1003" : "%s + 1",
                                       c->name);
    else if (c->type == 't') snprintf(value, sizeof value, "%s || 'x'", c->name);
    else if (!sqlite) snprintf(value, sizeof value, "set_byte(%s, 0, (get_byte(%s, 0) + 1) %% 256)",
                               c->name, c->name);
    else snprintf(value, sizeof value, "cast(case when substr(%s, 1, 1) = x'fe' then x'01' else "
                  "x'fe' end || substr(%s, 2) as blob)", c->name, c->name);
    snprintf(sql, sizeof sql, "update %s set %s = %s %s", t->name, c->name, value, where);
    tamper(&w->p.store, sql);
}

static void remove_row(struct walk *w, const struct table_seen *t)
{
    char sql[1200], where[900];
    one_row(t, NULL, where, sizeof where);
    snprintf(sql, sizeof sql, "delete from %s %s", t->name, where);
    tamper(&w->p.store, sql);
}

/* Does the key have a column besides the county? */
static bool other_key(const struct table_seen *t)
{
    for (int i = 0; i < t->n; i++)
        if (t->col[i].key && strcmp(t->col[i].name, "county") != 0) return true;
    return false;
}

/* Has the number to be another in a copy? Unique columns are no key, and they stand in all tables. */
static bool moves(const struct table_seen *t, const struct column_seen *c)
{
    if (c->type != 'i' || strcmp(c->name, "load") == 0) return false;
    if (strcmp(c->name, "county") == 0) return c->key && !other_key(t);
    return c->key || t->entity || strcmp(c->name, "id") == 0;
}

/* A copy of a row under another key; where there is none, a row of ones. */
static void add_row(struct walk *w, const struct table_seen *t)
{
    char sql[8000], where[900];
    size_t n = (size_t)snprintf(sql, sizeof sql, "insert into %s select ", t->name);
    bool sqlite = w->p.store.engine == ENGINE_SQLITE;
    one_row(t, NULL, where, sizeof where);
    for (int i = 0; i < t->n; i++) {
        const struct column_seen *c = &t->col[i];
        const char *comma = i ? ", " : "";
        if (!t->rows && c->type == 'b')
            n += (size_t)snprintf(sql + n, sizeof sql - n, "%s%s", comma,
                                  sqlite ? "x'01'" : "'\\x01'::bytea");
        else if (!t->rows)
            n += (size_t)snprintf(sql + n, sizeof sql - n, "%s%s", comma,
                                  c->type == 'i' ? "1" : "'x'");
        else if (c->type == 't' || moves(t, c))
            n += (size_t)snprintf(sql + n, sizeof sql - n, "%s%s%s", comma, c->name,
                                  c->type == 'i' ? " + 1003" : " || 'x'");
        else n += (size_t)snprintf(sql + n, sizeof sql - n, "%s%s", comma, c->name);
    }
    if (t->rows) snprintf(sql + n, sizeof sql - n, " from kept_%s %s", t->name, where);
    tamper(&w->p.store, sql);
}

static void keep(struct walk *w)
{
    for (int i = 0; i < w->n; i++) {
        char sql[200];
        snprintf(sql, sizeof sql, "create table kept_%s as select * from %s", w->t[i].name,
                 w->t[i].name);
        test_sql(w->p.store.store, sql);
    }
}

static void mend(struct walk *w, const struct table_seen *t)
{
    char sql[300];
    snprintf(sql, sizeof sql, "delete from %s", t->name);
    tamper(&w->p.store, sql);
    snprintf(sql, sizeof sql, "insert into %s select * from kept_%s", t->name, t->name);
    tamper(&w->p.store, sql);
}

/* --- the walk --- */

static int missed;

static void want(struct walk *w, const struct table_seen *t, const char *what)
{
    if (names(&w->h, t->name) || is_passed(t->name, what)) return;
    missed++;
    print_error("%s, %s: not named; verify said:%s\n", t->name, what, w->h.faults ? w->h.all : " nothing");
}

/* Of an entity the row is named, too. */
static void want_row(struct walk *w, const struct table_seen *t, const struct column_seen *c)
{
    char sql[1400], where[900], begin[200];
    one_row(t, c->any ? c->name : NULL, where, sizeof where);
    snprintf(sql, sizeof sql, "select id from kept_%s %s", t->name, where);
    int64_t id = count(w, sql);
    snprintf(sql, sizeof sql, "select county from kept_%s %s", t->name, where);
    snprintf(begin, sizeof begin, "\n%s, county %lld, id %lld: ", t->name,
             (long long)count(w, sql), (long long)id);
    if (c->key || strstr(w->h.all, begin)) return;
    missed++;
    print_error("%s, %s: the row is not named; verify said:%s\n", t->name, c->name, w->h.all);
}

static void walk_alone(struct walk *w, const struct table_seen *t)
{
    for (int k = 0; k < t->n && t->rows; k++) {
        break_column(w, t, &t->col[k]);
        verify(&w->p, &w->h);
        want(w, t, t->col[k].name);
        mend(w, t);
    }
    if (t->rows) {
        remove_row(w, t);
        verify(&w->p, &w->h);
        want(w, t, "(removed)");
        mend(w, t);
    }
    add_row(w, t);
    verify(&w->p, &w->h);
    want(w, t, "(added)");
    mend(w, t);
}

/* Rows of entities are proven one by one, so all tables are broken at once. */
static void walk_entities(struct walk *w)
{
    int most = 0;
    for (int i = 0; i < w->n; i++)
        if (w->t[i].entity && w->t[i].n > most) most = w->t[i].n;
    for (int k = 0; k < most + 2; k++) {
        char what[80];
        for (int pass = 0; pass < 3; pass++) {
            for (int i = 0; i < w->n; i++) {
                const struct table_seen *t = &w->t[i];
                bool add = k == most + 1, gone = k == most;
                if (!t->entity || (!add && !t->rows) || (!add && !gone && k >= t->n)) continue;
                snprintf(what, sizeof what, "%s", add ? "(added)" : gone ? "(removed)" : t->col[k].name);
                if (pass == 0 && add) add_row(w, t);
                if (pass == 0 && gone) remove_row(w, t);
                if (pass == 0 && !add && !gone) break_column(w, t, &t->col[k]);
                if (pass == 1) want(w, t, what);
                if (pass == 1 && !add && !gone) want_row(w, t, &t->col[k]);
                if (pass == 2) mend(w, t);
            }
            if (pass == 0) verify(&w->p, &w->h);
        }
    }
}

static void everything_is_named(enum engine engine)
{
    struct walk *w = calloc(1, sizeof *w);
    assert_non_null(w);
    programme_open(&w->p, engine);
    fill(&w->p);
    read_schema(w, engine);
    verify(&w->p, &w->h);
    if (w->h.faults) fail_msg("before anything was changed:%s", w->h.all);
    keep(w);
    missed = 0;
    for (int i = 0; i < w->n; i++) {
        if (!w->t[i].rows && !w->t[i].entity)
            print_message("%s has no rows here\n", w->t[i].name);
        if (!w->t[i].entity) walk_alone(w, &w->t[i]);
    }
    walk_entities(w);
    verify(&w->p, &w->h);
    if (w->h.faults) fail_msg("after everything was mended:%s", w->h.all);
    assert_int_equal(missed, 0);
    programme_close(&w->p);
    free(w);
}
STORE_TEST(everything_is_named)

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(everything_is_named) };
    return test_store_main(tests, COUNT(tests));
}
