/* Tables and statements of figures. All is derived from records and definitions, and is rebuilt
 * rather than migrated. */
#include "figure/sql.h"

#include "base/count.h"

static const struct column def_columns[] = {
    { "number", COL_INT, true },   /* the figure's number in cells; 0 = the row of the generation */
    { "name", COL_TEXT, true },
    { "body", COL_TEXT, true },    /* canonical definition */
    { "meaning", COL_TEXT, true }, /* digest of what decides its cells; row 0: over all */
    { "seal", COL_INT, false },
};
static const struct column fine_columns[] = {
    { "county", COL_INT, true },
    { "figure", COL_INT, true },
    { "org", COL_INT, true },      /* 0 = all organisations together */
    { "bucket", COL_INT, true },   /* 0 = first row; a year; 100000 + year * 12 + month - 1 */
    { "place", COL_INT, true },    /* a village or township */
    { "data", COL_BLOB, true },    /* see cell.h */
};
static const struct column county_columns[] = {
    { "county", COL_INT, true },
    { "figure", COL_INT, true },
    { "org", COL_INT, true },
    { "bucket", COL_INT, true },
    { "data", COL_BLOB, true },
};
static const struct column key_columns[] = {
    { "county", COL_INT, true },   /* of the scope's place; 0 = the nation */
    { "figure", COL_INT, true },
    { "org", COL_INT, true },
    { "place", COL_INT, true },    /* the scope's */
    { "period", COL_INT, true },   /* a year, or 0 */
    { "keytext", COL_TEXT, true }, /* values of the key's fields, "|" between them */
    { "day", COL_INT, true },
    { "n", COL_INT, true },        /* rows that begin on that day, less those that end */
};
static const struct column staging_columns[] = {
    { "county", COL_INT, true },   /* always 0 */
    { "load", COL_INT, true },
    { "kind", COL_INT, true },     /* 0 deltas, 1 keys */
    { "run", COL_INT, true },      /* one sorted run a transaction */
    { "seq", COL_INT, true },      /* pieces of a run */
    { "data", COL_BLOB, true },
    { "seal", COL_INT, false },
};

#define COLUMNS(c) .cols = c, .n = COUNT(c), .derived = true
const struct table figure_tables[] = {
    [TABLE_DEF] = { .name = "figure_def", .reach = REACH_NATION, COLUMNS(def_columns),
      .key = "number", .sealed = SEALED_ALL },
    [TABLE_FINE] = { .name = "fine_cell", .reach = REACH_COUNTY, COLUMNS(fine_columns),
      .key = "county, figure, org, bucket, place" },
    [TABLE_COUNTY] = { .name = "county_cell", .reach = REACH_COUNTY, COLUMNS(county_columns),
      .key = "figure, org, bucket, county" },
    [TABLE_KEY] = { .name = "distinct_key", .reach = REACH_COUNTY, COLUMNS(key_columns),
      .key = "county, figure, org, place, period, keytext, day" },
    [TABLE_STAGING] = { .name = "cell_staging", .reach = REACH_COUNTY, COLUMNS(staging_columns),
      .key = "county, load, kind, run, seq", .sealed = SEALED_ALL },
};
const int figure_table_count = COUNT(figure_tables);

/* Sixteen keys of four, five or six columns as a table k; k.i numbers them. */
#define KEYS4 \
    "(0, cast(?1 as bigint), cast(?2 as bigint), cast(?3 as bigint), cast(?4 as bigint))" \
    ", (1, ?5, ?6, ?7, ?8), (2, ?9, ?10, ?11, ?12), (3, ?13, ?14, ?15, ?16)" \
    ", (4, ?17, ?18, ?19, ?20), (5, ?21, ?22, ?23, ?24), (6, ?25, ?26, ?27, ?28)" \
    ", (7, ?29, ?30, ?31, ?32), (8, ?33, ?34, ?35, ?36), (9, ?37, ?38, ?39, ?40)" \
    ", (10, ?41, ?42, ?43, ?44), (11, ?45, ?46, ?47, ?48), (12, ?49, ?50, ?51, ?52)" \
    ", (13, ?53, ?54, ?55, ?56), (14, ?57, ?58, ?59, ?60), (15, ?61, ?62, ?63, ?64)"
#define KEYS5 \
    "(0, cast(?1 as bigint), cast(?2 as bigint), cast(?3 as bigint), cast(?4 as bigint), " \
    "cast(?5 as bigint))" \
    ", (1, ?6, ?7, ?8, ?9, ?10), (2, ?11, ?12, ?13, ?14, ?15)" \
    ", (3, ?16, ?17, ?18, ?19, ?20), (4, ?21, ?22, ?23, ?24, ?25)" \
    ", (5, ?26, ?27, ?28, ?29, ?30), (6, ?31, ?32, ?33, ?34, ?35)" \
    ", (7, ?36, ?37, ?38, ?39, ?40), (8, ?41, ?42, ?43, ?44, ?45)" \
    ", (9, ?46, ?47, ?48, ?49, ?50), (10, ?51, ?52, ?53, ?54, ?55)" \
    ", (11, ?56, ?57, ?58, ?59, ?60), (12, ?61, ?62, ?63, ?64, ?65)" \
    ", (13, ?66, ?67, ?68, ?69, ?70), (14, ?71, ?72, ?73, ?74, ?75)" \
    ", (15, ?76, ?77, ?78, ?79, ?80)"
#define KEYS6 \
    "(0, cast(?1 as bigint), cast(?2 as bigint), cast(?3 as bigint), cast(?4 as bigint), " \
    "cast(?5 as bigint), cast(?6 as text))" \
    ", (1, ?7, ?8, ?9, ?10, ?11, ?12), (2, ?13, ?14, ?15, ?16, ?17, ?18)" \
    ", (3, ?19, ?20, ?21, ?22, ?23, ?24), (4, ?25, ?26, ?27, ?28, ?29, ?30)" \
    ", (5, ?31, ?32, ?33, ?34, ?35, ?36), (6, ?37, ?38, ?39, ?40, ?41, ?42)" \
    ", (7, ?43, ?44, ?45, ?46, ?47, ?48), (8, ?49, ?50, ?51, ?52, ?53, ?54)" \
    ", (9, ?55, ?56, ?57, ?58, ?59, ?60), (10, ?61, ?62, ?63, ?64, ?65, ?66)" \
    ", (11, ?67, ?68, ?69, ?70, ?71, ?72), (12, ?73, ?74, ?75, ?76, ?77, ?78)" \
    ", (13, ?79, ?80, ?81, ?82, ?83, ?84), (14, ?85, ?86, ?87, ?88, ?89, ?90)" \
    ", (15, ?91, ?92, ?93, ?94, ?95, ?96)"

static const struct stmt sql[FIGURE_N_SQL] = {
    [DEF_ALL] = { "figure_def_all", STMT_REF,
        "select number, name, body, meaning, seal from figure_def order by number", NULL },
    [DEF_PUT] = { "figure_def_put", STMT_REF,
        "insert into figure_def (number, name, body, meaning, seal) values (?1, ?2, ?3, ?4, ?5) "
        "on conflict (number) do update set name = excluded.name, body = excluded.body, "
        "meaning = excluded.meaning, seal = excluded.seal", NULL },
    [DEF_DROP] = { "figure_def_drop", STMT_REF, "delete from figure_def where number = ?1", NULL },
    [DEF_GENERATION] = { "figure_def_generation", STMT_REF,
        "select meaning from figure_def where number = 0", NULL },

    [FINE_GET] = { "fine_cell_get", STMT_ROUTER,
        "select data from fine_cell where county = ?1 and figure = ?2 and org = ?3 and bucket = ?4 "
        "and place = ?5", NULL },
    [FINE_GET_MANY] = { "fine_cell_get_many", STMT_SCATTER,
        "with k (i, county, figure, org, bucket, place) as (values " KEYS5 ") "
        "select k.i, c.data from k join fine_cell c on c.county = k.county and c.figure = k.figure "
        "and c.org = k.org and c.bucket = k.bucket and c.place = k.place", NULL },
    [FINE_PUT] = { "fine_cell_put", STMT_ROUTER,
        "insert into fine_cell (county, figure, org, bucket, place, data) "
        "values (?1, ?2, ?3, ?4, ?5, ?6) on conflict (county, figure, org, bucket, place) "
        "do update set data = excluded.data", NULL },
    [FINE_DROP] = { "fine_cell_drop", STMT_ROUTER,
        "delete from fine_cell where county = ?1 and figure = ?2 and org = ?3 and bucket = ?4 "
        "and place = ?5", NULL },
    [FINE_DROP_FIGURE] = { "fine_cell_drop_figure", STMT_ADMIN,
        "delete from fine_cell where figure = ?1", NULL },
    [FINE_READ] = { "fine_cell_read", STMT_ROUTER,
        "select place, data from fine_cell where county = ?1 and figure = ?2 and org = ?3 "
        "and bucket = ?4 and place between ?5 and ?6", NULL },
    [FINE_ALL] = { "fine_cell_all", STMT_ADMIN,
        "select county, figure, org, bucket, place, data from fine_cell", NULL },
    [FINE_OF] = { "fine_cell_of", STMT_ROUTER,
        "select county, figure, org, bucket, place, data from fine_cell where county = ?1 "
        "and figure = ?2", NULL },

    [COUNTY_GET] = { "county_cell_get", STMT_ROUTER,
        "select data from county_cell where county = ?1 and figure = ?2 and org = ?3 "
        "and bucket = ?4", NULL },
    [COUNTY_GET_MANY] = { "county_cell_get_many", STMT_SCATTER,
        "with k (i, county, figure, org, bucket) as (values " KEYS4 ") "
        "select k.i, c.data from k join county_cell c on c.county = k.county "
        "and c.figure = k.figure and c.org = k.org and c.bucket = k.bucket", NULL },
    [COUNTY_PUT] = { "county_cell_put", STMT_ROUTER,
        "insert into county_cell (county, figure, org, bucket, data) values (?1, ?2, ?3, ?4, ?5) "
        "on conflict (figure, org, bucket, county) do update set data = excluded.data", NULL },
    [COUNTY_DROP] = { "county_cell_drop", STMT_ROUTER,
        "delete from county_cell where county = ?1 and figure = ?2 and org = ?3 and bucket = ?4",
        NULL },
    [COUNTY_DROP_FIGURE] = { "county_cell_drop_figure", STMT_ADMIN,
        "delete from county_cell where figure = ?1", NULL },
    [COUNTY_READ_ONE] = { "county_cell_read_one", STMT_ROUTER,
        "select data, county from county_cell where county = ?1 and figure = ?2 and org = ?3 "
        "and bucket = ?4", NULL },
    [COUNTY_READ_SPAN] = { "county_cell_read_span", STMT_SCATTER,
        "select data, county from county_cell where figure = ?1 and org = ?2 and bucket = ?3 "
        "and county between ?4 and ?5", NULL },
    [COUNTY_READ_SUM] = { "county_cell_read_sum", STMT_SCATTER,
        "select data from county_cell where figure = ?1 and org = ?2 and bucket = ?3 "
        "and county between ?4 and ?5", NULL },
    [COUNTY_KEYS] = { "county_cell_keys", STMT_SCATTER,
        "select county from county_cell where figure = ?1 and org = ?2 and bucket = 0 "
        "and county between ?3 and ?4 order by county", NULL },
    [COUNTY_ALL] = { "county_cell_all", STMT_ADMIN,
        "select county, figure, org, bucket, data from county_cell", NULL },
    [COUNTY_OF] = { "county_cell_of", STMT_ADMIN,
        "select county, figure, org, bucket, data from county_cell where figure = ?1 "
        "and county = ?2", NULL },

    [KEY_DAYS] = { "distinct_key_days", STMT_ROUTER,
        "select 0, day, n from distinct_key where county = ?1 and figure = ?2 and org = ?3 "
        "and place = ?4 and period = ?5 and keytext = ?6 order by day", NULL },
    [KEY_DAYS_MANY] = { "distinct_key_days_many", STMT_SCATTER,
        "with k (i, county, figure, org, place, period, keytext) as (values " KEYS6 ") "
        "select k.i, c.day, c.n from k join distinct_key c on c.county = k.county "
        "and c.figure = k.figure and c.org = k.org and c.place = k.place and c.period = k.period "
        "and c.keytext = k.keytext order by k.i, c.day", NULL },
    [KEY_PUT] = { "distinct_key_put", STMT_ROUTER,
        "insert into distinct_key (county, figure, org, place, period, keytext, day, n) "
        "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) "
        "on conflict (county, figure, org, place, period, keytext, day) "
        "do update set n = excluded.n", NULL },
    [KEY_DROP] = { "distinct_key_drop", STMT_ROUTER,
        "delete from distinct_key where county = ?1 and figure = ?2 and org = ?3 and place = ?4 "
        "and period = ?5 and keytext = ?6 and day = ?7", NULL },
    [KEY_DROP_FIGURE] = { "distinct_key_drop_figure", STMT_ADMIN,
        "delete from distinct_key where figure = ?1", NULL },
    [KEY_READ] = { "distinct_key_read", STMT_ROUTER,
        "select keytext, day, n from distinct_key where county = ?1 and figure = ?2 and org = ?3 "
        "and place = ?4 and period = ?5 and day <= ?6 order by keytext, day", NULL },
    [KEY_ALL] = { "distinct_key_all", STMT_ADMIN,
        "select county, figure, org, place, period, keytext, day, n from distinct_key "
        "where figure = ?1 order by county, org, place, period, keytext, day", NULL },

    [KEY_FIGURES] = { "distinct_key_figures", STMT_ADMIN,
        "select figure, count(*) from distinct_key group by figure order by figure", NULL },

    [STAGING_SPAN] = { "cell_staging_span", STMT_ROUTER,
        "select coalesce(min(run), 1), coalesce(max(run), 0) from cell_staging where county = ?1 "
        "and load = ?2 and kind = ?3", NULL },
    [STAGING_GET] = { "cell_staging_get", STMT_ROUTER,
        "select data from cell_staging where county = ?1 and load = ?2 and kind = ?3 and run = ?4 "
        "and seq = ?5", NULL },
    [STAGING_PUT] = { "cell_staging_put", STMT_ROUTER,
        "insert into cell_staging (county, load, kind, run, seq, data, seal) "
        "values (?1, ?2, ?3, ?4, ?5, ?6, ?7)", NULL },
    [STAGING_SEALS] = { "cell_staging_seals", STMT_ROUTER,
        "select seal from cell_staging where county = ?1 and load = ?2 and kind between ?3 and ?4 "
        "and run <= ?5", NULL },
    [STAGING_DROP] = { "cell_staging_drop", STMT_ROUTER,
        "delete from cell_staging where county = ?1 and load = ?2", NULL },
    [STAGING_DROP_RUNS] = { "cell_staging_drop_runs", STMT_ROUTER,
        "delete from cell_staging where county = ?1 and load = ?2 and kind = ?3 and run <= ?4",
        NULL },
};
const struct stmt_table figure_stmts = { .room = "figure", .stmts = sql, .n = FIGURE_N_SQL };
