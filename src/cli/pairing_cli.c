/* jiedui pairing: who may help where, at which levels, what was promised and what came of it. */
#include "cli/rooms.h"

#include "base/count.h"
#include "base/date.h"
#include "base/money.h"
#include "entity/load.h"
#include "programme/pairing/pairing_sql.h"
#include "programme/pairing/progress.h"
#include "programme/pairing/above.h"

struct pairing_cli { const char *as_of, *place; };

struct pairs {
    struct app *app;
    struct watch w;            /* day, place, pending load */
    struct table_out *t;
    int64_t faults;
};

static bool read_rows(struct pairs *p, enum pairing_stmt s, bool day, struct rows *out,
                      struct err *e)
{
    struct val v[2] = { val_int(p->w.hidden), val_int(p->w.on) };
    return rows_read(p->app->db, &pairing_stmts.stmts[s], v, day ? 2 : 1, p->app->arena, out, e);
}

/* --- check: acts outside the frames above their helpers --- */

static bool check_one(struct pairs *p, struct above *s, const char *what, const struct val *r,
                      bool all, struct err *e)
{
    static const char *const words[] = { "inside", "outside", "no frame", "no place" };
    struct above_act act = { .code = row_text(r[0]), .helper = row_int(r[1]),
        .place = row_int(r[2]), .frame_county = row_int(r[3]), .frame = row_int(r[4]),
        .from = row_date(r[5], DATE_MIN) };
    enum above_verdict verdict;
    const char *why;
    if (!watch_inside(&p->w, act.place)) return true;
    if (!above_judge(s, &act, &verdict, &why, e)) return false;
    p->faults += verdict == ABOVE_OUTSIDE;
    if (verdict != ABOVE_OUTSIDE && !all) return true;
    table_row(p->t, (const char *[]){ what, act.code, cell_org(p->app, act.helper),
        act.place ? cell_number(p->app, act.place) : "", cell_place(p->app, act.place),
        app_word(p->app, words[verdict]), why });
    return true;
}

static bool check_kept(void *arg, const struct progress *g, struct err *e)
{
    struct pairs *p = arg;
    (void)e;
    if (!g->other || !watch_inside(&p->w, g->place)) return true;
    p->faults++;
    table_row(p->t, (const char *[]){ "commitment", g->code, cell_org(p->app, g->helper),
        g->place ? cell_number(p->app, g->place) : "", cell_place(p->app, g->place),
        app_word(p->app, "not of its kind"),
        arena_printf(p->app->arena, "%s: %lld records count against it that are not of its kind "
                     "(%s)", g->code, (long long)g->other, g->kind) });
    return true;
}

static bool check(struct pairs *p, bool all, struct err *e)
{
    static const struct table_column cols[] = { { "what", "what", false },
        { "code", "record", false }, { "helper", "helper", false }, { "place", "code", true },
        { "name", "place", false }, { "verdict", "verdict", false },
        { "frames", "frames above it", false } };
    static const struct { enum pairing_stmt s; const char *what; } acts[] = {
        { PAIRING_AGREEMENTS, "agreement" }, { PAIRING_POSTINGS, "posting" },
        { PAIRING_PROJECTS, "project" }, { PAIRING_ALLOCATIONS, "allocation" } };
    struct above s;
    bool ok = above_open(&s, p->app->db, p->app->model->places, -1, p->app->arena, e);
    p->t = table_begin(p->app, cols, COUNT(cols));
    for (int i = 0; ok && i < COUNT(acts); i++) {
        struct rows r;
        ok = read_rows(p, acts[i].s, false, &r, e);
        for (int k = 0; ok && k < r.n; k++) ok = check_one(p, &s, acts[i].what, r.row[k], all, e);
    }
    ok = ok && progress_read(p->app->db, p->w.on, p->app->arena, check_kept, p, e);
    table_end(p->t);
    above_close(&s);
    return ok;
}

/* --- levels --- */

enum { L_LEVEL, L_PLACE, L_HELPER, L_QUANTITY, L_QUALIFIER, L_DUTY, L_FROM, L_TO, L_YEAR,
       L_OF_WHICH, L_OF_UNCLEAR };
struct level_sum { int64_t pairs, extra, protocols, over; bool more; struct map helpers, places; };

static void add_level(struct pairs *p, struct level_sum *s, const struct val *r)
{
    int64_t n = row_int(r[L_QUANTITY]), helper = row_int(r[L_HELPER]), place = row_int(r[L_PLACE]);
    if (row_date(r[L_FROM], DATE_MIN) > p->w.on || !watch_inside(&p->w, place)) return;
    if (r[L_OF_WHICH].type == VAL_INT || r[L_OF_UNCLEAR].type == VAL_TEXT) return;
    if (row_date(r[L_TO], DATE_MAX) < p->w.on) {
        s->over += n;
        return;
    }
    s->pairs += n;
    s->more |= row_is(r[L_QUALIFIER], "gt") || row_is(r[L_QUALIFIER], "ge");
    if (row_is(r[L_DUTY], "extra")) s->extra += n;
    if (r[L_YEAR].type == VAL_INT) s->protocols += n;
    if (helper) map_put(&s->helpers, &helper, NULL);
    if (place) map_put(&s->places, &place, NULL);
}

static void level_row(struct pairs *p, const char *level, struct level_sum *s)
{
    struct app *a = p->app;
    const struct code *c = codes_find(a->model->codes, "pairing_level", level, strlen(level));
    table_row(p->t, (const char *[]){ level, c ? a->zh ? c->zh : c->en : "",
        arena_printf(a->arena, "%s%lld", s->more ? ">= " : "", (long long)s->pairs),
        cell_number(a, (int64_t)s->helpers.count), cell_number(a, (int64_t)s->places.count),
        cell_number(a, s->extra), cell_number(a, s->protocols), cell_number(a, s->over) });
    map_free(&s->helpers);
    map_free(&s->places);
}

static struct level_sum level_begin(void)
{
    struct level_sum s = { 0 };
    map_init(&s.helpers, sizeof(int64_t), 1);
    map_init(&s.places, sizeof(int64_t), 1);
    return s;
}

static bool levels(struct pairs *p, struct err *e)
{
    static const struct table_column cols[] = { { "level", "code", false },
        { "name", "level", false }, { "pairs", "pairings", true }, { "helpers", "helpers", true },
        { "places", "places", true }, { "extra", "beyond duty", true },
        { "protocols", "protocols", true }, { "over", "term over", true } };
    struct rows r, links;
    if (!read_rows(p, PAIRING_LEVELS, false, &r, e) || !read_rows(p, PAIRING_LINKS, true, &links, e))
        return false;
    p->t = table_begin(p->app, cols, COUNT(cols));
    for (int i = 0, end; i < r.n; i = end) {
        struct level_sum s = level_begin();
        for (end = i; end < r.n && val_equal(r.row[end][L_LEVEL], r.row[i][L_LEVEL]); end++)
            add_level(p, &s, r.row[end]);
        level_row(p, row_text(r.row[i][L_LEVEL]), &s);
    }
    int64_t n = 0;
    for (int i = 0; i < links.n; i++) n += row_int(links.row[i][0]);
    if (n && !p->w.place)
        table_row(p->t, (const char *[]){ "responsible", app_word(p->app, "helpers of households"),
            cell_number(p->app, n), "", "", "", "", "" });
    table_end(p->t);
    return true;
}

/* --- commitments --- */

static const char *amount_of(struct pairs *p, int64_t v, bool money)
{
    return money ? cell_scaled(p->app, v, 2) : cell_number(p->app, v);
}

static bool print_commitment(void *arg, const struct progress *g, struct err *e)
{
    static const char *const states[] = { "open", "kept", "overdue", "nothing recorded" };
    struct pairs *p = arg;
    struct app *a = p->app;
    const struct table_map *m = model_find(a->model, "agreement");
    (void)e;
    if (!watch_inside(&p->w, g->place)) return true;
    const char *agreement = g->agreement ? ref_text(a->model, m, g->agreement_county, g->agreement,
                                                    a->db, a->arena)
                                         : "";
    table_row(p->t, (const char *[]){ g->code, agreement, cell_org(a, g->helper),
        cell_place(a, g->place), cell_code(a, "commitment_kind", g->kind),
        cell_code(a, "duty", g->duty),
        g->known ? arena_printf(a->arena, "%s%s", cell_sign(g->qualifier),
                                amount_of(p, g->promised, g->money))
                 : app_word(a, "unknown"),
        arena_printf(a->arena, "%s%s", g->inexact ? "~ " : "", amount_of(p, g->kept, g->money)),
        g->money ? "yuan" : "",
        g->known && g->promised ? cell_permille(a, g->kept * 1000 / g->promised) : "",
        cell_number(a, g->records), cell_day(a, g->due), app_word(a, states[g->state]) });
    return true;
}

static bool commitments(struct pairs *p, struct err *e)
{
    static const struct table_column cols[] = { { "commitment", "commitment", false },
        { "agreement", "agreement", false }, { "helper", "helper", false },
        { "place", "place", false }, { "kind", "kind", false }, { "duty", "duty", false },
        { "promised", "promised", true }, { "kept", "done", true }, { "unit", "unit", false },
        { "share", "share", true }, { "records", "records", true }, { "due_on", "due by", false },
        { "state", "state", false } };
    p->t = table_begin(p->app, cols, COUNT(cols));
    bool ok = progress_read(p->app->db, p->w.on, p->app->arena, print_commitment, p, e);
    table_end(p->t);
    return ok;
}

/* --- coverage of listed units --- */

static bool print_cover(void *arg, const struct watch_cover *c, struct err *e)
{
    struct pairs *p = arg;
    struct app *a = p->app;
    (void)e;
    table_row(p->t, (const char *[]){ c->place ? cell_number(a, c->place) : "",
        c->place ? cell_place(a, c->place) : "", cell_number(a, c->units),
        cell_number(a, c->helped), cell_permille(a, c->units ? c->helped * 1000 / c->units : 0),
        cell_number(a, c->not_named) });
    return true;
}

static bool coverage(struct pairs *p, struct err *e)
{
    static const struct table_column cols[] = { { "place", "code", true },
        { "name", "place", false }, { "units", "listed units", true },
        { "helped", "with helper", true }, { "coverage", "share", true },
        { "not_named", "not named", true } };
    p->t = table_begin(p->app, cols, COUNT(cols));
    bool ok = watch_cover(&p->w, print_cover, p, e);
    table_end(p->t);
    return ok;
}

/* --- joint parties --- */

static const char *figure_of(struct pairs *p, const char *name, int64_t org, struct err *e)
{
    struct figure_value v = { 0 };
    const struct figure *f = figures_find(p->app->figures, name);
    struct figure_query q = { .name = name, .org = org, .from = DATE_MIN, .to = p->w.on };
    if (!f || !figure_read(&p->app->context, p->app->db, &scope_all, &q, &v, e)) return NULL;
    return app_number(p->app, figure_print(f, &v, p->app->arena));
}

static bool groups(struct pairs *p, struct err *e)
{
    static const struct table_column cols[] = { { "joint_party", "joint party", false },
        { "member", "member", false }, { "share", "share", true }, { "role", "role", false },
        { "money", "money together", true }, { "jobs", "jobs together", true },
        { "purchases", "purchases together", true } };
    struct rows r;
    if (!read_rows(p, PAIRING_GROUPS, false, &r, e)) return false;
    p->t = table_begin(p->app, cols, COUNT(cols));
    bool ok = true;
    for (int i = 0; ok && i < r.n; i++) {
        const struct val *v = r.row[i];
        bool first = i == 0 || !val_equal(r.row[i - 1][0], v[0]);
        const char *together[3] = { "", "", "" };
        static const char *const names[] = { "aid_allocated", "jobs", "purchases" };
        for (int k = 0; first && ok && k < 3; k++)
            ok = (together[k] = figure_of(p, names[k], row_int(v[0]), e)) != NULL;
        table_row(p->t, (const char *[]){ cell_org(p->app, row_int(v[0])),
            cell_org(p->app, row_int(v[1])),
            v[2].type == VAL_INT ? arena_printf(p->app->arena, "%s%%",
                                                cell_scaled(p->app, v[2].i, 2))
                                 : app_word(p->app, "unsplit"),
            row_text(v[3]), together[0], together[1], together[2] });
    }
    table_end(p->t);
    return ok;
}

/* --- effects of each agreement --- */

enum { E_AGREEMENT_CO, E_AGREEMENT, E_CODE, E_KIND, E_TITLE, E_PLACE, E_QUANTITY, E_QUALIFIER,
       E_MEASURE, E_UNIT, E_SEEN, E_SOURCE, E_LOOKED };

static bool effects(struct pairs *p, struct err *e)
{
    static const struct table_column cols[] = { { "agreement", "agreement", false },
        { "outcome", "outcome", false }, { "kind", "kind", false }, { "title", "what", false },
        { "place", "place", false }, { "quantity", "number", true }, { "measure", "how much", true },
        { "unit", "unit", false }, { "seen_on", "seen on", false },
        { "evidence", "evidence", false }, { "looked_on", "looked again", false } };
    const struct table_map *m = model_find(p->app->model, "agreement");
    const struct table_map *doc = model_find(p->app->model, "document");
    struct rows r;
    if (!read_rows(p, PAIRING_EFFECTS, true, &r, e)) return false;
    p->t = table_begin(p->app, cols, COUNT(cols));
    for (int i = 0; i < r.n; i++) {
        const struct val *v = r.row[i];
        struct app *a = p->app;
        if (!watch_inside(&p->w, row_int(v[E_PLACE]))) continue;
        table_row(p->t, (const char *[]){
            v[E_AGREEMENT].type == VAL_INT
                ? ref_text(a->model, m, row_int(v[E_AGREEMENT_CO]), v[E_AGREEMENT].i, a->db,
                           a->arena)
                : "",
            row_text(v[E_CODE]), cell_code(a, "outcome_kind", row_text(v[E_KIND])),
            row_text(v[E_TITLE]),
            cell_place(a, row_int(v[E_PLACE])),
            arena_printf(a->arena, "%s%lld", cell_sign(row_text(v[E_QUALIFIER])),
                         (long long)row_int(v[E_QUANTITY])),
            v[E_MEASURE].type == VAL_INT ? cell_scaled(a, v[E_MEASURE].i, 2) : "",
            row_text(v[E_UNIT]), cell_day(a, row_date(v[E_SEEN], DATE_MIN)),
            v[E_SOURCE].type == VAL_INT ? ref_text(a->model, doc, 0, v[E_SOURCE].i, a->db, a->arena)
                                        : app_word(a, "none"),
            cell_day(a, row_date(v[E_LOOKED], DATE_MIN)) });
    }
    table_end(p->t);
    return true;
}

/* --- the command --- */

enum { CHECK, INSIDE, LEVELS, COMMITMENTS, COVERAGE, GROUPS, EFFECTS };

static int run_pairing(struct app *app, void *options, const char *const *operand, int n,
                       struct err *e)
{
    static const char *const words[] = { "check", "frames", "levels", "commitments", "coverage",
                                         "groups", "effects" };
    const struct pairing_cli *o = options;
    struct pairs p = { .app = app };
    int what = app_choice("pairing", words, COUNT(words), operand, n, e);
    if (what < 0) return 2;
    if (!app_watch(app, o->as_of, o->place, &p.w, e)) return err_exit(e->code);
    bool ok = what == CHECK || what == INSIDE ? check(&p, what == INSIDE, e)
              : what == LEVELS                ? levels(&p, e)
              : what == COMMITMENTS           ? commitments(&p, e)
              : what == COVERAGE              ? coverage(&p, e)
              : what == GROUPS                ? groups(&p, e)
                                              : effects(&p, e);
    return !ok ? err_exit(e->code) : what == CHECK && p.faults ? 3 : 0;
}

static const struct option_row options[] = {
    { .name = "as-of", .type = OPTION_TEXT, .offset = offsetof(struct pairing_cli, as_of),
      .value = "DATE", .help = "the state on that day; today when absent" },
    { .name = "place", .letter = 'p', .type = OPTION_TEXT,
      .offset = offsetof(struct pairing_cli, place), .value = "PLACE",
      .help = "only inside that place" },
};

const struct command pairing_commands[] = {
    { .name = "pairing",
      .operands = "check | frames | levels | commitments | coverage | groups | effects",
      .help = "who may help where, pairings by level, commitments kept, joint parties, effects",
      .more = "A helper acts inside the frames above it: its own, else those of the nearest "
              "organisation above it,\nelse those of the government at its seat. An agreement "
              "outside them is refused when it is written.\n\n"
              "  pairing check         acts outside the frames, records that count against a "
              "commitment of another\n                        kind; exit status 3 when there are "
              "any\n"
              "  pairing frames        every act with the frame that it lies in\n"
              "  pairing levels        pairings in force at each level, beyond duty, protocols, "
              "terms over\n"
              "  pairing commitments   promised, done, share, due, state\n"
              "  pairing coverage      listed units of each county with a helper\n"
              "  pairing groups        joint parties, their members, and what they did together, "
              "unsplit\n"
              "  pairing effects       outcomes of each agreement, with evidence and the last look",
      .needs = NEEDS_STORE, .options = options, .n_options = COUNT(options),
      .options_size = sizeof(struct pairing_cli), .run = run_pairing },
};
const int pairing_command_count = COUNT(pairing_commands);
