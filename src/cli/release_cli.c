/* jiedui release: figures frozen, approved by another person, written to a file that proves itself. */
#include "cli/release.h"

#include <errno.h>
#include <string.h>

#include "base/count.h"
#include "base/csv.h"
#include "base/date.h"
#include "programme/exchange/exchange.h"
#include "programme/publish/release_check.h"

struct release_cli {
    const char *figures, *claims, *title, *as_of, *by, *corrects, *reason, *output, *secret;
    bool draft, offices;
};

static struct release_world world_of(struct app *app)
{
    return (struct release_world){ .store = app->store, .db = app->db, .model = app->model,
                                   .context = &app->context, .clock = app->clock };
}

/* --- the figures that are wanted: a CSV file --- */

enum { W_FIGURE, W_PLACE, W_ORGANISATION, W_FROM, W_TO, W_BY, W_N };
static const char *const wanted_columns[W_N] = { "figure", "place", "organisation", "from", "to",
                                                 "by" };

struct wanting {
    struct app *app;
    const char *path;
    const struct scope *scope;     /* as whom the places are found that have a value */
    int column[W_N];               /* of the file; -1 = absent */
    struct figure_query *at; size_t n, cap;
};

static void want(struct wanting *w, const struct figure_query *q)
{
    if (w->n == w->cap) {
        w->cap = w->cap ? w->cap * 2 : 64;
        struct figure_query *more = arena_array(w->app->arena, w->cap, sizeof *more);
        if (w->n) memcpy(more, w->at, w->n * sizeof *more);
        w->at = more;
    }
    w->at[w->n++] = *q;
}

static bool read_titles(struct wanting *w, const struct csv_field *f, int n, struct err *e)
{
    for (int i = 0; i < W_N; i++) w->column[i] = -1;
    for (int c = 0; c < n; c++) {
        int i = 0;
        const char *name = arena_strndup(w->app->arena, f[c].p, f[c].n);
        while (i < W_N && strcmp(wanted_columns[i], name) != 0) i++;
        if (i == W_N)
            return err_set(e, ERR_INVALID, "%s: there is no column \"%s\"; they are figure, place, "
                           "organisation, from, to, by", w->path, name);
        w->column[i] = c;
    }
    return w->column[W_FIGURE] >= 0 ||
           err_set(e, ERR_INVALID, "%s: the column figure is missing", w->path);
}

static bool read_date(const char *text, enum date_end end, int32_t absent, int32_t *out, struct err *e)
{
    *out = absent;
    if (!*text || date_parse(text, strlen(text), end, out)) return true;
    return err_set(e, ERR_INVALID, "\"%s\" is no date", text);
}

static bool read_level(const char *text, int *out, struct err *e)
{
    static const char *const levels[] = { "", "province", "prefecture", "county", "township",
                                          "village" };
    for (*out = 0; *out < COUNT(levels); ++*out)
        if (strcmp(levels[*out], text) == 0) return true;
    return err_set(e, ERR_INVALID, "by is province, prefecture, county, township or village, not "
                   "\"%s\"", text);
}

struct each_place { struct wanting *w; const struct figure_query *q; };

static bool want_place(void *arg, const struct figure_value *v, struct err *e)
{
    const struct each_place *x = arg;
    struct figure_query q = *x->q;
    (void)e;
    q.place = v->place;
    q.by = 0;
    want(x->w, &q);
    return true;
}

static bool read_wanted(struct wanting *w, const struct csv_field *f, int n, struct err *e)
{
    struct app *app = w->app;
    struct figure_query q = { 0 };
    const char *text[W_N];
    for (int i = 0; i < W_N; i++) {
        int c = w->column[i];
        text[i] = c < 0 || c >= n ? "" : arena_strndup(app->arena, f[c].p, f[c].n);
    }
    const struct figure *figure = figures_find(app->figures, text[W_FIGURE]);
    if (!figure) {
        const char *near = figures_nearest(app->figures, text[W_FIGURE]);
        return err_set(e, ERR_NOT_FOUND, "there is no figure \"%s\"%s%s%s", text[W_FIGURE],
                       near ? " (did you mean \"" : "", near ? near : "", near ? "\"?)" : "");
    }
    q.name = figure->name;
    if (!app_place(app, text[W_PLACE], &q.place, e) ||
        !app_organisation(app, text[W_ORGANISATION], &q.org, e) ||
        !read_date(text[W_FROM], DATE_FIRST, DATE_MIN, &q.from, e) ||
        !read_date(text[W_TO], DATE_LAST, DATE_MAX, &q.to, e) || !read_level(text[W_BY], &q.by, e))
        return false;
    struct each_place each = { w, &q };
    if (q.by) return figure_read_by(&app->context, app->db, w->scope, &q, want_place, &each, e);
    want(w, &q);
    return true;
}

static bool read_figures_file(struct wanting *w, struct err *e)
{
    FILE *f = fopen(w->path, "rb");
    if (!f) return err_set(e, ERR_NOT_FOUND, "%s: %s", w->path, strerror(errno));
    struct csv *csv = csv_open(csv_from_file(f), NULL);
    const struct csv_field *fields;
    int n;
    bool ok = true, titled = false;
    enum csv_result r;
    while (ok && (r = csv_next(csv, &fields, &n, e)) != CSV_END) {
        ok = r == CSV_ROW;
        if (ok && !titled) {
            ok = titled = read_titles(w, fields, n, e);
            continue;
        }
        ok = ok && read_wanted(w, fields, n, e);
        if (!ok) err_context(e, "%s, line %lld", w->path, (long long)csv_line(csv));
    }
    csv_close(csv);
    fclose(f);
    return ok && (titled || err_set(e, ERR_INVALID, "%s: the file is empty", w->path));
}

/* --- make, approve --- */

static int make(struct app *app, const struct release_cli *o, const char *name, struct err *e)
{
    struct release_world w = world_of(app);
    struct release_made made;
    struct wanting wanted = { .app = app, .path = o->figures, .scope = release_scope(o->offices) };
    if (!o->figures && !o->claims)
        return err_set(e, ERR_USAGE, "what is released? --figures FILE, --claims SOURCE"), 2;
    if (!o->by) return err_set(e, ERR_USAGE, "who makes it? --by WHO"), 2;
    int64_t as_of = 0;
    if (o->as_of && !instant_parse(o->as_of, strlen(o->as_of), store_zone(app->store), &as_of))
        return err_set(e, ERR_USAGE, "\"%s\" is no instant; write 2020-12-31T18:00:00+08:00",
                       o->as_of), 2;
    if (o->figures && !read_figures_file(&wanted, e)) return err_exit(e->code);
    struct release_wish wish = { .name = name, .title = o->title, .by = o->by,
        .corrects = o->corrects, .reason = o->reason, .offices = o->offices, .queries = wanted.at, .n = wanted.n,
        .claims = o->claims != NULL,
        .as_of = as_of, .claims_source = o->claims && strcmp(o->claims, "all") != 0 ? o->claims : NULL };
    if (!release_make(&w, &wish, &made, e)) return err_exit(e->code);
    char at[INSTANT_TEXT];
    instant_format(made.as_of, at);
    printf(app->zh ? "发布 %s：统计数 %zu 项，报道数 %zu 项，变更 %zu 项，截至 %s\n链首 %s\n"
                   : "release %s: %zu figures, %zu claims, %zu changes, as of %s\nhead %s\n",
           name, made.figures, made.claims, made.changes, at, made.head);
    if (app->format == OUT_TEXT)
        printf(app->zh ? "须由他人批准：jiedui release approve %s --by 批准人\n"
                       : "somebody else approves it: jiedui release approve %s --by WHO\n", name);
    return 0;
}

static int approve(struct app *app, const struct release_cli *o, const char *name, struct err *e)
{
    struct release_world w = world_of(app);
    if (!o->by) return err_set(e, ERR_USAGE, "who approves it? --by WHO"), 2;
    if (!release_approve(&w, name, o->by, e)) return err_exit(e->code);
    printf(app->zh ? "%s 已由 %s 批准\n" : "%s is approved by %s\n", name, o->by);
    return 0;
}

/* --- list, show --- */

struct listing { struct app *app; struct release_row *at; size_t n, cap; };

static bool keep_row(void *arg, const struct release_row *r, struct err *e)
{
    struct listing *l = arg;
    (void)e;
    if (l->n == l->cap) {
        l->cap = l->cap ? l->cap * 2 : 16;
        struct release_row *more = arena_array(l->app->arena, l->cap, sizeof *more);
        if (l->n) memcpy(more, l->at, l->n * sizeof *more);
        l->at = more;
    }
    l->at[l->n++] = *r;
    return true;
}

static const char *instant_cell(struct app *app, int64_t at)
{
    char text[INSTANT_TEXT];
    instant_format(at, text);
    return arena_strdup(app->arena, text);
}

static const char *audience(const struct app *app, bool for_public)
{
    return for_public ? (app->zh ? "公众" : "the public") : app->zh ? "内部" : "offices";
}

static int list(struct app *app, struct err *e)
{
    static const struct table_column cols[] = { { "name", "name", false }, { "title", "title", false },
        { "as_of", "as of", false }, { "for", "for", false }, { "figures", "figures", true },
        { "claims", "claims", true },
        { "made_by", "made by", false }, { "approved_by", "approved by", false },
        { "corrects", "corrects", false }, { "reason", "reason", false } };
    struct listing l = { .app = app };
    bool ok = release_each(app->db, &scope_all, app->arena, keep_row, &l, e);
    struct table_out *t = table_begin(app, cols, COUNT(cols));
    for (size_t i = 0; ok && i < l.n; i++) {
        const struct release_row *r = &l.at[i];
        const char *by;
        ok = release_approved(app->db, r->id, app->arena, &by, e);
        if (ok)
            table_row(t, (const char *[]){ r->name, r->title, instant_cell(app, r->as_of),
                audience(app, r->for_public), cell_number(app, r->figures), cell_number(app, r->claims), r->made_by, by,
                r->corrects, r->reason });
    }
    table_end(t);
    return ok ? 0 : 1;
}

struct showing { struct app *app; struct table_out *t; };

static bool show_line(void *arg, const struct release_line *l, struct err *e)
{
    struct showing *s = arg;
    struct arena *a = s->app->arena;
    struct arena_mark mark = arena_mark(a);
    struct json *line;
    const char *c[10];
    int n = 0;
    if (!json_parse(&line, l->body, l->n, a, e)) return false;
    bool change = strcmp(l->kind, "change") == 0;
    if (change || strcmp(l->kind, "figure") == 0) {
        const struct json *before = json_get(line, "before"), *after = json_get(line, "after");
        const char *value = release_member(line, "value", a);
        c[n++] = change ? release_member(line, "what", a) : "";
        c[n++] = release_member(line, "figure", a);
        c[n++] = release_member(line, s->app->zh && !change ? "place_zh" : "place_en", a);
        c[n++] = release_member(line, "organisation", a);
        c[n++] = release_member(line, "from", a);
        c[n++] = release_member(line, "to", a);
        c[n++] = change ? release_member(after, "value", a)
               : *value ? arena_printf(a, "%s%s", strcmp(release_member(line, "qualifier", a), "=")
                                       ? release_member(line, "qualifier", a) : "", value)
               : app_word(s->app, release_member(line, "why", a));
        c[n++] = change ? release_member(before, "value", a) : "";
        c[n++] = change ? "" : app_word(s->app, release_member(line, "rests_on", a));
        c[n++] = change ? "" : release_member(line, "rows", a);
        table_row(s->t, c);
    }
    arena_rewind(a, mark);
    return true;
}

static int show(struct app *app, const char *name, struct err *e)
{
    static const struct table_column cols[] = { { "what", "what", false },
        { "figure", "figure", false }, { "place", "place", false },
        { "organisation", "unit", false }, { "from", "from", false }, { "to", "to", false },
        { "value", "value", true }, { "before", "before", true },
        { "rests_on", "rests on", false }, { "rows", "rows", true } };
    struct release_row r;
    const char *by;
    if (!release_find(app->db, &scope_all, name, app->arena, &r, e) ||
        !release_approved(app->db, r.id, app->arena, &by, e))
        return err_exit(e->code);
    if (app->format == OUT_TEXT)
        printf(app->zh ? "%s%s%s\n截至 %s，制作 %s，批准 %s，面向%s%s%s%s%s\n"
                         "链首 %s\n\n"
                       : "%s%s%s\nas of %s, made by %s, approved by %s, for %s%s%s%s%s\nhead %s\n\n",
               r.name, *r.title ? "  " : "", r.title, instant_cell(app, r.as_of), r.made_by,
               *by ? by : app->zh ? "（未批准）" : "nobody yet", audience(app, r.for_public),
               *r.corrects ? (app->zh ? "\n更正 " : "\ncorrects ") : "", r.corrects,
               *r.reason ? ": " : "", r.reason, r.head);
    struct showing s = { app, table_begin(app, cols, COUNT(cols)) };
    bool ok = release_lines(app->db, r.id, show_line, &s, e);
    table_end(s.t);
    return ok ? 0 : 1;
}

/* --- write --- */

struct writing { FILE *f; struct buf b; unsigned char head[DIGEST_LEN]; };

static bool write_line(void *arg, const struct release_line *l, struct err *e)
{
    struct writing *w = arg;
    buf_clear(&w->b);
    seal_write(&w->b, l->body, l->n, l->hash);
    if (!digest_unhex(l->hash, 2 * DIGEST_LEN, w->head))
        return err_set(e, ERR_CORRUPT, "line %lld has no hash", (long long)l->line);
    return fwrite(w->b.p, 1, w->b.n, w->f) == w->b.n || err_set(e, ERR_FULL, "%s", strerror(errno));
}

static bool write_signature(struct writing *w, const struct sign_key *k, struct err *e)
{
    unsigned char signature[SIGN_LEN];
    char key[2 * SIGN_PUBLIC_LEN + 1], text[2 * SIGN_LEN + 1];
    struct arena a = { 0 };
    struct seal s;
    struct buf b;
    sign_bytes(k, w->head, DIGEST_LEN, signature);
    digest_hex(k->open, SIGN_PUBLIC_LEN, key);
    digest_hex(signature, SIGN_LEN, text);
    buf_init(&b, 4096);
    buf_printf(&b, "{\"kind\":\"signature\",\"algorithm\":\"ed25519\",\"key\":\"%s\","
               "\"signature\":\"%s\"}", key, text);
    seal_start(&s, &a, w->head);
    const struct seal_line *l = seal_add(&s, "signature", &b);
    struct release_line line = { 0, l->kind, l->body, l->hash, l->n };
    bool ok = write_line(w, &line, e);
    buf_free(&b);
    arena_free(&a);
    return ok;
}

static bool write_lines(struct app *app, const struct release_row *r, const struct release_cli *o,
                        struct writing *w, struct err *e)
{
    struct sign_key k;
    int64_t office;
    if (o->secret && !office_key_read(app->db, o->secret, &k, &office, e)) return false;
    bool ok = release_lines(app->db, r->id, write_line, w, e) &&
              (!o->secret || write_signature(w, &k, e));
    if (o->secret) sign_wipe(&k);
    return ok;
}

static int write_file(struct app *app, const struct release_row *r, const struct release_cli *o,
                      struct err *e)
{
    enum release_form form = release_form(o->output);
    struct writing w = { 0 };
    struct app_file f;
    if (form == RELEASE_XLSX) return release_export(app, r, form, o->output, NULL, e) ? 0 : 1;
    if (!app_file_open(app, o->output, &f, e)) return 1;
    w.f = f.f;
    buf_init(&w.b, (size_t)8 << 20);
    bool ok = form ? release_export(app, r, form, o->output, w.f, e) : write_lines(app, r, o, &w, e);
    ok = app_file_close(&f, ok, e);
    buf_free(&w.b);
    return ok ? 0 : 1;
}

static int write_release(struct app *app, const struct release_cli *o, const char *name, struct err *e)
{
    struct release_row r;
    const char *by;
    if (!o->output) return err_set(e, ERR_USAGE, "where to? -o FILE"), 2;
    if (!release_find(app->db, &scope_all, name, app->arena, &r, e) ||
        !release_approved(app->db, r.id, app->arena, &by, e))
        return err_exit(e->code);
    if (!*by && !o->draft)
        return err_set(e, ERR_FORBIDDEN, "nobody has approved the release %s; `jiedui release "
                       "approve %s --by WHO`, or --draft for who is to read it", name, name), 1;
    return write_file(app, &r, o, e);
}

/* --- verify --- */

static void print_summary(const struct release_summary *s)
{
    printf("release %s%s%s\n", s->name, *s->title ? "  " : "", s->title);
    printf("as of %s, made by %s, for %s, approved by %s\n", s->as_of, s->made_by,
           s->offices ? "offices alone" : "the public",
           *s->approved_by ? s->approved_by : "nobody");
    if (*s->corrects) printf("corrects %s: %s\n", s->corrects, s->reason);
    printf("%lld figures, %lld definitions, %lld claims, %lld changes\nhead %s\n",
           (long long)s->figures, (long long)s->definitions, (long long)s->claims,
           (long long)s->changes, s->head);
    if (strcmp(s->head, s->end)) printf("with its approvals %s\n", s->end);
    if (s->is_signed) {
        char key[2 * SIGN_PUBLIC_LEN + 1];
        digest_hex(s->key, SIGN_PUBLIC_LEN, key);
        printf("signed with %s\n", key);
    } else {
        puts("not signed: hold the head against one that was printed elsewhere");
    }
}

static void check_key(const struct release_summary *s, const char *wanted, struct faults *f)
{
    char key[2 * SIGN_PUBLIC_LEN + 1];
    digest_hex(s->key, SIGN_PUBLIC_LEN, key);
    if (!wanted || (s->is_signed && strcasecmp(key, wanted) == 0)) return;
    fault_tell(f, s->is_signed ? "it is signed with another key" : "it is not signed");
}

static void print_proof(const struct release_proof *p)
{
    printf("computed again from the records of that instant: %lld figures the same, %lld not\n",
           (long long)p->same, (long long)p->different);
    if (*p->moved)
        printf("changed since, and read as they are now: %s\n", p->moved);
}

int release_verify(struct app *app, const char *path, const char *key, struct err *e)
{
    struct release_summary s;
    struct release_proof proof;
    struct faults faults = app_faults_printed();
    if (app->store_named && !app_open(app, NEEDS_STORE, e)) return err_exit(e->code);
    struct release_world w = world_of(app);
    FILE *f = fopen(path, "rb");
    if (!f) return err_set(e, ERR_NOT_FOUND, "%s: %s", path, strerror(errno)), 1;
    bool ok = app->store_named
                  ? release_prove(&w, f, app->arena, &faults, &s, &proof, e)
                  : release_check(f, app->arena, &faults, NULL, NULL, &s, e);
    fclose(f);
    if (!ok) return err_context(e, "%s", path), 1;
    check_key(&s, key, &faults);
    print_summary(&s);
    if (app->store_named) print_proof(&proof);
    printf("%lld faults\n", (long long)faults.n);
    return faults.n ? 3 : 0;
}

/* --- the command --- */

static int run_release(struct app *app, void *options, const char *const *operand, int n,
                       struct err *e)
{
    static const char *const words[] = { "list", "show", "make", "approve", "write" };
    const struct release_cli *o = options;
    int what = 0;
    if (n > 0) {
        while (what < COUNT(words) && strcmp(words[what], operand[0]) != 0) what++;
        if (what == COUNT(words)) {
            const char *near = nearest_name(operand[0], words, COUNT(words));
            err_set(e, ERR_USAGE, "release knows no \"%s\"%s%s%s", operand[0],
                    near ? ": did you mean \"" : "", near ? near : "", near ? "\"?" : "");
            return 2;
        }
    }
    if (n > (what ? 2 : 1)) return err_set(e, ERR_USAGE, "release %s takes one name", words[what]), 2;
    if (what && n < 2) return err_set(e, ERR_USAGE, "which release? give its name"), 2;
    switch (what) {
    case 0: return list(app, e);
    case 1: return show(app, operand[1], e);
    case 2: return make(app, o, operand[1], e);
    case 3: return approve(app, o, operand[1], e);
    default: return write_release(app, o, operand[1], e);
    }
}

#define TEXT_OPTION(field, n, l, v, h) { .name = n, .letter = l, .type = OPTION_TEXT, \
    .offset = offsetof(struct release_cli, field), .value = v, .help = h }
static const struct option_row options[] = {
    TEXT_OPTION(figures, "figures", 0, "FILE",
                "make: CSV of what is wanted: figure,place,organisation,from,to,by"),
    TEXT_OPTION(claims, "claims", 0, "SOURCE|all", "make: the claims of a document, or all"),
    TEXT_OPTION(title, "title", 't', "TEXT", "make: what stands above it"),
    TEXT_OPTION(as_of, "as-of", 0, "INSTANT",
                "make: the records of that instant (2020-12-31T18:00:00+08:00); now when absent"),
    TEXT_OPTION(by, "by", 0, "WHO", "make, approve: who does it"),
    TEXT_OPTION(corrects, "corrects", 0, "NAME", "make: the earlier release that it corrects"),
    TEXT_OPTION(reason, "reason", 0, "TEXT", "make: why the earlier one is corrected"),
    TEXT_OPTION(output, "output", 'o', "FILE", "write: the file"),
    TEXT_OPTION(secret, "secret", 0, "FILE", "write: signs with the office's key (`jiedui package key`)"),
    { .name = "offices", .type = OPTION_FLAG, .offset = offsetof(struct release_cli, offices),
      .help = "make: for offices alone: figures of people are exact, and the public is not shown it" },
    { .name = "draft", .type = OPTION_FLAG, .offset = offsetof(struct release_cli, draft),
      .help = "write: although nobody has approved it" },
};

const struct command release_commands[] = {
    { .name = "release",
      .operands = "[list | show NAME | make NAME | approve NAME | write NAME]",
      .help = "figures and claims frozen, approved, and written to a file that proves itself",
      .more =
"A release keeps figures as they are at an instant: value and bounds, what they rest on, how much\n"
"both sides confirmed, the text of each definition, the digest of the rows, and the ends of the\n"
"journal's chains. Nothing of it is ever changed: a correction is a new release that names the\n"
"earlier one, says why, and lists what differs.\n"
"\n"
"  release make NAME --figures FILE --by WHO       each line of FILE is a figure; with `by` (province,\n"
"                                                  prefecture, county, ...) one a place of that level\n"
"                                                  of people the public is told whole tens of\n"
"                                                  counties and calendar years, and so is a release\n"
"  release make NAME --offices ...                 for offices alone, exact; never shown to the public\n"
"  release make NAME --claims all --by WHO         with what others printed, and the verdicts\n"
"  release make NEW ... --corrects OLD --reason TEXT\n"
"  release approve NAME --by SOMEBODY-ELSE\n"
"  release write NAME -o FILE [--secret FILE]      JSON lines; `jiedui verify --release FILE` proves\n"
"                                                  them anywhere, without a store\n"
"  release write NAME -o FILE.csv|.json|.xlsx      for other programs; only the file above proves itself",
      .needs = NEEDS_WRITE,
      .options = options,
      .n_options = COUNT(options),
      .options_size = sizeof(struct release_cli),
      .run = run_release },
};
const int release_command_count = COUNT(release_commands);
