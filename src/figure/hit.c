/* What one row gives to one figure. Runs for every row that is written. */
#include <string.h>

#include "base/date.h"
#include "figure/delta.h"

static bool is_int(struct val v)
{
    return v.type == VAL_INT;
}

static bool is_code(struct val v, const char *code, size_t n)
{
    return v.type == VAL_TEXT && v.n == n && memcmp(v.p, code, n) == 0;
}
#define IS(v, code) is_code(v, code, sizeof(code) - 1)

static uint32_t qualifier_part(struct val v)
{
    if (v.type != VAL_TEXT || IS(v, "eq")) return 0;
    if (IS(v, "ge")) return 1u << PART_GE;
    if (IS(v, "gt")) return 1u << PART_GT;
    if (IS(v, "le")) return 1u << PART_LE;
    if (IS(v, "lt")) return 1u << PART_LT;
    return IS(v, "approx") ? 1u << PART_APPROX : 0;
}

static uint32_t basis_part(struct val v)
{
    if (v.type != VAL_TEXT || IS(v, "recorded")) return 0;
    if (IS(v, "restated")) return 1u << PART_RESTATED;
    if (IS(v, "synthetic")) return 1u << PART_SYNTHETIC;
    return IS(v, "derived") ? 1u << PART_DERIVED : 0;
}

static uint32_t confirmation_part(struct val v)
{
    if (v.type != VAL_TEXT || IS(v, "one_sided")) return 0;
    if (IS(v, "confirmed")) return 1u << PART_CONFIRMED;
    return IS(v, "disputed") || IS(v, "corrected") ? 1u << PART_DISPUTED : 0;
}

int64_t row_place(const struct figure *f, const struct val *row)
{
    if (f->place >= 0) {
        struct val v = row[f->map->column[f->place]];
        if (is_int(v) && v.i > 0) return v.i;
    }
    return is_int(row[ROW_COUNTY]) ? row[ROW_COUNTY].i * 1000000 : 0;
}

static int32_t date_of(const struct figure *f, const struct val *row, int field, int32_t missing)
{
    struct val v = row[f->map->column[field]];
    if (!is_int(v)) return missing;
    return v.i < DATE_MIN ? DATE_MIN : v.i > DATE_MAX ? DATE_MAX : (int32_t)v.i;
}

/* Only the days of a row that is here: from its arrival on, before it left. What happens between
 * two days, and does not say when, is counted where the row was on the last of them. */
static bool here(const struct figure *f, const struct val *row, struct hit *h)
{
    const struct table_map *m = f->map;
    if (figure_always(f)) return true;
    int32_t arrived = m->arrived < 0 ? DATE_MIN : date_of(f, row, m->arrived, DATE_MIN);
    bool left = m->left >= 0 && is_int(row[m->column[m->left]]);
    int32_t until = left ? date_of(f, row, m->left, DATE_MAX) : DATE_MAX;
    if (!f->stock) return h->to >= arrived && (!left || h->to < until);
    if (h->from < arrived) h->from = arrived;
    if (left && (!h->ends || h->to > until)) {
        h->to = until;
        h->ends = true;
    }
    return !h->ends || h->from < h->to;
}

/* False when the row counts on no day. */
static bool set_dates(const struct figure *f, const struct val *row, struct hit *h)
{
    h->from = figure_always(f) ? DATE_MIN : date_of(f, row, f->date_from, DATE_MIN);
    if (!f->stock) {
        h->to = date_of(f, row, f->date_to, DATE_MAX);
        if (h->from > h->to) { /* an interval the wrong way round */
            int32_t swap = h->from;
            h->from = h->to;
            h->to = swap;
        }
        return true;
    }
    h->ends = false;
    if (f->date_to < 0 || !is_int(row[f->map->column[f->date_to]])) return true;
    h->to = date_of(f, row, f->date_to, DATE_MAX);
    if (f->through && h->to == DATE_MAX) return true;
    h->to += f->through;
    h->ends = true;
    return h->from < h->to;
}

static void set_value(const struct figure *f, const struct val *row, struct hit *h)
{
    const struct table_map *m = f->map;
    h->known = true;
    h->value = 1;
    if (f->kind == FIGURE_DISTINCT) return;
    struct val v = val_int(1);
    if (f->value) v = rule_value(f->value, row);
    else if (m->entity->flags & E_FACT) v = row[m->column[m->fact + FACT_QUANTITY]];
    h->known = is_int(v);
    h->value = h->known ? v.i : 0;
}

static uint32_t row_parts(const struct figure *f, const struct val *row, const struct hit *h)
{
    const struct table_map *m = f->map;
    uint32_t parts = f->rows_apart ? 1u << PART_ROWS : 0;
    uint32_t value = 0;
    bool fact = m->entity->flags & E_FACT, common = !(m->entity->flags & E_NO_SOURCE);
    if (common) parts |= basis_part(row[m->column[m->common + COMMON_BASIS]]);
    if (!h->known) return parts | 1u << PART_UNKNOWN;
    if (f->kind == FIGURE_DISTINCT) return parts;
    if (fact) parts |= qualifier_part(row[m->column[m->fact + FACT_QUALIFIER]]);
    value = 1u << PART_VALUE;
    if (common) value |= confirmation_part(row[m->column[m->common + COMMON_CONFIRMATION]]);
    if (h->value < 0) value |= 1u << PART_NEGATIVE;
    return parts | value;
}

bool row_hit(const struct figure *f, const struct val *row, struct hit *h)
{
    if (is_int(row[ROW_DRAFT]) && row[ROW_DRAFT].i != 0) return false;
    if (f->where && rule_test(f->where, row) != RULE_TRUE) return false;
    if (!set_dates(f, row, h) || !here(f, row, h)) return false;
    set_value(f, row, h);
    h->parts = row_parts(f, row, h);
    h->place = row_place(f, row);
    h->org = 0;
    if (f->organisation >= 0) {
        struct val v = row[f->map->column[f->organisation]];
        if (is_int(v)) h->org = v.i;
    }
    return true;
}

/* --- into deltas --- */

static void add(struct gather *g, const struct figure *f, const struct hit *h, uint64_t aside,
                int64_t place, int32_t day, int sign, uint32_t parts)
{
    int64_t v = sign * h->value;
    deltas_add(&g->deltas, aside, f->number, 0, place, day, v, sign, parts);
    if (h->org) deltas_add(&g->deltas, aside, f->number, h->org, place, day, v, sign, parts);
}

static void add_open(struct gather *g, const struct figure *f, const struct hit *h, uint64_t aside,
                     int64_t place, int sign)
{
    uint32_t parts = 1u << PART_OPEN_ROWS;
    if (h->known) parts |= 1u << PART_OPEN_VALUE;
    if (h->known && h->value < 0) parts |= 1u << PART_OPEN_NEGATIVE;
    add(g, f, h, aside, place, h->from, sign, parts);
    add(g, f, h, aside, place, h->to, -sign, parts);
}

/* The key as text: the fields' values, apart from each other; false when one is missing. */
static bool add_key_text(struct buf *b, const struct figure *f, const struct val *row)
{
    for (int i = 0; i < f->n_distinct; i++) {
        struct val v = row[f->map->column[f->distinct[i]]];
        if (i) buf_char(b, '|');
        if (is_int(v)) {
            int level = f->distinct_level[i];
            if (level && place_level(v.i) < level) return false;
            buf_int(b, level ? place_up(v.i, level) : v.i);
        } else if (v.type == VAL_TEXT) {
            for (uint32_t c = 0; c < v.n; c++) {
                if (v.p[c] == '|' || v.p[c] == '\\') buf_char(b, '\\');
                buf_char(b, v.p[c]);
            }
        } else {
            return false;
        }
    }
    return true;
}

static void push_key(struct key_deltas *k, const struct figure *f, const struct hit *h,
                     uint64_t aside, int64_t org, int32_t day, int w, size_t at, size_t n)
{
    struct key_delta *d = key_deltas_push(k);
    *d = (struct key_delta){ .place = place_up(h->place, f->scope_level), .org = org,
        .figure = f->number, .period = f->by_year ? date_civil(day).year : 0, .day = day, .w = w,
        .aside = aside != 0, .at = at, .n = (uint32_t)n };
}

static void add_keys(struct gather *g, const struct figure *f, const struct hit *h, uint64_t aside,
                     int sign, size_t at, size_t n)
{
    for (int side = 0; side < (h->org ? 2 : 1); side++) {
        int64_t org = side ? h->org : 0;
        push_key(&g->keys, f, h, aside, org, f->stock ? h->from : h->to, sign, at, n);
        if (f->stock && h->ends) push_key(&g->keys, f, h, aside, org, h->to, -sign, at, n);
    }
}

/* A distinct figure has cells at the places of its scope alone; a row recorded above belongs to
 * none of them. */
static void gather_distinct(struct gather *g, const struct figure *f, const struct val *row,
                            struct hit *h, int sign, uint64_t aside)
{
    if (place_level(h->place) < f->scope_level) return;
    int64_t place = place_up(h->place, f->scope_level);
    size_t at = g->keys.text.n;
    if (add_key_text(&g->keys.text, f, row)) {
        add_keys(g, f, h, aside, sign, at, g->keys.text.n - at);
    } else {
        h->known = false;
        h->parts |= 1u << PART_UNKNOWN;
    }
    add(g, f, h, aside, place, f->stock ? h->from : h->to, sign, h->parts);
    if (f->stock && h->ends) add(g, f, h, aside, place, h->to, -sign, h->parts);
    if (!f->stock && h->from != h->to) add_open(g, f, h, aside, place, sign);
}

void gather_row(struct gather *g, const struct figure *f, const struct val *row, int sign,
                uint64_t aside)
{
    struct hit h;
    if (!row_hit(f, row, &h)) return;
    if (f->kind == FIGURE_DISTINCT) {
        gather_distinct(g, f, row, &h, sign, aside);
        return;
    }
    add(g, f, &h, aside, h.place, f->stock ? h.from : h.to, sign, h.parts);
    if (f->stock && h.ends) add(g, f, &h, aside, h.place, h.to, -sign, h.parts);
    if (!f->stock && h.from != h.to) add_open(g, f, &h, aside, h.place, sign);
}
