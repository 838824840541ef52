/* inner: what the files of the server share. */
#ifndef JD_SERVER_INNER_H
#define JD_SERVER_INNER_H

#include <pthread.h>
#include <stdatomic.h>

#include "programme/job/job.h"
#include "server/server.h"

struct MHD_Connection;
struct MHD_PostProcessor;
struct MHD_Response;
struct MHD_Daemon;

/* One request on its way. Made by the I/O thread, worked on by one worker, freed when it is answered. */
struct job {
    struct server *server;
    struct job *next;
    struct MHD_Connection *connection;
    const char *method;            /* a constant */
    char *uri;                     /* as it came */
    char *etag, *language, *cookie, *bearer, *csrf, *type; /* headers, copied; NULL when absent */
    char *if_match, *idempotency, *last_event;
    bool background;               /* asks for events */
    char address[64];              /* of who asks */
    char *body; size_t body_n;
    struct MHD_PostProcessor *parts; /* of a form with a file in it */
    char *upload, *upload_name;      /* the file, and what it is called */
    int upload_fd;
    bool upload_taken, upload_failed;
    bool gzip, begun, done;
    bool too_large;                /* the body was, and is not kept */
    bool same_site, secure;        /* as struct request has them */
    int64_t number;
    struct MHD_Response *response;
    unsigned status;
};

/* Pages that were made, by their mark: while nothing is written, the same address costs one look at the
 * journal's heads. One slot a mark, so its size never grows. */
enum { CACHE_SLOTS = 1024, CACHE_BODY = 96 << 10, CACHE_MARK = 40 };
struct kept { char mark[CACHE_MARK]; const char *type; char *body, *link; size_t n; bool gzip; };

struct static_file { const char *name; struct MHD_Response *plain, *gz; };

struct worker { struct server *server; struct seat seat; void *own; pthread_t thread; bool open; };

struct server {
    struct server_options opt;
    struct MHD_Daemon *daemon;
    int port;
    char assets[40];               /* "/assets/0123456789abcdef" */
    struct static_file *files;
    struct worker *workers; int n_workers;
    pthread_mutex_t lock;
    pthread_cond_t more, idle;
    struct job *first, *last;
    int waiting, working;
    bool stopping;
    pthread_mutex_t cache_lock;
    struct kept *cache;
    struct hub *hub;
    atomic_int live;               /* requests begun and not sent to their end */
    atomic_llong number, requests, not_modified, client_faults, faults, refused, bytes, microseconds;
};

/* kept.c. A hit fills body, type and link (arena); type is a constant, as handlers give it. */
bool kept_get(struct server *s, const char *mark, bool gzip, struct arena *a, struct response *out);
void kept_put(struct server *s, const char *mark, bool gzip, const struct response *page);
void kept_free(struct server *s);

/* stream.c: streams of events. */
struct stream;
enum { STREAM_END = -1 };
/* NULL: there are too many. An account that has its share already loses its oldest. */
struct stream *stream_open(struct server *s, const struct job *j, int64_t account, bool zh);
void stream_free(struct stream *x);
/* What is to be sent next, at most so many bytes; 0: the connection was put to sleep; STREAM_END. */
ssize_t stream_take(struct stream *x, char *to, size_t most);
int stream_count(struct server *s);
bool hub_open(struct server *s, struct err *e) WARN_UNUSED;
/* Ends all streams; none sleeps afterwards. */
void hub_stop(struct server *s);
void hub_free(struct server *s);
/* mhd.c */
void connection_sleep(struct MHD_Connection *c);
void connection_wake(struct MHD_Connection *c);

/* answer.c: one job, in a worker's thread: fills response and status. */
/* shared: what anybody would get who has not signed in, so a proxy may keep it for a minute. account, zh: of
 * who asked, for a stream. */
struct answer { struct response page; const char *etag; bool gzip, shared, zh; struct arena *arena; int64_t account; };
void answer_make(struct server *s, const struct seat *seat, void *own, struct job *j, struct answer *a);

/* origin.c: where a request comes from, by its connection and, behind a proxy, by what that says. */
struct origin_words { const char *peer, *host, *origin, *referer, *fetch_site, *forwarded_for,
                      *forwarded_proto, *forwarded_host; };    /* headers; NULL when absent */
void origin_of(const struct server_options *opt, const struct origin_words *w, struct job *j);
/* Is it this host's? "https://host:port/..." */
bool origin_is(const char *origin, const char *host);

/* listen.c: a socket that listens; *port is what it got. */
bool listen_open(const char *address, int port, bool next, int *out, int *got, struct err *e) WARN_UNUSED;
/* "127.0.0.1:8080", "[::1]:8080", ":8080", "8080". */
bool listen_parse(const char *text, char address[64], int *port, struct err *e) WARN_UNUSED;
bool listen_loopback(const char *address);
/* Does a Host header name this machine itself? */
bool host_is_local(const char *host);

#endif
