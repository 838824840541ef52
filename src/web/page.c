/* The frame of every page: head, masthead, search, main, foot. */
#include "web/web.h"

#include <string.h>

#include "base/json.h"
#include "base/log.h"

struct nav_row { enum page_nav nav; uint32_t who; const char *path, *en, *zh; };
static const struct nav_row nav_rows[] = {
    { NAV_OVERVIEW, WHO_LOOKS, "/", "Overview", "总览" },
    { NAV_WORK, WHO_SIGNED_IN, "/work", "Work", "待办" },
    { NAV_HOUSEHOLDS, 1 << ROLE_VILLAGE, "/households", "Households", "农户" },
    { NAV_CLAIMS, WHO_LOOKS & ~(1 << ROLE_VILLAGE), "/claims", "Claims", "对账" },
    { NAV_FIGURES, WHO_LOOKS, "/figures", "Figures", "指标" },
    { NAV_RELEASES, 1 << ROLE_PUBLIC, "/releases", "Releases", "发布" },
    { NAV_FLOW, 1 << ROLE_PUBLIC | 1 << ROLE_OFFICER | 1 << ROLE_AUDITOR, "/flow", "Money trail", "资金去向" },
    { NAV_MAP, WHO_LOOKS, "/map", "Map", "地图" },
    { NAV_PLACES, WHO_LOOKS, "/places", "Places", "地区" },
    { NAV_RECORDS, WHO_LOOKS, "/records", "Records", "记录" },
    { NAV_IMPORT, WHO_WRITES, "/imports", "Import", "导入" },
    { NAV_ADMIN, WHO_MANAGES, "/admin/accounts", "Accounts", "账号" },
};
enum { NAV_N = sizeof nav_rows / sizeof *nav_rows };

const char *page_url(const struct request *q, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *rest = arena_vprintf(q->arena, fmt, ap);
    va_end(ap);
    return arena_printf(q->arena, "/%s%s", q->zh ? "zh" : "en", rest);
}

bool query_is_page(const char *name)
{
    static const char *const names[] = { "after", "before", "from_row", "start", "last", "of" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0) return true;
    return strncmp(name, "add.", 4) == 0;
}

static void add_param(struct buf *b, const char *name, const char *value)
{
    buf_char(b, b->n ? '&' : '?');
    url_add(b, name);
    buf_char(b, '=');
    url_add(b, value);
}

/* Without the parameters of a name, or the one of that number. */
static const char *query_text(const struct request *q, const char *without, int number, const char *name,
                              const char *value)
{
    struct buf b;
    buf_init(&b, (size_t)1 << 20);
    for (int i = 0; i < q->n_param; i++) {
        const struct web_param *p = &q->param[i];
        if (!*p->value || query_is_page(p->name) || i == number || (without && !strcmp(p->name, without))) continue;
        add_param(&b, p->name, p->value);
    }
    if (name && value) add_param(&b, name, value);
    const char *out = arena_strndup(q->arena, b.n ? b.p : "", b.n);
    buf_free(&b);
    return out;
}

const char *page_query(const struct request *q, const char *name, const char *value)
{
    return query_text(q, name, -1, name, value);
}

const char *page_query_param(const struct request *q, int number, const char *name, const char *value)
{
    return query_text(q, NULL, number, name, value);
}

static void nav_links(struct request *q, struct buf *b, enum page_nav nav, const char *open,
                      const char *close)
{
    for (int i = 0; i < NAV_N; i++) {
        if (!who_open(nav_rows[i].who, q->user)) continue;
        html_raw(b, open);
        html(b, "<a href=\"%s\"", page_url(q, "%s", nav_rows[i].path));
        if (nav_rows[i].nav == nav) html_raw(b, " aria-current=\"page\"");
        html(b, ">%s</a>", tr(q, nav_rows[i].en, nav_rows[i].zh));
        html_raw(b, close);
    }
}

/* The easy-reading size: on the account's page, or in the address. */
static bool large_text(const struct request *q)
{
    const char *size = request_param(q, "size");
    return size ? strcmp(size, "large") == 0 : q->user->large;
}

/* What keeps records on the phone: for who works away from the network, and where they sign in again. */
static void outbox_script(struct request *q, struct buf *b)
{
    if (!who_open(WHO_AWAY, q->user) && strcmp(q->path, "/sign-in") != 0) return;
    html(b, "<script src=\"%s/outbox.js\" defer data-account=\"%s\" data-login=\"%s\"></script>",
         q->seat->site->assets, q->user->account ? arena_printf(q->arena, "%lld", (long long)q->user->account) : "",
         q->user->login);
    html(b, "<link rel=\"manifest\" href=\"%s/jiedui.webmanifest\"><link rel=\"apple-touch-icon\" "
         "href=\"%s/icon.png\">", q->seat->site->assets, q->seat->site->assets);
}

static void head(struct request *q, struct buf *b, int refresh, const char *title)
{
    const char *assets = q->seat->site->assets;
    html(b, "<!doctype html><html lang=\"%s\" class=\"%s\"><head><meta charset=\"utf-8\">"
         "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
         "<title>%s – %s</title>", q->zh ? "zh-Hans" : "en",
         large_text(q) ? "large" : "usual", title, tr(q, "Jiedui", "结对"));
    html(b, "<link rel=\"stylesheet\" href=\"%s/jiedui.css\"><link rel=\"icon\" href=\"%s/icon.svg\">"
         "<meta name=\"theme-color\" content=\"#1c2b5e\">"
         "<link rel=\"alternate\" hreflang=\"%s\" href=\"/%s%s\">"
         "<script src=\"%s/jiedui.js\" defer></script>", assets, assets,
         q->zh ? "en" : "zh-Hans", q->zh ? "en" : "zh", q->path, assets);
    if (refresh) html(b, "<noscript><meta http-equiv=\"refresh\" content=\"%d\"></noscript>", refresh);
    outbox_script(q, b);
    html_raw(b, "</head><body>");
    html(b, "<a class=\"skip\" href=\"#main\">%s</a>", tr(q, "Skip to content", "跳到正文"));
}

static const char logo[] =
    "<svg width=\"30\" height=\"22\" viewBox=\"0 0 30 22\" aria-hidden=\"true\">"
    "<path d=\"M2 16C8 16 9 6 15 6s7 10 13 10\" fill=\"none\" stroke=\"#fff\" stroke-width=\"3\" "
    "stroke-linecap=\"round\"/><path d=\"M2 6c6 0 7 10 13 10\" fill=\"none\" stroke=\"#ffd22e\" "
    "stroke-width=\"3\" stroke-linecap=\"round\"/><path d=\"M19.500 12.200C21.400 9 23.200 6 28 6\" "
    "fill=\"none\" stroke=\"#ffd22e\" stroke-width=\"3\" stroke-linecap=\"round\"/></svg>";

/* The same page in the other language, its query kept. */
static void language_link(struct request *q, struct buf *b)
{
    html(b, "<a class=\"lang\" href=\"/%s%s%s%s\" hreflang=\"%s\" lang=\"%s\">%s</a>",
         q->zh ? "en" : "zh", q->path, *q->query ? "?" : "", q->query, q->zh ? "en" : "zh-Hans",
         q->zh ? "en" : "zh-Hans", q->zh ? "English" : "中文");
}

/* Whose session it is, or the way to one. */
static void who_link(struct request *q, struct buf *b)
{
    if (q->user->account)
        html(b, "<a class=\"who\" href=\"%s\">%s</a>", page_url(q, "/me"), q->user->name);
    else
        html(b, "<a class=\"who\" href=\"%s\">%s</a>", page_url(q, "/sign-in"), tr(q, "Sign in", "登录"));
}

static void search_box(struct request *q, struct buf *b)
{
    const char *typed = strcmp(q->path, "/search") == 0 ? request_param(q, "q") : NULL;
    html(b, "<form class=\"find\" role=\"search\" action=\"%s\"><label class=\"vh\" for=\"find\">%s"
         "</label><input type=\"search\" id=\"find\" name=\"q\" value=\"%s\" placeholder=\"%s\" "
         "autocomplete=\"off\"><button type=\"submit\">%s</button></form>",
         page_url(q, "/search"), tr(q, "Find a place or an organisation", "查找地区或单位"),
         typed, tr(q, "Place or organisation", "地区或单位"), tr(q, "Find", "查找"));
}

void page_begin(struct request *q, struct response *r, enum page_nav nav, const char *title)
{
    struct buf *b = &r->body;
    head(q, b, r->refresh, title);
    html(b, "<header class=\"mast\"><div class=\"wrap\"><a class=\"mark\" href=\"%s\">",
         page_url(q, "/"));
    html_raw(b, logo);
    html(b, "<span>%s</span></a><nav class=\"nav\" aria-label=\"%s\">", tr(q, "Jiedui", "结对"),
         tr(q, "Main", "主导航"));
    nav_links(q, b, nav, "", "");
    html_raw(b, "</nav>");
    language_link(q, b);
    who_link(q, b);
    html(b, "<details class=\"menu\"><summary>%s</summary><ul>", tr(q, "Menu", "菜单"));
    nav_links(q, b, nav, "<li>", "</li>");
    html_raw(b, "</ul></details>");
    search_box(q, b);
    html_raw(b, "</div></header>");
    if (q->seat->site->demo)
        html(b, "<aside class=\"demo-line\" aria-label=\"%s\"><p class=\"wrap\">"
             "<span class=\"tag demo\">%s</span> %s <a href=\"%s\">%s</a></p></aside>",
             tr(q, "About the data", "数据说明"), tr(q, "Example data", "示例数据"),
             tr(q, "Facts restated from press reports of 2020, beside households and money that are made up.",
                "据 2020 年公开报道转录；农户与资金账为虚构。"), page_url(q, "/tour"), tr(q, "A short tour",
                        "导览"));
    html_raw(b, "<main id=\"main\" tabindex=\"-1\"><div class=\"wrap\">");
    /* On paper: whose view it is, and of which day. */
    html(b, "<p class=\"paper small\">%s · %s · %s</p>", tr(q, "Jiedui", "结对"),
         q->user->account ? q->user->name : tr(q, "Public view", "公开视图"), date_text(q, q->today, false));
}

void page_end(struct request *q, struct response *r)
{
    struct buf *b = &r->body;
    const struct site *s = q->seat->site;
    html(b, "</div></main><footer class=\"foot-line\"><div class=\"wrap\"><span>%s %s</span>"
         "<span>%s <code>%s</code></span><span>%s</span></div></footer></body></html>",
         tr(q, "Jiedui", "结对"), s->version, tr(q, "Figure definitions", "指标定义版本"),
         s->figures_version,
         q->scope->role <= ROLE_PUBLIC
             ? tr(q, "Public view: nothing personal is shown", "公开视图，不显示个人信息")
             : tr(q, "Personal fields are masked", "个人信息已遮蔽"));
}

void page_error(struct request *q, struct response *r, int status, const char *message)
{
    static const struct { int status; const char *en, *zh; } names[] = {
        { 400, "This cannot be answered", "无法处理此请求" }, { 401, "Sign in first", "请先登录" },
        { 403, "Not open to you", "无权查看" },
        { 404, "Not found", "未找到" }, { 405, "Wrong method", "方法不对" },
        { 413, "Too much at once", "内容过大" }, { 429, "Too many attempts", "尝试次数过多" },
        { 409, "It has changed meanwhile", "内容已变动" },
        { 412, "It has changed meanwhile", "内容已变动" },
        { 415, "Not a kind of content for here", "内容类型不符" }, { 428, "Which version?", "缺少版本" },
        { 503, "Busy just now", "暂时繁忙" },
    };
    const char *title = tr(q, "Something is wrong on our side", "系统出错");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].status == status) title = tr(q, names[i].en, names[i].zh);
    buf_clear(&r->body);
    r->status = status;
    r->file = NULL;
    if (strncmp(q->path, "/api/", 5) == 0) {
        struct json_out j;
        r->type = "application/problem+json";
        json_start(&j, &r->body);
        json_object(&j);
        json_key(&j, "title");
        json_str(&j, title);
        json_key(&j, "status");
        json_int(&j, status);
        json_key(&j, "detail");
        json_str(&j, message);
        json_end_object(&j);
        return;
    }
    r->type = "text/html; charset=utf-8";
    page_begin(q, r, NAV_NONE, title);
    html(&r->body, "<div class=\"head\"><div><h1>%s</h1><p class=\"lede\">%s</p></div></div>"
         "<p class=\"acts after\"><a class=\"btn\" href=\"%s\">%s</a></p>", title, message,
         page_url(q, "/"), tr(q, "Go to the overview", "回到总览"));
    page_end(q, r);
}

int page_status(enum err_code code)
{
    switch (code) {
    case ERR_USAGE: case ERR_INVALID: return 400;
    case ERR_NOT_FOUND: return 404;
    case ERR_FORBIDDEN: return 403;
    case ERR_CONFLICT: return 409;
    case ERR_BUSY: case ERR_FULL: case ERR_UNKNOWN: return 503;
    default: return 500;
    }
}

void page_fail(struct request *q, struct response *r, const struct err *e)
{
    int status = page_status(e->code);
    if (status == 500)
        log_line(LOG_ERROR, "fault", "id=%lld message=\"%s\"", (long long)q->number, e->message);
    /* What went wrong inside is for the log, by the request's number. */
    const char *message = status == 500
        ? arena_printf(q->arena, tr(q, "The request has the number %lld in the server's log.",
                                    "服务器日志中的请求编号为 %lld。"), (long long)q->number)
        : e->message;
    page_error(q, r, status, message);
}

void page_redirect(struct response *r, struct arena *a, const char *location)
{
    r->status = 303;
    r->location = arena_strdup(a, location);
}
