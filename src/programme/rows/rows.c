/* Rows of a statement in an arena. */
#include "programme/rows/rows.h"

#include <string.h>

struct reading { struct arena *a; struct rows *out; int cap; };

static bool take(void *arg, const struct val *row, int n, struct err *e)
{
    struct reading *r = arg;
    (void)e;
    r->out->row = arena_more(r->a, r->out->row, r->out->n, &r->cap, sizeof *r->out->row);
    struct val *copy = arena_array(r->a, (size_t)n, sizeof *copy);
    for (int i = 0; i < n; i++) {
        copy[i] = row[i];
        if (row[i].type == VAL_TEXT) copy[i].p = arena_strndup(r->a, row[i].p, row[i].n);
    }
    r->out->row[r->out->n++] = copy;
    return true;
}

bool rows_read(struct db *d, const struct stmt *s, const struct val *params, int n,
               struct arena *a, struct rows *out, struct err *e)
{
    struct reading r = { .a = a, .out = out };
    *out = (struct rows){ 0 };
    return db_query(d, s, params, n, take, &r, e);
}

bool row_is(struct val v, const char *text)
{
    return v.type == VAL_TEXT && strlen(text) == v.n && memcmp(v.p, text, v.n) == 0;
}

const struct val *rows_find(const struct rows *r, int64_t county, int64_t id)
{
    int lo = 0, hi = r->n;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        int64_t c = row_int(r->row[mid][0]), i = row_int(r->row[mid][1]);
        if (c < county || (c == county && i < id)) lo = mid + 1;
        else hi = mid;
    }
    bool found = lo < r->n && row_int(r->row[lo][0]) == county && row_int(r->row[lo][1]) == id;
    return found ? r->row[lo] : NULL;
}
