#include "store/tables.h"

static const struct column setting_columns[] = {
    { "name", COL_TEXT, true },     /* what is set: zone, schema_version */
    { "value", COL_TEXT, true },
    { "digest", COL_INT, true },    /* keyed digest of name and value, as rows have one */
};

static const struct column writer_columns[] = {
    { "number", COL_INT, true },    /* 0 to 1023; also in the ids it makes */
    { "seq", COL_INT, true },       /* its last journal entry; 0 before the first */
    { "hash", COL_BLOB, false },    /* that entry's hash: the head of its chain */
    { "last_id", COL_INT, true },   /* the highest id it has given */
    { "recorded", COL_INT, true },  /* instant of its last transaction */
    { "holder", COL_INT, true },    /* random mark of the connection that leases it */
    { "until", COL_INT, true },     /* when the lease ends; 0 = given back */
    { "seal", COL_INT, false },     /* keyed digest of the row without its lease */
};

static const struct column journal_columns[] = {
    { "county", COL_INT, true },    /* of the row that was written */
    { "writer", COL_INT, true },    /* whose chain this is */
    { "seq", COL_INT, true },       /* 1, 2, 3 in that chain */
    { "recorded", COL_INT, true },  /* instant, µs UTC */
    { "actor", COL_INT, true },     /* account; 0 = the command line's operator */
    { "kind", COL_INT, true },      /* enum journal_kind */
    { "entity", COL_INT, true },    /* entity number; 0 when it is about none */
    { "id", COL_INT, true },        /* the row's */
    { "before_digest", COL_INT, true }, /* row digest before; 0 = there was no row */
    { "after_digest", COL_INT, true },  /* row digest after; 0 = there is none any more */
    { "body", COL_BLOB, false },    /* canonical bytes of what else was done */
    { "image", COL_BLOB, false },   /* BLAKE2b-256 of the before-image, when one was kept */
    { "hash", COL_BLOB, true },     /* BLAKE2b-256 of the previous hash and this entry */
};

static const struct column image_columns[] = {
    { "county", COL_INT, true },
    { "writer", COL_INT, true },
    { "seq", COL_INT, true },
    { "body", COL_BLOB, true },     /* the row as it was: personal data; empty once erased */
};

static const struct column national_key_columns[] = {
    { "kind", COL_INT, true },      /* which key: citizen id, credit code, login */
    { "value", COL_TEXT, true },    /* its normal form */
    { "county", COL_INT, true },    /* where the row lives that has it */
    { "id", COL_INT, true },
};

static const struct column load_columns[] = {
    { "number", COL_INT, true },    /* 1, 2, 3; also in every row the load inserted */
    { "state", COL_INT, true },     /* 0 pending, 1 visible, 2 undone */
    { "started", COL_INT, true },   /* instant */
    { "finished", COL_INT, false }, /* instant it became visible or was undone */
    { "actor", COL_INT, true },     /* account; 0 = the command line's operator */
    { "files", COL_TEXT, true },    /* names, one a line */
    { "counts", COL_TEXT, false },  /* rows by file and outcome, as the report printed them */
    { "digest", COL_BLOB, false },  /* BLAKE2b-256 over the files' bytes */
    { "seal", COL_INT, false },
};

#define COLUMNS(c) .cols = c, .n = sizeof c / sizeof *c
static const char *const journal_indexes[] = { "county, entity, id", "recorded, writer, seq", NULL };

const struct table store_tables[] = {
    [TABLE_SETTING] = { .name = "setting", .reach = REACH_NATION, COLUMNS(setting_columns), .key = "name" },
    [TABLE_WRITER] = { .name = "writer", .reach = REACH_NATION, COLUMNS(writer_columns), .key = "number" },
    [TABLE_JOURNAL] = { .name = "journal", .reach = REACH_COUNTY, COLUMNS(journal_columns),
      .key = "writer, seq, county", .indexes = journal_indexes, .append_only = true },
    [TABLE_IMAGE] = { .name = "image", .reach = REACH_COUNTY, COLUMNS(image_columns),
      .key = "writer, seq, county" },
    [TABLE_NATIONAL_KEY] = { .name = "national_key", .reach = REACH_NATION,
      COLUMNS(national_key_columns),
      .key = "kind, value" },
    [TABLE_LOAD] = { .name = "load", .reach = REACH_NATION, COLUMNS(load_columns),
      .key = "number", .sealed = SEALED_ALL },
};
const int store_table_count = sizeof store_tables / sizeof *store_tables;

#define JOURNAL_COLUMNS "j.county, j.writer, j.seq, j.recorded, j.actor, j.kind, j.entity, j.id, " \
    "j.before_digest, j.after_digest, j.body, j.image, j.hash"
#define WRITER_COLUMNS "number, seq, hash, last_id, recorded, holder"

const struct stmt store_sql[STORE_N_SQL] = {
    [STORE_SETTING_GET] = { "setting_get", STMT_REF,
        "select value from setting where name = ?1", NULL },
    [STORE_SETTING_PUT] = { "setting_put", STMT_REF,
        "insert into setting (name, value, digest) values (?1, ?2, ?3) "
        "on conflict (name) do update set value = excluded.value, digest = excluded.digest", NULL },
    [STORE_SETTING_SWAP] = { "setting_swap", STMT_REF,
        "update setting set value = ?2, digest = ?3 where name = ?1 and value = ?4", NULL },
    [STORE_SETTING_DROP] = { "setting_drop", STMT_REF,
        "delete from setting where name = ?1", NULL },
    [STORE_SETTINGS] = { "settings", STMT_REF,
        "select name, value, digest from setting order by name", NULL },

    [STORE_WRITER_HEAD] = { "writer_head", STMT_REF,
        "select " WRITER_COLUMNS " from writer where number = ?1",
        "select " WRITER_COLUMNS " from writer where number = ?1 for update" },
    [STORE_WRITER_FREE] = { "writer_free", STMT_REF,
        "select " WRITER_COLUMNS " from writer where until < ?1 order by number limit 1",
        "select " WRITER_COLUMNS " from writer where until < ?1 order by number limit 1 "
        "for update skip locked" },
    [STORE_WRITER_NEXT] = { "writer_next", STMT_REF,
        "select coalesce(max(number), -1) + 1 from writer", NULL },
    [STORE_WRITER_NEW] = { "writer_new", STMT_REF,
        "insert into writer (number, seq, hash, last_id, recorded, holder, until, seal) "
        "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", NULL },
    [STORE_WRITER_TAKE] = { "writer_take", STMT_REF,
        "update writer set holder = ?2, until = ?3 where number = ?1", NULL },
    [STORE_WRITER_TAKE_BACK] = { "writer_take_back", STMT_REF,
        "update writer set until = ?3 where number = ?1 and holder = ?2", NULL },
    [STORE_WRITER_SAVE] = { "writer_save", STMT_REF,
        "update writer set seq = ?2, hash = ?3, last_id = ?4, recorded = ?5, until = ?7, "
        "seal = ?8 "
        "where number = ?1 and holder = ?6", NULL },
    [STORE_WRITERS] = { "writers", STMT_REF,
        "select number, seq, hash from writer order by number", NULL },
    [STORE_WRITERS_SEALED] = { "writers_sealed", STMT_REF,
        "select number, seq, hash, last_id, recorded, seal from writer order by number", NULL },
    [STORE_SEALED] = { "sealed", STMT_ADMIN,
        "select count(*) from pragma_table_info('writer') where name = 'seal'",
        "select count(*) from information_schema.columns where table_schema = current_schema() "
        "and table_name = 'writer' and column_name = 'seal'" },
    [STORE_WRITER_SEAL] = { "writer_seal", STMT_REF,
        "update writer set seal = ?2 where number = ?1", NULL },
    [STORE_WRITERS_SUM] = { "writers_sum", STMT_REF,
        "select cast(coalesce(sum(seq), 0) as bigint) from writer", NULL },

    [STORE_JOURNAL_ADD] = { "journal_add", STMT_ROUTER,
        "insert into journal (county, writer, seq, recorded, actor, kind, entity, id, "
        "before_digest, after_digest, body, image, hash) "
        "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)", NULL },
    [STORE_IMAGE_ADD] = { "image_add", STMT_ROUTER,
        "insert into image (county, writer, seq, body) values (?1, ?2, ?3, ?4)", NULL },
    [STORE_JOURNAL_WALK] = { "journal_walk", STMT_ADMIN,
        "select " JOURNAL_COLUMNS " from journal j order by j.writer, j.seq, j.county", NULL },
    [STORE_JOURNAL_OF] = { "journal_of", STMT_ROUTER,
        "select " JOURNAL_COLUMNS " from journal j where j.county = ?1 and j.entity = ?2 "
        "and j.id = ?3 order by j.recorded, j.writer, j.seq", NULL },
    [STORE_JOURNAL_RECENT] = { "journal_recent", STMT_SCATTER,
        "select " JOURNAL_COLUMNS " from journal j where (j.recorded, j.writer, j.seq) < (?1, ?2, ?3) "
        "and (j.entity = ?4 or ?4 = 0) and (j.actor = ?5 or ?5 < 0) "
        "order by j.recorded desc, j.writer desc, j.seq desc limit ?6", NULL },
    [STORE_JOURNAL_ONE] = { "journal_one", STMT_SCATTER,
        "select " JOURNAL_COLUMNS " from journal j where j.writer = ?1 and j.seq = ?2", NULL },
    [STORE_JOURNAL_AFTER] = { "journal_after", STMT_ADMIN,
        "select " JOURNAL_COLUMNS " from journal j where j.writer = ?1 and j.seq > ?2 "
        "order by j.seq, j.county", NULL },
    [STORE_JOURNAL_HASH] = { "journal_hash", STMT_ADMIN,
        "select j.hash from journal j where j.writer = ?1 and j.seq = ?2", NULL },
    [STORE_JOURNAL_BY] = { "journal_by", STMT_ADMIN,
        "select j.writer, j.seq, j.hash from journal j where j.writer = ?1 and j.recorded <= ?2 "
        "order by j.writer desc, j.seq desc limit 1", NULL },
    [STORE_IMAGE_GET] = { "image_get", STMT_ROUTER,
        "select body from image where county = ?1 and writer = ?2 and seq = ?3", NULL },
    [STORE_JOURNAL_PROOF] = { "journal_proof", STMT_ADMIN,
        "select " JOURNAL_COLUMNS ", i.body from journal j left join image i "
        "on i.county = j.county and i.writer = j.writer and i.seq = j.seq "
        "order by j.writer, j.seq, j.county", NULL },
    [STORE_IMAGE_STRAY] = { "image_stray", STMT_ADMIN,
        "select i.writer, i.seq, i.county from image i where not exists (select 1 from journal j "
        "where j.county = i.county and j.writer = i.writer and j.seq = i.seq "
        "and j.image is not null) order by i.writer, i.seq, i.county", NULL },

    [STORE_INTEGRITY] = { "integrity", STMT_ADMIN,
        "pragma integrity_check", "select 'ok'" },
    [STORE_HAS_TABLE] = { "has_table", STMT_ADMIN,
        "select count(*) from sqlite_schema where type = 'table' and name = ?1",
        "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace "
        "where n.nspname = current_schema() and c.relname = ?1 and c.relkind in ('r', 'p')" },
    [STORE_HAS_INDEX] = { "has_index", STMT_ADMIN,
        "select count(*) from sqlite_schema where type = 'index' and name = ?1",
        "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace "
        "where n.nspname = current_schema() and c.relname = ?1 and c.relkind in ('i', 'I')" },
    [STORE_COLUMNS] = { "columns", STMT_ADMIN,
        "select name, lower(type), \"notnull\" from pragma_table_info(?1) order by cid",
        "select cast(column_name as text), cast(data_type as text), "
        "case is_nullable when 'NO' then 1 else 0 end from information_schema.columns "
        "where table_schema = current_schema() and table_name = ?1 order by ordinal_position" },
    [STORE_TABLES] = { "tables", STMT_ADMIN,
        "select name from sqlite_schema where type = 'table' and substr(name, 1, 7) <> 'sqlite_' "
        "order by name",
        "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace "
        "where n.nspname = current_schema() and c.relkind in ('r', 'p') "
        "and not c.relispartition order by c.relname" },
    [STORE_QUICK_CHECK] = { "quick_check", STMT_ADMIN, "pragma quick_check", "select 'ok'" },
    [STORE_WRITER_TAILLESS] = { "writer_tailless", STMT_ADMIN,
        "select w.number, w.seq from writer w where w.seq > 0 and not exists (select 1 "
        "from journal j where j.writer = w.number and j.seq = w.seq and j.hash = w.hash) "
        "order by w.number", NULL },
};

const struct stmt_table store_stmts = { "store", store_sql, STORE_N_SQL };
