/* server: HTTP by libmicrohttpd, and the command that runs it. One thread does all input and output;
 * a pool of workers, each with connections of its own, makes the answers while the connection is
 * suspended, so that a slow page blocks nobody. Knows no page. */
#ifndef JD_SERVER_SERVER_H
#define JD_SERVER_SERVER_H

#include "programme/room.h"
#include "web/web.h"

struct asset_page { const char *name, *type; const char *p; size_t n; }; /* a file as it is built in */

struct server_options {
    const char *address;           /* "127.0.0.1", "::1" */
    int port;                      /* 0 = any free one */
    bool next_port;                /* taken: try those after it */
    bool any_host;                 /* take any Host header; else only names of this machine itself */
    /* Who a request is from: fills q->user and q->scope. own is the seat's; heads marks the state of the
     * journal. NULL: everybody is `visitor`. */
    bool (*identify)(void *own, struct request *q, const char *bearer, const char *heads, struct err *e);
    const struct user *visitor;
    const char *cookie;            /* the session's name */
    const char *proxy;             /* the address whose X-Forwarded-... are believed, or NULL */
    const char *tls_cert, *tls_key; /* PEM texts, or NULL: plain HTTP */
    const char *upload_dir;        /* where files that are sent go; NULL = the temporary folder */
    int streams_each;              /* streams of events an account may have at once; 0 = 4 */
    int workers;                   /* 0 = as many as there are processors, 2 at least */
    bool quiet;                    /* no line a request */
    struct clock clock;
    const struct route *routes; int n_routes;
    const struct asset_page *assets; int n_assets;
    struct site *site;             /* borrowed; its `assets` is filled here */
    /* Makes and frees what a worker works with. */
    bool (*seat_open)(void *arg, struct seat *out, void **own, struct err *e);
    void (*seat_close)(struct seat *s, void *own);
    void *seat_arg;
};

struct server;
bool server_start(struct server **out, const struct server_options *opt, struct err *e) WARN_UNUSED;
int server_port(const struct server *s);
/* Takes no new connections, finishes what was asked, and frees everything. */
void server_stop(struct server *s);

/* What /metrics prints. */
struct server_counts { int64_t requests, not_modified, client_faults, faults, refused, bytes,
                       microseconds, waiting, working, streams; };
struct server_counts server_counts(const struct server *s);

extern const struct command server_commands[];
extern const int server_command_count;

#endif
