/* jiedui boundaries: outlines for the maps, from the operator's own GeoJSON or TopoJSON. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/csv.h"
#include "cli/rooms.h"
#include "entity/load.h"
#include "programme/place/boundary.h"

struct boundary_cli { const char *approval, *origin, *property; };
struct making { const struct boundary_cli *o; struct buf csv; int64_t n; };

static void cell(struct buf *b, const char *s, size_t n, bool first)
{
    csv_add(b, s, n, first, false);
}

static bool take(void *arg, int64_t code, const char *shape, size_t n, struct err *e)
{
    struct making *m = arg;
    char place[24];
    (void)e;
    int len = snprintf(place, sizeof place, "%012lld", (long long)code);
    cell(&m->csv, place, (size_t)len, true);
    cell(&m->csv, m->o->approval, strlen(m->o->approval), false);
    cell(&m->csv, m->o->origin, strlen(m->o->origin), false);
    cell(&m->csv, shape, n, false);
    csv_end_row(&m->csv);
    m->n++;
    return true;
}

static bool convert(const char *path, struct making *m, struct err *e)
{
    struct arena a = { .cap = (size_t)8 << 30 };
    struct buf text;
    struct json *file = NULL;
    buf_init(&text, (size_t)1 << 30);
    buf_str(&m->csv, "place,approval,origin,shape\n");
    bool ok = app_read_file(path, &text, e) && json_parse(&file, text.p, text.n, &a, e) &&
              boundary_features(file, m->o->property, take, m, e);
    arena_free(&a);
    buf_free(&text);
    return ok ? ok : err_context(e, "%s", path);
}

static bool write_file(const char *path, const struct buf *b, struct err *e)
{
    FILE *f = fopen(path, "w");
    bool ok = f && fwrite(b->p, 1, b->n, f) == b->n;
    if (f && fclose(f) != 0) ok = false;
    return ok || err_set(e, ERR_FULL, "%s: %s", path, strerror(errno));
}

/* The rows go the way of every other file, so that a load can be undone and doing it again changes nothing. */
static bool load(struct app *app, const struct making *m, int64_t *refused, struct err *e)
{
    const char *tmp = getenv("TMPDIR");
    char *dir = arena_printf(app->arena, "%s/jiedui-XXXXXX", tmp && *tmp ? tmp : "/tmp");
    if (!mkdtemp(dir)) return err_set(e, ERR_FULL, "%s: %s", dir, strerror(errno));
    const char *path = arena_printf(app->arena, "%s/boundary.csv", dir);
    struct load_options o = { .entity = "boundary", .all_or_nothing = true };
    struct load_report r = { 0 };
    bool ok = write_file(path, &m->csv, e) && load_paths(app->model, app->store, &path, 1, &o, &r, e);
    *refused = ok && r.n ? r.files[0].refused : 0;
    if (ok && r.n && !*refused)
        printf("%lld outlines: %lld new, %lld changed, %lld as they were%s%s\n", (long long)m->n,
               (long long)r.files[0].inserted, (long long)r.files[0].changed, (long long)r.files[0].unchanged,
               r.number ? "; take them back with jiedui load --undo " : "",
               r.number ? arena_printf(app->arena, "%lld", (long long)r.number) : "");
    if (*refused) {
        struct buf why;
        buf_init(&why, 1 << 20);
        if (r.files[0].refused_path && app_read_file(r.files[0].refused_path, &why, e))
            fprintf(stderr, "%lld outlines name no place of the gazetteer; nothing was loaded\n", (long long)*refused);
        buf_free(&why);
    }
    if (r.n && r.files[0].refused_path) unlink(r.files[0].refused_path);
    unlink(path);
    rmdir(dir);
    load_report_free(&r);
    return ok;
}

static int run_boundaries(struct app *app, void *options, const char *const *operand, int n, struct err *e)
{
    struct boundary_cli *o = options;
    struct making m = { .o = o };
    int64_t refused = 0;
    if (n != 1) return err_set(e, ERR_USAGE, "which file?"), 2;
    if (!o->approval || !o->origin)
        return err_set(e, ERR_USAGE, "--approval and --origin are printed under every map: both are needed"), 2;
    buf_init(&m.csv, (size_t)1 << 30);
    bool ok = convert(operand[0], &m, e) && load(app, &m, &refused, e);
    buf_free(&m.csv);
    return !ok ? err_exit(e->code) : refused ? 3 : 0;
}

#define AT(field) offsetof(struct boundary_cli, field)
static const struct option_row boundary_options[] = {
    { .name = "approval", .type = OPTION_TEXT, .offset = AT(approval), .value = "NUMBER",
      .help = "the map's approval number" },
    { .name = "origin", .type = OPTION_TEXT, .offset = AT(origin), .value = "TEXT",
      .help = "who made the map, and when" },
    { .name = "property", .type = OPTION_TEXT, .offset = AT(property), .value = "NAME",
      .help = "the features' property that holds the place code; adcode, code, id or gb when absent" },
};

const struct command boundary_commands[] = {
    { .name = "boundaries", .operands = "FILE", .help = "outlines of places for the maps: GeoJSON or TopoJSON",
      .more = "No borders are shipped. An office loads those of an approved map; its approval number and origin\n"
              "are printed under every map that is drawn with them. Rows of boundary: list, export, undo as any.",
      .needs = NEEDS_WRITE, .options = boundary_options,
      .n_options = sizeof boundary_options / sizeof *boundary_options,
      .options_size = sizeof(struct boundary_cli), .run = run_boundaries },
};
const int boundary_command_count = sizeof boundary_commands / sizeof *boundary_commands;
