#include "web/web.h"

#include <string.h>

#include "base/utf8.h"

void response_init(struct response *r)
{
    *r = (struct response){ .status = 200, .type = "text/html; charset=utf-8" };
    buf_init(&r->body, (size_t)32 << 20);
}

void response_free(struct response *r)
{
    buf_free(&r->body);
}

bool request_query(struct request *q, const char *query)
{
    q->query = query;
    char *at = arena_strdup(q->arena, query);
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
        if (q->n_param == WEB_PARAMS) return false;
        if (*at) q->param[q->n_param++] = (struct web_param){ at, value };
        at = next;
    }
    return true;
}

const char *request_param(const struct request *q, const char *name)
{
    for (int i = 0; i < q->n_param; i++)
        if (strcmp(q->param[i].name, name) == 0 && *q->param[i].value) return q->param[i].value;
    return NULL;
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

void route_run(const struct route *routes, int n, struct request *q, struct response *r)
{
    const char *method = strcmp(q->method, "HEAD") == 0 ? "GET" : q->method;
    bool other = false;
    for (int i = 0; i < n; i++) {
        if (!route_match(routes[i].pattern, q->path, q->capture, q->arena)) continue;
        if (strcmp(routes[i].method, method) != 0) {
            other = true;
            continue;
        }
        if (routes[i].least == VIEWER_NONE || q->viewer < routes[i].least)
            page_error(q, r, 403, tr(q, "This page is not public.", "此页不公开。"));
        else
            routes[i].run(q, r);
        return;
    }
    if (other)
        page_error(q, r, 405, tr(q, "This address takes another method.", "此地址不接受该方法。"));
    else
        page_error(q, r, 404, tr(q, "There is no page at this address.", "此地址没有页面。"));
}
