/* One's own account: language and size, password, second step, sessions, tokens. */
#include "pages/parts.h"

#include <string.h>

#include "doc/qr.h"
#include "programme/access/access.h"
#include "web/form.h"

enum { TOKEN_DAYS = 366 };

static const char *role_name(const struct request *q, enum role role)
{
    return tr(q, role_rights[role].en, role_rights[role].zh);
}

static void who_panel(struct request *q, struct buf *b)
{
    const struct scope *s = q->scope;
    html(b, "<section class=\"panel\"><h2>%s</h2><dl class=\"facts left\"><dt>%s</dt><dd><code>%s</code></dd>"
         "<dt>%s</dt><dd>%s</dd><dt>%s</dt><dd>", tr(q, "Who you are here", "账号信息"),
         tr(q, "Sign-in name", "登录名"), q->user->login, tr(q, "Role", "角色"), role_name(q, s->role),
         tr(q, "You see", "可见范围"));
    if (s->everywhere) html(b, "%s", tr(q, "all places", "全部地区"));
    else if (s->place) html(b, "%s", place_full(q, s->place));
    else if (!s->ranges && !s->orgs) html(b, "%s", tr(q, "nothing yet: ask the administrator", "尚无范围，请联系管理员"));
    else
        html(b, "%s", arena_printf(q->arena, tr(q, "what your organisation did (%d units), and %d places it is "
             "paired with", "本单位（%d 个）的记录及其结对地区（%d 处）"), s->orgs, s->ranges));
    html_raw(b, "</dd></dl>");
    html(b, "<p><a href=\"%s\">%s</a></p>", page_url(q, "/tasks"), tr(q, "Your tasks", "我的任务"));
    form_act(q, b, page_url(q, "/sign-out"), NULL, NULL, tr(q, "Sign out", "退出登录"), "btn");
    html_raw(b, "</section>");
}

static void preference_panel(struct request *q, struct buf *b)
{
    const struct form_choice languages[] = { { "0", tr(q, "as the browser says", "跟随浏览器") },
                                             { "1", "English" }, { "2", "中文" } };
    const struct form_field language = { .name = "language", .label = tr(q, "Language", "语言"),
        .value = arena_printf(q->arena, "%d", q->user->language) };
    html(b, "<section class=\"panel\"><h2>%s</h2>", tr(q, "Reading", "阅读"));
    form_begin(q, b, page_url(q, "/me/preferences"), "form");
    form_select(b, &language, languages, COUNT(languages));
    form_check(b, "large", tr(q, "Large text", "大字版"), q->user->large);
    form_button(b, tr(q, "Save", "保存"), "btn");
    html_raw(b, "</section>");
}

static void password_panel(struct request *q, struct buf *b, const struct form_field *given)
{
    struct form_field fields[2] = {
        { .name = "now", .label = tr(q, "Password now", "当前密码"), .type = "password",
          .complete = "current-password", .required = true },
        { .name = "new", .label = tr(q, "New password", "新密码"), .type = "password",
          .hint = tr(q, "At least 10 characters; a short sentence is good.", "至少 10 个字符，可用一句短语。"),
          .complete = "new-password", .required = true },
    };
    for (int i = 0; given && i < 2; i++) fields[i].wrong = given[i].wrong;
    html(b, "<section class=\"panel\"><h2>%s</h2>", tr(q, "Password", "密码"));
    form_summary(q, b, fields, 2);
    form_begin(q, b, page_url(q, "/me/password"), "form");
    for (int i = 0; i < 2; i++) form_input(b, &fields[i]);
    form_button(b, tr(q, "Change the password", "修改密码"), "btn");
    html_raw(b, "</section>");
}

static bool step_panel(struct request *q, struct buf *b, struct err *e)
{
    struct credential c;
    bool found = false;
    int64_t left = 0;
    if (!credential_get(q->seat->db, q->user->account, &c, &found, e) ||
        !recovery_left(q->seat->db, q->user->account, &left, e))
        return false;
    html(b, "<section class=\"panel\"><h2>%s</h2>", tr(q, "One-time code", "动态验证码"));
    if (c.has_totp) {
        html(b, "<p>%s</p>", arena_printf(q->arena, tr(q, "On. %lld recovery codes are left.",
             "已启用，剩余恢复码 %lld 个。"), (long long)left));
        const struct form_field now = { .name = "now", .label = tr(q, "Password now", "当前密码"),
            .type = "password", .complete = "current-password", .required = true };
        form_begin(q, b, page_url(q, "/me/code-off"), "form");
        form_input(b, &now);
        form_button(b, tr(q, "Turn it off", "停用"), "btn");
    } else {
        html(b, "<p>%s</p><p class=\"acts after\"><a class=\"btn\" href=\"%s\">%s</a></p>",
             tr(q, "A code from your phone, besides the password. It keeps out who has only learnt the password.",
                "除密码外再输入手机上的验证码，密码泄露时也能保护账号。"),
             page_url(q, "/me/code"), tr(q, "Set it up", "启用"));
    }
    html_raw(b, "</section>");
    secret_wipe(&c, sizeof c);
    return true;
}

struct lines { struct request *q; struct buf *b; int n; };

static bool session_line(void *arg, const struct session_row *s, struct err *e)
{
    struct lines *l = arg;
    (void)e;
    html(l->b, "<li><time>%s</time><span>%s%s</span></li>", instant_text(l->q, s->seen), s->address,
         s->current ? tr(l->q, ", this one", "（当前）") : "");
    l->n++;
    return true;
}

static bool sessions_panel(struct request *q, struct buf *b, struct err *e)
{
    struct lines l = { q, b, 0 };
    html(b, "<section class=\"panel\"><h2>%s</h2><p class=\"hint\">%s</p><ul class=\"tl\">",
         tr(q, "Where you are signed in", "登录会话"),
         tr(q, "A session ends after an hour without use, and after twelve hours.", "闲置一小时或满十二小时自动退出。"));
    if (!sessions_of(q, session_line, &l, e)) return false;
    html_raw(b, "</ul>");
    form_act(q, b, page_url(q, "/me/sign-out-everywhere"), NULL, NULL, tr(q, "Sign out everywhere", "全部退出"),
             "btn");
    html_raw(b, "</section>");
    return true;
}

static bool token_line(void *arg, const struct token_row *t, struct err *e)
{
    struct lines *l = arg;
    struct request *q = l->q;
    (void)e;
    html(l->b, "<li><span>%s %s<br><span class=\"muted\">%s</span></span>", t->name,
         t->reads_only ? tr(q, "(reads only)", "（只读）") : "", arena_printf(q->arena,
         tr(q, "until %s", "有效至 %s"), instant_text(q, t->until)));
    form_act(q, l->b, page_url(q, "/me/token-off"), "token", arena_printf(q->arena, "%lld", (long long)t->id),
             arena_printf(q->arena, tr(q, "Revoke %s", "撤销%s"), t->name), "btn sm");
    html_raw(l->b, "</li>");
    l->n++;
    return true;
}

static bool tokens_panel(struct request *q, struct buf *b, const char *fresh, struct err *e)
{
    struct lines l = { q, b, 0 };
    const struct form_field fields[] = {
        { .name = "name", .label = tr(q, "What for", "用途"), .required = true },
        { .name = "days", .label = tr(q, "Days until it ends", "有效天数"), .value = "90", .required = true },
    };
    html(b, "<section class=\"panel\"><h2>%s</h2><p class=\"hint\">%s</p>", tr(q, "Tokens for programs", "程序令牌"),
         tr(q, "A program sends it as Authorization: Bearer TOKEN. It sees what you see.",
            "程序以 Authorization: Bearer 令牌 的形式使用，可见范围与您相同。"));
    html(b, "<p><a href=\"%s\">%s</a></p>", page_url(q, "/interface"), tr(q, "What programs may ask, with examples",
                                                                          "程序可以调用什么，附示例"));
    if (fresh)
        html(b, "<p class=\"note-line ok\" role=\"status\">%s <code>%s</code></p>",
             tr(q, "Copy it now, it is not shown again:", "请立即复制，不会再次显示："), fresh);
    html_raw(b, "<ul class=\"tokens\">");
    if (!tokens_list(q->seat->db, q->user->account, token_line, &l, e)) return false;
    html_raw(b, "</ul>");
    form_begin(q, b, page_url(q, "/me/tokens"), "form");
    for (int i = 0; i < COUNT(fields); i++) form_input(b, &fields[i]);
    form_check(b, "reads", tr(q, "May only read", "只读"), true);
    form_button(b, tr(q, "Make a token", "生成令牌"), "btn");
    html_raw(b, "</section>");
    return true;
}

struct shown { const char *note, *kind, *token; const struct form_field *password; int status; };

static void me(struct request *q, struct response *r, const struct shown *x)
{
    struct buf *b = &r->body;
    struct err e = { .code = ERR_NONE };
    r->no_store = true;
    if (x->status) r->status = x->status;
    page_begin(q, r, NAV_NONE, tr(q, "Your account", "我的账号"));
    head_begin(b, q->user->name, tr(q, "Your account", "我的账号"));
    head_end(b);
    if (x->note) form_note(b, x->kind, x->note);
    html_raw(b, "<div class=\"grid\"><div class=\"c6 side\">");
    who_panel(q, b);
    preference_panel(q, b);
    password_panel(q, b, x->password);
    html_raw(b, "</div><div class=\"c6 side\">");
    bool ok = step_panel(q, b, &e) && sessions_panel(q, b, &e) && tokens_panel(q, b, x->token, &e);
    html_raw(b, "</div></div>");
    if (ok) page_end(q, r);
    else page_fail(q, r, &e);
}

void me_page(struct request *q, struct response *r)
{
    me(q, r, &(struct shown){ .note = request_param(q, "saved") ? tr(q, "Saved.", "已保存。") : NULL,
                              .kind = "ok" });
}

/* --- what its forms do --- */

struct doing { struct request *q; const char *hash; const unsigned char *secret; int64_t step, id;
               int language; bool large; char (*codes)[RECOVERY_TEXT]; };

static bool do_preferences(struct tx *tx, void *arg, struct err *e)
{
    const struct doing *d = arg;
    return preference_set(tx, d->q->user->account, d->language, d->large, e);
}

static bool do_password(struct tx *tx, void *arg, struct err *e)
{
    const struct doing *d = arg;
    return password_set(tx, d->q->user->account, d->hash, d->q->user->account, e);
}

static bool do_code(struct tx *tx, void *arg, struct err *e)
{
    const struct doing *d = arg;
    return totp_set(tx, d->q->user->account, d->secret, d->step, d->codes, d->q->user->account, e);
}

static bool do_code_off(struct tx *tx, void *arg, struct err *e)
{
    const struct doing *d = arg;
    return totp_reset(tx, d->q->user->account, d->q->user->account, e);
}

static bool do_everywhere(struct tx *tx, void *arg, struct err *e)
{
    const struct doing *d = arg;
    return sessions_end(tx, d->q->user->account, e);
}

static bool do_token_off(struct tx *tx, void *arg, struct err *e)
{
    const struct doing *d = arg;
    return token_drop(tx, d->id, d->q->user->account, e);
}

void me_preferences(struct request *q, struct response *r)
{
    const char *language = request_form(q, "language");
    struct doing d = { .q = q, .language = language ? *language - '0' : 0, .large = request_form(q, "large") };
    struct err e = { .code = ERR_NONE };
    if (d.language < 0 || d.language > 2) d.language = 0;
    if (!request_write(q, do_preferences, &d, &e)) {
        page_fail(q, r, &e);
        return;
    }
    if (d.language) q->zh = d.language == 2;
    page_redirect(r, q->arena, page_url(q, "/me?saved=1"));
}

static const char *wrong_password(const struct request *q)
{
    return tr(q, "This is not your password, or there were too many attempts.", "密码不正确，或尝试次数过多。");
}

/* The password is asked again before it, or the second step, is changed. */
static bool confirmed(struct request *q, struct response *r, bool *good)
{
    enum sign_in out;
    struct err e = { .code = ERR_NONE };
    *good = false;
    if (!q->seat->gate) return true;
    if (!password_check(q, request_form(q, "now"), &out, &e)) {
        page_fail(q, r, &e);
        return false;
    }
    *good = out == SIGN_IN_DONE;
    return true;
}

void me_password(struct request *q, struct response *r)
{
    struct form_field wrong[2] = { { .name = "now" }, { .name = "new" } };
    char hash[PASSWORD_TEXT];
    struct doing d = { .q = q, .hash = hash };
    struct err e = { .code = ERR_NONE };
    bool good;
    if (!confirmed(q, r, &good)) return;
    if (!good) wrong[0].wrong = wrong_password(q);
    wrong[1].wrong = password_fault(q, request_form(q, "new"), q->user->login);
    if (wrong[0].wrong || wrong[1].wrong) {
        me(q, r, &(struct shown){ .password = wrong, .status = 400 });
        return;
    }
    /* Every session ends; this one begins anew. */
    if (!password_hash(request_form(q, "new"), hash) || !request_write(q, do_password, &d, &e) ||
        !session_begin(q, q->user->account, &r->cookie, &e))
        page_fail(q, r, &e);
    else
        page_redirect(r, q->arena, page_url(q, "/me?saved=1"));
}

void me_everywhere(struct request *q, struct response *r)
{
    struct doing d = { .q = q };
    struct err e = { .code = ERR_NONE };
    if (!request_write(q, do_everywhere, &d, &e)) page_fail(q, r, &e);
    else page_redirect(r, q->arena, page_url(q, "/sign-in"));
}

void me_tokens(struct request *q, struct response *r)
{
    const char *name = request_form(q, "name"), *days = request_form(q, "days");
    char token[SECRET_TEXT];
    struct err e = { .code = ERR_NONE };
    long n = days ? strtol(days, NULL, 10) : 0;
    if (!name || strlen(name) > 80 || n < 1 || n > TOKEN_DAYS)
        me(q, r, &(struct shown){ .kind = "err", .status = 400, .note = tr(q,
            "A token needs to say what it is for, and ends after 1 to 366 days.",
            "请填写令牌用途，有效期为 1 至 366 天。") });
    else if (!token_make(q, name, request_form(q, "reads") != NULL, (int)n, token, &e))
        page_fail(q, r, &e);
    else
        me(q, r, &(struct shown){ .token = token });
}

void me_token_off(struct request *q, struct response *r)
{
    const char *id = request_form(q, "token");
    struct doing d = { .q = q, .id = id ? strtoll(id, NULL, 10) : 0 };
    struct err e = { .code = ERR_NONE };
    if (!request_write(q, do_token_off, &d, &e)) page_fail(q, r, &e);
    else page_redirect(r, q->arena, page_url(q, "/me?saved=1"));
}

/* --- the second step --- */

static bool unbase32(const char *s, unsigned char out[TOTP_SECRET])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    if (!s || strlen(s) != TOTP_BASE32 - 1) return false;
    for (int i = 0; i < TOTP_SECRET / 5; i++) {
        uint64_t bits = 0;
        for (int k = 0; k < 8; k++) {
            const char *at = strchr(letters, s[i * 8 + k]);
            if (!at) return false;
            bits = bits << 5 | (uint64_t)(at - letters);
        }
        for (int k = 0; k < 5; k++) out[i * 5 + k] = (unsigned char)(bits >> (32 - 8 * k) & 255);
    }
    return true;
}

static void code_form(struct request *q, struct response *r, const unsigned char secret[TOTP_SECRET],
                      const char *wrong_now, const char *wrong_code)
{
    struct buf *b = &r->body;
    struct err e = { .code = ERR_NONE };
    char base32[TOTP_BASE32];
    const struct form_field fields[] = {
        { .name = "code", .label = tr(q, "The six digits it shows now", "当前显示的六位数字"),
          .complete = "one-time-code", .wrong = wrong_code, .required = true },
        { .name = "now", .label = tr(q, "Your password", "当前密码"), .type = "password",
          .complete = "current-password", .wrong = wrong_now, .required = true },
    };
    totp_base32(secret, base32);
    r->no_store = true;
    page_begin(q, r, NAV_NONE, tr(q, "One-time code", "动态验证码"));
    head_begin(b, tr(q, "Set up the one-time code", "启用动态验证码"), tr(q,
        "Scan this with an authenticator on your phone, or type the letters into it.",
        "用手机验证器扫描二维码，或手动输入下列字母。"));
    head_end(b);
    html_raw(b, "<div class=\"grid\"><section class=\"panel c6\">");
    if (!qr_svg(totp_address(secret, q->user->login, q->arena), tr(q, "QR code", "二维码"), b, &e)) {
        page_fail(q, r, &e);
        return;
    }
    html(b, "<p><code class=\"letters\">%s</code></p></section><section class=\"panel c6\">", base32);
    form_summary(q, b, fields, COUNT(fields));
    form_begin(q, b, page_url(q, "/me/code"), "form");
    html(b, "<input type=\"hidden\" name=\"secret\" value=\"%s\">", base32);
    for (int i = 0; i < COUNT(fields); i++) form_input(b, &fields[i]);
    form_button(b, tr(q, "Turn it on", "启用"), "btn pri");
    html_raw(b, "</section></div>");
    page_end(q, r);
}

void me_code_page(struct request *q, struct response *r)
{
    unsigned char secret[TOTP_SECRET];
    random_bytes(secret, sizeof secret);
    code_form(q, r, secret, NULL, NULL);
    secret_wipe(secret, sizeof secret);
}

static void codes_page(struct request *q, struct response *r, char codes[RECOVERY_CODES][RECOVERY_TEXT])
{
    struct buf *b = &r->body;
    r->no_store = true;
    page_begin(q, r, NAV_NONE, tr(q, "Recovery codes", "恢复码"));
    head_begin(b, tr(q, "Write these recovery codes down", "请记录这些恢复码"), tr(q,
        "Each opens your account once, when the phone is not at hand. They are not shown again.",
        "手机不在身边时，每个可用一次。不会再次显示。"));
    head_end(b);
    html_raw(b, "<section class=\"panel\"><ul class=\"codes\">");
    for (int i = 0; i < RECOVERY_CODES; i++) html(b, "<li><code>%s</code></li>", codes[i]);
    html(b, "</ul><p class=\"acts after\"><a class=\"btn pri\" href=\"%s\">%s</a></p></section>",
         page_url(q, "/me"), tr(q, "I have them", "已记录"));
    page_end(q, r);
}

void me_code_save(struct request *q, struct response *r)
{
    unsigned char secret[TOTP_SECRET];
    char codes[RECOVERY_CODES][RECOVERY_TEXT];
    struct doing d = { .q = q, .secret = secret, .codes = codes };
    struct err e = { .code = ERR_NONE };
    const char *code = request_form(q, "code");
    bool good;
    if (!unbase32(request_form(q, "secret"), secret)) {
        page_redirect(r, q->arena, page_url(q, "/me/code"));
        return;
    }
    if (!confirmed(q, r, &good)) return;
    d.step = code ? totp_step(secret, code, q->now / 1000000, 0) : -1;
    if (!good || d.step < 0) {
        code_form(q, r, secret, good ? NULL : wrong_password(q), d.step >= 0 ? NULL
                  : tr(q, "This is not the code it shows now. Is the clock of the phone right?",
                       "与当前验证码不符，请检查手机时间。"));
        r->status = 400;
    } else if (!request_write(q, do_code, &d, &e)) {
        page_fail(q, r, &e);
    } else {
        codes_page(q, r, codes);
    }
    secret_wipe(secret, sizeof secret);
}

void me_code_off(struct request *q, struct response *r)
{
    struct doing d = { .q = q };
    struct err e = { .code = ERR_NONE };
    bool good;
    if (!confirmed(q, r, &good)) return;
    if (!good)
        me(q, r, &(struct shown){ .note = wrong_password(q), .kind = "err", .status = 400 });
    else if (!request_write(q, do_code_off, &d, &e))
        page_fail(q, r, &e);
    else
        page_redirect(r, q->arena, page_url(q, "/sign-in"));
}
