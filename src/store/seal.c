#include "store/seal.h"

#include <inttypes.h>
#include <stdlib.h>

#include "store/driver.h"
#include "store/tables.h"

#define COLUMNS_MOST 16
#define KEPT_FAULTS 100 /* changed rows of one table that are named */

#define SEALED_AT_ONCE 64

void seal_rows(const struct store *s, const struct table *t, struct val *rows, size_t n)
{
    struct val v[SEALED_AT_ONCE * (COLUMNS_MOST + 1)];
    int64_t seals[SEALED_AT_ONCE];
    size_t width = (size_t)t->n, some;
    if (width > COLUMNS_MOST + 1) abort();
    for (size_t at = 0; at < n; at += some) {
        some = n - at < SEALED_AT_ONCE ? n - at : SEALED_AT_ONCE;
        for (size_t i = 0; i < some; i++) { /* the name comes in, and the seal's place goes */
            v[i * width] = val_text(t->name);
            memcpy(v + i * width + 1, rows + (at + i) * width, (width - 1) * sizeof *v);
        }
        row_digests(&s->row_key, SETTING_NUMBER, v, width, width, some, seals);
        for (size_t i = 0; i < some; i++)
            rows[(at + i + 1) * width - 1] = val_int(seals[i] ? seals[i] : 1);
    }
}

int64_t seal_of(const struct store *s, const struct table *t, const struct val *row)
{
    struct val v[COLUMNS_MOST + 1] = { val_text(t->name) };
    size_t n = (size_t)t->n - 1;
    if (n > COLUMNS_MOST) abort();
    memcpy(v + 1, row, n * sizeof *v);
    int64_t seal = row_digest(&s->row_key, SETTING_NUMBER, v, n + 1);
    return seal ? seal : 1;
}

/* --- sums --- */

struct sum { int64_t count; uint64_t sum; };

static void setting_name(const struct table *t, char out[80])
{
    snprintf(out, 80, "seal.%s", t->name);
}

static void sum_text(const struct sum *s, char out[48])
{
    snprintf(out, 48, "%" PRId64 " %016" PRIx64, s->count, s->sum);
}

/* --- what a transaction changes --- */

struct note { const struct table *t; struct sum sum; };
struct notes { struct note *at; size_t n, cap, marked; };

static void *notes_open(struct tx *tx)
{
    (void)tx;
    return mem_alloc(sizeof(struct notes));
}

static void notes_close(void *self)
{
    free(((struct notes *)self)->at);
    free(self);
}

/* Behind a mark, notes begin anew, so that rewinding is cutting off. */
static size_t notes_mark(void *self)
{
    struct notes *x = self;
    return x->marked = x->n;
}

static void notes_rewind(void *self, size_t mark)
{
    struct notes *x = self;
    x->n = x->marked = mark;
}

static bool swap(struct tx *tx, const struct table *t, const struct sum *by, struct err *e)
{
    char name[80], text[48];
    struct arena a = { 0 };
    const char *was = NULL;
    struct sum s = { 0 };
    int64_t changed = 0;
    setting_name(t, name);
    bool ok = setting_get(tx->db, name, &a, &was, e);
    if (ok && (!was || sscanf(was, "%" SCNd64 " %" SCNx64, &s.count, &s.sum) != 2))
        ok = err_set(e, ERR_CORRUPT, "the setting %s is missing: see `jiedui verify`", name);
    s.count += by->count;
    s.sum += by->sum;
    sum_text(&s, text);
    struct val v[4] = { val_text(name), val_text(text), { 0 }, val_text(was) };
    v[2] = val_int(row_digest(&tx->db->store->row_key, SETTING_NUMBER, v, 2));
    ok = ok && tx_exec(tx, &store_sql[STORE_SETTING_SWAP], v, 4, &changed, e);
    if (ok && changed != 1) {
        tx->db->again = true;
        ok = err_set(e, ERR_BUSY, "another process has written %s meanwhile", t->name);
    }
    arena_free(&a);
    return ok;
}

static bool notes_flush(struct tx *tx, void *self, struct err *e)
{
    struct notes *x = self;
    for (size_t i = 0; i < x->n; i++) {
        struct sum by = x->at[i].sum;
        for (size_t k = i + 1; k < x->n; k++) {
            if (x->at[k].t != x->at[i].t) continue;
            by.count += x->at[k].sum.count;
            by.sum += x->at[k].sum.sum;
            x->at[k].sum = (struct sum){ 0 };
        }
        if ((by.count || by.sum) && !swap(tx, x->at[i].t, &by, e)) return false;
    }
    return true;
}

/* Behind the journal: nothing that is flushed later writes a sealed table. */
static const struct tx_part notes_part = {
    .name = "seal", .rank = 1500, .open = notes_open, .mark = notes_mark, .rewind = notes_rewind,
    .flush = notes_flush, .close = notes_close,
};

static void note(struct tx *tx, const struct table *t, int64_t count, uint64_t sum)
{
    struct notes *x = tx_part(tx, &notes_part);
    size_t i = x->marked;
    while (i < x->n && x->at[i].t != t) i++;
    if (i == x->n) {
        x->at = mem_more(x->at, x->n, &x->cap, sizeof *x->at);
        x->at[x->n++] = (struct note){ .t = t };
    }
    x->at[i].sum.count += count;
    x->at[i].sum.sum += sum;
}

void seal_note(struct tx *tx, const struct table *t, int64_t was, int64_t now)
{
    note(tx, t, (now != 0) - (was != 0), (uint64_t)now - (uint64_t)was);
}

/* --- reading all rows --- */

/* by: of those whose first key column is ?1. */
static struct stmt rows_of(const struct table *t, bool by, struct arena *a)
{
    struct buf b;
    buf_init(&b, 1 << 16);
    for (int i = 0; i < t->n; i++) buf_printf(&b, "%s%s", i ? ", " : "select ", t->cols[i].name);
    buf_printf(&b, " from %s", t->name);
    if (by) buf_printf(&b, " where %.*s = ?1", (int)strcspn(t->key, ","), t->key);
    buf_printf(&b, " order by %s", t->key);
    struct stmt s = stmt_composed(STMT_ADMIN, arena_strndup(a, b.p, b.n));
    buf_free(&b);
    return s;
}

static bool in_key(const struct table *t, const char *column)
{
    size_t n = strlen(column);
    for (const char *p = t->key; (p = strstr(p, column)) != NULL; p += n)
        if ((p == t->key || p[-1] == ' ') && (p[n] == ',' || p[n] == '\0')) return true;
    return false;
}

struct proof {
    const struct store *store;
    const struct table *t;
    struct sum sum;
    struct faults *told;
    int64_t rows;
};

static void name_row(struct proof *p, const struct val *row)
{
    struct buf b;
    buf_init(&b, 1000);
    buf_str(&b, p->t->name);
    for (int i = 0; i < p->t->n; i++) {
        const char *column = p->t->cols[i].name;
        if (!in_key(p->t, column)) continue;
        if (row[i].type == VAL_INT) buf_printf(&b, ", %s %" PRId64, column, row[i].i);
        else if (row[i].type == VAL_TEXT)
            buf_printf(&b, ", %s %.*s", column, (int)(row[i].n < 80 ? row[i].n : 80), row[i].p);
    }
    fault_tell(p->told, "%s: the row was changed or added outside the program", b.p);
    buf_free(&b);
}

static bool prove_row(void *arg, const struct val *row, int n, struct err *e)
{
    struct proof *p = arg;
    const struct val *seal = &row[n - 1];
    (void)e;
    p->sum.count++;
    p->sum.sum += seal->type == VAL_INT ? (uint64_t)seal->i : 0;
    if (seal->type == VAL_INT && seal->i == seal_of(p->store, p->t, row)) return true;
    if (++p->rows <= KEPT_FAULTS) name_row(p, row);
    else p->told->n++;
    return true;
}

static void prove_sum(struct proof *p, const char *was)
{
    char now[48];
    struct sum s;
    sum_text(&p->sum, now);
    if (was && strcmp(was, now) == 0) return;
    if (!was || sscanf(was, "%" SCNd64 " %" SCNx64, &s.count, &s.sum) != 2)
        fault_tell(p->told, "%s: the setting that counts its rows is missing", p->t->name);
    else
        fault_tell(p->told, "%s: %" PRId64 " rows were written, and %" PRId64 " are there: rows were "
                   "removed, added or replaced outside the program", p->t->name, s.count, p->sum.count);
}

bool seal_verify(struct db *d, const struct table *t, struct faults *f, struct err *e)
{
    struct proof p = { .store = db_store(d), .t = t, .told = f };
    struct arena a = { 0 };
    const char *was = NULL;
    char name[80];
    setting_name(t, name);
    struct stmt s = rows_of(t, false, &a);
    bool ok = setting_get(d, name, &a, &was, e) && db_query(d, &s, NULL, 0, prove_row, &p, e);
    if (ok && t->sealed == SEALED_ALL) prove_sum(&p, was);
    arena_free(&a);
    return ok;
}

/* --- an earlier program's rows --- */

/* Keys and seals are kept until all rows are read: a connection does one thing at a time. */
struct sealing {
    const struct store *store;
    const struct table *t;
    struct arena a;
    struct val *at;
    int width;                   /* values a row: those of the key, and the seal */
    size_t n, cap;
    struct sum sum;
};

static bool seal_row(void *arg, const struct val *row, int n, struct err *e)
{
    struct sealing *x = arg;
    int64_t seal = seal_of(x->store, x->t, row);
    (void)e;
    x->sum.count++;
    x->sum.sum += (uint64_t)seal;
    if (row[n - 1].type == VAL_INT && row[n - 1].i == seal) return true;
    if (x->n + (size_t)n > x->cap)
        x->at = mem_grow(x->at, (x->cap = x->cap * 2 + 4096) * sizeof *x->at);
    for (int i = 0; i < n - 1; i++) {
        if (!in_key(x->t, x->t->cols[i].name)) continue;
        struct val *v = &x->at[x->n++];
        *v = row[i];
        if (v->type == VAL_TEXT) v->p = arena_strndup(&x->a, row[i].p, row[i].n);
    }
    x->at[x->n++] = val_int(seal);
    return true;
}

static struct stmt seal_update(struct sealing *x)
{
    struct buf b;
    buf_init(&b, 1 << 16);
    for (int i = 0; i < x->t->n; i++)
        if (in_key(x->t, x->t->cols[i].name))
            buf_printf(&b, "%s%s = ?%d", x->width ? " and " : "", x->t->cols[i].name,
                       x->width + 1), x->width++;
    x->width++;
    const char *text = arena_printf(&x->a, "update %s set seal = ?%d where %s", x->t->name,
                                    x->width, b.p);
    buf_free(&b);
    return stmt_composed(STMT_ADMIN, text);
}

bool seal_begin(struct tx *tx, const struct table *t, struct err *e)
{
    struct sealing x = { .store = tx->db->store, .t = t };
    char name[80], text[48];
    struct stmt all = rows_of(t, false, &x.a), put = seal_update(&x);
    bool ok = tx_query(tx, &all, NULL, 0, seal_row, &x, e) &&
              tx_exec_many(tx, &put, x.at, x.width, x.n / (size_t)x.width, NULL, e);
    setting_name(t, name);
    sum_text(&x.sum, text);
    if (ok && t->sealed == SEALED_ALL) ok = setting_put(tx, name, text, e);
    free(x.at);
    arena_free(&x.a);
    return ok;
}

/* --- one statement --- */

static bool check_row(void *arg, const struct val *row, int n, struct err *e)
{
    struct sealing *x = arg;
    int64_t seal = seal_of(x->store, x->t, row);
    if (row[n - 1].type != VAL_INT || row[n - 1].i != seal)
        return err_set(e, ERR_CORRUPT, "a row of %s was changed outside the program: see "
                       "`jiedui verify`", x->t->name);
    x->sum.count++;
    x->sum.sum += (uint64_t)seal;
    return true;
}

bool seal_exec(struct tx *tx, const struct table *t, bool any, const struct stmt *s,
               const struct val *params, int n, int64_t *changed, struct err *e)
{
    struct sealing was = { .store = tx->db->store, .t = t }, now = was;
    struct stmt rows = rows_of(t, !any, &now.a), put = seal_update(&now);
    bool ok = tx_query(tx, &rows, params, !any, check_row, &was, e) &&
              tx_exec(tx, s, params, n, changed, e) &&
              tx_query(tx, &rows, params, !any, seal_row, &now, e) &&
              tx_exec_many(tx, &put, now.at, now.width, now.n / (size_t)now.width, NULL, e);
    if (ok) note(tx, t, now.sum.count - was.sum.count, now.sum.sum - was.sum.sum);
    free(now.at);
    arena_free(&now.a);
    return ok;
}
