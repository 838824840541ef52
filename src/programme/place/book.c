/* What is known of places by code: existence, names, ranges, classes. */
#include "programme/place/book.h"

#include <stdlib.h>


bool place_book_open(struct place_book **out, struct err *e)
{
    struct place_book *b = mem_alloc(sizeof *b);
    (void)e;
    map_init(&b->known, sizeof(int64_t), 1);
    arena_init(&b->kept, 0);
    arena_init(&b->work, 0);
    *out = b;
    return true;
}

void place_book_close(struct place_book *b)
{
    if (!b) return;
    text_close(b->text);
    map_free(&b->known);
    arena_free(&b->kept);
    arena_free(&b->work);
    free(b->retired);
    free(b->succeeded);
    free(b->alias);
    free(b);
}

/* Opening ICU takes a fifth of a second, which a command that is given codes alone need not wait for. */
bool book_text(struct place_book *b, struct err *e)
{
    return b->text || text_open(&b->text, e);
}

static void copy_text(char *to, size_t size, struct val v)
{
    size_t n = v.type == VAL_TEXT ? v.n : 0;
    if (n >= size) n = size - 1;
    if (n) memcpy(to, v.p, n);
    to[n] = '\0';
}

static bool take_facts(void *arg, const struct val *row, int n, struct err *e)
{
    struct place_facts *f = arg;
    (void)n;
    (void)e;
    copy_text(f->name, sizeof f->name, row[0]);
    copy_text(f->name_en, sizeof f->name_en, row[1]);
    f->level = row[2].i;
    f->retired = row[3].type == VAL_INT && row[3].i;
    f->successor = row[4].type == VAL_INT ? row[4].i : 0;
    f->found = true;
    return true;
}

bool book_facts(struct place_book *b, struct db *d, int64_t code, struct place_facts *out, struct err *e)
{
    (void)b;
    *out = (struct place_facts){ .found = false };
    return db_query(d, &place_stmts.stmts[PLACE_BY_CODE], (struct val[]){ val_int(code) }, 1,
                    take_facts, out, e);
}

struct retired_list { struct retired *at; size_t n, cap; };

static bool take_retired(void *arg, const struct val *row, int n, struct err *e)
{
    struct retired_list *l = arg;
    (void)n;
    (void)e;
    l->at = mem_more(l->at, l->n, &l->cap, sizeof *l->at);
    l->at[l->n++] = (struct retired){ row[0].i, row[1].type == VAL_INT ? row[1].i : 0 };
    return true;
}

static int by_successor(const void *a, const void *b)
{
    const struct retired *x = a, *y = b;
    if (x->successor != y->successor) return x->successor < y->successor ? -1 : 1;
    return (x->code > y->code) - (x->code < y->code);
}

bool book_retired(struct place_book *b, struct db *d, struct err *e)
{
    if (b->has_retired) return true;
    struct retired_list l = { NULL, 0, 0 };
    if (!db_query(d, &place_stmts.stmts[PLACE_RETIRED_ALL], NULL, 0, take_retired, &l, e)) {
        free(l.at);
        return false;
    }
    b->retired = l.at;
    b->n_retired = l.n;
    b->has_retired = true;
    b->succeeded = mem_alloc((l.n + 1) * sizeof *b->succeeded);
    for (size_t i = 0; i < l.n; i++)
        if (l.at[i].successor) b->succeeded[b->n_succeeded++] = l.at[i];
    qsort(b->succeeded, b->n_succeeded, sizeof *b->succeeded, by_successor);
    return true;
}

struct alias_list { struct place_book *book; struct alias *at; size_t n, cap; };

static bool take_alias(void *arg, const struct val *row, int n, struct err *e)
{
    struct alias_list *l = arg;
    (void)n;
    (void)e;
    if (row[0].type != VAL_TEXT || row[1].type != VAL_INT) return true;
    l->at = mem_more(l->at, l->n, &l->cap, sizeof *l->at);
    const char *key = text_key(l->book->text, row[0].p, row[0].n, &l->book->kept);
    l->at[l->n++] = (struct alias){ key, row[1].i };
    return true;
}

bool book_aliases(struct place_book *b, struct db *d, struct err *e)
{
    if (b->has_alias) return true;
    if (!book_text(b, e)) return false;
    struct alias_list l = { b, NULL, 0, 0 };
    if (!db_query(d, &place_stmts.stmts[PLACE_ALIAS_ALL], NULL, 0, take_alias, &l, e)) {
        free(l.at);
        return false;
    }
    b->alias = l.at;
    b->n_alias = l.n;
    b->has_alias = true;
    return true;
}

static bool inside(struct place_range r, struct place_range whole)
{
    return r.lo >= whole.lo && r.hi <= whole.hi;
}

/* Retired codes whose successor lies in the place and that its own digits do not cover already. */
/* The first that is succeeded by a code from `lo` on. */
static size_t first_from(const struct place_book *b, int64_t lo)
{
    size_t from = 0, to = b->n_succeeded;
    while (from < to) {
        size_t at = from + (to - from) / 2;
        if (b->succeeded[at].successor < lo) from = at + 1;
        else to = at;
    }
    return from;
}

/* Into the ranges behind the first, which ascend; a county of a prefecture that is there adds
 * nothing, and a prefecture takes the place of its counties. False when there is no room. */
static bool add_range(struct place_range *out, int *n, int max, struct place_range r)
{
    int kept = 1, at = 1;
    for (int i = 1; i < *n; i++)
        if (inside(r, out[i])) return true;
    for (int i = 1; i < *n; i++)
        if (!inside(out[i], r)) out[kept++] = out[i];
    *n = kept;
    if (*n == max) return false;
    while (at < *n && out[at].lo < r.lo) at++;
    memmove(&out[at + 1], &out[at], (size_t)(*n - at) * sizeof *out);
    out[at] = r;
    ++*n;
    return true;
}

static bool place_ranges(void *arg, struct db *d, int64_t place, struct place_range *out, int max,
                         int *n, struct err *e)
{
    struct place_book *b = arg;
    if (place == 0) {
        out[0] = (struct place_range){ 0, INT64_C(999999999999) };
        *n = 1;
        return true;
    }
    if (!book_retired(b, d, e)) return false;
    struct place_range own = place_own_range(place);
    *n = 0;
    out[(*n)++] = own;
    for (size_t i = first_from(b, own.lo); i < b->n_succeeded; i++) {
        const struct retired *x = &b->succeeded[i];
        struct place_range r = place_own_range(x->code);
        if (x->successor > own.hi) break;
        if (!inside(place_own_range(x->successor), own) || inside(r, own)) continue;
        if (!add_range(out, n, max, r))
            return err_set(e, ERR_INTERNAL, "%lld holds more than %d retired ranges",
                           (long long)place, max);
    }
    return true;
}

bool book_full_name(struct place_book *b, struct db *d, int64_t code, bool zh, struct buf *out,
                    struct err *e)
{
    bool first = true;
    for (int level = 1; level <= place_level(code); level++) {
        int64_t up = place_up(code, level);
        struct place_facts f;
        if (!book_facts(b, d, up, &f, e)) return false;
        /* Prefectures such as "市辖区" only group a municipality's districts. */
        if (!f.found || (level == 2 && (!strcmp(f.name, "市辖区") || !strcmp(f.name, "县")))) continue;
        if (!first) buf_str(out, " / ");
        buf_str(out, zh || !f.name_en[0] ? f.name : f.name_en);
        first = false;
    }
    if (first) buf_printf(out, "%lld", (long long)code);
    return true;
}

static bool place_name(void *arg, struct db *d, int64_t code, bool zh, char *out, size_t size)
{
    struct place_book *b = arg;
    struct place_facts f;
    struct err e = { .code = ERR_NONE };
    if (!book_facts(b, d, code, &f, &e) || !f.found) return false;
    snprintf(out, size, "%s", zh || !f.name_en[0] ? f.name : f.name_en);
    if (zh || f.name_en[0] || (unsigned char)*f.name < 0x80 || !book_text(b, &e)) return true;
    struct arena a = { 0 };
    const char *english = place_english(b->text, code, f.name, &a);
    if (english) snprintf(out, size, "%s", english);
    arena_free(&a);
    return true;
}

struct members { struct arena *a; int64_t *codes; size_t n, cap; };

static bool take_member(void *arg, const struct val *row, int n, struct err *e)
{
    struct members *m = arg;
    (void)n;
    (void)e;
    if (m->n == m->cap) {
        size_t cap = m->cap ? m->cap * 2 : 256;
        int64_t *more = arena_array(m->a, cap, sizeof *more);
        if (m->n) memcpy(more, m->codes, m->n * sizeof *more);
        m->codes = more;
        m->cap = cap;
    }
    m->codes[m->n++] = row[0].i;
    return true;
}

static bool place_members(void *arg, struct db *d, const char *class, int32_t on, struct arena *a,
                          const int64_t **codes, size_t *n, struct err *e)
{
    struct members m = { a, NULL, 0, 0 };
    int64_t pending;
    (void)arg;
    if (!load_pending(d, &pending, e)) return false;
    const struct val params[] = { val_text(class), val_int(on), val_int(pending) };
    if (!db_query(d, &place_stmts.stmts[PLACE_CLASS_MEMBERS], params, 3, take_member, &m, e))
        return false;
    *codes = m.codes;
    *n = m.n;
    return true;
}

struct places place_book_places(struct place_book *b)
{
    return (struct places){ .arg = b, .resolve = place_resolve, .ranges = place_ranges,
                            .name = place_name, .members = place_members };
}
