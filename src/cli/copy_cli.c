/* Commands that make a second store of one: backup, restore, copy. */
#include "cli/cli.h"

#include "base/count.h"
#include "store/backup.h"

#include <unistd.h>

struct quiet_option { bool quiet; };

/* --- what is shown meanwhile --- */

struct bar { bool on_terminal, shown; int64_t last; };

static void show(void *arg, const char *what, int64_t done)
{
    struct bar *bar = arg;
    int64_t now = clock_ticks();
    if (!bar->on_terminal || now - bar->last < 100000000) return;
    bar->last = now;
    bar->shown = true;
    fprintf(stderr, "\r%s  %lld\033[K", what, (long long)done);
}

static void bar_end(struct bar *bar)
{
    if (bar->shown) fputs("\r\033[K", stderr);
    bar->shown = false;
}

/* --- parts of all three --- */

static bool is_url(const char *store)
{
    return strncmp(store, "postgres", 8) == 0 && strstr(store, "://");
}

/* The program itself with another store; app_close closes it. */
static struct app other_app(const struct app *app, const char *url)
{
    return (struct app){ .store_url = url, .format = app->format, .zh = app->zh,
                         .clock = app->clock, .rooms = app->rooms, .n_rooms = app->n_rooms,
                         .arena = app->arena };
}

/* All rows, and the proof that they are the original's. */
static bool copy_proved(struct copy *c, bool quiet, struct err *e)
{
    struct bar bar = { .on_terminal = !quiet && isatty(STDERR_FILENO) };
    struct progress p = { show, &bar };
    struct faults faults = app_faults_printed();
    bool ok = copy_rows(c, &p, e) && copy_prove(c, &p, &faults, e);
    bar_end(&bar);
    if (ok && faults.n)
        ok = err_set(e, ERR_CORRUPT, "the copy differs from the original in %lld places; it stays "
                     "marked incomplete", (long long)faults.n);
    return ok && copy_finish(c, e);
}

static void print_copied(const struct copy_report *r, const char *from, const char *to)
{
    printf("%s is in %s: %d tables, %lld rows, %lld counties, read back and equal", from, to,
           r->tables, (long long)r->rows, (long long)r->counties);
    if (r->kept) printf(" (%lld rows were there from an interrupted copy)", (long long)r->kept);
    putchar('\n');
    if (*r->left) printf("not copied, for this program does not know them: table %s\n", r->left);
}

/* Copies the store `from` holds; heads, when given, are kept for the caller. */
static bool copy_to(const struct app *from, const char *to, bool quiet, struct buf *heads,
                    bool *begun, struct err *e)
{
    const struct table *tables[APP_TABLES];
    struct copy *c;
    int n = app_tables(from, tables);
    *begun = copy_open(&c, from->store, to, tables, n, e);
    if (!*begun) return false;
    bool ok = copy_proved(c, quiet, e);
    struct copy_report r = copy_report(c);
    if (ok && !quiet) print_copied(&r, store_url(from->store), to);
    buf_str(heads, r.heads);
    copy_close(c);
    return ok;
}

/* --- copy --- */

struct copy_options { const char *from, *to; bool quiet; };

static int prove_copy(const struct app *app, const struct copy_options *o, const char *heads,
                      struct err *e)
{
    struct app copy = other_app(app, o->to);
    struct app_faults f;
    bool ok = app_open(&copy, NEEDS_STORE, e) && app_verify(&copy, heads, &f, e);
    app_close(&copy);
    if (!ok) return 1;
    if (!o->quiet || f.all) app_print_faults(&f);
    if (!f.all) return 0;
    puts("the copy equals its original: these faults are in both");
    return 3;
}

static int run_copy(struct app *app, void *options, const char *const *operand, int n,
                    struct err *e)
{
    const struct copy_options *o = options;
    struct buf heads;
    (void)operand;
    if (n || !o->to) return err_set(e, ERR_USAGE, "copy takes --from and --to, no operand"), 2;
    struct app from = other_app(app, o->from ? o->from : app->store_url);
    bool begun;
    buf_init(&heads, 1 << 20);
    bool ok = app_open(&from, NEEDS_STORE, e) &&
              copy_to(&from, o->to, o->quiet, &heads, &begun, e);
    app_close(&from);
    int status = ok ? prove_copy(app, o, heads.p, e) : err_exit(e->code);
    buf_free(&heads);
    return status;
}

static const struct option_row copy_options[] = {
    { .name = "from", .type = OPTION_TEXT, .offset = offsetof(struct copy_options, from),
      .value = "FILE|URL", .help = "the original; --store when absent" },
    { .name = "to", .type = OPTION_TEXT, .offset = offsetof(struct copy_options, to),
      .value = "FILE|URL", .help = "a file that is not there yet, or an empty database" },
    { .name = "quiet", .letter = 'q', .type = OPTION_FLAG,
      .offset = offsetof(struct copy_options, quiet), .help = "say only what is wrong" },
};

/* --- backup --- */

/* Written before the backup gets its name, so that no backup is without. */
static bool write_heads(const struct app *app, const char *file, const char *part,
                        const char *heads, struct err *e)
{
    unsigned char digest[DIGEST_LEN];
    char hex[DIGEST_HEX];
    if (!file_digest(part, digest, e)) return false;
    digest_hex(digest, DIGEST_LEN, hex);
    struct buf b;
    buf_init(&b, 2 << 20);
    buf_printf(&b, "# heads of the journal in this backup; keep a copy of them somewhere else\n"
               "# file %s\n%s", hex, heads);
    bool ok = text_place(arena_printf(app->arena, "%s.heads", file), b.p, b.n, e);
    buf_free(&b);
    return ok;
}

/* The pages of a SQLite file in one snapshot, and what its heads are in that snapshot. */
static bool take_pages(const struct app *app, const char *part, bool quiet, struct buf *heads,
                       struct err *e)
{
    struct bar bar = { .on_terminal = !quiet && isatty(STDERR_FILENO) };
    struct progress p = { show, &bar };
    bool ok = db_begin_read(app->db, e) && journal_heads(app->db, heads, e) &&
              backup_pages(app->db, part, &p, e);
    db_end_read(app->db);
    bar_end(&bar);
    return ok;
}

static bool prove_backup(const struct app *app, const char *part, const char *heads, struct err *e)
{
    struct store_options so = { .clock = app->clock, .read_only = true };
    struct store *s = NULL;
    struct db *d = NULL;
    struct faults faults = app_faults_printed();
    bool ok = store_open(&s, part, &so, e) && store_connect(s, DB_READ, &d, e) &&
              backup_prove(d, heads, &faults, e);
    db_close(d);
    store_close(s);
    return ok && (!faults.n || err_set(e, ERR_CORRUPT, "the backup has %lld faults and was not kept",
                                       (long long)faults.n));
}

/* A database comes into the file as a copy does, from where an earlier attempt left it. What is no
 * part of such an attempt, or is one that was whole and only lacked its name, is made anew. */
static bool take_copy(const struct app *app, const char *file, struct part_file *part,
                      struct buf *heads, bool *begun, struct err *e)
{
    bool ok = copy_to(app, part->part, true, heads, begun, e);
    if (!ok && !*begun && e->code == ERR_CONFLICT) {
        err_clear(e);
        part_file_close(part, true);
        ok = part_file_open(part, file, false, e) &&
             copy_to(app, part->part, true, heads, begun, e);
    }
    return ok && backup_settle(part->part, e);
}

static bool make_backup(struct app *app, const char *file, bool quiet, struct err *e)
{
    bool pages = store_engine(app->store) == ENGINE_SQLITE, resumable = false;
    struct part_file part;
    struct buf heads;
    buf_init(&heads, 1 << 20);
    bool ok = part_file_open(&part, file, !pages, e);
    if (ok && pages) ok = take_pages(app, part.part, quiet, &heads, e);
    else if (ok) ok = take_copy(app, file, &part, &heads, &resumable, e);
    ok = ok && prove_backup(app, part.part, heads.p, e) &&
         write_heads(app, file, part.part, heads.p, e) && part_file_place(&part, e);
    part_file_close(&part, !ok && !resumable);
    if (ok && !quiet)
        printf("%s is backed up in %s and proved; the heads of its journal are in %s.heads\n",
               store_url(app->store), file, file);
    buf_free(&heads);
    return ok;
}

static int run_backup(struct app *app, void *options, const char *const *operand, int n,
                      struct err *e)
{
    const struct quiet_option *o = options;
    if (n != 1) return err_set(e, ERR_USAGE, "backup takes the file to write"), 2;
    if (is_url(operand[0]))
        return err_set(e, ERR_USAGE, "a backup is a file; `jiedui copy` copies into a database"), 2;
    return make_backup(app, operand[0], o->quiet, e) ? 0 : err_exit(e->code);
}

static const struct option_row quiet_options[] = {
    { .name = "quiet", .letter = 'q', .type = OPTION_FLAG,
      .offset = offsetof(struct quiet_option, quiet), .help = "say only what is wrong" },
};

/* --- restore --- */

struct restore_options { const char *against; bool quiet; };

/* The heads given, or those beside the backup; *found is false when there are none. */
static bool read_heads(struct app *app, const char *file, const struct restore_options *o,
                       struct buf *b, bool *found, struct err *e)
{
    const char *beside = arena_printf(app->arena, "%s.heads", file);
    *found = o->against || access(beside, F_OK) == 0;
    return !*found || app_read_file(o->against ? o->against : beside, b, e);
}

/* The digest of all bytes that `backup` noted, against those that were read. */
static bool same_file(const char *heads, const unsigned char *digest, const char *file,
                      struct err *e)
{
    char hex[DIGEST_HEX];
    const char *line = strstr(heads, "# file ");
    digest_hex(digest, DIGEST_LEN, hex);
    if (!line || strncmp(line + 7, hex, sizeof hex - 1) == 0) return true;
    return err_set(e, ERR_CORRUPT, "%s is not the file that was backed up: its bytes were changed",
                   file);
}

static bool without_faults(int64_t faults, struct err *e)
{
    return !faults || err_set(e, ERR_CORRUPT, "the backup has %lld faults, and nothing was "
                              "restored", (long long)faults);
}

/* A backup of an earlier program has other tables: its chain is proved here, its rows after the
 * upgrade. */
static bool prove_earlier(const struct app *app, const char *url, const char *against,
                          struct err *e)
{
    struct store_options so = { .clock = app->clock, .read_only = true };
    struct store *s = NULL;
    struct db *d = NULL;
    struct faults faults = app_faults_printed();
    bool ok = store_open(&s, url, &so, e) && store_connect(s, DB_READ, &d, e) &&
              journal_verify(d, against, &faults, e);
    db_close(d);
    store_close(s);
    return ok && without_faults(faults.n, e);
}

static bool prove_restore(const struct app *app, const char *url, const char *against,
                          bool *earlier, struct err *e)
{
    struct app other = other_app(app, url);
    struct app_faults f = { 0 };
    bool open = app_open(&other, NEEDS_STORE, e), ok = open && app_verify(&other, against, &f, e);
    app_close(&other);
    *earlier = !open && (e->code == ERR_CONFLICT || e->code == ERR_INVALID);
    if (!*earlier) return ok && without_faults(f.all, e);
    err_clear(e);
    return prove_earlier(app, url, against, e);
}

static bool single_file(const struct app *app, const char *file, struct err *e)
{
    if (access(file, R_OK) != 0) return err_set(e, ERR_NOT_FOUND, "there is no backup %s", file);
    if (access(arena_printf(app->arena, "%s-wal", file), F_OK) != 0) return true;
    return err_set(e, ERR_CONFLICT, "%s is in use (%s-wal lies beside it): it is a store, which "
                   "`jiedui backup` or `jiedui copy` reads", file, file);
}

static bool restore_file(struct app *app, const char *file, const char *heads, bool quiet,
                         bool *earlier, struct err *e)
{
    struct bar bar = { .on_terminal = !quiet && isatty(STDERR_FILENO) };
    struct progress p = { show, &bar };
    unsigned char digest[DIGEST_LEN];
    struct part_file part;
    bool ok = part_file_open(&part, app->store_url, false, e) &&
              part_file_fill(&part, file, &p, digest, e) &&
              (!heads || same_file(heads, digest, file, e)) && backup_settle(part.part, e);
    bar_end(&bar);
    ok = ok && prove_restore(app, part.part, heads, earlier, e) && part_file_place(&part, e);
    part_file_close(&part, !ok);
    return ok;
}

static bool restore_database(struct app *app, const char *file, const char *heads, bool quiet,
                             struct err *e)
{
    unsigned char digest[DIGEST_LEN];
    struct buf own;
    bool earlier, begun;
    if (heads && !(file_digest(file, digest, e) && same_file(heads, digest, file, e))) return false;
    if (!prove_restore(app, file, heads, &earlier, e)) return false;
    if (earlier)
        return err_set(e, ERR_CONFLICT, "%s is of an earlier program: restore it into a file, "
                       "`jiedui upgrade` that, and `jiedui copy` it", file);
    struct app from = other_app(app, file);
    buf_init(&own, 1 << 20);
    bool ok = app_open(&from, NEEDS_STORE, e) &&
              copy_to(&from, app->store_url, quiet, &own, &begun, e);
    app_close(&from);
    buf_free(&own);
    return ok;
}

static int run_restore(struct app *app, void *options, const char *const *operand, int n,
                       struct err *e)
{
    const struct restore_options *o = options;
    struct buf heads;
    bool found = false, earlier = false;
    if (n != 1) return err_set(e, ERR_USAGE, "restore takes the backup; --store says where to"), 2;
    buf_init(&heads, 2 << 20);
    bool ok = single_file(app, operand[0], e) && read_heads(app, operand[0], o, &heads, &found, e);
    const char *against = found ? heads.p : NULL;
    if (ok && is_url(app->store_url))
        ok = restore_database(app, operand[0], against, o->quiet, e);
    else if (ok) ok = restore_file(app, operand[0], against, o->quiet, &earlier, e);
    buf_free(&heads);
    if (!ok) return err_exit(e->code);
    if (o->quiet) return 0;
    printf("%s is restored from %s; journal%s%s proved\n", app->store_url, operand[0],
           earlier ? "" : ", rows and figures", found ? ", held against the heads," : "");
    if (!found)
        puts("there were no heads to hold it against: entries cut off its end are not found");
    if (earlier)
        puts("it is of an earlier program: `jiedui upgrade` it, then `jiedui verify` its rows");
    return 0;
}

static const struct option_row restore_options[] = {
    { .name = "against", .type = OPTION_TEXT, .offset = offsetof(struct restore_options, against),
      .value = "HEADS", .help = "heads kept elsewhere; FILE.heads when absent and there" },
    { .name = "quiet", .letter = 'q', .type = OPTION_FLAG,
      .offset = offsetof(struct restore_options, quiet), .help = "say only what is wrong" },
};

static const char backup_more[] =
    "Writes FILE and FILE.heads, the heads of its journal; keep a copy of the heads elsewhere.\n"
    "FILE appears when it is whole, on disk and checked: its structure, and its heads against\n"
    "those of the moment it was taken. Nothing is overwritten. The backup of a PostgreSQL store\n"
    "is a SQLite file too, made as `jiedui copy` makes one: any Jiedui opens it with\n"
    "--store FILE, and the same command goes on with one that was interrupted.";

static const char restore_more[] =
    "The file's bytes, the journal (against FILE.heads, or --against), every row and every cell\n"
    "are proved first; a backup with a fault is not restored, and what is wrong is printed.\n"
    "--store is a file that is not there yet, or an empty PostgreSQL database.";

static const char copy_more[] =
    "    jiedui copy --from jiedui.db --to postgresql://host/jiedui\n\n"
    "Reads one snapshot, so others may go on writing, but what they write after its beginning\n"
    "is not in the copy. Everything is taken as it is, with the journal and its heads: heads\n"
    "kept from the original hold for the copy. Then the copy is read back and compared, table\n"
    "by table and county by county, and proved as `jiedui verify` does.\n"
    "An interrupted copy says that it is incomplete when it is opened, and the same command\n"
    "goes on with it. From then on the two stores are on their own: write to one of them.";

const struct command copy_commands[] = {
    { .name = "backup", .operands = "FILE", .more = backup_more,
      .help = "the whole store into one file, while others go on writing",
      .needs = NEEDS_STORE, .options = quiet_options, .n_options = COUNT(quiet_options),
      .options_size = sizeof(struct quiet_option), .run = run_backup },
    { .name = "restore", .operands = "FILE", .more = restore_more,
      .help = "proves a backup and makes it the store that --store names",
      .needs = NEEDS_NOTHING, .options = restore_options, .n_options = COUNT(restore_options),
      .options_size = sizeof(struct restore_options), .run = run_restore },
    { .name = "copy", .more = copy_more,
      .help = "a store into another, of either engine, with a proof that nothing changed",
      .needs = NEEDS_NOTHING, .options = copy_options, .n_options = COUNT(copy_options),
      .options_size = sizeof(struct copy_options), .run = run_copy },
};
const int copy_command_count = COUNT(copy_commands);
