/* One county whose rows do not add up: its rows against the journal's entries on single rows. Rows
 * that came with a load have no entry of their own, so of those only a changed or a deleted one can
 * be named. */
#include "entity/verify.h"

struct seen {
    int64_t after;                 /* digest by the last entry; 0 = deleted */
    bool present;
};

struct county {
    struct verify *v;
    const struct table_map *m;
    int64_t county;
    struct map rows;               /* id -> struct seen */
    int64_t named;
};

static bool take_entry(void *arg, const struct journal_row *j, struct err *e)
{
    struct county *c = arg;
    (void)e;
    if (j->table != c->m->entity->number || j->county != c->county) return true;
    if (j->kind != JOURNAL_INSERT && j->kind != JOURNAL_UPDATE && j->kind != JOURNAL_DELETE)
        return true;
    struct seen *s = map_put(&c->rows, &j->id, NULL);
    s->after = j->after;
    return true;
}

static void name(struct county *c, int64_t id, const char *what)
{
    c->named++;
    fault_tell(c->v->told, "%s, county %lld, id %lld: %s", c->m->entity->name, (long long)c->county,
                (long long)id, what);
}

/* Rows whose values and digest disagree were named by the scan already. */
static bool take_row(void *arg, const struct val *row, int n, struct err *e)
{
    struct county *c = arg;
    (void)n;
    (void)e;
    int64_t id = row[ROW_ID].i, digest = row[c->m->columns].i;
    struct seen *s = map_get(&c->rows, &id);
    bool loaded = row[ROW_LOAD].type == VAL_INT && row[ROW_LOAD].i != 0;
    if (s) s->present = true;
    if (!s && !loaded)
        name(c, id, "the journal does not know this row: it was added outside the program");
    if (!s) return true;
    bool whole = map_digest(c->m, c->v->key, row) == digest;
    if (s->after == 0) name(c, id, "the row was deleted, and is back");
    else if (whole && s->after != digest)
        name(c, id, "the row is another version than the last one written");
    return true;
}

bool verify_county(struct verify *v, const struct table_map *m, int64_t county, bool *named,
                   struct err *e)
{
    struct county c = { .v = v, .m = m, .county = county };
    struct val range[2] = { val_int(county), val_int(county) };
    const void *key;
    void *value;
    map_init(&c.rows, sizeof(int64_t), sizeof(struct seen));
    bool ok = journal_walk(v->db, take_entry, &c, e) &&
              db_query(v->db, &m->stmts[ENTITY_SCAN], range, 2, take_row, &c, e);
    for (size_t at = 0; ok && map_next(&c.rows, &at, &key, &value);) {
        const struct seen *s = value;
        if (s->after != 0 && !s->present) name(&c, *(const int64_t *)key, "the row is gone");
    }
    *named = c.named > 0;
    map_free(&c.rows);
    return ok;
}
