/* Which column gives which field, asked before anything is loaded. */
#include <string.h>

#include "entity/load_parts.h"

/* Each title by itself: one that fits no field does not hide the others. */
static bool match_each(const struct model *mo, const struct table_map *m, struct db *d, const char *mapping,
                       const struct csv_field *cells, int n, struct arena *a, struct load_columns *out)
{
    struct sheet whole;
    struct err why = { .code = ERR_NONE };
    bool all = sheet_match(&whole, mo, m, d, mapping, cells, n, a, &why);
    for (int i = 0; i < n; i++) {
        struct sheet one;
        int f = all ? whole.field[i] : SHEET_IGNORE;
        bool fits = all;
        if (!all) {
            out->title[i] = arena_strndup(a, cells[i].p, cells[i].n);
            sheet_match_one(&one, mo, m, &cells[i], a);
            f = one.field[0];
            fits = f >= 0;
        } else {
            out->title[i] = whole.title[i];
        }
        out->field[i] = f >= 0 ? m->field[f].name : fits ? "" : NULL;
    }
    return true;
}

bool load_columns(const struct model *mo, struct db *d, const char *path, const char *entity,
                  const char *mapping, struct arena *a, struct load_columns *out, struct err *e)
{
    struct load_input *in;
    struct source *s;
    const struct csv_field *cells;
    int n = 0;
    *out = (struct load_columns){ .n = 0 };
    if (!load_plan(mo, &path, 1, entity, a, &in, &n, e)) return false;
    if (n != 1) return err_set(e, ERR_INVALID, "this is no single sheet");
    out->map = in->map;
    if (!source_open(&s, in, e)) return false;
    enum csv_result r = source_next(s, &cells, &n, e);
    bool ok = r == CSV_ROW;
    if (ok) {
        out->n = n;
        out->title = arena_array(a, (size_t)n + 1, sizeof *out->title);
        out->field = arena_array(a, (size_t)n + 1, sizeof *out->field);
        ok = match_each(mo, in->map, d, mapping, cells, n, a, out);
    } else if (r == CSV_END) {
        err_set(e, ERR_INVALID, "the file is empty");
    }
    source_close(s);
    return ok;
}
