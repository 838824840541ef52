/* One request into one answer, in a worker's thread. */
#include "server/inner.h"

#include "base/date.h"
#include "base/log.h"
#include "base/utf8.h"
#include "doc/pack.h"
#include "store/journal.h"

#include <strings.h>

/* Level 3 packs a page of 55 KB in 0.06 ms into 5.1 KB; 5 takes 0.15 ms for 4.6 KB. */
enum { MIN_GZIP = 860, GZIP_LEVEL = 3, MAX_URI = 8192 };

static const char *hex_of(const char *p, size_t n, struct arena *a)
{
    unsigned char digest[DIGEST_LEN];
    char hex[DIGEST_HEX];
    digest_of(p, n, digest);
    digest_hex(digest, DIGEST_LEN, hex);
    return arena_printf(a, "%.24s", hex);
}

/* The state of the store's journal, in a word; "" when it cannot be read. */
static const char *heads_of(const struct seat *seat, struct arena *a)
{
    struct buf b;
    struct err e = { .code = ERR_NONE };
    buf_init(&b, 1 << 20);
    const char *out = journal_heads(seat->db, &b, &e) ? hex_of(b.p, b.n, a) : "";
    buf_free(&b);
    return out;
}

/* What a page was made of: while the journal stands still, and it is the same day, the same address gives
 * the same person the same bytes. */
static const char *page_mark(struct server *s, const struct request *q, const char *heads,
                             const char *uri)
{
    if (!*heads || strcmp(q->method, "GET") != 0) return NULL;
    const char *of = arena_printf(q->arena, "%s\n%s\n%s\n%s\n%d\n%lld\n%s\n%d\n%d\n%s\n", heads,
        s->opt.site->version, s->assets, s->opt.site->figures_version, q->today,
        (long long)q->user->account, q->user->csrf, (int)q->scope->role, (int)q->zh, uri);
    return arena_printf(q->arena, "\"%s\"", hex_of(of, strlen(of), q->arena));
}

static void plain_text(struct response *r, int status, const char *type)
{
    r->status = status;
    r->type = type;
    r->no_store = true;
}

static void metrics(struct server *s, struct response *r)
{
    struct server_counts c = server_counts(s);
    const struct { const char *name, *kind, *help; int64_t value; } rows[] = {
        { "jiedui_requests_total", "counter", "Answers given.", c.requests },
        { "jiedui_not_modified_total", "counter", "Answers without a body: the copy is good.", c.not_modified },
        { "jiedui_client_faults_total", "counter", "Answers 400 to 499.", c.client_faults },
        { "jiedui_faults_total", "counter", "Answers 500 and above.", c.faults },
        { "jiedui_refused_total", "counter", "Requests refused because too many waited.", c.refused },
        { "jiedui_bytes_total", "counter", "Bytes of bodies.", c.bytes },
        { "jiedui_work_microseconds_total", "counter", "Time spent making answers.", c.microseconds },
        { "jiedui_waiting", "gauge", "Requests that wait for a worker.", c.waiting },
        { "jiedui_streams", "gauge", "Open streams of events.", c.streams },
        { "jiedui_working", "gauge", "Requests being worked on.", c.working },
    };
    plain_text(r, 200, "text/plain; version=0.0.4; charset=utf-8");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        buf_printf(&r->body, "# HELP %s %s\n# TYPE %s %s\n%s %lld\n", rows[i].name, rows[i].help,
                   rows[i].name, rows[i].kind, rows[i].name, (long long)rows[i].value);
}

static bool speaks_chinese(const char *accept)
{
    const char *zh = strstr(accept, "zh"), *en = strstr(accept, "en");
    return zh && (!en || zh < en);
}

/* Takes "/en" off the path; false when the address names no language. */
static bool take_language(struct request *q, const char *path)
{
    bool zh = strncmp(path, "/zh", 3) == 0;
    if (!zh && strncmp(path, "/en", 3) != 0) return false;
    if (path[3] && path[3] != '/') return false;
    q->zh = zh;
    q->path = path[3] ? path + 3 : "/";
    return true;
}

/* Fills path and parameters; false when the address is malformed. */
static bool read_uri(struct request *q, const char *uri, bool *language)
{
    size_t n = strlen(uri), mark = strcspn(uri, "?");
    if (strncmp(uri, "/api/", 5) == 0) q->path = "/api/"; /* so that a fault is told as programs read it */
    if (n > MAX_URI || *uri != '/') return false;
    char *path = arena_strndup(q->arena, uri, mark);
    if (!url_decode(path, false) || utf8_check(path, strlen(path)) != strlen(path)) return false;
    *language = take_language(q, path);
    if (!*language) {
        q->path = path;
        q->zh = speaks_chinese(q->accept_language);
    }
    return request_query(q, uri[mark] ? arena_strdup(q->arena, uri + mark + 1) : "");
}

static void go_to_language(struct request *q, struct response *r)
{
    struct buf b;
    buf_init(&b, MAX_URI * 4);
    buf_str(&b, q->zh ? "/zh" : "/en");
    for (const char *p = q->path; *p;) {
        size_t n = strcspn(p, "/");
        url_add(&b, arena_strndup(q->arena, p, n));
        p += n;
        if (*p) buf_char(&b, *p++);
    }
    if (*q->query) buf_printf(&b, "?%s", q->query);
    page_redirect(r, q->arena, b.p);
    buf_free(&b);
}

static void run_page(struct server *s, const char *heads, struct job *j, struct request *q,
                     struct answer *a)
{
    const char *mark = page_mark(s, q, heads, j->uri);
    if (mark && j->etag && strcmp(j->etag, mark) == 0) {
        a->page.status = 304;
        a->etag = mark;
        return;
    }
    if (mark && kept_get(s, mark, j->gzip, q->arena, &a->page)) {
        a->etag = mark;
        a->gzip = j->gzip;
        return;
    }
    route_run(s->opt.routes, s->opt.n_routes, q, &a->page);
    if (a->page.status == 200 && !a->page.file && !a->page.no_store) a->etag = mark;
    if (a->page.body.over) {
        log_line(LOG_ERROR, "page_too_large", "id=%lld", (long long)q->number);
        page_error(q, &a->page, 500, tr(q, "The page is too large.", "页面过大。"));
    }
}

static void squeeze(struct job *j, struct answer *a)
{
    if (!j->gzip || a->gzip || a->page.file || a->page.body.n < MIN_GZIP) return;
    struct buf small;
    buf_init(&small, a->page.body.max);
    if (pack_gzip(a->page.body.p, a->page.body.n, GZIP_LEVEL, &small)) {
        struct buf plain = a->page.body;
        a->page.body = small;
        small = plain;
        a->gzip = true;
    }
    buf_free(&small);
}

static bool is_form(const char *type)
{
    return type && strncasecmp(type, "application/x-www-form-urlencoded", 33) == 0;
}

static bool read_body(struct request *q, struct job *j)
{
    if (!j->body && !j->upload) return true;
    q->body = j->body ? j->body : "";
    q->body_n = j->body_n;
    if (j->type && strncasecmp(j->type, "multipart/form-data", 19) == 0) {
        q->upload = j->upload;
        q->upload_name = j->upload_name;
        q->upload_taken = &j->upload_taken;
        return request_read_form(q, j->body, j->body_n);
    }
    return !is_form(j->type) || request_read_form(q, j->body, j->body_n);
}

/* The service worker: under an address that stays, so that browsers find its next version, and over all
 * pages; it begins with the address of this version's assets. */
static bool worker_page(struct server *s, struct response *r)
{
    for (int i = 0; i < s->opt.n_assets; i++) {
        const struct asset_page *f = &s->opt.assets[i];
        if (strcmp(f->name, "sw.js") != 0) continue;
        r->type = f->type;
        buf_printf(&r->body, "'use strict';\nconst ASSETS = '%s';\n", s->assets);
        buf_add(&r->body, f->p, f->n);
        return true;
    }
    return false;
}

/* The addresses that are for machines, without a language. */
static bool plain_page(struct server *s, struct request *q, struct answer *a)
{
    if (strcmp(q->path, "/sw.js") == 0) return worker_page(s, &a->page);
    if (strcmp(q->path, "/health") == 0)
        plain_text(&a->page, 200, "text/plain; charset=utf-8"), buf_str(&a->page.body, "ok\n");
    else if (strcmp(q->path, "/metrics") == 0)
        metrics(s, &a->page);
    else
        return false;
    return true;
}

static void whole_answer(struct server *s, const struct seat *seat, void *own, struct job *j,
                         struct request *q, bool language, struct answer *a)
{
    struct err e = { .code = ERR_NONE };
    const char *heads = heads_of(seat, q->arena);
    if (s->opt.identify && !s->opt.identify(own, q, j->bearer ? j->bearer : "", heads, &e)) {
        page_fail(q, &a->page, &e);
        return;
    }
    if (j->bearer && *j->bearer && !q->user->account && strncmp(q->path, "/api/", 5) == 0) {
        /* Who has a token that is none any more is not shown less without a word. */
        page_error(q, &a->page, 401, tr(q, "This token is not known, or has ended.", "此令牌不存在或已失效。"));
    } else if (!language && strncmp(q->path, "/api/", 5) != 0) {
        if (q->user->language) q->zh = q->user->language == 2;
        go_to_language(q, &a->page);
    } else if (j->too_large) {
        page_error(q, &a->page, 413, tr(q, "What was sent is too large for this address.", "提交内容过大。"));
    } else if (j->upload_failed) {
        page_error(q, &a->page, 503, tr(q, "The file cannot be kept: the server's disk is full or cannot be written. "
                   "Nothing of it was kept.", "无法保存文件：服务器磁盘已满或不可写，未保留任何内容。"));
    } else if (!read_body(q, j)) {
        page_error(q, &a->page, 400, tr(q, "The form is malformed.", "表单格式有误。"));
    } else {
        run_page(s, heads, j, q, a);
    }
}

/* "VERSION" without its quotes, and without the mark of a weak one. */
static const char *unquoted(char *s)
{
    if (!s) return "";
    if (strncmp(s, "W/", 2) == 0) s += 2;
    size_t n = strlen(s);
    if (n < 2 || *s != '"' || s[n - 1] != '"') return s;
    s[n - 1] = '\0';
    return s + 1;
}

void answer_make(struct server *s, const struct seat *seat, void *own, struct job *j, struct answer *a)
{
    int64_t now = clock_now(&s->opt.clock);
    struct request q = { .method = j->method, .query = "", .path = "/", .seat = seat,
        .arena = a->arena, .number = j->number, .user = s->opt.visitor, .scope = s->opt.visitor->scope,
        .type = j->type ? j->type : "", .csrf = j->csrf ? j->csrf : "", .if_match = unquoted(j->if_match),
        .idempotency = j->idempotency ? j->idempotency : "", .cookie = j->cookie ? j->cookie : "", .body = "",
        .address = j->address, .same_site = j->same_site, .secure = j->secure, .now = now,
        .accept_language = j->language ? j->language : "",
        .today = instant_date(now, s->opt.site->zone), .background = j->background };
    bool language = false;
    response_init(&a->page);
    if (!read_uri(&q, j->uri, &language))
        page_error(&q, &a->page, 400, tr(&q, "The address is malformed.", "地址格式有误。"));
    else if (language || !plain_page(s, &q, a))
        whole_answer(s, seat, own, j, &q, language, a);
    a->shared = a->etag && scope_is_public(q.scope) && !*q.cookie && !(j->bearer && *j->bearer) && !a->page.cookie;
    a->account = q.user->account;
    a->zh = q.zh;
    bool made = a->page.status == 200 && !a->gzip;
    squeeze(j, a);
    /* A page with a name of its own to be saved under is made each time. */
    if (made && a->etag && !a->page.filename && !a->page.cookie && a->gzip == j->gzip)
        kept_put(s, a->etag, a->gzip, &a->page);
}
