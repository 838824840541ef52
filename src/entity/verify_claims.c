/* Claims against rows, both ways. What rows claim and what is claimed are summed by kind and
 * county; only where the sums differ are the two sides laid side by side. */
#include "entity/verify.h"

/* A claim's own digest: the sums of both sides are equal when the sides are. */
static uint64_t claim_digest(struct verify *v, int64_t kind, struct val value, int64_t county,
                             int64_t id)
{
    struct val row[4] = { val_int(kind), value, val_int(county), val_int(id) };
    return (uint64_t)row_digest(v->key, 0, row, 4);
}

static void count_claim(struct verify *v, int64_t kind, struct val value, int64_t county,
                        int64_t id, int sign)
{
    struct tally_key key = { kind, county };
    struct tally *t = map_put(&v->claims, &key, NULL);
    uint64_t d = claim_digest(v, kind, value, county, id);
    t->count += sign;
    t->sum += sign > 0 ? d : 0 - d;
}

void verify_claim_row(struct verify *v, const struct table_map *m, const struct val *row)
{
    if (m->n_claims == 0) return;
    struct arena_mark mark = arena_mark(&v->arena);
    for (int i = 0; i < m->n_claims; i++) {
        struct val value = claim_value(m, &m->claims[i], row, &v->arena);
        if (!val_is_null(value))
            count_claim(v, m->claims[i].kind, value, row[ROW_COUNTY].i, row[ROW_ID].i, 1);
    }
    arena_rewind(&v->arena, mark);
}

static bool take_claim(void *arg, const struct val *row, int n, struct err *e)
{
    struct verify *v = arg;
    (void)n;
    (void)e;
    count_claim(v, row[0].i, row[1], row[2].i, row[3].i, -1);
    return true;
}

/* One kind and county where the sides differ. */
struct sides {
    struct verify *v;
    const struct table_map *m;
    const struct claim *claim;
    int64_t kind, county;
    struct map rows;               /* claim digest -> row id, of claims that rows make */
    int64_t strays;
};

static bool row_side(void *arg, const struct val *row, int n, struct err *e)
{
    struct sides *s = arg;
    (void)n;
    (void)e;
    struct arena_mark mark = arena_mark(&s->v->arena);
    struct val value = claim_value(s->m, s->claim, row, &s->v->arena);
    if (!val_is_null(value)) {
        uint64_t d = claim_digest(s->v, s->kind, value, s->county, row[ROW_ID].i);
        int64_t id = row[ROW_ID].i, *held = map_put(&s->rows, &d, NULL);
        *held = id;
    }
    arena_rewind(&s->v->arena, mark);
    return true;
}

/* A claim that a row makes is taken off the rows' side; any other has no row. */
static bool claim_side(void *arg, const struct val *row, int n, struct err *e)
{
    struct sides *s = arg;
    (void)n;
    (void)e;
    if (row[2].i != s->county) return true;
    uint64_t d = claim_digest(s->v, s->kind, row[1], s->county, row[3].i);
    int64_t *held = map_get(&s->rows, &d);
    if (held) {
        *held = 0;
        return true;
    }
    s->strays++;
    fault_tell(s->v->told,
                "national_key: a %s of %s is claimed for county %lld, id %lld, which has no such "
                "value",
                s->m->field[s->claim->fields[0]].name, s->m->entity->name, (long long)s->county,
                (long long)row[3].i);
    return true;
}

static bool verify_sides(struct verify *v, const struct table_map *m, const struct claim *claim,
                         int64_t county, struct err *e)
{
    struct sides s = { .v = v, .m = m, .claim = claim, .kind = claim->kind, .county = county };
    struct val range[2] = { val_int(county), val_int(county) };
    struct val kinds[2] = { val_int(s.kind), val_int(s.kind) };
    const void *key;
    void *value;
    map_init(&s.rows, sizeof(uint64_t), sizeof(int64_t));
    bool ok = db_query(v->db, &m->stmts[ENTITY_SCAN], range, 2, row_side, &s, e) &&
              db_query(v->db, &claim_stmts.stmts[CLAIM_SCAN], kinds, 2, claim_side, &s, e);
    for (size_t at = 0; ok && map_next(&s.rows, &at, &key, &value);) {
        int64_t id = *(const int64_t *)value;
        if (id == 0) continue;
        fault_tell(v->told, "%s, county %lld, id %lld: its %s is not claimed for it in national_key",
                    m->entity->name, (long long)county, (long long)id,
                    m->field[claim->fields[0]].name);
    }
    map_free(&s.rows);
    return ok;
}

bool verify_claims(struct verify *v, struct err *e)
{
    struct val all[2] = { val_int(0), val_int(INT64_MAX) };
    const void *key;
    void *value;
    if (!db_query(v->db, &claim_stmts.stmts[CLAIM_SCAN], all, 2, take_claim, v, e)) return false;
    for (size_t at = 0; map_next(&v->claims, &at, &key, &value);) {
        const struct tally_key *k = key;
        const struct tally *t = value;
        if (t->count == 0 && t->sum == 0) continue;
        const struct table_map *m = model_number(v->model, (uint32_t)(k->what / 8));
        int i = (int)(k->what % 8);
        if (!m || i >= m->n_claims)
            fault_tell(v->told, "national_key: %lld claims of kind %lld, which nothing here declares",
                        (long long)-t->count, (long long)k->what);
        else if (!verify_sides(v, m, &m->claims[i], k->county, e))
            return false;
    }
    return true;
}
