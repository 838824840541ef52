/* The store's definitions: reading them, making them others, and building their cells anew. */
#include <stdlib.h>
#include <string.h>

#include "figure/scan.h"
#include "figure/sql.h"
#include "store/seal.h"

/* What figure_def says. */
struct stored_def { int64_t number; const char *name, *body, *meaning; int64_t seal; };
struct stored_defs {
    struct arena *a;
    struct stored_def *at;
    size_t n, cap;
    const char *generation;
    int64_t generation_seal;     /* of row 0; 0 = there is none */
};

static bool take_def(void *arg, const struct val *row, int n, struct err *e)
{
    struct stored_defs *s = arg;
    (void)n;
    (void)e;
    const char *meaning = arena_strndup(s->a, row[3].p, row[3].n);
    int64_t seal = val_is_null(row[4]) ? 0 : row[4].i;
    if (row[0].i == 0) {
        s->generation = meaning;
        s->generation_seal = seal;
        return true;
    }
    s->at = mem_more(s->at, s->n, &s->cap, sizeof *s->at);
    s->at[s->n++] = (struct stored_def){ row[0].i, arena_strndup(s->a, row[1].p, row[1].n),
                                         arena_strndup(s->a, row[2].p, row[2].n), meaning,
                                         seal };
    return true;
}

static bool read_defs(struct db *d, struct arena *a, struct stored_defs *out, struct err *e)
{
    *out = (struct stored_defs){ .a = a, .generation = "" };
    return db_query(d, figure_sql(DEF_ALL), NULL, 0, take_def, out, e);
}

static const struct stored_def *def_named(const struct stored_defs *s, const char *name)
{
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->at[i].name, name) == 0) return &s->at[i];
    return NULL;
}

/* The digest over all definitions, as text; "" when there is none. */
static void generation_of(const struct figures *f, char out[DIGEST_HEX])
{
    struct digest d;
    unsigned char sum[DIGEST_LEN];
    digest_init(&d);
    for (uint32_t i = 0; i < f->numbers; i++) {
        const struct figure *g = f->by_number[i];
        if (!g) continue;
        digest_add(&d, &g->number, sizeof g->number);
        digest_add(&d, g->name, strlen(g->name) + 1);
        digest_add(&d, g->meaning, DIGEST_LEN);
    }
    digest_done(&d, sum);
    digest_hex(sum, DIGEST_LEN, out);
    if (f->n == 0) out[0] = '\0';
}

struct generation { char text[DIGEST_HEX]; };

static bool take_generation(void *arg, const struct val *row, int n, struct err *e)
{
    struct generation *g = arg;
    (void)n;
    (void)e;
    if (row[0].type == VAL_TEXT && row[0].n < sizeof g->text) memcpy(g->text, row[0].p, row[0].n);
    return true;
}

bool generation_same(struct tx *tx, const struct figures *f, struct err *e)
{
    struct generation g = { "" };
    if (!f->stored)
        return err_set(e, ERR_INTERNAL, "these figure definitions were not read from the store");
    if (!tx_query(tx, figure_sql(DEF_GENERATION), NULL, 0, take_generation, &g, e)) return false;
    if (strcmp(g.text, f->generation) == 0) return true;
    return err_set(e, ERR_CONFLICT, "the figure definitions were changed meanwhile: start again");
}

bool figures_from_store(struct figures **out, struct db *d, const struct model *mo, struct err *e)
{
    struct arena a;
    struct stored_defs s;
    arena_init(&a, 0);
    *out = NULL;
    bool ok = read_defs(d, &a, &s, e);
    struct figure_source *src = mem_alloc((s.n + 1) * sizeof *src);
    for (size_t i = 0; ok && i < s.n; i++)
        src[i] = (struct figure_source){ s.at[i].name, s.at[i].body, strlen(s.at[i].body) };
    if (ok && !figures_read(out, src, (int)s.n, mo, e))
        ok = err_context(e, "a stored figure definition does not fit this program");
    if (ok) {
        struct figures *f = *out;
        for (int i = 0; i < f->n; i++) f->at[i]->number = (uint32_t)s.at[i].number;
        figures_index(f);
        f->stored = true;
        snprintf(f->generation, sizeof f->generation, "%s", s.generation);
    }
    free(src);
    free(s.at);
    arena_free(&a);
    return ok;
}

/* --- building --- */

static bool write_gather(void *arg, struct gather *g, struct err *e)
{
    struct tx *tx = arg;
    if (!keys_apply(tx, &g->keys, true, &g->deltas, e)) return false;
    deltas_settle(&g->deltas);
    struct cell_writer w;
    cell_writer_init(&w, tx);
    bool ok = cells_write(&w, &g->deltas, 0, g->deltas.n, e) && cells_finish(&w, e);
    cell_writer_free(&w);
    deltas_clear(&g->deltas);
    key_deltas_free(&g->keys);
    return ok;
}

static bool drop_cells(struct tx *tx, int64_t number, struct err *e)
{
    struct val v = val_int(number);
    return tx_exec(tx, figure_sql(FINE_DROP_FIGURE), &v, 1, NULL, e) &&
           tx_exec(tx, figure_sql(COUNTY_DROP_FIGURE), &v, 1, NULL, e) &&
           tx_exec(tx, figure_sql(KEY_DROP_FIGURE), &v, 1, NULL, e);
}

/* Cells of the figures for which wanted[number] is set, table by table. */
static bool build(struct tx *tx, const struct model *mo, const struct figures *f,
                  const bool *wanted, struct err *e)
{
    for (int m = 0; m < mo->n; m++) {
        const struct figure **list = mem_alloc((size_t)(f->n + 1) * sizeof *list);
        int n, all;
        const struct figure *const *of = figures_of(f, &mo->maps[m], &all);
        n = 0;
        for (int i = 0; i < all; i++)
            if (wanted[of[i]->number]) list[n++] = of[i];
        struct scan_job j = { .d = tx_db(tx), .m = &mo->maps[m], .list = list, .n = n,
                              .from = 0, .to = 999999, .take = write_gather, .arg = tx };
        bool ok = n == 0 || scan_rows(&j, e);
        free(list);
        if (!ok) return false;
    }
    return true;
}

static bool no_load_pending(struct tx *tx, struct err *e)
{
    int64_t number;
    if (!load_pending(tx_db(tx), &number, e)) return false;
    return number < 0 || err_set(e, ERR_BUSY, "load %lld is under way: figures cannot be rebuilt "
                                 "until it ends", (long long)number);
}

struct rebuilding { const struct model *mo; const struct figures *f; };

static bool rebuild(struct tx *tx, void *arg, struct err *e)
{
    const struct rebuilding *r = arg;
    bool *wanted = mem_alloc(r->f->numbers * sizeof *wanted);
    bool ok = no_load_pending(tx, e) && generation_same(tx, r->f, e);
    for (int i = 0; ok && i < r->f->n; i++) {
        wanted[r->f->at[i]->number] = true;
        ok = drop_cells(tx, r->f->at[i]->number, e);
    }
    ok = ok && build(tx, r->mo, r->f, wanted, e);
    free(wanted);
    return ok;
}

bool figures_rebuild(struct store *s, const struct model *mo, const struct figures *f,
                     struct err *e)
{
    struct rebuilding r = { mo, f };
    return store_write(s, rebuild, &r, e);
}

/* --- installing --- */

struct installing { const struct model *mo; struct figures *f; bool *changed; };

/* Numbers of old names stay, new names get new ones; *any tells whether any cells change. */
static bool number_figures(struct installing *x, const struct stored_defs *old, bool *any,
                           struct err *e)
{
    int64_t next = 1;
    *any = false;
    for (size_t i = 0; i < old->n; i++)
        if (old->at[i].number >= next) next = old->at[i].number + 1;
    for (int i = 0; i < x->f->n; i++) {
        const struct stored_def *d = def_named(old, x->f->at[i]->name);
        x->f->at[i]->number = (uint32_t)(d ? d->number : next++);
    }
    if (next > FIGURE_MAX_NUMBER)
        return err_set(e, ERR_FULL, "the store has no more figure numbers");
    figures_index(x->f);
    x->changed = mem_alloc(x->f->numbers * sizeof *x->changed);
    for (int i = 0; i < x->f->n; i++) {
        const struct figure *g = x->f->at[i];
        const struct stored_def *d = def_named(old, g->name);
        char hex[DIGEST_HEX];
        digest_hex(g->meaning, DIGEST_LEN, hex);
        x->changed[g->number] = g->map && (!d || strcmp(d->meaning, hex) != 0);
        *any |= x->changed[g->number];
    }
    for (size_t i = 0; i < old->n; i++) *any |= !figures_find(x->f, old->at[i].name);
    return true;
}

/* d's seal is that of the row as it was, 0 when there was none. */
static bool put_def(struct tx *tx, const struct stored_def *d, struct err *e)
{
    const struct table *t = &figure_tables[TABLE_DEF];
    struct val v[5] = { val_int(d->number), val_text(d->name), val_text(d->body),
                        val_text(d->meaning) };
    int64_t seal = seal_of(db_store(tx_db(tx)), t, v);
    v[4] = val_int(seal);
    seal_note(tx, t, d->seal, seal);
    return tx_exec(tx, figure_sql(DEF_PUT), v, 5, NULL, e);
}

static bool put_defs(struct tx *tx, const struct figures *f, const struct stored_defs *old,
                     struct err *e)
{
    char generation[DIGEST_HEX];
    for (int i = 0; i < f->n; i++) {
        char hex[DIGEST_HEX];
        digest_hex(f->at[i]->meaning, DIGEST_LEN, hex);
        const struct stored_def *was = def_named(old, f->at[i]->name);
        struct stored_def d = { f->at[i]->number, f->at[i]->name, f->at[i]->text, hex,
                                was ? was->seal : 0 };
        if (!put_def(tx, &d, e)) return false;
    }
    generation_of(f, generation);
    return put_def(tx, &(struct stored_def){ 0, "", "", generation, old->generation_seal }, e);
}

static bool drop_old(struct tx *tx, const struct installing *x, const struct stored_defs *old,
                     struct err *e)
{
    for (size_t i = 0; i < old->n; i++) {
        struct val v = val_int(old->at[i].number);
        bool gone = !figures_find(x->f, old->at[i].name);
        bool drop = gone || x->changed[old->at[i].number];
        if (drop && !drop_cells(tx, old->at[i].number, e)) return false;
        if (!gone) continue;
        if (!tx_exec(tx, figure_sql(DEF_DROP), &v, 1, NULL, e)) return false;
        seal_note(tx, &figure_tables[TABLE_DEF], old->at[i].seal, 0);
    }
    return true;
}

static bool install(struct tx *tx, void *arg, struct err *e)
{
    struct installing *x = arg;
    struct arena a;
    struct stored_defs old;
    arena_init(&a, 0);
    bool any = false;
    bool ok = read_defs(tx_db(tx), &a, &old, e) && number_figures(x, &old, &any, e);
    if (ok && any) ok = no_load_pending(tx, e);
    ok = ok && drop_old(tx, x, &old, e) && put_defs(tx, x->f, &old, e) &&
         build(tx, x->mo, x->f, x->changed, e);
    free(x->changed);
    x->changed = NULL;
    free(old.at);
    arena_free(&a);
    return ok;
}

bool figures_install(struct store *s, struct model *mo, const struct figure_source *src, int n,
                     struct err *e)
{
    struct installing x = { .mo = mo };
    if (!figures_read(&x.f, src, n, mo, e)) return false;
    bool ok = store_write(s, install, &x, e);
    figures_free(x.f);
    return ok;
}
