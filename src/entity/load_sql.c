/* Tables and statements of loads; `load` and `national_key` are the store's. */
#include "base/buf.h"
#include "entity/load.h"
#include "entity/load_sql.h"
#include "entity/plan.h"

static const struct column run_columns[] = {
    { "number", COL_INT, true },    /* the load that is pending */
    { "owner", COL_TEXT, true },    /* who works on it: boot, pid namespace, pid, start, noise */
    { "beat", COL_INT, true },      /* instant of its last sign of life */
};

static const struct column part_columns[] = {
    { "county", COL_INT, true },
    { "load", COL_INT, true },
    { "entity", COL_INT, true },    /* entity number */
    { "first_id", COL_INT, true },  /* the rows it inserted there lie between these ids */
    { "last_id", COL_INT, true },
    { "seal", COL_INT, false },
};

static const struct column change_columns[] = {
    { "county", COL_INT, true },
    { "load", COL_INT, true },
    { "entity", COL_INT, true },
    { "id", COL_INT, true },        /* the row that is to change */
    { "body", COL_BLOB, false },    /* the new values; gone once they are applied */
    { "after_digest", COL_INT, false }, /* of the row as the load left it; NULL before that */
    { "seal", COL_INT, false },
};

static const struct column mapping_columns[] = {
    { "fingerprint", COL_TEXT, true }, /* digest of entity and header row, hex */
    { "entity", COL_INT, true },
    { "fields", COL_TEXT, true },   /* a field's name for each column, "-" for none */
    { "recorded", COL_INT, true },
    { "seal", COL_INT, false },
};

#define COLUMNS(c) .cols = c, .n = sizeof c / sizeof *c
static const char *const by_load[] = { "load, county, entity", NULL };
static const char *const changes_by_load[] = { "load, county, entity, id", NULL };

const struct table entity_tables[] = {
    [TABLE_LOAD_RUN] = { .name = "load_run", .reach = REACH_NATION, COLUMNS(run_columns),
      .key = "number" },
    [TABLE_LOAD_PART] = { .name = "load_part", .reach = REACH_COUNTY, COLUMNS(part_columns),
      .key = "county, load, entity", .indexes = by_load, .sealed = SEALED_ALL },
    [TABLE_LOAD_CHANGE] = { .name = "load_change", .reach = REACH_COUNTY, COLUMNS(change_columns),
      .key = "county, load, entity, id", .indexes = changes_by_load, .sealed = SEALED_ALL },
    [TABLE_LOAD_MAPPING] = { .name = "load_mapping", .reach = REACH_NATION,
      COLUMNS(mapping_columns), .key = "fingerprint", .sealed = SEALED_ALL },
};
const int entity_table_count = sizeof entity_tables / sizeof *entity_tables;

static const struct stmt sql[LOAD_N_SQL] = {
    [LOAD_PENDING] = { "load_pending", STMT_REF,
        "select number from load where state = 0 order by number limit 1", NULL },
    [LOAD_RUNNING] = { "load_running", STMT_REF,
        "select l.number, l.started, r.owner, r.beat from load l left join load_run r "
        "on r.number = l.number where l.state = 0 order by l.number limit 1", NULL },
    [LOAD_NEXT] = { "load_next", STMT_REF, "select coalesce(max(number), 0) + 1 from load", NULL },
    [LOAD_NEW] = { "load_new", STMT_REF,
        "insert into load (number, state, started, finished, actor, files, counts, digest, seal) "
        "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)", NULL },
    [LOAD_SAVE] = { "load_save", STMT_REF,
        "update load set state = ?2, finished = ?3, counts = ?4, digest = ?5, seal = ?6 "
        "where number = ?1 and state = ?7", NULL },
    [LOAD_ROW] = { "load_row", STMT_REF,
        "select number, state, started, finished, actor, files, counts, digest, seal from load "
        "where number = ?1", NULL },
    [LOAD_REMOVE] = { "load_remove", STMT_REF, "delete from load where number = ?1", NULL },
    [LOAD_GET] = { "load_get", STMT_REF,
        "select state, started, finished from load where number = ?1", NULL },

    /* Rows of load ?1, brought or changed by it, that later loads changed. */
    [LOAD_LATER_CHANGES] = { "load_later_changes", STMT_SCATTER,
        "select l.number, l.finished, l.files, count(*) from load l join load_change c "
        "on c.load = l.number where l.number > ?1 and l.state = 1 and (exists (select 1 "
        "from load_part p where p.county = c.county and p.load = ?1 and p.entity = c.entity "
        "and c.id between p.first_id and p.last_id) or exists (select 1 from load_change d "
        "where d.county = c.county and d.load = ?1 and d.entity = c.entity and d.id = c.id)) "
        "group by l.number, l.finished, l.files order by l.number desc", NULL },
    [LOAD_RUN_NEW] = { "load_run_new", STMT_REF,
        "insert into load_run (number, owner, beat) values (?1, ?2, ?3)", NULL },
    [LOAD_RUN_BEAT] = { "load_run_beat", STMT_REF,
        "update load_run set beat = ?3 where number = ?1 and owner = ?2", NULL },
    [LOAD_RUN_TAKE] = { "load_run_take", STMT_REF,
        "update load_run set owner = ?3, beat = ?4 where number = ?1 and owner = ?2 "
        "and beat = ?5", NULL },
    [LOAD_RUN_DROP] = { "load_run_drop", STMT_REF, "delete from load_run where number = ?1",
        NULL },
    [LOAD_RUN_STRAY] = { "load_run_stray", STMT_REF,
        "select r.number from load_run r where not exists (select 1 from load l "
        "where l.number = r.number and l.state = 0) order by r.number", NULL },

    [LOAD_PART_PUT] = { "load_part_put", STMT_ROUTER,
        "insert into load_part (county, load, entity, first_id, last_id, seal) "
        "values (?1, ?2, ?3, ?4, ?5, ?6) on conflict (county, load, entity) do update set "
        "first_id = excluded.first_id, last_id = excluded.last_id, seal = excluded.seal", NULL },
    [LOAD_PART_NEXT] = { "load_part_next", STMT_SCATTER,
        "select county, entity, first_id, last_id, seal from load_part where load = ?1 "
        "order by county, entity limit 1", NULL },
    [LOAD_PART_SCAN] = { "load_part_scan", STMT_SCATTER,
        "select county, entity, first_id, last_id from load_part where load = ?1 "
        "order by entity, county", NULL },
    [LOAD_PART_DROP] = { "load_part_drop", STMT_ROUTER,
        "delete from load_part where county = ?1 and load = ?2 and entity = ?3", NULL },

    [LOAD_CHANGE_PUT] = { "load_change_put", STMT_ROUTER,
        "insert into load_change (county, load, entity, id, body, seal) "
        "values (?1, ?2, ?3, ?4, ?5, ?6)", NULL },
    [LOAD_CHANGE_GET] = { "load_change_get", STMT_ROUTER,
        "select body from load_change where county = ?1 and load = ?2 and entity = ?3 and id = ?4",
        NULL },
    [LOAD_CHANGE_PAGE] = { "load_change_page", STMT_SCATTER,
        "select county, entity, id, body, after_digest, seal from load_change where load = ?1 "
        "and (county, entity, id) > (?2, ?3, ?4) order by county, entity, id limit 500", NULL },
    [LOAD_CHANGE_SETTLED] = { "load_change_settled", STMT_ROUTER,
        "update load_change set body = null, after_digest = ?5, seal = ?6 "
        "where county = ?1 and load = ?2 and entity = ?3 and id = ?4", NULL },
    [LOAD_CHANGE_DROP] = { "load_change_drop", STMT_ROUTER,
        "delete from load_change where county = ?1 and load = ?2 and entity = ?3 and id = ?4",
        NULL },

    [LOAD_JOURNAL_LENGTH] = { "load_journal_length", STMT_REF,
        "select cast(coalesce(sum(seq), 0) as bigint) from writer", NULL },
    [LOAD_MAPPING_GET] = { "load_mapping_get", STMT_REF,
        "select fields from load_mapping where fingerprint = ?1", NULL },
    [LOAD_MAPPING_SEAL] = { "load_mapping_seal", STMT_REF,
        "select seal from load_mapping where fingerprint = ?1", NULL },
    [LOAD_MAPPING_PUT] = { "load_mapping_put", STMT_REF,
        "insert into load_mapping (fingerprint, entity, fields, recorded, seal) "
        "values (?1, ?2, ?3, ?4, ?5) on conflict (fingerprint) do update set "
        "entity = excluded.entity, fields = excluded.fields, recorded = excluded.recorded, "
        "seal = excluded.seal", NULL },
};

const struct stmt *load_stmt(enum load_sql which)
{
    return &sql[which];
}

const struct stmt_table entity_stmts = { "entity", sql, LOAD_N_SQL };

struct stmt load_insert_stmt(const struct table_map *m, struct arena *a)
{
    const struct stmt *s = &m->stmts[ENTITY_INSERT];
    return stmt_composed(s->class, arena_printf(a, "%s on conflict do nothing", s->sql));
}

struct stmt load_rows_stmt(const struct table_map *m, int limit, struct arena *a)
{
    struct buf b;
    buf_init(&b, 1 << 16);
    buf_str(&b, "select ");
    for (int i = 0; i < m->table.n; i++)
        buf_printf(&b, "%s%s", i ? ", " : "", m->table.cols[i].name);
    buf_printf(&b, " from %s where county = ?1 and id > ?2 and id <= ?3 and load = ?4 order by id "
               "limit %d", m->table.name, limit);
    const char *text = arena_take(a, &b);
    return stmt_composed(m->stmts[ENTITY_GET].class, text);
}

struct stmt load_pointers_stmt(const struct table_map *m, int field, int limit, struct arena *a)
{
    const struct field_plan *p = &m->plan[field];
    const char *column = m->table.cols[p->column].name, *county = "county";
    if (p->county_column >= 0) county = m->table.cols[p->county_column].name;
    if (p->target->entity->reach == REACH_NATION) county = "0";
    return stmt_composed(STMT_ADMIN, arena_printf(a,
        "select county, id, %s, %s, load from %s where %s >= ?1 and %s <= ?2 and load <> ?3 "
        "and (county, id) > (?4, ?5) order by county, id limit %d", county, column, m->from,
        column, column, limit));
}
