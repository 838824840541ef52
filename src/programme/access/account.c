/* Accounts, and what they sign in with. */
#include "programme/access/access_sql.h"

#include <ctype.h>

#include "base/count.h"
#include "programme/numbers.h"

static const struct field account_fields[] = {
    [ACCOUNT_LOGIN] = { .name = "login", .en = "Sign-in name", .zh = "登录名", .type = F_TEXT,
        .flags = F_REQUIRED | F_KEY | F_LIST | F_SEARCH, .min = 2, .max = 40,
        .help_en = "Small letters, digits, dots, dashes and underscores, as in wang.min.",
        .help_zh = "小写字母、数字、点、横线或下划线，如 wang.min。" },
    [ACCOUNT_NAME] = { .name = "name", .en = "Name", .zh = "姓名", .type = F_TEXT,
        .flags = F_REQUIRED | F_LIST | F_SEARCH, .max = 80,
        .help_en = "Who it is, as colleagues know them.", .help_zh = "使用人姓名或岗位。" },
    [ACCOUNT_ROLE] = { .name = "role", .en = "Role", .zh = "角色", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "account_role",
        .help_en = "What kinds of record it reads and writes.", .help_zh = "决定可读可写的记录种类。" },
    [ACCOUNT_ORGANISATION] = { .name = "organisation", .en = "Organisation", .zh = "所属单位",
        .type = F_REF, .flags = F_LIST, .ref = "organisation",
        .help_en = "It sees what this organisation, and those below it, did, and the places they are paired with.",
        .help_zh = "可见本单位及下属单位的记录，及其结对地区。" },
    [ACCOUNT_PLACE] = { .name = "place", .en = "Area", .zh = "辖区", .type = F_PLACE, .flags = F_LIST,
        .help_en = "It sees what lies in this place.", .help_zh = "可见此地区内的记录。" },
    [ACCOUNT_WHOLE] = { .name = "whole", .en = "Whole store", .zh = "全库", .type = F_BOOL, .flags = F_LIST,
        .help_en = "It sees all places. Without this, an area or an organisation, it sees nothing.",
        .help_zh = "可见全部地区；全库、辖区、单位均未填则看不到任何记录。" },
    [ACCOUNT_STATE] = { .name = "state", .en = "State", .zh = "状态", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "account_state", .preset = "active",
        .help_en = "A disabled account cannot sign in; its history stays.", .help_zh = "停用后不能登录，历史保留。" },
    [ACCOUNT_EXPIRES_ON] = { .name = "expires_on", .en = "Last day", .zh = "有效期至", .type = F_DATE,
        .flags = F_LIST,
        .help_en = "The last day on which it may sign in; empty for no end.", .help_zh = "可登录的最后一天；无期限则留空。" },
    [ACCOUNT_NOTE] = { .name = "note", .en = "Note", .zh = "备注", .type = F_TEXT, .max = 500,
        .help_en = "Anything else worth knowing.", .help_zh = "其他说明。" },
};
_Static_assert(COUNT(account_fields) == ACCOUNT_NCOLS, "one row per column");

static bool account_check(const struct val *row, struct err *e)
{
    struct val login = row[ROW_FIRST + ACCOUNT_LOGIN];
    for (size_t i = 0; login.type == VAL_TEXT && i < login.n; i++) {
        char c = login.p[i];
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (i && strchr(".-_@", c))) continue;
        return err_field(e, ERR_INVALID, "login", "\"%.*s\" is no sign-in name: use small letters, digits "
                         "and . - _", (int)login.n, login.p);
    }
    return true;
}

const struct entity account_entity = {
    .name = "account", .en = "User account", .zh = "用户账号", .room = "access",
    .help_en = "Who may sign in, in which role, and for which area or organisation.",
    .help_zh = "可登录者、其角色及所辖地区或单位。",
    .access = ACCESS_NONE,
    .number = NUMBER_ACCOUNT, .reach = REACH_NATION, .flags = E_NO_SOURCE | E_OWN,
    .fields = account_fields, .n = COUNT(account_fields), .check = account_check,
};

static const struct column credential_columns[] = {
    { "account", COL_INT, true },
    { "password", COL_TEXT, true },  /* argon2id text */
    { "totp", COL_BLOB, false },     /* the shared secret; NULL = no second step */
    { "totp_last", COL_INT, true },  /* the step of the last code that was taken: none is taken twice */
    { "language", COL_INT, true },   /* preferences: 0 none, 1 English, 2 Chinese */
    { "large", COL_INT, true },
    { "changed", COL_INT, true },
    { "seal", COL_INT, false },
};
static const struct column recovery_columns[] = {
    { "account", COL_INT, true },
    { "mark", COL_TEXT, true },
    { "seal", COL_INT, false },
};
static const struct column session_columns[] = {
    { "mark", COL_TEXT, true },      /* digest of what the cookie holds */
    { "account", COL_INT, true },
    { "made", COL_INT, true },
    { "seen", COL_INT, true },       /* within some minutes */
    { "address", COL_TEXT, true },
};
static const struct column failure_columns[] = {
    { "subject", COL_TEXT, true },   /* digest of a sign-in name, or of an address */
    { "failures", COL_INT, true },
    { "last", COL_INT, true },
};
static const struct column token_columns[] = {
    { "mark", COL_TEXT, true },
    { "id", COL_INT, true },
    { "account", COL_INT, true },
    { "name", COL_TEXT, true },
    { "made", COL_INT, true },
    { "until", COL_INT, true },
    { "reads_only", COL_INT, true },
    { "used", COL_INT, true },       /* within some minutes */
    { "seal", COL_INT, false },
};
static const struct column key_columns[] = {
    { "mark", COL_TEXT, true },      /* digest of an account and the key that it sent */
    { "request", COL_TEXT, true },   /* digest of what was sent under it */
    { "made", COL_INT, true },
};
#define COLUMNS(c) .cols = c, .n = COUNT(c)
static const char *const by_account[] = { "account", NULL }, *const by_id[] = { "id", NULL };
static const char *const by_made[] = { "made", NULL };
const struct table access_tables[] = {
    [TABLE_CREDENTIAL] = { .name = "credential", .reach = REACH_NATION, COLUMNS(credential_columns),
      .key = "account", .sealed = SEALED_ALL },
    [TABLE_RECOVERY] = { .name = "recovery_code", .reach = REACH_NATION, COLUMNS(recovery_columns),
      .key = "account, mark", .sealed = SEALED_ALL },
    [TABLE_SESSION] = { .name = "session", .reach = REACH_NATION, COLUMNS(session_columns), .key = "mark",
      .indexes = by_account },
    [TABLE_FAILURE] = { .name = "sign_in_failure", .reach = REACH_NATION, COLUMNS(failure_columns), .key = "subject" },
    [TABLE_TOKEN] = { .name = "api_token", .reach = REACH_NATION, COLUMNS(token_columns), .key = "mark",
      .uniques = by_id, .sealed = SEALED_ALL },
    [TABLE_KEY] = { .name = "request_key", .reach = REACH_NATION, COLUMNS(key_columns), .key = "mark",
      .indexes = by_made },
};

static const struct entity *const entities[] = { &account_entity, &saved_view_entity };

/* Who may sign in is proven; sessions and failed attempts end by themselves. */
static bool access_verify(struct db *d, struct faults *f, struct err *e)
{
    bool ok = true;
    for (int i = 0; ok && i < COUNT(access_tables); i++)
        if (access_tables[i].sealed) ok = seal_verify(d, &access_tables[i], f, e);
    return ok;
}

const struct room access_room = { .name = "access", .entities = entities, .n_entities = COUNT(entities),
    .stmts = &access_stmts, .tables = access_tables, .n_tables = COUNT(access_tables),
    .verify = access_verify };

bool access_exec(struct tx *tx, enum access_sql which, const struct val *v, int n, int64_t *changed,
                 struct err *e)
{
    const struct table *t = NULL;
    if (which >= ACCESS_CREDENTIAL_NEW && which <= ACCESS_CREDENTIAL_PREFERENCE)
        t = &access_tables[TABLE_CREDENTIAL];
    if (which >= ACCESS_RECOVERY_PUT && which <= ACCESS_RECOVERY_CLEAR)
        t = &access_tables[TABLE_RECOVERY];
    if (which >= ACCESS_TOKEN_PUT && which <= ACCESS_TOKEN_DROP) t = &access_tables[TABLE_TOKEN];
    const struct stmt *s = access_sql(which);
    return t ? seal_exec(tx, t, which == ACCESS_TOKEN_DROP, s, v, n, changed, e)
             : tx_exec(tx, s, v, n, changed, e);
}

/* --- finding --- */

bool accounts_any(struct db *d, bool *any, struct err *e)
{
    int64_t n = 0;
    bool found;
    if (!db_int(d, access_sql(ACCESS_ACCOUNT_COUNT), NULL, 0, &n, &found, e)) return false;
    *any = n > 0;
    return true;
}

bool account_get(const struct model *mo, struct db *d, int64_t id, struct arena *a, struct val *row,
                 bool *found, struct err *e)
{
    return row_get(d, model_find(mo, "account"), 0, id, a, row, found, e);
}

bool account_find(const struct model *mo, struct db *d, const char *login, struct arena *a,
                  struct val *row, bool *found, struct err *e)
{
    const struct table_map *m = model_find(mo, "account");
    char *low = arena_strdup(a, login);
    int64_t id;
    for (char *p = low; *p; p++) *p = (char)tolower((unsigned char)*p);
    const struct val key[] = { val_int(0), val_text(low) };
    if (!db_int(d, &m->stmts[ENTITY_BY_KEY], key, 2, &id, found, e)) return false;
    return !*found || account_get(mo, d, id, a, row, found, e);
}

bool account_open(const struct val *row, int32_t today)
{
    struct val state = row[ROW_FIRST + ACCOUNT_STATE], last = row[ROW_FIRST + ACCOUNT_EXPIRES_ON];
    bool active = state.type == VAL_TEXT && state.n == 6 && memcmp(state.p, "active", 6) == 0;
    return active && (last.type != VAL_INT || last.i >= today);
}

/* --- passwords --- */

const char *password_fault(const struct request *q, const char *password, const char *login)
{
    size_t n = password ? strlen(password) : 0, same = 1;
    if (n < PASSWORD_LEAST)
        return arena_printf(q->arena, tr(q, "Use at least %d characters; a short sentence is good.",
                                         "至少 %d 个字符，可用一句短语。"), PASSWORD_LEAST);
    if (n > PASSWORD_MOST)
        return arena_printf(q->arena, tr(q, "Use at most %d bytes.", "最多 %d 字节。"), PASSWORD_MOST);
    while (same < n && password[same] == password[0]) same++;
    if (same == n || strspn(password, "0123456789") == n || (login && *login && strstr(password, login)))
        return tr(q, "Not digits alone, not one character again and again, and without the sign-in name.",
                  "不能全为数字或同一字符，也不能含登录名。");
    return NULL;
}

bool access_note(struct tx *tx, int64_t account, int64_t by, const char *what, struct err *e)
{
    struct journal_entry note = { .kind = JOURNAL_NOTE, .table = NUMBER_ACCOUNT, .id = account,
        .actor = by, .body = what, .body_n = strlen(what) };
    return journal_add(tx, &note, e);
}

bool account_add(struct tx *tx, const struct model *mo, struct val *row, const char *password,
                 struct err *e)
{
    const struct table_map *m = model_find(mo, "account");
    if (!row_insert(tx, mo, m, row, e)) return false;
    const struct val v[] = { row[ROW_ID], val_text(password), val_int(tx_now(tx)) };
    return access_exec(tx, ACCESS_CREDENTIAL_NEW, v, 3, NULL, e);
}

bool sessions_end(struct tx *tx, int64_t account, struct err *e)
{
    const struct val v = val_int(account);
    return tx_exec(tx, access_sql(ACCESS_SESSION_CLEAR), &v, 1, NULL, e);
}

bool password_set(struct tx *tx, int64_t account, const char *password, int64_t by, struct err *e)
{
    const struct val v[] = { val_int(account), val_text(password), val_int(tx_now(tx)) };
    int64_t changed = 0;
    if (!access_exec(tx, ACCESS_CREDENTIAL_PASSWORD, v, 3, &changed, e)) return false;
    if (!changed && !access_exec(tx, ACCESS_CREDENTIAL_NEW, v, 3, NULL, e)) return false;
    return sessions_end(tx, account, e) && access_note(tx, account, by, "password set", e);
}

struct taking { struct credential *c; bool found; };

static bool take_credential(void *arg, const struct val *row, int n, struct err *e)
{
    struct taking *t = arg;
    (void)n, (void)e;
    snprintf(t->c->password, sizeof t->c->password, "%.*s", (int)row[0].n, row[0].p);
    t->c->has_totp = row[1].type == VAL_BLOB && row[1].n == TOTP_SECRET;
    if (t->c->has_totp) memcpy(t->c->totp, row[1].p, TOTP_SECRET);
    t->c->totp_last = row[2].i;
    t->c->language = (int)row[3].i;
    t->c->large = row[4].i != 0;
    t->found = true;
    return true;
}

bool credential_get(struct db *d, int64_t account, struct credential *c, bool *found, struct err *e)
{
    struct taking t = { .c = c };
    const struct val v = val_int(account);
    *c = (struct credential){ .totp_last = 0 };
    if (!db_query(d, access_sql(ACCESS_CREDENTIAL_GET), &v, 1, take_credential, &t, e)) return false;
    *found = t.found;
    return true;
}

bool preference_set(struct tx *tx, int64_t account, int language, bool large, struct err *e)
{
    const struct val v[] = { val_int(account), val_int(language), val_int(large) };
    return access_exec(tx, ACCESS_CREDENTIAL_PREFERENCE, v, 3, NULL, e) &&
           access_note(tx, account, account, "preferences", e);
}
