/* Signing in and out, and the first administrator of a new store. */
#include "pages/parts.h"

#include <string.h>

#include "base/log.h"
#include "programme/access/demo.h"
#include "web/form.h"

/* Only a page of this server: "/en/..." or "/zh/..."; none, or the overview, is the role's own first page. */
static const char *next_page(struct request *q, const char *next)
{
    bool ours = next && (strncmp(next, "/en/", 4) == 0 || strncmp(next, "/zh/", 4) == 0) && next[4] &&
                !strpbrk(next, "\\\r\n") && !strstr(next, "//");
    return ours ? next : page_url(q, "/home");
}

/* What each role opens first: who does the day's work what waits, who oversees how things stand. */
void home_page(struct request *q, struct response *r)
{
    static const char *const homes[ROLE_N] = { [ROLE_HELPER] = "/work", [ROLE_VILLAGE] = "/work",
        [ROLE_LABOUR] = "/work", [ROLE_OFFICER] = "/", [ROLE_AUDITOR] = "/journal", [ROLE_ADMIN] = "/admin/accounts" };
    const char *home = homes[q->scope->role];
    page_redirect(r, q->arena, page_url(q, "%s", home ? home : "/"));
}

static void demo_panel(struct request *q, struct buf *b)
{
    html(b, "<section class=\"panel c6\"><h2>%s</h2><p>%s <code>%s</code></p><dl class=\"facts left\">",
         tr(q, "Accounts of the demo", "演示账号"), tr(q, "All have the password", "密码均为"), DEMO_PASSWORD);
    for (int i = 0; i < demo_count; i++)
        html(b, "<dt><code>%s</code></dt><dd>%s</dd>", demo_list[i].login,
             tr(q, demo_list[i].name, demo_list[i].name_zh));
    html_raw(b, "</dl></section>");
}

static void sign_in_form(struct request *q, struct response *r, const char *login, const char *next,
                         const char *wrong)
{
    struct buf *b = &r->body;
    const struct gate *g = q->seat->gate;
    const struct form_field fields[] = {
        { .name = "login", .label = tr(q, "Sign-in name", "登录名"), .value = login, .complete = "username",
          .required = true },
        { .name = "password", .label = tr(q, "Password", "密码"), .type = "password",
          .complete = "current-password", .required = true },
        { .name = "code", .label = tr(q, "One-time code, if you have set it up", "动态验证码（已启用时填写）"),
          .hint = tr(q, "Six digits from your phone, or a recovery code.", "手机上的六位数字，或恢复码。"),
          .complete = "one-time-code" },
    };
    r->no_store = true;
    page_begin(q, r, NAV_NONE, tr(q, "Sign in", "登录"));
    head_begin(b, tr(q, "Sign in", "登录"), NULL);
    head_end(b);
    html_raw(b, "<div class=\"grid\"><section class=\"panel c6\">");
    if (wrong) html(b, "<div class=\"errors\" role=\"alert\"><p>%s</p></div>", wrong);
    form_begin(q, b, page_url(q, "/sign-in"), "form");
    html(b, "<input type=\"hidden\" name=\"next\" value=\"%s\">", next);
    for (int i = 0; i < COUNT(fields); i++) form_input(b, &fields[i]);
    form_button(b, tr(q, "Sign in", "登录"), "btn pri");
    html_raw(b, "</section>");
    if (g && g->demo) demo_panel(q, b);
    html_raw(b, "</div>");
    page_end(q, r);
}

/* A password is not asked where others could read it on its way. */
static bool secure(struct request *q, struct response *r)
{
    if (q->secure) return true;
    page_error(q, r, 403, tr(q, "Signing in needs https: the password would go over the network in the clear.",
                             "登录须使用 https，否则密码将以明文传输。"));
    return false;
}

void sign_in_page(struct request *q, struct response *r)
{
    const char *next = next_page(q, request_param(q, "next"));
    if (q->user->account) page_redirect(r, q->arena, next);
    else if (secure(q, r)) sign_in_form(q, r, NULL, next, NULL);
}

void sign_in_post(struct request *q, struct response *r)
{
    const char *login = request_form(q, "login"), *password = request_form(q, "password");
    const char *next = next_page(q, request_form(q, "next")), *cookie = NULL;
    enum sign_in out = SIGN_IN_WRONG;
    struct err e = { .code = ERR_NONE };
    if (!secure(q, r)) return;
    if (!q->seat->gate) {
        page_error(q, r, 404, tr(q, "There is no page at this address.", "此地址没有页面。"));
        return;
    }
    if (login && password &&
        !sign_in(q, login, password, request_form(q, "code"), &out, &cookie, &e)) {
        page_fail(q, r, &e);
        return;
    }
    log_line(out == SIGN_IN_DONE ? LOG_INFO : LOG_NOTE, out == SIGN_IN_DONE ? "sign_in" : "sign_in_refused",
             "id=%lld address=%s", (long long)q->number, q->address);
    if (out == SIGN_IN_DONE) {
        r->cookie = cookie;
        page_redirect(r, q->arena, next);
    } else if (out == SIGN_IN_BUSY) {
        page_error(q, r, 503, tr(q, "Many are signing in just now. Try again in a moment.",
                                 "当前登录人数较多，请稍后再试。"));
    } else {
        sign_in_form(q, r, login, next, tr(q,
            "Name, password or code is not right, or there were too many attempts: after some wrong ones you "
            "have to wait, longer each time, up to 15 minutes.",
            "登录名、密码或验证码不正确，或尝试次数过多：多次出错后须等待，逐次加长，最长 15 分钟。"));
        r->status = 403;
    }
}

void sign_out_post(struct request *q, struct response *r)
{
    struct err e = { .code = ERR_NONE };
    if (!sign_out(q, &r->cookie, &e)) page_fail(q, r, &e);
    else page_redirect(r, q->arena, page_url(q, "/"));
}

/* --- the first administrator --- */

struct first { const struct model *mo; struct val row[ENTITY_MAX_COLUMNS + 1]; const char *password; };

static bool add_first(struct tx *tx, void *arg, struct err *e)
{
    struct first *f = arg;
    bool any = false;
    if (!accounts_any(tx_db(tx), &any, e)) return false;
    if (any) return err_set(e, ERR_CONFLICT, "there is an account already");
    return account_add(tx, f->mo, f->row, f->password, e);
}

static void set_up_form(struct request *q, struct response *r, const char *token,
                        struct form_field fields[3])
{
    struct buf *b = &r->body;
    r->no_store = true;
    page_begin(q, r, NAV_NONE, tr(q, "Set up", "初始设置"));
    head_begin(b, tr(q, "Make the first administrator", "创建首位管理员"), tr(q,
        "The administrator makes the other accounts. This page is gone once there is one.",
        "其他账号由管理员创建。创建后此页即关闭。"));
    head_end(b);
    html_raw(b, "<div class=\"grid\"><section class=\"panel c6\">");
    form_summary(q, b, fields, 3);
    form_begin(q, b, page_url(q, "/set-up"), "form");
    html(b, "<input type=\"hidden\" name=\"token\" value=\"%s\">", token);
    for (int i = 0; i < 3; i++) form_input(b, &fields[i]);
    form_button(b, tr(q, "Make the administrator", "创建管理员"), "btn pri");
    html_raw(b, "</section></div>");
    page_end(q, r);
}

/* Open only with the token that was printed at the start, and while there is no account. */
static bool set_up_open(struct request *q, struct response *r, const char *token)
{
    const struct gate *g = q->seat->gate;
    struct err e = { .code = ERR_NONE };
    bool any = true;
    if (!accounts_any(q->seat->db, &any, &e)) {
        page_fail(q, r, &e);
        return false;
    }
    if (!any && g && *g->first_run && token && secret_same(token, g->first_run)) return secure(q, r);
    page_error(q, r, 404, tr(q, "There is no page at this address.", "此地址没有页面。"));
    return false;
}

static void set_up_fields(struct request *q, struct form_field out[3])
{
    out[0] = (struct form_field){ .name = "login", .label = tr(q, "Sign-in name", "登录名"),
        .hint = tr(q, "Small letters, digits, dots and dashes.", "小写字母、数字、点或横线。"),
        .value = request_form(q, "login"), .complete = "username", .required = true };
    out[1] = (struct form_field){ .name = "name", .label = tr(q, "Your name", "姓名"),
        .value = request_form(q, "name"), .complete = "name", .required = true };
    out[2] = (struct form_field){ .name = "password", .label = tr(q, "Password", "密码"), .type = "password",
        .hint = tr(q, "At least 10 characters; a short sentence is good.", "至少 10 个字符，可用一句短语。"),
        .complete = "new-password", .required = true };
}

void set_up_page(struct request *q, struct response *r)
{
    struct form_field fields[3];
    const char *token = request_param(q, "token");
    if (!set_up_open(q, r, token)) return;
    set_up_fields(q, fields);
    set_up_form(q, r, token, fields);
}

void set_up_post(struct request *q, struct response *r)
{
    struct form_field fields[3];
    char hash[PASSWORD_TEXT];
    struct first f = { .mo = q->seat->model, .password = hash };
    struct err e = { .code = ERR_NONE };
    const char *token = request_form(q, "token"), *password = request_form(q, "password");
    if (!set_up_open(q, r, token)) return;
    set_up_fields(q, fields);
    fields[2].wrong = password_fault(q, password, fields[0].value);
    if (!fields[0].value) fields[0].wrong = tr(q, "Enter a name to sign in with.", "请填写登录名。");
    if (!fields[1].value) fields[1].wrong = tr(q, "Enter your name.", "请填写姓名。");
    f.row[ROW_DRAFT] = f.row[ROW_LOAD] = f.row[ROW_COUNTY] = val_int(0);
    f.row[ROW_FIRST + ACCOUNT_LOGIN] = val_text(fields[0].value);
    f.row[ROW_FIRST + ACCOUNT_NAME] = val_text(fields[1].value);
    f.row[ROW_FIRST + ACCOUNT_ROLE] = val_text("admin");
    f.row[ROW_FIRST + ACCOUNT_STATE] = val_text("active");
    bool ok = !fields[0].wrong && !fields[1].wrong && !fields[2].wrong;
    if (ok && !password_hash(password, hash)) {
        page_error(q, r, 503, tr(q, "No memory for the password just now.", "暂时繁忙，请稍后再试。"));
        return;
    }
    if (ok && !request_write(q, add_first, &f, &e)) {
        ok = false;
        fields[0].wrong = e.message;
    }
    if (ok && session_begin(q, f.row[ROW_ID].i, &r->cookie, &e)) {
        page_redirect(r, q->arena, page_url(q, "/home"));
        return;
    }
    set_up_form(q, r, token, fields);
    r->status = 400;
}
