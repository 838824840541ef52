/* One row in, changed, out. The order inside the transaction: checks, claims, the row, the journal,
 * the observer. */
#include <stdlib.h>
#include <string.h>

#include "entity/load.h"
#include "entity/plan.h"
#include "store/journal.h"

/* Who acts, and rows of which load are about to go: kept in the transaction, forgotten when the next
 * command of a group begins. */
struct actor { int64_t account, leaving; };

static void *actor_open(struct tx *tx)
{
    (void)tx;
    return mem_alloc(sizeof(struct actor));
}

static size_t actor_mark(void *self)
{
    *(struct actor *)self = (struct actor){ 0 };
    return 0;
}

static void actor_rewind(void *self, size_t mark)
{
    (void)mark;
    *(struct actor *)self = (struct actor){ 0 };
}

static bool actor_flush(struct tx *tx, void *self, struct err *e)
{
    (void)tx;
    (void)self;
    (void)e;
    return true;
}

static const struct tx_part actor_part = { .name = "actor", .rank = 0, .open = actor_open,
    .mark = actor_mark, .rewind = actor_rewind, .flush = actor_flush, .close = free };

void row_actor(struct tx *tx, int64_t account)
{
    ((struct actor *)tx_part(tx, &actor_part))->account = account;
}

void row_leaving(struct tx *tx, int64_t load)
{
    ((struct actor *)tx_part(tx, &actor_part))->leaving = load;
}

static const struct actor *actor_of(struct tx *tx)
{
    return tx_part(tx, &actor_part);
}

struct copy { struct val *row; int n; bool found; struct arena *a; };

static bool copy_row(void *arg, const struct val *row, int n, struct err *e)
{
    struct copy *c = arg;
    if (n != c->n) return err_set(e, ERR_INTERNAL, "a row of %d columns, not %d", n, c->n);
    for (int i = 0; i < n; i++) {
        c->row[i] = row[i];
        if (row[i].type == VAL_TEXT || row[i].type == VAL_BLOB)
            c->row[i].p = arena_strndup(c->a, row[i].p ? row[i].p : "", row[i].n);
    }
    c->found = true;
    return true;
}

bool row_get(struct db *d, const struct table_map *m, int64_t county, int64_t id, struct arena *a,
             struct val *row, bool *found, struct err *e)
{
    struct val params[2] = { val_int(county), val_int(id) };
    struct copy c = { .row = row, .n = m->columns + 1, .a = a };
    if (!db_query(d, &m->stmts[ENTITY_GET], params, 2, copy_row, &c, e)) return false;
    *found = c.found;
    return true;
}

static int64_t digest_of_row(struct tx *tx, const struct table_map *m, const struct val *row)
{
    return map_digest(m, store_row_key(db_store(tx_db(tx))), row);
}

static bool checked(const struct model *mo, const struct table_map *m, struct val *row,
                    struct arena *a, struct err *e)
{
    struct row_fault faults[8];
    int refusing, missing;
    int n = row_check(mo, m, row, a, faults, 8, &refusing, &missing);
    row[ROW_DRAFT] = val_int(missing > 0);
    for (int i = 0; i < n; i++) {
        const struct row_fault *f = &faults[i];
        if (f->severity != CHECK_REFUSE) continue;
        const char *field = f->field >= 0 ? m->field[f->field].name : "";
        return err_field(e, ERR_INVALID, field, "%s%s%s", field, *field ? ": " : "", f->message);
    }
    return true;
}

int64_t row_county(const struct table_map *m, const struct val *row)
{
    if (m->entity->reach == REACH_NATION) return 0;
    if (m->field[m->home].type == F_PLACE) {
        struct val place = row[m->column[m->home]];
        return place.type == VAL_INT ? place_county(place.i) : 0;
    }
    return row[ROW_COUNTY].type == VAL_INT ? row[ROW_COUNTY].i : 0;
}

static const char *key_names(const struct table_map *m, const int *fields, int n, struct arena *a)
{
    const char *names = m->field[fields[0]].name;
    for (int i = 1; i < n; i++) names = arena_printf(a, "%s, %s", names, m->field[fields[i]].name);
    return names;
}

static bool taken(const struct table_map *m, const int *fields, int n, struct arena *a,
                  struct err *e)
{
    return err_field(e, ERR_CONFLICT, m->field[fields[n - 1]].name,
                     "another row of %s has this %s already", m->entity->name,
                     key_names(m, fields, n, a));
}

/* Who says nothing of where the other row is: the asker may not be allowed to know. */
static bool take_claim(struct tx *tx, const struct table_map *m, const struct claim *c,
                       struct val value, const struct val *row, struct arena *a, struct err *e)
{
    struct val params[4] = { val_int(c->kind), value, row[ROW_COUNTY], row[ROW_ID] };
    int64_t changed;
    if (val_is_null(value)) return true;
    if (!tx_exec(tx, &claim_stmts.stmts[CLAIM_TAKE], params, 4, &changed, e)) return false;
    return changed == 1 || taken(m, c->fields, c->n, a, e);
}

static bool free_claim(struct tx *tx, const struct claim *c, struct val value,
                       const struct val *row, struct err *e)
{
    struct val params[4] = { val_int(c->kind), value, row[ROW_COUNTY], row[ROW_ID] };
    if (val_is_null(value)) return true;
    return tx_exec(tx, &claim_stmts.stmts[CLAIM_FREE], params, 4, NULL, e);
}

static bool move_claims(struct tx *tx, const struct table_map *m, const struct val *before,
                        const struct val *after, struct arena *a, struct err *e)
{
    for (int i = 0; i < m->n_claims; i++) {
        const struct claim *c = &m->claims[i];
        struct val old = before ? claim_value(m, c, before, a) : val_null();
        struct val new = after ? claim_value(m, c, after, a) : val_null();
        if (val_equal(old, new)) continue;
        if (before && !free_claim(tx, c, old, before, e)) return false;
        if (after && !take_claim(tx, m, c, new, after, a, e)) return false;
    }
    return true;
}

static bool take_first(void *arg, const struct val *row, int n, struct err *e)
{
    (void)n;
    (void)e;
    *(int64_t *)arg = row[0].i;
    return true;
}

/* Keys that are no claims: looked up first, for a message that names the fields; the table's own
 * index stands behind it. */
static bool key_is_free(struct tx *tx, const struct table_map *m, const struct val *row,
                        struct arena *a, struct err *e)
{
    struct val params[34] = { row[ROW_COUNTY] };
    int n = 1, given = 0;
    int64_t other = 0;
    if (m->key_national && m->entity->reach == REACH_COUNTY) return true;
    for (int i = 0; i < m->n_key; i++) {
        int f = m->key[i];
        if (m->county_column[f] >= 0) params[n++] = row[m->county_column[f]];
        params[n] = row[m->column[f]];
        given += !val_is_null(params[n++]);
    }
    if (given == 0) return true;
    if (!tx_query(tx, &m->stmts[ENTITY_BY_KEY], params, n, take_first, &other, e)) return false;
    return other == 0 || other == row[ROW_ID].i || taken(m, m->key, m->n_key, a, e);
}

static bool note(struct tx *tx, const struct table_map *m, enum journal_kind kind,
                 const struct val *before, const struct val *after, struct err *e)
{
    const struct val *row = after ? after : before;
    struct val image[2 * ENTITY_MAX_COLUMNS];
    struct journal_entry j = { .kind = kind, .table = m->entity->number,
        .county = row[ROW_COUNTY].i, .id = row[ROW_ID].i,
        .before = before ? before[m->columns].i : 0, .after = after ? after[m->columns].i : 0,
        .actor = actor_of(tx)->account, .image = before ? image : NULL,
        .image_n = before ? map_image(m, before, image) : 0 };
    return journal_add(tx, &j, e);
}

bool model_tell(struct tx *tx, const struct model *mo, const struct table_map *m,
                const struct val *before, const struct val *after, struct err *e)
{
    return !mo->observe || mo->observe(mo->observe_arg, tx, m, before, after, e);
}

/* Equal but for the instant, the load and the digest: what the row says of the world. */
static bool same_facts(const struct table_map *m, const struct val *a, const struct val *b)
{
    for (int i = ROW_DRAFT; i < m->columns; i++)
        if (!val_equal(a[i], b[i])) return false;
    return true;
}

/* The copied facts, as the row that the home reference names has them now. */
static bool fill_copies(struct tx *tx, const struct model *mo, const struct table_map *m,
                        struct val *row, struct arena *a, struct err *e)
{
    const struct copies *c = &mo->own->copies[m - mo->maps];
    if (c->n == 0) return true;
    struct val from[ENTITY_MAX_COLUMNS] = { 0 };
    struct val params[2] = { row[ROW_COUNTY], row[m->column[m->home]] };
    struct copy got = { .row = from, .n = c->n, .a = a };
    if (params[1].type == VAL_INT) {
        if (!tx_query(tx, &c->get, params, 2, copy_row, &got, e)) return false;
        if (!got.found)
            return err_field(e, ERR_INVALID, m->field[m->home].name, "there is no such row of %s",
                             c->from->entity->name);
    }
    for (int i = 0; i < c->n; i++) row[c->to[i]] = from[i];
    return true;
}

/* When a row was first written, and what it was then. */
struct first { int64_t at, digest; };

static bool take_first_entry(void *arg, const struct journal_row *j, struct err *e)
{
    struct first *f = arg;
    (void)e;
    if (j->kind == JOURNAL_INSERT && !f->at) *f = (struct first){ j->at, j->after };
    return true;
}

/* Was the row that is held, and says something else by now, written as this one says? */
static bool began_so(struct tx *tx, const struct table_map *m, const struct val *row, const struct val *held,
                     bool *same, struct err *e)
{
    struct first first = { 0 };
    struct val was[ENTITY_MAX_COLUMNS + 1];
    *same = false;
    if (!journal_of(tx_db(tx), m->entity->number, held[ROW_COUNTY].i, held[ROW_ID].i, take_first_entry, &first, e))
        return false;
    if (!first.at) return true;
    memcpy(was, row, sizeof *was * (size_t)(m->columns + 1));
    was[ROW_RECORDED] = val_int(first.at);
    was[ROW_LOAD] = val_int(0);
    *same = digest_of_row(tx, m, was) == first.digest;
    return true;
}

/* A given id that is there already is the same command tried again, also when the row was changed since;
 * or a clash. */
static bool tried_before(struct tx *tx, const struct table_map *m, struct val *row,
                         struct arena *a, bool *done, struct err *e)
{
    struct val held[ENTITY_MAX_COLUMNS + 1];
    bool found, same;
    *done = false;
    if (!row_get(tx_db(tx), m, row[ROW_COUNTY].i, row[ROW_ID].i, a, held, &found, e)) return false;
    if (!found) return true;
    same = same_facts(m, held, row);
    if (!same && !began_so(tx, m, row, held, &same, e)) return false;
    if (!same)
        return err_set(e, ERR_CONFLICT, "there is another row of %s with this id", m->entity->name);
    row[ROW_RECORDED] = held[ROW_RECORDED];
    row[ROW_LOAD] = held[ROW_LOAD];
    row[m->columns] = held[m->columns];
    *done = true;
    return true;
}

static bool insert(struct tx *tx, const struct model *mo, const struct table_map *m,
                   struct val *row, struct arena *a, struct err *e)
{
    bool given = row[ROW_ID].type == VAL_INT && row[ROW_ID].i != 0, done = false;
    if (m->entity->view)
        return err_set(e, ERR_FORBIDDEN, "rows of %s are written by their room alone",
                       m->entity->name);
    row[ROW_COUNTY] = val_int(row_county(m, row));
    if (!fill_copies(tx, mo, m, row, a, e) || !checked(mo, m, row, a, e)) return false;
    if (given && !tried_before(tx, m, row, a, &done, e)) return false;
    if (done) return true;
    if (!given) row[ROW_ID] = val_int(tx_id(tx));
    row[ROW_RECORDED] = val_int(tx_now(tx));
    if (row[ROW_LOAD].type != VAL_INT) row[ROW_LOAD] = val_int(0);
    row[m->columns] = val_int(digest_of_row(tx, m, row));
    return key_is_free(tx, m, row, a, e) && move_claims(tx, m, NULL, row, a, e) &&
           tx_exec(tx, &m->stmts[ENTITY_INSERT], row, m->columns + 1, NULL, e) &&
           note(tx, m, JOURNAL_INSERT, NULL, row, e) && model_tell(tx, mo, m, NULL, row, e);
}

bool row_insert(struct tx *tx, const struct model *mo, const struct table_map *m, struct val *row,
                struct err *e)
{
    struct arena a = { 0 };
    bool ok = insert(tx, mo, m, row, &a, e);
    arena_free(&a);
    return ok;
}

static bool may_go(const struct table_map *m, struct err *e)
{
    return !(m->entity->flags & E_MADE) ||
           err_set(e, ERR_FORBIDDEN, "rows of %s are never changed nor deleted", m->entity->name);
}

static bool intact(struct tx *tx, const struct table_map *m, const struct val *row, struct err *e)
{
    if (digest_of_row(tx, m, row) == row[m->columns].i) return true;
    return err_set(e, ERR_CORRUPT, "the stored row is not what was written (%s, county %lld, id "
                   "%lld): see verify", m->entity->name, (long long)row[ROW_COUNTY].i,
                   (long long)row[ROW_ID].i);
}

/* The row as it stands, fit to be changed: what the caller saw, and what was written. */
static bool stored(struct tx *tx, const struct table_map *m, int64_t county, int64_t id,
                   int64_t seen, struct arena *a, struct val *row, struct err *e)
{
    bool found;
    if (!may_go(m, e) || !row_get(tx_db(tx), m, county, id, a, row, &found, e)) return false;
    if (!found) return err_set(e, ERR_NOT_FOUND, "there is no such row of %s", m->entity->name);
    if (seen && row[m->columns].i != seen)
        return err_set(e, ERR_CONFLICT, "the row was changed meanwhile: read it again");
    return intact(tx, m, row, e);
}

static bool recopy(struct tx *tx, const struct model *mo, const struct table_map *m,
                   const struct val *before, const struct val *after, struct err *e);

/* The row as it is to be, over the row as it is; then the rows below it. */
struct version { int64_t digest, writer, seq; };

static bool take_version(void *arg, const struct journal_row *j, struct err *e)
{
    struct version *v = arg;
    (void)e;
    if (j->kind != JOURNAL_UPDATE || j->after != v->digest) return true;
    v->writer = j->writer;
    v->seq = j->seq;
    return true;
}

/* An undo puts a row back as it was, its instant with it, so that the load before can be undone as
 * well: *at becomes that of the version before this one when that said the same of the world. */
static bool instant_before(struct tx *tx, const struct table_map *m, const struct val *before,
                           const struct val *row, struct val *at, struct arena *a, struct err *e)
{
    struct version v = { .digest = before[m->columns].i };
    int64_t county = before[ROW_COUNTY].i;
    struct val *image = NULL, was[ENTITY_MAX_COLUMNS + 1];
    int n = 0;
    if (!journal_of(tx_db(tx), m->entity->number, county, before[ROW_ID].i, take_version, &v, e))
        return false;
    if (v.seq && !journal_image(tx_db(tx), v.writer, v.seq, county, a, &image, &n, e))
        return false;
    if (n && map_from_image(m, image, n, was) && same_facts(m, was, row)) *at = was[ROW_RECORDED];
    return true;
}

static bool replace(struct tx *tx, const struct model *mo, const struct table_map *m,
                    const struct val *before, struct val *row, struct arena *a, struct err *e)
{
    row[ROW_RECORDED] = val_int(tx_now(tx));
    if (actor_of(tx)->leaving && !instant_before(tx, m, before, row, &row[ROW_RECORDED], a, e))
        return false;
    row[m->columns] = val_int(digest_of_row(tx, m, row));
    return move_claims(tx, m, before, row, a, e) &&
           tx_exec(tx, &m->stmts[ENTITY_UPDATE], row, m->columns + 1, NULL, e) &&
           note(tx, m, JOURNAL_UPDATE, before, row, e) && model_tell(tx, mo, m, before, row, e) &&
           recopy(tx, mo, m, before, row, e);
}

/* Rows of a load that is not published have their digests in its sums, which are not written yet. */
static bool may_change(struct tx *tx, const struct table_map *m, const struct val *row,
                       struct err *e)
{
    int64_t load = row[ROW_LOAD].i, pending;
    if (load == 0 || load == load_of(tx)) return true;
    if (!load_pending(tx_db(tx), &pending, e)) return false;
    return load != pending ||
           err_set(e, ERR_BUSY, "load %lld is bringing rows of %s that belong to this row: try "
                   "again when it is done", (long long)load, m->entity->name);
}

struct below { const struct copies *c; struct val *rows; size_t n; struct arena *a; };

static bool take_below(void *arg, const struct val *row, int n, struct err *e)
{
    struct below *x = arg;
    if (x->n == COPIES_PAGE) return err_set(e, ERR_INTERNAL, "a page of rows is too long");
    struct copy one = { .row = x->rows + x->n++ * (size_t)n, .n = n, .a = x->a };
    return copy_row(&one, row, n, e);
}

static bool recopy_row(struct tx *tx, const struct model *mo, const struct copies *c,
                       const struct val *from, const struct val *before, struct arena *a,
                       struct err *e)
{
    struct val row[ENTITY_MAX_COLUMNS + 1];
    bool same = true;
    memcpy(row, before, (size_t)(c->map->columns + 1) * sizeof *row);
    for (int i = 0; i < c->n; i++) {
        row[c->to[i]] = from[c->source[i]];
        same = same && val_equal(row[c->to[i]], before[c->to[i]]);
    }
    int64_t leaving = actor_of(tx)->leaving;
    if (same || (leaving && row[ROW_LOAD].i == leaving)) return true;
    return may_change(tx, c->map, before, e) && intact(tx, c->map, before, e) &&
           replace(tx, mo, c->map, before, row, a, e);
}

static bool recopy_all(struct tx *tx, const struct model *mo, const struct copies *c,
                       const struct val *from, struct err *e)
{
    struct arena a = { 0 };
    const size_t width = (size_t)c->map->columns + 1;
    struct below x = { .c = c, .n = COPIES_PAGE, .a = &a };
    struct val last = val_int(0);
    bool ok = true;
    while (ok && x.n == COPIES_PAGE) {
        struct val params[3] = { from[ROW_COUNTY], from[ROW_ID], last };
        arena_reset(&a);
        x.rows = arena_array(&a, COPIES_PAGE * width, sizeof *x.rows);
        x.n = 0;
        ok = tx_query(tx, &c->below, params, 3, take_below, &x, e);
        for (size_t i = 0; ok && i < x.n; i++) {
            ok = recopy_row(tx, mo, c, from, x.rows + i * width, &a, e);
            last = x.rows[i * width + ROW_ID];
        }
    }
    arena_free(&a);
    return ok;
}

/* Carries what changed on to the rows that copy it. */
static bool recopy(struct tx *tx, const struct model *mo, const struct table_map *m,
                   const struct val *before, const struct val *after, struct err *e)
{
    for (int k = 0; k < mo->n; k++) {
        const struct copies *c = &mo->own->copies[k];
        bool same = true;
        for (int i = 0; c->n && c->from == m && i < c->n; i++)
            same = same && val_equal(before[c->source[i]], after[c->source[i]]);
        if (!same && !recopy_all(tx, mo, c, after, e)) return false;
    }
    return true;
}

static bool update(struct tx *tx, const struct model *mo, const struct table_map *m,
                   struct val *row, int64_t seen, struct arena *a, struct err *e)
{
    struct val before[ENTITY_MAX_COLUMNS + 1];
    if (row[ROW_COUNTY].type != VAL_INT || row[ROW_ID].type != VAL_INT)
        return err_set(e, ERR_INTERNAL, "a change needs the row's county and id");
    if (!stored(tx, m, row[ROW_COUNTY].i, row[ROW_ID].i, seen, a, before, e)) return false;
    if (row_county(m, row) != before[ROW_COUNTY].i)
        return err_field(e, ERR_INVALID, m->home >= 0 ? m->field[m->home].name : "",
                         "a row stays in the county it was recorded in; record the move instead");
    if (!fill_copies(tx, mo, m, row, a, e) ||
        (mo->complete && !mo->complete(mo->observe_arg, tx, m, before, row, e)) ||
        !checked(mo, m, row, a, e))
        return false;
    row[ROW_LOAD] = before[ROW_LOAD];
    if (same_facts(m, before, row)) {
        row[ROW_RECORDED] = before[ROW_RECORDED];
        row[m->columns] = before[m->columns];
        return true;
    }
    return key_is_free(tx, m, row, a, e) && replace(tx, mo, m, before, row, a, e);
}

bool row_update(struct tx *tx, const struct model *mo, const struct table_map *m, struct val *row,
                int64_t seen, struct err *e)
{
    struct arena a = { 0 };
    bool ok = update(tx, mo, m, row, seen, &a, e);
    arena_free(&a);
    return ok;
}

static bool nobody_refers(struct tx *tx, const struct model *mo, const struct table_map *m,
                          int64_t county, int64_t id, struct err *e)
{
    const int t = (int)(m - mo->maps);
    for (int i = 0; i < mo->own->n_referrers[t]; i++) {
        const struct referrer *r = &mo->own->referrers[t][i];
        struct val params[2] = { val_int(county), val_int(id) };
        int64_t any = 0;
        bool ok = r->by_county ? tx_query(tx, &r->stmt, params, 2, take_first, &any, e)
                               : tx_query(tx, &r->stmt, params + 1, 1, take_first, &any, e);
        if (!ok) return false;
        if (any)
            return err_set(e, ERR_CONFLICT, "rows of %s still refer to this row by %s",
                           r->map->entity->name, r->map->field[r->field].name);
    }
    return true;
}

bool row_delete(struct tx *tx, const struct model *mo, const struct table_map *m, int64_t county,
                int64_t id, int64_t seen, struct err *e)
{
    struct val before[ENTITY_MAX_COLUMNS + 1], params[2] = { val_int(county), val_int(id) };
    struct arena a = { 0 };
    bool ok = stored(tx, m, county, id, seen, &a, before, e) &&
              nobody_refers(tx, mo, m, county, id, e) && move_claims(tx, m, before, NULL, &a, e) &&
              tx_exec(tx, &m->stmts[ENTITY_DELETE], params, 2, NULL, e) &&
              note(tx, m, JOURNAL_DELETE, before, NULL, e) && model_tell(tx, mo, m, before, NULL, e);
    arena_free(&a);
    return ok;
}

/* ---- stores that are older than the copies ---- */

struct strays { int64_t at[2 * COPIES_PAGE]; size_t n; };

static bool take_stray(void *arg, const struct val *row, int n, struct err *e)
{
    struct strays *s = arg;
    (void)n;
    if (s->n == COPIES_PAGE) return err_set(e, ERR_INTERNAL, "a page of rows is too long");
    s->at[2 * s->n] = row[0].i;
    s->at[2 * s->n++ + 1] = row[1].i;
    return true;
}

static bool recopy_stray(struct tx *tx, const struct model *mo, const struct table_map *m,
                         const int64_t at[2], struct err *e)
{
    struct arena a = { 0 };
    struct val before[ENTITY_MAX_COLUMNS + 1], row[ENTITY_MAX_COLUMNS + 1];
    bool ok = stored(tx, m, at[0], at[1], 0, &a, before, e);
    if (ok) memcpy(row, before, (size_t)(m->columns + 1) * sizeof *row);
    ok = ok && may_change(tx, m, before, e) && fill_copies(tx, mo, m, row, &a, e) &&
         (same_facts(m, before, row) || replace(tx, mo, m, before, row, &a, e));
    arena_free(&a);
    return ok;
}

bool rows_recopy(struct tx *tx, const struct model *mo, int64_t max, int64_t *n, struct err *e)
{
    *n = 0;
    for (int k = 0; k < mo->n; k++) {
        const struct copies *c = &mo->own->copies[k];
        struct val last[2] = { val_int(-1), val_int(0) };
        struct strays s = { .n = COPIES_PAGE };
        while (c->n && s.n == COPIES_PAGE && *n < max) {
            s.n = 0;
            if (!tx_query(tx, &c->strays, last, 2, take_stray, &s, e)) return false;
            for (size_t i = 0; i < s.n && *n < max; i++, ++*n) {
                if (!recopy_stray(tx, mo, c->map, s.at + 2 * i, e)) return false;
                last[0] = val_int(s.at[2 * i]);
                last[1] = val_int(s.at[2 * i + 1]);
            }
        }
    }
    return true;
}
