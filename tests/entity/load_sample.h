/* What the tests of loading share: a folder of files, a load of it, and what the store then holds.
 */
#ifndef JD_TESTS_ENTITY_LOAD_SAMPLE_H
#define JD_TESTS_ENTITY_LOAD_SAMPLE_H

#include "sample.h"

#include <sys/stat.h>

struct folder { char path[200]; };

static inline void folder_open(struct folder *f)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(f->path, sizeof f->path, "%s/jiedui-load.XXXXXX", tmp && *tmp ? tmp : "/tmp");
    if (!mkdtemp(f->path)) fail_msg("no temporary directory %s", f->path);
}

static inline void folder_close(struct folder *f)
{
    test_dir_remove(f->path);
}

static inline const char *folder_file(const struct folder *f, const char *name, char out[400])
{
    snprintf(out, 400, "%s/%s", f->path, name);
    return out;
}

static inline void folder_put_bytes(const struct folder *f, const char *name, const void *p,
                                    size_t n)
{
    char path[400];
    FILE *out = fopen(folder_file(f, name, path), "wb");
    if (!out) fail_msg("%s cannot be written", path);
    assert_int_equal(fwrite(p, 1, n, out), n);
    assert_int_equal(fclose(out), 0);
}

static inline void folder_put(const struct folder *f, const char *name, const char *text)
{
    folder_put_bytes(f, name, text, strlen(text));
}

/* The file's text, or NULL when there is none. Arena. */
static inline const char *folder_get(const struct folder *f, const char *name, struct arena *a)
{
    char path[400];
    FILE *in = fopen(folder_file(f, name, path), "rb");
    if (!in) return NULL;
    fseek(in, 0, SEEK_END);
    size_t n = (size_t)ftell(in);
    rewind(in);
    char *text = arena_alloc(a, n + 1);
    assert_int_equal(fread(text, 1, n, in), n);
    fclose(in);
    return text;
}

static inline bool try_load(struct sample *s, const struct folder *f, const char *name,
                            const struct load_options *opt, struct load_report *r, struct err *e)
{
    char path[400];
    const char *paths[1] = { name ? folder_file(f, name, path) : f->path };
    return load_paths(s->model, s->t.store, paths, 1, opt, r, e);
}

/* Loads a file of the folder, or all of it (name NULL), and adds the reports up. */
static inline struct load_file_report load_sum_up(struct sample *s, const struct folder *f,
                                                  const char *name, const struct load_options *opt,
                                                  int64_t *number)
{
    struct load_file_report sum = { 0 };
    struct load_report r;
    struct err e = { 0 };
    assert_ok(try_load(s, f, name, opt, &r, &e), e);
    for (int i = 0; i < r.n; i++) {
        sum.rows += r.files[i].rows;
        sum.inserted += r.files[i].inserted;
        sum.changed += r.files[i].changed;
        sum.unchanged += r.files[i].unchanged;
        sum.drafts += r.files[i].drafts;
        sum.refused += r.files[i].refused;
        sum.warned += r.files[i].warned;
    }
    if (number) *number = r.number;
    load_report_free(&r);
    return sum;
}

#define assert_loaded(got, ins, chg, same, ref) \
    do { \
        struct load_file_report got_ = (got); \
        if (got_.inserted != (ins) || got_.changed != (chg) || got_.unchanged != (same) \
            || got_.refused != (ref)) \
            fail_msg("%lld inserted, %lld changed, %lld unchanged, %lld refused", \
                     (long long)got_.inserted, (long long)got_.changed, \
                     (long long)got_.unchanged, (long long)got_.refused); \
    } while (0)

static inline void assert_load_fails(struct sample *s, const struct folder *f, const char *name,
                                     const struct load_options *opt, enum err_code code,
                                     const char *why)
{
    struct load_report r;
    struct err e = { 0 };
    assert_err(try_load(s, f, name, opt, &r, &e), e, code);
    if (!strstr(e.message, why)) fail_msg("%s (not: %s)", e.message, why);
}

/* ---- what the store holds ---- */

struct dump { struct sample *s; struct buf *out; char **lines; size_t n, cap; };

static inline bool dump_row(void *arg, const struct table_map *m, const struct val *row,
                            struct err *e)
{
    struct dump *d = arg;
    struct buf b;
    (void)e;
    buf_init(&b, 1 << 20);
    buf_printf(&b, "%s|%lld|%lld", m->entity->name, (long long)row[ROW_COUNTY].i,
               (long long)row[ROW_DRAFT].i);
    for (int f = 0; f < m->fields; f++) {
        buf_char(&b, '|');
        buf_str(&b, field_write(d->s->model, m, f, row, d->s->db, &d->s->arena));
    }
    if (d->n == d->cap) {
        d->cap = d->cap ? d->cap * 2 : 256;
        d->lines = mem_grow(d->lines, d->cap * sizeof *d->lines);
    }
    d->lines[d->n++] = mem_strdup(b.p);
    buf_free(&b);
    return true;
}

static inline int dump_order(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* All that readers see, in an order that does not depend on ids. Free it. */
static inline char *dump_all(struct sample *s)
{
    struct dump d = { .s = s };
    struct list_query q = { .drafts = true };
    struct err e = { 0 };
    struct buf b;
    for (int i = 0; i < s->model->n; i++) {
        struct db *reading;
        assert_ok(store_connect(s->t.store, DB_READ, &reading, &e), e);
        assert_ok(list_rows(s->model, reading, &scope_all, &s->model->maps[i], &q, dump_row, &d, &e), e);
        db_close(reading);
    }
    if (d.n) qsort(d.lines, d.n, sizeof *d.lines, dump_order);
    buf_init(&b, (size_t)1 << 28);
    for (size_t i = 0; i < d.n; i++) {
        buf_printf(&b, "%s\n", d.lines[i]);
        free(d.lines[i]);
    }
    free(d.lines);
    char *text = mem_strdup(b.p);
    buf_free(&b);
    return text;
}

static inline bool count_row(void *arg, const struct table_map *m, const struct val *row,
                             struct err *e)
{
    (void)m, (void)row, (void)e;
    ++*(int64_t *)arg;
    return true;
}

static inline int64_t count_rows(struct sample *s, const struct table_map *m)
{
    struct list_query q = { .drafts = true };
    struct err e = { 0 };
    int64_t n = 0;
    assert_ok(list_rows(s->model, s->db, &scope_all, m, &q, count_row, &n, &e), e);
    return n;
}

/* Everything in a table, hidden rows too. */
static inline int64_t count_stored(struct sample *s, const char *table)
{
    struct err e = { 0 };
    int64_t n = 0;
    bool found;
    struct stmt q = stmt_composed(STMT_ADMIN, arena_printf(&s->arena, "select count(*) from %s",
                                                           table));
    assert_ok(db_int(s->db, &q, NULL, 0, &n, &found, &e), e);
    return n;
}

static inline void tell_fault(void *arg, const char *sentence)
{
    (void)arg;
    print_error("verify: %s\n", sentence);
}

/* Rows, claims, journal: all as the program wrote it. */
static inline void assert_whole(struct sample *s)
{
    struct err e = { 0 };
    struct faults faults = { tell_fault, NULL, 0 };
    assert_ok(entity_verify(s->model, s->db, &faults, &e), e);
    assert_int_equal(faults.n, 0);
    assert_ok(journal_verify(s->db, NULL, &faults, &e), e);
    assert_int_equal(faults.n, 0);
}

#endif
