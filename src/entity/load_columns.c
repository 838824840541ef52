/* Which column gives which field, asked before anything is loaded. */
#include <string.h>

#include "entity/load_parts.h"

static bool match_each(const struct model *mo, struct db *d, const char *mapping, const struct csv_field *cells,
                       int n, struct arena *a, struct load_columns *out, struct err *e)
{
    struct sheet sh;
    if (!sheet_read(&sh, mo, out->map, d, mapping, cells, n, a, e)) return false;
    out->n = sh.columns;
    out->title = sh.title;
    out->field = arena_array(a, (size_t)sh.columns + 1, sizeof *out->field);
    for (int i = 0; i < sh.columns; i++)
        out->field[i] = sh.field[i] >= 0 ? out->map->field[sh.field[i]].name : sh.field[i] == SHEET_IGNORE ? "" : NULL;
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
    bool ok = r == CSV_ROW && match_each(mo, d, mapping, cells, n, a, out, e);
    if (r == CSV_END) err_set(e, ERR_INVALID, "the file is empty");
    source_close(s);
    return ok;
}
