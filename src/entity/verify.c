/* The proof of rows. Every row's digest is computed again; per table and county, the number of rows
 * and the sum of their digests must be what the journal's entries add up to; claims must match
 * rows. All of it streams; only a county with a fault is looked at row by row. */
#include "entity/verify.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "entity/load_body.h"
#include "entity/load_sql.h"
#include "store/seal.h"

#define KEPT_FAULTS 100 /* changed rows of one table that are looked up in the journal, too */

static struct tally *tally_of(struct map *m, int64_t what, int64_t county)
{
    struct tally_key key = { what, county };
    return map_put(m, &key, NULL);
}

/* --- what the journal says --- */

struct summing { struct verify *v; struct map undone; };

/* The proof of the chain has named the entry, too; the rows are looked at all the same. */
static bool unreadable(struct verify *v, const struct journal_row *j, struct err *e)
{
    fault_tell(v->told, "journal: entry %lld of writer %lld cannot be read: %s", (long long)j->seq,
                (long long)j->writer, e->message);
    err_clear(e);
    return true;
}

static bool collect_undone(void *arg, const struct journal_row *j, struct err *e)
{
    struct summing *s = arg;
    int64_t number;
    if (j->kind != JOURNAL_UNDO) return true;
    if (!undo_body_read(j->body, j->body_n, &number, e)) return unreadable(s->v, j, e);
    map_put(&s->undone, &number, NULL);
    return true;
}

static bool sum_load(struct summing *s, const struct journal_row *j, struct err *e)
{
    struct load_body body;
    arena_reset(&s->v->arena);
    if (!load_body_read(j->body, j->body_n, &body, &s->v->arena, e))
        return unreadable(s->v, j, e);
    if (map_get(&s->undone, &body.number)) return true;
    for (size_t i = 0; i < body.n; i++) {
        struct tally *t = tally_of(&s->v->sums, body.sums[i].table, body.sums[i].county);
        t->count += body.sums[i].count;
        t->sum += body.sums[i].sum;
    }
    return true;
}

static bool sum_entry(void *arg, const struct journal_row *j, struct err *e)
{
    struct summing *s = arg;
    if (j->kind == JOURNAL_LOAD) return sum_load(s, j, e);
    if (j->kind != JOURNAL_INSERT && j->kind != JOURNAL_UPDATE && j->kind != JOURNAL_DELETE)
        return true;
    struct tally *t = tally_of(&s->v->sums, j->table, j->county);
    t->count += (j->kind == JOURNAL_INSERT) - (j->kind == JOURNAL_DELETE);
    t->sum += (uint64_t)j->after - (uint64_t)j->before;
    return true;
}

static bool sum_journal(struct verify *v, struct err *e)
{
    struct summing s = { .v = v };
    map_init(&s.undone, sizeof(int64_t), 1);
    bool ok = journal_walk(v->db, collect_undone, &s, e) &&
              journal_walk(v->db, sum_entry, &s, e);
    map_free(&s.undone);
    return ok;
}

/* --- what the rows say --- */

struct changed { int64_t county, id, stored, computed; };

/* One table under way. The two sums differ where a row's digest is not that of its values: which of
 * them fits the journal tells whether the values or the digest were changed. */
struct scan {
    struct verify *v;
    const struct table_map *m;
    int64_t county, rows;
    uint64_t stored, computed;
    bool any;
    struct changed kept[KEPT_FAULTS];
    int n_kept;
    int64_t changed;
    int64_t *suspect;              /* counties whose sums do not fit */
    size_t n_suspect, cap_suspect;
};

static void suspect_add(struct scan *s, int64_t county)
{
    s->suspect = mem_more(s->suspect, s->n_suspect, &s->cap_suspect, sizeof *s->suspect);
    s->suspect[s->n_suspect++] = county;
}

static void county_done(struct scan *s)
{
    if (!s->any) return;
    struct tally *t = tally_of(&s->v->sums, s->m->entity->number, s->county);
    if (t->count != s->rows || (t->sum != s->stored && t->sum != s->computed))
        suspect_add(s, s->county);
    *t = (struct tally){ 0 }; /* seen; what is left at the end has no rows at all */
    s->rows = 0;
    s->stored = s->computed = 0;
}

static bool scan_row(void *arg, const struct val *row, int n, struct err *e)
{
    struct scan *s = arg;
    const struct table_map *m = s->m;
    (void)n;
    (void)e;
    if (!s->any || s->county != row[ROW_COUNTY].i) {
        county_done(s);
        s->any = true;
        s->county = row[ROW_COUNTY].i;
    }
    int64_t computed = map_digest(m, s->v->key, row);
    int64_t stored = row[m->columns].i;
    if (computed != stored && s->changed++ < KEPT_FAULTS)
        s->kept[s->n_kept++] =
            (struct changed){ row[ROW_COUNTY].i, row[ROW_ID].i, stored, computed };
    verify_claim_row(s->v, m, row);
    if (row[ROW_LOAD].type == VAL_INT && row[ROW_LOAD].i == s->v->pending) return true;
    s->rows++;
    s->stored += (uint64_t)stored;
    s->computed += (uint64_t)computed;
    return true;
}

static bool last_after(void *arg, const struct journal_row *j, struct err *e)
{
    (void)e;
    if (j->kind != JOURNAL_NOTE) *(int64_t *)arg = j->after;
    return true;
}

/* The journal's last entry on a row, where it has one of its own, knows which side is true. */
static bool tell_changed(struct verify *v, const struct table_map *m, const struct changed *c,
                         struct err *e)
{
    int64_t after = 0;
    if (!journal_of(v->db, m->entity->number, c->county, c->id, last_after, &after, e))
        return false;
    const char *what = "its values and its digest do not belong together";
    if (after && after == c->computed) what = "its digest was changed, its values are as written";
    else if (after && after == c->stored) what = "its values were changed outside the program";
    else if (after) what = "neither its values nor its digest are as written";
    fault_tell(v->told, "%s, county %lld, id %lld: %s", m->entity->name, (long long)c->county,
                (long long)c->id, what);
    return true;
}

static bool tell_county(struct verify *v, const struct table_map *m, int64_t county, struct err *e)
{
    bool named = false;
    if (!verify_county(v, m, county, &named, e)) return false;
    if (!named)
        fault_tell(v->told,
                    "%s, county %lld: the rows do not add up to what the journal says was loaded "
                    "and changed there: rows were removed, added or replaced outside the program",
                    m->entity->name, (long long)county);
    return true;
}

static bool verify_table(struct verify *v, const struct table_map *m, struct err *e)
{
    struct scan *s = mem_alloc(sizeof *s);
    struct val all[2] = { val_int(0), val_int(INT64_MAX) };
    s->v = v;
    s->m = m;
    bool ok = db_query(v->db, &m->stmts[ENTITY_SCAN], all, 2, scan_row, s, e);
    if (ok) county_done(s);
    for (int i = 0; ok && i < s->n_kept; i++) ok = tell_changed(v, m, &s->kept[i], e);
    if (ok && s->changed > s->n_kept)
        fault_tell(v->told, "%s: %lld more rows were changed", m->entity->name,
                    (long long)(s->changed - s->n_kept));
    for (size_t i = 0; ok && i < s->n_suspect; i++) ok = tell_county(v, m, s->suspect[i], e);
    free(s->suspect);
    free(s);
    return ok;
}

/* --- copied facts --- */

struct strays { struct verify *v; const struct table_map *m; int n; struct val last[2]; };

static bool take_stray(void *arg, const struct val *row, int n, struct err *e)
{
    struct strays *s = arg;
    (void)n;
    (void)e;
    s->n++;
    s->last[0] = row[0];
    s->last[1] = row[1];
    if (row[2].i != s->v->pending)
        fault_tell(s->v->told, "%s, county %lld, id %lld: what it copies is not what the row it belongs "
                    "to has", s->m->entity->name, (long long)row[0].i, (long long)row[1].i);
    return true;
}

static bool verify_copies(struct verify *v, const struct table_map *m, struct err *e)
{
    const struct copies *c = &v->model->own->copies[m - v->model->maps];
    struct strays s = { .v = v, .m = m, .n = COPIES_PAGE, .last = { val_int(-1), val_int(0) } };
    while (c->n && s.n == COPIES_PAGE) {
        struct val after[2] = { s.last[0], s.last[1] };
        s.n = 0;
        if (!db_query(v->db, &c->strays, after, 2, take_stray, &s, e)) return false;
    }
    return true;
}

/* Counties of which the journal speaks and no row is left. */
static bool verify_empty(struct verify *v, struct err *e)
{
    const void *key;
    void *value;
    for (size_t at = 0; map_next(&v->sums, &at, &key, &value);) {
        const struct tally_key *k = key;
        const struct tally *t = value;
        if (t->count == 0 && t->sum == 0) continue;
        const struct table_map *m = model_number(v->model, (uint32_t)k->what);
        if (!m)
            fault_tell(v->told,
                        "the journal speaks of %lld rows of entity number %lld, which nothing here "
                        "declares",
                        (long long)t->count, (long long)k->what);
        else if (!tell_county(v, m, k->county, e))
            return false;
    }
    return true;
}

/* --- loads --- */

static bool take_stray_run(void *arg, const struct val *row, int n, struct err *e)
{
    const struct verify *v = arg;
    (void)n, (void)e;
    fault_tell(v->told, "load_run, number %lld: no load of that number is under way",
                (long long)row[0].i);
    return true;
}

static bool verify_loads(struct verify *v, struct err *e)
{
    if (!db_query(v->db, load_stmt(LOAD_RUN_STRAY), NULL, 0, take_stray_run, v, e)) return false;
    for (int i = 0; i < entity_table_count; i++)
        if (entity_tables[i].sealed &&
            !seal_verify(v->db, &entity_tables[i], v->told, e))
            return false;
    return true;
}

bool entity_verify(const struct model *mo, struct db *d, struct faults *f, struct err *e)
{
    struct verify v = { .model = mo, .db = d, .key = store_row_key(db_store(d)), .told = f };
    map_init(&v.sums, sizeof(struct tally_key), sizeof(struct tally));
    map_init(&v.claims, sizeof(struct tally_key), sizeof(struct tally));
    bool ok = load_pending(d, &v.pending, e) && sum_journal(&v, e);
    for (int i = 0; ok && i < mo->n; i++)
        ok = mo->maps[i].entity->view ||
             (verify_table(&v, &mo->maps[i], e) && verify_copies(&v, &mo->maps[i], e));
    ok = ok && verify_empty(&v, e) && verify_claims(&v, e) && verify_loads(&v, e);
    map_free(&v.sums);
    map_free(&v.claims);
    arena_free(&v.arena);
    return ok;
}
