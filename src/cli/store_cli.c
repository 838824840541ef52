/* Commands about the store as a whole: init, verify. */
#include "cli/account.h"
#include "cli/cli.h"

#include "base/count.h"
#include "base/csv.h"
#include "cli/asset.h"
#include "cli/rooms.h"
#include "cli/shipped.h"
#include "entity/load.h"
#include "programme/access/demo.h"
#include "programme/sides/sides.h"
#include "store/journal.h"
#include "store/schema.h"

#include <errno.h>
#include <unistd.h>

struct init_options { const char *places, *codes, *figures, *admin, *password_file; bool quiet, demo; };

static void say(const struct init_options *o, const char *what)
{
    if (!o->quiet) fprintf(stderr, "%s\n", what);
}

bool app_read_file(const char *path, struct buf *b, struct err *e)
{
    FILE *f = fopen(path, "rb");
    if (!f) return err_set(e, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
    char chunk[65536];
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, f)) > 0;) buf_add(b, chunk, n);
    bool ok = !ferror(f) && !b->over;
    fclose(f);
    return ok || err_set(e, ERR_INVALID, "%s: cannot be read, or is too large", path);
}

bool app_file_open(struct app *app, const char *path, struct app_file *out, struct err *e)
{
    *out = (struct app_file){ .path = path, .part = arena_printf(app->arena, "%s.part", path) };
    out->f = fopen(out->part, "wb");
    return out->f || err_set(e, ERR_INVALID, "%s: %s", out->part, strerror(errno));
}

bool app_file_close(struct app_file *x, bool ok, struct err *e)
{
    if (ok && (fflush(x->f) != 0 || ferror(x->f) || fsync(fileno(x->f)) != 0))
        ok = err_set(e, ERR_FULL, "%s: %s", x->part, strerror(errno));
    if (fclose(x->f) != 0 && ok) ok = err_set(e, ERR_FULL, "%s: %s", x->part, strerror(errno));
    if (ok && rename(x->part, x->path) != 0)
        ok = err_set(e, ERR_INVALID, "%s: %s", x->path, strerror(errno));
    if (!ok) remove(x->part);
    return ok;
}

struct code_rows { struct app *app; const char *csv; size_t n; bool missing_only; };

static bool has_code(struct tx *tx, const struct table_map *m, const struct val *row, bool *has,
                     struct err *e)
{
    const struct val key[] = { val_int(0), row[m->column[0]], row[m->column[1]] };
    int64_t id;
    return db_int(tx_db(tx), &m->stmts[ENTITY_BY_KEY], key, 3, &id, has, e);
}

/* The shipped code lists become rows of code_item, where an office changes them afterwards. */
static bool put_codes(struct tx *tx, void *arg, struct err *e)
{
    const struct code_rows *c = arg;
    const struct table_map *m = model_find(c->app->model, "code_item");
    struct csv_memory memory = { c->csv, c->n };
    struct csv *csv = csv_open(csv_from_memory(&memory), NULL);
    const struct csv_field *f;
    int n;
    bool ok = csv_next(csv, &f, &n, e) == CSV_ROW;
    while (ok) {
        enum csv_result r = csv_next(csv, &f, &n, e);
        if (r == CSV_END) break;
        if (r != CSV_ROW || n < 5) {
            ok = err_set(e, ERR_INVALID, "code lists, line %lld: five columns are needed",
                         (long long)csv_line(csv));
            break;
        }
        struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
        for (int i = 0; i < 5; i++)
            row[m->column[i]] = f[i].n ? val_textn(f[i].p, f[i].n) : val_null();
        row[ROW_DRAFT] = val_int(0);
        row[ROW_LOAD] = val_int(0);
        bool has = false;
        ok = (!c->missing_only || has_code(tx, m, row, &has, e)) &&
             (has || row_insert(tx, c->app->model, m, row, e));
    }
    csv_close(csv);
    return ok;
}

static bool install_codes(struct app *app, const struct init_options *o, struct err *e)
{
    struct buf b;
    buf_init(&b, (size_t)16 << 20);
    struct asset shipped;
    struct code_rows c = { .app = app };
    bool ok = true;
    if (o->codes) {
        ok = app_read_file(o->codes, &b, e);
        c.csv = b.p;
        c.n = b.n;
    } else {
        ok = asset_find("data/codelists.csv", &shipped);
        c.csv = shipped.p;
        c.n = shipped.n;
    }
    ok = ok && store_write(app->store, put_codes, &c, e);
    buf_free(&b);
    return ok;
}

static bool install_figures(struct app *app, struct err *e)
{
    struct figure_source src[256];
    int n = 0;
    for (int i = 0; i < asset_count() && n < COUNT(src); i++) {
        struct asset a = asset_at(i);
        if (strncmp(a.name, "figures/", 8) == 0)
            src[n++] = (struct figure_source){ a.name, a.p, a.n };
    }
    return figures_install(app->store, app->model, src, n, e);
}

static struct place_file place_asset(const char *name)
{
    struct asset a;
    return asset_find(name, &a) ? (struct place_file){ a.p, a.n } : (struct place_file){ NULL, 0 };
}

static bool install_places(struct app *app, const struct init_options *o, struct err *e)
{
    if (o->places && strcmp(o->places, "none") == 0) return true;
    struct place_files f = { .places = place_asset("data/places.csv.gz"),
        .retired = place_asset("data/places_retired.csv"),
        .centroids = place_asset("data/county_centroids.csv"),
        .aliases = place_asset("data/place_aliases.csv") };
    if (!o->places) return place_install(app->store, app->model, &f, e);
    struct buf b;
    buf_init(&b, (size_t)256 << 20);
    bool ok = app_read_file(o->places, &b, e);
    f = (struct place_files){ .places = { b.p, b.n } };
    ok = ok && place_install(app->store, app->model, &f, e);
    buf_free(&b);
    return ok;
}

static bool fill_store(struct app *app, const struct init_options *o, struct err *e)
{
    struct store_options so = { .clock = app->clock, .create = true };
    if (!store_open(&app->store, app->store_url, &so, e)) return false;
    say(o, "making the tables");
    if (!app_make_tables(app, e)) return false;
    /* The row key is made with the schema: open again to have it. */
    store_close(app->store);
    app->store = NULL;
    so.create = false;
    if (!store_open(&app->store, app->store_url, &so, e) ||
        !store_connect(app->store, DB_READ, &app->db, e))
        return false;
    say(o, "code lists");
    if (!install_codes(app, o, e)) return false;
    say(o, "figure definitions");
    if (!install_figures(app, e)) return false;
    say(o, "gazetteer");
    if (!install_places(app, o, e)) return false;
    int added;
    say(o, "rules of money");
    return app_ship_rules(app, &added, e);
}

/* A store that was not finished would stand in the way of the next attempt. */
static void remove_half_made(struct app *app)
{
    static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
    db_close(app->db);
    store_close(app->store);
    app->db = NULL;
    app->store = NULL;
    for (int i = 0; i < COUNT(ends); i++)
        remove(arena_printf(app->arena, "%s%s", app->store_url, ends[i]));
}

static bool mark_demo(struct tx *tx, void *arg, struct err *e)
{
    (void)arg;
    return demo_mark(tx, e);
}

static bool first_account(struct app *app, const struct init_options *o, bool *made, struct err *e)
{
    if (o->demo && !store_write(app->store, mark_demo, NULL, e)) return false;
    return app_first_account(app, o->admin ? o->admin : "admin", o->password_file, o->demo, made, e);
}

static int run_init(struct app *app, void *options, const char *const *operand, int n,
                    struct err *e)
{
    const struct init_options *o = options;
    (void)operand;
    if (n) return err_set(e, ERR_USAGE, "init takes no operand"), 2;
    bool file = strncmp(app->store_url, "postgres", 8) != 0 &&
                strncmp(app->store_url, "sqlite:", 7) != 0;
    if (file && access(app->store_url, F_OK) == 0)
        return err_set(e, ERR_CONFLICT, "%s is already there", app->store_url), 1;
    bool made = false;
    if (!fill_store(app, o, e) || !first_account(app, o, &made, e)) {
        if (file) remove_half_made(app);
        return err_exit(e->code);
    }
    if (!made && !o->demo)
        say(o, "no administrator was made: no terminal to ask the password at, and no --admin-password-file; "
            "`jiedui serve` opens a page for it, `jiedui account add` makes one");
    if (!o->quiet) fprintf(stderr, "%s is ready\n", store_url(app->store));
    return 0;
}

static const struct option_row init_options[] = {
    { .name = "places", .type = OPTION_TEXT, .offset = offsetof(struct init_options, places),
      .value = "FILE|none", .help = "another gazetteer (gzip CSV: code,name), or none" },
    { .name = "codes", .type = OPTION_TEXT, .offset = offsetof(struct init_options, codes),
      .value = "FILE", .help = "other code lists (CSV: list,code,name_zh,name_en,source)" },
    { .name = "admin", .type = OPTION_TEXT, .offset = offsetof(struct init_options, admin),
      .value = "NAME", .help = "sign-in name of the first administrator; admin when absent" },
    { .name = "admin-password-file", .type = OPTION_TEXT,
      .offset = offsetof(struct init_options, password_file), .value = "FILE",
      .help = "its first line is the administrator's password; asked at the terminal when absent" },
    { .name = "demo", .type = OPTION_FLAG, .offset = offsetof(struct init_options, demo),
      .help = "a demo store: `serve --demo` gives it accounts whose password everybody knows" },
    { .name = "quiet", .letter = 'q', .type = OPTION_FLAG,
      .offset = offsetof(struct init_options, quiet), .help = "say nothing while working" },
};

/* Code lists of this program whose list or code the store does not have. */
static bool put_new_codes(struct tx *tx, void *arg, struct err *e)
{
    struct code_rows *c = arg;
    c->missing_only = true;
    return put_codes(tx, c, e);
}

#define RECOPIED 5000 /* rows a transaction */

struct recopying { struct app *app; int64_t n; };

static bool recopy(struct tx *tx, void *arg, struct err *e)
{
    struct recopying *r = arg;
    return rows_recopy(tx, r->app->model, RECOPIED, &r->n, e);
}

/* Rows written before a field was copied get it; the figures follow. */
static bool recopy_all(struct app *app, struct err *e)
{
    struct recopying r = { app, RECOPIED };
    if (!figures_from_store(&app->figures, app->db, app->model, e)) return false;
    figures_observe(app->figures, app->model);
    while (r.n == RECOPIED)
        if (!store_write(app->store, recopy, &r, e)) return false;
    return true;
}

static int run_upgrade(struct app *app, void *options, const char *const *operand, int n,
                       struct err *e)
{
    struct asset shipped;
    struct code_rows c = { .app = app };
    struct store_options so = { .clock = app->clock };
    (void)options;
    (void)operand;
    if (n) return err_set(e, ERR_USAGE, "upgrade takes no operand"), 2;
    if (!store_open(&app->store, app->store_url, &so, e) || !app_make_tables(app, e) ||
        !store_connect(app->store, DB_READ, &app->db, e) ||
        !asset_find("data/codelists.csv", &shipped))
        return 1;
    c.csv = shipped.p;
    c.n = shipped.n;
    int rules;
    if (!store_write(app->store, put_new_codes, &c, e) || !recopy_all(app, e) ||
        !app_ship_rules(app, &rules, e))
        return 1;
    if (rules) printf("%d rules of money and their documents are new: `jiedui money rules` lists them\n", rules);
    printf("%s has everything this program declares; figures stay as they are "
           "(`jiedui figures install` changes them)\n", store_url(app->store));
    return 0;
}

struct verify_options { const char *against, *release, *key; bool heads; };

static void print_fault(void *arg, const char *sentence)
{
    (void)arg;
    puts(sentence);
}

struct faults app_faults_printed(void)
{
    return (struct faults){ .fn = print_fault };
}

static int print_heads(struct app *app, struct err *e)
{
    struct buf b;
    buf_init(&b, 1 << 20);
    bool ok = journal_heads(app->db, &b, e);
    if (ok) fwrite(b.p, 1, b.n, stdout);
    buf_free(&b);
    return ok ? 0 : 1;
}

static bool verify_rooms(struct app *app, struct faults *f, struct err *e)
{
    if (!sides_verify(app->model, app->db, f, e)) return false;
    for (int i = 0; i < app->n_rooms; i++)
        if (app->rooms[i]->verify && !app->rooms[i]->verify(app->db, f, e)) return false;
    return true;
}

bool app_verify(struct app *app, const char *against, struct app_faults *out, struct err *e)
{
    struct faults journal = app_faults_printed(), rows = journal, cells = journal, rooms = journal;
    bool ok = db_begin_read(app->db, e);
    ok = ok && journal_verify(app->db, against, &journal, e) &&
         entity_verify(app->model, app->db, &rows, e) &&
         figures_verify(&app->context, app->db, &cells, e) && verify_rooms(app, &rooms, e);
    db_end_read(app->db);
    *out = (struct app_faults){ journal.n, rows.n, cells.n, rooms.n,
                                journal.n + rows.n + cells.n + rooms.n };
    return ok;
}

void app_print_faults(const struct app_faults *f)
{
    printf("journal: %lld faults; rows: %lld faults; figures: %lld faults; places and ledger: %lld faults\n",
           (long long)f->journal, (long long)f->rows, (long long)f->cells, (long long)f->rooms);
}

static int run_verify(struct app *app, void *options, const char *const *operand, int n,
                      struct err *e)
{
    const struct verify_options *o = options;
    (void)operand;
    if (n) return err_set(e, ERR_USAGE, "verify takes no operand"), 2;
    if (o->release) return release_verify(app, o->release, o->key, e);
    if (!app_open(app, NEEDS_STORE, e)) return err_exit(e->code);
    if (o->heads) return print_heads(app, e);
    struct buf heads;
    struct app_faults f;
    buf_init(&heads, 1 << 20);
    bool ok = (!o->against || app_read_file(o->against, &heads, e)) &&
              app_verify(app, o->against ? heads.p : NULL, &f, e);
    buf_free(&heads);
    if (!ok) return 1;
    app_print_faults(&f);
    return f.all ? 3 : 0;
}

static const struct option_row verify_options[] = {
    { .name = "against", .type = OPTION_TEXT, .offset = offsetof(struct verify_options, against),
      .value = "HEADS", .help = "a file of chain heads kept elsewhere: finds a cut tail" },
    { .name = "release", .letter = 'r', .type = OPTION_TEXT,
      .offset = offsetof(struct verify_options, release), .value = "FILE",
      .help = "proves the file of a release; with --store its figures are computed again" },
    { .name = "key", .type = OPTION_TEXT, .offset = offsetof(struct verify_options, key),
      .value = "HEX", .help = "the public key that the release must be signed with" },
    { .name = "heads", .type = OPTION_FLAG, .offset = offsetof(struct verify_options, heads),
      .help = "only prints today's chain heads, to be kept elsewhere" },
};

const struct command store_commands[] = {
    { .name = "init",
      .help = "makes the store: tables, code lists, figure definitions, gazetteer, the first administrator",
      .more = "The store is named by --store. A PostgreSQL database must exist and be empty. The password\n"
              "of the administrator is asked at the terminal, or read from --admin-password-file.",
      .needs = NEEDS_MODEL,
      .options = init_options,
      .n_options = COUNT(init_options),
      .options_size = sizeof(struct init_options),
      .run = run_init },
    { .name = "upgrade",
      .help = "gives a store of an earlier program the tables, columns and codes of this one",
      .more = "It only adds; the digests of the rows stay as they are. Back up first all the same.",
      .needs = NEEDS_MODEL,
      .run = run_upgrade },
    { .name = "verify",
      .help = "proves the store: journal chain, every row's digest, every cell, the ledger",
      .more = "Each fault is one line that names the table, county and id, or the journal entry.\n"
              "Keep `jiedui verify --heads > HEADS` somewhere else; --against HEADS then finds\n"
              "entries that were cut off the end.\n"
              "\n"
              "--release FILE needs no store: it proves that no line of a release was changed or is\n"
              "missing, that the parts, terms and ratios of every figure add up, and the signature.\n"
              "With --store it also computes every figure again, from the records of that instant.",
      .needs = NEEDS_NOTHING,
      .options = verify_options,
      .n_options = COUNT(verify_options),
      .options_size = sizeof(struct verify_options),
      .run = run_verify },
};
const int store_command_count = COUNT(store_commands);
