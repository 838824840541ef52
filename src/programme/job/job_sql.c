/* Statements of jobs. */
#include "programme/job/job_sql.h"

#include "base/count.h"

static const struct column job_columns[] = {
    { "id", COL_INT, true },
    { "owner", COL_INT, true },      /* account */
    { "kind", COL_TEXT, true },
    { "title", COL_TEXT, true },
    { "asked", COL_TEXT, true },     /* parameters, in words of the kind */
    { "mark", COL_TEXT, true },      /* of the scope it was asked with */
    { "state", COL_TEXT, true },     /* waiting, running, done, failed, stopped, interrupted */
    { "stopping", COL_INT, true },   /* 1 = asked to stop */
    { "done", COL_INT, true },       /* progress, within some seconds */
    { "total", COL_INT, true },
    { "why", COL_TEXT, false },      /* of one that failed */
    { "result", COL_TEXT, false },   /* in words of the kind */
    { "process", COL_TEXT, true },   /* who runs it, or would */
    { "beat", COL_INT, true },       /* its last sign of life */
    { "made", COL_INT, true },
    { "begun", COL_INT, false },
    { "ended", COL_INT, false },
};
static const char *const job_indexes[] = { "owner, id", "state, id", NULL };
const struct table job_tables[] = {
    { .name = "job", .reach = REACH_NATION, .cols = job_columns, .n = COUNT(job_columns), .key = "id",
      .indexes = job_indexes },
};

#define COLUMNS "j.id, j.owner, j.kind, j.title, j.asked, j.mark, j.state, j.stopping, j.done, j.total, j.why, " \
    "j.result, j.process, j.beat, j.made, j.begun, j.ended, a.login"
#define FROM " from job j left join account a on a.county = 0 and a.id = j.owner "
#define RESTING "('done', 'failed', 'stopped', 'interrupted')"

static const struct stmt stmts[JOB_N_SQL] = {
    [JOB_PUT] = { "job_put", STMT_REF,
        "insert into job (id, owner, kind, title, asked, mark, state, stopping, done, total, process, beat, made) "
        "values (?1, ?2, ?3, ?4, ?5, ?6, 'waiting', 0, 0, 0, ?7, ?8, ?8)", NULL },
    [JOB_GET] = { "job_get", STMT_REF, "select " COLUMNS FROM "where j.id = ?1", NULL },
    [JOB_LIST] = { "job_list", STMT_REF,
        "select " COLUMNS FROM "where (j.owner = ?1 or ?1 = 0) and (j.kind = ?2 or ?2 = '') and j.id < ?3 "
        "order by j.id desc limit ?4", NULL },
    [JOB_OPEN] = { "job_open", STMT_REF,
        "select " COLUMNS FROM "where j.state in ('waiting', 'running') order by j.id", NULL },
    [JOB_COUNT] = { "job_count", STMT_REF,
        "select count(*) from job where owner = ?1 and state in ('waiting', 'running')", NULL },
    [JOB_BEGIN] = { "job_begin", STMT_REF,
        "update job set state = 'running', stopping = 0, done = 0, total = 0, why = null, begun = ?2, ended = null, "
        "beat = ?2, process = ?3 where id = ?1 and state = 'waiting' and stopping = 0", NULL },
    [JOB_END] = { "job_end", STMT_REF,
        "update job set state = ?2, stopping = 0, done = ?3, total = ?4, why = ?5, result = ?6, ended = ?7 "
        "where id = ?1 and process = ?8 and state in ('waiting', 'running')", NULL },
    [JOB_RESULT] = { "job_result", STMT_REF, "update job set result = ?2 where id = ?1", NULL },
    [JOB_AGAIN] = { "job_again", STMT_REF,
        "update job set state = 'waiting', stopping = 0, done = 0, total = 0, why = null, begun = null, "
        "ended = null, asked = coalesce(?2, asked), mark = ?3, process = ?4, beat = ?5 "
        "where id = ?1 and state in " RESTING, NULL },
    [JOB_BEAT] = { "job_beat", STMT_REF,
        "update job set beat = ?2, done = ?3, total = ?4 where id = ?1 and process = ?5 and state = 'running'", NULL },
    [JOB_STOPPING] = { "job_stopping", STMT_REF,
        "update job set stopping = 1 where id = ?1 and state in ('waiting', 'running')", NULL },
    [JOB_TAKE] = { "job_take", STMT_REF,
        "update job set process = ?2, beat = ?3, state = ?4, why = ?5, ended = ?6 "
        "where id = ?1 and process = ?7 and stopping = ?8 and state in ('waiting', 'running')", NULL },
    [JOB_OLD] = { "job_old", STMT_REF,
        "select " COLUMNS FROM "where j.state in " RESTING " and j.ended < ?1 order by j.id limit 500", NULL },
    [JOB_DROP] = { "job_drop", STMT_REF, "delete from job where id = ?1 and state in " RESTING, NULL },
    [JOB_ANY] = { "job_any", STMT_REF, "select count(*) from job where id = ?1", NULL },
};
const struct stmt_table job_stmts = { "job", stmts, JOB_N_SQL };

static const char *text_of(struct val v, struct arena *a)
{
    return v.type == VAL_TEXT ? arena_strndup(a, v.p, v.n) : NULL;
}

static int64_t int_of(struct val v) { return v.type == VAL_INT ? v.i : 0; }

static enum job_state state_of(const char *text)
{
    for (enum job_state s = JOB_WAITS; s <= JOB_CUT; s++)
        if (strcmp(text, job_state_code(s)) == 0) return s;
    return JOB_FAILED;
}

struct taking { struct arena *a; job_row_fn *fn; void *arg; };

static bool take(void *arg, const struct val *row, int n, struct err *e)
{
    struct taking *t = arg;
    struct job_row r = { .process = text_of(row[12], t->a), .beat = row[13].i, .v = {
        .id = row[0].i, .owner = row[1].i, .kind_name = text_of(row[2], t->a), .title = text_of(row[3], t->a),
        .asked = text_of(row[4], t->a), .mark = text_of(row[5], t->a), .state = state_of(text_of(row[6], t->a)),
        .stopping = row[7].i != 0, .done = row[8].i, .total = row[9].i, .why = text_of(row[10], t->a),
        .result = text_of(row[11], t->a), .made = row[14].i, .begun = int_of(row[15]), .ended = int_of(row[16]),
        .owner_name = text_of(row[17], t->a) } };
    (void)n;
    return t->fn(t->arg, &r, e);
}

bool job_rows(struct db *d, enum job_sql which, const struct val *v, int n, struct arena *a, job_row_fn *fn,
              void *arg, struct err *e)
{
    struct taking t = { a, fn, arg };
    return db_query(d, job_sql(which), v, n, take, &t, e);
}

struct one { struct job_row *out; bool found; };

static bool take_one(void *arg, const struct job_row *row, struct err *e)
{
    struct one *o = arg;
    (void)e;
    *o->out = *row;
    o->found = true;
    return true;
}

bool job_row_get(struct db *d, int64_t id, struct arena *a, struct job_row *out, bool *found, struct err *e)
{
    struct one o = { out, false };
    const struct val v = val_int(id);
    bool ok = job_rows(d, JOB_GET, &v, 1, a, take_one, &o, e);
    *found = o.found;
    return ok;
}

bool job_change(struct tx *tx, void *arg, struct err *e)
{
    struct job_change *c = arg;
    const struct val v = val_int(c->id);
    return tx_exec(tx, job_sql(c->which), &v, 1, &c->changed, e);
}

const struct room job_room = { .name = "job", .stmts = &job_stmts, .tables = job_tables,
                               .n_tables = COUNT(job_tables) };
