/* Streams of events: one for each page that shows a task under way. No worker waits on them: a connection
 * without news sleeps, and one thread wakes those that have some, sends a sign of life now and then, and ends
 * those whose session has ended. */
#include "server/inner.h"

#include <stdlib.h>

#include "base/date.h"
#include "base/log.h"
#include "base/wait.h"
#include "store/journal.h"

enum { TURN_MS = 500, BEAT_TURNS = 30, LOOK_TURNS = 20, TOLD_MOST = 64, PENDING_MOST = 64 << 10,
       STREAMS_MOST = 4000, STREAMS_EACH = 4, RETRY_MS = 3000 };

struct stream {
    struct stream *next;
    struct server *server;
    struct MHD_Connection *connection;
    int64_t account;
    bool zh;
    char *cookie;
    uint64_t seen;                     /* the version of what it was told */
    struct buf out; size_t sent;       /* what is on its way */
    bool sleeps, closing;
};

struct hub {
    pthread_mutex_t lock;              /* guards the streams and what follows */
    pthread_cond_t wake;
    struct stream *first; int n;
    bool stopping, open, threaded;
    uint64_t boot;                     /* versions of another start are not ours */
    pthread_t thread;
    struct seat seat; void *own;
    struct MHD_Connection *waking[STREAMS_MOST];
};

/* --- what the connections' thread asks --- */

ssize_t stream_take(struct stream *x, char *to, size_t most)
{
    struct hub *h = x->server->hub;
    ssize_t n = 0;
    pthread_mutex_lock(&h->lock);
    if (x->sent < x->out.n) {
        n = (ssize_t)(x->out.n - x->sent < most ? x->out.n - x->sent : most);
        memcpy(to, x->out.p + x->sent, (size_t)n);
        x->sent += (size_t)n;
        if (x->sent == x->out.n) {
            buf_free(&x->out);
            buf_init(&x->out, PENDING_MOST);
            x->sent = 0;
        }
    } else if (x->closing) {
        n = STREAM_END;
    } else {
        /* Under the lock, so that nobody wakes it before it sleeps. */
        x->sleeps = true;
        connection_sleep(x->connection);
    }
    pthread_mutex_unlock(&h->lock);
    return n;
}

void stream_free(struct stream *x)
{
    struct hub *h = x->server->hub;
    pthread_mutex_lock(&h->lock);
    for (struct stream **at = &h->first; *at; at = &(*at)->next)
        if (*at == x) {
            *at = x->next;
            h->n--;
            break;
        }
    pthread_mutex_unlock(&h->lock);
    buf_free(&x->out);
    free(x->cookie);
    free(x);
}

/* --- opening --- */

/* "BOOT-VERSION" of this start of the program; else all is told. */
static uint64_t seen_before(const struct hub *h, const char *last)
{
    unsigned long long boot, version;
    if (!last || sscanf(last, "%llx-%llu", &boot, &version) != 2 || boot != h->boot) return 0;
    return version;
}

/* An account's oldest makes way: its page asks by itself from then on. */
static void make_way(struct server *s, int64_t account)
{
    int n = 0, most = s->opt.streams_each ? s->opt.streams_each : STREAMS_EACH;
    struct stream *oldest = NULL;
    for (struct stream *x = s->hub->first; x; x = x->next)
        if (x->account == account && !x->closing) {
            if (!oldest) oldest = x;
            n++;
        }
    if (n < most) return;
    buf_str(&oldest->out, "event: poll\ndata: 1\n\n");
    oldest->closing = true;
}

struct stream *stream_open(struct server *s, const struct job *j, int64_t account, bool zh)
{
    struct hub *h = s->hub;
    struct stream *x = mem_alloc(sizeof *x), **end = &h->first;
    *x = (struct stream){ .server = s, .connection = j->connection, .account = account, .zh = zh,
                          .cookie = mem_strdup(j->cookie ? j->cookie : "") };
    buf_init(&x->out, PENDING_MOST);
    buf_printf(&x->out, "retry: %d\n\n", RETRY_MS);
    pthread_mutex_lock(&h->lock);
    bool full = h->n >= STREAMS_MOST || h->stopping;
    if (!full) {
        make_way(s, account);
        x->seen = seen_before(h, j->last_event);
        while (*end) end = &(*end)->next;
        *end = x;
        h->n++;
        pthread_cond_signal(&h->wake);
    }
    pthread_mutex_unlock(&h->lock);
    if (!full) return x;
    buf_free(&x->out);
    free(x->cookie);
    free(x);
    return NULL;
}

int stream_count(struct server *s)
{
    pthread_mutex_lock(&s->hub->lock);
    int n = s->hub->n;
    pthread_mutex_unlock(&s->hub->lock);
    return n;
}

/* --- the hub's thread --- */

static struct request asking(struct server *s, struct arena *a, bool zh, const char *cookie)
{
    int64_t now = clock_now(&s->opt.clock);
    return (struct request){ .method = "GET", .query = "", .path = "/events", .zh = zh, .seat = &s->hub->seat,
        .arena = a, .user = s->opt.visitor, .scope = s->opt.visitor->scope, .csrf = "", .if_match = "",
        .idempotency = "", .cookie = cookie, .body = "", .address = "", .accept_language = "", .now = now,
        .today = instant_date(now, s->opt.site->zone), .background = true };
}

static void tell(struct server *s, struct stream *x, struct arena *a)
{
    struct job_view v[TOLD_MOST];
    uint64_t version;
    struct request q = asking(s, a, x->zh, "");
    int n = jobs_changed(s->hub->seat.jobs, x->account, x->seen, v, TOLD_MOST, &version);
    x->seen = version;
    if (!n) return;
    buf_printf(&x->out, "id: %llx-%llu\ndata: ", (unsigned long long)s->hub->boot, (unsigned long long)version);
    job_events(&q, v, n, &x->out);
    buf_str(&x->out, "\n\n");
}

/* News into the streams that lie still; a slow reader is told more when it has taken what it has. */
static int turn(struct server *s, bool beat, struct arena *a)
{
    struct hub *h = s->hub;
    int waking = 0;
    pthread_mutex_lock(&h->lock);
    for (struct stream *x = h->first; x; x = x->next) {
        bool quiet = x->sent == x->out.n;
        if (quiet && !x->closing && h->seat.jobs && x->seen != jobs_version(h->seat.jobs)) tell(s, x, a);
        if (quiet && beat && x->out.n == 0) buf_str(&x->out, ":\n\n");
        if (!x->sleeps || (x->sent == x->out.n && !x->closing)) continue;
        x->sleeps = false;
        h->waking[waking++] = x->connection;
    }
    pthread_mutex_unlock(&h->lock);
    arena_reset(a);
    /* Asleep, a connection stays where it is until it is woken, so this needs no lock. */
    for (int i = 0; i < waking; i++) connection_wake(h->waking[i]);
    return waking;
}

struct looked { int64_t account; const char *cookie; bool ended; };

/* Who is behind each of them still? Asked without the lock: the store may be slow. */
static void look(struct server *s, struct arena *a)
{
    struct hub *h = s->hub;
    struct err e = { .code = ERR_NONE };
    struct buf heads;
    char mark[DIGEST_HEX];
    unsigned char digest[DIGEST_LEN];
    int n = 0;
    pthread_mutex_lock(&h->lock);
    struct looked *all = arena_array(a, (size_t)h->n + 1, sizeof *all);
    for (struct stream *x = h->first; x; x = x->next)
        all[n++] = (struct looked){ x->account, arena_strdup(a, x->cookie), false };
    pthread_mutex_unlock(&h->lock);
    buf_init(&heads, 1 << 20);
    if (journal_heads(h->seat.db, &heads, &e)) digest_of(heads.p, heads.n, digest), digest_hex(digest, 12, mark);
    else *mark = '\0';
    buf_free(&heads);
    for (int i = 0; i < n; i++) {
        struct request q = asking(s, a, false, all[i].cookie);
        if (s->opt.identify(h->own, &q, "", mark, &e)) all[i].ended = q.user->account != all[i].account;
        else log_line(LOG_INFO, "stream_look", "message=\"%s\"", e.message);
    }
    pthread_mutex_lock(&h->lock);
    for (struct stream *x = h->first; x; x = x->next)
        for (int i = 0; i < n; i++)
            x->closing |= all[i].ended && all[i].account == x->account && strcmp(all[i].cookie, x->cookie) == 0;
    pthread_mutex_unlock(&h->lock);
    arena_reset(a);
}

static void *work(void *arg)
{
    struct server *s = arg;
    struct hub *h = s->hub;
    struct arena a = { 0 };
    bool stopping = false;
    for (int64_t i = 1; !stopping; i++) {
        pthread_mutex_lock(&h->lock);
        if (!h->n && !h->stopping) pthread_cond_wait(&h->wake, &h->lock);
        else if (!h->stopping) wait_ms(&h->wake, &h->lock, TURN_MS);
        stopping = h->stopping;
        pthread_mutex_unlock(&h->lock);
        if (!stopping && s->opt.identify && i % LOOK_TURNS == 0) look(s, &a);
        turn(s, i % BEAT_TURNS == 0, &a);
    }
    arena_free(&a);
    return NULL;
}

bool hub_open(struct server *s, struct err *e)
{
    struct hub *h = s->hub = mem_alloc(sizeof *h);
    pthread_mutex_init(&h->lock, NULL);
    wait_init(&h->wake);
    random_bytes(&h->boot, sizeof h->boot);
    h->open = s->opt.seat_open(s->opt.seat_arg, &h->seat, &h->own, e);
    if (!h->open) return false;
    h->threaded = pthread_create(&h->thread, NULL, work, s) == 0;
    return h->threaded || err_set(e, ERR_FULL, "no thread can be started");
}

void hub_stop(struct server *s)
{
    struct hub *h = s->hub;
    if (!h || !h->threaded) return;
    pthread_mutex_lock(&h->lock);
    h->stopping = true;
    for (struct stream *x = h->first; x; x = x->next) x->closing = true;
    pthread_cond_signal(&h->wake);
    pthread_mutex_unlock(&h->lock);
    pthread_join(h->thread, NULL);
    h->threaded = false;
}

void hub_free(struct server *s)
{
    struct hub *h = s->hub;
    if (!h) return;
    if (h->open) s->opt.seat_close(&h->seat, h->own);
    pthread_mutex_destroy(&h->lock);
    pthread_cond_destroy(&h->wake);
    free(h);
}
