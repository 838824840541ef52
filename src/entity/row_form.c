/* What a row is digested and kept as: values named by the tags of their columns. */
#include "entity/entity.h"

#include "base/digest.h"

static uint32_t tag_of(const char *name)
{
    uint32_t h = UINT32_C(2166136261);
    for (; *name; name++) h = (h ^ (unsigned char)*name) * UINT32_C(16777619);
    return h;
}

bool map_tags(struct table_map *m, struct arena *a, struct err *e)
{
    uint32_t *tags = arena_array(a, (size_t)m->columns, sizeof *tags);
    for (int i = 0; i < m->columns; i++) {
        tags[i] = tag_of(m->table.cols[i].name);
        for (int k = 0; k < i; k++)
            if (tags[k] == tags[i])
                return err_set(e, ERR_INTERNAL, "%s: the columns %s and %s have the same tag; one "
                               "needs another name", m->entity->name, m->table.cols[k].name,
                               m->table.cols[i].name);
    }
    m->tags = tags;
    return true;
}

int64_t map_digest(const struct table_map *m, const struct row_key *k, const struct val *row)
{
    return row_digest_named(k, m->entity->number, m->tags, row, (size_t)m->columns);
}

int map_image(const struct table_map *m, const struct val *row, struct val *out)
{
    int n = 0;
    for (int i = 0; i < m->columns; i++) {
        if (row[i].type == VAL_NULL) continue;
        out[n++] = val_int(m->tags[i]);
        out[n++] = row[i];
    }
    return n;
}

bool map_from_image(const struct table_map *m, const struct val *image, int n, struct val *row)
{
    if (n % 2) return false;
    for (int i = 0; i < m->columns; i++) row[i] = val_null();
    for (int k = 0; k < n; k += 2) {
        if (image[k].type != VAL_INT) return false;
        for (int i = 0; i < m->columns; i++)
            if (m->tags[i] == image[k].i) row[i] = image[k + 1];
    }
    return row[ROW_ID].type == VAL_INT;
}
