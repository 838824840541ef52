/* The rules of use and of idle money that ship with the program, as rows of a store. */
#include "cli/shipped.h"

#include "base/csv.h"
#include "cli/asset.h"

/* In the order that references need. */
static const char *const shipped[] = { "document", "earmark_rule", "alert_rule" };

enum { SHIPPED_COLUMNS = 32 };

struct shipping { struct app *app; int added; };

static bool put_row(struct tx *tx, const struct shipping *s, const struct table_map *m,
                    const int *field, const struct csv_field *f, int n, struct arena *a, struct err *e)
{
    const struct model *mo = s->app->model;
    struct db *d = tx_db(tx);
    struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
    row[ROW_COUNTY] = row[ROW_DRAFT] = row[ROW_LOAD] = val_int(0);
    for (int i = 0; i < m->fields; i++)
        if (!field_read(mo, m, i, "", 0, d, row, a, e)) return false;
    for (int i = 0; i < n; i++)
        if (!field_read(mo, m, field[i], f[i].p, f[i].n, d, row, a, e)) return false;
    return row_insert(tx, mo, m, row, e);
}

/* Whether the first cell, the code, names a row already. */
static bool is_there(struct tx *tx, const struct shipping *s, const struct table_map *m,
                     const struct csv_field *f, struct arena *a, bool *there, struct err *e)
{
    struct err none = { 0 };
    int64_t county, id;
    *there = ref_find(s->app->model, m, f->p, f->n, 0, tx_db(tx), a, &county, &id, &none);
    if (*there || none.code == ERR_NOT_FOUND) return true;
    *e = none;
    return false;
}

static bool put_rows(struct tx *tx, struct shipping *s, const struct table_map *m, struct csv *csv,
                     struct err *e)
{
    const struct csv_field *f;
    int n, field[SHIPPED_COLUMNS];
    if (csv_next(csv, &f, &n, e) != CSV_ROW || n > SHIPPED_COLUMNS) return false;
    for (int i = 0; i < n; i++) {
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)f[i].n, f[i].p);
        field[i] = map_field(m, name);
        if (field[i] < 0) return err_set(e, ERR_INVALID, "%s has no field %s", m->entity->name, name);
    }
    for (;;) {
        enum csv_result r = csv_next(csv, &f, &n, e);
        struct arena a = { 0 };
        bool there = false;
        if (r == CSV_END) return true;
        bool ok = r == CSV_ROW && is_there(tx, s, m, f, &a, &there, e) &&
                  (there || put_row(tx, s, m, field, f, n, &a, e));
        arena_free(&a);
        if (!ok) return err_context(e, "%s, line %lld", m->entity->name, (long long)csv_line(csv));
        s->added += !there;
    }
}

static bool put_shipped(struct tx *tx, void *arg, struct err *e)
{
    struct shipping *s = arg;
    bool ok = true;
    s->added = 0;
    for (size_t i = 0; ok && i < sizeof shipped / sizeof *shipped; i++) {
        struct asset file;
        char name[64];
        snprintf(name, sizeof name, "rules/%s.csv", shipped[i]);
        if (!asset_find(name, &file)) return err_set(e, ERR_NOT_FOUND, "%s is not in the program", name);
        struct csv_memory memory = { file.p, file.n };
        struct csv *csv = csv_open(csv_from_memory(&memory), NULL);
        ok = put_rows(tx, s, model_find(s->app->model, shipped[i]), csv, e);
        csv_close(csv);
    }
    return ok;
}

bool app_ship_rules(struct app *app, int *added, struct err *e)
{
    struct shipping s = { .app = app };
    bool ok = store_write(app->store, put_shipped, &s, e);
    *added = s.added;
    return ok;
}
