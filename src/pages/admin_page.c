/* Accounts: who may sign in. The administrator's alone. */
#include "pages/parts.h"

#include <string.h>

#include "programme/access/access.h"
#include "web/form.h"

enum { FIELDS = 8 };
static const int columns[] = { ACCOUNT_LOGIN, ACCOUNT_NAME, ACCOUNT_ROLE, ACCOUNT_PLACE, ACCOUNT_ORGANISATION,
                               ACCOUNT_STATE, ACCOUNT_EXPIRES_ON };

struct listing { struct request *q; struct buf *b; int n; };

static bool account_line(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct listing *l = arg;
    struct request *q = l->q;
    (void)e;
    html_raw(l->b, "<tr role=\"row\">");
    for (int i = 0; i < COUNT(columns); i++) {
        const struct field *f = &m->field[columns[i]];
        if (i == 0)
            html(l->b, "<th scope=\"row\" role=\"rowheader\"><a href=\"%s\">%.*s</a></th>",
                 page_url(q, "/admin/accounts/%s", url_part(q->arena, arena_strndup(q->arena,
                 row[m->column[0]].p, row[m->column[0]].n))), (int)row[m->column[0]].n, row[m->column[0]].p);
        else {
            html(l->b, "<td role=\"cell\" data-l=\"%s\">", q->zh ? f->zh : f->en);
            cell_write(q, l->b, m, columns[i], row);
            if (columns[i] == ACCOUNT_PLACE && row[m->column[ACCOUNT_WHOLE]].type == VAL_INT &&
                row[m->column[ACCOUNT_WHOLE]].i)
                html(l->b, "%s", tr(q, "all places", "全部地区"));
            html_raw(l->b, "</td>");
        }
    }
    html_raw(l->b, "</tr>");
    l->n++;
    return true;
}

static bool accounts_table(struct request *q, struct buf *b, struct err *e)
{
    const struct table_map *m = model_find(q->seat->model, "account");
    struct list_query all = { .sort = "login" };
    struct listing l = { q, b, 0 };
    table_open(b, tr(q, "Accounts", "账号"), "stack");
    for (int i = 0; i < COUNT(columns); i++)
        table_head(b, q->zh ? m->field[columns[i]].zh : m->field[columns[i]].en, false);
    html_raw(b, "</tr></thead><tbody role=\"rowgroup\">");
    if (!list_rows(q->seat->model, q->seat->rows, q->scope, m, &all, account_line, &l, e)) return false;
    html_raw(b, "</tbody></table></div>");
    return true;
}

/* --- a new one --- */

static void new_fields(struct request *q, struct form_field f[FIELDS])
{
    const struct table_map *m = model_find(q->seat->model, "account");
    static const int of[FIELDS - 1] = { ACCOUNT_LOGIN, ACCOUNT_NAME, ACCOUNT_ROLE, ACCOUNT_PLACE,
                                        ACCOUNT_ORGANISATION, ACCOUNT_EXPIRES_ON, ACCOUNT_NOTE };
    for (int i = 0; i < FIELDS - 1; i++) {
        const struct field *x = &m->field[of[i]];
        f[i] = (struct form_field){ .name = x->name, .label = q->zh ? x->zh : x->en,
            .hint = q->zh ? x->help_zh : x->help_en, .value = request_form(q, x->name),
            .required = x->flags & F_REQUIRED };
    }
    f[FIELDS - 1] = (struct form_field){ .name = "password", .label = tr(q, "First password", "初始密码"),
        .type = "password", .hint = tr(q, "At least 10 characters. Tell it by another way than the name.",
        "至少 10 个字符，请与登录名分开告知。"), .complete = "new-password", .required = true };
}

static void new_form(struct request *q, struct buf *b, const struct form_field f[FIELDS])
{
    struct form_choice roles[ROLE_N];
    int n = 0;
    for (int i = ROLE_HELPER; i < ROLE_N; i++)
        roles[n++] = (struct form_choice){ role_rights[i].code, tr(q, role_rights[i].en, role_rights[i].zh) };
    html(b, "<section class=\"panel c6\"><h2>%s</h2>", tr(q, "A new account", "新建账号"));
    form_summary(q, b, f, FIELDS);
    form_begin(q, b, page_url(q, "/admin/accounts"), "form");
    for (int i = 0; i < FIELDS; i++) {
        if (strcmp(f[i].name, "role") == 0) form_select(b, &f[i], roles, n);
        else form_input(b, &f[i]);
        if (strcmp(f[i].name, "organisation") == 0)
            form_check(b, "whole", tr(q, "Sees the whole store", "可见全库"), request_form(q, "whole"));
    }
    form_button(b, tr(q, "Make the account", "创建账号"), "btn pri");
    html_raw(b, "</section>");
}

/* What the roles open, from the table that decides it. */
static void roles_panel(struct request *q, struct buf *b)
{
    static const struct { enum access kind; const char *en, *zh; } kinds[] = {
        { ACCESS_OPEN, "places, codes, what was printed", "地区、代码、公开报道" },
        { ACCESS_WORK, "working records", "业务记录" }, { ACCESS_MONEY, "the ledger", "资金账" },
        { ACCESS_LABOUR, "job seekers", "求职就业" }, { ACCESS_PEOPLE, "households and persons", "农户与个人" },
        { ACCESS_NONE, "accounts", "账号" } };
    html(b, "<section class=\"panel c6\"><h2>%s</h2><dl class=\"facts left\">",
         tr(q, "What the roles open", "各角色权限"));
    for (int r = ROLE_PUBLIC; r < ROLE_N; r++) {
        int n = 0;
        html(b, "<dt>%s</dt><dd>", tr(q, role_rights[r].en, role_rights[r].zh));
        for (int i = 0; i < COUNT(kinds); i++) {
            if (!(role_rights[r].reads >> kinds[i].kind & 1)) continue;
            bool writes = role_rights[r].writes >> kinds[i].kind & 1;
            html(b, "%s%s%s", n++ ? tr(q, ", ", "、") : "", tr(q, kinds[i].en, kinds[i].zh),
                 writes ? tr(q, " (writes)", "（可填报）") : "");
        }
        if (r == ROLE_PUBLIC) html(b, "%s", tr(q, "; of these what was published", "；仅限已公开的"));
        html_raw(b, "</dd>");
    }
    html_raw(b, "</dl></section>");
}

static void show(struct request *q, struct response *r, const struct form_field f[FIELDS])
{
    struct buf *b = &r->body;
    struct err e = { .code = ERR_NONE };
    r->no_store = true;
    page_begin(q, r, NAV_ADMIN, tr(q, "Accounts", "账号"));
    head_begin(b, tr(q, "Accounts", "账号"), tr(q, "Who may sign in, in which role, and what they see.",
                                               "谁可登录、角色及可见范围。"));
    html(b, "<a class=\"btn sm\" href=\"%s\">%s</a><a class=\"btn sm\" href=\"%s\">%s</a>",
         page_url(q, "/journal"), tr(q, "Journal", "操作日志"), page_url(q, "/admin/tokens"),
         tr(q, "Tokens", "令牌"));
    head_end(b);
    html_raw(b, "<section class=\"panel\">");
    bool ok = accounts_table(q, b, &e);
    html_raw(b, "</section><div class=\"grid\">");
    new_form(q, b, f);
    roles_panel(q, b);
    html_raw(b, "</div>");
    if (ok) page_end(q, r);
    else page_fail(q, r, &e);
}

void accounts_page(struct request *q, struct response *r)
{
    struct form_field f[FIELDS];
    new_fields(q, f);
    show(q, r, f);
}

struct adding { const struct model *mo; const char *hash; struct val row[ENTITY_MAX_COLUMNS + 1]; };

static bool add_account(struct tx *tx, void *arg, struct err *e)
{
    struct adding *a = arg;
    return account_add(tx, a->mo, a->row, a->hash, e);
}

static bool read_field(struct request *q, struct form_field *f, struct val *row)
{
    const struct table_map *m = model_find(q->seat->model, "account");
    struct err e = { .code = ERR_NONE };
    int field = map_field(m, f->name);
    if (f->required && !f->value) f->wrong = tr(q, "This is needed.", "此项必填。");
    if (field < 0 || !f->value) return !f->wrong;
    if (field_read(q->seat->model, m, field, f->value, strlen(f->value), q->seat->db, row, q->arena, &e))
        return true;
    f->wrong = arena_strdup(q->arena, e.message);
    return false;
}

void accounts_save(struct request *q, struct response *r)
{
    struct form_field f[FIELDS];
    char hash[PASSWORD_TEXT];
    struct adding a = { .mo = q->seat->model, .hash = hash };
    struct err e = { .code = ERR_NONE };
    const char *password = request_form(q, "password");
    bool ok = true;
    new_fields(q, f);
    a.row[ROW_COUNTY] = a.row[ROW_DRAFT] = a.row[ROW_LOAD] = val_int(0);
    a.row[ROW_FIRST + ACCOUNT_STATE] = val_text("active");
    if (request_form(q, "whole")) a.row[ROW_FIRST + ACCOUNT_WHOLE] = val_int(1);
    for (int i = 0; i < FIELDS - 1; i++) ok &= read_field(q, &f[i], a.row);
    f[FIELDS - 1].wrong = password_fault(q, password, f[0].value);
    ok &= !f[FIELDS - 1].wrong;
    if (ok && (!password_hash(password, hash) || !request_write(q, add_account, &a, &e))) {
        f[0].wrong = e.code ? e.message : tr(q, "Busy just now: try again.", "暂时繁忙，请重试。");
        ok = false;
    }
    if (ok) {
        page_redirect(r, q->arena, page_url(q, "/admin/accounts"));
        return;
    }
    show(q, r, f);
    r->status = 400;
}

/* --- one of them --- */

static bool find_row(struct request *q, struct response *r, struct val *row)
{
    struct err e = { .code = ERR_NONE };
    bool found = false;
    if (!account_find(q->seat->model, q->seat->db, q->capture[0], q->arena, row, &found, &e))
        page_fail(q, r, &e);
    else if (!found)
        page_error(q, r, 404, tr(q, "There is no such account.", "没有这个账号。"));
    return found;
}

static void account_show(struct request *q, struct response *r, const struct val *row, const char *password)
{
    const struct table_map *m = model_find(q->seat->model, "account");
    struct buf *b = &r->body;
    const char *base = page_url(q, "/admin/accounts/%s", url_part(q->arena, q->capture[0]));
    const char *name = arena_strndup(q->arena, row[ROW_FIRST + ACCOUNT_NAME].p, row[ROW_FIRST + ACCOUNT_NAME].n);
    bool active = row[ROW_FIRST + ACCOUNT_STATE].n == 6;
    r->no_store = true;
    page_begin(q, r, NAV_ADMIN, name);
    crumb_begin(q, b);
    crumb(b, page_url(q, "/admin/accounts"), tr(q, "Accounts", "账号"));
    crumb(b, NULL, name);
    crumb_end(b);
    head_begin(b, name, NULL);
    head_end(b);
    if (password)
        html(b, "<p class=\"note-line ok\" role=\"status\">%s <code>%s</code></p>",
             tr(q, "The new password, shown once:", "新密码（仅显示一次）："), password);
    html_raw(b, "<div class=\"grid\"><section class=\"panel c6\"><dl class=\"record\">");
    for (int i = 0; i < ACCOUNT_NCOLS; i++) {
        if (row[m->column[i]].type == VAL_NULL) continue;
        html(b, "<dt><span>%s</span></dt><dd>", q->zh ? m->field[i].zh : m->field[i].en);
        cell_write(q, b, m, i, row);
        html_raw(b, "</dd>");
    }
    html(b, "</dl><p class=\"note\"><a href=\"%s\">%s</a></p></section><section class=\"panel c6\"><h2>%s</h2>"
         "<div class=\"stacked\">", record_url(q, m, 0, row[ROW_ID].i), tr(q, "Its history", "变动历史"),
         tr(q, "Change", "操作"));
    const struct { const char *act, *en, *zh; } acts[] = {
        { active ? "disable" : "enable", active ? "Disable the account" : "Enable the account",
          active ? "停用账号" : "启用账号" },
        { "password", "Make a new password", "重置密码" },
        { "code-off", "Turn the one-time code off", "停用动态验证码" },
        { "sign-out", "Sign out everywhere", "全部退出" } };
    for (int i = 0; i < COUNT(acts); i++)
        form_act(q, b, arena_printf(q->arena, "%s/%s", base, acts[i].act), NULL, NULL,
                 tr(q, acts[i].en, acts[i].zh), "btn");
    html_raw(b, "</div></section></div>");
    page_end(q, r);
}

void account_page(struct request *q, struct response *r)
{
    struct val row[ENTITY_MAX_COLUMNS + 1];
    if (find_row(q, r, row)) account_show(q, r, row, NULL);
}

struct acting { struct request *q; const char *act, *hash; struct val row[ENTITY_MAX_COLUMNS + 1]; };

static bool act_on(struct tx *tx, void *arg, struct err *e)
{
    struct acting *a = arg;
    int64_t id = a->row[ROW_ID].i, by = a->q->user->account;
    const struct model *mo = a->q->seat->model;
    if (!strcmp(a->act, "password")) return password_set(tx, id, a->hash, by, e);
    if (!strcmp(a->act, "code-off")) return totp_reset(tx, id, by, e);
    if (!strcmp(a->act, "sign-out")) return sessions_end(tx, id, e);
    a->row[ROW_FIRST + ACCOUNT_STATE] = val_text(!strcmp(a->act, "enable") ? "active" : "disabled");
    return row_update(tx, mo, model_find(mo, "account"), a->row, 0, e) && sessions_end(tx, id, e);
}

void account_act(struct request *q, struct response *r)
{
    static const char *const acts[] = { "disable", "enable", "password", "code-off", "sign-out" };
    struct acting a = { .q = q, .act = q->capture[1] };
    char fresh[SECRET_TEXT], hash[PASSWORD_TEXT];
    struct err e = { .code = ERR_NONE };
    int k = 0;
    if (!find_row(q, r, a.row)) return;
    while (k < COUNT(acts) && strcmp(a.act, acts[k]) != 0) k++;
    if (k == COUNT(acts)) {
        page_error(q, r, 404, tr(q, "There is no page at this address.", "此地址没有页面。"));
        return;
    }
    bool password = k == 2;
    secret_make(fresh);
    fresh[16] = '\0';
    a.hash = hash;
    if (password && !password_hash(fresh, hash)) err_set(&e, ERR_BUSY, "no memory for the password just now");
    if (k == 0 && a.row[ROW_ID].i == q->user->account)
        err_set(&e, ERR_CONFLICT, "%s", tr(q, "This is your own account: another administrator has to disable it.",
                                           "不能停用自己的账号，请由其他管理员操作。"));
    if (e.code || !request_write(q, act_on, &a, &e)) page_fail(q, r, &e);
    else if (password) account_show(q, r, a.row, fresh);
    else page_redirect(r, q->arena, page_url(q, "/admin/accounts/%s", url_part(q->arena, q->capture[0])));
}

/* --- tokens of all --- */

static bool token_line(void *arg, const struct token_row *t, struct err *e)
{
    struct listing *l = arg;
    struct request *q = l->q;
    (void)e;
    html(l->b, "<li><span>%s: %s<br><span class=\"muted\">%s</span></span>", t->login, t->name,
         arena_printf(q->arena, tr(q, "until %s", "有效至 %s"), instant_text(q, t->until)));
    form_act(q, l->b, page_url(q, "/admin/tokens"), "token", arena_printf(q->arena, "%lld", (long long)t->id),
             arena_printf(q->arena, tr(q, "Revoke %s", "撤销%s"), t->name), "btn sm");
    html_raw(l->b, "</li>");
    l->n++;
    return true;
}

void tokens_page(struct request *q, struct response *r)
{
    struct buf *b = &r->body;
    struct err e = { .code = ERR_NONE };
    struct listing l = { q, b, 0 };
    page_begin(q, r, NAV_ADMIN, tr(q, "Tokens", "令牌"));
    head_begin(b, tr(q, "Tokens for programs", "程序令牌"), tr(q, "Each acts as the account that made it.",
                                                          "每个令牌以其所属账号的身份访问。"));
    head_end(b);
    html_raw(b, "<section class=\"panel\"><ul class=\"tokens\">");
    bool ok = tokens_list(q->seat->db, 0, token_line, &l, &e);
    html_raw(b, "</ul>");
    if (!l.n) empty_note(b, tr(q, "No token was made yet. Who has an account makes one on its own page.",
                               "尚无令牌。有账号者可在“我的账号”页生成。"));
    html_raw(b, "</section>");
    r->no_store = true;
    if (ok) page_end(q, r);
    else page_fail(q, r, &e);
}

static bool drop_token(struct tx *tx, void *arg, struct err *e)
{
    return token_drop(tx, *(const int64_t *)arg, 0, e);
}

void tokens_drop(struct request *q, struct response *r)
{
    const char *text = request_form(q, "token");
    int64_t id = text ? strtoll(text, NULL, 10) : 0;
    struct err e = { .code = ERR_NONE };
    if (!request_write(q, drop_token, &id, &e)) page_fail(q, r, &e);
    else page_redirect(r, q->arena, page_url(q, "/admin/tokens"));
}
