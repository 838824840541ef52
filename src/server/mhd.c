/* The one file that knows libmicrohttpd: connections in, jobs to workers, answers out. */
#include "server/inner.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <strings.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/log.h"
#include "doc/pack.h"

enum { MAX_WAITING = 4096, MEMORY_A_CONNECTION = 24 << 10, IDLE_SECONDS = 75,
       STOP_MOMENTS = 400, BODY_MOST = 4 << 20,
       SPARE_FILES = 128, STREAM_BLOCK = 2048, MAX_CONNECTIONS = 16000, REQUEST_MEMORY = 512 << 20 };

static const char policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types jiedui";

static void header(struct MHD_Response *r, const char *name, const char *value)
{
    if (MHD_add_response_header(r, name, value) != MHD_YES)
        log_line(LOG_WARN, "header_refused", "name=%s", name);
}

static void common_headers(struct MHD_Response *r)
{
    header(r, "Content-Security-Policy", policy);
    header(r, "X-Content-Type-Options", "nosniff");
    header(r, "Referrer-Policy", "same-origin");
    header(r, "Cross-Origin-Opener-Policy", "same-origin");
    header(r, "Cross-Origin-Resource-Policy", "same-origin");
    header(r, "Vary", "Accept-Encoding, Accept-Language, Cookie, Authorization");
}

/* --- the answer as libmicrohttpd's --- */

static struct MHD_Response *file_response(struct answer *a)
{
    struct stat st;
    int fd = open(a->page.file, O_RDONLY | O_CLOEXEC);
    if (!a->page.file_stays) unlink(a->page.file);
    if (fd < 0 || fstat(fd, &st) != 0) {
        if (fd >= 0) close(fd);
        return NULL;
    }
    return MHD_create_response_from_fd64((uint64_t)st.st_size, fd);
}

static void page_headers(struct job *j, const struct answer *a, struct MHD_Response *r)
{
    char number[32];
    snprintf(number, sizeof number, "%lld", (long long)j->number);
    common_headers(r);
    header(r, "X-Request-Id", number);
    if (a->page.status != 304) header(r, "Content-Type", a->page.type);
    if (a->etag) header(r, "ETag", a->etag);
    header(r, "Cache-Control", a->page.no_store ? "no-store" : a->shared ? "public, max-age=60" : "private, no-cache");
    if (a->gzip) header(r, "Content-Encoding", "gzip");
    if (a->page.location) header(r, "Location", a->page.location);
    if (a->page.link) header(r, "Link", a->page.link);
    if (a->page.cookie) header(r, "Set-Cookie", a->page.cookie);
    if (j->server->opt.tls_cert) header(r, "Strict-Transport-Security", "max-age=31536000");
    if (a->page.status == 503) header(r, "Retry-After", "3");
    if (a->page.allow) header(r, "Allow", a->page.allow);
    if (a->page.status == 401) header(r, "WWW-Authenticate", "Bearer");
    if (a->page.filename) {
        char text[300];
        snprintf(text, sizeof text, "attachment; filename=\"%.200s\"", a->page.filename);
        header(r, "Content-Disposition", text);
    }
}

/* --- streams --- */

void connection_sleep(struct MHD_Connection *c)
{
    MHD_suspend_connection(c);
}

void connection_wake(struct MHD_Connection *c)
{
    MHD_resume_connection(c);
}

static ssize_t read_stream(void *arg, uint64_t at, char *to, size_t most)
{
    ssize_t n = stream_take(arg, to, most);
    (void)at;
    return n == STREAM_END ? MHD_CONTENT_READER_END_OF_STREAM : n;
}

static void free_stream(void *arg)
{
    stream_free(arg);
}

/* NULL, and the answer says so, where there are too many. */
static struct MHD_Response *stream_response(struct job *j, struct answer *a)
{
    struct stream *x = stream_open(j->server, j, a->account, a->zh);
    if (!x) {
        a->page.status = 503;
        return NULL;
    }
    struct MHD_Response *r = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_stream, x,
                                                               free_stream);
    if (!r) log_fatal("memory", "no answer can be made");
    header(r, "X-Accel-Buffering", "no");
    return r;
}

static struct MHD_Response *special_response(struct job *j, struct answer *a)
{
    if (a->page.file) return file_response(a);
    return a->page.stream ? stream_response(j, a) : NULL;
}

static void finish(struct job *j, struct answer *a, int64_t started)
{
    struct server *s = j->server;
    struct MHD_Response *r = special_response(j, a);
    size_t bytes = a->page.body.n;
    if (!r) {
        /* The body's memory goes to the answer; an empty one has none of its own. */
        r = MHD_create_response_from_buffer(bytes, a->page.body.p,
                                            bytes ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
        if (!r) log_fatal("memory", "no answer can be made");
        if (bytes) buf_init(&a->page.body, 1);
    }
    page_headers(j, a, r);
    j->response = r;
    j->status = (unsigned)a->page.status;
    int64_t us = (clock_ticks() - started) / 1000;
    atomic_fetch_add(&s->requests, 1);
    atomic_fetch_add(&s->bytes, (long long)bytes);
    atomic_fetch_add(&s->microseconds, us);
    if (a->page.status == 304) atomic_fetch_add(&s->not_modified, 1);
    if (a->page.status >= 400 && a->page.status < 500) atomic_fetch_add(&s->client_faults, 1);
    if (a->page.status >= 500) atomic_fetch_add(&s->faults, 1);
    /* Without the query: what people look for is nobody's business. */
    if (!s->opt.quiet)
        log_line(LOG_INFO, "request", "id=%lld method=%s path=\"%.*s\" status=%d us=%lld bytes=%zu",
                 (long long)j->number, j->method, (int)strcspn(j->uri, "?\""), j->uri,
                 a->page.status, (long long)us, bytes);
}

/* --- workers --- */

static struct job *take(struct server *s)
{
    pthread_mutex_lock(&s->lock);
    while (!s->first && !s->stopping) pthread_cond_wait(&s->more, &s->lock);
    struct job *j = s->first;
    if (j) {
        s->first = j->next;
        if (!s->first) s->last = NULL;
        s->waiting--;
        s->working++;
    }
    pthread_mutex_unlock(&s->lock);
    return j;
}

static void *work(void *arg)
{
    struct worker *w = arg;
    struct arena arena;
    arena_init(&arena, REQUEST_MEMORY);
    for (struct job *j; (j = take(w->server));) {
        struct answer a = { .arena = &arena };
        int64_t started = clock_ticks();
        answer_make(w->server, &w->seat, w->own, j, &a);
        finish(j, &a, started);
        response_free(&a.page);
        arena_reset(&arena);
        j->done = true;
        MHD_resume_connection(j->connection);
        pthread_mutex_lock(&w->server->lock);
        w->server->working--;
        pthread_cond_broadcast(&w->server->idle);
        pthread_mutex_unlock(&w->server->lock);
    }
    arena_free(&arena);
    return NULL;
}

/* --- the I/O thread --- */

static char *copied(struct MHD_Connection *c, const char *name, size_t most)
{
    const char *v = MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
    return v && strlen(v) <= most ? mem_strdup(v) : NULL;
}

static enum MHD_Result say(struct MHD_Connection *c, unsigned status, const char *text)
{
    struct MHD_Response *r = MHD_create_response_from_buffer(strlen(text), (void *)(uintptr_t)text,
                                                             MHD_RESPMEM_PERSISTENT);
    if (!r) return MHD_NO;
    common_headers(r);
    header(r, "Content-Type", "text/plain; charset=utf-8");
    if (status == 503) header(r, "Retry-After", "1");
    enum MHD_Result ok = MHD_queue_response(c, status, r);
    MHD_destroy_response(r);
    return ok;
}

static enum MHD_Result send_file(struct server *s, struct job *j, struct MHD_Connection *c,
                                 const char *name)
{
    for (int i = 0; i < s->opt.n_assets; i++)
        if (strcmp(s->files[i].name, name) == 0)
            return MHD_queue_response(c, 200, j->gzip ? s->files[i].gz : s->files[i].plain);
    return say(c, 404, "There is no such file.\n");
}

static enum MHD_Result enqueue(struct server *s, struct job *j)
{
    pthread_mutex_lock(&s->lock);
    bool full = s->waiting >= MAX_WAITING || s->stopping;
    if (!full) {
        /* Before a worker can have it, so that it is suspended when it is resumed. */
        MHD_suspend_connection(j->connection);
        if (s->last) s->last->next = j;
        else s->first = j;
        s->last = j;
        s->waiting++;
        pthread_cond_signal(&s->more);
    }
    pthread_mutex_unlock(&s->lock);
    if (!full) return MHD_YES;
    atomic_fetch_add(&s->refused, 1);
    return say(j->connection, 503, "Too many requests wait; try again in a moment.\n");
}

static void peer_text(struct MHD_Connection *c, char out[64])
{
    const union MHD_ConnectionInfo *i = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *a = i ? i->client_addr : NULL;
    out[0] = '\0';
    if (a && getnameinfo(a, a->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in),
                         out, 64, NULL, 0, NI_NUMERICHOST) != 0)
        out[0] = '\0';
    if (strncmp(out, "::ffff:", 7) == 0) memmove(out, out + 7, strlen(out) - 6);
}

static void origin_read(const struct server *s, struct job *j)
{
    char peer[64];
    struct MHD_Connection *c = j->connection;
    peer_text(c, peer);
#define HEADER(name) MHD_lookup_connection_value(c, MHD_HEADER_KIND, name)
    struct origin_words w = { peer, HEADER("Host"), HEADER("Origin"), HEADER("Referer"),
        HEADER("Sec-Fetch-Site"), HEADER("X-Forwarded-For"), HEADER("X-Forwarded-Proto"),
        HEADER("X-Forwarded-Host") };
#undef HEADER
    origin_of(&s->opt, &w, j);
}

static enum MHD_Result begin(struct server *s, struct job *j, struct MHD_Connection *c,
                             const char *url)
{
    const char *host = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Host");
    const char *encoding = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Accept-Encoding");
    j->connection = c;
    j->number = atomic_fetch_add(&s->number, 1) + 1;
    j->gzip = encoding && strstr(encoding, "gzip");
    /* A page elsewhere that points its own name at this machine must not read the local view. */
    if (!s->opt.any_host && (!host || !host_is_local(host)))
        return say(c, 421, "This server answers to the name of this machine alone.\n");
    size_t n = strlen(s->assets);
    if (strncmp(url, s->assets, n) == 0 && url[n] == '/') return send_file(s, j, c, url + n + 1);
    j->etag = copied(c, "If-None-Match", 128);
    j->language = copied(c, "Accept-Language", 256);
    j->csrf = copied(c, "X-CSRF-Token", 128);
    j->if_match = copied(c, "If-Match", 2000);
    j->idempotency = copied(c, "Idempotency-Key", MEMORY_A_CONNECTION);
    j->type = copied(c, "Content-Type", 128);
    j->last_event = copied(c, "Last-Event-ID", 64);
    const char *accept = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Accept");
    j->background = accept && strstr(accept, "text/event-stream");
    const char *cookie = s->opt.cookie ? MHD_lookup_connection_value(c, MHD_COOKIE_KIND, s->opt.cookie) : NULL;
    if (cookie && strlen(cookie) <= 128) j->cookie = mem_strdup(cookie);
    const char *auth = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Authorization");
    if (auth && strncasecmp(auth, "Bearer ", 7) == 0 && strlen(auth) <= 256) j->bearer = mem_strdup(auth + 7);
    origin_read(s, j);
    return enqueue(s, j);
}

static const char *known_method(const char *method)
{
    static const char *const methods[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" };
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strcmp(method, methods[i]) == 0) return methods[i];
    return "?";                    /* no route has it */
}

static void keep_body(struct job *j, const char *p, size_t n)
{
    j->too_large |= j->body_n + n > BODY_MOST;
    if (j->too_large) return;
    j->body = mem_grow(j->body, j->body_n + n + 1);
    memcpy(j->body + j->body_n, p, n);
    j->body_n += n;
    j->body[j->body_n] = '\0';
}

/* A form with a file, of somebody with a session: the file goes to disk as it comes, the other fields are
 * kept as a form's. */
static bool is_upload(const struct server *s, struct MHD_Connection *c)
{
    if (!s->opt.cookie || !MHD_lookup_connection_value(c, MHD_COOKIE_KIND, s->opt.cookie)) return false;
    const char *type = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Content-Type");
    return type && strncasecmp(type, "multipart/form-data", 19) == 0;
}

static void add_part(struct job *j, const char *key, const char *data, size_t n, bool more)
{
    struct buf b;
    buf_init(&b, BODY_MOST);
    if (!more) {
        if (j->body_n) buf_char(&b, '&');
        url_add(&b, key);
        buf_char(&b, '=');
    }
    for (size_t i = 0; i < n; i++) url_add(&b, (const char[]){ data[i], '\0' });
    keep_body(j, b.n ? b.p : "", b.n);
    buf_free(&b);
}

static bool open_upload(struct job *j, const char *name)
{
    const char *dir = j->server->opt.upload_dir, *tmp = getenv("TMPDIR");
    char path[1024];
    snprintf(path, sizeof path, "%s/" JOB_UPLOAD "XXXXXX", dir ? dir : tmp && *tmp ? tmp : "/tmp");
    j->upload_fd = mkstemp(path);
    if (j->upload_fd < 0) return false;
    j->upload = mem_strdup(path);
    j->upload_name = mem_strdup(name);
    return true;
}

static enum MHD_Result on_part(void *arg, enum MHD_ValueKind kind, const char *key, const char *filename,
                               const char *type, const char *encoding, const char *data, uint64_t off, size_t n)
{
    struct job *j = arg;
    (void)kind, (void)type, (void)encoding;
    if (!filename) {
        add_part(j, key, data, n, off > 0);
        return MHD_YES;
    }
    if (!*filename || (j->upload && off == 0)) return MHD_YES; /* no file chosen; the first one counts */
    if (!j->upload && !open_upload(j, filename)) j->upload_failed = true;
    for (size_t done = 0; !j->upload_failed && done < n;) {
        ssize_t wrote = write(j->upload_fd, data + done, n - done);
        if (wrote <= 0) j->upload_failed = true;
        else done += (size_t)wrote;
    }
    return MHD_YES;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *c, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_n, void **own)
{
    struct server *s = arg;
    struct job *j = *own;
    (void)version;
    if (!j) return say(c, 414, "The address is too long.\n");
    if (j->done) {
        enum MHD_Result ok = MHD_queue_response(c, j->status, j->response);
        MHD_destroy_response(j->response);
        j->response = NULL;
        return ok;
    }
    if (!j->begun) {
        j->begun = true;
        j->method = known_method(method);
        if (is_upload(s, c)) j->parts = MHD_create_post_processor(c, 1 << 16, on_part, j);
        return MHD_YES;
    }
    if (*upload_n) {
        if (j->parts) MHD_post_process(j->parts, upload, *upload_n);
        else keep_body(j, upload, *upload_n);
        *upload_n = 0;
        return MHD_YES;
    }
    if (j->parts) {
        MHD_destroy_post_processor(j->parts);
        j->parts = NULL;
        if (j->upload) close(j->upload_fd);
    }
    return begin(s, j, c, url);
}

static void *on_address(void *arg, const char *uri, struct MHD_Connection *c)
{
    (void)c;
    struct job *j = mem_alloc(sizeof *j);
    j->server = arg;
    atomic_fetch_add(&j->server->live, 1);
    j->uri = mem_strdup(uri);
    j->method = "?";
    return j;
}

static void on_completed(void *arg, struct MHD_Connection *c, void **own,
                         enum MHD_RequestTerminationCode code)
{
    struct job *j = *own;
    (void)arg, (void)c, (void)code;
    if (!j) return;
    if (j->response) MHD_destroy_response(j->response);
    atomic_fetch_sub(&j->server->live, 1);
    free(j->uri);
    free(j->etag);
    free(j->language);
    free(j->cookie);
    free(j->bearer);
    free(j->csrf);
    free(j->if_match);
    free(j->idempotency);
    free(j->last_event);
    if (j->parts) {
        MHD_destroy_post_processor(j->parts);
        if (j->upload) close(j->upload_fd);
    }
    if (j->upload && !j->upload_taken) unlink(j->upload);
    free(j->upload);
    free(j->upload_name);
    free(j->type);
    free(j->body);
    free(j);
    *own = NULL;
}

/* --- start and stop --- */

static struct MHD_Response *asset_response(const struct asset_page *f, bool packed)
{
    struct MHD_Response *r;
    struct buf b;
    buf_init(&b, f->n + (1 << 16));
    if (packed && pack_gzip(f->p, f->n, 9, &b)) {
        r = MHD_create_response_from_buffer(b.n, b.p, MHD_RESPMEM_MUST_FREE);
        if (r) header(r, "Content-Encoding", "gzip");
    } else {
        buf_free(&b);
        r = MHD_create_response_from_buffer(f->n, (void *)(uintptr_t)f->p, MHD_RESPMEM_PERSISTENT);
    }
    if (!r) log_fatal("memory", "no answer can be made");
    common_headers(r);
    header(r, "Content-Type", f->type);
    header(r, "Cache-Control", "public, max-age=31536000, immutable");
    return r;
}

static void open_assets(struct server *s)
{
    struct digest d;
    unsigned char out[DIGEST_LEN];
    char hex[DIGEST_HEX];
    digest_init(&d);
    s->files = mem_alloc(((size_t)s->opt.n_assets + 1) * sizeof *s->files);
    for (int i = 0; i < s->opt.n_assets; i++) {
        const struct asset_page *f = &s->opt.assets[i];
        digest_add(&d, f->p, f->n);
        s->files[i] = (struct static_file){ f->name, asset_response(f, false),
                                            asset_response(f, true) };
    }
    digest_done(&d, out);
    digest_hex(out, DIGEST_LEN, hex);
    snprintf(s->assets, sizeof s->assets, "/assets/%.16s", hex);
    s->opt.site->assets = s->assets;
}

static bool open_workers(struct server *s, struct err *e)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int n = s->opt.workers ? s->opt.workers : processors < 2 ? 2 : (int)processors;
    s->workers = mem_alloc((size_t)n * sizeof *s->workers);
    for (; s->n_workers < n; s->n_workers++) {
        struct worker *w = &s->workers[s->n_workers];
        w->server = s;
        if (!s->opt.seat_open(s->opt.seat_arg, &w->seat, &w->own, e)) return false;
        if (pthread_create(&w->thread, NULL, work, w) != 0) {
            s->opt.seat_close(&w->seat, w->own);
            return err_set(e, ERR_FULL, "no thread can be started");
        }
    }
    return true;
}

static unsigned connections(void)
{
    struct rlimit r;
    if (getrlimit(RLIMIT_NOFILE, &r) != 0 || r.rlim_cur < 2 * SPARE_FILES) return SPARE_FILES;
    rlim_t n = r.rlim_cur - SPARE_FILES;
    return n > MAX_CONNECTIONS ? MAX_CONNECTIONS : (unsigned)n;
}

bool server_start(struct server **out, const struct server_options *opt, struct err *e)
{
    struct server *s = mem_alloc(sizeof *s);
    int fd = -1;
    s->opt = *opt;
    pthread_mutex_init(&s->lock, NULL);
    pthread_mutex_init(&s->cache_lock, NULL);
    s->cache = mem_alloc(CACHE_SLOTS * sizeof *s->cache);
    pthread_cond_init(&s->more, NULL);
    pthread_cond_init(&s->idle, NULL);
    open_assets(s);
    bool ok = listen_open(opt->address, opt->port, opt->next_port, &fd, &s->port, e) &&
              open_workers(s, e) && hub_open(s, e);
    if (ok) {
        struct MHD_OptionItem tls[] = {
            { MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)opt->tls_cert },
            { MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)opt->tls_key }, { MHD_OPTION_END, 0, NULL } };
        struct MHD_OptionItem none[] = { { MHD_OPTION_END, 0, NULL } };
        unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
        s->daemon = MHD_start_daemon(opt->tls_cert ? flags | MHD_USE_TLS : flags, 0, NULL,
            NULL, on_request, s, MHD_OPTION_LISTEN_SOCKET, fd,
            MHD_OPTION_ARRAY, opt->tls_cert ? tls : none,
            MHD_OPTION_URI_LOG_CALLBACK, on_address, s,
            MHD_OPTION_NOTIFY_COMPLETED, on_completed, s,
            MHD_OPTION_CONNECTION_LIMIT, connections(),
            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_A_CONNECTION,
            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_END);
        if (s->daemon) fd = -1;
        else ok = err_set(e, ERR_INTERNAL, "libmicrohttpd does not start%s",
                          opt->tls_cert ? ": is this a certificate with its key?" : "");
    }
    if (fd >= 0) close(fd);
    if (ok) *out = s;
    else server_stop(s);
    return ok;
}

int server_port(const struct server *s)
{
    return s->port;
}

/* What waits or is worked on is answered; then the workers go home. */
static void stop_workers(struct server *s)
{
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_broadcast(&s->more);
    while (s->waiting || s->working) pthread_cond_wait(&s->idle, &s->lock);
    pthread_mutex_unlock(&s->lock);
    for (int i = 0; i < s->n_workers; i++) {
        pthread_join(s->workers[i].thread, NULL);
        s->opt.seat_close(&s->workers[i].seat, s->workers[i].own);
    }
}

void server_stop(struct server *s)
{
    MHD_socket fd = MHD_INVALID_SOCKET;
    if (s->daemon) fd = MHD_quiesce_daemon(s->daemon);
    stop_workers(s);
    hub_stop(s);
    /* What is made is sent, if its reader takes it. */
    const struct timespec moment = { .tv_nsec = 5000000 };
    for (int i = 0; i < STOP_MOMENTS && atomic_load(&s->live) > 0; i++) nanosleep(&moment, NULL);
    if (s->daemon) MHD_stop_daemon(s->daemon);
    if (fd != MHD_INVALID_SOCKET) close(fd);
    for (int i = 0; i < s->opt.n_assets; i++) {
        MHD_destroy_response(s->files[i].plain);
        MHD_destroy_response(s->files[i].gz);
    }
    pthread_cond_destroy(&s->more);
    pthread_cond_destroy(&s->idle);
    pthread_mutex_destroy(&s->lock);
    pthread_mutex_destroy(&s->cache_lock);
    hub_free(s);
    kept_free(s);
    free(s->files);
    free(s->workers);
    free(s);
}

struct server_counts server_counts(const struct server *s)
{
    struct server *w = (struct server *)(uintptr_t)s;
    pthread_mutex_lock(&w->lock);
    struct server_counts c = { .waiting = w->waiting, .working = w->working };
    pthread_mutex_unlock(&w->lock);
    c.streams = stream_count(w);
    c.requests = atomic_load(&w->requests);
    c.not_modified = atomic_load(&w->not_modified);
    c.client_faults = atomic_load(&w->client_faults);
    c.faults = atomic_load(&w->faults);
    c.refused = atomic_load(&w->refused);
    c.bytes = atomic_load(&w->bytes);
    c.microseconds = atomic_load(&w->microseconds);
    return c;
}
