/* jiedui serve: what the server needs, opened; and the wait for the signal that ends it. */
#include "server/inner.h"

#include <signal.h>

#include "base/log.h"
#include "cli/asset.h"
#include "pages/pages.h"

#define WARM_PLACE INT64_C(110000000000)
#define COUNT(a) ((int)(sizeof(a) / sizeof(*(a))))

static const struct scope public_scope = { .role = ROLE_PUBLIC, .everywhere = true };
static const struct user visitor_public = { .login = "", .name = "", .csrf = "", .scope = &public_scope },
    visitor_all = { .login = "", .name = "", .csrf = "", .scope = &scope_all };

struct serve_options { const char *listen; bool open, quiet, demo; int64_t workers; };
struct serving { const struct app *app; const struct site *site; };

/* One worker's own: the model with places that this thread alone remembers. */
struct own { struct place_book *book; struct places places; struct model model; };

static void close_seat(struct seat *s, void *own)
{
    struct own *o = own;
    db_close(s->db);
    db_close(s->rows);
    if (o->book) place_book_close(o->book);
    if (s->text) text_close(s->text);
    free(o);
}

static bool open_seat(void *arg, struct seat *out, void **own, struct err *e)
{
    const struct serving *serving = arg;
    const struct app *app = serving->app;
    struct own *o = mem_alloc(sizeof *o);
    *out = (struct seat){ .site = serving->site };
    bool ok = place_book_open(&o->book, e) && text_open(&out->text, e) &&
              store_connect(app->store, DB_READ, &out->db, e) &&
              store_connect(app->store, DB_READ, &out->rows, e);
    if (!ok) {
        close_seat(out, o);
        return false;
    }
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

static const struct { const char *file, *name, *type; } asset_types[] = {
    { "assets/jiedui.css", "jiedui.css", "text/css; charset=utf-8" },
    { "assets/jiedui.js", "jiedui.js", "text/javascript; charset=utf-8" },
    { "assets/icon.svg", "icon.svg", "image/svg+xml" },
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

static void announce(const char *address, int port, const struct serve_options *o)
{
    bool v6 = strchr(address, ':');
    printf("Jiedui serves http://%s%s%s:%d/  (%s; Ctrl-C stops)\n", v6 ? "[" : "", address,
           v6 ? "]" : "", port, o->open ? "the public view" : "for this machine alone");
    fflush(stdout);
}

static int run_serve(struct app *app, void *options, const char *const *operand, int n, struct err *e)
{
    const struct serve_options *o = options;
    char address[64];
    struct asset_page assets[COUNT(asset_types)];
    struct server_options so = { .address = address, .next_port = !o->listen, .any_host = o->open,
        .visitor = o->open ? &visitor_public : &visitor_all, .workers = (int)o->workers,
        .quiet = o->quiet, .clock = app->clock, .routes = page_routes, .n_routes = page_route_count,
        .assets = assets, .n_assets = COUNT(assets), .seat_open = open_seat,
        .seat_close = close_seat };
    (void)operand;
    if (n) return err_set(e, ERR_USAGE, "serve takes no operand"), 2;
    if (!listen_parse(o->listen ? o->listen : "127.0.0.1:8080", address, &so.port, e)) return 2;
    if (!o->open && !listen_loopback(address))
        return err_set(e, ERR_USAGE, "without sign-in only this machine is served: %s is open to "
                       "others; --public shows it what anybody may see", address), 2;
    if (o->workers < 0 || o->workers > 256) return err_set(e, ERR_USAGE, "--workers is 0 to 256"), 2;
    struct site site = { .version = JD_VERSION, .figures_version = figures_version(app),
                         .zone = store_zone(app->store), .demo = o->demo };
    struct serving serving = { app, &site };
    so.site = &site;
    so.seat_arg = &serving;
    struct server *s;
    if (!find_assets(assets, e)) return 1;
    hold_signals();
    if (!server_start(&s, &so, e)) return 1;
    announce(address, server_port(s), o);
    int got = wait_for_signal();
    log_line(LOG_NOTE, "stopping", "signal=%d", got);
    server_stop(s);
    return 0;
}

static const struct option_row serve_options[] = {
    { .name = "listen", .letter = 'l', .type = OPTION_TEXT,
      .offset = offsetof(struct serve_options, listen), .value = "ADDRESS:PORT",
      .help = "where; 127.0.0.1:8080, or the next free port, when absent" },
    { .name = "public", .type = OPTION_FLAG, .offset = offsetof(struct serve_options, open),
      .help = "anybody may look, and sees only what the public may: nothing personal" },
    { .name = "workers", .type = OPTION_INT, .offset = offsetof(struct serve_options, workers),
      .value = "N", .help = "threads that make pages; one a processor when absent" },
    { .name = "demo", .type = OPTION_FLAG, .offset = offsetof(struct serve_options, demo),
      .help = "says on every page that the records are an example" },
    { .name = "quiet", .letter = 'q', .type = OPTION_FLAG,
      .offset = offsetof(struct serve_options, quiet), .help = "no line in the log for each request" },
};

const struct command server_commands[] = {
    { .name = "serve", .help = "the web: claims, figures, places, records, in English and Chinese",
      .more = "There is no sign-in yet, so it listens to this machine alone and masks personal fields.\n"
              "With --public any address may be given; only what the public may see is shown then.\n"
              "Put a proxy with TLS before a public server. SIGINT and SIGTERM stop it gracefully.",
      .needs = NEEDS_STORE, .options = serve_options, .n_options = COUNT(serve_options),
      .options_size = sizeof(struct serve_options), .run = run_serve },
};
const int server_command_count = COUNT(server_commands);
