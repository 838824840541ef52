/* Commands over any entity: schema, load, list, show, export. */
#include "cli/cli.h"

#include "base/count.h"
#include "base/date.h"
#include "base/id.h"
#include "entity/load.h"

#include <unistd.h>

/* --- schema --- */

struct schema_options { const char *template; };

static int list_entities(struct app *app)
{
    static const struct table_column cols[] = { { "entity", "entity", false },
        { "label_en", "label", false }, { "label_zh", "中文", false }, { "fields", "fields", true },
        { "room", "room", false }, { "help", "what it holds", false } };
    struct table_out *t = table_begin(app, cols, COUNT(cols));
    for (int i = 0; i < app->model->n; i++) {
        const struct table_map *m = &app->model->maps[i];
        const struct entity *en = m->entity;
        table_row(t, (const char *[]){ en->name, en->en, en->zh,
            arena_printf(app->arena, "%d", m->fields), en->room, app->zh ? en->help_zh : en->help_en });
    }
    table_end(t);
    return 0;
}

/* The fields as a table, for a spreadsheet or a program. */
static void schema_table(struct app *app, const struct table_map *m)
{
    static const struct table_column cols[] = { { "field", "field", false },
        { "label_en", "label", false }, { "label_zh", "中文", false }, { "type", "type", false },
        { "unit", "unit", false }, { "list", "code list", false }, { "refers_to", "of", false },
        { "required", "required", false }, { "key", "key", false }, { "help_en", "help", false },
        { "help_zh", "说明", false } };
    static const char *const types[] = { [F_TEXT] = "text", [F_INT] = "whole number",
        [F_DECIMAL] = "number", [F_MONEY] = "money", [F_DATE] = "date", [F_INSTANT] = "time",
        [F_BOOL] = "yes or no", [F_CODE] = "code", [F_REF] = "reference", [F_PLACE] = "place" };
    struct table_out *t = table_begin(app, cols, (int)(sizeof cols / sizeof *cols));
    for (int i = 0; i < m->fields; i++) {
        const struct field *f = &m->field[i];
        size_t type = (size_t)f->type;
        table_row(t, (const char *[]){ f->name, f->en, f->zh,
            type < sizeof types / sizeof *types && types[type] ? types[type] : "",
            f->unit ? f->unit : "", f->type == F_CODE && f->list ? f->list : "",
            f->type == F_REF && f->ref ? f->ref : "", f->flags & F_REQUIRED ? "yes" : "",
            f->flags & F_KEY ? "yes" : "", f->help_en, f->help_zh });
    }
    table_end(t);
}

static int run_schema(struct app *app, void *options, const char *const *operand, int n, struct err *e)
{
    const struct schema_options *o = options;
    if (n == 0 && !o->template) return list_entities(app);
    if (n != 1) return err_set(e, ERR_USAGE, "schema takes one entity"), 2;
    const struct table_map *m;
    if (!app_entity(app, operand[0], &m, e)) return 1;
    if (o->template) return schema_template(app->model, m, app->zh, o->template, e) ? 0 : 1;
    if (app->format == OUT_CSV) {
        schema_table(app, m);
        return 0;
    }
    struct buf b;
    buf_init(&b, (size_t)16 << 20);
    schema_print(app->model, m, app->format == OUT_JSON, app->zh, &b);
    fwrite(b.p, 1, b.n, stdout);
    buf_free(&b);
    return 0;
}

static const struct option_row schema_options[] = {
    { .name = "template", .letter = 't', .type = OPTION_TEXT,
      .offset = offsetof(struct schema_options, template), .value = "FILE.xlsx",
      .help = "writes a blank sheet for the entity" },
};

/* --- load --- */

struct load_cli {
    bool dry_run, all_or_nothing, quiet;
    const char *refused, *entity, *mapping;
    int64_t undo;
};

struct bar { bool on_terminal; int64_t last; };

static void show_progress(void *arg, const struct load_progress *p)
{
    struct bar *bar = arg;
    int64_t now = clock_ticks();
    if (!bar->on_terminal || (!p->done && now - bar->last < 100000000)) return;
    bar->last = now;
    int percent = p->total ? (int)((double)p->bytes * 100.0 / (double)p->total) : 100;
    if (percent > 100) percent = 100;
    char fill[21];
    for (int i = 0; i < 20; i++) fill[i] = i < percent / 5 ? '#' : '.';
    fill[20] = '\0';
    fprintf(stderr, "\r[%s] %3d%%  %s  %lld rows, %lld refused\033[K", fill, percent, p->entity,
            (long long)p->rows, (long long)p->refused);
    if (p->done) fputc('\n', stderr);
}

static void print_report(struct app *app, const struct load_report *r)
{
    static const struct table_column cols[] = { { "file", "file", false },
        { "entity", "entity", false }, { "rows", "rows", true }, { "inserted", "new", true },
        { "changed", "changed", true }, { "unchanged", "as they were", true },
        { "drafts", "drafts", true }, { "refused", "refused", true }, { "warned", "warnings", true },
        { "refused_file", "refused rows are in", false } };
    struct table_out *t = table_begin(app, cols, COUNT(cols));
    for (int i = 0; i < r->n; i++) {
        const struct load_file_report *f = &r->files[i];
        const int64_t v[] = { f->rows, f->inserted, f->changed, f->unchanged, f->drafts, f->refused,
                              f->warned };
        const char *cells[COUNT(cols)] = { f->path, f->entity };
        for (int k = 0; k < COUNT(v); k++)
            cells[2 + k] = arena_printf(app->arena, "%lld", (long long)v[k]);
        cells[9] = f->refused_path;
        table_row(t, cells);
    }
    table_end(t);
}

#define WARNINGS_TOLD 6

/* To people, whatever the report's form. */
static void print_warnings(const struct load_report *r)
{
    for (int i = 0; i < r->n; i++) {
        const struct load_file_report *f = &r->files[i];
        int most = f->n_warnings < WARNINGS_TOLD ? f->n_warnings : WARNINGS_TOLD;
        for (int k = 0; k < most; k++) {
            const struct load_warning *w = &f->warnings[k];
            fprintf(stderr, "%s: warning: %s (line %lld", f->path, w->what, (long long)w->line);
            if (w->count > 1) fprintf(stderr, " and %lld more", (long long)w->count - 1);
            fputs(")\n", stderr);
        }
        if (f->n_warnings > most || f->more_warnings)
            fprintf(stderr, "%s: and other warnings\n", f->path);
    }
}

static int run_load(struct app *app, void *options, const char *const *operand, int n, struct err *e)
{
    const struct load_cli *o = options;
    if (o->undo) {
        if (n) return err_set(e, ERR_USAGE, "--undo takes no files"), 2;
        if (!load_undo(app->model, app->store, o->undo, 0, e)) return 1;
        printf("load %lld is undone\n", (long long)o->undo);
        return 0;
    }
    if (n == 0) return err_set(e, ERR_USAGE, "which files or folders?"), 2;
    struct bar bar = { .on_terminal = !o->quiet && isatty(STDERR_FILENO) };
    struct load_options lo = { .dry_run = o->dry_run, .all_or_nothing = o->all_or_nothing,
        .refused_dir = o->refused, .entity = o->entity, .mapping = o->mapping,
        .progress = show_progress, .progress_arg = &bar };
    struct load_report r = { 0 };
    bool ok = load_paths(app->model, app->store, operand, n, &lo, &r, e);
    int64_t refused = 0;
    for (int i = 0; i < r.n; i++) refused += r.files[i].refused;
    if (ok && !o->quiet) {
        print_report(app, &r);
        fflush(stdout);
        print_warnings(&r);
        if (app->format == OUT_TEXT) {
            if (o->dry_run) puts("nothing was written: this was a dry run");
            else if (r.number) printf("this is load %lld; `jiedui load --undo %lld` takes it back\n",
                                      (long long)r.number, (long long)r.number);
        }
    }
    load_report_free(&r);
    if (!ok) return err_exit(e->code);
    return refused ? 3 : 0;
}

static const struct option_row load_options[] = {
    { .name = "dry-run", .letter = 'n', .type = OPTION_FLAG, .offset = offsetof(struct load_cli, dry_run),
      .help = "checks everything, writes nothing but the refused rows" },
    { .name = "all-or-nothing", .type = OPTION_FLAG, .offset = offsetof(struct load_cli, all_or_nothing),
      .help = "one refused row, and nothing is loaded" },
    { .name = "refused", .type = OPTION_TEXT, .offset = offsetof(struct load_cli, refused),
      .value = "DIR", .help = "where NAME.refused.csv goes; beside the file when absent" },
    { .name = "entity", .letter = 'e', .type = OPTION_TEXT, .offset = offsetof(struct load_cli, entity),
      .value = "NAME", .help = "which entity the file holds, when its name does not say" },
    { .name = "mapping", .letter = 'm', .type = OPTION_TEXT, .offset = offsetof(struct load_cli, mapping),
      .value = "FILE", .help = "which column is which field: lines \"column = field\"" },
    { .name = "undo", .type = OPTION_INT, .offset = offsetof(struct load_cli, undo),
      .value = "NUMBER", .help = "takes a whole load back" },
    { .name = "quiet", .letter = 'q', .type = OPTION_FLAG, .offset = offsetof(struct load_cli, quiet),
      .help = "no progress, no report" },
};

/* --- list, show, export --- */

struct list_cli {
    const char *where, *place, *columns, *sort, *output, *after;
    int64_t limit;
    bool descending, drafts;
};

enum { MAX_LISTED = ENTITY_MAX_COLUMNS };

struct listing {
    struct app *app;
    struct table_out *out;
    int field[MAX_LISTED];
    int n;
    bool drafts;
    int64_t rows, county, id;
    struct arena row_arena;
};

static bool choose_columns(struct app *app, const struct table_map *m, const char *text,
                           struct listing *l, struct err *e)
{
    if (!text) {
        for (int i = 0; i < m->fields; i++)
            if (m->field[i].flags & F_LIST) l->field[l->n++] = i;
        return true;
    }
    char *copy = arena_strdup(app->arena, text), *at = copy;
    while (at && l->n < MAX_LISTED) {
        char *comma = strchr(at, ',');
        if (comma) *comma++ = '\0';
        int f = map_field(m, at);
        if (f < 0)
            return err_set(e, ERR_INVALID, "%s has no field \"%s\"; `jiedui schema %s` lists them",
                           m->entity->name, at, m->entity->name);
        l->field[l->n++] = f;
        at = comma;
    }
    return true;
}

/* For people: codes by their label, places by name. CSV and JSON keep what can be loaded again. */
static const char *shown(struct app *app, const struct table_map *m, int field,
                         const struct val *row, struct arena *a)
{
    const char *text = field_write(app->model, m, field, row, app->db, a);
    const struct field *f = &m->field[field];
    if (app->format != OUT_TEXT || !text || !*text) return text;
    if (f->type == F_BOOL)
        return app->zh ? (*text == '1' ? "是" : "否") : (*text == '1' ? "yes" : "no");
    if (f->type == F_CODE && !(f->flags & F_MULTI)) {
        const struct code *c = codes_find(app->model->codes, f->list, text, strlen(text));
        return c ? app->zh ? c->zh : c->en : text;
    }
    if (f->type == F_PLACE) {
        const struct places *p = app->model->places;
        char name[256];
        int64_t code = row[m->column[field]].i;
        if (p->name(p->arg, app->db, code, app->zh, name, sizeof name))
            return arena_printf(a, "%s %s", text, name);
    }
    return text;
}

static bool list_row(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct listing *l = arg;
    (void)e;
    const char *cells[MAX_LISTED + 2];
    int n = 0;
    arena_reset(&l->row_arena);
    cells[n++] = arena_printf(&l->row_arena, "%lld", (long long)row[ROW_ID].i);
    for (int i = 0; i < l->n; i++)
        cells[n++] = shown(l->app, m, l->field[i], row, &l->row_arena);
    if (l->drafts) cells[n++] = row[ROW_DRAFT].i ? "draft" : "";
    table_row(l->out, cells);
    l->rows++;
    l->county = row[ROW_COUNTY].i;
    l->id = row[ROW_ID].i;
    return true;
}

static bool read_query(struct app *app, const struct list_cli *o, struct list_query *q, struct err *e)
{
    *q = (struct list_query){ .where = o->where, .sort = o->sort, .descending = o->descending,
                              .limit = o->limit, .drafts = o->drafts };
    if (o->after) {
        const char *slash = strchr(o->after, '/');
        if (!slash || !id_parse(o->after, (size_t)(slash - o->after), &q->after_county) ||
            !id_parse(slash + 1, strlen(slash + 1), &q->after_id))
            return err_set(e, ERR_USAGE, "--after is COUNTY/ID, as the last line of a page says");
    }
    return app_place(app, o->place, &q->place, e);
}

static int run_list(struct app *app, void *options, const char *const *operand, int n, struct err *e)
{
    const struct list_cli *o = options;
    if (n != 1) return err_set(e, ERR_USAGE, "list takes one entity"), 2;
    const struct table_map *m;
    struct list_query q;
    struct listing l = { .app = app, .drafts = o->drafts };
    if (!app_entity(app, operand[0], &m, e) || !read_query(app, o, &q, e) ||
        !choose_columns(app, m, o->columns, &l, e))
        return err_exit(e->code);
    if (!q.limit && app->format == OUT_TEXT) q.limit = 50;
    struct table_column cols[MAX_LISTED + 2] = { { "id", "id", true } };
    int c = 1;
    for (int i = 0; i < l.n; i++) {
        const struct field *f = &m->field[l.field[i]];
        cols[c++] = (struct table_column){ f->name, app->zh ? f->zh : f->en,
            f->type == F_INT || f->type == F_MONEY || f->type == F_DECIMAL };
    }
    if (o->drafts) cols[c++] = (struct table_column){ "draft", "draft", false };
    arena_init(&l.row_arena, 0);
    l.out = table_begin(app, cols, c);
    /* Names are looked up while rows stream, so the rows come over a connection of their own. */
    struct db *d;
    bool ok = store_connect(app->store, DB_READ, &d, e);
    if (ok) {
        ok = list_rows(app->model, d, &scope_all, m, &q, list_row, &l, e);
        db_close(d);
    }
    table_end(l.out);
    arena_free(&l.row_arena);
    if (ok && app->format == OUT_TEXT && q.limit && l.rows == q.limit)
        printf("the first %lld rows; go on with --after %lld/%lld, or --limit\n", (long long)l.rows,
               (long long)l.county, (long long)l.id);
    return ok ? 0 : 1;
}

static int run_export(struct app *app, void *options, const char *const *operand, int n, struct err *e)
{
    const struct list_cli *o = options;
    if (n != 1) return err_set(e, ERR_USAGE, "export takes one entity"), 2;
    const struct table_map *m;
    struct list_query q;
    struct listing l = { .n = 0 };
    if (!app_entity(app, operand[0], &m, e) || !read_query(app, o, &q, e) ||
        (o->columns && !choose_columns(app, m, o->columns, &l, e)))
        return err_exit(e->code);
    const char *names[MAX_LISTED];
    for (int i = 0; i < l.n; i++) names[i] = m->field[l.field[i]].name;
    q.columns = l.n ? names : NULL;
    q.n_columns = l.n;
    const char *path = o->output ? o->output : "-";
    size_t len = strlen(path);
    enum export_format f = app->format == OUT_JSON ? EXPORT_JSON : EXPORT_CSV;
    if (len > 5 && strcmp(path + len - 5, ".xlsx") == 0) f = EXPORT_XLSX;
    if (len > 5 && strcmp(path + len - 5, ".json") == 0) f = EXPORT_JSON;
    int64_t rows = 0;
    if (!export_rows(app->model, app->db, &scope_all, m, &q, f, path, &rows, e)) return 1;
    if (o->output) fprintf(stderr, "%lld rows in %s\n", (long long)rows, path);
    return 0;
}

static const struct option_row list_options[] = {
    { .name = "where", .letter = 'w', .type = OPTION_TEXT, .offset = offsetof(struct list_cli, where),
      .value = "RULE", .help = "only rows for which it is true: \"state = done and amount > 1000\"" },
    { .name = "place", .letter = 'p', .type = OPTION_TEXT, .offset = offsetof(struct list_cli, place),
      .value = "PLACE", .help = "only inside this place: a name, an alias, or a code" },
    { .name = "columns", .letter = 'c', .type = OPTION_TEXT, .offset = offsetof(struct list_cli, columns),
      .value = "A,B,C", .help = "which fields" },
    { .name = "sort", .type = OPTION_TEXT, .offset = offsetof(struct list_cli, sort),
      .value = "FIELD", .help = "by which field; by county and id when absent" },
    { .name = "descending", .letter = 'd', .type = OPTION_FLAG,
      .offset = offsetof(struct list_cli, descending), .help = "largest first" },
    { .name = "limit", .letter = 'l', .type = OPTION_INT, .offset = offsetof(struct list_cli, limit),
      .value = "N", .help = "at most so many rows" },
    { .name = "after", .type = OPTION_TEXT, .offset = offsetof(struct list_cli, after),
      .value = "COUNTY/ID", .help = "the page after this row" },
    { .name = "drafts", .type = OPTION_FLAG, .offset = offsetof(struct list_cli, drafts),
      .help = "incomplete rows too" },
    { .name = "output", .letter = 'o', .type = OPTION_TEXT, .offset = offsetof(struct list_cli, output),
      .value = "FILE", .help = "for export: .csv, .json or .xlsx; standard output when absent" },
};

struct show_options { bool history; };

struct finding { int64_t id; struct val row[ENTITY_MAX_COLUMNS + 1]; int n; struct arena *arena; };

static bool keep_row(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct finding *f = arg;
    (void)e;
    for (int i = 0; i <= m->columns; i++) {
        f->row[i] = row[i];
        if (row[i].type >= VAL_TEXT) f->row[i].p = arena_strndup(f->arena, row[i].p, row[i].n);
    }
    f->n++;
    return true;
}

/* By id, or by a natural key of one field. */
static bool find_row(struct app *app, const struct table_map *m, const char *what,
                     struct finding *f, struct err *e)
{
    const char *where;
    int64_t id;
    if (m->n_key == 1 && m->field[m->key[0]].type == F_TEXT) {
        const char *quoted = what;
        struct buf b;
        buf_init(&b, 1 << 16);
        buf_printf(&b, "%s = \"", m->field[m->key[0]].name);
        for (; *quoted; quoted++) {
            if (*quoted == '"' || *quoted == '\\') buf_char(&b, '\\');
            buf_char(&b, *quoted);
        }
        buf_char(&b, '"');
        where = arena_strdup(app->arena, b.p);
        buf_free(&b);
    } else if (m->n_key == 1 && m->field[m->key[0]].type == F_INT) {
        where = arena_printf(app->arena, "%s = %s", m->field[m->key[0]].name, what);
    } else {
        where = NULL;
    }
    struct list_query q = { .where = where, .limit = 1, .drafts = true };
    if (where && !list_rows(app->model, app->db, &scope_all, m, &q, keep_row, f, e)) return false;
    if (!f->n && id_parse(what, strlen(what), &id)) {
        q.where = arena_printf(app->arena, "id = %lld", (long long)id);
        if (!list_rows(app->model, app->db, &scope_all, m, &q, keep_row, f, e)) return false;
    }
    return f->n || err_set(e, ERR_NOT_FOUND, "there is no %s \"%s\"", m->entity->name, what);
}

/* "missing: title, place": what a draft still needs. */
static const char *missing_fields(struct app *app, const struct table_map *m, const struct val *row)
{
    struct row_fault faults[ENTITY_MAX_COLUMNS];
    int refusing, missing;
    int n = row_check(app->model, m, row, app->arena, faults, ENTITY_MAX_COLUMNS, &refusing, &missing);
    struct buf b;
    buf_init(&b, 1 << 16);
    for (int i = 0; i < n; i++)
        if (faults[i].check && strcmp(faults[i].check, "required") == 0)
            buf_printf(&b, "%s %s", b.n ? "," : app->zh ? "缺" : "missing:", m->field[faults[i].field].name);
    return arena_take(app->arena, &b);
}

static int run_show(struct app *app, void *options, const char *const *operand, int n, struct err *e)
{
    (void)options;
    if (n != 2) return err_set(e, ERR_USAGE, "show takes an entity and an id or natural key"), 2;
    const struct table_map *m;
    struct finding f = { .arena = app->arena };
    if (!app_entity(app, operand[0], &m, e) || !find_row(app, m, operand[1], &f, e)) return 1;
    static const struct table_column cols[] = { { "field", "field", false },
        { "label", "label", false }, { "value", "value", false }, { "unit", "unit", false } };
    struct table_out *t = table_begin(app, cols, COUNT(cols));
    char at[INSTANT_TEXT];
    instant_format(f.row[ROW_RECORDED].i, at);
    table_row(t, (const char *[]){ "id", app->zh ? "编号" : "Id",
        arena_printf(app->arena, "%lld", (long long)f.row[ROW_ID].i), "" });
    table_row(t, (const char *[]){ "county", app->zh ? "县级代码" : "County",
        arena_printf(app->arena, "%lld", (long long)f.row[ROW_COUNTY].i), "" });
    table_row(t, (const char *[]){ "recorded", app->zh ? "记录时间" : "Recorded", at, "" });
    if (f.row[ROW_DRAFT].i)
        table_row(t, (const char *[]){ "draft", app->zh ? "草稿" : "Draft", missing_fields(app, m, f.row), "" });
    for (int i = 0; i < m->fields; i++) {
        const struct field *fd = &m->field[i];
        const char *v = shown(app, m, i, f.row, app->arena);
        if (v && *v) table_row(t, (const char *[]){ fd->name, app->zh ? fd->zh : fd->en, v, fd->unit });
    }
    table_end(t);
    return 0;
}

const struct command entity_commands[] = {
    { .name = "schema", .operands = "[ENTITY]",
      .help = "what is kept: entities, fields, units, code lists, natural keys; a blank sheet",
      .needs = NEEDS_MODEL, .options = schema_options, .n_options = COUNT(schema_options),
      .options_size = sizeof(struct schema_options), .run = run_schema },
    { .name = "load", .operands = "PATH...",
      .help = "loads files or folders: CSV or XLSX, one file an entity, named after it",
      .more = "Refused rows go to NAME.refused.csv with line, column, value and reason; correct them\n"
              "there and load that file by itself. Loading the same files twice changes nothing.",
      .needs = NEEDS_WRITE, .options = load_options, .n_options = COUNT(load_options),
      .options_size = sizeof(struct load_cli), .run = run_load },
    { .name = "list", .operands = "ENTITY", .help = "rows of an entity, filtered, sorted, in pages",
      .needs = NEEDS_STORE, .options = list_options, .n_options = COUNT(list_options) - 1,
      .options_size = sizeof(struct list_cli), .run = run_list },
    { .name = "show", .operands = "ENTITY ID", .help = "one row, by id or natural key",
      .needs = NEEDS_STORE, .options_size = sizeof(struct show_options), .run = run_show },
    { .name = "export", .operands = "ENTITY", .help = "all rows as CSV, JSON or XLSX",
      .needs = NEEDS_STORE, .options = list_options, .n_options = COUNT(list_options),
      .options_size = sizeof(struct list_cli), .run = run_export },
};
const int entity_command_count = COUNT(entity_commands);
