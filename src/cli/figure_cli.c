/* Commands over figures: figure, figures, explain, claims. */
#include "cli/cli.h"

#include "base/count.h"
#include "base/date.h"
#include "base/id.h"
#include "base/money.h"

#include <dirent.h>
#include <errno.h>

struct figure_cli {
    const char *place, *org, *from, *to, *as_of, *after;
    int by;
    int64_t limit;
    bool parts;
};

static bool read_day(const char *text, enum date_end end, int32_t absent, int32_t *out, struct err *e)
{
    *out = absent;
    if (!text || date_parse(text, strlen(text), end, out)) return true;
    return err_set(e, ERR_USAGE, "\"%s\" is no date; write 2020-05-27, 2020-05 or 2020", text);
}

static bool read_query(struct app *app, const struct figure_cli *o, const char *name,
                       struct figure_query *q, struct err *e)
{
    const struct figure *f = figures_find(app->figures, name);
    if (!f) {
        const char *near = figures_nearest(app->figures, name);
        return err_set(e, ERR_NOT_FOUND, "there is no figure \"%s\"%s%s%s; `jiedui figures` lists them",
                       name, near ? " (did you mean \"" : "", near ? near : "", near ? "\"?)" : "");
    }
    if (o->as_of && (o->to || o->from))
        return err_set(e, ERR_USAGE, "--as-of goes without --from and --to");
    *q = (struct figure_query){ .name = name, .by = o->by };
    return read_day(o->from, DATE_FIRST, DATE_MIN, &q->from, e) &&
           read_day(o->as_of ? o->as_of : o->to, DATE_LAST, DATE_MAX, &q->to, e) &&
           app_place(app, o->place, &q->place, e) && app_organisation(app, o->org, &q->org, e);
}

static const char *place_name(struct app *app, int64_t code)
{
    char name[256];
    if (!code) return app->zh ? "全国" : "all";
    const struct places *p = app->model->places;
    if (!p->name(p->arg, app->db, code, app->zh, name, sizeof name))
        return arena_printf(app->arena, "%lld", (long long)code);
    return arena_strdup(app->arena, name);
}

struct printing { struct app *app; const struct figure *f; struct table_out *t; bool parts; };

static const char *number(struct app *app, int64_t v)
{
    return arena_printf(app->arena, "%lld", (long long)v);
}

static const char *scaled(struct app *app, int64_t v, int scale)
{
    char text[DECIMAL_TEXT];
    decimal_format(v, scale, text);
    return arena_strdup(app->arena, text);
}

static const char *span(struct app *app, const struct figure_value *v)
{
    if (!v->partial) return "";
    return arena_printf(app->arena, "%s .. %s", scaled(app, v->low, v->scale),
                        scaled(app, v->high, v->scale));
}

static bool print_value(void *arg, const struct figure_value *v, struct err *e)
{
    struct printing *p = arg;
    (void)e;
    const char *cells[16];
    int n = 0;
    cells[n++] = v->place ? number(p->app, v->place) : "";
    cells[n++] = place_name(p->app, v->place);
    cells[n++] = app_number(p->app, figure_print(p->f, v, p->app->arena));
    cells[n++] = span(p->app, v);
    cells[n++] = v->known ? app_word(p->app, figure_rests_on(v)) : "";
    cells[n++] = number(p->app, v->rows);
    if (p->parts) {
        cells[n++] = number(p->app, v->unknown);
        cells[n++] = scaled(p->app, v->confirmed, v->scale);
        cells[n++] = scaled(p->app, v->one_sided, v->scale);
        cells[n++] = scaled(p->app, v->disputed, v->scale);
    }
    table_row(p->t, cells);
    return true;
}

static int run_figure(struct app *app, void *options, const char *const *operand, int n, struct err *e)
{
    const struct figure_cli *o = options;
    static const struct table_column cols[] = { { "place", "code", true }, { "name", "place", false },
        { "value", "value", true }, { "span", "partial: between", false },
        { "rests_on", "rests on", false }, { "rows", "rows", true }, { "unknown", "unknown", true },
        { "confirmed", "confirmed", true }, { "one_sided", "one-sided", true },
        { "disputed", "disputed", true } };
    struct figure_query q;
    if (n != 1) return err_set(e, ERR_USAGE, "figure takes one name; `jiedui figures` lists them"), 2;
    if (!read_query(app, o, operand[0], &q, e)) return err_exit(e->code);
    struct printing p = { .app = app, .f = figures_find(app->figures, operand[0]), .parts = o->parts };
    p.t = table_begin(app, cols, o->parts ? COUNT(cols) : 6);
    bool ok;
    struct figure_value v;
    if (q.by) ok = figure_read_by(&app->context, app->db, &scope_all, &q, print_value, &p, e);
    else ok = figure_read(&app->context, app->db, &scope_all, &q, &v, e) && print_value(&p, &v, e);
    table_end(p.t);
    return ok ? 0 : 1;
}

#define PERIOD_OPTIONS \
    { .name = "place", .letter = 'p', .type = OPTION_TEXT, .offset = offsetof(struct figure_cli, place), \
      .value = "PLACE", .help = "a name, an alias or a code; everywhere when absent" }, \
    { .name = "org", .letter = 'g', .type = OPTION_TEXT, .offset = offsetof(struct figure_cli, org), \
      .value = "ORGANISATION", .help = "a code or name; its own units are included" }, \
    { .name = "from", .type = OPTION_TEXT, .offset = offsetof(struct figure_cli, from), \
      .value = "DATE", .help = "first day of the period" }, \
    { .name = "to", .type = OPTION_TEXT, .offset = offsetof(struct figure_cli, to), \
      .value = "DATE", .help = "last day of the period" }, \
    { .name = "as-of", .type = OPTION_TEXT, .offset = offsetof(struct figure_cli, as_of), \
      .value = "DATE", .help = "the state on that day" }

static const struct option_row figure_options[] = {
    PERIOD_OPTIONS,
    { .name = "by", .type = OPTION_CHOICE, .offset = offsetof(struct figure_cli, by),
      .value = "none|province|prefecture|county|township|village",
      .help = "one line a place of that level" },
    { .name = "parts", .type = OPTION_FLAG, .offset = offsetof(struct figure_cli, parts),
      .help = "confirmed, one-sided and disputed amounts too" },
};

static const char *kind_name(enum figure_kind k)
{
    static const char *const names[] = { "", "count", "sum", "distinct", "ratio", "total" };
    return names[k];
}

static bool read_definition(const char *dir, const char *name, struct figure_source *out,
                            struct arena *a, struct err *e)
{
    const char *path = arena_printf(a, "%s/%s", dir, name);
    FILE *f = fopen(path, "rb");
    if (!f) return err_set(e, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
    struct buf b;
    buf_init(&b, (size_t)4 << 20);
    char chunk[65536];
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, f)) > 0;) buf_add(&b, chunk, n);
    fclose(f);
    *out = (struct figure_source){ path, arena_strndup(a, b.p, b.n), b.n };
    buf_free(&b);
    return true;
}

/* What is installed takes the place of all that was there: say so, and which figures are gone. */
static bool tell_installed(struct app *app, int files, struct err *e)
{
    struct figures *now;
    int gone = 0;
    if (!figures_from_store(&now, app->db, app->model, e)) return false;
    printf("%d file%s installed: %d figures\n", files, files == 1 ? "" : "s", figures_count(now));
    for (int i = 0; i < figures_count(app->figures); i++) {
        const char *name = figures_at(app->figures, i)->name;
        if (figures_find(now, name)) continue;
        printf("%s%s", gone++ ? ", " : "no longer defined: ", name);
    }
    if (gone) printf("\n(a folder takes the place of all figures: copy the shipped ones into it)\n");
    figures_free(now);
    return true;
}

/* figures install DIR: the office's own definitions. */
static int install(struct app *app, const char *dir, struct err *e)
{
    struct figure_source src[1024];
    int n = 0;
    DIR *d = opendir(dir);
    if (!d) return err_set(e, ERR_NOT_FOUND, "%s: %s", dir, strerror(errno)), 1;
    bool ok = true;
    for (struct dirent *entry; ok && (entry = readdir(d)) && n < COUNT(src);) {
        size_t len = strlen(entry->d_name);
        if (len > 7 && strcmp(entry->d_name + len - 7, ".figure") == 0)
            ok = read_definition(dir, entry->d_name, &src[n++], app->arena, e);
    }
    closedir(d);
    if (ok && n == 0) ok = err_set(e, ERR_NOT_FOUND, "%s holds no .figure file", dir);
    if (!ok || !figures_install(app->store, app->model, src, n, e)) return 1;
    return tell_installed(app, n, e) ? 0 : 1;
}

static int run_figures(struct app *app, void *options, const char *const *operand, int n, struct err *e)
{
    static const struct table_column cols[] = { { "name", "name", false }, { "kind", "kind", false },
        { "entity", "of", false }, { "unit", "unit", false }, { "label", "label", false } };
    (void)options;
    if (n == 1 && strcmp(operand[0], "rebuild") == 0)
        return figures_rebuild(app->store, app->model, app->figures, e) ? 0 : 1;
    if (n == 2 && strcmp(operand[0], "install") == 0) return install(app, operand[1], e);
    if (n) return err_set(e, ERR_USAGE, "figures takes nothing, `rebuild`, or `install DIR`"), 2;
    struct table_out *t = table_begin(app, cols, COUNT(cols));
    for (int i = 0; i < figures_count(app->figures); i++) {
        const struct figure *f = figures_at(app->figures, i);
        table_row(t, (const char *[]){ f->name, app_word(app, kind_name(f->kind)),
            f->map ? f->map->entity->name : "", app_word(app, f->unit), app->zh ? f->zh : f->en });
    }
    table_end(t);
    return 0;
}

/* --- explain --- */

struct explaining { struct app *app; struct table_out *t; int64_t county, id, rows; struct arena row; };

static bool print_explained(void *arg, const struct figure *f, int sign, const char *within,
                            const struct table_map *m, const struct val *row, int64_t value,
                            struct err *e)
{
    struct explaining *x = arg;
    struct arena *a = &x->row;
    (void)e;
    arena_reset(a);
    const char *cells[9];
    int n = 0;
    cells[n++] = arena_printf(a, "%s%s%s%s", sign < 0 ? "- " : "", f->name, within ? " within " : "",
                              within ? within : "");
    cells[n++] = m->entity->name;
    cells[n++] = m->n_key ? field_write(x->app->model, m, m->key[0], row, x->app->db, a) : "";
    if (m->home >= 0 && m->field[m->home].type == F_PLACE)
        cells[n++] = place_name(x->app, row[m->column[m->home]].i);
    else
        cells[n++] = "";
    char text[DECIMAL_TEXT];
    decimal_format(value, f->scale, text);
    cells[n++] = text;
    const bool common = m->common >= 0 && !(m->entity->flags & E_NO_SOURCE);
    for (int i = COMMON_BASIS; i <= COMMON_CONFIRMATION; i++)
        cells[n++] = common ? app_word(x->app, field_write(x->app->model, m, m->common + i, row,
                                                           x->app->db, a)) : "";
    cells[n++] = common ? field_write(x->app->model, m, m->common + COMMON_SOURCE, row,
                                              x->app->db, a) : "";
    cells[n++] = arena_printf(a, "%lld", (long long)row[ROW_ID].i);
    table_row(x->t, cells);
    x->rows++;
    x->county = row[ROW_COUNTY].i;
    x->id = row[ROW_ID].i;
    return true;
}

static void print_heading(struct app *app, const struct figure *f, const struct figure_value *v,
                          int64_t rows, const unsigned char *digest)
{
    char hex[DIGEST_HEX], version[DIGEST_HEX];
    digest_hex(digest, DIGEST_LEN, hex);
    digest_hex(f->digest, DIGEST_LEN, version);
    version[16] = '\0';
    printf("%s\n", f->text);
    printf("%s%s%s\n", app->zh ? f->zh : f->en, f->help_en ? ": " : "",
           f->help_en ? (app->zh ? f->help_zh : f->help_en) : "");
    const char *value = app_number(app, figure_print(f, v, app->arena));
    const char *partial = !v->partial ? "" : app->zh ? "  部分：" : "  partial: ";
    const char *rests = app_word(app, figure_rests_on(v));
    printf(app->zh ? "数值     %s%s%s\n" : "value    %s%s%s\n", value, partial, span(app, v));
    if (v->known && f->kind <= FIGURE_SUM)
        printf(app->zh ? "双方     确认 %s，单方 %s，有异议 %s\n"
                       : "sides    confirmed %s, one-sided %s, disputed %s\n",
               scaled(app, v->confirmed, v->scale), scaled(app, v->one_sided, v->scale),
               scaled(app, v->disputed, v->scale));
    printf(app->zh ? "数据依据 %s\n版本     %s\n行数     %lld\n摘要值   %s\n\n"
                   : "rests on %s\nversion  %s\nrows     %lld\ndigest   %s\n\n",
           rests, version, (long long)rows, hex);
}

static int run_explain(struct app *app, void *options, const char *const *operand, int n, struct err *e)
{
    static const struct table_column cols[] = { { "figure", "figure", false },
        { "entity", "entity", false }, { "key", "record", false }, { "place", "place", false },
        { "value", "value", true }, { "basis", "basis", false },
        { "confirmation", "two sides", false }, { "source", "source", false }, { "id", "id", true } };
    const struct figure_cli *o = options;
    struct figure_query q;
    struct figure_value v;
    unsigned char digest[DIGEST_LEN];
    int64_t rows = 0;
    if (n != 1) return err_set(e, ERR_USAGE, "explain takes one figure"), 2;
    if (!read_query(app, o, operand[0], &q, e)) return err_exit(e->code);
    if (!figure_read(&app->context, app->db, &scope_all, &q, &v, e) ||
        !figure_digest(&app->context, app->db, &scope_all, &q, &rows, digest, e))
        return 1;
    if (app->format == OUT_TEXT)
        print_heading(app, figures_find(app->figures, operand[0]), &v, rows, digest);
    struct explain_page page = { .limit = o->limit ? o->limit : app->format == OUT_TEXT ? 50 : 0 };
    if (o->after) {
        const char *slash = strchr(o->after, '/');
        if (!slash || !id_parse(o->after, (size_t)(slash - o->after), &page.after_county) ||
            !id_parse(slash + 1, strlen(slash + 1), &page.after_id))
            return err_set(e, ERR_USAGE, "--after is COUNTY/ID, as the last line of a page says"), 2;
    }
    struct explaining x = { .app = app };
    arena_init(&x.row, 0);
    x.t = table_begin(app, cols, COUNT(cols));
    struct db *d;
    bool ok = store_connect(app->store, DB_READ, &d, e);
    if (ok) {
        ok = figure_explain(&app->context, d, &scope_all, &q, &page, print_explained, &x, e);
        db_close(d);
    }
    table_end(x.t);
    arena_free(&x.row);
    if (ok && app->format == OUT_TEXT && page.limit && x.rows >= page.limit)
        printf("the first %lld rows; go on with --after %lld/%lld\n", (long long)x.rows,
               (long long)x.county, (long long)x.id);
    return ok ? 0 : 1;
}

static const struct option_row explain_options[] = {
    PERIOD_OPTIONS,
    { .name = "limit", .letter = 'l', .type = OPTION_INT, .offset = offsetof(struct figure_cli, limit),
      .value = "N", .help = "at most so many rows a page" },
    { .name = "after", .type = OPTION_TEXT, .offset = offsetof(struct figure_cli, after),
      .value = "COUNTY/ID", .help = "the page after this row" },
};

/* --- claims --- */

struct claims_cli { const char *source; bool readings; };
struct claiming { struct app *app; struct table_out *t; bool readings; int64_t of[3]; };

static bool print_claim(void *arg, const struct claim_result *r, struct err *e)
{
    static const char *const verdicts[] = { "holds", "differs", "cannot be computed" };
    struct claiming *c = arg;
    (void)e;
    const struct app *app = c->app;
    const char *rests = app_word(app, r->rests_on);
    if (r->same_source)
        rests = arena_printf(app->arena, app->zh && app->format == OUT_TEXT
                             ? "%s，同一来源：仅为算术" : "%s, same source: arithmetic", rests);
    const char *why = r->reading && *r->reading ? r->reading : app_word(c->app, r->reason);
    c->of[r->verdict]++;
    table_row(c->t, (const char *[]){ r->code, r->text, app_number(app, r->claimed),
        app_number(app, r->computed), r->difference, app_word(app, verdicts[r->verdict]), rests, why,
        r->figure, r->source });
    return true;
}

static int run_claims(struct app *app, void *options, const char *const *operand, int n, struct err *e)
{
    static const struct table_column cols[] = { { "code", "claim", false }, { "text", "as printed", false },
        { "claimed", "claimed", true }, { "computed", "computed", true },
        { "difference", "difference", true }, { "verdict", "verdict", false },
        { "rests_on", "rests on", false }, { "reading", "reading", false },
        { "figure", "figure", false }, { "source", "source", false } };
    const struct claims_cli *o = options;
    (void)operand;
    if (n) return err_set(e, ERR_USAGE, "claims takes no operand; --source names one source"), 2;
    struct claiming c = { .app = app };
    /* On a terminal the long reading goes last; the figure's name and the source are in the CSV. */
    c.t = table_begin(app, cols, app->format == OUT_TEXT ? 8 : COUNT(cols));
    bool ok = claims_check(&app->context, app->db, &scope_all, o->source, print_claim, &c, e);
    table_end(c.t);
    if (ok && app->format == OUT_TEXT)
        printf(app->zh ? "\n共 %lld 项：相符 %lld，不符 %lld，无法计算 %lld\n"
                       : "\n%lld claims: %lld hold, %lld differ, %lld cannot be computed\n",
               (long long)(c.of[0] + c.of[1] + c.of[2]), (long long)c.of[0], (long long)c.of[1],
               (long long)c.of[2]);
    return ok ? 0 : 1;
}

static const struct option_row claims_options[] = {
    { .name = "source", .type = OPTION_TEXT, .offset = offsetof(struct claims_cli, source),
      .value = "DOCUMENT", .help = "only claims of this source, by its code" },
};

const struct command figure_commands[] = {
    { .name = "figure", .operands = "NAME", .help = "a figure: for a place, an organisation, a period",
      .more = "A stock is read on the last day; a flow sums the days from --from to --to. A period that\n"
              "cuts through a fact known only as an interval gives a partial value with its bounds.",
      .needs = NEEDS_STORE, .options = figure_options, .n_options = COUNT(figure_options),
      .options_size = sizeof(struct figure_cli), .run = run_figure },
    { .name = "figures", .operands = "[rebuild | install DIR]",
      .help = "the definitions; recompute their cells; install the office's own",
      .needs = NEEDS_WRITE, .run = run_figures },
    { .name = "explain", .operands = "NAME",
      .help = "a figure's definition, version, digest, and the rows it rests on",
      .needs = NEEDS_STORE, .options = explain_options, .n_options = COUNT(explain_options),
      .options_size = sizeof(struct figure_cli), .run = run_explain },
    { .name = "claims", .help = "what others printed beside what the records give",
      .more =
"holds: the records give the printed number, as finely as it was printed (claim.decimals: 1 for\n"
"97.6%, -6 for 266 million). differs: they give another. cannot be computed: no record says it, or\n"
"the records only bound it; the reason is shown.\n"
"\n"
"  printed        holds when the records give\n"
"  = c            what rounds to c; about c, as far as that reaches\n"
"  at least c     c or more                         at most c   c or less\n"
"  over c         more than c, not c itself         nearly c    up to a tenth less than c\n"
"  about c        c within a twentieth\n"
"\n"
"A record of \"over 400\" gives 400 or more: it bears out \"over 400\", and leaves \"= 400\" open. A\n"
"flow without records, and a stock on a day that period_to does not name, are left open too. A\n"
"period that cuts a fact known as an interval gives two bounds, 416 .. 1,116. Where every row was\n"
"taken from the document that prints the number, agreement proves arithmetic only, and it says so.",
      .needs = NEEDS_STORE, .options = claims_options, .n_options = COUNT(claims_options),
      .options_size = sizeof(struct claims_cli), .run = run_claims },
};
const int figure_command_count = COUNT(figure_commands);
