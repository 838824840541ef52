/* References: a row named by its natural key, and found by it. */
#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "base/map.h"
#include "entity/plan.h"

/* Both ways in one fixed block: by text and by (county, id). Longer texts are not remembered. */
#define REF_TEXT 40
struct ref_slot {
    int64_t county, id;
    uint32_t table;
    uint8_t n;
    bool used;
    char text[REF_TEXT];
};
struct ref_cache { size_t mask; struct ref_slot *by_text, *by_id; };

struct ref_cache *ref_cache_open(size_t entries)
{
    struct ref_cache *c = mem_alloc(sizeof *c);
    size_t size = 64;
    while (size < entries) size *= 2;
    c->mask = size - 1;
    c->by_text = mem_alloc(size * sizeof *c->by_text);
    c->by_id = mem_alloc(size * sizeof *c->by_id);
    return c;
}

void ref_cache_close(struct ref_cache *c)
{
    if (!c) return;
    free(c->by_text);
    free(c->by_id);
    free(c);
}

static struct ref_slot *text_slot(const struct ref_cache *c, uint32_t table, const char *s,
                                  size_t n)
{
    return &c->by_text[hash_bytes(s, n, table) & c->mask];
}

static struct ref_slot *id_slot(const struct ref_cache *c, uint32_t table, int64_t county,
                                int64_t id)
{
    int64_t both[2] = { county, id };
    return &c->by_id[hash_bytes(both, sizeof both, table) & c->mask];
}

void ref_cache_put(struct ref_cache *c, uint32_t table, const char *text, size_t n, int64_t county,
                   int64_t id)
{
    if (n > REF_TEXT) return;
    struct ref_slot slot = { .county = county, .id = id, .table = table, .n = (uint8_t)n,
                             .used = true };
    memcpy(slot.text, text, n);
    *text_slot(c, table, text, n) = slot;
    *id_slot(c, table, county, id) = slot;
}

bool ref_cache_get(const struct ref_cache *c, uint32_t table, const char *text, size_t n,
                   int64_t *county, int64_t *id)
{
    if (n > REF_TEXT) return false;
    const struct ref_slot *slot = text_slot(c, table, text, n);
    if (!slot->used || slot->table != table || slot->n != n || memcmp(slot->text, text, n) != 0)
        return false;
    *county = slot->county;
    *id = slot->id;
    return true;
}

/* Does the key's text alone say which row it is, whatever county one stands in? */
static bool key_is_whole(const struct table_map *t)
{
    if (t->n_key == 0) return false;
    if (t->key_national || t->entity->reach == REACH_NATION) return true;
    for (int i = 0; i < t->n_key; i++)
        if (t->key[i] == t->home) return true;
    return false;
}

static const char *id_text(const struct table_map *t, int64_t county, int64_t id, struct arena *a)
{
    if (t->entity->reach == REACH_NATION) return arena_printf(a, "%lld", (long long)id);
    return arena_printf(a, "%lld:%lld", (long long)county, (long long)id);
}

/* The key's parts joined; "/" doubled inside a part of a key that has several. */
static const char *key_text(const struct model *mo, const struct table_map *t,
                            const struct val *row, struct db *d, struct arena *a)
{
    if (t->n_key == 1) return field_write(mo, t, t->key[0], row, d, a);
    const char *parts[16];
    size_t bytes = 1;
    for (int i = 0; i < t->n_key; i++) {
        parts[i] = field_write(mo, t, t->key[i], row, d, a);
        bytes += strlen(parts[i]) * 2 + 1;
    }
    char *text = arena_alloc(a, bytes), *to = text;
    for (int i = 0; i < t->n_key; i++) {
        if (i) *to++ = '/';
        for (const char *c = parts[i]; *c; c++) {
            if (*c == '/') *to++ = '/';
            *to++ = *c;
        }
    }
    *to = '\0';
    return text;
}

/* A key is fit to name its row when it is there in full and is found from anywhere; that of a row
 * which has left its county names the row where it is now. */
static bool key_names(const struct table_map *t, const struct val *row)
{
    if (!key_is_whole(t)) return false;
    if (t->key_national && t->left >= 0 && !val_is_null(row[t->column[t->left]])) return false;
    for (int i = 0; i < t->n_key; i++) {
        const struct field *f = &t->field[t->key[i]];
        if (val_is_null(row[t->column[t->key[i]]]) && (t->n_key == 1 || f->flags & F_REQUIRED))
            return false;
    }
    return true;
}

const char *row_key_text(const struct model *mo, const struct table_map *t, const struct val *row, struct db *d,
                     struct arena *a)
{
    return key_names(t, row) ? key_text(mo, t, row, d, a) : id_text(t, row[ROW_COUNTY].i, row[ROW_ID].i, a);
}

const char *ref_text(const struct model *mo, const struct table_map *t, int64_t county, int64_t id,
                     struct db *d, struct arena *a)
{
    uint32_t table = t->entity->number;
    if (mo->refs) {
        const struct ref_slot *slot = id_slot(mo->refs, table, county, id);
        if (slot->used && slot->table == table && slot->county == county && slot->id == id)
            return arena_strndup(a, slot->text, slot->n);
    }
    struct val row[ENTITY_MAX_COLUMNS + 1];
    bool found = false;
    struct err e;
    if (!d || !row_get(d, t, county, id, a, row, &found, &e) || !found || !key_names(t, row))
        return id_text(t, county, id, a);
    const char *text = key_text(mo, t, row, d, a);
    if (mo->refs) ref_cache_put(mo->refs, table, text, strlen(text), county, id);
    return text;
}

struct place_of_row { int64_t county, id; int rows; };

static bool take_place(void *arg, const struct val *row, int n, struct err *e)
{
    (void)e;
    struct place_of_row *p = arg;
    if (p->rows++ == 0) {
        p->county = row[0].i;
        if (n > 1) p->id = row[1].i;
    }
    return true;
}

static bool by_claim(const struct table_map *t, const struct claim *c, const struct val *row,
                     struct db *d, struct arena *a, struct place_of_row *at, struct err *e)
{
    struct val params[2] = { val_int(c->kind), claim_value(t, c, row, a) };
    if (val_is_null(params[1])) return true;
    return db_query(d, &claim_stmts.stmts[CLAIM_HOLDER], params, 2, take_place, at, e);
}

/* Is this failure only that the text is no such value, so that other readings may be tried? */
static bool only_unfit(const struct err *e)
{
    return e->code == ERR_INVALID || e->code == ERR_NOT_FOUND || e->code == ERR_CONFLICT;
}

/* Cuts the text into the key's parts and reads each. *fits tells whether it could be the key. */
static bool read_key(const struct model *mo, const struct table_map *t, const char *s, size_t n,
                     struct db *d, struct arena *a, struct val *row, bool *fits, struct err *e)
{
    char *part = t->n_key == 1 ? NULL : arena_alloc(a, n + 1);
    size_t i = 0;
    *fits = true;
    for (int k = 0; k < t->n_key && *fits; k++) {
        const char *p = s;
        size_t m = n;
        if (part) {
            for (m = 0; i < n; part[m++] = s[i++]) {
                if (s[i] != '/') continue;
                if (i + 1 == n || s[i + 1] != '/') break;
                i++;
            }
            if (i < n) i++;
            else *fits = k == t->n_key - 1;
            p = arena_strndup(a, part, m);
        }
        if (*fits && !field_read(mo, t, t->key[k], p, m, d, row, a, e)) {
            if (!only_unfit(e)) return false;
            *fits = false;
        }
    }
    if (part && i < n) *fits = false;
    return true;
}

static bool by_key(const struct model *mo, const struct table_map *t, const char *s, size_t n,
                   int64_t near, struct db *d, struct arena *a, struct place_of_row *at,
                   struct err *e)
{
    struct val row[ENTITY_MAX_COLUMNS + 1] = { 0 };
    bool fits, nation = t->entity->reach == REACH_NATION;
    if (t->n_key == 0) return true;
    if (nation) row[ROW_COUNTY] = val_int(0);
    else if (near >= 0) row[ROW_COUNTY] = val_int(near);
    if (!read_key(mo, t, s, n, d, a, row, &fits, e)) return false;
    if (!fits) return true;
    if (t->key_national && !nation) return by_claim(t, &t->claims[0], row, d, a, at, e);
    struct val params[17] = { row[ROW_COUNTY] };
    int k = 1;
    if (row[ROW_COUNTY].type != VAL_INT) return true;
    for (int i = 0; i < t->n_key; i++) {
        int f = t->key[i];
        if (t->county_column[f] >= 0) params[k++] = row[t->county_column[f]];
        params[k++] = row[t->column[f]];
    }
    struct place_of_row found = { 0 };
    if (!db_query(d, &t->stmts[ENTITY_BY_KEY], params, k, take_place, &found, e)) return false;
    if (found.rows) *at = (struct place_of_row){ row[ROW_COUNTY].i, found.county, found.rows };
    return true;
}

static bool by_other_claims(const struct table_map *t, const char *s, size_t n, struct db *d,
                            struct arena *a, struct place_of_row *at, struct err *e)
{
    for (int i = 0; i < t->n_claims && !at->rows; i++) {
        const struct claim *c = &t->claims[i];
        struct val row[ENTITY_MAX_COLUMNS + 1] = { 0 };
        const struct field_plan *p = &t->plan[c->fields[0]];
        if (c->n != 1 || p->type == F_PLACE || p->type == F_REF) continue;
        if (i == 0 && t->n_key == 1 && t->key_national && c->fields[0] == t->key[0]) continue;
        if (!plain_read(p, s, n, 480, &row[p->column], a, e)) continue;
        if (!by_claim(t, c, row, d, a, at, e)) return false;
    }
    return true;
}

static bool by_id(const struct table_map *t, const char *s, size_t n, int64_t near, struct db *d,
                  struct place_of_row *at, struct err *e)
{
    const char *colon = memchr(s, ':', n);
    int64_t county = t->entity->reach == REACH_NATION ? 0 : near, id;
    if (colon) {
        if (!id_parse(s, (size_t)(colon - s), &county)) return true;
        n -= (size_t)(colon + 1 - s);
        s = colon + 1;
    }
    if (!id_parse(s, n, &id)) return true;
    struct place_of_row found = { 0 };
    struct val params[2] = { val_int(county), val_int(id) };
    if (county >= 0) {
        if (!db_query(d, &t->stmts[ENTITY_GET], params, 2, take_place, &found, e)) return false;
        if (found.rows) *at = (struct place_of_row){ county, id, 1 };
        if (found.rows || colon || t->entity->reach == REACH_NATION) return true;
    }
    if (!db_query(d, &t->stmts[ENTITY_BY_ID], &params[1], 1, take_place, &found, e)) return false;
    if (found.rows) *at = (struct place_of_row){ found.county, id, found.rows };
    return true;
}

bool ref_find(const struct model *mo, const struct table_map *t, const char *s, size_t n,
              int64_t near, struct db *d, struct arena *a, int64_t *county, int64_t *id,
              struct err *e)
{
    struct place_of_row at = { 0 };
    uint32_t table = t->entity->number;
    struct err local;
    char show[SHOWN_TEXT];
    if (!e) e = &local;
    if (mo->refs && ref_cache_get(mo->refs, table, s, n, county, id)) return true;
    if (!d) return err_set(e, ERR_INTERNAL, "a reference to %s needs a store", t->entity->name);
    if (!by_key(mo, t, s, n, near, d, a, &at, e)) return false;
    const bool keyed = at.rows > 0;
    if (!at.rows && !by_other_claims(t, s, n, d, a, &at, e)) return false;
    if (!at.rows && !by_id(t, s, n, near, d, &at, e)) return false;
    shown(show, s, n);
    err_clear(e);
    if (at.rows > 1)
        return err_set(e, ERR_CONFLICT, "'%s' names several rows of %s", show, t->entity->name);
    if (at.rows == 0)
        return err_set(e, ERR_NOT_FOUND, "there is no %s '%s'", t->entity->name, show);
    *county = at.county;
    *id = at.id;
    if (keyed && mo->refs && key_is_whole(t)) ref_cache_put(mo->refs, table, s, n, *county, *id);
    return true;
}
