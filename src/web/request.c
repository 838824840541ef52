#include "web/web.h"

#include <string.h>

#include "base/secret.h"
#include "base/utf8.h"

enum { FORM_MOST = 2000 };

void response_init(struct response *r)
{
    *r = (struct response){ .status = 200, .type = "text/html; charset=utf-8" };
    buf_init(&r->body, (size_t)32 << 20);
}

void response_free(struct response *r)
{
    buf_free(&r->body);
}

/* "a=1&b=2", in place. */
static bool split(char *at, struct web_param *out, int *n, int most)
{
    while (at && *at) {
        char *next = strchr(at, '&');
        if (next) *next++ = '\0';
        char *value = strchr(at, '=');
        if (value) *value++ = '\0';
        else value = at + strlen(at);
        if (!url_decode(at, true) || !url_decode(value, true)) return false;
        if (utf8_check(at, strlen(at)) != strlen(at) ||
            utf8_check(value, strlen(value)) != strlen(value))
            return false;
        if (*n == most) return false;
        if (*at) out[(*n)++] = (struct web_param){ at, value };
        at = next;
    }
    return true;
}

bool request_query(struct request *q, const char *query)
{
    q->query = query;
    return split(arena_strdup(q->arena, query), q->param, &q->n_param, WEB_PARAMS);
}

const char *request_param(const struct request *q, const char *name)
{
    for (int i = 0; i < q->n_param; i++)
        if (strcmp(q->param[i].name, name) == 0 && *q->param[i].value) return q->param[i].value;
    return NULL;
}

const char *request_form(const struct request *q, const char *name)
{
    for (int i = 0; i < q->n_form; i++)
        if (strcmp(q->form[i].name, name) == 0 && *q->form[i].value) return q->form[i].value;
    return NULL;
}

bool request_read_form(struct request *q, const char *body, size_t n)
{
    int most = 1;
    for (size_t i = 0; i < n; i++) most += body[i] == '&';
    if (memchr(body, '\0', n) || most > FORM_MOST) return false;
    q->form = arena_array(q->arena, (size_t)most, sizeof *q->form);
    return split(arena_strndup(q->arena, body, n), q->form, &q->n_form, most);
}

struct as_user { tx_fn *fn; void *arg; int64_t account; };

static bool write_as(struct tx *tx, void *arg, struct err *e)
{
    const struct as_user *w = arg;
    row_actor(tx, w->account);
    return w->fn(tx, w->arg, e);
}

bool request_write(struct request *q, tx_fn *fn, void *arg, struct err *e)
{
    struct as_user w = { fn, arg, q->user->account };
    if (q->user->reads_only)
        return err_set(e, ERR_FORBIDDEN, "%s", tr(q, "this token may only read", "此令牌只可读取"));
    if (q->seat->writer) return writer_run(q->seat->writer, write_as, &w, e);
    return store_write(db_store(q->seat->db), write_as, &w, e);
}

bool route_match(const char *pattern, const char *path, const char *capture[WEB_CAPTURES],
                 struct arena *a)
{
    int n = 0;
    while (*pattern && *path) {
        if (*pattern == ':') {
            size_t len = strcspn(path, "/");
            if (len == 0 || n == WEB_CAPTURES) return false;
            capture[n++] = arena_strndup(a, path, len);
            path += len;
            pattern += strcspn(pattern, "/");
        } else if (*pattern++ != *path++) {
            return false;
        }
    }
    return !*pattern && !*path;
}

bool who_open(uint32_t who, const struct user *u)
{
    enum role role = u->scope->role;
    return role == ROLE_ADMIN || (who >> role & 1);
}

/* Sent from a page of ours, by whoever has the session; a token is sent by hand. */
static bool genuine(const struct request *q)
{
    const char *given = request_form(q, "csrf");
    if (q->user->token) return true;
    if (!q->same_site) return false;
    if (!*q->user->csrf) return true;
    if (!given) given = q->csrf;
    return given && secret_same(given, q->user->csrf);
}

static void refuse(struct request *q, struct response *r)
{
    bool api = strncmp(q->path, "/api/", 5) == 0;
    if (q->user->account)
        page_error(q, r, 403, tr(q, "Your role does not open this page.", "您的角色无权打开此页。"));
    else if (api)
        page_error(q, r, 401, tr(q, "This needs a token or a session.", "需要令牌或登录。"));
    else
        page_redirect(r, q->arena, page_url(q, "/sign-in?next=%s", url_part(q->arena,
                      page_url(q, "%s%s%s", q->path, *q->query ? "?" : "", q->query))));
}

/* "GET, HEAD, POST": of the routes of this address. */
static const char *methods_of(const struct route *routes, int n, const struct request *q)
{
    const char *capture[WEB_CAPTURES], *out = "";
    for (int i = 0; i < n; i++)
        if (route_match(routes[i].pattern, q->path, capture, q->arena) && !strstr(out, routes[i].method))
            out = arena_printf(q->arena, "%s%s%s", out, *out ? ", " : "", strcmp(routes[i].method, "GET") == 0
                               ? "GET, HEAD" : routes[i].method);
    return out;
}

static void run_route(const struct route *route, struct request *q, struct response *r)
{
    if (!who_open(route->who, q->user)) refuse(q, r);
    else if (q->user->token && strncmp(q->path, "/api/", 5) != 0)
        page_error(q, r, 403, tr(q, "A token opens /api/ alone.", "令牌只用于 /api/。"));
    else if (strcmp(route->method, "GET") != 0 && !genuine(q))
        page_error(q, r, 403, tr(q, "This form was not sent from a page of this server, or your "
                   "session has ended. Open the page again.",
                   "此表单不是从本站页面提交的，或会话已结束，请重新打开页面。"));
    else route->run(q, r);
}

void route_run(const struct route *routes, int n, struct request *q, struct response *r)
{
    const char *method = strcmp(q->method, "HEAD") == 0 ? "GET" : q->method, *others;
    for (int i = 0; i < n; i++) {
        if (strcmp(routes[i].method, method) != 0) continue;
        if (!route_match(routes[i].pattern, q->path, q->capture, q->arena)) continue;
        run_route(&routes[i], q, r);
        return;
    }
    others = methods_of(routes, n, q);
    if (!*others) {
        page_error(q, r, 404, tr(q, "There is no page at this address.", "此地址没有页面。"));
        return;
    }
    if (strcmp(method, "OPTIONS") == 0) r->status = 204;
    else page_error(q, r, 405, tr(q, "This address takes another method.", "此地址不接受该方法。"));
    r->allow = others;
}
