/* Putting the shipped gazetteer into a new store: two tables, one transaction, one journal entry. */
#include <stdlib.h>

#include "base/money.h"
#include "doc/pack.h"
#include "entity/load_body.h"
#include "programme/numbers.h"
#include "programme/place/book.h"
#include "store/journal.h"
#include "store/schema.h"

enum { BATCH = 4096 };

struct name_row { const char *key; int64_t code; int64_t kind; };

struct install {
    const struct place_files *files;
    struct model *model;
    const struct table_map *map, *alias;
    struct text *text;
    struct tx *tx;
    struct map centroid;                 /* county code / 10^6 -> {lon, lat} times 10^5 */
    struct arena names;                  /* the look-up forms, until they are sorted and written */
    struct name_row *name; size_t n_names, cap_names;
    struct val *values; size_t held;     /* a batch of rows */
    struct arena batch;                  /* their texts */
    uint64_t sum; int64_t count;
    uint64_t names_sum; int64_t names_count;
};

struct point { int64_t lon, lat; };

/* Calls fn for each row of a CSV text after its header. */
typedef bool fields_fn(struct install *in, const struct csv_field *f, int n, struct err *e);

static bool each_row(struct install *in, struct csv_source src, int columns, const char *what,
                     fields_fn *fn, struct err *e)
{
    struct csv *csv = csv_open(src, NULL);
    const struct csv_field *f;
    int n;
    bool ok = true, header = true;
    while (ok) {
        enum csv_result r = csv_next(csv, &f, &n, e);
        if (r == CSV_END) break;
        if (r != CSV_ROW || n < columns) {
            if (r == CSV_ROW) err_set(e, ERR_INVALID, "%d columns are needed", columns);
            err_context(e, "%s, line %lld", what, (long long)csv_line(csv));
            ok = false;
        } else if (header) {
            header = false;
        } else if (!(ok = fn(in, f, n, e))) {
            err_context(e, "%s, line %lld", what, (long long)csv_line(csv));
        }
    }
    csv_close(csv);
    return ok;
}

static bool number(const struct csv_field *f, int64_t *v, struct err *e)
{
    *v = 0;
    for (size_t i = 0; i < f->n; i++) {
        if (f->p[i] < '0' || f->p[i] > '9' || f->n > 12)
            return err_set(e, ERR_INVALID, "\"%.*s\" is no place code", (int)f->n, f->p);
        *v = *v * 10 + (f->p[i] - '0');
    }
    return true;
}

static bool flush_places(struct install *in, struct err *e)
{
    const struct table_map *m = in->map;
    bool ok = tx_exec_many(in->tx, &m->stmts[ENTITY_INSERT], in->values, m->columns + 1, in->held,
                           NULL, e);
    in->held = 0;
    arena_reset(&in->batch);
    return ok;
}

static void add_name(struct install *in, const char *key, int64_t code, enum place_name_kind kind)
{
    if (!*key) return;
    in->name = mem_more(in->name, in->n_names, &in->cap_names, sizeof *in->name);
    in->name[in->n_names++] = (struct name_row){ key, code, kind };
}

/* The forms of a name. Latin letters stop at the township: villages are met in Chinese, or by alias. */
static void add_names(struct install *in, const char *name, size_t n, int64_t code, int level)
{
    add_name(in, text_key(in->text, name, n, &in->names), code, PLACE_NAME_FULL);
    if (level > 4) return;
    size_t stem = place_stem(name, n);
    if (stem < n)
        add_name(in, text_key(in->text, name, stem, &in->names), code, PLACE_NAME_STEM);
    add_name(in, text_roman(in->text, name, stem, &in->names), code, PLACE_NAME_ROMAN);
}

static bool add_place(struct install *in, int64_t code, const char *name, size_t n, bool retired,
                      int64_t successor, struct err *e)
{
    const struct table_map *m = in->map;
    struct val *row = in->values + in->held * (size_t)(m->columns + 1);
    for (int i = 0; i <= m->columns; i++) row[i] = val_null();
    int level = place_level(code);
    int64_t county = code / 1000000;
    struct point *at = map_get(&in->centroid, &county);
    row[ROW_COUNTY] = val_int(0);
    row[ROW_ID] = val_int(tx_id(in->tx));
    row[ROW_RECORDED] = val_int(tx_now(in->tx));
    row[ROW_LOAD] = val_int(0);
    row[ROW_DRAFT] = val_int(0);
    row[m->column[PLACE_CODE]] = val_int(code);
    row[m->column[PLACE_NAME]] = val_textn(arena_strndup(&in->batch, name, n), n);
    row[m->column[PLACE_LEVEL]] = val_int(level);
    row[m->column[PLACE_RETIRED]] = val_int(retired);
    if (successor) row[m->column[PLACE_SUCCESSOR]] = val_int(successor);
    if (level == 3 && at) {
        row[m->column[PLACE_LON]] = val_int(at->lon);
        row[m->column[PLACE_LAT]] = val_int(at->lat);
    }
    int64_t digest = map_digest(m, store_row_key(db_store(tx_db(in->tx))), row);
    row[m->columns] = val_int(digest);
    in->sum += (uint64_t)digest;
    in->count++;
    add_names(in, name, n, code, level);
    return ++in->held < BATCH || flush_places(in, e);
}

static bool take_place(struct install *in, const struct csv_field *f, int n, struct err *e)
{
    int64_t code;
    (void)n;
    if (f[0].n != 12 || !number(&f[0], &code, e))
        return err_set(e, ERR_INVALID, "a place code has 12 digits");
    return add_place(in, code, f[1].p, f[1].n, false, 0, e);
}

static bool take_retired(struct install *in, const struct csv_field *f, int n, struct err *e)
{
    int64_t code, successor;
    (void)n;
    if (!number(&f[0], &code, e) || !number(&f[3], &successor, e)) return false;
    return add_place(in, code * 1000000, f[1].p, f[1].n, true, successor * 1000000, e);
}

static bool take_centroid(struct install *in, const struct csv_field *f, int n, struct err *e)
{
    int64_t county;
    struct point at;
    (void)n;
    if (!number(&f[0], &county, e)) return false;
    if (decimal_parse(f[1].p, f[1].n, 5, &at.lon) != DECIMAL_OK ||
        decimal_parse(f[2].p, f[2].n, 5, &at.lat) != DECIMAL_OK)
        return err_set(e, ERR_INVALID, "longitude and latitude have at most 5 decimals");
    *(struct point *)map_put(&in->centroid, &county, NULL) = at;
    return true;
}

static bool take_alias(struct install *in, const struct csv_field *f, int n, struct err *e)
{
    const struct table_map *m = in->alias;
    int64_t code;
    (void)n;
    if (!number(&f[1], &code, e)) return false;
    for (size_t i = f[1].n; i < 12; i++) code *= 10;
    struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
    row[ROW_LOAD] = val_int(0);
    row[m->column[PLACE_ALIAS_NAME]] = val_textn(f[0].p, f[0].n);
    row[m->column[PLACE_ALIAS_PLACE]] = val_int(code);
    row[m->column[PLACE_ALIAS_KIND]] = val_textn(f[2].p, f[2].n);
    return row_insert(in->tx, in->model, m, row, e);
}

static int by_key(const void *a, const void *b)
{
    const struct name_row *x = a, *y = b;
    int c = strcmp(x->key, y->key);
    if (c) return c;
    if (x->code != y->code) return x->code < y->code ? -1 : 1;
    return (x->kind > y->kind) - (x->kind < y->kind);
}

/* In key order, so that the table is filled from left to right. */
static bool write_names(struct install *in, struct err *e)
{
    struct val batch[BATCH * 3];
    const struct row_key *key = store_row_key(db_store(tx_db(in->tx)));
    size_t held = 0;
    in->names_sum = 0;
    in->names_count = 0;
    if (in->n_names) qsort(in->name, in->n_names, sizeof *in->name, by_key);
    for (size_t i = 0; i < in->n_names; i++) {
        const struct name_row *r = &in->name[i];
        if (i && by_key(r - 1, r) == 0) continue;
        batch[held * 3] = val_text(r->key);
        batch[held * 3 + 1] = val_int(r->code);
        batch[held * 3 + 2] = val_int(r->kind);
        in->names_sum += (uint64_t)row_digest(key, PLACE_NAMES_TABLE, &batch[held * 3], 3);
        in->names_count++;
        if (++held == BATCH || i + 1 == in->n_names) {
            if (!tx_exec_many(in->tx, &place_stmts.stmts[PLACE_NAME_ADD], batch, 3, held, NULL, e))
                return false;
            held = 0;
        }
    }
    return !held || tx_exec_many(in->tx, &place_stmts.stmts[PLACE_NAME_ADD], batch, 3, held, NULL, e);
}

static bool write_entry(struct install *in, struct err *e)
{
    struct load_sum sum = { NUMBER_PLACE, 0, in->count, in->sum };
    struct buf body;
    buf_init(&body, 4096);
    struct load_body load = { .number = 0, .sums = &sum, .n = 1 };
    digest_of(in->files->places.p, in->files->places.n, load.files);
    load_body_write(&body, &load);
    struct journal_entry j = { .kind = JOURNAL_LOAD, .table = NUMBER_PLACE, .body = body.p,
                               .body_n = body.n };
    bool ok = journal_add(in->tx, &j, e);
    buf_free(&body);
    return ok;
}

static bool note_names(struct install *in, struct err *e)
{
    char text[64];
    snprintf(text, sizeof text, "%lld %016llx", (long long)in->names_count,
             (unsigned long long)in->names_sum);
    return setting_put(in->tx, PLACE_NAMES_SETTING, text, e);
}

static bool memory_rows(struct install *in, struct place_file file, int columns, const char *what,
                        fields_fn *fn, struct err *e)
{
    struct csv_memory memory = { file.p, file.n };
    return !file.n || each_row(in, csv_from_memory(&memory), columns, what, fn, e);
}

static bool packed_rows(struct install *in, struct err *e)
{
    struct pack_memory *pack;
    if (!pack_memory_open(&pack, in->files->places.p, in->files->places.n, e)) return false;
    bool ok = each_row(in, pack_memory_source(pack), 2, "gazetteer", take_place, e);
    pack_memory_close(pack);
    return ok;
}

static bool install_all(struct tx *tx, void *arg, struct err *e)
{
    struct install *in = arg;
    const struct place_files *f = in->files;
    in->tx = tx;
    in->held = in->n_names = 0;
    in->sum = 0;
    in->count = 0;
    arena_reset(&in->names);
    return tx_exec(tx, &place_stmts.stmts[PLACE_NAME_CLEAR], NULL, 0, NULL, e) &&
           memory_rows(in, f->centroids, 3, "centroids", take_centroid, e) && packed_rows(in, e) &&
           memory_rows(in, f->retired, 5, "retired codes", take_retired, e) && flush_places(in, e) &&
           write_names(in, e) && note_names(in, e) && write_entry(in, e) &&
           memory_rows(in, f->aliases, 3, "aliases", take_alias, e);
}

bool place_install(struct store *s, struct model *mo, const struct place_files *files, struct err *e)
{
    struct install in = { .files = files, .model = mo, .map = model_find(mo, "place"),
                          .alias = model_find(mo, "place_alias") };
    if (!in.map || !in.alias) return err_set(e, ERR_INTERNAL, "the model has no places");
    if (!text_open(&in.text, e)) return false;
    map_init(&in.centroid, sizeof(int64_t), sizeof(struct point));
    arena_init(&in.names, (size_t)4 << 30);
    arena_init(&in.batch, 0);
    in.values = mem_alloc((size_t)BATCH * (size_t)(in.map->columns + 1) * sizeof *in.values);
    bool ok = store_write(s, install_all, &in, e);
    free(in.values);
    free(in.name);
    arena_free(&in.batch);
    arena_free(&in.names);
    map_free(&in.centroid);
    text_close(in.text);
    return ok;
}
