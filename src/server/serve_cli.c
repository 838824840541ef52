/* jiedui serve: what the server needs, opened; and the wait for the signal that ends it. */
#include "server/inner.h"

#include <signal.h>

#include "base/count.h"
#include "base/log.h"
#include "cli/asset.h"
#include "cli/cli.h"
#include "pages/pages.h"
#include "programme/access/access.h"
#include "programme/access/demo.h"
#include "programme/job/job.h"
#include "programme/money/deliver.h"

#define WARM_PLACE INT64_C(110000000000)

struct serve_options { const char *listen, *tls_cert, *tls_key, *proxy, *files; bool open, quiet, demo;
                       int64_t workers; };
struct serving { const struct app *app; const struct site *site; struct gate *gate; struct writer *writer;
                 struct jobs *jobs; struct deliverer *deliverer; };

/* One worker's own: the model with places that this thread alone remembers. */
struct own { struct place_book *book; struct places places; struct model model; struct who_cache *who; };

static void close_seat(struct seat *s, void *own)
{
    struct own *o = own;
    db_close(s->db);
    db_close(s->rows);
    if (o->book) place_book_close(o->book);
    who_cache_close(o->who);
    free(o);
}

static bool open_seat(void *arg, struct seat *out, void **own, struct err *e)
{
    const struct serving *serving = arg;
    const struct app *app = serving->app;
    struct own *o = mem_alloc(sizeof *o);
    *out = (struct seat){ .site = serving->site, .gate = serving->gate, .writer = serving->writer,
                          .jobs = serving->jobs };
    bool ok = place_book_open(&o->book, e) &&
              store_connect(app->store, DB_READ, &out->db, e) &&
              store_connect(app->store, DB_READ, &out->rows, e);
    if (!ok) {
        close_seat(out, o);
        return false;
    }
    o->who = who_cache_open();
    o->places = place_book_places(o->book);
    o->model = *app->model;
    o->model.places = &o->places;
    out->model = &o->model;
    /* What the book remembers of old codes is read now, so that nobody's first page waits for it. */
    struct place_range range[64];
    struct err none;
    int n = 0;
    if (!o->places.ranges(o->places.arg, out->db, WARM_PLACE, range, 64, &n, &none))
        log_line(LOG_NOTE, "no_gazetteer", "reason=\"%s\"", none.message);
    out->context = app->context;
    out->context.model = &o->model;
    *own = o;
    return true;
}

static bool identify(void *own, struct request *q, const char *bearer, const char *heads, struct err *e)
{
    return who_is(((struct own *)own)->who, q, bearer, heads, e);
}

static const struct { const char *file, *name, *type; } asset_types[] = {
    { "assets/jiedui.css", "jiedui.css", "text/css; charset=utf-8" },
    { "assets/print.css", "print.css", "text/css; charset=utf-8" },
    { "assets/jiedui.js", "jiedui.js", "text/javascript; charset=utf-8" },
    { "assets/outbox.js", "outbox.js", "text/javascript; charset=utf-8" },
    { "assets/sw.js", "sw.js", "text/javascript; charset=utf-8" },
    { "assets/jiedui.webmanifest", "jiedui.webmanifest", "application/manifest+json" },
    { "assets/icon.svg", "icon.svg", "image/svg+xml" },
    { "assets/icon.png", "icon.png", "image/png" },
};

static bool find_assets(struct asset_page *out, struct err *e)
{
    for (int i = 0; i < COUNT(asset_types); i++) {
        struct asset a;
        if (!asset_find(asset_types[i].file, &a))
            return err_set(e, ERR_INTERNAL, "%s is not built in", asset_types[i].file);
        out[i] = (struct asset_page){ asset_types[i].name, asset_types[i].type, a.p, a.n };
    }
    return true;
}

static const char *figures_version(const struct app *app)
{
    struct digest d;
    unsigned char out[DIGEST_LEN];
    char hex[DIGEST_HEX];
    digest_init(&d);
    for (int i = 0; i < figures_count(app->figures); i++)
        digest_add(&d, figures_at(app->figures, i)->digest, DIGEST_LEN);
    digest_done(&d, out);
    digest_hex(out, DIGEST_LEN, hex);
    return arena_printf(app->arena, "%.12s", hex);
}

static int wait_for_signal(void)
{
    sigset_t set;
    int got = 0;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigwait(&set, &got);
    return got;
}

/* Threads inherit the mask, so the signals reach sigwait alone. */
static void hold_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static void announce(const char *address, int port, const struct serve_options *o,
                     const struct gate *gate)
{
    bool v6 = strchr(address, ':');
    const char *scheme = o->tls_cert ? "https" : "http";
    char site[160];
    snprintf(site, sizeof site, "%s://%s%s%s:%d", scheme, v6 ? "[" : "", address, v6 ? "]" : "", port);
    printf("Jiedui serves %s/  (%s; Ctrl-C stops)\n", site,
           o->open ? "open to the public; who signs in sees their own area" : "for who signs in");
    if (*gate->first_run)
        printf("There is no account yet. Make the first administrator at\n  %s/en/set-up?token=%s\n", site,
               gate->first_run);
    if (o->demo) demo_announce();
    fflush(stdout);
}

static bool read_pem(struct app *app, const char *path, const char **out, struct err *e)
{
    struct buf b;
    *out = NULL;
    if (!path) return true;
    buf_init(&b, 1 << 20);
    bool ok = app_read_file(path, &b, e);
    if (ok) *out = arena_strndup(app->arena, b.p, b.n);
    buf_free(&b);
    return ok;
}

/* Passwords go over this machine or over TLS alone. */
static bool listen_fits(const struct serve_options *o, const char *address, struct err *e)
{
    if (!o->tls_cert != !o->tls_key)
        return err_set(e, ERR_USAGE, "--tls-cert and --tls-key go together");
    if (o->workers < 0 || o->workers > 256) return err_set(e, ERR_USAGE, "--workers is 0 to 256");
    if (o->open || o->tls_cert || o->proxy || listen_loopback(address)) return true;
    return err_set(e, ERR_USAGE, "%s is open to others, and passwords would go there in the clear: give "
                   "--tls-cert and --tls-key, or put a proxy before it and give --proxy, or --public to "
                   "show what anybody may see", address);
}

static bool open_gate(struct app *app, const struct serve_options *o, struct gate *gate, struct err *e)
{
    bool any = false, demo = false;
    if (!gate_make(gate, (int)o->workers, e) || !accounts_any(app->db, &any, e) ||
        !demo_store(app->db, &demo, e))
        return false;
    if (o->demo != demo)
        return err_set(e, ERR_USAGE, demo ? "this is a demo store, whose passwords are known to everybody: "
                       "serve it with --demo" : "--demo is for a store made by `jiedui init --demo`");
    gate->public = o->open;
    gate->demo = demo;
    gate->proxied_tls = o->proxy || o->tls_cert;
    if (demo) return demo_accounts(app->store, app->model, e);
    if (!any) secret_make(gate->first_run);
    return true;
}

/* Beside the store; of a database elsewhere, in the folder where the command was given. */
static const char *files_dir(struct app *app)
{
    const char *beside = jobs_dir_beside(app->store, app->arena);
    return beside ? beside : "jiedui.files";
}

static bool start_and_wait(struct app *app, const struct serve_options *o, struct server_options *so,
                           struct gate *gate, struct err *e)
{
    struct server *s;
    struct site site = { .version = JD_VERSION, .figures_version = figures_version(app),
                         .zone = store_zone(app->store), .demo = o->demo };
    struct serving serving = { .app = app, .site = &site, .gate = gate };
    so->site = &site;
    so->seat_arg = &serving;
    hold_signals();
    if (!writer_open(&serving.writer, app->store, e)) return false;
    const struct jobs_options jo = { .dir = o->files ? o->files : files_dir(app), .kinds = page_job_kinds,
        .n_kinds = page_job_kind_count, .store = app->store, .writer = serving.writer, .seat_open = open_seat,
        .seat_close = close_seat, .seat_arg = &serving };
    if (!jobs_open(&serving.jobs, &jo, e) || !deliverer_open(&serving.deliverer, app->store, e) ||
        !(so->upload_dir = jobs_dir(serving.jobs), server_start(&s, so, e))) {
        deliverer_close(serving.deliverer);
        jobs_close(serving.jobs);
        writer_close(serving.writer);
        return false;
    }
    announce(so->address, server_port(s), o, gate);
    int got = wait_for_signal();
    log_line(LOG_NOTE, "stopping", "signal=%d", got);
    server_stop(s);
    deliverer_close(serving.deliverer);
    jobs_close(serving.jobs);
    writer_close(serving.writer);
    return true;
}

static int run_serve(struct app *app, void *options, const char *const *operand, int n, struct err *e)
{
    const struct serve_options *o = options;
    static const struct scope nothing = { .role = ROLE_NONE };
    static const struct user nobody = { .login = "", .name = "", .csrf = "", .scope = &nothing };
    char address[64];
    struct asset_page assets[COUNT(asset_types)];
    struct gate gate;
    struct server_options so = { .address = address, .next_port = !o->listen,
        .any_host = o->open || o->proxy || o->tls_cert, .identify = identify, .visitor = &nobody,
        .cookie = session_cookie_name(o->proxy || o->tls_cert), .proxy = o->proxy,
        .workers = (int)o->workers, .quiet = o->quiet, .clock = app->clock, .routes = page_routes,
        .n_routes = page_route_count, .assets = assets, .n_assets = COUNT(assets),
        .seat_open = open_seat, .seat_close = close_seat };
    (void)operand;
    if (n) return err_set(e, ERR_USAGE, "serve takes no operand"), 2;
    if (!listen_parse(o->listen ? o->listen : "127.0.0.1:8080", address, &so.port, e) ||
        !listen_fits(o, address, e))
        return 2;
    if (!read_pem(app, o->tls_cert, &so.tls_cert, e) || !read_pem(app, o->tls_key, &so.tls_key, e) ||
        !find_assets(assets, e) || !open_gate(app, o, &gate, e))
        return err_exit(e->code);
    return start_and_wait(app, o, &so, &gate, e) ? 0 : 1;
}

static const struct option_row serve_options[] = {
    { .name = "listen", .letter = 'l', .type = OPTION_TEXT,
      .offset = offsetof(struct serve_options, listen), .value = "ADDRESS:PORT",
      .help = "where; 127.0.0.1:8080, or the next free port, when absent" },
    { .name = "public", .type = OPTION_FLAG, .offset = offsetof(struct serve_options, open),
      .help = "who has not signed in may look too, and sees what the public may: nothing personal" },
    { .name = "tls-cert", .type = OPTION_TEXT, .offset = offsetof(struct serve_options, tls_cert),
      .value = "FILE", .help = "serves https with this certificate (PEM, with its chain)" },
    { .name = "tls-key", .type = OPTION_TEXT, .offset = offsetof(struct serve_options, tls_key),
      .value = "FILE", .help = "the certificate's key (PEM)" },
    { .name = "proxy", .type = OPTION_TEXT, .offset = offsetof(struct serve_options, proxy),
      .value = "ADDRESS", .help = "a proxy that speaks https stands before it and comes from this address: "
      "its X-Forwarded-For, -Proto and -Host are believed" },
    { .name = "files", .type = OPTION_TEXT, .offset = offsetof(struct serve_options, files), .value = "FOLDER",
      .help = "where files that were sent and made lie; STORE.files, or jiedui.files for PostgreSQL, when absent" },
    { .name = "workers", .type = OPTION_INT, .offset = offsetof(struct serve_options, workers),
      .value = "N", .help = "threads that make pages; one a processor when absent" },
    { .name = "demo", .type = OPTION_FLAG, .offset = offsetof(struct serve_options, demo),
      .help = "for a store made by init --demo: an account of each role, printed at the start" },
    { .name = "quiet", .letter = 'q', .type = OPTION_FLAG,
      .offset = offsetof(struct serve_options, quiet), .help = "no line in the log for each request" },
};

const struct command server_commands[] = {
    { .name = "serve", .help = "the web: pages for each role, forms, imports, maps; /api/v1 for programs",
      .more = "Who opens it signs in; each account sees its own area. While there is no account, an address\n"
              "is printed that makes the first administrator (`jiedui account` makes more).\n"
              "It listens to this machine alone unless it speaks https (--tls-cert, --tls-key), stands\n"
              "behind a proxy that does (--proxy), or shows only what the public may see (--public).\n"
              "SIGINT and SIGTERM stop it gracefully: what was asked is answered.",
      .needs = NEEDS_WRITE, .options = serve_options, .n_options = COUNT(serve_options),
      .options_size = sizeof(struct serve_options), .run = run_serve },
};
const int server_command_count = COUNT(server_commands);
